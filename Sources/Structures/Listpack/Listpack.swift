import Bytes

// A sequence of short texts and whole numbers in one block of memory, in exactly the public
// listpack format, so that a copy of the block is what DUMP and snapshots write.
//
//     total bytes (u32) · count (u16) · entry · entry · … · 0xFF
//     an entry: encoding with a number or a length · text · back-length
//
// The back-length is the size of what stands before it in the entry, in groups of seven bits to
// be read from its end, so that one can walk towards the front. A count of 65535 means "walk to
// find out". A text that is the canonical form of a whole number is kept as that number, in one
// to nine bytes (Listpack+Encoding.swift).
//
// A listpack is a handle, as a `Blob` is: it is kept as the payload of an entry, copies of it mean
// the same block, and whoever owns the entry frees it. An edit may move the block, so the handle
// that was edited is the one to keep, and positions taken before an edit mean nothing after it
// unless the edit returned them. What is inserted must not lie in the block itself.
//
// A block grows by an eighth at a time, so that filling one is linear and little is left unused,
// and gives memory back when it has become half empty. In the nodes of a quicklist there may also
// be room in front of the head (Listpack+Ends.swift).

/// A handle of a sequence of texts and whole numbers in one block, in the listpack format.
@safe
public struct Listpack: Equatable {
    var base: UnsafeMutableRawPointer
    /// Free bytes of the block in front of `base`.
    var lead = 0

    /// Where an element is: good until the next edit.
    public struct Position: Equatable, Comparable, Sendable {
        /// The offset of the entry in the block.
        let offset: Int

        /// True when `left` is nearer to the front.
        public static func < (left: Position, right: Position) -> Bool {
            left.offset < right.offset
        }
    }

    /// What an element is: a view into the block.
    public enum Element: ~Escapable {
        /// A whole number; its text is its canonical decimal form.
        case integer(Int64)
        /// Any other text.
        case bytes(RawSpan)
    }

    static let headSize = 6
    static let unknownCount: UInt16 = 0xFFFF
    static let end: UInt8 = 0xFF

    /// The most bytes that a listpack may have: it must not outgrow its length word.
    public static let maximumByteCount = 1 << 30

    /// True when both are the same block.
    public static func == (left: Listpack, right: Listpack) -> Bool {
        unsafe left.base == right.base
    }

    init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    // MARK: The block

    /// The listpack that a payload stands for.
    public init(payload: UInt64) { self.init(address: payload, lead: 0) }

    /// The listpack that begins at an address, behind `lead` free bytes of its block.
    init(address: UInt64, lead: Int) {
        guard let base = unsafe UnsafeMutableRawPointer(bitPattern: UInt(address)) else {
            preconditionFailure("a payload without an address")
        }
        unsafe self.base = base
        self.lead = lead
    }

    /// What to keep as the payload of an entry.
    public var payload: UInt64 {
        precondition(lead == 0, "only a quicklist knows of room in front")
        return address
    }

    /// Where the listpack begins.
    var address: UInt64 { UInt64(UInt(bitPattern: unsafe base)) }

    /// The block that holds it.
    @inline(__always)
    private var block: UnsafeMutableRawPointer { unsafe base - lead }

    /// The size of the block.
    @inline(__always)
    var blockSize: Int { unsafe Heap.usableSize(block) }

    /// An empty listpack with room for `capacity` bytes in all.
    public static func allocate(capacity: Int = 0) -> Listpack {
        // Safe: there is room for the head and the end mark.
        let pack = unsafe Listpack(base: Heap.allocate(max(capacity, headSize + 1)))
        pack.storeByteCount(headSize + 1)
        pack.storeCountWord(0)
        pack.storeByte(end, at: headSize)
        return pack
    }

    /// A copy in a block of its own, without spare room.
    public func duplicate() -> Listpack {
        let total = byteCount
        // Safe: the copy has room for all bytes of the original.
        let copy = unsafe Listpack(base: Heap.allocate(total))
        unsafe Heap.copy(copy.base, base, total)
        return copy
    }

    /// Gives the block back.
    public func free() { unsafe Heap.free(block) }

    /// What the block costs, in bytes, the allocator's share included.
    public var footprint: Int { blockSize + Heap.overhead }

    /// Moves the listpack into a block with `front` free bytes before it and `size` for itself.
    mutating func move(front: Int, size: Int) {
        precondition(size >= byteCount && size <= Listpack.maximumByteCount * 2)
        if front == lead {
            // Safe: no pointer into the old block is kept.
            unsafe base = Heap.reallocate(block, front + size) + front
        } else {
            // Safe: the new block has room for all bytes behind the free ones.
            let next = unsafe Heap.allocate(front + size) + front
            unsafe Heap.copy(next, base, byteCount)
            free()
            unsafe base = next
            lead = front
        }
    }

    /// The length of the whole in bytes, head and end mark included.
    @inline(__always)
    public var byteCount: Int { Int(loadWord(0, as: UInt32.self)) }

    /// The whole, as DUMP writes it.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { span(at: 0, count: byteCount) }
    }

    /// The number of elements. At once up to 65,534 of them, else by walking.
    public var count: Int {
        let word = loadWord(4, as: UInt16.self)
        if word != Listpack.unknownCount { return Int(word) }
        let count = walkedCount
        if count < Int(Listpack.unknownCount) { storeCountWord(UInt16(count)) }
        return count
    }

    private var walkedCount: Int {
        var count = 0
        var offset = Listpack.headSize
        while loadByte(offset) != Listpack.end {
            offset += entrySize(offset)
            count += 1
        }
        return count
    }

    /// True when there is no element.
    public var isEmpty: Bool { byteCount == Listpack.headSize + 1 }

    // MARK: Raw access, of offsets that the block is known to have

    /// The offset of the end mark.
    @inline(__always)
    var endOffset: Int { byteCount - 1 }

    @inline(__always)
    func loadByte(_ offset: Int) -> UInt8 {
        // Safe: positions come from walking entries, which end at the end mark.
        unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func loadWord<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
        // Safe: as above; the encoding at the position says that the word is there.
        unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: type))
    }

    @inline(__always)
    func storeByte(_ byte: UInt8, at offset: Int) {
        // Safe: the edits make room before they write.
        unsafe base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func storeWord<T: FixedWidthInteger & BitwiseCopyable>(_ word: T, at offset: Int) {
        // Safe: as above.
        unsafe base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: T.self)
    }

    @inline(__always)
    func storeByteCount(_ count: Int) { storeWord(UInt32(count), at: 0) }

    @inline(__always)
    func storeCountWord(_ word: UInt16) { storeWord(word, at: 4) }

    @inline(__always)
    @_lifetime(borrow self)
    func span(at offset: Int, count: Int) -> RawSpan {
        // Safe: the callers pass parts of the block.
        let span = unsafe RawSpan(_unsafeStart: base + offset, byteCount: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}

extension Listpack.Element {
    /// True when the element's text is `text`.
    public func equals(_ text: RawSpan) -> Bool {
        switch self {
        case .integer(let number): text.canonicalInteger == number
        case .bytes(let bytes): bytes.equals(text)
        }
    }

    /// The length of the element's text in bytes.
    public var textLength: Int {
        switch self {
        case .integer(let number): decimalWidth(number)
        case .bytes(let bytes): bytes.byteCount
        }
    }

    /// A copy of the element's text.
    public func copied() -> [UInt8] {
        switch self {
        case .integer(let number): number.decimalBytes
        case .bytes(let bytes): bytes.copied()
        }
    }
}
