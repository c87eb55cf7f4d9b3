import Bytes
import Client
import Engine
import Server
import Terminal
import Testing
import Wire

@testable import Dashboard

/// The sampler at a real node: what it sends, what it finds, and what a server without this or
/// that does to it.
@Suite struct SamplerTests {
    private func samples(_ count: Int, _ sampler: RemoteSampler) -> [Sample] {
        var found: [Sample] = []
        while found.count < count {
            guard case .ready = Descriptor.wait(for: [sampler.descriptor], milliseconds: 20_000)
            else { break }
            found += sampler.take()
        }
        return found
    }

    private func sampler(_ node: HostedNode) throws -> RemoteSampler {
        let made = RemoteSampler(
            interval: 100, connect: { Endpoint(.embedded, embedded: { node }) })
        return try #require(made)
    }

    private func node() throws -> HostedNode { try HostedNode(settings: Settings(), seed: 7) }

    /// The figures are those of INFO at the same instant: the node is idle, so both are.
    /// What was sent is listed once a kind, and the list does not grow for ever.
    @Test func theLogCountsWhatIsSentAgain() {
        var log = CommandLog()
        for number in 0..<CommandLog.limit + 5 { log.note("GET \(number)", "a value") }
        log.note("GET 50", "a value")
        #expect(log.commands.count == CommandLog.limit)
        #expect(log.commands.first?.text == "GET 5")
        #expect(log.commands.first { $0.text == "GET 50" }?.count == 2)
    }

    @Test func figuresAreThoseOfINFO() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        for index in 0..<50 { _ = endpoint.call(["SET", "k\(index)", "v", "EX", "1000"]) }
        for _ in 0..<9 { _ = endpoint.call(["GET", "k1"]) }
        _ = endpoint.call(["GET", "nothing"])
        let sampler = try sampler(node)
        defer { sampler.stop() }
        var dashboard = Dashboard(Source(name: "node"))
        sampler.want(dashboard.demand)
        for sample in samples(3, sampler) { dashboard.take(sample) }
        let view = dashboard.view()
        guard case .reply(let reply) = endpoint.call(["INFO", "all"]) else {
            Issue.record("no INFO")
            return
        }
        var info: [Substring: Substring] = [:]
        for line in (reply.bytes?.text ?? "").split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            info[line[..<colon]] = line[line.index(after: colon)...]
        }
        let equal: [(FigureID, String)] = [
            (.keys, "50"), (.volatileKeys, "50"),
            (.evictedTotal, String(info["evicted_keys"] ?? "")),
            (.expiredTotal, String(info["expired_keys"] ?? "")),
            (.clients, String(info["connected_clients"] ?? "")),
            (.clientLimit, String(info["maxclients"] ?? "")),
            (.maximumMemory, String(info["maxmemory"] ?? "")),
        ]
        for (id, text) in equal {
            #expect(view.snapshot?[id] == Double(text), "\(id): \(text)")
        }
        #expect(view.snapshot?[.sessionHitRate] == 90)
        #expect(info["keyspace_hits"] == "9" && info["keyspace_misses"] == "1")
        let json = PlainReport(.json).whole(view)
        #expect(json.contains("\"keys\": 50") && json.contains("\"hit_rate_total\": 90"))
        #expect(view.snapshot?.commands.first { $0.name == "SET" }?.calls == 50)
        // The watcher is not in its own tables.
        #expect(view.snapshot?.commands.contains { $0.name == "INFO" } == false)
        #expect(view.snapshot?.clients?.contains { $0.name == "larder-dashboard" } != true)
    }

    @Test func whatAPanelWantsIsReadWhileItIsWanted() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        _ = endpoint.call(["ZADD", "board", "1", "a", "3", "b", "2", "c"])
        let sampler = try sampler(node)
        defer { sampler.stop() }
        var demand = Demand()
        demand.boards = [Array("board".utf8), Array("none".utf8)]
        demand.channels = true
        sampler.want(demand)
        var boards: [BoardSample] = []
        for _ in 0..<50 where boards.isEmpty {
            boards = samples(1, sampler).last { !$0.boards.isEmpty }?.boards ?? []
        }
        #expect(boards.map(\.count) == [3, 0])
        #expect(
            boards.first?.rows.map { String(decoding: $0.member, as: UTF8.self) } == [
                "b", "c", "a",
            ])
        #expect(sampler.log.contains { $0.text.hasPrefix("PUBSUB CHANNELS") })
    }

    /// How many samples a minute has, for a dashboard as it stands.
    private func samplesOfAMinute(_ dashboard: Dashboard, usual: Int64) -> Int {
        var instant: Int64 = 60_000
        var count = 0
        while instant < 120_000 {
            let pace = SamplerThread.pace(dashboard.demand, usual: usual)
            // Reading takes a little.
            instant = SamplerThread.due(after: instant + 3, pace)
            count += 1
        }
        return count
    }

    @Test func aPauseNeedsASampleASecond() {
        var dashboard = Dashboard(Source(name: "node"))
        dashboard.take(Sample(instant: 60_000, wall: 0, interval: 100))
        #expect(samplesOfAMinute(dashboard, usual: 100) == 600)
        #expect(samplesOfAMinute(dashboard, usual: 1000) == 60)
        dashboard.perform("pause")
        #expect(samplesOfAMinute(dashboard, usual: 100) == 60)
        #expect(samplesOfAMinute(dashboard, usual: 1000) == 60)
        // Whoever samples less often goes on as before.
        #expect(samplesOfAMinute(dashboard, usual: 5000) == 12)
        dashboard.perform("back")
        #expect(samplesOfAMinute(dashboard, usual: 100) == 60)
        dashboard.perform("pause")
        #expect(samplesOfAMinute(dashboard, usual: 100) == 600)
    }

    /// Samples of a pause say how far apart they are meant to be, and the end of it brings one.
    @Test func theEndOfAPauseBringsASample() throws {
        let node = try node()
        let made = ObservationSampler(interval: 100, .node(node))
        let sampler = try #require(made)
        defer { sampler.stop() }
        var demand = Demand()
        demand.isAtRest = true
        sampler.want(demand)
        func next(_ wanted: (Sample) -> Bool) -> Bool {
            for _ in 0..<50 {
                guard case .ready = Descriptor.wait(for: [sampler.descriptor], milliseconds: 20_000)
                else { return false }
                if sampler.take().contains(where: wanted) { return true }
            }
            return false
        }
        #expect(next { $0.interval == 1000 && $0.problem == nil })
        sampler.want(Demand())
        #expect(next { $0.interval == 100 && $0.problem == nil })
    }

    @Test func nobodyThereIsSaid() throws {
        let target = Target.remote(RemoteTarget(.unix(path: "/tmp/larder-nobody-listens-here")))
        let made = RemoteSampler(
            interval: 100,
            connect: {
                Endpoint(target, embedded: { throw Endpoint.Failure.cannotConnect("") })
            })
        let sampler = try #require(made)
        defer { sampler.stop() }
        #expect(samples(1, sampler).first?.problem?.contains("could not connect") == true)
    }
}
