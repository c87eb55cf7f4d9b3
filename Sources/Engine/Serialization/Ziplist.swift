import Bytes
import Structures

// The block that small collections were before listpacks: payloads of older servers have it. It
// is read once and becomes a listpack.
//
//     bytes 32 bits, offset of the last entry 32 bits, entries 16 bits, entries, 0xFF
//
// An entry: the length of the one before it (one byte, or 0xFE and 32 bits), then a head whose
// first bits say whether a text or a number of some width follows.
// Source: the format's public descriptions.

/// Reads blocks of the older form.
enum Ziplist {
    /// The elements as a listpack, which the caller frees.
    static func listpack(_ bytes: [UInt8]) throws(BadSerialization) -> Listpack {
        var reader = RDBReader(bytes.rawSpan)
        guard try reader.littleEndian(bytes: 4) == UInt64(bytes.count) else {
            throw BadSerialization()
        }
        let tail = Int(try reader.littleEndian(bytes: 4))
        let count = Int(try reader.littleEndian(bytes: 2))
        var pack = Listpack.allocate(capacity: bytes.count)
        do throws(BadSerialization) {
            let found = try readEntries(bytes.count - 1, tail: tail, &reader, into: &pack)
            // All ones say that there are too many to be counted.
            guard found == count || count == 0xFFFF, try reader.byte() == 0xFF else {
                throw BadSerialization()
            }
        } catch {
            pack.free()
            throw error
        }
        return pack
    }

    private static func readEntries(
        _ end: Int, tail: Int, _ reader: inout RDBReader, into pack: inout Listpack
    ) throws(BadSerialization) -> Int {
        var found = 0
        var previous = 0
        var last = reader.offset
        while reader.offset < end {
            let start = reader.offset
            var length = UInt64(try reader.byte())
            if length == 0xFE { length = try reader.littleEndian(bytes: 4) }
            guard length == UInt64(previous) else { throw BadSerialization() }
            try readElement(&reader, into: &pack)
            previous = reader.offset - start
            last = start
            found += 1
        }
        guard reader.offset == end, tail == last else { throw BadSerialization() }
        return found
    }

    private static func readElement(
        _ reader: inout RDBReader, into pack: inout Listpack
    ) throws(BadSerialization) {
        let head = try reader.byte()
        switch head {
        case 0x00...0x3F: pack.append(try reader.take(Int(head)))
        case 0x40...0x7F:
            let low = Int(try reader.byte())
            pack.append(try reader.take(Int(head & 0x3F) << 8 | low))
        case 0x80:
            var length = 0
            for _ in 0..<4 { length = length << 8 | Int(try reader.byte()) }
            pack.append(try reader.take(length))
        case 0xC0: pack.append(try number(&reader, bytes: 2))
        case 0xD0: pack.append(try number(&reader, bytes: 4))
        case 0xE0: pack.append(try number(&reader, bytes: 8))
        case 0xF0: pack.append(try number(&reader, bytes: 3))
        case 0xFE: pack.append(try number(&reader, bytes: 1))
        case 0xF1...0xFD: pack.append(Int64(head & 0x0F) - 1)
        default: throw BadSerialization()
        }
    }

    /// A number with a sign of so many bytes.
    private static func number(
        _ reader: inout RDBReader, bytes count: Int
    ) throws(BadSerialization) -> Int64 {
        let unused = UInt64(64 - 8 * count)
        let word = try reader.littleEndian(bytes: count)
        return Int64(bitPattern: word << unused) >> Int64(unused)
    }
}
