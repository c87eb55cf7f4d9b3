import Bytes
import Engine
import Nodes
import Testing

/// From bytes to calls: what a node does with streams, apart from what the commands do.
@Suite struct ReceiveTests {
    /// A node and what it has handed out.
    struct Host: ~Copyable {
        var node: Node
        var output: [UInt8] = []
        var closed: [ConnectionID] = []
        var dropped: [ConnectionID] = []
        var second: UInt64 = 1

        init(_ change: (inout Settings) -> Void = { _ in }) {
            var settings = Settings()
            change(&settings)
            node = Node(settings: settings, seed: 1, at: Host.time(1))
        }

        static func time(_ second: UInt64) -> Tick {
            Tick(
                wall: Timestamp(milliseconds: 1_700_000_000_000 + Int64(second) * 1000),
                monotonic: Instant(nanoseconds: second * 1_000_000_000))
        }

        mutating func open(_ origin: ConnectionOrigin = .embedded) -> ConnectionID {
            let id = node.open(origin, at: Host.time(second))
            drain()
            return id
        }

        /// Gives the node a stream once; returns how many bytes it took.
        mutating func receive(_ bytes: [UInt8], _ id: ConnectionID) -> Int {
            let taken = node.receive(bytes.rawSpan, from: id, at: Host.time(second))
            drain()
            return taken
        }

        /// What it answers to `text`, which it must take whole.
        mutating func ask(_ text: String, _ id: ConnectionID) -> String {
            output = []
            let bytes = Array(text.utf8)
            let taken = receive(bytes, id)
            #expect(taken == bytes.count)
            return String(decoding: output, as: UTF8.self)
        }

        mutating func tick() {
            node.tick(at: Host.time(second))
            drain()
        }

        private mutating func drain() {
            var output: [UInt8] = []
            var closed: [ConnectionID] = []
            var dropped: [ConnectionID] = []
            node.drain { _, bytes in
                output += bytes.copied()
            } action: { action in
                switch action {
                case .close(let id): closed.append(id)
                case .drop(let id): dropped.append(id)
                default: break
                }
            }
            self.output += output
            self.closed += closed
            self.dropped += dropped
        }
    }

    /// When the replies to what was read become many, the node stops and wants to be called
    /// again; the replies are the same.
    @Test func stopsWhenRepliesAreMany() {
        var host = Host()
        let id = host.open()
        _ = host.ask("SETRANGE k 999999 x\r\n", id)
        host.output = []
        let request = Array("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n".utf8)
        var rest = Array(repeatElement(request, count: 100).joined())
        var calls = 0
        repeat {
            let before = host.output.count
            let taken = host.receive(rest, id)
            rest.removeFirst(taken)
            calls += 1
            #expect(host.output.count - before < 6 << 20)
            #expect(taken % request.count == 0)
            let isHeldUp = host.node.isHeldUp
            #expect(isHeldUp == !rest.isEmpty)
        } while !rest.isEmpty && calls < 1000
        #expect(calls > 10)
        #expect(host.output.count == 100 * (1_000_000 + 12))
        #expect(host.ask("PING\r\n", id) == "+PONG\r\n")
    }

