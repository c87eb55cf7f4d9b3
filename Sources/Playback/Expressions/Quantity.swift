// Numbers with units. A quantity is kept in base units (seconds, bytes, ones), so that 200 ms and
// 0.2 s are the same; its dimension says what it may be compared with and added to.

/// What a number measures: powers of seconds and of bytes.
public struct Dimension: Hashable, Sendable {
    /// The power of seconds.
    public var seconds = 0
    /// The power of bytes.
    public var bytes = 0

    /// A plain number, a ratio or a factor.
    public static let none = Dimension()
    /// A duration.
    public static let time = Dimension(seconds: 1)
    /// A size.
    public static let size = Dimension(bytes: 1)
    /// Something per second.
    public static let rate = Dimension(seconds: -1)

    /// In words, for complaints.
    public var name: String {
        switch self {
        case .none: "a plain number"
        case .time: "a time"
        case .size: "a size"
        case .rate: "a rate"
        default: "a quantity of another kind"
        }
    }
}

/// A number with its unit.
public struct Quantity: Hashable, Sendable {
    /// The units that may be written.
    public enum Unit: String, CaseIterable, Sendable {
        case nanoseconds = "ns"
        case microseconds = "us"
        case milliseconds = "ms"
        case seconds = "s"
        case minutes = "m"
        case hours = "h"
        case percent = "%"
        case bytes = "B"
        case kilobytes = "KB"
        case megabytes = "MB"
        case perSecond = "rps"
        case times = "x"

        /// What it measures.
        public var dimension: Dimension {
            switch self {
            case .nanoseconds, .microseconds, .milliseconds, .seconds, .minutes, .hours: .time
            case .bytes, .kilobytes, .megabytes: .size
            case .perSecond: .rate
            case .percent, .times: .none
            }
        }

        /// So many base units.
        var factor: Double {
            switch self {
            case .nanoseconds: 1e-9
            case .microseconds: 1e-6
            case .milliseconds: 1e-3
            case .minutes: 60
            case .hours: 3600
            case .percent: 0.01
            case .kilobytes: 1024
            case .megabytes: 1_048_576
            case .seconds, .bytes, .perSecond, .times: 1
            }
        }
    }

    /// The number as it is written.
    public var number: Double
    /// The unit; nil for a plain number.
    public var unit: Unit?

    /// A quantity.
    public init(_ number: Double, _ unit: Unit? = nil) {
        self.number = number
        self.unit = unit
    }

    /// In base units.
    public var base: Double {
        // Division keeps 300 ms exactly 0.3, which multiplication does not.
        switch unit {
        case nil: number
        case .nanoseconds: number / 1e9
        case .microseconds: number / 1e6
        case .milliseconds: number / 1e3
        case .percent: number / 100
        case .some(let unit): number * unit.factor
        }
    }

    /// What it measures.
    public var dimension: Dimension { unit?.dimension ?? .none }

    /// The nanoseconds of a time; nil for anything else.
    public var nanoseconds: UInt64? {
        guard dimension == .time, base >= 0, base < 1e9 else { return nil }
        return UInt64((base * 1e9).rounded())
    }

    /// Reads `250ms`, `0.5s`, `90%` or `12`; nil when it is none.
    public init?(_ text: some StringProtocol) {
        var lexer = ExpressionLexer(String(text))
        guard let token = lexer.next(), case .quantity(let quantity) = token.kind,
            lexer.next() == nil
        else { return nil }
        self = quantity
    }
}

/// How quantities are written for people.
enum QuantityText {
    /// `59.1 ms`, `1.2 s`, `92.1 %`, `6000`.
    static func text(_ base: Double, _ unit: Quantity.Unit?) -> String {
        guard base.isFinite else { return "\(base)" }
        switch unit {
        case .percent: return rounded(base * 100) + " %"
        case .perSecond: return rounded(base) + " rps"
        case .times: return rounded(base) + "x"
        case .bytes, .kilobytes, .megabytes:
            let size = abs(base)
            if size >= 1_048_576 { return rounded(base / 1_048_576) + " MB" }
            if size >= 10_240 { return rounded(base / 1024) + " KB" }
            return rounded(base) + " B"
        case .some:
            let time = abs(base)
            if time == 0 { return "0 s" }
            if time < 0.9995e-6 { return rounded(base * 1e9) + " ns" }
            if time < 0.9995e-3 { return rounded(base * 1e6) + " us" }
            if time < 0.9995 { return rounded(base * 1e3) + " ms" }
            return rounded(base) + " s"
        case nil: return rounded(base)
        }
    }

    /// The unit in which a dimension is shown.
    static func unit(of dimension: Dimension) -> Quantity.Unit? {
        switch dimension {
        case .time: .seconds
        case .size: .bytes
        case .rate: .perSecond
        default: nil
        }
    }

    /// At most three digits behind the point, and four digits in all where there are fewer
    /// before it.
    static func rounded(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        let size = abs(number)
        let places = size >= 100 ? 1 : size >= 10 ? 2 : 3
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (size * scale).rounded()
        guard scaled < 1e15 else { return "\(number)" }
        let whole = Int64(scaled) / Int64(scale)
        var digits = String(Int64(scale) + Int64(scaled) % Int64(scale)).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        let sign = number < 0 ? "-" : ""
        return digits.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(digits)"
    }
}
