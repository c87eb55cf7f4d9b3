public import Terminal

// What keys do. Where the learner types, letters are text, and a line of one letter is the key of
// that letter; Esc hands the keys back to the lesson, Enter takes them again.

extension Player {
    /// Takes a key.
    public func press(_ key: Key) {
        if let list { press(key, in: list) } else { take(key) }
        proceed()
    }

    private func take(_ key: Key) {
        if key == .ctrl("c") { return leave() }
        if hasPrompt, !keysAreLessons { return takeAtPrompt(key) }
        if isPaused, key == .enter || key == .special(.right, []) {
            isPaused = false
            return
        }
        switch activity {
        case .typing(var typing):
            if Self.keepsTyping(key) { break }
            if typing.waitsForKey, key != .enter {
                typing.shown += 1
                activity = .typing(typing)
                if typing.shown >= typing.text.unicodeScalars.count { finishTyping() }
                return
            }
            finishTyping()
            if key == .enter || key == .special(.right, []) { return }
        default: break
        }
        command(key)
    }

    /// Whether there is a line for the learner to type.
    var hasPrompt: Bool {
        switch activity {
        case .learner, .exercise, .takenOver, .quiz: true
        default: false
        }
    }

    /// Keys that mean something while a line is being typed.
    private static func keepsTyping(_ key: Key) -> Bool {
        switch key {
        case .character(let scalar): " +-=?qgdt/nprh".unicodeScalars.contains(scalar)
        default: false
        }
    }

    // MARK: Keys of the lesson

    private func command(_ key: Key) {
        switch key {
        case .enter, .control(10), .special(.right, _), .special(.pageDown, _): goOn()
        case .special(.left, _), .special(.pageUp, _): previousStep()
        case .escape:
            if hasPrompt { keysAreLessons = false }
        case .character(let scalar): command(letter: scalar)
        default: break
        }
    }

    /// Does what a key stands for; false when it stands for nothing.
    @discardableResult
    private func command(letter: Unicode.Scalar) -> Bool {
        switch letter {
        case " ": isPaused.toggle()
        case "n": nextStep()
        case "p": previousStep()
        case "r": go(toStep: step)
        case "g": openList(isSearch: false)
        case "/": openList(isSearch: true)
        case "+", "=": speed = min(speed * 2, 64)
        case "-": speed = max(speed / 2, 1 / 512)
        case "h": help()
        case "s": skip()
        case "t": takeOver()
        case "d": wantsDashboard = true
        case "?": listKeys()
        case "q": leave()
        default: return false
        }
        return true
    }

    /// Goes on from whatever the player waits for.
    func goOn() {
        switch activity {
        case .waiting(let waiting):
            activity = waiting.reason == .end ? .over : .running
        case .loading: completeLoad()
        case .typing: finishTyping()
        case .learner, .exercise, .takenOver, .quiz: keysAreLessons = false
        case .running, .over: break
        }
    }

    private func help() {
        keysAreLessons = false
        switch activity {
        case .learner(let task): give(task)
        case .quiz(let task):
            let words =
                task.quiz.options.isEmpty ? "Type your answer." : "Press the number of an answer."
            show(.aside(words + " A wrong answer costs nothing but the medal."))
        default: hint()
        }
    }

    private func skip() {
        keysAreLessons = false
        switch activity {
        case .learner(let task): type(task.text, task.session, pace: nil)
        case .quiz(let task):
            show(.aside(task.isBefore ? "No prediction, then." : "No answer, then."))
            answers[task.id] = nil
            finishBeat()
        case .exercise: solve()
        case .loading: completeLoad()
        default: show(.aside("There is nothing to skip here; n goes to the next step."))
        }
    }

    private func listKeys() {
        show(.blank)
        show(.listing(Self.keyTable))
        show(.blank)
    }

    static let keyTable = [
        "Enter, Right  go on               Space   pause, and on",
        "n             next step           p       previous step",
        "r             this step again     g       list of steps",
        "/             search the steps    + -     faster, slower",
        "h             hint                s       skip: shows the solution",
        "t             take over           d       dashboard; there d goes back",
        "?             these keys          q       leave; goes on here next time",
        "",
        "Where you type, such a letter needs Enter behind it: h and Enter is a hint.",
        "Or press Esc: letters are keys then, until Enter. :quit leaves, too.",
    ]

