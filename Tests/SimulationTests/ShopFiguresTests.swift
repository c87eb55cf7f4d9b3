import Simulation
import Testing

/// What the shop of the lessons comes to. The bounds are those that the lessons teach by; each
/// run is another seed, so that they hold because of the model and not because of the dice.
@Suite struct ShopFiguresTests {
    private static let minute = LoadPlan("minute", rate: 100, for: 60 * second)

    @Test(arguments: [1, 7, 42] as [UInt64])
    func withoutACacheEveryRequestIsAQuery(seed: UInt64) throws {
        let world = shopWorld(seed: seed)
        try world.play(Self.minute)
        #expect(world.number("app.requests") == 6000)
        #expect(world.number("db.queries") == 6000)
        #expect((198...202).contains(world.time("app.latency.mean")))
        #expect((99...101).contains(world.number("db.qps")))
        #expect(world.number("cache.ops") == 0)
        #expect(world.figure("cache.hit_ratio") == nil)
    }

    @Test(arguments: [1, 5, 7, 42] as [UInt64])
    func cacheAsideBringsTheMeanUnderTwentyMilliseconds(seed: UInt64) throws {
        let world = shopWorld(seed: seed)
        world.shop?.strategy = .init(usesCache: true)
        try world.play(Self.minute)
        #expect((0.918...0.925).contains(world.number("cache.hit_ratio")))
        #expect((450...490).contains(world.number("db.queries")))
        #expect((16...17.5).contains(world.time("app.latency.mean")))
        #expect((1...1.1).contains(world.time("app.latency.p50")))
        #expect((188...198).contains(world.time("app.latency.p95")))
        #expect((225...238).contains(world.time("app.latency.p99")))
        #expect(world.number("cmd.calls", ["GET"]) == 6000)
        #expect(world.number("cmd.calls", ["set"]) == world.number("db.queries"))
        // Warmed, nobody waits for the database.
        let stored = try world.warm(1...500, life: 300 * second)
        #expect(stored == 500)
        try world.play(LoadPlan("warmed", rate: 100, for: 30 * second))
        #expect(world.time("app.latency.p99") < 2)
        #expect(world.number("cache.hit_ratio") == 1)
    }

    /// The smallest TTL with which the mean stays under 20 ms is between 30 and 45 seconds.
    @Test(arguments: [(5, 56.0...61.0), (30, 22.5...24.5), (45, 17.5...19), (60, 14.8...16)])
    func aLongerLifeIsAShorterMean(seconds: Int, mean: ClosedRange<Double>) throws {
        for seed in [3, 9] as [UInt64] {
            let world = shopWorld(seed: seed)
            world.shop?.strategy = .init(usesCache: true, timeToLive: UInt64(seconds) * second)
            try world.play(LoadPlan("three minutes", rate: 100, for: 180 * second))
            #expect(mean.contains(world.time("app.latency.mean")), "seed \(seed)")
            #expect(world.time("app.ttl") == Double(seconds) * 1000)
        }
    }

    /// Five hundred copies that were made together die together.
    @Test(arguments: [
        (false, false, 380.0...460.0), (true, false, 225.0...290.0), (false, true, 35...95),
        (true, true, 20...40),
    ])
    func aStampedeIsFlattened(single: Bool, jitter: Bool, most: ClosedRange<Double>) throws {
        let world = shopWorld(seed: 9)
        world.shop?.strategy = .init(usesCache: true, timeToLive: 30 * second)
        world.shop?.strategy.isSingleFlight = single
        world.shop?.strategy.jitter = jitter ? 30 * second : 0
        try world.warm(1...500)
        try world.play(LoadPlan("crowd", rate: 1000, for: 40 * second))
        #expect(most.contains(world.number("db.qps_max")))
        #expect(world.number("cache.hit_ratio") > 0.97)
        #expect(world.number("app.requests") == 40_000)
    }

    /// With early refresh nobody waits for what everybody asks for.
    @Test func earlyRefreshKeepsHotKeysWarm() throws {
        func worst(_ early: UInt64) throws -> Double {
            let world = shopWorld(seed: 3, rows: 20)
            world.shop?.strategy = .init(usesCache: true, timeToLive: 10 * second)
            world.shop?.strategy.early = early
            try world.warm(1...20)
            try world.play(
                LoadPlan("hot", rate: 200, for: 30 * second, keys: 1...20, choice: .uniform))
            return world.time("app.latency.max")
        }
        #expect(try worst(0) > 100)
        #expect(try worst(3 * second) < 2)
    }

    // MARK: What is out of date

