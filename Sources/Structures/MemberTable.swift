public import Bytes

/// The members of a large object: those of a set, the fields of a hash with their values, the
/// members of a sorted set with their scores.
///
/// A `HashTable` finds the records, a `RecordPool` holds the small ones. A record carries a
/// member as its key, and a field's value inline, or in a blob when it is longer than a header
/// can say; or eight bytes of payload, which are a score. Records beyond the pool's limit are
/// blocks of their own.
///
/// When less than half of the pool's bytes are in use, the records move to a new generation of
/// chunks, a bucket at each change, and the old chunks end together. So any change makes a
/// `Record` at hand stale. A table made with `keepsPlaces` moves none by itself: its owner knows
/// the records by address, and calls `moveRecords` when `isWasteful` says so.
///
/// The end of the table ends its chunks without a look at the records, unless some are not in
/// them. Resizing takes its steps with the changes; no tick is needed.
@safe
public struct MemberTable: ~Copyable {
    private var table: HashTable
    private var pool = RecordPool()
    /// Chunks that the records are moving out of, and how far they are.
    private var retiring: RecordPool.Chunks?
    private var position: UInt64 = 0
    private let keepsPlaces: Bool
    /// What blobs and records outside of the pool cost, and how many of them there are.
    private var outerFootprint = 0
    private var outerCount = 0

    /// An empty table, its hash keyed by `sipKey`.
    /// - Parameters:
    ///   - keepsPlaces: records stay at their addresses until they are replaced or removed, or
    ///     the owner calls `moveRecords`.
    public init(sipKey: SipKey, keepsPlaces: Bool = false) {
        table = HashTable(sipKey: sipKey, ownsRecords: false)
        self.keepsPlaces = keepsPlaces
    }

    deinit {
        if outerCount > 0 { table.forEach { MemberTable.freeOutside($0) } }
        pool.free()
        retiring?.free()
    }

    private static func freeOutside(_ record: Record) {
        if record.isLongField { Blob(payload: record.payload).free() }
        if !record.flags.contains(.isPooled) { record.free() }
    }

    /// The number of members.
    @inline(__always)
    public var count: Int { table.count }

    /// What everything costs in bytes, the allocator's share included; takes no walk.
    public var footprint: Int {
        table.footprint + pool.footprint + (retiring?.footprint ?? 0) + outerFootprint
    }

    /// Buckets of the hash table, for introspection.
    public var bucketCount: Int { table.bucketCount }

    /// True while the hash table is being resized.
    public var isResizing: Bool { table.isResizing }

    /// The hash table's key.
    public var sipKey: SipKey { table.sipKey }

    // MARK: Looking

    /// The hash of a member, for the calls that take one.
    @inline(__always)
    public func hash(of key: RawSpan) -> UInt64 { table.hash(of: key) }

    /// The record of a member, or nil.
    @inline(__always)
    public func find(_ key: RawSpan) -> Record? { find(key, hash: table.hash(of: key)) }

    /// The record of a member whose hash is known, or nil.
    @inline(__always)
    public func find(_ key: RawSpan, hash: UInt64) -> Record? {
        guard let slot = table.find(key, hash: hash) else { return nil }
        return table.record(at: slot)
    }

    /// Asks the processor for the bucket of a hash, for a lookup that comes soon.
    @inline(__always)
    public func prefetch(_ hash: UInt64) { table.prefetch(hash) }

    /// Asks for the record that the bucket of this hash probably holds for it.
    @inline(__always)
    public func prefetchRecord(_ hash: UInt64) { table.prefetchRecord(hash) }

    /// A member chosen at random, each as likely as any other; nil when there is none.
    public func randomMember(using random: inout some RandomNumberGenerator) -> Record? {
        table.fairRandomRecord(using: &random)
    }

    /// `wanted` different members chosen at random, in no order; all when there are not as many.
    /// Where that is more than a third of them they are taken out of a list of all.
    public func randomMembers(
        _ wanted: Int, using random: inout some RandomNumberGenerator
    ) -> [Record] {
        if wanted <= count / 3 {
            var chosen: [Record] = []
            var places: Set<UInt> = []
            while chosen.count < wanted, let record = randomMember(using: &random) {
                if places.insert(record.place).inserted { chosen.append(record) }
            }
            return chosen
        }
        var all: [Record] = []
        all.reserveCapacity(count)
        table.forEach { all.append($0) }
        let enough = min(wanted, all.count)
        for index in 0..<enough {
            all.swapAt(index, Int.random(in: index..<all.count, using: &random))
        }
        all.removeLast(all.count - enough)
        return all
    }

