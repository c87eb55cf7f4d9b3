import Bytes
import Grammar
import Structures
import Wire

// The commands that change a list elsewhere than at its ends, or cut it.

extension Lists {
    static let linsert = Command<Store>(
        "LINSERT", .list, [.write, .denyOOM], since: "2.2.0",
        summary: "Adds an element before or behind another one.",
        complexity: "O(N), N being the number of elements on the way to the other one.",
        categories: [.list],
        arguments: [
            .key([.readWrite, .insert]),
            .oneOf("where", [.token("BEFORE"), .token("AFTER")]),
            .string("pivot"), .string("element"),
        ],
        examples: ["RPUSH tasks write think", "LINSERT tasks BEFORE think read"],
        run: runLinsert)

    private static func runLinsert(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let isBehind = call[2].matches("AFTER")
        guard isBehind || call[2].matches("BEFORE") else { throw .syntax }
        let length = try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            var place: Int?
            edit.object.prepare(for: 1, call[4].byteCount, store.listLimit)
            edit.object.forEachIndex(of: call[3]) {
                place = $0
                return false
            }
            guard let place else { return -1 }
            edit.object.insert(call[4], at: isBehind ? place + 1 : place)
            edit.changes = 1
            store.notify(.list, "linsert", call[1])
            return edit.object.count
        }
        reply.integer(length ?? 0)
    }

    static let lset = Command<Store>(
        "LSET", .list, [.write, .denyOOM], since: "1.0.0",
        summary: "Puts another element in the place of the one at an index.",
        complexity: "O(N), N being the number of nodes and of a node's elements on the way.",
        categories: [.list],
        arguments: [.key([.readWrite, .update]), .integer("index"), .string("element")],
        examples: ["RPUSH tasks write read", "LSET tasks 0 draw"], run: runLset)

    private static func runLset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let done: Void? = try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            guard let index = call[2].canonicalInteger else { throw .notInteger }
            guard let place = place(index, edit.object.count) else { throw .indexOutOfRange }
            edit.object.prepare(for: 1, call[3].byteCount, store.listLimit)
            edit.object.replace(at: place, with: call[3])
            edit.object.condense(store, afterRemoval: true)
            edit.changes = 1
            store.notify(.list, "lset", call[1])
        }
        if done == nil { throw .noSuchKey }
        reply.ok()
    }

    static let lrem = Command<Store>(
        "LREM", .list, [.write], since: "1.0.0",
        summary: "Removes elements that are equal to a value: so many from the front, from the "
            + "end when the number is negative, all when it is 0.",
        complexity: "O(N), N being the length of the list.", categories: [.list],
        arguments: [.key([.readWrite, .delete]), .integer("count"), .string("element")],
        examples: ["RPUSH letters a b a c a", "LREM letters -2 a"], run: runLrem)

    private static func runLrem(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let count = call[2].canonicalInteger else { throw .notInteger }
        let limit = count == 0 ? Int.max : Int(clamping: count.magnitude)
        let removed = try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            let removed = edit.object.removeAll(call[3], limit: limit, reversed: count < 0)
            if removed == 0 { return 0 }
            edit.changes = removed
            store.notify(.list, "lrem", call[1])
            edit.object.condense(store, afterRemoval: true)
            return removed
        }
        reply.integer(removed ?? 0)
    }

    static let ltrim = Command<Store>(
        "LTRIM", .list, [.write], since: "1.0.0",
        summary: "Removes all elements but those between two indexes, both included.",
        complexity: "O(N), N being the number of elements removed.", categories: [.list],
        arguments: [.key([.readWrite, .delete]), .integer("start"), .integer("stop")],
        examples: ["RPUSH log a b c d", "LTRIM log -2 -1"], run: runLtrim)

    private static func runLtrim(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let start = call[2].canonicalInteger, let stop = call[3].canonicalInteger else {
            throw .notInteger
        }
        try store.modify(call[1], as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            let length = edit.object.count
            let kept = range(start, stop, length)
            edit.object.remove(from: kept.upperBound, count: length - kept.upperBound)
            edit.object.remove(from: 0, count: kept.lowerBound)
            edit.changes = length - kept.count
            if edit.changes == 0 {
                // The key counts as modified even so.
                store.noteModified(call[1], database: store.selected)
            }
            store.notify(.list, "ltrim", call[1])
            edit.object.condense(store, afterRemoval: true)
        }
        reply.ok()
    }
}
