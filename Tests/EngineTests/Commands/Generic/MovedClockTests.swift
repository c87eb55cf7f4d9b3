import Structures
import Testing

@testable import Engine

@Suite("Keys on a moved clock")
struct MovedClockTests {
    @Test("A key goes in the millisecond after its time, and counts as expired")
    func lazily() {
        let node = TestNode()
        node.send("SET a 1 PX 1500")
        #expect(node.send("TTL a") == ":2\r\n")
        node.advance(milliseconds: 1001)
        #expect(node.send("TTL a") == ":0\r\n")
        #expect(node.send("PTTL a") == ":499\r\n")
        node.advance(milliseconds: 499)
        #expect(node.send("PTTL a") == ":0\r\n")
        #expect(node.send("EXISTS a") == ":1\r\n")
        node.advance(milliseconds: 1)
        #expect(node.send("DBSIZE") == ":1\r\n")
        #expect(node.send("EXISTS a") == ":0\r\n")
        #expect(node.send("DBSIZE") == ":0\r\n")
        #expect(node.store.statistics.expired == 1)
        let dirty = node.store.dirty
        #expect(dirty == 1)
    }

    @Test("Every command that finds an expired key finds none")
    func nothingFound() {
        for line in [
            "DEL a", "UNLINK a", "EXISTS a", "TOUCH a", "COPY a b", "MOVE a 1", "PERSIST a",
            "EXPIRE a 9", "PEXPIRE a 9", "EXPIREAT a 4102444800", "PEXPIREAT a 4102444800000",
        ] {
            let node = TestNode()
            node.send("SET a 1 PX 10")
            node.advance(milliseconds: 11)
            #expect(node.send(line) == ":0\r\n", "\(line)")
            #expect(node.store.statistics.expired == 1, "\(line)")
        }
        for line in ["TTL a", "PTTL a", "EXPIRETIME a", "PEXPIRETIME a"] {
            let node = TestNode()
            node.send("SET a 1 PX 10")
            node.advance(milliseconds: 11)
            #expect(node.send(line) == ":-2\r\n", "\(line)")
        }
    }

    @Test("An expired target is no obstacle")
    func expiredTarget() {
        for line in ["RENAMENX a b", "COPY a b", "COPY a b DB 1", "MOVE a 1"] {
            let node = TestNode()
            node.send("SET b 2 PX 10")
            node.send("SET a 1 EX 100")
            node.send("SELECT 1")
            node.send("SET a 3 PX 10")
            node.send("SET b 3 PX 10")
            node.send("SELECT 0")
            node.advance(milliseconds: 11)
            #expect(node.send(line) == ":1\r\n", "\(line)")
            if line.hasSuffix("1") { node.send("SELECT 1") }
            let key = line.hasPrefix("MOVE") ? "a" : "b"
            #expect(node.send("GET \(key)") == "$1\r\n1\r\n", "\(line)")
            #expect(node.send("PTTL \(key)") == ":99989\r\n", "\(line)")
        }
    }

    @Test("Names, copies and moves keep the time to live, also among many keys")
    func keepTimes() {
        let node = TestNode()
        for number in 0..<500 { node.send("SET key:\(number) \(number) PX \(1000 + number)") }
        for number in 0..<500 {
            switch number % 3 {
            case 0: node.send("RENAME key:\(number) new:\(number)")
            case 1: node.send("COPY key:\(number) key:\(number) DB 1")
            default: node.send("MOVE key:\(number) 1")
            }
        }
        node.send("SELECT 1")
        node.send("SWAPDB 0 1")
        node.send("SWAPDB 1 2")
        node.send("SELECT 0")
        for number in 0..<500 {
            let expected = ":\(1000 + number)\r\n"
            let key = number % 3 == 0 ? "new:\(number)" : "key:\(number)"
            if number % 3 < 2 {
                node.send("SELECT 2")
                #expect(node.send("PTTL \(key)") == expected)
            }
            if number % 3 > 0 {
                node.send("SELECT 0")
                #expect(node.send("PTTL \(key)") == expected)
            }
        }
        check(node)
    }

    /// The ledger against the entries themselves.
    private func check(_ node: TestNode) {
        var total = 0
        for database in 0..<16 {
            node.store.keyspaces[database].table.checkInvariants()
            node.store.keyspaces[database].table.forEach { total += $0.totalFootprint }
        }
        let entries = node.store.ledger.entries
        #expect(entries == total)
    }

