import Bytes
import Structures
import Testing

@testable import Engine

@Suite("Databases that were emptied")
struct RetiredTableTests {
    private func fill(_ node: TestNode, _ count: Int) {
        let long = [UInt8](repeating: 0x61, count: 3000)
        node.store.latch(node.now)
        for number in 0..<count {
            let key = Array("key:\(number)".utf8)
            if number % 50 == 0 {
                node.store.assign(key.rawSpan, long.rawSpan, at: nil)
            } else {
                node.store.assign(key.rawSpan, integer: Int64(number), at: nil)
            }
        }
    }

    @Test("FLUSHALL ASYNC frees in ticks, in bounded steps, and the memory is counted till then")
    func deferred() {
        let node = TestNode()
        let empty = node.store.usedMemory
        fill(node, 30_000)
        let full = node.store.usedMemory
        #expect(node.send("FLUSHALL ASYNC") == "+OK\r\n")
        #expect(node.send("DBSIZE") == ":0\r\n")
        #expect(node.store.usedMemory > full - 10_000)
        #expect(node.store.tickInterval == 2)
        node.send("SET new 1")
        var ticks = 0
        var before = node.store.usedMemory
        while node.store.retired.count > 0 && ticks < 1000 {
            let steps = node.store.retired[0].table.steps
            node.tick()
            if node.store.retired.count > 0 {
                let taken = node.store.retired[0].table.steps - steps
                #expect(taken <= Store.releaseShare)
            }
            // Buckets that a resize had emptied are passed without gain.
            #expect(node.store.usedMemory <= before)
            before = node.store.usedMemory
            ticks += 1
        }
        #expect(ticks > 5)
        #expect(node.send("DBSIZE") == ":1\r\n")
        node.send("DEL new")
        #expect(node.store.usedMemory == empty)
        #expect(node.store.tickInterval == 100)
    }

    @Test("FLUSHALL frees at once, while another table waits")
    func atOnce() {
        let node = TestNode()
        let empty = node.store.usedMemory
        fill(node, 5000)
        node.send("FLUSHDB ASYNC")
        fill(node, 5000)
        node.send("FLUSHDB ASYNC")
        fill(node, 5000)
        node.tick()
        node.send("FLUSHALL")
        let waiting = node.store.retired.count
        #expect(waiting == 2)
        for _ in 0..<100 { node.tick() }
        #expect(node.store.usedMemory == empty)
    }

    @Test("A store may end while tables wait")
    func ends() {
        let node = TestNode()
        fill(node, 5000)
        node.send("FLUSHALL ASYNC")
        node.tick()
        fill(node, 1000)
        let waiting = node.store.retired.count
        #expect(waiting == 1)
    }

    @Test("An emptied database begins anew: times, marks and changes")
    func anew() {
        let node = TestNode()
        node.send("SET a 1 PX 100")
        node.send("SET b 1")
        node.tick()
        #expect(node.store.keyspaces[0].averageTTL > 0)
        let dirty = node.store.dirty
        node.send("FLUSHDB")
        #expect(node.store.dirty == dirty + 2)
        #expect(node.store.keyspaces[0].expiringCount == 0)
        #expect(node.store.keyspaces[0].averageTTL == 0)
        node.send("SET a 1")
        node.advance(milliseconds: 1000)
        node.tick()
        #expect(node.send("GET a") == "$1\r\n1\r\n")
    }
}
