public import Bytes

/// A table of records, found by key: the keyspace, and later the members of large objects.
///
/// A bucket is one cache line: a word of notes and seven slots.
///
///     bytes 0-6   fingerprint of the key in each slot; 0 means empty
///     byte 7      bits 0-6: the slot is marked; bit 7: slot 6 leads to a further bucket
///     bytes 8-63  seven slots: 48 bits of address, 16 bits of the hash
///
/// A bucket that is full grows a chain; it does not displace entries into its neighbours,
/// because SCAN promises that a key present throughout is returned, and a key may therefore
/// never leave its bucket but for a resize. A resize moves whole buckets, one at a time, between
/// two tables. The 16 hash bits in the slot, with the bucket's own number, tell where an entry
/// goes for tables up to 2^28 buckets, so moving does not touch the entries themselves.
///
/// Marks are free for the floor above (the keyspace marks keys with an expiry): they can be
/// walked without touching the records.
///
/// A point-in-time pass can walk the buckets in order while resizing is paused; `bucketNumber`
/// says whether a key's bucket is already behind it.
@safe
public struct HashTable: ~Copyable {
    /// The keyed hash: its key comes from the node's seed.
    public let sipKey: SipKey
    /// True when the end of the table is the end of its records.
    let ownsRecords: Bool
    /// The number of records.
    public internal(set) var count = 0
    /// The number of marked records.
    public internal(set) var markedCount = 0
    /// Steps of work done so far, one a bucket visited by a resize, a scan or a walk.
    public internal(set) var steps = 0
    /// Grows with every change after which a `Slot` may be stale.
    public internal(set) var edits: UInt64 = 0
    var current: Table
    /// The table that a resize moves to.
    var next: Table?
    /// The next bucket of `current` that a resize moves.
    var position = 0
    /// Resizing stands still while this is above zero.
    public internal(set) var resizePauses = 0
    /// True while the owner has no memory for a larger table: chains grow instead.
    public var deniesGrowth = false
    /// The chained buckets of `current`, and those of `next`: two pools, so that all lines of a
    /// table that has been moved out of go at once.
    var lines = LinePool()
    var nextLines = LinePool()

    /// Slots in a bucket.
    static let width = 7

    /// What a record's place in a table costs in bytes, with the usual load.
    public static let bytesPerRecord = 12

    /// A power-of-two array of buckets.
    @safe
    struct Table {
        let base: UnsafeMutableRawPointer
        let mask: Int
        var bucketCount: Int { mask + 1 }
        var byteCount: Int { bucketCount * 64 }
        private var isPaged: Bool { byteCount >= 1 << 17 }

        init(bucketCount: Int) {
            self.mask = bucketCount - 1
            let size = bucketCount * 64
            // Safe: both kinds of block are zeroed and aligned to a line.
            unsafe base =
                size >= 1 << 17 ? Heap.allocatePages(size) : Heap.allocateLines(size)
        }

        func free() {
            if isPaged {
                unsafe Heap.freePages(base, byteCount)
            } else {
                unsafe Heap.free(base)
            }
        }

        @inline(__always)
        func bucket(_ number: Int) -> Bucket {
            // Safe: the mask keeps the number inside the array.
            unsafe Bucket(base + (number & mask) * 64)
        }
    }

    /// An empty table, its hash keyed by `sipKey`. One that does not own its records leaves them
    /// alone when it ends.
    public init(sipKey: SipKey, ownsRecords: Bool = true) {
        self.sipKey = sipKey
        self.ownsRecords = ownsRecords
        self.current = Table(bucketCount: 1)
    }

    deinit {
        // A table that was drained is not walked once more: that would be work without a bound.
        if count > 0 && ownsRecords {
            HashTable.freeRecords(of: current)
            if let next { HashTable.freeRecords(of: next) }
        }
        current.free()
        next?.free()
        lines.freeBlocks()
        nextLines.freeBlocks()
    }

    private static func freeRecords(of table: Table) {
        for number in 0..<table.bucketCount {
            var bucket = table.bucket(number)
            while true {
                for slot in 0..<bucket.slotCount where bucket.isUsed(slot) {
                    bucket.record(slot).free()
                }
                guard let child = bucket.child else { break }
                bucket = child
            }
        }
    }

    /// Bytes that the table itself takes, records not counted.
    public var footprint: Int {
        current.byteCount + (next?.byteCount ?? 0) + lines.footprint + nextLines.footprint
    }

    /// The number of buckets of the current table, for introspection.
    public var bucketCount: Int { current.bucketCount }

    /// True when the next record will make the table grow.
    @inline(__always)
    public var isFull: Bool {
        next == nil && count >= current.bucketCount * HashTable.fullBucket
    }

    /// True when twice as many records stand here as a table should have.
    public var isOverfull: Bool { count >= current.bucketCount * HashTable.fullBucket * 2 }

    /// Bytes of the table that this one would grow into; both stand until the resize is over.
    public var growthFootprint: Int { current.byteCount * 2 }

    /// True while a resize is under way.
    public var isResizing: Bool { next != nil }

    /// The hash of a key.
    @inline(__always)
    public func hash(of key: RawSpan) -> UInt64 { sipKey.hash(key) }

    /// The bucket that holds keys of this hash in the current table.
    public func bucketNumber(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash) & current.mask
    }

    /// Holds or lets go of resizing: a snapshot pass needs buckets to stay where they are.
    public mutating func pauseResizing(_ paused: Bool) {
        resizePauses += paused ? 1 : -1
        precondition(resizePauses >= 0)
    }

    /// Where a record stands. Any insertion, removal or resize step makes it stale.
    public struct Slot {
        let bucket: Bucket
        let index: Int
    }
}

