import Bytes
import Grammar
import Structures
import Wire

// Members by chance, and all members in steps.

extension SortedSets {
    static let zrandmember = Command<Store>(
        "ZRANDMEMBER", .sortedSet, [.readonly], since: "6.2.0",
        summary: "Gives members chosen at random: different ones, or with a negative count any.",
        complexity: "O(N), N being the number of members given.",
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]),
            .block("options", [.integer("count"), .token("WITHSCORES").optional]).optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["ZRANDMEMBER board", "ZRANDMEMBER board -5 WITHSCORES"], run: runZrandmember)

    static func runZrandmember(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count == 2 {
            guard let object = try store.object(call[1], as: SortedSetObject.self) else {
                return reply.null()
            }
            let rank = store.random.next(below: object.count)
            return object.forEach(from: rank, count: 1) { element, _ in reply.text(element) }
        }
        guard let count = call[2].canonicalInteger else { throw .notInteger }
        if count == .min { throw .countOutOfRange }
        let withScores = call.count == 4 && call[3].matches("WITHSCORES")
        if call.count > 4 || call.count == 4 && !withScores { throw .syntax }
        if withScores, count.magnitude > UInt64(Int64.max / 2) { throw .outOfRange }
        guard let object = try store.object(call[1], as: SortedSetObject.self), count != 0 else {
            return reply.array(0)
        }
        let flavour = store.settings.flavour
        if count > 0, count >= object.count {
            reply.scoredHead(object.count, withScores: withScores)
            return object.forEach(
                from: object.count - 1, count: object.count, reversed: true
            ) { element, score in
                reply.scored(element, withScores ? score : nil, flavour)
            }
        }
        reply.scoredHead(Int(count.magnitude), withScores: withScores)
        store.forEachRandomRank(below: object.count, count) { rank in
            object.forEach(from: rank, count: 1) { element, score in
                reply.scored(element, withScores ? score : nil, flavour)
            }
        }
    }

    static let zscan = Command<Store>(
        "ZSCAN", .sortedSet, [.readonly], since: "2.8.0",
        summary: """
            Walks the members with their scores, a few at a time: each reply has the cursor for \
            the next call, 0 at the end.
            """,
        complexity: "O(1) a call; O(N) for the whole walk, N being the number of members.",
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .integer("cursor"),
            .pattern("pattern").after("MATCH").optional,
            .integer("count").after("COUNT").optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["ZSCAN board 0 MATCH a*"], run: runZscan)

    static func runZscan(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let cursor = try Keys.scanCursor(call[2])
        guard let object = try store.object(call[1], as: SortedSetObject.self) else {
            reply.array(2)
            reply.bulk(decimal: 0)
            return reply.array(0)
        }
        let options = try CollectionScanOptions(call, from: 3)
        reply.array(2)
        if let small = object.small {
            reply.bulk(decimal: 0)
            return reply.deferred(.array) { reply in small.writePairs(options, &reply) }
        }
        var records: [Record] = []
        let large = object.large
        let next = options.collect(from: cursor, into: &records) {
            large.value.scan($0, visit: $1)
        }
        reply.bulk(utf8: String(next))
        reply.deferred(.array) { reply in
            var count = 0
            for record in records where options.passes(record.key) {
                reply.bulk(record.key)
                // Here every flavour has seventeen digits, and a string in both protocols.
                reply.bulk(record.memberScore.digits(.redis70))
                count += 2
            }
            return count
        }
    }
}

extension ScoredListpack {
    /// Writes the members that pass with their scores, as they are kept, and returns how many
    /// words that is.
    fileprivate func writePairs(
        _ options: CollectionScanOptions, _ reply: inout ReplyWriter
    ) -> Int {
        var count = 0
        var position = pack.first
        while let here = position, let place = pack.next(after: here) {
            let member = pack.element(at: here)
            if member.withText({ options.passes($0) }) {
                reply.text(member)
                reply.text(pack.element(at: place))
                count += 2
            }
            position = pack.next(after: place)
        }
        return count
    }
}

extension Store {
    /// Draws numbers below `bound`: `count` different ones, fewer than the bound, or when it is
    /// negative so many of any.
    fileprivate mutating func forEachRandomRank(
        below bound: Int, _ count: Int64, _ body: (Int) -> Void
    ) {
        if count < 0 {
            for _ in 0..<count.magnitude { body(random.next(below: bound)) }
            return
        }
        let wanted = Int(count)
        if wanted > bound / 3 {
            var ranks = Array(0..<bound)
            for index in 0..<wanted {
                ranks.swapAt(index, index + random.next(below: bound - index))
                body(ranks[index])
            }
            return
        }
        var drawn = Set<Int>()
        while drawn.count < wanted {
            let rank = random.next(below: bound)
            if drawn.insert(rank).inserted { body(rank) }
        }
    }
}
