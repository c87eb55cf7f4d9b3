import Bytes
import Engine
public import Server
public import Terminal
public import Wire

// One interface to whatever answers commands: an engine inside this process or a server elsewhere.
// Both are a connection that takes bytes and a mailbox that replies arrive in; the endpoint turns
// words into the one and replies out of the other, and keeps what a new connection would have
// forgotten: who is signed in, the database, the protocol, the client's name.
//
// Waiting ends early when a signal arrives. A running command cannot be taken back, so the
// connection that waits for it is given up and another is made; state is restored on it, and what
// could not be restored is said.
//
// An endpoint belongs to the thread that made it.

/// Sends commands to a node and waits for what it answers.
public final class Endpoint {
    /// How a command came out.
    public enum Outcome: Equatable, Sendable {
        /// The reply.
        case reply(RESPValue)
        /// The node was told not to answer (CLIENT REPLY).
        case silence
        /// The person pressed Ctrl-C. The command may have run; another connection is made when
        /// the next one is sent.
        case interrupted
        /// The person pressed Ctrl-C, which ended the waiting of the command: its reply. The
        /// session goes on.
        case unblocked(RESPValue)
        /// There is no connection, or it ended before the reply.
        case failed(Failure)
    }

    /// Why there is no reply.
    public enum Failure: Error, Equatable, Sendable {
        /// The connection could not be made.
        case cannotConnect(String)
        /// The server did not let us in: its error.
        case refused(String)
        /// The connection ended before the reply.
        case lost(String)
        /// What came was no reply.
        case protocolError(String)
    }

    /// What commands are sent to.
    public let target: Target
    /// Bytes of the commands that were sent.
    public private(set) var bytesSent = 0
    /// Bytes of the replies that came, and of messages.
    public private(set) var bytesReceived = 0
    /// What the session is in.
    public internal(set) var state: SessionState
    /// True while there is a connection.
    public var isConnected: Bool { connection != nil }
    /// False when the last attempt to connect failed or the connection was lost.
    public private(set) var isReachable = true
    /// Receives messages that arrive outside the order of replies.
    public var onPush: (RESPValue) -> Void = { _ in }
    /// Receives the words of what is sent; the flag is true for what the endpoint sends of its own
    /// accord, such as signing in again. Passwords are left out of that.
    public var onSend: ((_ words: [[UInt8]], _ isOwn: Bool) -> Void)?
    /// Receives remarks for the person: what was restored, what was lost.
    public var onNotice: (String) -> Void = { _ in }

    /// Whether Ctrl-C ends the wait of a command at the server, for which the connection's number
    /// is asked beforehand.
    public var unblocks = false
    /// The connection's number at the server; nil while it is not known.
    private(set) var identity: Int64?
    private var work: UInt64 = 0

    /// How long a reply is waited for, in milliseconds; nil waits for ever. What does not come in
    /// time is treated as interrupted.
    public var patience: Int?

    /// How long to wait before each further attempt to reach a server that has been reached
    /// before, in milliseconds; empty tries once.
    public var retries: [Int] = []
    /// True when a connection has stood.
    private var hasStood = false
    /// What ended with the last connection and is to be told.
    private var losses = ""

    private let embedded: () throws -> any WireConnection
    /// What ends the waiting for a reply; nil waits for ever.
    public var interruptions: (any SignalSource)?
    private var connection: (any WireConnection)?
    private var parser = ReplyParser()

    /// An endpoint that connects when the first command is sent.
    ///
    /// - Parameters:
    ///   - embedded: gives the node of this process, for ``Target/embedded``.
    ///   - interruptions: signals that end the waiting; nil waits for ever.
    ///   - version: the protocol that is asked for at the start.
    ///   - insists: false when another protocol will do, for a server that does not know it.
    public convenience init(
        _ target: Target, embedded: @escaping () throws -> HostedNode,
        interruptions: (any SignalSource)? = nil, version: ProtocolVersion = .two,
        insists: Bool = true
    ) {
        self.init(
            target, connecting: { try embedded().connect() }, interruptions, version, insists)
    }

