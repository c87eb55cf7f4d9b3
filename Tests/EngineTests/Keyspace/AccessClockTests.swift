import Bytes
import Testing

@testable import Engine

@Suite("The access clock")
struct AccessClockTests {
    private func clock(at seconds: Int64) -> AccessClock {
        var clock = AccessClock()
        clock.advance(to: Timestamp(milliseconds: seconds * 1000))
        return clock
    }

    @Test("Without evictions it counts seconds, also around the end of its bits")
    func seconds() {
        let start: Int64 = (1 << 24) * 100 - 50
        var clock = clock(at: start)
        let entry = clock.initial
        for passed in [0, 1, 49, 50, 51, 1_000_000] as [Int64] {
            clock.advance(to: Timestamp(milliseconds: (start + passed) * 1000))
            #expect(clock.idleTime(of: entry) == passed * 1000)
            #expect(clock.idleTime(of: clock.clock(idle: 77)) == 77_000)
        }
    }

    @Test("While keys are evicted it tells ages within a second, and idle times in seconds")
    func moments() {
        let start: Int64 = 1_750_000_000
        var clock = clock(at: start)
        var noted: [(second: Int64, entry: UInt32)] = []
        for second in 0..<200 as Range<Int64> {
            clock.advance(to: Timestamp(milliseconds: (start + second) * 1000))
            // Every third ten seconds nothing is evicted.
            let evictions = second / 10 % 3 == 2 ? 0 : 1000 + second * 7
            for _ in 0..<evictions { clock.noteEviction(among: 3200) }
            noted.append((second, clock.initial))
        }
        for pair in zip(noted, noted.dropFirst()) {
            #expect(clock.age(of: pair.0.entry) > clock.age(of: pair.1.entry))
        }
        for (second, entry) in noted {
            #expect(clock.idleTime(of: entry) == (199 - second) * 1000)
            let again = clock.clock(idle: 199 - second)
            #expect(clock.idleTime(of: again) == (199 - second) * 1000)
        }
        #expect(clock.idleTime(of: clock.clock(idle: 5000)) == 5_000_000)
        let before = clock.initial
        for _ in 0..<50 { clock.noteEviction(among: 3200) }
        #expect(clock.age(of: before) == 1)
        #expect(clock.idleTime(of: before) == 0)
    }

    @Test("The counter of uses begins at 5, rises slowly and falls by the minute")
    func frequency() {
        var random = Random(seed: 1)
        var clock = clock(at: 6000)
        clock.countsFrequency = true
        var entry = clock.initial
        #expect(clock.frequency(of: entry) == 5)
        for _ in 0..<100 { entry = clock.touched(entry, random: &random) }
        let often = clock.frequency(of: entry)
        #expect(often > 7 && often < 20)
        for _ in 0..<100_000 { entry = clock.touched(entry, random: &random) }
        #expect(clock.frequency(of: entry) > 100)
        clock.advance(to: Timestamp(milliseconds: (6000 + 180) * 1000))
        #expect(clock.frequency(of: entry) == min(255, clock.frequency(of: entry)))
        let fallen = clock.frequency(of: entry)
        clock.advance(to: Timestamp(milliseconds: (6000 + 240) * 1000))
        #expect(clock.frequency(of: entry) == fallen - 1)
        #expect(clock.disuse(of: entry) > clock.disuse(of: clock.clock(frequency: 200)))
        clock.decayMinutes = 0
        #expect(clock.frequency(of: entry) == entry & 0xFF)
    }
}
