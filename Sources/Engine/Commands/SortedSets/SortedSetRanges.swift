import Bytes
import Grammar
import Structures
import Wire

// ZRANGE and all that came before it: one reader of options, one way to answer.

extension SortedSets {
    private static let limit = Argument.block(
        "offset_count", [.integer("offset"), .integer("count")]
    ).after("LIMIT").optional
    private static let sortBy = Argument.oneOf(
        "sortby", [.token("BYSCORE"), .token("BYLEX")]
    ).optional
    private static let logarithmic =
        "O(log(N)+M), N being the size of the sorted set and M the members returned."

    static let zrange = Command<Store>(
        "ZRANGE", .sortedSet, [.readonly], since: "1.2.0",
        summary: "Gives the members in a range of ranks, of scores or of the members themselves.",
        complexity: logarithmic,
        history: ["6.2.0": "`REV`, `BYSCORE`, `BYLEX` and `LIMIT` came."],
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .string("start"), .string("stop"),
            sortBy.since("6.2.0"), .token("REV").since("6.2.0").optional, limit.since("6.2.0"),
            .token("WITHSCORES").optional,
        ],
        conflicts: [["BYLEX", "WITHSCORES"]],
        examples: ["ZRANGE board 0 9 REV WITHSCORES", "ZRANGE board (100 +inf BYSCORE"],
        run: runZrange)

    static func runZrange(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: nil, reversed: nil), &store, call, &reply)
    }

    static let zrevrange = Command<Store>(
        "ZREVRANGE", .sortedSet, [.readonly], since: "1.2.0",
        summary: "Gives the members in a range of ranks, from the highest on.",
        complexity: logarithmic,
        deprecated: (since: "6.2.0", replacedBy: "`ZRANGE` with the `REV` argument"),
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .integer("start"), .integer("stop"),
            .token("WITHSCORES").optional,
        ],
        examples: ["ZREVRANGE board 0 9 WITHSCORES"], run: runZrevrange)

    static func runZrevrange(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: .rank, reversed: true), &store, call, &reply)
    }

    static let zrangebyscore = Command<Store>(
        "ZRANGEBYSCORE", .sortedSet, [.readonly], since: "1.0.5",
        summary: "Gives the members in a range of scores.",
        complexity: logarithmic,
        history: ["2.0.0": "`WITHSCORES` came."],
        deprecated: (since: "6.2.0", replacedBy: "`ZRANGE` with the `BYSCORE` argument"),
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .double("min"), .double("max"),
            .token("WITHSCORES").since("2.0.0").optional, limit,
        ],
        examples: ["ZRANGEBYSCORE board (100 +inf WITHSCORES LIMIT 0 10"],
        run: runZrangebyscore)

    static func runZrangebyscore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: .score, reversed: false), &store, call, &reply)
    }

    static let zrevrangebyscore = Command<Store>(
        "ZREVRANGEBYSCORE", .sortedSet, [.readonly], since: "2.2.0",
        summary: "Gives the members in a range of scores, from the highest on.",
        complexity: logarithmic,
        history: ["2.1.6": "`min` and `max` may be exclusive."],
        deprecated: (
            since: "6.2.0", replacedBy: "`ZRANGE` with the `REV` and `BYSCORE` arguments"
        ),
        categories: [.sortedSet],
        arguments: [
            .key([.readOnly, .access]), .double("max"), .double("min"),
            .token("WITHSCORES").optional, limit,
        ],
        examples: ["ZREVRANGEBYSCORE board +inf 100"], run: runZrevrangebyscore)

    static func runZrevrangebyscore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: .score, reversed: true), &store, call, &reply)
    }

    static let zrangebylex = Command<Store>(
        "ZRANGEBYLEX", .sortedSet, [.readonly], since: "2.8.9",
        summary: "Gives the members in a range of members, when all scores are the same.",
        complexity: logarithmic,
        deprecated: (since: "6.2.0", replacedBy: "`ZRANGE` with the `BYLEX` argument"),
        categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .string("min"), .string("max"), limit],
        examples: ["ZRANGEBYLEX words [a (c"], run: runZrangebylex)

    static func runZrangebylex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: .member, reversed: false), &store, call, &reply)
    }

    static let zrevrangebylex = Command<Store>(
        "ZREVRANGEBYLEX", .sortedSet, [.readonly], since: "2.8.9",
        summary: "Gives the members in a range of members from the last on, when all scores are "
            + "the same.",
        complexity: logarithmic,
        deprecated: (
            since: "6.2.0", replacedBy: "`ZRANGE` with the `REV` and `BYLEX` arguments"
        ),
        categories: [.sortedSet],
        arguments: [.key([.readOnly, .access]), .string("max"), .string("min"), limit],
        examples: ["ZREVRANGEBYLEX words (c [a"], run: runZrevrangebylex)

    static func runZrevrangebylex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try range(RangeRequest(call, from: 1, by: .member, reversed: true), &store, call, &reply)
    }

    static let zrangestore = Command<Store>(
        "ZRANGESTORE", .sortedSet, [.write, .denyOOM], since: "6.2.0",
        summary: "Keeps the members in a range as a sorted set of their own.",
        complexity: "O(log(N)+M), N being the size of the sorted set and M the members kept.",
        categories: [.sortedSet],
        arguments: [
            .key([.overwrite, .update], "dst"), .key([.readOnly, .access], "src"),
            .string("min"), .string("max"), sortBy, .token("REV").optional, limit,
        ],
        examples: ["ZRANGESTORE top board 0 9 REV"], run: runZrangestore)

    static func runZrangestore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let request = try RangeRequest(call, from: 2, by: nil, reversed: nil)
        let bounds = try request.bounds(call)
        let source = try store.object(call[2], as: SortedSetObject.self)
        let rules = store.sortedSetRules
        guard let source else {
            return store.keep(SortedSetObject.makeEmpty(store), at: call[1], "zrangestore", &reply)
        }
        let ranks = request.ranks(bounds, of: source)
        // The members come one by one, so that a negative zero becomes a zero where it does in
        // the field: in the small form.
        var result =
            request.order == .rank && ranks.count > rules.entries
            ? SortedSetObject.makeTable(rules.sipKey) : SortedSetObject.makeEmpty(store)
        source.forEach(
            from: request.isReversed ? ranks.upperBound - 1 : ranks.lowerBound,
            count: ranks.count, reversed: request.isReversed
        ) { element, score in
            element.withText { result.add($0, score, rules) }
        }
        store.keep(result, at: call[1], "zrangestore", &reply)
    }

    @inline(__always)
    private static func range(
        _ request: RangeRequest, _ store: inout Store, _ call: borrowing Call,
        _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let bounds = try request.bounds(call)
        guard let object = try store.object(call[1], as: SortedSetObject.self) else {
            return reply.array(0)
        }
        let ranks = request.ranks(bounds, of: object)
        let start = request.isReversed ? ranks.upperBound - 1 : ranks.lowerBound
        let flavour = store.settings.flavour
        reply.scoredHead(ranks.count, withScores: request.withScores)
        object.forEach(from: start, count: ranks.count, reversed: request.isReversed) {
            element, score in
            reply.scored(element, request.withScores ? score : nil, flavour)
        }
    }
}

