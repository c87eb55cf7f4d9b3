import Engine
import Server
import Testing

/// What clients that do not behave cost the others: nothing.
@Suite(.serialized) struct HostileClientTests {
    @Test func halfWrittenCommands() throws {
        let server = try ServedNode()
        let whole = request("SET", "key", "value")
        var clients: [(PlainSocket, Int)] = []
        for number in 0..<300 {
            let client = try server.connect(number % 2 == 0 ? .tcp : .unix)
            let cut = number % whole.count
            try client.send(Array(whole[..<cut]))
            clients.append((client, cut))
        }
        #expect(try server.answers())
        for (client, cut) in clients { try client.send(Array(whole[cut...])) }
        for (client, _) in clients {
            #expect(try client.receiveText(like: "+OK\r\n") == "+OK\r\n")
        }
    }

    @Test func closedInsideARequest() throws {
        let server = try ServedNode()
        for number in 0..<200 {
            let client = try server.connect(number % 2 == 0 ? .tcp : .unix)
            try client.send("PING\r\n*2\r\n$3\r\nGET\r\n$1000\r\nabc")
        }
        try server.wait { $0.statistics.connections == 200 && $0.statistics.openSessions == 0 }
        #expect(try server.answers())
    }

    @Test func flood() throws {
        let server = try ServedNode { $0.maximumClients = 50 }
        var clients: [PlainSocket] = []
        for _ in 0..<50 {
            let client = try server.connect(.tcp)
            try client.send("PING\r\n")
            #expect(try client.receiveText(like: "+PONG\r\n") == "+PONG\r\n")
            clients.append(client)
        }
        for number in 0..<300 {
            let refused = try server.connect(number % 2 == 0 ? .tcp : .unix)
            #expect(try refused.receiveAllText() == "-ERR max number of clients reached\r\n")
        }
        for client in clients {
            try client.send("PING\r\n")
            #expect(try client.receiveText(like: "+PONG\r\n") == "+PONG\r\n")
        }
        clients.removeFirst(10)
        try server.wait { $0.statistics.openSessions == 40 }
        for _ in 0..<5 { #expect(try server.answers()) }
        let rejected = try server.node.withStore { $0.statistics.rejectedConnections }
        #expect(rejected == 300)
    }

    /// Connections that come all at once and say nothing.
    @Test func silentFlood() throws {
        let server = try ServedNode()
        var clients: [PlainSocket] = []
        for number in 0..<800 { clients.append(try server.connect(number % 2 == 0 ? .tcp : .unix)) }
        #expect(try server.answers())
        try server.wait { $0.statistics.openSessions >= 800 }
        clients.removeAll()
        try server.wait { $0.statistics.openSessions == 0 }
    }

    /// A client that asks for 400 MB and reads nothing: the node keeps a bounded part of that,
    /// serves the others, and goes on when the client begins to read.
    @Test(arguments: ServedNode.Way.allCases)
    func neverReads(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let size = 1 << 20
        let client = try server.connect(way)
        #expect(
            try client.exchange(
                request([Array("SET".utf8), Array("k".utf8), pattern(size)]), expecting: 5
            )
            .count == 5)
        var requests: [UInt8] = []
        for _ in 0..<400 { requests += request("GET", "k") }
        try client.send(requests)
        try server.wait { store in
            store.sessions.contains { ($0?.pendingOutput ?? 0) > 20 << 20 }
        }
        for _ in 0..<50 {
            #expect(try server.answers())
            #expect(try server.unsentBytes() < 80 << 20)
        }
        let commands = try server.node.withStore { $0.statistics.commandsProcessed }
        #expect(commands < 400)
        var left = 400 * bulk(pattern(size)).count
        while left > 0 {
            let part = min(left, 8 << 20)
            #expect(try client.receive(part).count == part)
            left -= part
        }
        try client.send("PING\r\n")
        #expect(try client.receiveText(like: "+PONG\r\n") == "+PONG\r\n")
        #expect(try server.unsentBytes() == 0)
    }

