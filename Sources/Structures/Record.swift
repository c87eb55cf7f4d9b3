import Bytes

/// One allocation that holds a header, a key and, where it fits, the value.
///
/// Layout, from the start of a 16-byte aligned block:
///
///     0   kind      8 bits   type and encoding, named by the floor above
///     1   flags     8 bits   which optional fields follow, and what the floor above notes
///     2   clock    24 bits   last access (LRU) or frequency (LFU)
///     5   key       8 bits   length of the key, when below 256
///     6   value    16 bits   length of the value that is stored inline
///     8   expiry   64 bits   only with `hasExpiry`: wall milliseconds
///     .   length   64 bits   only with `hasLongKey`
///     .   payload  64 bits   only with `hasPayload`: an integer, or the address of a value
///         key bytes, then inline value bytes
///
/// So a plain key costs 8 bytes beside its own bytes, and a time to live 8 more. What sits
/// where follows from three flag bits, so finding the key takes no branch.
///
/// A record is a handle: copying it copies the address. Whoever owns the table owns the records.
@safe
public struct Record: Equatable {
    let base: UnsafeMutableRawPointer

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    /// True when both are the same block.
    public static func == (left: Record, right: Record) -> Bool {
        unsafe left.base == right.base
    }

    /// Which optional fields a record has; the upper bits belong to the floor above.
    public struct Flags: OptionSet, Sendable {
        /// The bits as stored.
        public var rawValue: UInt8
        /// Bits as stored.
        @inline(__always)
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Eight bytes of expiry time follow the header.
        public static let hasExpiry = Flags(rawValue: 1)
        /// Eight bytes of key length follow.
        public static let hasLongKey = Flags(rawValue: 2)
        /// Eight bytes of payload follow.
        public static let hasPayload = Flags(rawValue: 4)
        /// The block belongs to a `RecordPool`, not to the allocator.
        static let isPooled = Flags(rawValue: 8)
        /// Of a pooled record: which of two generations of chunks it lies in.
        static let isOdd = Flags(rawValue: 16)
    }

    /// The longest value, in bytes, that the header can describe inline.
    public static let maximumInlineValue = 65_535

    /// How many bytes of fields stand before the key.
    @inline(__always)
    static func keyOffset(_ flags: UInt8) -> Int { 8 + 8 * (flags & 7).nonzeroBitCount }

    // MARK: Making and ending

    /// A new record with room for the value but no value bytes yet.
    /// - Parameters:
    ///   - size: bytes of inline value; at most `maximumInlineValue`.
    public static func allocate(
        key: RawSpan, kind: UInt8, flags: Flags, clock: UInt32, inline size: Int
    ) -> Record {
        precondition(size <= maximumInlineValue)
        let length = key.byteCount
        var flags = flags
        if length > 255 { flags.insert(.hasLongKey) } else { flags.remove(.hasLongKey) }
        let offset = keyOffset(flags.rawValue)
        // Safe: the block has room for the fields, the key and `size` bytes of value.
        let base = unsafe Heap.allocate(offset + length + size)
        return unsafe write(base, key, kind, flags, clock, size)
    }

    /// How many bytes a record takes.
    static func size(key length: Int, flags: Flags, inline size: Int) -> Int {
        let all = length > 255 ? flags.union(.hasLongKey) : flags
        return keyOffset(all.rawValue) + length + size
    }

    /// Writes header and key of a new record into a block that has room for it; `hasLongKey` must
    /// be as the key demands.
    @inline(__always)
    static func write(
        _ base: UnsafeMutableRawPointer, _ key: RawSpan, _ kind: UInt8, _ flags: Flags,
        _ clock: UInt32, _ size: Int
    ) -> Record {
        let length = key.byteCount
        let offset = keyOffset(flags.rawValue)
        let record = unsafe Record(base)
        let header =
            UInt64(kind) | UInt64(flags.rawValue) << 8 | UInt64(clock & 0xFF_FFFF) << 16
            | UInt64(length > 255 ? 0 : length) << 40 | UInt64(size) << 48
        unsafe base.storeBytes(of: header, as: UInt64.self)
        if length > 255 {
            unsafe base.storeBytes(
                of: UInt64(length), toByteOffset: record.lengthOffset, as: UInt64.self)
        }
        unsafe key.withUnsafeBytes { source in
            if let address = source.baseAddress {
                unsafe Heap.copy(base + offset, address, length)
            }
        }
        return record
    }

