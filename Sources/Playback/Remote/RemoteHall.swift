import Bytes
import Client
import Glibc
import Simulation
import Wire

// The sessions of a lesson at a real server: one connection for each name, the real clock, and
// figures that the server can tell or that are counted here. A message has come before it is asked
// for: a PING goes out behind it, and the server answers in order, so that no run depends on who
// is quicker. What a real server cannot do is remembered as what the lesson lacks, and a lesson
// that lacks something is skipped and never passes.

/// Where a lesson happens at a real server.
final class RemoteHall {
    /// A connection that a lesson has named.
    private final class Session {
        let endpoint: Endpoint
        var subscriptions = Subscriptions()
        /// How many replies have not come yet.
        var unanswered = 0
        /// Replies that came late, and messages.
        var late: [RESPValue] = []
        var messages: [RESPValue] = []
        var isInTransaction = false
        /// What was there already when something was sent, and is the next to be read.
        private var early: [RESPValue] = []

        init(_ endpoint: Endpoint) {
            self.endpoint = endpoint
            endpoint.onPush = { [unowned self] in early.append($0) }
        }

        func next(within milliseconds: Int) -> Endpoint.Arrived {
            if !early.isEmpty { return .value(early.removeFirst()) }
            return endpoint.nextArrival(within: milliseconds)
        }
    }

    /// A command that was sent.
    struct Sent {
        /// When it was answered, and how long that took, in nanoseconds.
        var time: UInt64
        var took: UInt64
        var name: String
        /// Whether somebody waited for it alone, or for it as the last of many.
        var isRoundTrip: Bool
    }

    let place: RemotePlace
    private let lesson: String
    /// How the lesson's keys are kept apart.
    private(set) var keys: LessonKeys
    /// What the lesson needs and cannot have here; nil while there is nothing.
    private(set) var lack: String?
    /// Why the last command was not sent; nil when it was.
    private(set) var refusal: String?
    /// What was sent since the run began.
    private(set) var log: [Sent] = []
    /// When the step began.
    private(set) var stepStart: UInt64 = 0
    /// Messages of a channel that a session has received.
    private(set) var received: [String: [ByteString: Int]] = [:]
    private var sessions: [String: Session] = [:]
    private let begun = ContinuousClock.now
    /// The hall's own connection.
    private let own: Endpoint

    /// The longest time that a line may let pass, in nanoseconds.
    static let longestAdvance: UInt64 = 5_000_000_000
    /// How long a reply may take, and how long one that may wait for others is waited for.
    private static let patience = 10_000
    private static let shortPatience = 150

    init(_ place: RemotePlace, lesson: String) {
        self.place = place
        self.lesson = lesson
        keys = Self.keys(place, lesson)
        own = Self.endpoint(place)
        own.patience = Self.patience
    }

    private static func keys(_ place: RemotePlace, _ lesson: String) -> LessonKeys {
        LessonKeys(
            lesson: lesson, run: UInt64.random(in: 0...UInt64.max),
            allowsDestructive: place.allowsDestructive)
    }

    private static func endpoint(_ place: RemotePlace) -> Endpoint {
        Endpoint(place.target, embedded: { throw Endpoint.Failure.cannotConnect("") })
    }

    /// Remembers what the lesson cannot have; the first counts.
    func lacks(_ reason: String) { lack = lack ?? reason }

    // MARK: Time

    /// Nanoseconds since the scenario began.
    var now: UInt64 { UInt64(max(0, begun.duration(to: .now) / .nanoseconds(1))) }

    /// Lets time pass.
    func advance(_ nanoseconds: UInt64) {
        let end = now + nanoseconds
        while now < end, !StopSignals.wereSeen {
            usleep(UInt32(min(500_000, (end - now) / 1000 + 1)))
        }
    }

    func beginStep() { stepStart = now }

    // MARK: Commands

    /// Sends a command, and waits for its reply unless that may be long in coming.
    func call(_ words: [[UInt8]], session name: String) -> Answer {
        let session = session(name)
        let sending = keys.sending(words)
        refusal = nil
        if case .refused(let reason) = sending {
            lacks(reason)
            refusal = reason
            return .none(reason)
        }
        guard case .request(let request, let waits) = sending else {
            return listing(sending, session)
        }
        let begin = now
        if let failure = session.endpoint.post([request]) {
            forget(name)
            return .none(failure.reason)
        }
        let answer = answer(to: words, session, waits ? Self.shortPatience : Self.patience)
        log.append(
            Sent(time: now, took: now - begin, name: LessonKeys.name(of: words), isRoundTrip: true))
        if case .none = answer { forget(name) }
        return answer
    }

