// Fences written in YAML. Whatever key or value is not known is a complaint: a parameter that is
// ignored in silence teaches nothing.

extension ScenarioParser {
    /// The names and values of a map.
    typealias Pairs = [(name: Placed<String>, value: Placed<String>)]

    // MARK: Parts of a tree

    /// Complains of something in a tree.
    mutating func complain(_ code: LintCode, _ tree: YAMLTree, _ text: String) {
        let length: Int
        switch tree.kind {
        case .scalar(let text, _):
            let first = text.split(separator: "\n", omittingEmptySubsequences: false).first
            length = max(1, first?.unicodeScalars.count ?? 1)
        default: length = 1
        }
        complain(code, tree.place, length, text)
    }

    /// The entries of a map, by key; keys that are not known are complained of.
    mutating func fields(
        _ tree: YAMLTree?, of what: String, known: [String], code: LintCode = .unknownKey
    ) -> [String: YAMLTree] {
        guard let tree else { return [:] }
        guard let map = tree.map else {
            complain(.wrongValue, tree, "\(what) is a map of keys and values here")
            return [:]
        }
        var fields: [String: YAMLTree] = [:]
        for entry in map {
            guard known.contains(entry.key) else {
                complain(
                    code, entry.place, max(1, entry.key.unicodeScalars.count),
                    "\(what) has no key '\(entry.key)'",
                    suggestion: Suggestion.nearest(to: entry.key, in: known))
                continue
            }
            fields[entry.key] = entry.value
        }
        return fields
    }

    /// The text of a single value.
    mutating func text(_ tree: YAMLTree?, _ what: String) -> Placed<String>? {
        guard let tree else { return nil }
        guard let text = tree.text else {
            complain(.wrongValue, tree, "\(what) is a single value, not \(tree.kindName)")
            return nil
        }
        return Placed(text, tree.textStart)
    }

    /// The texts of a list.
    mutating func texts(_ tree: YAMLTree?, _ what: String) -> [Placed<String>] {
        guard let tree else { return [] }
        guard let list = tree.list else {
            complain(.wrongValue, tree, "\(what) is a list, written [a, b]")
            return []
        }
        return list.compactMap { text($0, "an element of \(what)") }
    }

    /// A whole number.
    mutating func number(_ tree: YAMLTree?, _ what: String) -> Int? {
        guard let tree, let text = text(tree, what) else { return nil }
        guard let number = Int(text.value), number >= 0 else {
            complain(.wrongValue, tree, "\(what) is a whole number")
            return nil
        }
        return number
    }

    /// Names and values of a map; those of a map within it have names with a point.
    mutating func pairs(_ tree: YAMLTree?, _ what: String, prefix: String = "") -> Pairs {
        guard let tree else { return [] }
        guard let map = tree.map else {
            complain(.wrongValue, tree, "\(what) is a map of names and values")
            return []
        }
        var pairs: Pairs = []
        for entry in map {
            let name = prefix + entry.key
            switch entry.value.kind {
            case .scalar(let text, _):
                pairs.append((Placed(name, entry.place), Placed(text, entry.value.textStart)))
            case .map: pairs += self.pairs(entry.value, what, prefix: name + ".")
            case .list(let elements):
                let words = elements.compactMap(\.text)
                pairs.append(
                    (
                        Placed(name, entry.place),
                        Placed(words.joined(separator: ","), entry.value.place)
                    ))
            }
        }
        return pairs
    }

    // MARK: Blocks

    /// Reads the body of a YAML fence.
    mutating func readYAMLBlock(_ kind: FenceKind, _ fence: Fence, first: Int) -> Block {
        let tree: YAMLTree
        do throws(YAMLTree.Failure) {
            let body = lines[first..<first + fence.body.count]
            guard let read = try YAMLTree.read(body, first: first + 1) else {
                complain(.missingKey, fence.place, 3, "this \(kind.rawValue) block is empty")
                return .listing
            }
            tree = read
        } catch {
            complain(error.isDuplicate ? .duplicateKey : .yamlSyntax, error.place, 1, error.text)
            return .listing
        }
        switch kind {
        case .load: return readLoad(tree, fence)
        case .fault: return readFault(tree, fence)
        case .chart: return readChart(tree)
        case .exercise: return readExercise(tree, fence)
        case .set: return .set(pairs(tree, "set"))
        case .include:
            let fields = fields(tree, of: "include", known: ["file", "with"])
            let file = text(fields["file"], "file")
            if file == nil, fields["file"] == nil {
                complain(.missingKey, tree, "include needs a key 'file'")
            }
            return .include(file)
        default: return .listing
        }
    }

