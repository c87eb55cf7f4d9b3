import Bytes
import Grammar
import Structures
import Wire

// Taking the lowest or highest members off.

extension SortedSets {
    static let zpopmin = Command<Store>(
        "ZPOPMIN", .sortedSet, [.write, .fast], since: "5.0.0",
        summary: "Removes the members with the lowest scores, and gives them.",
        complexity: "O(log(N)*M), N being the size of the sorted set and M the members popped.",
        categories: [.sortedSet],
        arguments: [.key([.readWrite, .access, .delete]), .integer("count").optional],
        examples: ["ZPOPMIN board", "ZPOPMIN board 3"], run: runZpopmin)

    static func runZpopmin(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try pop(highest: false, &store, call, &reply)
    }

    static let zpopmax = Command<Store>(
        "ZPOPMAX", .sortedSet, [.write, .fast], since: "5.0.0",
        summary: "Removes the members with the highest scores, and gives them.",
        complexity: "O(log(N)*M), N being the size of the sorted set and M the members popped.",
        categories: [.sortedSet],
        arguments: [.key([.readWrite, .access, .delete]), .integer("count").optional],
        examples: ["ZPOPMAX board", "ZPOPMAX board 3"], run: runZpopmax)

    static func runZpopmax(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try pop(highest: true, &store, call, &reply)
    }

    private static func pop(
        highest: Bool, _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 3 { throw .syntax }
        var count: Int64 = 1
        if call.count == 3 {
            guard let number = call[2].canonicalInteger, number >= 0 else {
                throw .mustBePositive
            }
            count = number
        }
        let nested = call.count == 3 && reply.version == .three
        let popped = try store.popScored(
            call[1], Int(count), highest: highest, PopReply(nested: nested), &reply)
        if !popped { reply.array(0) }
    }

    static let zmpop = Command<Store>(
        "ZMPOP", .sortedSet, [.write], since: "7.0.0",
        summary: "Removes the lowest or highest members of the first sorted set that has any.",
        complexity: """
            O(K) + O(M*log(N)), K being the number of keys, N the size of the sorted set and M \
            the members popped.
            """,
        categories: [.sortedSet],
        arguments: [
            .integer("numkeys"), .key([.readWrite, .access, .delete]).repeated,
            .oneOf("where", [.token("MIN"), .token("MAX")]),
            .integer("count").after("COUNT").optional,
        ],
        examples: ["ZMPOP 2 board other MAX COUNT 3"], run: runZmpop)

    static func runZmpop(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let request = try PopRequest(call, numberAt: 1)
        for index in request.keys {
            let popped = try store.popScored(
                call[index], request.count, highest: request.highest,
                PopReply(nested: true, namesKey: true), &reply)
            if popped { return }
        }
        reply.nullArray()
    }
}

/// What ZMPOP and BZMPOP were asked for.
struct PopRequest {
    /// The words that are keys.
    let keys: Range<Int>
    /// True for the members with the highest scores.
    let highest: Bool
    /// The most members to pop.
    private(set) var count = 1

    /// Reads everything from the number of keys, at word `place`, on.
    init(_ call: borrowing Call, numberAt place: Int) throws(CommandError) {
        guard let number = call[place].canonicalInteger, number > 0 else { throw .numberOfKeys }
        guard number < call.count - place - 1 else { throw .syntax }
        keys = (place + 1)..<(place + 1 + Int(number))
        var cursor = ArgumentCursor(call, from: keys.upperBound)
        if cursor.take("MIN") {
            highest = false
        } else if cursor.take("MAX") {
            highest = true
        } else {
            throw .syntax
        }
        if cursor.isAtEnd { return }
        guard cursor.take("COUNT", followedBy: 1), let word = cursor.next() else { throw .syntax }
        guard let count = word.canonicalInteger, count > 0 else { throw .countBelowOne }
        self.count = Int(count)
        if !cursor.isAtEnd { throw .syntax }
    }
}

/// How popped members are answered.
struct PopReply {
    /// Each member and its score as a pair.
    var nested: Bool
    /// The key in front of the pairs, or of the one member.
    var namesKey = false
}

extension Store {
    /// Pops up to `count` members of the sorted set at `key` and writes them. Returns false, with
    /// nothing written, when there is no such key.
    mutating func popScored(
        _ key: RawSpan, _ count: Int, highest: Bool, _ form: PopReply, _ reply: inout ReplyWriter
    ) throws(CommandError) -> Bool {
        if count == 0 {
            guard try object(key, as: SortedSetObject.self, .write) != nil else { return false }
            reply.array(0)
            return true
        }
        let flavour = settings.flavour
        let done: Void? = try modify(key, as: SortedSetObject.self, creating: false) {
            (edit, store) throws(CommandError) in
            let total = edit.object.count
            let taken = min(count, total)
            if form.namesKey && form.nested {
                reply.array(2)
                reply.bulk(key)
            }
            let words = form.nested ? taken : taken * 2
            if form.namesKey && !form.nested {
                reply.array(words + 1)
                reply.bulk(key)
            } else {
                reply.array(words)
            }
            edit.object.forEach(
                from: highest ? total - 1 : 0, count: taken, reversed: highest
            ) { element, score in
                if form.nested { reply.array(2) }
                reply.text(element)
                reply.score(score, flavour)
            }
            edit.object.remove(ranks: highest ? (total - taken)..<total : 0..<taken)
            edit.changes = taken
            store.notify(.sortedSet, highest ? "zpopmax" : "zpopmin", key)
        }
        return done != nil
    }
}
