import Bytes
import Grammar
import Structures
import Wire

// The gates before a command runs, in their order: known, arity, authentication, and what holds
// a session back: subscriptions, a pause, a transaction that queues. Later ones (access control,
// memory, loading) have their place between these.

extension Store {
    /// What the gates that every command passes have found.
    private enum Standing {
        case free
        case restrained
        case unauthenticated
    }

    /// The number of the command that a request names, when it may run; otherwise writes why not.
    @inline(__always)
    mutating func admit(_ call: borrowing Call, _ reply: inout ReplyWriter) -> Int? {
        guard var number = commands.find(call[0]) else {
            sessions[call.session]?.lastCommand = -1
            if isFromBrowser(call) {
                endSession(call.session)
                return nil
            }
            reject(.unknownCommand(call), nil, call.session, &reply)
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
            let name = commands.entries[number].spec.reportedName
            reject(.wrongArity(name), number, call.session, &reply)
            return nil
        }
        guard number != debugCommand || mayDebug(call.session) else {
            sessions[call.session]?.lastCommand = number
            reject(.debugNotAllowed, number, call.session, &reply)
            return nil
        }
        let standing = prepare(number, session: call.session)
        if ledger.total > memoryBound, standing != .unauthenticated,
            refusesForMemory(number, call, &reply)
        {
            return nil
        }
        switch standing {
        case .free: return number
        case .restrained: return passRestraints(number, call, &reply) ? number : nil
        case .unauthenticated:
            reject(.noAuthentication, number, call.session, &reply)
            return nil
        }
    }

    /// True for what a browser sends that some page has sent here: its requests end where they
    /// begin, so that none of the lines that follow is taken for a command.
    private func isFromBrowser(_ call: borrowing Call) -> Bool {
        guard call[0].matches("POST") || call[0].matches("HOST:") else { return false }
        return sessions[call.session]?.origin.kind != .embedded
    }

    /// True when the settings let a session use DEBUG.
    @inline(never)
    private func mayDebug(_ session: Int) -> Bool {
        guard let origin = sessions[session]?.origin else { return false }
        return settings.debugPermission.allows(origin)
    }

    /// Selects what the command will work on.
    @inline(__always)
    private mutating func prepare(_ number: Int, session: Int) -> Standing {
        guard let holder = sessions[session] else { return .unauthenticated }
        selected = holder.database
        isTouchSuppressed = holder.touchesNothing
        holder.lastCommand = number
        holder.commandCount &+= 1
        guard
            holder.isAuthenticated || commands.entries[number].flags.contains(.noAuth)
                || settings.password.isEmpty
        else { return .unauthenticated }
        return holder.restraints.isEmpty && pause == nil ? .free : .restrained
    }

    /// The gates of sessions that are not simply free. True when the command runs now; otherwise
    /// it was refused, queued, or held back.
    @inline(never)
    private mutating func passRestraints(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) -> Bool {
        guard let holder = sessions[call.session] else { return false }
        let entry = commands.entries[number]
        if holder.transaction != nil, entry.flags.contains(.noMulti) {
            reject(.notInTransaction, number, call.session, &reply)
            return false
        }
        if holder.restraints.contains(.subscribed), holder.version == .two,
            !traits[number].contains(.allowedWhenSubscribed)
        {
            reject(.notWhenSubscribed(entry.spec.reportedName), number, call.session, &reply)
            return false
        }
        if holder.restraints.contains(.monitor),
            entry.flags.contains(.readonly) || isWriting(number)
        {
            reject(.replicaTouchesKeys, number, call.session, &reply)
            return false
        }
        endPassedPause()
        if isHeldByPause(number, holder) {
            wait(call, .pause, command: number, keys: [], until: nil, otherwise: .null)
            return false
        }
        guard holder.transaction != nil, !traits[number].contains(.runsInTransaction) else {
            return true
        }
        // What can never run need not be kept.
        if !holder.isDirty, holder.transaction?.isAborted == false {
            holder.transaction?.append(
                number, ArgumentList(call.arguments),
                needsMemory: entry.flags.contains(.denyOOM))
        }
        reply.simple("QUEUED")
        return false
    }

    /// Refuses a command before it runs. Inside a transaction that spoils the transaction.
    mutating func reject(
        _ error: CommandError, _ number: Int?, _ session: Int, _ reply: inout ReplyWriter
    ) {
        if let number {
            meters.noteRejected(number)
            if traits[number].contains(.isExec) {
                endTransaction(session)
                return refuse(.execAborted(because: error), &reply)
            }
        }
        sessions[session]?.transaction?.isAborted = true
        refuse(error, &reply)
    }

    private mutating func refuseSubcommand(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) -> Int? {
        sessions[call.session]?.lastCommand = -1
        let container = commands.entries[number].spec.name
        reject(.unknownSubcommand(call[1], of: container), nil, call.session, &reply)
        return nil
    }
}
