// How long commands took, by classes: each reaches twice as far as the one before. Servers count
// in buckets of their own; a bucket belongs to the class that it ends in. Percentiles say how long
// the slowest of so many took, classes also that there are two kinds of commands, fast and slow.

/// Classes of times.
enum LatencyClasses {
    /// What commands of a class took at most, in microseconds; the last class has no end.
    static let limits: [Double] = {
        var limits = [0.25]
        while limits.last! < 1_048_576 { limits.append(limits.last! * 2) }
        return limits + [.infinity]
    }()

    /// The names of the classes, by what they reach to.
    static let labels: [String] = limits.map { limit in
        if limit < 1 { return "\(Int(limit * 1000))ns" }
        if limit < 1024 { return "\(Int(limit))us" }
        if limit < 1_048_576 { return "\(Int(limit) / 1024)ms" }
        return limit.isFinite ? "1s" : "more"
    }

    /// Redis ends its buckets a little above powers of two: 33, 66, 132, 264.
    private static let tolerance = 1.06

    /// The class in which a bucket ends.
    static func place(_ limit: Double) -> Int {
        limits.firstIndex { limit <= $0 * tolerance } ?? limits.count - 1
    }

    /// Commands a second of each class; nil when that cannot be known.
    static func rates(_ change: Change) -> [Double]? {
        guard change.after.commands.contains(where: { !$0.value.histogram.isEmpty }) else {
            return nil
        }
        var rates = Array(repeating: 0.0, count: limits.count)
        for (name, after) in change.after.commands where !Latency.isOwn(name, change) {
            let before = change.before.commands[name] ?? CommandCounters()
            guard let rises = Latency.rises(before, after) else { return nil }
            for (limit, count) in rises { rates[place(limit)] += count / change.seconds }
        }
        return rates
    }
}

/// The past of all classes.
struct LatencyPast: Sendable {
    /// Of classes in which no command ever was there is no past.
    private var rings = [Rings?](repeating: nil, count: LatencyClasses.limits.count)

    /// True while no command was timed.
    var isEmpty: Bool { rings.allSatisfy { $0 == nil } }

    /// Takes what holds from one instant to another; nil is a gap.
    mutating func add(_ rates: [Double]?, from start: Int64, to end: Int64) {
        for index in rings.indices {
            let rate = rates?[index]
            if rings[index] == nil {
                guard let rate, rate > 0 else { continue }
                rings[index] = Rings(from: start)
            }
            rings[index]?.add(rate, from: start, to: end)
        }
    }

    /// Which share of the commands of a stretch of time was in each class; empty without any.
    func shares(from start: Int64, to end: Int64) -> [Double] {
        var rates = rings.map { $0?.summary(from: start, to: end)?.mean ?? 0 }
        let total = rates.reduce(0, +)
        guard total > 0 else { return [] }
        for index in rates.indices { rates[index] /= total }
        return rates
    }
}
