import Bytes
import Grammar
import Structures
import Wire

// Commands that wait. A handler that finds nothing to do calls `block` and writes no reply. The
// session keeps the words of its request, and nothing more is read from it. When one of its keys
// gets a value of the right type, the command simply runs again, from the start: either it finds
// what it waited for and its reply is delivered, or it calls `block` once more and keeps its
// place. Keys are looked at when the command that filled them is over, with all of its
// transaction; the sessions that wait for a key are served in the order in which they came.
//
// CLIENT PAUSE uses the same machine: a command that may not run now waits and then passes all
// gates again.

/// What a session waits for.
final class Blocking {
    /// Why it waits.
    enum Reason {
        /// For a value of this type under one of its keys.
        case value(ValueType)
        /// For replicas, of which there are none.
        case replicas
        /// For the end of a pause.
        case pause
    }

    /// What is answered when the time is over.
    enum Nothing {
        /// No value.
        case null
        /// No array.
        case nullArray
        /// No replica.
        case zero
        /// Neither this node nor a replica.
        case zeros
    }

    let reason: Reason
    /// The number of the command in the table.
    let command: Int
    let words: ArgumentList
    let keys: [DatabaseKey]
    /// Counts the times that any session has waited: who came first.
    let number: UInt64
    let deadline: Instant?
    let nothing: Nothing
    /// True while its command runs again.
    var isRetrying = false
    /// Nanoseconds for which its command has run, without those for which it waited.
    var spent: UInt64 = 0
    /// True when that command found nothing once more.
    var waitsOn = false

    init(
        _ reason: Reason, command: Int, words: ArgumentList, keys: [DatabaseKey],
        number: UInt64, deadline: Instant?, nothing: Nothing
    ) {
        self.reason = reason
        self.command = command
        self.words = words
        self.keys = keys
        self.number = number
        self.deadline = deadline
        self.nothing = nothing
    }

    /// Bytes of memory that the words and keys take, about.
    var footprint: Int { words.footprint + keys.reduce(96) { $0 + $1.key.count + 64 } }

    var isPostponed: Bool { if case .pause = reason { true } else { false } }
}

/// The sessions that wait for a key, in the order in which they came.
struct WaitQueue {
    struct Place {
        let session: Int
        let number: UInt64
    }

    var places: [Place] = []
    /// True when the key is on the list of those to be looked at.
    var isReady = false
}

extension ReplyWriter {
    /// Writes that a command has waited in vain, or may not wait.
    mutating func nothing(_ nothing: Blocking.Nothing) {
        switch nothing {
        case .null: null()
        case .nullArray: nullArray()
        case .zero: integer(0)
        case .zeros:
            array(2)
            integer(0)
            integer(0)
        }
    }
}

extension Store {
    // MARK: For handlers

    /// Makes the session wait until one of its keys holds a value of `type`, and runs its command
    /// again then. Inside a transaction nothing waits: the reply is at once that of a command
    /// whose time is over.
    /// - Parameters:
    ///   - keys: the words that are keys.
    ///   - deadline: when to stop waiting; nil is never. See `deadline(inSeconds:)`.
    ///   - nothing: the reply when the time is over.
    mutating func block(
        _ call: borrowing Call, on keys: Range<Int>, for type: ValueType,
        until deadline: Instant?, otherwise nothing: Blocking.Nothing,
        _ reply: inout ReplyWriter
    ) {
        guard let holder = sessions[call.session], !isBlockingDenied else {
            return reply.nothing(nothing)
        }
        if let blocking = holder.blocking, blocking.isRetrying {
            blocking.waitsOn = true
            attention.insert(.hasBlocked)
            return
        }
        var names: [DatabaseKey] = []
        for word in keys {
            let name = DatabaseKey(database: selected, key: ByteString(call[word]))
            if !names.contains(name) { names.append(name) }
        }
        wait(
            call, Blocking.Reason.value(type), command: holder.lastCommand, keys: names,
            until: deadline, otherwise: nothing)
    }

    /// True when a command that waits may take from this key. Redis 7.0 serves a waiting session
    /// only from the key that has just got a value; later servers from the first of its keys that
    /// has one.
    func isOffered(_ key: RawSpan) -> Bool {
        guard let offeredKey, settings.flavour == .redis70 else { return true }
        return key.equals(offeredKey)
    }

