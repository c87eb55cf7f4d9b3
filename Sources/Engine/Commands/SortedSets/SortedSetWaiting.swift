import Bytes
import Grammar
import Structures
import Wire

// Popping, and waiting where there is nothing to pop. See `Blocking` for how a command waits.

extension SortedSets {
    static let bzpopmin = Command<Store>(
        "BZPOPMIN", .sortedSet, [.write, .noscript, .blocking, .fast], since: "5.0.0",
        summary: """
            Removes the member with the lowest score of the first sorted set that has any, and \
            waits for one when none has.
            """,
        complexity: "O(log(N)), N being the size of the sorted set.",
        history: ["6.0.0": "`timeout` may have a fraction."], categories: [.sortedSet],
        arguments: [.key([.readWrite, .access, .delete]).repeated, .double("timeout")],
        examples: ["BZPOPMIN board other 5"], run: runBzpopmin)

    static func runBzpopmin(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try popOne(highest: false, &store, call, &reply)
    }

    static let bzpopmax = Command<Store>(
        "BZPOPMAX", .sortedSet, [.write, .noscript, .blocking, .fast], since: "5.0.0",
        summary: """
            Removes the member with the highest score of the first sorted set that has any, and \
            waits for one when none has.
            """,
        complexity: "O(log(N)), N being the size of the sorted set.",
        history: ["6.0.0": "`timeout` may have a fraction."], categories: [.sortedSet],
        arguments: [.key([.readWrite, .access, .delete]).repeated, .double("timeout")],
        examples: ["BZPOPMAX board other 5"], run: runBzpopmax)

    static func runBzpopmax(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try popOne(highest: true, &store, call, &reply)
    }

    private static func popOne(
        highest: Bool, _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let deadline = try store.deadline(inSeconds: call[call.count - 1])
        let keys = 1..<(call.count - 1)
        for index in keys where store.isOffered(call[index]) {
            let popped = try store.popScored(
                call[index], 1, highest: highest, PopReply(nested: false, namesKey: true), &reply)
            if popped { return }
        }
        store.block(
            call, on: keys, for: .sortedSet, until: deadline, otherwise: .nullArray, &reply)
    }

    static let bzmpop = Command<Store>(
        "BZMPOP", .sortedSet, [.write, .blocking], since: "7.0.0",
        summary: """
            Removes the lowest or highest members of the first sorted set that has any, and waits \
            for one when none has.
            """,
        complexity: """
            O(K) + O(M*log(N)), K being the number of keys, N the size of the sorted set and M \
            the members popped.
            """,
        categories: [.sortedSet],
        arguments: [
            .double("timeout"), .integer("numkeys"),
            .key([.readWrite, .access, .delete]).repeated,
            .oneOf("where", [.token("MIN"), .token("MAX")]),
            .integer("count").after("COUNT").optional,
        ],
        examples: ["BZMPOP 5 2 board other MAX COUNT 3"], run: runBzmpop)

    static func runBzmpop(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let request = try PopRequest(call, numberAt: 2)
        let deadline = try store.deadline(inSeconds: call[1])
        for index in request.keys where store.isOffered(call[index]) {
            let popped = try store.popScored(
                call[index], request.count, highest: request.highest,
                PopReply(nested: true, namesKey: true), &reply)
            if popped { return }
        }
        store.block(
            call, on: request.keys, for: .sortedSet, until: deadline, otherwise: .nullArray,
            &reply)
    }
}
