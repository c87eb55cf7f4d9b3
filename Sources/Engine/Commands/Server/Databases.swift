import Bytes
import Grammar
import Structures
import Wire

/// The commands that work on whole databases.
enum Databases {
    static var commands: [Command<Store>] { [dbsize, flushall, flushdb, swapdb] }

    static let dbsize = Command<Store>(
        "DBSIZE", .server, [.readonly, .fast], since: "1.0.0",
        summary: "Says how many keys the database has.",
        complexity: "O(1)", categories: [.keyspace],
        tips: ["request_policy:all_shards", "response_policy:agg_sum"],
        examples: ["DBSIZE"]
    ) { store, _, reply throws(CommandError) in
        reply.integer(store.keyspaces[store.selected].count)
    }

    static let swapdb = Command<Store>(
        "SWAPDB", .server, [.write, .fast], since: "4.0.0",
        summary: "Exchanges two databases: whoever uses one sees the other's keys at once.",
        complexity: "O(1)", categories: [.keyspace, .dangerous],
        arguments: [.integer("index1"), .integer("index2")],
        examples: ["SWAPDB 0 1"], run: runSwap)

    static func runSwap(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let first = Int32(in: call[1]) else { throw .invalidFirstDatabase }
        guard let second = Int32(in: call[2]) else { throw .invalidSecondDatabase }
        let all = 0..<store.keyspaces.count
        guard all.contains(Int(first)), all.contains(Int(second)) else {
            throw .databaseOutOfRange
        }
        store.swapDatabases(Int(first), Int(second))
        reply.ok()
    }

    // MARK: Emptying

    private static let flushHistory: KeyValuePairs<String, String> = [
        "4.0.0": "The mode `ASYNC`.", "6.2.0": "The mode `SYNC`.",
    ]

    private static let flushMode = Argument.oneOf(
        "async", [.token("ASYNC").since("4.0.0"), .token("SYNC").since("6.2.0")]
    ).optional

    static let flushdb = Command<Store>(
        "FLUSHDB", .server, [.write], since: "1.0.0",
        summary: "Removes all keys of the database.",
        complexity: "O(N), N being the number of keys; O(1) with `ASYNC`.",
        history: flushHistory, categories: [.keyspace, .dangerous], arguments: [flushMode],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["FLUSHDB", "FLUSHDB ASYNC"]
    ) { store, call, reply throws(CommandError) in
        let isDeferred = try isAsynchronous(call)
        store.removeAll(database: store.selected, deferringRelease: isDeferred)
        store.invalidateAll()
        reply.ok()
    }

    static let flushall = Command<Store>(
        "FLUSHALL", .server, [.write], since: "1.0.0",
        summary: "Removes all keys of all databases.",
        complexity: "O(N), N being the number of keys; O(1) with `ASYNC`.",
        history: flushHistory, categories: [.keyspace, .dangerous], arguments: [flushMode],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["FLUSHALL", "FLUSHALL ASYNC"]
    ) { store, call, reply throws(CommandError) in
        let isDeferred = try isAsynchronous(call)
        for database in 0..<store.keyspaces.count {
            store.removeAll(database: database, deferringRelease: isDeferred)
        }
        store.invalidateAll()
        reply.ok()
    }

    /// True when the memory may be given back later.
    private static func isAsynchronous(_ call: borrowing Call) throws(CommandError) -> Bool {
        if call.count == 1 { return false }
        guard call.count == 2 else { throw .syntax }
        if call[1].matches("ASYNC") { return true }
        guard call[1].matches("SYNC") else { throw .syntax }
        return false
    }
}

extension Store {
    /// The number of a database, from a word; in the order of checks of the field.
    func databaseNumber(_ word: RawSpan) throws(CommandError) -> Int {
        guard let number = word.canonicalInteger else { throw .notInteger }
        guard let small = Int32(exactly: number) else { throw .outsideInt32 }
        guard small >= 0, Int(small) < keyspaces.count else { throw .databaseOutOfRange }
        return Int(small)
    }
}

extension Int32 {
    /// The canonical decimal number in view, or nil when it is none of 32 bits.
    fileprivate init?(in word: RawSpan) {
        guard let number = word.canonicalInteger, let small = Int32(exactly: number) else {
            return nil
        }
        self = small
    }
}
