import Bytes

/// One block of a ranked tree: a view of its bytes.
///
///     0     count     16 bits   entries in use
///     2     level     16 bits   0 for a leaf
///     8     next      64 bits   the leaf behind, 0 at the end; of leaves alone
///     16    previous  64 bits   the leaf before
///     24    columns             of a leaf: 62 scores, then 62 records
///                               inside: 31 each of scores, records, children and counts
///
/// The columns stand one behind the other, so that a binary search reads scores and little else,
/// and leaves and inner blocks have the same size: 1016 bytes, which with the allocator's own
/// eight make a kilobyte. Inside, score and record are those of the first entry below a child.
@safe
struct RankedNode: Equatable {
    let base: UnsafeMutableRawPointer

    /// Entries of a leaf.
    static let leafCapacity = 62
    /// Children of an inner node.
    static let innerCapacity = 31
    private static let head = 24
    private static let size = head + leafCapacity * 16

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    static func == (left: RankedNode, right: RankedNode) -> Bool {
        unsafe left.base == right.base
    }

    /// An empty node of a level.
    static func allocate(level: Int) -> RankedNode {
        // Safe: the block has the size that the layout describes.
        let node = unsafe RankedNode(Heap.allocate(size))
        unsafe node.base.storeBytes(of: UInt64(level) << 16, as: UInt64.self)
        unsafe node.base.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
        unsafe node.base.storeBytes(of: 0, toByteOffset: 16, as: UInt64.self)
        return node
    }

    /// Gives the block back.
    func free() { unsafe Heap.free(base) }

    /// What a node costs, in bytes, the allocator's share included.
    static let footprint = size + Heap.overhead

    // MARK: Head

    /// Entries in use.
    var count: Int {
        @inline(__always) get { unsafe Int(base.load(as: UInt16.self)) }
        @inline(__always) nonmutating set {
            unsafe base.storeBytes(of: UInt16(truncatingIfNeeded: newValue), as: UInt16.self)
        }
    }

    /// The distance from the leaves.
    @inline(__always)
    var level: Int { unsafe Int(base.load(fromByteOffset: 2, as: UInt16.self)) }

    @inline(__always)
    var isLeaf: Bool { level == 0 }

    @inline(__always)
    var capacity: Int { isLeaf ? RankedNode.leafCapacity : RankedNode.innerCapacity }

    @inline(__always)
    var isFull: Bool { count == capacity }

    /// The leaf behind this one.
    var next: RankedNode? {
        @inline(__always) get { link(8) }
        nonmutating set { setLink(8, newValue) }
    }

    /// The leaf before this one.
    var previous: RankedNode? {
        @inline(__always) get { link(16) }
        nonmutating set { setLink(16, newValue) }
    }

    @inline(__always)
    private func link(_ offset: Int) -> RankedNode? {
        let address = unsafe base.load(fromByteOffset: offset, as: UInt64.self)
        guard let other = unsafe UnsafeMutableRawPointer(bitPattern: UInt(address)) else {
            return nil
        }
        return unsafe RankedNode(other)
    }

    private func setLink(_ offset: Int, _ node: RankedNode?) {
        var address: UInt64 = 0
        if let node { address = UInt64(UInt(bitPattern: unsafe node.base)) }
        unsafe base.storeBytes(of: address, toByteOffset: offset, as: UInt64.self)
    }

    // MARK: Columns

    @inline(__always)
    private func offset(column: Int, _ index: Int) -> Int {
        precondition(index >= 0 && index < capacity)
        return RankedNode.head + (column * capacity + index) * 8
    }

    @inline(__always)
    private func word(column: Int, _ index: Int) -> UInt64 {
        // Safe: `offset` checked that the place is inside the column.
        unsafe base.load(fromByteOffset: offset(column: column, index), as: UInt64.self)
    }

    @inline(__always)
    private func setWord(column: Int, _ index: Int, _ word: UInt64) {
        // Safe: as above.
        unsafe base.storeBytes(
            of: word, toByteOffset: offset(column: column, index), as: UInt64.self)
    }

    @inline(__always)
    func score(_ index: Int) -> Double { Double(bitPattern: word(column: 0, index)) }

    @inline(__always)
    func setScore(_ index: Int, _ score: Double) { setWord(column: 0, index, score.bitPattern) }

    @inline(__always)
    func record(_ index: Int) -> Record {
        // Safe: the column holds addresses of live records.
        unsafe Record(
            UnsafeMutableRawPointer(bitPattern: UInt(word(column: 1, index))).unsafelyUnwrapped)
    }

