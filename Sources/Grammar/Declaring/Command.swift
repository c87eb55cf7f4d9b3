public import Wire

/// What a handler is called with: the words of the request, and who sent it.
public struct Call: ~Escapable {
    /// The words of the request; the first is the command's name.
    public let arguments: Arguments
    /// The number of the session in the state's own table.
    public let session: Int

    /// A call of `arguments` by the session with this number.
    @_lifetime(copy arguments)
    @inline(__always)
    public init(_ arguments: Arguments, session: Int) {
        self.arguments = arguments
        self.session = session
    }

    /// How many words there are.
    public var count: Int {
        @inline(__always) get { arguments.count }
    }

    /// The word at `index`.
    public subscript(index: Int) -> RawSpan {
        @_lifetime(copy self)
        @inline(__always)
        get { arguments[index] }
    }
}

/// A command: its declaration and its handler, for one kind of state.
///
/// Declared once, in the file of the handler. Everything else that is known of a command follows
/// from the declaration.
public struct Command<State: ~Copyable>: Sendable {
    /// What runs a command. It writes exactly one reply, or throws the error that is the reply
    /// and leaves nothing half written or half changed.
    public typealias Handler =
        @Sendable (inout State, borrowing Call, inout ReplyWriter) throws(CommandError) -> Void

    /// The command as data.
    public let spec: CommandSpec
    /// What runs it; nil for a container that only has subcommands.
    public let run: Handler?
    /// Its subcommands.
    public let subcommands: [Command<State>]

    /// Declares a command.
    public init(
        _ name: String, _ group: CommandGroup, _ flags: CommandFlags, since: String,
        summary: String, complexity: String, history: KeyValuePairs<String, String> = [:],
        deprecated: (since: String, replacedBy: String)? = nil,
        availability: Availability = .everywhere, categories: ACLCategory = [],
        arguments: [Argument] = [], tips: [String] = [], arity: Int? = nil,
        keySpecs: [KeySpec]? = nil, conflicts: [[String]] = [], examples: [String] = [],
        run: @escaping Handler
    ) {
        let words = name.split(separator: " ").map(String.init)
        self.spec = CommandSpec(
            name: words[words.count - 1], container: words.count > 1 ? words[0] : nil,
            group: group, flags: flags, since: since, summary: summary, complexity: complexity,
            history: history.map { (version: $0.key, change: $0.value) },
            deprecated: deprecated, availability: availability,
            categories: categories, arguments: arguments, tips: tips, arity: arity,
            keySpecs: keySpecs, conflicts: conflicts, examples: examples, subcommands: [])
        self.run = run
        self.subcommands = []
    }

    /// Declares a container. Its subcommands are declared with both words: `"CONFIG GET"`.
    /// A container with a handler of its own, such as `COMMAND`, gives `run`.
    public init(
        container name: String, _ group: CommandGroup, _ flags: CommandFlags = [],
        since: String, summary: String, complexity: String = "Depends on subcommand.",
        history: KeyValuePairs<String, String> = [:], availability: Availability = .everywhere,
        categories: ACLCategory = [], tips: [String] = [], arity: Int? = nil,
        examples: [String] = [], subcommands: [Command<State>], run: Handler? = nil
    ) {
        self.spec = CommandSpec(
            name: name, container: nil, group: group, flags: flags, since: since,
            summary: summary, complexity: complexity,
            history: history.map { (version: $0.key, change: $0.value) }, deprecated: nil,
            availability: availability, categories: categories, arguments: [], tips: tips,
            arity: arity ?? (run == nil ? -2 : -1), keySpecs: [], conflicts: [],
            examples: examples, subcommands: subcommands.map(\.spec))
        self.run = run
        self.subcommands = subcommands
    }
}
