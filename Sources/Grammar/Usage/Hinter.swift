public import Bytes

/// The hint behind a line that is being typed: the arguments that are still to come.
public struct Hinter: Sendable {
    private let catalog: CommandCatalog

    /// Hints for the commands of `catalog`.
    public init(_ catalog: CommandCatalog) { self.catalog = catalog }

    /// What may follow the words of a line: arguments that are there already are gone from it,
    /// whatever their order. Nil when there is no such command, or when the line does not fit
    /// it. The words are whole: one that is still being typed is not among them.
    public func hint(after line: [ByteString]) -> String? {
        guard let spec = catalog.find(line) else { return nil }
        if !spec.subcommands.isEmpty { return line.count == 1 ? "subcommand" : nil }
        var matcher = ArgumentMatcher(spec)
        for word in line.dropFirst(spec.container == nil ? 1 : 2) {
            guard matcher.advance(word.rawSpan) else { return nil }
        }
        return SyntaxPrinter.text(matcher.remainder.steps)
    }
}
