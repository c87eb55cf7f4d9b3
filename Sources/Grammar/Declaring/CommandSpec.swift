/// A command as data: everything about it but what it does.
public final class CommandSpec: Sendable {
    /// The name in capitals; of a subcommand only its own word.
    public let name: String
    /// The container's name, for a subcommand.
    public let container: String?
    /// Where it is documented.
    public let group: CommandGroup
    /// What it is.
    public let flags: CommandFlags
    /// The Redis version that brought it.
    public let since: String
    /// One sentence of what it does.
    public let summary: String
    /// Its cost in time.
    public let complexity: String
    /// What later versions changed, oldest first.
    public let history: [(version: String, change: String)]
    /// The version from which on something else is preferred, and what.
    public let deprecated: (since: String, replacedBy: String)?
    /// The flavours that have it.
    public let availability: Availability
    /// Categories beyond those that the flags imply.
    public let categories: ACLCategory
    /// Its arguments in order.
    public let arguments: [Argument]
    /// Hints for clients, such as `nondeterministic_output`.
    public let tips: [String]
    /// The arity where the arguments do not tell it.
    public let arityOverride: Int?
    /// The key positions where the arguments do not tell them.
    public let keySpecsOverride: [KeySpec]?
    /// Options that are valid words but refused together.
    public let conflicts: [[String]]
    /// Runnable lines that show it, for `help`.
    public let examples: [String]
    /// Its subcommands.
    public let subcommands: [CommandSpec]

    /// All of it at once; `Command` has the initialisers that declarations use.
    init(
        name: String, container: String?, group: CommandGroup, flags: CommandFlags,
        since: String, summary: String, complexity: String,
        history: [(version: String, change: String)],
        deprecated: (since: String, replacedBy: String)?,
        availability: Availability, categories: ACLCategory, arguments: [Argument],
        tips: [String], arity: Int?, keySpecs: [KeySpec]?, conflicts: [[String]],
        examples: [String], subcommands: [CommandSpec]
    ) {
        self.name = name
        self.container = container
        self.group = group
        self.flags = flags
        self.since = since
        self.summary = summary
        self.complexity = complexity
        self.history = history
        self.deprecated = deprecated
        self.availability = availability
        self.categories = categories
        self.arguments = arguments
        self.tips = tips
        self.arityOverride = arity
        self.keySpecsOverride = keySpecs
        self.conflicts = conflicts
        self.examples = examples
        self.subcommands = subcommands
    }

    /// The same command with other arguments, subcommands and history.
    private init(
        _ spec: CommandSpec, arguments: [Argument], subcommands: [CommandSpec],
        history: [(version: String, change: String)],
        deprecated: (since: String, replacedBy: String)?
    ) {
        name = spec.name
        container = spec.container
        group = spec.group
        flags = spec.flags
        since = spec.since
        summary = spec.summary
        complexity = spec.complexity
        self.history = history
        self.deprecated = deprecated
        availability = spec.availability
        categories = spec.categories
        self.arguments = arguments
        tips = spec.tips
        arityOverride = spec.arityOverride
        keySpecsOverride = spec.keySpecsOverride
        conflicts = spec.conflicts
        examples = spec.examples
        self.subcommands = subcommands
    }

    /// True when `flavour` has the command.
    public func exists(in flavour: Flavour) -> Bool {
        availability.contains(flavour.availability) && flavour.includes(version: since)
    }

    /// The command as `flavour` has it: without the arguments, subcommands and remarks that came
    /// later.
    public func adapted(to flavour: Flavour) -> CommandSpec {
        CommandSpec(
            self, arguments: Argument.adapted(arguments, to: flavour),
            subcommands: subcommands.filter { $0.exists(in: flavour) }
                .map { $0.adapted(to: flavour) },
            history: history.filter { flavour.includes(version: $0.version) },
            deprecated: deprecated.flatMap { flavour.includes(version: $0.since) ? $0 : nil })
    }

    /// The name in small letters as `COMMAND` reports it: `config|get` for a subcommand.
    public var reportedName: String {
        let own = name.lowercased()
        guard let container else { return own }
        return container.lowercased() + "|" + own
    }

    /// The name as one types it: `CONFIG GET`.
    public var typedName: String { container.map { $0 + " " + name } ?? name }

    /// Every category it is in.
    public var allCategories: ACLCategory { categories.union(ACLCategory.implied(by: flags)) }
}
