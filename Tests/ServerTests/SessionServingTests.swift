import Engine
import Server
import Testing

/// Sockets that are sent what they did not ask for just now.
@Suite(.serialized) struct SessionServingTests {
    /// A subscriber that never reads is cut at its bound, and the others notice nothing.
    @Test func subscriberThatNeverReads() throws {
        let server = try ServedNode {
            $0.outputLimits.pubsub.hard = 2 << 20
            $0.outputLimits.pubsub.soft = 0
        }
        let (stuck, reader, publisher) = (
            try server.connect(), try server.connect(), try server.connect()
        )
        let subscribed = "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"
        for client in [stuck, reader] {
            try client.send("SUBSCRIBE a\r\n")
            #expect(try client.receiveText(like: subscribed) == subscribed)
        }
        var sent = 0
        var receivers = 2
        while receivers == 2, sent < 1000 {
            let text = pattern(50_000 + sent)
            try publisher.send(request([Array("PUBLISH".utf8), Array("a".utf8), text]))
            let reply = try publisher.receiveText(like: ":2\r\n")
            receivers = reply == ":2\r\n" ? 2 : 1
            let wanted =
                Array("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n".utf8) + bulk(text)
            #expect(same(try reader.receive(wanted.count), wanted))
            sent += 1
        }
        #expect(receivers == 1)
        #expect(sent > 30)
        try server.wait { $0.statistics.openSessions == 2 }
        #expect(try server.answers())
    }

    @Test(arguments: ServedNode.Way.allCases)
    func subscribers(way: ServedNode.Way) throws {
        let server = try ServedNode()
        var clients: [PlainSocket] = []
        for _ in 0..<300 {
            let client = try server.connect(way)
            try client.send("HELLO 3\r\nSUBSCRIBE a\r\n")
            clients.append(client)
        }
        try server.wait { $0.statistics.openSessions == 300 && $0.subscriberCount(of: "a") == 300 }
        let publisher = try server.connect()
        var wanted = ""
        for number in 100..<200 {
            try publisher.send("PUBLISH a \(number)\r\n")
            wanted += ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$3\r\n\(number)\r\n"
        }
        _ = try publisher.receive(100 * 6)
        for client in clients {
            let all = try client.receiveText(
                past: ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", like: wanted)
            #expect(all == wanted)
        }
    }

    /// A command that waits holds what follows it, and the time is kept well.
    @Test(arguments: ServedNode.Way.allCases)
    func waiting(way: ServedNode.Way) throws {
        let server = try ServedNode()
        let client = try server.connect(way)
        try client.send("WAIT 1 3\r\nPING\r\n")
        #expect(try client.receiveText(like: ":0\r\n+PONG\r\n") == ":0\r\n+PONG\r\n")
        try client.send("WAIT 1 0\r\nPING\r\n")
        try client.send("PING\r\n")
        try server.wait { $0.isWaiting(session: 0) }
        let other = try server.connect()
        try other.send("CLIENT UNBLOCK 1 ERROR\r\n")
        #expect(try other.receiveText(like: ":1\r\n") == ":1\r\n")
        let wanted = "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n+PONG\r\n+PONG\r\n"
        #expect(try client.receiveText(like: wanted) == wanted)
        // The end of the other side ends the waiting.
        try client.send("WAIT 1 0\r\n")
        try server.wait { $0.isWaiting(session: 0) }
        client.endSending()
        #expect(try client.receiveAllText() == "")
        try server.wait { $0.statistics.openSessions == 1 }
    }

    /// A subscriber is sent messages while it is not sending anything itself, also from inside
    /// the process.
    @Test func pausedTransactions() throws {
        let server = try ServedNode()
        let (first, second) = (try server.connect(), try server.connect())
        try first.send("CLIENT PAUSE 60000 WRITE\r\nSET a 1\r\nGET a\r\n")
        #expect(try first.receiveText(like: "+OK\r\n") == "+OK\r\n")
        try server.wait { $0.isWaiting(session: 0) }
        try second.send("GET a\r\nCLIENT UNPAUSE\r\nGET a\r\n")
        let wanted = "$-1\r\n+OK\r\n$1\r\n1\r\n"
        #expect(try second.receiveText(like: wanted) == wanted)
        #expect(try first.receiveText(like: "+OK\r\n$1\r\n1\r\n") == "+OK\r\n$1\r\n1\r\n")
    }
}

extension PlainSocket {
    /// The bytes behind the first occurrence of `mark`, as many as `text` has.
    fileprivate func receiveText(past mark: String, like text: String) throws -> String {
        var seen: [UInt8] = []
        let end = Array(mark.utf8)
        while !seen.suffix(end.count).elementsEqual(end) { seen += try receive(1) }
        return try receiveText(like: text)
    }
}
