/// Wall-clock time in milliseconds since 1970-01-01 UTC: what expiry times are kept in.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch.
    public var milliseconds: Int64

    /// A point in wall-clock time.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Earlier before later.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

/// Monotonic time in nanoseconds since some fixed start: what durations are measured in.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the start of this clock.
    public var nanoseconds: UInt64

    /// A point in monotonic time.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Earlier before later.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// One reading of both clocks, latched together by the host and given to the machine, so that
/// everything that happens in one call happens at one time.
public struct Tick: Hashable, Sendable {
    /// The wall clock.
    public var wall: Timestamp
    /// Microseconds within the wall clock's millisecond, 0 to 999: only TIME shows them.
    public var microseconds: Int64
    /// The monotonic clock.
    public var monotonic: Instant

    /// Both clocks at one instant.
    public init(wall: Timestamp, monotonic: Instant, microseconds: Int64 = 0) {
        self.wall = wall
        self.monotonic = monotonic
        self.microseconds = microseconds
    }

    /// The tick `milliseconds` later on both clocks: how tests move time.
    public func advanced(milliseconds: Int64) -> Tick {
        Tick(
            wall: Timestamp(milliseconds: wall.milliseconds + milliseconds),
            monotonic: Instant(
                nanoseconds: monotonic.nanoseconds &+ UInt64(max(0, milliseconds)) * 1_000_000),
            microseconds: microseconds)
    }
}
