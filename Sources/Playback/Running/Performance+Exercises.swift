// Exercises. Whoever learns is told whether a task is done by its checks; so the checks have to be
// false before anything was done, and true after the solution. A run without an audience proves
// both: it begins the exercise, does nothing, and looks; goes back to where it began; and plays
// the solution.

extension Performance {
    /// Prepares a task: empties what it resets, and puts its load behind `go`.
    func prepare(_ exercise: Exercise, _ beat: Beat) {
        for reset in exercise.reset {
            switch reset.value {
            case "cache": _ = stage.perform("flush", session: "wb")
            case "app": _ = stage.perform(strategyLine, session: "wb")
            default: break
            }
        }
        stage.setExercise(beginning(of: exercise))
    }

    /// The lines that `go` stands for.
    private func beginning(of exercise: Exercise) -> [String]? {
        if exercise.triesPipeline {
            return [
                "pipeline commands=\(exercise.commands.map { stage.filled($0.value) } ?? "1000")"
            ]
        }
        guard let run = exercise.run else { return nil }
        var lines: [String] = []
        if let warm = exercise.warm { lines = ["flush", "app warm \(stage.filled(warm.value))"] }
        var line = "load run \(run.value)"
        if let duration = exercise.duration { line += " for=\(stage.filled(duration.value))" }
        return lines + [line]
    }

    /// The line that gives the shop the strategy that it began with.
    private var strategyLine: String {
        var words = ["app", "strategy"]
        let settings = scenario.front.fixtures.first { $0.name.value == "app" }?.settings ?? []
        func value(_ name: String) -> String? {
            settings.last { $0.name.value == name }.map { stage.filled($0.value.value) }
        }
        words.append(value("strategy") ?? "none")
        for (key, option) in [
            ("ttl", "ttl"), ("jitter", "jitter"), ("early", "early"), ("on_write", "write"),
        ] {
            if let value = value(key) { words.append("\(option)=\(value)") }
        }
        if ["on", "true"].contains(value("single_flight") ?? "") { words.append("single-flight") }
        return words.joined(separator: " ")
    }

    /// Looks whether a task is done: its checks, and how it has to be done.
    func judge(
        _ exercise: Exercise, _ beat: Beat
    ) -> (isDone: Bool, lines: [(text: String, holds: Bool, terms: [Term])]) {
        let lines = (exercise.checks + exercise.technique).map { line in
            let (holds, terms) = judge(line, beat)
            return (line.text, holds, terms)
        }
        return (lines.allSatisfy(\.1), lines.map { (text: $0.0, holds: $0.1, terms: $0.2) })
    }

    /// Proves a task both ways, and leaves it done.
    func prove(_ exercise: Exercise, _ id: String, _ beat: Beat) {
        counts.exercises += 1
        tell(.exerciseBegin, beat, [("id", .text(id)), ("goal", .text(exercise.goal))])
        let mark = stage.mark
        let kept = arrived
        let isDoneBefore = isDoneWithoutWork(exercise, beat)
        do {
            try stage.rewind(to: mark)
        } catch {
            return fail(
                .error, beat, "exercise #\(id)", ["the world cannot be made again: \(error)"])
        }
        arrived = kept
        tell(.exerciseUnsolved, beat, [("id", .text(id)), ("holds", .truth(isDoneBefore))])
        if isDoneBefore {
            fail(
                .exercise, beat, "exercise #\(id) is done before anybody has done anything",
                exercise.checks.map { "holds: \($0.text)" })
        }
        prepare(exercise, beat)
        solve(exercise, id, beat)
    }

    private func isDoneWithoutWork(_ exercise: Exercise, _ beat: Beat) -> Bool {
        let wasQuiet = isQuiet
        isQuiet = true
        defer { isQuiet = wasQuiet }
        prepare(exercise, beat)
        if stage.exercise != nil {
            let outcome = stage.perform("go", session: "wb")
            if outcome.remaining > 0 { pass(outcome.remaining, beat) }
            _ = stage.finish()
        }
        return judge(exercise, beat).isDone
    }

    /// Plays the solution of a task, and looks whether it is done then.
    func solve(_ exercise: Exercise, _ id: String, _ beat: Beat) {
        for item in exercise.solution.items {
            var own = beat
            switch item {
            case .command(let command):
                own.place = command.place
                perform(command, retry: nil, own)
            case .push(let session, let expected, let place):
                own.place = place
                expect(expected, on: session, own)
            case .remark: break
            }
        }
        let (isDone, lines) = judge(exercise, beat)
        exercises[id, default: ExerciseState()].tries += 1
        exercises[id, default: ExerciseState()].isPassed = isDone
        let terms = lines.map { line in
            JSONValue.map([
                ("check", .text(line.text)), ("holds", .truth(line.holds)),
                ("terms", .list(line.terms.map(\.jsonValue))),
            ])
        }
        tell(
            isDone ? .exercisePass : .exerciseFail, beat,
            [("id", .text(id)), ("checks", .list(terms))])
        if !isDone {
            let details = lines.filter { !$0.holds }.flatMap { line in
                ["fails: \(line.text)"] + line.terms.map { "  " + $0.line }
            }
            fail(.exercise, beat, "exercise #\(id) is not done by its solution", details)
        }
        stage.setExercise(nil)
    }
}

extension Stage {
    /// The unit in which the world tells a figure's course.
    func unitName(of figure: String) -> String {
        WorldFigures.unitName(of: figure)
    }
}
