// Everything that can be known of a scenario without playing it. Lint starts no engine: it asks
// the tables of commands, figures, settings and workbench lines, and the files beside it.

/// What lint has to know of the files beside a scenario.
public struct LintSurroundings: Sendable {
    /// The facts.
    public var facts: FactBook?
    /// The scenarios of the folder by id, and what each of them requires.
    public var scenarios: [String: [String]] = [:]
    /// The anchors of a file; nil when there is no such file.
    public var anchors: @Sendable (String) -> [String]?

    /// Surroundings without other files.
    public init(anchors: @escaping @Sendable (String) -> [String]? = { _ in nil }) {
        self.anchors = anchors
    }
}

/// Finds what is wrong with scenarios.
public struct Linter {
    let scenario: Scenario
    let surroundings: LintSurroundings
    var complaints: [Complaint]
    /// The names that are set somewhere, and what they hold where that is known.
    var variables: [String: FigureSignature.Kind] = [:]
    /// The values of the variables of the front matter.
    var values: [String: String] = [:]

    /// Everything that is wrong with a scenario: what its reading found, and what follows.
    public static func lint(
        _ loaded: (scenario: Scenario, complaints: [Complaint]), in surroundings: LintSurroundings
    ) -> [Complaint] {
        // A file that could not be read has nothing to be looked at.
        if loaded.complaints.contains(where: { $0.code == .unreadable }) {
            return loaded.complaints
        }
        var linter = Linter(
            scenario: loaded.scenario, surroundings: surroundings, complaints: loaded.complaints)
        linter.lint()
        return linter.complaints.sorted {
            ($0.file, $0.place, $0.code.rawValue) < ($1.file, $1.place, $1.code.rawValue)
        }
    }

    private mutating func lint() {
        collectVariables()
        lintHeadings()
        lintIDs()
        lintFront()
        lintFlow()
        for element in scenario.elements {
            switch element.kind {
            case .prose(let prose): lintProse(prose, element)
            case .fence(let fence): lintFence(fence, element.source)
            case .cue(let cue):
                if let condition = cue.condition { lintStatement(condition, element.source) }
            case .heading, .fold: break
            }
        }
    }

    // MARK: Complaints

    mutating func complain(
        _ code: LintCode, _ source: Int, _ place: Place, _ length: Int, _ text: String,
        suggestion: String? = nil
    ) {
        let lines = scenario.sources[source].lines
        var chain: [String] = []
        var current = scenario.sources[source].includedFrom
        while let from = current {
            chain.append("\(scenario.sources[from.source].name):\(from.line)")
            current = scenario.sources[from.source].includedFrom
        }
        complaints.append(
            Complaint(
                code: code, file: scenario.sources[source].name, place: place,
                length: max(1, length), text: text, suggestion: suggestion,
                line: lines.indices.contains(place.line - 1) ? lines[place.line - 1] : "",
                includedFrom: chain))
    }

    mutating func complain(
        _ code: LintCode, _ source: Int, _ word: Placed<String>, _ text: String,
        suggestion: String? = nil
    ) {
        complain(
            code, source, word.place, word.value.unicodeScalars.count, text,
            suggestion: suggestion)
    }

    // MARK: Variables

    private mutating func collectVariables() {
        for (name, value) in scenario.front.variables {
            values[name.value] = value.value
            variables[name.value] = Self.kind(of: value.value)
        }
        for element in scenario.elements {
            guard case .fence(let fence) = element.kind else { continue }
            for attribute in fence.attributes {
                guard let value = attribute.value else { continue }
                if attribute.name == "as" { variables[value] = .number(.none, nil) }
                if attribute.name == "each", let colon = value.firstIndex(of: ":") {
                    variables[String(value[..<colon])] = .unknown
                }
            }
            switch fence.block {
            case .set(let pairs):
                for (name, value) in pairs {
                    values[name.value] = values[name.value] ?? value.value
                    variables[name.value] = Self.kind(of: value.value)
                }
            case .transcript(let transcript): collectVariables(of: transcript)
            case .exercise(let exercise): collectVariables(of: exercise.solution)
            default: break
            }
        }
    }

    private mutating func collectVariables(of transcript: Transcript) {
        for command in transcript.commands {
            for line in command.expected {
                if case .capture(let name) = line.matcher { variables[name] = .unknown }
            }
            // A learner may set a variable by the command `set NAME VALUE`.
            let words = command.text.split(separator: " ")
            if command.session == "wb", words.count == 3, words[0] == "set" {
                variables[String(words[1])] = .unknown
            }
        }
    }

    /// What a variable's text holds.
    private static func kind(of text: String) -> FigureSignature.Kind {
        if text.contains("$") { return .unknown }
        guard let quantity = Quantity(text) else { return .text }
        return .number(quantity.dimension, quantity.unit)
    }

    /// Complains of variables in a text that nobody sets.
    mutating func lintVariables(in text: String, _ source: Int, _ place: Place) {
        for (name, column) in Variables.names(in: text) where variables[name] == nil {
            complain(
                .undefinedVariable, source, place.moved(column), name.count + 1,
                "nobody sets $\(name)",
                suggestion: Suggestion.nearest(to: name, in: variables.keys).map { "$" + $0 })
        }
    }

    // MARK: Headings and ids

    private mutating func lintHeadings() {
        var title: Heading?
        for element in scenario.elements {
            guard case .heading(let heading) = element.kind, heading.level == 1 else { continue }
            if let title {
                complain(
                    .titleTwice, element.source, heading.place, heading.text.count + 2,
                    "the title is on line \(title.place.line); this is a second one")
            }
            title = title ?? heading
        }
        if title == nil, scenario.front.translates == nil {
            complain(
                .titleMissing, 0, Place(line: 1, column: 1), 1, "there is no heading '# title'")
        }
    }

