import Bytes
import Grammar
public import Wire

// The one road that every command takes, whoever sent it.

extension Store {
    /// Runs one request for a session and writes its reply.
    public mutating func call(
        _ arguments: Arguments, session: Int, reply: inout ReplyWriter
    ) {
        let call = Call(arguments, session: session)
        let start = reply.buffer.count
        if let number = admit(call, &reply) {
            run(number, call, &reply)
        }
        if let holder = sessions[session], holder.replyMode != .on {
            suppressReply(session, start, &reply)
        }
    }

    private mutating func run(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) {
        let start = reply.buffer.count
        do throws(CommandError) {
            guard let handler = commands.entries[number].run else {
                throw .wrongArity(commands.entries[number].spec.reportedName)
            }
            try handler(&self, call, &reply)
        } catch {
            // A handler may have begun its reply; the error is all that is sent.
            reply.buffer.truncate(to: start)
            statistics.commands[number].failed += 1
            refuse(error, &reply)
        }
        let ended = stopwatch()
        let took = ended &- lastClock
        statistics.commands[number].nanoseconds &+= took
        lastClock = ended
        if settings.tracksLatency { statistics.noteLatency(number, took) }
        statistics.commands[number].calls += 1
        statistics.commandsProcessed += 1
    }

    /// Writes an error reply and counts it.
    mutating func refuse(_ error: CommandError, _ reply: inout ReplyWriter) {
        statistics.errorReplies += 1
        statistics.errorsByCode[error.code, default: 0] += 1
        reply.error(error.text.bytes)
    }

    /// Takes back a reply that the session does not want, and moves its mode on.
    private mutating func suppressReply(
        _ session: Int, _ start: Int, _ reply: inout ReplyWriter
    ) {
        switch sessions[session]?.replyMode {
        case .off: reply.buffer.truncate(to: start)
        case .skipNext:
            reply.buffer.truncate(to: start)
            sessions[session]?.replyMode = .skip
        case .skip:
            reply.buffer.truncate(to: start)
            sessions[session]?.replyMode = .on
        case .on, nil: break
        }
    }
}
