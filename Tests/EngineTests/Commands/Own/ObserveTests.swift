import Bytes
import Engine
import Grammar
import Testing
import Wire

@Suite("A node observed")
struct ObserveTests {
    private func busyNode() -> TestNode {
        let node = TestNode {
            $0.departures = 100
            $0.watchesHotKeys = true
            $0.watchesBigKeys = true
            $0.maximumMemory = 1 << 30
        }
        let listener = node.open()
        node.send("SUBSCRIBE news", from: listener)
        node.send("PSUBSCRIBE n*", from: listener)
        for line in [
            "CLIENT SETNAME me", "CONFIG SET slowlog-log-slower-than 0", "SET a hello EX 100",
            "RPUSH l 1 2 3", "GET a", "GET a", "GET nobody", "SET gone 1", "PUBLISH news one",
            "PUBLISH news two", "INCR l",
        ] { node.send(line) }
        node.advance(milliseconds: 2000)
        node.send("DEL gone")
        node.tick()
        return node
    }

    @Test("What is told is what INFO and its companions tell")
    func figures() throws {
        let node = busyNode()
        let told = node.store.observe()
        #expect(told.time == node.now.wall.milliseconds && told.uptime == 2)
        #expect(told.flavour == "redis-7.0")
        #expect(told.databases.count == 1)
        #expect(told.databases[0].keys == 2 && told.databases[0].expires == 1)
        #expect(told.memory.used == node.store.usedMemory)
        #expect(told.memory.maximum == 1 << 30)
        #expect(told.memory.types.map(\.type) == ["string", "list"])
        #expect(told.memory.types.reduce(0) { $0 + $1.bytes } == told.memory.entries)
        #expect(told.databases[0].bytes > told.memory.entries)
        #expect(
            told.memory.used == told.memory.entries + told.memory.tables + told.memory.sessions)
        #expect(told.total.hits == node.store.statistics.hits)
        #expect(told.total.misses == 1 && told.total.errors == 1)
        #expect(told.commands[0].name == "get" && told.commands[0].calls == 3)
        #expect(told.commands.first { $0.name == "incr" }?.failed == 1)
        #expect(told.clients.count == 2 && told.clients.subscribers == 1)
        #expect(told.clients.rows.map(\.id) == [1, 2])
        #expect(told.clients.rows[0].name == "me" && told.clients.rows[0].command == "del")
        #expect(told.clients.rows[1].subscriptions == 2)
        #expect(told.departed == 1 && told.departures.count == 1)
        #expect(told.departures[0].key == "gone" && told.departures[0].reason == "deleted")
        #expect(told.departures[0].command == "DEL" && told.departures[0].idle == 2)
        #expect(told.hotKeys.first?.key == "a" && told.hotKeys.first?.type == "string")
        #expect(told.hotKeys.first.map { $0.share > 0.3 } == true)
        #expect(Set(told.bigKeys.map(\.key)) == ["a", "l"])
        #expect(told.bigKeys.first { $0.key == "l" }?.count == 3)
        #expect(told.channels.map(\.name) == ["news"] && told.channels[0].messages == 2)
        #expect(told.channelCount == 1 && told.patternCount == 1)
        #expect(told.slow.first?.words == "DEL gone")
        #expect(told.settings.first { $0.name == "maxmemory" }?.value == "1073741824")
        #expect(node.store.observe(database: 5).hotKeys.isEmpty)
        #expect(node.store.observe(database: 99).bigKeys.isEmpty)
    }

    @Test("Over the wire it is the same, in RESP2 and RESP3", arguments: ["2", "3"])
    func roundTrip(version: String) throws {
        let node = busyNode()
        node.send("HELLO \(version)")
        var parser = ReplyParser()
        let reply = node.send("LARDER OBSERVE PERCENTILES")
        parser.feed(reply.unicodeScalars.map { UInt8($0.value) })
        let value = try #require(try parser.next())
        var read = try #require(Observation(value))
        // The command itself is counted behind its reply.
        var told = node.store.observe(.percentiles)
        #expect(told.commands.contains { $0.name == "larder|observe" })
        told.commands.removeAll { $0.name == "larder|observe" }
        told.slow.removeAll { $0.words.text.hasPrefix("LARDER") }
        told.total.commands -= 1
        told.now.commands -= 1
        told.minute.commands -= 1
        read.memory = told.memory
        read.clients = told.clients
        #expect(read == told)
        #expect(Observation(.error("ERR unknown command 'LARDER'")) == nil)
        #expect(Observation(.array([])) == nil)
        #expect(node.send("LARDER OBSERVE x") == "-ERR syntax error\r\n")
    }

    @Test("A reader takes what it knows and leaves the rest")
    func otherVersions() throws {
        let reply = RESPValue.map([
            .init(.bulk("instant"), .integer(5)), .init(.bulk("new-thing"), .bulk("x")),
            .init(
                .bulk("memory"), .map([.init(.bulk("used"), .integer(7))])),
        ])
        let read = try #require(Observation(reply))
        #expect(read.instant == 5 && read.memory.used == 7 && read.memory.peak == 0)
        // In any order, and of what is told twice the later.
        let other = RESPValue.map([
            .init(.bulk("uptime"), .integer(1)), .init(.bulk("time"), .integer(2)),
            .init(.integer(9), .integer(9)), .init(.bulk("pattern-count"), .integer(3)),
            .init(.bulk("instant"), .integer(4)), .init(.bulk("uptime"), .integer(6)),
        ])
        let turned = try #require(Observation(other))
        #expect(turned.time == 2 && turned.instant == 4 && turned.patternCount == 3)
        #expect(turned.uptime == 6)
    }

    @Test("However much there is, every list is bounded")
    func bounds() {
        let node = TestNode {
            $0.departures = 1000
            $0.watchesHotKeys = true
            $0.watchesBigKeys = true
        }
        for number in 0..<300 {
            let session = node.open()
            node.send("SUBSCRIBE channel-\(number)", from: session)
            node.send("SET key-\(number) value")
            node.send("SET other-\(number) value")
            node.send("DEL other-\(number)")
            node.send("GET key-\(number)")
        }
        // Places that deleted keys have left are filled by a walk.
        for _ in 0..<5 { node.tick() }
        let told = node.store.observe()
        for count in [
            told.clients.rows.count, told.channels.count, told.departures.count,
            told.hotKeys.count, told.bigKeys.count,
        ] { #expect(count == Observation.rowLimit) }
        #expect(told.clients.count == 301 && told.channelCount == 300)
        #expect(told.databases[0].keys == 300)
    }
}