    private mutating func lintIDs() {
        var headings: [String: Int] = [:]
        var fences: [String: Int] = [:]
        for element in scenario.elements {
            switch element.kind {
            case .heading(let heading):
                if let line = headings[heading.id] {
                    complain(
                        .duplicateID, element.source, heading.place, heading.text.count,
                        "the id '\(heading.id)' is also that of line \(line)")
                }
                headings[heading.id] = heading.place.line
            case .fence(let fence):
                guard let id = fence.id else { continue }
                if let line = fences[id.value] {
                    complain(
                        .duplicateID, element.source, id,
                        "the id '\(id.value)' is also that of line \(line)")
                }
                fences[id.value] = id.place.line
            default: break
            }
        }
    }

    /// The ids of the fences of one kind.
    func ids(where isKind: (Block) -> Bool) -> [String] {
        scenario.elements.compactMap { element in
            guard case .fence(let fence) = element.kind, isKind(fence.block) else { return nil }
            return fence.id?.value
        }
    }

    // MARK: Flow

    /// `when` and `endwhen` come in pairs; `goto` leads to a step, and back only on a condition.
    private mutating func lintFlow() {
        var open: [(source: Int, place: Place)] = []
        var steps: [String: Int] = [:]
        for (index, element) in scenario.elements.enumerated() {
            if case .heading(let heading) = element.kind { steps[heading.id] = index }
        }
        for (index, element) in scenario.elements.enumerated() {
            guard case .cue(let cue) = element.kind else { continue }
            switch cue.name {
            case .when: open.append((element.source, element.place))
            case .endwhen:
                if open.popLast() == nil {
                    complain(
                        .cueMisplaced, element.source, element.place, 7, "no 'when' stands above")
                }
            case .goto:
                guard let target = steps[cue.text] else {
                    complain(
                        .gotoUnknown, element.source, Placed(cue.text, cue.textPlace),
                        "there is no step '\(cue.text)'",
                        suggestion: Suggestion.nearest(to: cue.text, in: steps.keys))
                    continue
                }
                if target < index, open.isEmpty {
                    complain(
                        .gotoLoop, element.source, Placed(cue.text, cue.textPlace),
                        "this leads back without a condition, so the scenario would not end")
                }
            case .block where scenario.front.translates == nil:
                complain(
                    .cueMisplaced, element.source, element.place, 4,
                    "this takes a block of another file; only a translation does that")
            case .focus, .dashboard:
                lintPanels(cue, element.source)
            default: break
            }
        }
        for (source, place) in open {
            complain(.cueMisplaced, source, place, 4, "this 'when' has no 'endwhen'")
        }
    }

    private mutating func lintPanels(_ cue: Cue, _ source: Int) {
        var column = 0
        for part in cue.text.split(separator: ",", omittingEmptySubsequences: false) {
            let margin = part.prefix { $0 == " " }.count
            let name = String(part.dropFirst(margin))
            lintPanel(Placed(name, cue.textPlace.moved(column + margin)), source)
            column += part.unicodeScalars.count + 1
        }
    }

    /// A panel is named by a figure, or by the words before a point of figures: `app.latency`.
    private mutating func lintPanel(_ name: Placed<String>, _ source: Int) {
        let known = FigureTable.list.map(\.name)
        if Self.panels.contains(name.value) { return }
        let isKnown = known.contains { $0 == name.value || $0.hasPrefix(name.value + ".") }
        guard !isKnown || name.value.isEmpty else { return }
        let groups = known.compactMap { figure in
            figure.lastIndex(of: ".").map { String(figure[..<$0]) }
        }
        complain(
            .unknownMetric, source, name, "no figure and no panel is called '\(name.value)'",
            suggestion: Suggestion.nearest(to: name.value, in: Self.panels + groups + known))
    }

    /// Panels of the dashboard that show more than figures of one name.
    private static let panels = [
        "boards", "clients", "commands", "expired", "keys", "latency", "memory", "messages",
        "nodes", "sessions",
    ]

    // MARK: The front matter

    private mutating func lintFront() {
        let front = scenario.front
        let source = scenario.frontSource
        for name in front.dashboard { lintPanel(name, source) }
        if let facts = surroundings.facts {
            for id in front.facts where facts[id.value] == nil {
                complain(
                    .unknownFact, source, id, "there is no fact '\(id.value)' in \(facts.name)",
                    suggestion: Suggestion.nearest(to: id.value, in: facts.facts.map(\.id)))
            }
        }
        for id in front.requires { lintRequirement(id, of: front.id) }
        for (name, value) in front.engine { lintSetting(name, value) }
        for fixture in front.fixtures {
            for (_, value) in fixture.settings {
                lintVariables(in: value.value, source, value.place)
            }
            lintFixture(fixture.name.value, fixture.settings)
        }
    }

    private mutating func lintRequirement(_ id: Placed<String>, of own: String) {
        guard surroundings.scenarios[id.value] != nil || id.value == own else {
            if Curriculum.lesson(id.value) != nil { return }
            let known = Curriculum.lessons.map(\.id) + surroundings.scenarios.keys.sorted()
            return complain(
                .requiresUnknown, scenario.frontSource, id, "there is no scenario '\(id.value)'",
                suggestion: Suggestion.nearest(to: id.value, in: known))
        }
        var seen: Set<String> = []
        var open = [id.value]
        while let next = open.popLast() {
            if next == own {
                return complain(
                    .requiresCircular, scenario.frontSource, id,
                    "'\(id.value)' requires this scenario in its turn")
            }
            guard seen.insert(next).inserted else { continue }
            open += surroundings.scenarios[next] ?? []
        }
    }
}
