import Foundation
import Testing

/// `larder scenario` as a script sees it: what it prints, and how it ends.
@Suite struct ScenarioCommandTests {
    /// A folder with scenarios by name.
    private func folder(_ files: [String: String]) throws -> TemporaryHome {
        let home = TemporaryHome()
        for (name, body) in files {
            let front =
                body.hasPrefix("---")
                ? body : "---\ntitle: A test\nid: \(name)\norder: 1\n---\n# A test\n\n\(body)"
            try front.write(
                toFile: "\(home.path)/01-\(name).md", atomically: false, encoding: .utf8)
        }
        return home
    }

    private static let good = "```redis\n> SET a 1\nOK\n```\n"
    private static let bad = "## One\n\n```redis\n> SET a 1\nKO\n```\n"

    private func run(_ arguments: [String], _ home: TemporaryHome) throws -> Program.Result {
        try Program.run(
            ["scenario", arguments[0], "--dir", home.path] + arguments.dropFirst(), home: home)
    }

    @Test func allWell() throws {
        let home = try folder(["good": Self.good])
        let result = try run(["test"], home)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("ok       \(home.path)/01-good.md  1 lines, 0 checks"))
    }

    @Test func aFailureIsOneAndSaysHowToSeeItAgain() throws {
        let home = try folder(["bad": Self.bad, "good": Self.good])
        let result = try run(["test"], home)
        #expect(result.status == 1)
        #expect(result.output.contains("01-bad.md:11:3: FAIL expectation  r> SET a 1"))
        #expect(result.output.contains("    - KO\n    + OK\n"))
        #expect(
            result.output.contains("reproduce: larder scenario test 01-bad --seed 1 --from one"))
        #expect(result.output.contains("ok       \(home.path)/01-good.md"))
        #expect(try run(["test", "good"], home).status == 0)
    }

    @Test func lintIsTwoAndNothingIsPlayed() throws {
        let home = try folder(["wrong": "```redis\n> GTE a\n```\n"])
        let result = try run(["test", "--events", "-"], home)
        #expect(result.status == 2)
        #expect(result.output == "")
        let lint = try run(["lint"], home)
        #expect(lint.status == 2)
        #expect(lint.output.contains("01-wrong.md:9:3: error[S311]"))
        #expect(lint.output.contains("(did you mean 'GET'?)"))
        let json = try run(["lint", "--format", "json"], home)
        let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [Any]
        #expect(list?.count == 1)
        #expect(try run(["lint", "--format", "xml"], home).status == 2)
    }

    @Test func whatIsNotThereIsTwo() throws {
        let home = try folder(["good": Self.good])
        let result = try run(["test", "nobody"], home)
        #expect(result.status == 2)
        #expect(result.complaints.contains("no scenario in \(home.path) is called 'nobody'"))
        #expect(try run(["test"], TemporaryHome()).status == 2)
        let steps = try folder(["steps": "## One\n\n## Two\n"])
        #expect(try run(["test", "--from", "two"], steps).status == 0)
        let unknown = try run(["test", "--from", "three"], steps)
        #expect(unknown.status == 2)
        #expect(unknown.output.contains("there is no step 'three'; there is one, two"))
    }

    @Test func aSkipIsFiveWithItsReason() throws {
        let home = try folder([
            "later": "---\ntitle: T\nid: later\nneeds: [replicas]\n---\n# T\n"
        ])
        let result = try run(["test"], home)
        #expect(result.status == 5)
        #expect(result.output.contains("it needs replicas, which is not there yet"))
    }

    @Test func whatTakesTooLongIs124() throws {
        let home = try folder(["long": "```console\nwb> clock advance 1h\n```\n"])
        #expect(try run(["test", "--time-limit", "0"], home).status == 124)
    }

    @Test func eventsAndResultsAreWritten() throws {
        let home = try folder(["good": Self.good, "bad": Self.bad])
        let events = home.path + "/events.jsonl"
        let results = home.path + "/results.xml"
        _ = try run(["test", "--events", events, "--junit", results], home)
        let lines = try String(contentsOfFile: events, encoding: .utf8)
            .split(separator: "\n")
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["kind"] is String && object?["t"] is Double, "\(line)")
            #expect((object?["at"] as? String)?.contains(".md:") == true)
        }
        #expect(lines.contains { $0.contains("\"kind\":\"expectation.fail\"") })
        let xml = try String(contentsOfFile: results, encoding: .utf8)
        #expect(xml.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""))
        #expect(isClosed(xml))
    }

    /// Every element that is opened is closed, and nothing stands bare that means something.
    private func isClosed(_ xml: String) -> Bool {
        let opened = xml.components(separatedBy: "<testcase").count - 1
        let closed =
            xml.components(separatedBy: "</testcase>").count - 1
            + xml.components(separatedBy: "\"/>\n").count - 1
        return opened == closed && !xml.contains("&&")
    }

    @Test func aNewScenarioPasses() throws {
        let home = try folder(["good": Self.good])
        let made = try run(["new", "40-my-lesson"], home)
        #expect(made.status == 0)
        #expect(made.output.hasPrefix("\(home.path)/40-my-lesson.md\n"))
        let result = try run(["test", "my-lesson"], home)
        #expect(result.status == 0, "\(result.output)")
        #expect(try run(["lint"], home).status == 0)
        #expect(try run(["new", "40-my-lesson"], home).status == 2)
        #expect(try run(["new", "My Lesson"], home).status == 2)
        #expect(try run(["new", "next"], home).output.contains("41-next.md"))
    }

    @Test func listsShowWhatIsThereAndWhatIsPlanned() throws {
        let home = try folder(["ttl": Self.good])
        let result = try run(["list"], home)
        #expect(result.status == 0)
        #expect(result.output.contains("  1  ttl                     "))
        #expect(result.output.contains("planned what a cache is"))
        #expect(result.output.split(separator: "\n").count == 28)
    }

    @Test func figuresAndCodesAreListed() throws {
        let figures = try Program.run(["scenario", "figures"])
        #expect(figures.output.contains("app.latency.p99"))
        #expect(figures.output.contains("key(\"key\").ttl"))
        let codes = try Program.run(["scenario", "lint", "--codes"])
        #expect(codes.output.contains("S204  error  an unknown figure: see the list of figures"))
    }
}
