import ArgumentParser
import Client
import Glibc
import Playback
import Repl
import Terminal

/// `larder scenario update`: new expectations in the place of old ones.
struct ScenarioUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Rewrite the lines that a scenario's transcripts expect, from what comes now.",
        discussion: """
            Only lines that are expected in transcripts change; prose, checks, questions and \
            exercises stay byte for byte as they are. Of a translation the hashes change by \
            which it knows what has changed in its source. -i asks before each change: y for yes, \
            n for no, a for this and all that follow, q for no more.
            """)

    @OptionGroup var place: ScenarioPlace

    @Argument(help: ArgumentHelp("The scenario's name or file.", valueName: "name"))
    var name: String

    @Flag(name: .shortAndLong, help: "Ask before each change.")
    var interactive = false

    func run() throws {
        let path = try ScenarioChoice.one(name, in: try place.folder())
        var dialogue = UpdateDialogue(
            isInteractive: interactive, show: { Descriptor.output.write($0) },
            read: { readLine() })
        var count = 0
        func accepts(_ change: String) -> Bool {
            let isAccepted = dialogue.accepts(change)
            if isAccepted { count += 1 }
            return isAccepted
        }
        do {
            let text: String
            let what: String
            if let update = try TranslationUpdate(path) {
                text = update.text { accepts(words($0, path)) }
                what = "hashes"
            } else {
                text = try ScenarioUpdate(path).text { accepts(words($0, path)) }
                what = "replies"
            }
            if count > 0 {
                guard let file = Descriptor(openingToWrite: path, appending: false) else {
                    throw complaint("\(path) cannot be written")
                }
                file.write(text)
                file.close()
            }
            Descriptor.output.write(
                count == 0
                    ? "\(path): nothing to change\n" : "\(path): \(count) \(what) rewritten\n")
        } catch let failure as HostFailure {
            throw complaint(failure.text)
        }
    }

    private func words(_ change: ScenarioUpdate.Change, _ path: String) -> String {
        var text = "\(path):\(change.line): \(change.command)\n"
        text += change.old.map { "  - \($0)\n" }.joined()
        text += change.new.map { "  + \($0)\n" }.joined()
        return text
    }

    private func words(_ change: TranslationUpdate.Change, _ path: String) -> String {
        "\(path): \(change.step)\n" + (change.old.map { "  - \($0)\n" } ?? "")
            + (change.new.map { "  + \($0)\n" } ?? "")
    }
}

/// `larder scenario record`: a session that becomes a scenario.
struct ScenarioRecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Open the prompt, and write what is typed as a scenario that checks itself.",
        discussion: """
            The recording ends with the session. Elsewhere than on a terminal the commands of \
            standard input are recorded. Lines with secrets are left out.
            """)

    @Argument(help: ArgumentHelp("The file to write, such as first.md.", valueName: "file"))
    var file: String

    @OptionGroup var session: SessionOptions

    func run() throws {
        var options = try session.options()
        options.recordsTo = file
        try end(with: Repl.run(options))
    }
}

