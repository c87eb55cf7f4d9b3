import Bytes
import Grammar
import Wire

/// The commands that work on keys of any type.
enum Keys {
    static var commands: [Command<Store>] {
        [del, unlink, exists, type, touch] + iteration + naming + expiry + inspection
            + waiting + serialization
    }

    // MARK: Removing

    static let del = Command<Store>(
        "DEL", .generic, [.write], since: "1.0.0",
        summary: "Removes keys and says how many there were.",
        complexity: "O(N), N being the number of keys.", categories: [.keyspace],
        arguments: [.key([.remove, .delete]).repeated],
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        examples: ["DEL greeting", "DEL first second"], run: runDel)

    static func runDel(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var removed = 0
        for index in 1..<call.count {
            guard let found = store.find(call[index], .silent) else { continue }
            store.remove(found)
            store.notify(.generic, "del", call[index])
            removed += 1
        }
        reply.integer(removed)
    }

    static let unlink = Command<Store>(
        "UNLINK", .generic, [.write, .fast], since: "4.0.0",
        summary:
            "Removes keys and gives their memory back later, so that large values cost no time.",
        complexity: "O(1) a key.", categories: [.keyspace],
        arguments: [.key([.remove, .delete]).repeated],
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        examples: ["UNLINK greeting"], run: runDel)

    // MARK: Asking

    static let exists = Command<Store>(
        "EXISTS", .generic, [.readonly, .fast], since: "1.0.0",
        summary: "Says how many of the given keys exist; a key given twice counts twice.",
        complexity: "O(N), N being the number of keys.",
        history: ["3.0.3": "Several keys at once."], categories: [.keyspace],
        arguments: [.key([.readOnly]).repeated],
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        examples: ["EXISTS greeting"], run: runExists)

    static func runExists(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var found = 0
        for index in 1..<call.count where store.find(call[index], .inspect) != nil { found += 1 }
        reply.integer(found)
    }

    static let touch = Command<Store>(
        "TOUCH", .generic, [.readonly, .fast], since: "3.2.1",
        summary: "Renews the access time of keys and says how many of them exist.",
        complexity: "O(N), N being the number of keys.", categories: [.keyspace],
        arguments: [.key([.readOnly]).repeated],
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        examples: ["TOUCH greeting"], run: runTouch)

    static func runTouch(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        // CLIENT NO-TOUCH does not hold for the one command that is about touching.
        store.isTouchSuppressed = false
        var found = 0
        for index in 1..<call.count where store.find(call[index], .read) != nil { found += 1 }
        reply.integer(found)
    }

    static let type = Command<Store>(
        "TYPE", .generic, [.readonly, .fast], since: "1.0.0",
        summary: "Gives the type of the value at a key, or none.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly])],
        examples: ["TYPE greeting"], run: runType)

    static func runType(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = store.find(call[1], .inspect) else { return reply.simple("none") }
        reply.simple(utf8: found.entry.type.name)
    }
}