    // MARK: Keys at a prompt

    private func takeAtPrompt(_ key: Key) {
        if case .quiz(let task) = activity, takeInQuiz(key, task) { return }
        switch key {
        case .escape:
            if case .takenOver = activity { return giveBack() }
            keysAreLessons = true
        case .enter, .control(10): submit()
        case .control(4) where line.isEmpty:
            if case .takenOver = activity { giveBack() } else { leave() }
        case .character("?") where line.isEmpty: listKeys()
        case .tab:
            // The one completion there is: what the lesson wants.
            if case .learner(let task) = activity, task.isGiven { line.set(task.text) }
        default: _ = line.take(key)
        }
    }

    /// Numbers choose at once; where several answers are right they mark, and Enter answers.
    private func takeInQuiz(_ key: Key, _ task: QuizTask) -> Bool {
        guard !task.quiz.options.isEmpty else { return false }
        var task = task
        let isMultiple = if case .multiple = task.quiz.answer { true } else { false }
        switch key {
        case .special(.up, _), .special(.left, _): task.place = max((task.place ?? 1) - 1, 0)
        case .special(.down, _), .special(.right, _):
            task.place = min((task.place ?? -1) + 1, task.quiz.options.count - 1)
        case .character(" ") where isMultiple:
            task.chosen.formSymmetricDifference(task.place.map { [$0] } ?? [])
        case .enter, .control(10):
            choose(isMultiple ? task.chosen : task.pointed, for: task)
            return true
        case .character(let scalar):
            if let number = Int(String(scalar)) {
                guard isMultiple, task.quiz.options.indices.contains(number - 1) else {
                    choose([number - 1], for: task)
                    return true
                }
                task.chosen.formSymmetricDifference([number - 1])
                break
            }
            // Nothing is typed here, so letters are the lesson's.
            if !command(letter: scalar) { complain(Self.choices(task), to: task) }
            return true
        case .escape:
            complain(Self.choices(task), to: task)
            return true
        default: return false
        }
        task.complaint = ""
        activity = .quiz(task)
        return true
    }

    private func submit() {
        let typed = line.text.trimmed
        if typed.unicodeScalars.count == 1, let letter = typed.unicodeScalars.first,
            "hsnprgtd?q/".unicodeScalars.contains(letter), !isAnswer(typed)
        {
            line.clear()
            command(letter: letter)
            return
        }
        if typed.hasPrefix(":") {
            line.clear(keeping: true)
            return takePromptLine(typed)
        }
        if isFarewell(typed) {
            line.clear(keeping: true)
            if case .takenOver = activity { return giveBack() }
            return leave()
        }
        switch activity {
        case .learner(let task): take(typed, for: task)
        case .quiz(let task): if !typed.isEmpty { take(typed, for: task) }
        case .exercise: take(exerciseLine: typed)
        case .takenOver: sayFreely(typed, among: [])
        default: break
        }
    }

    /// Lines of the ordinary prompt: those that mean something here.
    private func takePromptLine(_ typed: String) {
        let words = typed.dropFirst().lowercased().split(separator: " ")
        switch words.first {
        case "dashboard": wantsDashboard = true
        case "help": listKeys()
        case "quit", "exit", "q": leave()
        default:
            show(
                .aside(
                    "Of the prompt's own lines a lesson has :dashboard, :help and :quit; "
                        + "q leaves the lesson for the others."))
        }
    }

    /// Whether a line is what people type who want to get out, and not what the lesson asks for.
    private func isFarewell(_ typed: String) -> Bool {
        let word = typed.lowercased()
        switch activity {
        case .learner(let task) where Equivalence.isSame(typed, as: task.text): return false
        case .takenOver: return ["quit", "exit", "back"].contains(word)
        default: return ["quit", "exit"].contains(word)
        }
    }

    /// Whether a letter alone is the answer to a question.
    private func isAnswer(_ typed: String) -> Bool {
        guard case .quiz(let task) = activity, case .pattern(let pattern) = task.quiz.answer else {
            return false
        }
        return Self.fits(typed, pattern)
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
