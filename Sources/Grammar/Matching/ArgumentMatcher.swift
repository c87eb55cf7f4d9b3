public import Bytes

/// Reads a line against a command's grammar, word by word: whether it fits, where it stops
/// fitting, and what may come next.
///
/// Handlers do not use it: a cursor over their own options is faster and lets errors read as the
/// field expects. A test holds the two readings of the grammar together. Where the number of
/// ways to read a line grows, equal ways are merged, so the work a word is bounded by the size of
/// the grammar.
public struct ArgumentMatcher: Sendable {
    /// What became of a whole line.
    public enum Outcome: Equatable, Sendable {
        /// It fits.
        case fits
        /// It ends before it is whole.
        case incomplete
        /// The word with this number cannot stand there.
        case stops(at: Int)
        /// It fits, but holds words that are refused together.
        case conflicts([String])
    }

    /// The command.
    public let spec: CommandSpec
    private var readings: [ArgumentReading]
    private var count: Int
    /// The number of words before the arguments: the name, or a container's and its own.
    private let nameWords: Int
    /// True when the command takes any words: its arguments are not declared, only its arity.
    private let takesAnything: Bool

    /// A matcher at the beginning of the arguments of `spec`.
    public init(_ spec: CommandSpec) {
        self.spec = spec
        nameWords = spec.container == nil ? 1 : 2
        count = nameWords
        takesAnything = spec.arguments.isEmpty && spec.arity < 0
        readings = [ArgumentReading(steps: ArgumentStep.steps(of: spec.arguments))]
    }

    /// Takes the next word of the line. False when it cannot stand there; the matcher then stays
    /// where it was.
    public mutating func advance(_ word: RawSpan) -> Bool {
        if takesAnything {
            count += 1
            return true
        }
        var next: [ArgumentReading] = []
        for reading in readings {
            for way in reading.reading(word) where !next.contains(way) { next.append(way) }
        }
        if next.isEmpty { return false }
        readings = next
        count += 1
        return true
    }

    /// True when the line may end here.
    public var isWhole: Bool {
        let arity = spec.arity
        guard arity >= 0 ? count == arity : count >= -arity else { return false }
        return takesAnything || readings.contains(where: \.isWhole)
    }

    /// The arguments that the next word may belong to, those of the likeliest reading first.
    public var expected: [Argument] {
        var found: [Argument] = []
        for reading in readings {
            for argument in reading.expected where !found.contains(argument) {
                found.append(argument)
            }
        }
        return found
    }

    /// The likeliest reading's words that are refused together; nil when there are none.
    public var conflict: [String]? {
        let whole = readings.first(where: \.isWhole) ?? readings[0]
        for words in spec.conflicts {
            let present = words.filter(whole.tokens.contains)
            if present.count > 1 { return present }
        }
        return nil
    }

    /// What is left of the likeliest reading, for hints.
    var remainder: ArgumentReading { readings[0] }

    /// What the last word was in the likeliest reading.
    var role: WordRole { takesAnything ? .string : readings[0].role }

    /// The option words that are refused next to those that stand in the line already.
    var excluded: Set<String> {
        let present = Set(readings[0].tokens)
        return spec.conflicts.reduce(into: []) { words, conflict in
            guard conflict.contains(where: present.contains) else { return }
            words.formUnion(conflict.filter { !present.contains($0) })
        }
    }

    /// Reads a whole line; its first words are the command's name.
    public static func match(_ line: [ByteString], _ spec: CommandSpec) -> Outcome {
        var matcher = ArgumentMatcher(spec)
        for (index, word) in line.enumerated().dropFirst(matcher.nameWords) {
            guard matcher.advance(word.rawSpan) else { return .stops(at: index) }
        }
        guard matcher.isWhole else { return .incomplete }
        return matcher.conflict.map(Outcome.conflicts) ?? .fits
    }
}
