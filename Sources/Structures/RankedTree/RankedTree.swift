/// The order of a large sorted set: a counted B+ tree of scores and members.
///
/// Entries stand in order of score, and of the members' bytes where scores are equal. A leaf has
/// 62 of them, 16 bytes each: the score and the address of the member's record. A search
/// therefore reads the member itself only where scores are equal. Each inner node knows how many
/// entries there are below each child, so that the rank of an entry and the entry of a rank are
/// found in one descent; leaves are linked in both directions.
///
/// Insertion makes room on the way down, so that one pass suffices. A full leaf first gives
/// entries to a neighbour; only when that is full too the two become three. Leaves are filled to
/// four fifths by random insertion. What comes in order, at either end, fills them wholly.
/// A removal merges nodes when the two are full to no more than seven eighths afterwards.
///
/// The tree does not own the records: whoever keeps the table of members does, and frees a record
/// only when the tree has let go of it.
@safe
public struct RankedTree: ~Copyable {
    /// The number of entries.
    public private(set) var count = 0
    /// The topmost node: a leaf as long as all entries fit into one.
    var root: RankedNode
    /// The leaf with the lowest entries.
    var first: RankedNode
    /// The leaf with the highest entries.
    var last: RankedNode
    /// The number of nodes of all levels.
    var nodeCount = 1

    /// A tree without entries.
    public init() {
        root = RankedNode.allocate(level: 0)
        first = root
        last = root
    }

    deinit { RankedTree.free(root) }

    private static func free(_ node: RankedNode) {
        if !node.isLeaf {
            for index in 0..<node.count { free(node.child(index)) }
        }
        node.free()
    }

    /// Bytes that the tree takes, members not counted.
    public var footprint: Int { nodeCount * RankedNode.footprint }

    // MARK: Insertion

    /// Where an entry belongs in relation to all others.
    private enum End {
        case head
        case middle
        case tail
    }

    /// Adds a member with its score, which is a number. The member must not be in the tree.
    public mutating func insert(_ record: Record, score: Double) {
        var end = End.middle
        if count == 0 || last.isBefore(last.count - 1, score, record) {
            end = .tail
        } else if !first.isBefore(0, score, record) {
            end = .head
        }
        if root.isFull { growRoot() }
        var node = root
        while !node.isLeaf {
            var index = childIndex(of: node, score, record, end)
            if node.child(index).isFull {
                makeRoom(node, index, score, record, end)
                index = childIndex(of: node, score, record, end)
            }
            node.setTotal(below: index, node.total(below: index) + 1)
            if end == .head { node.setKey(0, score, record) }
            node = node.child(index)
        }
        let place: Int
        switch end {
        case .head: place = 0
        case .tail: place = node.count
        case .middle: place = node.partition(score, record, after: false)
        }
        node.openGap(at: place)
        node.setKey(place, score, record)
        count += 1
    }

    @inline(__always)
    private func childIndex(
        of node: RankedNode, _ score: Double, _ record: Record, _ end: End
    ) -> Int {
        switch end {
        case .head: 0
        case .tail: node.count - 1
        case .middle: max(0, node.partition(score, record, after: true) - 1)
        }
    }

    private mutating func newNode(level: Int) -> RankedNode {
        nodeCount += 1
        return RankedNode.allocate(level: level)
    }

    /// Puts a node with one child above a root that is full.
    private mutating func growRoot() {
        let above = newNode(level: root.level + 1)
        above.openGap(at: 0)
        above.setChild(0, root)
        RankedTree.refresh(above, 0)
        root = above
    }

    /// Brings what a node knows of a child up to date.
    private static func refresh(_ node: RankedNode, _ index: Int) {
        let child = node.child(index)
        node.setKey(index, child.score(0), child.record(0))
        node.setTotal(below: index, child.total)
    }

