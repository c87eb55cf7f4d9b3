import Testing

@testable import Dashboard

/// Figures follow from samples as they should, whatever servers and clocks do.
@Suite struct HistoryTests {
    private func sample(_ second: Double, _ numbers: [String: Double]) -> Sample {
        var sample = Sample(
            instant: Int64(second * 1000), wall: Int64(second * 1000), interval: 1000)
        sample.numbers = numbers
        return sample
    }

    private func counting(_ second: Double, _ count: Double, up: Double? = nil) -> Sample {
        sample(
            second,
            [
                "evicted_keys": count, "uptime_in_seconds": up ?? second,
                "keyspace_hits": count * 3, "keyspace_misses": count,
            ])
    }

    @Test func ratesFollowFromTwoSamples() {
        var history = History()
        history.take(counting(10, 100))
        #expect(history.newest?[.evicted] == nil && history.newest?[.hitRate] == nil)
        #expect(history.newest?[.evictedTotal] == 100)
        history.take(counting(11, 150))
        #expect(history.newest?[.evicted] == 50)
        #expect(history.newest?[.hitRate] == 75)
        // No lookups: the rate is not known, which is neither 0 nor 100.
        history.take(counting(12, 150))
        #expect(history.newest?[.evicted] == 0 && history.newest?[.hitRate] == nil)
        #expect(Amount.text(history.newest?[.hitRate], .percent) == "--")
    }

    @Test func aResetIsAGapAndNoSpike() {
        var history = History()
        for second in 10..<20 { history.take(counting(Double(second), Double(second) * 10)) }
        // CONFIG RESETSTAT: the counter goes backwards, the server goes on.
        history.take(counting(20, 3))
        #expect(history.newest?[.evicted] == nil)
        history.take(counting(21, 13))
        #expect(history.newest?[.evicted] == 10)
        // A restart.
        history.take(counting(22, 900, up: 1))
        #expect(history.newest?[.evicted] == nil)
        history.take(counting(23, 910, up: 2))
        #expect(history.newest?[.evicted] == 10)
        let most = history.summary(.evicted, from: 0, to: 30_000)?.maximum
        #expect(most == 10)
        #expect(history.summary(.evicted, from: 19_000, to: 20_000) == nil)
    }

    /// Ten samples a second: the second that a rate stands on must not reach over a reset, after
    /// which a counter may soon be higher than it was before.
    @Test func aResetWithinTheSecondIsNoRate() {
        var history = History()
        var rates: [Double?] = []
        for tenth in 0..<30 {
            var sample = Sample(
                instant: Int64(tenth) * 100, wall: Int64(tenth) * 100, interval: 100)
            let count = Double(tenth < 15 ? tenth : tenth - 15)
            sample.numbers = [
                "evicted_keys": count * 10, "total_commands_processed": count * 1000,
                "uptime_in_seconds": 100,
            ]
            history.take(sample)
            rates.append(history.newest?[.evicted])
        }
        #expect(rates[15] == nil)
        #expect(rates.compactMap { $0 }.allSatisfy { abs($0 - 100) < 1e-6 })
        #expect(rates.compactMap { $0 }.count == 28)
    }

    /// What is as it was needs no new picture; the time of day and of the server are no news.
    @Test func whatIsAsItWasHasNotMoved() {
        var history = History()
        for second in 10..<14 { history.take(counting(Double(second), 70)) }
        #expect(!history.hasMoved)
        history.take(counting(14, 71))
        #expect(history.hasMoved)
        // The rate goes back to nothing, which is news once.
        history.take(counting(15, 71))
        #expect(history.hasMoved)
        history.take(counting(16, 71))
        #expect(!history.hasMoved)
    }

