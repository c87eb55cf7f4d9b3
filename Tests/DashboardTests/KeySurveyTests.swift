import Testing

@testable import Dashboard

/// What a walk over the keys adds up to, and when it is stopped.
@Suite struct KeySurveyTests {
    private func page(
        _ keys: [SeenKey], isFirst: Bool = true, isLast: Bool = false, total: Int = 1000
    ) -> KeyPage {
        KeyPage(walk: 0, isFirst: isFirst, isLast: isLast, keys: keys, total: total, wall: 5000)
    }

    private func key(_ number: Int, bytes: Int, left: Int = -1, use: Int? = nil) -> SeenKey {
        SeenKey(
            name: Array("k\(number)".utf8), type: number.isMultiple(of: 2) ? "string" : "hash",
            bytes: bytes, left: left, frequency: use)
    }

    @Test func sharesAddUp() {
        var survey = KeySurvey()
        survey.take(page([key(1, bytes: 64), key(2, bytes: 65), key(3, bytes: 3_000_000)]))
        survey.take(page([key(4, bytes: 10, left: 10_000), key(5, bytes: 1, left: 10_001)]))
        survey.take(page([key(6, bytes: 7, left: 604_800_001)]))
        #expect(survey.seen == 6 && survey.types["hash"]?.keys == 3)
        #expect(survey.sizeClasses.map(\.keys) == [4, 1, 0, 0, 0, 0, 0, 1])
        #expect(survey.lifetimeClasses.map(\.keys) == [1, 1, 0, 0, 0, 0, 1, 3])
        #expect(survey.sizeClasses.reduce(0) { $0 + $1.bytes } == survey.bytes)
        #expect(survey.remark == "~ 6 of 1,000 keys" && !survey.isWhole)
        #expect(survey.error > 30)
        survey.take(page([], isLast: true))
        #expect(survey.remark == "all 6 keys" && survey.error == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func theBiggestAreThoseOfAModel(seed: UInt64) {
        var dice = Seeded(seed)
        var survey = KeySurvey()
        let keys = (0..<900).map { key($0, bytes: dice.dice(5000), use: dice.dice(256)) }
        for start in stride(from: 0, to: 900, by: 50) {
            survey.take(page(Array(keys[start..<start + 50])))
        }
        // A rehash shows some twice.
        survey.take(page(Array(keys[0..<100])))
        let expected = keys.map(\.bytes).sorted(by: >).prefix(KeySurvey.rowLimit)
        #expect(survey.biggest.map(\.bytes) == Array(expected), "seed \(seed)")
        #expect(Set(survey.biggest.map(\.name)).count == survey.biggest.count)
        let uses = keys.compactMap(\.frequency).sorted(by: >).prefix(KeySurvey.rowLimit)
        #expect(survey.hottest.compactMap(\.frequency) == Array(uses))
    }

    @Test func aWalkThatIsOverIsShownUntilTheNextIs() {
        var found = Found()
        found.take(.page(page([key(1, bytes: 1)], isLast: true, total: 1)))
        found.take(.page(page([key(2, bytes: 1)], total: 2)))
        #expect(found.survey?.seen == 1 && found.survey?.isWhole == true)
        found.take(.page(page([key(3, bytes: 1)], isFirst: false, isLast: true, total: 2)))
        #expect(found.survey?.seen == 2)
        // Pages of a walk that was given up are too late.
        found.begin(walk: 1)
        found.take(.page(page([key(4, bytes: 1)])))
        #expect(found.survey == nil)
    }

    // MARK: Doing no harm

    private func gate(_ values: [Double], walking: Bool = true) -> [Bool] {
        var gate = WalkGate()
        return values.enumerated().map { second, value in
            gate.take(value, at: Int64(second) * 1000, isWalking: walking && second > 4)
            return gate.isHeld
        }
    }

    @Test func aSlowerServerStopsTheWalk() {
        let calm = Array(repeating: 200.0, count: 6)
        #expect(gate(calm + [410, 410, 410]).last == true)
        #expect(gate(calm + [390, 390, 390, 390]).last == false)
        // One slow second is nothing.
        #expect(gate(calm + [900, 200, 900, 200, 900, 200]).contains(true) == false)
        // Nobody walks: it is not the walk.
        #expect(gate(calm + [900, 900, 900], walking: false).contains(true) == false)
        // Microseconds are noise.
        #expect(gate(Array(repeating: 10.0, count: 6) + [80, 80, 80]).last == false)
    }

    @Test func aCalmServerLetsItGoOn() {
        let calm = Array(repeating: 200.0, count: 6)
        let slow = Array(repeating: 900.0, count: 4)
        let states = gate(calm + slow + Array(repeating: 200.0, count: 8))
        #expect(states.contains(true) && states.last == false)
        // It stays stopped for five seconds at least.
        #expect(gate(calm + slow + Array(repeating: 200.0, count: 4)).last == true)
        // What stays slow has become usual in the end.
        #expect(gate(calm + Array(repeating: 900.0, count: 120)).last == false)
    }
}
