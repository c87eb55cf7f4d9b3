import Bytes
import Wire

/// Reads the names of commands out of bytes that somebody sends by hand.
enum RequestNames {
    /// The names, in lower case, of the requests that are whole.
    static func read(_ bytes: [UInt8]) -> [String] {
        var parser = RequestParser()
        var names: [String] = []
        var offset = 0
        let input = bytes.rawSpan
        while offset < input.byteCount {
            switch parser.parse(input, from: offset, limits: RequestParser.Limits()) {
            case .request(let end):
                names.append(name(parser, parser.keep(from: offset, to: end), input))
                offset = end
            case .empty(let end):
                _ = parser.keep(from: offset, to: end)
                offset = end
            case .incomplete, .failure:
                return names
            }
        }
        return names
    }

    private static func name(
        _ parser: borrowing RequestParser, _ request: RequestParser.Request, _ input: RawSpan
    ) -> String {
        let arguments = parser.arguments(of: request, in: input)
        return arguments.count > 0 ? Request.name(arguments[0].copied()) : ""
    }
}