    private func stale(
        _ seed: UInt64, _ change: (inout ShopPlan.Strategy) -> Void
    ) throws -> (reads: Double, commands: Double) {
        let world = shopWorld(seed: seed, rows: 50)
        var strategy = ShopPlan.Strategy(usesCache: true, timeToLive: 300 * second)
        change(&strategy)
        world.shop?.strategy = strategy
        var load = LoadPlan(
            "readers", rate: 100, for: 60 * second, keys: 1...50, choice: .zipf(exponent: 1))
        load.writes = 1
        try world.play(load)
        #expect(world.number("app.writes") == 60)
        #expect(world.number("app.requests") == 6000)
        return (world.number("app.stale_reads"), world.number("app.cache_commands_per_write"))
    }

    @Test func aCacheThatIsNotToldLies() throws {
        for seed in [1, 8] as [UInt64] {
            let (reads, commands) = try stale(seed) { _ in }
            #expect(reads > 1000)
            #expect(commands == 0)
        }
    }

    /// A reader who missed puts the old version back after the writer has deleted it. That is
    /// rare, and then it lasts.
    @Test func deletingLeavesARace() throws {
        var raced = 0
        for seed in 1...4 as ClosedRange<UInt64> {
            let (reads, commands) = try stale(seed) { $0.onWrite = .delete }
            #expect(reads < 1000)
            #expect(commands == 1)
            if reads > 0 { raced += 1 }
        }
        #expect(raced > 0)
    }

    @Test func guardedFillsLoseNoRace() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let deleting = try stale(seed) {
                $0.onWrite = .delete
                $0.guardsFills = true
            }
            #expect(deleting == (0, 1))
        }
        let updating = try stale(1) {
            $0.onWrite = .update
            $0.fillsIfAbsent = true
        }
        #expect(updating == (0, 1))
    }

    @Test func aChangeBehindTheShopIsNotSeen() throws {
        let world = shopWorld(seed: 1)
        world.shop?.strategy = .init(usesCache: true)
        let first = try world.request("GET /product/7")
        #expect(first.source == .database)
        #expect(try world.changeRow(7) == 2)
        let second = try world.request("GET /product/7")
        #expect(second.line == "200 OK product=7 source=cache time=1ms stale")
        #expect(world.number("app.stale_reads") == 1)
        let put = try world.request("PUT /product/7")
        #expect(put.line.hasPrefix("200 OK product=7 version=3 time="))
    }

    // MARK: A person at the shop

    @Test func theShopAnswersAPerson() throws {
        let world = shopWorld(seed: 7)
        let plain = try world.request("GET /product/42")
        #expect(plain.status == 200 && plain.source == .database)
        #expect((120...300).contains(Int(plain.time / millisecond)))
        #expect(plain.line.hasPrefix("200 OK product=42 source=db time="))
        world.shop?.strategy = .init(usesCache: true)
        _ = try world.request("GET /product/42")
        #expect(try world.request("GET /product/42").line.hasSuffix("source=cache time=1ms"))
        #expect(world.figure("key.ttl", ["product:42"])?.number == 300)
        #expect(try world.request("GET /product/999").line.hasPrefix("404 Not Found product=999"))
        #expect(throws: WorldError.self) { try world.request("GET /user/1") }
        #expect(throws: WorldError.self) { try world.request("POST /product/1") }
        #expect(throws: WorldError("this world has no shop")) {
            try World(WorldPlan()).request("GET /product/1")
        }
    }

    /// Without its cache the shop goes to the database, and comes back when the cache does.
    @Test func theShopSurvivesItsCache() throws {
        let world = shopWorld(seed: 7)
        world.shop?.strategy = .init(usesCache: true)
        _ = try world.request("GET /product/1")
        try world.inject(.kill(node: "primary"), for: 60 * second)
        #expect(try world.request("GET /product/1").source == .database)
        world.advance(61 * second)
        #expect(try world.request("GET /product/1").source == .database)
        #expect(try world.request("GET /product/1").source == .cache)
        try world.inject(.slowDatabase(factor: 10), for: 10 * second)
        #expect(try world.request("GET /product/2").time > 1200 * millisecond)
        try world.inject(.pause(node: "primary"), for: 5 * second)
        let late = try world.request("GET /product/1")
        #expect(late.source == .cache && late.time > 2 * second)
    }

    @Test func aDatabaseWithFewConnectionsQueues() throws {
        let world = shopWorld(seed: 7) { $0.database?.connections = 10 }
        try world.play(LoadPlan("too much", rate: 100, for: 10 * second))
        // Ten at a time, five rounds a second: a thousand requests need twenty seconds.
        #expect(world.number("clock.elapsed") > 19e9)
        #expect(world.time("app.latency.max") > 9000)
        #expect(world.number("db.qps_max") == 100)
    }
}
