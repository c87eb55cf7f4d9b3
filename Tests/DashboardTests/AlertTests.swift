import Testing

@testable import Dashboard

/// Alerts come late and go later, so that a value at its limit does not blink.
@Suite struct AlertTests {
    private func history(_ shares: [Double]) -> History {
        var history = History()
        for (second, share) in shares.enumerated() {
            var sample = Sample(
                instant: Int64(second) * 1000, wall: Int64(second) * 1000, interval: 1000)
            sample.numbers = [
                "used_memory": share, "maxmemory": 100, "uptime_in_seconds": Double(second),
            ]
            history.take(sample)
        }
        return history
    }

    @Test func anAlertMustHold() {
        #expect(history([50, 92, 92, 92]).alerts.active.isEmpty)
        let alerts = history([50, 92, 92, 92, 92]).alerts.active
        #expect(alerts.map(\.severity) == [.warning])
        #expect(history([92, 92, 92, 99]).alerts.active.map(\.severity) == [.critical])
    }

    @Test func oneGoodSecondBeginsAnew() {
        #expect(history([92, 92, 92, 50, 92, 92, 92]).alerts.active.isEmpty)
    }

    @Test func anAlertMustBeOver() {
        let on = [92.0, 92, 92, 92]
        #expect(history(on + Array(repeating: 50, count: 10)).alerts.active.count == 1)
        let over = history(on + Array(repeating: 50, count: 11))
        #expect(over.alerts.active.isEmpty)
        #expect(over.log.events.map(\.kind) == [.alert, .clear])
        // A relapse within the ten seconds keeps it.
        let relapse = on + Array(repeating: 50, count: 9) + [92] + Array(repeating: 50, count: 9)
        #expect(history(relapse).alerts.active.count == 1)
        #expect(history(relapse).log.events.count == 1)
    }

    /// The hit rate that counts is that of a whole minute, with enough lookups in it.
    @Test func aMinuteMustHaveBeenSeen() {
        func first(hits: Double, misses: Double, for seconds: Int, then good: Int = 0) -> [Int] {
            var history = History()
            var found: [Int] = []
            var (allHits, allMisses) = (0.0, 0.0)
            for second in 0..<(seconds + good) {
                var sample = Sample(
                    instant: Int64(second) * 1000, wall: Int64(second) * 1000, interval: 1000)
                allHits += second < seconds ? hits : hits + misses
                allMisses += second < seconds ? misses : 0
                sample.numbers = [
                    "keyspace_hits": allHits, "keyspace_misses": allMisses,
                    "uptime_in_seconds": Double(second),
                ]
                history.take(sample)
                let isOn = history.alerts.active.contains { $0.text.contains("hit rate") }
                if isOn != (found.count % 2 == 1) { found.append(second) }
            }
            return found
        }
        // The minute is whole after sixty seconds, and three more make the alert.
        #expect(first(hits: 70, misses: 70, for: 59).isEmpty)
        #expect(first(hits: 70, misses: 70, for: 90) == [63])
        #expect(first(hits: 95, misses: 5, for: 90).isEmpty)
        // Half of a hundred lookups a second are too few to say anything.
        #expect(first(hits: 40, misses: 40, for: 90).isEmpty)
        // 36 s of hits alone bring the minute back to 80 %, and ten more end the alert.
        let whole = first(hits: 70, misses: 70, for: 90, then: 70)
        #expect(whole.count == 2 && (135...136).contains(whole[1]), "\(whole)")
    }

    @Test func worseComesFirstAndIsNewAgain() {
        var history = history([92, 92, 92, 92])
        history.acknowledge()
        #expect(history.alerts.active.first?.isAcknowledged == true)
        var sample = Sample(instant: 4000, wall: 4000, interval: 1000)
        sample.numbers = ["used_memory": 99, "maxmemory": 100, "uptime_in_seconds": 4]
        history.take(sample)
        #expect(history.alerts.active.first?.severity == .critical)
        #expect(history.alerts.active.first?.isAcknowledged == false)
    }

    @Test func thePanelOfTheFigureIsMarked() {
        let dashboard = Seeded.dashboard(90)
        let view = dashboard.view()
        #expect(view.panel(.memory).tag?.word == "!CRIT")
        #expect(view.panel(.removal).tag?.word == "!CRIT")
        #expect(view.panel(.clients).tag == nil)
        #expect(dashboard.history.log.events.contains { $0.kind == .alert })
    }

    /// Limits are the person's.
    @Test func limitsAreFollowed() {
        func alerts(_ share: Double, _ limits: AlertLimits) -> [String] {
            var history = History()
            history.limits = limits
            for second in 0..<5 {
                var sample = Sample(
                    instant: Int64(second) * 1000, wall: Int64(second) * 1000, interval: 1000)
                sample.numbers = ["used_memory": share, "maxmemory": 100]
                history.take(sample)
            }
            return history.alerts.active.map { "\($0.severity.word) \($0.text)" }
        }
        var limits = AlertLimits()
        #expect(alerts(80, limits).isEmpty)
        limits.memory = .init(warning: 70, critical: 75.5)
        #expect(alerts(80, limits) == ["CRIT memory above 70 % of maxmemory"])
        #expect(alerts(75.5, limits) == ["WARN memory above 70 % of maxmemory"])
        #expect(alerts(70, limits).isEmpty)
    }

    /// The slow log grows: so many new entries in a minute, by their numbers.
    @Test func aGrowingSlowLogIsTold() {
        func told(_ perSecond: Double) -> Bool {
            var history = History()
            for second in 0..<70 {
                var sample = Sample(
                    instant: Int64(second) * 1000, wall: Int64(second) * 1000, interval: 1000)
                var row = SlowRow()
                row.id = Int(Double(second) * perSecond)
                sample.slow = [row]
                history.take(sample)
            }
            return history.alerts.active.contains { $0.text.contains("slow commands") }
        }
        #expect(told(0.2) && !told(0.1) && !told(0))
    }
}
