// The arity that a command reports and that requests are checked against, from its arguments.

extension CommandSpec {
    /// The number of words with the name counted (two names for a subcommand); negative when it
    /// is a minimum, as `COMMAND INFO` reports it.
    public var arity: Int {
        if let arityOverride { return arityOverride }
        var bounds = WordBounds(minimum: container == nil ? 1 : 2, isExact: true)
        for argument in arguments { bounds.add(argument) }
        return bounds.isExact ? bounds.minimum : -bounds.minimum
    }
}

private struct WordBounds {
    var minimum: Int
    var isExact: Bool

    mutating func add(_ argument: Argument) {
        if argument.isOptional {
            isExact = false
            return
        }
        if argument.isRepeated { isExact = false }
        let own = WordBounds.words(of: argument)
        minimum += own.minimum
        if !own.isExact { isExact = false }
    }

    private static func words(of argument: Argument) -> WordBounds {
        let token = argument.token == nil ? 0 : 1
        switch argument.kind {
        case .pureToken:
            return WordBounds(minimum: 1, isExact: true)
        case .oneOf(let choices):
            let all = choices.map(words(of:))
            let least = all.map(\.minimum).min() ?? 0
            let same = all.allSatisfy { $0.isExact && $0.minimum == least }
            return WordBounds(minimum: least + token, isExact: same)
        case .block(let parts):
            var bounds = WordBounds(minimum: token, isExact: true)
            for part in parts { bounds.add(part) }
            return bounds
        default:
            return WordBounds(minimum: 1 + token, isExact: true)
        }
    }
}
