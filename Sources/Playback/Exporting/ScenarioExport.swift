public import Terminal

// A lesson for those who are not at a terminal with Larder: it is played once in its own world,
// without waiting for anybody, and what it shows becomes a page, a recording or pictures. So an
// export never says what a run does not.

/// Makes other forms of a lesson.
public enum ScenarioExport {
    /// What it may become.
    public enum Form: String, CaseIterable, Sendable {
        case md, html, cast, svg
    }

    /// The scenes of a lesson, played by itself.
    static func scenes(_ lesson: Scenario) throws(HostFailure) -> [Scene] {
        var options = PlayerOptions()
        options.mode = .demo
        options.isInstant = true
        let player = try Player(lesson, options: options)
        var scenes: [Scene] = []
        while true {
            scenes += player.takeScenes()
            if player.isOver { return scenes }
            player.press(.enter)
        }
    }

    // MARK: Markdown

    /// The lesson with its replies and figures, as Markdown that needs no player.
    public static func markdown(_ lesson: Scenario) throws(HostFailure) -> String {
        var text = ""
        var isInBlock = false
        func close() {
            if isInBlock { text += "```\n\n" }
            isInBlock = false
        }
        for scene in try scenes(lesson) {
            let lines = block(scene)
            if lines.isEmpty {
                if scene != .blank { close() }
                text += prose(scene)
                continue
            }
            if !isInBlock { text += "```text\n" }
            isInBlock = true
            text += lines.map { $0 + "\n" }.joined()
        }
        close()
        while text.hasSuffix("\n\n") { text.removeLast() }
        return text
    }

    /// The lines of what belongs into a block of code.
    private static func block(_ scene: Scene) -> [String] {
        switch scene {
        case .command, .reply, .push, .load, .fault, .chart, .check, .remark, .listing:
            SceneText(columns: 80, isASCII: false).lines(scene).map { line in
                let text = line.plain
                return String((text.hasPrefix("  ") ? text.dropFirst(2) : text[...]))
            }
        default: []
        }
    }

    private static func prose(_ scene: Scene) -> String {
        switch scene {
        case .title(let title, _): return "# \(title)\n\n"
        case .step(_, _, let title, _): return "## \(title)\n\n"
        case .heading(let heading): return "### \(heading)\n\n"
        case .prose(.fact, let lines, let facts):
            let marks = facts.map { fact in
                ">\n> *\(fact.label)*" + (fact.source.isEmpty ? "" : ": \(fact.source)") + "\n"
            }
            return Quotation.plain(lines).joined(separator: "\n") + "\n" + marks.joined() + "\n"
        case .prose(_, let lines, _): return lines.joined(separator: "\n") + "\n\n"
        case .note(let note): return "<!-- note: \(note) -->\n\n"
        case .question(let question, let options):
            let list = options.map { "- \($0)\n" }.joined()
            return "**Question.** " + question.joined(separator: " ") + "\n\n"
                + (list.isEmpty ? "" : list + "\n")
        case .answer(_, let words, let explanation):
            return
                "<details><summary>Answer</summary>\n\n\(words)\n\n\(explanation)\n\n</details>\n\n"
        case .task(let goal, let checks, _):
            return "**Your task.** " + goal.joined(separator: " ") + "\n\n"
                + checks.map { "- `\($0)`\n" }.joined() + "\n"
        case .verdict(_, let words): return words + "\n\n"
        case .aside(let words) where words == "A solution:": return words + "\n\n"
        default: return ""
        }
    }

    // MARK: Recording

    /// The lesson as it goes by itself at a terminal, as asciicast 3: a header, the pieces of
    /// output with the seconds since the piece before, a marker for each step, and the end.
    public static func cast(
        _ lesson: Scenario, size: TerminalSize = .classic
    ) throws(HostFailure) -> String {
        var options = PlayerOptions()
        options.mode = .demo
        let player = try Player(lesson, options: options)
        player.size = size
        let recorder = CastRecorder(title: lesson.front.title, size: size)
        let painter = LessonPainter(
            RowPainter(isColored: true, size: { size }, write: { recorder.write($0) }))
        recorder.write(String(repeating: "\r\n", count: size.rows - 1))
        // An hour is more than any lesson takes; what never ends must not go on for ever.
        var time = 0
        while !player.isOver, time < 3_600_000 {
            recorder.mark(player)
            painter.draw(player)
            player.tick(100)
            time += 100
            recorder.pass(100)
        }
        recorder.mark(player)
        painter.draw(player)
        return recorder.end()
    }

    // MARK: Pictures

    /// A picture of each step, as it stands at its end.
    public static func pictures(
        _ lesson: Scenario
    ) throws(HostFailure) -> [(id: String, svg: String)] {
        let printer = SceneText(columns: 80, isASCII: false)
        var steps: [(id: String, lines: [Text])] = []
        for scene in try scenes(lesson) {
            if case .step(_, _, _, let id) = scene { steps.append((id, [])) }
            guard !steps.isEmpty else { continue }
            steps[steps.count - 1].lines += printer.lines(scene)
        }
        return steps.map { ($0.id, SVGText.picture($0.lines, columns: 80)) }
    }
}

/// Collects a recording.
private final class CastRecorder {
    private var text: String
    private var waited = 0
    private var last = ""

    init(title: String, size: TerminalSize) {
        text =
            "{\"version\": 3, \"term\": {\"cols\": \(size.columns), \"rows\": \(size.rows), "
            + "\"type\": \"xterm-256color\"}, \"idle_time_limit\": 2, \"title\": "
            + "\(JSONValue.text(title).json)}\n"
    }

    func pass(_ milliseconds: Int) { waited += milliseconds }

    func write(_ output: String) {
        // The same frame again shows nothing new.
        guard output != last else { return }
        last = output
        // A terminal in the usual mode turns a line end into two characters; this one is raw.
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let raw = lines.map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) }
            .joined(separator: "\r\n")
        event("o", raw)
    }

    /// Marks the steps that have begun since.
    func mark(_ player: Player) {
        for title in player.begunSteps { event("m", title) }
        player.begunSteps = []
    }

    func end() -> String {
        event("x", "0")
        return text
    }

    private func event(_ kind: String, _ data: String) {
        let fraction = String(1000 + waited % 1000).dropFirst()
        text += "[\(waited / 1000).\(fraction), \"\(kind)\", \(JSONValue.text(data).json)]\n"
        waited = 0
    }
}
