public import Engine
import Glibc

/// Runs a node as a server until it is told to end.
public enum ServerMain {
    /// Listens on a port of the loopback interface.
    public static func run(settings: Settings, port: Int) throws {
        let node = try HostedNode(settings: settings)
        _ = try node.listen(on: .tcp(host: "127.0.0.1", port: port))
        print("Ready to accept connections")
        while true { sleep(1000) }
    }
}