    /// An endpoint at a node that is reached by connections of the caller's own making.
    public convenience init(connecting: @escaping () throws -> any WireConnection) {
        self.init(.embedded, connecting: connecting, nil, .two, true)
    }

    private init(
        _ target: Target, connecting: @escaping () throws -> any WireConnection,
        _ interruptions: (any SignalSource)?, _ version: ProtocolVersion, _ insists: Bool
    ) {
        self.target = target
        embedded = connecting
        self.interruptions = interruptions
        state = SessionState(version: version)
        state.insistsOnVersion = insists
        if case .remote(let server) = target {
            state.database = server.database
            state.login = server.password.map { SessionState.Login(server.user, $0) }
        }
    }

    deinit { connection?.close() }

    /// What it takes to make a companion: another connection to the same place for questions of
    /// the program itself, in the same database and signed in in the same way.
    public struct Blueprint: Equatable, Sendable {
        let target: Target
        let state: SessionState

        /// A companion for a server elsewhere. It waits at most `patience` milliseconds.
        public func endpoint(patience: Int) -> Endpoint {
            let endpoint = Endpoint(target, embedded: { throw Failure.cannotConnect("") })
            endpoint.state = state
            endpoint.patience = patience
            return endpoint
        }
    }

    /// What it takes to make a companion of this one now.
    public var blueprint: Blueprint { Blueprint(target: target, state: state.forCompanion) }

    /// A companion on the same thread.
    public func companion(patience: Int) -> Endpoint {
        let other = Endpoint(target, connecting: embedded, nil, .two, true)
        other.state = state.forCompanion
        other.patience = patience
        return other
    }

    /// True when this is still a fitting companion: same place, database and login.
    public func isCompanion(of other: Endpoint) -> Bool { blueprint == other.blueprint }

    /// What announces that something has arrived, while there is a connection.
    public var descriptor: Descriptor? {
        connection.map { Descriptor($0.mailbox.descriptor) }
    }

    // MARK: Commands

    /// Sends a command and waits for its reply.
    public func call(_ words: [[UInt8]]) -> Outcome {
        do throws(Interruption) {
            try connect()
            let behaviour = state.behaviour(of: words)
            let asks = unblocks && identity == nil && state.queued == nil && Self.mayWait(words)
            let question = asks ? Self.encoded(["CLIENT", "ID"].map { Array($0.utf8) }) : []
            if asks { tell(["CLIENT", "ID"]) }
            onSend?(words, false)
            transmit(question + Self.encoded(words))
            if asks { identity = try nextReply().integer }
            if behaviour == .silent {
                state.note(words, .simple("OK"))
                return .silence
            }
            let reply = try nextReply(takingPushes: Self.isSubscription(words))
            state.subscriptions.note(reply)
            state.note(words, reply)
            return .reply(reply)
        } catch {
            if error == .byPerson, let reply = unblock(words) { return .unblocked(reply) }
            return outcome(of: error, words)
        }
    }

    /// Says what is sent of its own accord.
    func tell(_ words: [String]) { onSend?(words.map { Array($0.utf8) }, true) }

    /// Sends a command.
    func transmit(_ words: [[UInt8]]) { transmit(Self.encoded(words)) }

    /// Sends requests.
    func transmit(_ requests: [UInt8]) {
        bytesSent += requests.count
        connection?.send(requests)
    }

    /// Sends a command from its words as text.
    public func call(_ words: [String]) -> Outcome { call(words.map { Array($0.utf8) }) }

    /// Waits for one more message after a command that has many, such as MONITOR. Ctrl-C ends
    /// subscriptions and keeps the session.
    public func nextMessage() -> Outcome {
        guard connection != nil else { return .failed(.lost("there is no connection")) }
        do throws(Interruption) {
            let message = try nextReply(takingPushes: true)
            state.subscriptions.note(message)
            return .reply(message)
        } catch {
            if error == .byPerson, patience == nil, !state.subscriptions.isEmpty, unsubscribe() {
                return .interrupted
            }
            return outcome(of: error, [])
        }
    }

