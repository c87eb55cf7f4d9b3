public import Bytes

/// Makes random lines that fit a command's grammar: for fuzzing and for comparisons with a real
/// server. The same seed gives the same lines.
public struct CommandLineGenerator: Sendable {
    /// Values for an argument, in place of the usual ones for its kind; nil for the usual ones.
    public typealias Values = @Sendable (Argument, inout Random) -> ByteString?

    /// The command.
    public let spec: CommandSpec
    private let values: Values

    /// A generator of lines for `spec`.
    public init(_ spec: CommandSpec, values: @escaping Values = { _, _ in nil }) {
        self.spec = spec
        self.values = values
    }

    /// A line that fits and holds no words that are refused together.
    public func line(using random: inout Random) -> [ByteString] {
        while true {
            let line = attempt(using: &random)
            if ArgumentMatcher.match(line, spec) == .fits { return line }
        }
    }

    private func attempt(using random: inout Random) -> [ByteString] {
        var line = (spec.container.map { [$0] } ?? []).map { word($0, &random) }
        line.append(word(spec.name, &random))
        add(spec.arguments, to: &line, using: &random)
        // A command whose arguments are not declared takes any words.
        let missing = spec.arity < 0 ? -spec.arity - line.count : spec.arity - line.count
        if spec.arguments.isEmpty, missing > 0 {
            for _ in 0..<missing { line.append(CommandLineGenerator.anyText(&random)) }
        }
        return line
    }

    /// Adds a sequence; neighbouring options that begin with a word come in any order.
    private func add(
        _ arguments: [Argument], to line: inout [ByteString], using random: inout Random
    ) {
        var index = 0
        var count: Int?
        while index < arguments.count {
            var end = index
            while end < arguments.count && arguments[end].isOptional { end += 1 }
            if end == index {
                count = add(arguments[index], count, to: &line, using: &random)
                index += 1
                continue
            }
            var chosen = arguments[index..<end].filter { option in
                count != nil && option.isKey || random.next(below: 3) == 0
            }
            if count == nil, chosen.allSatisfy(\.beginsWithToken) { chosen.shuffle(using: &random) }
            for option in chosen { count = add(option, count, to: &line, using: &random) }
            index = end
        }
    }

    /// Adds one argument that is there; gives the number of keys when that is what it is.
    private func add(
        _ argument: Argument, _ count: Int?, to line: inout [ByteString],
        using random: inout Random
    ) -> Int? {
        var times = argument.isRepeated ? 1 + random.next(below: 3) : 1
        if argument.isKey, argument.isRepeated, let count { times = count }
        for time in 0..<times {
            if let token = argument.token, time == 0 || argument.repeatsToken {
                line.append(word(token, &random))
            }
            if argument.name == "numkeys" {
                let keys = 1 + random.next(below: 3)
                line.append(ByteString(String(keys)))
                return keys
            }
            addOperand(argument, to: &line, using: &random)
        }
        return nil
    }

    private func addOperand(
        _ argument: Argument, to line: inout [ByteString], using random: inout Random
    ) {
        switch argument.kind {
        case .pureToken: break
        case .oneOf(let choices):
            _ = add(choices[random.next(below: choices.count)], nil, to: &line, using: &random)
        case .block(let parts): add(parts, to: &line, using: &random)
        default:
            line.append(values(argument, &random) ?? usual(argument, &random))
        }
    }

    private func usual(_ argument: Argument, _ random: inout Random) -> ByteString {
        switch argument.kind {
        case .key: CommandLineGenerator.keys[random.next(below: CommandLineGenerator.keys.count)]
        case .integer: ByteString(CommandLineGenerator.integer(&random))
        case .unixTime: ByteString(String(1_700_000_000 + random.next(below: 200_000_000)))
        case .double:
            CommandLineGenerator.doubles[random.next(below: CommandLineGenerator.doubles.count)]
        case .pattern:
            CommandLineGenerator.patterns[random.next(below: CommandLineGenerator.patterns.count)]
        default: CommandLineGenerator.anyText(&random)
        }
    }

    /// A word of the grammar in capitals, in small letters, or in both.
    private func word(_ text: String, _ random: inout Random) -> ByteString {
        switch random.next(below: 4) {
        case 0: return ByteString(text.lowercased())
        case 1:
            return ByteString(
                text.utf8.map { random.next(below: 2) == 0 ? $0.asciiLowercased : $0 })
        default: return ByteString(text)
        }
    }

    private static let keys: [ByteString] = ["a", "b", "key:1", "key:2", "{tag}x", "k\u{e9}y", ""]
    private static let doubles: [ByteString] = ["0", "1.5", "-2", "3e2", "0.1", "inf", "1e17"]
    private static let patterns: [ByteString] = ["*", "k*", "?", "[a-c]", "key:\\1", "nope"]
    private static let texts: [ByteString] = [
        "hello", "", "0", "10", "-1", "3.5", "x y", "ch\u{e8}re",
    ]

    private static func anyText(_ random: inout Random) -> ByteString {
        texts[random.next(below: texts.count)]
    }

    private static func integer(_ random: inout Random) -> String {
        switch random.next(below: 8) {
        case 0: String(-random.next(below: 10))
        case 1: String(random.next(below: 100_000))
        case 2: random.next(below: 2) == 0 ? String(Int64.max) : String(Int64.min)
        default: String(random.next(below: 12))
        }
    }
}

extension Argument {
    /// True when a word of its own tells that it begins.
    fileprivate var beginsWithToken: Bool {
        if token != nil { return true }
        switch kind {
        case .oneOf(let choices): return choices.allSatisfy(\.beginsWithToken)
        case .block(let parts): return parts.first?.beginsWithToken ?? false
        default: return false
        }
    }
}
