import Bytes
import Grammar
import Wire

// SLOWLOG: the commands that took longest to run.

/// The commands about the slow log.
enum SlowLogCommands {
    static var commands: [Command<Store>] { [slowLog] }

    static let slowLog = Command<Store>(
        container: "SLOWLOG", .server, since: "2.2.12",
        summary: "Commands about the log of slow commands.",
        subcommands: [get, help, length, reset])

    static let help = Command<Store>(
        "SLOWLOG HELP", .server, [.loading, .stale], since: "6.2.0",
        summary: "Shows what there is under SLOWLOG.", complexity: "O(1)",
        examples: ["SLOWLOG HELP"], run: Help.run)

    static let get = Command<Store>(
        "SLOWLOG GET", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: """
            Lists slow commands, the last first: number, time, microseconds, words, and who sent \
            it. Ten when no count is given, all with -1.
            """,
        complexity: "O(N), N being the number of entries.",
        history: ["4.0.0": "The client's address and name."],
        arguments: [.integer("count").optional],
        tips: ["request_policy:all_nodes", "nondeterministic_output"],
        examples: ["SLOWLOG GET", "SLOWLOG GET 5", "SLOWLOG GET -1"], run: runGet)

    static func runGet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 3 else { throw .unknownOrWrongArity(call[1], of: "SLOWLOG") }
        var limit = 10
        if call.count == 3 {
            guard let count = call[2].canonicalInteger, count >= -1 else { throw .slowLogCount }
            limit = count < 0 ? .max : Int(count)
        }
        let entries = store.slowLog.newest(limit)
        reply.array(entries.count)
        for entry in entries {
            reply.array(6)
            reply.integer(entry.id)
            reply.integer(entry.time.milliseconds / 1000)
            reply.integer(entry.microseconds)
            reply.array(entry.words.count)
            for word in entry.words { reply.bulk(word.rawSpan) }
            reply.bulk(utf8: entry.address)
            reply.bulk(entry.clientName.rawSpan)
        }
    }

    static let length = Command<Store>(
        "SLOWLOG LEN", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: "Says how many slow commands are noted.", complexity: "O(1)",
        tips: [
            "request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output",
        ],
        examples: ["SLOWLOG LEN"]
    ) { store, _, reply throws(CommandError) in
        reply.integer(store.slowLog.count)
    }

    static let reset = Command<Store>(
        "SLOWLOG RESET", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: "Empties the log of slow commands.",
        complexity: "O(N), N being the number of entries.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["SLOWLOG RESET"]
    ) { store, _, reply throws(CommandError) in
        store.slowLog.removeAll()
        reply.ok()
    }
}