    /// A new record with another key or other optional fields, and the same kind, clock, payload,
    /// inline value and expiry. This one is not freed; a payload that is an address is then known
    /// to both.
    public func rebuilt(key: RawSpan, adding flags: Flags) -> Record {
        let own = self.flags.subtracting([.isPooled, .isOdd])
        let copy = Record.allocate(
            key: key, kind: kind, flags: own.union(flags), clock: clock, inline: inlineLength)
        if copy.flags.contains(.hasExpiry) { copy.setExpiry(expiry) }
        if own.contains(.hasPayload) { copy.payload = payload }
        copy.setInlineValue(inlineValue)
        return copy
    }

    /// Writes `bytes` into the inline value at `offset`, with zeros between its old end and
    /// there. The block must have room for it (`inlineRoom`).
    public func spliceInlineValue(_ bytes: RawSpan, at offset: Int) {
        let old = inlineLength
        let end = offset + bytes.byteCount
        precondition(offset >= 0 && end <= inlineRoom)
        let value = unsafe base + valueOffset
        // Safe: everything up to `end` is inside the block.
        if offset > old { unsafe Heap.clear(value + old, offset - old) }
        unsafe bytes.withUnsafeBytes { source in
            if let address = source.baseAddress {
                unsafe Heap.move(value + offset, address, source.count)
            }
        }
        unsafe base.storeBytes(
            of: UInt16(truncatingIfNeeded: max(old, end)), toByteOffset: 6, as: UInt16.self)
    }

    /// Gives the block back. What a payload points at is the caller's. A pooled record is freed
    /// by its pool alone.
    @inline(__always)
    public func free() {
        precondition(!flags.contains(.isPooled))
        unsafe Heap.free(base)
    }

    /// What the block costs, in bytes, the allocator's share included.
    @inline(__always)
    public var footprint: Int {
        if flags.contains(.isPooled) { return pooledSize }
        return unsafe Heap.usableSize(base) + Heap.overhead
    }

    /// Bytes of fields, key and inline value.
    @inline(__always)
    var size: Int { valueOffset + inlineLength }

    /// Of a pooled record: the bytes of its block.
    @inline(__always)
    var pooledSize: Int { RecordPool.blockSize(size) }

    /// Bytes of the block that can be used.
    @inline(__always)
    private var usableSize: Int {
        if flags.contains(.isPooled) { return pooledSize }
        return unsafe Heap.usableSize(base)
    }

    /// How long an inline value this block could hold without moving.
    @inline(__always)
    public var inlineRoom: Int { min(usableSize - valueOffset, Record.maximumInlineValue) }

    // MARK: Header

    @inline(__always)
    var header: UInt64 { unsafe base.load(as: UInt64.self) }

    /// Type and encoding, as the floor above numbers them.
    public var kind: UInt8 {
        @inline(__always) get { unsafe base.load(as: UInt8.self) }
        @inline(__always) nonmutating set { unsafe base.storeBytes(of: newValue, as: UInt8.self) }
    }

    /// The optional fields of this record.
    public var flags: Flags {
        @inline(__always) get {
            Flags(rawValue: unsafe base.load(fromByteOffset: 1, as: UInt8.self))
        }
        nonmutating set {
            // The three layout bits say where the bytes are; they cannot change in place.
            precondition((newValue.rawValue ^ flags.rawValue) & 7 == 0)
            unsafe base.storeBytes(of: newValue.rawValue, toByteOffset: 1, as: UInt8.self)
        }
    }

    /// The access clock: 24 bits whose meaning the eviction policy gives.
    public var clock: UInt32 {
        @inline(__always) get { UInt32(truncatingIfNeeded: header >> 16) & 0xFF_FFFF }
        @inline(__always) nonmutating set {
            let others = header & ~(0xFF_FFFF << 16)
            unsafe base.storeBytes(
                of: others | UInt64(newValue & 0xFF_FFFF) << 16, as: UInt64.self)
        }
    }

