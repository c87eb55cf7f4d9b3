/// The page of the reference that documents one group of commands, in Markdown for DocC. It is
/// generated from the declarations and committed; a test fails when the two have parted.
public struct ReferencePage: Sendable {
    /// The group.
    public let group: CommandGroup
    private let commands: [CommandSpec]

    /// The page of a group's commands, subcommands included, in the order of their names.
    public init(_ group: CommandGroup, of catalog: CommandCatalog) {
        self.group = group
        commands = catalog.commands(in: group).sorted { $0.typedName < $1.typedName }
    }

    /// The page's text.
    public var text: String {
        let opening = """
            # Commands: \(group.rawValue)

            \(group.title), command by command.

            <!-- Generated from the declarations; see ReferencePagesTests. -->

            ## Overview

            Square brackets hold what may be left out, angle brackets a choice that must be \
            made, and `[x ...]` more of the same.

            """
        return opening + commands.map(section).joined()
    }

    private func section(_ spec: CommandSpec) -> String {
        var lines = ["", "### \(spec.typedName)", "", spec.summary, ""]
        lines += ["```", SyntaxPrinter.line(spec)]
        if !spec.examples.isEmpty { lines.append("") }
        lines += spec.examples.map { "larder> " + $0 } + ["```", ""]
        for (label, text) in HelpPage(spec).facts where label != "group" {
            lines.append("- \(label): \(text)")
        }
        for (version, change) in spec.history { lines.append("- since \(version): \(change)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension CommandGroup {
    /// What the group is about, for headings.
    public var title: String {
        switch self {
        case .generic: "Keys of any type"
        case .string: "Strings of bytes and numbers"
        case .list: "Lists"
        case .set: "Sets"
        case .sortedSet: "Sorted sets"
        case .hash: "Hashes"
        case .pubsub: "Publish and subscribe"
        case .transactions: "Transactions"
        case .connection: "The connection itself"
        case .server: "The server itself"
        case .scripting: "Scripts and functions"
        case .hyperloglog: "Estimates of how many different members there are"
        case .cluster: "The cluster"
        case .geo: "Places on Earth"
        case .stream: "Streams"
        case .bitmap: "Bits of strings"
        }
    }
}
