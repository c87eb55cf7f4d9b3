import Bytes

/// Bytes as a quoted word that can be typed back: the counterpart of `InlineSplitter`.
public enum Quoting {
    /// The bytes between double quotes; what is not printable ASCII is escaped.
    public static func quoted(_ bytes: RawSpan) -> [UInt8] {
        var output: [UInt8] = [UInt8(ascii: "\"")]
        output.reserveCapacity(bytes.byteCount + 2)
        for offset in 0..<bytes.byteCount { append(bytes[offset], &output) }
        output.append(UInt8(ascii: "\""))
        return output
    }

    private static func append(_ byte: UInt8, _ output: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): letter = byte
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x07: letter = UInt8(ascii: "a")
        case 0x08: letter = UInt8(ascii: "b")
        case 0x20...0x7E:
            output.append(byte)
            return
        default:
            output += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digit(byte >> 4), digit(byte & 15)]
            return
        }
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }
}