    /// Changes the children of `node`, which is not full, so that the entry to come finds a child
    /// with room.
    private mutating func makeRoom(
        _ node: RankedNode, _ index: Int, _ score: Double, _ record: Record, _ end: End
    ) {
        let child = node.child(index)
        if end != .middle {
            return child.isLeaf
                ? addLeaf(node, score, record, end) : split(node, index, end)
        }
        // Of two neighbours the one with more room.
        var neighbour: Int?
        if index > 0 { neighbour = index - 1 }
        if index + 1 < node.count,
            neighbour.map({ node.child(index + 1).count < node.child($0).count }) ?? true
        {
            neighbour = index + 1
        }
        guard let neighbour else { return split(node, index, end) }
        let left = min(index, neighbour)
        if node.child(neighbour).count <= child.capacity - 4 {
            level(node, left)
        } else if child.isLeaf {
            splitPair(node, left)
        } else {
            split(node, index, end)
        }
    }

    /// Adds an empty leaf at one end of the tree, below `node`, for the entry to come.
    private mutating func addLeaf(
        _ node: RankedNode, _ score: Double, _ record: Record, _ end: End
    ) {
        let leaf = newNode(level: 0)
        let place = end == .head ? 0 : node.count
        node.openGap(at: place)
        node.setChild(place, leaf)
        node.setKey(place, score, record)
        node.setTotal(below: place, 0)
        if end == .head {
            leaf.next = first
            first.previous = leaf
            first = leaf
        } else {
            leaf.previous = last
            last.next = leaf
            last = leaf
        }
    }

    /// Splits a child in two: in the middle, or so that the end that grows has all the room.
    private mutating func split(_ node: RankedNode, _ index: Int, _ end: End) {
        let child = node.child(index)
        let kept: Int
        switch end {
        case .head: kept = 1
        case .middle: kept = child.count / 2
        case .tail: kept = child.count - 1
        }
        let right = insertNode(node, after: index)
        child.move(from: kept, child.count - kept, to: right, at: 0)
        RankedTree.refresh(node, index)
        RankedTree.refresh(node, index + 1)
    }

    /// Makes three leaves of two full ones.
    private mutating func splitPair(_ node: RankedNode, _ index: Int) {
        let left = node.child(index)
        let right = node.child(index + 1)
        let third = (left.count + right.count) / 3
        let middle = insertNode(node, after: index)
        let fromLeft = left.count - third
        left.move(from: third, fromLeft, to: middle, at: 0)
        right.move(from: 0, right.count - third, to: middle, at: fromLeft)
        for place in index...(index + 2) { RankedTree.refresh(node, place) }
    }

    /// A new empty child behind another, linked into the chain when it is a leaf.
    private mutating func insertNode(_ node: RankedNode, after index: Int) -> RankedNode {
        let child = node.child(index)
        let added = newNode(level: child.level)
        node.openGap(at: index + 1)
        node.setChild(index + 1, added)
        if child.isLeaf {
            added.previous = child
            added.next = child.next
            child.next?.previous = added
            child.next = added
            if last == child { last = added }
        }
        return added
    }

    /// Gives two neighbours the same number of entries.
    private func level(_ node: RankedNode, _ index: Int) {
        let left = node.child(index)
        let right = node.child(index + 1)
        let half = (left.count + right.count) / 2
        if left.count > half {
            left.move(from: half, left.count - half, to: right, at: 0)
        } else {
            right.move(from: 0, half - left.count, to: left, at: left.count)
        }
        RankedTree.refresh(node, index)
        RankedTree.refresh(node, index + 1)
    }

    // MARK: Removal

    /// Takes a member with this score out. Returns false, and changes nothing, when it is not
    /// there.
    @discardableResult
    public mutating func remove(_ record: Record, score: Double) -> Bool {
        guard remove(root, record, score) else { return false }
        count -= 1
        shrinkRoot()
        return true
    }

    private mutating func remove(_ node: RankedNode, _ record: Record, _ score: Double) -> Bool {
        if node.isLeaf {
            let place = node.partition(score, record, after: false)
            guard place < node.count, node.record(place) == record else { return false }
            node.closeGap(at: place)
            return true
        }
        let index = max(0, node.partition(score, record, after: true) - 1)
        guard remove(node.child(index), record, score) else { return false }
        node.setTotal(below: index, node.total(below: index) - 1)
        settle(node, index)
        return true
    }

