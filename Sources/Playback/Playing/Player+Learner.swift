import Bytes
import Client
import Terminal

// What the learner does: types a line, answers a question, takes the world over. A word alone of
// one letter is never a command of a cache, so such lines are the player's keys with Enter.

/// A line that the learner is to type.
struct LearnerTask {
    var session: String
    /// The line that is wanted.
    var text: String
    var tries = 0
    var isGiven = false
}

/// A question that is asked.
struct QuizTask {
    var quiz: Quiz
    var id: String
    var isBefore: Bool
    var tries = 0
    /// The options that are chosen, from 0.
    var chosen: Set<Int> = []
    /// The option that the arrows are at; nil until they were used, so that an Enter too many
    /// answers nothing.
    var place: Int?
    /// What was wrong with the last key or line; it stands below the answer until the next.
    var complaint = ""

    /// The options that Enter would answer.
    var pointed: Set<Int> { chosen.isEmpty ? Set(place.map { [$0] } ?? []) : chosen }
}

/// What was answered to a question.
struct GivenAnswer {
    var words: String
    var isRight: Bool
    var remark: String
}

/// A prediction whose outcome is to be told.
struct Prediction {
    var quiz: Quiz
    var answer: GivenAnswer?
}

extension Player {
    // MARK: Lines to type

    /// The learner has typed a line that was asked for.
    func take(_ typed: String, for task: LearnerTask) {
        guard !typed.isEmpty else { return }
        if Equivalence.isSame(typed, as: task.text) {
            line.clear(keeping: true)
            guard case .command(let command, _) = beats[position].kind else { return finishBeat() }
            return perform(command, typed)
        }
        var task = task
        task.tries += 1
        show(.command(session: task.session, typed))
        let words = Equivalence.difference(typed, task.text)
        let help = task.tries > 1 && !task.isGiven ? " h and Enter shows the line." : ""
        show(.difference(words + help))
        line.clear(keeping: true)
        activity = .learner(task)
    }

    /// Gives the line away.
    func give(_ task: LearnerTask) {
        var task = task
        task.isGiven = true
        show(.aside("Type:"))
        show(.listing([task.text]))
        activity = .learner(task)
    }

    // MARK: Questions

    func ask(_ quiz: Quiz, _ id: String) {
        guard !isSilent else { return finishBeat() }
        let isBefore = beats[position].attribute("before") != nil
        show(.question(quiz.question, options: quiz.options.map(\.text)))
        guard options.mode != .demo else {
            if isBefore { show(.aside("Think of an answer; what follows will tell.")) }
            return finishBeat()
        }
        line.clear()
        keysAreLessons = false
        activity = .quiz(QuizTask(quiz: quiz, id: id, isBefore: isBefore))
    }

    /// The learner has chosen or typed an answer.
    func answer(_ given: QuizTask, _ words: String, isRight: Bool, feedback: String?) {
        var task = given
        task.tries += 1
        var kept = record.quizzes[task.id] ?? Progress.QuizRecord()
        kept.tries += 1
        if isRight, task.tries == 1, kept.tries == 1 { kept.isFirst = true }
        kept.isCorrect = kept.isCorrect || isRight
        record.quizzes[task.id] = kept
        recordChanges += 1
        host.finish(quiz: task.id, isCorrect: isRight)
        line.clear(keeping: true)
        note(prediction: task.quiz, chosen: task.chosen, isRight: task.isBefore ? nil : isRight)
        let remark = feedback.map { "\(words): \($0)" } ?? words
        answers[task.id] = GivenAnswer(words: words, isRight: isRight, remark: remark)
        if task.isBefore {
            show(.answer(isRight: nil, "Your prediction: \(words)", explanation: "Let us see."))
            return finishBeat()
        }
        if !isRight, task.tries < 2, task.quiz.hasManyAnswers {
            show(.answer(isRight: false, remark, explanation: "Not that one. Try again."))
            task.chosen = []
            activity = .quiz(task)
            return
        }
        finishBeat()
    }

    /// Tells the answer to a question: at once, or after what was to be predicted.
    func tell(_ quiz: Quiz, _ id: String) {
        let prediction = Prediction(quiz: quiz, answer: answers[id])
        answers[id] = nil
        guard !isSilent else { return finishBeat() }
        if beats[position].attribute("before") == nil {
            tell(prediction, isPrediction: false)
        } else {
            predictions.append(prediction)
            // Curves and checks of what was predicted come first.
            if blocks.waits[position] || !isFollowedByFigures { tellPredictions() }
        }
        finishBeat()
        if !isSilent, case .running = activity, options.mode != .demo, !isFollowedByFigures,
            position < beats.count
        {
            wait(.beat)
        }
    }

