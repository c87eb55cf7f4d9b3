import Bytes
import Client
import Server
import Terminal
import Wire

/// Questions that the prompt itself has for whatever answers commands.
///
/// The engine in this process is asked at once, over a connection of its own and with little
/// patience. A server elsewhere is asked in the background: an answer that takes longer than a
/// moment is announced by ``descriptor``, and is there when the same question is asked again.
final class Questions {
    private let console: Console
    private var companion: Endpoint?
    private var inquirer: (blueprint: Endpoint.Blueprint, worker: Inquirer)?
    private var askedFrom: Endpoint?
    private var learnedFrom: Endpoint?
    private var silentUntil: UInt64 = 0
    /// How long a key press may wait for an answer, in milliseconds.
    private static let patience = 20
    private static let documents = [
        ["COMMAND", "DOCS"], ["COMMAND", "INFO"],
    ].map { $0.map { Array($0.utf8) } }

    /// Told what is asked, on whatever thread asks.
    private let onSend: @Sendable (_ words: [[UInt8]], _ isOwn: Bool) -> Void

    /// True when an answer that was asked for since ``begin()`` is still to come.
    private(set) var isWaiting = false

    init(
        _ console: Console, onSend: @escaping @Sendable (_ words: [[UInt8]], _ isOwn: Bool) -> Void
    ) {
        self.console = console
        self.onSend = onSend
    }

    deinit { inquirer?.worker.close() }

    /// Announces answers; nil while nothing is asked in the background.
    var descriptor: Descriptor? { inquirer?.worker.descriptor }

    /// Begins another line: what was answered may not hold any more.
    func begin() {
        isWaiting = false
        inquirer?.worker.forget(but: Self.documents)
    }

    /// Takes note that answers have come.
    func takeAnswers() {
        isWaiting = false
        inquirer?.worker.take()
    }

    /// Asks. Nil where there is no connection, no answer in time, or an error.
    func ask(_ words: [[UInt8]]) -> RESPValue? {
        guard console.endpoint.isConnected else { return nil }
        guard console.endpoint.target == .embedded else {
            switch inquire(words, patience: Self.patience) {
            case .reply(let reply): return reply
            case .pending:
                isWaiting = true
                return nil
            case .unknown: return nil
            }
        }
        let now = SystemClock.monotonicNanoseconds()
        guard now >= silentUntil else { return nil }
        let endpoint: Endpoint
        if let companion, companion.isCompanion(of: console.endpoint) {
            endpoint = companion
        } else {
            companion?.disconnect()
            endpoint = console.endpoint.companion(patience: Self.patience)
            endpoint.onSend = onSend
            companion = endpoint
        }
        guard case .reply(let reply) = endpoint.call(words) else {
            silentUntil = SystemClock.monotonicNanoseconds() + 10_000_000_000
            return nil
        }
        return reply.errorText == nil ? reply : nil
    }

    private func inquire(_ words: [[UInt8]], patience: Int) -> Inquirer.Answer {
        let blueprint = console.endpoint.blueprint
        if inquirer?.blueprint != blueprint {
            inquirer?.worker.close()
            inquirer = Inquirer(blueprint, onSend: onSend).map { (blueprint, $0) }
        }
        return inquirer?.worker.answer(to: words, within: patience) ?? .unknown
    }

    /// Learns once from each server that lines go to what commands it has.
    func learn(_ assistant: TypingAssistant) {
        let endpoint = console.endpoint
        guard learnedFrom !== endpoint else { return }
        if askedFrom !== endpoint {
            if askedFrom != nil { assistant.assistance.keys.forget() }
            askedFrom = endpoint
            assistant.assistance.useEmbedded()
            assistant.budget = endpoint.target == .embedded ? .embedded : .remote
        }
        if endpoint.target == .embedded {
            learnedFrom = endpoint
            return
        }
        guard endpoint.isConnected else { return }
        // Nobody waits for these.
        let answers = Self.documents.map { inquire($0, patience: 0) }
        guard !answers.contains(.pending) else { return }
        learnedFrom = endpoint
        guard case .reply(let docs) = answers[0], case .reply(let info) = answers[1] else {
            return
        }
        assistant.assistance.use(docs: docs, info: info)
    }
}
