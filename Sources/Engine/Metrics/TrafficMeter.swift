import Bytes

/// Rates over the last moments: samples of the counters a tenth of a second apart, and the mean
/// of the newest sixteen.
struct TrafficMeter {
    private static let samples = 16
    private static let interval: UInt64 = 100_000_000

    /// What the counters were, or how much they rose in a second.
    private struct Sample {
        var commands = 0.0
        var bytesIn = 0.0
        var bytesOut = 0.0
        var turns = 0.0
        var turnNanoseconds = 0.0

        init() {}

        init(_ statistics: borrowing Statistics) {
            commands = Double(statistics.commandsProcessed)
            bytesIn = Double(statistics.bytesIn)
            bytesOut = Double(statistics.bytesOut)
            turns = Double(statistics.turns)
            turnNanoseconds = Double(statistics.turnNanoseconds)
        }

        /// The rise since `earlier`, a second. Counters that were reset begin at nothing again.
        func rise(since earlier: Sample, seconds: Double) -> Sample {
            func rate(_ path: KeyPath<Sample, Double>) -> Double {
                max(0, self[keyPath: path] - earlier[keyPath: path]) / seconds
            }
            var rise = Sample()
            rise.commands = rate(\.commands)
            rise.bytesIn = rate(\.bytesIn)
            rise.bytesOut = rate(\.bytesOut)
            rise.turns = rate(\.turns)
            rise.turnNanoseconds = rate(\.turnNanoseconds)
            return rise
        }
    }

    private var ring = [Sample](repeating: Sample(), count: TrafficMeter.samples)
    private var place = 0
    private var last: (time: UInt64, counts: Sample)?

    /// Notes the counters at `time`, when the last note is old enough.
    mutating func note(_ statistics: borrowing Statistics, at time: Instant) {
        let now = time.nanoseconds
        let counts = Sample(statistics)
        if let last {
            guard now >= last.time + TrafficMeter.interval else { return }
            let seconds = Double(now - last.time) / 1e9
            ring[place] = counts.rise(since: last.counts, seconds: seconds)
            place = (place + 1) % TrafficMeter.samples
        }
        last = (now, counts)
    }

    /// Commands a second.
    var commandRate: Int { Int(mean(\.commands)) }
    /// Kilobytes received a second.
    var inputRate: Double { mean(\.bytesIn) / 1024 }
    /// Kilobytes sent a second.
    var outputRate: Double { mean(\.bytesOut) / 1024 }
    /// Turns of the host's loop a second.
    var turnRate: Int { Int(mean(\.turns)) }
    /// Microseconds that a turn took.
    var turnMicroseconds: Int {
        let turns = mean(\.turns)
        return turns > 0 ? Int(mean(\.turnNanoseconds) / turns / 1000) : 0
    }

    private func mean(_ path: KeyPath<Sample, Double>) -> Double {
        ring.reduce(0) { $0 + $1[keyPath: path] } / Double(TrafficMeter.samples)
    }
}
