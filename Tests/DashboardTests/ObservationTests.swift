import Bytes
import Client
import Engine
import Server
import Terminal
import Testing
import Wire

@testable import Dashboard

/// The engine's own account of itself: it tells what INFO tells, at the same instant.
@Suite struct ObservationTests {
    private func node() throws -> HostedNode {
        var settings = Settings()
        settings.departures = 100
        settings.watchesHotKeys = true
        settings.watchesBigKeys = true
        settings.maximumMemory = 64 << 20
        return try HostedNode(settings: settings, seed: 11)
    }

    private func work(_ endpoint: Endpoint, from first: Int) {
        for index in first..<(first + 40) {
            _ = endpoint.call(["SET", "item:\(index)", "value \(index)", "EX", "1000"])
            _ = endpoint.call(["GET", "item:\(index)"])
            _ = endpoint.call(["GET", "nothing"])
        }
        _ = endpoint.call(["RPUSH", "list:a", "1", "2"])
        _ = endpoint.call(["INCR", "list:a"])
        _ = endpoint.call(["PUBLISH", "news", "one"])
        _ = endpoint.call(["DEL", "item:\(first)"])
        _ = endpoint.call(["NONSENSE"])
    }

    /// INFO and an observation of one instant, as samples of that instant.
    private func both(_ node: HostedNode, second: Int64) throws -> (info: Sample, told: Sample) {
        let (told, info) = try node.withStore { store in
            // Whoever looks brings up to date what the host tells of the process.
            let told = store.observe(.histograms)
            return (told, store.info(Set(MetricSection.allCases)))
        }
        var samples = (
            info: Sample(instant: second * 1000, wall: 0, interval: 1000),
            told: Sample(instant: second * 1000, wall: 0, interval: 1000)
        )
        samples.info.read(info: String(decoding: info, as: UTF8.self))
        samples.told.read(told)
        return samples
    }

