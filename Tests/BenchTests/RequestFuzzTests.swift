import Bench
import Testing

@Suite struct RequestFuzzTests {
    /// The long run is `larder fuzz --inputs 10000000`.
    @Test(arguments: [1, 2] as [UInt64])
    func damagedStreams(seed: UInt64) throws {
        print("seed \(seed)")
        var fuzz = RequestFuzz(seed: seed)
        try fuzz.run(10_000)
        // The streams are worth something: many run, many break off, many are refused.
        #expect(fuzz.summary.requests > 10_000)
        #expect(fuzz.summary.closed > 1000)
        #expect(fuzz.summary.unfinished > 1000)
        #expect(fuzz.summary.footprint < 1 << 20)
    }
}
