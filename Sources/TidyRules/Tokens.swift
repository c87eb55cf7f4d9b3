// A reader of Swift that knows just enough: where comments and string literals begin and end, so
// that a rule about the word `async` is not set off by a sentence about it. It splits what is
// left into words and single marks. Code inside `\( )` of a literal counts as code again.
//
// It does not know regex literals (`/…/`); the house does not use them. A whole parser
// (swift-syntax) would be exact, and would cost the suite minutes of building for a rule or two.

/// A word or a mark of a Swift file.
public struct Token: Equatable, Sendable {
    /// The word (`func`, `unsafe`, `count`) or the mark (`{`, `.`, `@`), as written.
    public var text: String
    /// The line it stands on, counted from one.
    public var line: Int

    /// The word or mark `text` on `line`.
    public init(text: String, line: Int) {
        self.text = text
        self.line = line
    }
}

/// The words and marks of `source` that are neither comment nor literal text, and the lines that
/// begin inside a literal.
func tokenize(_ source: String) -> (tokens: [Token], literalLines: Set<Int>) {
    var reader = TokenReader(bytes: Array(source.utf8))
    reader.read()
    return (reader.tokens, reader.literalLines)
}

private struct TokenReader {
    /// A string literal that is open: how it ends, and how deep in brackets its `\( )` is.
    struct Literal {
        var hashes: Int
        var isMultiline: Bool
        var depth = 0
    }

    let bytes: [UInt8]
    var tokens: [Token] = []
    var position = 0
    var line = 1
    var literalLines: Set<Int> = []
    /// The literals whose interpolations enclose the place being read.
    var open: [Literal] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    mutating func read() {
        while position < bytes.count {
            let next = byte()
            if next == UInt8(ascii: "\n") {
                line += 1
                position += 1
            } else if next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") {
                position += 1
            } else if next == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "/") {
                while position < bytes.count && byte() != UInt8(ascii: "\n") { position += 1 }
            } else if next == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*") {
                skipBlockComment()
            } else if isWord(next) {
                readWord()
            } else if let literal = openingLiteral() {
                readLiteral(literal)
            } else {
                readMark(next)
            }
        }
    }

    func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
            return true
        default:
            return false
        }
    }

    mutating func readWord() {
        let start = position
        while position < bytes.count && isWord(bytes[position]) { position += 1 }
        tokens.append(
            Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line))
    }

    mutating func readMark(_ mark: UInt8) {
        position += 1
        if mark == UInt8(ascii: "("), !open.isEmpty {
            open[open.count - 1].depth += 1
        } else if mark == UInt8(ascii: ")"), !open.isEmpty {
            open[open.count - 1].depth -= 1
            if open[open.count - 1].depth == 0 {
                // The interpolation is over: what follows is literal text again.
                readLiteral(open.removeLast())
                return
            }
        }
        tokens.append(Token(text: String(UnicodeScalar(mark)), line: line))
    }

    mutating func skipBlockComment() {
        var depth = 0
        while position < bytes.count {
            if byte() == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                if byte() == UInt8(ascii: "\n") { line += 1 }
                position += 1
            }
        }
    }

    /// Steps over the opening quotes of a literal if one begins here.
    mutating func openingLiteral() -> Literal? {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        guard byte(hashes) == UInt8(ascii: "\"") else { return nil }
        let isMultiline =
            byte(hashes + 1) == UInt8(ascii: "\"") && byte(hashes + 2) == UInt8(ascii: "\"")
        position += hashes + (isMultiline ? 3 : 1)
        return Literal(hashes: hashes, isMultiline: isMultiline)
    }

    /// Steps over literal text until the literal ends or an interpolation in it begins.
    mutating func readLiteral(_ literal: Literal) {
        while position < bytes.count {
            switch byte() {
            case UInt8(ascii: "\\") where hashes(after: 1) >= literal.hashes:
                position += 1 + literal.hashes
                if byte() == UInt8(ascii: "(") {
                    open.append(literal)
                    open[open.count - 1].depth = 1
                    position += 1
                    return
                }
                if byte() == UInt8(ascii: "\n") { beginLiteralLine() }
                position += 1
            case UInt8(ascii: "\"") where closes(literal):
                position += (literal.isMultiline ? 3 : 1) + literal.hashes
                return
            case UInt8(ascii: "\n"):
                beginLiteralLine()
                position += 1
            default:
                position += 1
            }
        }
    }

    mutating func beginLiteralLine() {
        line += 1
        literalLines.insert(line)
    }

    func hashes(after offset: Int) -> Int {
        var count = 0
        while byte(offset + count) == UInt8(ascii: "#") { count += 1 }
        return count
    }

    func closes(_ literal: Literal) -> Bool {
        if literal.isMultiline {
            return byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
                && hashes(after: 3) >= literal.hashes
        }
        return hashes(after: 1) >= literal.hashes
    }
}