    /// Visits every record.
    public borrowing func forEach(_ visit: (Record) -> Void) { table.forEach(visit) }

    /// Visits the records of one bucket and returns the next cursor, 0 at the end. A member that
    /// is there from the first call to the last is visited at least once.
    public mutating func scan(_ cursor: UInt64, visit: (Record) -> Void) -> UInt64 {
        table.scan(cursor, visit: visit)
    }

    // MARK: Changing

    /// Makes room in an empty table for `members` that will come.
    public mutating func reserve(_ members: Int) { table.reserve(members) }

    /// Adds a member without a value; false when it is there already.
    public mutating func add(_ key: RawSpan) -> Bool {
        let hash = table.hash(of: key)
        if table.find(key, hash: hash) != nil { return false }
        proceed()
        let record = make(key, flags: [], inline: 0)
        table.insert(record, hash: hash, marked: false)
        return true
    }

    /// Adds a member that is not there, with eight bytes of payload. `hash` is that of the key.
    @discardableResult
    public mutating func insert(_ key: RawSpan, hash: UInt64, payload: UInt64) -> Record {
        proceed()
        let record = make(key, flags: .hasPayload, inline: 0)
        record.payload = payload
        table.insert(record, hash: hash, marked: false)
        return record
    }

    /// Gives a field a value; true when the field is new. Neither span may be a part of the table.
    public mutating func set(_ key: RawSpan, _ value: RawSpan) -> Bool {
        proceed()
        let hash = table.hash(of: key)
        guard let slot = table.find(key, hash: hash) else {
            table.insert(makeField(key, value), hash: hash, marked: false)
            return true
        }
        let old = table.record(at: slot)
        let size = old.size - old.inlineLength + value.byteCount
        if old.flags.contains(.isPooled), !old.isLongField,
            RecordPool.blockSize(size) == old.pooledSize
        {
            old.setInlineValue(value)
            return false
        }
        table.replace(at: slot, with: makeField(key, value), marked: false)
        release(old)
        beginMovingIfWasteful()
        return false
    }

    /// Removes a member; false when there is none. The span may be the record's own key.
    @discardableResult
    public mutating func remove(_ key: RawSpan) -> Bool {
        let hash = table.hash(of: key)
        guard let slot = table.find(key, hash: hash) else { return false }
        release(table.remove(at: slot, hash: hash))
        if table.count == 0 { return reset() }
        proceed()
        beginMovingIfWasteful()
        return true
    }

    /// Begins again without any memory; always true.
    private mutating func reset() -> Bool {
        table = HashTable(sipKey: table.sipKey, ownsRecords: false)
        pool.free()
        pool = RecordPool()
        retiring?.free()
        retiring = nil
        position = 0
        return true
    }

    /// A table of its own with the same members.
    public func duplicate() -> MemberTable {
        var copy = MemberTable(sipKey: table.sipKey, keepsPlaces: keepsPlaces)
        copy.reserve(count)
        table.forEach { record in
            let twin: Record
            if record.isField {
                twin = copy.makeField(record.key, record.fieldValue)
            } else {
                let hasPayload = record.flags.contains(.hasPayload)
                twin = copy.make(record.key, flags: hasPayload ? .hasPayload : [], inline: 0)
                if hasPayload { twin.payload = record.payload }
            }
            copy.table.insert(twin, hash: copy.table.hash(of: record.key), marked: false)
        }
        return copy
    }

    // MARK: Records

    @inline(__always)
    private mutating func make(
        _ key: RawSpan, kind: UInt8 = 0, flags: Record.Flags, inline size: Int
    ) -> Record {
        var flags = flags
        if key.byteCount > 255 { flags.insert(.hasLongKey) }
        let bytes = Record.size(key: key.byteCount, flags: flags, inline: size)
        if bytes <= RecordPool.limit {
            let all = flags.union(pool.flags)
            // Safe: the block has room for `bytes`, which is what such a record takes.
            return unsafe Record.write(pool.take(bytes), key, kind, all, 0, size)
        }
        let record = Record.allocate(key: key, kind: kind, flags: flags, clock: 0, inline: size)
        outerCount += 1
        outerFootprint += record.footprint
        return record
    }

