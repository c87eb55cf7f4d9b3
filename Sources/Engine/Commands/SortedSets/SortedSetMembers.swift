import Bytes
import Grammar
import Structures
import Wire

// Single members: their scores and ranks, and their end.

extension SortedSets {
    static let zrem = Command<Store>(
        "ZREM", .sortedSet, [.write, .fast], since: "1.2.0",
        summary: "Removes members.",
        complexity: "O(M*log(N)), N being the size of the sorted set and M the members removed.",
        history: ["2.4.0": "Takes several members."],
        categories: [.sortedSet],
        arguments: [.key([.readWrite, .delete]), .string("member").repeated],
        examples: ["ZREM board bob"], run: runZrem)

    static func runZrem(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let call = call.arguments
        let removed = try store.modify(call[1], as: SortedSetObject.self, creating: false) {
            (edit, store) throws(CommandError) in
            for index in 2..<call.count where edit.object.remove(call[index]) {
                edit.changes += 1
                if edit.object.count == 0 { break }
            }
            if edit.changes > 0 { store.notify(.sortedSet, "zrem", call[1]) }
            return edit.changes
        }
        reply.integer(removed ?? 0)
    }

    static let zcard = Command<Store>(
        "ZCARD", .sortedSet, [.readonly, .fast], since: "1.2.0",
        summary: "Counts the members.",
        complexity: "O(1)", categories: [.sortedSet], arguments: [.key([.readOnly])],
        examples: ["ZCARD board"], run: runZcard)

    static func runZcard(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(try store.object(call[1], as: SortedSetObject.self)?.count ?? 0)
    }

    static let zscore = Command<Store>(
        "ZSCORE", .sortedSet, [.readonly, .fast], since: "1.2.0",
        summary: "Gives the score of a member.",
        complexity: "O(1)", categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .string("member")],
        examples: ["ZSCORE board ann"], run: runZscore)

    static func runZscore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let object = try store.object(call[1], as: SortedSetObject.self)
        guard let score = object?.score(of: call[2]) else { return reply.null() }
        reply.score(score, store.settings.flavour)
    }

    static let zmscore = Command<Store>(
        "ZMSCORE", .sortedSet, [.readonly, .fast], since: "6.2.0",
        summary: "Gives the scores of several members.",
        complexity: "O(N), N being the number of members asked for.",
        categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .string("member").repeated],
        examples: ["ZMSCORE board ann bob nobody"], run: runZmscore)

    static func runZmscore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let object = try store.object(call[1], as: SortedSetObject.self)
        reply.array(call.count - 2)
        for index in 2..<call.count {
            if let score = object?.score(of: call[index]) {
                reply.score(score, store.settings.flavour)
            } else {
                reply.null()
            }
        }
    }

    static let zrank = Command<Store>(
        "ZRANK", .sortedSet, [.readonly, .fast], since: "2.0.0",
        summary: "Gives the rank of a member, the lowest score being 0.",
        complexity: "O(log(N))",
        history: ["7.2.0": "`WITHSCORE` came."], categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .string("member"),
            .token("WITHSCORE").optional.only(.since72),
        ],
        examples: ["ZRANK board ann"], run: runZrank)

    static func runZrank(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try rank("zrank", fromTop: false, &store, call, &reply)
    }

    static let zrevrank = Command<Store>(
        "ZREVRANK", .sortedSet, [.readonly, .fast], since: "2.0.0",
        summary: "Gives the rank of a member, the highest score being 0.",
        complexity: "O(log(N))",
        history: ["7.2.0": "`WITHSCORE` came."], categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .string("member"),
            .token("WITHSCORE").optional.only(.since72),
        ],
        examples: ["ZREVRANK board ann"], run: runZrevrank)

    static func runZrevrank(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try rank("zrevrank", fromTop: true, &store, call, &reply)
    }

    private static func rank(
        _ name: String, fromTop: Bool, _ store: inout Store, _ call: borrowing Call,
        _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 4 { throw .wrongArity(name) }
        let withScore = call.count == 4
        if withScore, !call[3].matches("WITHSCORE") { throw .syntax }
        let object = try store.object(call[1], as: SortedSetObject.self)
        guard let object, let place = object.place(of: call[2]) else {
            return withScore ? reply.nullArray() : reply.null()
        }
        if withScore { reply.array(2) }
        reply.integer(fromTop ? object.count - 1 - place.rank : place.rank)
        if withScore { reply.score(place.score, store.settings.flavour) }
    }
}