    /// Sets the score and record of an entry, or of a child's first entry.
    @inline(__always)
    func setKey(_ index: Int, _ score: Double, _ record: Record) {
        setScore(index, score)
        setWord(column: 1, index, UInt64(UInt(bitPattern: unsafe record.base)))
    }

    @inline(__always)
    func child(_ index: Int) -> RankedNode {
        // Safe: the column of an inner node holds addresses of live nodes.
        unsafe RankedNode(
            UnsafeMutableRawPointer(bitPattern: UInt(word(column: 2, index))).unsafelyUnwrapped)
    }

    func setChild(_ index: Int, _ child: RankedNode) {
        setWord(column: 2, index, UInt64(UInt(bitPattern: unsafe child.base)))
    }

    /// How many entries there are below a child.
    @inline(__always)
    func total(below index: Int) -> Int { Int(truncatingIfNeeded: word(column: 3, index)) }

    @inline(__always)
    func setTotal(below index: Int, _ total: Int) { setWord(column: 3, index, UInt64(total)) }

    /// How many entries there are in this leaf or below this node.
    var total: Int { isLeaf ? count : total(before: count) }

    /// How many entries there are below the first `limit` children.
    @inline(__always)
    func total(before limit: Int) -> Int {
        precondition(limit >= 0 && limit <= RankedNode.innerCapacity)
        var sum: UInt64 = 0
        let counts = RankedNode.head + 3 * RankedNode.innerCapacity * 8
        for index in 0..<limit {
            // Safe: the limit was checked above; this is the fourth column.
            sum &+= unsafe base.load(fromByteOffset: counts + index * 8, as: UInt64.self)
        }
        return Int(truncatingIfNeeded: sum)
    }

    // MARK: Moving entries

    /// Opens a gap of `length` entries at `index`; what is in it is not yet set.
    @inline(__always)
    func openGap(at index: Int, _ length: Int = 1) {
        let (count, capacity) = (count, capacity)
        precondition(index >= 0 && index <= count && count + length <= capacity)
        for column in 0..<(isLeaf ? 2 : 4) {
            let start = unsafe base + RankedNode.head + (column * capacity + index) * 8
            // Safe: source and target lie inside the column.
            unsafe Heap.move(start + length * 8, start, (count - index) * 8)
        }
        self.count = count + length
    }

    /// Closes a gap of `length` entries at `index`.
    @inline(__always)
    func closeGap(at index: Int, _ length: Int = 1) {
        let (count, capacity) = (count, capacity)
        precondition(index >= 0 && length >= 0 && index + length <= count)
        for column in 0..<(isLeaf ? 2 : 4) {
            let start = unsafe base + RankedNode.head + (column * capacity + index) * 8
            // Safe: as above.
            unsafe Heap.move(start, start + length * 8, (count - index - length) * 8)
        }
        self.count = count - length
    }

    /// Moves `length` entries from `index` on into `target`, a node of the same level, at `place`.
    func move(from index: Int, _ length: Int, to target: RankedNode, at place: Int) {
        precondition(level == target.level && self != target)
        precondition(index >= 0 && length >= 0 && index + length <= count)
        target.openGap(at: place, length)
        for column in 0..<(isLeaf ? 2 : 4) {
            let row = RankedNode.head + column * capacity * 8
            // Safe: the gap was opened above, and the source was checked.
            unsafe Heap.copy(
                target.base + row + place * 8, base + row + index * 8, length * 8)
        }
        closeGap(at: index, length)
    }

    // MARK: Searching

    /// How many entries at the head have a score below `score`, or equal to it with `after`.
    @inline(__always)
    func partition(score: Double, after: Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let here = self.score(middle)
            if here < score || after && here == score { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many entries at the head stand before an entry, itself included with `after`.
    @inline(__always)
    func partition(_ score: Double, _ record: Record, after: Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let here = self.score(middle)
            let isBefore =
                here == score
                ? RankedNode.precedes(self.record(middle), record, orEquals: after)
                : here < score
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many entries at the head have a member before `member`, or equal to it with `after`.
    func partition(member: RawSpan, after: Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let order = record(middle).key.compare(member)
            if order < 0 || after && order == 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func precedes(_ left: Record, _ right: Record, orEquals: Bool) -> Bool {
        if left == right { return orEquals }
        let order = left.key.compare(right.key)
        return order < 0 || orEquals && order == 0
    }

    /// True when this entry stands before another.
    @inline(__always)
    func isBefore(_ index: Int, _ score: Double, _ record: Record) -> Bool {
        let here = self.score(index)
        if here != score { return here < score }
        return RankedNode.precedes(self.record(index), record, orEquals: false)
    }
}
