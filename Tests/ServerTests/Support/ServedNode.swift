import Engine
import Glibc
import Server
import Synchronization
import Testing

/// A node with a TCP port and a Unix socket of its own.
final class ServedNode {
    let node: HostedNode
    let port: Int
    let path: String
    private let listeners: [Listener]
    private static let number = Atomic(0)

    init(_ change: (inout Settings) -> Void = { _ in }) throws {
        var settings = Settings()
        change(&settings)
        node = try HostedNode(settings: settings, seed: 1)
        let number = ServedNode.number.wrappingAdd(1, ordering: .relaxed).newValue
        path = "/tmp/larder-test-\(getpid())-\(number).sock"
        let tcp = try node.listen(on: .tcp(host: "127.0.0.1", port: 0))
        listeners = [tcp, try node.listen(on: .unix(path: path, mode: 0o600))]
        port = try #require(tcp.port)
    }

    /// Ends the node; a test does it last.
    deinit { node.shutDown(listeners) }

    enum Way: CaseIterable { case tcp, unix }

    func connect(_ way: Way = .unix) throws -> PlainSocket {
        switch way {
        case .tcp: try PlainSocket(port: port)
        case .unix: try PlainSocket(path: path)
        }
    }

    /// Asks the node again and again until `condition` holds; the bound is there so that a
    /// failing test ends.
    func wait(
        until condition: @escaping @Sendable (inout Store) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for _ in 0..<3_000_000 {
            if try node.withStore(condition) { return }
        }
        Issue.record("what is waited for does not come", sourceLocation: sourceLocation)
    }

    /// Connections that are open now.
    func openConnections() throws -> Int {
        try node.withStore { $0.statistics.openSessions }
    }

    /// Bytes of replies that wait to be sent, of all connections.
    func unsentBytes() throws -> Int {
        try node.withStore { store in
            store.sessions.reduce(0) { $0 + ($1?.pendingOutput ?? 0) }
        }
    }

    /// True when a new connection is answered at once.
    func answers() throws -> Bool {
        let client = try connect()
        try client.send("PING\r\n")
        return try client.receiveText(like: "+PONG\r\n") == "+PONG\r\n"
    }
}

/// A request as an array of bulk strings.
func request(_ words: String...) -> [UInt8] { request(words.map { Array($0.utf8) }) }

/// A request as an array of bulk strings.
func request(_ words: [[UInt8]]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words { bytes += Array("$\(word.count)\r\n".utf8) + word + [0x0D, 0x0A] }
    return bytes
}

/// A value as a reply.
func bulk(_ value: [UInt8]) -> [UInt8] {
    Array("$\(value.count)\r\n".utf8) + value + [0x0D, 0x0A]
}

/// True when both are the same; fast, and without printing megabytes when they are not.
func same(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && memcmp(one, other, one.count) == 0
}

/// The last bytes of an array.
func tail(_ bytes: [UInt8], _ count: Int) -> [UInt8] { Array(bytes[(bytes.count - count)...]) }

/// Bytes that are not all alike.
func pattern(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    for index in stride(from: 0, to: count, by: 61) { bytes[index] = UInt8(index / 61 % 251) }
    return bytes
}
