import Foundation
import Testing

@testable import Playback

/// The declared subset of Markdown, read into a tree with places.
@Suite struct ParserTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    private func outline(_ text: String) -> (outline: String, complaints: [String]) {
        let loaded = Texts.load([
            ("Scenarios/whole.md", text), ("Scenarios/parts/part.md", "## A part for $WHO\n"),
        ])
        return (loaded.scenario.outline, loaded.complaints.map(\.report))
    }

    /// To write the outline anew: `LARDER_WRITE_REFERENCE=1 swift test --filter ParserTests`.
    @Test func theTreeOfAWholeFile() throws {
        let text = try String(
            contentsOf: Self.folder.appending(path: "whole.md"), encoding: .utf8)
        let file = Self.folder.appending(path: "whole.txt")
        let found = outline(text)
        if ProcessInfo.processInfo.environment["LARDER_WRITE_REFERENCE"] != nil {
            try found.outline.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(found.outline == (try String(contentsOf: file, encoding: .utf8)))
        #expect(found.complaints == [])
    }

    @Test func returnsAndMarksOfByteOrderChangeNothing() throws {
        let text = try String(
            contentsOf: Self.folder.appending(path: "whole.md"), encoding: .utf8)
        let plain = outline(text).outline
        #expect(outline(text.replacing("\n", with: "\r\n")).outline == plain)
        #expect(outline("\u{FEFF}" + text).outline == plain)
        // Without an end of the last line.
        #expect(outline(String(text.dropLast())).outline == plain)
    }

    /// Nothing of a file is lost: every line is in some element, or is the end of a fence.
    @Test func noLineIsDropped() throws {
        let text = try String(
            contentsOf: Self.folder.appending(path: "whole.md"), encoding: .utf8)
        let scenario = Texts.load([("whole.md", text)]).scenario
        var seen: Set<Int> = []
        for element in scenario.elements where element.source == 0 {
            let count =
                switch element.kind {
                case .prose(let prose): prose.lines.count
                case .fence(let fence): fence.body.count + 2
                default: 1
                }
            seen.formUnion(element.place.line..<element.place.line + count)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.dropFirst().firstIndex(of: "---")) + 1
        for (index, line) in lines.enumerated() where index >= start && !line.isEmpty {
            if line.hasPrefix("<!-- id:") { continue }
            #expect(seen.contains(index + 1), "\(index + 1): \(line)")
        }
    }

    @Test func anUnclosedFenceNamesItsOpening() {
        let loaded = Texts.load("```redis\n> GET a\n\n## Not a step\n")
        #expect(loaded.complaints.map(\.code) == [.unclosedFence])
        #expect(loaded.complaints[0].place == Place(line: 7, column: 1))
        #expect(loaded.scenario.steps.isEmpty)
    }

    @Test func longerFencesHoldShorterOnes() {
        let loaded = Texts.load(
            "`````text\n```redis\n> GET a\n```\n`````\n\n~~~redis\n> GET b\n~~~\n")
        #expect(loaded.complaints.isEmpty)
        let plan = Plan(loaded.scenario)
        #expect(plan.beats.count == 3)
    }

    @Test func anchorsAreThoseOfGitHub() {
        #expect(ScenarioParser.anchor("What you can say now") == "what-you-can-say-now")
        #expect(ScenarioParser.anchor("Exercise: fix the tail") == "exercise-fix-the-tail")
        #expect(ScenarioParser.anchor("p99 & TTL_1 (again)") == "p99--ttl_1-again")
        let loaded = Texts.load("## Twice\n\n## Twice\n\n## Twice\n")
        #expect(loaded.scenario.steps.map(\.id) == ["twice", "twice-1", "twice-2"])
    }

    @Test func pathsStayInTheirFolder() {
        #expect(Paths.joined("Scenarios", "parts/a.md") == "Scenarios/parts/a.md")
        #expect(Paths.joined("Scenarios/de", "../a.md") == "Scenarios/a.md")
        #expect(Paths.joined("/a", "../../b") == nil)
        #expect(Paths.isWithin("Scenarios/a.md", "Scenarios"))
        #expect(!Paths.isWithin("Scenarios2/a.md", "Scenarios"))
        #expect(!Paths.isWithin("../a.md", ""))
    }

    /// Whatever the bytes, reading ends and complains in order.
    @Test func anyBytesAreReadWithoutHarm() throws {
        let whole = Array(
            try String(contentsOf: Self.folder.appending(path: "whole.md"), encoding: .utf8).utf8)
        var seed: UInt64 = 20_261_123
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for _ in 1...100 {
            var bytes = whole
            for _ in 0...next(6) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + next(40) + 1))
                default: bytes.insert(contentsOf: whole.prefix(next(60)), at: place)
                }
            }
            let loader = ScenarioLoader { $0 == "a.md" ? bytes : nil }
            let loaded = loader.load("a.md")
            _ = Linter.lint(loaded, in: LintSurroundings())
            _ = Plan(loaded.scenario)
        }
    }
}
