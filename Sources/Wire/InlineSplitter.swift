import Bytes

/// Splits a line into words by the quoting rules of inline commands, which are also those of the
/// interactive prompt:
///
/// - words end at blanks; a quote may open in mid-word; after a closing quote must come a blank
///   or the end;
/// - inside `"…"` a backslash starts `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a`, or stands for the next
///   byte; inside `'…'` only `\'` is an escape; outside quotes a backslash is itself;
/// - `""` is an empty word.
public enum InlineSplitter {
    /// Why a line could not be split, and the offset of the byte that shows it.
    public enum Failure: Error, Equatable {
        /// A quote opened at `offset` is not closed.
        case unterminated(offset: Int, quote: UInt8)
        /// The closing quote at `offset` is followed by neither blank nor end.
        case textAfterQuote(offset: Int)
    }

    /// Appends the words of `line` to `words`.
    public static func split(
        _ line: RawSpan, into words: inout ArgumentList
    ) throws(Failure) {
        var offset = 0
        let end = line.byteCount
        var word: [UInt8] = []
        while true {
            while offset < end, line[offset].isASCIISpace { offset += 1 }
            if offset >= end || line[offset] == 0 { return }
            word.removeAll(keepingCapacity: true)
            try splitWord(line, &offset, &word)
            words.append(word.rawSpan)
        }
    }

    private static func splitWord(
        _ line: RawSpan, _ offset: inout Int, _ word: inout [UInt8]
    ) throws(Failure) {
        let end = line.byteCount
        while offset < end {
            let byte = line[offset]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), 0:
                return
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                try readQuoted(line, &offset, quote: byte, &word)
                return
            default:
                word.append(byte)
                offset += 1
            }
        }
    }

    /// Reads from an opening quote to behind its closing one; a word ends there.
    private static func readQuoted(
        _ line: RawSpan, _ offset: inout Int, quote: UInt8, _ word: inout [UInt8]
    ) throws(Failure) {
        let opening = offset
        let end = line.byteCount
        offset += 1
        while offset < end, line[offset] != 0 {
            let byte = line[offset]
            if byte == quote {
                let behind = offset + 1
                if behind < end, !line[behind].isASCIISpace, line[behind] != 0 {
                    throw .textAfterQuote(offset: offset)
                }
                offset = behind
                return
            }
            if byte == UInt8(ascii: "\\") {
                let taken = escape(line, offset, quote: quote)
                word.append(taken.byte)
                offset += taken.length
            } else {
                word.append(byte)
                offset += 1
            }
        }
        throw .unterminated(offset: opening, quote: quote)
    }

    /// What the escape at `offset` stands for, and how many bytes it takes.
    private static func escape(
        _ line: RawSpan, _ offset: Int, quote: UInt8
    ) -> (byte: UInt8, length: Int) {
        let backslash = UInt8(ascii: "\\")
        guard offset + 1 < line.byteCount else { return (backslash, 1) }
        let next = line[offset + 1]
        if quote == UInt8(ascii: "'") {
            return next == quote ? (quote, 2) : (backslash, 1)
        }
        if next == UInt8(ascii: "x"), offset + 3 < line.byteCount,
            let high = line[offset + 2].hexDigitValue, let low = line[offset + 3].hexDigitValue
        {
            return (high << 4 | low, 4)
        }
        switch next {
        case 0: return (backslash, 1)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "a"): return (0x07, 2)
        default: return (next, 2)
        }
    }
}
