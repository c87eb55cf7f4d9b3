import Bytes
import Grammar
import Structures
import Wire

// The commands that wait when there is nothing to take. When a list appears under one of their
// keys, they simply run again.

extension Lists {
    static let blpop = Command<Store>(
        "BLPOP", .list, [.write, .noscript, .blocking], since: "2.0.0",
        summary: "Takes the first element of the first list that has any, or waits for one.",
        complexity: "O(N), N being the number of keys.",
        history: ["6.0.0": "Fractions of a second may be waited."],
        categories: [.list],
        arguments: [.key([.readWrite, .access, .delete]).repeated, .double("timeout")],
        examples: ["RPUSH jobs a b", "BLPOP urgent jobs 1"]
    ) { store, call, reply throws(CommandError) in
        try popOrWait(&store, call, &reply, atFront: true)
    }

    static let brpop = Command<Store>(
        "BRPOP", .list, [.write, .noscript, .blocking], since: "2.0.0",
        summary: "Takes the last element of the first list that has any, or waits for one.",
        complexity: "O(N), N being the number of keys.",
        history: ["6.0.0": "Fractions of a second may be waited."],
        categories: [.list],
        arguments: [.key([.readWrite, .access, .delete]).repeated, .double("timeout")],
        examples: ["RPUSH jobs a b", "BRPOP urgent jobs 1"]
    ) { store, call, reply throws(CommandError) in
        try popOrWait(&store, call, &reply, atFront: false)
    }

    private static func popOrWait(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter, atFront: Bool
    ) throws(CommandError) {
        let last = call.count - 1
        let deadline = try store.deadline(inSeconds: call[last])
        for index in 1..<last where store.isOffered(call[index]) {
            let found: Void? = try store.modify(
                call[index], as: ListObject.self, creating: false
            ) { edit, store throws(CommandError) in
                reply.array(2)
                reply.bulk(call[index])
                take(1, &edit, call[index], &store, &reply, atFront: atFront)
            }
            if found != nil { return }
        }
        store.block(
            call, on: 1..<last, for: .list, until: deadline, otherwise: .nullArray, &reply)
    }

    // MARK: BLMOVE

    static let blmove = Command<Store>(
        "BLMOVE", .list, [.write, .denyOOM, .noscript, .blocking], since: "6.2.0",
        summary: "Moves an element from an end of one list to an end of another, or waits for one.",
        complexity: "O(1)", categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete], "source"),
            .key([.readWrite, .insert], "destination"),
            ListEnd.choice("wherefrom"), ListEnd.choice("whereto"), .double("timeout"),
        ],
        examples: ["RPUSH waiting a b", "BLMOVE waiting active LEFT RIGHT 1"]
    ) { store, call, reply throws(CommandError) in
        let (from, to) = (try ListEnd(call[3]), try ListEnd(call[4]))
        try moveOrWait(&store, call, from, to, timeout: 5, &reply)
    }

    static let brpoplpush = Command<Store>(
        "BRPOPLPUSH", .list, [.write, .denyOOM, .noscript, .blocking], since: "2.2.0",
        summary: "Moves the last element of a list to the front of another, or waits for one.",
        complexity: "O(1)",
        history: ["6.0.0": "Fractions of a second may be waited."],
        deprecated: (since: "6.2.0", replacedBy: "`BLMOVE` with the `RIGHT` and `LEFT` arguments"),
        categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete], "source"),
            .key([.readWrite, .insert], "destination"), .double("timeout"),
        ],
        examples: ["RPUSH waiting a b", "BRPOPLPUSH waiting active 1"]
    ) { store, call, reply throws(CommandError) in
        try moveOrWait(&store, call, .back, .front, timeout: 3, &reply)
    }

    private static func moveOrWait(
        _ store: inout Store, _ call: borrowing Call, _ from: ListEnd, _ to: ListEnd,
        timeout: Int, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let deadline = try store.deadline(inSeconds: call[timeout])
        if try move(&store, call, from, to, &reply) { return }
        // Where nothing may wait, an element is missing; who has waited in vain gets no array.
        if store.isBlockingDenied { return reply.null() }
        store.block(call, on: 1..<2, for: .list, until: deadline, otherwise: .nullArray, &reply)
    }

    // MARK: BLMPOP

    static let blmpop = Command<Store>(
        "BLMPOP", .list, [.write, .blocking], since: "7.0.0",
        summary: "Takes elements from an end of the first list that has any, or waits for one.",
        complexity: "O(N+M), N being the number of keys and M that of the elements given.",
        categories: [.list],
        arguments: [
            .double("timeout"), .integer("numkeys"),
            .key([.readWrite, .access, .delete]).repeated, ListEnd.choice("where"),
            .integer("count").after("COUNT").optional,
        ],
        examples: ["RPUSH urgent a b c", "BLMPOP 1 2 nothing urgent LEFT COUNT 2"]
    ) { store, call, reply throws(CommandError) in
        let options = try PopOptions(call, from: 2)
        let deadline = try store.deadline(inSeconds: call[1])
        if try popFirst(&store, call, options, &reply) { return }
        store.block(
            call, on: options.keys, for: .list, until: deadline, otherwise: .nullArray, &reply)
    }
}
