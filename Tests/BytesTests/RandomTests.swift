import Testing

@testable import Bytes

@Suite struct RandomTests {
    @Test func splitMixReference() {
        var filler = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in filler.next() } == expected)
    }

    @Test func xoshiroReference() {
        var random = Random(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        ]
        #expect(expected.map { _ in random.next() } == expected)
    }

    @Test func sameSeedSameNumbers() {
        var one = Random(seed: 42)
        var other = Random(seed: 42)
        var third = Random(seed: 43)
        let drawn = (0..<100).map { _ in one.next() }
        #expect((0..<100).map { _ in other.next() } == drawn)
        #expect((0..<100).map { _ in third.next() } != drawn)
    }

    @Test(arguments: [1, 2, 3, 7, 10, 64, 1000])
    func bounded(bound: Int) {
        var random = Random(seed: UInt64(bound))
        var seen = [Int](repeating: 0, count: bound)
        let draws = 200 * bound
        for _ in 0..<draws { seen[random.next(below: bound)] += 1 }
        // 200 are expected in each place; a fair generator stays far inside these limits.
        #expect(seen.min()! > 110)
        #expect(seen.max()! < 300)
    }

    @Test func boundThatDividesBadly() {
        // Three quarters of the words: a generator that took remainders would prefer the first
        // third of the range two to one.
        var random = Random(seed: 9)
        let bound: UInt64 = 3 << 62
        var low = 0
        for _ in 0..<3000 {
            let value = random.next(below: bound)
            #expect(value < bound)
            if value < 1 << 62 { low += 1 }
        }
        #expect(low > 850 && low < 1150)
    }

    @Test func unitAndSplit() {
        var random = Random(seed: 5)
        var sum = 0.0
        for _ in 0..<4000 {
            let value = random.nextUnit()
            #expect(value >= 0 && value < 1)
            sum += value
        }
        #expect(sum > 1900 && sum < 2100)
        var child = random.split()
        #expect(child.next() != random.next())
    }
}