    /// Makes the session wait for replicas, of which there are none, until its time is over.
    mutating func blockForReplicas(
        _ call: borrowing Call, until deadline: Instant?, otherwise nothing: Blocking.Nothing,
        _ reply: inout ReplyWriter
    ) {
        guard let holder = sessions[call.session], !isBlockingDenied else {
            return reply.nothing(nothing)
        }
        wait(
            call, .replicas, command: holder.lastCommand, keys: [], until: deadline,
            otherwise: nothing)
    }

    /// When to stop waiting, from a word that tells seconds, which may have a fraction; nil for 0,
    /// which is never.
    func deadline(inSeconds word: RawSpan) throws(CommandError) -> Instant? {
        guard let seconds = Doubles.parseLong(word) else { throw .timeoutNotFloat }
        let milliseconds = (seconds * 1000).rounded(.up)
        // Redis 7.0 takes what does not fit for negative.
        guard milliseconds < 0x1p63 else {
            throw settings.flavour == .redis70 ? .timeoutNegative : .timeoutOutOfRange
        }
        guard milliseconds > -0x1p63 else { throw .timeoutNegative }
        return try deadline(in: Int64(milliseconds))
    }

    /// The same from a word that tells milliseconds.
    func deadline(inMilliseconds word: RawSpan) throws(CommandError) -> Instant? {
        guard let milliseconds = word.canonicalInteger else { throw .timeoutNotInteger }
        return try deadline(in: milliseconds)
    }

    private func deadline(in milliseconds: Int64) throws(CommandError) -> Instant? {
        guard milliseconds >= 0 else { throw .timeoutNegative }
        if milliseconds == 0 { return nil }
        guard settings.flavour == .redis70 || milliseconds <= Int64.max - now.wall.milliseconds
        else { throw .timeoutOutOfRange }
        let (nanoseconds, overflow) = UInt64(milliseconds).multipliedReportingOverflow(
            by: 1_000_000)
        let (time, isTooFar) = now.monotonic.nanoseconds.addingReportingOverflow(nanoseconds)
        // Later than the clock can tell is never.
        return overflow || isTooFar ? nil : Instant(nanoseconds: time)
    }

    // MARK: Waiting

    /// True while the session waits, so that nothing more may be run for it.
    public func isWaiting(session: Int) -> Bool { sessions[session]?.blocking != nil }

    mutating func wait(
        _ call: borrowing Call, _ reason: Blocking.Reason, command: Int, keys: [DatabaseKey],
        until deadline: Instant?, otherwise nothing: Blocking.Nothing
    ) {
        guard let holder = sessions[call.session] else { return }
        nextBlocking += 1
        let blocking = Blocking(
            reason, command: command, words: ArgumentList(call.arguments), keys: keys,
            number: nextBlocking, deadline: deadline, nothing: nothing)
        holder.blocking = blocking
        blockedSessions += 1
        for name in keys {
            waiters[name, default: WaitQueue()].places.append(
                .init(session: call.session, number: blocking.number))
        }
        if case .pause = reason { postponed.append(call.session) }
        if let deadline {
            timedSessions += 1
            deadlines.insert(
                .init(time: deadline, session: call.session, number: blocking.number))
            forgetPassedDeadlines()
        }
        settleSession(call.session)
        attention.insert(.hasBlocked)
        effects.append(.blocked(session: call.session))
    }

    /// Ends a session's waiting, whatever for.
    mutating func endWaiting(_ session: Int) {
        guard let holder = sessions[session], let blocking = holder.blocking else { return }
        holder.blocking = nil
        blockedSessions -= 1
        if blocking.deadline != nil { timedSessions -= 1 }
        for name in blocking.keys {
            waiters[name]?.places.removeAll { $0.number == blocking.number }
            if waiters[name]?.places.isEmpty == true { waiters[name] = nil }
        }
        if blocking.isPostponed {
            postponed.removeAll { $0 == session }
        } else {
            // What CLIENT CACHING has said was about the command that ends here.
            holder.tracking?.isCaching = false
        }
        settleSession(session)
        effects.append(.unblocked(session: session))
    }

    /// Ends a session's waiting with a reply, as after a run of its command.
    mutating func endWaiting(_ session: Int, _ write: (inout ReplyWriter) -> Void) {
        guard let holder = sessions[session], let blocking = holder.blocking else { return }
        endWaiting(session)
        meters.note(blocking.command, blocking.spent, isTracked: settings.tracksLatency)
        statistics.commandsProcessed += 1
        if wantsLateReply(holder) { deliver(to: session, write) }
    }

