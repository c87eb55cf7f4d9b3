import Bytes
import Structures
import Testing
import Wire

@testable import Engine

@Suite("How strings are stored")
struct StringStorageTests {
    private func encoding(_ key: String, _ node: TestNode) -> String? {
        node.store.find(Array(key.utf8).rawSpan, .silent)?.entry.encoding.name
    }

    @Test("What OBJECT ENCODING reports follows from how a string came to be")
    func encodings() {
        let node = TestNode()
        let short = String(repeating: "x", count: 44)
        let cases = [
            ("SET k 12345", "int"), ("SET k -9223372036854775808", "int"),
            ("SET k 9223372036854775808", "embstr"), ("SET k 012", "embstr"),
            ("SET k \(short)", "embstr"), ("SET k \(short)x", "raw"), ("SET k \"\"", "embstr"),
            ("APPEND k \"\"", "raw"), ("SETEX k 10 7", "int"), ("SETRANGE k 0 \"\"", "int"),
            ("APPEND k 8", "raw"), ("INCR k", "int"), ("INCRBYFLOAT k 1", "embstr"),
            ("INCRBYFLOAT k 0.5", "embstr"), ("GETSET k 5", "int"), ("SETRANGE k 0 6", "raw"),
            ("MSET k abc", "embstr"), ("SETRANGE k 1 x", "raw"), ("SET k 9", "int"),
            ("SET k \(String(repeating: "y", count: 2000))", "raw"), ("SET k abc", "embstr"),
        ]
        for (line, wanted) in cases {
            node.send(line)
            #expect(encoding("k", node) == wanted, "\(line)")
        }
        node.send("APPEND new 12")
        #expect(encoding("new", node) == "int")
        node.send("SETRANGE newer 0 12")
        #expect(encoding("newer", node) == "raw")
    }

    @Test("A key lives through the last millisecond of its time")
    func lastMillisecond() {
        let node = TestNode()
        node.send("SET k v PX 100")
        node.advance(milliseconds: 100)
        #expect(node.send("GET k") == "$1\r\nv\r\n")
        node.advance(milliseconds: 1)
        #expect(node.send("GET k") == "$-1\r\n")
    }

    @Test("Seconds count from the call", arguments: ["SET k v EX 2", "SETEX k 2 v"])
    func seconds(line: String) {
        let node = TestNode()
        node.advance(milliseconds: 700)
        node.send(line)
        let time = node.store.find(Array("k".utf8).rawSpan, .silent)?.entry.expiry
        #expect(time == TestNode.start.wall.milliseconds + 2700)
    }

    @Test("A read that finds nothing to change counts no change")
    func dirty() {
        let node = TestNode()
        node.send("SET k 1")
        let before = node.store.dirty
        for line in ["GETEX k", "GETEX k PERSIST", "GETDEL nope", "SETRANGE k 0 \"\"", "INCR"] {
            node.send(line)
        }
        #expect(node.store.dirty == before)
        node.send("GETEX k EX 10")
        #expect(node.store.dirty == before + 1)
    }

    @Test("Hits and misses are counted")
    func hits() {
        let node = TestNode()
        node.send("SET k 1")
        node.send("MGET k nope k")
        node.send("SET k 2 GET")
        node.send("GETDEL k")
        #expect(node.store.statistics.hits == 4)
        #expect(node.store.statistics.misses == 1)
    }

    @Test("A string is what was done to it", arguments: 1...8 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var random = Random(seed: seed)
        let node = TestNode()
        let empty = node.store.usedMemory
        var model: [UInt8]?
        for step in 0..<400 {
            let length = random.next(below: random.next(below: 8) == 0 ? 3000 : 60)
            let value = (0..<length).map { _ in UInt8(random.next(below: 256)) }
            let offset = random.next(below: (model?.count ?? 0) + 40)
            let key = Array("k".utf8)
            switch random.next(below: 6) {
            case 0:
                node.send(ArgumentList([Array("SET".utf8), key, value]))
                model = value
            case 1, 2:
                node.send(ArgumentList([Array("APPEND".utf8), key, value]))
                model = (model ?? []) + value
            case 3, 4:
                let words = [Array("SETRANGE".utf8), key, Array("\(offset)".utf8), value]
                node.send(ArgumentList(words))
                if value.isEmpty { break }
                var next = model ?? []
                while next.count < offset + length { next.append(0) }
                next.replaceSubrange(offset..<offset + length, with: value)
                model = next
            default:
                if random.next(below: 4) > 0 { break }
                node.send("DEL k")
                model = nil
            }
            let stored = node.store.find(key.rawSpan, .silent)?.entry.stringBytes
            #expect(stored == model, "seed \(seed), step \(step)")
        }
        node.send("DEL k")
        #expect(node.store.usedMemory == empty, "seed \(seed)")
    }

    @Test("No string grows beyond the limit")
    func limit() {
        let node = TestNode { $0.maximumBulkLength = 1000 }
        #expect(node.send("SETRANGE k 998 ab") == ":1000\r\n")
        let refusal =
            "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n"
        #expect(node.send("APPEND k x") == refusal)
        #expect(node.send("SETRANGE k 999 ab") == refusal)
        #expect(node.send("SETRANGE other 1000 a") == refusal)
        #expect(node.send("APPEND k \"\"") == ":1000\r\n")
        #expect(node.send("SETRANGE k 999 b") == ":1000\r\n")
        #expect(node.send("STRLEN other") == ":0\r\n")
    }
}
