import Bytes
import Grammar
import Wire

// CLIENT TRACKING: sessions that keep copies of values are told when a copy is out of date.
//
// What a session reads is remembered by the name of the key, and the first change of the key
// tells it and forgets the name. A session that broadcasts follows prefixes instead; what has
// changed is collected, and told once a turn of the host.
//
// All changes pass through `noteModified`, which costs one comparison while nobody tracks or
// watches. What a running command makes its own session learn is told behind the reply, behind
// that of EXEC in a transaction: a reply must not have anything in its middle, and a value that
// is read in the same transaction must not outlive its own change.

extension Store {
    // MARK: Beginning and end

    /// Makes a session follow changes; prefixes are added to those that it follows already.
    mutating func beginTracking(
        _ session: Int, _ modes: Tracking.Modes, redirection: SessionHandle?,
        prefixes: [ByteString]
    ) {
        guard let holder = sessions[session] else { return }
        if holder.tracking == nil { tracking.sessionCount += 1 }
        var state = holder.tracking ?? Tracking()
        state.modes = modes
        state.redirection = redirection
        state.isBroken = false
        if modes.contains(.broadcast) {
            for prefix in prefixes.isEmpty ? [ByteString()] : prefixes
            where !state.prefixes.contains(prefix) {
                tracking.follow(prefix, session)
                state.prefixes.append(prefix)
            }
            state.prefixes.sort()
        }
        holder.tracking = state
        attention.insert(.tracking)
        noteObservers()
    }

    /// Makes a session follow nothing any more. What is remembered of its reading stays until the
    /// keys change: it counts again when the session begins again.
    mutating func endTracking(_ session: Int) {
        guard let holder = sessions[session], let state = holder.tracking else { return }
        for prefix in state.prefixes { tracking.leave(prefix, session) }
        holder.tracking = nil
        holder.formerRedirection = state.redirection
        tracking.sessionCount -= 1
        endAttention()
        noteObservers()
    }

    /// Looks at tracking behind commands no more, unless something is left to be told.
    private mutating func endAttention() {
        if tracking.sessionCount == 0, tracking.own.isEmpty { attention.remove(.tracking) }
    }

    /// Notes whether anybody is to be asked about each change of a key.
    @inline(__always)
    mutating func noteObservers() {
        hasObservers = !watchers.isEmpty || tracking.isInUse
    }

    // MARK: Reading

    /// Remembers the keys that a command has read for a session that tracks.
    mutating func rememberKeys(_ number: Int, _ call: borrowing Call) {
        guard commands.entries[number].flags.contains(.readonly),
            let holder = sessions[call.session], let state = holder.tracking,
            !state.modes.contains(.broadcast)
        else { return }
        if state.modes.contains(.optIn), !state.isCaching { return }
        if state.modes.contains(.optOut), state.isCaching { return }
        let reader = SessionHandle(session: call.session, id: holder.id)
        for key in commands.entries[number].keys(of: call.arguments) ?? [] {
            tracking.remember(ByteString(call[key.word]), by: reader)
        }
    }

    /// What is left to do for those who track when a command with its reply is over, or the
    /// transaction as a whole.
    mutating func finishTracking() {
        if !tracking.own.isEmpty {
            tellOwn()
            endAttention()
        }
        limitTrackedKeys()
        guard let holder = sessions[runningSession], holder.tracking?.isCaching == true,
            holder.transaction == nil, holder.blocking == nil
        else { return }
        // CLIENT CACHING is about the first command behind it that is none of CLIENT.
        let last = holder.lastCommand
        if last < 0 || !traits[last].contains(.keepsCaching) { holder.tracking?.isCaching = false }
    }

    // MARK: Changes

    /// Tells the sessions that have read a key that it has changed.
    /// - Parameter isCommanded: false when no command has changed it but time, or want of memory.
    @inline(never)
    mutating func invalidate(_ key: RawSpan, isCommanded: Bool = true) {
        let name = ByteString(key)
        let running = isCommanded && runningSession >= 0 ? sessions[runningSession] : nil
        tracking.noteChange(name, by: running?.id ?? 0)
        invalidate(name)
    }

    private mutating func invalidate(_ name: ByteString) {
        let readers = tracking.forget(name)
        for reader in readers {
            guard let holder = sessions[reader.session], holder.id == reader.id,
                let modes = holder.tracking?.modes, !modes.contains(.broadcast)
            else { continue }
            if reader.session == runningSession {
                if !modes.contains(.noLoop) { tracking.own.append(name) }
            } else {
                tell(reader.session, of: [name])
            }
        }
        if tracking.sessionCount == 0 { noteObservers() }
    }

