import ArgumentParser
import Bytes
import Client
import Glibc
import Playback
import Repl
import Terminal

/// `larder scenario`: lessons as tests, and what is wrong with them.
struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Test, check, list and begin scenarios: lessons that run and check themselves.",
        discussion: """
            Scenarios are the files NN-name.md of a folder, ./Scenarios unless --dir says \
            otherwise. They are named by file, by name (05-cache-aside or cache-aside), or by a \
            pattern ('1*').

              larder scenario test
              larder scenario test cache-aside --seed 3 --events -
              larder scenario test data-types --target redis://localhost:6379
              larder scenario lint --format json
              larder scenario new 29-my-lesson
              larder scenario record first.md

            The exit status is 0 when all is well, 1 when something is not as the scenario \
            expects, 2 when lint finds an error, 3 when the server cannot be reached, 5 when \
            everything was skipped, 124 when the time was over, and 130 after Ctrl-C.
            """,
        subcommands: [
            ScenarioTestCommand.self, ScenarioLintCommand.self, ScenarioListCommand.self,
            ScenarioNewCommand.self, ScenarioFiguresCommand.self, ScenarioUpdateCommand.self,
            ScenarioRecordCommand.self, ScenarioExportCommand.self,
        ])
}

/// What all of them need to know.
struct ScenarioPlace: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the scenarios.", valueName: "folder"))
    var dir: String?

    /// The folder: the one that was named, the one in the working directory, or the one beside
    /// the sources that the program was built from. Where all that is wanted is files by their
    /// paths, a folder without a scenario is as good: nothing is looked for in it.
    ///
    /// - Parameter names: what was asked for.
    func folder(for names: [String] = []) throws -> ScenarioFolder {
        let areFiles = !names.isEmpty && names.allSatisfy { ScenarioFolder.isFile($0) }
        if let dir {
            let folder = ScenarioFolder(dir)
            guard folder.exists || areFiles else {
                throw complaint("there are no scenarios in \(dir)")
            }
            return folder
        }
        if let standard = Self.standard { return standard }
        if areFiles { return ScenarioFolder(".") }
        throw complaint("there is no folder Scenarios here; --dir names one")
    }

    /// The folder where none was named; nil when there is none.
    static var standard: ScenarioFolder? {
        (["Scenarios"] + besideProgram).lazy.map { ScenarioFolder($0) }.first { $0.exists }
    }

    private static var besideProgram: [String] {
        let parts = ProgramPath.own.split(separator: "/")
        // The program lies in .build/CONFIGURATION, or in a folder of the platform below .build.
        return [3, 4].compactMap { count in
            parts.count > count
                ? "/" + parts.dropLast(count).joined(separator: "/") + "/Scenarios" : nil
        }
    }
}

/// Ends of `larder scenario`, beyond those that all of the program has.
enum ScenarioStatus {
    static let failed: Int32 = 1
    static let refused: Int32 = 2
    static let skipped: Int32 = 5
    static let timedOut: Int32 = 124

    /// The status for some results: the worst there is. A skip counts only where nothing ran.
    static func of(_ verdicts: [ScenarioResult.Verdict]) -> Int32 {
        if verdicts.contains(.refused) { return refused }
        if verdicts.contains(.failed) { return failed }
        if verdicts.contains(.timedOut) { return timedOut }
        return !verdicts.isEmpty && verdicts.allSatisfy { $0 == .skipped } ? skipped : 0
    }
}

