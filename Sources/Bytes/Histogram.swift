/// A log-linear histogram of latencies or sizes in fixed memory. Values below 128 have a bucket
/// each; above, every power of two is cut into 128 equal buckets, so a value is known to within
/// 1/128 (0.8 %). Values above `highest` count in the last bucket; minimum, maximum and sum stay
/// exact. The unit is the caller's.
public struct Histogram: Sendable {
    /// The largest value that has a bucket of its own.
    public let highest: UInt64
    /// How many values were recorded.
    public private(set) var count: UInt64 = 0
    /// The sum of the values, at most `UInt64.max`.
    public private(set) var sum: UInt64 = 0
    /// The largest value recorded; 0 if there is none.
    public private(set) var maximum: UInt64 = 0
    private var smallest = UInt64.max
    private var buckets: [UInt64]

    /// An empty histogram. The memory is about 1 KiB for each power of two up to `highest`; the
    /// default suits nanoseconds up to 18 minutes in 34 KiB.
    public init(highest: UInt64 = 1 << 40 - 1) {
        self.highest = highest
        buckets = [UInt64](repeating: 0, count: Self.bucket(of: highest) + 1)
    }

    /// The smallest value recorded; 0 if there is none.
    public var minimum: UInt64 { count == 0 ? 0 : smallest }

    /// The mean of the values; 0 if there is none.
    public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// Counts `value` `times` times.
    public mutating func record(_ value: UInt64, times: UInt64 = 1) {
        guard times > 0 else { return }
        buckets[Self.bucket(of: min(value, highest))] &+= times
        count &+= times
        let (product, tooLarge) = value.multipliedReportingOverflow(by: times)
        add(tooLarge ? .max : product)
        smallest = min(smallest, value)
        maximum = max(maximum, value)
    }

    /// The smallest value such that at least `percent` per cent of the recorded ones are not
    /// larger, up to the width of its bucket; 0 if there is none. 0 gives the smallest value's
    /// bucket, 100 the maximum.
    public func percentile(_ percent: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let share = min(max(percent, 0), 100) / 100
        let exact = Double(count) * share
        // A product such as 0.29 * 100 may land a hair above the whole number that it means.
        var wanted = UInt64(exact - exact * 0x1p-50)
        if Double(wanted) < exact - exact * 0x1p-50 { wanted += 1 }
        wanted = min(max(wanted, 1), count)
        var seen: UInt64 = 0
        for (index, times) in buckets.enumerated() where times > 0 {
            seen += times
            if seen >= wanted {
                let top = index == buckets.count - 1 ? maximum : Self.largest(inBucket: index)
                return max(min(top, maximum), smallest)
            }
        }
        return maximum
    }

    /// How many of the recorded values are at most `value`, up to the width of a bucket: values
    /// that share the bucket of `value` all count.
    public func count(upTo value: UInt64) -> UInt64 {
        if value >= maximum { return count }
        var total: UInt64 = 0
        for index in 0...Self.bucket(of: min(value, highest)) { total += buckets[index] }
        return total
    }

    /// How many values there are up to each of some bounds, which rise: every power of two is cut
    /// into as many parts, and a part in which nothing was recorded has no bound.
    /// - Parameter parts: a power of two, at most 128.
    public func cumulative(parts: Int) -> [(bound: UInt64, count: UInt64)] {
        var steps: [(bound: UInt64, count: UInt64)] = []
        guard count > 0 else { return steps }
        let width = (1 << Self.precision) / parts
        var seen: UInt64 = 0
        for last in stride(from: width - 1, to: buckets.count + width, by: width) {
            let before = seen
            for index in (last - width + 1)...last where index < buckets.count {
                seen += buckets[index]
            }
            if seen > before {
                steps.append((min(Self.largest(inBucket: last), maximum), seen))
            }
            if seen == count { break }
        }
        return steps
    }

    /// Adds everything that `other` recorded. Values that this one has no bucket for count in its
    /// last.
    public mutating func merge(_ other: Histogram) {
        for (index, times) in other.buckets.enumerated() where times > 0 {
            buckets[min(index, buckets.count - 1)] &+= times
        }
        count &+= other.count
        add(other.sum)
        smallest = min(smallest, other.smallest)
        maximum = max(maximum, other.maximum)
    }

    /// Forgets everything, and keeps the memory.
    public mutating func reset() {
        for index in buckets.indices { buckets[index] = 0 }
        count = 0
        sum = 0
        maximum = 0
        smallest = .max
    }

    private mutating func add(_ amount: UInt64) {
        let (total, tooLarge) = sum.addingReportingOverflow(amount)
        sum = tooLarge ? .max : total
    }

    /// The bits of a value, after its highest, that choose the bucket.
    private static let precision = 7

    /// The number of the bucket that a value falls into.
    @inline(__always)
    public static func bucket(of value: UInt64) -> Int {
        if value < 1 << precision { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - precision
        // The shifted value keeps its highest bit, which is worth one row of 128 buckets.
        return shift << precision + Int(value >> UInt64(shift))
    }

    /// The largest value that falls into a bucket.
    public static func largest(inBucket index: Int) -> UInt64 {
        if index < 1 << precision { return UInt64(index) }
        let shift = index >> precision - 1
        let top = UInt64(index - shift << precision)
        return (top << UInt64(shift)) | ((1 << UInt64(shift)) - 1)
    }
}
