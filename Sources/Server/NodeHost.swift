import Bytes
public import Engine
public import NIOCore
import Nodes

/// One node pinned to one event loop: the loop's thread is the only one that touches it.
///
/// Handlers on the loop call it directly; a call that came through an actor would cost more than
/// the command it carries. Everyone else goes through `perform`, which hops to the loop.
public final class NodeHost {
    /// The loop that owns the node.
    public let eventLoop: any EventLoop
    private var node: Node
    private var connections: [ConnectionID: ConnectionHandler] = [:]
    private var isTicking = false
    /// Called on the loop when the node asks to be ended.
    var onShutdown: (() -> Void)?

    /// A host on `eventLoop`; must be called on it.
    public init(settings: Settings, eventLoop: any EventLoop, seed: UInt64) {
        eventLoop.preconditionInEventLoop()
        self.eventLoop = eventLoop
        self.node = Node(
            settings: settings, seed: seed, at: SystemClock.tick(),
            stopwatch: SystemClock.monotonicNanoseconds)
        scheduleTick()
    }

    private func scheduleTick() {
        let now = SystemClock.monotonicNanoseconds()
        let due = node.nextTick.nanoseconds
        let delay = due > now ? Int64(due - now) : 0
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .nanoseconds(delay)) { bound.value.tick() }
    }

    private func tick() {
        node.tick(at: SystemClock.tick())
        drain()
        scheduleTick()
    }

    func open(_ origin: ConnectionOrigin, _ handler: ConnectionHandler) -> ConnectionID {
        let id = node.open(origin, at: SystemClock.tick())
        connections[id] = handler
        drain()
        return id
    }

    func close(_ id: ConnectionID) {
        connections[id] = nil
        node.close(id, at: SystemClock.tick())
        drain()
    }

    /// Gives the node what was read; returns how many bytes made whole requests.
    @inline(__always)
    func receive(_ input: RawSpan, from id: ConnectionID) -> Int {
        let consumed = node.receive(input, from: id, at: SystemClock.tick())
        drain()
        return consumed
    }

    private func drain() {
        var wanted: [HostAction] = []
        node.drain { id, bytes in
            connections[id]?.send(bytes)
        } action: {
            wanted.append($0)
        }
        for action in wanted { perform(action) }
    }

    private func perform(_ action: HostAction) {
        switch action {
        case .close(let id): connections[id]?.closeAfterWrites()
        case .shutdown: onShutdown?()
        case .settingsChanged: break
        }
    }
}
