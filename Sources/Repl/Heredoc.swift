import Bytes

// `SET poem <<END`, rows, `END`: the rows between are one argument, byte for byte, with line ends
// between them and none behind the last. The mark is a word of its own outside quotes; a quoted
// "<<END" is that text. The argument may stand anywhere in the line, because EVAL has words
// behind its script.

enum Heredoc {
    /// The word that ends the heredoc of a line, or nil when the line has none.
    static func delimiter(of line: some Collection<UInt8>) -> [UInt8]? {
        let line = Array(line)
        guard !CommandSplitter.isComment(line) else { return nil }
        return mark(in: line).map { Array(line[($0.lowerBound + 2)..<$0.upperBound]) }
    }

    /// The command with its heredoc as a quoted argument; the line itself when it has none, and
    /// nil when the end of the heredoc is missing.
    static func expanded(_ text: [UInt8]) -> [UInt8]? {
        let end = text.firstIndex(of: 0x0A) ?? text.count
        let line = Array(text[..<end])
        guard !CommandSplitter.isComment(line), let mark = mark(in: line) else { return text }
        let delimiter = Array(line[(mark.lowerBound + 2)..<mark.upperBound])
        var rows = text[end...].dropFirst()
            .split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        guard let last = rows.firstIndex(of: delimiter) else { return nil }
        // Whatever stands behind the end was not taken for a part of this command.
        rows.removeSubrange(last...)
        let body = Array(rows.joined(separator: [0x0A]))
        return Array(line[..<mark.lowerBound]) + quoted(body) + Array(line[mark.upperBound...])
    }

    /// Where `<<WORD` stands in a line.
    private static func mark(in line: [UInt8]) -> Range<Int>? {
        var quote: UInt8?
        var index = 0
        var start = 0
        var isPlain = true
        while index <= line.count {
            let byte = index < line.count ? line[index] : 0x20
            if let open = quote {
                if index == line.count { return nil }
                if byte == UInt8(ascii: "\\"), index + 1 < line.count,
                    open == UInt8(ascii: "\"") || line[index + 1] == open
                {
                    index += 1
                } else if byte == open {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                isPlain = false
            } else if byte.isASCIISpace {
                if isPlain, start > 0, isMark(line[start..<index]) { return start..<index }
                start = index + 1
                isPlain = true
            }
            index += 1
        }
        return nil
    }

    private static func isMark(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count > 2, word.starts(with: Array("<<".utf8)) else { return false }
        let name = word.dropFirst(2)
        guard let first = name.first, !(0x30...0x39 ~= first) else { return false }
        return name.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5A ~= $0.asciiUppercased || $0 == UInt8(ascii: "_")
        }
    }

    private static func quoted(_ body: [UInt8]) -> [UInt8] {
        var result = [UInt8(ascii: "\"")]
        for byte in body {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0x0A: result += Array("\\n".utf8)
            default: result.append(byte)
            }
        }
        return result + [UInt8(ascii: "\"")]
    }
}