    private mutating func makeField(_ key: RawSpan, _ value: RawSpan) -> Record {
        if value.byteCount <= Record.maximumInlineValue {
            let record = make(
                key, kind: Record.fieldKind, flags: [], inline: value.byteCount)
            record.setInlineValue(value)
            return record
        }
        let record = make(key, kind: Record.longFieldKind, flags: .hasPayload, inline: 0)
        let blob = Blob.allocate(value)
        record.payload = blob.payload
        outerCount += 1
        outerFootprint += blob.footprint
        return record
    }

    /// Ends a record that is in the table no more.
    private mutating func release(_ record: Record) {
        if record.isLongField {
            let blob = Blob(payload: record.payload)
            outerCount -= 1
            outerFootprint -= blob.footprint
            blob.free()
        }
        if !record.flags.contains(.isPooled) {
            outerCount -= 1
            outerFootprint -= record.footprint
            record.free()
        } else if record.flags.contains(.isOdd) == pool.isOdd {
            pool.give(record)
        }
    }

    // MARK: Giving memory back

    /// A pool may hold this many bytes for nothing before records move on account of them.
    private static let tolerance = 4096

    /// True when more than half of the pool's memory is not in use, or records are on the move.
    public var isWasteful: Bool {
        retiring != nil || pool.footprint > 2 * pool.used + MemberTable.tolerance
    }

    @inline(__always)
    private mutating func proceed() {
        if retiring != nil && !keepsPlaces { moveRecords { _, _ in } }
    }

    @inline(__always)
    private mutating func beginMovingIfWasteful() {
        if !keepsPlaces && retiring == nil && isWasteful { moveRecords { _, _ in } }
    }

    /// Moves the records of one bucket out of the chunks that hold too little, and ends these
    /// when all have moved. `moved` is told the old and the new place of each; the old one can
    /// still be read.
    public mutating func moveRecords(moved: (_ from: Record, _ to: Record) -> Void) {
        if retiring == nil {
            retiring = pool.turnOver()
            position = 0
        }
        var pool = pool
        position = table.scanSlots(position) { bucket, slot in
            let record = bucket.record(slot)
            guard record.flags.contains(.isPooled), record.flags.contains(.isOdd) != pool.isOdd
            else { return }
            // Safe: the new block is as large as the old one.
            let copy = unsafe Record(pool.take(record.size))
            unsafe Heap.copy(copy.base, record.base, record.size)
            copy.flags = record.flags.subtracting(.isOdd).union(pool.flags)
            bucket.setAddress(slot, copy)
            moved(record, copy)
        }
        self.pool = pool
        if position == 0 {
            retiring?.free()
            retiring = nil
        }
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    public borrowing func checkInvariants() {
        table.checkInvariants()
        var used = 0
        var outer = 0
        var outerBytes = 0
        table.forEach { record in
            if record.isLongField {
                outer += 1
                outerBytes += Blob(payload: record.payload).footprint
            }
            if !record.flags.contains(.isPooled) {
                outer += 1
                outerBytes += record.footprint
            } else if record.flags.contains(.isOdd) == pool.isOdd {
                used += record.pooledSize
            } else {
                precondition(retiring != nil, "a record in chunks that are gone")
            }
        }
        precondition(used == pool.used, "\(used) bytes found, \(pool.used) counted")
        precondition(outer == outerCount && outerBytes == outerFootprint)
        precondition(pool.footprint >= pool.used)
    }
}

extension Bucket {
    /// Puts another record with the same key into a slot.
    func setAddress(_ slot: Int, _ record: Record) {
        let rest = word(slot) & ~Bucket.addressMask
        // Safe: the address is kept as a number; it is of use only while the record lives.
        setWord(slot, rest | UInt64(UInt(bitPattern: unsafe record.base)))
    }
}

extension Record {
    /// Where the record is, as a number.
    fileprivate var place: UInt { UInt(bitPattern: unsafe base) }

    /// A field of a hash with its value inline, and one whose value is a blob.
    static let fieldKind: UInt8 = 1
    static let longFieldKind: UInt8 = 2

    /// True for a field of a hash.
    @inline(__always)
    var isField: Bool { kind != 0 }

    @inline(__always)
    var isLongField: Bool { kind == Record.longFieldKind }

    /// The value of a field of a hash, as `MemberTable.set` put it there.
    public var fieldValue: RawSpan {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            if !isLongField { return inlineValue }
            // Safe: the record owns the blob, so its bytes live as long as the record does.
            return unsafe _overrideLifetime(Blob(payload: payload).bytes, borrowing: self)
        }
    }
}
