import Bytes
import Engine
import Grammar
import Wire

// What the tables know of what fences say: figures and units of statements, words of commands,
// names of loads, settings of the engine.

extension Linter {
    // MARK: Statements

    /// Looks at an expression that should be true or false.
    mutating func lintStatement(_ expression: Expression, _ source: Int) {
        let kind = lintExpression(expression, source)
        guard kind != .truth, kind != .unknown else { return }
        complain(
            .noStatement, source, expression.place, expression.length,
            "this says a value; a check compares it with something")
    }

    /// Looks at an expression, and tells what it comes to.
    @discardableResult
    mutating func lintExpression(
        _ expression: Expression, _ source: Int, extra: [String: FigureSignature.Kind] = [:]
    ) -> FigureSignature.Kind {
        let known = variables.merging(extra) { own, _ in own }
        var types = ExpressionTypes(figures: FigureTable.all) { known[$0] }
        let kind = types.kind(expression)
        for fault in types.faults {
            var suggestion = types.suggestions[fault.place]
            if fault.code == .undefinedVariable {
                suggestion = nil
            }
            complain(
                fault.code, source, fault.place, fault.length, fault.text,
                suggestion: suggestion)
        }
        for figure in expression.figures { lintItem(of: figure, source) }
        return kind
    }

    /// A quiz or an exercise that a figure names has to be there.
    private mutating func lintItem(of figure: Expression, _ source: Int) {
        guard case .figure(let call) = figure.kind, call.arguments.count == 1,
            case .text(let name) = call.arguments[0].kind
        else { return }
        let known: [String]
        switch call.name.prefix(while: { $0 != "." }) {
        case "quiz": known = ids { if case .quiz = $0 { true } else { false } }
        case "exercise": known = ids { if case .exercise = $0 { true } else { false } }
        case "node": known = scenario.front.nodes.isEmpty ? ["primary"] : scenario.front.nodes
        default: return
        }
        guard !known.contains(name) else { return }
        let kind = call.name.prefix { $0 != "." }
        complain(
            .unknownItem, source, call.arguments[0].place, call.arguments[0].length,
            "there is no \(kind) '\(name)'",
            suggestion: Suggestion.nearest(to: name, in: known))
    }

    // MARK: Fences

    mutating func lintFence(_ fence: Fence, _ source: Int) {
        for attribute in fence.attributes {
            guard let value = attribute.value else { continue }
            if attribute.name == "when" {
                lintWhen(value, attribute.valuePlace, source)
            } else {
                lintVariables(in: value, source, attribute.valuePlace)
            }
        }
        let backends = backends(of: fence)
        switch fence.block {
        case .transcript(let transcript): lintTranscript(transcript, backends, source)
        case .check(let lines):
            for line in lines { lintStatement(line.expression, source) }
        case .quiz(let quiz): lintQuiz(quiz, source)
        case .load(let load):
            for (_, value) in load.settings {
                lintVariables(in: value.value, source, value.place)
            }
            if let duration = load.duration {
                lintVariables(in: duration.value, source, duration.place)
            }
        case .fault(let fault): lintWorkbench(fault.line.value, source, fault.line.place)
        case .chart(let chart): lintChart(chart, source)
        case .exercise(let exercise): lintExercise(exercise, backends, source)
        case .set(let pairs):
            for (_, value) in pairs { lintVariables(in: value.value, source, value.place) }
        case .include, .listing: break
        }
    }

    private mutating func lintWhen(_ text: String, _ place: Place, _ source: Int) {
        do throws(ExpressionFailure) {
            lintStatement(try ExpressionParser.expression(text, at: place), source)
        } catch {
            complain(error.code, source, error.place, error.length, error.text)
        }
    }

    private func backends(of fence: Fence) -> [String] {
        guard let only = fence.attribute("only") else { return scenario.front.backends }
        return only.split(separator: ",").flatMap { name -> [String] in
            name == "remote" ? ["redis", "valkey"] : [String(name)]
        }
    }

    private mutating func lintChart(_ chart: ChartBlock, _ source: Int) {
        for series in chart.series { lintExpression(series, source) }
        let known = ids { if case .listing = $0 { false } else { true } }
        for mark in chart.marks where !known.contains(mark.value) {
            complain(
                .unknownItem, source, mark, "there is no block '\(mark.value)'",
                suggestion: Suggestion.nearest(to: mark.value, in: known))
        }
    }

    private mutating func lintQuiz(_ quiz: Quiz, _ source: Int) {
        let answer = ["answer": FigureSignature.Kind.unknown]
        switch quiz.answer {
        case .single(let options), .multiple(let options):
            for option in options {
                guard let verify = option.verify else { continue }
                lintTruth(verify, source, answer)
            }
            if let verify = quiz.verify { lintTruth(verify, source, answer) }
        case .number:
            // Of a number the run may say a truth, or the number itself.
            if let verify = quiz.verify { lintExpression(verify, source, extra: answer) }
        case .pattern:
            if let verify = quiz.verify { lintTruth(verify, source, answer) }
        }
    }

    private mutating func lintTruth(
        _ expression: Expression, _ source: Int, _ extra: [String: FigureSignature.Kind]
    ) {
        let kind = lintExpression(expression, source, extra: extra)
        guard kind != .truth, kind != .unknown else { return }
        complain(
            .noStatement, source, expression.place, expression.length,
            "this says a value; it should be true exactly when the answer is right")
    }

