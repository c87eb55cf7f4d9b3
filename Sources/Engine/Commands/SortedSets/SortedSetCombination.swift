import Bytes
import Grammar
import Structures
import Wire

// Unions, intersections and differences. The work is in `Combination`; what differs between the
// commands is what becomes of the result.

extension SortedSets {
    private static let weights = Argument.integer("weight").after("WEIGHTS").optional.repeated
    private static let aggregate = Argument.oneOf(
        "aggregate", [.token("SUM"), .token("MIN"), .token("MAX")]
    ).after("AGGREGATE").optional
    private static let sources: [Argument] = [
        .integer("numkeys"), .key([.readOnly, .access]).repeated,
    ]
    private static let target = Argument.key([.overwrite, .update], "destination")
    private static let withScores = Argument.token("WITHSCORES").optional

    private static let unionCost =
        "O(N)+O(M*log(M)), N being the size of all inputs and M the size of the result."
    private static let intersectionCost = """
        O(N*K)+O(M*log(M)) at worst, N being the size of the smallest input, K the number of \
        inputs and M the size of the result.
        """
    private static let differenceCost =
        "O(L+(N-K)*log(N)) at worst, L being the size of all inputs, N that of the first and K "
        + "that of the result."

    static let zunion = Command<Store>(
        "ZUNION", .sortedSet, [.readonly], since: "6.2.0",
        summary: "Gives the members that are in any of the sorted sets.",
        complexity: unionCost, categories: [.sortedSet],
        arguments: sources + [weights, aggregate, withScores],
        examples: ["ZUNION 2 monday tuesday WEIGHTS 1 2 WITHSCORES"], run: runZunion)

    static func runZunion(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try answer(.union, "zunion", &store, call, &reply)
    }

    static let zinter = Command<Store>(
        "ZINTER", .sortedSet, [.readonly], since: "6.2.0",
        summary: "Gives the members that are in all of the sorted sets.",
        complexity: intersectionCost, categories: [.sortedSet],
        arguments: sources + [weights, aggregate, withScores],
        examples: ["ZINTER 2 monday tuesday AGGREGATE MAX WITHSCORES"], run: runZinter)

    static func runZinter(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try answer(.intersection, "zinter", &store, call, &reply)
    }

    static let zdiff = Command<Store>(
        "ZDIFF", .sortedSet, [.readonly], since: "6.2.0",
        summary: "Gives the members of the first sorted set that are in none of the others.",
        complexity: differenceCost, categories: [.sortedSet],
        arguments: sources + [withScores], examples: ["ZDIFF 2 monday tuesday WITHSCORES"],
        run: runZdiff)

    static func runZdiff(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try answer(.difference, "zdiff", &store, call, &reply)
    }

    static let zunionstore = Command<Store>(
        "ZUNIONSTORE", .sortedSet, [.write, .denyOOM], since: "2.0.0",
        summary: "Keeps the members that are in any of the sorted sets.",
        complexity: unionCost, categories: [.sortedSet],
        arguments: [target] + sources + [weights, aggregate],
        examples: ["ZUNIONSTORE week 2 monday tuesday"], run: runZunionstore)