/// `larder scenario test`.
struct ScenarioTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Play scenarios without an audience: replies, checks, quizzes, exercises.")

    @OptionGroup var place: ScenarioPlace

    @Argument(help: ArgumentHelp("Which scenarios; all unless named.", valueName: "name"))
    var names: [String] = []

    @Option(help: ArgumentHelp("The seed of all chance, instead of the file's.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Compare nothing before this step.", valueName: "step"))
    var from: String?

    @Flag(help: "Play the files in an order drawn from the seed.")
    var shuffle = false

    @Flag(help: "Go on after a failure within a scenario.")
    var keepGoing = false

    @Option(help: ArgumentHelp("Write the results as JUnit's XML.", valueName: "file"))
    var junit: String?

    @Option(
        help: ArgumentHelp("Write what happens as lines of JSON; - is here.", valueName: "file"))
    var events: String?

    @Option(
        help: ArgumentHelp("The language, such as de; every one unless named.", valueName: "code"))
    var language: String?

    @Option(help: ArgumentHelp("Seconds for each scenario.", valueName: "s"))
    var timeLimit = 60

    @OptionGroup var stage: LessonPlace

    func run() throws {
        let server = try stage.server()
        let folder = try place.folder(for: names)
        var files = try ScenarioChoice.files(names, in: folder, language: language)
        // What a translation does is what its source does; once is enough at a server.
        if names.isEmpty, language == nil, server == nil { files += folder.translations }
        if shuffle {
            var dice = Random(seed: seed ?? 1)
            for index in files.indices.reversed() where index > 0 {
                files.swapAt(index, dice.next(below: index + 1))
            }
        }
        let surroundings = folder.surroundings()
        let output = try eventOutput()
        defer { if events != "-" { output?.close() } }
        var results: [ScenarioResult] = []
        // At a real server there are keys to take away before the end.
        if server != nil { StopSignals.watch() }
        for file in files where !StopSignals.wereSeen {
            let result = test(file, surroundings, output, at: server)
            results.append(result)
            if events != "-" { Descriptor.output.write(line(of: result)) }
        }
        if let junit {
            guard let file = Descriptor(openingToWrite: junit, appending: false) else {
                throw complaint("\(junit) cannot be written")
            }
            file.write(JUnitReport.text(results))
            file.close()
        }
        if StopSignals.wereSeen { throw ExitCode(ExitStatus.interrupted.rawValue) }
        let status = ScenarioStatus.of(results.map(\.verdict))
        if status != 0 { throw ExitCode(status) }
    }

    private func eventOutput() throws -> Descriptor? {
        guard let events else { return nil }
        if events == "-" { return Descriptor.output }
        guard let file = Descriptor(openingToWrite: events, appending: false) else {
            throw complaint("\(events) cannot be written")
        }
        return file
    }

    private func test(
        _ file: String, _ surroundings: LintSurroundings, _ output: Descriptor?,
        at server: RemotePlace?
    ) -> ScenarioResult {
        var run = ScenarioRun()
        run.options.place = server
        run.options.seed = seed
        run.options.from = from
        run.options.keepsGoing = keepGoing
        let clock = ContinuousClock()
        let end = clock.now + .seconds(timeLimit)
        run.isOverdue = { clock.now > end }
        run.isInterrupted = { StopSignals.wereSeen }
        var lines: [UInt8] = []
        if output != nil {
            run.emit = { lines += Array($0.line().utf8) + [0x0A] }
        }
        let result = run.test(file, in: surroundings)
        output?.write(lines)
        return result
    }

    private func line(of result: ScenarioResult) -> String {
        let name = result.file
        switch result.verdict {
        case .passed:
            let counts = result.counts
            let kind = stage.target == nil ? " of virtual time" : ""
            return "ok       \(name)  \(counts.commands) lines, \(counts.checks) checks, "
                + "\(counts.quizzes) quizzes, \(counts.exercises) exercises, "
                + "\(result.time / 1_000_000_000) s\(kind)\n"
        case .failed: return "FAILED   \(name)\n\(result.report)"
        case .refused: return "REFUSED  \(name)\n\(result.report)"
        case .skipped: return "skipped  \(name): \(result.report)\n"
        case .interrupted: return "ended    \(name): \(result.report)\n"
        case .timedOut: return "TIME     \(name)\n\(result.report)"
        }
    }
}

/// Which files some words name.
enum ScenarioChoice {
    ///
    /// - Parameter language: of files that were named, all have to be there in it.
    static func files(
        _ names: [String], in folder: ScenarioFolder, language: String? = nil
    ) throws -> [String] {
        var files: [String] = []
        for (name, found) in folder.files(named: names) {
            guard !found.isEmpty else {
                throw complaint("no scenario in \(folder.path) is called '\(name)'")
            }
            files += found.filter { !files.contains($0) }
        }
        guard let language else { return files }
        let translated = files.compactMap { folder.file($0, in: language) }
        guard !translated.isEmpty, names.isEmpty || translated.count == files.count else {
            throw complaint(
                names.isEmpty
                    ? "there is nothing in '\(language)' in \(folder.path)"
                    : "not all of these are there in '\(language)'")
        }
        return translated
    }
}

