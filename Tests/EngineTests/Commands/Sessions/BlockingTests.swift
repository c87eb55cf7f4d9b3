import Bytes
import Grammar
import Testing
import Wire

@testable import Engine

/// Commands that are there for these tests alone: `BTAKE key … timeout` waits until one of its
/// keys is a string, and takes it; `BMOVE source destination timeout` puts it elsewhere. No
/// command waits for strings, so that nothing else is in the way.
private enum Takes {
    static let take = Command<Store>(
        "BTAKE", .generic, [.write, .blocking], since: "1.0.0", summary: "Takes.",
        complexity: "O(1)",
        arguments: [.key(.readWrite).repeated, .double("timeout")]
    ) { store, call, reply throws(CommandError) in
        let deadline = try store.deadline(inSeconds: call[call.count - 1])
        for index in 1..<call.count - 1 {
            guard store.isOffered(call[index]),
                let found = try store.findString(call[index], .write)
            else { continue }
            reply.array(2)
            reply.bulk(call[index])
            reply.string(found.entry)
            return store.remove(found)
        }
        store.block(
            call, on: 1..<call.count - 1, for: .string, until: deadline, otherwise: .nullArray,
            &reply)
    }

    static let move = Command<Store>(
        "BMOVE", .generic, [.write, .blocking], since: "1.0.0", summary: "Moves.",
        complexity: "O(1)",
        arguments: [.key(.readWrite), .key(.readWrite, "destination"), .double("timeout")]
    ) { store, call, reply throws(CommandError) in
        let deadline = try store.deadline(inSeconds: call[3])
        guard let found = try store.findString(call[1], .write) else {
            return store.block(
                call, on: 1..<2, for: .string, until: deadline, otherwise: .null, &reply)
        }
        let value = found.entry.stringBytes
        store.remove(found)
        store.assign(call[2], value.rawSpan, .clear, at: store.find(call[2], .silent))
        store.noteAppeared(call[2], .string, database: store.selected)
        reply.bulk(value)
    }

    /// Gives a key a string, and says so to those who wait, as commands of lists do.
    static let give = Command<Store>(
        "GIVE", .generic, [.write], since: "1.0.0", summary: "Gives.", complexity: "O(1)",
        arguments: [.key(.readWrite), .string("value")]
    ) { store, call, reply throws(CommandError) in
        store.assign(call[1], call[2], .clear, at: store.find(call[1], .silent))
        store.noteAppeared(call[1], .string, database: store.selected)
        reply.ok()
    }
}

private func makeNode(_ flavour: Flavour = .redis70) -> TestNode {
    TestNode(flavour: flavour, commands: AllCommands.list + [Takes.take, Takes.move, Takes.give])
}

@Suite("Commands that wait")
struct BlockingTests {
    @Test("What is there is taken at once; what comes later is delivered")
    func takes() {
        Transcript(
            """
            > GIVE a 1
            +OK
            > BTAKE none a 0
            *2
            $1
            a
            $1
            1
            > BTAKE none a 0
            @session 1
            > GIVE a 2
            +OK
            > EXISTS a
            :0
            @session 0
            @receive
            *2
            $1
            a
            $1
            2
            """
        ).play(at: makeNode())
    }

