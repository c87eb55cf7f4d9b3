import Bytes
import Grammar
import Wire

/// Transactions: MULTI queues, EXEC runs, WATCH makes EXEC depend on keys.
enum Transactions {
    static var commands: [Command<Store>] { [multi, exec, discard, watch, unwatch] }

    private static let flags: CommandFlags = [.noscript, .loading, .stale, .fast, .allowBusy]

    static let multi = Command<Store>(
        "MULTI", .transactions, flags, since: "1.2.0",
        summary: "Begins a transaction: commands are queued until EXEC.", complexity: "O(1)",
        categories: [.transaction], examples: ["MULTI"], run: runMulti)

    static func runMulti(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard store.sessions[call.session]?.transaction == nil else { throw .nestedTransaction }
        store.beginTransaction(call.session)
        reply.ok()
    }

    static let exec = Command<Store>(
        "EXEC", .transactions, [.noscript, .loading, .stale, .skipSlowlog], since: "1.2.0",
        summary: "Runs the queued commands, unless a watched key has changed.",
        complexity: "The sum of the queued commands' costs.", categories: [.transaction],
        examples: ["EXEC"], run: runExec)

    static func runExec(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let holder = store.sessions[call.session], let transaction = holder.transaction
        else { throw .execWithoutMulti }
        let isStale = holder.isDirty || store.hasWatchedExpired(call.session)
        guard !transaction.isAborted, !isStale else {
            store.endTransaction(call.session)
            if transaction.isAborted { throw .execAborted }
            return reply.nullArray()
        }
        // What the commands change is no reason for later transactions to fail.
        store.unwatch(call.session)
        store.isBlockingDenied = true
        reply.array(transaction.queue.count)
        for queued in transaction.queue {
            store.runQueued(queued, session: call.session, &reply)
        }
        store.isBlockingDenied = false
        store.endTransaction(call.session)
    }

    static let discard = Command<Store>(
        "DISCARD", .transactions, flags, since: "2.0.0",
        summary: "Forgets the queued commands and ends the transaction.",
        complexity: "O(N), N being the number of queued commands.",
        categories: [.transaction], examples: ["DISCARD"], run: runDiscard)

    static func runDiscard(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard store.sessions[call.session]?.transaction != nil else {
            throw .discardWithoutMulti
        }
        store.endTransaction(call.session)
        reply.ok()
    }

    static let watch = Command<Store>(
        "WATCH", .transactions, flags, since: "2.2.0",
        summary: "Makes the next EXEC run nothing if one of the keys changes before it.",
        complexity: "O(1) a key.", categories: [.transaction],
        arguments: [.key(.readOnly).repeated], examples: ["WATCH stock"], run: runWatch)

    static func runWatch(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let holder = store.sessions[call.session] else { return }
        guard holder.transaction == nil else { throw .watchInTransaction }
        // Once one key has changed, nothing can make EXEC run again.
        if !holder.isDirty {
            for index in 1..<call.count { store.watch(call[index], call.session) }
        }
        reply.ok()
    }

    static let unwatch = Command<Store>(
        "UNWATCH", .transactions, flags, since: "2.2.0",
        summary: "Forgets which keys are watched.", complexity: "O(1)",
        categories: [.transaction], examples: ["UNWATCH"], run: runUnwatch)

    static func runUnwatch(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.unwatch(call.session)
        store.sessions[call.session]?.isDirty = false
        reply.ok()
    }
}
