import Bytes
import Engine
import Grammar
import Nodes
import Testing
import Wire

/// A node with a clock that only tests move.
private struct Bench: ~Copyable {
    var node: Node
    var now = Tick(
        wall: Timestamp(milliseconds: 1_750_000_000_000), monotonic: Instant(nanoseconds: 1 << 40))
    /// What was handed out, and the connections that were to be closed.
    var output: [ConnectionID: String] = [:]
    var closed: [ConnectionID] = []

    init(_ change: (inout Settings) -> Void = { _ in }) {
        var settings = Settings()
        settings.flavour = .redis70
        change(&settings)
        node = Node(settings: settings, seed: 1, at: now)
    }

    mutating func open(_ port: Int = 1) -> ConnectionID {
        let id = node.open(
            ConnectionOrigin(kind: .tcp, address: "127.0.0.1:\(port)"), at: now)
        drain()
        return id
    }

    /// Gives the node the lines as inline requests in one read, and returns the replies.
    mutating func send(_ lines: String, from id: ConnectionID) -> String {
        output[id] = nil
        _ = node.receive(Array(lines.utf8).rawSpan, from: id, at: now)
        drain()
        return output[id] ?? ""
    }

    mutating func tick(after milliseconds: Int64) {
        now = now.advanced(milliseconds: milliseconds)
        node.tick(at: now)
        drain()
    }

    private mutating func drain() {
        var output = output
        var closed = closed
        node.drain { id, bytes in
            output[id, default: ""] += bytes.text
        } action: { action in
            switch action {
            case .close(let id), .drop(let id): closed.append(id)
            default: break
            }
        }
        self.output = output
        self.closed = closed
    }
}

@Suite("How connections end")
struct EndOfSessionTests {
    @Test("QUIT is answered, what follows it is not, and then the connection ends")
    func quit() {
        var bench = Bench()
        let id = bench.open()
        let reply = bench.send("PING\r\nQUIT\r\nPING\r\n", from: id)
        #expect(reply == "+PONG\r\n+OK\r\n")
        #expect(bench.closed == [id])
    }

    @Test("A connection that kills itself gets the reply first")
    func killsItself() {
        var bench = Bench()
        let id = bench.open()
        let reply = bench.send("CLIENT KILL TYPE normal SKIPME no\r\nPING\r\n", from: id)
        #expect(reply == ":1\r\n")
        #expect(bench.closed == [id])
    }

    @Test("A connection that another kills is gone at once")
    func killsAnother() {
        var bench = Bench()
        let killer = bench.open(1)
        let victim = bench.open(2)
        let reply = bench.send("CLIENT KILL 127.0.0.1:2\r\nCLIENT LIST\r\n", from: killer)
        #expect(reply.hasPrefix("+OK\r\n"))
        #expect(!reply.contains("127.0.0.1:2"))
        #expect(bench.closed == [victim])
        let isVictimOpen = bench.node.isOpen(victim)
        #expect(!isVictimOpen)
        // Its place is free for another, which its late bytes do not reach.
        let next = bench.open(3)
        #expect(next.session == victim.session)
        let late = bench.send("CLIENT SETNAME late\r\n", from: victim)
        #expect(late == "")
        let name = bench.send("CLIENT GETNAME\r\n", from: next)
        #expect(name == "$-1\r\n")
    }

    @Test("The tick ends connections that are silent for longer than the timeout")
    func timeout() {
        var bench = Bench { $0.timeout = 5 }
        let silent = bench.open(1)
        let busy = bench.open(2)
        bench.tick(after: 4000)
        let pong = bench.send("PING\r\n", from: busy)
        #expect(pong == "+PONG\r\n")
        bench.tick(after: 1000)
        #expect(bench.closed == [])
        bench.tick(after: 1000)
        #expect(bench.closed == [silent])
        let isBusyOpen = bench.node.isOpen(busy)
        #expect(isBusyOpen)
    }

    @Test("A protocol that HELLO chooses holds within the same read, and RESET takes it back")
    func versions() {
        var bench = Bench()
        let id = bench.open()
        let reply = bench.send("HELLO 3\r\nGET a\r\nRESET\r\nGET a\r\n", from: id)
        #expect(reply.hasPrefix("%7\r\n"))
        #expect(reply.hasSuffix("_\r\n+RESET\r\n$-1\r\n"))
    }

    @Test("Before the password is shown, requests are short")
    func limits() {
        var bench = Bench { $0.password = "secret" }
        let id = bench.open()
        let refused = bench.send("*11\r\n", from: id)
        #expect(refused == "-ERR Protocol error: unauthenticated multibulk length\r\n")
        #expect(bench.closed == [id])
        let next = bench.open()
        let long = "*12\r\n$4\r\nMGET\r\n" + String(repeating: "$1\r\na\r\n", count: 11)
        let reply = bench.send("AUTH secret\r\n" + long, from: next)
        #expect(reply == "+OK\r\n*11\r\n" + String(repeating: "$-1\r\n", count: 11))
    }
}
