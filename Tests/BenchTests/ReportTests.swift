import Histogram
import Testing

@testable import Bench

@Suite struct ReportTests {
    @Test func decimalsAreRounded() {
        #expect(decimal(1.005, 1) == "1.0")
        #expect(decimal(0.996, 2) == "1.00")
        #expect(decimal(-0.04, 1) == "0.0")
        #expect(decimal(-2.46, 1) == "-2.5")
        #expect(decimal(7.0625, 3) == "7.063")
        #expect(decimal(.nan, 2) == "-")
        #expect(grouped(1_234_567) == "1,234,567")
        #expect(grouped(999) == "999")
    }

    @Test func spreadsAreMedianLeastAndMost() throws {
        let odd = try #require(Spread([3, 1, 2]))
        #expect(odd == Spread([1, 2, 3]))
        #expect(odd.median == 2 && odd.minimum == 1 && odd.maximum == 3)
        #expect(Spread([1, 2, 3, 10])?.median == 2.5)
        #expect(Spread([]) == nil)
    }

    @Test func ratiosAreFormedRoundByRound() throws {
        // The second side drifts; the ratio of each round does not.
        let ratios = try #require(Spread(ratiosOf: [2, 4, 8], to: [1, 2, 4]))
        #expect(ratios.minimum == 2 && ratios.maximum == 2)
        #expect(ratios.text == "2.00 (2.00-2.00)")
        #expect(Spread(ratiosOf: [1], to: [0]) == nil)
    }

    @Test func percentilesAreInMilliseconds() {
        var histogram = LoadResult().latency
        for microseconds in 1...1000 { histogram.record(UInt64(microseconds) * 1000) }
        let summary = LatencySummary(histogram)
        #expect(abs(summary.p50 - 0.5) < 0.002)
        #expect(abs(summary.p95 - 0.95) < 0.002)
        #expect(abs(summary.p99 - 0.99) < 0.002)
        #expect(abs(summary.p999 - 0.999) < 0.002)
        #expect(abs(summary.maximum - 1) < 0.002)
        #expect(LatencySummary(LoadResult().latency).p50 == 0)
    }

    @Test func jsonIsQuotedAndOrdered() {
        let value = JSONText.object([
            ("b", .number(1)), ("a", .array([.number(0.5), .null, .flag(true)])),
            ("t", .text("x\"\\\n\u{1}é")), ("n", .number(.infinity)),
        ])
        #expect(
            value.rendered
                == #"{"b":1,"a":[0.5,null,true],"t":"x\"\\\n\u0001é","n":null}"#)
    }

    @Test func aPromptIsRecognisedBehindControlSequences() {
        func ends(_ text: String) -> Bool { StartupMeasurement.endsInPrompt(Array(text.utf8)) }
        #expect(ends("larder> "))
        #expect(ends("Welcome\r\n\u{1B}[1mlarder> \u{1B}[0m\u{1B}[?2004h\u{1B}[K"))
        #expect(ends("\u{1B}]0;title> x\u{07}larder> "))
        #expect(!ends("a > b"))
        #expect(!ends("larder> \u{1B}[2mSET"))
        #expect(!ends(""))
    }

    @Test func theKeysOfTheTypingMeasurement() {
        let script = TypingMeasurement.script(keys: 250)
        let lines = script.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("MSET user:0000:name v user:0001:name v"))
        #expect(lines.map { $0.split(separator: " ").count / 2 } == [100, 100, 50])
    }
}
