/// What a figure is: its name, what it is asked with, and what it tells.
struct FigureSignature: Sendable {
    /// What a figure or an expression tells.
    enum Kind: Equatable, Sendable {
        case number(Dimension, Quantity.Unit?)
        case text
        case truth
        /// It depends on the run.
        case unknown
    }

    /// The name: `app.latency.p99`, `key.ttl`.
    var name: String
    /// What stands in brackets: the names of the arguments.
    var arguments: [String]
    /// How many of them may be left out, from the end.
    var optional = 0
    /// What it tells.
    var kind: Kind
    /// In words.
    var help: String
    /// Why it cannot be read yet; nil when it can.
    var missing: String?

    /// As it is written.
    var usage: String {
        guard !arguments.isEmpty else { return name }
        let words = arguments.map { ["share", "number"].contains($0) ? $0 : "\"\($0)\"" }
        let inner = words.joined(separator: ", ")
        // One of the subject's own, and one of what is asked of it.
        if ["pubsub.received", "key.element"].contains(name) {
            return name.replacing(".", with: "(\(words[0])).") + "(\(words[1]))"
        }
        // `key.ttl` is written key("k").ttl, `cmd.p50` is written cmd.p50("get").
        guard let point = name.firstIndex(of: "."), Self.subjects.contains(name[..<point]) else {
            return "\(name)(\(inner))"
        }
        return "\(name[..<point])(\(inner))\(name[point...])"
    }

    private static let subjects: [Substring] = [
        "key", "node", "pubsub", "file", "quiz", "exercise", "fact",
    ]
}

/// Works out what an expression tells without running anything, and what is wrong with it.
struct ExpressionTypes {
    typealias Kind = FigureSignature.Kind

    /// The figures that there are.
    var figures: [String: FigureSignature]
    /// What a variable holds; nil when there is none.
    var variable: (String) -> Kind?
    /// What was found.
    private(set) var faults: [ExpressionFailure] = []
    /// The words that may have been meant, by the place of the fault.
    private(set) var suggestions: [Place: String] = [:]

    init(
        figures: [String: FigureSignature], variable: @escaping (String) -> Kind?
    ) {
        self.figures = figures
        self.variable = variable
    }

    private mutating func complain(_ at: Expression, _ code: LintCode, _ text: String) {
        faults.append(
            ExpressionFailure(place: at.place, length: max(1, at.length), text: text, code: code))
    }

    /// What the expression tells.
    mutating func kind(_ expression: Expression) -> Kind {
        switch expression.kind {
        case .quantity(let quantity): return .number(quantity.dimension, quantity.unit)
        case .text: return .text
        case .variable(let name):
            guard let kind = variable(name) else {
                complain(expression, .undefinedVariable, "nobody sets $\(name)")
                return .unknown
            }
            return kind
        case .figure(let call): return figure(call, expression)
        case .not(let inner):
            expectTruth(inner)
            return .truth
        case .negative(let inner): return kind(inner)
        case .and(let left, let right), .or(let left, let right):
            expectTruth(left)
            expectTruth(right)
            return .truth
        case .binary(let op, let left, let right):
            return op.isComparison
                ? compare(op, left, right, expression) : compute(op, left, right, expression)
        case .between(let value, let low, let high):
            let middle = kind(value)
            for bound in [low, high] { agree(middle, kind(bound), value, bound) }
            return .truth
        case .matches(let inner, _):
            _ = kind(inner)
            return .truth
        }
    }

    private mutating func expectTruth(_ expression: Expression) {
        let found = kind(expression)
        guard found != .truth, found != .unknown else { return }
        complain(
            expression, .noStatement, "this is \(Self.name(found)), and should be true or false")
    }

    private static func name(_ kind: Kind) -> String {
        switch kind {
        case .number(let dimension, _): dimension.name
        case .text: "a text"
        case .truth: "a truth"
        case .unknown: "unknown"
        }
    }

    private mutating func compare(
        _ op: Expression.Operator, _ left: Expression, _ right: Expression, _ whole: Expression
    ) -> Kind {
        let (first, second) = (kind(left), kind(right))
        agree(first, second, left, right)
        if first == .truth || second == .truth, op != .equal, op != .unequal {
            complain(whole, .unitMismatch, "truths are equal or not; they have no order")
        }
        return .truth
    }

    /// Complains unless two kinds may be compared or added. Zero is zero in any unit.
    private mutating func agree(
        _ first: Kind, _ second: Kind, _ left: Expression, _ right: Expression
    ) {
        if Self.isZero(left) || Self.isZero(right) { return }
        switch (first, second) {
        case (.unknown, _), (_, .unknown), (.text, .text), (.truth, .truth): return
        case (.number(let one, _), .number(let other, _)) where one == other: return
        // What a reply says is a text, and may be a number.
        case (.text, .number(.none, _)), (.number(.none, _), .text): return
        default:
            complain(
                right, .unitMismatch,
                "'\(left.text)' is \(Self.name(first)) and '\(right.text)' is "
                    + Self.name(second))
        }
    }

    private static func isZero(_ expression: Expression) -> Bool {
        if case .quantity(let quantity) = expression.kind { return quantity.number == 0 }
        return false
    }

    private mutating func compute(
        _ op: Expression.Operator, _ left: Expression, _ right: Expression, _ whole: Expression
    ) -> Kind {
        let (first, second) = (kind(left), kind(right))
        if first == .unknown || second == .unknown { return .unknown }
        guard case .number(let one, let unit) = Self.numeric(first),
            case .number(let other, let otherUnit) = Self.numeric(second)
        else {
            complain(whole, .unitMismatch, "only numbers can be reckoned with")
            return .unknown
        }
        switch op {
        case .plus, .minus:
            agree(first, second, left, right)
            return .number(one, unit ?? otherUnit)
        case .times:
            return .number(
                Dimension(seconds: one.seconds + other.seconds, bytes: one.bytes + other.bytes),
                unit)
        default:
            return .number(
                Dimension(seconds: one.seconds - other.seconds, bytes: one.bytes - other.bytes),
                unit)
        }
    }

    private static func numeric(_ kind: Kind) -> Kind {
        kind == .text ? .number(.none, nil) : kind
    }

    // MARK: Figures

    private mutating func figure(_ call: FigureCall, _ whole: Expression) -> Kind {
        for argument in call.arguments { _ = kind(argument) }
        guard let signature = figures[call.name] else {
            complain(whole, .unknownMetric, "unknown metric '\(call.name)'")
            suggestions[whole.place] = Suggestion.nearest(to: call.name, in: figures.keys)
            return .unknown
        }
        if let missing = signature.missing {
            complain(
                whole, .metricUnavailable, "'\(call.name)' cannot be read yet: \(missing)")
        }
        let most = signature.arguments.count
        if !(most - signature.optional...most).contains(call.arguments.count) {
            complain(whole, .metricArguments, "this figure is written \(signature.usage)")
        }
        return signature.kind
    }
}
