import Bytes
import Grammar
import Wire

// CLIENT PAUSE: for some time commands wait, all of them or those that may write.

/// A pause that is under way.
struct Pause {
    /// When it ends.
    var end: Instant
    /// True when every command waits.
    var holdsAll: Bool
}

extension Store {
    /// Begins a pause, or makes the one under way stricter and longer.
    mutating func beginPause(until end: Instant, holdsAll: Bool) {
        let present = pause
        pause = Pause(
            end: max(end, present?.end ?? end),
            holdsAll: holdsAll || present?.holdsAll == true)
        effects.append(.deadlineChanged)
    }

    /// Ends the pause; what waits for that runs when the present command is over.
    mutating func endPause() {
        guard pause != nil else { return }
        pause = nil
        if !postponed.isEmpty { attention.insert(.unpaused) }
    }

    /// Ends the pause when its time is over.
    mutating func endPassedPause() {
        if let pause, pause.end <= now.monotonic { endPause() }
    }

    /// True when the pause holds this command of the session back.
    func isHeldByPause(_ number: Int, _ holder: Session) -> Bool {
        guard let pause else { return false }
        if pause.holdsAll { return true }
        if isWriting(number) { return true }
        guard traits[number].contains(.isExec), let transaction = holder.transaction else {
            return false
        }
        return transaction.queue.contains { isWriting($0.command) }
    }

    /// True for a command that may change the data, or what replicas are sent.
    func isWriting(_ number: Int) -> Bool {
        commands.entries[number].flags.contains(.write) || traits[number].contains(.mayReplicate)
    }

    /// Runs the commands that have waited for the end of the pause, in their order.
    mutating func runPostponed() {
        attention.remove(.unpaused)
        let waiting = postponed
        postponed = []
        for session in waiting {
            guard let holder = sessions[session], let blocking = holder.blocking,
                blocking.isPostponed
            else { continue }
            endWaiting(session)
            var writer = spareWriter.take() ?? ReplyWriter(capacity: 256)
            writer.version = holder.version
            lastClock = stopwatch()
            let words = blocking.words
            call(words.arguments, session: session, reply: &writer)
            post(writer, to: session)
            // Whoever waited for what this has brought comes before the next.
            if attention.contains(.readyKeys) { serveReadyKeys() }
        }
    }
}