    /// The watcher measures by a clock that nobody sets; the time of day only labels.
    @Test func aStepOfTheClockChangesNoRate() {
        var history = History()
        for second in 10..<40 {
            var sample = counting(Double(second), Double(second) * 7)
            if second >= 20 { sample.wall -= 3_600_000 }
            if second >= 30 { sample.wall += 86_400_000 }
            history.take(sample)
            if second > 10 { #expect(history.newest?[.evicted] == 7) }
        }
        #expect(history.summary(.evicted, from: 11_000, to: 39_000)?.maximum == 7)
        #expect(history.summary(.evicted, from: 19_000, to: 21_000)?.minimum == 7)
        #expect(history.snapshots.count == 30)
    }

    /// The clock that nobody sets may step all the same: a machine slept, or a virtual one was
    /// moved. Forward is time that nobody has seen, back is time that cannot be told.
    @Test func aStepOfTheMonotonicClockIsAGapAndNoSpike() {
        for step in [3600.0, -1, -5, -3600] {
            var history = History()
            var rates: [Double?] = []
            for second in 0..<40 {
                let count = Double(second) * 10
                let time = 10_000 + Double(second) + (second >= 20 ? step : 0)
                history.take(counting(time, count, up: Double(second)))
                rates.append(history.newest?[.evicted])
            }
            // The second of the step has no rate, all others have the one that there is.
            #expect(rates[0] == nil && rates[20] == nil, "step \(step)")
            let known = rates.compactMap { $0 }
            #expect(known.count == 38 && known.allSatisfy { $0 == 10 }, "step \(step)")
            let newest = history.newest?.instant ?? 0
            #expect(history.summary(.evicted, from: 0, to: newest)?.maximum == 10)
            // Time goes on: snapshots stay in order, and all that was seen is still found.
            let instants = history.snapshots.map(\.instant)
            #expect(instants == instants.sorted() && Set(instants).count == instants.count)
            #expect(history.snapshot(at: newest)?[.evictedTotal] == 390)
            #expect(history.summary(.evictedTotal, from: newest - 900, to: newest)?.mean == 390)
        }
    }

    @Test func missedSamplesAreAGap() {
        var history = History()
        history.take(counting(10, 0))
        history.take(counting(11, 10))
        history.take(counting(31, 5000))
        #expect(history.newest?[.evicted] == nil)
        #expect(history.summary(.evicted, from: 12_000, to: 30_000) == nil)
        history.take(counting(32, 5010))
        #expect(history.newest?[.evicted] == 10)
    }

    @Test func aServerThatDoesNotAnswerLeavesAGap() {
        var history = History()
        history.take(counting(10, 0))
        history.take(counting(11, 10))
        var silent = sample(12, [:])
        silent.problem = "no answer within 2 s"
        history.take(silent)
        #expect(history.newest?.problem != nil && history.newest?[.evictedTotal] == nil)
        history.take(counting(13, 90))
        #expect(history.newest?[.evicted] == nil)
        history.take(counting(14, 100))
        #expect(history.newest?[.evicted] == 10)
        let texts = history.log.events.map(\.text)
        #expect(texts.contains { $0.hasPrefix("no answer") } && texts.contains("answers again"))
    }

    @Test func tenSamplesASecondMeasureASecond() {
        var history = History()
        for tick in 0...30 {
            var sample = counting(10 + Double(tick) / 10, Double(tick) * 7)
            sample.interval = 100
            history.take(sample)
        }
        #expect(abs((history.newest?[.evicted] ?? 0) - 70) < 0.001)
        // One snapshot for each second.
        #expect(history.snapshots.count == 4)
    }

    @Test func ownCommandsAreNotCounted() {
        var history = History()
        for second in 0..<3 {
            var sample = sample(
                Double(second + 10), ["total_commands_processed": Double(second) * 100])
            sample.ownCommands = Double(second) * 4
            history.take(sample)
        }
        #expect(history.newest?[.operations] == 96)
    }

    @Test func percentilesAreOfThisSecond() {
        func sample(_ second: Double, _ counts: [Double]) -> Sample {
            var sample = self.sample(second, ["uptime_in_seconds": second])
            var get = CommandCounters()
            get.calls = counts.last ?? 0
            get.microseconds = get.calls * 5
            get.histogram = zip([1, 2, 4, 1024], counts).map { ($0, $1) }
            sample.commands["GET"] = get
            return sample
        }
        var history = History()
        history.take(sample(10, [1000, 1000, 1000, 1000]))
        #expect(history.newest?[.latency50] == nil)
        history.take(sample(11, [1000, 1060, 1099, 1100]))
        #expect(history.newest?[.latency50] == 2)
        #expect(history.newest?[.latency99] == 4)
        #expect(history.newest?[.latency999] == 1024)
        #expect(history.newest?[.latency] == 5)
        #expect(history.newest?.commands.first?.rate == 100)
        history.take(sample(12, [1000, 1060, 1099, 1100]))
        #expect(history.newest?[.latency50] == nil && history.newest?[.latency] == nil)
    }

    @Test func theHitRateOfAMinuteIsThatOfItsLookups() {
        var history = History()
        var hits = 0.0
        var misses = 0.0
        for second in 0..<20 {
            hits += second < 10 ? 1000 : 1
            misses += second < 10 ? 0 : 1
            history.take(
                sample(
                    Double(second + 10),
                    [
                        "keyspace_hits": hits, "keyspace_misses": misses,
                        "uptime_in_seconds": Double(second),
                    ]))
        }
        let rate = history.hitRate(from: 0, to: 40_000) ?? 0
        // The mean of the seconds' rates would be near 75.
        #expect(rate > 99 && rate < 100)
    }

    @Test func snapshotsOfThePastAreFound() {
        let history = Seeded.dashboard(700).history
        #expect(history.snapshots.count == 600)
        let newest = history.newest?.instant ?? 0
        #expect(history.snapshot(at: newest - 9400)?.instant == newest - 10_000)
        #expect(history.snapshot(at: 0)?.instant == newest - 599_000)
        #expect(history.snapshot(at: newest + 5000)?.instant == newest)
    }

    @Test func eventsTellWhatChanged() {
        var history = History()
        var first = counting(10, 0)
        first.texts = ["role": "master", "maxmemory": "1000", "run_id": "a"]
        var second = counting(11, 0)
        second.texts = ["role": "slave", "maxmemory": "2048", "run_id": "a"]
        history.take(first)
        history.take(second)
        #expect(
            history.log.events.map(\.text) == [
                "maxmemory is now 2.0K", "role: master became slave",
            ])
        #expect(history.log.events.map(\.number) == [1, 2])
        second.instant += 1000
        second.texts["run_id"] = "b"
        history.take(second)
        #expect(history.log.events.last?.kind == .server)
    }

