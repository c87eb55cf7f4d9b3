public import Engine
import NIOCore
import NIOPosix

/// A node with an event loop of its own, and the sockets it listens on: what a server process
/// and the workbench both run.
public final class HostedNode: Sendable {
    let group: MultiThreadedEventLoopGroup
    let host: NIOLoopBound<NodeHost>

    /// Starts a node. Its thread runs until `shutDown`.
    /// - Parameter seed: what the node's randomness comes from.
    public init(settings: Settings, seed: UInt64 = SystemClock.seed()) throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        host = try loop.submit {
            NIOLoopBound(
                NodeHost(settings: settings, eventLoop: loop, seed: seed), eventLoop: loop)
        }.wait()
    }

    /// Opens a listener for this node.
    public func listen(on address: Listener.Address, backlog: Int = 511) throws -> Listener {
        try Listener.open(address, host: host, on: group, backlog: backlog)
    }

    /// Sets what is called, on the node's thread, when a command asks for the end.
    public func onShutdown(_ body: @escaping @Sendable () -> Void) throws {
        let host = host
        try group.next().submit { host.value.onShutdown = body }.wait()
    }

    /// Runs `body` with the store on the node's thread and waits for it.
    public func withStore<R: Sendable>(
        _ body: @escaping @Sendable (inout Store) -> R
    ) throws -> R {
        let host = host
        return try group.next().submit { host.value.withStore(body) }.wait()
    }

    /// What the node tells of itself now. Waits for the node's thread; the node counts no command.
    /// - Parameters:
    ///   - depth: how much of it.
    ///   - database: whose hot and big keys and beginnings of names are told.
    public func observe(
        _ depth: Observation.Depth = .tables, database: Int = 0
    ) throws -> Observation {
        let host = host
        return try group.next().submit { host.value.observe(depth, database: database) }.wait()
    }

    /// Closes all connections and ends the thread.
    public func shutDown(_ listeners: [Listener]) {
        for listener in listeners { listener.close() }
        let host = host
        try? group.next().submit { host.value.shutDown() }.wait()
        try? group.syncShutdownGracefully()
    }
}