    /// Tells all who track that there is no key any more, at least in one database.
    mutating func invalidateAll() {
        if tracking.sessionCount > 0 {
            for session in sessionsByID where sessions[session]?.tracking != nil {
                if session == runningSession {
                    tracking.own.append(nil)
                } else {
                    tell(session, of: nil)
                }
            }
        }
        tracking.forgetAll()
        noteObservers()
    }

    /// Forgets keys that were read as long as there are more than the setting allows: their
    /// readers are told that they have changed. The more often that was needed in turn, the more
    /// are forgotten at a time.
    mutating func limitTrackedKeys() {
        let limit = settings.maximumTrackedKeys
        if limit == 0 || tracking.count <= limit {
            tracking.timesTooLarge = 0
            return
        }
        for _ in 0..<min(100 * (tracking.timesTooLarge + 1), tracking.count - limit) {
            invalidate(tracking.key(at: random.next(below: tracking.count)))
        }
        tracking.timesTooLarge += 1
        if !tracking.own.isEmpty { tellOwn() }
    }

    // MARK: Telling

    /// Tells the running session what its command has made of its copies. Messages that the
    /// command has caused besides come behind that.
    private mutating func tellOwn() {
        var messages = ReplyWriter()
        swap(&messages, &outbox.own)
        let keys = tracking.own
        tracking.own = []
        for key in keys { tell(runningSession, of: key.map { [$0] }) }
        outbox.own.buffer.append(messages.buffer.bytes)
    }

    /// Tells a session, or who is told in its stead, that keys have changed; nil is all of them.
    private mutating func tell(_ session: Int, of keys: [ByteString]?) {
        guard let version = sessions[session]?.version, let target = recipient(of: session) else {
            return
        }
        deliver(to: target.session) { writer in
            target.isSubscriber ? writer.invalidationMessage() : writer.invalidationPush()
            if let keys {
                writer.invalidated(keys)
            } else {
                // In the protocol of the one that tracks, whoever is told.
                writer.buffer.append(version == .two ? "$-1\r\n" : "_\r\n")
            }
        }
    }

    /// Who is told what a session has to know, and whether it gets that as a message of a channel;
    /// nil when it cannot be told.
    private mutating func recipient(
        of session: Int
    ) -> (session: Int, isSubscriber: Bool)? {
        guard let holder = sessions[session] else { return nil }
        // What a transaction has changed is told even when its end was to track no more.
        guard let target = holder.tracking.map(\.redirection) ?? holder.formerRedirection else {
            return holder.version == .three ? (session, false) : nil
        }
        guard let other = sessions[target.session], other.id == target.id else {
            holder.tracking?.isBroken = true
            guard holder.version == .three else { return nil }
            deliver(to: session) { writer in
                writer.push(2)
                writer.bulk(utf8: "tracking-redir-broken")
                writer.integer(target.id)
            }
            return nil
        }
        if other.version == .three { return (target.session, false) }
        return other.restraints.contains(.subscribed) ? (target.session, true) : nil
    }

    /// Tells the sessions that follow prefixes which keys have changed since this was last called.
    @inline(never)
    mutating func broadcastInvalidations() {
        for prefix in tracking.takeChanges() {
            let keys = prefix.changes.keys.sorted()
            var plain: [Int] = []
            for session in prefix.sessions {
                guard let holder = sessions[session], let state = holder.tracking else { continue }
                if state.modes.contains(.noLoop) {
                    let others = keys.filter { prefix.changes[$0] != holder.id }
                    if !others.isEmpty { tell(session, of: others) }
                } else if state.redirection != nil {
                    tell(session, of: keys)
                } else if holder.version == .three {
                    plain.append(session)
                }
            }
            guard !plain.isEmpty else { continue }
            outbox.post(to: plain, but: -1) { writer in
                writer.invalidationPush()
                writer.invalidated(keys)
            }
        }
    }
}

extension ReplyWriter {
    fileprivate mutating func invalidationPush() {
        push(2)
        bulk(utf8: "invalidate")
    }

    fileprivate mutating func invalidationMessage() {
        push(3)
        bulk(utf8: "message")
        bulk(utf8: "__redis__:invalidate")
    }

    fileprivate mutating func invalidated(_ keys: [ByteString]) {
        array(keys.count)
        for key in keys { bulk(key) }
    }
}
