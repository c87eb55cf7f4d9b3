public import Bytes

/// The hint behind a line that is being typed: the arguments that are still to come.
public struct Hinter: Sendable {
    private let catalog: CommandCatalog

    /// Hints for the commands of `catalog`.
    public init(_ catalog: CommandCatalog) { self.catalog = catalog }

    /// What may follow the words of a line: arguments that are there already are gone from it,
    /// whatever their order, and so are option words that are refused next to them. Nil when
    /// there is no such command, or when the line does not fit it. The words are whole: one that
    /// is still being typed is not among them.
    public func hint(after line: [ByteString]) -> String? {
        guard let spec = catalog.find(line) else { return nil }
        if !spec.subcommands.isEmpty { return line.count == 1 ? "subcommand" : nil }
        var matcher = ArgumentMatcher(spec)
        for word in line.dropFirst(spec.container == nil ? 1 : 2) {
            guard matcher.advance(word.rawSpan) else { return nil }
        }
        let excluded = matcher.excluded
        let steps = matcher.remainder.steps.compactMap { $0.without(excluded) }
        return SyntaxPrinter.text(steps)
    }
}

extension ArgumentStep {
    /// The step without the optional words that `excluded` has; nil when nothing is left of it.
    fileprivate func without(_ excluded: Set<String>) -> ArgumentStep? {
        guard case .options(let arguments) = self, !excluded.isEmpty else { return self }
        let left = arguments.compactMap { argument -> Argument? in
            if let token = argument.token {
                return excluded.contains(token.uppercased()) ? nil : argument
            }
            guard case .oneOf(let choices) = argument.kind else { return argument }
            let others = choices.filter { choice in
                choice.token.map { !excluded.contains($0.uppercased()) } ?? true
            }
            var copy = argument
            copy.kind = .oneOf(others)
            return others.isEmpty ? nil : copy
        }
        return left.isEmpty ? nil : .options(left)
    }
}
