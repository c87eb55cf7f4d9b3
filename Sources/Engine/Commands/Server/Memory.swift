import Bytes
import Grammar
import Structures
import Wire

/// MEMORY: what keys cost, and where the node's memory went.
enum MemoryCommands {
    static var commands: [Command<Store>] { [memory] }

    static let memory = Command<Store>(
        container: "MEMORY", .server, since: "4.0.0",
        summary: "What is known of the memory that keys take.",
        examples: ["MEMORY USAGE greeting"],
        subcommands: [
            memoryDoctor, memoryHelp, memoryMallocStats, memoryPurge, memoryStats, memoryUsage,
        ])

    private static let special = [
        "nondeterministic_output", "request_policy:all_shards", "response_policy:special",
    ]

    // MARK: One key

    static let memoryUsage = Command<Store>(
        "MEMORY USAGE", .server, [.readonly], since: "4.0.0",
        summary: "Says how many bytes a key takes, its value and the place in the table included.",
        complexity: "O(1): the sizes of values are always known, so nothing needs to be sampled.",
        arguments: [
            .key([.readOnly]), .integer("count").after("SAMPLES").optional,
        ],
        examples: ["SET greeting hello", "MEMORY USAGE greeting"], run: runUsage)

    static func runUsage(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var options = ArgumentCursor(call, from: 3)
        while !options.isAtEnd {
            guard options.take("SAMPLES", followedBy: 1), let word = options.next() else {
                throw .syntax
            }
            guard let samples = word.canonicalInteger else { throw .notInteger }
            guard samples >= 0 else { throw .syntax }
        }
        guard let found = store.find(call[2], .silent) else { return reply.null() }
        reply.integer(found.entry.totalFootprint + HashTable.bytesPerRecord)
    }

    // MARK: All memory

    static let memoryStats = Command<Store>(
        "MEMORY STATS", .server, [], since: "4.0.0",
        summary: "Gives the node's memory in numbers, by use.", complexity: "O(1)",
        tips: special, examples: ["MEMORY STATS"], run: runStats)

    static func runStats(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.refreshHostFacts?(&store.hostFacts)
        let lines = store.memoryLines
        reply.map(lines.count)
        for line in lines {
            reply.bulk(utf8: line.name)
            switch line.value {
            case .bytes(let number): reply.integer(number)
            case .share(let number): reply.score(number, store.settings.flavour)
            case .database(let inner):
                reply.map(inner.count)
                for (name, number) in inner {
                    reply.bulk(utf8: name)
                    reply.integer(number)
                }
            }
        }
    }

    static let memoryDoctor = Command<Store>(
        "MEMORY DOCTOR", .server, [], since: "4.0.0",
        summary: "Says in sentences what is odd about the node's memory, and what to do.",
        complexity: "O(1)", tips: special, examples: ["MEMORY DOCTOR"]
    ) { store, _, reply throws(CommandError) in
        store.refreshHostFacts?(&store.hostFacts)
        reply.verbatim(Array(store.memoryReport.utf8))
    }

    static let memoryMallocStats = Command<Store>(
        "MEMORY MALLOC-STATS", .server, [], since: "4.0.0",
        summary: "Shows what is known of the allocator.", complexity: "O(1)",
        tips: special, examples: ["MEMORY MALLOC-STATS"]
    ) { store, _, reply throws(CommandError) in
        store.refreshHostFacts?(&store.hostFacts)
        reply.verbatim(
            Array(
                """
                allocator: libc, which keeps no statistics worth showing
                accounted for: \(store.usedMemory) bytes, as the allocator counts its blocks
                resident: \(store.hostFacts.residentMemory) bytes, the whole process

                """.utf8))
    }

    static let memoryPurge = Command<Store>(
        "MEMORY PURGE", .server, [], since: "4.0.0",
        summary: "Gives free memory of the allocator back to the system.",
        complexity: "O(N), N being the pages that the allocator holds.",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["MEMORY PURGE"]
    ) { _, _, reply throws(CommandError) in
        Heap.trim()
        reply.ok()
    }

    static let memoryHelp = Command<Store>(
        "MEMORY HELP", .server, [.loading, .stale], since: "4.0.0",
        summary: "Lists the subcommands.",
        complexity: "O(1)", examples: ["MEMORY HELP"], run: Help.run)
}
