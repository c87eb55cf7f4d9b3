import CTicks

// Every command is timed, and asking the system for the time takes a tenth of what a short one
// takes in all. The processor's own counter is read in a third of that. Where the system itself
// keeps time by that counter, it counts evenly and alike on all processors; the host's regular
// tick compares it with the clock, so that it stays right. Elsewhere the clock is asked.

/// Nanoseconds of the monotonic clock, for timing commands.
final class Stopwatch {
    private var scale = TickScale()
    private let isCounting: Bool

    init() {
        isCounting =
            SystemFiles.read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
            == Array("tsc\n".utf8)
    }

    /// The time now.
    @inline(__always)
    func read() -> UInt64 {
        scale.isKnown ? scale.time(at: larder_ticks()) : SystemClock.monotonicNanoseconds()
    }

    /// Compares the counter with the clock; to be called now and then, while nothing is timed.
    func adjust() {
        guard isCounting else { return }
        scale.adjust(time: SystemClock.monotonicNanoseconds(), ticks: larder_ticks())
    }
}

/// How the ticks of an even counter become nanoseconds of a clock.
struct TickScale {
    /// The first comparison, from which the rate is measured.
    private var origin: (time: UInt64, ticks: UInt64)?
    /// The last comparison, from which times are counted.
    private var time: UInt64 = 0
    private var ticks: UInt64 = 0
    /// Nanoseconds a tick, as a fraction of 2^32; 0 while it is not known.
    private var rate: UInt64 = 0

    /// Nanoseconds that must lie between two comparisons for a rate.
    static let shortestSpan: UInt64 = 50_000_000
    /// Nanoseconds by which a time may be wrong before the measurement begins anew.
    static let tolerance: UInt64 = 1_000_000

    /// True when there is a rate.
    @inline(__always)
    var isKnown: Bool { rate != 0 }

    /// The clock's time when the counter stands at `count`.
    @inline(__always)
    func time(at count: UInt64) -> UInt64 {
        let product = (count &- ticks).multipliedFullWidth(by: rate)
        return time &+ (product.high << 32 | product.low >> 32)
    }

    /// Takes in what clock and counter show at one instant. Times never go back by it, unless
    /// the counter was found to be wrong, as it is when a machine has slept or moved.
    mutating func adjust(time now: UInt64, ticks count: UInt64) {
        guard let origin, count > origin.ticks, now > origin.time else {
            return begin(now, count)
        }
        let expected = isKnown ? time(at: count) : now
        if max(expected, now) - min(expected, now) > TickScale.tolerance {
            return begin(now, count)
        }
        let (passed, counted) = (now - origin.time, count - origin.ticks)
        guard passed >= TickScale.shortestSpan, counted > passed >> 16 else { return }
        rate = counted.dividingFullWidth((passed >> 32, passed << 32)).quotient
        (time, ticks) = (max(expected, now), count)
    }

    private mutating func begin(_ now: UInt64, _ count: UInt64) {
        origin = (now, count)
        rate = 0
    }
}
