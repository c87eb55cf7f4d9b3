public import Bytes

// The words of a line that is still being typed. The parser of whole lines refuses what is not
// whole; here an open quote is normal, and each word must know where it stands.

/// The words of the command that ends a text, with their places.
public struct LineWords: Equatable, Sendable {
    /// A word.
    public struct Word: Equatable, Sendable {
        /// What it stands for, without quotes and escapes.
        public var value: ByteString
        /// Where it stands, quotes included, in code points.
        public var range: Range<Int>
        /// True when a quote begins it.
        public var isQuoted: Bool
    }

    /// The words, the one that is being typed included.
    public private(set) var words: [Word] = []
    /// True when the text ends within the last word; false behind a blank.
    public private(set) var endsInWord = false

    /// Reads a text; a line end outside quotes begins another command.
    public init(_ text: some Collection<Unicode.Scalar>) {
        var value: [UInt8] = []
        var start: Int?
        var isQuoted = false
        var quote: Unicode.Scalar?
        var escapes = false
        for (place, scalar) in text.enumerated() {
            if let open = quote {
                if escapes {
                    escapes = false
                    value += Self.unescaped(scalar, in: open)
                } else if scalar == "\\" {
                    escapes = true
                } else if scalar == open {
                    quote = nil
                } else {
                    value += Array(String(scalar).utf8)
                }
            } else if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                if let begin = start {
                    words.append(
                        Word(value: ByteString(value), range: begin..<place, isQuoted: isQuoted))
                }
                (start, value, isQuoted) = (nil, [], false)
                if scalar == "\n" { words = [] }
            } else {
                if start == nil { start = place }
                if scalar == "\"" || scalar == "'" {
                    quote = scalar
                    isQuoted = true
                } else {
                    value += Array(String(scalar).utf8)
                }
            }
        }
        if let begin = start {
            words.append(
                Word(value: ByteString(value), range: begin..<text.count, isQuoted: isQuoted))
            endsInWord = true
        }
        // A repeat count is no part of the command.
        if words.count > (endsInWord ? 1 : 0), let first = words.first?.value,
            first.rawSpan.canonicalInteger != nil
        {
            words.removeFirst()
        }
    }

    private static func unescaped(_ scalar: Unicode.Scalar, in quote: Unicode.Scalar) -> [UInt8] {
        if quote == "'" {
            return Array((scalar == "'" ? "'" : "\\" + String(scalar)).utf8)
        }
        switch scalar {
        case "n": return [0x0A]
        case "r": return [0x0D]
        case "t": return [0x09]
        case "b": return [0x08]
        case "a": return [0x07]
        default: return Array(String(scalar).utf8)
        }
    }
}
