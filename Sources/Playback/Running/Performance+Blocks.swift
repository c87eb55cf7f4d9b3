import Simulation

// Checks, questions, loads, faults and charts.

extension Performance {
    // MARK: Checks

    /// Looks whether a statement holds, or comes to hold in its time.
    func perform(_ line: CheckLine, _ beat: Beat) {
        counts.checks += 1
        let (holds, terms) = judge(line, beat)
        var fields: [(String, JSONValue)] = [
            ("check", .text(line.expression.text)), ("terms", .list(terms.map(\.jsonValue))),
        ]
        if let reason = line.reason { fields.append(("because", .text(reason))) }
        tell(holds ? .checkPass : .checkFail, beat, fields)
        if !holds {
            var details = terms.map(\.line)
            if let reason = line.reason { details.append("because: \(reason)") }
            fail(.check, beat, Self.statement(line), details)
        }
    }

    /// The statement of a line without its conditions.
    private static func statement(_ line: CheckLine) -> String { line.expression.text }

    /// Whether a line holds, and the figures that say so.
    func judge(_ line: CheckLine, _ beat: Beat) -> (holds: Bool, terms: [Term]) {
        var evaluator = stage.evaluator()
        var holds = evaluator.holds(line.expression)
        if let within = line.within {
            let limit = stage.now + within
            while !holds, stage.now < limit, !isOverdue() {
                stage.advance(min(Self.poll, limit - stage.now))
                gather(beat)
                evaluator = stage.evaluator()
                holds = evaluator.holds(line.expression)
            }
        }
        if let duration = line.duration {
            let limit = stage.now + duration
            while holds, stage.now < limit, !isOverdue() {
                stage.advance(min(Self.poll, limit - stage.now))
                gather(beat)
                evaluator = stage.evaluator()
                holds = evaluator.holds(line.expression)
            }
        }
        return (holds, evaluator.terms)
    }

    /// How often a condition in time is looked at.
    private static let poll: UInt64 = 20_000_000

    // MARK: Questions

    /// Asks.
    func ask(_ quiz: Quiz, _ id: String, _ beat: Beat) {
        counts.quizzes += 1
        var fields: [(String, JSONValue)] = [
            ("id", .text(id)), ("question", .text(quiz.question.joined(separator: "\n"))),
        ]
        switch quiz.answer {
        case .single(let options), .multiple(let options):
            fields.append(("options", .list(options.map { .text($0.text) })))
        case .number, .pattern: break
        }
        tell(.quizAsk, beat, fields)
    }

    /// Tells the answer, and holds the key against the run.
    func reveal(_ quiz: Quiz, _ id: String, _ beat: Beat) {
        quizzes[id] = quizzes[id] ?? true
        let faults = verify(quiz)
        tell(
            .quizAnswer, beat,
            [
                ("id", .text(id)), ("answer", .text(quiz.key)),
                ("explanation", .text(quiz.explanation)), ("verified", .truth(faults.isEmpty)),
            ])
        for details in faults {
            tell(
                .quizFail, beat, [("id", .text(id)), ("details", .list(details.map { .text($0) }))])
            var own = beat
            own.place = quiz.answerPlace
            fail(.quiz, own, "quiz #\(id): the key is '\(quiz.key)'", details)
        }
    }

    /// What the run says against the key.
    func verify(_ quiz: Quiz) -> [[String]] {
        var faults: [[String]] = []
        switch quiz.answer {
        case .single(let options), .multiple(let options):
            for option in options {
                guard let statement = option.verify else { continue }
                var evaluator = stage.evaluator(answer: .text(option.text))
                guard evaluator.holds(statement) != option.isCorrect else { continue }
                faults.append(
                    ["'\(option.text)' is \(option.isCorrect ? "not so" : "so"): \(statement.text)"]
                        + evaluator.terms.map(\.line))
            }
            if let fault = fault(quiz.verify, answer: .text(quiz.key)) { faults.append(fault) }
        case .number(let key, let tolerance):
            guard let statement = quiz.verify else { break }
            var evaluator = stage.evaluator(answer: .quantity(key))
            switch evaluator.value(statement) {
            case .truth(true): break
            case .number(let base, _, _):
                let room = (tolerance?.base ?? 0) + 1e-9 * abs(key.base)
                if abs(base - key.base) <= room { break }
                faults.append(["the run says otherwise:"] + evaluator.terms.map(\.line))
            default: faults.append(["the run says otherwise:"] + evaluator.terms.map(\.line))
            }
        case .pattern(let pattern):
            guard let statement = quiz.verify else { break }
            var evaluator = stage.evaluator()
            let value = evaluator.value(statement)
            if value == .truth(true) { break }
            if case .text = value, Evaluator.finds(pattern, in: value) { break }
            faults.append(["the run says otherwise:"] + evaluator.terms.map(\.line))
        }
        return faults
    }