/// What ZRANGE and its kin were asked for.
struct RangeRequest {
    /// What a range is of.
    enum Order {
        case rank
        case score
        case member
    }

    /// The ends of a range, read.
    enum Bounds: ~Escapable {
        case ranks(RankBounds)
        case scores(ScoreBounds)
        case members(MemberBounds)
    }

    private let key: Int
    private(set) var order: Order
    private(set) var isReversed: Bool
    private(set) var withScores = false
    private var limit: (offset: Int64, count: Int64)?

    /// Reads the options behind the ends of the range, which follow the key at `key`.
    /// - Parameters:
    ///   - order: what the range is of, when the command's name says so.
    ///   - reversed: from which end it is read, when the command's name says so.
    init(
        _ call: borrowing Call, from key: Int, by order: Order?, reversed: Bool?
    ) throws(CommandError) {
        self.key = key
        self.order = order ?? .rank
        isReversed = reversed ?? false
        if call.count > key + 3 { try readOptions(call, order, reversed) }
        // A limit of all members is no limit, and passes where none may be.
        if let limit, limit.count != -1, self.order == .rank { throw .limitByRank }
        if withScores && self.order == .member { throw .scoresByMember }
    }

    private mutating func readOptions(
        _ call: borrowing Call, _ order: Order?, _ reversed: Bool?
    ) throws(CommandError) {
        var cursor = ArgumentCursor(call, from: key + 3)
        var (order, reversed) = (order, reversed)
        while !cursor.isAtEnd {
            if key == 1, cursor.take("WITHSCORES") {
                withScores = true
            } else if cursor.take("LIMIT", followedBy: 2) {
                guard let offset = cursor.next()?.canonicalInteger,
                    let count = cursor.next()?.canonicalInteger
                else { throw .notInteger }
                limit = (offset, count)
            } else if reversed == nil, cursor.take("REV") {
                reversed = true
            } else if order == nil, cursor.take("BYLEX") {
                order = .member
            } else if order == nil, cursor.take("BYSCORE") {
                order = .score
            } else {
                throw .syntax
            }
        }
        if let order { self.order = order }
        if let reversed { isReversed = reversed }
    }