    private var isFollowedByFigures: Bool {
        guard position + 1 < beats.count else { return false }
        switch beats[position + 1].kind {
        case .chart, .check: return true
        default: return false
        }
    }

    /// Tells what predictions have come to.
    func tellPredictions() {
        let waiting = predictions
        predictions = []
        for prediction in waiting {
            show(.blank)
            tell(prediction, isPrediction: true)
        }
    }

    private func tell(_ prediction: Prediction, isPrediction: Bool) {
        let quiz = prediction.quiz
        guard let answer = prediction.answer, options.mode != .demo else {
            return show(quiz.told)
        }
        let words = isPrediction ? "You predicted: \(answer.words)" : answer.remark
        if isPrediction, lastPrediction?.isRight == nil { lastPrediction?.isRight = answer.isRight }
        if answer.isRight {
            return show(.answer(isRight: true, words, explanation: quiz.explanation))
        }
        show(.answer(isRight: false, isPrediction ? answer.remark : words, explanation: ""))
        show(quiz.told)
    }

    /// Takes what was typed as an answer; a complaint when it cannot be one.
    func take(_ typed: String, for task: QuizTask) {
        switch task.quiz.answer {
        case .number(let right, let tolerance):
            guard let number = Self.number(typed) else {
                line.clear(keeping: true)
                return complain("A number is asked for, such as 12.5.", to: task)
            }
            // A plain number is taken in the unit of the answer.
            let given = number.unit == nil ? Quantity(number.number, right.unit) : number
            let margin = (tolerance?.base ?? 0) * (1 + 1e-9)
            let isRight =
                given.dimension == right.dimension && abs(given.base - right.base) <= margin + 1e-12
            answer(task, typed, isRight: isRight, feedback: nil)
        case .pattern(let pattern):
            answer(task, typed, isRight: Self.fits(typed, pattern), feedback: nil)
        case .single, .multiple:
            let numbers = typed.split { !$0.isNumber }.compactMap { Int($0) }
            guard !numbers.isEmpty else { return complain(Self.choices(task), to: task) }
            choose(Set(numbers.map { $0 - 1 }), for: task)
        }
    }

    /// Whether a typed answer is one that a pattern means; capitals do not matter.
    static func fits(_ typed: String, _ pattern: String) -> Bool {
        [typed, typed.lowercased()].contains { Evaluator.finds(pattern, in: .text($0)) }
    }

    /// A number as people write it: with a comma for the point, or between thousands.
    static func number(_ typed: String) -> Quantity? {
        let text = typed.filter { $0 != " " }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isPoint =
            parts.count == 2 && !text.contains(".") && parts[1].prefix { $0.isNumber }.count != 3
        return Quantity(parts.joined(separator: isPoint ? "." : ""))
    }

    /// Takes these options as the answer.
    func choose(_ places: Set<Int>, for task: QuizTask) {
        let options = task.quiz.options
        guard !places.isEmpty, places.allSatisfy({ options.indices.contains($0) }) else {
            return complain(Self.choices(task), to: task)
        }
        let chosen = places.sorted().map { options[$0] }
        let right = Set(options.indices.filter { options[$0].isCorrect })
        var task = task
        task.chosen = places
        answer(
            task, chosen.map(\.text).joined(separator: "; "), isRight: places == right,
            feedback: chosen.compactMap(\.feedback).first)
    }

    /// Says what is wrong with an answer, in the place of what was said before.
    func complain(_ words: String, to given: QuizTask) {
        var task = given
        task.complaint = words
        line.clear()
        activity = .quiz(task)
    }

    /// What there is to choose from, in words.
    static func choices(_ task: QuizTask) -> String {
        "Choose from 1 to \(task.quiz.options.count); s skips the question, q leaves."
    }

    // MARK: Taking over

    func takeOver() {
        if case .takenOver = activity { return giveBack() }
        interrupted = activity
        activity = .takenOver
        // Blanks are typed there, so nobody could go on with one.
        isPaused = false
        line.clear()
        keysAreLessons = false
        show(.blank)
        show(
            .aside(
                "The world is yours: type what you like. Name a session with bob> or wb>. "
                    + "Esc gives it back to the lesson."))
    }

    func giveBack() {
        guard let interrupted else { return }
        activity = interrupted
        self.interrupted = nil
        line.clear()
        keysAreLessons = false
        show(.aside("The lesson goes on."))
        show(.blank)
        if case .waiting(let waiting) = activity, waiting.left != nil { goOn() }
    }

