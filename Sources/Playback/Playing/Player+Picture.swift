public import Client
import Terminal

// How the lesson stands, for a dashboard, and what the person wants of it there. The dashboard has
// the same keys as the screen of lines, so an order is the key, and where the lesson asks for
// something to be typed the dashboard sends the person back to the prompt.

extension Player {
    /// True when the lesson is played at a real server.
    public var isRemote: Bool { host.stage.remote != nil }

    /// The real server where the lesson is played; nil in a world of its own.
    public var place: RemotePlace? { host.stage.remote?.place }

    /// The lesson's title.
    public var title: String { lesson.front.title }

    /// How the lesson stands.
    public var picture: LessonPicture {
        var picture = LessonPicture(title: lesson.front.title, step: step, of: steps.count)
        if step > 0 { picture.heading = steps[step - 1].title }
        picture.prose = told
        picture.watch = watchedPanels
        picture.figures = watchedFigures.compactMap { name in
            let gauge = gauge(of: name)
            return gauge.isKnown
                ? LessonPicture.Figure(
                    gauge.label, value: gauge.text, origin: gauge.origin.rawValue) : nil
        }
        picture.prediction = prediction
        picture.command = commandToTry
        picture.onward = onward
        picture.checks = checksToSee
        if let exercise {
            picture.hints = Array(exercise.exercise.hints.prefix(exercise.hints))
            picture.hintsLeft = exercise.exercise.hints.count - exercise.hints
        }
        picture.stepList = steps.map {
            LessonPicture.Step($0.title, isDone: record.steps.contains($0.id))
        }
        picture.score = score
        picture.remark = LessonMarkup.plain(remark)
        return picture
    }

    /// Does what the person wants of the lesson beside a dashboard.
    public func perform(_ order: LessonOrder) {
        remark = ""
        keysAreLessons = false
        list = nil
        switch order {
        case .back: press(order: "p")
        case .next: press(order: "n")
        case .restart: press(order: "r")
        case .hint: press(order: "h")
        case .skip: press(order: "s")
        case .run: run()
        case .edit: remark = "Lines are typed at the lesson's prompt: q goes there."
        case .predict(let place):
            guard case .quiz(var task) = activity else { break }
            if case .multiple = task.quiz.answer {
                task.chosen.formSymmetricDifference([place])
                activity = .quiz(task)
            } else {
                choose([place], for: task)
            }
        case .open(let name): remark = "q leaves the dashboard; then: larder play \(name)"
        }
        proceed()
    }

    /// Lets a person's milliseconds pass where the world's time passes by itself: in a load.
    /// Whatever else the lesson would do in that time waits until the person is back.
    public func tickWorld(_ milliseconds: Int) {
        guard !isPaused, !isOver else { return }
        if case .loading = activity { return tick(milliseconds) }
        if host.hasBackgroundLoad { pass(UInt64(Double(milliseconds) * 1e6 * speed)) }
    }

    /// Whether there is world time to pass.
    public var isWorldMoving: Bool {
        if isPaused || isOver { return false }
        if case .loading = activity { return true }
        return host.hasBackgroundLoad
    }

    private func press(order letter: Unicode.Scalar) {
        // The letters are keys here, also where the lesson has a prompt.
        keysAreLessons = hasPrompt
        press(.character(letter))
        keysAreLessons = false
    }

    private func run() {
        switch activity {
        case .learner(let task):
            if task.isGiven { take(task.text, for: task) } else { give(task) }
        case .quiz(let task):
            if task.quiz.options.isEmpty {
                remark = "This answer is typed at the lesson's prompt: q goes there."
            } else if !task.chosen.isEmpty {
                choose(task.chosen, for: task)
            }
        case .exercise, .takenOver:
            remark = "Lines are typed at the lesson's prompt: q goes there."
        case .waiting(let waiting) where waiting.reason == .end:
            remark = "The lesson is over: q goes back to it."
        default: goOn()
        }
    }

    // MARK: What is seen