    @Test("Sessions are served in the order in which they came, each once")
    func fairness() {
        let node = makeNode()
        let waiting = (0..<5).map { _ in node.open() }
        for session in waiting { #expect(node.send("BTAKE a 0", from: session) == "") }
        for round in waiting.indices {
            #expect(node.send("GIVE a \(round)") == "+OK\r\n")
            #expect(node.unread == [waiting[round]])
            let reply = node.received(by: waiting[round])
            #expect(reply == "*2\r\n$1\r\na\r\n$1\r\n\(round)\r\n")
        }
        #expect(node.store.blockedSessions == 0)
        #expect(node.store.waiters.isEmpty)
    }

    @Test("A whole transaction is over before anybody is served")
    func transactions() {
        Transcript(
            """
            > BTAKE a 0
            @session 1
            > MULTI
            +OK
            > GIVE a 1
            +QUEUED
            > DEL a
            +QUEUED
            > BTAKE a 0
            +QUEUED
            > EXEC
            *3
            +OK
            :1
            *-1
            > MULTI
            +OK
            > GIVE a 1
            +QUEUED
            > GIVE a 2
            +QUEUED
            > EXEC
            *2
            +OK
            +OK
            @session 0
            @receive
            *2
            $1
            a
            $1
            2
            """
        ).play(at: makeNode())
    }

    @Test("Redis 7.0 serves from the key that came first, later servers from the one named first")
    func severalKeys() {
        for flavour in Flavour.allCases {
            let node = makeNode(flavour)
            let waiting = node.open()
            node.send("BTAKE a b 0", from: waiting)
            node.send("MULTI")
            node.send("GIVE b 1")
            node.send("GIVE a 2")
            node.send("EXEC")
            let wanted = flavour == .redis70 ? "b\r\n$1\r\n1\r\n" : "a\r\n$1\r\n2\r\n"
            #expect(node.received(by: waiting) == "*2\r\n$1\r\n" + wanted, "\(flavour)")
        }
    }

    @Test("One that is served may serve the next; a wrong type is an error to the one that waits")
    func chains() {
        let node = makeNode()
        let sessions = (0..<3).map { _ in node.open() }
        node.send("BMOVE a b 0", from: sessions[0])
        node.send("BMOVE b c 0", from: sessions[1])
        node.send("BTAKE c 0", from: sessions[2])
        node.send("GIVE a x")
        #expect(node.received(by: sessions[0]) == "$1\r\nx\r\n")
        #expect(node.received(by: sessions[1]) == "$1\r\nx\r\n")
        #expect(node.received(by: sessions[2]) == "*2\r\n$1\r\nc\r\n$1\r\nx\r\n")
        #expect(node.send("DBSIZE") == ":0\r\n")
    }

    @Test("Keys come by other ways too: renamed, moved, copied, with a whole database")
    func otherWays() {
        for line in ["RENAME x a", "COPY x a", "SWAPDB 0 1", "MOVE a 0"] {
            let node = makeNode()
            let waiting = node.open()
            node.send("SET x 1")
            node.send("SELECT 1")
            node.send("SET a 1")
            node.send("SELECT 0", from: waiting)
            node.send("BTAKE a 0", from: waiting)
            if line != "MOVE a 0" { node.send("SELECT 0") }
            node.send(line)
            #expect(node.received(by: waiting) == "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "\(line)")
        }
    }

    @Test("Time that is over is answered by the tick, and the tick is asked for in time")
    func timeouts() {
        let node = makeNode()
        let (first, second) = (node.open(), node.open())
        node.send("BTAKE a 0.25", from: first)
        node.send("BTAKE a 0.02", from: second)
        let due = node.store.nextTick.nanoseconds - node.now.monotonic.nanoseconds
        #expect(due == 20_000_000)
        node.advance(milliseconds: 19)
        node.tick()
        #expect(node.unread == [])
        node.advance(milliseconds: 1)
        node.tick()
        #expect(node.unread == [second])
        #expect(node.received(by: second) == "*-1\r\n")
        node.advance(milliseconds: 230)
        node.tick()
        #expect(node.received(by: first) == "*-1\r\n")
        #expect(node.store.timedSessions == 0)
        node.send("GIVE a 1")
        #expect(node.unread == [])
    }

    @Test("CLIENT UNBLOCK ends waiting in two ways, and not that of a pause")
    func unblock() {
        let node = makeNode()
        let waiting = node.open()
        let id = node.store.sessions[waiting]?.id ?? 0
        node.send("BTAKE a 0", from: waiting)
        #expect(node.send("CLIENT UNBLOCK \(id)") == ":1\r\n")
        #expect(node.received(by: waiting) == "*-1\r\n")
        #expect(node.send("CLIENT UNBLOCK \(id)") == ":0\r\n")
        node.send("WAIT 1 0", from: waiting)
        #expect(node.send("CLIENT UNBLOCK \(id) TIMEOUT") == ":1\r\n")
        #expect(node.received(by: waiting) == ":0\r\n")
        node.send("BTAKE a 0", from: waiting)
        #expect(node.send("CLIENT UNBLOCK \(id) ERROR") == ":1\r\n")
        let error = "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"
        #expect(node.received(by: waiting) == error)
        node.send("CLIENT PAUSE 1000 WRITE")
        node.send("SET a 1", from: waiting)
        #expect(node.send("CLIENT UNBLOCK \(id)") == ":0\r\n")
        node.send("CLIENT UNPAUSE")
        #expect(node.received(by: waiting) == "+OK\r\n")
    }

    @Test("Who waits is seen, and is forgotten when the connection ends")
    func listed() {
        let node = makeNode()
        let waiting = node.open()
        node.send("BTAKE a b 1", from: waiting)
        #expect(node.send("CLIENT LIST").contains("flags=b "))
        #expect(node.send("INFO clients").contains("blocked_clients:1\r\n"))
        #expect(node.send("INFO clients").contains("clients_in_timeout_table:1\r\n"))
        node.close(waiting)
        #expect(node.send("INFO clients").contains("blocked_clients:0\r\n"))
        #expect(node.store.waiters.isEmpty)
        node.send("GIVE a 1")
        #expect(node.unread == [])
    }

    @Test("The words of the time to wait")
    func words() {
        Transcript(
            """
            > BTAKE a x
            -ERR timeout is not a float or out of range
            > BTAKE a -1
            -ERR timeout is negative
            > BTAKE a -0.002
            -ERR timeout is negative
            > BTAKE a 1e300
            -ERR timeout is negative
            > BTAKE a inf
            -ERR timeout is negative
            > BTAKE a nan
            -ERR timeout is not a float or out of range
            """
        ).play(at: makeNode())
        let node = makeNode(.redis72)
        #expect(node.send("BTAKE a 1e300") == "-ERR timeout is out of range\r\n")
        #expect(node.send("BTAKE a 9223372036854774") == "-ERR timeout is out of range\r\n")
    }

    @Test("A pause ends by itself, and what waited for it runs in its order")
    func pause() {
        let node = makeNode()
        let (first, second) = (node.open(), node.open())
        node.send("CLIENT PAUSE 50")
        #expect(node.send("APPEND a 1", from: first) == "")
        #expect(node.send("APPEND a 2", from: second) == "")
        #expect(node.send("INFO clients") == "")
        node.advance(milliseconds: 49)
        node.tick()
        #expect(node.unread == [])
        node.advance(milliseconds: 1)
        node.tick()
        #expect(node.received(by: first) == ":1\r\n")
        #expect(node.received(by: second) == ":2\r\n")
        #expect(node.received(by: 0).contains("blocked_clients:0\r\n"))
    }

    @Test("Nothing expires during a pause")
    func pausedExpiry() {
        let node = makeNode()
        node.send("SET a 1 PX 10")
        node.send("CLIENT PAUSE 1000 WRITE")
        node.advance(milliseconds: 20)
        node.tick()
        #expect(node.send("GET a") == "$-1\r\n")
        #expect(node.send("DBSIZE") == ":1\r\n")
        #expect(node.send("RANDOMKEY") == "$1\r\na\r\n")
        node.send("CLIENT UNPAUSE")
        #expect(node.send("GET a") == "$-1\r\n")
        #expect(node.send("DBSIZE") == ":0\r\n")
    }

    @Test("A reply that is not wanted is not delivered late either")
    func replyModes() {
        let node = makeNode()
        let waiting = node.open()
        node.send("CLIENT REPLY SKIP", from: waiting)
        node.send("BTAKE a 0", from: waiting)
        node.send("GIVE a 1")
        #expect(node.received(by: waiting) == "")
        #expect(node.send("PING", from: waiting) == "+PONG\r\n")
    }
}

@Suite("Watching keys that expire")
struct WatchedExpiryTests {
    @Test("A watched key that expires spoils the transaction, one that had expired does not")
    func expiry() {
        let node = TestNode()
        node.send("SET a 1 PX 10")
        node.send("WATCH a")
        node.advance(milliseconds: 11)
        node.send("MULTI")
        #expect(node.send("EXEC") == "*-1\r\n")
        // It still stands, but is as good as gone.
        node.send("WATCH a")
        node.send("MULTI")
        #expect(node.send("EXEC") == "*0\r\n")
        node.send("WATCH a")
        let other = node.open()
        node.send("GET a", from: other)
        node.send("MULTI")
        #expect(node.send("EXEC") == "*0\r\n")
        node.send("WATCH a")
        node.send("SET a 1", from: other)
        node.send("MULTI")
        #expect(node.send("EXEC") == "*-1\r\n")
    }