    /// Sends commands so many at a time.
    func pipeline(_ commands: [[[UInt8]]], session name: String, depth: Int) -> [Answer] {
        var answers: [Answer] = []
        for start in stride(from: 0, to: commands.count, by: max(1, depth)) {
            let lot = commands[start..<min(start + max(1, depth), commands.count)]
            let requests = lot.compactMap { words -> [[UInt8]]? in
                guard case .request(let request, false) = keys.sending(words),
                    !Endpoint.isSubscription(words)
                else { return nil }
                return request
            }
            guard requests.count == lot.count else {
                answers += lot.map { call($0, session: name) }
                continue
            }
            let session = session(name)
            let begin = now
            if let failure = session.endpoint.post(requests) {
                forget(name)
                answers += lot.map { _ in .none(failure.reason) }
                continue
            }
            for (number, words) in lot.enumerated() {
                answers.append(answer(to: words, session, Self.patience))
                log.append(
                    Sent(
                        time: now, took: now - begin, name: LessonKeys.name(of: words),
                        isRoundTrip: number == lot.count - 1))
            }
        }
        return answers
    }

    /// The reply to a command that was sent last on a session.
    private func answer(to words: [[UInt8]], _ session: Session, _ patience: Int) -> Answer {
        while session.unanswered > 0 {
            switch next(session, patience) {
            case .value(let reply):
                session.late.append(reply)
                session.unanswered -= 1
            case .nothing:
                session.unanswered += 1
                return .waits
            case .failed(let failure): return .none(failure.reason)
            }
        }
        switch next(session, patience) {
        case .value(let reply):
            note(reply, to: words, session)
            confirm(words, session)
            return .reply(keys.bare(reply))
        case .nothing:
            session.unanswered += 1
            return .waits
        case .failed(.lost) where LessonKeys.name(of: words) == "shutdown": return .silence
        case .failed(let failure): return .none(failure.reason)
        }
    }

    /// The next reply on a session; messages before it are put aside.
    private func next(_ session: Session, _ patience: Int) -> Endpoint.Arrived {
        while true {
            let arrived = session.next(within: patience)
            guard case .value(let value) = arrived, isMessage(value, session) else {
                return arrived
            }
            take(value, session)
        }
    }

    private func isMessage(_ value: RESPValue, _ session: Session) -> Bool {
        guard let kind = value.elements?.first?.bytes else { return false }
        if case .push = value { return !kind.text.hasSuffix("subscribe") }
        return !session.subscriptions.isEmpty
            && ["message", "pmessage", "smessage"].contains(kind.text)
    }

    private func take(_ message: RESPValue, _ session: Session) {
        let bare = keys.bare(message)
        session.messages.append(bare)
        guard let parts = bare.elements, parts.count > 2,
            let channel = parts[parts.count - 2].bytes,
            let name = sessions.first(where: { $0.value === session })?.key
        else { return }
        received[name, default: [:]][channel, default: 0] += 1
    }

    /// A subscription is confirmed once for each of its names; the first was the reply.
    private func confirm(_ words: [[UInt8]], _ session: Session) {
        guard Endpoint.isSubscription(words), !session.isInTransaction else { return }
        let leaves = LessonKeys.name(of: words).contains("unsubscribe")
        let count = words.count > 1 || !leaves ? words.count - 1 : session.subscriptions.count + 1
        for _ in 1..<max(1, count) {
            guard case .value(let value) = next(session, Self.shortPatience) else { return }
            session.subscriptions.note(value)
            session.messages.append(keys.bare(value))
        }
    }

    private func note(_ reply: RESPValue, to words: [[UInt8]], _ session: Session) {
        session.subscriptions.note(reply)
        let name = LessonKeys.name(of: words)
        if let error = reply.errorText {
            if error.text.hasPrefix("ERR unknown command") {
                lacks("\(place.backend) \(place.version) has no command \(name.uppercased())")
            }
            return
        }
        switch name {
        case "multi": session.isInTransaction = true
        case "exec", "discard": session.isInTransaction = false
        case "reset":
            session.isInTransaction = false
            session.subscriptions = Subscriptions()
        default: break
        }
    }

    /// Replies that the hall gives itself, for they speak of the lesson's keys only.
    private func listing(_ sending: LessonKeys.Sending, _ session: Session) -> Answer {
        guard !session.isInTransaction else {
            lacks("all keys cannot be listed within a transaction")
            return .none(lack ?? "")
        }
        let begin = now
        let pattern: [UInt8]
        if case .list(let own) = sending { pattern = own } else { pattern = Array("*".utf8) }
        guard let names = names(pattern) else { return .none("the server does not answer") }
        var name = "dbsize"
        var reply = RESPValue.integer(Int64(names.count))
        if case .list = sending {
            name = "keys"
            reply = .array(names.map { .bulk(keys.bare($0)) })
        }
        log.append(Sent(time: now, took: now - begin, name: name, isRoundTrip: true))
        return .reply(reply)
    }

