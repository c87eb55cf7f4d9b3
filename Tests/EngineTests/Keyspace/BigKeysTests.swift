import Bytes
import Grammar
import Structures
import Testing
import Wire

@testable import Engine

@Suite("The biggest keys")
struct BigKeysTests {
    private func node() -> TestNode { TestNode { $0.watchesBigKeys = true } }

    /// The biggest keys as a walk over all of them finds them.
    private func exact(_ node: TestNode, _ count: Int) -> [Int] {
        var sizes: [Int] = []
        node.store.keyspaces[0].table.forEach {
            sizes.append($0.totalFootprint + HashTable.bytesPerRecord)
        }
        return Array(sizes.sorted(by: >).prefix(count))
    }

    private func run(_ node: TestNode, _ words: [String]) {
        node.send(ArgumentList(words))
    }

    @Test("Sizes and elements are those of the moment, whatever was done to the key")
    func figures() throws {
        let node = node()
        for number in 0..<300 { node.send("RPUSH l element-\(number)") }
        for number in 0..<50 { node.send("HSET h field-\(number) value") }
        node.send("SET s \(String(repeating: "x", count: 3000))")
        node.send("APPEND s \(String(repeating: "y", count: 3000))")
        node.send("SADD m a b c")
        node.send("ZADD z 1 a 2 b")
        node.send("PEXPIRE h 100000")
        let keys = node.store.biggestKeys(10, database: 0)
        #expect(keys.map(\.key).prefix(3) == ["s", "l", "h"])
        #expect(keys.count == 5)
        #expect(keys.map(\.bytes) == exact(node, 5))
        #expect(keys[0].count == 6000 && keys[1].count == 300 && keys[2].count == 50)
        #expect(keys[2].expiry == TestNode.start.wall.milliseconds + 100_000)
        #expect(node.store.biggestKeys(10, database: 0, type: .hash).map(\.key) == ["h"])
        #expect(node.store.biggestKeys(10, database: 1).isEmpty)
        for word in ["LTRIM l 0 2", "DEL s", "RENAME h k", "MOVE k 1"] { node.send(word) }
        let after = node.store.biggestKeys(10, database: 0)
        #expect(Set(after.map(\.key)) == ["l", "m", "z"])
        #expect(after.map(\.bytes) == exact(node, 3))
        #expect(node.store.biggestKeys(10, database: 1).map(\.key) == ["k"])
        // An expired key that still stands is not there.
        node.advance(milliseconds: 200_000)
        node.send("PING")
        #expect(node.store.biggestKeys(10, database: 1).isEmpty)
    }

    @Test("Under random changes the first sixteen are the biggest, to a sixteenth")
    func randomChanges() {
        let seed: UInt64 = 23
        var random = Random(seed: seed)
        let node = node()
        for step in 0..<6000 {
            let key = "k\(random.next(below: 500))"
            switch random.next(below: 10) {
            case 0: run(node, ["DEL", key])
            case 1:
                run(node, ["SET", key, String(repeating: "v", count: random.next(below: 9000))])
            case 2: run(node, ["APPEND", key, String(repeating: "w", count: 700)])
            case 3: run(node, ["LTRIM", key, "0", "5"])
            case 4: run(node, ["RENAME", key, "k\(random.next(below: 500))"])
            case 5: run(node, ["SETRANGE", key, "\(random.next(below: 9000))", "x"])
            default:
                run(node, ["RPUSH", key] + (0..<20).map { "element-\($0)-of-a-list" })
            }
            if step % 50 == 0 {
                node.advance(milliseconds: 500)
                node.tick()
            }
            if step % 600 == 599 {
                // A walk that is under way needs a few ticks.
                for _ in 0..<20 { node.tick() }
                let found = node.store.biggestKeys(16, database: 0).map(\.bytes)
                let wanted = exact(node, 16)
                #expect(found.count == wanted.count)
                for (mine, real) in zip(found, wanted) {
                    #expect(Double(mine) >= Double(real) * 0.93, "seed \(seed) step \(step)")
                }
            }
        }
    }

    @Test("When the biggest go, those that had found no place are found")
    func refill() {
        let node = node()
        for number in 0..<400 {
            run(node, ["SET", "k\(number)", String(repeating: "v", count: 1000 + number * 10)])
        }
        // The smallest come first, so that every one found a place once; now the other way.
        for number in (0..<400).reversed() {
            run(node, ["SET", "m\(number)", String(repeating: "v", count: 1000 + number * 10)])
        }
        for number in 100..<400 { node.send("DEL k\(number) m\(number)") }
        for _ in 0..<30 {
            node.advance(milliseconds: 100)
            node.tick()
        }
        #expect(node.store.biggestKeys(32, database: 0).map(\.bytes) == exact(node, 32))
    }

    @Test("Switched on late, a walk finds what is there; switched off, nothing is said")
    func switching() {
        let node = TestNode()
        for number in 0..<300 {
            run(node, ["SET", "k\(number)", String(repeating: "v", count: 10 + number * 10)])
        }
        #expect(node.send("LARDER BIGKEYS").hasPrefix("-ERR not watched"))
        node.send("CONFIG SET larder-big-keys yes")
        for _ in 0..<30 { node.tick() }
        #expect(node.store.biggestKeys(10, database: 0).map(\.bytes) == exact(node, 10))
        let reply = node.send("LARDER BIGKEYS COUNT 1 TYPE string")
        #expect(reply.hasPrefix("*1\r\n*10\r\n$3\r\nkey\r\n$4\r\nk299\r\n"))
        #expect(node.send("LARDER BIGKEYS TYPE nosuch") == "-ERR syntax error\r\n")
        node.send("CONFIG SET larder-big-keys no")
        #expect(node.store.biggestKeys(10, database: 0).isEmpty)
    }

    @Test("A size is looked at when its leading bits change")
    func steps() {
        #expect(BigKeys.isStep(0, 100) && BigKeys.isStep(100, 0))
        #expect(!BigKeys.isStep(1000, 1000) && !BigKeys.isStep(1024, 1025))
        #expect(BigKeys.isStep(1023, 1024) && BigKeys.isStep(1024, 1100))
        var last = 1 << 10
        for size in (1 << 10)...(1 << 14) where BigKeys.isStep(size - 1, size) {
            #expect(Double(size) / Double(last) <= 1.07)
            last = size
        }
    }
}
