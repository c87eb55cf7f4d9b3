import Bytes

// The 24 bits of each entry that eviction goes by.
//
// Under LRU policies they are a moment: seconds, counted modulo 2^24 (194 days). Seconds are too
// coarse for a cache whose keys are all replaced within a minute, so the moments also move on
// while keys are evicted, 64 times while as many go as there are: what is older can be told from
// what is younger at any speed. Where moments and seconds part is noted in `bends`, so that idle
// times are still told in seconds.
//
// Under LFU policies: 16 bits of minutes when the entry was last looked at, and 8 bits of a
// logarithmic counter that rises with use and falls with time.

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
    /// The present moment, modulo 2^24.
    private var moment: UInt32 = 0

    /// A second in which moments were more than one.
    private struct Bend {
        let second: Int64
        /// The moments beyond the seconds, when that second began.
        let extra: Int64
    }

    private static let mask: UInt32 = 0xFF_FFFF
    /// Moments in which as many keys are evicted as there are.
    private static let fineness = 64
    /// The most moments in a second, so that they do not come round too soon.
    private static let limit = 1024
    /// The most bends that are noted; then every other one is forgotten.
    private static let bendLimit = 4096

    private var wallSecond: Int64 = 0
    private var extra: Int64 = 0
    private var evictions = 0
    private var momentsOfSecond = 0
    private var bends: [Bend] = []

    mutating func advance(to time: Timestamp) {
        let seconds = time.milliseconds / 1000
        second = UInt32(truncatingIfNeeded: seconds) & AccessClock.mask
        minute = UInt32(truncatingIfNeeded: seconds / 60) & 0xFFFF
        if seconds != wallSecond { momentsOfSecond = 0 }
        wallSecond = seconds
        moment = UInt32(truncatingIfNeeded: seconds &+ extra) & AccessClock.mask
    }

    /// A key has been evicted out of so many.
    @inline(__always)
    mutating func noteEviction(among keys: Int) {
        evictions &+= 1
        if evictions >= keys / AccessClock.fineness, !countsFrequency { beginMoment() }
    }

    @inline(never)
    private mutating func beginMoment() {
        evictions = 0
        guard momentsOfSecond < AccessClock.limit else { return }
        momentsOfSecond += 1
        if bends.last?.second != wallSecond {
            if bends.count == AccessClock.bendLimit {
                bends = stride(from: 1, to: bends.count, by: 2).map { bends[$0] }
            }
            bends.append(Bend(second: wallSecond, extra: extra))
        }
        extra += 1
        moment = (moment &+ 1) & AccessClock.mask
    }

    /// What a new entry gets.
    @inline(__always)
    var initial: UInt32 {
        countsFrequency ? minute << 8 | AccessClock.initialFrequency : moment
    }

    /// The clock of an entry that is being used now.
    @inline(__always)
    func touched(_ clock: UInt32, random: inout Random) -> UInt32 {
        countsFrequency ? bumped(clock, random: &random) : moment
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

    // MARK: Frequency

    /// The frequency counter, fallen by the time since it was last looked at.
    func frequency(of clock: UInt32) -> UInt32 {
        let counter = clock & 0xFF
        guard decayMinutes > 0 else { return counter }
        let elapsed = (minute &- (clock >> 8)) & 0xFFFF
        if elapsed == 0 { return counter }
        let steps = elapsed / UInt32(truncatingIfNeeded: decayMinutes)
        return steps > counter ? 0 : counter - steps
    }

    /// The clock of an entry with this counter, looked at now.
    func clock(frequency: UInt32) -> UInt32 { minute << 8 | frequency & 0xFF }

    /// How little an entry is used, under an LFU policy: by its counter as it has fallen, and
    /// among equal ones by the minutes since its last use.
    @inline(__always)
    func disuse(of clock: UInt32) -> UInt32 {
        (255 - frequency(of: clock)) << 16 | (minute &- (clock >> 8)) & 0xFFFF
    }

    // MARK: Idle time

    /// How many moments an entry has not been used, under an LRU policy.
    @inline(__always)
    func age(of clock: UInt32) -> UInt32 { (moment &- clock) & AccessClock.mask }

    /// The clock of an entry that was not used for so many seconds.
    func clock(idle seconds: Int64) -> UInt32 {
        let then = wallSecond &- min(seconds, Int64(AccessClock.mask))
        let place = bends.lastIndex { $0.second <= then }
        return UInt32(truncatingIfNeeded: then &+ extraBehind(place)) & AccessClock.mask
    }

    /// How long an entry has not been used, in milliseconds.
    func idleTime(of clock: UInt32) -> Int64 {
        let age = Int64(age(of: clock))
        if bends.isEmpty { return age * 1000 }
        let then = wallSecond &+ extra &- age
        let place = bends.lastIndex { $0.second &+ $0.extra <= then }
        var second = then &- extraBehind(place)
        // All moments of a bend are of one second.
        if let place { second = max(second, bends[place].second) }
        return max(0, wallSecond &- second) * 1000
    }

    /// The moments beyond the seconds when a bend was over; before the first there were none.
    private func extraBehind(_ place: Int?) -> Int64 {
        guard let place else { return bends.first?.extra ?? extra }
        return place + 1 < bends.count ? bends[place + 1].extra : extra
    }
}
