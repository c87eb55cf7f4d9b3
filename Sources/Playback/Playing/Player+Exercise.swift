// Exercises: a goal, checks that say when it is reached, hints, and a solution that is played when
// the learner gives up. A solution is played in the world as it was when the exercise began, so
// that what the learner has tried cannot stand in its way.

/// An exercise under way.
struct ExerciseTask {
    var exercise: Exercise
    var id: String
    /// How much had been done before the exercise.
    var mark: HostMark
    /// Whether the learner has done something.
    var hasTried = false
    var tries = 0
    var hints = 0
    /// What is left of the solution while it is played.
    var solution: [TranscriptCommand]?
    /// How the checks came out last.
    var results: [CheckResult] = []
}

extension Player {
    func beginExercise(_ exercise: Exercise, _ id: String) {
        let task = ExerciseTask(exercise: exercise, id: id, mark: host.mark)
        self.exercise = task
        line.clear()
        keysAreLessons = false
        host.prepare(exercise, beats[position])
        var goal = exercise.goal
        while goal.last?.isNewline == true { goal.removeLast() }
        var hint = "Type commands below."
        if exercise.run != nil { hint += " `go` starts the load." }
        if exercise.triesPipeline { hint += " `go` tries it." }
        hint += exercise.hints.isEmpty ? " With Enter" : " With Enter, `h` gives a hint,"
        hint += " `s` a solution, `q` leaves."
        show(
            .task(
                goal: goal.split(separator: "\n").map(String.init),
                checks: exercise.checks.map(\.expression.text), hint: hint))
        show(.blank)
        if isSilent || options.mode == .demo { return solve() }
        activity = .exercise
    }

    /// The prompt again, for another try.
    func askAgain() {
        line.clear()
        activity = .exercise
    }

    /// The learner says a line.
    func take(exerciseLine typed: String) {
        guard let task = exercise else { return }
        let (session, text) = route(typed, among: task.exercise.sessions)
        line.clear(keeping: true)
        guard !text.isEmpty else { return }
        exercise?.hasTried = true
        sayInExercise(text, session: session)
    }

    /// Says a line in an exercise, the learner's or one of the solution.
    func sayInExercise(_ text: String, session: String) {
        guard let task = exercise else { return }
        show(.command(session: session, text))
        let isGo = text.split(separator: " ").joined(separator: " ").lowercased() == "go"
        if isGo, !task.exercise.beginsByGo {
            exercise?.tries += 1
            activity = .exercise
            return judgeExercise()
        }
        if isGo { exercise?.tries += 1 }
        var outcome = host.perform(text, session: isGo ? "wb" : session)
        if outcome.remaining > 0 { return pass(outcome, text, for: .exercise(isGo: isGo)) }
        outcome.lines += host.stage.finish()
        tell(outcome, to: text, session)
        // What takes no time is over.
        isGo && !outcome.isError ? judgeExercise() : goOnWithExercise()
    }

    /// After a line of an exercise.
    func goOnWithExercise() {
        guard let task = exercise else { return }
        if task.solution != nil { return solveOn() }
        activity = .exercise
        // Without a load there is nothing to wait for: the checks tell at once.
        if !task.exercise.beginsByGo { judgeExercise(isQuiet: true) }
    }

    /// Looks whether the goal is reached.
    /// - Parameter isQuiet: says nothing where it is not.
    func judgeExercise(isQuiet: Bool = false) {
        guard var task = exercise else { return }
        let checks = task.exercise.checks.map { host.judge($0, beats[position]) }
        let technique = task.exercise.technique.map { host.judge($0, beats[position]) }
        task.results = checks + technique
        exercise = task
        let isReached = checks.allSatisfy(\.isTrue)
        let isDone = isReached && technique.allSatisfy(\.isTrue)
        if isQuiet, !isReached, task.solution == nil { return }
        show(.check(task.results))
        if task.solution != nil {
            guard isDone || task.solution?.isEmpty == true else { return solveOn() }
            return endExercise(passed: false)
        }
        if isDone { return endExercise(passed: true) }
        if isReached {
            show(.verdict(isGood: false, "The goal is reached, but not in the way asked for."))
        } else {
            let words = "Not yet. Try something else; `h` and Enter gives a hint."
            show(.verdict(isGood: false, words))
        }
        show(.blank)
        if task.exercise.beginsByGo { host.prepare(task.exercise, beats[position]) }
        askAgain()
    }

