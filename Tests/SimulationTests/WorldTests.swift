import Bytes
import Engine
import Grammar
import Simulation
import Testing
import Wire

/// What a world is before there is a shop in it: nodes, sessions, time, faults.
@Suite struct WorldTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let second: UInt64 = 1_000_000_000

    private func world(seed: UInt64 = 7, _ change: (inout WorldPlan) -> Void = { _ in }) -> World {
        var plan = WorldPlan(seed: seed)
        change(&plan)
        return World(plan)
    }

    @Test func aCallTakesItsRoundTripAndTheWork() {
        let world = world { $0.roundTrip = Self.millisecond }
        #expect(world.call(["SET", "a", "1"], session: "r") == .reply(.simple("OK")))
        #expect(world.now == Self.millisecond + 7_000)
        #expect(world.call(["GET", "a"], session: "bob") == .reply(.bulk("1")))
        #expect(world.now == 2 * (Self.millisecond + 7_000))
        #expect(world.sessions == ["r", "bob"])
        world.setRoundTrip(0, session: "bob")
        _ = world.call(["GET", "a"], session: "bob")
        #expect(world.now == 2 * Self.millisecond + 21_000)
    }

    @Test func aPipelineSavesRoundTrips() {
        let commands = (1...1000).map { ["SET", "k\($0)", "v"].map { Array($0.utf8) } }
        func time(_ depth: Int) -> UInt64 {
            let world = world { $0.roundTrip = Self.millisecond }
            let answers = world.pipeline(commands, session: "r", depth: depth)
            #expect(answers == Array(repeating: .reply(.simple("OK")), count: 1000))
            return world.now
        }
        let single = time(1)
        #expect(single == 1000 * (Self.millisecond + 7_000))
        #expect(Double(single) / Double(time(5)) < 5)
        #expect(Double(single) / Double(time(6)) > 5)
        #expect(time(16) == 63 * (Self.millisecond + 6_000) + 1000 * 1_000)
    }

    @Test func keysExpireByTheVirtualClock() throws {
        let world = world()
        _ = world.call(["SET", "a", "1", "EX", "300"], session: "r")
        #expect(world.call(["TTL", "a"], session: "r") == .reply(.integer(300)))
        world.advance(299 * Self.second)
        #expect(world.call(["GET", "a"], session: "r") == .reply(.bulk("1")))
        world.advance(2 * Self.second)
        // The ticks of the node have removed it; nobody had to ask.
        #expect(try world.observe().total.expired == 1)
        #expect(world.call(["TTL", "a"], session: "r") == .reply(.integer(-2)))
        #expect(world.wall.milliseconds == WorldPlan.newYear.milliseconds + 301_000)
    }

    /// Hours without anything to do go by in a few hundred ticks, and what was due has happened.
    @Test func idleHoursAreShort() throws {
        let world = world()
        for number in 1...500 {
            let time = "\(number * 20)"
            _ = world.call(["SET", "k\(number)", "v", "EX", time], session: "r")
        }
        world.advance(12 * 3600 * Self.second)
        #expect(try world.observe().total.expired == 500)
        #expect(world.call(["DBSIZE"], session: "r") == .reply(.integer(0)))
    }

    @Test func waitingCommandsAreCollected() {
        let world = world()
        #expect(world.call(["BLPOP", "q", "0"], session: "a") == .waits)
        #expect(world.collect(session: "a") == nil)
        #expect(world.call(["RPUSH", "q", "x"], session: "b") == .reply(.integer(1)))
        #expect(world.collect(session: "a") == .reply(.array([.bulk("q"), .bulk("x")])))
        #expect(world.collect(session: "a") == nil)
        #expect(world.call(["BLPOP", "q", "1.5"], session: "a") == .waits)
        #expect(world.call(["PING"], session: "a") == .waits)
        world.advance(Self.second)
        #expect(world.collect(session: "a") == nil)
        world.advance(Self.second)
        #expect(world.collect(session: "a") == .reply(.null(.array)))
        #expect(world.collect(session: "a") == .reply(.simple("PONG")))
    }

    @Test func aCommandThatWaitsMayLoseItsNode() throws {
        let world = world()
        #expect(world.call(["BLPOP", "q", "0"], session: "a") == .waits)
        try world.inject(.kill(node: "primary"), for: Self.second)
        #expect(world.collect(session: "a") == .none("the node closed the connection"))
        #expect(world.collect(session: "a") == nil)
        world.advance(2 * Self.second)
        #expect(world.call(["PING"], session: "a") == .reply(.simple("PONG")))
    }

    @Test(arguments: [2, 3]) func messagesReachSubscribers(version: Int) {
        let world = world()
        for name in ["ann", "bob"] {
            _ = world.call(["HELLO", "\(version)"], session: name)
            guard case .reply(let reply) = world.call(["SUBSCRIBE", "news", "w"], session: name)
            else {
                Issue.record("no reply to SUBSCRIBE")
                continue
            }
            #expect(reply.elements?.first == .bulk("subscribe"))
            #expect(world.takePushes(session: name).count == 1)
        }
        let sent = world.call(["PUBLISH", "news", "hello"], session: "cy")
        #expect(sent == .reply(.integer(2)))
        for name in ["ann", "bob"] {
            let pushes = world.takePushes(session: name)
            #expect(pushes.map(\.elements) == [[.bulk("message"), .bulk("news"), .bulk("hello")]])
        }
        #expect(world.takePushes(session: "cy") == [])
    }

    @Test func aSessionCanBeUsedAsBytes() {
        let world = world()
        func send(_ text: String, _ session: String = "r") -> String? {
            world.receive(Array(text.utf8), session: session).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(send("SET a 1\r\nGET a\r\n") == "+OK\r\n$1\r\n1\r\n")
        #expect(send("*2\r\n$3\r\nGET\r\n$1\r") == "")
        #expect(send("\na\r\n") == "$1\r\n1\r\n")
        #expect(send("BLPOP q 0\r\nPING\r\n") == "")
        #expect(world.call(["LPUSH", "q", "x"], session: "bob") == .reply(.integer(1)))
        let late = String(decoding: world.takeBytes(session: "r"), as: UTF8.self)
        #expect(late == "*2\r\n$1\r\nq\r\n$1\r\nx\r\n+PONG\r\n")
        #expect(world.call(["GET", "a"], session: "r") == .reply(.bulk("1")))
        #expect(send("QUIT\r\n") == "+OK\r\n")
        #expect(!world.isConnected(session: "r"))
        #expect(send("PING\r\n") == "+PONG\r\n")
    }

    @Test func severalNodesStandSideBySide() {
        let world = world {
            var old = Settings()
            old.flavour = .redis72
            $0.nodes = [.init(name: "valkey"), .init(name: "redis", settings: old)]
            $0.homes = ["bob": "redis"]
        }
        _ = world.call(["SET", "a", "1"], session: "valkey")
        #expect(world.call(["EXISTS", "a"], session: "r") == .reply(.integer(1)))
        #expect(world.call(["EXISTS", "a"], session: "redis") == .reply(.integer(0)))
        #expect(world.call(["EXISTS", "a"], session: "bob") == .reply(.integer(0)))
        #expect(throws: WorldError("there is no node 'x'; the nodes are: valkey, redis")) {
            try world.observe(node: "x")
        }
    }

    // MARK: Faults

    @Test func aKilledNodeLosesAll() throws {
        let world = world()
        _ = world.call(["SET", "a", "1"], session: "r")
        try world.inject(.kill(node: "primary"))
        let nobody = Answer.none("could not connect to primary: connection refused")
        #expect(world.call(["GET", "a"], session: "r") == nobody)
        world.advance(Self.second)
        try world.restart(node: "primary")
        #expect(world.call(["GET", "a"], session: "r") == .reply(.null(.bulk)))
        try world.inject(.kill(node: "primary"), for: 5 * Self.second)
        #expect(world.call(["PING"], session: "r") == nobody)
        world.advance(6 * Self.second)
        #expect(world.call(["PING"], session: "r") == .reply(.simple("PONG")))
        #expect(world.call(["SHUTDOWN", "NOSAVE"], session: "r") == .silence)
        #expect(world.call(["PING"], session: "r") == nobody)
    }

    @Test func aPausedNodeAnswersLater() throws {
        let world = world()
        try world.inject(.pause(node: "primary"), for: 3 * Self.second)
        #expect(world.call(["PING"], session: "r") == .waits)
        #expect(world.receive(Array("PING\r\n".utf8), session: "b") == [])
        world.advance(2 * Self.second)
        #expect(world.collect(session: "r") == nil)
        world.advance(2 * Self.second)
        #expect(world.collect(session: "r") == .reply(.simple("PONG")))
        #expect(world.takeBytes(session: "b") == Array("+PONG\r\n".utf8))
    }

    /// What has a time to live goes by the clock of the node's machine, and what is due by it goes
    /// although nobody asks. The world's own time is not touched.
    @Test func aClockGoesWrongAndIsSetRight() throws {
        func seconds(_ world: World) -> Int64 {
            guard case .reply(let reply) = world.call(["TIME"], session: "r"),
                let text = reply.elements?.first?.bytes?.text
            else { return 0 }
            return Int64(text) ?? 0
        }
        let world = world()
        _ = world.call(["SET", "a", "1", "EX", "60"], session: "r")
        _ = world.call(["SET", "b", "1", "EX", "100"], session: "r")
        let begin = seconds(world)
        try world.inject(
            .clockSkew(node: "primary", milliseconds: 50_000), for: 30 * Self.second)
        #expect(seconds(world) - begin == 50)
        #expect(world.call(["TTL", "a"], session: "r") == .reply(.integer(10)))
        world.advance(11 * Self.second)
        #expect(try world.observe().total.expired == 1)
        #expect(world.wall.milliseconds == WorldPlan.newYear.milliseconds + 11_000)
        world.advance(20 * Self.second)
        #expect(world.activeFaults == [])
        #expect(world.call(["TTL", "b"], session: "r") == .reply(.integer(69)))
        #expect(seconds(world) - begin == 31)

        // Two of them add up, a process that is started anew has the same machine, and healing
        // sets the clock right.
        try world.inject(.clockSkew(node: "primary", milliseconds: -5_000))
        try world.inject(.clockSkew(node: "primary", milliseconds: -5_000))
        #expect(world.call(["TTL", "b"], session: "r") == .reply(.integer(79)))
        try world.restart(node: "primary")
        #expect(seconds(world) - begin == 21)
        world.heal()
        #expect(seconds(world) - begin == 31)
        #expect(throws: WorldError.self) {
            try world.inject(.clockSkew(node: "nobody", milliseconds: 1))
        }
        #expect(throws: WorldError.self) {
            try world.inject(.clockSkew(node: "primary", milliseconds: .min))
        }
    }

    @Test func linksAreCutDelayedAndLossy() throws {
        let world = world { $0.roundTrip = Self.millisecond }
        _ = world.call(["CLIENT", "SETNAME", "me"], session: "r")
        try world.inject(.cut(session: "r"))
        let cut = Answer.none("could not connect to primary: the network is cut")
        #expect(world.call(["PING"], session: "r") == cut)
        #expect(world.call(["PING"], session: "b") == .reply(.simple("PONG")))
        world.heal()
        // The connection is another one.
        #expect(world.call(["CLIENT", "GETNAME"], session: "r") == .reply(.null(.bulk)))
        try world.inject(.linkDelay(session: "b", nanoseconds: 50 * Self.millisecond))
        let begin = world.now
        _ = world.call(["PING"], session: "b")
        #expect(world.now - begin == 51 * Self.millisecond + 7_000)
        world.heal()
        try world.inject(.linkLoss(session: nil, share: 0.5))
        let before = world.now
        for _ in 0..<100 { _ = world.call(["PING"], session: "b") }
        #expect(world.now - before > 5 * Self.second)
        #expect(throws: WorldError.self) { try world.inject(.linkLoss(session: nil, share: 2)) }
        #expect(world.activeFaults == [.linkLoss(session: nil, share: 0.5)])
    }

    // MARK: The same again

    private func play(_ world: World) throws -> [String] {
        var seen: [String] = []
        for number in 1...200 {
            seen.append("\(world.call(["SADD", "s", "m\(number * 7 % 50)"], session: "r"))")
            seen.append("\(world.call(["SPOP", "s"], session: "bob"))")
            if number == 50 { try world.inject(.linkLoss(session: "bob", share: 0.2)) }
            if number == 100 { try world.inject(.pause(node: "primary"), for: Self.second) }
            if number == 150 { try world.restart(node: "primary") }
            world.advance(UInt64(number) * Self.millisecond)
            seen.append(world.digest())
        }
        return seen
    }

    @Test(arguments: [1, 7, 99] as [UInt64]) func theSameIsTheSame(seed: UInt64) throws {
        let first = try play(world(seed: seed) { $0.roundTrip = 700_000 })
        let second = try play(world(seed: seed) { $0.roundTrip = 700_000 })
        #expect(first == second)
        let other = try play(world(seed: seed + 1) { $0.roundTrip = 700_000 })
        #expect(first != other)
    }

    /// What is evicted follows from what a key costs, and that must not depend on what else the
    /// process has allocated and freed meanwhile.
    @Test func memoryIsTheSameWhateverWasFreedBefore() throws {
        func play(noise: Int) throws -> [String] {
            var held: [[UInt8]] = []
            for number in 0..<noise {
                held.append([UInt8](repeating: 1, count: 20 + number * 37 % 400))
                if number % 3 == 0 { held.remove(at: held.count / 2) }
            }
            let world = world {
                $0.nodes[0].settings.evictionPolicy = .allLRU
                $0.nodes[0].memoryAboveEmpty = 200 << 10
            }
            var seen: [String] = []
            for round in 1...20 {
                let size = 20 + round * 23
                _ = try world.fill("k\(round % 4):{1..200}", size: size, life: 1000)
                held.removeLast(min(held.count, noise / 40))
                seen.append("\(world.figure("cache.memory")?.number ?? 0) \(world.digest())")
            }
            return seen + ["\(world.figure("cache.evicted", window: .run)?.number ?? 0)"]
        }
        let quiet = try play(noise: 0)
        #expect(try play(noise: 3000) == quiet)
        #expect(try play(noise: 999) == quiet)
        #expect(quiet.last != "0.0")
    }

    @Test func theDigestTellsWhatDiffers() {
        func digest(_ change: (World) -> Void) -> String {
            let world = world()
            _ = world.call(["SET", "a", "1", "EX", "100"], session: "r")
            change(world)
            return world.digest()
        }
        let plain = digest { _ in }
        #expect(plain == digest { _ in })
        #expect(plain != digest { $0.advance(1) })
        #expect(plain != digest { _ = $0.call(["GET", "a"], session: "r") })
        let changed = digest { _ = $0.call(["EXPIRE", "a", "99"], session: "r") }
        let other = digest { _ = $0.call(["EXPIRE", "a", "98"], session: "r") }
        #expect(changed != other)
    }
}
