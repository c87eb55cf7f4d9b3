import Bytes
import Client
import Engine
import Glibc
import Server
import Terminal
import Testing
import Wire

@testable import Dashboard

/// The dashboard at a server elsewhere, seen from between the two: what it asks, and that what it
/// shows is what it was told.
@Suite("The dashboard at a server elsewhere")
struct DashboardAtServerTests {
    /// A server, what stands before it, and a reader whose clock is turned by hand.
    private final class Bench {
        let server: Endpoint
        let proxy: CountingProxy
        let reader: RemoteReader
        let interval: Int64
        private let clock = Clock()
        private let keeping: [AnyObject]

        private final class Clock {
            var now: UInt64 = 9_000_000_000
        }

        init(_ socket: String, interval: Int64, keeping: [AnyObject]) throws {
            self.keeping = keeping
            self.interval = interval
            server = Self.endpoint(socket)
            proxy = try CountingProxy(before: socket)
            let asker = Asker(Self.endpoint(proxy.path)) { _, _ in }
            reader = RemoteReader(asker, interval: interval, clock: { [clock] in clock.now })
        }

        private static func endpoint(_ socket: String) -> Endpoint {
            Endpoint(
                .remote(RemoteTarget(.unix(path: socket))),
                embedded: { throw Endpoint.Failure.cannotConnect("") })
        }

        /// The next sample, as if it were taken so much later.
        func next(_ demand: Demand = Demand()) -> Sample {
            defer { clock.now += UInt64(interval) * 1_000_000 }
            return reader.read(demand)
        }
    }

    enum Kind: String, CaseIterable { case larder, redis, valkey }

    private func bench(_ kind: Kind, interval: Int64 = 1000) throws -> Bench? {
        if kind != .larder {
            let model = kind == .redis ? RealServer.Kind.redis : .valkey
            guard model.binary != nil else { return nil }
            let server = try RealServer(model)
            return try Bench(server.socketPath, interval: interval, keeping: [server])
        }
        let path = "/tmp/larder-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let node = try HostedNode(settings: Settings(), seed: 5)
        let listener = try node.listen(on: .unix(path: path, mode: 0o600))
        return try Bench(path, interval: interval, keeping: [Held(node), Held(listener)])
    }

    private final class Held<Value> {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private func work(_ server: Endpoint, _ round: Int) {
        for index in 0..<20 {
            _ = server.call(["SET", "k\(round):\(index)", "value", "EX", "1000"])
            _ = server.call(["GET", "k\(round):\(index)"])
            if index % 4 == 0 { _ = server.call(["GET", "nothing"]) }
        }
        _ = server.call(["PUBLISH", "news", "x"])
        _ = server.call(["INCR", "k\(round):1"])
        _ = server.call(["CONFIG", "SET", "maxmemory", "104857600"])
    }

    private func info(_ bench: Bench) throws -> [String: String] {
        let last = bench.proxy.exchanges.last { $0.words.first == "INFO" }
        let text = try #require(last?.reply?.bytes?.text)
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        return fields
    }

    @Test("What is shown is what INFO said at that instant", arguments: Kind.allCases)
    func figuresAreThoseOfINFO(_ kind: Kind) throws {
        guard let bench = try bench(kind) else { return }
        var dashboard = Dashboard(Source(name: "server"))
        var texts: [[String: String]] = []
        for round in 0..<3 {
            work(bench.server, round)
            dashboard.take(bench.next(dashboard.demand))
            texts.append(try info(bench))
        }
        let (before, after) = (texts[1], texts[2])
        let view = dashboard.view()
        let snapshot = try #require(view.snapshot)
        func number(_ name: String, _ fields: [String: String]) -> Double? {
            fields[name].flatMap { Double($0.hasSuffix("%") ? String($0.dropLast()) : $0) }
        }
        var compared = 0
        func expect(_ id: FigureID, _ value: Double?, _ what: String) {
            compared += 1
            let shown = snapshot[id]
            guard let shown, let value else {
                Issue.record("\(id): \(shown ?? -1) shown, \(value ?? -1) said (\(what))")
                return
            }
            #expect(abs(shown - value) <= 1e-9 * max(abs(value), 1), "\(id): \(what)")
        }
        // The samples are one second apart.
        for figure in Figure.all {
            switch figure.reading {
            case .field("keys"), .field("expires"): continue
            case .field(let name):
                guard let value = number(name, after) else {
                    #expect(snapshot[figure.id] == nil)
                    continue
                }
                expect(figure.id, value, name)
            case .rise(let name):
                guard let new = number(name, after), let old = number(name, before) else {
                    continue
                }
                expect(figure.id, new - old, name)
            case .now, .both: continue
            }
        }
        expect(.keys, 60, "keys")
        expect(.volatileKeys, 60, "expires")
        expect(.hitRate, 80, "20 of 25")
        expect(.sessionHitRate, 80, "60 of 75")
        let used = try #require(number("used_memory", after))
        expect(.memoryShare, used / 104_857_600 * 100, "share")
        expect(.published, 1, "one message")
        expect(.operations, 48, "what others have sent between the two")
        #expect(compared >= 30)
        // What is printed is that.
        let json = PlainReport(.json).whole(view)
        for (id, name) in [(FigureID.usedMemory, "used_memory"), (.evictedTotal, "evicted_keys")] {
            let text = try #require(after[name])
            #expect(json.contains("\"\(id.rawValue)\": \(text)"), "\(name)")
        }
    }