    private func fault(_ statement: Expression?, answer: Value) -> [String]? {
        guard let statement else { return nil }
        var evaluator = stage.evaluator(answer: answer)
        if evaluator.holds(statement) { return nil }
        return ["the run says otherwise: \(statement.text)"] + evaluator.terms.map(\.line)
    }

    // MARK: Loads and faults

    /// Lets requests come.
    func perform(_ load: LoadBlock, _ id: String, _ beat: Beat) {
        wait(load.start, beat)
        let line = Self.line(of: load, id)
        perform(line, beat, kind: .load)
    }

    /// The line that a load block is short for.
    static func line(of load: LoadBlock, _ id: String) -> String {
        var line = "load \(load.isBackground ? "start" : "run") \(id) client=\(load.client.value)"
        for (name, value) in load.settings {
            let word = LoadOptions.name(of: name.value)
            line += " \(word)=" + (value.value.contains(" ") ? "\"\(value.value)\"" : value.value)
        }
        if let duration = load.duration { line += " for=\(duration.value)" }
        return line + (load.isBackground ? " background" : "")
    }

    /// Lets something break.
    func perform(_ fault: FaultBlock, _ beat: Beat) {
        wait(fault.start, beat)
        var line = fault.line.value
        if let duration = fault.duration { line += " for=\(duration.value)" }
        perform(line, beat, kind: .fault)
    }

    private func wait(_ start: Placed<String>?, _ beat: Beat) {
        guard let start, let time = Quantity(start.value.dropFirst())?.nanoseconds else { return }
        pass(time, beat)
    }

    /// Runs a line of the workbench that a block is short for.
    func perform(_ line: String, _ beat: Beat, kind: Event.Kind) {
        tell(kind, beat, [("line", .text(stage.filled(line)))])
        var outcome = stage.perform(line, session: "wb")
        if outcome.remaining > 0 { pass(outcome.remaining, beat) }
        outcome.lines += stage.finish()
        let origin = Stage.origin(of: outcome, line: stage.filled(line), session: "wb")
        tell(
            .reply, beat,
            [
                ("session", .text("wb")), ("lines", .list(outcome.lines.map { .text($0) })),
                ("error", .truth(outcome.isError)), ("waits", .truth(false)),
                ("expected", .truth(!outcome.isError)),
            ] + (origin.map { [("origin", .text($0.rawValue))] } ?? []))
        if outcome.isError { fail(.error, beat, "wb> \(stage.filled(line))", outcome.lines) }
        gather(beat)
    }

    // MARK: Charts

    /// Tells the course of figures.
    func perform(_ chart: ChartBlock, _ beat: Beat) {
        let window = chart.window ?? stage.now
        let count = 60
        let courses = chart.series.map { series -> JSONValue in
            guard case .figure(let call) = series.kind else { return .null }
            let words = call.arguments.compactMap { argument -> String? in
                if case .text(let text) = argument.kind { text } else { nil }
            }
            let course = stage.course(of: call.name, words, over: window, in: count)
            let origin = stage.figure(call, call.arguments.map { _ in .text("") }).origin
            return .map([
                ("name", .text(series.text)), ("origin", .text(origin.rawValue)),
                ("unit", .text(stage.unitName(of: call.name))),
                ("values", .list(course.map { $0.map(JSONValue.number) ?? .null })),
            ])
        }
        tell(
            .chart, beat,
            [
                ("title", .text(chart.title)), ("window", .number(Double(window) / 1e9)),
                ("series", .list(courses)),
                ("marks", .list(chart.marks.map { .text($0.value) })),
            ])
    }
}

extension Quiz {
    /// The right answer in words.
    public var key: String {
        switch answer {
        case .single(let options), .multiple(let options):
            options.filter(\.isCorrect).map(\.text).joined(separator: "; ")
        case .number(let number, let tolerance):
            QuantityText.rounded(number.number) + (number.unit?.rawValue ?? "")
                + (tolerance.map {
                    " ± " + QuantityText.rounded($0.number) + ($0.unit?.rawValue ?? "")
                } ?? "")
        case .pattern(let pattern): "/\(pattern)/"
        }
    }
}
