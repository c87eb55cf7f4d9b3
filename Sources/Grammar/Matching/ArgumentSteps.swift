import Bytes

// What may still come of a line, as data. A word is taken by deriving the rest of the grammar:
// each way to read the word gives what may follow it. Nothing is left exactly when the line is
// whole, and what is left is the hint. Neighbouring optional arguments form one step, because
// they may come in any order.

/// A part of the grammar that has not been read yet.
enum ArgumentStep: Equatable {
    /// One argument, which must come.
    case one(Argument)
    /// Some arguments, each of which may come once, in any order.
    case options([Argument])
    /// More of a repeated argument, which may come.
    case more(Argument)
    /// A counted argument, so many times.
    case times(Argument, Int)

    /// The steps of a sequence of arguments.
    static func steps(of arguments: [Argument]) -> [ArgumentStep] {
        var steps: [ArgumentStep] = []
        for argument in arguments {
            if !argument.isOptional {
                steps.append(.one(argument))
            } else if case .options(let neighbours)? = steps.last {
                steps[steps.count - 1] = .options(neighbours + [argument])
            } else {
                steps.append(.options([argument]))
            }
        }
        return steps
    }

    /// The same step when a line has so many keys.
    fileprivate func with(keys count: Int) -> ArgumentStep {
        guard case .options(let arguments) = self else { return self }
        return .options(
            arguments.map { argument in
                var argument = argument
                if argument.isPerKey { argument.repetitions = count }
                return argument
            })
    }

    /// True when the line may go on, or end, without it.
    var isSkippable: Bool {
        switch self {
        case .one(let argument): argument.takesNothing
        case .options, .more: true
        case .times(_, let count): count == 0
        }
    }
}

/// One way to read a line so far.
struct ArgumentReading: Equatable {
    /// What has not been read yet.
    var steps: [ArgumentStep]
    /// The option words that were read, in capitals.
    var tokens: [String] = []
    /// What the last word was read as.
    var role = WordRole.string

    /// True when the line may end here.
    var isWhole: Bool { steps.allSatisfy(\.isSkippable) }

    /// Every way to read one more word; those that read it as an option's name come first.
    func reading(_ word: RawSpan) -> [ArgumentReading] {
        var literal: [ArgumentReading] = []
        var other: [ArgumentReading] = []
        for index in steps.indices {
            let rest = steps[(index + 1)...]
            for way in steps[index].take(word, before: rest) {
                let next = ArgumentReading(
                    steps: way.steps, tokens: tokens + way.tokens, role: way.role)
                if way.tokens.isEmpty { other.append(next) } else { literal.append(next) }
            }
            guard steps[index].isSkippable else { break }
        }
        return literal + other
    }

    /// The arguments that the next word may belong to.
    var expected: [Argument] {
        var found: [Argument] = []
        for step in steps {
            switch step {
            case .one(let argument), .more(let argument): found.append(argument)
            case .times(let argument, let count): if count > 0 { found.append(argument) }
            case .options(let arguments): found += arguments
            }
            guard step.isSkippable else { break }
        }
        return found
    }
}

/// What one reading of a word leaves, and the option word that it was.
private struct Way {
    var steps: [ArgumentStep]
    var tokens: [String] = []
    var role = WordRole.string

    /// The same reading with more left behind it.
    func followed(by rest: some Sequence<ArgumentStep>) -> Way {
        Way(steps: steps + rest, tokens: tokens, role: role)
    }
}

extension ArgumentStep {
    /// The ways to read a word as the beginning of this step, each with what is then left of it
    /// and of `rest`.
    fileprivate func take(_ word: RawSpan, before rest: ArraySlice<ArgumentStep>) -> [Way] {
        switch self {
        case .one(let argument):
            let rest = argument.counts(word, rest) ?? rest
            return argument.take(word).map { $0.followed(by: rest) }
        case .more(let argument):
            return argument.take(word).map { $0.followed(by: rest) }
        case .times(let argument, let count):
            guard count > 0 else { return [] }
            var once = argument
            once.isRepeated = false
            let left: [ArgumentStep] = count > 1 ? [.times(argument, count - 1)] : []
            return once.take(word).map { $0.followed(by: left + rest) }
        case .options(let arguments):
            return arguments.indices.flatMap { index in
                var others = arguments
                var option = arguments[index]
                if option.repeatsToken {
                    // It stays among the options: it may come again at any place.
                    option.isRepeated = false
                } else {
                    others.remove(at: index)
                }
                let left: [ArgumentStep] = others.isEmpty ? [] : [.options(others)]
                return option.take(word).map { $0.followed(by: left + rest) }
            }
        }
    }
}

extension Argument {
    /// True when it may take no word at all, though it must come.
    fileprivate var takesNothing: Bool {
        guard token == nil, case .block(let parts) = kind else { return false }
        return parts.allSatisfy { $0.isOptional || $0.takesNothing }
    }

    /// The ways to read a word as the beginning of this argument, which is there.
    fileprivate func take(_ word: RawSpan) -> [Way] {
        var again: [ArgumentStep] = []
        if isRepeated {
            var next = self
            next.isOptional = false
            if !repeatsToken { next.token = nil }
            again = [.more(next)]
            if let repetitions { again = repetitions > 1 ? [.times(next, repetitions - 1)] : [] }
        }
        return takeOnce(word).map { $0.followed(by: again) }
    }

    private func takeOnce(_ word: RawSpan) -> [Way] {
        if let token {
            guard word.matches(upper: token.uppercased()) else { return [] }
            if kind == .pureToken {
                return [Way(steps: [], tokens: [token.uppercased()], role: .token)]
            }
            var operand = self
            operand.token = nil
            operand.isOptional = false
            operand.isRepeated = false
            return [Way(steps: [.one(operand)], tokens: [token.uppercased()], role: .token)]
        }
        switch kind {
        case .pureToken: return []
        case .oneOf(let choices): return choices.flatMap { $0.take(word) }
        case .block(let parts):
            return ArgumentReading(steps: ArgumentStep.steps(of: parts)).reading(word)
                .map { Way(steps: $0.steps, tokens: $0.tokens, role: $0.role) }
        case .integer, .unixTime:
            return word.canonicalInteger == nil ? [] : [Way(steps: [], role: .number)]
        case .double: return Doubles.parse(word) == nil ? [] : [Way(steps: [], role: .number)]
        case .key: return [Way(steps: [], role: .key)]
        case .string, .pattern: return [Way(steps: [])]
        }
    }

    /// What follows a number of keys: exactly so many. Nil when this is no such number.
    fileprivate func counts(
        _ word: RawSpan, _ rest: ArraySlice<ArgumentStep>
    ) -> ArraySlice<ArgumentStep>? {
        guard name == "numkeys", kind == .integer, token == nil,
            let number = word.canonicalInteger, let count = Int(exactly: number)
        else { return nil }
        switch rest.first {
        case .one(let key)? where key.isRepeated:
            // A count of nothing fits no line: the key that must come stays.
            if count < 1 { return nil }
            return [.times(key, count)] + rest.dropFirst().map { $0.with(keys: count) }
        case .options(let options)? where options[0].isRepeated && options[0].isKey:
            guard count >= 0 else { return nil }
            let others = Array(options.dropFirst())
            return [.times(options[0], count)] + (others.isEmpty ? [] : [.options(others)])
                + rest.dropFirst()
        default: return nil
        }
    }

    /// True for what comes once for each key: the weights of sorted sets.
    fileprivate var isPerKey: Bool { isRepeated && name == "weight" }

    /// True for a key.
    var isKey: Bool { if case .key = kind { true } else { false } }
}
