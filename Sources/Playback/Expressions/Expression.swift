// The language of checks: figures, numbers with units, comparisons, and, or, not.

/// A statement or a value, and where it stands.
public struct Expression: Sendable {
    /// The signs between two operands.
    public enum Operator: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"

        /// True when the result is a truth.
        var isComparison: Bool {
            switch self {
            case .plus, .minus, .times, .over: false
            default: true
            }
        }
    }

    /// What it is.
    public indirect enum Kind: Sendable {
        case quantity(Quantity)
        case text(String)
        case variable(String)
        case figure(FigureCall)
        case not(Expression)
        case negative(Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case binary(Operator, Expression, Expression)
        case between(Expression, Expression, Expression)
        case matches(Expression, pattern: String)
    }

    /// What it is.
    public var kind: Kind
    /// Where it stands.
    public var place: Place
    /// How many columns it has.
    public var length: Int
    /// The text as it stands.
    public var text: String

    /// The figures in it, in their order.
    var figures: [Expression] {
        switch kind {
        case .quantity, .text, .variable: []
        case .figure(let call): call.arguments.flatMap(\.figures) + [self]
        case .not(let inner), .negative(let inner), .matches(let inner, _): inner.figures
        case .and(let left, let right), .or(let left, let right), .binary(_, let left, let right):
            left.figures + right.figures
        case .between(let value, let low, let high): value.figures + low.figures + high.figures
        }
    }
}

/// A figure that is asked for: `app.latency.p99(last 30s)`, `key("k").ttl`.
public struct FigureCall: Sendable {
    /// The words with points between them, without arguments: `app.latency.p99`, `key.ttl`.
    public var name: String
    /// The arguments, wherever in the name they stood.
    public var arguments: [Expression]
    /// The time that it speaks of.
    public var window: Window

    /// The times that a figure may speak of.
    public enum Window: Sendable, Equatable {
        /// Since the step began.
        case step
        /// Since the scenario began.
        case run
        /// The last time before now, in nanoseconds.
        case last(UInt64)
    }
}

/// Why a text is no expression.
struct ExpressionFailure: Error {
    /// Where.
    var place: Place
    /// How many columns are wrong.
    var length: Int
    /// What is wrong.
    var text: String
    /// Which complaint it is.
    var code: LintCode
}