/// `larder scenario lint`.
struct ScenarioLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Say what is wrong with scenarios, and where.")

    @OptionGroup var place: ScenarioPlace

    @Argument(help: ArgumentHelp("Which scenarios; all unless named.", valueName: "name"))
    var names: [String] = []

    @Option(help: ArgumentHelp("text or json.", valueName: "form"))
    var format = "text"

    @Option(
        help: ArgumentHelp("The language, such as de; every one unless named.", valueName: "code"))
    var language: String?

    @Flag(help: "List every code with its meaning and what to do.")
    var codes = false

    func run() throws {
        if codes { return listCodes() }
        guard ["text", "json"].contains(format) else {
            throw complaint("--format is text or json, not '\(format)'")
        }
        let folder = try place.folder(for: names)
        let surroundings = folder.surroundings()
        var complaints: [Complaint] = []
        var files = try ScenarioChoice.files(names, in: folder, language: language)
        if names.isEmpty, language == nil { files += folder.translations }
        var told: Set<String> = []
        for file in files {
            // What is wrong with a source is wrong with its translations, and told once.
            complaints += Linter.lint(ScenarioFolder.load(file), in: surroundings).filter {
                told.insert($0.report).inserted
            }
        }
        if names.isEmpty, let facts = surroundings.facts {
            complaints += facts.complaints(today: Today.text)
        }
        if format == "json" {
            Descriptor.output.write(LintReport.json(complaints))
        } else {
            Descriptor.output.write(complaints.map(\.report).joined())
        }
        if complaints.isEmpty, format == "text" {
            let count = files.count == 1 ? "1 scenario" : "\(files.count) scenarios"
            Descriptor.error.write("\(count): nothing to complain of\n")
        }
        if complaints.contains(where: { $0.code.severity == .error }) {
            throw ExitCode(ScenarioStatus.refused)
        }
    }

    private func listCodes() {
        for code in LintCode.allCases {
            let (text, remedy) = code.meaning
            Descriptor.output.write(
                "\(code.rawValue)  \(code.severity.rawValue)  \(text): \(remedy)\n")
        }
    }
}

/// `larder scenario list`.
struct ScenarioListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the scenarios that there are and those to come.")

    @OptionGroup var place: ScenarioPlace

    @Flag(help: "Say how far you are in each.")
    var progress = false

    func run() throws {
        let folder = try place.folder()
        guard progress else {
            Descriptor.output.write(ScenarioListing.text(folder))
            return
        }
        let reached = (try? ProgressFile.standard?.read()) ?? Progress()
        let lines = LessonList.lines(LessonShelf(folder).list, progress: reached)
        Descriptor.output.write(lines.map { $0 + "\n" }.joined())
    }
}

/// `larder scenario new`.
struct ScenarioNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a scenario: a small one that passes, or the translation of another.",
        discussion: """
              larder scenario new 29-my-lesson
              larder scenario new --translates cache-aside --language de

            A translation begins with everything in its place and the words of the source, to be \
            replaced one by one.
            """)

    @OptionGroup var place: ScenarioPlace

    @Argument(help: ArgumentHelp("Its name, with or without a number.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("The scenario that it translates.", valueName: "name"))
    var translates: String?

    @Option(help: ArgumentHelp("The language of the translation, such as de.", valueName: "code"))
    var language: String?

    func run() throws {
        // The first scenario of a folder is begun where there is none yet.
        let begun = translates == nil ? place.dir.map { ScenarioFolder($0) } : nil
        let folder = try begun ?? place.folder()
        if let translates { return try translate(translates, in: folder) }
        guard let name else {
            throw complaint("say what it is called, such as 29-my-lesson, or what it --translates")
        }
        guard language == nil else {
            throw complaint("--language is for a translation: --translates names its source")
        }
        let skeleton = ScenarioSkeleton(name, in: folder)
        guard let skeleton else {
            throw complaint(
                "a name has small letters, digits and '-', such as 29-my-lesson; not '\(name)'")
        }
        try write(skeleton.text, skeleton.path)
    }

    private func translate(_ source: String, in folder: ScenarioFolder) throws {
        guard let language, name == nil else {
            throw complaint("a translation is begun by --translates NAME --language CODE alone")
        }
        let draft: TranslationDraft
        do {
            draft = try TranslationDraft(
                of: try ScenarioChoice.one(source, in: folder), into: language)
        } catch let failure as HostFailure {
            throw complaint(failure.text)
        }
        try write(draft.text, draft.path)
    }

    private func write(_ text: String, _ path: String) throws {
        guard ScenarioFolder.read(path) == nil else {
            throw complaint("\(path) is there already")
        }
        guard ScenarioFolder.write(text, path) else {
            throw complaint("\(path) cannot be written")
        }
        Descriptor.output.write("\(path)\ntry: larder scenario test \(path)\n")
    }
}

/// `larder scenario figures`.
struct ScenarioFiguresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures", abstract: "List the figures that checks can ask for.")

    func run() throws { Descriptor.output.write(ScenarioPage.figureList) }
}

/// The day on which lint looks.
enum Today {
    static var text: String {
        String(Units.date(seconds: Int64(time(nil))).prefix(10))
    }
}
