import Bytes

// Numbers as they stand in panels: short, with their unit, and `--` for what is not known. The
// thousands of bytes are 1024, all others 1000.

/// Numbers for eyes.
public enum Amount {
    /// What stands for a figure that is not known.
    public static let unknown = "--"

    /// A figure with its unit.
    public static func text(_ value: Double?, _ unit: Unit) -> String {
        guard let value, value.isFinite else { return unknown }
        switch unit {
        case .bytes: return bytes(value)
        case .byteRate: return bytes(value) + "/s"
        case .count: return count(value)
        case .rate: return short(value) + "/s"
        case .percent: return decimals(value, 1) + "%"
        case .ratio: return decimals(value, 2)
        case .microseconds: return time(value)
        case .seconds: return duration(value)
        }
    }

    /// `812`, `1.2K`, `61.8M`.
    static func bytes(_ value: Double) -> String {
        scaled(value, 1024, ["", "K", "M", "G", "T", "P"])
    }

    /// `812`, `18.4k`, `3.1M`.
    static func short(_ value: Double) -> String {
        value < 10 && value > 0
            ? trimmed(value) : scaled(value, 1000, ["", "k", "M", "G", "T"])
    }

    /// `48,210`, and from a million on `3.1M`.
    static func count(_ value: Double) -> String {
        guard value.magnitude < 1e6 else { return short(value) }
        guard value == value.rounded() else { return trimmed(value) }
        return grouped(value)
    }

    /// With one decimal, unless that is a zero; what is little but not nothing is `<0.1`.
    private static func trimmed(_ value: Double) -> String {
        if value > 0, value < 0.05 { return "<0.1" }
        let text = decimals(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// All digits, with commas.
    static func grouped(_ value: Double) -> String {
        let digits = String(Int64(value.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    private static func scaled(_ value: Double, _ base: Double, _ units: [String]) -> String {
        var rest = value.magnitude
        var unit = 0
        // 999.95 would be printed as 1000.0.
        while rest >= (unit == 0 ? base : base - base / 20_000), unit < units.count - 1 {
            rest /= base
            unit += 1
        }
        let text = unit == 0 ? decimals(rest, 0) : decimals(rest, rest < 99.95 ? 1 : 0)
        return (value < 0 ? "-" : "") + text + units[unit]
    }

    /// `17us`, `1.9ms`, `2.4s`.
    static func time(_ microseconds: Double) -> String {
        if microseconds < 999.5 { return decimals(microseconds, 0) + "us" }
        if microseconds < 999_500 { return decimals(microseconds / 1000, 1) + "ms" }
        return decimals(microseconds / 1_000_000, 1) + "s"
    }

    /// `9s`, `12:41`, `3:12:41`, `4d 3:12`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(seconds, 0))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
        let (hours, minutes) = (whole / 3600, whole % 3600 / 60)
        if whole < 86_400 { return "\(hours):\(two(minutes)):\(two(whole % 60))" }
        return "\(hours / 24)d \(hours % 24):\(two(minutes))"
    }

    /// A length of time as people write it, `90`, `90s`, `5m` or `4h`, in seconds; nil for what is
    /// none.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard let number = Int(digits), 0...86_400 ~= number else { return nil }
        return number * (unit ?? 1)
    }

    /// The time of day, `12:41:07`, in UTC.
    static func clock(wall milliseconds: Int64) -> String {
        let second = Int((milliseconds / 1000) % 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(two(second / 3600)):\(two(second % 3600 / 60)):\(two(second % 60))"
    }

    /// A number with so many decimals.
    public static func decimals(_ value: Double, _ count: Int) -> String {
        guard value.isFinite else { return decimals(0, count) }
        let scale = scales[min(count, scales.count - 1)]
        guard count < scales.count, value.magnitude < 1e15 / scale else {
            var digits: [UInt8] = []
            Doubles.appendFixed(value, decimals: count, to: &digits)
            return String(decoding: digits, as: UTF8.self)
        }
        // What a frame prints a hundred times is put together from whole numbers.
        let whole = Int64((value * scale).rounded(.toNearestOrEven))
        var text = String(whole.magnitude)
        if count > 0 {
            if text.utf8.count <= count {
                text = String(repeating: "0", count: count + 1 - text.utf8.count) + text
            }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -count))
        }
        return whole < 0 ? "-" + text : text
    }

    private static let scales: [Double] = [1, 10, 100, 1000, 10_000]
}