    @Test("Walks and chance return no expired key")
    func walks() {
        let node = TestNode()
        for number in 0..<300 { node.send("SET gone:\(number) 1 PX 10") }
        node.send("SET here 1")
        node.advance(milliseconds: 11)
        #expect(node.send("KEYS *") == "*1\r\n$4\r\nhere\r\n")
        #expect(node.send("DBSIZE") == ":301\r\n")
        #expect(node.send("SCAN 0 COUNT 1000") == "*2\r\n$1\r\n0\r\n*1\r\n$4\r\nhere\r\n")
        #expect(node.send("DBSIZE") == ":1\r\n")
        #expect(node.send("RANDOMKEY") == "$4\r\nhere\r\n")
        for number in 0..<300 { node.send("SET gone:\(number) 1 PX 10") }
        node.advance(milliseconds: 11)
        #expect(node.send("RANDOMKEY") == "$4\r\nhere\r\n")
        node.send("FLUSHALL")
        for number in 0..<300 { node.send("SET gone:\(number) 1 PX 10") }
        node.advance(milliseconds: 11)
        #expect(node.send("RANDOMKEY") == "$-1\r\n")
        #expect(node.send("DBSIZE") == ":0\r\n")
    }

    @Test("SCAN stops after COUNT elements or ten times as many buckets")
    func scanCount() {
        let node = TestNode()
        for number in 0..<2000 { node.send("SET key:\(number) 1") }
        for count in [1, 10, 100] {
            var cursor = "0"
            var seen: Set<String> = []
            var calls = 0
            repeat {
                let lines = node.lines("SCAN \(cursor) COUNT \(count)")
                cursor = lines[2]
                let keys = lines[4...].filter { $0.hasPrefix("key:") }
                // The last bucket visited may be a long one.
                #expect(keys.count < count + 40)
                seen.formUnion(keys)
                calls += 1
            } while cursor != "0" && calls < 3000
            #expect(seen.count == 2000)
        }
        for number in 1..<2000 { node.send("DEL key:\(number)") }
        // A bucket of a table that is being made small stands for many of the large one.
        while node.store.keyspaces[0].table.isResizing { node.tick() }
        let before = node.store.keyspaces[0].table.steps
        node.send("SCAN 0 COUNT 1")
        #expect(node.store.keyspaces[0].table.steps - before <= 11 * 5)
    }

    @Test("Idle times, and what renews them")
    func idleTimes() {
        let node = TestNode()
        node.send("SET a hello")
        node.advance(milliseconds: 5000)
        #expect(node.send("OBJECT IDLETIME a") == ":5\r\n")
        for line in ["EXISTS a", "TYPE a", "TTL a", "OBJECT ENCODING a", "SCAN 0", "KEYS *"] {
            node.send(line)
            #expect(node.send("OBJECT IDLETIME a") == ":5\r\n", "\(line)")
        }
        #expect(node.send("TOUCH a") == ":1\r\n")
        #expect(node.send("OBJECT IDLETIME a") == ":0\r\n")
        node.advance(milliseconds: 3000)
        node.send("RENAME a b")
        #expect(node.send("OBJECT IDLETIME b") == ":0\r\n")
        #expect(
            node.send("OBJECT FREQ b").hasPrefix("-ERR An LFU maxmemory policy is not selected"))
    }

    @Test("Access frequencies under an LFU policy")
    func frequencies() {
        let node = TestNode()
        node.store.accessClock.countsFrequency = true
        node.send("SET a hello")
        #expect(node.send("OBJECT FREQ a") == ":5\r\n")
        for _ in 0..<200 { node.send("TOUCH a") }
        let hot = Int(node.lines("OBJECT FREQ a")[0].dropFirst()) ?? 0
        #expect(hot > 5 && hot < 60)
        node.advance(milliseconds: 3 * 60_000)
        #expect(node.send("OBJECT FREQ a") == ":\(hot - 3)\r\n")
        node.send("COPY a b")
        #expect(node.send("OBJECT FREQ b") == ":5\r\n")
        #expect(
            node.send("OBJECT IDLETIME a").hasPrefix("-ERR An LFU maxmemory policy is selected"))
        #expect(node.send("OBJECT IDLETIME nope") == "$-1\r\n")
    }

    @Test("Hits and misses are those that the field counts")
    func hits() {
        let node = TestNode()
        node.send("SET a 1")
        for line in ["DEL nope", "EXPIRE nope 1", "RENAME nope x", "KEYS *", "SCAN 0", "RANDOMKEY"]
        {
            node.send(line)
        }
        #expect(node.store.statistics.hits == 0 && node.store.statistics.misses == 0)
        for line in [
            "EXISTS a nope", "TYPE a", "TYPE nope", "TTL a", "TTL nope", "TOUCH a nope",
            "OBJECT ENCODING a", "OBJECT ENCODING nope", "COPY a b", "COPY nope b",
        ] {
            node.send(line)
        }
        let (hits, misses) = (node.store.statistics.hits, node.store.statistics.misses)
        #expect(hits == 6)
        #expect(misses == 6)
    }
}
