import Bytes

/// Bytes as a quoted word that can be typed back: the counterpart of `InlineSplitter`.
public enum Quoting {
    /// The bytes between double quotes; what is not printable ASCII is escaped.
    ///
    /// - Parameter isUTF8: letters and signs beyond ASCII stand for themselves where the bytes
    ///   are well-formed UTF-8.
    public static func quoted(_ bytes: RawSpan, isUTF8: Bool = false) -> [UInt8] {
        [UInt8(ascii: "\"")] + body(bytes, isUTF8: isUTF8) + [UInt8(ascii: "\"")]
    }

    /// What stands between the quotes.
    static func body(_ bytes: RawSpan, isUTF8: Bool = false) -> [UInt8] {
        write(bytes, isUTF8: isUTF8) { byte in
            byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"")
        }
    }

    /// The bytes with control characters escaped and nothing else changed: for the eye, not to
    /// be read back.
    static func escaped(_ bytes: RawSpan, isUTF8: Bool = false) -> [UInt8] {
        write(bytes, isUTF8: isUTF8) { _ in false }
    }

    /// True for what a terminal shows as a sign of its own: no control characters, nothing that
    /// changes the direction of text, nothing without a meaning.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0x200D: return true
        case 0...0xA0: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func write(
        _ bytes: RawSpan, isUTF8: Bool, isEscaped: (UInt8) -> Bool
    ) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.byteCount + 2)
        var offset = 0
        while offset < bytes.byteCount {
            let byte = bytes[offset]
            if isUTF8, byte >= 0x80, let length = visibleLength(bytes, offset) {
                for index in offset..<offset + length { output.append(bytes[index]) }
                offset += length
                continue
            }
            append(byte, isEscaped: isEscaped(byte), &output)
            offset += 1
        }
        return output
    }

    /// The bytes of the visible code point that begins here; nil when there is none.
    private static func visibleLength(_ bytes: RawSpan, _ offset: Int) -> Int? {
        let length: Int
        switch bytes[offset] {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        guard offset + length <= bytes.byteCount else { return nil }
        let sequence = bytes.extracting(offset..<offset + length).copied()
        guard let text = String(validating: sequence, as: UTF8.self),
            let scalar = text.unicodeScalars.first, isVisible(scalar)
        else { return nil }
        return length
    }

    private static func append(_ byte: UInt8, isEscaped: Bool, _ output: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x07: letter = UInt8(ascii: "a")
        case 0x08: letter = UInt8(ascii: "b")
        case 0x20...0x7E:
            if isEscaped { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
            return
        default:
            output += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digit(byte >> 4), digit(byte & 15)]
            return
        }
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
    }

    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }
}