    /// Says what the learner typed at a free prompt.
    func sayFreely(_ typed: String, among sessions: [String]) {
        let (session, text) = route(typed, among: sessions)
        line.clear(keeping: true)
        guard !text.isEmpty else { return }
        show(.command(session: session, text))
        var outcome = host.perform(text, session: session)
        if outcome.remaining > 0 { return pass(outcome, text, for: .free) }
        outcome.lines += host.stage.finish()
        tell(outcome, to: text, session)
    }

    /// Shows what came back, and what has been pushed to the session meanwhile.
    func tell(_ outcome: Outcome, to line: String, _ session: String) {
        let origin = host.origin(of: outcome, line: line, session: session)
        show(.reply(outcome.lines, isError: outcome.isError, origin))
        if outcome.waits { show(.aside("It waits; the reply comes when there is one.")) }
        let beat = beats[min(position, beats.count - 1)]
        let pushed = host.arrivals(session, beat: beat)
        if !pushed.isEmpty { show(.push(session: session, pushed)) }
    }

    /// What the prompt says before a line that is being typed: the session that it is for, and
    /// nothing while its first word may still become one of several.
    func promptName(_ typed: String, among sessions: [String]) -> String {
        let text = typed.drop { $0 == " " }
        if text.contains(" ") || text.contains(">") { return route(typed, among: sessions).session }
        if sessions.count == 1, text.isEmpty { return sessions[0] }
        return host.isOpen(text.lowercased()) ? "" : route(typed, among: sessions).session
    }

    /// The session that a line is for, and the line without its name.
    func route(_ typed: String, among sessions: [String]) -> (session: String, text: String) {
        let text = typed.drop { $0 == " " }
        if let end = text.firstIndex(of: ">") {
            let name = text[..<end]
            let isName =
                !name.isEmpty
                && name.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
                }
            if isName {
                let rest = text[text.index(after: end)...].drop { $0 == " " }
                return (String(name), String(rest))
            }
        }
        return (host.session(for: String(text), among: sessions), String(text))
    }
}

extension Quiz {
    /// The options to choose from; none where something is to be typed.
    var options: [Option] {
        switch answer {
        case .single(let options), .multiple(let options): options
        case .number, .pattern: []
        }
    }

    /// Whether a second try is no gift.
    var hasManyAnswers: Bool {
        switch answer {
        case .single(let options): options.count > 2
        case .multiple, .number, .pattern: true
        }
    }

    /// The right answer in words.
    var rightWords: String {
        switch answer {
        case .single(let options), .multiple(let options):
            options.filter(\.isCorrect).map(\.text).joined(separator: "; ")
        case .number(let quantity, _):
            QuantityText.rounded(quantity.number) + (quantity.unit?.rawValue ?? "")
        // A pattern is for comparing; what to answer is said by the explanation.
        case .pattern: ""
        }
    }

    /// The answer as it is told to whoever did not know it.
    var told: Scene {
        let words = rightWords
        return words.isEmpty
            ? .answer(isRight: nil, "The answer: \(explanation)", explanation: "")
            : .answer(isRight: nil, "The answer: \(words)", explanation: explanation)
    }
}

/// Whether two lines ask for the same.
enum Equivalence {
    static func words(_ line: String) -> [String] {
        LineWords(line.unicodeScalars).words.map(\.value.text)
    }

    /// Case does not matter in names of commands and in words that the lesson writes in capitals;
    /// spacing and the kind of quotes never do.
    static func isSame(_ typed: String, as wanted: String) -> Bool {
        let (left, right) = (words(typed), words(wanted))
        return left.count == right.count
            && zip(left, right).enumerated().allSatisfy { isSame($1.0, $1.1, at: $0) }
    }

    private static func isSame(_ typed: String, _ wanted: String, at place: Int) -> Bool {
        if typed == wanted { return true }
        let isWord = place == 0 || wanted.allSatisfy { $0.isUppercase || $0 == "-" }
        return isWord && typed.lowercased() == wanted.lowercased()
    }

    /// Where a line begins to differ from the one that is wanted, in words.
    static func difference(_ typed: String, _ wanted: String) -> String {
        let (left, right) = (words(typed), words(wanted))
        let count = zip(left, right).enumerated().prefix { isSame($1.0, $1.1, at: $0) }.count
        if count == 0 {
            return "Not that: a line with **\(right.first ?? "")** is wanted."
        }
        let good = left[..<count].joined(separator: " ")
        if count == left.count { return "Right as far as it goes; after `\(good)` more follows." }
        if count == right.count {
            return "Right up to `\(good)`, but `\(left[count])` is too much."
        }
        return "Right up to `\(good)`; then `\(left[count])` is not what is wanted."
    }
}
