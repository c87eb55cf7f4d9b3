import Bytes
import Grammar
import Wire

// Transactions: commands that a session queues and EXEC runs one after the other, with nothing
// from anybody else in between.

/// The commands that a session has queued.
struct Transaction {
    /// A command that passed the gates, to be run later.
    struct Queued {
        let command: Int
        let words: ArgumentList
    }

    /// The commands, in their order.
    private(set) var queue: [Queued] = []
    /// True when one of them was refused, so that none may run.
    var isAborted = false
    /// True when one of them is refused while memory is short.
    private(set) var needsMemory = false
    /// Bytes of memory that the words take.
    private(set) var footprint = 0

    mutating func append(_ command: Int, _ words: ArgumentList, needsMemory: Bool) {
        if needsMemory { self.needsMemory = true }
        queue.append(Queued(command: command, words: words))
        footprint += words.footprint + MemoryLayout<Queued>.stride
    }
}

extension ArgumentList {
    /// Bytes of memory that the words take.
    var footprint: Int {
        storage.capacity + slices.capacity * MemoryLayout<ArgumentSlice>.stride
    }
}

extension Store {
    /// Begins to queue a session's commands.
    func beginTransaction(_ session: Int) {
        sessions[session]?.transaction = Transaction()
        sessions[session]?.restraints.insert(.transaction)
    }

    /// Forgets what a session has queued, and what it watches.
    mutating func endTransaction(_ session: Int) {
        guard let holder = sessions[session] else { return }
        holder.transaction = nil
        holder.restraints.remove(.transaction)
        unwatch(session)
        holder.isDirty = false
        settleSession(session)
    }

    /// Runs one queued command; its reply is an element of the reply to EXEC.
    mutating func runQueued(
        _ queued: Transaction.Queued, session: Int, _ reply: inout ReplyWriter
    ) {
        guard let holder = sessions[session] else { return }
        selected = holder.database
        isTouchSuppressed = holder.touchesNothing
        let start = reply.buffer.count
        queuedCommand = queued.command
        run(queued.command, Call(queued.words.arguments, session: session), &reply)
        queuedCommand = -1
        // CLIENT REPLY OFF silences what comes after it, while EXEC itself is still answered.
        if holder.replyMode == .offNext { reply.buffer.truncate(to: start) }
    }
}
