import Foundation
import Testing

@testable import Playback

/// Files that are wrong in one way each. `expected.txt` beside them says what lint finds in them:
/// every complaint with its code and place, and nothing else. To write that file anew after a
/// change, and look at the difference:
///
///     LARDER_WRITE_REFERENCE=1 swift test --filter LintTests
@Suite struct LintTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Broken").path

    static func complaints(_ name: String) -> [Complaint] {
        var surroundings = LintSurroundings { path in
            guard let bytes = ScenarioFolder.read(folder + "/" + path) else { return nil }
            return Scenario.anchors(ScenarioParser.lines(of: bytes).lines)
        }
        surroundings.facts = ScenarioFolder.read(folder + "/facts.yaml").map {
            FactBook($0, name: "facts.yaml")
        }
        surroundings.scenarios = ["broken": [], "round": ["broken"], "cache-aside": []]
        let loader = ScenarioLoader { ScenarioFolder.read(folder + "/" + $0) }
        return Linter.lint(loader.load(name), in: surroundings)
    }

    static func row(_ complaint: Complaint) -> String {
        let suggestion = complaint.suggestion.map { " -> \($0)" } ?? ""
        return "\(complaint.file):\(complaint.place.line):\(complaint.place.column) "
            + "\(complaint.code.rawValue)\(suggestion)"
    }

    static var names: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let german = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/de")) ?? []
        return (names + german.map { "de/" + $0 }).filter { $0.hasSuffix(".md") }.sorted()
    }

    static var found: [(file: String, rows: [String])] {
        var found = names.map { ($0, complaints($0).map(row)) }
        if let bytes = ScenarioFolder.read(folder + "/facts-broken.yaml") {
            let facts = FactBook(bytes, name: "facts-broken.yaml")
            found.append(("facts-broken.yaml", facts.complaints(today: "2026-11-22").map(row)))
        }
        return found
    }

    @Test func everyMistakeIsFoundWhereItStands() throws {
        let file = URL(filePath: Self.folder).appending(path: "expected.txt")
        let text = Self.found.map { "# \($0.file)\n" + $0.rows.map { $0 + "\n" }.joined() }.joined()
        if ProcessInfo.processInfo.environment["LARDER_WRITE_REFERENCE"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected)
    }

    @Test func theCorpusIsLargeAndEveryFileIsWrong() {
        #expect(Self.names.count >= 60)
        for (file, rows) in Self.found { #expect(!rows.isEmpty, "\(file)") }
    }

    /// Every code has a file that shows it.
    @Test func everyCodeIsFoundSomewhere() {
        let found = Set(
            Self.found.flatMap(\.rows).map { row -> String in
                String(row.split(separator: " ")[1])
            })
        let elsewhere: Set<LintCode> = [.unreadable, .notUTF8]
        for code in LintCode.allCases where !elsewhere.contains(code) {
            #expect(found.contains(code.rawValue), "\(code.rawValue) \(code)")
        }
        #expect(Self.complaints("not-there.md").map(\.code) == [.unreadable])
    }

    /// Such a file is no text, so it is no file of the corpus either.
    @Test func whatIsNoTextIsRefused() {
        let bytes = Array(Texts.front.utf8) + [0x43, 0x61, 0x66, 0xE9, 0x0A]
        let loaded = ScenarioLoader { $0 == "a.md" ? bytes : nil }.load("a.md")
        #expect(loaded.complaints.map(\.code) == [.notUTF8])
        #expect(loaded.complaints.map(\.place) == [Place(line: 7, column: 1)])
    }

    @Test func everyCodeHasAMeaningAndARemedy() {
        for code in LintCode.allCases {
            #expect(!code.meaning.text.isEmpty && !code.meaning.remedy.isEmpty, "\(code)")
        }
        #expect(Set(LintCode.allCases.map(\.rawValue)).count == LintCode.allCases.count)
    }

    @Test func complaintsShowTheirLine() {
        let report = Self.complaints("metric-unknown.md").map(\.report).joined()
        #expect(
            report == """
                metric-unknown.md:8:1: error[S204]: unknown metric 'cache.hitratio' \
                (did you mean 'cache.hit_ratio'?)
                    cache.hitratio >= 90%
                    ^^^^^^^^^^^^^^

                """)
        let included = Self.complaints("include-broken.md").map(\.report).joined()
        #expect(included.contains("parts/broken.md:4:3: error[S311]"))
        #expect(included.contains("included from include-broken.md:8"))
        #expect(included.contains("> GTE k"))
    }

    @Test func jsonIsOneObjectAComplaint() throws {
        let text = LintReport.json(Self.complaints("metric-unknown.md"))
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(list.count == 1)
        #expect(list[0]["code"] as? String == "S204")
        #expect(list[0]["line"] as? Int == 8)
    }

    @Test func factsGetOld() {
        let book = FactBook(
            Array("- id: F1\n  text: t\n  source: s\n  checked_on: 2025-11-22\n".utf8), name: "f")
        #expect(book.complaints(today: "2026-11-22").isEmpty)
        #expect(book.complaints(today: "2026-11-23").map(\.code) == [.oldFact])
        #expect(book.complaints(today: nil).isEmpty)
    }
}