    static func runZunionstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try keep(.union, "zunionstore", &store, call, &reply)
    }

    static let zinterstore = Command<Store>(
        "ZINTERSTORE", .sortedSet, [.write, .denyOOM], since: "2.0.0",
        summary: "Keeps the members that are in all of the sorted sets.",
        complexity: intersectionCost, categories: [.sortedSet],
        arguments: [target] + sources + [weights, aggregate],
        examples: ["ZINTERSTORE both 2 monday tuesday WEIGHTS 1 0"], run: runZinterstore)

    static func runZinterstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try keep(.intersection, "zinterstore", &store, call, &reply)
    }

    static let zdiffstore = Command<Store>(
        "ZDIFFSTORE", .sortedSet, [.write, .denyOOM], since: "6.2.0",
        summary: "Keeps the members of the first sorted set that are in none of the others.",
        complexity: differenceCost, categories: [.sortedSet],
        arguments: [target] + sources, examples: ["ZDIFFSTORE only 2 monday tuesday"],
        run: runZdiffstore)

    static func runZdiffstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try keep(.difference, "zdiffstore", &store, call, &reply)
    }

    static let zintercard = Command<Store>(
        "ZINTERCARD", .sortedSet, [.readonly], since: "7.0.0",
        summary: "Counts the members that are in all of the sorted sets.",
        complexity: "O(N*K) at worst, N being the size of the smallest input and K the number of "
            + "inputs.",
        categories: [.sortedSet],
        arguments: sources + [.integer("limit").after("LIMIT").optional],
        examples: ["ZINTERCARD 2 monday tuesday LIMIT 10"], run: runZintercard)

    static func runZintercard(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let combination = try Combination(
            .intersection, "zintercard", numberAt: 1, result: .count, &store, call)
        reply.integer(combination.intersectionCount())
    }

    private static func answer(
        _ operation: Combination.Operation, _ name: String, _ store: inout Store,
        _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let combination = try Combination(
            operation, name, numberAt: 1, result: .members, &store, call)
        let result = combination.result(store.sortedSetRules.sipKey)
        let flavour = store.settings.flavour
        reply.scoredHead(result.count, withScores: combination.withScores)
        result.forEach(from: 0, count: result.count) { element, score in
            reply.scored(element, combination.withScores ? score : nil, flavour)
        }
        result.free()
    }

    private static func keep(
        _ operation: Combination.Operation, _ name: StaticString, _ store: inout Store,
        _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let combination = try Combination(
            operation, "\(name)", numberAt: 2, result: .key, &store, call)
        let rules = store.sortedSetRules
        var result = combination.result(rules.sipKey)
        result.becomeSmallIfFitting(rules)
        store.keep(result, at: call[1], name, &reply)
    }
}

/// Sorted sets, and sets, that are to be combined, and how.
struct Combination {
    /// Which members the result has.
    enum Operation {
        /// Those of any input.
        case union
        /// Those of all inputs.
        case intersection
        /// Those of the first alone.
        case difference
    }

    /// What is wanted of the result.
    enum Purpose {
        /// To be answered.
        case members
        /// To be kept under a key.
        case key
        /// Its size alone.
        case count
    }

    /// How the scores that a member has in several inputs become one.
    private enum Aggregate {
        case sum
        case minimum
        case maximum
    }

    private struct Input {
        let members: ScoredInput
        var weight = 1.0
    }

    private let operation: Operation
    private var inputs: [Input] = []
    private var aggregate = Aggregate.sum
    private var limit = Int.max
    /// True when the scores are to be answered too.
    private(set) var withScores = false

    /// Reads the keys, whose number stands in word `place`, looks them up, and reads the options.
    init(
        _ operation: Operation, _ name: String, numberAt place: Int, result: Purpose,
        _ store: inout Store, _ call: borrowing Call
    ) throws(CommandError) {
        self.operation = operation
        guard let number = call[place].canonicalInteger else { throw .notInteger }
        if number < 1 { throw .noInputKeys(name) }
        if number > call.count - place - 1 { throw .syntax }
        let keys = (place + 1)..<(place + 1 + Int(number))
        // Lookups may remove expired keys, so the values are taken when all are done.
        for index in keys { _ = try ScoredInput(call[index], &store, .read) }
        for index in keys {
            inputs.append(Input(members: try ScoredInput(call[index], &store, .silent)))
        }
        try readOptions(call, from: keys.upperBound, result)
        if operation != .difference {
            inputs.sort { $0.members.count < $1.members.count }
        }
    }

    private mutating func readOptions(
        _ call: borrowing Call, from index: Int, _ result: Purpose
    ) throws(CommandError) {
        var cursor = ArgumentCursor(call, from: index)
        let takesWeights = operation != .difference && result != .count
        while !cursor.isAtEnd {
            if takesWeights, cursor.take("WEIGHTS", followedBy: inputs.count) {
                for number in inputs.indices {
                    guard let word = cursor.next(), let weight = Doubles.parse(word) else {
                        throw .weightNotFloat
                    }
                    inputs[number].weight = weight
                }
            } else if takesWeights, cursor.take("AGGREGATE", followedBy: 1) {
                if cursor.take("SUM") {
                    aggregate = .sum
                } else if cursor.take("MIN") {
                    aggregate = .minimum
                } else if cursor.take("MAX") {
                    aggregate = .maximum
                } else {
                    throw .syntax
                }
            } else if result == .members, cursor.take("WITHSCORES") {
                withScores = true
            } else if result == .count, cursor.take("LIMIT", followedBy: 1),
                let word = cursor.next()
            {
                guard let number = word.canonicalInteger, number >= 0 else {
                    throw .negativeLimit
                }
                limit = number == 0 ? .max : Int(number)
            } else {
                throw .syntax
            }
        }
    }

