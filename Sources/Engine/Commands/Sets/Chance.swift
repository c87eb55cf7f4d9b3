import Bytes
import Grammar
import Structures
import Wire

// Members of a set by chance: SPOP takes them out, SRANDMEMBER leaves them.

extension Sets {
    // MARK: SPOP

    static let spop = Command<Store>(
        "SPOP", .set, [.write, .fast], since: "1.0.0",
        summary: "Takes members out of a set at random and returns them.",
        complexity: "O(N), N being the number of members taken.",
        history: ["3.2.0": "The argument `count`."], categories: [.set],
        arguments: [
            .key([.readWrite, .access, .delete]), .integer("count").since("3.2.0").optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["SADD draw ann bob cem", "SPOP draw", "SPOP draw 2"], run: runSpop)

    static func runSpop(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 2 { return try runSpopSome(&store, call, &reply) }
        let found: Void? = try store.modify(call[1], as: SetObject.self, creating: false) {
            edit, store throws(CommandError) in
            edit.object.popRandomMember(using: &store.random) { reply.text($0) }
            edit.changes = 1
            store.notify(.set, "spop", call[1])
        }
        if found == nil { reply.null() }
    }

    @inline(never)
    private static func runSpopSome(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 3 { throw .syntax }
        guard let wanted = call[2].canonicalInteger, wanted >= 0 else { throw .notPositive }
        let forms = store.setForms
        let found: Void? = try store.modify(call[1], as: SetObject.self, creating: false) {
            edit, store throws(CommandError) in
            let count = min(Int(wanted), edit.object.count)
            reply.set(count)
            if count == 0 { return }
            if count == edit.object.count {
                edit.object.forEach { reply.text($0) }
                edit.object.free()
                edit.object = SetObject()
            } else {
                edit.object.popRandomMembers(count, using: &store.random, forms) {
                    reply.text($0)
                }
            }
            edit.changes = count
            store.notify(.set, "spop", call[1])
        }
        if found == nil { reply.set(0) }
    }

    // MARK: SRANDMEMBER

    static let srandmember = Command<Store>(
        "SRANDMEMBER", .set, [.readonly], since: "1.0.0",
        summary: "Gives members of a set chosen at random.",
        complexity: "O(N), N being the number of members returned.",
        history: ["2.6.0": "The argument `count`; a negative one may repeat members."],
        categories: [.set],
        arguments: [
            .key([.readOnly, .access]), .integer("count").since("2.6.0").optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["SADD draw ann bob cem", "SRANDMEMBER draw", "SRANDMEMBER draw -5"],
        run: runSrandmember)

    static func runSrandmember(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 2 { return try runSrandmembers(&store, call, &reply) }
        guard let set = try store.object(call[1], as: SetObject.self) else {
            return reply.null()
        }
        set.withRandomMember(using: &store.random) { reply.text($0) }
    }

    private static func runSrandmembers(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 3 { throw .syntax }
        guard let wanted = call[2].canonicalInteger else { throw .notInteger }
        guard wanted > Int64.min else { throw .countOutOfRange }
        guard let set = try store.object(call[1], as: SetObject.self), wanted != 0 else {
            return reply.array(0)
        }
        if wanted < 0 {
            let count = Int(wanted.magnitude)
            reply.array(count)
            for _ in 0..<count {
                set.withRandomMember(using: &store.random) { reply.text($0) }
            }
            return
        }
        let count = min(Int(wanted), set.count)
        reply.array(count)
        if count == set.count { return set.forEach { reply.text($0) } }
        set.forRandomMembers(count, using: &store.random) { reply.text($0) }
    }
}
