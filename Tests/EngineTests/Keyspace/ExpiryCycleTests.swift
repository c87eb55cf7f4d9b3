import Bytes
import Structures
import Testing

@testable import Engine

@Suite("The walk for expired keys")
struct ExpiryCycleTests {
    /// The most steps of one tick: the limit, and what the last stride may add to it: buckets,
    /// and records of which each costs nine.
    private static let bound = ExpiryCycle.stepLimit + ExpiryCycle.stride * (1 + 9 * 40)

    /// Fills the selected database with keys named by number; `expiry` is in wall milliseconds.
    private func fill(
        _ node: TestNode, _ numbers: Range<Int>, prefix: String = "key", expiry: Int64? = nil
    ) {
        node.store.latch(node.now)
        for number in numbers {
            let key = Array("\(prefix):\(number)".utf8)
            let found = node.store.find(key.rawSpan, .silent)
            node.store.assign(
                key.rawSpan, integer: 1, expiry.map { .at($0) } ?? .clear, at: found)
        }
    }

    private func wall(_ node: TestNode) -> Int64 { node.now.wall.milliseconds }

    @Test("Very many keys of one instant go in bounded ticks, untouched")
    func manyAtOnce() {
        let node = TestNode()
        let count = 100_000
        fill(node, 0..<count, expiry: wall(node) + 1000)
        fill(node, 0..<1000, prefix: "lasting")
        fill(node, 0..<1000, prefix: "later", expiry: wall(node) + 3_600_000)
        node.advance(milliseconds: 1000)
        node.tick()
        #expect(node.store.keyspaces[0].count == count + 2000)
        node.advance(milliseconds: 1)
        var ticks = 0
        while node.store.keyspaces[0].count > 2000 && ticks < 1000 {
            node.store.latch(node.now)
            let before = node.store.keyspaces[0].count
            let steps = node.store.runExpiryCycle()
            let removed = before - node.store.keyspaces[0].count
            #expect(steps <= ExpiryCycleTests.bound)
            #expect(removed <= ExpiryCycle.removalLimit + ExpiryCycle.stride * 40)
            // Until the last ones the next tick comes soon.
            if node.store.keyspaces[0].count > 2000 { #expect(node.store.tickInterval <= 4) }
            node.advance(milliseconds: Int64(node.store.tickInterval))
            ticks += 1
        }
        // Whole passes are needed only as often as the table shrinks under the walk.
        #expect(ticks < 3 * count / ExpiryCycle.removalLimit)
        let (left, expiring) = (
            node.store.keyspaces[0].count, node.store.keyspaces[0].expiringCount
        )
        #expect(left == 2000 && expiring == 1000)
        #expect(node.store.statistics.expired == count)
        #expect(node.send("DBSIZE") == ":2000\r\n")
        node.store.keyspaces[0].table.checkInvariants()
        var total = 0
        node.store.keyspaces[0].table.forEach { total += $0.totalFootprint }
        let entries = node.store.ledger.entries
        #expect(entries == total)
        for _ in 0..<20 { node.tick() }
        #expect(node.store.tickInterval == 100)
    }

    @Test("A few keys that expire among very many that stay go within some ticks")
    func sparse() {
        let node = TestNode()
        fill(node, 0..<200_000)
        fill(node, 0..<20, prefix: "short", expiry: wall(node) + 1000)
        let buckets = node.store.keyspaces[0].table.bucketCount
        node.advance(milliseconds: 1001)
        var ticks = 0
        while node.store.keyspaces[0].expiringCount > 0 && ticks < 1000 {
            node.store.latch(node.now)
            let steps = node.store.runExpiryCycle()
            #expect(steps <= ExpiryCycleTests.bound)
            ticks += 1
        }
        #expect(ticks <= 2 + 2 * buckets / ExpiryCycle.stepLimit)
        #expect(node.store.keyspaces[0].count == 200_000)
        #expect(node.store.statistics.expired == 20)
    }

    @Test("A database without volatile keys costs no steps")
    func nothingToDo() {
        let node = TestNode()
        fill(node, 0..<1000)
        #expect(node.store.runExpiryCycle() == 0)
        fill(node, 0..<1, prefix: "one", expiry: wall(node) + 10)
        #expect(node.store.runExpiryCycle() > 0)
        #expect(node.store.keyspaces[0].count == 1001)
    }

    @Test("A large database does not keep the others waiting")
    func fair() {
        let node = TestNode()
        fill(node, 0..<60_000, expiry: wall(node) + 1000)
        node.send("SELECT 7")
        node.store.selected = 7
        fill(node, 0..<10, expiry: wall(node) + 1000)
        node.advance(milliseconds: 1001)
        var ticks = 0
        while node.store.keyspaces[7].count > 0 && ticks < 1000 {
            node.tick()
            ticks += 1
        }
        #expect(ticks <= 2)
        let waiting = node.store.keyspaces[0].count
        #expect(waiting > 50_000)
        let selected = node.store.selected
        #expect(selected == 7)
    }

    @Test("Keys come and go while the walk and resizes go on", arguments: UInt64(1)...4)
    func churn(seed: UInt64) {
        let node = TestNode(seed: seed)
        var random = Random(seed: seed)
        var expected: [Int: Int64?] = [:]
        for round in 0..<60 {
            let growing = round / 10 % 2 == 0
            for _ in 0..<300 {
                let number = random.next(below: 4000)
                if growing || random.next(below: 4) == 0 {
                    let volatile = random.next(below: 3) > 0
                    let time = wall(node) + Int64(random.next(below: 400))
                    fill(node, number..<(number + 1), expiry: volatile ? time : nil)
                    expected[number] = .some(volatile ? time : nil)
                } else {
                    node.send("DEL key:\(number)")
                    expected[number] = nil
                }
            }
            node.advance(milliseconds: Int64(random.next(below: 60)))
            node.tick()
        }
        node.advance(milliseconds: 1000)
        for _ in 0..<200 where node.store.keyspaces[0].expiringCount > 0 { node.tick() }
        let lasting = expected.values.count { $0 == nil }
        #expect(node.store.keyspaces[0].count == lasting, "seed \(seed)")
        #expect(node.store.keyspaces[0].expiringCount == 0, "seed \(seed)")
        node.store.keyspaces[0].table.checkInvariants()
    }
}
