import Bytes
import Structures

/// A large sorted set: a table that finds members, whose records keep the scores, and a tree that
/// has the order.
struct ScoreTable: ~Copyable {
    /// The members; a record's payload is the score.
    private(set) var members: MemberTable
    /// The order; it refers to the records of the table.
    private(set) var tree = RankedTree()

    /// A sorted set without members, its hash keyed by `sipKey`.
    init(sipKey: SipKey) { members = MemberTable(sipKey: sipKey, keepsPlaces: true) }

    /// The members of a table, which must have been made so that they keep their places, and
    /// whose payloads are the scores.
    init(members: consuming MemberTable) {
        self.members = members
        var order = RankedTree()
        self.members.forEach { order.insert($0, score: $0.memberScore) }
        tree = order
    }

    private init(copying other: borrowing ScoreTable) {
        members = other.members.duplicate()
        var cursor = other.tree.lowest
        while let here = cursor {
            if let record = members.find(here.record.key) {
                tree.insert(record, score: here.score)
            }
            cursor = here.next
        }
    }

    /// A copy that shares nothing.
    func duplicate() -> ScoreTable { ScoreTable(copying: self) }

    /// The number of members.
    @inline(__always)
    var count: Int { tree.count }

    /// Bytes that members and order take together.
    var footprint: Int { members.footprint + tree.footprint }

    // MARK: One member

    /// The hash of a member, for the calls that take one.
    @inline(__always)
    func hash(of member: RawSpan) -> UInt64 { members.hash(of: member) }

    /// The record of a member, or nil.
    @inline(__always)
    func find(_ member: RawSpan, hash: UInt64) -> Record? { members.find(member, hash: hash) }

    /// The score of a member, or nil when it is not there.
    @inline(__always)
    func score(of member: RawSpan) -> Double? {
        members.find(member).map { $0.memberScore }
    }

    /// The place of a member in the order, or nil when it is not there.
    func place(of member: RawSpan) -> RankedTree.Cursor? {
        guard let record = members.find(member) else { return nil }
        return tree.seek(record, score: record.memberScore)
    }

    /// Adds a member that is not there.
    @inline(__always)
    mutating func insert(_ member: RawSpan, hash: UInt64, score: Double) {
        let record = members.insert(member, hash: hash, payload: score.bitPattern)
        tree.insert(record, score: score)
    }

    /// Gives a member another score.
    @inline(__always)
    mutating func change(_ record: Record, to score: Double) {
        tree.change(record, from: record.memberScore, to: score)
        record.payload = score.bitPattern
    }

    /// Takes a member out; false when it is not there.
    mutating func remove(_ member: RawSpan) -> Bool {
        guard let record = members.find(member) else { return false }
        tree.remove(record, score: record.memberScore)
        members.remove(member)
        return true
    }

    /// The entry with a rank; the ends are at hand.
    @inline(__always)
    func cursor(at rank: Int) -> RankedTree.Cursor? {
        if rank == 0 { return tree.lowest }
        return rank == tree.count - 1 ? tree.highest : tree.entry(at: rank)
    }

    /// Takes the members with these ranks out.
    mutating func remove(ranks: Range<Int>) {
        if ranks.count == 1 {
            var only: Record?
            tree.remove(ranks: ranks) { record, _ in only = record }
            if let only { members.remove(only.key) }
            prefetchRemovals(fromHighest: ranks.lowerBound > 0)
            return
        }
        // The table frees a record when the tree has let go of it.
        var released: [Record] = []
        released.reserveCapacity(ranks.count)
        tree.remove(ranks: ranks) { record, _ in released.append(record) }
        for record in released { members.remove(record.key) }
    }

    /// Members up to which nothing is asked for ahead: they are in the cache by themselves.
    private static let smallTable = 4096

    /// Asks for what the next removals at the same end will need. The order knows who is next, and
    /// each removal would else wait twice for memory: for the member, and for its bucket.
    @inline(__always)
    private func prefetchRemovals(fromHighest: Bool) {
        if count < ScoreTable.smallTable { return }
        tree.member(atDistance: 6, fromHighest: fromHighest)?.prefetch()
        if let member = tree.member(atDistance: 3, fromHighest: fromHighest) {
            members.prefetch(members.hash(of: member.key))
        }
    }

    /// Makes room for members that will come, in an empty set.
    mutating func reserve(_ count: Int) { members.reserve(count) }

    // MARK: Memory

    /// True when removals have left so much unused that the records should move together.
    @inline(__always)
    var isWasteful: Bool { members.isWasteful }

    /// Moves some records out of memory that is mostly unused.
    @inline(never)
    mutating func moveRecords() {
        var order = RankedTree()
        swap(&order, &tree)
        members.moveRecords { old, new in
            order.relocate(old, to: new, score: old.memberScore)
        }
        swap(&order, &tree)
    }

    /// Visits the members of one bucket and returns the next cursor, 0 at the end.
    mutating func scan(_ cursor: UInt64, visit: (Record) -> Void) -> UInt64 {
        members.scan(cursor, visit: visit)
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    func checkInvariants() {
        members.checkInvariants()
        tree.checkInvariants()
        precondition(members.count == tree.count, "table and tree differ")
        var cursor = tree.lowest
        while let here = cursor {
            precondition(members.find(here.record.key) == here.record, "a record of no member")
            precondition(here.record.memberScore == here.score, "table and tree differ")
            cursor = here.next
        }
    }
}

extension Record {
    /// The score of a member of a large sorted set.
    @inline(__always)
    var memberScore: Double { Double(bitPattern: payload) }
}
