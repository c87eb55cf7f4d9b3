import Bytes
import Grammar
import Wire

// Who a session is, and its return to the state of a new one.

extension Store {
    /// True while the session may run only the commands that are allowed before authentication.
    /// A password that is taken away again opens the door to those who never showed one.
    func mustAuthenticate(_ session: Int) -> Bool {
        sessions[session]?.isAuthenticated != true && !settings.password.isEmpty
    }

    /// Lets a session in that names the right user and password.
    mutating func authenticate(
        _ session: Int, user: ByteString, password: RawSpan
    ) throws(CommandError) {
        guard user == "default" else { throw deniedAuthentication() }
        if !settings.password.isEmpty {
            guard isSecret(password, settings.password) else { throw deniedAuthentication() }
        }
        if sessions[session]?.isAuthenticated != true {
            sessions[session]?.isAuthenticated = true
            effects.append(.sessionChanged)
        }
    }

    private mutating func deniedAuthentication() -> CommandError {
        statistics.deniedAuthentications += 1
        return .wrongPassword
    }

    /// Compares without telling by its time how many bytes were right.
    private func isSecret(_ typed: RawSpan, _ secret: ByteString) -> Bool {
        var difference = typed.byteCount ^ secret.count
        for offset in 0..<typed.byteCount {
            let byte = secret.bytes[offset % secret.count]
            difference |= Int(typed[offset] ^ byte)
        }
        return difference == 0
    }

    /// Puts a session back into the state of a new one, as RESET does.
    mutating func resetSession(_ session: Int) {
        guard sessions[session] != nil else { return }
        endTransaction(session)
        unsubscribeFromAll(session)
        endMonitoring(session)
        endTracking(session)
        sessions[session]?.database = 0
        sessions[session]?.version = .two
        sessions[session]?.isAuthenticated = settings.password.isEmpty
        sessions[session]?.name = ByteString()
        // A reply that CLIENT REPLY SKIP took away stays away; OFF ends here.
        if sessions[session]?.replyMode != .skip { sessions[session]?.replyMode = .on }
        if settings.flavour != .redis70 {
            sessions[session]?.isExemptFromEviction = false
            sessions[session]?.touchesNothing = false
        }
        effects.append(.sessionChanged)
    }

    /// Ends a session; replies that are written are still sent.
    mutating func endSession(_ session: Int) {
        guard sessions[session]?.closesAfterReply == false else { return }
        sessions[session]?.closesAfterReply = true
        effects.append(.close(session: session))
    }

    /// Ends the sessions that have sent nothing for longer than `timeout` allows. Those inside
    /// the process are its own and stay, and those that are there to wait may do so.
    mutating func endIdleSessions() {
        guard settings.timeout > 0 else { return }
        let limit = Int64(settings.timeout)
        let second = now.wall.milliseconds / 1000
        guard second != lastIdleCheck else { return }
        lastIdleCheck = second
        for number in sessions.indices {
            guard let session = sessions[number], session.origin.kind != .embedded,
                session.blocking == nil,
                session.restraints.isDisjoint(with: [.subscribed, .monitor]),
                second - session.lastActivity.milliseconds / 1000 > limit
            else { continue }
            endSession(number)
        }
    }
}
