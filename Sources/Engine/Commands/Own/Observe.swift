import Bytes
import Grammar
import Wire

// LARDER OBSERVE: an observation for whoever is outside of the process, at the cost of one command.

extension OwnCommands {
    static let observe = Command<Store>(
        "LARDER OBSERVE", .server, [.admin, .loading, .stale], since: "1.0.0",
        summary: """
            Tells in one map what a dashboard shows: memory, keys, hits, commands, clients, the \
            keys that left last, hot and big keys of the database, channels, slow commands. \
            FIGURES tells the numbers alone, PERCENTILES and HISTOGRAMS also how long commands took.
            """, complexity: "O(1): every list in it is bounded.",
        arguments: [
            .oneOf("depth", [.token("FIGURES"), .token("PERCENTILES"), .token("HISTOGRAMS")])
                .optional
        ], tips: ["nondeterministic_output"],
        examples: ["LARDER OBSERVE", "LARDER OBSERVE FIGURES", "LARDER OBSERVE PERCENTILES"]
    ) { store, call, reply throws(CommandError) in
        var depth = Observation.Depth.tables
        if call.count > 2 {
            guard call.count == 3 else { throw .syntax }
            if call[2].matches("FIGURES") {
                depth = .figures
            } else if call[2].matches("PERCENTILES") {
                depth = .percentiles
            } else if call[2].matches("HISTOGRAMS") {
                depth = .histograms
            } else {
                throw .syntax
            }
        }
        reply.write(store.observe(depth, database: store.selected))
    }
}
