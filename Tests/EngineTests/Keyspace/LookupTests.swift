import Bytes
import Structures
import Testing

@testable import Engine

@Suite("The key that was looked up last")
struct LookupTests {
    private static let keys = (0..<6).map { "key:\($0)" }

    /// A line that changes the keyspace in one of the ways there are, or only looks.
    private func line(_ random: inout Random) -> String {
        let key = Self.keys[random.next(below: Self.keys.count)]
        let other = Self.keys[random.next(below: Self.keys.count)]
        switch random.next(below: 22) {
        case 0: return "SET \(key) \(random.next(below: 100))"
        case 1: return "SET \(key) \(String(repeating: "x", count: random.next(below: 2000) + 1))"
        case 2: return "DEL \(key) \(other)"
        case 3: return "RENAME \(key) \(other)"
        case 4: return "COPY \(key) \(other) REPLACE"
        case 5: return "COPY \(key) \(other) DB 1 REPLACE"
        case 6: return "MOVE \(key) 1"
        case 7: return "SWAPDB 0 1"
        case 8: return "PEXPIRE \(key) \(random.next(below: 40) + 1)"
        case 9: return "PERSIST \(key)"
        case 10: return "APPEND \(key) tail"
        case 11...12: return "LPUSH \(key) a b"
        case 13: return "RPOP \(key) 2"
        case 14: return "SADD \(key) \(random.next(below: 1000))"
        case 15: return "SPOP \(key)"
        case 16: return random.next(below: 6) == 0 ? "FLUSHDB" : "TYPE \(key)"
        case 17: return "SELECT \(random.next(below: 2))"
        case 18: return "SETEX \(key) 1 v"
        case 19: return "GETDEL \(key)"
        case 20: return "SDIFFSTORE \(key) \(other)"
        default: return "GET \(key)"
        }
    }

    /// What a lookup finds must be what the table holds, whatever happened since the last one.
    @Test("It is found as any other, a printed seed", arguments: [1, .random(in: 2...1 << 40)])
    func lastFound(seed: UInt64) {
        print("lookups: seed \(seed)")
        var random = Random(seed: seed)
        let node = TestNode(seed: seed)
        for _ in 0..<6000 {
            node.send(line(&random))
            if random.next(below: 4) == 0 {
                node.advance(milliseconds: Int64(random.next(below: 30)))
            }
            if random.next(below: 50) == 0 { node.tick() }
            for database in 0..<2 {
                let key = ByteString(Self.keys[random.next(below: Self.keys.count)])
                let hash = node.store.keyspaces[database].table.hash(of: key.rawSpan)
                let slot = node.store.keyspaces[database].table.find(key.rawSpan, hash: hash)
                let expected = slot.map { node.store.keyspaces[database].table.record(at: $0) }
                let found = node.store.keyspaces[database].locate(key.rawSpan)
                #expect(found?.entry == expected)
                guard let found else { continue }
                #expect(found.hash == hash)
                #expect(node.store.keyspaces[database].table.record(at: found.slot) == expected)
                let again = node.store.keyspaces[database].latest(key.rawSpan)
                #expect(again?.entry == expected)
            }
        }
    }
}
