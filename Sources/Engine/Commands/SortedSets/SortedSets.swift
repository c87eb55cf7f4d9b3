import Bytes
import Grammar
import Structures
import Wire

/// The commands of sorted sets.
enum SortedSets {
    static var commands: [Command<Store>] {
        [zadd, zincrby, zrem, zcard, zscore, zmscore, zrank, zrevrank, zcount, zlexcount]
            + [zrange, zrangestore, zrevrange, zrangebyscore, zrevrangebyscore]
            + [zrangebylex, zrevrangebylex]
            + [zremrangebyrank, zremrangebyscore, zremrangebylex]
            + [zpopmin, zpopmax, zmpop, bzpopmin, bzpopmax, bzmpop, zrandmember, zscan]
            + [zunion, zinter, zdiff, zunionstore, zinterstore, zdiffstore, zintercard]
    }

    // MARK: ZADD, ZINCRBY

    static let zadd = Command<Store>(
        "ZADD", .sortedSet, [.write, .denyOOM, .fast], since: "1.2.0",
        summary: "Adds members with their scores, or gives members other scores.",
        complexity: "O(log(N)) a member, N being the size of the sorted set.",
        history: [
            "2.4.0": "Takes several members.",
            "3.0.2": "`XX`, `NX`, `CH` and `INCR` came.",
            "6.2.0": "`GT` and `LT` came.",
        ],
        categories: [.sortedSet],
        arguments: [
            .key([.readWrite, .update]),
            .oneOf("condition", [.token("NX"), .token("XX")]).since("3.0.2").optional,
            .oneOf("comparison", [.token("GT"), .token("LT")]).since("6.2.0").optional,
            .token("CH", "change").since("3.0.2").optional,
            .token("INCR", "increment").since("3.0.2").optional,
            .block("score_member", [.double("score"), .string("member")]).repeated
                .only(.redis70),
            .block("data", [.double("score"), .string("member")]).repeated.only(.since72),
        ],
        conflicts: [["NX", "GT"], ["NX", "LT"]],
        examples: ["ZADD board 120 ann 95 bob", "ZADD board XX GT CH 130 ann"], run: runZadd)

    static func runZadd(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try put(AddOptions(call, isIncrement: false), &store, call, &reply)
    }

    static let zincrby = Command<Store>(
        "ZINCRBY", .sortedSet, [.write, .denyOOM, .fast], since: "1.2.0",
        summary: "Adds to the score of a member, which begins at 0.",
        complexity: "O(log(N)), N being the size of the sorted set.",
        categories: [.sortedSet],
        arguments: [
            .key([.readWrite, .access, .update]), .integer("increment"), .string("member"),
        ],
        examples: ["ZINCRBY board 10 ann"], run: runZincrby)

    static func runZincrby(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try put(AddOptions(call, isIncrement: true), &store, call, &reply)
    }

    /// The options of ZADD, and where the scores begin.
    private struct AddOptions {
        var conditions: ScoreChange.Conditions = []
        var countsChanges = false
        var isIncrement: Bool
        var start = 2

        @inline(__always)
        init(_ call: borrowing Call, isIncrement: Bool) throws(CommandError) {
            self.isIncrement = isIncrement
            // A score that is plain digits is no option, and that is what most lines have.
            if call[2].byteCount > 0, !call[2][0].isASCIIDigit { try readOptions(call) }
            let words = call.count - start
            if words == 0 || words % 2 != 0 { throw .syntax }
            if conditions.rawValue != 0 { try check() }
            if self.isIncrement && words > 2 { throw .singleIncrement }
        }

        private mutating func readOptions(_ call: borrowing Call) throws(CommandError) {
            var cursor = ArgumentCursor(call, from: 2)
            while true {
                if cursor.take("NX") {
                    conditions.insert(.onlyNew)
                } else if cursor.take("XX") {
                    conditions.insert(.onlyExisting)
                } else if cursor.take("GT") {
                    conditions.insert(.onlyGreater)
                } else if cursor.take("LT") {
                    conditions.insert(.onlyLess)
                } else if cursor.take("CH") {
                    countsChanges = true
                } else if cursor.take("INCR") {
                    isIncrement = true
                } else {
                    break
                }
            }
            start = cursor.index
        }

        private func check() throws(CommandError) {
            let isNew = conditions.contains(.onlyNew)
            if isNew && conditions.contains(.onlyExisting) { throw .conflictingPresence }
            let orders = conditions.intersection([.onlyGreater, .onlyLess])
            if orders.rawValue != 0 && isNew || orders == [.onlyGreater, .onlyLess] {
                throw .conflictingOrder
            }
        }
    }

    @inline(__always)
    private static func put(
        _ options: AddOptions, _ store: inout Store, _ call: borrowing Call,
        _ reply: inout ReplyWriter
    ) throws(CommandError) {
        // All scores are read before the first member changes.
        let first = try score(call[options.start])
        for index in stride(from: options.start + 2, to: call.count, by: 2) {
            _ = try score(call[index])
        }
        let rules = store.sortedSetRules
        let creating = !options.conditions.contains(.onlyExisting)
        let call = call.arguments
        var sum = PutSum()
        try store.modify(call[1], as: SortedSetObject.self, creating: creating) {
            (edit, store) throws(CommandError) in
            defer {
                edit.changes = sum.added + sum.updated
                if edit.changes > 0 {
                    store.notify(.sortedSet, options.isIncrement ? "zincr" : "zadd", call[1])
                }
            }
            edit.object.expect((call.count - options.start) / 2, rules)
            for index in stride(from: options.start, to: call.count, by: 2) {
                let value = index == options.start ? first : try score(call[index])
                let change = ScoreChange(
                    value: value, isIncrement: options.isIncrement,
                    conditions: options.conditions)
                sum.note(try edit.object.put(call[index + 1], change, rules))
            }
        }
        if !options.isIncrement {
            return reply.integer(options.countsChanges ? sum.added + sum.updated : sum.added)
        }
        guard let score = sum.score else { return reply.null() }
        reply.score(score, rules.flavour)
    }

    /// What became of the members of one ZADD.
    private struct PutSum {
        var added = 0
        var updated = 0
        var score: Double?

        @inline(__always)
        mutating func note(_ result: (outcome: SortedSetObject.Outcome, score: Double)) {
            switch result.outcome {
            case .added: added += 1
            case .updated: updated += 1
            case .same: break
            case .refused: return
            }
            score = result.score
        }
    }

    @inline(__always)
    private static func score(_ word: RawSpan) throws(CommandError) -> Double {
        guard let score = Doubles.parse(word) else { throw .notFloat }
        return score
    }
}

extension SortedSetObject {
    /// Makes an empty value large at once when so many members come with it; since 7.2.
    @inline(__always)
    mutating func expect(_ members: Int, _ rules: Rules) {
        if members > rules.entries, rules.flavour != .redis70, count == 0 {
            becomeLarge(rules.sipKey)
        }
    }
}

extension ReplyWriter {
    /// A score: a double in RESP3, else its digits as a string.
    @inline(__always)
    mutating func score(_ score: Double, _ flavour: Flavour) {
        if version == .two, let whole = Int64(exactly: score),
            score.magnitude < 1e15, whole != 0
        {
            return bulk(decimal: whole)
        }
        scoreDigits(score, flavour)
    }

    private mutating func scoreDigits(_ score: Double, _ flavour: Flavour) {
        let digits = score.digits(flavour)
        if version == .two { return bulk(digits) }
        buffer.append(UInt8(ascii: ","))
        buffer.append(digits)
        buffer.append("\r\n")
    }
}
