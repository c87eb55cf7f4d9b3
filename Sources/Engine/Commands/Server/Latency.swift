import Bytes
import Grammar
import Wire

// LATENCY: what kept the node from answering, and how long commands take.

/// The commands about time that was lost.
enum LatencyCommands {
    static var commands: [Command<Store>] { [latency] }

    private static let special = [
        "nondeterministic_output", "request_policy:all_nodes", "response_policy:special",
    ]
    private static let flags: CommandFlags = [.admin, .noscript, .loading, .stale]

    static let latency = Command<Store>(
        container: "LATENCY", .server, since: "2.8.13",
        summary: "Commands about events that took long.",
        subcommands: [doctor, graph, help, histogram, history, latest, reset])

    static let help = Command<Store>(
        "LATENCY HELP", .server, [.loading, .stale], since: "2.8.13",
        summary: "Shows what there is under LATENCY.", complexity: "O(1)",
        examples: ["LATENCY HELP"], run: Help.run)

    static let doctor = Command<Store>(
        "LATENCY DOCTOR", .server, flags, since: "2.8.13",
        summary: "Says in sentences what took long, and what to look at.", complexity: "O(1)",
        tips: special, examples: ["LATENCY DOCTOR"]
    ) { store, _, reply throws(CommandError) in
        reply.verbatim(Array(store.latencyReport.utf8))
    }

    static let graph = Command<Store>(
        "LATENCY GRAPH", .server, flags, since: "2.8.13",
        summary: "Draws how long an event took, the last samples at the right.",
        complexity: "O(1)", arguments: [.string("event")], tips: special,
        examples: ["LATENCY GRAPH command"]
    ) { store, call, reply throws(CommandError) in
        guard let event = event(call[2]), let series = store.latency[event] else {
            throw .noSamples(call[2])
        }
        let second = store.now.wall.milliseconds / 1000
        reply.verbatim(Array(LatencyGraph.text(event, series, at: second).utf8))
    }

    static let histogram = Command<Store>(
        "LATENCY HISTOGRAM", .server, flags, since: "7.0.0",
        summary: "Tells how long commands took: for each the calls up to so many microseconds.",
        complexity: "O(N), N being the number of commands.",
        arguments: [.string("command").optional.repeated], tips: special,
        examples: ["LATENCY HISTOGRAM", "LATENCY HISTOGRAM get set"], run: runHistogram)

    static let history = Command<Store>(
        "LATENCY HISTORY", .server, flags, since: "2.8.13",
        summary: "Lists when an event took long, and how many milliseconds.",
        complexity: "O(1)", arguments: [.string("event")], tips: special,
        examples: ["LATENCY HISTORY command"]
    ) { store, call, reply throws(CommandError) in
        let samples = event(call[2]).flatMap { store.latency[$0]?.samples } ?? []
        reply.array(samples.count)
        for sample in samples {
            reply.array(2)
            reply.integer(sample.second)
            reply.integer(sample.milliseconds)
        }
    }

    static let latest = Command<Store>(
        "LATENCY LATEST", .server, flags, since: "2.8.13",
        summary: """
            Lists the kinds of events that took long: when it last was so, and how many \
            milliseconds it took then and at most.
            """,
        complexity: "O(1)", tips: special, examples: ["LATENCY LATEST"]
    ) { store, _, reply throws(CommandError) in
        let events = store.latency.events
        reply.array(events.count)
        for event in events {
            let series = store.latency[event]
            reply.array(4)
            reply.bulk(utf8: event.name)
            reply.integer(series?.samples.last?.second ?? 0)
            reply.integer(series?.samples.last?.milliseconds ?? 0)
            reply.integer(series?.highest ?? 0)
        }
    }

    static let reset = Command<Store>(
        "LATENCY RESET", .server, flags, since: "2.8.13",
        summary: "Forgets kinds of events, all or some, and says how many.",
        complexity: "O(1)", arguments: [.string("event").optional.repeated],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["LATENCY RESET", "LATENCY RESET command"]
    ) { store, call, reply throws(CommandError) in
        var chosen = call.count == 2 ? LatencyEvent.allCases : []
        for index in 2..<max(2, call.count) {
            if let event = event(call[index]) { chosen.append(event) }
        }
        var forgotten: Int64 = 0
        for event in chosen where store.latency.forget(event) { forgotten += 1 }
        reply.integer(forgotten)
    }

    /// The kind of event with this name.
    private static func event(_ word: RawSpan) -> LatencyEvent? {
        let name = word.text
        return LatencyEvent.allCases.first { $0.name == name }
    }
}
