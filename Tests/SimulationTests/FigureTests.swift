import Engine
import Simulation
import Testing

/// Every declared figure can be had, and says what was done.
@Suite struct WorldFigureTests {
    @Test func theListIsClosedAndComplete() {
        #expect(Set(World.figures.map(\.name)).count == World.figures.count)
        let world = shopWorld(seed: 1)
        world.shop?.strategy = .init(usesCache: true)
        world.threads = ThreadsModel(execution: 0.4, threads: 8)
        world.tryPipeline(depth: 6, commands: 100, session: "r")
        #expect(throws: Never.self) {
            for line in ["GET /product/1", "GET /product/1", "PUT /product/1"] {
                _ = try world.request(line)
            }
        }
        let samples: [FigureDeclaration.Argument: String] = [
            .command: "get", .key: "product:1", .element: "0", .node: "primary", .channel: "news",
            .session: "bob", .share: "40%", .number: "8", .file: "dump.rdb",
        ]
        for declaration in World.figures {
            #expect(!declaration.help.isEmpty)
            let arguments = declaration.arguments.map { samples[$0] ?? "" }
            let figure = world.figure(declaration.name, arguments)
            #expect(
                (figure == nil) == (declaration.missing != nil), "\(declaration.name)")
            if let figure { #expect(figure.unit == declaration.unit) }
            if declaration.arguments.isEmpty { continue }
            #expect(
                world.figure(declaration.name) == nil || declaration.optionalArguments > 0)
            #expect(world.figure(declaration.name, arguments + ["x"]) == nil)
        }
        #expect(world.figure("cache.hitratio") == nil)
    }

    /// One element of a value, as its type means it, without a trace of the look.
    @Test func elementsOfKeys() {
        let world = World(WorldPlan())
        world.beginRun()
        for line in [
            ["HSET", "h", "lamp", "2", "name", "desk lamp"], ["RPUSH", "l", "one", "2"],
            ["ZADD", "z", "1.5", "ann", "900", "bob"], ["SADD", "s", "a", "7"],
            ["SET", "t", "text"],
        ] { _ = world.call(line, session: "r") }
        func element(_ key: String, _ name: String) -> String? {
            guard case .text(let text) = world.figure("key.element", [key, name])?.value else {
                return nil
            }
            return text
        }
        let before = world.number("cache.hits", [], .run)
        #expect(element("h", "lamp") == "2" && element("h", "name") == "desk lamp")
        #expect(element("l", "0") == "one" && element("l", "-1") == "2")
        #expect(element("z", "ann") == "1.5" && element("z", "bob") == "900")
        #expect(element("s", "a") == "a" && element("s", "7") == "7")
        for (key, name) in [
            ("h", "x"), ("l", "2"), ("l", "x"), ("z", "x"), ("s", "x"), ("t", "0"), ("none", "x"),
        ] { #expect(element(key, name) == "") }
        #expect(world.number("cache.hits", [], .run) == before)
    }

    @Test func windowsCutWhatTheySay() throws {
        let world = World(WorldPlan())
        world.beginRun()
        let client = LoadPlan.Client.commands(session: "r", [.init([["GET", "a"]])])
        try world.play(LoadPlan("one", client: client, rate: 10, for: 10 * second))
        _ = world.call(["SET", "a", "1"], session: "r")
        try world.play(LoadPlan("two", client: client, rate: 20, for: 10 * second))
        #expect(world.number("app.requests", [], .run) == 300)
        #expect(world.number("app.requests", [], .step) == 200)
        #expect(world.number("cmd.calls", ["get"], .run) == 300)
        #expect(world.number("cmd.calls", ["get"], .step) == 200)
        #expect(world.number("cache.hits", [], .run) == 200)
        #expect(world.number("cache.hit_ratio", [], .step) == 1)
        #expect(abs(world.number("cache.hit_ratio", [], .run) - 2.0 / 3) < 1e-9)
        let last = FigureWindow.last(5 * second)
        #expect((99...101).contains(world.number("app.requests", [], last)))
        #expect((97...103).contains(world.number("cache.hits", [], last)))
        #expect(world.number("app.requests", [], .last(3600 * second)) == 300)
        let course = world.course(of: "app.requests", over: 20 * second, in: 4)
        #expect(course.count == 4)
        #expect(course.compactMap(\.self).reduce(0, +) == 300)
        #expect(world.course(of: "cache.keys", over: second, in: 4) == [])
    }

    @Test func aStepBeginsExactly() throws {
        let world = World(WorldPlan())
        _ = world.call(["SET", "a", "1"], session: "r")
        world.beginStep()
        // Nothing has happened since, though it was at this very moment.
        #expect(world.number("net.round_trips") == 0)
        #expect(world.number("cmd.calls", ["set"]) == 0)
        #expect(world.number("clock.elapsed") == 0)
        _ = world.call(["SET", "a", "1"], session: "r")
        #expect(world.number("cmd.calls", ["set"]) == 1)
        #expect(world.number("clock.elapsed") == 7_000)
    }

    @Test func keysAreLookedAtWithoutATrace() {
        let world = World(WorldPlan())
        for words in [
            ["SET", "s", "hello", "EX", "100"], ["RPUSH", "l", "a", "b"], ["ZADD", "z", "1", "a"],
        ] { _ = world.call(words, session: "r") }
        let before = world.digest()
        #expect(world.figure("key.value", ["s"])?.value == .text("hello"))
        #expect(world.figure("key.type", ["z"])?.value == .text("zset"))
        #expect(world.figure("key.type", ["no"])?.value == .text("none"))
        #expect(world.number("key.ttl", ["s"]) == 100)
        #expect(world.number("key.ttl", ["l"]) == -1)
        #expect(world.number("key.ttl", ["no"]) == -2)
        #expect(world.number("key.len", ["s"]) == 5)
        #expect(world.number("key.len", ["l"]) == 2)
        #expect(world.figure("key.exists", ["no"])?.value == .truth(false))
        #expect(world.digest() == before)
    }

    @Test func subscribersAreCounted() throws {
        let world = World(WorldPlan())
        _ = world.call(["SUBSCRIBE", "news"], session: "bob")
        _ = world.call(["PSUBSCRIBE", "n*"], session: "cy")
        for number in 1...3 { _ = world.call(["PUBLISH", "news", "\(number)"], session: "ann") }
        world.disconnect(session: "cy")
        _ = world.call(["PUBLISH", "news", "4"], session: "ann")
        #expect(world.number("pubsub.subscribers", ["news"]) == 1)
        #expect(world.number("pubsub.received", ["news", "bob"]) == 4)
        #expect(world.number("pubsub.received", ["news", "cy"]) == 3)
    }

    /// The latency ladder: what a client sees is the link and a little work.
    @Test(arguments: [0, 100, 500, 2000] as [UInt64])
    func theLinkIsTheLatency(microseconds: UInt64) throws {
        let world = World(WorldPlan())
        world.setRoundTrip(microseconds * 1000, session: "r")
        let client = LoadPlan.Client.commands(session: "r", [.init([["GET", "greeting"]])])
        try world.play(LoadPlan("near", client: client, rate: 1000, for: second))
        #expect(world.number("app.requests") == 1000)
        #expect(world.number("app.latency.p50") == Double(microseconds) * 1000 + 7_000)
        #expect(world.number("cmd.p50", ["get"]) == 1_000)
    }

    @Test func sixAtATimeAreFiveTimesAsFast() {
        let world = World(WorldPlan())
        world.setRoundTrip(millisecond, session: "r")
        #expect(world.tryPipeline(depth: 5, session: "r") < 5)
        #expect(world.tryPipeline(depth: 6, session: "r") > 5)
        #expect(world.number("pipeline.depth") == 6)
        world.beginStep()
        let commands = (1...1000).map { ["SET", "k\($0)", "v"].map { Array($0.utf8) } }
        _ = world.pipeline(commands, session: "r", depth: 16)
        #expect(world.number("net.round_trips") == 63)
        // Reading and writing is shared by sixteen, so a command costs a fifth.
        #expect((1.3...1.4).contains(world.number("cpu.us_per_op")))
    }

    @Test func threadsFollowAmdahl() {
        let world = World(WorldPlan())
        #expect(world.figure("threads.speedup") == nil)
        #expect(world.number("threads.limit", ["50%"]) == 2)
        #expect(world.number("threads.limit", ["0.2"]) == 5)
        #expect(abs(world.number("threads.speedup", ["20%", "8"]) - 3.333) < 0.01)
        world.threads = ThreadsModel(execution: 0.31, threads: 1000)
        #expect((3.2...3.23).contains(world.number("threads.speedup")))
        #expect(world.figure("threads.speedup")?.origin == .modelled)
    }

    @Test func memoryIsBoundedAboveTheBaseline() throws {
        let world = World(WorldPlan())
        let bound = try world.setMemoryLimit(aboveEmpty: 64 << 10)
        #expect(world.number("cache.maxmemory") == Double(bound))
        let (stored, error) = try world.fill("page:{1..2000}", size: 100)
        #expect(stored > 100 && stored < 2000)
        #expect(error == "OOM command not allowed when used memory > 'maxmemory'.")
        _ = world.call(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"], session: "r")
        let second = try world.fill("page:{1..2000}", size: 100, life: 300)
        #expect(second.stored == 2000 && second.error == nil)
        #expect(world.number("cache.evicted", [], .run) > 500)
        #expect(world.number("cache.memory") <= Double(bound))
        #expect(world.figure("key.exists", ["page:2000"])?.value == .truth(true))
    }

    @Test func keysMoveBetweenNodes() {
        let world = World(WorldPlan())
        #expect((0.74...0.76).contains(world.number("partition.moved", ["3", "4"])))
        #expect((0.2...0.3).contains(world.number("partition.moved_ring", ["3", "4"])))
        #expect((0.89...0.91).contains(world.number("partition.moved", ["9", "10"])))
        #expect((0.07...0.14).contains(world.number("partition.moved_ring", ["9", "10"])))
    }

    /// A shop with all its parts is the same twice.
    @Test(arguments: [3, 4] as [UInt64]) func theSameShopIsTheSame(seed: UInt64) throws {
        func play() throws -> [String] {
            let world = shopWorld(seed: seed)
            world.shop?.strategy = .init(usesCache: true, timeToLive: 5 * second)
            world.shop?.strategy.jitter = second
            var load = LoadPlan("mixed", rate: 50, for: 20 * second)
            load.writes = 2
            let number = try world.start(load)
            var seen: [String] = []
            for step in 0..<20 {
                if step == 5 { try world.inject(.slowDatabase(factor: 5), for: 3 * second) }
                if step == 9 { try world.inject(.pause(node: "primary"), for: second / 2) }
                if step == 12 { try world.inject(.kill(node: "primary"), for: second) }
                world.advance(second)
                seen.append(world.digest())
                seen.append("\(world.number("app.latency.mean", [], .run))")
            }
            world.finish(load: number)
            return seen + ["\(world.number("app.requests", [], .run))"]
        }
        let first = try play()
        #expect(first.last == "1000.0")
        #expect(try play() == first)
    }
}