    @Test("What a session watches and queues is counted and listed")
    func listed() {
        let node = TestNode(flavour: .valkey80)
        node.send("WATCH a b a")
        #expect(node.send("CLIENT INFO").contains(" watch=2 "))
        #expect(node.send("INFO clients").contains("total_watched_keys:2\r\n"))
        node.send("MULTI")
        node.send("SET a 1")
        let other = node.open()
        let line = node.send("CLIENT LIST", from: other)
        #expect(line.contains("flags=x "))
        #expect(line.contains(" multi=1 "))
        node.send("SET b 1", from: other)
        #expect(node.send("CLIENT LIST", from: other).contains("flags=xd "))
        node.send("DISCARD")
        #expect(node.store.watchers.isEmpty)
    }
}

@Suite("MONITOR")
struct MonitorTests {
    @Test("Each command is shown once, with time, database and sender")
    func shown() {
        let node = TestNode()
        let watching = node.open()
        node.send("MONITOR", from: watching)
        let tcp = node.open(ConnectionOrigin(kind: .tcp, address: "127.0.0.1:5"))
        let unix = node.open(ConnectionOrigin(kind: .unix, address: "/tmp/s:0"))
        node.send("SET \"a\\\"\\\\\" \"\\n\\r\\t\\x01\\xff\\a\"", from: tcp)
        node.send("SELECT 5", from: unix)
        node.send("MULTI", from: unix)
        node.send("GET x", from: unix)
        node.send("EXEC", from: unix)
        node.send("AUTH secret", from: tcp)
        node.send("HELLO 2 AUTH default secret SETNAME me", from: tcp)
        node.send("NOPE", from: tcp)
        node.send("CONFIG GET port", from: tcp)
        let time = "+1750000000.000000 "
        let lines = [
            #"[0 127.0.0.1:5] "SET" "a\"\\" "\n\r\t\x01\xff\a""#,
            #"[5 unix:/tmp/s] "SELECT" "5""#, #"[5 unix:/tmp/s] "MULTI""#,
            #"[5 unix:/tmp/s] "GET" "x""#, #"[5 unix:/tmp/s] "EXEC""#,
            #"[0 127.0.0.1:5] "AUTH" "(redacted)""#,
            #"[0 127.0.0.1:5] "HELLO" "2" "AUTH" "(redacted)" "(redacted)" "SETNAME" "me""#,
        ]
        let wanted = lines.map { time + $0 + "\r\n" }.joined()
        #expect(node.received(by: watching) == wanted)
        // Its own commands come behind their replies.
        let own = node.send("PING", from: watching)
        #expect(own == "+PONG\r\n" + time + "[0 embedded:0] \"PING\"\r\n")
        node.send("RESET", from: watching)
        node.send("PING", from: tcp)
        #expect(node.unread == [])
    }
}