    @Test("At most five commands a second, none of which grows with the keys")
    func base() throws {
        for kind in Kind.allCases {
            for interval in [1000, Int64(RemoteSampler.shortestInterval)] {
                guard let bench = try bench(kind, interval: interval) else { continue }
                // Who it is is said once.
                _ = bench.next()
                bench.proxy.clear()
                let perSecond = Int(1000 / interval)
                var most = 0
                for _ in 0..<60 {
                    let before = bench.proxy.exchanges.count
                    for _ in 0..<perSecond { _ = bench.next() }
                    most = max(most, bench.proxy.exchanges.count - before)
                }
                #expect(most <= 5, "\(kind) \(interval): \(most)")
                let asked = Set(bench.proxy.exchanges.map { $0.words.joined(separator: " ") })
                #expect(asked == ["INFO all", "LATENCY HISTOGRAM", "SLOWLOG GET 32"])
                #expect(bench.proxy.exchanges.count <= 60 * (perSecond + 2))
            }
        }
    }

    @Test("A panel's own budget is spent while it is on the screen")
    func panels() throws {
        for kind in Kind.allCases {
            guard let bench = try bench(kind) else { continue }
            _ = bench.server.call(["ZADD", "board", "1", "a"])
            var dashboard = Dashboard(Source(name: "server"))
            dashboard.perform("screen 2")
            #expect(dashboard.demand == Demand())
            dashboard.perform("pin board")
            dashboard.perform("screen 6")
            _ = bench.next(dashboard.demand)
            bench.proxy.clear()
            for _ in 0..<20 { _ = bench.next(dashboard.demand) }
            func count(_ words: String...) -> Int {
                bench.proxy.exchanges.count { $0.words.starts(with: words) }
            }
            #expect(count("PUBSUB", "CHANNELS") == 20)
            #expect(count("ZCARD", "board") == 20 && count("ZRANGE", "board") == 20)
            #expect(count("MONITOR") == 0 && count("PSUBSCRIBE") == 0 && count("SCAN") == 0)
            dashboard.perform("screen 4")
            bench.proxy.clear()
            for _ in 0..<20 { _ = bench.next(dashboard.demand) }
            #expect(count("CLIENT", "LIST") == 10 && count("PUBSUB") == 0)
            dashboard.perform("screen 2")
            dashboard.perform("unpin board")
            bench.proxy.clear()
            for _ in 0..<20 { _ = bench.next(dashboard.demand) }
            #expect(count("CLIENT") + count("PUBSUB") + count("ZCARD") + count("ZRANGE") == 0)
        }
    }

    @Test("The watcher is in no table and in no rate")
    func own() throws {
        for kind in Kind.allCases {
            guard let bench = try bench(kind) else { continue }
            _ = bench.server.call(["CLIENT", "SETNAME", "other"])
            var dashboard = Dashboard(Source(name: "server"))
            for _ in 0..<5 { dashboard.take(bench.next(dashboard.demand)) }
            let snapshot = try #require(dashboard.view().snapshot)
            #expect(snapshot.clients?.map(\.name) == ["other"])
            #expect(snapshot[.operations] == 0)
            #expect(Set(snapshot.commands.map(\.name)).isSubset(of: ["CLIENT SETNAME"]))
            let (sent, received) = (try #require(snapshot[.input]), try #require(snapshot[.output]))
            // Replies to INFO differ by a few digits.
            #expect(sent == 0 && received < 100, "\(kind): \(sent) \(received)")
        }
    }

    @Test("A board of very many members costs what its top costs")
    func board() throws {
        for kind in Kind.allCases {
            guard let bench = try bench(kind) else { continue }
            var sizes: [Int] = []
            for count in [100, 1_000_000] {
                for start in stride(from: 0, to: count, by: 5000) {
                    var words = ["ZADD", "board"]
                    for index in start..<min(start + 5000, count) {
                        words += [String(1_000_000 + index), "member-\(1_000_000 + index)"]
                    }
                    _ = bench.server.call(words)
                }
                var dashboard = Dashboard(Source(name: "server"))
                dashboard.perform("pin board")
                bench.proxy.clear()
                dashboard.take(bench.next(dashboard.demand))
                let board = try #require(dashboard.view().snapshot?.boards.first)
                #expect(board.count == Double(count) && board.rows.count == 30)
                #expect(board.rows[0].score == Double(999_999 + count))
                let asked = bench.proxy.exchanges.filter { $0.words.contains("board") }
                #expect(
                    asked.map(\.words) == [
                        ["ZCARD", "board"], ["ZRANGE", "board", "0", "29", "REV", "WITHSCORES"],
                    ])
                sizes.append(asked.last?.reply?.elements?.count ?? 0)
            }
            #expect(sizes == [60, 60])
        }
    }
}
