import Bytes
import Engine
import Grammar
import Testing
import Wire

/// What the replies of small hashes do not show: large ones, and what they leave behind.
@Suite("Hashes as tables")
struct HashStorageTests {
    private func filled(_ count: Int, flavour: Flavour = .redis70) -> TestNode {
        let node = TestNode(flavour: flavour)
        for number in 0..<count { node.send("HSET h f\(number) v\(number)") }
        return node
    }

    @Test("Random fields of a table are different ones, or so many", arguments: [1, 300, 900, 999])
    func randomFields(wanted: Int) {
        let node = filled(1000)
        let fields = node.lines("HRANDFIELD h \(wanted)").filter { $0.hasPrefix("f") }
        #expect(fields.count == wanted)
        #expect(Set(fields).count == wanted)
        let pairs = node.lines("HRANDFIELD h -\(wanted) WITHVALUES")
            .filter { $0.hasPrefix("f") || $0.hasPrefix("v") }
        #expect(pairs.count == wanted * 2)
        for index in stride(from: 0, to: pairs.count, by: 2) {
            #expect(pairs[index].dropFirst() == pairs[index + 1].dropFirst())
        }
        #expect(node.send("HRANDFIELD h").hasPrefix("$"))
    }

    @Test("A walk meets all fields of a table", arguments: ["", " NOVALUES"])
    func walk(option: String) {
        let node = filled(1000, flavour: .valkey80)
        var met: Set<String> = []
        var values = 0
        var cursor = "0"
        var calls = 0
        repeat {
            let lines = node.lines("HSCAN h \(cursor) COUNT 20\(option)")
            cursor = lines[2]
            met.formUnion(lines.filter { $0.hasPrefix("f") })
            values += lines.count { $0.hasPrefix("v") }
            calls += 1
        } while cursor != "0" && calls < 1000
        #expect(met.count == 1000)
        #expect(calls > 10)
        #expect(option.isEmpty ? values >= 1000 : values == 0)
    }

    @Test("NOVALUES is of Valkey 8 only")
    func noValues() {
        #expect(filled(1).send("HSCAN h 0 NOVALUES") == "-ERR syntax error\r\n")
        let node = filled(2, flavour: .valkey80)
        #expect(
            node.lines("HSCAN h 0 NOVALUES") == ["*2", "$1", "0", "*2", "$2", "f0", "$2", "f1"])
    }

    @Test("The ledger is where it was when everything has gone")
    func ledger() {
        let node = TestNode()
        let before = node.store.ledger.entries
        var random = Random(seed: 77)
        for _ in 0..<20_000 {
            let key = "h\(random.next(below: 3))"
            let field = "f\(random.next(below: 900))"
            switch random.next(below: 20) {
            case 0: node.send("HDEL \(key) \(field) f1 f2 f3 f4 f5 f6 f7 f8 f9")
            case 1: node.send("HINCRBY \(key) n \(field.count)")
            case 2: node.send("COPY \(key) copy REPLACE")
            case 3 where random.next(below: 100) == 0: node.send("DEL \(key)")
            default:
                let length = random.next(below: random.next(below: 50) == 0 ? 300 : 20)
                node.send("HSET \(key) \(field) x\(String(repeating: "y", count: length))")
            }
        }
        #expect(node.store.ledger.entries > before)
        let size = node.send("HLEN h1")
        #expect(size.hasPrefix(":") && size != ":0\r\n")
        for number in 0..<900 { node.send("HDEL h0 f\(number)") }
        node.send("HDEL h0 n")
        #expect(node.send("EXISTS h0") == ":0\r\n")
        node.send("DEL h1 h2 copy")
        #expect(node.store.ledger.entries == before)
    }

    @Test("Pairs beyond the limit make a table at once in newer flavours only")
    func manyPairs() {
        for (flavour, name) in [(Flavour.redis70, "listpack"), (.redis72, "hashtable")] {
            let node = TestNode(flavour: flavour)
            node.send("CONFIG SET hash-max-listpack-entries 2")
            node.send("HSET h a 1 a 2 a 3")
            #expect(node.lines("OBJECT ENCODING h").last == name)
        }
    }
}
