import Bytes

/// Cuts a text into commands where no quote is open: at line ends, and, in the argument of `-c`,
/// at a semicolon that ends a word. `SET a x;y` is one command, `SET a x; GET a` are two.
enum CommandSplitter {
    /// A command and the number of the line it begins in, from 1.
    struct Piece: Equatable {
        var bytes: [UInt8]
        var line: Int
    }

    /// The commands of a text. An open quote at the end leaves the rest one command.
    static func split(_ text: [UInt8], semicolons: Bool = false) -> [Piece] {
        var pieces: [Piece] = []
        var start = 0
        var line = 1
        var lineOfStart = 1
        var quote: UInt8?
        var index = 0
        while index < text.count {
            let byte = text[index]
            if let open = quote {
                if byte == UInt8(ascii: "\\"), index + 1 < text.count,
                    open == UInt8(ascii: "\"") || text[index + 1] == open
                {
                    index += 1
                } else if byte == open {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                // In a comment nothing opens.
                if !isComment(text[start..<index]) { quote = byte }
            } else if byte == 0x0A || semicolons && endsCommand(text, index) {
                if byte == 0x0A, let end = Heredoc.delimiter(of: text[start..<index]) {
                    let rest = skipHeredoc(text, from: index, to: end)
                    pieces.append(Piece(bytes: Array(text[start..<rest]), line: lineOfStart))
                    line += text[index..<min(rest + 1, text.count)].count { $0 == 0x0A }
                    start = rest + 1
                    lineOfStart = line
                    index = start
                    continue
                }
                pieces.append(Piece(bytes: Array(text[start..<index]), line: lineOfStart))
                start = index + 1
                lineOfStart = line + (byte == 0x0A ? 1 : 0)
            }
            if text[index] == 0x0A { line += 1 }
            index += 1
        }
        if start < text.count {
            pieces.append(Piece(bytes: Array(text[start...]), line: lineOfStart))
        }
        return pieces
    }

    /// The end of the row that is `end`, or of the text when there is none.
    private static func skipHeredoc(_ text: [UInt8], from newline: Int, to end: [UInt8]) -> Int {
        var row = newline + 1
        while row < text.count {
            let next = text[row...].firstIndex(of: 0x0A) ?? text.count
            if text[row..<next].elementsEqual(end) { return next }
            row = next + 1
        }
        return text.count
    }

    private static func endsCommand(_ text: [UInt8], _ index: Int) -> Bool {
        text[index] == UInt8(ascii: ";")
            && (index + 1 == text.count || text[index + 1].isASCIISpace)
    }

    /// True for a line whose first character that is no blank is `#`.
    static func isComment(_ line: some Collection<UInt8>) -> Bool {
        line.first { !$0.isASCIISpace } == UInt8(ascii: "#")
    }

    /// True for a line without anything but blanks.
    static func isBlank(_ line: some Collection<UInt8>) -> Bool {
        line.allSatisfy(\.isASCIISpace)
    }
}