    /// The parameters of an include.
    static func parameters(of fence: Fence) -> [(name: String, value: String)] {
        let tree = try? YAMLTree.read(fence.body[...], first: fence.place.line + 1)
        return (tree?["with"]?.map ?? []).compactMap { entry in
            entry.value.text.map { (entry.key, $0) }
        }
    }

    private mutating func readLoad(_ tree: YAMLTree, _ fence: Fence) -> Block {
        let known = LoadWords.blockKeys
        let fields = fields(tree, of: "load", known: known)
        for key in ["client", "rate"] where fields[key] == nil {
            complain(.missingKey, tree, "load needs a key '\(key)'")
        }
        let client = text(fields["client"], "client") ?? Placed("app", tree.place)
        if !LoadWords.clients.contains(client.value) {
            complain(
                .wrongWord, client.place, max(1, client.value.unicodeScalars.count),
                "the client of a load is \(LoadWords.clients.joined(separator: " or "))",
                suggestion: Suggestion.nearest(to: client.value, in: LoadWords.clients))
        }
        if let keys = fields["keys"] {
            _ = self.fields(keys, of: "keys", known: LoadWords.keyKeys)
        }
        var settings: Pairs = []
        for pair in pairs(tree, "load") where !["client", "for", "at"].contains(pair.name.value) {
            settings.append(pair)
        }
        let duration = attribute("for", fence) ?? text(fields["for"], "for")
        if duration == nil {
            complain(.missingKey, fence.place, 3, "load needs its duration: for=60s")
        }
        for value in settings { checkLoad(value.name.value, value.value) }
        return .load(
            LoadBlock(
                client: client, settings: settings, duration: duration,
                start: attribute("at", fence) ?? text(fields["at"], "at"),
                isBackground: fence.attribute("background") != nil))
    }

    private mutating func checkLoad(_ name: String, _ value: Placed<String>) {
        // A variable is read when its value is known.
        guard !value.value.contains("$") else { return }
        let wrong: String?
        switch name {
        case "rate", "to":
            let quantity = Quantity(value.value)
            wrong =
                quantity?.dimension == .rate || quantity?.unit == nil && quantity != nil
                ? nil : "a rate is written 100rps"
        case "keys.dist":
            wrong =
                LoadWords.distributions.contains(value.value)
                ? nil
                : "the distribution of keys is \(LoadWords.distributions.joined(separator: ", "))"
        case "keys.s":
            wrong = Double(value.value).map { $0 > 0 } == true ? nil : "s is a number above 0"
        default: wrong = nil
        }
        guard let wrong else { return }
        complain(.wrongWord, value.place, max(1, value.value.unicodeScalars.count), wrong)
    }

    private func attribute(_ name: String, _ fence: Fence) -> Placed<String>? {
        fence.attributes.first { $0.name == name }.flatMap { attribute in
            attribute.value.map { Placed($0, attribute.valuePlace) }
        }
    }

    private mutating func readFault(_ tree: YAMLTree, _ fence: Fence) -> Block {
        let fields = fields(tree, of: "fault", known: ["do", "for", "at"])
        guard let line = text(fields["do"], "do") else {
            if fields["do"] == nil {
                complain(.missingKey, tree, "fault needs a key 'do' with a line of the workbench")
            }
            return .listing
        }
        return .fault(
            FaultBlock(
                line: line, duration: attribute("for", fence) ?? text(fields["for"], "for"),
                start: attribute("at", fence) ?? text(fields["at"], "at")))
    }

