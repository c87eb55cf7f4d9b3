import Glibc

/// When the requests of a load come: request number n comes when the rate has summed up to n, so
/// that the count is exact whatever the rate does.
struct RateSchedule {
    private struct Part {
        let start: Double
        let seconds: Double
        let from: Double
        let to: Double
        /// Requests before it.
        let before: Double
        var count: Double { (from + to) / 2 * seconds }
    }

    private var parts: [Part] = []
    private var current = 0
    private var next = 0.0

    init(_ stages: [LoadPlan.Stage]) {
        var start = 0.0
        var before = 0.0
        for stage in stages {
            let part = Part(
                start: start, seconds: Double(stage.duration) / 1e9, from: max(0, stage.from),
                to: max(0, stage.to), before: before)
            parts.append(part)
            start += part.seconds
            before += part.count
        }
    }

    /// Nanoseconds after the beginning at which the next request comes; nil after the last.
    mutating func takeNext() -> UInt64? {
        while current < parts.count {
            let part = parts[current]
            let wanted = next - part.before
            // What is a request by a hair only belongs to the next part.
            if wanted < part.count - 1e-6 {
                next += 1
                return UInt64((part.start + RateSchedule.time(of: wanted, part)) * 1e9 + 0.5)
            }
            current += 1
        }
        return nil
    }

    /// Seconds into the part at which so many requests have come.
    private static func time(of count: Double, _ part: Part) -> Double {
        let slope = (part.to - part.from) / part.seconds
        if abs(slope) < 1e-12 { return count / part.from }
        let root = sqrt(max(0, part.from * part.from + 2 * slope * count))
        return (root - part.from) / slope
    }
}
