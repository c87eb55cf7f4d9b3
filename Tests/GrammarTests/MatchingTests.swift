import Bytes
import Testing

@testable import Grammar

@Suite struct MatchingTests {
    @Test(arguments: [
        "SET a 1", "set a 1 nx", "SET a 1 GET NX", "SET a 1 KEEPTTL GET XX", "SET a 1 EX 5 NX",
        "MSET a 1", "MSET a 1 b 2", "BLPOP a 0", "BLPOP a b c 1.5", "ZADD k 1 m", "ZADD k NX 1 m",
        "ZADD k CH NX 1 m 2 n", "ZADD k GT CH INCR 1 m", "ZUNION 2 a b",
        "ZUNION 2 a b WEIGHTS 1 2 WITHSCORES", "ZUNION 1 WEIGHTS AGGREGATE MAX WEIGHTS 1",
        "EVAL s 0", "EVAL s 1 a", "EVAL s 1 a b c", "XREAD STREAMS a 1",
        "XREAD BLOCK 0 COUNT 1 STREAMS a b 1 2", "SORT a GET x BY y GET z ALPHA",
        "HELLO", "HELLO 3", "HELLO 3 SETNAME n AUTH u p", "PING", "PING x", "QUIT now",
        "OBJECT ENCODING a", "GEORADIUS a 1 1 1 km STORE b WITHCOORD",
    ])
    func linesThatFit(line: String) throws {
        #expect(try match(line) == .fits)
    }

    @Test(arguments: [
        ("SET a", nil), ("SET a 1 EX", nil), ("SET a 1 EX x", 4), ("SET a 1 NX XX", 4),
        ("SET a 1 EX 1 KEEPTTL", 5), ("SET a 1 b", 3), ("MSET a", nil), ("MSET a 1 b", nil),
        ("BLPOP a", nil), ("BLPOP a b", nil), ("ZADD k NX XX 1 m", 3), ("ZADD k 1", nil),
        ("ZADD k one m", 2), ("ZADD k 1 m CH", 4), ("ZUNION 2 a", nil), ("ZUNION 1 a b", 3),
        ("ZUNION x a", 1), ("EVAL s", nil), ("EVAL s 2 a", nil), ("XREAD STREAMS a", nil),
        ("XREAD COUNT 1", nil), ("SORT", nil), ("HELLO x", 1), ("PING a b", 2),
        ("OBJECT ENCODING", nil), ("OBJECT ENCODING a b", 3), ("GEORADIUS a 1 1 1 mile", 5),
    ])
    func linesThatDoNot(line: String, stop: Int?) throws {
        #expect(try match(line) == stop.map { .stops(at: $0) } ?? .incomplete)
    }

    @Test func wordsThatAreRefusedTogether() throws {
        #expect(try match("ZADD k NX GT 1 m") == .conflicts(["NX", "GT"]))
        #expect(try match("ZADD k XX GT 1 NX") == .fits)
    }

    @Test func expectationsAreThoseOfTheNextWord() {
        var matcher = ArgumentMatcher(Samples.set.spec)
        #expect(matcher.expected.map(\.name) == ["key"])
        #expect(advance(&matcher, "a 1 GET"))
        #expect(matcher.expected.map(\.name) == ["condition", "expiration"])
        #expect(!advance(&matcher, "nonsense"))
        #expect(matcher.isWhole)
        #expect(advance(&matcher, "EX 1"))
        #expect(matcher.expected.map(\.name) == ["condition"])
    }

    @Test func aLongLineIsReadInBoundedSteps() {
        let pairs = (0..<500).flatMap { [ByteString("k\($0)"), ByteString("v")] }
        #expect(ArgumentMatcher.match(["MSET"] + pairs, Samples.mset.spec) == .fits)
        #expect(
            ArgumentMatcher.match(["MSET"] + pairs.dropLast(), Samples.mset.spec) == .incomplete)
        let words = Array(repeating: ByteString("x"), count: 500)
        #expect(ArgumentMatcher.match(["EVAL", "s", "2"] + words, Samples.eval.spec) == .fits)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func generatedLinesFitAndReachEveryOption(seed: UInt64) {
        var random = Random(seed: seed)
        for entry in Samples.table.entries where !entry.isContainer {
            let generator = CommandLineGenerator(entry.spec)
            var words: Set<String> = []
            for _ in 0..<150 {
                let line = generator.line(using: &random)
                #expect(ArgumentMatcher.match(line, entry.spec) == .fits, "\(line) seed \(seed)")
                #expect(entry.accepts(line.count), "\(line) seed \(seed)")
                words.formUnion(line.map { $0.text.uppercased() })
            }
            for token in MatchingTests.tokens(entry.spec.arguments) {
                #expect(words.contains(token), "\(entry.spec.name) never has \(token)")
            }
        }
    }

    private static func tokens(_ arguments: [Argument]) -> [String] {
        arguments.flatMap { ($0.token.map { [$0] } ?? []) + tokens($0.parts ?? []) }
    }

    private func advance(_ matcher: inout ArgumentMatcher, _ words: String) -> Bool {
        for word in Samples.words(words) where !matcher.advance(word.rawSpan) { return false }
        return true
    }

    private func match(_ line: String) throws -> ArgumentMatcher.Outcome {
        let words = Samples.words(line)
        return ArgumentMatcher.match(words, try #require(Samples.table.catalog.find(words)))
    }
}
