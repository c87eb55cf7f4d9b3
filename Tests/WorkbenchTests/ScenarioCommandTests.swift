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

    /// Somebody who begins has no folder of scenarios yet.
    @Test func aFileNeedsNoFolder() throws {
        let (home, elsewhere) = (TemporaryHome(), try folder(["good": Self.good]))
        let file = "\(elsewhere.path)/01-good.md"
        for verb in ["test", "lint"] { #expect(try run([verb, file], home).status == 0) }
        let other = try run(["test", "good"], home)
        #expect(other.status == 2 && other.complaints.contains("there are no scenarios in"))
        let begun = try run(["new", "01-mine"], home)
        #expect(begun.status == 0, "\(begun)")
        #expect(try run(["test"], home).output.hasPrefix("ok       \(home.path)/01-mine.md"))
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

    // MARK: Updates

    /// Three replies that are not as expected, between prose and a check.
    private static let outdated = """
        ## One

        Some  prose,   as it stands.

        ```redis
        > SET a 1
        NO
        > INCR a
        (integer) 7
        > GET a
        "9"
        ```

        ```check
        cmd.calls("get") == 1
        ```

        """

    private func update(_ input: String) throws -> (result: Program.Result, text: String) {
        let home = try folder(["old": Self.outdated])
        let result = try Program.run(
            ["scenario", "update", "-i", "old", "--dir", home.path], input: input, home: home)
        return (result, home.contents(home.path + "/01-old.md"))
    }

    /// What the file says when some of its replies are rewritten.
    private func text(_ changes: [(String, String)]) -> String {
        var text = "---\ntitle: A test\nid: old\norder: 1\n---\n# A test\n\n" + Self.outdated
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return text
    }

    private static let first = ("\nNO\n", "\nOK\n")
    private static let second = ("(integer) 7", "(integer) 2")
    private static let third = ("\"9\"", "\"2\"")

    @Test func anUpdateAsksFromTheTopAndChangesWhatWasAccepted() throws {
        let (result, text) = try update("n\ny\nn\n")
        #expect(result.status == 0)
        let asked = result.output.components(separatedBy: "Rewrite it?")
        #expect(asked.count == 4)
        #expect(asked[0].hasSuffix("01-old.md:13: SET a 1\n  - NO\n  + OK\n"))
        #expect(asked[1].contains("INCR a\n  - (integer) 7\n  + (integer) 2\n"))
        #expect(result.output.hasSuffix("01-old.md: 1 replies rewritten\n"))
        #expect(text == self.text([Self.second]))
    }

    @Test func allTakesTheRestWithoutAsking() throws {
        let (result, text) = try update("n\na\n")
        #expect(result.output.components(separatedBy: "Rewrite it?").count == 3)
        #expect(text == self.text([Self.second, Self.third]))
    }

    @Test func quitLeavesTheRestAndKeepsWhatWasAccepted() throws {
        let (result, text) = try update("y\nq\n")
        #expect(result.output.components(separatedBy: "Rewrite it?").count == 3)
        #expect(text == self.text([Self.first]))
        // The end of the input is no consent.
        #expect(try update("y\n").text == self.text([Self.first]))
        #expect(try update("").text == self.text([]))
    }

    @Test func anAnswerThatIsNoneIsAskedAgain() throws {
        let (result, text) = try update("maybe\ny\nq\n")
        #expect(result.output.contains("y rewrites it, n does not"))
        #expect(text == self.text([Self.first]))
    }

    // MARK: Translations

    @Test func aTranslationIsBegunTestedAndBroughtUpToDate() throws {
        let home = try folder(["good": "Words.\n\n" + Self.good])
        let made = try run(["new", "--translates", "good", "--language", "de"], home)
        #expect(made.status == 0)
        let file = "\(home.path)/de/01-good.md"
        #expect(made.output.hasPrefix(file + "\n"))
        #expect(home.contents(file).contains("<!-- block: redis-1 -->"))
        #expect(try run(["new", "--translates", "good", "--language", "de"], home).status == 2)
        #expect(try run(["new", "--translates", "good"], home).status == 2)
        #expect(try run(["new", "--translates", "good", "--language", "German"], home).status == 2)
        let all = try run(["test"], home)
        #expect(all.status == 0)
        #expect(all.output.contains("ok       \(home.path)/01-good.md"))
        #expect(all.output.contains("ok       \(file)"))
        #expect(try run(["test", "good", "--language", "fr"], home).status == 2)
        #expect(try run(["list"], home).output.contains("A test (also de)"))

        let source = home.path + "/01-good.md"
        let text = home.contents(source).replacing("Words.", with: "Other words.")
        try text.write(toFile: source, atomically: false, encoding: .utf8)
        let stale = try run(["lint"], home)
        #expect(stale.status == 0)
        #expect(stale.output.contains("01-good.md:6:11: warning[S803]"))
        #expect(try run(["update", "de/good"], home).output.contains("1 hashes rewritten"))
        #expect(try run(["lint"], home).output == "")
    }

    /// The language of the environment counts where a lesson has it, and one that is named always.
    @Test(arguments: [
        ("C.UTF-8", [], "The shop without a cache"),
        ("de_DE.UTF-8", [], "Der Laden ohne Cache"),
        ("fr_FR.UTF-8", [], "The shop without a cache"),
        ("de_DE.UTF-8", ["--language", "en"], "The shop without a cache"),
        ("C.UTF-8", ["--language", "de"], "Der Laden ohne Cache"),
    ])
    func lessonsArePlayedInTheLanguageThatIsWanted(
        locale: String, options: [String], heading: String
    ) throws {
        let home = TemporaryHome()
        home.variables = ["LANG=" + locale]
        let result = try Program.run(
            ["play", "cache-aside"] + options + ["--dir", Self.lessons], home: home)
        #expect(result.status == 0)
        #expect(result.output.contains(heading))
    }

    private static let lessons =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Scenarios"

    @Test func anExportIsInTheLanguageThatIsWanted() throws {
        let page = try Program.run([
            "scenario", "export", "desk-and-library", "--to", "html", "--language", "de", "--dir",
            Self.lessons,
        ])
        #expect(page.status == 0)
        #expect(page.output.contains("<html lang=\"de\">"))
        #expect(page.output.contains("Ein Gang in die Bibliothek"))
        let unknown = try Program.run([
            "scenario", "export", "desk-and-library", "--to", "md", "--language", "xx", "--dir",
            Self.lessons,
        ])
        #expect(unknown.status == 2)
    }

    @Test func aSessionThatIsRecordedPassesItsTest() throws {
        let home = TemporaryHome()
        let path = home.path + "/mine.md"
        let result = try Program.run(
            ["scenario", "record", path], input: "SET a 1 EX 50\nTTL a\nAUTH hush\nGET a\n",
            home: home)
        #expect(result.complaints.contains("\(path) has 4 commands."))
        let text = home.contents(path)
        #expect(text.contains("> SET a 1 EX 50\nOK\n"))
        #expect(!text.contains("hush"))
        let test = try Program.run(["scenario", "test", path], home: home)
        #expect(test.status == 0, "\(test.output)")

        let again = try Program.run(["scenario", "record", path], input: "GET a\n", home: home)
        #expect(again.status == 2)
        #expect(again.complaints.contains("\(path) is there already"))
        #expect(home.contents(path) == text)
    }

    @Test func aSessionWithoutACommandLeavesNoFile() throws {
        let home = TemporaryHome()
        let path = home.path + "/mine.md"
        let result = try Program.run(["scenario", "record", path], input: "", home: home)
        #expect(result.complaints.contains("Nothing was typed"))
        #expect(!FileManager.default.fileExists(atPath: path))
        let lost = try Program.run(["scenario", "record", "/nowhere/at/all.md"], input: "")
        #expect(lost.status == 2)
        #expect(lost.complaints.contains("/nowhere/at/all.md cannot be written"))
    }

    @Test func lintSaysThatAllIsWell() throws {
        let result = try run(["lint"], try folder(["good": Self.good]))
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.complaints == "1 scenario: nothing to complain of\n")
    }
}
