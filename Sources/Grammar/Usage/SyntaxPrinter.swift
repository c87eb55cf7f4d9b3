/// Commands and arguments as one writes their syntax: `SET key value [NX | XX] [GET]`.
///
/// Square brackets hold what may be left out, angle brackets a choice that must be made, and
/// `[x ...]` more of the same.
public enum SyntaxPrinter {
    /// The whole syntax line of a command.
    public static func line(_ spec: CommandSpec) -> String {
        if !spec.subcommands.isEmpty, spec.arguments.isEmpty {
            return spec.typedName + (spec.arity == -1 ? " [subcommand]" : " subcommand")
        }
        return ([spec.typedName] + spec.arguments.map(text)).joined(separator: " ")
    }

    /// One argument, in brackets when it may be left out.
    public static func text(_ argument: Argument) -> String {
        if !argument.isOptional { return required(argument, isAlone: false) }
        return "[\(required(argument, isAlone: true))]"
    }

    /// What is left of a reading, as a hint shows it.
    static func text(_ steps: [ArgumentStep]) -> String {
        steps.flatMap { step -> [String] in
            switch step {
            case .one(let argument): [text(argument)]
            case .options(let arguments): arguments.map(text)
            case .more(let argument): ["[\(once(argument, isAlone: false)) ...]"]
            case .times(let argument, let count):
                Array(repeating: once(argument, isAlone: false), count: min(count, 3))
                    + (count > 3 ? ["..."] : [])
            }
        }.joined(separator: " ")
    }

    /// An argument that is there; `isAlone` when brackets stand around it already.
    private static func required(_ argument: Argument, isAlone: Bool) -> String {
        guard argument.isRepeated else { return once(argument, isAlone: isAlone) }
        let first = once(argument, isAlone: false)
        if argument.token != nil, !argument.repeatsToken {
            return "\(first) [\(operand(argument, isAlone: false)) ...]"
        }
        return "\(first) [\(first) ...]"
    }

    /// An argument with its word, without its repetitions.
    private static func once(_ argument: Argument, isAlone: Bool) -> String {
        guard let token = argument.token else { return operand(argument, isAlone: isAlone) }
        let word = token.isEmpty ? "\"\"" : token
        if case .pureToken = argument.kind { return word }
        return word + " " + operand(argument, isAlone: false)
    }

    /// What stands behind an argument's word.
    private static func operand(_ argument: Argument, isAlone: Bool) -> String {
        switch argument.kind {
        case .oneOf(let choices):
            let all = choices.map { required($0, isAlone: true) }.joined(separator: " | ")
            return isAlone || choices.count < 2 ? all : "<\(all)>"
        case .block(let parts): return parts.map(text).joined(separator: " ")
        default: return argument.displayText ?? argument.name
        }
    }
}
