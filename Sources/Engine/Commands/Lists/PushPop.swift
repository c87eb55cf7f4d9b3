import Bytes
import Grammar
import Structures
import Wire

// Adding at the ends of a list and taking from them.

/// The commands on lists.
enum Lists {
    static var commands: [Command<Store>] {
        [lpush, rpush, lpushx, rpushx, lpop, rpop]
            + [llen, lindex, lrange, lpos]
            + [linsert, lset, lrem, ltrim]
            + [lmove, rpoplpush, lmpop]
            + [blpop, brpop, blmove, brpoplpush, blmpop]
    }

    // MARK: LPUSH and its kin

    static let lpush = Command<Store>(
        "LPUSH", .list, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Adds elements at the front of a list; makes the list if there is none.",
        complexity: "O(1) for each element.",
        history: ["2.4.0": "Several elements at once."], categories: [.list],
        arguments: [.key([.readWrite, .insert]), .string("element").repeated],
        examples: ["LPUSH tasks write", "LPUSH tasks read think"]
    ) { store, call, reply throws(CommandError) in
        try push(&store, call, &reply, atFront: true, creating: true)
    }

    static let rpush = Command<Store>(
        "RPUSH", .list, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Adds elements at the end of a list; makes the list if there is none.",
        complexity: "O(1) for each element.",
        history: ["2.4.0": "Several elements at once."], categories: [.list],
        arguments: [.key([.readWrite, .insert]), .string("element").repeated],
        examples: ["RPUSH tasks write read think"]
    ) { store, call, reply throws(CommandError) in
        try push(&store, call, &reply, atFront: false, creating: true)
    }

    static let lpushx = Command<Store>(
        "LPUSHX", .list, [.write, .denyOOM, .fast], since: "2.2.0",
        summary: "Adds elements at the front of a list if there is one.",
        complexity: "O(1) for each element.",
        history: ["4.0.0": "Several elements at once."], categories: [.list],
        arguments: [.key([.readWrite, .insert]), .string("element").repeated],
        examples: ["RPUSH tasks read", "LPUSHX tasks write", "LPUSHX nope write"]
    ) { store, call, reply throws(CommandError) in
        try push(&store, call, &reply, atFront: true, creating: false)
    }

    static let rpushx = Command<Store>(
        "RPUSHX", .list, [.write, .denyOOM, .fast], since: "2.2.0",
        summary: "Adds elements at the end of a list if there is one.",
        complexity: "O(1) for each element.",
        history: ["4.0.0": "Several elements at once."], categories: [.list],
        arguments: [.key([.readWrite, .insert]), .string("element").repeated],
        examples: ["RPUSH tasks write", "RPUSHX tasks read", "RPUSHX nope read"]
    ) { store, call, reply throws(CommandError) in
        try push(&store, call, &reply, atFront: false, creating: false)
    }

    @inline(__always)
    private static func push(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter,
        atFront: Bool, creating: Bool
    ) throws(CommandError) {
        let words = call.arguments
        let length = try store.modify(call[1], as: ListObject.self, creating: creating) {
            edit, store throws(CommandError) in
            var byteCount = 0
            for index in 2..<words.count { byteCount += words[index].byteCount }
            edit.object.prepare(for: words.count - 2, byteCount, store.listLimit)
            for index in 2..<words.count { edit.object.push(words[index], atFront: atFront) }
            edit.changes = words.count - 2
            store.notify(.list, atFront ? "lpush" : "rpush", words[1])
            return edit.object.count
        }
        reply.integer(length ?? 0)
    }

    // MARK: LPOP and RPOP

    static let lpop = Command<Store>(
        "LPOP", .list, [.write, .fast], since: "1.0.0",
        summary: "Removes the first elements of a list and gives them.",
        complexity: "O(N), N being the number of elements given.",
        history: ["6.2.0": "More than one element may be taken."], categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete]), .integer("count").optional.since("6.2.0"),
        ],
        examples: ["RPUSH tasks write read think", "LPOP tasks", "LPOP tasks 2"]
    ) { store, call, reply throws(CommandError) in
        try pop(&store, call, &reply, atFront: true)
    }

    static let rpop = Command<Store>(
        "RPOP", .list, [.write, .fast], since: "1.0.0",
        summary: "Removes the last elements of a list and gives them.",
        complexity: "O(N), N being the number of elements given.",
        history: ["6.2.0": "More than one element may be taken."], categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete]), .integer("count").optional.since("6.2.0"),
        ],
        examples: ["RPUSH tasks write read think", "RPOP tasks", "RPOP tasks 2"]
    ) { store, call, reply throws(CommandError) in
        try pop(&store, call, &reply, atFront: false)
    }

    @inline(__always)
    private static func pop(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter, atFront: Bool
    ) throws(CommandError) {
        guard call.count < 4 else { throw .wrongArity(atFront ? "lpop" : "rpop") }
        if call.count == 3 { return try popSeveral(&store, call, &reply, atFront: atFront) }
        let found: Void? = try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            take(1, &edit, call[1], &store, &reply, atFront: atFront)
        }
        if found == nil { reply.null() }
    }

    private static func popSeveral(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter, atFront: Bool
    ) throws(CommandError) {
        guard let number = call[2].canonicalInteger, number >= 0 else { throw .notPositive }
        let wanted = Int(number)
        let found: Void? = try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            let count = min(wanted, edit.object.count)
            reply.array(count)
            take(count, &edit, call[1], &store, &reply, atFront: atFront)
        }
        if found == nil { reply.nullArray() }
    }

    /// Writes the first or last elements into the reply, each a string, and removes them.
    @inline(__always)
    static func take(
        _ count: Int, _ edit: inout Edit<ListObject>, _ key: RawSpan, _ store: inout Store,
        _ reply: inout ReplyWriter, atFront: Bool
    ) {
        if count == 0 { return }
        let length = edit.object.count
        if count == 1 {
            edit.object.pop(atFront: atFront) { reply.bulk($0) }
        } else {
            edit.object.forEach(
                from: atFront ? 0 : length - 1, count: count, reversed: !atFront
            ) { element in
                reply.bulk(element)
                return true
            }
            edit.object.remove(from: atFront ? 0 : length - count, count: count)
        }
        edit.changes = count
        store.notify(.list, atFront ? "lpop" : "rpop", key)
        if count < length { edit.object.condense(store, afterRemoval: true) }
    }
}
