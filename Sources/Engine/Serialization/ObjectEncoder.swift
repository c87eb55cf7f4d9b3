import Bytes
import Grammar
import Structures

/// Writes values in the form of RDB files and DUMP payloads.
///
/// Small collections are written as the block that they are; large ones element by element, those
/// of tables in no order. An encoder belongs to a store and is used again and again, so that its
/// buffer and the table of the compressor are allocated once.
struct ObjectEncoder: ~Copyable {
    /// What has been written since `begin`.
    private(set) var buffer = OutputBuffer(capacity: 64)
    private var compressor = LZFCompressor()
    private var compresses = true

    /// Strings up to this length are never compressed.
    private static let longestPlain = 20
    /// The longest string that can be a number of 32 bits.
    private static let longestInteger = 11

    /// Forgets what was written.
    mutating func begin(compressing: Bool) {
        buffer.removeAll()
        compresses = compressing
    }

    /// Writes a whole DUMP payload: type, value, version and checksum.
    mutating func encodePayload(_ entry: Entry, version: UInt16, compressing: Bool) {
        begin(compressing: compressing)
        buffer.append(ObjectEncoder.type(of: entry).rawValue)
        encodeValue(entry)
        buffer.append(littleEndian: UInt64(version), bytes: 2)
        let checksum = CRC64.checksum(buffer.bytes)
        buffer.append(littleEndian: checksum, bytes: 8)
    }

    /// The type byte that stands before the value of an entry.
    static func type(of entry: Entry) -> RDBType {
        switch (entry.type, entry.encoding) {
        case (.string, _): .string
        case (.list, _): .listNodes
        case (.set, .integerSet): .setIntegers
        case (.set, .listpack): .setListpack
        case (.set, _): .set
        case (.hash, .listpack): .hashListpack
        case (.hash, _): .hash
        case (.sortedSet, .listpack): .sortedSetListpack
        case (.sortedSet, _): .sortedSet
        case (.stream, _): hasNoSuchType()
        }
    }

    /// Writes the value of an entry, without its type.
    mutating func encodeValue(_ entry: Entry) {
        switch (entry.type, entry.encoding) {
        case (.string, _):
            switch entry.string {
            case .integer(let number): encode(integer: number)
            case .bytes(let bytes): encode(bytes)
            }
        case (.list, _):
            encode(ListObject(encoding: entry.encoding, payload: entry.payload))
        case (.set, .integerSet): encode(IntegerSet(payload: entry.payload).bytes)
        case (.set, .listpack), (.hash, .listpack), (.sortedSet, .listpack):
            encode(Listpack(payload: entry.payload).bytes)
        case (.set, _), (.hash, _):
            encode(Box<MemberTable>(payload: entry.payload), withValues: entry.type == .hash)
        case (.sortedSet, _):
            encode(SortedSetObject(encoding: entry.encoding, payload: entry.payload))
        case (.stream, _): ObjectEncoder.hasNoSuchType()
        }
    }

    /// No command makes values of the types that have no line of their own yet.
    private static func hasNoSuchType() -> Never {
        preconditionFailure("a value of a type that this engine does not have")
    }

    // MARK: Strings

    /// Writes a number as a string.
    mutating func encode(integer number: Int64) {
        if buffer.append(shortInteger: number) { return }
        buffer.append(length: decimalWidth(number))
        buffer.append(decimal: number)
    }

    /// Writes a string in its shortest form.
    mutating func encode(_ bytes: RawSpan) {
        let length = bytes.byteCount
        if length <= ObjectEncoder.longestInteger, let number = bytes.canonicalInteger,
            buffer.append(shortInteger: number)
        {
            return
        }
        if compresses, length > ObjectEncoder.longestPlain,
            let block = compressor.compress(bytes, limit: length - 4)
        {
            buffer.append(StringEncoding.compressed)
            buffer.append(length: block.count)
            buffer.append(length: length)
            return buffer.append(block)
        }
        buffer.append(length: length)
        buffer.append(bytes)
    }

    private mutating func encode(_ element: borrowing Listpack.Element) {
        switch copy element {
        case .integer(let number): encode(integer: number)
        case .bytes(let bytes): encode(bytes)
        }
    }

    // MARK: Collections

    /// Writes a list: the number of nodes, and of each its kind and its bytes.
    private mutating func encode(_ list: ListObject) {
        var nodes = 0
        list.forEachNode { _, _ in nodes += 1 }
        buffer.append(length: nodes)
        list.forEachNode { bytes, isPlain in
            buffer.append(length: isPlain ? RDBNode.plain : RDBNode.listpack)
            encode(bytes)
        }
    }

    /// Writes a set, or a hash, that is a table.
    private mutating func encode(_ table: Box<MemberTable>, withValues: Bool) {
        buffer.append(length: table.value.count)
        table.value.forEach { record in
            encode(record.key)
            if withValues { encode(record.fieldValue) }
        }
    }

    /// Writes a large sorted set: the highest score first, which is how the field does it.
    private mutating func encode(_ set: SortedSetObject) {
        let count = set.count
        buffer.append(length: count)
        set.forEach(from: count - 1, count: count, reversed: true) { member, score in
            encode(member)
            buffer.append(littleEndian: score.bitPattern, bytes: 8)
        }
    }
}
