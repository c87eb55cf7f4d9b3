import Bytes
import Grammar
import Structures
import Wire

// OBJECT: what the engine knows about a value besides the value itself.

extension Keys {
    static var inspection: [Command<Store>] { [object] }

    static let object = Command<Store>(
        container: "OBJECT", .generic, since: "2.2.3",
        summary: "What is known of a value besides the value itself.",
        examples: ["OBJECT ENCODING greeting"],
        subcommands: [objectEncoding, objectFreq, objectHelp, objectIdleTime, objectRefCount])

    static let objectEncoding = Command<Store>(
        "OBJECT ENCODING", .generic, [.readonly], since: "2.2.3",
        summary: "Says how a value is stored.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly])], tips: ["nondeterministic_output"],
        examples: ["OBJECT ENCODING greeting"]
    ) { store, call, reply throws(CommandError) in
        guard let found = store.find(call[2], .examine) else { return reply.null() }
        reply.bulk(utf8: found.entry.encoding.name)
    }

    static let objectFreq = Command<Store>(
        "OBJECT FREQ", .generic, [.readonly], since: "4.0.0",
        summary: "Gives the logarithmic counter of accesses that LFU eviction goes by.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly])], tips: ["nondeterministic_output"],
        examples: ["OBJECT FREQ greeting"]
    ) { store, call, reply throws(CommandError) in
        guard let found = store.find(call[2], .examine) else { return reply.null() }
        guard store.accessClock.countsFrequency else { throw .frequencyNotTracked }
        reply.integer(Int64(store.accessClock.frequency(of: found.entry.clock)))
    }

    static let objectIdleTime = Command<Store>(
        "OBJECT IDLETIME", .generic, [.readonly], since: "2.2.3",
        summary: "Says for how many seconds a key has not been used.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly])], tips: ["nondeterministic_output"],
        examples: ["OBJECT IDLETIME greeting"]
    ) { store, call, reply throws(CommandError) in
        guard let found = store.find(call[2], .examine) else { return reply.null() }
        guard !store.accessClock.countsFrequency else { throw .idleTimeNotTracked }
        reply.integer(store.accessClock.idleTime(of: found.entry.clock) / 1000)
    }

    static let objectRefCount = Command<Store>(
        "OBJECT REFCOUNT", .generic, [.readonly], since: "2.2.3",
        summary: "Says how many references a value has; small numbers are shared by all.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly])], tips: ["nondeterministic_output"],
        examples: ["OBJECT REFCOUNT greeting"]
    ) { store, call, reply throws(CommandError) in
        guard let found = store.find(call[2], .examine) else { return reply.null() }
        reply.integer(found.entry.reportedReferences)
    }

    static let objectHelp = Command<Store>(
        "OBJECT HELP", .generic, [.loading, .stale], since: "6.2.0",
        summary: "Lists the subcommands.",
        complexity: "O(1)", categories: [.keyspace],
        examples: ["OBJECT HELP"], run: Help.run)
}

extension Record {
    /// The largest reference count of the field: what it reports for the objects of the small
    /// numbers, which exist once for all keys.
    private static let sharedReferences: Int64 = 2_147_483_647

    /// The number of references that the field would report.
    fileprivate var reportedReferences: Int64 {
        guard encoding == .integer, case .integer(let value) = string,
            (0..<10_000).contains(value)
        else { return 1 }
        return Record.sharedReferences
    }
}
