import Grammar
import Simulation

// What a player plays on: the stage of the headless runner, which knows lines, time and figures,
// and remembers what was done so that it can go back; and beside it what questions and exercises
// have come to, which goes back together with the rest.

/// Why something cannot be done, in words for a person.
public struct HostFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do.
    public var text: String
    /// True when the lesson needs what is not there.
    public var isLack = false
    /// The text.
    public var description: String { text }
}

/// How a check came out.
struct CheckResult: Equatable, Sendable {
    /// The line as it stands in the lesson.
    var text: String
    /// Whether it holds.
    var isTrue: Bool
    /// The figures in it.
    var terms: [Term]
    /// Why it should be so.
    var reason: String?
}

/// A place in a performance that can be gone back to.
struct HostMark {
    /// How much had been done on the stage.
    var deeds: Int
    var exercises: [String: Performance.ExerciseState]
    var quizzes: [String: Bool]
    var arrived: [String: [Arrival]]
    var openRows: [String: [String]]
}

/// A performance with a person before it.
final class LessonHost {
    private let performance: Performance
    /// Where lines are said.
    var stage: Stage { performance.stage }

    /// A performance in a world of its own, or at a real server.
    init(_ lesson: Scenario, at place: RemotePlace? = nil) throws(HostFailure) {
        var options = PerformanceOptions()
        options.place = place
        do {
            performance = try Performance(lesson, options: options)
        } catch {
            throw HostFailure(text: "\(lesson.name): \(error)")
        }
        // Nobody reads the events; the player shows things itself.
        performance.isQuiet = true
    }

    /// Nanoseconds of virtual time.
    var now: UInt64 { stage.now }

    /// Whether a load runs on while other things happen.
    var hasBackgroundLoad: Bool {
        stage.running.contains { stage.world.isRunning(load: $0.number) }
    }

    /// A stage of the same lesson at its beginning, for doing there again what is done here.
    static func stage(of lesson: Scenario) throws -> Stage {
        try Performance(lesson).stage
    }

    /// A place to go back to.
    var mark: HostMark {
        HostMark(
            deeds: stage.mark, exercises: performance.exercises, quizzes: performance.quizzes,
            arrived: performance.arrived, openRows: performance.openRows)
    }

    /// Puts everything back to a mark.
    func rewind(to mark: HostMark) throws(HostFailure) {
        do {
            try stage.rewind(to: mark.deeds)
        } catch {
            throw HostFailure(text: "Going back failed: \(error)")
        }
        performance.exercises = mark.exercises
        performance.quizzes = mark.quizzes
        performance.arrived = mark.arrived
        performance.openRows = mark.openRows
    }

    /// The session that a line belongs to when its writer has not named one: the workbench for its
    /// commands, the shop for requests, else the first session of caches.
    func session(for line: String, among sessions: [String]) -> String {
        let home = sessions.first { $0 != "wb" && $0 != "app" } ?? "r"
        let words = line.split(separator: " ").map(String.init)
        guard let first = words.first?.lowercased() else { return home }
        if ["get", "put"].contains(first), words.count > 1, words[1].hasPrefix("/") {
            return "app"
        }
        // SET is also a command of every cache.
        return first != "set" && Self.workbench.contains(first) ? "wb" : home
    }

    /// True for the beginning of a word that may become one of the workbench's, or of the shop's.
    func isOpen(_ beginning: String) -> Bool {
        let words = Self.workbench.union(["get", "put"])
        return !Self.workbench.contains(beginning) && words.contains { $0.hasPrefix(beginning) }
    }

    /// The first words of the workbench's lines.
    private static let workbench = Set(
        WorkbenchLine.table.topLevel.map { WorkbenchLine.table.entries[$0].spec.name.lowercased() })

    // MARK: Lines

    /// Says a line. The time that it takes is still to pass.
    func perform(_ line: String, session: String) -> Outcome {
        performance.use(session)
        return stage.perform(line, session: session)
    }

    /// What has come by itself on a session, row by row.
    func arrivals(_ session: String, beat: Beat) -> [String] {
        performance.use(session)
        performance.gather(beat)
        defer {
            performance.arrived[session] = nil
            performance.openRows[session] = nil
        }
        return (performance.openRows[session] ?? [])
            + (performance.arrived[session] ?? []).flatMap(\.rows)
    }

    /// What has come by itself on a session in the place of what is expected, which has a second
    /// of virtual time to come.
    func arrivals(_ session: String, expecting lines: [Expectation], beat: Beat) -> [String] {
        performance.received(lines.map(performance.filled), on: session, beat)
    }

    /// Compares what came with what a lesson expects, and keeps the values that it captures.
    func compare(_ lines: [String], _ expected: [Expectation]) -> TranscriptMatch {
        guard !expected.isEmpty else { return TranscriptMatch(isMatch: true) }
        let match = TranscriptMatch.compare(lines, expected.map(performance.filled))
        for (name, value) in match.captures.sorted(by: { $0.key < $1.key }) {
            stage.set(name, value)
        }
        return match
    }

    /// Where the numbers of a reply come from, where it has any to speak of.
    func origin(of outcome: Outcome, line: String, session: String) -> Origin? {
        // What says so itself needs no tag.
        if outcome.lines.contains(where: { $0.hasSuffix("]") && session == "wb" }) { return nil }
        return Stage.origin(of: outcome, line: line, session: session)
    }

    // MARK: Statements

    /// Whether a check holds. One with a time to wait lets that time pass.
    func judge(_ check: CheckLine, _ beat: Beat) -> CheckResult {
        let (holds, terms) = performance.judge(check, beat)
        return CheckResult(
            text: check.expression.text, isTrue: holds, terms: terms, reason: check.reason)
    }

    /// The same at this moment, without waiting.
    func look(at check: CheckLine) -> CheckResult {
        var evaluator = stage.evaluator()
        let isTrue = evaluator.holds(check.expression)
        return CheckResult(
            text: check.expression.text, isTrue: isTrue, terms: evaluator.terms,
            reason: check.reason)
    }

    /// What an expression comes to.
    func value(_ expression: Expression) -> Reading {
        var evaluator = stage.evaluator()
        let value = evaluator.value(expression)
        let isModelled = evaluator.terms.contains { $0.reading.origin == .modelled }
        return Reading(value, isModelled ? .modelled : .measured)
    }

    /// Whether a condition holds.
    func holds(_ condition: Expression) -> Bool { value(condition).value == .truth(true) }

    // MARK: The learner

    /// Prepares an exercise: empties what it resets, and puts its load behind `go`.
    func prepare(_ exercise: Exercise, _ beat: Beat) { performance.prepare(exercise, beat) }

    /// The exercise is over.
    func finish(exercise id: String, passed: Bool, tries: Int) {
        stage.setExercise(nil)
        var state = performance.exercises[id] ?? Performance.ExerciseState()
        state.isPassed = state.isPassed || passed
        state.isSkipped = !state.isPassed
        state.tries += tries
        performance.exercises[id] = state
    }

    /// A question was answered.
    func finish(quiz id: String, isCorrect: Bool) { performance.quizzes[id] = isCorrect }

    /// A digest of all keys, the clock and the dice.
    func digest() -> String { stage.digest() }
}
