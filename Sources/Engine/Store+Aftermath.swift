import Bytes
import Grammar
import Wire

// What follows a command besides its reply. Nearly always nothing does, and one look at
// `attention` tells; what there is happens here.

extension Store {
    /// Right behind a handler: true when the command has begun to wait, and is not over yet, or
    /// has been counted here.
    /// - Parameter began: when the command began, by the stopwatch.
    @inline(never)
    mutating func attend(
        _ number: Int, _ call: borrowing Call, _ start: Int, _ began: UInt64,
        _ reply: inout ReplyWriter
    ) -> Bool {
        // The late reply of a command that has waited comes first in every flavour.
        if settings.flavour == .redis70, attention.contains(.ownLetters),
            sessions[call.session]?.blocking?.isRetrying != true
        {
            adoptOwnLetters(start, &reply, isInFront: true)
        }
        if attention.contains(.monitors) { show(number, call) }
        if attention.contains(.tracking) { rememberKeys(number, call) }
        if attention.contains(.hasBlocked) {
            attention.remove(.hasBlocked)
            sessions[call.session]?.blocking?.spent = stopwatch() &- began
            return true
        }
        if attention.contains(.held) {
            // The host does nothing for that time once the reply is written.
            attention.remove(.held)
            account(number, call, since: began &- heldNanoseconds)
            return true
        }
        return false
    }

    /// Behind a command with its reply, and a transaction as a whole.
    @inline(never)
    mutating func finish(_ start: Int, _ reply: inout ReplyWriter) {
        // A command that was held back by a pause has not run, so that nobody attended to this.
        attention.remove(.hasBlocked)
        if attention.contains(.sessionMemory) { endLargestSessions() }
        if attention.contains(.tracking) { finishTracking() }
        if attention.contains(.ownLetters) { adoptOwnLetters(start, &reply, isInFront: false) }
        if isFinishing { return }
        settleWaiting()
        if attention.contains(.ownLetters) { adoptOwnLetters(start, &reply, isInFront: false) }
    }

    /// Lets run what waits and need not wait any more.
    mutating func settleWaiting() {
        isFinishing = true
        while !attention.isDisjoint(with: [.readyKeys, .unpaused]) {
            if attention.contains(.readyKeys) { serveReadyKeys() }
            if attention.contains(.unpaused) { runPostponed() }
        }
        isFinishing = false
    }

    /// Puts what the running command has sent to its own session beside its reply, which begins
    /// at `start`: Redis 7.0 has it in front, later servers behind.
    mutating func adoptOwnLetters(
        _ start: Int, _ reply: inout ReplyWriter, isInFront: Bool
    ) {
        attention.remove(.ownLetters)
        let middle = reply.buffer.count
        reply.buffer.append(outbox.own.buffer.bytes)
        outbox.own.buffer.removeAll()
        guard isInFront else { return }
        // What was sent to the session stays when it does not want the reply.
        if start == replyStart { replyStart += reply.buffer.count - middle }
        reply.buffer.rotate(from: start, middle: middle)
    }
}
