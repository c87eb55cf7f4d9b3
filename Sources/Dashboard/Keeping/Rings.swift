// The past of one figure, in three rings: tenths of a second for a minute, seconds for an hour,
// ten seconds for a day. A value holds for the time since the value before it, so a slot is the
// mean over time of what it saw, with the least and the most. Time that nobody has seen is a gap,
// which is not zero.

/// Mean, least and most of some time.
public struct Summary: Equatable, Sendable {
    /// The mean over time.
    public var mean: Double
    /// The least.
    public var minimum: Double
    /// The most.
    public var maximum: Double
}

/// Slots of one length; the newest overwrite the oldest.
struct Ring: Sendable {
    /// Milliseconds of a slot.
    let step: Int64
    private var means: [Float]
    private var minima: [Float]
    private var maxima: [Float]
    /// The slot that is being filled, counted from instant 0, and what it has so far.
    private(set) var current: Int64
    private var sum = 0.0
    private var weight: Int64 = 0
    private var low = Double.infinity
    private var high = -Double.infinity

    init(step: Int64, slots: Int, from instant: Int64) {
        self.step = step
        means = Array(repeating: .nan, count: slots)
        minima = means
        maxima = means
        current = instant / step
    }

    var count: Int64 { Int64(means.count) }

    /// The earliest instant that is kept.
    var earliest: Int64 { (current - count + 1) * step }

    /// Takes a value that holds from one instant to another; nil is a gap.
    mutating func add(_ value: Double?, from start: Int64, to end: Int64) {
        var from = max(start, current * step, end - count * step)
        while from < end {
            let slot = from / step
            if slot > current { advance(to: slot) }
            let to = min((slot + 1) * step, end)
            if let value {
                sum += value * Double(to - from)
                weight += to - from
                low = min(low, value)
                high = max(high, value)
            }
            from = to
        }
    }

    private mutating func advance(to slot: Int64) {
        store()
        for skipped in max(current + 1, slot - count + 1)..<(slot + 1) {
            let index = Int(skipped % count)
            means[index] = .nan
        }
        current = slot
        sum = 0
        weight = 0
        low = .infinity
        high = -.infinity
    }

    private mutating func store() {
        let index = Int(current % count)
        means[index] = weight > 0 ? Float(sum / Double(weight)) : .nan
        minima[index] = Float(low)
        maxima[index] = Float(high)
    }

    /// What a slot has seen; nil for gaps and for what is not kept.
    func slot(_ slot: Int64) -> Summary? {
        if slot == current {
            guard weight > 0 else { return nil }
            return Summary(mean: sum / Double(weight), minimum: low, maximum: high)
        }
        guard slot < current, slot > current - count, slot >= 0 else { return nil }
        let index = Int(slot % count)
        guard !means[index].isNaN else { return nil }
        return Summary(
            mean: Double(means[index]), minimum: Double(minima[index]),
            maximum: Double(maxima[index]))
    }
}

/// The past of one figure.
public struct Rings: Sendable {
    private var rings: [Ring]

    /// Nothing has happened before `instant`, in milliseconds.
    public init(from instant: Int64 = 0) {
        let instant = max(instant, 0)
        rings = [
            Ring(step: 100, slots: 600, from: instant),
            Ring(step: 1000, slots: 3600, from: instant),
            Ring(step: 10_000, slots: 8640, from: instant),
        ]
    }

    /// Takes a value that holds from one instant to another; nil is a gap.
    public mutating func add(_ value: Double?, from start: Int64, to end: Int64) {
        guard end > start else { return }
        let value = value.flatMap { $0.isFinite ? $0 : nil }
        for index in rings.indices { rings[index].add(value, from: start, to: end) }
    }

    /// What is known of a stretch of time; nil when nothing is.
    public func summary(from start: Int64, to end: Int64) -> Summary? {
        guard end > start else { return nil }
        // The finest ring that reaches back so far.
        let level = rings.firstIndex { start >= $0.earliest } ?? rings.count - 1
        var tally = Tally()
        collect(level, from: start, to: end, &tally)
        guard tally.weight > 0 else { return nil }
        return Summary(
            mean: tally.sum / tally.weight, minimum: tally.low, maximum: tally.high)
    }

    private struct Tally {
        var sum = 0.0
        var weight = 0.0
        var low = Double.infinity
        var high = -Double.infinity
    }

    /// Adds up a stretch of time. The end of it may stand within a slot, of which only the
    /// beginning counts; that is in a finer ring, unless it is too long ago.
    private func collect(
        _ level: Int, from start: Int64, to end: Int64, _ tally: inout Tally
    ) {
        let ring = rings[level]
        var stop = end
        if level > 0, end % ring.step != 0 {
            let tail = max(end / ring.step * ring.step, start)
            if tail >= rings[level - 1].earliest {
                collect(level - 1, from: tail, to: end, &tally)
                stop = tail
            }
        }
        guard stop > start else { return }
        for slot in (start / ring.step)...((stop - 1) / ring.step) {
            guard let found = ring.slot(slot) else { continue }
            let overlap = min((slot + 1) * ring.step, stop) - max(slot * ring.step, start)
            tally.sum += found.mean * Double(overlap)
            tally.weight += Double(overlap)
            tally.low = min(tally.low, found.minimum)
            tally.high = max(tally.high, found.maximum)
        }
    }
}