    /// True when the reply of a command that has waited is to be sent.
    private func wantsLateReply(_ holder: Session) -> Bool {
        if holder.replyMode == .skip {
            holder.replyMode = .on
            return false
        }
        return holder.replyMode == .on
    }

    /// The time of nothing that waits is forgotten as long as it is not most of the heap.
    private mutating func forgetPassedDeadlines() {
        guard deadlines.count > 64, deadlines.count > 4 * timedSessions else { return }
        let holders = sessions
        deadlines.keep { holders[$0.session]?.blocking?.number == $0.number }
    }

    // MARK: The end of waiting

    /// When the next waiting session's time is over, or the pause.
    var nextDeadline: Instant? {
        guard let first = deadlines.first?.time else { return pause?.end }
        return pause.map { min($0.end, first) } ?? first
    }

    /// Answers the sessions whose time is over.
    mutating func endTimedWaiting() {
        while let first = deadlines.first, first.time <= now.monotonic {
            deadlines.removeFirst()
            guard let blocking = sessions[first.session]?.blocking,
                blocking.number == first.number
            else { continue }
            endWaiting(first.session) { $0.nothing(blocking.nothing) }
        }
    }

    /// Puts a key on the list of those to be looked at, when somebody waits for it.
    @inline(never)
    mutating func noteReady(_ key: RawSpan, database: Int) {
        noteReady(DatabaseKey(database: database, key: ByteString(key)))
    }

    private mutating func noteReady(_ name: DatabaseKey) {
        guard let queue = waiters[name], !queue.isReady else { return }
        waiters[name]?.isReady = true
        readyKeys.append(name)
        attention.insert(.readyKeys)
    }

    /// The same for all keys of these databases that somebody waits for.
    mutating func noteReadyKeys(of databases: [Int]) {
        let names = waiters.filter { databases.contains($0.key.database) }
            .sorted { ($0.value.places.first?.number ?? 0) < ($1.value.places.first?.number ?? 0) }
        for name in names { noteReady(name.key) }
    }

    /// Serves the sessions that wait for keys which have appeared, and those that this serves in
    /// turn.
    mutating func serveReadyKeys() {
        attention.remove(.readyKeys)
        while !readyKeys.isEmpty {
            let names = readyKeys
            readyKeys = []
            for name in names {
                waiters[name]?.isReady = false
                serve(name)
            }
        }
        attention.remove(.readyKeys)
    }

    private mutating func serve(_ name: DatabaseKey) {
        for place in waiters[name]?.places ?? [] {
            guard let blocking = sessions[place.session]?.blocking,
                blocking.number == place.number, case .value(let wanted) = blocking.reason
            else { continue }
            selected = name.database
            guard let location = find(name.key.rawSpan, .silent) else { return }
            guard location.entry.type == wanted else { continue }
            offeredKey = name.key
            retry(place.session, blocking)
            offeredKey = nil
        }
    }

    /// Runs the command of a waiting session again.
    private mutating func retry(_ session: Int, _ blocking: Blocking) {
        guard let holder = sessions[session] else { return }
        var writer = spareWriter.take() ?? ReplyWriter(capacity: 256)
        writer.version = holder.version
        let caller = runningSession
        runningSession = session
        selected = holder.database
        isTouchSuppressed = holder.touchesNothing
        blocking.isRetrying = true
        blocking.waitsOn = false
        lastClock = stopwatch() &- blocking.spent
        let words = blocking.words
        run(blocking.command, Call(words.arguments, session: session), &writer)
        blocking.isRetrying = false
        if !blocking.waitsOn {
            endWaiting(session)
            if !wantsLateReply(holder) { writer.buffer.removeAll() }
        }
        if attention.contains(.tracking) { finishTracking() }
        if attention.contains(.ownLetters) { adoptOwnLetters(0, &writer, isInFront: false) }
        runningSession = caller
        post(writer, to: session)
    }

    /// Delivers what was written for a session, and keeps the writer for the next time.
    mutating func post(_ writer: consuming ReplyWriter, to session: Int) {
        if !writer.buffer.isEmpty {
            outbox.post(to: session, writer.buffer.bytes)
            writer.buffer.removeAll(keepingAtMost: 16_384)
        }
        spareWriter = consume writer
    }
}