    /// A request that takes the right to send long requests away works on those behind it, even
    /// when they were read with it.
    @Test func limitsChangeWithinAPipeline() {
        var host = Host { $0.password = "secret" }
        let id = host.open()
        let long = "*11\r\n" + String(repeating: "$1\r\na\r\n", count: 11)
        #expect(
            host.ask("AUTH secret\r\n" + long + "RESET\r\n" + long, id).hasSuffix(
                "+RESET\r\n-ERR Protocol error: unauthenticated multibulk length\r\n"))
        #expect(host.closed == [id])
        // The request behind is not whole, or no request at all.
        for rest in ["*11\r\n", "*11\r\n$1\r\na\r\n", "*11\r\n:"] {
            let next = host.open()
            #expect(
                host.ask("AUTH secret\r\n*1\r\n$5\r\nRESET\r\n" + rest, next).hasSuffix(
                    "+RESET\r\n-ERR Protocol error: unauthenticated multibulk length\r\n"))
        }
    }

    @Test func nothingIsReadAfterTheEnd() {
        var host = Host()
        let id = host.open()
        #expect(host.ask("PING\r\n*x\r\nPING\r\n", id).hasSuffix("invalid multibulk length\r\n"))
        #expect(host.ask("PING\r\n", id) == "")
        #expect(host.closed == [id])
        let other = host.open()
        #expect(host.ask("QUIT\r\nPING\r\n", other) == "+OK\r\n")
        #expect(host.closed == [id, other])
    }

    /// Who is ended by another goes at once; who ends itself gets its reply first.
    @Test func killed() {
        var host = Host()
        let one = host.open()
        let other = host.open()
        _ = host.ask("CLIENT KILL ID 2 SKIPME no\r\n", one)
        #expect(host.dropped == [other])
        let isOpen = host.node.isOpen(other)
        #expect(!isOpen)
        #expect(host.ask("PING\r\n", other) == "")
        #expect(host.ask("CLIENT KILL ID 1 SKIPME no\r\n", one) == ":1\r\n")
        #expect(host.closed == [one])
    }

    /// The place of a connection is used again, its handle is not.
    @Test func handlesAreNotUsedAgain() {
        var host = Host()
        let first = host.open()
        #expect(host.receive(Array("*2\r\n$4\r\nECHO\r\n$5\r\nab".utf8), first) == 0)
        host.node.close(first, at: Host.time(1))
        let second = host.open()
        #expect(second != first)
        #expect(second.session == first.session)
        #expect(host.ask("PING\r\n", first) == "")
        #expect(host.ask("PING\r\n", second) == "+PONG\r\n")
    }

    @Test func idleConnectionsEnd() {
        var host = Host { $0.timeout = 10 }
        let origin = ConnectionOrigin(kind: .tcp, address: "127.0.0.1:5")
        let idle = host.open(origin)
        let busy = host.open(origin)
        let inside = host.open()
        for second in 2...13 as ClosedRange<UInt64> {
            host.second = second
            #expect(host.ask("PING\r\n", busy) == "+PONG\r\n")
            host.tick()
        }
        #expect(host.dropped == [idle])
        #expect(host.ask("PING\r\n", inside) == "+PONG\r\n")
    }

    @Test func queryBufferLimit() {
        var host = Host { $0.queryBufferLimit = 1 << 20 }
        let id = host.open()
        var stream = Array("*2\r\n$4\r\nECHO\r\n$3000000\r\n".utf8)
        stream += [UInt8](repeating: 120, count: 900_000)
        #expect(host.receive(stream, id) == 0)
        #expect(host.closed.isEmpty)
        stream += [UInt8](repeating: 120, count: 900_000)
        _ = host.receive(stream, id)
        #expect(host.closed == [id])
        #expect(host.output.isEmpty)
        #expect(host.node.store.statistics.queryLimitDisconnections == 1)
    }

    /// Ten thousand connections, each inside a request, after one has sent a huge one.
    @Test func memoryOfConnections() {
        var host = Host()
        let first = host.open()
        var huge = Array("*200001\r\n$3\r\nDEL\r\n".utf8)
        for _ in 0..<200_000 { huge += Array("$1\r\nk\r\n".utf8) }
        #expect(host.receive(huge, first) == huge.count)
        let before = host.node.footprint
        #expect(before < 1 << 20)
        let count = 10_000
        for _ in 0..<count {
            let id = host.open()
            #expect(host.receive(Array("*3\r\n$3\r\nSET\r\n$5\r\nab".utf8), id) == 0)
        }
        #expect(host.node.footprint - before < count * 256)
    }

    @Test("What stands behind DEBUG SLEEP runs after it")
    func holding() {
        var host = Host { $0.debugPermission = .everybody }
        let id = host.open()
        let first = Array("DEBUG SLEEP 1\r\n".utf8)
        let taken = host.receive(first + Array("PING\r\n".utf8), id)
        #expect(taken == first.count)
        let isHeldUp = host.node.isHeldUp
        #expect(isHeldUp)
        #expect(host.output == Array("+OK\r\n".utf8))
        #expect(host.ask("PING\r\n", id) == "+PONG\r\n")
    }
}
