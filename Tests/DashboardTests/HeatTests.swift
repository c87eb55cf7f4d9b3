import Client
import Engine
import Server
import Terminal
import Testing

@testable import Dashboard

/// The strip of latencies: classes of times, their past, and what is drawn of it.
@Suite struct HeatTests {
    /// A server whose GETs take so long, so many in a second.
    private func dashboard(_ seconds: [[(limit: Double, calls: Double)]]) -> Dashboard {
        var dashboard = Dashboard(Source(name: "x"))
        var counts: [Double: Double] = [4: 1]
        for (second, calls) in ([[]] + seconds).enumerated() {
            for (limit, more) in calls { counts[limit, default: 0] += more }
            var sample = Sample(
                instant: 1_000_000 + Int64(second) * 1000, wall: Int64(second) * 1000,
                interval: 1000)
            sample.numbers["uptime_in_seconds"] = Double(second)
            var row = CommandCounters()
            for (limit, count) in counts.sorted(by: { $0.key < $1.key }) {
                row.calls += count
                row.histogram.append((limit, row.calls))
            }
            sample.commands["GET"] = row
            // What the dashboard itself asks takes long and is nobody's wait.
            var own = CommandCounters()
            own.calls = Double(second)
            own.histogram = [(500_000, Double(second))]
            sample.commands["INFO"] = own
            dashboard.take(sample)
        }
        return dashboard
    }

    @Test func everyBucketOfAServerHasAClassOfItsOwn() {
        let redis: [Double] = [
            1, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1056, 2113, 4227, 8454, 16_908, 33_816, 67_633,
            135_266, 270_532, 541_064, 1_082_130,
        ]
        let places = redis.map(LatencyClasses.place)
        #expect(places == Array(places[0]..<(places[0] + redis.count)))
        #expect(LatencyClasses.place(0.1) == 0)
        #expect(LatencyClasses.place(9e9) == LatencyClasses.limits.count - 1)
        #expect(LatencyClasses.labels.count == LatencyClasses.limits.count)
        #expect(Set(LatencyClasses.labels).count == LatencyClasses.labels.count)
        #expect(LatencyClasses.labels.allSatisfy { $0.count <= Canvas.scaleWidth - 2 })
    }

    @Test func sharesAreThoseOfTheTime() throws {
        let fast = [(limit: 4.0, calls: 900.0), (limit: 66.0, calls: 100.0)]
        let dashboard = dashboard([fast, fast, [], [(limit: 2113, calls: 10)]])
        let past = dashboard.history.latencies
        func shares(_ second: Int64) -> [Int: Double] {
            let end = 1_000_000 + second * 1000
            let found = past.shares(from: end - 1000, to: end)
            return Dictionary(
                uniqueKeysWithValues: found.enumerated().filter { $1 > 0 }.map { ($0, $1) })
        }
        let (four, many, more) = (
            LatencyClasses.place(4), LatencyClasses.place(66), LatencyClasses.place(2113)
        )
        let first = shares(1)
        #expect(abs((first[four] ?? 0) - 0.9) < 1e-6 && abs((first[many] ?? 0) - 0.1) < 1e-6)
        #expect(first.count == 2)
        #expect(shares(3).isEmpty)
        #expect(shares(4) == [more: 1])
        // The panel's table says the same of the last second.
        let table = try #require(dashboard.view().panel(.latencies).tables.first)
        #expect(table.rows.map { $0.map(\.text) } == [["2ms", "10", "100.0%"]])
        var paused = dashboard
        paused.perform("back 3")
        let then = try #require(paused.view().panel(.latencies).tables.first)
        let wanted = [["4us", "900", "90.0%"], ["64us", "100", "10.0%"]]
        #expect(then.rows.map { $0.map(\.text) } == wanted)
    }

    @Test func countersThatGoBackLeaveAGap() {
        var before = Sample(instant: 0, wall: 0, interval: 1000)
        var after = before
        after.commands["GET"] = CommandCounters()
        #expect(LatencyClasses.rates(Change(before: before, after: after, seconds: 1)) == nil)
        var row = CommandCounters()
        row.histogram = [(4, 10), (8, 12)]
        after.commands["GET"] = row
        let rates = LatencyClasses.rates(Change(before: before, after: after, seconds: 2))
        #expect(rates?.reduce(0, +) == 6)
        row.histogram = [(4, 100)]
        before.commands["GET"] = row
        #expect(LatencyClasses.rates(Change(before: before, after: after, seconds: 1)) == nil)
    }

