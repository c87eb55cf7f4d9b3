import Bytes
import Client
import Grammar
import Wire

/// `:queue`: the commands that the open transaction has queued. They are what this session has
/// sent, so nothing is asked of the server.
enum Queue {
    static var commands: [Command<Console>] { [queue] }

    static let queue = Command<Console>(
        ":QUEUE", .connection, [], since: "1.0.0",
        summary: "Lists the commands that the open transaction has queued.", complexity: "",
        examples: [":queue"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let queued = console.endpoint.state.transaction else {
            throw CommandError("no transaction is open; MULTI begins one")
        }
        if queued.isEmpty {
            reply.buffer.append(
                utf8: "nothing is queued yet; EXEC runs what is, DISCARD drops it\n")
        }
        for (index, words) in queued.enumerated() {
            let isSecret = Secrets.isSecret(
                texts: words.map { String(decoding: $0, as: UTF8.self) })
            let shown = words.enumerated().map { place, word in
                place > 0 && isSecret ? "••••" : Queue.word(word)
            }
            reply.buffer.append(utf8: "\(index + 1)) \(shown.joined(separator: " "))\n")
        }
    }

    /// A word as it can be typed again.
    private static func word(_ bytes: [UInt8]) -> String {
        let isPlain =
            !bytes.isEmpty
            && bytes.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'")
            }
        return String(decoding: isPlain ? bytes : Quoting.quoted(bytes.rawSpan), as: UTF8.self)
    }
}
