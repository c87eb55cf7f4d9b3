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
}
