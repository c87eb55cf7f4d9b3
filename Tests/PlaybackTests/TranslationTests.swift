import Glibc
import Testing

@testable import Playback

/// Translations: the words are others, what happens is the same.
@Suite struct TranslationTests {
    private static let source = """
        ---
        title: Whole
        id: whole
        order: 1
        ---
        # Whole

        Told first.

        ## One

        <!-- pause -->

        ```redis
        > PING
        PONG
        ```

        ```check
        cmd.calls("ping") == 1    because "there was one"
        cmd.calls("set") == 0
        ```

        ## Two

        ```quiz #ask
        Which?
        ( ) this -- no
        ? cmd.calls("ping", run) == 5
        (x) that
        => Because.
        ```

        ```yaml exercise #do
        goal: Store a.
        check:
          - key("a").exists
        hints:
          - "SET"
        solution: |
          > SET a 1
        ```

        The end.

        """

    private static let german = """
        ---
        title: Ganz
        language: de
        translates: ../01-whole.md
        ---
        <!-- id: two -->
        ## Zwei

        ```quiz #ask
        Welches?
        ( ) dieses -- nein
        ( ) jenes
        => Darum.
        ```

        ```yaml exercise #do
        goal: Lege a ab.
        hints:
          - "Siehe SET"
        ```

        Das Ende.

        """

    private func load(_ german: String = Self.german) -> (Scenario, [Complaint]) {
        let loaded = Texts.load([
            ("Scenarios/de/01-whole.md", german), ("Scenarios/01-whole.md", Self.source),
        ])
        return (loaded.scenario, loaded.complaints)
    }

    private func prose(_ scenario: Scenario) -> [String] {
        scenario.elements.flatMap { element -> [String] in
            if case .prose(let prose) = element.kind { prose.lines } else { [] }
        }
    }

    @Test func wordsAreReplacedAndNothingElse() throws {
        let (scenario, complaints) = load()
        #expect(complaints.allSatisfy { $0.code.severity == .warning })
        #expect(scenario.front.title == "Ganz")
        #expect(scenario.front.id == "whole")
        #expect(scenario.front.language == "de")
        #expect(scenario.steps.map(\.id) == ["one", "two"])
        #expect(scenario.steps.map(\.text) == ["One", "Zwei"])
        let blocks = scenario.elements.compactMap { element -> Block? in
            if case .fence(let fence) = element.kind { fence.block } else { nil }
        }
        guard case .quiz(let quiz) = blocks[2], case .single(let options) = quiz.answer,
            case .exercise(let exercise) = blocks[3]
        else {
            Issue.record("\(blocks)")
            return
        }
        #expect(quiz.question == ["Welches?"])
        #expect(quiz.explanation == "Darum.")
        #expect(options.map(\.text) == ["dieses", "jenes"])
        #expect(options.map(\.feedback) == ["nein", nil])
        #expect(options.map(\.isCorrect) == [false, true])
        #expect(options.map { $0.verify == nil } == [false, true])
        #expect(exercise.goal == "Lege a ab.")
        #expect(exercise.hints == ["Siehe SET"])
        #expect(exercise.solution.commands.map(\.text) == ["SET a 1"])
    }

    /// What is not translated is the source's, step by step, and lint says which.
    @Test func aStepWithoutTranslationIsTheSources() {
        let (scenario, complaints) = load()
        #expect(prose(scenario) == ["Told first.", "Das Ende."])
        let rows = complaints.filter { $0.code == .untranslatedStep }.map(\.text)
        #expect(rows.count == 2)
        #expect(rows[0].hasPrefix("what stands before the first step is not translated"))
        #expect(rows[1].hasPrefix("the step 'one' is not translated"))
    }