    /// Takes the entries with these ranks out, in order. Each record is handed to `release` before
    /// it goes, and may be freed there.
    public mutating func remove(ranks: Range<Int>, release: (Record, Double) -> Void) {
        precondition(ranks.lowerBound >= 0 && ranks.upperBound <= count)
        var left = ranks.count
        while left > 0 {
            let removed = removeRun(root, ranks.lowerBound, left, release)
            left -= removed
            count -= removed
            shrinkRoot()
        }
    }

    /// Takes up to `limit` entries from rank `rank` on out of one leaf, and returns how many.
    private mutating func removeRun(
        _ node: RankedNode, _ rank: Int, _ limit: Int, _ release: (Record, Double) -> Void
    ) -> Int {
        if node.isLeaf {
            let length = min(limit, node.count - rank)
            for place in rank..<(rank + length) { release(node.record(place), node.score(place)) }
            node.closeGap(at: rank, length)
            return length
        }
        var index = 0
        var rank = rank
        while rank >= node.total(below: index) {
            rank -= node.total(below: index)
            index += 1
        }
        let removed = removeRun(node.child(index), rank, limit, release)
        node.setTotal(below: index, node.total(below: index) - removed)
        settle(node, index)
        return removed
    }

    /// Brings a node up to date with a child that has lost entries: an empty one goes, and one
    /// that is less than half full goes into a neighbour when there is room.
    @inline(__always)
    private mutating func settle(_ node: RankedNode, _ index: Int) {
        let child = node.child(index)
        let count = child.count
        if count == 0 {
            drop(child)
            return node.closeGap(at: index)
        }
        node.setKey(index, child.score(0), child.record(0))
        if count >= child.capacity / 2 { return }
        let limit = child.capacity * 7 / 8
        if index + 1 < node.count, count + node.child(index + 1).count <= limit {
            merge(node, index)
        } else if index > 0, count + node.child(index - 1).count <= limit {
            merge(node, index - 1)
        }
    }

    private mutating func merge(_ node: RankedNode, _ index: Int) {
        let left = node.child(index)
        let right = node.child(index + 1)
        right.move(from: 0, right.count, to: left, at: left.count)
        drop(right)
        node.closeGap(at: index + 1)
        RankedTree.refresh(node, index)
    }

    /// Frees a node, and takes it out of the chain when it is a leaf.
    private mutating func drop(_ node: RankedNode) {
        if node.isLeaf {
            let (before, behind) = (node.previous, node.next)
            before?.next = behind
            behind?.previous = before
            if let behind, first == node { first = behind }
            if let before, last == node { last = before }
        }
        nodeCount -= 1
        node.free()
    }

    /// Takes levels away that a shrunken tree does not need.
    @inline(__always)
    private mutating func shrinkRoot() {
        while !root.isLeaf && root.count <= 1 {
            let old = root
            if old.count == 1 {
                root = old.child(0)
            } else {
                // The last leaf has just gone.
                root = newNode(level: 0)
                first = root
                last = root
            }
            nodeCount -= 1
            old.free()
        }
    }

    // MARK: Change

    /// Gives a member another score. Its entry stays in its place when it may.
    /// Returns false, and changes nothing, when the member is not there with the score `old`.
    @discardableResult
    public mutating func change(_ record: Record, from old: Double, to new: Double) -> Bool {
        let cursor = seek(record, score: old)
        guard let cursor, cursor.record == record else { return false }
        let (leaf, index) = (cursor.leaf, cursor.index)
        // The first entry of a leaf is known to the nodes above and cannot change in place.
        if index > 0, leaf.isBefore(index - 1, new, record),
            index + 1 == leaf.count
                ? leaf.next == nil : !leaf.isBefore(index + 1, new, record)
        {
            leaf.setScore(index, new)
            return true
        }
        remove(record, score: old)
        insert(record, score: new)
        return true
    }

    /// Tells the tree that a member's record has another address. Both records hold the member
    /// and can be read.
    public mutating func relocate(_ old: Record, to new: Record, score: Double) {
        var node = root
        while !node.isLeaf {
            let index = max(0, node.partition(score, old, after: true) - 1)
            if node.record(index) == old { node.setKey(index, node.score(index), new) }
            node = node.child(index)
        }
        let index = node.partition(score, old, after: false)
        precondition(index < node.count && node.record(index) == old, "no such member")
        node.setKey(index, node.score(index), new)
    }
}
