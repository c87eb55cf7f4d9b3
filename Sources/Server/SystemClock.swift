public import Bytes
import Glibc

/// The real clocks: the only place below the front that reads them.
public enum SystemClock {
    /// Both clocks now.
    public static func tick() -> Tick {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Tick(
            wall: Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000),
            monotonic: Instant(nanoseconds: monotonicNanoseconds()),
            microseconds: Int64(time.tv_nsec) / 1000 % 1000)
    }

    /// The monotonic clock in nanoseconds.
    public static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// A seed from the system's own generator.
    public static func seed() -> UInt64 {
        var random = SystemRandomNumberGenerator()
        return random.next()
    }
}
