import Bytes
import Simulation
import Testing
import Wire

/// Loads come at their times, in their numbers, for their keys.
@Suite struct SimulatedLoadTests {
    private func commands(_ words: [String]..., weight: Int = 1) -> LoadPlan.Client {
        .commands(session: "r", [.init(words, weight: weight)])
    }

    @Test func ratesAreExact() throws {
        let world = World(WorldPlan())
        let load = LoadPlan("even", client: commands(["PING"]), rate: 333, for: 3 * second)
        let number = try world.start(load)
        world.advance(second - 1)
        #expect(world.sent(load: number) == 333)
        world.finish(load: number)
        #expect(world.sent(load: number) == 999)
        #expect(world.number("cmd.calls", ["ping"]) == 999)
        #expect(!world.isRunning(load: number))
    }

    @Test func rampsAreExact() throws {
        let world = World(WorldPlan())
        var load = LoadPlan("ramp", client: commands(["PING"]), rate: 1, for: 1)
        load.stages = [
            .init(duration: 10 * second, from: 0, to: 100),
            .init(duration: 5 * second, rate: 100),
            .init(duration: 10 * second, from: 100, to: 0),
        ]
        let number = try world.start(load)
        world.advance(5 * second - 1)
        #expect(world.sent(load: number) == 125)
        world.advance(5 * second)
        #expect(world.sent(load: number) == 500)
        world.advance(5 * second)
        #expect(world.sent(load: number) == 1000)
        world.finish(load: number)
        #expect(world.sent(load: number) == 1500)
    }

    @Test func aLoadIsStopped() throws {
        let world = shopWorld(seed: 1)
        let number = try world.start(LoadPlan("long", rate: 100, for: 3600 * second))
        world.advance(second)
        world.stop(load: number)
        world.finish(load: number)
        #expect(world.sent(load: number) == 101)
        #expect(world.number("app.requests") == 101)
    }

    @Test func keysAreChosen() throws {
        func counts(_ choice: LoadPlan.Choice) throws -> [Int] {
            let world = World(WorldPlan())
            try world.play(
                LoadPlan(
                    "count", client: commands(["INCR", "k:{key}"]), rate: 1000, for: 10 * second,
                    keys: 1...10, choice: choice))
            return (1...10).map { key in
                guard case .reply(let reply) = world.call(["GET", "k:\(key)"], session: "r")
                else { return -1 }
                return Int(reply.integer ?? 0)
            }
        }
        #expect(try counts(.scan) == Array(repeating: 1000, count: 10))
        #expect(try counts(.uniform).allSatisfy { (850...1150).contains($0) })
        let hot = try counts(.hot(share: 0.5))
        #expect((4800...5200).contains(hot[0]))
        #expect(hot.dropFirst().allSatisfy { (450...660).contains($0) })
        let zipf = try counts(.zipf(exponent: 1))
        // The sum of 1 / k up to ten is 2.929.
        #expect((3250...3580).contains(zipf[0]))
        #expect((1580...1840).contains(zipf[1]))
        #expect(zipf.reduce(0, +) == 10_000)
    }

    @Test func scriptsAreFilledIn() throws {
        let world = World(WorldPlan())
        let script = LoadPlan.Client.commands(
            session: "game",
            [
                .init(
                    [
                        ["ZINCRBY", "board", "{5..9}", "{name}"],
                        ["HSET", "session:{key}", "seen", "{n}", "{odd}", "{bytes:20}"],
                        ["EXPIRE", "session:{key}", "1800"],
                    ], weight: 3),
                .init([["LPUSH", "board", "x"]]),
            ])
        try world.play(
            LoadPlan(
                "game", client: script, rate: 100, for: 10 * second, keys: 1...3,
                choice: .uniform))
        #expect(world.number("app.requests") == 1000)
        let errors = world.number("app.errors")
        #expect((180...320).contains(errors))
        #expect(world.number("cmd.calls", ["expire"]) == 1000 - errors)
        #expect(world.number("net.round_trips") == 1000)
        guard case .reply(let board) = world.call(["ZRANGE", "board", "0", "-1"], session: "r"),
            case .reply(let value) = world.call(["HGET", "session:1", "{odd}"], session: "r")
        else { return #expect(Bool(false), "no replies") }
        let names = (board.elements ?? []).compactMap { $0.bytes?.text }
        #expect(names.sorted() == ["ada", "grace", "linus"])
        #expect(value == .bulk(text: String(repeating: "x", count: 20)))
        #expect(world.figure("key.ttl", ["session:1"])?.number ?? 0 > 1700)
    }

    /// A leaderboard is in the order that sorting the same scores gives.
    @Test func theBoardAgreesWithASort() throws {
        let world = World(WorldPlan(seed: 11))
        let game = commands(["ZINCRBY", "board", "{1..50}", "{name}"])
        try world.play(
            LoadPlan("game", client: game, rate: 100, for: 20 * second, keys: 1...40))
        let words = ["ZRANGE", "board", "0", "-1", "REV", "WITHSCORES"]
        guard case .reply(let reply) = world.call(words, session: "r"), let pairs = reply.pairs
        else { return #expect(Bool(false), "no board") }
        let board = pairs.map { (Int($0.value.integer ?? -1), $0.key.bytes?.text ?? "") }
        let sorted = board.sorted { ($0.0, $0.1) > ($1.0, $1.1) }
        #expect(board.map(\.1) == sorted.map(\.1))
        #expect(board.count == 40)
        #expect(board.reduce(0) { $0 + $1.0 } > 40_000)
    }

    @Test func aLoadDoesNotDisturbASession() throws {
        let world = World(WorldPlan())
        try world.start(
            LoadPlan("noise", client: commands(["INCR", "n"]), rate: 1000, for: 60 * second))
        _ = world.call(["MULTI"], session: "r")
        world.advance(second)
        _ = world.call(["GET", "n"], session: "r")
        guard case .reply(let reply) = world.call(["EXEC"], session: "r") else {
            return #expect(Bool(false), "no reply")
        }
        #expect(reply.elements?.first?.integer ?? 0 >= 1000)
    }

    @Test func whatCannotRunIsRefused() {
        let world = World(WorldPlan())
        #expect(throws: WorldError.self) {
            try world.start(LoadPlan("shop", rate: 1, for: second))
        }
        #expect(throws: WorldError.self) {
            try world.start(
                LoadPlan(
                    "none", client: .commands(session: "r", []), rate: 1, for: second))
        }
    }
}
