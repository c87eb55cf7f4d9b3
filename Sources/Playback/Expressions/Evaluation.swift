/// What an expression comes to.
public enum Value: Sendable, Equatable {
    /// A number in base units, and the unit in which it is best shown.
    case number(Double, Dimension, Quantity.Unit?)
    /// A text.
    case text(String)
    /// A truth.
    case truth(Bool)
    /// Nothing, and why.
    case missing(String)

    /// A quantity as a value.
    static func quantity(_ quantity: Quantity) -> Value {
        .number(quantity.base, quantity.dimension, quantity.unit)
    }

    /// A word of a scenario as a value: a quantity where it reads as one.
    static func word(_ text: String) -> Value {
        if let quantity = Quantity(text) { return .quantity(quantity) }
        return .text(text)
    }

    /// As people read it.
    public var text: String {
        switch self {
        case .number(let base, let dimension, let unit):
            QuantityText.text(base, unit ?? QuantityText.unit(of: dimension))
        case .text(let text): "\"\(text)\""
        case .truth(let truth): truth ? "true" : "false"
        case .missing(let why): "unknown (\(why))"
        }
    }
}

/// Where a number comes from.
public enum Origin: String, Sendable {
    /// It was counted by the engine or by the player.
    case measured
    /// It follows from a model of time.
    case modelled
    /// Somebody else published it.
    case quoted
}

/// A value and where it comes from.
public struct Reading: Sendable, Equatable {
    /// The value.
    public var value: Value
    /// Where it comes from.
    public var origin: Origin

    /// A reading.
    public init(_ value: Value, _ origin: Origin) {
        self.value = value
        self.origin = origin
    }
}

/// A figure that an evaluation has looked at.
public struct Term: Sendable, Equatable {
    /// The expression's text.
    public var text: String
    /// What it came to.
    public var reading: Reading

    /// In one line: `app.latency.mean = 59.1 ms  [modelled]`.
    public var line: String { "\(text) = \(reading.value.text)  [\(reading.origin.rawValue)]" }
}

/// Works out what expressions come to, and notes the figures on the way.
struct Evaluator {
    /// Reads a figure; its arguments have been worked out.
    var figure: (FigureCall, [Value]) -> Reading
    /// The value of a variable.
    var variable: (String) -> Value?
    /// The figures and variables that were read, in their order.
    private(set) var terms: [Term] = []

    init(
        figure: @escaping (FigureCall, [Value]) -> Reading,
        variable: @escaping (String) -> Value?
    ) {
        self.figure = figure
        self.variable = variable
    }

    /// True when a statement holds. What is unknown does not.
    mutating func holds(_ expression: Expression) -> Bool { value(expression) == .truth(true) }

    /// What an expression comes to. All parts are worked out, so that all terms are noted.
    mutating func value(_ expression: Expression) -> Value {
        switch expression.kind {
        case .quantity(let quantity): return .quantity(quantity)
        case .text(let text): return .text(text)
        case .variable(let name):
            let value = variable(name) ?? .missing("there is no $\(name)")
            note(expression, Reading(value, .measured))
            return value
        case .figure(let call):
            let reading = figure(call, call.arguments.map { value($0) })
            note(expression, reading)
            return reading.value
        case .not(let inner):
            guard case .truth(let truth) = value(inner) else { return .truth(false) }
            return .truth(!truth)
        case .negative(let inner):
            guard case .number(let number, let dimension, let unit) = value(inner) else {
                return .missing("no number")
            }
            return .number(-number, dimension, unit)
        case .and(let left, let right):
            let (first, second) = (value(left), value(right))
            return .truth(first == .truth(true) && second == .truth(true))
        case .or(let left, let right):
            let (first, second) = (value(left), value(right))
            return .truth(first == .truth(true) || second == .truth(true))
        case .binary(let op, let left, let right):
            let (first, second) = (value(left), value(right))
            return op.isComparison
                ? .truth(Self.compare(op, first, second)) : Self.compute(op, first, second)
        case .between(let inner, let low, let high):
            let (number, bottom, top) = (value(inner), value(low), value(high))
            return .truth(
                Self.compare(.atLeast, number, bottom) && Self.compare(.atMost, number, top))
        case .matches(let inner, let pattern):
            return .truth(Self.finds(pattern, in: value(inner)))
        }
    }

    private mutating func note(_ expression: Expression, _ reading: Reading) {
        let term = Term(text: expression.text, reading: reading)
        if !terms.contains(term) { terms.append(term) }
    }

    static func finds(_ pattern: String, in value: Value) -> Bool {
        let text: String
        switch value {
        case .text(let string): text = string
        case .missing: return false
        default: text = value.text
        }
        guard let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }

    static func compare(_ op: Expression.Operator, _ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.number(let first, let one, _), .number(let second, let other, _)):
            guard one == other || first == 0 || second == 0 else { return false }
            return compare(op, first, second, isEqual: isClose(first, second))
        case (.text(let first), .text(let second)):
            return compare(op, first, second, isEqual: first == second)
        case (.truth(let first), .truth(let second)):
            return op == .equal ? first == second : op == .unequal && first != second
        case (.text(let first), .number(let second, _, _)):
            // A reply such as "42" is text on the wire, and a number to people.
            guard let number = Double(first) else { return op == .unequal }
            return compare(op, number, second, isEqual: isClose(number, second))
        case (.number(let first, _, _), .text(let second)):
            guard let number = Double(second) else { return op == .unequal }
            return compare(op, first, number, isEqual: isClose(first, number))
        case (.missing, _), (_, .missing): return false
        default: return op == .unequal
        }
    }

    /// Equal but for what floating point loses on the way.
    private static func isClose(_ left: Double, _ right: Double) -> Bool {
        left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    }

    private static func compare<T: Comparable>(
        _ op: Expression.Operator, _ left: T, _ right: T, isEqual: Bool
    ) -> Bool {
        switch op {
        case .equal: isEqual
        case .unequal: !isEqual
        case .less: left < right && !isEqual
        case .atMost: left < right || isEqual
        case .more: left > right && !isEqual
        case .atLeast: left > right || isEqual
        default: false
        }
    }

    private static func number(_ value: Value) -> (Double, Dimension, Quantity.Unit?)? {
        switch value {
        case .number(let number, let dimension, let unit): (number, dimension, unit)
        case .text(let text): Double(text).map { ($0, .none, nil) }
        default: nil
        }
    }

    static func compute(_ op: Expression.Operator, _ left: Value, _ right: Value) -> Value {
        guard let (first, one, unit) = number(left), let (second, other, otherUnit) = number(right)
        else { return .missing("no numbers to reckon with") }
        switch op {
        case .plus, .minus:
            guard one == other || first == 0 || second == 0 else {
                return .missing("\(one.name) and \(other.name) do not add up")
            }
            let sum = op == .plus ? first + second : first - second
            return .number(sum, first == 0 ? other : one, unit ?? otherUnit)
        case .times:
            let dimension = Dimension(
                seconds: one.seconds + other.seconds, bytes: one.bytes + other.bytes)
            return .number(first * second, dimension, one == .none ? otherUnit : unit)
        default:
            guard second != 0 else { return .missing("a division by zero") }
            let dimension = Dimension(
                seconds: one.seconds - other.seconds, bytes: one.bytes - other.bytes)
            return .number(first / second, dimension, dimension == one ? unit : nil)
        }
    }
}
