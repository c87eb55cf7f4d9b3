import Engine
import NIOCore

/// Where connections come from, in the words of the store.
enum SocketAddresses {
    /// The descriptor of a socket channel, or -1.
    static func descriptor(of channel: any Channel) -> Int32 {
        let number = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        return number ?? -1
    }

    /// What the store is told of a connection that was accepted.
    static func origin(of channel: any Channel, unixPath: String?) -> ConnectionOrigin {
        let number = Int(descriptor(of: channel))
        if let unixPath {
            return ConnectionOrigin(
                kind: .unix, address: unixPath + ":0", localAddress: unixPath + ":0",
                descriptor: number)
        }
        return ConnectionOrigin(
            kind: .tcp, address: text(channel.remoteAddress),
            localAddress: text(channel.localAddress), descriptor: number,
            isLocal: isLoopback(channel.remoteAddress))
    }

    private static func text(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress, let port = address.port else {
            return "?:0"
        }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// True for 127.0.0.0/8, ::1 and what maps to them.
    private static func isLoopback(_ address: SocketAddress?) -> Bool {
        guard let host = address?.ipAddress else { return false }
        return host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.")
    }
}
