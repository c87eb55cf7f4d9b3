import Testing

@testable import Bytes

@Suite struct HistogramTests {
    @Test func bucketsTile() {
        // Every bucket begins where the one before ends, and is at most 1/128 of its values wide.
        var expected = 0
        var first: UInt64 = 0
        while true {
            let last = Histogram.largest(inBucket: expected)
            #expect(Histogram.bucket(of: first) == expected)
            #expect(Histogram.bucket(of: last) == expected)
            #expect((last - first) <= first / 128)
            if last == .max { break }
            first = last + 1
            expected += 1
        }
        #expect(expected == 128 + 57 * 128 - 1)
    }

    private func values(_ random: inout Random, _ count: Int) -> [UInt64] {
        (0..<count).map { _ in random.next() >> UInt64(random.next(below: 40) + 24) }
    }

    @Test(arguments: [1, 2, 3, 10, 99, 100, 101, 1000])
    func percentilesAgreeWithSorting(count: Int) {
        let seed = UInt64(count)
        print("seed \(seed)")
        var random = Random(seed: seed)
        let sorted = values(&random, count).sorted()
        var histogram = Histogram()
        for value in sorted.shuffled(using: &random) { histogram.record(value) }
        #expect(histogram.count == UInt64(count))
        #expect(histogram.sum == sorted.reduce(0, +))
        #expect(histogram.minimum == sorted.first)
        #expect(histogram.maximum == sorted.last)
        for percent in stride(from: 0, through: 100, by: 1) {
            // The rank in whole numbers: percent * count / 100, rounded up.
            let rank = max((percent * count + 99) / 100, 1)
            let exact = sorted[rank - 1]
            let answer = histogram.percentile(Double(percent))
            #expect(answer >= exact && answer - exact <= exact / 128, "\(percent) %")
        }
        #expect(histogram.percentile(100) == sorted.last)
        for value in sorted {
            let exact = sorted.count {
                $0 <= Histogram.largest(inBucket: Histogram.bucket(of: value))
            }
            #expect(histogram.count(upTo: value) == UInt64(exact))
        }
    }

    @Test func mergeIsRecordingBoth() {
        var random = Random(seed: 77)
        var one = Histogram()
        var other = Histogram()
        var both = Histogram()
        for value in values(&random, 500) {
            one.record(value)
            both.record(value)
        }
        for value in values(&random, 300) {
            other.record(value, times: 3)
            for _ in 0..<3 { both.record(value) }
        }
        one.merge(other)
        #expect(one.count == both.count && one.sum == both.sum)
        #expect(one.minimum == both.minimum && one.maximum == both.maximum)
        for percent in stride(from: 0.0, through: 100, by: 0.5) {
            #expect(one.percentile(percent) == both.percentile(percent))
        }
    }

    @Test func limits() {
        var histogram = Histogram(highest: 1000)
        #expect(histogram.percentile(50) == 0)
        #expect(histogram.minimum == 0 && histogram.maximum == 0 && histogram.mean == 0)
        #expect(histogram.count(upTo: 5) == 0)
        histogram.record(10, times: 3)
        histogram.record(.max)
        histogram.record(0, times: 0)
        #expect(histogram.count == 4)
        #expect(histogram.sum == .max)
        #expect(histogram.percentile(75) == 10)
        #expect(histogram.percentile(76) == .max)
        #expect(histogram.count(upTo: .max) == 4)
        var wide = Histogram(highest: .max)
        wide.record(.max)
        wide.record(1 << 50)
        histogram.merge(wide)
        #expect(histogram.count == 6)
        #expect(histogram.percentile(50) == 10)
        #expect(histogram.percentile(51) == .max)
        histogram.reset()
        #expect(histogram.count == 0 && histogram.minimum == 0 && histogram.percentile(99) == 0)
    }

    @Test func percentileOfAnAwkwardShare() {
        // 0.29 * 100 is a hair more than 29 in binary; the 29th value is meant.
        var histogram = Histogram()
        for value in 1...100 { histogram.record(UInt64(value)) }
        for percent in 1...100 { #expect(histogram.percentile(Double(percent)) == UInt64(percent)) }
        #expect(histogram.percentile(99.9) == 100)
        #expect(histogram.mean == 50.5)
    }

    @Test("Steps tell how many values there are up to each bound", arguments: [1, 4, 128])
    func cumulative(parts: Int) {
        var random = Random(seed: 5)
        var histogram = Histogram()
        var values: [UInt64] = []
        for _ in 0..<500 {
            let value = random.next() >> (20 + random.next() % 40)
            values.append(min(value, histogram.highest))
            histogram.record(values[values.count - 1])
        }
        let steps = histogram.cumulative(parts: parts)
        #expect(steps.last?.count == 500 && steps.last?.bound == values.max())
        for (earlier, later) in zip(steps, steps.dropFirst()) {
            #expect(earlier.bound < later.bound && earlier.count < later.count)
        }
        for step in steps {
            #expect(values.count { $0 <= step.bound } == step.count)
        }
        #expect(Histogram().cumulative(parts: parts).isEmpty)
    }
}
