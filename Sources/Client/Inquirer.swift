import Bytes
import Dispatch
import Server
import Synchronization
public import Terminal
public import Wire

// Questions to a server elsewhere, asked on a thread of their own: however far away or busy it is,
// no key press waits for it. Whoever asks gets the answer if it is known already, and otherwise
// hears of it through a descriptor that can be watched together with the keyboard.

/// Asks a server in the background.
public final class Inquirer: Sendable {
    /// What is known of a question.
    public enum Answer: Equatable, Sendable {
        /// Asked, not answered yet.
        case pending
        /// There is no answer: an error, or nobody there.
        case unknown
        /// The reply.
        case reply(RESPValue)
    }

    private struct State {
        var waiting: [[[UInt8]]] = []
        var answers: [[[UInt8]]: Answer] = [:]
        var isAnnounced = false
        var isClosed = false
    }

    /// Readable when there are new answers; ``take()`` makes it quiet again.
    public let descriptor: Descriptor
    private let announcing: Descriptor
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    /// How long an answer may take, and how long a server that gave none is left alone after,
    /// in milliseconds and nanoseconds.
    private static let patience = 2000
    private static let rest: UInt64 = 10_000_000_000

    /// Begins a thread for the server of a blueprint. Nil when the system has no descriptors left.
    ///
    /// - Parameter onSend: told what is sent, on that thread.
    public init?(
        _ blueprint: Endpoint.Blueprint,
        onSend: (@Sendable (_ words: [[UInt8]], _ isOwn: Bool) -> Void)? = nil
    ) {
        guard let ends = Descriptor.pipe() else { return nil }
        descriptor = ends.reading
        announcing = ends.writing
        DispatchQueue(label: "larder.questions").async { [self] in
            let endpoint = blueprint.endpoint(patience: Self.patience)
            endpoint.onSend = onSend
            var silentUntil: UInt64 = 0
            while let words = next() {
                guard Self.now() >= silentUntil else {
                    put(.unknown, to: words)
                    continue
                }
                switch endpoint.call(words) {
                case .reply(let reply) where reply.errorText == nil: put(.reply(reply), to: words)
                case .reply: put(.unknown, to: words)
                default:
                    silentUntil = Self.now() + Self.rest
                    put(.unknown, to: words)
                }
            }
            endpoint.disconnect()
        }
    }

    deinit {
        descriptor.close()
        announcing.close()
    }

    /// What is known of a question, which is asked if it was not before. Waits at most
    /// `milliseconds` for the answer.
    public func answer(to words: [[UInt8]], within milliseconds: Int) -> Answer {
        let known = state.withLock { state -> Answer? in
            if let answer = state.answers[words] { return answer }
            state.answers[words] = .pending
            state.waiting.append(words)
            return nil
        }
        if let known { return known }
        work.signal()
        let end = Self.now() + UInt64(milliseconds) * 1_000_000
        while true {
            let now = Self.now()
            guard now < end else { return .pending }
            let left = Int((end - now + 999_999) / 1_000_000)
            _ = Descriptor.wait(for: [descriptor], milliseconds: left)
            take()
            let answer = state.withLock { $0.answers[words] } ?? .unknown
            if answer != .pending { return answer }
        }
    }

    /// Makes the descriptor quiet.
    public func take() {
        state.withLock { state in
            guard state.isAnnounced else { return }
            _ = descriptor.read(atMost: 1)
            state.isAnnounced = false
        }
    }

    /// Forgets answers, which may not hold any more, but those to `lasting`; what is under way
    /// goes on.
    public func forget(but lasting: [[[UInt8]]]) {
        state.withLock { state in
            state.answers = state.answers.filter {
                $0.value == .pending || lasting.contains($0.key)
            }
        }
    }

    /// Ends the thread, when its present question is over.
    public func close() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = []
        }
        work.signal()
    }

    // MARK: On the thread

    private func next() -> [[UInt8]]? {
        while true {
            work.wait()
            let (words, isClosed) = state.withLock { state in
                (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
            }
            if isClosed { return nil }
            if let words { return words }
        }
    }

    private func put(_ answer: Answer, to words: [[UInt8]]) {
        state.withLock { state in
            state.answers[words] = answer
            if state.isAnnounced { return }
            state.isAnnounced = true
            announcing.write([1])
        }
    }

    private static func now() -> UInt64 { SystemClock.monotonicNanoseconds() }
}
