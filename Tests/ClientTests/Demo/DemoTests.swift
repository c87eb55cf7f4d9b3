import Bytes
import Engine
import Server
import Testing
import Wire

@testable import Client

@Suite("The small shop")
struct DemoTests {
    private func play(_ shop: inout DemoShop, turns: Int, on endpoint: Endpoint) -> String? {
        for _ in 0..<turns {
            if let failure = DemoRunner.turn(&shop, endpoint) { return failure }
        }
        return nil
    }

    @Test func theSameSeedIsTheSameDay() {
        var (one, two, other) = (DemoShop(seed: 7), DemoShop(seed: 7), DemoShop(seed: 8))
        var differs = false
        for _ in 0..<400 {
            let requests = one.next()
            #expect(requests == two.next())
            differs = differs || requests != other.next()
            let replies = requests.map { _ in RESPValue.null(.bulk) }
            #expect(one.follow(replies) == two.follow(replies))
            _ = other.follow(replies)
        }
        #expect(differs)
    }

    /// Ten seconds of the shop: every panel has something to show, nothing is refused, and memory
    /// is full.
    @Test func tenSecondsFillEveryPanel() throws {
        let node = try HostedNode(settings: Settings(), seed: 1)
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        var shop = DemoShop(seed: 3)
        #expect(play(&shop, turns: 200, on: endpoint) == nil)
        guard case .reply(let info) = endpoint.call(["INFO", "everything"]) else {
            Issue.record("no INFO")
            return
        }
        let text = String(decoding: info.plainBytes ?? [], as: UTF8.self)
        let figures = LiveFigures(info: text)
        #expect(figures.number("total_error_replies") == 0)
        #expect((figures.number("keyspace_hits") ?? 0) > 100)
        #expect((figures.number("keyspace_misses") ?? 0) > 100)
        #expect(Int(figures.number("used_memory_dataset") ?? 0) > DemoRunner.room)
        #expect(text.contains("cmdstat_publish:"))
        guard let keys = figures.keys else { return }
        // Only the board is for ever.
        #expect(keys.all - keys.expiring == 1 && keys.all > 100)
        #expect(endpoint.call(["ZCARD", "shop:board:today"]) != .reply(.integer(0)))
    }

    @Test func whatTheShopHasLeftGoesAgain() throws {
        let node = try HostedNode(settings: Settings(), seed: 1)
        defer { node.shutDown([]) }
        let runner = DemoRunner(in: node, seed: 5)
        runner.stop()
        let endpoint = Endpoint(.embedded, embedded: { node })
        var shop = DemoShop(seed: 5)
        #expect(play(&shop, turns: 20, on: endpoint) == nil)
        _ = endpoint.call(["SET", "mine", "1"])
        let bounded = endpoint.call(["CONFIG", "GET", "maxmemory"])
        #expect(bounded != .reply(.array(["maxmemory", "0"].map { .bulk(ByteString($0)) })))
        #expect(runner.former.map(\.name) == ["maxmemory", "maxmemory-policy"])
        #expect(runner.tidy(node) > 20)
        #expect(endpoint.call(["DBSIZE"]) == .reply(.integer(1)))
        let free = endpoint.call(["CONFIG", "GET", "maxmemory"])
        #expect(free == .reply(.array(["maxmemory", "0"].map { .bulk(ByteString($0)) })))
    }

    /// Somebody's keys must not be evicted for a demonstration.
    @Test func memoryStaysAsItIsWhereThereAreKeys() throws {
        let node = try HostedNode(settings: Settings(), seed: 1)
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        _ = endpoint.call(["SET", "mine", "1"])
        let runner = DemoRunner(in: node, seed: 5)
        runner.stop()
        #expect(runner.former.isEmpty)
        _ = runner.tidy(node)
        #expect(endpoint.call(["GET", "mine"]) == .reply(.bulk(ByteString("1"))))
    }
}
