import Engine
import Grammar
import Testing

@Suite("The latency monitor and the histograms")
struct LatencyTests {
    private let clock = StepClock()

    private func node(_ threshold: Int = 10) -> TestNode {
        TestNode(clock: clock) {
            $0.latencyThreshold = threshold
            $0.slowLogThreshold = -1
        }
    }

    /// Runs a command that takes so many milliseconds.
    private func run(_ node: TestNode, _ line: String, taking milliseconds: UInt64) {
        clock.step = milliseconds * 1_000_000
        node.send(line)
        clock.step = 0
    }

    @Test("Events are noted by their kind, from the threshold on, once a second")
    func events() {
        let node = node()
        run(node, "KEYS *", taking: 12)
        run(node, "KEYS *", taking: 40)
        run(node, "KEYS *", taking: 20)
        node.advance(milliseconds: 2000)
        run(node, "KEYS *", taking: 9)
        run(node, "KEYS *", taking: 10)
        node.advance(milliseconds: 1000)
        run(node, "GET a", taking: 15)
        #expect(
            node.lines("LATENCY LATEST").joined(separator: " ") == """
                *2 *4 $7 command :1750000002 :10 :40 *4 $12 fast-command :1750000003 :15 :15
                """)
        #expect(
            node.lines("LATENCY HISTORY command").joined(separator: " ")
                == "*2 *2 :1750000000 :40 *2 :1750000002 :10")
        #expect(node.send("LATENCY HISTORY nope") == "*0\r\n")
        #expect(node.send("LATENCY RESET nope command command") == ":1\r\n")
        #expect(node.send("LATENCY HISTORY command") == "*0\r\n")
        #expect(node.send("LATENCY RESET") == ":1\r\n")
        #expect(node.send("LATENCY LATEST") == "*0\r\n")
    }

    @Test("Nothing is noted while the threshold is 0")
    func off() {
        let node = node(0)
        run(node, "KEYS *", taking: 5000)
        #expect(node.send("LATENCY LATEST") == "*0\r\n")
        node.send("CONFIG SET latency-monitor-threshold 1")
        run(node, "KEYS *", taking: 2)
        #expect(node.lines("LATENCY LATEST").count == 7)
    }

    @Test("The walk for expired keys is an event too")
    func expiry() {
        let node = node()
        clock.step = 30_000_000
        node.tick()
        clock.step = 0
        #expect(
            node.lines("LATENCY LATEST").joined(separator: " ")
                == "*1 *4 $12 expire-cycle :1750000000 :30 :30")
        #expect(node.lines("INFO stats").contains("expire_cycle_cpu_milliseconds:30"))
    }

    @Test("Making room is an event, as a whole and key by key")
    func eviction() {
        let node = node()
        node.send("CONFIG SET maxmemory-policy allkeys-random")
        for number in 0..<100 { node.send("SET k\(number) " + String(repeating: "x", count: 90)) }
        clock.step = 4_000_000
        node.send("CONFIG SET maxmemory 1")
        node.tick()
        clock.step = 0
        let events = node.store.latency.events
        #expect(events.contains(.evictionCycle))
        // A single key took too little time.
        #expect(!events.contains(.evictionRemoval))
        clock.step = 11_000_000
        node.send("CONFIG SET maxmemory 0")
        node.send("SET a 1")
        node.send("CONFIG SET maxmemory 1")
        node.tick()
        #expect(node.store.latency.events.contains(.evictionRemoval))
    }

    @Test("Of each kind 160 samples are kept")
    func bounds() {
        let node = node()
        for number in 0..<200 {
            run(node, "KEYS *", taking: UInt64(20 + number))
            node.advance(milliseconds: 1000)
        }
        let lines = node.lines("LATENCY HISTORY command")
        #expect(lines[0] == "*160")
        #expect(lines[2...3] == [":1750000040", ":60"])
    }

    @Test("The graph shows how high and how long ago")
    func graph() {
        let node = node()
        for (wait, time) in [(0, 10), (4000, 43), (61_000, 21)] {
            node.advance(milliseconds: Int64(wait))
            run(node, "KEYS *", taking: UInt64(time))
        }
        node.advance(milliseconds: 5000)
        #expect(
            node.lines("LATENCY GRAPH command").dropFirst().first?
                .split(separator: "\\x0a").map(String.init) == [
                    "command - high 43 ms, low 10 ms (all time high 43 ms)",
                    String(repeating: "-", count: 80),
                    " | ", " | ", " |.", ".||", "115", "mms",
                ])
        #expect(
            node.send("LATENCY GRAPH nope")
                == "-ERR No samples available for event 'nope'\r\n")
    }

    @Test("The doctor says what is watched, what was seen and where to look")
    func doctor() {
        #expect(node(0).send("LATENCY DOCTOR").contains("latency-monitor-threshold is 0"))
        #expect(node(7).send("LATENCY DOCTOR").contains("No event has taken 7 milliseconds"))
        let node = node()
        run(node, "KEYS *", taking: 40)
        node.advance(milliseconds: 4000)
        run(node, "KEYS *", taking: 20)
        let text = node.send("LATENCY DOCTOR")
        #expect(
            text.contains(
                """
                1. command: noted in 2 seconds, one every 4 s; mean 30 ms, give or take 10 ms, \
                worst 40 ms, last 0s ago.
                """))
        #expect(text.contains("SLOWLOG GET"))
    }

    @Test("The histogram has every call")
    func histogram() {
        let node = node(0)
        for number in 0..<1000 {
            clock.step = UInt64(number) * 1000
            node.send("PING")
        }
        clock.step = 0
        let lines = node.lines("LATENCY HISTOGRAM ping")
        #expect(lines[2...5] == ["ping", "*4", "$5", "calls"])
        #expect(lines[6] == ":1000")
        #expect(lines.last == ":1000")
        #expect(
            node.lines("INFO latencystats").contains {
                $0.hasPrefix("latency_percentiles_usec_ping:p50=499.711,")
            })
    }
}
