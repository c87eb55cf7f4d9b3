import Bytes
import Engine
import Server
import Testing

/// What clients that behave well get, over real sockets.
@Suite(.serialized) struct ServingTests {
    @Test(arguments: ServedNode.Way.allCases)
    func pipelines(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let client = try server.connect(way)
        var requests: [UInt8] = []
        var replies = ""
        for number in 0..<10_000 {
            requests += request("SET", "k\(number % 500)", "v\(number)")
            requests += request("GET", "k\(number % 500)")
            replies += "+OK\r\n$\("v\(number)".utf8.count)\r\nv\(number)\r\n"
        }
        let expected = Array(replies.utf8)
        let received = try client.exchange(requests, expecting: expected.count)
        #expect(same(received, expected))
    }

    /// Clients that ask again as soon as they are answered, short and long pipelines, some of
    /// them in two parts: every reply must be the next of its client.
    @Test(arguments: ServedNode.Way.allCases)
    func crowd(way: ServedNode.Way) throws {
        let server = try ServedNode()
        var random = Random(seed: 5)
        let clients = try (0..<24).map { _ in try server.connect(way) }
        var asked = [Int](repeating: 0, count: clients.count)
        var expected = [[UInt8]](repeating: [], count: clients.count)
        var received = expected
        var rest = expected
        func ask(_ client: Int) throws {
            let count = random.next(below: 4) == 0 ? 1 + random.next(below: 30) : 1
            var requests: [UInt8] = []
            (expected[client], received[client]) = ([], [])
            for _ in 0..<count {
                asked[client] += 1
                requests += request("INCR", "counter:\(client)")
                expected[client] += Array(":\(asked[client])\r\n".utf8)
            }
            let isWhole = random.next(below: 5) > 0
            let first = isWhole ? requests.count : random.next(below: requests.count)
            try clients[client].send(Array(requests[..<first]))
            rest[client] = Array(requests[first...])
        }
        for client in clients.indices { try ask(client) }
        var open = Set(clients.indices)
        while !open.isEmpty {
            for client in open.sorted() {
                received[client] += try clients[client].receiveNow()
                if !rest[client].isEmpty {
                    try clients[client].send(rest[client])
                    rest[client] = []
                }
                if received[client].count < expected[client].count { continue }
                try #require(received[client] == expected[client])
                if asked[client] < 600 { try ask(client) } else { open.remove(client) }
            }
        }
    }

    @Test func inlineCommands() throws {
        let server = try ServedNode()
        let client = try server.connect()
        try client.send("\r\nSET a 'b c'\r\nget \"\\x61\"\n  \nPING\r\n")
        let expected = "+OK\r\n$3\r\nb c\r\n+PONG\r\n"
        #expect(try client.receiveText(like: expected) == expected)
    }

    /// Every byte in a packet of its own, several thousand of them.
    @Test(arguments: ServedNode.Way.allCases)
    func singleBytes(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let client = try server.connect(way)
        for number in 0..<150 {
            for byte in request("SET", "key", "\(number)") { try client.send([byte]) }
            #expect(try client.receiveText(like: "+OK\r\n") == "+OK\r\n")
        }
        try client.send("GET key\r\n")
        #expect(try client.receiveText(like: "$3\r\n149\r\n") == "$3\r\n149\r\n")
    }

    @Test(arguments: [1 << 20, 64 << 20], ServedNode.Way.allCases)
    func longValues(size: Int, way: ServedNode.Way) throws {
        let server = try ServedNode()
        let client = try server.connect(way)
        let value = pattern(size)
        let stored = try client.exchange(
            request([Array("SET".utf8), Array("long".utf8), value]), expecting: 5)
        #expect(stored == Array("+OK\r\n".utf8))
        let expected = bulk(value)
        try client.send("GET long\r\n")
        let received = try client.receive(expected.count)
        #expect(same(received, expected))
        // The node is told at the end of the turn in which the last byte went.
        try client.send("PING\r\n")
        #expect(try client.receiveText(like: "+PONG\r\n") == "+PONG\r\n")
        #expect(try server.unsentBytes() == 0)
    }

    /// Short replies stay behind the long ones that were asked for before them.
    @Test(arguments: ServedNode.Way.allCases)
    func orderOfReplies(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let client = try server.connect(way)
        let value = pattern(300_000)
        let stored = try client.exchange(
            request([Array("SET".utf8), Array("long".utf8), value]), expecting: 5)
        #expect(stored.count == 5)
        var requests: [UInt8] = []
        var expected: [UInt8] = []
        for number in 0..<200 {
            requests += request("GET", "long") + request("ECHO", "number \(number)")
            expected += bulk(value) + bulk(Array("number \(number)".utf8))
        }
        let received = try client.exchange(requests, expecting: expected.count)
        #expect(same(received, expected))
    }

    /// A pipeline sent whole before the first reply is read.
    @Test func repliesAreReadLate() throws {
        let server = try ServedNode()
        let client = try server.connect()
        let value = pattern(1000)
        try client.send(request([Array("SET".utf8), Array("k".utf8), value]))
        #expect(try client.receive(5).count == 5)
        let count = 30_000
        var requests: [UInt8] = []
        for _ in 0..<count { requests += request("GET", "k") }
        try client.send(requests)
        let one = bulk(value)
        for _ in 0..<count {
            guard same(try client.receive(one.count), one) else {
                Issue.record("a reply is not what was stored")
                return
            }
        }
    }

    @Test func quit() throws {
        let server = try ServedNode()
        let client = try server.connect()
        try client.send("PING\r\nQUIT\r\nPING\r\n")
        #expect(try client.receiveAllText() == "+PONG\r\n+OK\r\n")
        try server.wait { $0.statistics.openSessions == 0 }
    }

    /// Who closes only the sending side still gets every reply, however many.
    @Test(arguments: ServedNode.Way.allCases)
    func halfClosed(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let value = pattern(200_000)
        let client = try server.connect(way)
        try client.send(request([Array("SET".utf8), Array("k".utf8), value]))
        var requests: [UInt8] = []
        for _ in 0..<100 { requests += request("GET", "k") }
        try client.send(requests)
        client.endSending()
        let received = try client.receiveAll()
        #expect(received.count == 5 + 100 * bulk(value).count)
        #expect(same(tail(received, bulk(value).count), bulk(value)))
        try server.wait { $0.statistics.openSessions == 0 }
    }

    /// What was sent before the connection was closed is still done.
    @Test(arguments: ServedNode.Way.allCases)
    func closedAtOnce(way: ServedNode.Way) throws {
        let server = try ServedNode()
        do {
            let client = try server.connect(way)
            try client.send("SET a 1\r\nINCR a\r\n")
        }
        try server.wait { $0.statistics.connections == 1 && $0.statistics.openSessions == 0 }
        let other = try server.connect()
        try other.send("GET a\r\n")
        #expect(try other.receiveText(like: "$1\r\n2\r\n") == "$1\r\n2\r\n")
    }
}
