import Bytes
import Simulation
import Testing

/// What is drawn has the shape that was asked for.
@Suite struct LatencyDistributionTests {
    private func draws(_ distribution: LatencyDistribution) -> [UInt64] {
        var dice = Random(seed: 11)
        return (0..<20_000).map { _ in distribution.draw(&dice) }.sorted()
    }

    private func mean(_ values: [UInt64]) -> Double {
        values.reduce(0) { $0 + Double($1) } / Double(values.count)
    }

    @Test func aConstantIsConstant() {
        #expect(Set(draws(LatencyDistribution(.constant(5)))) == [5])
        #expect(Set(draws(LatencyDistribution(.constant(5), minimum: 9))) == [9])
    }

    @Test func theBellHasItsMeanAndDeviation() {
        let values = draws(
            LatencyDistribution(.normal(mean: 200_000, deviation: 25_000), minimum: 120_000))
        #expect((199_000...201_000).contains(mean(values)))
        let share = values.count { (175_000...225_000).contains($0) }
        #expect((13_300...14_000).contains(share))
        #expect(values[0] == 120_000)
    }

    @Test func theRangeIsEven() {
        let values = draws(LatencyDistribution(.uniform(100, 199)))
        #expect(values.first == 100 && values.last == 199)
        #expect((148...151).contains(mean(values)))
        #expect(Set(draws(LatencyDistribution(.uniform(7, 7)))) == [7])
    }

    @Test func theLogarithmOfALogNormalIsABell() {
        let values = draws(LatencyDistribution(.logNormal(median: 1_000_000, sigma: 0.5)))
        #expect((980_000...1_020_000).contains(values[values.count / 2]))
        // One deviation up is a factor of e to the power of 0.5, which is 1.65.
        let upper = Double(values[values.count * 8413 / 10_000]) / 1e6
        #expect((1.6...1.7).contains(upper))
        #expect((1_100_000...1_170_000).contains(mean(values)))
    }
}