/// The view of one cache line of the table.
@safe
struct Bucket: Equatable {
    let base: UnsafeMutableRawPointer

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    static func == (left: Bucket, right: Bucket) -> Bool {
        unsafe left.base == right.base
    }

    static let ones: UInt64 = 0x0001_0101_0101_0101
    static let addressMask: UInt64 = 0x0000_FFFF_FFFF_FFFF
    static let chained: UInt64 = 1 << 63

    /// The word of fingerprints and marks.
    var notes: UInt64 {
        @inline(__always) get { unsafe base.load(as: UInt64.self) }
        @inline(__always) nonmutating set { unsafe base.storeBytes(of: newValue, as: UInt64.self) }
    }

    @inline(__always)
    func word(_ slot: Int) -> UInt64 {
        precondition(slot >= 0 && slot < HashTable.width)
        // Safe: seven slots of eight bytes follow the notes.
        return unsafe base.load(fromByteOffset: 8 + slot * 8, as: UInt64.self)
    }

    @inline(__always)
    func setWord(_ slot: Int, _ word: UInt64) {
        precondition(slot >= 0 && slot < HashTable.width)
        // Safe: as above.
        unsafe base.storeBytes(of: word, toByteOffset: 8 + slot * 8, as: UInt64.self)
    }

    @inline(__always)
    var isChained: Bool { notes & Bucket.chained != 0 }

    /// Slots that can hold records: a chained bucket gives its last one to the chain.
    @inline(__always)
    var slotCount: Int { isChained ? HashTable.width - 1 : HashTable.width }

    var child: Bucket? {
        @inline(__always) get {
            guard isChained else { return nil }
            // Safe: a chained bucket keeps the address of a live bucket in its last slot.
            return unsafe Bucket(
                UnsafeMutableRawPointer(bitPattern: UInt(word(6) & Bucket.addressMask))
                    .unsafelyUnwrapped)
        }
    }

    @inline(__always)
    func fingerprint(_ slot: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: notes >> UInt64(slot * 8))
    }

    @inline(__always)
    func isUsed(_ slot: Int) -> Bool { fingerprint(slot) != 0 }

    @inline(__always)
    func isMarked(_ slot: Int) -> Bool { notes >> UInt64(56 + slot) & 1 != 0 }

    @inline(__always)
    func record(_ slot: Int) -> Record {
        // Safe: a used slot holds the address of a live record.
        unsafe Record(
            UnsafeMutableRawPointer(bitPattern: UInt(word(slot) & Bucket.addressMask))
                .unsafelyUnwrapped)
    }

    /// One bit, the top one of the byte, for each slot whose fingerprint is `value`; it may also
    /// show a slot above a match that differs by one, so a caller compares further.
    @inline(__always)
    func matches(_ value: UInt8) -> UInt64 {
        let difference = notes ^ (Bucket.ones &* UInt64(value))
        return (difference &- Bucket.ones) & ~difference & 0x0080_8080_8080_8080
    }

    /// The lowest empty slot, or nil.
    @inline(__always)
    var emptySlot: Int? {
        let found = matches(0)
        if found == 0 { return nil }
        let slot = found.trailingZeroBitCount >> 3
        return slot < slotCount ? slot : nil
    }

    func fill(_ slot: Int, word: UInt64, fingerprint: UInt8, marked: Bool) {
        setWord(slot, word)
        var value = notes & ~(0xFF << UInt64(slot * 8)) & ~(1 << UInt64(56 + slot))
        value |= UInt64(fingerprint) << UInt64(slot * 8)
        if marked { value |= 1 << UInt64(56 + slot) }
        notes = value
    }

    func empty(_ slot: Int) { fill(slot, word: 0, fingerprint: 0, marked: false) }

    func setMark(_ slot: Int, _ marked: Bool) {
        let bit: UInt64 = 1 << UInt64(56 + slot)
        notes = marked ? notes | bit : notes & ~bit
    }

    func setChild(_ child: Bucket?) {
        empty(6)
        guard let child else {
            notes &= ~Bucket.chained
            return
        }
        setWord(6, UInt64(UInt(bitPattern: unsafe child.base)))
        notes |= Bucket.chained
    }
}

/// Cache lines for chained buckets, in blocks of up to 63 with a free list through them: one at a
/// time from the allocator each would cost twice its size. The first blocks are small, for the
/// sake of small tables.
@safe
struct LinePool {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []
    private var free: UnsafeMutableRawPointer?
    private(set) var used = 0
    private(set) var footprint = 0

    mutating func take() -> Bucket {
        if unsafe free == nil { addBlock() }
        // Safe: `addBlock` has put at least one line on the list; each links to the next.
        let line = unsafe free.unsafelyUnwrapped
        unsafe free = line.load(as: UnsafeMutableRawPointer?.self)
        unsafe Heap.clear(line, 64)
        used += 1
        return unsafe Bucket(line)
    }

    mutating func give(_ bucket: Bucket) {
        unsafe bucket.base.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
        unsafe free = bucket.base
        used -= 1
        // The last line back ends all blocks: a table that shrank keeps nothing.
        if used == 0 { freeAll() }
    }

    func freeBlocks() {
        // Safe: each block of the list was allocated by `addBlock` and is freed once.
        unsafe blocks.forEach { unsafe Heap.free($0) }
    }

    /// Ends all blocks; no line may be in use any more.
    mutating func freeAll() {
        freeBlocks()
        unsafe blocks = []
        unsafe free = nil
        used = 0
        footprint = 0
    }

    private mutating func addBlock() {
        let size = min(4096, max(256, footprint / 256 * 256))
        let block = unsafe Heap.allocateLines(size)
        unsafe blocks.append(block)
        footprint += size
        for offset in stride(from: 0, to: size, by: 64) {
            unsafe (block + offset).storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
            unsafe free = block + offset
        }
    }
}
