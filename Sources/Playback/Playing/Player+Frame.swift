public import Terminal

// What stands at the bottom of the screen while a lesson is played: the line that is being typed,
// the load that runs, the prompt or what Enter does; and below it the status row. Everything above
// has been printed and belongs to the terminal.

extension Player {
    private var printer: SceneText {
        SceneText(columns: size.columns, isASCII: options.isASCII)
    }

    private var look: LessonLook { LessonLook(isASCII: options.isASCII) }

    /// The rows at the bottom of the screen.
    public func frame() -> LineFrame {
        var frame = list.map(listFrame) ?? activityFrame()
        frame.below += ["", status]
        return frame
    }

    private func activityFrame() -> LineFrame {
        if hasPrompt, keysAreLessons {
            var help = "h hint  s solution"
            if case .learner = activity { help = "h the line  s skip" }
            if case .quiz = activity { help = "s skip" }
            if case .takenOver = activity { help = "t back to the lesson" }
            let words = "keys are the lesson's: \(help)  p back  Enter types"
            let text = "  \(look.pointer) " + words
            return plain(Text(text, LessonLook.faint))
        }
        switch activity {
        case .running, .over: return plain("")
        case .waiting(let waiting): return waitingFrame(waiting)
        case .typing(let typing):
            let letters = String(
                String.UnicodeScalarView(typing.text.unicodeScalars.prefix(typing.shown)))
            return LineFrame(
                prompt: printer.prompt(typing.session),
                body: Text(look.shown(letters), Style(bold: true)),
                cursor: letters.unicodeScalars.count)
        case .loading(let loading): return loadingFrame(loading)
        case .learner(let task):
            let first = Equivalence.words(task.text).first ?? ""
            let ghost = line.isEmpty ? (task.isGiven ? task.text : first + " …") : ""
            return promptFrame(task.session, ghost: look.shown(ghost))
        case .exercise:
            let sessions = exercise?.exercise.sessions ?? []
            return promptFrame(promptName(line.text, among: sessions))
        case .takenOver: return promptFrame(promptName(line.text, among: []))
        case .quiz(let task): return quizFrame(task)
        }
    }

    private func plain(_ prompt: Text) -> LineFrame {
        LineFrame(prompt: prompt.truncated(to: size.columns - 1), body: "", cursor: 0)
    }

    private func waitingFrame(_ waiting: Waiting) -> LineFrame {
        let words =
            switch waiting.reason {
            case .beat, .pause: "Enter"
            case .step:
                step <= steps.count && position < beats.count
                    ? "Enter: \(blocks.step[position])/\(steps.count) "
                        + steps[max(blocks.step[position] - 1, 0)].title
                    : "Enter"
            case .end: "Enter ends the lesson"
            }
        let above = lastSceneIsBlank ? "" : "\n"
        var frame = plain(Text("  \(look.pointer) \(look.shown(words)) ", LessonLook.faint))
        frame.prompt = Text(above) + frame.prompt
        return frame
    }

    private func promptFrame(_ session: String, ghost: String = "") -> LineFrame {
        LineFrame(
            prompt: printer.prompt(session), body: Text(line.text), cursor: line.cursor,
            ghost: Text(ghost, LessonLook.faint))
    }

    private func loadingFrame(_ loading: Loading) -> LineFrame {
        let rows = printer.load(loading.scene)
        var frame = plain(rows[0])
        frame.below = Array(rows.dropFirst())
        guard let exercise else { return frame }
        for check in exercise.exercise.checks {
            let result = host.look(at: check)
            var row = printer.check(
                CheckResult(
                    text: result.text, isTrue: result.isTrue, terms: result.terms))[0]
            if !result.isTrue {
                // Not yet is not no: the load still runs.
                row.runs = row.runs.map { run in
                    run.string == look.cross
                        ? Text.Run(look.dots, LessonLook.faint) : run
                }
            }
            frame.below.append(row)
        }
        return frame
    }

