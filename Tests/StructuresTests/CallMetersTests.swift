import Bytes
import Structures
import Testing

@Suite("Counters of calls")
struct CallMetersTests {
    @Test("Every call counts, in the histogram too")
    func every() {
        var meters = CallMeters(count: 3)
        for nanoseconds in 0..<10_000 {
            meters.note(1, UInt64(nanoseconds) * 97, isTracked: true)
        }
        #expect(meters[1].calls == 10_000)
        #expect(meters[1].nanoseconds == 97 * (9_999 * 10_000 / 2))
        let count = meters.histogram(1)?.count
        #expect(count == 10_000)
        #expect(meters[0].isEmpty && meters[2].isEmpty)
        let isKnown = meters.hasHistogram(0) || meters.hasHistogram(2)
        #expect(!isKnown)
    }

    @Test("Percentiles are those of the same durations in a histogram, to within a bucket")
    func percentiles() {
        var meters = CallMeters(count: 1)
        var plain = Histogram(highest: 1 << 33)
        var random = Random(seed: 7)
        for _ in 0..<20_000 {
            let nanoseconds = UInt64(random.next(below: 1 << (1 + random.next(below: 32))))
            meters.note(0, nanoseconds, isTracked: true)
            plain.record(nanoseconds)
        }
        guard let histogram = meters.histogram(0) else {
            Issue.record("there is no histogram")
            return
        }
        for percent in [1, 25, 50, 90, 99, 99.9] {
            let exact = Double(plain.percentile(percent))
            let got = Double(histogram.percentile(percent))
            #expect(got >= exact && got <= exact * 1.01 + 1, "p\(percent)")
        }
    }

    @Test("What is not tracked is counted and not spread; what is too long is in the last bucket")
    func bounds() {
        var meters = CallMeters(count: 2)
        meters.note(0, 5, isTracked: false)
        let isKnown = meters.hasHistogram(0)
        #expect(!isKnown)
        #expect(meters[0].calls == 1)
        for _ in 0..<2 { meters.note(1, .max, isTracked: true) }
        #expect(meters.histogram(1)?.count == 2)
        #expect((meters.histogram(1)?.percentile(50) ?? 0) >= 1 << 33)
        #expect(meters.total.count == 2)
    }

    @Test("Refusals and failures are no calls, and a reset forgets all")
    func reset() {
        var meters = CallMeters(count: 1)
        meters.noteRejected(0)
        meters.noteFailed(0)
        #expect(meters[0].rejected == 1 && meters[0].failed == 1 && meters[0].calls == 0)
        meters.note(0, 1, isTracked: true)
        let full = meters.footprint
        meters.reset()
        #expect(meters[0] == CallMeters.Counts())
        #expect(meters.histogram(0) == nil)
        #expect(meters.footprint < full)
        meters.note(0, 1, isTracked: true)
        #expect(meters.histogram(0)?.count == 1)
    }
}
