import Foundation
import Testing

@testable import Playback

/// Every lesson is a test: it is played twice with the same seed, and both runs tell the same.
@Suite struct ScenarioFileTests {
    static let folder: ScenarioFolder = {
        let top = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return ScenarioFolder(top.appending(path: "Scenarios").path)
    }()

    static let names = folder.files.map { Paths.name(of: $0) }

    @Test(arguments: names)
    func plays(name: String) throws {
        let path = Self.folder.path + "/" + name
        let surroundings = Self.folder.surroundings()
        var streams: [String] = []
        for _ in 1...2 {
            var stream = ""
            var run = ScenarioRun()
            run.emit = { stream += $0.line() + "\n" }
            let result = run.test(path, in: surroundings)
            #expect(
                result.verdict == .passed || result.verdict == .skipped, "\(result.report)")
            streams.append(stream)
        }
        #expect(streams[0] == streams[1], "two runs with one seed differ")
    }

    @Test func thereAreLessons() { #expect(Self.names.contains("05-cache-aside.md")) }

    @Test func theFactsAreInOrder() throws {
        let facts = try #require(Self.folder.surroundings().facts)
        #expect(facts.complaints(today: nil).map(\.report) == [])
        #expect(facts.facts.map(\.id) == (1...27).map { "F\($0)" })
    }

    @Test func lintHasNothingToSay() {
        let surroundings = Self.folder.surroundings()
        for file in Self.folder.files {
            for complaint in Linter.lint(ScenarioFolder.load(file), in: surroundings) {
                Issue.record("\(complaint.report)")
            }
        }
    }
}
