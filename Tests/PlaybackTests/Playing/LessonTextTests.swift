import Terminal
import Testing

@testable import Playback

/// Prose as lines.
@Suite struct LessonTextTests {
    private func lines(_ kind: Prose.Kind, _ text: String, columns: Int = 40) -> [String] {
        LessonText(columns: columns).lines(
            Prose(kind: kind, lines: text.split(separator: "\n").map(String.init))
        ).map(\.plain)
    }

    @Test func paragraphsAreBrokenAtBlanks() {
        #expect(
            lines(
                .paragraph, "Look in the **cache** first; on a\nmiss ask the `database`, then go.")
                == ["Look in the cache first; on a miss ask", "the database, then go."])
        #expect(lines(.paragraph, String(repeating: "x", count: 45)).map(\.count) == [40, 5])
        // A wide letter takes two columns.
        let wide = lines(.paragraph, String(repeating: "猫", count: 25))
        #expect(wide.map { DisplayWidth.of($0) } == [40, 10])
    }

    @Test func marksBecomeStyles() {
        let text = InlineText.read("a **b `c`** *d* [e](06-ttl.md) [f](https://x.org) 2 * 3 \\*")
        #expect(text.plain == "a b c d e f (https://x.org) 2 * 3 *")
        #expect(text.runs.contains { $0.string == "b " && $0.style.bold })
        #expect(text.runs.contains { $0.string == "c" && $0.style.bold })
        #expect(text.runs.contains { $0.string == "d" && $0.style.italic })
        #expect(text.runs.contains { $0.string == "e" && $0.style.underline })
    }

    @Test func listsHangAndTablesAlign() {
        #expect(
            lines(.list, "* one that is so long that it needs another line\n* two\n  more\n1. x")
                == [
                    " • one that is so long that it needs", "   another line", " • two more",
                    " 1. x",
                ])
        #expect(
            lines(.table, "| a | long name |\n|---|---|\n| value | b |")
                == [" a      long name", " ─────  ─────────", " value  b"])
        #expect(lines(.quote, "> one\n>\n> two") == [" ▎ one", " ▎ ", " ▎ two"])
    }

    @Test func wideTablesFit() {
        let cell = "words that go on and on and on"
        let rows = lines(.table, "| \(cell) | \(cell) |\n|--|--|\n| a | \(cell) |", columns: 50)
        #expect(rows.allSatisfy { DisplayWidth.of($0) <= 50 })
        #expect(rows.joined().contains("go on"))
    }

    @Test func plainTerminalsGetASCII() {
        let look = LessonLook(isASCII: true)
        #expect(look.shown("a → b ≈ 5 µs — “x” ✓ 猫") == "a -> b ~ 5 us - \"x\" ok ?")
        let chart = TextChart(LessonText(columns: 76, isASCII: true)).lines(
            title: "t",
            [
                ChartSeries(
                    name: "app.latency.mean", values: [0.1, nil, 0.2, 0.05],
                    unit: .milliseconds, origin: "modelled")
            ], span: "01:00", marks: [(0, "here")])
        #expect(chart.allSatisfy { $0.plain.utf8.allSatisfy { $0 < 0x80 } })
        #expect(chart.allSatisfy { $0.width <= 76 })
        #expect(chart[1].plain.contains("max 200 ms"))
    }
}
