import Bytes
import Grammar
import Structures

// From bytes that anybody may have made to a value. Nothing is put into the keyspace before the
// whole value was read and found to be in order: a block that is taken over as it is was checked
// in every detail, a member that comes twice is an error, and so is a collection of nothing.

/// A value that was read and has no key yet.
enum DecodedValue {
    /// A string.
    case string([UInt8])
    /// A list.
    case list(ListObject)
    /// A set.
    case set(SetObject)
    /// A hash.
    case hash(HashObject)
    /// A sorted set.
    case sortedSet(SortedSetObject)

    /// Gives back what the value takes, when it is not wanted after all.
    func discard() {
        switch self {
        case .string: return
        case .list(let list): list.free()
        case .set(let set): set.free()
        case .hash(let hash): hash.free()
        case .sortedSet(let set): set.free()
        }
    }
}

/// Reads values in the form of RDB files and DUMP payloads.
enum ObjectDecoder {
    /// Version and checksum behind a payload, in bytes.
    static let footerSize = 10
    /// Room that is made for elements before any of them was read, at most.
    static let largestReserve = 1 << 16

    /// True when a payload ends in a version that is not newer than `version` and, unless that
    /// is not looked at, the checksum of what is before it.
    static func isIntact(
        _ payload: RawSpan, version: UInt16, ignoringChecksum: Bool
    ) -> Bool {
        let end = payload.byteCount - footerSize
        guard end >= 0 else { return false }
        let own = UInt16(payload[end]) | UInt16(payload[end + 1]) << 8
        guard own <= version else { return false }
        if ignoringChecksum { return true }
        let checksum = CRC64.checksum(payload.extracting(0..<end + 2))
        return checksum == payload.word(at: end + 2)
    }

    /// The value of a payload, whose footer is not looked at.
    static func decode(
        _ payload: RawSpan, for store: borrowing Store
    ) throws(BadSerialization) -> DecodedValue {
        var reader = RDBReader(payload)
        guard let type = RDBType(rawValue: try reader.byte()) else { throw BadSerialization() }
        return try value(of: type, &reader, store)
    }

    private static func value(
        of type: RDBType, _ reader: inout RDBReader, _ store: borrowing Store
    ) throws(BadSerialization) -> DecodedValue {
        switch type {
        case .string: return .string(try reader.string())
        case .list, .listZiplist, .listZiplists, .listNodes:
            return .list(try list(type, &reader, store))
        case .set: return .set(try set(&reader, store.setForms))
        case .setIntegers: return .set(try integers(try reader.string(), store.setForms))
        case .setListpack:
            guard store.settings.flavour.serializationVersion >= 11 else {
                throw BadSerialization()
            }
            return .set(try set(try listpack(&reader), store.setForms))
        case .hash: return .hash(try hash(&reader, store))
        case .hashListpack: return .hash(try hash(try listpack(&reader), store))
        case .hashZiplist:
            return .hash(try hash(try Ziplist.listpack(try reader.string()), store, isOld: true))
        case .sortedSet, .sortedSetText:
            return .sortedSet(try sortedSet(type, &reader, store.sortedSetRules))
        case .sortedSetListpack:
            return .sortedSet(try sortedSet(try listpack(&reader), store.sortedSetRules))
        case .sortedSetZiplist:
            return .sortedSet(
                try sortedSet(
                    try Ziplist.listpack(try reader.string()), store.sortedSetRules))
        }
    }

    /// A listpack that was checked in every detail; the caller owns it.
    static func listpack(_ reader: inout RDBReader) throws(BadSerialization) -> Listpack {
        let bytes = try reader.string()
        guard let pack = Listpack(validating: bytes.rawSpan) else { throw BadSerialization() }
        return pack
    }
}

extension Store {
    /// Puts a value that was read under a key, in the place of what stands there.
    mutating func assign(_ key: RawSpan, decoded value: DecodedValue, _ expiry: NewExpiry) {
        switch value {
        case .string(let bytes): assign(key, bytes.rawSpan, expiry, at: find(key, .silent))
        case .list(let list): assign(key, object: list, expiry)
        case .set(let set): assign(key, object: set, expiry)
        case .hash(let hash): assign(key, object: hash, expiry)
        case .sortedSet(let set): assign(key, object: set, expiry)
        }
    }
}