    private mutating func readChart(_ tree: YAMLTree) -> Block {
        let fields = fields(tree, of: "chart", known: ["title", "series", "window", "mark"])
        if fields["series"] == nil { complain(.missingKey, tree, "chart needs a key 'series'") }
        var series: [Expression] = []
        for name in texts(fields["series"], "series") {
            do throws(ExpressionFailure) {
                series.append(try ExpressionParser.expression(name.value, at: name.place))
            } catch {
                complain(error)
            }
        }
        var window: UInt64?
        if let text = text(fields["window"], "window") {
            window = Quantity(text.value)?.nanoseconds
            if window == nil, let tree = fields["window"] {
                complain(.wrongValue, tree, "the window is a time, such as 60s")
            }
        }
        return .chart(
            ChartBlock(
                title: text(fields["title"], "title")?.value ?? "", series: series,
                window: window, marks: texts(fields["mark"], "mark")))
    }

    // MARK: Exercises

    private static let exerciseKeys = [
        "goal", "check", "hints", "solution", "sessions", "start", "technique", "on_skip",
    ]

    private mutating func readExercise(_ tree: YAMLTree, _ fence: Fence) -> Block {
        let fields = fields(tree, of: "exercise", known: Self.exerciseKeys)
        let goal = text(fields["goal"], "goal")?.value ?? ""
        if fields["goal"] == nil { complain(.missingKey, tree, "exercise needs a key 'goal'") }
        let checks = checkLines(fields["check"], "check")
        if checks.isEmpty, fields["check"]?.list?.isEmpty ?? true {
            complain(
                .exerciseWithoutCheck, fence.place, 3,
                "this exercise has no check, so nobody can tell whether it is done")
        }
        var solution = Transcript(items: [])
        if let tree = fields["solution"], let text = text(tree, "solution") {
            let lines = text.value.split(separator: "\n", omittingEmptySubsequences: false)
            var body = lines.map(String.init)
            while body.last == "" { body.removeLast() }
            solution = readTranscript(body, at: text.place, session: "r")
        }
        if solution.commands.isEmpty {
            complain(
                .exerciseWithoutSolution, fence.place, 3,
                "this exercise has no solution, so nobody can tell whether it can be done")
        }
        let hints = texts(fields["hints"], "hints").map(\.value)
        if hints.isEmpty {
            complain(.exerciseWithoutHint, fence.place, 3, "this exercise has no hints")
        }
        let skip = text(fields["on_skip"], "on_skip")
        if let skip, !["solve", "nothing"].contains(skip.value) {
            complain(
                .wrongWord, skip.place, max(1, skip.value.unicodeScalars.count),
                "on_skip is solve or nothing")
        }
        let start = self.fields(
            fields["start"], of: "start",
            known: ["run", "for", "on", "reset", "warm", "commands"])
        return .exercise(
            Exercise(
                goal: goal, checks: checks, technique: checkLines(fields["technique"], "technique"),
                hints: hints, solution: solution,
                sessions: texts(fields["sessions"], "sessions").map(\.value),
                run: startRun(start["run"]), duration: text(start["for"], "for"),
                triesPipeline: start["run"]?.text == "pipeline",
                commands: text(start["commands"], "commands"), warm: text(start["warm"], "warm"),
                reset: resets(start["reset"]), solvesOnSkip: skip?.value != "nothing"))
    }

    private mutating func startRun(_ tree: YAMLTree?) -> Placed<String>? {
        guard let tree, let run = text(tree, "run") else { return nil }
        if run.value == "pipeline" { return nil }
        guard run.value.hasPrefix("load "), Self.isName(run.value.dropFirst(5)) else {
            complain(
                .wrongValue, tree,
                "'run' names a load block of this file, load NAME, or is pipeline")
            return nil
        }
        return Placed(String(run.value.dropFirst(5)), run.place.moved(5))
    }

    private mutating func resets(_ tree: YAMLTree?) -> [Placed<String>] {
        let known = ["cache", "app"]
        return texts(tree, "reset").filter { word in
            if known.contains(word.value) { return true }
            complain(
                .wrongWord, word.place, max(1, word.value.unicodeScalars.count),
                "reset names what is emptied: \(known.joined(separator: ", "))",
                suggestion: Suggestion.nearest(to: word.value, in: known))
            return false
        }
    }

    private mutating func checkLines(_ tree: YAMLTree?, _ what: String) -> [CheckLine] {
        var checks: [CheckLine] = []
        for line in texts(tree, what) {
            do throws(ExpressionFailure) {
                checks.append(try ExpressionParser.check(line.value, at: line.place))
            } catch {
                complain(error)
            }
        }
        return checks
    }
}