    /// Leaves a stream of messages that nobody wants to see any more.
    public func leaveStream() {
        if state.subscriptions.isEmpty || !unsubscribe() { disconnect() }
    }

    /// How long the node has worked on replies since this was last asked, in nanoseconds; 0 for
    /// a node elsewhere.
    public func takeWork() -> UInt64 {
        defer { work = 0 }
        return work
    }

    /// Hands a message on.
    private func deliver(_ message: RESPValue) {
        state.subscriptions.note(message)
        onPush(message)
    }

    /// Delivers the messages that have arrived while nobody waited.
    public func takePushes() {
        guard isConnected else { return }
        do throws(Interruption) {
            while let value = try arrived() { deliver(value) }
        } catch {
            if case .failed(.lost(let reason)) = outcome(of: error, []) { onNotice(reason) }
        }
    }

    /// Ends the connection; the next command makes another.
    public func disconnect() {
        connection?.close()
        connection = nil
        identity = nil
        parser = ReplyParser()
        let more = state.takeLosses()
        if !more.isEmpty { losses = more }
    }

    /// Connects, if there is no connection.
    public func open() throws(Failure) {
        do throws(Interruption) {
            try connect()
        } catch {
            isReachable = false
            switch error {
            case .failure(let failure): throw failure
            case .byPerson: throw .cannotConnect("interrupted")
            }
        }
    }

    // MARK: Connecting

    /// Why waiting ended without a reply.
    enum Interruption: Error, Equatable {
        case byPerson
        case failure(Failure)
    }

    func outcome(of error: Interruption, _ words: [[UInt8]]) -> Outcome {
        // Who leaves a stream of messages on purpose does not miss it.
        if error == .byPerson, state.version == .two { state.endSubscriptions() }
        disconnect()
        if error != .byPerson { isReachable = false }
        switch error {
        case .byPerson: return .interrupted
        case .failure(.lost) where Self.isEnding(words): return .silence
        case .failure(let failure): return .failed(failure)
        }
    }

    /// True for commands after which the connection's end is no surprise.
    private static func isEnding(_ words: [[UInt8]]) -> Bool {
        guard let name = words.first else { return false }
        let span = name.rawSpan
        return span.matches("SHUTDOWN") || span.matches("QUIT")
    }

    /// True for commands that RESP3 answers with a message outside the order of replies.
    public static func isSubscription(_ words: [[UInt8]]) -> Bool {
        guard let name = words.first else { return false }
        let text = String(decoding: name.map(\.asciiUppercased), as: UTF8.self)
        return text.hasSuffix("SUBSCRIBE")
    }

    /// True for commands whose messages go on coming until the person has seen enough.
    public static func isStream(_ words: [[UInt8]]) -> Bool {
        ["MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"].contains { (name: String) in
            words.first.map { $0.map(\.asciiUppercased) } == Array(name.utf8)
        }
    }

    func connect() throws(Interruption) {
        if connection != nil {
            // A connection that has ended meanwhile is found out before anything is sent on it.
            do throws(Interruption) {
                while let value = try arrived() { deliver(value) }
                return
            } catch {
                disconnect()
            }
        }
        try reach()
        if !losses.isEmpty {
            onNotice("Connected again; lost with the old connection: \(losses).")
            losses = ""
        }
    }

    /// Connects, with further attempts when the server has been there before.
    private func reach() throws(Interruption) {
        for (attempt, pause) in retries.enumerated() where hasStood {
            do throws(Interruption) {
                return try connectOnce()
            } catch {
                guard case .failure(.cannotConnect(let reason)) = error else { throw error }
                if attempt == 0 { onNotice("\(reason); trying again") }
            }
            try rest(milliseconds: pause)
        }
        try connectOnce()
    }