    /// Reads the ends of the range.
    @_lifetime(copy call)
    func bounds(_ call: borrowing Call) throws(CommandError) -> Bounds {
        let (first, second) = (key + 1, key + 2)
        switch order {
        case .rank: return .ranks(try RankBounds(call[first], call[second]))
        case .score:
            let (low, high) = isReversed ? (second, first) : (first, second)
            return .scores(try ScoreBounds(call[low], call[high]))
        case .member:
            let (low, high) = isReversed ? (second, first) : (first, second)
            return .members(try MemberBounds(call[low], call[high]))
        }
    }

    /// The ranks that are asked for.
    @inline(__always)
    func ranks(_ bounds: borrowing Bounds, of object: SortedSetObject) -> Range<Int> {
        switch bounds {
        case .ranks(let bounds):
            let count = object.count
            let ranks = bounds.ranks(of: count)
            return isReversed ? ranks.reversed(of: count) : ranks
        case .scores(let bounds):
            return bounds.ranks(of: object).limited(limit, reversed: isReversed)
        case .members(let bounds):
            return bounds.ranks(of: object).limited(limit, reversed: isReversed)
        }
    }
}

extension ScoreTable {
    /// Adds a member that is not there.
    mutating func insert(_ member: borrowing Listpack.Element, score: Double) {
        switch copy member {
        case .bytes(let bytes): insert(bytes, hash: hash(of: bytes), score: score)
        case .integer(let number):
            let digits = number.decimalBytes
            insert(digits.rawSpan, hash: hash(of: digits.rawSpan), score: score)
        }
    }
}

extension Store {
    /// Puts a sorted set just made in the place of what `key` holds, and answers its size.
    mutating func keep(
        _ object: SortedSetObject, at key: RawSpan, _ event: StaticString,
        _ reply: inout ReplyWriter
    ) {
        let count = object.count
        if count > 0 {
            assign(key, object: object)
            notify(.sortedSet, event, key)
        } else {
            object.free()
            if let location = find(key, .silent) {
                remove(location)
                notify(.generic, "del", key)
            }
        }
        reply.integer(count)
    }
}

extension ReplyWriter {
    /// The head of a row of members: with scores RESP2 has them in between, RESP3 has pairs.
    @inline(__always)
    mutating func scoredHead(_ count: Int, withScores: Bool) {
        array(withScores && version == .two ? count * 2 : count)
    }

    /// A member of such a row, with its score where one is given.
    @inline(__always)
    mutating func scored(
        _ member: borrowing Listpack.Element, _ score: Double?, _ flavour: Flavour
    ) {
        guard let score else { return text(member) }
        if version == .three { array(2) }
        text(member)
        self.score(score, flavour)
    }
}
