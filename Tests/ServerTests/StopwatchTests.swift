import Bytes
import Testing

@testable import Server

@Suite("The processor's counter as a clock")
struct StopwatchTests {
    /// A counter that ticks 2.6 times a nanosecond.
    private func ticks(at time: UInt64) -> UInt64 { 77_000 + time * 26 / 10 }

    @Test("There is no time before the rate has been measured")
    func unknown() {
        var scale = TickScale()
        #expect(!scale.isKnown)
        scale.adjust(time: 1000, ticks: ticks(at: 1000))
        #expect(!scale.isKnown)
        scale.adjust(time: 10_000_000, ticks: ticks(at: 10_000_000))
        #expect(!scale.isKnown)
        scale.adjust(time: 60_000_000, ticks: ticks(at: 60_000_000))
        #expect(scale.isKnown)
    }

    @Test("Times agree with the clock and never go back")
    func agrees() {
        var random = Random(seed: 7)
        var scale = TickScale()
        var now: UInt64 = 1 << 50
        var last: UInt64 = 0
        scale.adjust(time: now, ticks: ticks(at: now))
        for _ in 0..<2000 {
            now += UInt64(random.next(below: 200_000_000)) + TickScale.shortestSpan
            // The clock is read a little before the counter.
            let late = UInt64(random.next(below: 300))
            scale.adjust(time: now, ticks: ticks(at: now + late))
            now += late
            for _ in 0..<4 {
                now += UInt64(random.next(below: 1_000_000))
                let time = scale.time(at: ticks(at: now))
                #expect(time >= last)
                last = time
                #expect(max(time, now) - min(time, now) < 100_000)
            }
        }
    }

    @Test("A counter that jumps is not believed until it was measured again")
    func jumps() {
        var scale = TickScale()
        scale.adjust(time: 0, ticks: 500)
        scale.adjust(time: 100_000_000, ticks: 500 + 200_000_000)
        #expect(scale.isKnown)
        scale.adjust(time: 200_000_000, ticks: 500 + 900_000_000)
        #expect(!scale.isKnown)
        scale.adjust(time: 300_000_000, ticks: 500 + 1_100_000_000)
        #expect(scale.isKnown)
        #expect(scale.time(at: 500 + 1_100_000_000) == 300_000_000)
        // One that went back, or stands still, is none.
        scale.adjust(time: 400_000_000, ticks: 3)
        #expect(!scale.isKnown)
        scale.adjust(time: 500_000_000, ticks: 3)
        scale.adjust(time: 600_000_000, ticks: 3)
        #expect(!scale.isKnown)
    }
}
