import Bytes

// The 24 bits of each entry that eviction goes by. Under LRU policies: seconds, counted modulo
// 2^24 (194 days). Under LFU policies: 16 bits of minutes when it was last looked at, and 8 bits
// of a logarithmic counter that rises with use and falls with time.

/// What the access clock of the entries means at present.
struct AccessClock {
    /// A new entry starts here, so that it is not evicted before it could be used.
    static let initialFrequency: UInt32 = 5

    /// True under an LFU policy.
    var countsFrequency = false
    /// How slowly the counter rises: hits for one more step, times the counter.
    var logFactor = 10
    /// Minutes for one step down; 0 never falls.
    var decayMinutes = 1
    /// The present second, modulo 2^24.
    private(set) var second: UInt32 = 0
    /// The present minute, modulo 2^16.
    private(set) var minute: UInt32 = 0

    mutating func advance(to time: Timestamp) {
        let seconds = time.milliseconds / 1000
        second = UInt32(truncatingIfNeeded: seconds) & 0xFF_FFFF
        minute = UInt32(truncatingIfNeeded: seconds / 60) & 0xFFFF
    }

    /// What a new entry gets.
    @inline(__always)
    var initial: UInt32 {
        countsFrequency ? minute << 8 | AccessClock.initialFrequency : second
    }

    /// The clock of an entry that is being used now.
    @inline(__always)
    func touched(_ clock: UInt32, random: inout Random) -> UInt32 {
        countsFrequency ? bumped(clock, random: &random) : second
    }

    private func bumped(_ clock: UInt32, random: inout Random) -> UInt32 {
        var counter = frequency(of: clock)
        if counter < 255 {
            let base =
                counter > AccessClock.initialFrequency
                ? Double(counter - AccessClock.initialFrequency) : 0
            if random.nextUnit() < 1 / (base * Double(logFactor) + 1) { counter += 1 }
        }
        return minute << 8 | counter
    }

    /// The frequency counter, fallen by the time since it was last looked at.
    func frequency(of clock: UInt32) -> UInt32 {
        let counter = clock & 0xFF
        guard decayMinutes > 0 else { return counter }
        let elapsed = (minute &- (clock >> 8)) & 0xFFFF
        let steps = elapsed / UInt32(decayMinutes)
        return steps > counter ? 0 : counter - steps
    }

    /// The clock of an entry with this counter, looked at now.
    func clock(frequency: UInt32) -> UInt32 { minute << 8 | frequency & 0xFF }

    /// The clock of an entry that was not used for so many seconds.
    func clock(idle seconds: Int64) -> UInt32 {
        (second &- UInt32(truncatingIfNeeded: min(seconds, 0xFF_FFFF))) & 0xFF_FFFF
    }

    /// How long an entry has not been used, in milliseconds.
    func idleTime(of clock: UInt32) -> Int64 {
        Int64(idleSeconds(of: clock)) * 1000
    }

    /// How long an entry has not been used, in seconds, under an LRU policy.
    @inline(__always)
    func idleSeconds(of clock: UInt32) -> UInt32 { (second &- clock) & 0xFF_FFFF }

    /// How little an entry is used, under an LFU policy: by its counter as it has fallen, and
    /// among equal ones by the minutes since its last use.
    @inline(__always)
    func disuse(of clock: UInt32) -> UInt32 {
        (255 - frequency(of: clock)) << 16 | (minute &- (clock >> 8)) & 0xFFFF
    }
}
