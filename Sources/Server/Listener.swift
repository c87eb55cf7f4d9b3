import Bytes
import Engine
import Glibc
import NIOCore
import NIOPosix

/// Takes in connections on TCP addresses and Unix sockets and gives each to the node's host.
public struct Listener: Sendable {
    /// Where to listen.
    public enum Address: Sendable, Equatable, CustomStringConvertible {
        /// A host name or address and a port; port 0 takes a free one.
        case tcp(host: String, port: Int)
        /// A socket file with these permission bits; one left behind by a dead server is replaced.
        case unix(path: String, mode: UInt32)

        /// The address as one types it.
        public var description: String {
            switch self {
            case .tcp(let host, let port):
                host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path, _): path
            }
        }
    }

    /// Why a listener could not be opened.
    public struct Failure: Error, CustomStringConvertible {
        /// The address and the system's reason.
        public let description: String
    }

    private let channel: any Channel
    private let socketPath: String?

    /// The TCP port that connections are taken on, or nil.
    public var port: Int? { channel.localAddress?.port }

    /// Opens a listener whose connections `host` serves. Blocks until it is open.
    static func open(
        _ address: Address, host: NIOLoopBound<NodeHost>, on group: any EventLoopGroup,
        backlog: Int = 511
    ) throws -> Listener {
        do {
            switch address {
            case .tcp(let name, let port):
                let channel = try bootstrap(host, group, backlog, unixPath: nil)
                    .bind(host: name == "*" ? "0.0.0.0" : name, port: port).wait()
                return Listener(channel: channel, socketPath: nil)
            case .unix(let path, let mode):
                let socket = try UnixSocket.bind(path, mode: mode)
                let channel = try bootstrap(host, group, backlog, unixPath: path)
                    .withBoundSocket(socket).wait()
                return Listener(channel: channel, socketPath: path)
            }
        } catch {
            let reason = (error as? IOError).map { SystemFiles.message(of: $0.errnoCode) }
            throw Failure(
                description: "cannot listen on \(address): \(reason ?? String(describing: error))")
        }
    }

    private static func bootstrap(
        _ host: NIOLoopBound<NodeHost>, _ group: any EventLoopGroup, _ backlog: Int,
        unixPath: String?
    ) -> ServerBootstrap {
        let plain = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(backlog))
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A client that has sent everything and closed its side still gets its replies.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let origin = SocketAddresses.origin(of: channel, unixPath: unixPath)
                    let handler = ConnectionHandler(host: host.value, origin: origin)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        if unixPath != nil { return plain }
        return plain.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
    }

    /// Stops taking in connections and removes the socket file.
    public func close() {
        try? channel.close().wait()
        // Safe: the string is passed as a terminated copy for the length of the call.
        if let socketPath { unsafe unlink(socketPath) }
    }
}
