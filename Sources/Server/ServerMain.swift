public import Engine
import NIOCore
import NIOPosix

/// Runs a node as a server until it is told to end.
public enum ServerMain {
    /// Listens on a port of the loopback interface.
    public static func run(settings: Settings, port: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let host = try loop.submit {
            NIOLoopBound(
                NodeHost(settings: settings, eventLoop: loop, seed: SystemClock.seed()),
                eventLoop: loop)
        }.wait()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 511)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                let handler = ConnectionHandler(
                    host: host.value,
                    origin: ConnectionOrigin(kind: .tcp, address: "127.0.0.1:1"))
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
        print("Ready to accept connections")
        try channel.closeFuture.wait()
    }
}
