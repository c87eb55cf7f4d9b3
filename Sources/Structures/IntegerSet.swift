import Bytes

/// A set of integers in one block: sorted, and each as narrow as the widest of them needs.
///
/// The block has exactly the format that snapshots and DUMP use for such sets, all of it little
/// endian, so that writing one out is a copy:
///
///     0   width     32 bits   bytes of one integer: 2, 4 or 8
///     4   length    32 bits   how many there are
///     8   integers  strictly ascending, as signed numbers
///
/// Looking up is a binary search; adding and removing move the tail, which is cheap because sets
/// that grow long are converted by the floor above. The width only ever grows: an integer that
/// needs more is below or above all others, so a set is widened in one pass.
///
/// An integer set is a handle, as `Blob` is: copying it copies the address, and whoever owns the
/// record frees it. A change may move it.
@safe
public struct IntegerSet: Equatable {
    private var base: UnsafeMutableRawPointer
    private static let head = 8

    /// True when both are the same block.
    public static func == (left: IntegerSet, right: IntegerSet) -> Bool {
        unsafe left.base == right.base
    }

    private init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    // MARK: Making and ending

    /// The set that a payload stands for.
    @inline(__always)
    public init(payload: UInt64) {
        guard let address = unsafe UnsafeMutableRawPointer(bitPattern: UInt(payload)) else {
            preconditionFailure("a payload without an address")
        }
        unsafe self.base = address
    }

    /// What to keep as the payload of a record.
    @inline(__always)
    public var payload: UInt64 { UInt64(UInt(bitPattern: unsafe base)) }

    /// A new set without integers.
    public static func allocate() -> IntegerSet {
        let set = unsafe IntegerSet(Heap.allocate(head + 8))
        set.setHeader(width: 2, count: 0)
        return set
    }

    /// A copy of `bytes`, which came from elsewhere, or nil when they are not the whole of a set
    /// with at least one integer, strictly ascending.
    public static func validated(_ bytes: RawSpan) -> IntegerSet? {
        guard bytes.byteCount > head else { return nil }
        let header = bytes.word(at: 0)
        let width = Int(header & 0xFFFF_FFFF)
        let count = Int(header >> 32)
        guard width == 2 || width == 4 || width == 8, count > 0,
            bytes.byteCount == head + count * width
        else { return nil }
        let set = copy(of: bytes)
        for index in 1..<count where set[index - 1] >= set[index] {
            set.free()
            return nil
        }
        return set
    }

    private static func copy(of bytes: RawSpan) -> IntegerSet {
        let base = unsafe Heap.allocate(bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            // Safe: a set's bytes are never none, and the block is as long as they are.
            unsafe Heap.copy(base, source.baseAddress.unsafelyUnwrapped, source.count)
        }
        return unsafe IntegerSet(base)
    }

    /// A set of its own with the same integers.
    public func duplicate() -> IntegerSet { IntegerSet.copy(of: bytes) }

    /// Gives the block back.
    public func free() { unsafe Heap.free(base) }

    // MARK: Facts

    /// What the block costs, in bytes, the allocator's share included.
    public var footprint: Int { unsafe Heap.usableSize(base) + Heap.overhead }

    /// The number of integers.
    @inline(__always)
    public var count: Int {
        unsafe Int(UInt32(littleEndian: base.load(fromByteOffset: 4, as: UInt32.self)))
    }

    /// Bytes of one integer: 2, 4 or 8.
    @inline(__always)
    public var width: Int {
        unsafe Int(UInt32(littleEndian: base.load(as: UInt32.self)))
    }

