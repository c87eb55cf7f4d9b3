import Testing

@testable import Playback

/// The language of checks.
@Suite struct ExpressionTests {
    private func value(_ text: String) throws -> Value {
        var evaluator = Evaluator(
            figure: { call, arguments in
                switch call.name {
                case "app.latency.mean":
                    Reading(.quantity(Quantity(59.1, .milliseconds)), .modelled)
                case "cache.hit_ratio": Reading(.number(0.921, .none, .percent), .measured)
                case "db.queries": Reading(.number(486, .none, nil), .measured)
                case "key.type": Reading(.text("hash"), .measured)
                case "key.exists": Reading(.truth(arguments == [.text("a")]), .measured)
                case "reply": Reading(.text("42"), .measured)
                default: Reading(.missing("no such figure"), .measured)
                }
            }, variable: { $0 == "TTL" ? .word("300s") : nil })
        return evaluator.value(
            try ExpressionParser.expression(text, at: Place(line: 1, column: 1)))
    }

    @Test(arguments: [
        ("app.latency.mean < 60ms", true), ("app.latency.mean < 59ms", false),
        ("app.latency.mean in 59ms..60ms", true), ("app.latency.mean in 0.0591s..1s", true),
        ("cache.hit_ratio >= 90%", true), ("cache.hit_ratio >= 0.93", false),
        ("db.queries == 486", true), ("db.queries != 486", false),
        ("db.queries * 2 - 1 == 971", true), ("db.queries / 2 > 200 and db.queries < 500", true),
        ("not db.queries > 500", true), ("db.queries > 500 or cache.hit_ratio > 50%", true),
        ("(db.queries + 14) / 100 == 5", true), ("1 + 2 * 3 == 7", true),
        ("(1 + 2) * 3 == 9", true), ("-1 < 0", true), ("10 - 3 - 2 == 5", true),
        ("key(\"k\").type == \"hash\"", true), ("key(\"k\").type ~ /^h.s/", true),
        ("key(\"a\").exists", true), ("not key(\"b\").exists", true),
        ("$TTL <= 300s", true), ("$TTL == 5m", true), ("$TTL < 4m", false),
        ("app.latency.mean(last 30s) > 1us", true), ("app.latency.mean(run) > 59000us", true),
        ("reply == 42", true), ("reply > 41", true), ("reply == \"42\"", true),
        ("no.such.figure > 1", false), ("not no.such.figure > 1", true),
        ("200ms / 1ms == 200x", true), ("1KB == 1024B", true), ("90% == 0.9", true),
        ("0.1 + 0.2 == 0.3", true),
    ])
    func truths(text: String, expected: Bool) throws {
        #expect(try value(text) == .truth(expected), "\(text)")
    }

    @Test(arguments: [
        ("app.latency.mean <", 19, "missing"), ("app..mean", 4, "line should end"),
        ("cache.hit_ratio >= 90q", 20, "unknown unit 'q'"), ("a in 1", 7, "low..high"),
        ("key(\"k).type", 5, "not closed"), ("a ~ b", 5, "regular expression"),
        ("(a > 1", 7, "')'"), ("a > 1 b", 7, "line should end"), ("$ > 1", 1, "name is missing"),
        ("a.(b)", 3, "name"), ("", 1, "missing"), ("a ~ /(/", 5, "no regular expression"),
        ("a(last b)", 8, "time"), ("a # b", 3, "no meaning"),
    ])
    func faults(text: String, column: Int, words: String) {
        #expect {
            try ExpressionParser.expression(text, at: Place(line: 1, column: 1))
        } throws: { error in
            guard let failure = error as? ExpressionFailure else { return false }
            return failure.place.column == column && failure.text.contains(words)
        }
    }

    @Test func linesOfChecks() throws {
        let line = try ExpressionParser.check(
            "node(\"replica1\").up within 30s for 2s because \"it \\\"must\\\"\"",
            at: Place(line: 3, column: 5))
        #expect(line.within == 30_000_000_000)
        #expect(line.duration == 2_000_000_000)
        #expect(line.reason == "it \"must\"")
        #expect(line.expression.text == "node(\"replica1\").up")
        #expect(line.expression.place == Place(line: 3, column: 5))
        guard case .figure(let call) = line.expression.kind else {
            Issue.record("no figure")
            return
        }
        #expect(call.name == "node.up")
        #expect(call.window == .step)
        #expect(call.arguments.count == 1)
    }

    @Test func quantitiesAsText() {
        let texts: [(Double, Quantity.Unit?, String)] = [
            (0.0591, .seconds, "59.1 ms"), (0.2, .seconds, "200 ms"), (1.25, .seconds, "1.25 s"),
            (0.000_007, .seconds, "7 us"), (0.921, .percent, "92.1 %"), (6000, nil, "6000"),
            (3.2, .times, "3.2x"), (0, .seconds, "0 s"), (2_097_152, .bytes, "2 MB"),
            (100.5, .perSecond, "100.5 rps"), (-1, nil, "-1"), (0.123_456, nil, "0.123"),
            (0.9999, .seconds, "1 s"), (0.9996, .seconds, "1 s"),
        ]
        for (base, unit, text) in texts { #expect(QuantityText.text(base, unit) == text) }
    }

    @Test func unitsAreRead() {
        #expect(Quantity("200ms")?.base == 0.2)
        #expect(Quantity("2m")?.nanoseconds == 120_000_000_000)
        #expect(Quantity("90%")?.base == 0.9)
        #expect(Quantity("5x")?.dimension == Dimension.none)
        #expect(Quantity("5 s") == nil)
        #expect(Quantity("s") == nil)
        #expect(Quantity("1.") == nil)
        #expect(Quantity("") == nil)
    }
}
