import Bytes
import Grammar
import Wire

// SLOWLOG and LATENCY as a server answers them that has noted nothing: clients read and empty
// both when they clean up.

/// The commands about what took long.
enum Diagnostics {
    static var commands: [Command<Store>] { [slowLog, latency] }

    // MARK: Slow commands

    static let slowLog = Command<Store>(
        container: "SLOWLOG", .server, since: "2.2.12",
        summary: "Commands about the log of slow commands.",
        subcommands: [slowLogGet, slowLogHelp, slowLogLength, slowLogReset])

    static let slowLogHelp = Command<Store>(
        "SLOWLOG HELP", .server, [.loading, .stale], since: "6.2.0",
        summary: "Shows what there is under SLOWLOG.", complexity: "O(1)",
        examples: ["SLOWLOG HELP"], run: Help.run)

    static let slowLogGet = Command<Store>(
        "SLOWLOG GET", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: "Lists slow commands, the last first: none is noted yet.",
        complexity: "O(N), N being the number of entries.",
        history: ["4.0.0": "The client's address and name."],
        arguments: [.integer("count").optional],
        tips: ["request_policy:all_nodes", "nondeterministic_output"],
        examples: ["SLOWLOG GET", "SLOWLOG GET 5"]
    ) { _, call, reply throws(CommandError) in
        guard call.count <= 3 else { throw .unknownOrWrongArity(call[1], of: "SLOWLOG") }
        if call.count == 3 {
            guard let count = call[2].canonicalInteger, count >= -1 else { throw .slowLogCount }
        }
        reply.array(0)
    }

    static let slowLogLength = Command<Store>(
        "SLOWLOG LEN", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: "Says how many slow commands are noted: none yet.", complexity: "O(1)",
        tips: [
            "request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output",
        ],
        examples: ["SLOWLOG LEN"]
    ) { _, _, reply throws(CommandError) in
        reply.integer(0)
    }

    static let slowLogReset = Command<Store>(
        "SLOWLOG RESET", .server, [.admin, .loading, .stale], since: "2.2.12",
        summary: "Empties the log of slow commands.",
        complexity: "O(N), N being the number of entries.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["SLOWLOG RESET"]
    ) { _, _, reply throws(CommandError) in
        reply.ok()
    }

    // MARK: Latency

    private static let special = [
        "nondeterministic_output", "request_policy:all_nodes", "response_policy:special",
    ]
    private static let flags: CommandFlags = [.admin, .noscript, .loading, .stale]

    static let latency = Command<Store>(
        container: "LATENCY", .server, since: "2.8.13",
        summary: "Commands about events that took long.",
        subcommands: [
            latencyGraph, latencyHelp, latencyHistogram, latencyHistory, latencyLatest,
            latencyReset,
        ])

    static let latencyHelp = Command<Store>(
        "LATENCY HELP", .server, [.loading, .stale], since: "2.8.13",
        summary: "Shows what there is under LATENCY.", complexity: "O(1)",
        examples: ["LATENCY HELP"], run: Help.run)

    static let latencyGraph = Command<Store>(
        "LATENCY GRAPH", .server, flags, since: "2.8.13",
        summary: "Draws how long an event took: none is noted yet.", complexity: "O(1)",
        arguments: [.string("event")], tips: special, examples: ["LATENCY GRAPH command"]
    ) { _, call, _ throws(CommandError) in
        throw .noSamples(call[2])
    }

    static let latencyHistogram = Command<Store>(
        "LATENCY HISTOGRAM", .server, flags, since: "7.0.0",
        summary: "Tells how long commands took: for each the calls up to so many microseconds.",
        complexity: "O(N), N being the number of commands.",
        arguments: [.string("command").optional.repeated], tips: special,
        examples: ["LATENCY HISTOGRAM", "LATENCY HISTOGRAM get set"], run: runHistogram)

    static let latencyHistory = Command<Store>(
        "LATENCY HISTORY", .server, flags, since: "2.8.13",
        summary: "Lists when and how long an event took: none is noted yet.",
        complexity: "O(1)", arguments: [.string("event")], tips: special,
        examples: ["LATENCY HISTORY command"]
    ) { _, _, reply throws(CommandError) in
        reply.array(0)
    }

    static let latencyLatest = Command<Store>(
        "LATENCY LATEST", .server, flags, since: "2.8.13",
        summary: "Lists for each event how long it last took: none is noted yet.",
        complexity: "O(1)", tips: special, examples: ["LATENCY LATEST"]
    ) { _, _, reply throws(CommandError) in
        reply.array(0)
    }

    static let latencyReset = Command<Store>(
        "LATENCY RESET", .server, flags, since: "2.8.13",
        summary: "Forgets events and says how many kinds of them: none is noted yet.",
        complexity: "O(1)", arguments: [.string("event").optional.repeated],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["LATENCY RESET", "LATENCY RESET command"]
    ) { _, _, reply throws(CommandError) in
        reply.integer(0)
    }
}
