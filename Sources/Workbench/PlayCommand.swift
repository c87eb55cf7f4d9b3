import ArgumentParser
import Client
import Glibc
import Playback
import Repl
import Terminal

/// `larder play`: a lesson at the terminal.
struct PlayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play",
        abstract: "Play a lesson: it shows, asks, and lets you try.",
        discussion: """
            Without a name the lessons are listed. A lesson that was left goes on where you left \
            it; --from 1 begins anew. Keys: Enter goes on, n and p go a step forward and back, t \
            lets you type what you like, ? lists the rest, q leaves.

              larder play cache-aside
              larder play cache-aside --mode demo --speed 2x
              larder play cache-aside --language de
              larder play 5 --from let-the-application-do-it
              larder play data-types --target redis://localhost:6379
            """)

    @Argument(help: "A lesson's name or number, or a file.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "tutorial types for you, learn lets you type all, demo goes by itself.",
            valueName: "mode"))
    var mode = "tutorial"

    @Option(help: ArgumentHelp("How fast: 2x, 0.5x or instant.", valueName: "speed"))
    var speed = "1x"

    @Option(help: ArgumentHelp("The step to begin with, by name or number.", valueName: "step"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "The language of the lesson, such as de; that of LANG where the lesson has it.",
            valueName: "code"))
    var language: String?

    @Flag(help: "Show the notes for the speaker.")
    var notes = false

    @Flag(help: "Type a letter with each key.")
    var typeOnKey = false

    @OptionGroup var place: ScenarioPlace

    @OptionGroup var stage: LessonPlace

    @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
    var color = "auto"

    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    @Flag(help: "Do not keep what you have reached.")
    var noProgress = false

    func run() throws {
        let options = try options()
        guard let choice = TerminalEnvironment.ColorChoice(rawValue: color) else {
            throw complaint("--color is auto, always or never, not '\(color)'")
        }
        let lessons = LessonLanguage.shelf(try place.folder(), language)
        guard let name else {
            let progress = noProgress ? nil : try? ProgressFile.standard?.read()
            let lines = LessonList.lines(lessons.list, progress: progress ?? Progress())
            Descriptor.output.write(lines.map { $0 + "\n" }.joined())
            return
        }
        let status = LessonPlay.run(
            name, on: lessons, at: try stage.server(), options: options, color: choice,
            guardian: nil, keepsProgress: !noProgress)
        if status != 0 { throw ExitCode(status) }
    }

    private func options() throws -> PlayerOptions {
        var options = PlayerOptions()
        guard let mode = PlayerOptions.Mode(rawValue: mode) else {
            throw complaint("--mode is tutorial, learn or demo, not '\(self.mode)'")
        }
        options.mode = mode
        if speed == "instant" {
            options.isInstant = true
        } else {
            let digits = speed.hasSuffix("x") ? String(speed.dropLast()) : speed
            guard let factor = Double(digits), factor > 0, factor <= 1000 else {
                throw complaint("--speed is a factor such as 2x, or instant, not '\(speed)'")
            }
            options.speed = factor
        }
        options.from = from
        options.showsNotes = notes
        options.typesOnKey = typeOnKey
        options.isASCII = ascii || !DisplayWidth.isUTF8
        return options
    }
}

/// The language of lessons.
enum LessonLanguage {
    /// The lessons of a folder in a language, or in that of the environment where they have it.
    static func shelf(_ folder: ScenarioFolder, _ language: String?) -> LessonShelf {
        var lessons = LessonShelf(folder)
        lessons.language = language
        lessons.preferred = Language.preferred { TerminalEnvironment.variable($0) }
        return lessons
    }
}

/// Plays a lesson, for the command line and for the prompt.
enum LessonPlay {
    /// Returns the status that the program is to end with.
    static func run(
        _ name: String, on lessons: LessonShelf, at place: RemotePlace? = nil,
        options: PlayerOptions, color: TerminalEnvironment.ColorChoice, guardian: TerminalGuard?,
        keepsProgress: Bool
    ) -> Int32 {
        let file = keepsProgress ? ProgressFile.standard : nil
        let isAtTerminal = TerminalEnvironment.canEdit()
        var options = options
        let player: Player
        do throws(HostFailure) {
            let lesson = try lessons.lesson(name, at: place)
            let record = (try? file?.read())?.lessons[lesson.front.id]
            if !isAtTerminal {
                options.mode = .demo
                options.isInstant = true
            } else if options.from == nil {
                options.from = record?.resume
            }
            // At a real server there are keys to take away before the end.
            if place != nil { StopSignals.watch() }
            player = try Player(lesson, options: options, progress: record, at: place)
        } catch {
            Descriptor.error.write("larder: \(error.text)\n")
            return error.isLack ? ScenarioStatus.skipped : ExitStatus.usage.rawValue
        }
        defer {
            if let leftover = player.close() { Descriptor.error.write("larder: \(leftover)\n") }
        }
        guard isAtTerminal, let guardian = guardian ?? TerminalGuard() else {
            return runPlain(player, isColored: TerminalEnvironment.isColored(color))
        }
        if place != nil { StopSignals.watch([SIGTERM, SIGHUP]) }
        let session = PlaySession(player, guardian: guardian, progress: file, color: color)
        session.isStopped = { StopSignals.wereSeen }
        session.showDashboard = { player in
            LessonDashboard.show(
                player, guardian, color: color, isASCII: options.isASCII, lessons: lessons)
        }
        return session.run() == .interrupted ? ExitStatus.interrupted.rawValue : 0
    }

    /// Plays without a terminal that can place its cursor.
    private static func runPlain(_ player: Player, isColored: Bool) -> Int32 {
        let isRead = PlainPlay.run(player, colored: isColored) { text in
            !StopSignals.wereSeen && Descriptor.output.write(text)
        }
        if StopSignals.wereSeen { return ExitStatus.interrupted.rawValue }
        return (isRead ? ExitStatus.success : .brokenPipe).rawValue
    }
}
