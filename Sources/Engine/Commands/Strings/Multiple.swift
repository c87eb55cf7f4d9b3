import Bytes
import Grammar
import Structures
import Wire

// The commands that work on several strings at once: MGET, MSET, MSETNX.

extension Strings {
    static let mget = Command<Store>(
        "MGET", .string, [.readonly, .fast], since: "1.0.0",
        summary: "Gives the strings at several keys.",
        complexity: "O(N), N being the number of keys.", categories: [.string],
        arguments: [.key([.readOnly, .access]).repeated],
        tips: ["request_policy:multi_shard"],
        examples: ["MSET a 1 b 2", "MGET a b nope"], run: runMget)

    static func runMget(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.array(call.count - 1)
        for index in 1..<call.count {
            if let found = store.find(call[index], .read), found.entry.isString {
                reply.string(found.entry)
            } else {
                reply.null()
            }
        }
    }

    static let mset = Command<Store>(
        "MSET", .string, [.write, .denyOOM], since: "1.0.1",
        summary: "Sets several keys to a string each.",
        complexity: "O(N), N being the number of keys.", categories: [.string],
        arguments: [
            .block("key_value", [.key([.overwrite, .update]), .string("value")]).repeated
        ],
        tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
        examples: ["MSET a 1 b 2"], run: runMset)

    static func runMset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count % 2 == 1 else { throw .wrongArity("mset") }
        assignPairs(&store, call)
        reply.ok()
    }

    static let msetnx = Command<Store>(
        "MSETNX", .string, [.write, .denyOOM], since: "1.0.1",
        summary: "Sets several keys to a string each if none of them is there.",
        complexity: "O(N), N being the number of keys.", categories: [.string],
        arguments: [
            .block("key_value", [.key([.overwrite, .insert]), .string("value")]).repeated
        ],
        tips: ["request_policy:multi_shard", "response_policy:agg_min"],
        examples: ["MSETNX a 1 b 2"], run: runMsetnx)

    static func runMsetnx(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count % 2 == 1 else { throw .wrongArity("msetnx") }
        for index in stride(from: 1, to: call.count, by: 2) {
            if store.find(call[index], .write) != nil { return reply.integer(0) }
        }
        assignPairs(&store, call)
        reply.integer(1)
    }

    /// Sets each key of a request to the string behind it; of a key given twice the last counts.
    private static func assignPairs(_ store: inout Store, _ call: borrowing Call) {
        for index in stride(from: 1, to: call.count, by: 2) {
            let found = store.find(call[index], .write)
            store.assign(call[index], call[index + 1], .clear, at: found)
            store.notify(.string, "set", call[index])
        }
    }
}
