// The beginning of a translation: the file with everything in its place and the words still those
// of the source, to be replaced one by one. It passes lint and plays at once.

/// A translation to begin with.
public struct TranslationDraft {
    /// Where it goes.
    public let path: String
    /// What it says.
    public let text: String

    /// A draft of the translation of a file into a language.
    public init(of file: String, into language: String) throws(HostFailure) {
        guard Language.isCode(language) else {
            throw HostFailure(
                text: "a language is a code such as de or pt-BR, not '\(language)'")
        }
        let loaded = ScenarioFolder.load(file)
        guard !loaded.complaints.contains(where: { $0.code.severity == .error }) else {
            throw HostFailure(
                text: "\(file) has errors:\n" + loaded.complaints.map(\.report).joined())
        }
        let scenario = loaded.scenario
        guard scenario.front.translates == nil else {
            throw HostFailure(text: "\(file) is a translation itself")
        }
        guard scenario.front.language != language else {
            throw HostFailure(text: "\(file) is written in '\(language)' already")
        }
        let folder = Paths.folder(of: file)
        let name = Paths.name(of: file)
        path = (folder.isEmpty ? "" : folder + "/") + "\(language)/\(name)"
        text = Self.text(of: scenario, language)
    }

    private static func text(of scenario: Scenario, _ language: String) -> String {
        var lines = [
            "---", "title: \(quoted(scenario.front.title))", "language: \(language)",
            "translates: ../\(Paths.name(of: scenario.name))",
        ]
        lines += TranslationUpdate.lines(scenario.segmentHashes) + ["---"]
        for segment in scenario.segments {
            let names = BlockNames.of(segment.elements)
            for (index, element) in segment.elements.enumerated() {
                let name = names.first { $0.index == index }?.name
                let part = self.lines(of: element, called: name)
                // The title stands right below the front matter, as in the source.
                if !part.isEmpty { lines += (lines.last == "---" ? [] : [""]) + part }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(of element: Element, called name: String?) -> [String] {
        switch element.kind {
        case .heading(let heading):
            let line = String(repeating: "#", count: heading.level) + " " + heading.text
            return heading.level == 1 ? [line] : ["<!-- id: \(heading.id) -->", line]
        case .prose(let prose): return prose.lines.map(moved)
        case .fold(let line): return [line]
        case .cue(let cue):
            return ["<!-- \(cue.name.rawValue)\(cue.text.isEmpty ? "" : ": \(cue.text)") -->"]
        case .fence(let fence):
            guard let name else { return [] }
            return words(of: fence, called: name) ?? ["<!-- block: \(name) -->"]
        }
    }

    /// Links lead out of the folder of the language.
    private static func moved(_ line: String) -> String {
        var moved = line
        for (target, column) in Linter.links(in: line).reversed()
        where !target.contains("://") && !target.hasPrefix("#") {
            let scalars = moved.unicodeScalars
            let place = scalars.index(scalars.startIndex, offsetBy: column)
            moved.insert(contentsOf: "../", at: place)
        }
        return moved
    }

    /// The fence with its words alone; nil where it has none.
    private static func words(of fence: Fence, called name: String) -> [String]? {
        switch fence.block {
        case .quiz(let quiz): return words(of: quiz, called: name)
        case .check(let checks):
            let reasons = checks.compactMap(\.reason)
            if reasons.isEmpty { return nil }
            return ["```check #\(name)"] + reasons.map { "because \"\($0)\"" } + ["```"]
        case .chart(let chart) where !chart.title.isEmpty:
            return ["```yaml chart #\(name)", "title: \(quoted(chart.title))", "```"]
        case .exercise(let exercise):
            var lines = ["```yaml exercise #\(name)", "goal: |"]
            let goal = exercise.goal.split(separator: "\n", omittingEmptySubsequences: false)
            lines += goal.map { $0.isEmpty ? "" : "  \($0)" }
            while lines.last == "" { lines.removeLast() }
            if !exercise.hints.isEmpty {
                lines += ["hints:"] + exercise.hints.map { "  - \(quoted($0))" }
            }
            return lines + ["```"]
        default: return nil
        }
    }

    private static func words(of quiz: Quiz, called name: String) -> [String] {
        var lines = ["```quiz #\(name)"] + quiz.question
        func add(_ options: [Quiz.Option], _ mark: String) {
            for option in options {
                lines.append(
                    "\(mark) \(option.text)" + (option.feedback.map { " -- \($0)" } ?? ""))
            }
        }
        switch quiz.answer {
        case .single(let options): add(options, "( )")
        case .multiple(let options): add(options, "[ ]")
        case .number, .pattern: break
        }
        return lines + ["=> \(quiz.explanation)", "```"]
    }

    /// A text as YAML has it between quotes.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for letter in text {
            switch letter {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.append(letter)
            }
        }
        return quoted + "\""
    }
}
