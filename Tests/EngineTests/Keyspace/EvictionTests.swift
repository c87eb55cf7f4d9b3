import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

@Suite("Memory under its bound")
struct EvictionTests {
    /// A node whose bound leaves `room` bytes for keys.
    private func node(
        _ policy: EvictionPolicy, room: Int, seed: UInt64 = 1
    ) -> TestNode {
        let node = TestNode(seed: seed) { $0.evictionPolicy = policy }
        node.send("CONFIG SET maxmemory \(node.store.usedMemory + room)")
        return node
    }

    private func expectTrueLedger(_ node: TestNode, _ note: String) -> Bool {
        var isTrue = node.store.recomputedLedger() == node.store.ledger
        for database in 0..<node.store.keyspaces.count {
            let sum = node.store.recomputedEntries(database: database)
            if node.store.keyspaces[database].entryBytes != sum { isTrue = false }
        }
        #expect(isTrue, "\(note)")
        return isTrue
    }

    private func needsMemory(_ line: String, _ node: TestNode) -> Bool {
        let name = String(line.prefix { $0 != " " })
        guard let number = node.store.commands.find(ByteString(name).rawSpan) else { return false }
        return node.store.commands.entries[number].flags.contains(.denyOOM)
    }

    @Test(
        "After each command memory is under its bound, and the ledger is the sum over all there is",
        arguments: EvictionPolicy.allCases, [1] as [UInt64])
    func bound(policy: EvictionPolicy, seed: UInt64) {
        let node = node(policy, room: 25_000, seed: seed)
        _ = node.open()
        _ = node.open()
        var workload = MemoryWorkload(seed: seed, keys: 25)
        let bound = node.store.memoryBound
        for step in 0..<700 {
            let before = node.store.usedMemory
            guard let (session, line) = workload.next() else {
                node.advance(milliseconds: 400)
                node.tick()
                guard expectTrueLedger(node, "\(policy) seed \(seed) step \(step) tick") else {
                    return
                }
                continue
            }
            if node.store.isWaiting(session: session) { continue }
            let reply = node.send(line, from: session)
            let note =
                "\(policy) seed \(seed) step \(step): \(line.prefix(60)) -> \(reply.prefix(60))"
            guard expectTrueLedger(node, note) else { return }
            let used = node.store.usedMemory
            guard used > bound else { continue }
            // Only while there is nothing to evict, and then nothing comes that needs memory.
            if policy != .none, node.store.isEvictionDue {
                Issue.record("\(note) leaves \(used) of \(bound)")
                return
            }
            let isRefused = reply.hasPrefix("-OOM") || reply.hasPrefix("-EXECABORT")
            if needsMemory(line, node), before > bound, !isRefused {
                Issue.record("\(note) with \(before) and \(used) of \(bound)")
                return
            }
        }
        if policy != .none {
            #expect(node.store.statistics.evicted > 10, "\(policy) seed \(seed)")
        }
    }

    @Test("A bound that is lowered is paid in shares, by commands and by ticks")
    func debt() {
        let node = TestNode { $0.evictionPolicy = .allLRU }
        for number in 0..<3000 { node.send("SET key:\(number) \(number)xxxxxxxx") }
        node.send("CONFIG SET maxmemory-eviction-tenacity 0")
        node.send("CONFIG SET maxmemory \(node.store.usedMemory / 2)")
        let debt = node.store.usedMemory - node.store.memoryBound
        #expect(debt > 50_000)
        let evicted = node.store.statistics.evicted
        node.send("SET one 1")
        #expect(node.store.statistics.evicted <= evicted + 40)
        #expect(node.store.usedMemory > node.store.memoryBound)
        #expect(node.store.tickInterval == 2)
        var ticks = 0
        while node.store.usedMemory > node.store.memoryBound, ticks < 1000 {
            node.advance(milliseconds: 2)
            node.tick()
            ticks += 1
        }
        #expect(ticks > 10 && ticks < 1000)
        #expect(node.store.tickInterval == 100)
        #expect(node.store.statistics.exceededNanoseconds > 10_000_000)
        node.send("CONFIG SET maxmemory-eviction-tenacity 100")
        node.send("CONFIG SET maxmemory \(node.store.usedMemory / 2)")
        node.send("GET one")
        #expect(node.store.usedMemory <= node.store.memoryBound)
    }

