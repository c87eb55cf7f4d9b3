import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

@Suite("Why keys are not there")
struct DeparturesTests {
    private func node(_ capacity: Int = 1000, policy: EvictionPolicy = .none) -> TestNode {
        TestNode {
            $0.departures = capacity
            $0.evictionPolicy = policy
        }
    }

    private func last(_ key: String, _ node: TestNode, database: Int = 0) -> Departure? {
        let bytes = Array(key.utf8)
        let hash = node.store.keyspaces[database].table.hash(of: bytes.rawSpan)
        return node.store.departures.last(of: bytes.rawSpan, hash: hash, database: database)?
            .departure
    }

    private func command(_ departure: Departure?, _ node: TestNode) -> String? {
        departure?.command.map { node.store.commands.entries[$0].spec.typedName }
    }

    @Test("Each way out is told from the others, with the command and what the key was")
    func reasons() throws {
        let node = node()
        let lines: [(setup: [String], command: String, key: String, Departure.Reason)] = [
            (["SET a hello"], "DEL a", "a", .deleted),
            (["SET b hello"], "UNLINK b", "b", .deleted),
            (["SET c hello"], "GETDEL c", "c", .deleted),
            (["SET d hello"], "EXPIRE d -1", "d", .deleted),
            (["RPUSH e 1"], "LPOP e", "e", .emptied),
            (["SADD f 1"], "SREM f 1", "f", .emptied),
            (["HSET g f 1"], "HDEL g f", "g", .emptied),
            (["ZADD h 1 m"], "ZREM h m", "h", .emptied),
            (["SET i hello"], "RENAME i other", "i", .renamed),
            (["SET j hello"], "MOVE j 3", "j", .moved),
            (["SET k hello", "SET l world"], "RENAME k l", "l", .deleted),
            (["SET n hello PX 5"], "GET n", "n", .expired),
        ]
        for (setup, line, key, reason) in lines {
            for command in setup { node.send(command) }
            node.advance(milliseconds: 2000)
            node.send(line)
            let departure = try #require(last(key, node), "\(line)")
            #expect(departure.reason == reason, "\(line)")
            #expect(departure.time == node.now.wall, "\(line)")
            // A command that looks at the value first has used it.
            let isUnused = ["a", "b", "n"].contains(key)
            #expect(departure.idleSeconds == (isUnused ? 2 : 0), "\(line)")
            #expect(departure.frequency == nil, "\(line)")
            #expect(departure.client == 1, "\(line)")
            #expect(departure.size > 20, "\(line)")
            let name = String(line.prefix { $0 != " " })
            #expect(command(departure, node) == name, "\(line)")
        }
        #expect(last("e", node)?.type == .list && last("g", node)?.type == .hash)
        let recent = node.store.departures.recent(.max)
        #expect(recent.count == lines.count + 1 && recent[0].key == "n")
        #expect(recent.first { $0.key == "i" }?.target == "other")
        #expect(recent.first { $0.key == "j" }?.target == "3")
        #expect(recent.first { $0.key == "n" }?.departure.expiry != nil)
    }

    @Test("Keys that expire unseen were nobody's command, and inside EXEC it is the queued one")
    func commands() {
        let node = node()
        node.send("SET a hello PX 10")
        node.advance(milliseconds: 200)
        node.tick()
        #expect(last("a", node)?.reason == .expired)
        #expect(last("a", node)?.command == nil && last("a", node)?.client == 0)
        for line in ["SET b 1", "MULTI", "PING", "DEL b", "PING", "EXEC"] { node.send(line) }
        #expect(command(last("b", node), node) == "DEL")
        node.send("SET c 1")
        node.send("DEL c")
        #expect(command(last("c", node), node) == "DEL")
    }

