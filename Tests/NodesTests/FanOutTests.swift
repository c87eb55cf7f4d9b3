import Bytes
import Engine
import Grammar
import Nodes
import Testing
import Wire

/// A node with a clock that only tests move, and what each connection has been handed.
private struct Hall: ~Copyable {
    var node: Node
    var now = Tick(
        wall: Timestamp(milliseconds: 1_750_000_000_000), monotonic: Instant(nanoseconds: 1 << 40))
    var output: [ConnectionID: String] = [:]
    /// Pieces handed out, and the connections that were to be closed or resumed.
    var pieces = 0
    var closed: [ConnectionID] = []
    var resumed: [ConnectionID] = []
    var reschedules = 0

    init() {
        var settings = Settings()
        settings.flavour = .redis70
        node = Node(settings: settings, seed: 1, at: now)
    }

    mutating func open() -> ConnectionID {
        let id = node.open(.embedded, at: now)
        drain()
        return id
    }

    /// Gives the node the lines as inline requests in one read; returns how much it consumed.
    @discardableResult
    mutating func send(_ lines: String, from id: ConnectionID) -> Int {
        let consumed = node.receive(Array(lines.utf8).rawSpan, from: id, at: now)
        drain()
        return consumed
    }

    mutating func take(_ id: ConnectionID) -> String { output.removeValue(forKey: id) ?? "" }

    mutating func tick(after milliseconds: Int64) {
        now = now.advanced(milliseconds: milliseconds)
        node.tick(at: now)
        drain()
    }

    mutating func close(_ id: ConnectionID) {
        node.close(id, at: now)
        drain()
    }

    private mutating func drain() {
        var output: [(ConnectionID, String)] = []
        var actions: [HostAction] = []
        node.drain {
            output.append(($0, $1.text))
        } action: {
            actions.append($0)
        }
        pieces += output.count
        for (id, text) in output { self.output[id, default: ""] += text }
        for action in actions {
            switch action {
            case .close(let id), .drop(let id): closed.append(id)
            case .resume(let id): resumed.append(id)
            case .reschedule: reschedules += 1
            default: break
            }
        }
    }
}

/// As the macro, for what it cannot take apart: the hall is not copyable.
private func expect(_ holds: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(holds, sourceLocation: sourceLocation)
}

@Suite("Messages to many connections")
struct FanOutTests {
    private static func message(_ channel: String, _ text: String) -> String {
        "*3\r\n" + bulk("message") + bulk(channel) + bulk(text)
    }

    private static func message(_ pattern: String, _ channel: String, _ text: String) -> String {
        "*4\r\n" + bulk("pmessage") + bulk(pattern) + bulk(channel) + bulk(text)
    }

    private static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    @Test("Ten thousand subscribers of one channel get each message once and in order")
    func oneChannel() {
        var hall = Hall()
        let publisher = hall.open()
        var subscribers: [ConnectionID] = []
        for number in 0..<10_000 {
            let id = hall.open()
            if number % 3 == 0 { hall.send("HELLO 3\r\n", from: id) }
            hall.send("SUBSCRIBE news\r\n", from: id)
            subscribers.append(id)
        }
        hall.output = [:]
        for text in ["one", "two", "three"] {
            hall.send("PUBLISH news \(text)\r\n", from: publisher)
        }
        expect(hall.take(publisher) == ":10000\r\n:10000\r\n:10000\r\n")
        let wanted = ["one", "two", "three"].map { FanOutTests.message("news", $0) }.joined()
        let pushed = wanted.replacing("*3\r\n", with: ">3\r\n")
        var wrong = 0
        for (number, id) in subscribers.enumerated()
        where hall.take(id) != (number % 3 == 0 ? pushed : wanted) {
            wrong += 1
        }
        #expect(wrong == 0)
        expect(hall.output.isEmpty)
    }

    @Test("A message is written once, however many it goes to")
    func writtenOnce() {
        var hall = Hall()
        let publisher = hall.open()
        for _ in 0..<2000 {
            let id = hall.open()
            hall.send("SUBSCRIBE news\r\n", from: id)
        }
        let before = hall.node.store.deliveryFootprint
        let text = String(repeating: "x", count: 1000)
        _ = hall.node.receive(
            Array("PUBLISH news \(text)\r\n".utf8).rawSpan, from: publisher, at: hall.now)
        expect(hall.node.store.deliveryLoad > 2_000_000)
        expect(hall.node.store.deliveryFootprint - before < 20_000)
    }

