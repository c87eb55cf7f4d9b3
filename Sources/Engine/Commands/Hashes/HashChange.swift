import Bytes
import Grammar
import Structures
import Wire

/// The commands of hashes.
enum Hashes {
    static var commands: [Command<Store>] {
        [hset, hmset, hsetnx, hdel, hget, hmget, hexists, hstrlen, hlen, hgetall, hkeys, hvals]
            + [hincrby, hincrbyfloat, hrandfield, hscan]
    }

    // MARK: HSET, HMSET

    static let hset = Command<Store>(
        "HSET", .hash, [.write, .denyOOM, .fast], since: "2.0.0",
        summary: "Gives fields of a hash their values.",
        complexity: "O(N), N being the number of pairs.",
        history: ["4.0.0": "Several pairs of `field` and `value` may be given."],
        categories: [.hash],
        arguments: [
            .key([.readWrite, .update]),
            .block("field_value", [.string("field"), .string("value")])
                .repeated.only(.redis70),
            .block("data", [.string("field"), .string("value")]).repeated.only(.since72),
        ],
        examples: ["HSET user:1 name Ada born 1815", "HGET user:1 name"], run: runHset)

    static func runHset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count & 1 != 0 { throw .wrongArity("hset") }
        reply.integer(try setPairs(&store, call))
    }

    static let hmset = Command<Store>(
        "HMSET", .hash, [.write, .denyOOM, .fast], since: "2.0.0",
        summary: "Gives fields of a hash their values, and says only that it has.",
        complexity: "O(N), N being the number of pairs.",
        deprecated: ("4.0.0", "`HSET` with multiple field-value pairs"),
        categories: [.hash],
        arguments: [
            .key([.readWrite, .update]),
            .block("field_value", [.string("field"), .string("value")])
                .repeated.only(.redis70),
            .block("data", [.string("field"), .string("value")]).repeated.only(.since72),
        ],
        examples: ["HMSET user:1 name Ada born 1815"], run: runHmset)

    static func runHmset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count & 1 != 0 { throw .wrongArity("hmset") }
        _ = try setPairs(&store, call)
        reply.ok()
    }

    /// Sets the pairs of a call and returns how many of the fields are new.
    @inline(__always)
    private static func setPairs(
        _ store: inout Store, _ call: borrowing Call
    ) throws(CommandError) -> Int {
        let created = try store.modify(call[1], as: HashObject.self, creating: true) {
            edit, store throws(CommandError) in
            if edit.object.isSmall && !staysSmall(call, store) {
                edit.object.becomeTable(store, fields: call.count / 2)
            }
            var created = 0
            var index = 2
            while index < call.count {
                if edit.object.set(call[index], call[index + 1], store) { created += 1 }
                index += 2
            }
            edit.changes = call.count / 2 - 1
            store.notify(.hash, "hset", call[1])
            return created
        }
        return created ?? 0
    }

    /// False when a pair of the call is too long for a small hash, or the pairs are too many: then
    /// the hash becomes a table before the first of them.
    private static func staysSmall(_ call: borrowing Call, _ store: borrowing Store) -> Bool {
        let pairs = call.count / 2 - 1
        if store.settings.flavour != .redis70, pairs > store.settings.limits.hashEntries {
            return false
        }
        let limit = store.settings.limits.hashValue
        for index in 2..<call.count where call[index].byteCount > limit { return false }
        return true
    }

    // MARK: HSETNX, HDEL

    static let hsetnx = Command<Store>(
        "HSETNX", .hash, [.write, .denyOOM, .fast], since: "2.0.0",
        summary: "Gives a field of a hash a value if it has none.",
        complexity: "O(1)", categories: [.hash],
        arguments: [.key([.readWrite, .insert]), .string("field"), .string("value")],
        examples: ["HSETNX user:1 name Ada"], run: runHsetnx)

    static func runHsetnx(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let isNew = try store.modify(call[1], as: HashObject.self, creating: true) {
            edit, store throws(CommandError) in
            if edit.object.contains(call[2]) { return false }
            _ = edit.object.set(call[2], call[3], store)
            edit.changes = 1
            store.notify(.hash, "hset", call[1])
            return true
        }
        reply.integer(isNew == true ? 1 : 0)
    }

    static let hdel = Command<Store>(
        "HDEL", .hash, [.write, .fast], since: "2.0.0",
        summary: "Removes fields of a hash, and the hash with the last one.",
        complexity: "O(N), N being the number of fields given.",
        history: ["2.4.0": "Several fields may be given."], categories: [.hash],
        arguments: [.key([.readWrite, .delete]), .string("field").repeated],
        examples: ["HSET user:1 name Ada", "HDEL user:1 name"], run: runHdel)

    static func runHdel(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let removed = try store.modify(call[1], as: HashObject.self, creating: false) {
            edit, store throws(CommandError) in
            for index in 2..<call.count where edit.object.remove(call[index]) {
                edit.changes += 1
                if edit.object.count == 0 { break }
            }
            if edit.changes > 0 { store.notify(.hash, "hdel", call[1]) }
            return edit.changes
        }
        reply.integer(removed ?? 0)
    }
}