/// `larder scenario export`: a lesson in another form.
struct ScenarioExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Play a scenario by itself and write it as a page, a recording or pictures.",
        discussion: """
            md is Markdown with the replies, html one page that needs nothing else, cast an \
            asciicast 3 recording with a marker for each step, svg a picture of each step \
            (NAME-1.svg and so on), junit the result of its test.
            """)

    @OptionGroup var place: ScenarioPlace

    @Argument(help: ArgumentHelp("The scenario's name or file.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("md, html, cast, svg or junit.", valueName: "form"))
    var to: String

    @Option(help: ArgumentHelp("The language, such as de.", valueName: "code"))
    var language: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to; standard output unless named.", valueName: "file"))
    var output: String?

    func run() throws {
        let folder = try place.folder()
        do {
            let lesson = try LessonShelf(folder).lesson(
                try ScenarioChoice.one(name, in: folder, language: language))
            switch to {
            case "md": try write(try ScenarioExport.markdown(lesson), output)
            case "html": try write(try ScenarioExport.page(lesson), output)
            case "cast": try write(try ScenarioExport.cast(lesson), output)
            case "svg":
                for (number, picture) in try ScenarioExport.pictures(lesson).enumerated() {
                    let stem = output ?? lesson.front.id
                    let base = stem.hasSuffix(".svg") ? String(stem.dropLast(4)) : stem
                    try write(picture.svg, "\(base)-\(number + 1).svg")
                }
            case "junit":
                let result = ScenarioRun().test(lesson.name, in: folder.surroundings())
                try write(JUnitReport.text([result]), output)
            default: throw complaint("--to is md, html, cast, svg or junit, not '\(to)'")
            }
        } catch let failure as HostFailure {
            throw complaint(failure.text)
        }
    }

    private func write(_ text: String, _ path: String?) throws {
        guard let path else {
            Descriptor.output.write(text)
            return
        }
        guard let file = Descriptor(openingToWrite: path, appending: false) else {
            throw complaint("\(path) cannot be written")
        }
        defer { file.close() }
        guard file.write(text) else { throw complaint("\(path) could not be written whole") }
        Descriptor.error.write("\(path) written\n")
    }
}

extension ScenarioChoice {
    /// The one file that a name stands for.
    static func one(
        _ name: String, in folder: ScenarioFolder, language: String? = nil
    ) throws -> String {
        let files = try files([name], in: folder, language: language)
        guard files.count == 1 else {
            throw complaint("'\(name)' names \(files.count) scenarios; one is wanted")
        }
        return files[0]
    }
}

/// What the prompt has of lessons.
enum PromptLessons {
    /// Gives the prompt its lessons.
    static func wire(_ options: inout ReplOptions) {
        options.listLessons = {
            guard let folder = ScenarioPlace.standard else {
                return "There is no folder of lessons here; larder play --dir names one.\n"
            }
            let progress = (try? ProgressFile.standard?.read()) ?? Progress()
            let lines = LessonList.lines(LessonShelf(folder).list, progress: progress)
            return lines.map { $0 + "\n" }.joined()
        }
        options.playLesson = { request in
            guard let folder = ScenarioPlace.standard else {
                return "there is no folder of lessons here; larder play --dir names one"
            }
            var playing = PlayerOptions()
            playing.isASCII = !DisplayWidth.isUTF8
            _ = LessonPlay.run(
                request.name, on: LessonLanguage.shelf(folder, request.language), options: playing,
                color: request.color,
                guardian: request.guardian, keepsProgress: true)
            return nil
        }
        options.startRecording = { record($0) }
    }

    /// Begins a recording. The file is made at once, so that nobody types for an hour and learns
    /// then that it cannot be written.
    private static func record(_ path: String) -> RecordingStart {
        guard let descriptor = Descriptor(creating: path) else {
            guard let old = Descriptor(openingToRead: path) else {
                return .impossible("\(path) cannot be written")
            }
            old.close()
            return .impossible("\(path) is there already; a recording needs a file of its own")
        }
        descriptor.close()
        let file = String(path.split(separator: "/").last ?? "recording")
        let name = file.hasSuffix(".md") ? String(file.dropLast(3)) : file
        let recording = ScenarioRecording(named: name)
        return .recording(
            SessionRecorder(
                take: { recording.take($0, $1) }, send: { recording.send($0) },
                push: { recording.push($0) }, stop: { stop(recording, path) }))
    }

    private static func stop(_ recording: ScenarioRecording, _ path: String) -> String {
        guard recording.count > 0 else {
            Descriptor.remove(path)
            return "Nothing was typed; \(path) is not written."
        }
        guard let file = Descriptor(openingToWrite: path, appending: false) else {
            return "\(path) cannot be written."
        }
        defer { file.close() }
        guard file.write(recording.text()) else { return "\(path) could not be written whole." }
        return "\(path) has \(recording.count) commands. Try: larder scenario test \(path)"
    }
}