    @Test("A thousand channels, each subscribed to by name and by patterns")
    func patterns() {
        var hall = Hall()
        let publisher = hall.open()
        let patterns = (0..<10).map { "news:\($0)*" } + ["news:*"]
        var listeners: [(ConnectionID, String)] = []
        for pattern in patterns {
            let id = hall.open()
            hall.send("PSUBSCRIBE \(pattern)\r\n", from: id)
            listeners.append((id, pattern))
        }
        let single = hall.open()
        for channel in 0..<1000 { hall.send("SUBSCRIBE news:\(channel)\r\n", from: single) }
        hall.output = [:]
        var wanted: [String: String] = [:]
        var named = ""
        for channel in 0..<1000 {
            let name = "news:\(channel)"
            hall.send("PUBLISH \(name) \(channel)\r\n", from: publisher)
            named += FanOutTests.message(name, "\(channel)")
            for pattern in ["news:\("\(channel)".prefix(1))*", "news:*"] {
                wanted[pattern, default: ""] += FanOutTests.message(pattern, name, "\(channel)")
            }
        }
        expect(hall.take(single) == named)
        for (id, pattern) in listeners {
            let got = hall.take(id)
            #expect(got == wanted[pattern], "\(pattern)")
        }
        expect(hall.take(publisher) == String(repeating: ":3\r\n", count: 1000))
    }

    @Test("A long pipeline of messages stops until those that are written are handed out")
    func heldUp() {
        var hall = Hall()
        let publisher = hall.open()
        var subscribers: [ConnectionID] = []
        for _ in 0..<1000 {
            let id = hall.open()
            hall.send("SUBSCRIBE a\r\n", from: id)
            subscribers.append(id)
        }
        hall.output = [:]
        let line = "PUBLISH a \(String(repeating: "x", count: 1000))\r\n"
        var input = Array(String(repeating: line, count: 20).utf8)
        var rounds = 0
        while !input.isEmpty {
            input.removeFirst(hall.send(String(decoding: input, as: UTF8.self), from: publisher))
            rounds += 1
            #expect(rounds < 20)
        }
        #expect(rounds > 3)
        expect(hall.take(publisher) == String(repeating: ":1000\r\n", count: 20))
        let lengths = subscribers.map { id in hall.take(id).utf8.count }
        let message = FanOutTests.message("a", String(repeating: "x", count: 1000))
        #expect(Set(lengths) == [20 * message.utf8.count])
    }

    @Test("Who has left gets nothing, nor who comes in the same place")
    func left() {
        var hall = Hall()
        let publisher = hall.open()
        let first = hall.open()
        hall.send("SUBSCRIBE a\r\nPSUBSCRIBE *\r\n", from: first)
        hall.close(first)
        let second = hall.open()
        #expect(second.session == first.session)
        hall.output = [:]
        hall.send("PUBLISH a x\r\nPUBSUB NUMSUB a\r\nPUBSUB NUMPAT\r\n", from: publisher)
        expect(hall.take(publisher) == ":0\r\n*2\r\n$1\r\na\r\n:0\r\n:0\r\n")
        expect(hall.output.isEmpty)
    }
}

@Suite("Connections whose command waits")
struct WaitingConnectionTests {
    @Test("What follows a command that waits is left, and given again when it waits no more")
    func resumes() {
        var hall = Hall()
        let (id, other) = (hall.open(), hall.open())
        let lines = "PING\r\nWAIT 1 0\r\nECHO a\r\nECHO b\r\n"
        let consumed = hall.send(lines, from: id)
        #expect(consumed == "PING\r\nWAIT 1 0\r\n".utf8.count)
        expect(hall.node.isBlocked)
        expect(hall.take(id) == "+PONG\r\n")
        // More of it changes nothing.
        let rest = "ECHO a\r\nECHO b\r\nECHO c\r\n"
        expect(hall.send(rest, from: id) == 0)
        expect(hall.node.isBlocked)
        expect(hall.resumed == [])
        hall.send("CLIENT UNBLOCK 1\r\n", from: other)
        expect(hall.take(other) == ":1\r\n")
        expect(hall.take(id) == ":0\r\n")
        expect(hall.resumed == [id])
        hall.send("ECHO a\r\n", from: id)
        expect(!hall.node.isBlocked)
        expect(hall.take(id) == "$1\r\na\r\n")
    }

    @Test("The host is told when the time of waiting is earlier than its next tick")
    func reschedules() {
        var hall = Hall()
        let id = hall.open()
        hall.tick(after: 0)
        let regular = hall.node.nextTick
        hall.send("WAIT 1 7\r\n", from: id)
        expect(hall.reschedules == 1)
        let due = hall.node.nextTick
        #expect(due < regular)
        expect(due.nanoseconds == hall.now.monotonic.nanoseconds + 7_000_000)
        hall.tick(after: 7)
        expect(hall.take(id) == ":0\r\n")
        expect(hall.resumed == [id])
        // The regular work has not moved.
        expect(hall.node.nextTick == regular)
    }

    @Test("A connection that ends while its command waits leaves nothing behind")
    func ends() {
        var hall = Hall()
        let (id, other) = (hall.open(), hall.open())
        hall.send("WAIT 1 10\r\n", from: id)
        hall.close(id)
        let next = hall.open()
        hall.tick(after: 20)
        expect(hall.take(next) == "")
        expect(hall.resumed == [])
        hall.send("WAIT 1 0\r\n", from: next)
        hall.send("CLIENT KILL ID 3\r\n", from: other)
        expect(hall.closed == [next])
        expect(hall.resumed == [])
    }
}