    @Test("Each policy takes the keys that it should", arguments: EvictionPolicy.allCases)
    func choice(policy: EvictionPolicy) {
        let node = TestNode(seed: 7) { $0.evictionPolicy = policy }
        // Keys 0 to 99 have no expiry; 100 to 199 have one, the first the earliest.
        for number in 0..<200 {
            let suffix = number < 100 ? "" : " EX \(1000 + number * 10)"
            node.send("SET key:\(number) \(String(repeating: "x", count: 100))\(suffix)")
            node.advance(milliseconds: 1000)
        }
        // The even ones are used again, often.
        for _ in 0..<20 {
            for number in stride(from: 0, to: 200, by: 2) { node.send("GET key:\(number)") }
        }
        node.send("CONFIG SET maxmemory-eviction-tenacity 100")
        node.send("CONFIG SET maxmemory-samples 20")
        node.send("CONFIG SET maxmemory \(node.store.usedMemory - 40 * 130)")
        node.send("PING")
        let gone = (0..<200).filter { node.send("EXISTS key:\($0)") == ":0\r\n" }
        if policy == .none { return #expect(gone.isEmpty) }
        #expect(gone.count > 25 && gone.count < 60, "\(gone.count)")
        if policy.isVolatile { #expect(gone.allSatisfy { $0 >= 100 }) }
        let odd = gone.filter { $0 % 2 == 1 }.count
        switch policy {
        case .allLRU, .volatileLRU, .allLFU, .volatileLFU: #expect(odd == gone.count, "\(gone)")
        case .volatileTTL: #expect(gone.reduce(0, +) / gone.count < 130, "\(gone)")
        case .allRandom:
            #expect(gone.contains { $0 < 100 } && gone.contains { $0 >= 100 })
            #expect(odd < gone.count && odd > 0)
        case .volatileRandom, .none: #expect(odd < gone.count && odd > 0)
        }
    }

    @Test("Who watches, listens and waits is told")
    func told() {
        let node = node(.allLRU, room: 20_000)
        node.send("CONFIG SET notify-keyspace-events Ee")
        let listener = node.open()
        node.send("SUBSCRIBE __keyevent@0__:evicted", from: listener)
        node.send("CONFIG SET maxmemory 0")
        node.send("SET watched 1")
        node.send("WATCH watched")
        node.send("CONFIG SET maxmemory 1")
        node.send("PING")
        #expect(node.send("EXISTS watched") == ":0\r\n")
        #expect(node.received(by: listener).contains("$7\r\nwatched\r\n"))
        node.send("CONFIG SET maxmemory 0")
        node.send("MULTI")
        node.send("SET other 1")
        #expect(node.send("EXEC") == "*-1\r\n")
        #expect(node.store.statistics.evicted == 1)
    }

    @Test("Keys that have expired go first, as expired ones")
    func expired() {
        let node = TestNode { $0.evictionPolicy = .allLRU }
        node.send("DEBUG SET-ACTIVE-EXPIRE 0")
        let empty = node.store.usedMemory
        for number in 0..<50 { node.send("SET old:\(number) 1 PX 10") }
        let cost = (node.store.usedMemory - empty) / 50 + 1
        node.advance(milliseconds: 1000)
        for number in 0..<50 { node.send("SET new:\(number) 1") }
        node.send("CONFIG SET maxmemory-samples 100 maxmemory-eviction-tenacity 100")
        let bound = node.store.usedMemory - 1000
        node.send("CONFIG SET maxmemory \(bound)")
        node.send("PING")
        #expect(node.store.usedMemory <= bound)
        #expect(node.store.statistics.evicted == 0)
        // How many it takes depends on how the allocator rounds, but not fewer than this.
        #expect(node.store.statistics.expired >= 1000 / cost)
        for number in 0..<50 { #expect(node.send("EXISTS new:\(number)") == ":1\r\n") }
    }

    @Test("A pause keeps everything")
    func paused() {
        let node = node(.allLRU, room: 20_000)
        node.send("CONFIG SET maxmemory 0")
        node.send("SET a 1")
        node.send("CLIENT PAUSE 1000 WRITE")
        node.send("CONFIG SET maxmemory 1")
        #expect(node.send("GET a") == "$1\r\n1\r\n")
        node.tick()
        #expect(node.store.statistics.evicted == 0)
        node.advance(milliseconds: 1001)
        node.tick()
        #expect(node.store.statistics.evicted == 1)
    }

    @Test("The table of a full store does not grow at the cost of many keys")
    func growth() {
        let node = node(.allLRU, room: 400_000)
        var number = 0
        while node.store.statistics.evicted == 0 {
            node.send("SET key:\(number) \(String(repeating: "x", count: 40))")
            number += 1
        }
        let first = node.store.keyspaces[0].count
        for _ in 0..<5000 {
            let evicted = node.store.statistics.evicted
            node.send("SET key:\(number) \(String(repeating: "x", count: 40))")
            number += 1
            #expect(node.store.statistics.evicted <= evicted + 64)
        }
        #expect(node.store.keyspaces[0].count > first - first / 10)
    }

    @Test("The largest connections end when all take too much; those that may not, stay")
    func sessions() {
        let node = TestNode()
        node.send("CONFIG SET maxmemory-clients 200kb")
        let tcp = ConnectionOrigin(kind: .tcp, address: "127.0.0.1:1")
        let sessions = (0..<4).map { _ in node.open(tcp) }
        node.send("CLIENT NO-EVICT on", from: sessions[3])
        for (place, session) in sessions.enumerated() {
            node.store.noteOutput(session: session, pending: 40_000 + place * 10_000)
        }
        node.tick()
        let closed = sessions.filter { node.store.sessions[$0]?.closesAfterReply == true }
        #expect(closed == [sessions[2]])
        #expect(node.store.statistics.evictedSessions == 1)
        // Per cent are of the bound on all memory; too low a bound is raised.
        node.close(sessions[2])
        node.send("CONFIG SET maxmemory 200mb maxmemory-clients 50%")
        #expect(node.store.sessionBound == 100 << 20)
        node.send("CONFIG SET maxmemory-clients 1")
        #expect(node.store.sessionBound == 128 << 10)
        node.send("PING")
        #expect(node.store.statistics.evictedSessions == 2)
    }

    /// A cache in front of something slow: what is not there is put in. The share of hits.
    private func hitRatio(_ policy: EvictionPolicy, _ samples: Int) -> Double {
        let node = TestNode(seed: 3) {
            $0.evictionPolicy = policy
            $0.evictionSamples = samples
        }
        node.send("CONFIG SET maxmemory \(node.store.usedMemory + 30_000)")
        var random = Random(seed: 5)
        var hits = 0
        let rounds = 4000
        for round in 0..<rounds {
            if round % 10 == 0 { node.advance(milliseconds: 1000) }
            let unit = random.nextUnit()
            let key = "key:\(Int(1500 * unit * unit * unit * unit))"
            if node.send("GET \(key)") != "$-1\r\n" {
                hits += 1
            } else {
                node.send("SET \(key) \(String(repeating: "x", count: 50))")
            }
        }
        return Double(hits) / Double(rounds)
    }

    @Test("Sampled choices come near to those of looking at all keys")
    func nearness() {
        for policy in [EvictionPolicy.allLRU, .allLFU] {
            let sampled = hitRatio(policy, 5)
            let whole = hitRatio(policy, 500)
            let blind = hitRatio(.allRandom, 5)
            #expect(sampled > whole - 0.02, "\(policy): \(sampled) of \(whole)")
            #expect(sampled > blind + 0.02, "\(policy): \(sampled) and \(blind)")
        }
    }

    @Test("Refusals while nothing may go, as redis-server has them")
    func refusals() {
        Transcript(
            """
            > SET a 1
            +OK
            > CONFIG SET maxmemory 1
            +OK
            > SET b 1
            -OOM command not allowed when used memory > 'maxmemory'.
            > GET a
            $1
            1
            > DEL a
            :1
            > MULTI
            +OK
            > GET a
            -OOM command not allowed when used memory > 'maxmemory'.
            > EXEC
            -EXECABORT Transaction discarded because of previous errors.
            > MULTI
            +OK
            > DISCARD
            +OK
            > MULTI
            +OK
            > EXEC
            *0
            > WATCH a
            +OK
            > MULTI
            +OK
            > WATCH a
            -OOM command not allowed when used memory > 'maxmemory'.
            > MULTI
            -OOM command not allowed when used memory > 'maxmemory'.
            > RESET
            +RESET
            > CONFIG SET maxmemory 0
            +OK
            > MULTI
            +OK
            > SET c 1
            +QUEUED
            @session 2
            > CONFIG SET maxmemory 1
            +OK
            @session 0
            > EXEC
            -EXECABORT Transaction discarded because of: \
            OOM command not allowed when used memory > 'maxmemory'.
            > CONFIG SET maxmemory-policy volatile-lru
            +OK
            > SET c 1
            -OOM command not allowed when used memory > 'maxmemory'.
            """
        ).play(at: TestNode())
    }
}