    // MARK: Optional fields

    private var lengthOffset: Int { flags.contains(.hasExpiry) ? 16 : 8 }

    private var payloadOffset: Int { 8 + 8 * (flags.rawValue & 3).nonzeroBitCount }

    /// What the field holds when a record that once had an expiry has none now: the field stays,
    /// because moving the record would cost more than eight bytes are worth.
    private static let noExpiry = Int64.min

    /// When the record expires, in wall milliseconds, or nil when it does not.
    public var expiry: Int64? {
        @inline(__always) get {
            guard flags.contains(.hasExpiry) else { return nil }
            let value = unsafe base.load(fromByteOffset: 8, as: Int64.self)
            return value == Record.noExpiry ? nil : value
        }
    }

    /// Sets or clears the expiry of a record that has the field.
    @inline(__always)
    public func setExpiry(_ milliseconds: Int64?) {
        precondition(flags.contains(.hasExpiry))
        unsafe base.storeBytes(
            of: milliseconds ?? Record.noExpiry, toByteOffset: 8, as: Int64.self)
    }

    /// The eight bytes of payload; the record must have them.
    public var payload: UInt64 {
        @inline(__always) get {
            precondition(flags.contains(.hasPayload))
            return unsafe base.load(fromByteOffset: payloadOffset, as: UInt64.self)
        }
        @inline(__always) nonmutating set {
            precondition(flags.contains(.hasPayload))
            unsafe base.storeBytes(of: newValue, toByteOffset: payloadOffset, as: UInt64.self)
        }
    }

    // MARK: Key and value

    /// The length of the key in bytes.
    @inline(__always)
    public var keyLength: Int {
        let word = header
        if word & 0x200 == 0 { return Int(truncatingIfNeeded: word >> 40 & 0xFF) }
        return unsafe Int(base.load(fromByteOffset: lengthOffset, as: UInt64.self))
    }

    @inline(__always)
    private var valueOffset: Int { Record.keyOffset(flags.rawValue) + keyLength }

    /// The key's bytes.
    public var key: RawSpan {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            let offset = Record.keyOffset(flags.rawValue)
            // Safe: the layout puts `keyLength` initialised bytes there.
            let span = unsafe RawSpan(_unsafeStart: base + offset, byteCount: keyLength)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The length of the inline value in bytes.
    @inline(__always)
    public var inlineLength: Int { Int(truncatingIfNeeded: header >> 48) }

    /// The bytes of the inline value.
    public var inlineValue: RawSpan {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            // Safe: the layout puts `inlineLength` bytes there.
            let span = unsafe RawSpan(_unsafeStart: base + valueOffset, byteCount: inlineLength)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Writes `value` as the inline value. The block must have room for it (`inlineRoom`).
    @inline(__always)
    public func setInlineValue(_ value: RawSpan) {
        let length = value.byteCount
        let offset = valueOffset
        precondition(length <= Record.maximumInlineValue)
        precondition(usableSize >= offset + length)
        unsafe base.storeBytes(
            of: UInt16(truncatingIfNeeded: length), toByteOffset: 6, as: UInt16.self)
        unsafe value.withUnsafeBytes { source in
            if let address = source.baseAddress {
                // `value` may be a part of the very value it replaces.
                unsafe Heap.move(base + offset, address, length)
            }
        }
    }

    /// Asks the processor for the record, which will be read soon.
    @inline(__always)
    public func prefetch() { unsafe Heap.prefetch(base) }

    /// True when the key is `other`.
    @inline(__always)
    public func hasKey(_ other: RawSpan) -> Bool {
        // Safe: the bytes are only read inside the closure; an empty key has no address, and
        // nothing is read through the one that stands in for it.
        unsafe other.withUnsafeBytes { bytes in
            unsafe hasKey(bytes.baseAddress ?? UnsafeRawPointer(base), bytes.count)
        }
    }

    /// True when the key is `other`.
    @inline(__always)
    func hasKey(_ other: UnsafeRawPointer, _ length: Int) -> Bool {
        guard keyLength == length else { return false }
        return unsafe Heap.equal(base + Record.keyOffset(flags.rawValue), other, length)
    }
}