    @Test(arguments: 1...12)
    func rowsHoldWhatIsUsed(count: Int) {
        let classes = LatencyClasses.limits.count
        for low in 0..<classes {
            for high in low..<classes {
                let rows = HeatRows(low...high, count: count, of: classes).rows
                #expect(!rows.isEmpty && rows.count <= count)
                let up = Array(rows.reversed())
                for (row, next) in zip(up, up.dropFirst()) {
                    #expect(row.upperBound == next.lowerBound)
                }
                #expect(up[0].lowerBound <= low && up[up.count - 1].upperBound > high)
                #expect(up[0].lowerBound >= 0 && up[up.count - 1].upperBound <= classes)
            }
        }
    }

    private func strip(_ dashboard: Dashboard, _ depth: ColorDepth, isUTF8: Bool) -> CellGrid {
        var dashboard = dashboard
        dashboard.perform("screen 4")
        dashboard.state.focus = 1
        dashboard.state.isExpanded = true
        return FramePainter(depth: depth, isUTF8: isUTF8).frame(
            dashboard.view(), rows: 24, columns: 80
        ).grid
    }

    /// Density tells the share also where there are neither colours nor other characters.
    @Test(arguments: [(true, ColorDepth.many), (true, .eight), (false, .eight), (false, .mono)])
    func theDensityTellsTheShare(isUTF8: Bool, depth: ColorDepth) throws {
        let calls = [(4.0, 700.0), (33, 250), (528, 46), (8454, 3), (541_064, 1)]
        let seconds = Array(repeating: calls.map { (limit: $0.0, calls: $0.1) }, count: 70)
        let grid = strip(dashboard(seconds), depth, isUTF8: isUTF8)
        let marks = isUTF8 ? "█▓░··" : "@#:.."
        for (label, mark) in zip(["4us", "32us", "512us", "8ms", "512ms"], marks) {
            // With so many classes in use some rows hold two of them.
            let row = try #require(
                grid.lines.first {
                    $0.dropFirst().drop { $0 == " " }.contains(mark)
                        && ($0.contains(" \(label) ") || $0.contains(" \(double(label)) "))
                }, "\(label) \(mark)\n\(grid.lines.joined(separator: "\n"))")
            #expect(row.count { $0 == mark } > 60, "\(row)")
        }
        let legend = isUTF8 ? "·>0 ░1 ▒5 ▓20 █50%" : ".>0 :1 +5 #20 @50%"
        #expect(grid.lines.contains { $0.contains(legend) })
    }

    /// The class above the one of this name.
    private func double(_ label: String) -> String {
        let place = LatencyClasses.labels.firstIndex(of: label)!
        return LatencyClasses.labels[place + 1]
    }

    /// A burst stands where it was, below the same cells of the graph as the percentile's.
    @Test func aBurstIsSeenWhereItWas() throws {
        let fast = [(limit: 4.0, calls: 1000.0)]
        var seconds = Array(repeating: fast, count: 80)
        seconds[49].append((limit: 264, calls: 30))
        let lines = strip(dashboard(seconds), .mono, isUTF8: true).lines
        let row = Array(try #require(lines.first { $0.contains(" 256us ") }))
        let cells = row.indices.filter { row[$0] == "░" }
        #expect(1...3 ~= cells.count, "\(String(row))")
        func dots(_ line: String) -> [Int] {
            line.enumerated().filter { 0x2801...0x28FF ~= $1.unicodeScalars.first!.value }
                .map(\.offset)
        }
        let peak = dots(try #require(lines.first { !dots($0).isEmpty }))
        #expect(peak == cells, "\(lines.joined(separator: "\n"))")
    }

    @Test func whereNothingIsKnownItSaysWhy() {
        var dashboard = Dashboard(Source(name: "x"))
        var sample = Sample(instant: 1000, wall: 0, interval: 1000)
        dashboard.take(sample)
        dashboard.perform("screen 4")
        #expect(strip(dashboard, .mono, isUTF8: true).lines.joined().contains("latency-tracking"))
        sample.instant = 2000
        sample.timesOmitted = "ERR Unknown subcommand\u{1B}[31m"
        dashboard.take(sample)
        let text = strip(dashboard, .mono, isUTF8: true).lines.joined()
        #expect(text.contains("no times, Redis 7.0 and later tell them: ERR Unknown subcommand"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func anEngineOfOursIsTimedByItsObservation() throws {
        let node = try HostedNode(settings: Settings(), seed: 3)
        let endpoint = Endpoint(.embedded, embedded: { node })
        var dashboard = Dashboard(Source(name: "node"))
        for second in 1...3 {
            for _ in 0..<20 { _ = endpoint.call(["SET", "a", "1"]) }
            var sample = Sample(instant: Int64(second) * 1000, wall: 0, interval: 1000)
            sample.read(try node.observe(.histograms))
            dashboard.take(sample)
        }
        let rates = try #require(dashboard.history.newest?.latencies)
        #expect(rates.reduce(0, +) == 20)
        #expect(PlainReport(.json).whole(dashboard.view()).contains("\"latencies\": [\n"))
    }
}
