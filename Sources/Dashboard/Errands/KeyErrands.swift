import Bytes
public import Client
import Dispatch
import Server
import Synchronization
public import Terminal
import Wire

// Runs errands over an endpoint of its own, and over another one for the messages of channels,
// each on a thread, since endpoints wait.
//
// The walk over the keys has a budget: so many keys a second of SCAN, TYPE, MEMORY USAGE and
// PTTL. The questions about a page go out together, and after it the server is left alone for at
// least four times as long as the page took. Where SCAN has come to is kept, so that a walk that
// was interrupted goes on where it was.

/// Finds out what a dashboard wants to know besides samples.
public final class KeyErrands: ErrandRunner {
    /// Keys a second at a server elsewhere.
    public static let remotePace = 200
    /// Keys a second at an engine in this process.
    public static let embeddedPace = 2000

    private struct State {
        var wanted = Errands()
        var orders: [(words: [[UInt8]], purpose: String)] = []
        var findings: [Finding] = []
        var log: [LoggedCommand] = []
        var calls: [String: Double] = [:]
        var isAnnounced = false
        var isStopped = false
        var isListening = false
    }

    /// Readable when there is something to take.
    public let descriptor: Descriptor
    private let announcing: Descriptor
    private let state = Mutex(State())
    private let pause = DispatchSemaphore(value: 0)
    private let pace: Int
    private let connect: @Sendable () -> Endpoint

    /// Waits for errands. Nil when the system has no descriptors left.
    ///
    /// - Parameters:
    ///   - pace: keys a second of a walk.
    ///   - connect: makes an endpoint, on the thread that will use it.
    public init?(pace: Int, connect: @escaping @Sendable () -> Endpoint) {
        guard let ends = Descriptor.pipe() else { return nil }
        descriptor = ends.reading
        announcing = ends.writing
        self.pace = pace
        self.connect = connect
        DispatchQueue(label: "larder.errands").async { [self] in
            let worker = ErrandWorker(connect(), pace: pace, report: report(_:), note: note(_:_:))
            run(worker)
        }
    }

    deinit {
        descriptor.close()
        announcing.close()
    }

    /// What is to be found out from now on.
    public func want(_ errands: Errands) {
        let (hasChanged, listens) = state.withLock { state in
            defer { state.wanted = errands }
            let listens = errands.pattern != nil && !state.isListening
            if listens { state.isListening = true }
            return (state.wanted != errands, listens)
        }
        if hasChanged { pause.signal() }
        if listens {
            DispatchQueue(label: "larder.listening").async { [self] in listen() }
        }
    }

    /// Sends what the person has asked for.
    public func send(_ words: [[UInt8]], purpose: String) {
        state.withLock { $0.orders.append((words, purpose)) }
        pause.signal()
    }

    /// What was found since the last call.
    public func take() -> [Finding] {
        state.withLock { state in
            if state.isAnnounced {
                _ = descriptor.read(atMost: 1)
                state.isAnnounced = false
            }
            defer { state.findings = [] }
            return state.findings
        }
    }

    /// What was sent.
    public var log: [LoggedCommand] { state.withLock { $0.log } }

    /// How often each command was sent.
    public var calls: [String: Double] { state.withLock { $0.calls } }

    /// Ends the threads, when what they do is over.
    public func stop() {
        state.withLock { $0.isStopped = true }
        pause.signal()
    }

    // MARK: On the threads

    private func run(_ worker: ErrandWorker) {
        while true {
            let (wanted, orders, isStopped) = state.withLock { state in
                defer { state.orders = [] }
                return (state.wanted, state.orders, state.isStopped)
            }
            if isStopped { break }
            for order in orders { worker.run(order.words, order.purpose) }
            let rest = worker.turn(wanted)
            if let rest {
                _ = pause.wait(timeout: .now() + .milliseconds(rest))
            } else {
                pause.wait()
            }
        }
        worker.end()
    }

    private func report(_ finding: Finding) {
        state.withLock { state in
            state.findings.append(finding)
            if state.findings.count > 1000 { state.findings.removeFirst() }
            if state.isAnnounced { return }
            state.isAnnounced = true
            announcing.write([1])
        }
    }

