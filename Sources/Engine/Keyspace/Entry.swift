import Bytes
public import Structures

/// The type of a value, as `TYPE` names it.
public enum ValueType: UInt8, Sendable, CaseIterable {
    /// Bytes or a number.
    case string = 0
    /// An ordered list.
    case list = 1
    /// Members without order.
    case set = 2
    /// Members ordered by score.
    case sortedSet = 3
    /// Fields with values.
    case hash = 4
    /// A log of entries.
    case stream = 6

    /// The name that `TYPE` and `SCAN … TYPE` use.
    public var name: String {
        switch self {
        case .string: "string"
        case .list: "list"
        case .set: "set"
        case .sortedSet: "zset"
        case .hash: "hash"
        case .stream: "stream"
        }
    }
}

/// How a value is stored, as `OBJECT ENCODING` names it.
public enum Encoding: UInt8, Sendable {
    /// A string that was short when it was set.
    case embedded = 0
    /// A string that was long, or was changed in place.
    case raw = 1
    /// A 64-bit integer, kept in the payload.
    case integer = 2
    /// A small collection, its elements one after the other in one block.
    case listpack = 3
    /// A long list: a chain of listpacks.
    case quicklist = 4
    /// A large set or hash: a table of members.
    case hashTable = 5
    /// A set of integers, sorted in one block.
    case integerSet = 6
    /// A large sorted set: a table of members and a tree of scores.
    case skiplist = 7

    /// The name that `OBJECT ENCODING` reports.
    public var name: String {
        switch self {
        case .embedded: "embstr"
        case .raw: "raw"
        case .integer: "int"
        case .listpack: "listpack"
        case .quicklist: "quicklist"
        case .hashTable: "hashtable"
        case .integerSet: "intset"
        case .skiplist: "skiplist"
        }
    }
}

/// A string value in view: the number that it is kept as, or its bytes.
public enum StringView: ~Escapable {
    /// Kept as a number; its bytes are the decimal digits.
    case integer(Int64)
    /// Kept as bytes.
    case bytes(RawSpan)
}

// What the engine calls a record of the keyspace. Its kind byte is the type in the low four bits
// and the encoding in the high four. A string longer than `Entry.inlineLimit` is a blob: raw,
// with the payload as its address.

/// A key with its value, expiry and access clock.
public typealias Entry = Record

extension Record {
    /// The longest string, in bytes, that is stored behind its key in the same block.
    static let inlineLimit = 1024
    /// The longest string that is reported as `embstr`.
    static let embeddedLimit = 44

    /// The kind byte for a type and an encoding.
    @inline(__always)
    static func kind(_ type: ValueType, _ encoding: Encoding) -> UInt8 {
        type.rawValue | encoding.rawValue << 4
    }

    /// The type of the value.
    @inline(__always)
    public var type: ValueType {
        guard let type = ValueType(rawValue: kind & 15) else {
            preconditionFailure("a record of no known type")
        }
        return type
    }

    /// True when the value is a string.
    @inline(__always)
    var isString: Bool { kind & 15 == ValueType.string.rawValue }

    /// The encoding of the value.
    @inline(__always)
    public var encoding: Encoding {
        guard let encoding = Encoding(rawValue: kind >> 4) else {
            preconditionFailure("a record of no known encoding")
        }
        return encoding
    }

    /// The blob that holds the value, when it is one.
    var blob: Blob? {
        @inline(__always) get {
            guard isString, encoding == .raw, flags.contains(.hasPayload) else { return nil }
            return Blob(payload: payload)
        }
    }

    /// The string value in view; the record must hold a string.
    public var string: StringView {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            if !flags.contains(.hasPayload) { return .bytes(inlineValue) }
            if encoding == .integer { return .integer(Int64(bitPattern: payload)) }
            return blobView
        }
    }

    private var blobView: StringView {
        @_lifetime(borrow self)
        get {
            // Safe: the record owns the blob, so its bytes live as long as the record does.
            let bytes = unsafe _overrideLifetime(Blob(payload: payload).bytes, borrowing: self)
            return .bytes(bytes)
        }
    }

    /// The length of the string value in bytes.
    var stringLength: Int {
        switch string {
        case .integer(let value): decimalWidth(value)
        case .bytes(let bytes): bytes.byteCount
        }
    }

    /// A copy of the string value.
    var stringBytes: [UInt8] {
        switch string {
        case .integer(let value): value.decimalBytes
        case .bytes(let bytes): bytes.copied()
        }
    }

    /// What the entry costs in bytes, its value included.
    var totalFootprint: Int { footprint + valueFootprint }
}
