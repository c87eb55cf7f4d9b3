public import Bytes

// What may stand where a word is being typed, from the grammar alone: commands, subcommands, the
// option words that are still legal. Of values the grammar knows only where they stand, so whoever
// knows some (names of settings, groups, types) hands them in, and where a key may stand the
// answer says so, for somebody who has keys.

/// Says what may stand at a place in a line.
public struct Completer: Sendable {
    /// What a candidate is.
    public enum Kind: Equatable, Sendable {
        /// A command.
        case command
        /// A subcommand.
        case subcommand
        /// An option word.
        case token
        /// One of the values handed in.
        case value
    }

    /// A word that may stand there.
    public struct Candidate: Equatable, Sendable {
        /// The word.
        public var text: String
        /// What it is.
        public var kind: Kind

        /// A candidate.
        public init(_ text: String, _ kind: Kind) {
            self.text = text
            self.kind = kind
        }
    }

    /// What may stand at a place.
    public struct Answer: Equatable, Sendable {
        /// The words that begin as the typed one does, in the order of the grammar.
        public var candidates: [Candidate] = []
        /// True when the name of a key may stand there.
        public var takesKey = false
        /// The names of the arguments that may stand there and are neither words nor keys.
        public var expected: [String] = []
        /// Where the command whose line it is stands in the reference.
        public var group: CommandGroup?
    }

    /// Known values of an argument: by the command and the argument.
    public typealias Values = @Sendable (CommandSpec, Argument) -> [String]

    private let catalog: CommandCatalog
    private let values: Values

    /// Completion of the commands in `catalog`.
    public init(_ catalog: CommandCatalog, values: @escaping Values = { _, _ in [] }) {
        self.catalog = catalog
        self.values = values
    }

    /// What may stand behind `line`, whose words are whole, and begins with `prefix` in any case
    /// of letters.
    public func complete(after line: [ByteString], prefix: String) -> Answer {
        var answer = Answer()
        let begins = { (word: String) in
            word.utf8.count >= prefix.utf8.count
                && zip(word.utf8, prefix.utf8)
                    .allSatisfy { $0.asciiUppercased == $1.asciiUppercased }
        }
        func add(_ word: String, _ kind: Kind) {
            guard !word.isEmpty, begins(word),
                !answer.candidates.contains(where: { $0.text == word })
            else { return }
            answer.candidates.append(Candidate(word, kind))
        }
        guard !line.isEmpty else {
            for command in catalog.commands { add(command.name, .command) }
            return answer
        }
        guard let spec = catalog.find(line) else { return answer }
        answer.group = spec.group
        if !spec.subcommands.isEmpty {
            if line.count == 1 { for sub in spec.subcommands { add(sub.name, .subcommand) } }
            return answer
        }
        var matcher = ArgumentMatcher(spec)
        for word in line.dropFirst(spec.container == nil ? 1 : 2) {
            guard matcher.advance(word.rawSpan) else { return answer }
        }
        let excluded = matcher.excluded
        for argument in matcher.expected.flatMap(\.beginnings) {
            if let token = argument.token {
                if !excluded.contains(token.uppercased()) { add(token, .token) }
            } else if argument.isKey {
                answer.takesKey = true
            } else {
                answer.expected.append(argument.name)
                for value in values(spec, argument) { add(value, .value) }
            }
        }
        return answer
    }
}

extension Argument {
    /// The arguments without parts that this one may begin with.
    fileprivate var beginnings: [Argument] {
        if token != nil { return [self] }
        switch kind {
        case .oneOf(let choices): return choices.flatMap(\.beginnings)
        case .block(let parts):
            return ArgumentReading(steps: ArgumentStep.steps(of: parts)).expected
                .flatMap(\.beginnings)
        default: return [self]
        }
    }
}