    /// Notes that a command was sent. A walk asks the same of every key, which is one row.
    private func note(_ words: [[UInt8]], _ purpose: String) {
        let wall = SystemClock.tick().wall.milliseconds
        let shown = words.map { CellText.cut(CellText.shown($0, ascii: true), to: 60, mark: "~") }
        let isContainer = ["MEMORY", "OBJECT", "CLIENT", "LARDER"].contains(shown[0])
        let name = shown.prefix(isContainer ? 2 : 1).joined(separator: " ")
        // What the person sent stands there word for word.
        let text = purpose == KeyErrands.asked ? shown.joined(separator: " ") : name
        state.withLock { state in
            state.calls[name, default: 0] += 1
            if purpose != KeyErrands.asked,
                let index = state.log.firstIndex(where: { $0.text == text && $0.purpose == purpose }
                )
            {
                state.log[index].wall = wall
                state.log[index].count += 1
                return
            }
            var entry = LoggedCommand(wall: wall, text: text, count: 1, purpose: purpose)
            entry.isPersons = purpose == KeyErrands.asked
            state.log.append(entry)
            if state.log.count > 100 { state.log.removeFirst() }
        }
    }

    /// The purpose of what the person sends.
    static let asked = "you asked for it"

    // MARK: Listening

    /// Hears what is wanted until nothing is.
    private func listen() {
        var gate = TailGate()
        var endpoint: Endpoint?
        var current: [UInt8]?
        defer { endpoint?.disconnect() }
        while true {
            let (pattern, isStopped) = state.withLock { state in
                if state.wanted.pattern == nil { state.isListening = false }
                return (state.wanted.pattern, state.isStopped)
            }
            guard let pattern, !isStopped else { return }
            if pattern != current || endpoint?.isConnected != true {
                // Another connection has no old subscriptions, and no old messages.
                endpoint?.disconnect()
                let fresh = connect()
                fresh.patience = 2000
                fresh.onSend = { [self] words, isOwn in if isOwn { note(words, Asker.entry) } }
                fresh.onPush = { message in
                    if let heard = Self.message(message) { gate.take(heard) }
                }
                current = subscribe(fresh, pattern) ? pattern : nil
                endpoint = fresh
            }
            if let endpoint, let arrived = endpoint.descriptor, current != nil {
                _ = Descriptor.wait(for: [arrived], milliseconds: 100)
                endpoint.takePushes()
                if !gate.isEmpty { report(gate.empty(wall: SystemClock.tick().wall.milliseconds)) }
            } else {
                _ = Descriptor.wait(for: [], milliseconds: 1000)
            }
        }
    }

    private func subscribe(_ endpoint: Endpoint, _ pattern: [UInt8]) -> Bool {
        let steps: [[[UInt8]]] = [
            ["HELLO", "3"].map { Array($0.utf8) },
            ["CLIENT", "SETNAME", "larder-dashboard"].map { Array($0.utf8) },
            [Array("PSUBSCRIBE".utf8), pattern],
        ]
        var problem: String?
        for (index, words) in steps.enumerated() {
            note(words, index == 2 ? KeyErrands.asked : "a connection to listen on")
            switch endpoint.call(words) {
            case .reply(let reply):
                // Without RESP3 the messages come as well.
                if index == 2 { problem = reply.errorText?.text }
            case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
                .failed(.lost(let reason)), .failed(.protocolError(let reason)):
                report(.listening(problem: reason))
                return false
            default: problem = "no answer"
            }
        }
        report(.listening(problem: problem))
        return problem == nil
    }

    /// The message of a channel; nil for what is none.
    private static func message(_ value: RESPValue) -> ChannelMessage? {
        guard let parts = value.elements, let kind = parts.first?.bytes?.text else { return nil }
        let wall = SystemClock.tick().wall.milliseconds
        switch (kind, parts.count) {
        case ("pmessage", 4):
            return ChannelMessage(
                wall: wall, channel: parts[2].bytes?.bytes ?? [], text: parts[3].plainBytes ?? [])
        case ("message", 3), ("smessage", 3):
            return ChannelMessage(
                wall: wall, channel: parts[1].bytes?.bytes ?? [], text: parts[2].plainBytes ?? [])
        default: return nil
        }
    }
}
