/// What `help COMMAND` shows, as parts; whoever shows it chooses colours and width.
public struct HelpPage: Sendable {
    /// The syntax line.
    public let syntax: String
    /// One sentence of what the command does.
    public let summary: String
    /// Labelled facts in their order: complexity, since, group and what else applies.
    public let facts: [(label: String, text: String)]
    /// What later versions changed, oldest first.
    public let history: [(version: String, change: String)]
    /// The subcommands' syntax lines and summaries.
    public let subcommands: [(syntax: String, summary: String)]
    /// Lines that can be run as they stand.
    public let examples: [String]

    /// The page of one command.
    public init(_ spec: CommandSpec) {
        syntax = SyntaxPrinter.line(spec)
        summary = spec.summary
        var facts: [(label: String, text: String)] = []
        if !spec.complexity.isEmpty { facts.append(("complexity", spec.complexity)) }
        facts.append(("since", spec.since))
        facts.append(("group", spec.group.rawValue))
        if let deprecated = spec.deprecated {
            let better = deprecated.replacedBy.isEmpty ? "" : ": use \(deprecated.replacedBy)"
            facts.append(("deprecated", "since \(deprecated.since)\(better)"))
        }
        if spec.availability != .everywhere {
            let names = Flavour.allCases.filter { spec.availability.contains($0.availability) }
            facts.append(("only in", names.map(\.rawValue).joined(separator: ", ")))
        }
        let categories = spec.allCategories
        let names = ACLCategory.names.filter { categories.contains($0.0) }.map { "@" + $0.1 }
        facts.append(("categories", names.joined(separator: " ")))
        self.facts = facts
        history = spec.history
        subcommands = spec.subcommands.map { (SyntaxPrinter.line($0), $0.summary) }
        examples = spec.examples
    }

    /// The page as lines of plain text.
    public var lines: [String] {
        var lines = body
        if !examples.isEmpty { lines.append("  examples:") }
        for example in examples { lines.append("      " + example) }
        return lines
    }

    /// The page without its examples.
    public var body: [String] {
        var lines = [syntax, "  " + summary]
        let width = facts.map(\.label.count).max() ?? 0
        for (label, text) in facts {
            lines.append("  \(HelpPage.padded(label + ":", width + 1)) \(text)")
        }
        for (version, change) in history { lines.append("  since \(version): \(change)") }
        for (syntax, summary) in subcommands {
            lines += ["  " + syntax, "      " + summary]
        }
        return lines
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