    /// What was told last in this step, a paragraph each.
    private var told: [String] {
        guard !beats.isEmpty else { return [] }
        let here = min(position, beats.count - 1)
        let first = step > 0 ? steps[step - 1].beat : 0
        var paragraphs: [String] = []
        for index in (min(first, here)...here).reversed() {
            guard case .say(let prose) = beats[index].kind else { continue }
            let isFact = prose.kind == .fact
            let lines = prose.lines.map(host.stage.filled)
            var text = LessonMarkup.joined(isFact ? Quotation.plain(lines) : lines)
            if isFact {
                text += " [\(Origin.quoted.rawValue)" + Self.names(prose.facts) + "]"
            }
            paragraphs.insert(LessonMarkup.plain(text), at: 0)
            // Where something is to be done, that is what there is room for.
            if paragraphs.count == (hasPrompt ? 1 : 3) { break }
        }
        return paragraphs
    }

    /// What was reached so far, in words.
    private var score: String {
        let quizzes = beats.count { if case .ask = $0.kind { true } else { false } }
        let tasks = beats.count { if case .exercise = $0.kind { true } else { false } }
        var parts: [String] = []
        if quizzes > 0 { parts.append("\(record.correct) of \(quizzes) questions right") }
        if tasks > 0 {
            parts.append("\(record.passed) of \(tasks) exercises solved")
        }
        if let medal = record.medal { parts.append(medal.name) }
        return parts.joined(separator: ", ")
    }

    private static func names(_ facts: [String]) -> String {
        facts.isEmpty ? "" : " " + facts.joined(separator: " ")
    }

    private var commandToTry: String {
        switch activity {
        case .typing(let typing): return typing.text
        case .learner(let task): return task.isGiven ? task.text : ""
        case .waiting:
            guard position < beats.count, case .command(let command, _) = beats[position].kind,
                beats[position].attribute("hidden") == nil
            else { return "" }
            return command.session + "> " + host.stage.filled(command.text)
        default: return ""
        }
    }

    /// What Enter does.
    private var onward: String {
        switch activity {
        case .loading(let loading):
            return "Enter: to the end of \(loading.scene.words)"
        case .learner(let task):
            return task.isGiven ? "" : "Your turn. q: type it there  Enter: show the line"
        case .exercise:
            let begins = exercise?.exercise.beginsByGo == true ? ", `go` begins" : ""
            return "Your task. q: type it there\(begins)"
        case .takenOver: return "The world is yours. q: type there"
        case .quiz(let task):
            if task.quiz.options.isEmpty { return "q: type the answer there" }
            return "1 to \(task.quiz.options.count): your answer"
        case .waiting(let waiting):
            switch waiting.reason {
            case .end: return "The lesson is over. q: back"
            case .step where position < beats.count:
                return "Enter: " + steps[max(blocks.step[position] - 1, 0)].title
            default: return "Enter: goes on"
            }
        case .typing, .running, .over: return ""
        }
    }

    private var checksToSee: [LessonPicture.Check] {
        guard let exercise else {
            return shownChecks.map { Self.check($0, isOver: true) }
        }
        return exercise.exercise.checks.map { Self.check(host.look(at: $0), isOver: false) }
    }

    private static func check(_ result: CheckResult, isOver: Bool) -> LessonPicture.Check {
        let origins = Set(result.terms.map(\.reading.origin.rawValue)).sorted()
        var value = result.terms.map(\.reading.value.text).joined(separator: ", ")
        if !origins.isEmpty { value += " " + origins.joined(separator: ", ") }
        return LessonPicture.Check(
            result.text, value: value, result.isTrue ? .passed : isOver ? .failed : .open)
    }

    private var prediction: LessonPicture.Prediction? {
        guard case .quiz(let task) = activity else { return lastPrediction }
        var shown = LessonPicture.Prediction(
            LessonMarkup.plain(task.quiz.question.joined(separator: " ")),
            options: task.quiz.options.map { LessonMarkup.plain($0.text) })
        shown.chosen = task.chosen.min()
        return shown
    }