    @Test("A key that made room is noted with the policy, and the command that needed the room")
    func evictions() throws {
        let node = TestNode {
            $0.departures = 1000
            $0.evictionPolicy = .allLRU
        }
        node.send("SET first v")
        node.send("CONFIG SET maxmemory \(node.store.usedMemory + 30_000)")
        for number in 0..<400 {
            node.advance(milliseconds: 1000)
            node.send("SET k\(number) \(String(repeating: "v", count: 100))")
        }
        let recent = node.store.departures.recent(.max)
        let evicted = try #require(recent.first)
        #expect(evicted.departure.reason == .evicted && evicted.departure.policy == .allLRU)
        #expect(command(evicted.departure, node) == "SET")
        #expect((evicted.departure.idleSeconds ?? 0) > 10)
        #expect(node.store.departures.total == UInt64(node.store.statistics.evicted))
        let answer = node.send("LARDER WHY \(evicted.key.text)")
        #expect(answer.contains("evicted") && answer.contains("allkeys-lru"))
    }

    @Test("Whole databases leave one note")
    func wholeDatabases() {
        let node = node()
        for number in 0..<10 { node.send("SET k\(number) v") }
        node.send("FLUSHALL")
        #expect(node.store.departures.recent(.max).count == 1)
        let flushed = node.store.departures.lastOfWhole(database: 0)?.departure
        #expect(flushed?.reason == .flushed && flushed?.size == 10)
        #expect(node.store.departures.lastOfWhole(database: 1) == nil)
        node.send("SET a 1")
        node.send("SWAPDB 0 1")
        let swapped = node.store.departures.lastOfWhole(database: 0)
        #expect(swapped?.departure.reason == .swapped && swapped?.target == "1")
        #expect(node.store.departures.lastOfWhole(database: 1)?.target == "0")
    }

    @Test("Under a policy that counts uses the counter is noted")
    func frequency() {
        let node = node(policy: .allLFU)
        node.send("SET a 1")
        node.send("DEL a")
        #expect(last("a", node)?.frequency == 5 && last("a", node)?.idleSeconds == nil)
    }

    @Test("What is forgotten is known to be forgotten")
    func bounds() {
        let capacity = 64
        let node = node(capacity)
        let count = 500
        for number in 0..<count {
            node.send("SET k\(number) v")
            node.advance(milliseconds: 10)
            node.send("DEL k\(number)")
        }
        let departures = node.store.departures
        #expect(departures.total == UInt64(count))
        let remembered = (0..<count).filter { last("k\($0)", node) != nil }
        #expect(remembered.count <= capacity && remembered.count > capacity / 2)
        // Nothing that left after the mark is missing, and the mark is not simply the end.
        let start = TestNode.start.wall.milliseconds
        let mark = departures.completeSince.milliseconds
        for number in 0..<count where start + Int64(number + 1) * 10 > mark {
            #expect(last("k\(number)", node) != nil, "k\(number)")
        }
        #expect(mark < node.now.wall.milliseconds)
        #expect(departures.recent(.max).count == Departures.recentLimit)
        #expect(departures.recent(3).map(\.key) == ["k499", "k498", "k497"])
        #expect(departures.footprint < 64 * 80 + Departures.recentLimit * 120)
    }

    @Test("Nothing is noted unless that is asked for, and switching begins anew")
    func switching() {
        let node = TestNode()
        node.send("SET a 1")
        node.send("DEL a")
        #expect(node.store.departures.total == 0 && node.store.departures.footprint == 0)
        #expect(node.send("LARDER WHY a").contains("unrecorded"))
        node.send("CONFIG SET larder-departures 100")
        #expect(node.send("LARDER WHY a").contains("unseen"))
        node.send("SET a 1")
        #expect(node.send("LARDER WHY a").contains("present"))
        node.send("DEL a")
        #expect(node.send("LARDER WHY a").contains("left"))
        node.send("CONFIG SET maxclients 100")
        #expect(node.store.departures.total == 1)
        node.send("CONFIG SET larder-departures 0")
        #expect(node.store.departures.total == 0)
    }

    @Test("Long names are kept cut, and the key is still found")
    func longNames() {
        let node = node()
        let key = String(repeating: "k", count: 1000)
        node.send("SET \(key) 1")
        node.send("DEL \(key)")
        #expect(last(key, node)?.reason == .deleted)
        #expect(node.store.departures.recent(1)[0].key.count == NamedDeparture.keyLimit)
    }
}
