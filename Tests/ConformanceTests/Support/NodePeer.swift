import Bytes
import Engine
import Grammar
import Nodes
import Server

/// A node in this process with its connections, as a server's opposite number: bytes in, bytes
/// out, and who was closed. It reads the real clock, since it is compared with a real server.
final class NodePeer {
    private var node: Node
    private var waiting: [ConnectionID: [UInt8]] = [:]
    private var replies: [ConnectionID: [UInt8]] = [:]
    private var closed: Set<ConnectionID> = []
    private var resumed: [ConnectionID] = []

    /// A node of the flavour of the server that it is compared with.
    init(_ flavour: Flavour, password: String, seed: UInt64) {
        var settings = Settings()
        settings.flavour = flavour
        settings.password = ByteString(password)
        settings.debugPermission = .everybody
        node = Node(settings: settings, seed: seed, at: SystemClock.tick())
    }

    /// Opens a connection, which looks like one over a Unix socket.
    func connect() -> ConnectionID {
        let origin = ConnectionOrigin(
            kind: .unix, address: "/socket:0", localAddress: "/socket:0", descriptor: 7)
        let id = node.open(origin, at: SystemClock.tick())
        drain()
        return id
    }

    /// Gives the node the bytes, and returns what it answers to them.
    func send(_ bytes: [UInt8], on id: ConnectionID) -> [UInt8] {
        post(bytes, on: id)
        return take(id)
    }

    /// What a connection was sent since the last look.
    func take(_ id: ConnectionID) -> [UInt8] { replies.removeValue(forKey: id) ?? [] }

    /// True while a command of the connection waits.
    func isWaiting(_ id: ConnectionID) -> Bool { node.store.isWaiting(session: id.session) }

    /// Gives the node the bytes, and goes on with all that waits no more for that.
    func post(_ bytes: [UInt8], on id: ConnectionID) {
        receive(bytes, on: id)
        while let next = resumed.first {
            resumed.removeFirst()
            receive([], on: next)
        }
    }

    private func receive(_ bytes: [UInt8], on id: ConnectionID) {
        guard !closed.contains(id) else { return }
        var rest = (waiting.removeValue(forKey: id) ?? []) + bytes
        repeat {
            let used = node.receive(rest.rawSpan, from: id, at: SystemClock.tick())
            rest.removeFirst(used)
            drain()
        } while node.isHeldUp && !closed.contains(id)
        if !rest.isEmpty { waiting[id] = rest }
    }

    /// True when the node has asked to close the connection.
    func isClosed(_ id: ConnectionID) -> Bool { closed.contains(id) }

    /// Forgets a connection.
    func close(_ id: ConnectionID) {
        node.close(id, at: SystemClock.tick())
        drain()
        closed.insert(id)
        waiting[id] = nil
    }

    private func drain() {
        // The closures may not reach into the object while its node is being changed.
        var sent: [(ConnectionID, [UInt8])] = []
        var ended: [ConnectionID] = []
        var freed: [ConnectionID] = []
        node.drain(
            output: { sent.append(($0, $1.copied())) },
            action: { action in
                switch action {
                case .close(let id), .drop(let id): ended.append(id)
                case .resume(let id): freed.append(id)
                default: break
                }
            })
        for (id, bytes) in sent { replies[id, default: []] += bytes }
        for id in ended { closed.insert(id) }
        resumed += freed
    }
}
