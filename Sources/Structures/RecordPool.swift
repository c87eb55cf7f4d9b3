import Bytes

/// Small records of one table, in chunks that the table owns.
///
/// A record of forty bytes costs the allocator fifty-six. Here it costs forty: blocks are multiples
/// of eight bytes without anything beside them, because a record's header tells its size. They are
/// cut off the end of the latest chunk; those that come back wait, linked through their first
/// word, in one list per size.
///
/// Chunks grow with what is there, an eighth at a time, so a table of two members takes little
/// more than two records and one of millions has few chunks. All blocks end together with
/// their chunks. A pool never merges or moves blocks: a table that has shrunk moves its records
/// to a new generation of chunks instead, and drops the old ones whole (see `MemberTable`).
@safe
struct RecordPool {
    /// The longest record, in bytes, that is kept in a pool.
    static let limit = 256

    /// The chunks as a list: each begins with the address of the next and with its own size when
    /// it is made of pages, or 0.
    @safe
    struct Chunks {
        fileprivate(set) var head: UnsafeMutableRawPointer?
        /// What they cost in bytes, the allocator's share included.
        fileprivate(set) var footprint = 0

        func free() {
            var chunk = unsafe head
            while let block = unsafe chunk {
                // Safe: the list holds live chunks, each with its two words at its head.
                unsafe chunk = block.load(as: UnsafeMutableRawPointer?.self)
                let size = unsafe block.load(fromByteOffset: 8, as: Int.self)
                if size > 0 {
                    unsafe Heap.freePages(block, size)
                } else {
                    unsafe Heap.free(block)
                }
            }
        }
    }

    private static let head = 16
    private static let pagedSize = 1 << 17
    private static let largestChunk = 1 << 20

    private var chunks = Chunks()
    /// Where the next block is cut off, and how many bytes are left there.
    private var cursor: UnsafeMutableRawPointer?
    private var left = 0
    /// True when what is left was never touched, and so costs nothing yet.
    private var isPaged = false
    /// A list per size; made when the first block comes back.
    private var lists: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    private static let listCount = limit / 8 + 1
    /// Bytes of the blocks in use.
    private(set) var used = 0
    /// True for every second generation: its records carry the flag `isOdd`.
    private(set) var isOdd = false

    /// The bytes of the block that holds a record of `size` bytes.
    @inline(__always)
    static func blockSize(_ size: Int) -> Int { (size + 7) & ~7 }

    /// What the pool costs in bytes; chunks of pages count as far as they were touched.
    var footprint: Int { chunks.footprint - (isPaged ? left : 0) + listFootprint }

    private var listFootprint: Int {
        unsafe lists == nil ? 0 : RecordPool.listCount * 8 + 16
    }

    /// The flags of a record of this generation.
    var flags: Record.Flags { isOdd ? [.isPooled, .isOdd] : .isPooled }

    /// Room for a record of `size` bytes, at most `limit`.
    @inline(__always)
    mutating func take(_ size: Int) -> UnsafeMutableRawPointer {
        precondition(size >= 8 && size <= RecordPool.limit)
        let room = RecordPool.blockSize(size)
        used += room
        // Safe: lists have an element for each size up to the limit, and hold free blocks.
        if let lists = unsafe lists, let block = unsafe lists[room >> 3] {
            unsafe lists[room >> 3] = block.load(as: UnsafeMutableRawPointer?.self)
            return unsafe block
        }
        if left < room { addChunk(room) }
        // Safe: the chunk at the cursor has `left` bytes, enough for this block.
        let block = unsafe cursor.unsafelyUnwrapped
        unsafe cursor = block + room
        left -= room
        return unsafe block
    }

    /// Takes a block of this generation back.
    mutating func give(_ record: Record) {
        let room = record.pooledSize
        used -= room
        if unsafe lists == nil {
            unsafe lists = .allocate(capacity: RecordPool.listCount)
            unsafe lists.unsafelyUnwrapped.initialize(repeating: nil, count: RecordPool.listCount)
        }
        unsafe put(unsafe record.base, room)
    }

    private func put(_ block: UnsafeMutableRawPointer, _ room: Int) {
        // Safe: the callers made sure that there are lists, and the block has at least a word.
        let lists = unsafe lists.unsafelyUnwrapped
        unsafe block.storeBytes(of: lists[room >> 3], as: UnsafeMutableRawPointer?.self)
        unsafe lists[room >> 3] = block
    }

    private mutating func addChunk(_ room: Int) {
        // What is left of the last chunk serves a smaller record some day.
        if left >= 8, unsafe lists != nil { unsafe put(unsafe cursor.unsafelyUnwrapped, left & ~7) }
        let total = chunks.footprint
        let wanted = max(room + RecordPool.head, min(total, 232), total / 8)
        isPaged = wanted >= RecordPool.pagedSize
        let size: Int
        let chunk: UnsafeMutableRawPointer
        if isPaged {
            size = min((wanted + 4095) & ~4095, RecordPool.largestChunk)
            unsafe chunk = Heap.allocatePages(size)
            chunks.footprint += size
        } else {
            unsafe chunk = Heap.allocate(wanted)
            size = unsafe Heap.usableSize(chunk)
            chunks.footprint += size + Heap.overhead
        }
        // Safe: a chunk has at least room for these two words and one block.
        unsafe chunk.storeBytes(of: chunks.head, as: UnsafeMutableRawPointer?.self)
        unsafe chunk.storeBytes(of: isPaged ? size : 0, toByteOffset: 8, as: Int.self)
        unsafe chunks.head = chunk
        unsafe cursor = chunk + RecordPool.head
        left = size - RecordPool.head
    }

    /// Begins the other generation, with no chunks yet, and hands those of this one over.
    mutating func turnOver() -> Chunks {
        let old = chunks
        let odd = !isOdd
        freeLists()
        self = RecordPool()
        isOdd = odd
        return old
    }

    private func freeLists() {
        // Safe: the array is this pool's alone, and of trivial elements.
        if let lists = unsafe lists { unsafe lists.deallocate() }
    }

    /// Ends all chunks; the pool must not be used after.
    func free() {
        chunks.free()
        freeLists()
    }
}
