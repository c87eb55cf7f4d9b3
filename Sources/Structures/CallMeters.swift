public import Bytes

// What is counted of each command: calls, time, and how the time was spread. Every call counts,
// in the histogram too, so all of this is on the road of every command and must cost next to
// nothing there: no array that asks whether it is shared, no object to retain, and of the
// histogram nothing but one bucket, found from the position of the highest bit. What else a
// histogram knows follows from its buckets when somebody asks.
//
// The buckets of a command, 27 KiB, come with its first call: most commands are never used.

/// Counters of calls, for a fixed number of commands, each with a histogram of durations.
@safe
public struct CallMeters: ~Copyable {
    /// What is counted of one command.
    public struct Counts: Sendable, Equatable {
        /// Times it ran.
        public var calls = 0
        /// Nanoseconds that it took in all.
        public var nanoseconds: UInt64 = 0
        /// Times it was refused before it ran.
        public var rejected = 0
        /// Times it answered with an error.
        public var failed = 0

        /// Nothing.
        public init() {}

        /// True when there is nothing to tell.
        public var isEmpty: Bool { calls + rejected + failed == 0 }
    }

    @safe
    private struct Meter {
        var counts = Counts()
        var buckets: UnsafeMutablePointer<UInt64>?
    }

    /// The longest duration that has a bucket of its own: eight seconds and a half.
    private static let longest: UInt64 = 1 << 33
    private static let bucketCount = Histogram.bucket(of: longest) + 1

    private let meters: UnsafeMutablePointer<Meter>
    /// The number of commands.
    public let count: Int

    /// Counters at zero for `count` commands.
    public init(count: Int) {
        self.count = count
        unsafe meters = .allocate(capacity: max(1, count))
        unsafe meters.initialize(repeating: Meter(), count: count)
    }

    deinit {
        for number in 0..<count { dropBuckets(number) }
        // Safe: the meters are initialised, and owned by this value alone.
        unsafe meters.deinitialize(count: count)
        unsafe meters.deallocate()
    }

    // MARK: Counting

    /// Counts a call and its time; `isTracked` says whether the histogram is told too.
    @inline(__always)
    public mutating func note(_ number: Int, _ nanoseconds: UInt64, isTracked: Bool) {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked.
        let meter = unsafe meters + number
        unsafe meter.pointee.counts.calls &+= 1
        unsafe meter.pointee.counts.nanoseconds &+= nanoseconds
        guard isTracked else { return }
        guard let buckets = unsafe meter.pointee.buckets else {
            return noteFirst(number, nanoseconds)
        }
        // Safe: there is a bucket for every duration up to the longest.
        let bucket = Histogram.bucket(of: min(nanoseconds, CallMeters.longest))
        unsafe buckets[bucket] &+= 1
    }

    /// The same where there are no buckets yet.
    @inline(never)
    private mutating func noteFirst(_ number: Int, _ nanoseconds: UInt64) {
        let size = CallMeters.bucketCount * MemoryLayout<UInt64>.stride
        // Safe: the block has room for all buckets, and is bound to nothing else.
        let buckets = unsafe Heap.allocateLines((size + 63) & ~63)
            .bindMemory(to: UInt64.self, capacity: CallMeters.bucketCount)
        unsafe buckets[Histogram.bucket(of: min(nanoseconds, CallMeters.longest))] = 1
        unsafe meters[number].buckets = buckets
    }

    /// Counts a call that was refused before it ran.
    public mutating func noteRejected(_ number: Int) {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked.
        unsafe meters[number].counts.rejected += 1
    }

    /// Counts a call that answered with an error.
    public mutating func noteFailed(_ number: Int) {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked.
        unsafe meters[number].counts.failed += 1
    }

    /// Starts all counters again.
    public mutating func reset() {
        for number in 0..<count {
            dropBuckets(number)
            // Safe: the number is below the count.
            unsafe meters[number] = Meter()
        }
    }

    private func dropBuckets(_ number: Int) {
        // Safe: the block came from the same heap, and is forgotten by both callers.
        if let buckets = unsafe meters[number].buckets { unsafe Heap.free(buckets) }
    }

    // MARK: Reading

    /// What was counted of a command.
    public subscript(number: Int) -> Counts {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked.
        return unsafe meters[number].counts
    }

    /// True when some call of the command has been told to its histogram.
    public func hasHistogram(_ number: Int) -> Bool {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked.
        return unsafe meters[number].buckets != nil
    }

    /// Adds a command's durations, in nanoseconds, to a histogram: each as the longest that
    /// shares its bucket, which is at most 0.8 % more.
    public func add(_ number: Int, to histogram: inout Histogram) {
        precondition(number >= 0 && number < count)
        // Safe: the number was checked, and the buckets are as many as stated.
        guard let buckets = unsafe meters[number].buckets else { return }
        for bucket in 0..<CallMeters.bucketCount {
            let times = unsafe buckets[bucket]
            if times > 0 { histogram.record(Histogram.largest(inBucket: bucket), times: times) }
        }
    }

    /// A command's durations in nanoseconds; nil when none was noted.
    public func histogram(_ number: Int) -> Histogram? {
        guard hasHistogram(number) else { return nil }
        var histogram = CallMeters.emptyHistogram
        add(number, to: &histogram)
        return histogram
    }

    /// Nanoseconds that all commands took.
    public var nanoseconds: UInt64 {
        var sum: UInt64 = 0
        for number in 0..<count { sum &+= self[number].nanoseconds }
        return sum
    }

    /// The durations of all commands, in nanoseconds.
    public var total: Histogram {
        var histogram = CallMeters.emptyHistogram
        for number in 0..<count { add(number, to: &histogram) }
        return histogram
    }

    /// A histogram with the same buckets and nothing in them.
    public static var emptyHistogram: Histogram {
        Histogram(highest: Histogram.largest(inBucket: bucketCount - 1))
    }

    /// Bytes of memory that the counters take.
    public var footprint: Int {
        var total = count * MemoryLayout<Meter>.stride
        for number in 0..<count where hasHistogram(number) {
            total += CallMeters.bucketCount * MemoryLayout<UInt64>.stride
        }
        return total
    }
}
