public import Bytes
import Glibc

/// The real clocks: the only place below the front that reads them.
public enum SystemClock {
    /// Both clocks now; the monotonic one as it is given, when it has been read already.
    public static func tick(monotonic: UInt64 = monotonicNanoseconds()) -> Tick {
        var time = timespec()
        // Safe: the structure outlives the call, which fills it.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        return Tick(
            wall: Timestamp(milliseconds: microseconds / 1000),
            monotonic: Instant(nanoseconds: monotonic),
            microseconds: microseconds % 1000)
    }

    /// The monotonic clock in nanoseconds.
    public static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        // Safe: as above.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Holds the calling thread.
    static func sleep(nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var rest = timespec()
        // Safe: both structures outlive the call.
        while unsafe nanosleep(&time, &rest) != 0, errno == EINTR { time = rest }
    }

    /// A seed from the system's own generator.
    public static func seed() -> UInt64 {
        var random = SystemRandomNumberGenerator()
        return random.next()
    }
}
