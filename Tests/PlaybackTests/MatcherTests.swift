import Testing

@testable import Playback

/// What transcripts may expect.
@Suite struct MatcherTests {
    private func compare(_ expected: String, _ actual: String) -> TranscriptMatch {
        var parser = ScenarioParser(source: 0, name: "", lines: [])
        let transcript = parser.readTranscript(
            ["> X"]
                + expected.split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init), at: Place(line: 1, column: 1), session: "r")
        let lines =
            actual.isEmpty
            ? []
            : actual.split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
        return TranscriptMatch.compare(lines, transcript.commands[0].expected)
    }

    @Test(arguments: [
        ("OK", "OK", true), ("OK", "KO", false), ("OK", "OK\nOK", false), ("OK", "", false),
        // The literal line comes first, even where it looks like a matcher.
        ("a.c  (re)", "a.c  (re)", true), ("a.c  (re)", "abc", true), ("a.c  (re)", "abcd", false),
        ("user:*  (glob)", "user:17", true), ("user:?  (glob)", "user:17", false),
        ("(any)", "whatever", true), ("(any)", "two\nlines", false), ("x  (any)", "y", true),
        ("(nothing)", "", true), ("(nothing)", "x", false),
        ("a\\tb  (esc)", "a\tb", true), ("a\\x41b  (esc)", "aAb", true),
        ("time=203ms  (± 20ms)", "time=190ms", true), ("time=203ms  (± 20ms)", "time=180ms", false),
        ("time=203ms  (± 20ms)", "time=0.2s", true),
        ("p=42 time=203ms  (± 20ms)", "p=43 time=203ms", false),
        ("p=42 time=203ms  (± 20ms)", "q=42 time=203ms", false),
        ("(integer) 300  (in 295..300)", "(integer) 297", true),
        ("(integer) 300  (in 295..300)", "(integer) 294", false),
        ("(integer) 300  (in 295..300)", "300", false),
        ("12.5 %  (± 1)", "12.9 %", true), ("9 of 10  (± 1)", "10 of 11", true),
        ("-5  (± 1)", "-6", true), ("-5  (± 1)", "5", false),
        ("p99 is 5ms  (± 1ms)", "p99 is 6ms", true), ("p99 is 5ms  (± 1ms)", "p98 is 5ms", false),
        ("took 5µs  (± 2us)", "took 6µs", true),
        ("a\n...\nz", "a\nb\nc\nz", true), ("a\n...\nz", "a\nz", true),
        ("a\n...\nz", "a\nb", false),
        ("...", "", true), ("...\nb\n...", "a\nb\nb", true),
        ("b  (unordered)\na  (unordered)", "a\nb", true),
        ("b  (unordered)\na  (unordered)", "a\na", false),
        ("b  (unordered)\na  (unordered)\nc", "a\nb\nc", true),
        ("\"b\"  (unordered)\n\"a\"  (unordered)", "1) \"a\"\n2) \"b\"", true),
        ("\\> quoted", "> quoted", true), ("\\r> x", "r> x", true),
        ("a\n\nb", "a\n\nb", true), ("a\n\nb", "a\nb", false),
        ("(nil)", "(nil)", true), ("(empty array)", "(empty array)", true),
        ("1) \"one\"  (something)", "1) \"one\"  (something)", true),
    ])
    func table(expected: String, actual: String, matches: Bool) {
        #expect(compare(expected, actual).isMatch == matches, "\(expected) | \(actual)")
    }

    @Test func capturesTakeTheValue() {
        #expect(compare("(integer) 5  (as $n)", "(integer) 17").captures == ["n": "17"])
        #expect(compare("\"x\"  (as $id)", "\"a b\"").captures == ["id": "a b"])
        #expect(compare("(as $line)", "12-0").captures == ["line": "12-0"])
        #expect(!compare("(integer) 5  (as $n)", "\"17\"").isMatch)
        #expect(compare("...\n(integer) 5  (as $n)", "x\n(integer) 6").captures == ["n": "6"])
    }

    @Test func differencesShowEachLine() {
        #expect(
            compare("a\nb\nc", "a\nx\nc").difference == ["  a", "- b", "+ x", "  c"])
        #expect(compare("a", "a\nb").difference == ["  a", "+ b"])
        #expect(compare("(nothing)", "b").difference == ["- (nothing)", "+ b"])
        #expect(compare("a\n...", "b").difference == ["- a", "- ...", "+ b"])
    }

    /// Many open ends must not take for ever.
    @Test func manyEllipsesAreBounded() {
        let expected = Array(repeating: "...\na", count: 60).joined(separator: "\n") + "\nb"
        let actual = Array(repeating: "a", count: 300).joined(separator: "\n")
        #expect(!compare(expected, actual).isMatch)
    }
}