    private func endExercise(passed: Bool) {
        guard let task = exercise else { return }
        var kept = record.exercises[task.id] ?? Progress.ExerciseRecord()
        if !isSilent {
            kept.tries += max(task.tries, 1)
            kept.isPassed = kept.isPassed || passed
            kept.isUnaided = kept.isUnaided || passed && task.hints == 0
            kept.isSkipped = kept.isSkipped || !passed
            record.exercises[task.id] = kept
            recordChanges += 1
        }
        host.finish(exercise: task.id, passed: passed, tries: task.tries)
        if passed { show(.verdict(isGood: true, "Done. Well solved.")) }
        exercise = nil
        finishBeat()
    }

    // MARK: Help

    /// Gives the next hint.
    func hint() {
        guard var task = exercise else { return show(.aside("There is no hint here.")) }
        let hints = task.exercise.hints
        guard task.hints < hints.count else {
            return show(.aside("Those were all the hints; `s` and Enter shows a solution."))
        }
        task.hints += 1
        exercise = task
        show(.hint(task.hints, of: hints.count, hints[task.hints - 1]))
    }

    /// Plays the solution.
    func solve() {
        guard var task = exercise, task.solution == nil else { return }
        if task.hasTried {
            // What was tried is undone first.
            guard goBack(to: task.mark) else { return }
            host.prepare(task.exercise, beats[position])
        }
        guard task.exercise.solvesOnSkip || isSilent || options.mode == .demo else {
            return endExercise(passed: false)
        }
        if !isSilent {
            show(.blank)
            show(.aside("A solution:"))
        }
        task.solution = task.exercise.solution.commands
        exercise = task
        solveOn()
    }

    /// Goes on with the solution.
    private func solveOn() {
        guard var task = exercise, let solution = task.solution else { return }
        guard let next = solution.first else { return judgeExercise() }
        task.solution = Array(solution.dropFirst())
        exercise = task
        let text = host.stage.filled(next.text)
        if isSilent {
            sayInExercise(text, session: next.session)
        } else {
            type(text, next.session, pace: nil)
        }
    }

    // MARK: The end

    /// What the learner may be proud of.
    var medal: Progress.Medal {
        let quizzes = Set(
            beats.compactMap { beat -> String? in
                if case .ask(_, let id) = beat.kind { id } else { nil }
            })
        let exercises = Set(
            beats.compactMap { beat -> String? in
                if case .exercise(_, let id) = beat.kind { id } else { nil }
            })
        let answers = quizzes.map { record.quizzes[$0] ?? Progress.QuizRecord() }
        let tasks = exercises.map { record.exercises[$0] ?? Progress.ExerciseRecord() }
        if answers.allSatisfy(\.isFirst), tasks.allSatisfy(\.isUnaided) { return .gold }
        if answers.allSatisfy({ $0.tries > 0 }), tasks.allSatisfy(\.isPassed) { return .silver }
        return .bronze
    }

    var summary: [Scene] {
        guard options.mode != .demo else { return [.aside("The end of \(lesson.front.id).")] }
        let quizzes = beats.count { if case .ask = $0.kind { true } else { false } }
        let tasks = beats.count { if case .exercise = $0.kind { true } else { false } }
        var words = "You have finished \(lesson.front.id)"
        var parts: [String] = []
        if quizzes > 0 { parts.append("\(record.correct) of \(quizzes) questions right") }
        if tasks > 0 {
            parts.append("\(record.passed) of \(tasks) exercises solved")
        }
        words += parts.isEmpty ? "." : ": " + parts.joined(separator: ", ") + "."
        if let medal = record.medal, !parts.isEmpty { words += " That is \(medal.name)." }
        var scenes: [Scene] = [.verdict(isGood: true, words)]
        let next = Curriculum.lessons.first { next in
            next.order > lesson.front.order && CourseParts.needs[next.id] == nil
        }
        if let next, lesson.front.order > 0 {
            scenes.append(.aside("Next: larder play \(next.id), \(next.topic)."))
        }
        return scenes
    }
}
