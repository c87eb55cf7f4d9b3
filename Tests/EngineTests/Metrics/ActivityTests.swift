import Engine
import Testing

@Suite("What happened lately")
struct ActivityTests {
    private func report(_ node: TestNode) -> ActivityReport { node.store.activity }

    @Test("The windows are the last second, the last minute, and all")
    func windows() {
        let node = TestNode()
        node.send("SET a 1")
        // A hundred seconds: ten lookups in each, first only hits, later only misses.
        for second in 0..<100 {
            for _ in 0..<10 {
                node.send(second < 70 ? "GET a" : "GET nope")
                node.advance(milliseconds: 100)
                node.tick()
            }
        }
        let got = report(node)
        #expect(got.now.hits == 0 && got.now.misses == 10)
        #expect(got.now.nanoseconds == 1_000_000_000)
        #expect(got.now.rate(\.misses) == 10)
        #expect(got.minute.hits == 300 && got.minute.misses == 300)
        #expect(got.minute.hitRatio == 0.5)
        #expect(got.minute.commands == 600)
        #expect(got.total.hits == 700 && got.total.misses == 300)
        #expect(got.total.commands == 1001)
        #expect(got.total.nanoseconds == 100_000_000_000)
    }

    @Test("Nothing is said of no lookups, and nothing of no time")
    func nothing() {
        let node = TestNode()
        #expect(report(node).total.hitRatio == nil)
        #expect(report(node).now.rate(\.hits) == nil)
        #expect(report(node).now == report(node).total)
    }

    @Test("Within the first second a window reaches back to the start")
    func young() {
        let node = TestNode()
        node.send("GET nope")
        node.advance(milliseconds: 300)
        node.tick()
        node.send("GET nope")
        #expect(report(node).now.misses == 2)
        #expect(report(node).minute.misses == 2)
    }

    @Test("After a long pause the window is what has passed since the last tick")
    func late() {
        let node = TestNode()
        for _ in 0..<20 {
            node.send("GET nope")
            node.advance(milliseconds: 100)
            node.tick()
        }
        node.advance(milliseconds: 10_000)
        node.send("GET nope")
        let now = report(node).now
        #expect(now.misses == 1)
        #expect(now.nanoseconds == 10_000_000_000)
    }

    @Test("A reset of the counters begins anew, without negative numbers")
    func reset() {
        let node = TestNode()
        for _ in 0..<50 {
            node.send("GET nope")
            node.advance(milliseconds: 100)
            node.tick()
        }
        node.send("CONFIG RESETSTAT")
        node.send("GET nope")
        node.advance(milliseconds: 100)
        node.tick()
        for window in [report(node).now, report(node).minute, report(node).total] {
            #expect(window.misses == 1)
            #expect(window.nanoseconds == 100_000_000)
        }
    }

    @Test("Keys that expire count")
    func expiry() {
        let node = TestNode()
        node.send("SET a 1 PX 10")
        node.advance(milliseconds: 100)
        node.tick()
        #expect(report(node).now.expired == 1)
        let stats = node.lines("INFO stats")
        #expect(stats.contains("expired_stale_perc:5.00"))
        #expect(stats.contains("expired_time_cap_reached_count:0"))
    }
}
