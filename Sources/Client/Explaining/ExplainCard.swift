/// What someone should know who sees a figure for the first time: what it is, how it is reckoned
/// with the numbers of this moment, where it comes from, what is normal, and what to do.
///
/// The dashboard shows a card on `x`, the prompt with `:explain`. There is one for every figure
/// that a screen shows; a test holds the two lists together.
public struct ExplainCard: Sendable {
    /// The name by which the figure is asked for, such as `hit_rate`.
    public let id: String
    /// Its name for people.
    public let title: String
    /// What it is.
    public let meaning: String
    /// Where it is told: fields of INFO, or a command.
    public let source: String
    /// The metric of Amazon CloudWatch for an ElastiCache node, where there is one.
    public let cloudWatch: String?
    /// The field of memcached's `stats`, where there is one.
    public let memcached: String?
    /// What is normal, and why.
    public let normal: String
    /// Three commands that look deeper.
    public let deeper: [String]
    /// What usually helps.
    public let remedy: String
    /// What an interviewer asks about it.
    public let question: String
    /// The formula with the figures of the moment filled in; nil where one of them is not known.
    public let formula: @Sendable (LiveFigures) -> String?

    init(
        _ id: String, _ title: String, meaning: String, source: String,
        cloudWatch: String? = nil, memcached: String? = nil, normal: String, deeper: [String],
        remedy: String, question: String,
        formula: @escaping @Sendable (LiveFigures) -> String?
    ) {
        self.id = id
        self.title = title
        self.meaning = meaning
        self.source = source
        self.cloudWatch = cloudWatch
        self.memcached = memcached
        self.normal = normal
        self.deeper = deeper
        self.remedy = remedy
        self.question = question
        self.formula = formula
    }

    /// The card as rows of at most `width` characters, the title first.
    public func rows(_ figures: LiveFigures, width: Int) -> [String] {
        var names = [source]
        if let cloudWatch { names.append("CloudWatch \(cloudWatch)") }
        if let memcached { names.append("memcached \(memcached)") }
        let parts = [
            ("", meaning), ("now", formula(figures) ?? "not known yet"),
            ("from", names.joined(separator: "; ")), ("normal", normal),
            ("look", deeper.joined(separator: " · ")), ("helps", remedy), ("asked", question),
        ]
        var rows = ExplainCard.wrap(title, width: width)
        for (label, text) in parts {
            let indent = label.isEmpty ? 0 : 8
            let wrapped = ExplainCard.wrap(text, width: max(8, width - indent))
            for (place, row) in wrapped.enumerated() {
                let head = place == 0 ? label : ""
                let gap = String(repeating: " ", count: max(0, indent - head.count))
                rows.append(head + gap + row)
            }
        }
        return rows
    }

    /// Breaks a text between words; a word that is longer than a row stands in one of its own.
    static func wrap(_ text: String, width: Int) -> [String] {
        var rows: [String] = []
        var row = ""
        for word in text.split(separator: " ") {
            if row.isEmpty {
                row = String(word)
            } else if row.count + 1 + word.count <= width {
                row += " " + word
            } else {
                rows.append(row)
                row = String(word)
            }
        }
        if !row.isEmpty { rows.append(row) }
        return rows
    }
}

/// All cards.
public enum ExplainCards {
    /// Every card, in the order in which a reader might go through them.
    public static let all: [ExplainCard] = memory + lookups + departures + work + links + state

    /// The card of a figure. A field of INFO that a card is about leads to it too.
    public static func find(_ name: String) -> ExplainCard? {
        if let card = all.first(where: { $0.id == name }) { return card }
        return all.first { $0.source.split { !$0.isLetter && $0 != "_" }.contains { $0 == name } }
    }
}
