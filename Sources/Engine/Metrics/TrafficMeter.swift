import Bytes

/// Rates over the last moments: samples of the counters a tenth of a second apart, and the mean
/// of the newest sixteen.
struct TrafficMeter {
    private static let samples = 16
    private static let interval: UInt64 = 100_000_000

    private struct Sample {
        var commands = 0.0
        var bytesIn = 0.0
        var bytesOut = 0.0
    }

    private var ring = [Sample](repeating: Sample(), count: TrafficMeter.samples)
    private var place = 0
    private var last: (time: UInt64, commands: Int, bytesIn: Int, bytesOut: Int)?

    /// Notes the counters at `time`, when the last note is old enough.
    mutating func note(_ statistics: borrowing Statistics, at time: Instant) {
        let now = time.nanoseconds
        if let last {
            guard now >= last.time + TrafficMeter.interval else { return }
            let seconds = Double(now - last.time) / 1e9
            // Counters that were reset in between begin at nothing again.
            ring[place] = Sample(
                commands: Double(max(0, statistics.commandsProcessed - last.commands)) / seconds,
                bytesIn: Double(max(0, statistics.bytesIn - last.bytesIn)) / seconds,
                bytesOut: Double(max(0, statistics.bytesOut - last.bytesOut)) / seconds)
            place = (place + 1) % TrafficMeter.samples
        }
        last = (now, statistics.commandsProcessed, statistics.bytesIn, statistics.bytesOut)
    }

    /// Commands a second.
    var commandRate: Int { Int(mean(\.commands)) }
    /// Kilobytes received a second.
    var inputRate: Double { mean(\.bytesIn) / 1024 }
    /// Kilobytes sent a second.
    var outputRate: Double { mean(\.bytesOut) / 1024 }

    private func mean(_ path: KeyPath<Sample, Double>) -> Double {
        ring.reduce(0) { $0 + $1[keyPath: path] } / Double(TrafficMeter.samples)
    }
}
