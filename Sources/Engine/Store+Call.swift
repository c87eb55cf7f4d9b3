import Bytes
import Grammar
import Structures
public import Wire

// The one road that every command takes, whoever sent it.

extension Store {
    /// Runs one request for a session and writes its reply.
    public mutating func call(
        _ arguments: Arguments, session: Int, reply: inout ReplyWriter
    ) {
        let call = Call(arguments, session: session)
        let start = reply.buffer.count
        let caller = runningSession
        runningSession = session
        replyStart = start
        if let number = admit(call, &reply) {
            run(number, call, &reply)
            if traits[number].contains(.changesSession) { settleSession(session) }
        } else {
            settleSession(session)
        }
        if let holder = sessions[session], holder.replyMode != .on {
            suppressReply(holder, &reply)
        }
        if !attention.isEmpty { finish(start, &reply) }
        if ledger.total > memoryBound { payForGrowth(start, &reply) }
        runningSession = caller
    }

    /// Runs a command that has passed the gates.
    mutating func run(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) {
        let start = reply.buffer.count
        let began = lastClock
        do throws(CommandError) {
            guard let handler = commands.entries[number].run else {
                throw .wrongArity(commands.entries[number].spec.reportedName)
            }
            try handler(&self, call, &reply)
        } catch {
            // A handler may have begun its reply; the error is all that is sent.
            reply.buffer.truncate(to: start)
            meters.noteFailed(number)
            refuse(error, &reply)
        }
        if !attention.isEmpty, attend(number, call, start, began, &reply) { return }
        account(number, call, since: began)
    }

    /// Counts a command that is over, and its time.
    @inline(__always)
    mutating func account(_ number: Int, _ call: borrowing Call, since began: UInt64) {
        let ended = stopwatch()
        let took = ended &- began
        lastClock = ended
        meters.note(number, took, isTracked: settings.tracksLatency)
        statistics.commandsProcessed += 1
        if took >= noteworthyDuration { noteSlow(number, call, took) }
    }

    /// Writes an error reply and counts it.
    mutating func refuse(_ error: CommandError, _ reply: inout ReplyWriter) {
        noteError(error)
        reply.error(error.text.bytes)
    }

    /// Counts an error reply.
    mutating func noteError(_ error: CommandError) {
        statistics.errorReplies += 1
        statistics.errorsByCode[error.code, default: 0] += 1
    }

    /// Takes back a reply that the session does not want, and moves its mode on.
    private func suppressReply(_ holder: Session, _ reply: inout ReplyWriter) {
        // A command that waits has not been answered.
        if holder.blocking != nil { return }
        if holder.lastCommand >= 0, traits[holder.lastCommand].contains(.answersByPush) {
            if holder.replyMode == .skip { holder.replyMode = .on }
            return
        }
        switch holder.replyMode {
        case .on: break
        case .off: reply.buffer.truncate(to: replyStart)
        case .offNext: holder.replyMode = .off
        case .skipNext: holder.replyMode = .skip
        case .skip:
            reply.buffer.truncate(to: replyStart)
            holder.replyMode = .on
        }
    }
}