    /// Remembers what was answered, for as long as the step is on the screen.
    func note(prediction quiz: Quiz, chosen: Set<Int>, isRight: Bool?) {
        var shown = LessonPicture.Prediction(
            LessonMarkup.plain(quiz.question.joined(separator: " ")),
            options: quiz.options.map { LessonMarkup.plain($0.text) })
        shown.chosen = chosen.min()
        shown.isRight = isRight
        lastPrediction = shown
    }

    /// Remembers what was said to the person last.
    func note(remark scene: Scene) {
        switch scene {
        case .aside(let words), .difference(let words), .verdict(_, let words): remark = words
        // Hints have a place of their own, and a prediction stands there with its question.
        case .hint, .answer(isRight: nil, _, _): remark = ""
        case .answer(_, let words, let explanation):
            remark = explanation.isEmpty ? words : words + ": " + explanation
        case .step:
            remark = ""
            shownChecks = []
            lastPrediction = nil
        case .check(let results): shownChecks = results
        default: break
        }
    }

    // MARK: What is watched

    /// The figures that the lesson says to watch, or `focus` points at.
    var watchedFigures: [String] {
        let names = (focus.map { [$0] } ?? []) + lesson.front.dashboard.map(\.value)
        var found: [String] = []
        for name in names {
            for figure in FigureTable.list
            where figure.arguments.isEmpty && figure.missing == nil && figure.name.contains(".")
                && (figure.name == name || figure.name.hasPrefix(name + "."))
                && !found.contains(figure.name)
            {
                found.append(figure.name)
            }
        }
        return found
    }

    /// The same as the figures of a dashboard; those of the shop and its database it has not.
    private var watchedPanels: [String] {
        var panels: [String] = []
        for name in watchedFigures {
            guard let panel = WatchNames.panels[name], !panels.contains(panel) else { continue }
            panels.append(panel)
        }
        return panels
    }

    /// Where a dashboard that is opened now begins.
    public var dashboardStart: [String] {
        if let board = subject(of: ["zadd", "zincrby"]) { return ["pin \(board)"] }
        if subject(of: ["subscribe", "psubscribe", "publish"]) != nil { return ["screen 6"] }
        let first = watchedFigures.first { WatchNames.panels[$0] != nil }
        return ["screen \(first.flatMap { WatchNames.screens[$0] } ?? 1)"]
    }

    /// What the last of these commands was about, where a good part of what was said so far are
    /// such commands.
    private func subject(of names: Set<String>) -> String? {
        let commands = beats.prefix(position + 1).compactMap { beat -> [Substring]? in
            guard case .command(let command, _) = beat.kind else { return nil }
            return host.stage.filled(command.text).split(separator: " ")
        }
        let own = commands.filter { $0.count > 1 && names.contains($0[0].lowercased()) }
        return own.count * 4 > commands.count ? own.last.map { String($0[1]) } : nil
    }
}

/// What the figures of lessons are called on a dashboard.
private enum WatchNames {
    static let panels = [
        "cache.hits": "hit_rate", "cache.misses": "hit_rate", "cache.hit_ratio": "hit_rate",
        "cache.keys": "keys", "cache.memory": "memory_used", "cache.maxmemory": "memory_used",
        "cache.evicted": "evicted_per_second", "cache.expired": "expired_per_second",
        "cache.ops": "commands_per_second", "net.bytes": "commands_per_second",
        "net.round_trips": "commands_per_second", "cpu.us_per_op": "commands_per_second",
    ]
    /// The screens of figures that are looked at elsewhere than on the first.
    static let screens = ["cache.keys": 3]
}

/// Prose without the marks of Markdown.
enum LessonMarkup {
    static func plain(_ text: String) -> String { InlineText.read(text).plain }

    /// The lines of a paragraph in one, without the signs of a quote.
    static func joined(_ lines: [String]) -> String {
        lines.map { line in
            var text = line.drop { $0 == " " }
            if text.hasPrefix(">") { text = text.dropFirst().drop { $0 == " " } }
            return String(text)
        }.joined(separator: " ")
    }
}
