import Bytes

/// A link of a quicklist: a listpack of some elements, or one long element by itself.
struct QuicklistNode {
    private var address: UInt64
    /// One bit for a plain node, 31 for the number of elements, 32 for a listpack's lead.
    private var notes: UInt64

    /// A node of the elements of a listpack.
    @inline(__always)
    init(_ pack: Listpack, count: Int) {
        address = pack.address
        notes = UInt64(UInt32(count)) << 1 | UInt64(UInt32(pack.lead)) << 32
    }

    /// A node of one long element.
    init(_ blob: Blob) {
        address = blob.payload
        notes = 1 << 1 | 1
    }

    /// True when the node is one long element by itself.
    @inline(__always)
    var isPlain: Bool { notes & 1 == 1 }

    /// The number of elements.
    @inline(__always)
    var count: Int { Int(notes >> 1 & 0x7FFF_FFFF) }

    /// The listpack of a node that has one.
    @inline(__always)
    var pack: Listpack { Listpack(address: address, lead: Int(notes >> 32)) }

    /// The element of a plain node.
    var blob: Blob { Blob(payload: address) }

    /// Bytes that the node's elements take, the allocator's share included.
    var footprint: Int { isPlain ? blob.footprint : pack.footprint }

    /// Gives the elements' memory back.
    func free() {
        if isPlain { blob.free() } else { pack.free() }
    }

    /// A copy that shares nothing.
    func duplicate() -> QuicklistNode {
        isPlain
            ? QuicklistNode(Blob.allocate(blob.bytes))
            : QuicklistNode(pack.duplicate(), count: count)
    }
}

/// The nodes of a quicklist, in order in one block with spare room at both ends.
///
/// Sixteen bytes a node side by side make it quick to add up counts on the way to an index, which
/// a chain of nodes scattered over memory does not.
@safe
struct QuicklistNodes: ~Copyable {
    private var base: UnsafeMutablePointer<QuicklistNode>
    private var capacity = 1
    private var start = 0
    private(set) var count = 0
    /// Bytes that the block takes, the allocator's share included.
    private(set) var footprint = 0

    private static let stride = MemoryLayout<QuicklistNode>.stride

    init() {
        // Safe: a block of one place, freed in `deinit`.
        unsafe base = QuicklistNodes.allocate(1)
        footprint = measured
    }

    deinit { unsafe Heap.free(base) }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<QuicklistNode> {
        unsafe Heap.allocate(capacity * stride)
            .bindMemory(to: QuicklistNode.self, capacity: capacity)
    }

    private var measured: Int { unsafe Heap.usableSize(base) + Heap.overhead }

    subscript(place: Int) -> QuicklistNode {
        @inline(__always) get {
            precondition(place >= 0 && place < count)
            // Safe: the place holds a node.
            return unsafe base[start + place]
        }
        @inline(__always) set {
            precondition(place >= 0 && place < count)
            // Safe: as above.
            unsafe base[start + place] = newValue
        }
    }

    /// Puts a node in front of the one at `place`, or behind the last.
    mutating func insert(_ node: QuicklistNode, at place: Int) {
        precondition(place >= 0 && place <= count)
        let towardsFront = place < (count + 1) / 2
        if towardsFront ? start == 0 : start + count == capacity {
            makeRoom(inFront: towardsFront)
        }
        // Safe: there is a free place at the end that the shorter part moves to.
        if towardsFront {
            start -= 1
            unsafe Heap.move(base + start, base + start + 1, place * Self.stride)
        } else {
            let from = unsafe base + start + place
            unsafe Heap.move(from + 1, from, (count - place) * Self.stride)
        }
        count += 1
        unsafe (base + start + place).initialize(to: node)
    }

    /// Forgets the nodes at these places; their elements are the caller's.
    mutating func remove(_ places: Range<Int>) {
        precondition(places.lowerBound >= 0 && places.upperBound <= count)
        if places.isEmpty { return }
        let behind = count - places.upperBound
        // Safe: both ranges are places with nodes.
        if places.lowerBound < behind {
            let target = unsafe base + start + places.count
            unsafe Heap.move(target, base + start, places.lowerBound * Self.stride)
            start += places.count
        } else {
            let target = unsafe base + start + places.lowerBound
            unsafe Heap.move(
                target, base + start + places.upperBound, behind * Self.stride)
        }
        count -= places.count
        if capacity > 16 && count < capacity / 8 { move(to: max(4, count * 2), inFront: false) }
    }

    /// Makes at least one place free at one end.
    private mutating func makeRoom(inFront: Bool) {
        let isHalfEmpty = capacity > 4 && count <= capacity / 2
        move(to: isHalfEmpty ? capacity : capacity * 2, inFront: inFront)
    }

    /// Moves the nodes to a block of `size` places, into its middle.
    private mutating func move(to size: Int, inFront: Bool) {
        let spare = size - count
        let gap = spare == 1 ? (inFront ? 1 : 0) : spare / 2
        if size == capacity {
            // Safe: both ranges lie in the block.
            unsafe Heap.move(base + gap, base + start, count * Self.stride)
        } else {
            // Safe: the new block has room for all nodes and the gap.
            let next = unsafe QuicklistNodes.allocate(size)
            unsafe Heap.copy(next + gap, base + start, count * Self.stride)
            unsafe Heap.free(base)
            unsafe base = next
            capacity = size
            footprint = measured
        }
        start = gap
    }
}
