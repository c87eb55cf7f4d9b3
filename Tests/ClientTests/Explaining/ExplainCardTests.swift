import Engine
import Grammar
import Testing

@testable import Client

@Suite("Cards that explain figures")
struct ExplainCardTests {
    /// What a busy server tells.
    private let figures = LiveFigures(
        info: """
            # Memory\r
            used_memory:64800000\r
            used_memory_rss:67400000\r
            used_memory_peak:65000000\r
            used_memory_dataset:57800000\r
            used_memory_overhead:7000000\r
            mem_fragmentation_ratio:1.04\r
            mem_clients_normal:22400\r
            maxmemory:67108864\r
            maxmemory_policy:allkeys-lru\r
            keyspace_hits:9812\r
            keyspace_misses:3964\r
            evicted_keys:1234567\r
            expired_keys:0\r
            connected_clients:12\r
            maxclients:10000\r
            uptime_in_seconds:45296\r
            db0:keys=48210,expires=12400,avg_ttl=0\r
            db3:keys=2,expires=2,avg_ttl=5,subexpiry=0\r
            dbx:keys=9\r
            """)

    @Test func formulasAreFilledIn() {
        let expected = [
            "hit_rate": "hits 9,812 / (9,812 + misses 3,964) = 71.2 %",
            "memory_share": "61.8 MiB of 64.0 MiB = 96.6 %",
            "evictions": "1,234,567 since the start",
            "expirations": "0 since the start",
            "keys": "48,212 keys, 12,402 with a TTL",
            "clients": "12 of at most 10,000",
            "fragmentation": "64.3 MiB real / 61.8 MiB taken = 1.04",
            "uptime": "12 h 34 m",
        ]
        for (id, text) in expected {
            #expect(ExplainCards.find(id)?.formula(figures) == text)
        }
    }

    /// Nothing is divided by nothing, and an unknown figure is not shown as 0.
    @Test func unknownFiguresAreNone() {
        let idle = LiveFigures(info: "keyspace_hits:0\r\nkeyspace_misses:0\r\nmaxmemory:0\r\n")
        #expect(ExplainCards.find("hit_rate")?.formula(idle) == nil)
        #expect(ExplainCards.find("memory_share")?.formula(idle) == nil)
        #expect(ExplainCards.find("keys")?.formula(idle) == "0 keys, 0 with a TTL")
        for card in ExplainCards.all where card.formula(LiveFigures()) == nil {
            #expect(card.rows(LiveFigures(), width: 76).contains("now     not known yet"))
        }
        let odd = LiveFigures(info: "used_memory:1e300\r\nmaxmemory:1\r\nnan:nan\r\n:\r\nx\r\n")
        #expect(ExplainCards.find("used_memory")?.formula(odd) != nil)
    }

    @Test func numbersAreGrouped() {
        let cases: [(Double, String)] = [
            (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (-100, "-100"),
            (123_456_789, "123,456,789"), (.nan, "0"), (.infinity, "9,000,000,000,000,000,000"),
        ]
        for (number, text) in cases { #expect(LiveFigures.grouped(number) == text) }
    }

    @Test(arguments: [76, 44, 20])
    func cardsAreShortAndFit(width: Int) {
        for card in ExplainCards.all {
            let rows = card.rows(figures, width: width)
            for row in rows where row.count > width {
                // Only a single word may stand out.
                #expect(!row.dropFirst(8).contains(" "), "\(card.id)")
            }
            if width == 76 { #expect(rows.count <= 18, "\(card.id): \(rows.count) rows") }
        }
    }

    @Test func namesAreFoundOnce() {
        let ids = ExplainCards.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ExplainCards.find("evicted_keys")?.id == "evictions")
        #expect(ExplainCards.find("used_memory")?.id == "used_memory")
        #expect(ExplainCards.find("get") == nil)
        #expect(ExplainCards.find("") == nil)
    }

    /// What a card names is there: fields of INFO, and commands of the engine or of the prompt.
    @Test func whatTheyNameExists() {
        let fields = Set(AllMetrics.list.map(\.name))
        let dynamic: Set<String> = ["cmdstat_publish", "master_link_status"]
        let commands = CommandTable<Store>(AllCommands.list, flavour: .valkey80).entries
            .map(\.spec.typedName)
        for card in ExplainCards.all {
            let words = card.source.split { !$0.isLetter && $0 != "_" }.map(String.init)
            for word in words where word.contains("_") {
                #expect(fields.contains(word) || dynamic.contains(word), "\(card.id): \(word)")
            }
            #expect(card.deeper.count == 3)
            for line in card.deeper where !line.hasPrefix(":") && !line.hasPrefix("larder ") {
                let isThere = commands.contains { line == $0 || line.hasPrefix($0 + " ") }
                let comesLater = ExplainCardTests.later.contains { line.hasPrefix($0) }
                #expect(isThere != comesLater, "\(card.id): \(line)")
            }
        }
    }

    /// Commands of real servers that this engine lacks yet.
    private static let later = ["ROLE", "LASTSAVE", "BGREWRITEAOF"]
}
