import Bytes
import Grammar
import Wire

// The gates before a command runs, in their order: known, arity, authentication. Later ones
// (access control, memory, loading, transactions) have their place behind these.

extension Store {
    /// The number of the command that a request names, when it may run; otherwise writes why not.
    @inline(__always)
    mutating func admit(_ call: borrowing Call, _ reply: inout ReplyWriter) -> Int? {
        guard var number = commands.find(call[0]) else {
            sessions[call.session]?.lastCommand = -1
            if isFromBrowser(call) {
                endSession(call.session)
                return nil
            }
            refuse(.unknownCommand(call), &reply)
            return nil
        }
        if commands.entries[number].isContainer, call.count > 1 {
            guard let subcommand = commands.findSubcommand(of: number, call[1]) else {
                return refuseSubcommand(number, call, &reply)
            }
            number = subcommand
        }
        guard commands.entries[number].accepts(call.count) else {
            sessions[call.session]?.lastCommand = number
            statistics.commands[number].rejected += 1
            refuse(.wrongArity(commands.entries[number].spec.reportedName), &reply)
            return nil
        }
        guard prepare(number, session: call.session) else {
            statistics.commands[number].rejected += 1
            refuse(.noAuthentication, &reply)
            return nil
        }
        return number
    }

    /// True for what a browser sends that some page has sent here: its requests end where they
    /// begin, so that none of the lines that follow is taken for a command.
    private func isFromBrowser(_ call: borrowing Call) -> Bool {
        guard call[0].matches("POST") || call[0].matches("HOST:") else { return false }
        return sessions[call.session]?.origin.kind != .embedded
    }

    /// Selects what the command will work on; false when the session must authenticate first.
    @inline(__always)
    private mutating func prepare(_ number: Int, session: Int) -> Bool {
        guard let holder = sessions[session] else { return false }
        selected = holder.database
        isTouchSuppressed = holder.touchesNothing
        holder.lastCommand = number
        holder.commandCount &+= 1
        return holder.isAuthenticated || commands.entries[number].flags.contains(.noAuth)
            || settings.password.isEmpty
    }

    private mutating func refuseSubcommand(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) -> Int? {
        sessions[call.session]?.lastCommand = -1
        refuse(
            .unknownSubcommand(call[1], of: commands.entries[number].spec.name), &reply)
        return nil
    }
}