    /// A pause reads once a second what was read ten times: the history goes on without a gap and
    /// without a spike, and what no sample has seen is told as the mean that the counters show.
    @Test func anotherPaceIsNoGap() {
        var history = History()
        func take(_ milliseconds: Int64, _ interval: Int64) {
            var sample = counting(Double(milliseconds) / 1000, Double(milliseconds) / 10)
            sample.interval = interval
            history.take(sample)
        }
        for tenth in 0...20 as ClosedRange<Int64> { take(10_000 + tenth * 100, 100) }
        for second in 13...20 as ClosedRange<Int64> { take(second * 1000, 1000) }
        // Somebody looks again, between two whole seconds.
        for tenth in 1...20 as ClosedRange<Int64> { take(20_330 + tenth * 100, 100) }
        for slot in 112..<223 as Range<Int64> {
            let tenth = history.summary(.evicted, from: slot * 100, to: slot * 100 + 100)
            #expect(tenth.map { abs($0.mean - 100) < 1e-6 } == true, "\(slot)")
        }
        #expect(!history.log.events.contains { $0.text.contains("late") })
        let seconds = Set(history.snapshots.map { $0.instant / 1000 })
        #expect(seconds == Set(10...22))
        // What really was missed stays a gap.
        take(31_000, 100)
        #expect(history.summary(.evicted, from: 25_000, to: 30_000) == nil)
    }

    @Test func infoIsRead() {
        var sample = Sample(instant: 0, wall: 0, interval: 1000)
        sample.read(
            info: """
                # Server\r
                redis_version:7.0.15\r
                uptime_in_seconds:12\r
                maxmemory_policy:noeviction\r
                used_memory_peak_perc:99.10%\r
                slave0:ip=10.0.0.7,port=7001,state=online,offset=5,lag=1\r
                # Commandstats\r
                cmdstat_get:calls=21,usec=175,usec_per_call=8.33,rejected_calls=1,failed_calls=2\r
                cmdstat_client|list:calls=2,usec=9,failed_calls=0\r
                errorstat_ERR:count=3\r
                # Keyspace\r
                db0:keys=5,expires=2,avg_ttl=1500\r
                db7:keys=1,expires=0,avg_ttl=0\r
                nonsense\r

                """)
        #expect(sample.numbers["uptime_in_seconds"] == 12)
        #expect(sample.numbers["used_memory_peak_perc"] == 99.1)
        #expect(sample.texts["maxmemory_policy"] == "noeviction")
        #expect(sample.numbers["keys"] == 6 && sample.numbers["expires"] == 2)
        #expect(sample.commands["GET"]?.calls == 21 && sample.commands["GET"]?.errors == 3)
        #expect(sample.commands["CLIENT LIST"]?.calls == 2)
        #expect(sample.replicas.first?.address == "10.0.0.7:7001")
        sample.read(
            clients: """
                id=3 addr=127.0.0.1:5 name=a cmd=client|list age=9 idle=1 tot-mem=70 flags=N sub=1
                id=4 addr=127.0.0.1:6 name= cmd=get age=9 idle=1 tot-mem=70 flags=N sub=0
                """, own: ["3"])
        #expect(sample.clients?.map(\.id) == ["4"])
    }
}
