import Testing

@testable import Engine

@Suite("MEMORY")
struct MemoryCommandTests {
    @Test("Refusals, as redis-server has them")
    func refusals() {
        Transcript(
            """
            > MEMORY USAGE nobody
            $-1
            > MEMORY USAGE nobody SAMPLES 3
            $-1
            > MEMORY USAGE nobody foo 3
            -ERR syntax error
            > MEMORY USAGE nobody SAMPLES
            -ERR syntax error
            > MEMORY USAGE nobody SAMPLES x
            -ERR value is not an integer or out of range
            > MEMORY USAGE nobody SAMPLES -1
            -ERR syntax error
            > MEMORY USAGE
            -ERR wrong number of arguments for 'memory|usage' command
            > MEMORY NONSENSE
            -ERR unknown subcommand 'NONSENSE'. Try MEMORY HELP.
            """
        ).play(at: TestNode())
    }

    @Test("What a key takes is what the ledger counts for it, and its place in the table")
    func usage() {
        let node = TestNode()
        let lines = [
            "SET short 1", "SET text hello", "APPEND long \(String(repeating: "x", count: 5000))",
            "HSET small a 1 b 2", "HSET large a \(String(repeating: "y", count: 300))",
        ]
        for line in lines {
            let before = node.store.ledger.entries
            node.send(line)
            let grown = node.store.ledger.entries - before
            let key = line.split(separator: " ")[1]
            #expect(grown > 0)
            #expect(node.send("MEMORY USAGE \(key)") == ":\(grown + 12)\r\n")
            #expect(node.send("MEMORY USAGE \(key) SAMPLES 0") == ":\(grown + 12)\r\n")
        }
    }

    @Test("MEMORY STATS has the lines of redis-server 7.0.15, in their order")
    func stats() {
        let node = TestNode()
        node.send("SET a 1")
        let names = """
            peak.allocated total.allocated startup.allocated replication.backlog clients.slaves \
            clients.normal cluster.links aof.buffer lua.caches functions.caches db.0 \
            overhead.total keys.count keys.bytes-per-key dataset.bytes dataset.percentage \
            peak.percentage allocator.allocated allocator.active allocator.resident \
            allocator-fragmentation.ratio allocator-fragmentation.bytes allocator-rss.ratio \
            allocator-rss.bytes rss-overhead.ratio rss-overhead.bytes fragmentation \
            fragmentation.bytes
            """
        #expect(node.store.memoryLines.map(\.name).joined(separator: " ") == names)
        let lines = node.lines("MEMORY STATS")
        #expect(lines[0] == "*56")
        let place = lines.firstIndex(of: "db.0") ?? 0
        #expect(lines[place + 1] == "*6")
        #expect(lines[place + 3] == "overhead.hashtable.main")
        let total = lines.firstIndex(of: "total.allocated") ?? 0
        #expect(lines[total + 1] == ":\(node.store.usedMemory)")
        node.send("HELLO 3")
        let third = node.lines("MEMORY STATS")
        #expect(third[0] == "%28")
        #expect(third.contains { $0.hasPrefix(",") })
    }

    @Test("The parts that MEMORY STATS tells are the whole")
    func parts() {
        let node = TestNode()
        for number in 0..<200 { node.send("RPUSH list:\(number) a b c") }
        node.send("SETRANGE long 100000 x")
        let ledger = node.store.ledger
        let types = ValueType.allCases.reduce(0) { $0 + ledger.entries(of: $1) }
        #expect(types == ledger.entries)
        #expect(ledger.entries(of: .string) > 100_000)
        #expect(ledger.entries(of: .list) > 200 * 30)
        #expect(ledger.entries + ledger.tables + ledger.sessions == node.store.usedMemory)
        #expect(node.send("INFO memory").contains("used_memory:\(node.store.usedMemory)\r\n"))
    }

    @Test("LARDER MEMORY tells the ledger by type and by database")
    func figures() {
        let node = TestNode()
        node.send("RPUSH list a b c")
        node.send("SELECT 3")
        node.send("SET text hello")
        let ledger = node.store.ledger
        let lines = node.lines("LARDER MEMORY")
        #expect(lines[0] == "*14")
        func value(_ name: String) -> String {
            lines.firstIndex(of: name).map { lines[$0 + 1] } ?? ""
        }
        #expect(value("total") == ":\(node.store.usedMemory)")
        #expect(value("list") == ":\(ledger.entries(of: .list))")
        #expect(value("string") == ":\(ledger.entries(of: .string))")
        #expect(value("0") == value("list"))
        #expect(value("3") == value("string"))
        #expect(value("tables") == ":\(ledger.tables)")
        #expect(value("connections") == ":\(ledger.sessions)")
    }

    @Test("MEMORY DOCTOR says what is odd, and what to do")
    func doctor() {
        let node = TestNode()
        #expect(node.send("MEMORY DOCTOR").contains("too little"))
        node.send("SETRANGE long 9000000 x")
        #expect(node.send("MEMORY DOCTOR").contains("Nothing is odd"))
        node.send("CONFIG SET maxmemory 1mb")
        #expect(node.send("MEMORY DOCTOR").contains("writes are refused"))
        node.send("CONFIG SET maxmemory 20mb maxmemory-policy volatile-lru")
        #expect(node.send("MEMORY DOCTOR").contains("Give more keys an expiry"))
        #expect(node.send("MEMORY MALLOC-STATS").contains("libc"))
        #expect(node.send("MEMORY PURGE") == "+OK\r\n")
    }
}
