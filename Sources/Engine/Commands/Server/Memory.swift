import Bytes
import Grammar
import Structures
import Wire

/// MEMORY: what keys cost.
enum MemoryCommands {
    static var commands: [Command<Store>] { [memory] }

    static let memory = Command<Store>(
        container: "MEMORY", .server, since: "4.0.0",
        summary: "What is known of the memory that keys take.",
        examples: ["MEMORY USAGE greeting"],
        subcommands: [memoryHelp, memoryUsage])

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

    static let memoryHelp = Command<Store>(
        "MEMORY HELP", .server, [.loading, .stale], since: "4.0.0",
        summary: "Lists the subcommands.",
        complexity: "O(1)", examples: ["MEMORY HELP"], run: Help.run)
}
