import Bytes

/// The figures of INFO at one moment, by the names of their fields: what an explanation fills
/// its formula with.
public struct LiveFigures: Sendable {
    private var values: [String: String] = [:]

    /// No figures at all.
    public init() {}

    /// The fields of the text that INFO answers. Lines that are none are passed over.
    public init(info: String) {
        for line in info.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
    }

    /// The text of a field, or nil when the server has not told it.
    public func text(_ field: String) -> String? { values[field] }

    /// The number of a field, or nil when it is not told or no number.
    public func number(_ field: String) -> Double? {
        values[field].flatMap { Doubles.parse(Array($0.utf8)) }
    }

    /// The keys and expiring keys of all databases: the lines `db0:keys=1,expires=0,avg_ttl=0`.
    public var keys: (all: Int, expiring: Int)? {
        let databases = values.filter { name, _ in
            name.hasPrefix("db") && name.dropFirst(2).allSatisfy(\.isNumber) && name.count > 2
        }
        var sum = (all: 0, expiring: 0)
        for text in databases.values {
            for part in text.split(separator: ",") {
                let pair = part.split(separator: "=")
                guard pair.count == 2, let number = Int(pair[1]) else { continue }
                if pair[0] == "keys" { sum.all += number }
                if pair[0] == "expires" { sum.expiring += number }
            }
        }
        // INFO tells of the keyspace by leaving empty databases out.
        return values.isEmpty ? nil : sum
    }

    // MARK: As text in a formula

    /// A whole number with marks between its thousands: `9,812`.
    static func grouped(_ number: Double) -> String {
        let digits = Array(String(Int64(number.rounded().clamped)).utf8)
        let sign = digits.first == UInt8(ascii: "-") ? 1 : 0
        var text: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            let left = digits.count - place
            if place > sign, left % 3 == 0 { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A number with so many decimals.
    static func fixed(_ number: Double, _ decimals: Int) -> String {
        var text: [UInt8] = []
        Doubles.appendFixed(number, decimals: decimals, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// `part / (part + rest) = 71.2 %`, or nil where nothing was counted.
    func share(_ part: String, ofItAnd rest: String, _ label: String, _ other: String) -> String? {
        guard let first = number(part), let second = number(rest), first + second > 0 else {
            return nil
        }
        let percent = LiveFigures.fixed(first / (first + second) * 100, 1)
        return "\(label) \(LiveFigures.grouped(first)) / "
            + "(\(LiveFigures.grouped(first)) + \(other) \(LiveFigures.grouped(second)))"
            + " = \(percent) %"
    }

    /// `61.8 MiB of 64.0 MiB = 96.6 %`, or nil where the whole is not known or nothing.
    func share(_ part: String, of whole: String) -> String? {
        guard let first = number(part), let all = number(whole), all > 0 else { return nil }
        return "\(Units.bytes(Int64(first.clamped))) of \(Units.bytes(Int64(all.clamped)))"
            + " = \(LiveFigures.fixed(first / all * 100, 1)) %"
    }

    /// The size that a field tells, or nil.
    func size(_ field: String) -> String? {
        number(field).map { Units.bytes(Int64($0.clamped)) }
    }

    /// The count that a field tells, or nil.
    func count(_ field: String) -> String? { number(field).map(LiveFigures.grouped) }
}

extension Double {
    /// The number within what an `Int64` can hold with room to spare; no number becomes 0.
    fileprivate var clamped: Double { isNaN ? 0 : Swift.min(9e18, Swift.max(-9e18, self)) }
}
