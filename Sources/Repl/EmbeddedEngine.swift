import Engine
import Server
import Synchronization

/// The engine of this process: started when the first command needs it, and again, empty, when
/// SHUTDOWN has ended it. Its private socket moves with it.
final class EmbeddedEngine {
    /// Thrown where no engine can be had.
    struct Unavailable: Error {}

    /// Set by the engine's own thread.
    private final class End: Sendable {
        let hasEnded = Mutex(false)
    }

    private var current: (node: HostedNode, end: End)?
    /// Called with each node that is started.
    var onStart: (HostedNode) -> Void = { _ in }

    /// What a person at a prompt may ask afterwards is noted from the start.
    private static var settings: Settings {
        var settings = Settings()
        settings.departures = 16_384
        settings.watchesHotKeys = true
        settings.watchesBigKeys = true
        return settings
    }

    /// The node, which is started if need be.
    func node() throws -> HostedNode {
        let former = current
        if let former, !former.end.hasEnded.withLock({ $0 }) { return former.node }
        let node = try HostedNode(settings: Self.settings)
        let end = End()
        try node.onShutdown { end.hasEnded.withLock { $0 = true } }
        current = (node, end)
        onStart(node)
        former?.node.shutDown([])
        return node
    }
}
