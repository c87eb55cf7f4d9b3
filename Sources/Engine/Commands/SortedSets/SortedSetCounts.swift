import Bytes
import Grammar
import Structures
import Wire

// Counting and removing the members of a range.

extension SortedSets {
    static let zcount = Command<Store>(
        "ZCOUNT", .sortedSet, [.readonly, .fast], since: "2.0.0",
        summary: "Counts the members in a range of scores.",
        complexity: "O(log(N)), N being the size of the sorted set.",
        categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .double("min"), .double("max")],
        examples: ["ZCOUNT board (100 +inf"], run: runZcount)

    static func runZcount(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try ScoreBounds(call[2], call[3])
        let object = try store.object(call[1], as: SortedSetObject.self)
        reply.integer(object.map { bounds.ranks(of: $0).count } ?? 0)
    }

    static let zlexcount = Command<Store>(
        "ZLEXCOUNT", .sortedSet, [.readonly, .fast], since: "2.8.9",
        summary: "Counts the members in a range of members, when all scores are the same.",
        complexity: "O(log(N)), N being the size of the sorted set.",
        categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .string("min"), .string("max")],
        examples: ["ZLEXCOUNT words [a (c"], run: runZlexcount)

    static func runZlexcount(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try MemberBounds(call[2], call[3])
        guard let object = try store.object(call[1], as: SortedSetObject.self) else {
            return reply.integer(0)
        }
        reply.integer(bounds.ranks(of: object).count)
    }

    private static let removal =
        "O(log(N)+M), N being the size of the sorted set and M the members removed."

    static let zremrangebyrank = Command<Store>(
        "ZREMRANGEBYRANK", .sortedSet, [.write], since: "2.0.0",
        summary: "Removes the members in a range of ranks.",
        complexity: removal, categories: [.sortedSet],
        arguments: [.key([.readWrite, .delete]), .integer("start"), .integer("stop")],
        examples: ["ZREMRANGEBYRANK board 0 -101"], run: runZremrangebyrank)

    static func runZremrangebyrank(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try RankBounds(call[2], call[3])
        let key = call[1]
        let removed = try store.modify(key, as: SortedSetObject.self, creating: false) {
            (edit, store) throws(CommandError) in
            let ranks = bounds.ranks(of: edit.object.count)
            return store.remove(ranks, of: &edit, key, "zremrangebyrank")
        }
        reply.integer(removed ?? 0)
    }

    static let zremrangebyscore = Command<Store>(
        "ZREMRANGEBYSCORE", .sortedSet, [.write], since: "1.2.0",
        summary: "Removes the members in a range of scores.",
        complexity: removal, categories: [.sortedSet],
        arguments: [.key([.readWrite, .delete]), .double("min"), .double("max")],
        examples: ["ZREMRANGEBYSCORE board -inf (10"], run: runZremrangebyscore)

    static func runZremrangebyscore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try ScoreBounds(call[2], call[3])
        let key = call[1]
        let removed = try store.modify(key, as: SortedSetObject.self, creating: false) {
            (edit, store) throws(CommandError) in
            let ranks = bounds.ranks(of: edit.object)
            return store.remove(ranks, of: &edit, key, "zremrangebyscore")
        }
        reply.integer(removed ?? 0)
    }

    static let zremrangebylex = Command<Store>(
        "ZREMRANGEBYLEX", .sortedSet, [.write], since: "2.8.9",
        summary: "Removes the members in a range of members, when all scores are the same.",
        complexity: removal, categories: [.sortedSet],
        arguments: [.key([.readWrite, .delete]), .string("min"), .string("max")],
        examples: ["ZREMRANGEBYLEX words [a (c"], run: runZremrangebylex)

    static func runZremrangebylex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try MemberBounds(call[2], call[3])
        let key = call[1]
        let removed = try store.modify(key, as: SortedSetObject.self, creating: false) {
            (edit, store) throws(CommandError) in
            let ranks = bounds.ranks(of: edit.object)
            return store.remove(ranks, of: &edit, key, "zremrangebylex")
        }
        reply.integer(removed ?? 0)
    }
}

extension Store {
    /// Takes the members with these ranks out of a sorted set that is being changed, publishes
    /// the event, and returns how many they were.
    fileprivate mutating func remove(
        _ ranks: Range<Int>, of edit: inout Edit<SortedSetObject>, _ key: RawSpan,
        _ event: StaticString
    ) -> Int {
        edit.object.remove(ranks: ranks)
        edit.changes += ranks.count
        if ranks.count > 0 { notify(.sortedSet, event, key) }
        return ranks.count
    }
}