    private mutating func lintExercise(
        _ exercise: Exercise, _ backends: [String], _ source: Int
    ) {
        for line in exercise.checks + exercise.technique {
            lintStatement(line.expression, source)
        }
        lintTranscript(exercise.solution, backends, source)
        guard let run = exercise.run else { return }
        let loads = ids { if case .load = $0 { true } else { false } }
        if !loads.contains(run.value) {
            complain(
                .unknownLoad, source, run, "there is no load block '#\(run.value)'",
                suggestion: Suggestion.nearest(to: run.value, in: loads))
        }
    }

    // MARK: Transcripts

    private mutating func lintTranscript(
        _ transcript: Transcript, _ backends: [String], _ source: Int
    ) {
        for command in transcript.commands {
            lintVariables(in: command.text, source, command.place)
            let text = Variables.filled(command.text) { self.values[$0] }
            switch command.session {
            case "wb": lintWorkbench(text, source, command.place)
            case "app": lintShop(text, command, source)
            case "mc": break
            default: lintCommand(text, command, backends, source)
            }
        }
    }

    /// Looks at a line of the workbench.
    mutating func lintWorkbench(_ line: String, _ source: Int, _ place: Place) {
        if let fault = WorkbenchLine.fault(line) {
            complain(
                .unknownWorkbenchCommand, source, place.moved(fault.column), fault.length,
                fault.text, suggestion: fault.suggestion)
        }
    }

    private mutating func lintShop(
        _ text: String, _ command: TranscriptCommand, _ source: Int
    ) {
        if let wrong = ShopLine.fault(text) {
            complain(.shopRequest, source, command.place, text.unicodeScalars.count, wrong)
        }
    }

    private mutating func lintCommand(
        _ text: String, _ command: TranscriptCommand, _ backends: [String], _ source: Int
    ) {
        var words = ArgumentList()
        let bytes = Array(text.utf8)
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(bytes.rawSpan, into: &words)
        } catch {
            // Only a line in one piece tells a column.
            return complain(
                .commandQuotes, source, command.place, text.unicodeScalars.count,
                "the quotes of this command do not match")
        }
        guard words.count > 0 else {
            return complain(.unknownCommand, source, command.place, 1, "a command is missing")
        }
        // Who expects an error wants the mistake.
        let expectsError = command.expected.contains { $0.literal.hasPrefix("(error)") }
        let line = (0..<words.count).map { ByteString(words[$0]) }
        for backend in backends {
            guard let fault = CommandKnowledge.fault(line, backend: backend) else { continue }
            if expectsError, fault.code != .commandQuotes { continue }
            // What a value is that the run finds, nobody knows yet.
            if fault.code == .commandArguments, !Variables.names(in: text).isEmpty { continue }
            return complain(
                fault.code, source, command.place, text.unicodeScalars.prefix { $0 != "\n" }.count,
                fault.text, suggestion: fault.suggestion)
        }
    }
}

/// What the command tables of the backends know of a line.
enum CommandKnowledge {
    struct Fault {
        var code: LintCode
        var text: String
        var suggestion: String?
    }

    private static let catalogs: [String: CommandCatalog] = [
        "embedded": CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog,
        "valkey": CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog,
        "redis": CommandTable<Store>(AllCommands.list, flavour: .redis70).catalog,
    ]

    /// What `help` says of a command of the cache, in a few lines; nil when there is none.
    static func page(_ words: [String]) -> String? {
        guard let spec = catalogs["embedded"]?.find(words.map { ByteString($0) }) else {
            return nil
        }
        let page = HelpPage(spec)
        var lines = ["\(page.syntax)", "  \(page.summary)"]
        lines += page.examples.map { "  for example: \($0)" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What is wrong with a line for a backend; nil when nothing is.
    static func fault(_ line: [ByteString], backend: String) -> Fault? {
        let name = line[0].text
        guard let catalog = catalogs[backend] else {
            // A backend that there is not has been complained of already.
            guard ScenarioParser.backends.contains(backend) else { return nil }
            return Fault(
                code: .unknownCommand,
                text: "command '\(name)' is not in the command table of backend '\(backend)'")
        }
        guard let spec = catalog.find(line) else {
            return Fault(
                code: .unknownCommand,
                text: "command '\(name)' is not in the command table of backend '\(backend)'",
                suggestion: catalog.nearest(to: name).first)
        }
        if !spec.subcommands.isEmpty, line.count > 1 {
            return Fault(
                code: .unknownCommand, text: "\(spec.name) has no subcommand '\(line[1].text)'",
                suggestion: Suggestion.nearest(
                    to: line[1].text.uppercased(), in: spec.subcommands.map(\.name)))
        }
        switch ArgumentMatcher.match(line, spec) {
        case .fits: return nil
        case .incomplete:
            return Fault(
                code: .commandArguments,
                text: "this command is not whole: \(SyntaxPrinter.line(spec))")
        case .stops(let index):
            return Fault(
                code: .commandArguments,
                text: "'\(line[index].text)' does not fit: \(SyntaxPrinter.line(spec))")
        case .conflicts(let words):
            return Fault(
                code: .commandArguments,
                text: "\(words.joined(separator: " and ")) are refused together")
        }
    }
}