    /// The whole block in its format.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let length = IntegerSet.head + count * width
            // Safe: the header and `count` integers are initialised.
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: length)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    private func setHeader(width: Int, count: Int) {
        // Safe: every block begins with room for the header.
        unsafe base.storeBytes(of: UInt32(width).littleEndian, as: UInt32.self)
        setCount(count)
    }

    @inline(__always)
    private func setCount(_ count: Int) {
        unsafe base.storeBytes(of: UInt32(count).littleEndian, toByteOffset: 4, as: UInt32.self)
    }

    // MARK: Reading

    /// The integer at `index`, the smallest being at 0; traps when there is none.
    public subscript(index: Int) -> Int64 {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count)
            return load(index, width: width)
        }
    }

    /// The integer at `index`, which is inside a block of integers of this width.
    @inline(__always)
    private func load(_ index: Int, width: Int) -> Int64 {
        let place = unsafe base + IntegerSet.head + index * width
        // Safe: the caller keeps the index below the count, so the integer is initialised, and
        // integers behind an aligned header are aligned to their width.
        switch width {
        case 2: return unsafe Int64(Int16(littleEndian: place.load(as: Int16.self)))
        case 4: return unsafe Int64(Int32(littleEndian: place.load(as: Int32.self)))
        default: return unsafe Int64(littleEndian: place.load(as: Int64.self))
        }
    }

    @inline(__always)
    private func store(_ value: Int64, at index: Int, width: Int) {
        let place = unsafe base + IntegerSet.head + index * width
        // Safe: the caller has made room for the integer.
        switch width {
        case 2:
            let narrow = Int16(truncatingIfNeeded: value).littleEndian
            unsafe place.storeBytes(of: narrow, as: Int16.self)
        case 4:
            let narrow = Int32(truncatingIfNeeded: value).littleEndian
            unsafe place.storeBytes(of: narrow, as: Int32.self)
        default:
            unsafe place.storeBytes(of: value.littleEndian, as: Int64.self)
        }
    }

    /// Bytes that an integer needs.
    @inline(__always)
    private static func width(of value: Int64) -> Int {
        if Int64(Int16(truncatingIfNeeded: value)) == value { return 2 }
        return Int64(Int32(truncatingIfNeeded: value)) == value ? 4 : 8
    }

    /// How many integers are below `value`, which is its index when it is in the set.
    @inline(__always)
    private func rank(of value: Int64, width: Int) -> Int {
        var low = 0
        var high = count
        // Integers often come in order: then the last one tells.
        if high > 0, load(high - 1, width: width) < value { return high }
        while low < high {
            let middle = (low + high) / 2
            if load(middle, width: width) < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where `value` stands in ascending order, or nil.
    public func index(of value: Int64) -> Int? {
        let width = width
        if IntegerSet.width(of: value) > width { return nil }
        let place = rank(of: value, width: width)
        return place < count && load(place, width: width) == value ? place : nil
    }

    /// True when `value` is in the set.
    public func contains(_ value: Int64) -> Bool { index(of: value) != nil }

    // MARK: Changing

    /// Adds `value`; false when it was there already.
    @discardableResult
    public mutating func insert(_ value: Int64) -> Bool {
        let width = width
        if IntegerSet.width(of: value) > width {
            widen(to: IntegerSet.width(of: value), adding: value)
            return true
        }
        let count = count
        let place = rank(of: value, width: width)
        if place < count, load(place, width: width) == value { return false }
        reserve(IntegerSet.head + (count + 1) * width)
        let gap = unsafe base + IntegerSet.head + place * width
        // Safe: there is room for one integer more behind the last.
        unsafe Heap.move(gap + width, gap, (count - place) * width)
        store(value, at: place, width: width)
        setCount(count + 1)
        return true
    }

    /// Makes each integer `wider` bytes long and adds one that needs as many.
    private mutating func widen(to wider: Int, adding value: Int64) {
        let width = width
        let count = count
        reserve(IntegerSet.head + (count + 1) * wider)
        // It lies outside of what the narrower ones can be: below all or above all.
        let shift = value < 0 ? 1 : 0
        for index in stride(from: count - 1, through: 0, by: -1) {
            store(load(index, width: width), at: index + shift, width: wider)
        }
        store(value, at: value < 0 ? 0 : count, width: wider)
        setHeader(width: wider, count: count + 1)
    }

    /// Takes `value` out; false when it is not there.
    @discardableResult
    public mutating func remove(_ value: Int64) -> Bool {
        guard let index = index(of: value) else { return false }
        remove(at: index)
        return true
    }

    /// Takes out the integer at `index` and returns it; traps when there is none.
    @discardableResult
    public mutating func remove(at index: Int) -> Int64 {
        let value = self[index]
        let width = width
        let count = count - 1
        let gap = unsafe base + IntegerSet.head + index * width
        // Safe: `count - index` integers follow the one that goes.
        unsafe Heap.move(gap, gap + width, (count - index) * width)
        setCount(count)
        giveBack(IntegerSet.head + count * width)
        return value
    }

    /// Makes the block at least `size` bytes long, with some room to grow.
    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if unsafe Heap.usableSize(base) >= size { return }
        // Safe: the only handle that is used from now on is this one.
        unsafe base = Heap.reallocate(base, size + size / 8)
    }

    /// Makes the block smaller when it needs only `size` bytes and has far more.
    @inline(__always)
    private mutating func giveBack(_ size: Int) {
        if unsafe Heap.usableSize(base) <= size + size / 2 + 64 { return }
        // Safe: as above, and `size` bytes hold all there is.
        unsafe base = Heap.reallocate(base, size)
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    public func checkInvariants() {
        precondition(width == 2 || width == 4 || width == 8, "a width of \(width)")
        precondition(
            unsafe Heap.usableSize(base) >= IntegerSet.head + count * width, "the block is short")
        for index in 0..<max(0, count - 1) {
            precondition(self[index] < self[index + 1], "not ascending at \(index)")
        }
    }
}
