// The facts that lessons quote, in one file: what is true, who says so, and when somebody last
// looked. Lessons name them by id, so that a date that moves is changed in one place.

/// A fact that a lesson may quote.
public struct Fact: Sendable {
    /// What lessons call it: `F23`.
    public var id: String
    /// What is true, in a sentence or two.
    public var text: String
    /// Who says so.
    public var source: String
    /// The day on which somebody last looked, as `2026-11-22`; nil when nobody has.
    public var checkedOn: String?
    /// Where it stands.
    public var place: Place
}

/// All facts of a folder of scenarios.
public struct FactBook: Sendable {
    /// The path as it is shown.
    public private(set) var name: String
    /// The facts in the order of the file.
    public private(set) var facts: [Fact] = []
    private var complaints: [Complaint] = []
    private var lines: [String]

    /// The fact of this id.
    public subscript(id: String) -> Fact? { facts.first { $0.id == id } }

    /// Reads `facts.yaml`.
    public init(_ bytes: [UInt8], name: String) {
        self.name = name
        lines = ScenarioParser.lines(of: bytes).lines
        do throws(YAMLTree.Failure) {
            guard let tree = try YAMLTree.read(lines[...], first: 1) else { return }
            if let list = tree.list {
                for node in list { read(node) }
            } else {
                complain(.brokenFact, tree.place, 1, "the file is a list of facts: - id: F1 …")
            }
        } catch {
            complain(error.isDuplicate ? .duplicateKey : .yamlSyntax, error.place, 1, error.text)
        }
    }

    private static let keys = ["id", "text", "source", "checked_on"]

    private mutating func read(_ node: YAMLTree) {
        guard let map = node.map else {
            return complain(.brokenFact, node.place, 1, "a fact has the keys id, text and source")
        }
        for entry in map where !Self.keys.contains(entry.key) {
            complain(
                .unknownKey, entry.place, entry.key.unicodeScalars.count,
                "a fact has no key '\(entry.key)'",
                suggestion: Suggestion.nearest(to: entry.key, in: Self.keys))
        }
        guard let id = node["id"]?.text, !id.isEmpty, let text = node["text"]?.text, !text.isEmpty
        else {
            return complain(.brokenFact, node.place, 1, "a fact needs the keys id and text")
        }
        if self[id] != nil {
            complain(.brokenFact, node["id"]?.place ?? node.place, id.count, "\(id) stands twice")
        }
        let source = node["source"]?.text ?? ""
        if source.isEmpty {
            complain(
                .factWithoutSource, node["id"]?.place ?? node.place, id.count,
                "fact \(id) has no source")
        }
        let day = node["checked_on"]
        if let day, Self.dayNumber(day.text ?? "") == nil {
            complain(
                .brokenFact, day.place, max(1, day.text?.count ?? 1),
                "checked_on is a day such as 2026-11-22")
        }
        facts.append(
            Fact(
                id: id, text: text, source: source, checkedOn: day?.text,
                place: day?.place ?? node.place))
    }

    private mutating func complain(
        _ code: LintCode, _ place: Place, _ length: Int, _ text: String,
        suggestion: String? = nil
    ) {
        complaints.append(
            Complaint(
                code: code, file: name, place: place, length: length, text: text,
                suggestion: suggestion,
                line: lines.indices.contains(place.line - 1) ? lines[place.line - 1] : "",
                includedFrom: []))
    }

    /// What is wrong with the file, and the facts that nobody has looked at for a year before
    /// `today`, a day such as `2026-11-22`; nil leaves ages out of it.
    public func complaints(today: String?) -> [Complaint] {
        guard let today, let now = Self.dayNumber(today) else { return complaints }
        let old = facts.compactMap { fact -> Complaint? in
            guard let day = fact.checkedOn, let then = Self.dayNumber(day), now - then > 365 else {
                return nil
            }
            return Complaint(
                code: .oldFact, file: name, place: fact.place, length: day.count,
                text: "fact \(fact.id) was checked on \(day), more than a year ago",
                line: lines.indices.contains(fact.place.line - 1)
                    ? lines[fact.place.line - 1] : "", includedFrom: [])
        }
        return complaints + old
    }

    /// The number of a day, counted in the Gregorian calendar; nil for what is no day.
    static func dayNumber(_ text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            1...12 ~= month, 1...31 ~= day
        else { return nil }
        // Years that begin in March have their leap day at the end.
        let shifted = month <= 2 ? year - 1 : year
        let months = (month + 9) % 12
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
            + (153 * months + 2) / 5 + day
    }
}
