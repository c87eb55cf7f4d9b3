// The arity that a command reports and that requests are checked against, from its arguments.

extension CommandSpec {
    /// The number of words with the name counted (two names for a subcommand); negative when it
    /// is a minimum, as `COMMAND INFO` reports it.
    public var arity: Int {
        arityOverride ?? derivedArity
    }

    /// The arity as the arguments alone tell it.
    var derivedArity: Int {
        var bounds = WordBounds(minimum: container == nil ? 1 : 2, isExact: true)
        for argument in arguments { bounds.add(argument) }
        return bounds.isExact ? bounds.minimum : -bounds.minimum
    }
}

/// How many words arguments take at least, and whether never more.
struct WordBounds: Equatable {
    var minimum: Int
    var isExact: Bool

    /// The words of a sequence of arguments.
    init(_ arguments: some Sequence<Argument>) {
        self.init(minimum: 0, isExact: true)
        for argument in arguments { add(argument) }
    }

    init(minimum: Int, isExact: Bool) {
        self.minimum = minimum
        self.isExact = isExact
    }

    /// Counts the words of one more argument.
    mutating func add(_ argument: Argument) {
        if argument.isOptional {
            isExact = false
            return
        }
        if argument.isRepeated { isExact = false }
        let own = WordBounds.once(argument)
        minimum += own.minimum
        if !own.isExact { isExact = false }
    }

    /// The words of an argument that is there, and there once.
    static func once(_ argument: Argument) -> WordBounds {
        let token = argument.token == nil ? 0 : 1
        switch argument.kind {
        case .pureToken:
            return WordBounds(minimum: 1, isExact: true)
        case .oneOf(let choices):
            // One choice is taken, whether or not it could be left out on its own.
            let all = choices.map { choice in
                var bounds = once(choice)
                if choice.isRepeated { bounds.isExact = false }
                return bounds
            }
            let least = all.map(\.minimum).min() ?? 0
            let same = all.allSatisfy { $0.isExact && $0.minimum == least }
            return WordBounds(minimum: least + token, isExact: same)
        case .block(let parts):
            let inner = WordBounds(parts)
            return WordBounds(minimum: inner.minimum + token, isExact: inner.isExact)
        default:
            return WordBounds(minimum: 1 + token, isExact: true)
        }
    }
}
