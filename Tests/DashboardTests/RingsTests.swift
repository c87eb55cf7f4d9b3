import Testing

@testable import Dashboard

/// The rings against the plain list of everything that was put in.
@Suite struct RingsTests {
    @Test func aValueHoldsForItsTime() {
        var rings = Rings()
        rings.add(10, from: 0, to: 1000)
        rings.add(20, from: 1000, to: 2000)
        #expect(rings.summary(from: 0, to: 2000)?.mean == 15)
        #expect(rings.summary(from: 0, to: 1000)?.mean == 10)
        #expect(rings.summary(from: 500, to: 1500)?.mean == 15)
        #expect(rings.summary(from: 0, to: 2000)?.maximum == 20)
        #expect(rings.summary(from: 0, to: 2000)?.minimum == 10)
        #expect(rings.summary(from: 2000, to: 3000) == nil)
    }

    @Test func whatNobodySawIsAGap() {
        var rings = Rings()
        rings.add(10, from: 0, to: 1000)
        rings.add(nil, from: 1000, to: 2000)
        rings.add(30, from: 5000, to: 6000)
        #expect(rings.summary(from: 1000, to: 5000) == nil)
        #expect(rings.summary(from: 0, to: 6000)?.mean == 20)
        rings.add(.nan, from: 6000, to: 7000)
        #expect(rings.summary(from: 6000, to: 7000) == nil)
    }

    @Test func theNewestOverwriteTheOldest() {
        var rings = Rings()
        rings.add(1, from: 0, to: 60_000)
        rings.add(2, from: 60_000, to: 120_000)
        // The first minute has left the finest ring and is still in the second.
        #expect(rings.summary(from: 0, to: 60_000)?.mean == 1)
        let day: Int64 = 86_400_000
        rings.add(3, from: 120_000, to: day + 120_000)
        #expect(rings.summary(from: 0, to: 60_000) == nil)
        #expect(rings.summary(from: day, to: day + 60_000)?.mean == 3)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func randomHistoriesAgreeWithTheModel(seed: UInt64) {
        var state = seed
        func dice(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var rings = Rings(from: 5000)
        // The model: the value of each tenth of a second, NaN for gaps.
        var model: [Double] = []
        var now: Int64 = 5000
        for _ in 0..<200 {
            let length = Int64(dice(30) + 1)
            let value: Double? = dice(6) == 0 ? nil : Double(dice(1000))
            rings.add(value, from: now, to: now + length * 100)
            model += Array(repeating: value ?? .nan, count: Int(length))
            now += length * 100
        }
        let slots = model.count
        for _ in 0..<300 {
            // Whole seconds within the hour, or tenths within the last minute.
            let isFine = dice(2) == 0
            let step = isFine ? 1 : 10
            let first = isFine ? max(slots - 590, 0) : 0
            let start = (first + dice(slots - first)) / step * step
            let end = min(start + (dice(40) + 1) * step, slots / step * step)
            guard end > start, start >= first else { continue }
            let known = model[start..<end].filter { !$0.isNaN }
            let found = rings.summary(
                from: 5000 + Int64(start) * 100, to: 5000 + Int64(end) * 100)
            guard !known.isEmpty else {
                #expect(found == nil, "seed \(seed)")
                continue
            }
            #expect(found?.maximum == known.max(), "seed \(seed)")
            #expect(found?.minimum == known.min(), "seed \(seed)")
            if isFine {
                let mean = known.reduce(0, +) / Double(known.count)
                #expect(abs((found?.mean ?? -1) - mean) < 0.01, "seed \(seed)")
            }
        }
    }
}
