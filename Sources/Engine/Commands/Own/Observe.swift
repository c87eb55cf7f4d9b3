import Bytes
import Grammar
import Wire

// LARDER OBSERVE: an observation for whoever is outside of the process, at the cost of one command.

extension OwnCommands {
    static let observe = Command<Store>(
        "LARDER OBSERVE", .server, [.admin, .loading, .stale], since: "1.0.0",
        summary: """
            Tells in one map what a dashboard shows: memory, keys, hits, commands, clients, the \
            keys that left last, hot and big keys of the database, channels, slow commands.
            """, complexity: "O(1): every list in it is bounded.",
        arguments: [.token("PERCENTILES").optional], tips: ["nondeterministic_output"],
        examples: ["LARDER OBSERVE", "LARDER OBSERVE PERCENTILES"]
    ) { store, call, reply throws(CommandError) in
        var withPercentiles = false
        if call.count > 2 {
            guard call.count == 3, call[2].matches("PERCENTILES") else { throw .syntax }
            withPercentiles = true
        }
        let database = store.selected
        reply.write(store.observe(database: database, withPercentiles: withPercentiles))
    }
}