    @Test func figuresAreThoseOfINFOAtTheSameInstant() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        var info = Dashboard(Source(name: "node"))
        var told = Dashboard(Source(name: "node"))
        for second in 1...3 {
            work(endpoint, from: second * 100)
            let samples = try both(node, second: Int64(second))
            info.take(samples.info)
            told.take(samples.told)
            for (name, text) in samples.told.texts where name != "tcp_port" {
                #expect(samples.info.texts[name] == text, "\(name)")
            }
        }
        let views = (info: info.view(), told: told.view())
        let elsewhere: Set<FigureID> = [
            .latency50, .latency99, .latency999, .roundTrip, .hottestShare, .biggestKey,
            .victimIdle,
        ]
        var compared = 0
        for id in FigureID.allCases where !elsewhere.contains(id) {
            let (left, right) = (views.info.snapshot?[id], views.told.snapshot?[id])
            #expect((left == nil) == (right == nil), "\(id): \(left ?? -1) \(right ?? -1)")
            guard let left, let right else { continue }
            compared += 1
            #expect(abs(left - right) <= 1e-6 * max(abs(left), 1), "\(id): \(left) \(right)")
        }
        #expect(compared >= 38)
        // What is printed is the same to the letter, but for what INFO does not tell.
        for id in [PanelID.memory, .memoryParts, .hitRate, .removal, .keyspace] {
            #expect(views.info.panel(id).blocks == views.told.panel(id).blocks, "\(id)")
        }
        // INFO has the time of a snapshot even where none is ever written.
        let kept = views.told.panel(.persistence).blocks
        #expect("\(kept)".contains("nothing is kept on disk yet"))
        #expect(!"\(views.info.panel(.persistence).blocks)".contains("nothing is kept on disk"))
        let rows = (views.info.snapshot?.commands ?? [], views.told.snapshot?.commands ?? [])
        #expect(rows.0.map(\.name) == rows.1.map(\.name) && rows.0.count >= 5)
        #expect(rows.0.map(\.calls) == rows.1.map(\.calls))
        #expect(rows.0.map(\.mean) == rows.1.map(\.mean))
        #expect(rows.0.map(\.errors) == rows.1.map(\.errors))
    }

    @Test func whatINFODoesNotTellIsThere() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        _ = endpoint.call(["CLIENT", "SETNAME", "me"])
        var dashboard = Dashboard(Source(name: "node", isEmbedded: true))
        for second in 1...2 {
            work(endpoint, from: second * 100)
            dashboard.take(try both(node, second: Int64(second)).told)
        }
        let snapshot = try #require(dashboard.view().snapshot)
        #expect(snapshot[.latency50] != nil && snapshot[.latency999] != nil)
        #expect(snapshot.departures?.first?.key == "item:200")
        #expect(snapshot.hotKeys?.isEmpty == false && snapshot.bigKeys?.isEmpty == false)
        #expect(snapshot.types?.map(\.type) == ["string", "list"])
        #expect(snapshot.prefixes?.map(\.name.text) == ["item:", "list:"])
        #expect(snapshot.prefixes?.first?.keys == 78 && snapshot.prefixSample == 79)
        #expect(snapshot.clients?.map(\.name) == ["me"])
        #expect(snapshot.commands.first { $0.name == "GET" }?.p99 != nil)
    }

    // MARK: The reader

    private final class Notes {
        var texts: [String] = []
    }

    private func reader(
        _ node: HostedNode, inProcess: Bool, _ notes: Notes, _ clock: Clock
    ) -> ObservationReader {
        let endpoint = Endpoint(.embedded, embedded: { node }, version: .three)
        let asker = Asker(endpoint) { text, _ in notes.texts.append(text) }
        return ObservationReader(
            asker, node: inProcess ? node : nil, interval: 100, clock: { clock.now })
    }

    private final class Clock {
        var now: UInt64 = 5_000_000_000
    }

    @Test func tablesComeOnceASecond() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        work(endpoint, from: 0)
        let (notes, clock) = (Notes(), Clock())
        let reader = reader(node, inProcess: false, notes, clock)
        var samples: [Sample] = []
        for _ in 0..<30 {
            samples.append(reader.read(Demand()))
            clock.now += 100_000_000
        }
        #expect(notes.texts.count { $0 == "LARDER OBSERVE HISTOGRAMS" } == 3)
        #expect(notes.texts.count { $0 == "LARDER OBSERVE FIGURES" } == 27)
        // What the connection sends of its own accord is among it.
        #expect(
            notes.texts.prefix(3) == ["HELLO 3", "CLIENT SETNAME larder-dashboard", "CLIENT ID"])
        #expect(notes.texts.count == 33)
        #expect(samples.allSatisfy { $0.problem == nil && $0.commands["GET"]?.calls == 80 })
        #expect(samples.allSatisfy { $0.texts["run_id"] == samples[0].texts["run_id"] })
        #expect(samples.filter { $0.clients != nil }.count == 3)
        // The watcher is in no table and in no rate.
        #expect(samples[0].clients?.count == 1)
        var dashboard = Dashboard(Source(name: "node"))
        for sample in samples { dashboard.take(sample) }
        let snapshot = try #require(dashboard.view().snapshot)
        #expect(snapshot[.operations] == 0)
        #expect(snapshot.commands.contains { $0.name.hasPrefix("LARDER") } == false)
        let out = try #require(snapshot[.output])
        #expect(out < 200, "\(out) bytes a second on an idle node")
    }

    /// R2: an engine that nobody asks anything is looked at twice a second.
    @Test(arguments: [true, false]) func whereNothingHappensLooksAreRarer(inProcess: Bool) throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        work(endpoint, from: 0)
        let clock = Clock()
        let reader = reader(node, inProcess: inProcess, Notes(), clock)
        func still(_ count: Int) -> [Bool] {
            (0..<count).map { _ in
                defer { clock.now += 100_000_000 }
                return reader.read(Demand()).isStill
            }
        }
        let first = still(30)
        #expect(first.prefix(20).allSatisfy { !$0 } && first.suffix(9).allSatisfy { $0 })
        _ = endpoint.call(["PING"])
        let second = still(30)
        #expect(second.prefix(20).allSatisfy { !$0 } && second.suffix(9).allSatisfy { $0 })
        #expect(SamplerThread.pace(Demand(), isStill: false, usual: 100) == 100)
        #expect(SamplerThread.pace(Demand(), isStill: true, usual: 100) == 500)
        #expect(SamplerThread.pace(Demand(), isStill: true, usual: 2000) == 2000)
    }

    @Test func withinTheProcessNothingIsSent() throws {
        let node = try node()
        let endpoint = Endpoint(.embedded, embedded: { node })
        work(endpoint, from: 0)
        let (notes, clock) = (Notes(), Clock())
        let reader = reader(node, inProcess: true, notes, clock)
        let before = try node.withStore { $0.statistics.commandsProcessed }
        for _ in 0..<20 {
            #expect(reader.read(Demand()).numbers["keyspace_misses"] == 40)
            clock.now += 100_000_000
        }
        #expect(notes.texts.isEmpty)
        #expect(try node.withStore { $0.statistics.commandsProcessed } == before)
        // A board is read by commands, and only then.
        _ = endpoint.call(["ZADD", "board", "1", "a", "3", "b"])
        var demand = Demand()
        demand.boards = [Array("board".utf8)]
        let board = try #require(reader.read(demand).boards.first)
        #expect(board.count == 2 && board.rows.map(\.score) == [3, 1])
        #expect(notes.texts.last == "ZRANGE board 0 29 REV WITHSCORES")
    }

    @Test func anotherKindOfServerIsSaid() throws {
        let node = try node()
        let (notes, clock) = (Notes(), Clock())
        let reader = reader(node, inProcess: false, notes, clock)
        let endpoint = Endpoint(.embedded, embedded: { node })
        _ = endpoint.call(["CONFIG", "SET", "requirepass", "x"])
        #expect(reader.read(Demand()).problem?.contains("NOAUTH") == true)
    }
}
