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

    /// Every number that a run tells says whether it was measured, modelled or quoted.
    @Test(arguments: names)
    func everyNumberSaysWhereItComesFrom(name: String) throws {
        let origins = Set(["measured", "modelled", "quoted"])
        var run = ScenarioRun()
        var wrong: [String] = []
        var count = 0
        func isTagged(_ tree: JSONValue) -> Bool {
            count += 1
            return tree["origin"]?.string.map(origins.contains) ?? false
        }
        run.emit = { event in
            let tree = JSONValue.map(event.fields)
            let isRight: Bool
            switch event.kind {
            case .sample: isRight = tree["figures"]?.array?.allSatisfy(isTagged) ?? false
            case .checkPass, .checkFail:
                isRight = tree["terms"]?.array?.allSatisfy(isTagged) ?? false
            case .exercisePass, .exerciseFail:
                isRight =
                    tree["checks"]?.array?.allSatisfy {
                        $0["terms"]?.array?.allSatisfy(isTagged) ?? isTagged($0)
                    } ?? false
            case .chart: isRight = tree["series"]?.array?.allSatisfy(isTagged) ?? false
            case .say where tree["form"]?.string == "fact":
                // A fact has its id, or its source, or the notes of the lesson that derive it.
                let text = tree["text"]?.string ?? ""
                isRight =
                    tree["origin"]?.string == "quoted"
                    && (tree["facts"]?.array?.isEmpty == false || text.contains("notes/")
                        || text.contains("https://"))
                count += 1
            case .reply:
                let lines = tree["lines"]?.array?.compactMap(\.string) ?? []
                let isNumber =
                    lines.count == 1
                    && (lines[0].hasPrefix("(integer) ") || lines[0].hasPrefix("(double) "))
                let isTime = tree["session"]?.string == "app" && tree["error"]?.bool == false
                isRight = isNumber || isTime ? isTagged(tree) : true
            default: isRight = true
            }
            if !isRight { wrong.append(event.line()) }
        }
        _ = run.test(Self.folder.path + "/" + name, in: Self.folder.surroundings())
        #expect(wrong == [])
        #expect(count > 0 || name.hasPrefix("26"), "nothing was told")
    }

    @Test func thereAreLessons() { #expect(Self.names.contains("05-cache-aside.md")) }

    @Test func theFactsAreInOrder() throws {
        let facts = try #require(Self.folder.surroundings().facts)
        #expect(facts.complaints(today: nil).map(\.report) == [])
        #expect(facts.facts.map(\.id) == (1...28).map { "F\($0)" })
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
