import Bytes

// Finding entries by rank, by score, by member, and walking on from there.

extension RankedTree {
    /// A place between two entries: how many stand before it, and how to walk on from there.
    /// Any change of the tree makes it stale.
    public struct Cursor {
        /// How many entries stand before this one.
        public private(set) var rank: Int
        let leaf: RankedNode
        let index: Int

        init(rank: Int, leaf: RankedNode, index: Int) {
            self.rank = rank
            self.leaf = leaf
            self.index = index
        }

        /// The score of the entry here.
        @inline(__always)
        public var score: Double { leaf.score(index) }

        /// The member of the entry here.
        @inline(__always)
        public var record: Record { leaf.record(index) }

        /// The entry behind this one, or nil.
        @inline(__always)
        public var next: Cursor? {
            if index + 1 < leaf.count {
                return Cursor(rank: rank + 1, leaf: leaf, index: index + 1)
            }
            guard let next = leaf.next else { return nil }
            return Cursor(rank: rank + 1, leaf: next, index: 0)
        }

        /// The entry before this one, or nil.
        @inline(__always)
        public var previous: Cursor? {
            if index > 0 { return Cursor(rank: rank - 1, leaf: leaf, index: index - 1) }
            guard let previous = leaf.previous else { return nil }
            return Cursor(rank: rank - 1, leaf: previous, index: previous.count - 1)
        }
    }

    /// The member that has `distance` others between itself and an end of the order, when it is
    /// in one of the two leaves there.
    @inline(__always)
    public func member(atDistance distance: Int, fromHighest: Bool) -> Record? {
        let end = fromHighest ? last : first
        if distance < end.count {
            return end.record(fromHighest ? end.count - 1 - distance : distance)
        }
        let rest = distance - end.count
        guard let leaf = fromHighest ? end.previous : end.next, rest < leaf.count else {
            return nil
        }
        return leaf.record(fromHighest ? leaf.count - 1 - rest : rest)
    }

    /// The entry with a rank, 0 being the lowest; nil when there are not so many.
    public func entry(at rank: Int) -> Cursor? {
        guard rank >= 0, rank < count else { return nil }
        var node = root
        var left = rank
        while !node.isLeaf {
            var index = 0
            while true {
                let total = node.total(below: index)
                if left < total { break }
                left -= total
                index += 1
            }
            node = node.child(index)
        }
        return Cursor(rank: rank, leaf: node, index: left)
    }

    /// The first entry whose score is at least `score`, or with `after` above it; nil when there
    /// is none.
    public func seek(score: Double, after: Bool) -> Cursor? {
        var node = root
        var rank = 0
        while !node.isLeaf {
            let index = max(0, node.partition(score: score, after: after) - 1)
            rank += node.total(before: index)
            node = node.child(index)
        }
        return cursor(node, node.partition(score: score, after: after), rank)
    }

    /// The first entry whose member is at least `member`, or with `after` behind it, in a tree
    /// whose scores are all the same; nil when there is none.
    public func seek(member: RawSpan, after: Bool) -> Cursor? {
        var node = root
        var rank = 0
        while !node.isLeaf {
            let index = max(0, node.partition(member: member, after: after) - 1)
            rank += node.total(before: index)
            node = node.child(index)
        }
        return cursor(node, node.partition(member: member, after: after), rank)
    }

    /// The first entry that does not stand before a member with this score; nil when there is
    /// none.
    public func seek(_ record: Record, score: Double) -> Cursor? {
        var node = root
        var rank = 0
        while !node.isLeaf {
            let index = max(0, node.partition(score, record, after: true) - 1)
            rank += node.total(before: index)
            node = node.child(index)
        }
        return cursor(node, node.partition(score, record, after: false), rank)
    }

    /// A place in a leaf that `rank` entries stand before: one behind its last entry is the first
    /// of the next leaf.
    @inline(__always)
    private func cursor(_ leaf: RankedNode, _ index: Int, _ rank: Int) -> Cursor? {
        if index < leaf.count { return Cursor(rank: rank + index, leaf: leaf, index: index) }
        guard let next = leaf.next else { return nil }
        return Cursor(rank: rank + index, leaf: next, index: 0)
    }

    /// The rank of a member with this score, or nil when it is not in the tree.
    public func rank(of record: Record, score: Double) -> Int? {
        guard let cursor = seek(record, score: score), cursor.record == record else { return nil }
        return cursor.rank
    }

    /// The lowest entry, or nil.
    public var lowest: Cursor? {
        count == 0 ? nil : Cursor(rank: 0, leaf: first, index: 0)
    }

    /// The highest entry, or nil.
    public var highest: Cursor? {
        count == 0 ? nil : Cursor(rank: count - 1, leaf: last, index: last.count - 1)
    }

    // MARK: Checks

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    public func checkInvariants() {
        var nodes = 0
        var leaves: [RankedNode] = []
        let total = check(root, isRoot: true, &nodes, &leaves)
        precondition(total == count, "count is \(count), \(total) entries found")
        precondition(nodes == nodeCount, "\(nodeCount) nodes counted, \(nodes) found")
        precondition(leaves.first == first && leaves.last == last, "the ends are not the ends")
        precondition(first.previous == nil && last.next == nil, "the chain goes on")
        for index in leaves.indices.dropFirst() {
            let (left, right) = (leaves[index - 1], leaves[index])
            precondition(left.next == right && right.previous == left, "a broken chain")
            precondition(
                left.isBefore(left.count - 1, right.score(0), right.record(0)), "out of order")
        }
    }

    private func check(
        _ node: RankedNode, isRoot: Bool, _ nodes: inout Int, _ leaves: inout [RankedNode]
    ) -> Int {
        nodes += 1
        precondition(isRoot || node.count > 0, "an empty node")
        precondition(node.count <= node.capacity, "a node beyond its capacity")
        for index in 0..<max(0, node.count - 1) {
            precondition(
                node.isBefore(index, node.score(index + 1), node.record(index + 1)),
                "out of order")
        }
        if node.isLeaf {
            leaves.append(node)
            return node.count
        }
        precondition(!isRoot || node.count > 1, "a root with one child")
        var sum = 0
        for index in 0..<node.count {
            let child = node.child(index)
            precondition(child.level == node.level - 1, "levels do not follow")
            let total = check(child, isRoot: false, &nodes, &leaves)
            precondition(node.total(below: index) == total, "a wrong count of a child")
            precondition(
                node.score(index) == child.score(0) && node.record(index) == child.record(0),
                "a wrong first entry of a child")
            sum += total
        }
        return sum
    }
}
