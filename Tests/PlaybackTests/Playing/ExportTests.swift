import Terminal
import Testing

@testable import Playback

/// Lessons in other forms.
@Suite struct ExportTests {
    private static let text =
        Texts.shop() + """
            ## One <step>

            Some **bold** words & a [link](06-ttl.md).

            ```redis
            > SET a "<b>"
            OK
            ```

            ## Two

            ```yaml load #rush for=20s
            client: app
            rate: 20rps
            keys: { path: "/product/{1..100}", dist: uniform }
            ```

            ```yaml chart
            title: "The mean"
            series: [app.latency.mean]
            window: 20s
            ```

            ```check
            app.requests >= 390   because "twenty a second"
            ```

            ```quiz #q
            Which?
            (x) this
            ( ) that
            => Because.
            ```
            """

    private func lesson() -> Scenario {
        let loaded = Texts.load([("Scenarios/test.md", Self.text)])
        #expect(loaded.complaints.filter { $0.code.severity == .error }.isEmpty)
        return loaded.scenario
    }

    @Test func theRecordingIsAsciicast3() throws {
        let lines = try ScenarioExport.cast(lesson()).split(separator: "\n").map(String.init)
        let header = try #require(JSONValue(parsing: lines[0]))
        #expect(header["version"]?.integer == 3)
        #expect(header["term"]?["cols"]?.integer == 80 && header["term"]?["rows"]?.integer == 24)
        let events = try lines.dropFirst().map { line in
            try #require(JSONValue(parsing: line)?.array)
        }
        #expect(events.allSatisfy { $0.count == 3 && $0[2].string != nil })
        let markers = events.filter { $0[1].string == "m" }.compactMap { $0[2].string }
        #expect(markers == ["One <step>", "Two"])
        #expect(events.last?[1].string == "x" && events.last?[2].string == "0")
        #expect(events.dropLast().allSatisfy { ["o", "m"].contains($0[1].string) })
        let output = events.filter { $0[1].string == "o" }.compactMap { $0[2].string }.joined()
        #expect(output.contains("SET a") && output.contains("1/2 One"))
        // Intervals are relative: some pieces follow at once, none waits for ever.
        for event in events {
            guard case .number(let seconds) = event[0] else { continue }
            #expect((0...10).contains(seconds))
        }
        #expect(try ScenarioExport.cast(lesson()) == ScenarioExport.cast(lesson()))
    }

    @Test func thePageNeedsNothingElse() throws {
        let page = try ScenarioExport.page(lesson())
        #expect(page.hasPrefix("<!doctype html>") && page.contains("prefers-color-scheme:dark"))
        for outside in ["src=", "@import", "url(", "http://", "https://", "<script"] {
            #expect(!page.contains(outside))
        }
        #expect(page.contains("<a href=\"#two\">Two</a>") && page.contains("<h2 id=\"two\">"))
        #expect(page.contains("One &lt;step&gt;") && page.contains("<strong>bold</strong>"))
        #expect(page.contains("<b>SET a &quot;&lt;b&gt;&quot;</b>"))
        #expect(page.contains("<polyline") && page.contains("<small>modelled</small>"))
        #expect(page.contains("<details><summary>The answer</summary>"))
    }

    @Test func markdownAndPicturesHaveTheReplies() throws {
        let markdown = try ScenarioExport.markdown(lesson())
        #expect(markdown.contains("## Two") && markdown.contains("r> SET a \"<b>\"\nOK\n"))
        #expect(markdown.contains("Some **bold** words & a [link](06-ttl.md)."))
        #expect(markdown.components("```").count % 2 == 1)
        let pictures = try ScenarioExport.pictures(lesson())
        #expect(pictures.count == 2)
        #expect(pictures[0].svg.contains("<svg") && pictures[0].svg.contains("&lt;step&gt;"))
    }
}

extension String {
    /// The parts between occurrences of `separator`.
    fileprivate func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
