import Bytes

// What has happened in the last second, in the last minute and in all. The counters only rise, so
// a window is a difference: the ticks keep what the counters were, ten samples for the second and
// sixty for the minute.

/// What happened within some time.
public struct Activity: Sendable, Equatable {
    /// The length of that time, in nanoseconds.
    public internal(set) var nanoseconds: UInt64 = 0
    /// Lookups that found their key.
    public internal(set) var hits = 0
    /// Lookups that did not.
    public internal(set) var misses = 0
    /// Commands that ran.
    public internal(set) var commands = 0
    /// Keys whose time had come.
    public internal(set) var expired = 0
    /// Keys that went to make room.
    public internal(set) var evicted = 0
    /// Errors sent.
    public internal(set) var errors = 0
    /// Bytes received.
    public internal(set) var bytesIn = 0
    /// Bytes sent.
    public internal(set) var bytesOut = 0

    /// The share of lookups that found their key, between 0 and 1; nil without lookups, of which
    /// nothing can be said.
    public var hitRatio: Double? {
        hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil
    }

    /// So many a second; nil for a time that is too short to tell.
    public func rate(_ count: KeyPath<Activity, Int>) -> Double? {
        nanoseconds > 0 ? Double(self[keyPath: count]) / (Double(nanoseconds) / 1e9) : nil
    }

    /// What was counted until now.
    init(_ statistics: borrowing Statistics) {
        hits = statistics.hits
        misses = statistics.misses
        commands = statistics.commandsProcessed
        expired = statistics.expired
        evicted = statistics.evicted
        errors = statistics.errorReplies
        bytesIn = statistics.bytesIn
        bytesOut = statistics.bytesOut
    }

    /// What has been added since `earlier`.
    func since(_ earlier: Activity) -> Activity {
        var change = self
        change.hits -= earlier.hits
        change.misses -= earlier.misses
        change.commands -= earlier.commands
        change.expired -= earlier.expired
        change.evicted -= earlier.evicted
        change.errors -= earlier.errors
        change.bytesIn -= earlier.bytesIn
        change.bytesOut -= earlier.bytesOut
        return change
    }
}

/// What happened lately.
public struct ActivityReport: Sendable, Equatable {
    /// In the last second, about.
    public var now: Activity
    /// In the last minute, or since the counters began when that is less.
    public var minute: Activity
    /// Since the counters began.
    public var total: Activity
}

/// What the counters were at moments of the last minute.
struct ActivityWindows {
    private struct Sample {
        var time: UInt64
        var counts: Activity
    }

    /// The last samples, each at least so long after the one before.
    private struct Ring {
        let interval: UInt64
        let length: Int
        private var samples: [Sample] = []
        private var oldest = 0

        init(interval: UInt64, length: Int) {
            self.interval = interval
            self.length = length
        }

        mutating func note(_ counts: Activity, at time: UInt64) {
            if let newest, time < newest.time + interval { return }
            if samples.count <= length {
                samples.append(Sample(time: time, counts: counts))
            } else {
                samples[oldest] = Sample(time: time, counts: counts)
                oldest = (oldest + 1) % samples.count
            }
        }

        private var newest: Sample? {
            samples.isEmpty ? nil : samples[(oldest + samples.count - 1) % samples.count]
        }

        /// The oldest sample that is not older than the window, or the newest there is.
        func base(at time: UInt64) -> Sample? {
            let window = interval * UInt64(length)
            for offset in samples.indices {
                let sample = samples[(oldest + offset) % samples.count]
                // A tick may come a little late.
                if sample.time + window + interval / 2 >= time { return sample }
            }
            return newest
        }
    }

    private var second = Ring(interval: 100_000_000, length: 10)
    private var minute = Ring(interval: 1_000_000_000, length: 60)
    private let began: UInt64

    /// Windows over counters that are all zero.
    init(_ statistics: borrowing Statistics, at time: Instant) {
        began = time.nanoseconds
        note(statistics, at: time)
    }

    /// Notes the counters, when the last note is old enough.
    mutating func note(_ statistics: borrowing Statistics, at time: Instant) {
        let counts = Activity(statistics)
        second.note(counts, at: time.nanoseconds)
        minute.note(counts, at: time.nanoseconds)
    }

    /// What happened in each window.
    func report(_ statistics: borrowing Statistics, at time: Instant) -> ActivityReport {
        var total = Activity(statistics)
        total.nanoseconds = time.nanoseconds &- began
        func change(_ base: Sample?) -> Activity {
            guard let base else { return total }
            var change = total.since(base.counts)
            change.nanoseconds = time.nanoseconds &- base.time
            return change
        }
        return ActivityReport(
            now: change(second.base(at: time.nanoseconds)),
            minute: change(minute.base(at: time.nanoseconds)), total: total)
    }
}
