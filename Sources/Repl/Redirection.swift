import Bytes
import Wire

/// A line that sends its replies elsewhere: `cmd | shell command`, `cmd > file`, `cmd >> file`.
/// The sign stands alone between blanks and outside quotes, so `"|"` is a word like any other,
/// and behind it comes all there is to say: the rest of the line for the shell, one word for a
/// file. A sign without that is a word too, and so is `>` in XREADGROUP, where it is an id.
struct Redirection: Equatable {
    /// Where the replies go.
    enum Place: Equatable {
        /// What `/bin/sh -c` is given.
        case shell(String)
        /// A path, and whether the file keeps what it has.
        case file(String, appends: Bool)
    }

    /// The line before the sign.
    var command: [UInt8]
    /// What stands behind it.
    var place: Place

    /// What a line says; nil when it sends nothing elsewhere.
    init?(_ line: [UInt8]) {
        var index = 0
        var first: [UInt8] = []
        while true {
            while index < line.count, line[index].isASCIISpace { index += 1 }
            if index == line.count { return nil }
            let start = index
            Self.skipWord(line, &index)
            let word = line[start..<index]
            if first.isEmpty {
                first = word.map(\.asciiUppercased)
                // The console's own commands read their lines themselves.
                if first.first == UInt8(ascii: ":") { return nil }
                continue
            }
            guard let place = Self.place(of: Array(word), rest: Array(line[index...])) else {
                continue
            }
            if case .file = place, first == Array("XREADGROUP".utf8) { continue }
            command = Array(line[..<start])
            self.place = place
            return
        }
    }

    private static func skipWord(_ line: [UInt8], _ index: inout Int) {
        while index < line.count, !line[index].isASCIISpace {
            let quote = line[index]
            index += 1
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { continue }
            while index < line.count, line[index] != quote {
                let isEscape =
                    line[index] == UInt8(ascii: "\\") && index + 1 < line.count
                    && (quote == UInt8(ascii: "\"") || line[index + 1] == quote)
                index += isEscape ? 2 : 1
            }
            if index < line.count { index += 1 }
        }
    }

    private static func place(of word: [UInt8], rest: [UInt8]) -> Place? {
        let sign = String(decoding: word, as: UTF8.self)
        switch sign {
        case "|":
            let text = rest.drop(while: \.isASCIISpace)
            return text.isEmpty ? nil : .shell(String(decoding: text, as: UTF8.self))
        case ">", ">>":
            var words = ArgumentList()
            do throws(InlineSplitter.Failure) {
                try InlineSplitter.split(rest.rawSpan, into: &words)
            } catch {
                return nil
            }
            guard words.count == 1, !words[0].isEmpty else { return nil }
            return .file(String(decoding: words[0], as: UTF8.self), appends: sign == ">>")
        default: return nil
        }
    }
}