    // MARK: The result

    /// The combination, as a value that belongs to no key.
    func result(_ sipKey: SipKey) -> SortedSetObject {
        var table = MemberTable(sipKey: sipKey, keepsPlaces: true)
        switch operation {
        case .union: unite(into: &table)
        case .intersection: intersect { table.insert($0, hash: table.hash(of: $0), score: $1) }
        case .difference: subtract(into: &table)
        }
        return SortedSetObject.make(ScoreTable(members: table))
    }

    /// The number of members that all inputs have.
    func intersectionCount() -> Int {
        var count = 0
        intersect(limit: limit) { _, _ in count += 1 }
        return count
    }

    private func unite(into table: inout MemberTable) {
        for input in inputs {
            input.members.forEach { member, score in
                let weighted = input.weight * score
                let own = weighted.isNaN ? 0 : weighted
                let hash = table.hash(of: member)
                if let record = table.find(member, hash: hash) {
                    record.payload = combined(record.memberScore, own).bitPattern
                } else {
                    table.insert(member, hash: hash, score: own)
                }
                return true
            }
        }
    }

    private func intersect(limit: Int = .max, _ found: (RawSpan, Double) -> Void) {
        guard let first = inputs.first else { return }
        var left = limit
        first.members.forEach { member, score in
            var sum = first.weight * score
            if sum.isNaN { sum = 0 }
            for other in inputs.dropFirst() {
                guard let score = other.members.score(of: member) else { return true }
                sum = combined(sum, other.weight * score)
            }
            found(member, sum)
            left -= 1
            return left > 0
        }
    }

    private func subtract(into table: inout MemberTable) {
        guard let first = inputs.first else { return }
        first.members.forEach { member, score in
            for other in inputs.dropFirst() where other.members.score(of: member) != nil {
                return true
            }
            table.insert(member, hash: table.hash(of: member), score: score)
            return true
        }
    }

    /// One score of two. Opposite infinities make 0.
    private func combined(_ one: Double, _ other: Double) -> Double {
        switch aggregate {
        case .sum:
            let sum = one + other
            return sum.isNaN ? 0 : sum
        case .minimum: return other < one ? other : one
        case .maximum: return other > one ? other : one
        }
    }
}

/// One input of a combination: nothing, a sorted set, or a set whose members all have the score 1.
enum ScoredInput {
    case nothing
    case set(SetObject)
    case sortedSet(SortedSetObject)

    /// What a key holds.
    /// - Throws: WRONGTYPE when it is neither.
    init(_ key: RawSpan, _ store: inout Store, _ access: Access) throws(CommandError) {
        guard let location = store.find(key, access) else {
            self = .nothing
            return
        }
        let entry = location.entry
        if entry.type == .set {
            self = .set(try Store.object(of: entry, as: SetObject.self))
        } else {
            self = .sortedSet(try Store.object(of: entry, as: SortedSetObject.self))
        }
    }

    /// The number of members.
    var count: Int {
        switch self {
        case .nothing: 0
        case .set(let object): object.count
        case .sortedSet(let object): object.count
        }
    }

    /// The score of a member, or nil when it is not there.
    func score(of member: RawSpan) -> Double? {
        switch self {
        case .nothing: nil
        case .set(let object): object.contains(member) ? 1 : nil
        case .sortedSet(let object): object.score(of: member)
        }
    }

    /// Hands the members to `body` until it returns false.
    func forEach(_ body: (RawSpan, Double) -> Bool) {
        switch self {
        case .nothing: return
        case .set(let object): object.walk { $0.withText { body($0, 1) } }
        case .sortedSet(let object):
            var goesOn = true
            object.forEach(from: 0, count: object.count) { element, score in
                if goesOn { goesOn = element.withText { body($0, score) } }
            }
        }
    }
}

extension MemberTable {
    /// Adds a member that is not there, with its score.
    mutating func insert(_ member: RawSpan, hash: UInt64, score: Double) {
        insert(member, hash: hash, payload: score.bitPattern)
    }
}
