import Client
import Server
import Terminal

/// The socket through which the person's other programs look into an interactive session:
/// `redis-cli -s PATH`. It lies in a directory of the person alone and goes when the session does.
public final class PrivateSocket {
    /// The socket of the session of this person that was started last; nil when none runs.
    public static var newest: String? { directory()?.newestSocket }

    /// Where others connect; nil when no socket could be had.
    private(set) var path: String?
    private var listener: Listener?

    /// Listens for the node. Without a place to do so nothing happens: the session works anyway.
    func open(for node: HostedNode) {
        guard let directory = Self.directory() else { return }
        directory.removeStale()
        let path = directory.ownSocket
        // The kernel's address has room for 107 bytes.
        guard path.utf8.count <= 107 else { return }
        close()
        guard let listener = try? node.listen(on: .unix(path: path, mode: 0o600)) else { return }
        self.listener = listener
        self.path = path
        TerminalGuard.removeAtDeath(path)
    }

    /// Stops listening and removes the socket.
    func close() {
        guard let listener else { return }
        self.listener = nil
        listener.close()
        TerminalGuard.removeAtDeath(nil)
    }

    /// A directory of the person alone, or nil.
    static func directory() -> PrivateDirectory? {
        if let base = TerminalEnvironment.variable("XDG_RUNTIME_DIR"), base.hasPrefix("/") {
            if let directory = PrivateDirectory(base + "/larder") { return directory }
        }
        return PrivateDirectory("/tmp/larder-\(PrivateDirectory.user)")
    }
}