    /// What was kept for a client that never reads goes with it, also when another ends it.
    @Test func killedWhileItDoesNotRead() throws {
        let server = try ServedNode()
        let client = try server.connect()
        try client.send(request([Array("SET".utf8), Array("k".utf8), pattern(1 << 20)]))
        #expect(try client.receive(5).count == 5)
        for _ in 0..<30 { try client.send(request("GET", "k")) }
        try server.wait { store in
            store.sessions.contains { ($0?.pendingOutput ?? 0) > 10 << 20 }
        }
        let other = try server.connect()
        try other.send("CLIENT KILL TYPE normal SKIPME yes\r\n")
        #expect(try other.receiveText(like: ":1\r\n") == ":1\r\n")
        try server.wait { $0.statistics.openSessions == 1 }
        #expect(try server.unsentBytes() == 0)
        let received = try client.receiveAll()
        #expect(received.count < 30 << 20)
    }

    @Test func malformedRequestsCloseOnlyTheirConnection() throws {
        let server = try ServedNode()
        let witness = try server.connect()
        let cases = [
            ("*x\r\n", "invalid multibulk length"), ("*1\r\n:1\r\n", "expected '$', got ':'"),
            ("*1\r\n$-2\r\n", "invalid bulk length"), ("a 'b\r\n", "unbalanced quotes in request"),
            (String(repeating: "x", count: 70_000), "too big inline request"),
            ("*" + String(repeating: "1", count: 70_000), "too big mbulk count string"),
        ]
        for way in ServedNode.Way.allCases {
            for (text, reason) in cases {
                let client = try server.connect(way)
                try client.send("PING\r\n" + text)
                #expect(
                    try client.receiveAllText() == "+PONG\r\n-ERR Protocol error: \(reason)\r\n")
                try witness.send("PING\r\n")
                #expect(try witness.receiveText(like: "+PONG\r\n") == "+PONG\r\n")
            }
        }
        try server.wait { $0.statistics.openSessions == 1 }
    }

    /// An error behind long replies comes after them.
    @Test func malformedBehindLongReplies() throws {
        let server = try ServedNode()
        let client = try server.connect()
        let value = pattern(2 << 20)
        #expect(
            try client.exchange(
                request([Array("SET".utf8), Array("k".utf8), value]), expecting: 5
            ).count == 5)
        var requests: [UInt8] = []
        for _ in 0..<20 { requests += request("GET", "k") }
        try client.send(requests + Array("*x\r\n".utf8))
        let received = try client.receiveAll()
        let error = Array("-ERR Protocol error: invalid multibulk length\r\n".utf8)
        #expect(received.count == 20 * bulk(value).count + error.count)
        #expect(same(tail(received, error.count), error))
    }

    // MARK: Limits

    @Test func outputLimit() throws {
        let server = try ServedNode()
        let client = try server.connect()
        try client.send("CONFIG SET client-output-buffer-limit \"normal 3mb 0 0\"\r\n")
        #expect(try client.receiveText(like: "+OK\r\n") == "+OK\r\n")
        try client.send(request([Array("SET".utf8), Array("k".utf8), pattern(1 << 20)]))
        #expect(try client.receive(5).count == 5)
        for _ in 0..<40 { try client.send(request("GET", "k")) }
        let received = try client.receiveAll()
        #expect(received.count < 40 << 20)
        try server.wait { $0.statistics.openSessions == 0 }
        #expect(try server.answers())
    }

    @Test func queryBufferLimit() throws {
        let server = try ServedNode { $0.queryBufferLimit = 1 << 20 }
        let client = try server.connect()
        var sent = 0
        let head = Array("*2\r\n$4\r\nECHO\r\n$100000000\r\n".utf8)
        // The node closes the connection in the middle of this.
        do {
            try client.send(head)
            for _ in 0..<400 {
                try client.send([UInt8](repeating: 120, count: 65_536))
                sent += 65_536
            }
        } catch is PlainSocket.Failure {}
        #expect(sent < 20 << 20)
        #expect(try client.receiveAll() == [])
        #expect(try server.answers())
    }
}
