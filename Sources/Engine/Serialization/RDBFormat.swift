import Bytes
import Grammar

// The parts that all values in an RDB file or a DUMP payload are made of: lengths, strings and
// numbers. A length takes one to nine bytes; its first two bits say how many, and 11 says that
// a string follows which is not stored as it is: an integer, or an LZF block.
// Source: the format's public descriptions, and payloads of real servers.

/// What kind of value follows, as its first byte says.
enum RDBType: UInt8 {
    /// A string.
    case string = 0
    /// A list, an element after the other.
    case list = 1
    /// A set, a member after the other.
    case set = 2
    /// A sorted set with its scores as text.
    case sortedSetText = 3
    /// A hash, field and value in turns.
    case hash = 4
    /// A sorted set with its scores in binary form.
    case sortedSet = 5
    /// A list in one ziplist.
    case listZiplist = 10
    /// A set of integers in one block.
    case setIntegers = 11
    /// A sorted set in one ziplist.
    case sortedSetZiplist = 12
    /// A hash in one ziplist.
    case hashZiplist = 13
    /// A list in a row of ziplists.
    case listZiplists = 14
    /// A hash in one listpack.
    case hashListpack = 16
    /// A sorted set in one listpack.
    case sortedSetListpack = 17
    /// A list in a row of nodes, each a listpack or a single large element.
    case listNodes = 18
    /// A set in one listpack; from version 11 on.
    case setListpack = 20
}

/// What a node of a list is.
enum RDBNode {
    /// One element alone.
    static let plain = 1
    /// A listpack of elements.
    static let listpack = 2
}

extension Flavour {
    /// The version of the format that the flavour writes; it reads this and all before.
    var serializationVersion: UInt16 { self == .redis70 ? 10 : 11 }
}

/// The bytes are no value: cut off, contradictory, or of a kind that is not read.
struct BadSerialization: Error {}

/// How a string that is not stored as it is follows a length byte of 11….
enum StringEncoding {
    static let int8: UInt8 = 0xC0
    static let int16: UInt8 = 0xC1
    static let int32: UInt8 = 0xC2
    static let compressed: UInt8 = 0xC3
}

// MARK: Writing

extension OutputBuffer {
    /// Appends the `count` low bytes of a word, the lowest first.
    mutating func append(littleEndian word: UInt64, bytes count: Int) {
        for index in 0..<count {
            append(UInt8(truncatingIfNeeded: word >> UInt64(8 * index)))
        }
    }

    private mutating func append(bigEndian word: UInt64, bytes count: Int) {
        for index in (0..<count).reversed() {
            append(UInt8(truncatingIfNeeded: word >> UInt64(8 * index)))
        }
    }

    /// Appends a length or a count.
    mutating func append(length: Int) {
        switch length {
        case ..<64: append(UInt8(length))
        case ..<16_384: append(bigEndian: UInt64(length) | 0x4000, bytes: 2)
        case ...0xFFFF_FFFF:
            append(0x80)
            append(bigEndian: UInt64(length), bytes: 4)
        default:
            append(0x81)
            append(bigEndian: UInt64(length), bytes: 8)
        }
    }

    /// Appends a number as a string in its shortest form, when it has at most 32 bits.
    mutating func append(shortInteger number: Int64) -> Bool {
        let word = UInt64(bitPattern: number)
        if Int8(exactly: number) != nil {
            append(StringEncoding.int8)
            append(littleEndian: word, bytes: 1)
        } else if Int16(exactly: number) != nil {
            append(StringEncoding.int16)
            append(littleEndian: word, bytes: 2)
        } else if Int32(exactly: number) != nil {
            append(StringEncoding.int32)
            append(littleEndian: word, bytes: 4)
        } else {
            return false
        }
        return true
    }
}

// MARK: Reading

/// Reads the parts of values one after the other. Whatever the bytes are, it reads nothing
/// outside them and allocates no more than they can stand for.
struct RDBReader: ~Escapable {
    private let bytes: RawSpan
    private(set) var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Bytes that have not been read.
    var remaining: Int { bytes.byteCount - offset }

    mutating func byte() throws(BadSerialization) -> UInt8 {
        guard offset < bytes.byteCount else { throw BadSerialization() }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func littleEndian(bytes count: Int) throws(BadSerialization) -> UInt64 {
        guard remaining >= count else { throw BadSerialization() }
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        offset += count
        return word
    }

    private mutating func bigEndian(bytes count: Int) throws(BadSerialization) -> UInt64 {
        guard remaining >= count else { throw BadSerialization() }
        var word: UInt64 = 0
        for index in 0..<count { word = word << 8 | UInt64(bytes[offset + index]) }
        offset += count
        return word
    }

    /// The next bytes as they are.
    @_lifetime(copy self)
    mutating func take(_ count: Int) throws(BadSerialization) -> RawSpan {
        guard count >= 0, remaining >= count else { throw BadSerialization() }
        let part = bytes.extracting(offset..<offset + count)
        offset += count
        return part
    }

    /// A length, or which encoding of a string follows.
    private enum Head {
        case length(Int)
        case encoding(UInt8)
    }

    private mutating func head() throws(BadSerialization) -> Head {
        let first = try byte()
        let value: UInt64
        switch first >> 6 {
        case 0: return .length(Int(first))
        case 1: return .length(Int(first & 63) << 8 | Int(try byte()))
        case 3: return .encoding(first)
        default:
            switch first {
            case 0x80: value = try bigEndian(bytes: 4)
            case 0x81: value = try bigEndian(bytes: 8)
            default: throw BadSerialization()
            }
        }
        guard let length = Int(exactly: value) else { throw BadSerialization() }
        return .length(length)
    }

    /// A length or a count.
    mutating func length() throws(BadSerialization) -> Int {
        guard case .length(let length) = try head() else { throw BadSerialization() }
        return length
    }

    /// A count of things of which each takes at least a byte.
    mutating func count() throws(BadSerialization) -> Int {
        let count = try length()
        guard count <= remaining else { throw BadSerialization() }
        return count
    }

    /// A string in any of its forms.
    mutating func string() throws(BadSerialization) -> [UInt8] {
        switch try head() {
        case .length(let length): return try take(length).copied()
        case .encoding(StringEncoding.int8):
            return Int64(Int8(truncatingIfNeeded: try littleEndian(bytes: 1))).decimalBytes
        case .encoding(StringEncoding.int16):
            return Int64(Int16(truncatingIfNeeded: try littleEndian(bytes: 2))).decimalBytes
        case .encoding(StringEncoding.int32):
            return Int64(Int32(truncatingIfNeeded: try littleEndian(bytes: 4))).decimalBytes
        case .encoding(StringEncoding.compressed):
            let size = try length()
            let whole = try length()
            guard let text = LZF.decompress(try take(size), length: whole) else {
                throw BadSerialization()
            }
            return text
        case .encoding: throw BadSerialization()
        }
    }
}