    private func quizFrame(_ task: QuizTask) -> LineFrame {
        guard !task.quiz.options.isEmpty else {
            return LineFrame(
                prompt: Text("  your answer: ", LessonLook.question), body: Text(line.text),
                cursor: line.cursor, below: complaint(of: task))
        }
        var words = "1-\(task.quiz.options.count) or arrows and Enter"
        if case .multiple = task.quiz.answer { words = "mark with 1-\(task.quiz.options.count)" }
        var row = Text("  your answer", LessonLook.question)
        row.append(" (\(words)): ", LessonLook.faint)
        let chosen = task.pointed.sorted()
        row.append(chosen.map { String($0 + 1) }.joined(separator: " "), Style(bold: true))
        if case .multiple = task.quiz.answer, !task.chosen.isEmpty {
            row.append("   Enter answers", LessonLook.faint)
        }
        var frame = plain(row)
        frame.below = complaint(of: task)
        return frame
    }

    private func complaint(of task: QuizTask) -> [Text] {
        guard !task.complaint.isEmpty else { return [] }
        return [Text("  " + task.complaint, LessonLook.faint).truncated(to: size.columns - 1)]
    }

    private func listFrame(_ list: StepList) -> LineFrame {
        var below: [Text] = []
        let matches = list.matches(steps)
        let room = max(size.rows - 6, 3)
        let first = max(0, min(list.place - room / 2, matches.count - room))
        for (index, number) in matches.enumerated().dropFirst(first).prefix(room) {
            let isChosen = index == list.place
            let isDone = record.steps.contains(steps[number - 1].id)
            var row = Text(isChosen ? "  \(look.pointer) " : "    ", LessonLook.step)
            let mark = isDone ? look.tick : number == step ? look.between : " "
            row.append(mark + " ", LessonLook.good)
            row.append("\(number)  ", LessonLook.faint)
            row.append(
                look.shown(steps[number - 1].title),
                isChosen ? Style(bold: true) : .plain)
            below.append(row)
        }
        if matches.isEmpty { below = [Text("    no step is called so", LessonLook.faint)] }
        var frame = LineFrame(
            prompt: Text("  steps", LessonLook.step), body: "", cursor: 0, below: below)
        if list.isSearch {
            frame.prompt.append("  /", LessonLook.faint)
            frame.body = Text(list.filter.text)
            frame.cursor = list.filter.cursor
        }
        return frame
    }

    // MARK: The status row

    private var status: Text {
        let room = size.columns - 1
        var left = " \(lesson.front.id)"
        if step > 0 { left += "  \(step)/\(steps.count)" }
        left += "  " + clock
        left += "  " + speedWords
        if isPaused { left += "  PAUSED" }
        let right = keys + " "
        var middle = ""
        if step > 0, step <= steps.count { middle = "  " + steps[step - 1].title }
        let used = DisplayWidth.of(left) + DisplayWidth.of(right) + 2
        if DisplayWidth.of(middle) + used > room { middle = "" }
        let gap = room - used + 2 - DisplayWidth.of(middle)
        let row =
            gap >= 1
            ? left + middle + String(repeating: " ", count: gap) + right
            : left + String(repeating: " ", count: max(room - DisplayWidth.of(left), 0))
        return Text(look.shown(row), LessonLook.bar).truncated(to: room, ellipsis: "")
    }

    private var clock: String { ClockText.text(host.now) }

    private var speedWords: String {
        if options.isInstant { return "instant" }
        return QuantityText.rounded(speed) + "x"
    }

    private var keys: String {
        if list != nil { return "Enter goes there  / search  Esc back" }
        if isPaused { return "Space goes on" }
        if hasPrompt, keysAreLessons { return "Enter types  ? keys  q quit" }
        switch activity {
        case .typing: return "any key: whole line  Space pause"
        case .loading: return "Enter: to its end  Space pause"
        case .learner(let task):
            return (task.isGiven ? "Tab" : "h Enter") + ": the line  q Enter: leave  ? keys"
        case .quiz(let task):
            return task.quiz.options.isEmpty
                ? "s Enter: skip  q Enter: leave  ? keys" : "s skip  ? keys  q quit"
        case .exercise: return "h Enter: hint  s Enter: solution  ? keys"
        case .takenOver: return "Esc: back to the lesson"
        default: return "Enter next  p back  ? keys  q quit"
        }
    }
}
