import Bytes
import Grammar
import Wire

// INFO: the measures as text.

extension Administration {
    static let info = Command<Store>(
        "INFO", .server, [.loading, .stale], since: "1.0.0",
        summary: "Reports facts and measures of the server, all or by section.",
        complexity: "O(1)", history: ["7.0.0": "Several sections may be given."],
        categories: [.dangerous], arguments: [.string("section").optional.repeated],
        tips: [
            "nondeterministic_output", "request_policy:all_shards", "response_policy:special",
        ],
        examples: ["INFO", "INFO memory keyspace", "INFO everything"], run: runInfo)

    static func runInfo(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var sections: Set<MetricSection> = []
        if call.count == 1 { sections = Set(MetricSection.allCases.filter(\.isShownByDefault)) }
        for index in 1..<max(1, call.count) {
            if call[index].matches("ALL") || call[index].matches("EVERYTHING") {
                sections.formUnion(MetricSection.allCases)
            } else if call[index].matches("DEFAULT") {
                sections.formUnion(MetricSection.allCases.filter(\.isShownByDefault))
            } else {
                let word = ByteString(call[index])
                sections.formUnion(MetricSection.allCases.filter { $0.rawValue.names(word) })
            }
        }
        store.refreshHostFacts?(&store.hostFacts)
        reply.verbatim(store.info(sections))
    }
}
