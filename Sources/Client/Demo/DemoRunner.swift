import Bytes
import Dispatch
import Engine
public import Server
import Synchronization
import Terminal
import Wire

/// Runs the small shop in an embedded node, on a thread of its own, until it is told to stop. It
/// speaks to the node as any program would: over connections of its own.
public final class DemoRunner: Sendable {
    private struct State {
        var isStopping = false
        var failure: String?
    }

    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    /// The memory that the shop may use beyond what was in use, in bytes: small, so that it is
    /// full within seconds and something has to go.
    static let room = 3 << 20
    /// What the settings were that the shop has changed; empty when it has changed none.
    let former: [(name: String, value: String)]

    /// What is said when the shop opens.
    public let greeting: String

    /// Opens the shop.
    /// - Parameter seed: what the day is like; the same seed, the same day.
    public init(in node: HostedNode, seed: UInt64) {
        let endpoint = DemoRunner.endpoint(node, .two, name: "demo-shop")
        former = DemoRunner.boundMemory(endpoint)
        endpoint.disconnect()
        greeting =
            former.isEmpty
            ? "There are keys already, so memory stays unbounded and nothing is evicted."
            : "Memory is bounded, so that something will have to go; :demo stop sets it back."
        DispatchQueue(label: "larder.demo").async { [self] in
            run(node, seed)
            ended.signal()
        }
    }

    /// Why the shop has closed of itself, or nil.
    public var failure: String? { state.withLock { $0.failure } }

    /// Closes the shop and waits until its last command is done.
    public func stop() {
        state.withLock { $0.isStopping = true }
        ended.wait()
        ended.signal()
    }

    // MARK: On the thread

    private func run(_ node: HostedNode, _ seed: UInt64) {
        let endpoint = DemoRunner.endpoint(node, .two, name: "demo-shop")
        let listeners = DemoShop.channels.map { channel in
            DemoRunner.listener(node, ["SUBSCRIBE", channel])
        }
        let all = listeners + [DemoRunner.listener(node, ["PSUBSCRIBE", DemoShop.pattern])]
        defer { for endpoint in all + [endpoint] { endpoint.disconnect() } }
        var shop = DemoShop(seed: seed)
        var next = SystemClock.monotonicNanoseconds()
        while !state.withLock({ $0.isStopping }) {
            if let failure = DemoRunner.turn(&shop, endpoint) {
                return state.withLock { $0.failure = failure }
            }
            for listener in all { listener.takePushes() }
            next += UInt64(DemoShop.turn) * 1_000_000
            let now = SystemClock.monotonicNanoseconds()
            // After a long pause, such as Ctrl-Z, the shop goes on instead of catching up.
            if next < now { next = now }
            _ = Descriptor.wait(for: [], milliseconds: Int((next - now) / 1_000_000))
        }
    }

    /// Plays a turn; the text of what went wrong, or nil.
    static func turn(_ shop: inout DemoShop, _ endpoint: Endpoint) -> String? {
        var replies: [RESPValue] = []
        for words in shop.next() {
            guard case .reply(let reply) = endpoint.call(words) else {
                return "the engine has ended"
            }
            replies.append(reply)
        }
        for words in shop.follow(replies) {
            guard case .reply = endpoint.call(words) else { return "the engine has ended" }
        }
        return nil
    }

    private static func endpoint(
        _ node: HostedNode, _ version: ProtocolVersion, name: String
    ) -> Endpoint {
        let endpoint = Endpoint(.embedded, embedded: { node }, version: version)
        _ = endpoint.call(["CLIENT", "SETNAME", name])
        return endpoint
    }

    private static func listener(_ node: HostedNode, _ words: [String]) -> Endpoint {
        let listener = endpoint(node, .three, name: "demo-listener")
        _ = listener.call(words)
        return listener
    }

    // MARK: Memory

    /// Bounds the memory of an empty node that has no bound, and returns what the settings were.
    private static func boundMemory(_ endpoint: Endpoint) -> [(name: String, value: String)] {
        guard case .reply(.integer(0)) = endpoint.call(["DBSIZE"]),
            case .reply(let info) = endpoint.call(["INFO", "memory"])
        else { return [] }
        let text = String(decoding: info.plainBytes ?? [], as: UTF8.self)
        let figures = LiveFigures(info: text)
        guard figures.number("maxmemory") == 0, let used = figures.number("used_memory"),
            let policy = figures.text("maxmemory_policy")
        else { return [] }
        let bound = String(Int(used) + room)
        let change = ["CONFIG", "SET", "maxmemory", bound, "maxmemory-policy", "allkeys-lru"]
        guard case .reply(.simple) = endpoint.call(change) else { return [] }
        return [("maxmemory", "0"), ("maxmemory-policy", policy)]
    }

    /// Takes away all that the shop has left, and sets back what it has changed. Returns the
    /// number of keys that went.
    public func tidy(_ node: HostedNode) -> Int {
        let endpoint = DemoRunner.endpoint(node, .two, name: "demo-shop")
        defer { endpoint.disconnect() }
        if !former.isEmpty {
            let words = former.flatMap { [$0.name, $0.value] }
            _ = endpoint.call(["CONFIG", "SET"] + words)
        }
        var removed = 0
        var cursor = Array("0".utf8)
        let rest = ["MATCH", DemoShop.prefix + "*", "COUNT", "500"].map { Array($0.utf8) }
        repeat {
            guard
                case .reply(.array(let parts)) = endpoint.call([Array("SCAN".utf8), cursor] + rest),
                parts.count == 2, let next = parts[0].plainBytes
            else { return removed }
            cursor = next
            let keys = parts[1].flattened
            if keys.isEmpty { continue }
            if case .reply(.integer(let count)) = endpoint.call([Array("UNLINK".utf8)] + keys) {
                removed += Int(count)
            }
        } while cursor != Array("0".utf8)
        return removed
    }
}
