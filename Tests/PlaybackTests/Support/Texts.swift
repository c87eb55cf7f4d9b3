import Testing

@testable import Playback

/// Scenarios from text, without files.
enum Texts {
    static let front = "---\ntitle: Test\nid: test\n---\n# Test\n\n"

    /// Loads the first of some files.
    static func load(
        _ files: [(name: String, text: String)]
    ) -> (scenario: Scenario, complaints: [Complaint]) {
        let loader = ScenarioLoader { path in
            files.first { $0.name == path }.map { Array($0.text.utf8) }
        }
        return loader.load(files[0].name)
    }

    /// A scenario with the shortest front matter.
    static func load(_ body: String) -> (scenario: Scenario, complaints: [Complaint]) {
        load([("Scenarios/test.md", front + body)])
    }

    /// Plays a scenario that lint has nothing against; its performance and its events.
    static func play(
        _ text: String, options: PerformanceOptions = PerformanceOptions(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (performance: Performance, events: [Event]) {
        let loaded =
            text.hasPrefix("---") ? load([("Scenarios/test.md", text)]) : load(text)
        let complaints = Linter.lint(loaded, in: LintSurroundings())
        let report = complaints.filter { $0.code.severity == .error }.map(\.report).joined()
        #expect(report == "", sourceLocation: sourceLocation)
        let performance = try Performance(loaded.scenario, options: options)
        var events: [Event] = []
        performance.emit = { events.append($0) }
        performance.run()
        return (performance, events)
    }

    /// The front matter of a shop with a database.
    static func shop(_ strategy: String = "none", seed: Int = 7) -> String {
        """
        ---
        title: Shop
        id: shop
        seed: \(seed)
        fixtures:
          db: { kind: simdb, table: product, rows: 100, latency: { dist: fixed, mean: 100ms } }
          app: { kind: shop, database: db, cache: r, strategy: \(strategy), cache_cost: 1ms }
        ---
        # Shop


        """
    }

    /// Everything that went wrong, as people read it.
    static func report(_ performance: Performance) -> String {
        performance.failures.map { FailureReport.text($0, of: performance) }.joined()
    }
}