    /// A draft is whole: lint has nothing to say, and the run is the source's.
    @Test func aDraftPlaysAsItsSource() throws {
        let home = "/tmp/larder-translation-\(getpid())"
        let folder = ScenarioFolder(home)
        #expect(ScenarioFolder.write(Self.source, home + "/01-whole.md"))
        defer {
            for name in ["/de/01-whole.md", "/01-whole.md"] { unlink(home + name) }
            rmdir(home + "/de")
            rmdir(home)
        }
        let draft = try TranslationDraft(of: home + "/01-whole.md", into: "de")
        #expect(draft.path == home + "/de/01-whole.md")
        #expect(ScenarioFolder.write(draft.text, draft.path))
        let complaints = Linter.lint(ScenarioFolder.load(draft.path), in: folder.surroundings())
        #expect(complaints.map(\.report) == [])
        #expect(folder.languages == ["de"])
        #expect(folder.translations == [draft.path])
        #expect(folder.files(named: ["de/whole"]).flatMap(\.files) == [draft.path])
        let result = ScenarioRun().test(draft.path, in: folder.surroundings())
        #expect(result.verdict == .passed, "\(result.report)")
        #expect(try TranslationUpdate(home + "/01-whole.md") == nil)
        #expect(try TranslationUpdate(draft.path)?.changes == [])

        // A change of the source is told with its step, and the update keeps the new hash alone.
        #expect(
            ScenarioFolder.write(
                Self.source.replacing("Which?", with: "Which one?"), home + "/01-whole.md"))
        let stale = Linter.lint(ScenarioFolder.load(draft.path), in: folder.surroundings())
        #expect(stale.map(\.code) == [.staleTranslation])
        #expect(stale.first?.text.hasPrefix("'two' of the source has changed") == true)
        #expect(stale.first?.line.hasPrefix("  two: ") == true)
        let update = try #require(try TranslationUpdate(draft.path))
        #expect(update.changes.map(\.step) == ["two"])
        #expect(update.text { _ in false } == draft.text)
        let old = try #require(update.changes[0].old)
        let new = try #require(update.changes[0].new)
        #expect(update.text { _ in true } == draft.text.replacing(old, with: new))
    }

    @Test func hashesAreAddedWhereThereAreNone() throws {
        let home = "/tmp/larder-hashes-\(getpid())"
        #expect(ScenarioFolder.write(Self.source, home + "/01-whole.md"))
        #expect(ScenarioFolder.write(Self.german, home + "/de/01-whole.md"))
        defer {
            for name in ["/de/01-whole.md", "/01-whole.md"] { unlink(home + name) }
            rmdir(home + "/de")
            rmdir(home)
        }
        let update = try #require(try TranslationUpdate(home + "/de/01-whole.md"))
        #expect(update.changes.map(\.step) == ["two"])
        let text = update.text { _ in true }
        let hash = try #require(update.changes[0].new)
        #expect(
            text
                == Self.german.replacing(
                    "01-whole.md\n", with: "01-whole.md\nsource_hash:\n  two: \"\(hash)\"\n"))
    }

    @Test(arguments: [
        ("de_DE.UTF-8", ["de-DE", "de"]), ("de", ["de"]), ("C", []), ("C.UTF-8", []),
        ("POSIX", []), ("", []), ("pt_BR@euro", ["pt-BR", "pt"]), ("en_GB", ["en-GB", "en"]),
    ])
    func localesAskForLanguages(locale: String, codes: [String]) {
        #expect(Language.codes(ofLocale: locale) == codes)
    }

    @Test func theFirstVariableThatSaysSomethingCounts() {
        #expect(Language.preferred { ["LANG": "de_DE.UTF-8"][$0] } == ["de-DE", "de"])
        #expect(Language.preferred { ["LC_ALL": "C", "LANG": "de_DE"][$0] } == [])
        #expect(Language.preferred { ["LC_ALL": "", "LANG": "fr"][$0] } == ["fr"])
        #expect(Language.preferred { _ in nil } == [])
    }

    @Test func theShelfHandsOutTheLanguageThatIsWanted() throws {
        var shelf = LessonShelf(ScenarioFileTests.folder)
        #expect(try shelf.lesson("cache-aside").front.language == "en")
        shelf.preferred = ["fr", "de"]
        #expect(try shelf.lesson("cache-aside").front.language == "de")
        #expect(try shelf.lesson("5").front.language == "de")
        // A lesson that is not there in it comes as it is, and a file is the file that was named.
        #expect(try shelf.lesson("ttl").front.language == "en")
        let file = ScenarioFileTests.folder.path + "/05-cache-aside.md"
        #expect(try shelf.lesson(file).front.language == "en")
        shelf.language = "en"
        #expect(try shelf.lesson("cache-aside").front.language == "en")
        shelf.language = "de"
        #expect(try shelf.lesson(file).front.language == "de")
        #expect(throws: HostFailure.self) { try shelf.lesson("ttl") }
        let listed = shelf.list.first { $0.id == "cache-aside" }
        #expect(listed?.languages == ["de"])
        let row = LessonList.lines(shelf.list, progress: nil).first { $0.contains("cache-aside") }
        #expect(row?.hasSuffix("8 min, also de") == true)
    }

    // MARK: The translations that there are

    static let files = ScenarioFileTests.folder.translations

    /// Everything that happens in a run, without the words.
    private func run(_ path: String) -> [String] {
        var lines: [String] = []
        var run = ScenarioRun()
        let kinds: Set<Event.Kind> = [
            .type, .reply, .push, .sample, .load, .fault, .set,
        ]
        run.emit = { event in
            if kinds.contains(event.kind) { lines.append(event.line()) }
            // These stand at headings, which are elsewhere in the two files.
            if event.kind == .scenarioEnd || event.kind == .snapshot {
                lines.append(JSONValue.map(event.fields).json)
            }
        }
        let result = run.test(path, in: ScenarioFileTests.folder.surroundings())
        #expect(result.verdict == .passed, "\(result.report)")
        return lines
    }

    @Test(arguments: files)
    func plays(file: String) throws {
        let source = ScenarioFileTests.folder.path + "/" + Paths.name(of: file)
        let told = run(file)
        #expect(told.count > 5)
        #expect(told == run(source))
    }

    @Test func thereAreTranslations() {
        #expect(Self.files.contains { $0.hasSuffix("/de/05-cache-aside.md") })
    }

    @Test(arguments: files)
    func lintHasNothingToSay(file: String) {
        let surroundings = ScenarioFileTests.folder.surroundings()
        for complaint in Linter.lint(ScenarioFolder.load(file), in: surroundings) {
            Issue.record("\(complaint.report)")
        }
    }
}
