// A scenario as a test: it is read, looked at, played without an audience, and what came of it is
// told in one of the words of the exit status.

/// What came of testing a scenario.
public struct ScenarioResult: Sendable {
    /// In a word.
    public enum Verdict: String, Sendable {
        case passed
        case failed
        /// Lint found an error, or the file cannot be read.
        case refused
        /// Something that it needs is not here.
        case skipped
        case timedOut
        /// Whoever ran it has ended it.
        case interrupted
    }

    /// The path as it is shown.
    public var file: String
    /// The title.
    public var title: String
    /// In a word.
    public var verdict: Verdict
    /// What a person should read of it.
    public var report: String
    /// How much was compared.
    public var counts = Performance.Counts()
    /// How much virtual time passed, in nanoseconds.
    public var time: UInt64 = 0
    /// The seed.
    public var seed: UInt64 = 0
    /// What went wrong.
    public var failures: [Failure] = []
}

/// Tests scenarios.
public struct ScenarioRun {
    /// How they are played.
    public var options = PerformanceOptions()
    /// Takes what happens, as lines of JSON.
    public var emit: (Event) -> Void = { _ in }
    /// Tells when a scenario has taken too long.
    public var isOverdue: () -> Bool = { false }
    /// Tells when the run is to end before its end.
    public var isInterrupted: () -> Bool = { false }

    /// A run that tells nothing on the way.
    public init() {}

    /// Tests one file.
    public func test(_ path: String, in surroundings: LintSurroundings) -> ScenarioResult {
        let loaded = ScenarioFolder.load(path)
        return test(loaded, in: surroundings)
    }

    /// Tests a scenario that was read.
    public func test(
        _ loaded: (scenario: Scenario, complaints: [Complaint]),
        in surroundings: LintSurroundings
    ) -> ScenarioResult {
        let scenario = loaded.scenario
        var result = ScenarioResult(
            file: scenario.name, title: scenario.front.title, verdict: .refused, report: "")
        let complaints = Linter.lint(loaded, in: surroundings)
        let errors = complaints.filter { $0.code.severity == .error }
        guard errors.isEmpty else {
            result.report = errors.map(\.report).joined()
            return result
        }
        if let reason = Performance.missing(scenario, at: options.place) {
            result.verdict = .skipped
            result.report = reason
            return result
        }
        let performance: Performance
        do {
            performance = try Performance(scenario, options: options)
        } catch {
            result.report = "\(scenario.name):1:1: error: \(error)\n"
            return result
        }
        if let from = options.from, !performance.plan.steps.contains(where: { $0.id == from }) {
            let names = performance.plan.steps.map(\.id)
            result.report =
                "\(scenario.name): there is no step '\(from)'; there is "
                + names.joined(separator: ", ") + "\n"
            return result
        }
        performance.emit = emit
        performance.isOverdue = { isOverdue() || isInterrupted() }
        performance.run()
        let leftover = performance.stage.close()
        result.counts = performance.counts
        result.time = performance.stage.now
        result.seed = performance.seed
        result.failures = performance.failures
        result.report = performance.failures.map {
            FailureReport.text($0, of: performance)
        }.joined()
        if let leftover {
            result.verdict = .failed
            result.report += "\(scenario.name): \(leftover)\n"
        } else if performance.isTimedOut, isInterrupted() {
            result.verdict = .interrupted
            result.report = "interrupted"
        } else if performance.isTimedOut {
            result.verdict = .timedOut
            result.report += "\(scenario.name): there was no more time for it\n"
        } else if performance.failures.isEmpty, let lack = performance.stage.lack {
            result.verdict = .skipped
            result.report = performance.lackText(lack)
        } else {
            result.verdict = performance.failures.isEmpty ? .passed : .failed
        }
        return result
    }
}