    /// Waits unless the person presses Ctrl-C.
    private func rest(milliseconds: Int) throws(Interruption) {
        let wake = interruptions?.wakeDescriptor
        let waiting = Descriptor.wait(for: wake.map { [$0] } ?? [], milliseconds: milliseconds)
        guard case .ready = waiting else { return }
        if interruptions?.takeSignals().contains(.interrupted) == true { throw .byPerson }
    }

    private func connectOnce() throws(Interruption) {
        parser = ReplyParser()
        switch target {
        case .embedded:
            do {
                connection = try embedded()
            } catch {
                throw .failure(.cannotConnect("the engine does not start: \(error)"))
            }
        case .remote(let server):
            connection = RemoteClient.connect(to: server.place)
        }
        try restore()
    }

    /// Waits until the connection stands, signs in, and brings the session to the state it had.
    private func restore() throws(Interruption) {
        var isOpen = false
        do throws(Interruption) {
            while let connection, !isOpen {
                let delivery = connection.mailbox.take()
                parser.feed(delivery.bytes)
                isOpen = delivery.isOpen
                if isOpen { break }
                if let reason = delivery.end { throw .failure(.lost(reason)) }
                try wait()
            }
            for step in state.restoration {
                tell(step.words[0] == "AUTH" ? ["AUTH", "(password)"] : step.words)
                transmit(step.words.map { Array($0.utf8) })
                let reply = try nextReply()
                guard let error = reply.errorText else { continue }
                if step.isVital { throw .failure(.refused(error.text)) }
                if step.words[0] == "SELECT" { state.forgetDatabase() }
                if step.words[0] == "HELLO" {
                    state.forgetVersion()
                    continue
                }
                onNotice("\(step.words[0]): \(error.text)")
            }
            for words in state.subscriptions.restoration {
                onSend?(words, true)
                transmit(words)
                for _ in words.dropFirst() {
                    guard let error = try nextReply(takingPushes: true).errorText else { continue }
                    onNotice("\(String(decoding: words[0], as: UTF8.self)): \(error.text)")
                    break
                }
            }
        } catch {
            disconnect()
            guard case .failure(.lost(let reason)) = error else { throw error }
            throw .failure(.cannotConnect("could not connect to \(target.name): \(reason)"))
        }
        isReachable = true
        hasStood = true
    }

    // MARK: Replies

    func nextReply(takingPushes: Bool = false) throws(Interruption) -> RESPValue {
        while true {
            while let value = try arrived() {
                if value.isPush, !takingPushes {
                    deliver(value)
                } else {
                    return value
                }
            }
            try wait()
        }
    }

    /// The next value that is whole, without waiting.
    private func arrived() throws(Interruption) -> RESPValue? {
        guard let connection else { throw .failure(.lost("there is no connection")) }
        if let value = try parsed() { return value }
        let delivery = connection.mailbox.take()
        work += delivery.work
        bytesReceived += delivery.bytes.count
        parser.feed(delivery.bytes)
        if let value = try parsed() { return value }
        if let reason = delivery.end { throw .failure(.lost(reason)) }
        return nil
    }

    private func parsed() throws(Interruption) -> RESPValue? {
        do throws(ReplyParser.Failure) {
            return try parser.next()
        } catch {
            throw .failure(.protocolError("what came is no reply: \(error)"))
        }
    }

    private func wait() throws(Interruption) {
        guard let connection else { return }
        let mailbox = Descriptor(connection.mailbox.descriptor)
        let wake = interruptions?.wakeDescriptor
        let waiting = Descriptor.wait(
            for: [mailbox] + (wake.map { [$0] } ?? []), milliseconds: patience)
        if case .timeout = waiting { throw .byPerson }
        guard case .ready(let ready) = waiting, let wake, ready.contains(wake) else { return }
        if interruptions?.takeSignals().contains(.interrupted) == true { throw .byPerson }
    }

    /// A request on the wire.
    static func encoded(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words {
            bytes += Array("$\(word.count)\r\n".utf8)
            bytes += word
            bytes += [0x0D, 0x0A]
        }
        return bytes
    }
}
