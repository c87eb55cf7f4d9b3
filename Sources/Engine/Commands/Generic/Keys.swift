import Grammar
import Wire

/// The commands that work on keys of any type.
enum Keys {
    static var commands: [Command<Store>] { [del] }

    static let del = Command<Store>(
        "DEL", .generic, [.write], since: "1.0.0",
        summary: "Removes keys and says how many there were.",
        complexity: "O(N), N being the number of keys.", categories: [.keyspace],
        arguments: [.key([.remove, .delete]).repeated],
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        examples: ["DEL greeting"], run: runDel)

    static func runDel(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var removed = 0
        for index in 1..<call.count {
            guard let found = store.find(call[index], .silent) else { continue }
            store.remove(found)
            removed += 1
        }
        reply.integer(removed)
    }
}