    // MARK: Sessions

    private func session(_ name: String) -> Session {
        if let session = sessions[name] { return session }
        let session = Session(Self.endpoint(place))
        sessions[name] = session
        return session
    }

    /// What follows on a session whose connection ended is a new connection.
    private func forget(_ name: String) {
        sessions.removeValue(forKey: name)?.endpoint.disconnect()
    }

    /// The reply of a command that waited, when it has come.
    func collect(session name: String) -> Answer? {
        guard let session = sessions[name] else { return nil }
        if !session.late.isEmpty { return .reply(keys.bare(session.late.removeFirst())) }
        guard session.unanswered > 0 else { return nil }
        switch next(session, 0) {
        case .nothing: return nil
        case .value(let reply):
            session.unanswered -= 1
            return .reply(keys.bare(reply))
        case .failed(let failure):
            forget(name)
            return .none(failure.reason)
        }
    }

    /// The messages that have come on a session.
    func takePushes(session name: String) -> [RESPValue] {
        guard let session = sessions[name] else { return [] }
        if !session.subscriptions.isEmpty, session.unanswered == 0 { catchUp(session) }
        defer { session.messages = [] }
        return session.messages
    }

    /// Waits until everything has come that the server had for a session before now.
    private func catchUp(_ session: Session) {
        let token = ByteString("larder-\(UInt64.random(in: 0...UInt64.max))")
        guard session.endpoint.post([[Array("PING".utf8), token.bytes]]) == nil else { return }
        while case .value(let value) = next(session, Self.patience) {
            if value.bytes == token || value.elements?.last?.bytes == token { return }
        }
    }

    /// Leaves all channels. A server finds out late that a connection has ended, and until then
    /// it would tell others of channels that the lesson had.
    private func unsubscribe(_ session: Session) {
        guard !session.subscriptions.isEmpty, session.unanswered == 0 else { return }
        let commands = ["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"].map { [Array($0.utf8)] }
        if session.endpoint.post(commands) == nil { catchUp(session) }
    }

    // MARK: Keys

    /// Asks on the hall's own connection; nil without a reply.
    func ask(_ words: [[UInt8]]) -> RESPValue? {
        guard case .reply(let reply) = own.call(words), reply.errorText == nil else { return nil }
        return reply
    }

    /// The lesson's keys that match a pattern, with their prefix; nil when nobody answers.
    func names(_ own: [UInt8] = Array("*".utf8)) -> [ByteString]? {
        var found: [ByteString] = []
        var seen: Set<ByteString> = []
        var cursor = Array("0".utf8)
        repeat {
            let words = [
                Array("SCAN".utf8), cursor, Array("MATCH".utf8), keys.pattern(own),
                Array("COUNT".utf8), Array("1000".utf8),
            ]
            guard let parts = ask(words)?.elements, parts.count == 2, let next = parts[0].bytes,
                let names = parts[1].elements
            else { return nil }
            for name in names.compactMap(\.bytes) where seen.insert(name).inserted {
                found.append(name)
            }
            cursor = next.bytes
        } while cursor != Array("0".utf8)
        return found
    }

    /// Deletes the lesson's keys, and nothing else.
    ///
    /// - Returns: why some may be left; nil when none is.
    func empty() -> String? {
        // A key can come while the others go: from a command of which the reply is still due.
        for _ in 0..<5 {
            guard let names = names() else { break }
            if names.isEmpty { return nil }
            for start in stride(from: 0, to: names.count, by: 500) {
                let lot = names[start..<min(start + 500, names.count)]
                    .filter { $0.bytes.starts(with: keys.prefix) }.map(\.bytes)
                if ask([Array("UNLINK".utf8)] + lot) == nil {
                    _ = ask([Array("DEL".utf8)] + lot)
                }
            }
        }
        let prefix = String(decoding: keys.prefix, as: UTF8.self)
        return "keys that begin with \(prefix) may be left at \(place.target.name)"
    }

    /// Ends all sessions and deletes the lesson's keys.
    ///
    /// - Returns: why some may be left; nil when none is.
    func close() -> String? {
        for name in sessions.keys.sorted() {
            if let session = sessions[name] { unsubscribe(session) }
            forget(name)
        }
        return empty()
    }

    /// Begins anew, under another prefix.
    func restart() {
        if let leftover = close() { lacks(leftover) }
        keys = Self.keys(place, lesson)
        (log, received) = ([], [:])
        stepStart = now
    }
}
