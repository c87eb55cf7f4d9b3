import Bytes

// Whether one line is the line that was expected. The text is compared as it stands first, so
// that a reply which looks like a pattern needs no care.

extension Expectation {
    /// True when `line` is what was expected; a captured value is noted.
    func accepts(_ line: String, _ captures: inout [String: String]) -> Bool {
        if case .capture(let name) = matcher {
            guard let value = Self.captured(line, sample: text) else { return false }
            captures[name] = value
            return true
        }
        if line == literal { return true }
        switch matcher {
        case .exact, .unordered: return line == text
        case .regex:
            guard let regex = try? Regex(text) else { return false }
            return line.wholeMatch(of: regex) != nil
        case .glob: return Glob.matches(Array(text.utf8), Array(line.utf8))
        case .anything: return true
        case .nothing, .ellipsis: return false
        case .escaped: return line == Self.unescaped(text)
        case .tolerance(let quantity):
            return Self.agree(text, line, quantity.dimension) { expected, actual in
                // What floating point loses must not turn a bound into a miss.
                abs(expected - actual) <= quantity.base * (1 + 1e-9)
            }
        case .range(let low, let high):
            return Self.agree(text, line, low.dimension) { expected, actual in
                actual >= low.base * (1 - 1e-9) && actual <= high.base * (1 + 1e-9)
                    || actual == expected
            }
        case .capture: return false
        }
    }

    // MARK: Numbers

    private enum Part: Equatable {
        case text(String)
        case number(Double, unit: String)
    }

    /// Whether two lines are equal but for numbers of a dimension, which `accept` judges.
    private static func agree(
        _ expected: String, _ actual: String, _ dimension: Dimension,
        accept: (Double, Double) -> Bool
    ) -> Bool {
        let (wanted, found) = (parts(expected), parts(actual))
        guard wanted.count == found.count else { return false }
        return zip(wanted, found).allSatisfy { pair in
            if pair.0 == pair.1 { return true }
            guard case .number(let first, let one) = pair.0,
                case .number(let second, let other) = pair.1,
                let left = base(first, one), let right = base(second, other),
                left.dimension == dimension, right.dimension == dimension
            else { return false }
            return accept(left.base, right.base)
        }
    }

    private static func base(_ number: Double, _ unit: String) -> Quantity? {
        if unit.isEmpty { return Quantity(number) }
        let known = unit == "µs" ? .microseconds : Quantity.Unit(rawValue: unit)
        return known.map { Quantity(number, $0) }
    }

    /// Cuts a line into numbers with their units, and what stands between them. A digit within a
    /// word, as in `p99`, is a part of the word.
    private static func parts(_ line: String) -> [Part] {
        let scalars = Array(line.unicodeScalars)
        var parts: [Part] = []
        var text = String.UnicodeScalarView()
        var offset = 0
        func isDigit(_ index: Int) -> Bool {
            index < scalars.count && ("0"..."9").contains(scalars[index])
        }
        func isLetter(_ index: Int) -> Bool {
            index < scalars.count && scalars[index].properties.isAlphabetic
        }
        while offset < scalars.count {
            let isInWord =
                offset > 0
                && (isLetter(offset - 1) || isDigit(offset - 1) || scalars[offset - 1] == "_")
            guard isDigit(offset), !isInWord else {
                text.append(scalars[offset])
                offset += 1
                continue
            }
            var digits = ""
            while isDigit(offset)
                || scalars[min(offset, scalars.count - 1)] == "."
                    && isDigit(offset + 1) && !digits.contains(".") && offset < scalars.count
            {
                digits.unicodeScalars.append(scalars[offset])
                offset += 1
            }
            var unit = ""
            while isLetter(offset) || offset < scalars.count && scalars[offset] == "%" {
                unit.unicodeScalars.append(scalars[offset])
                offset += 1
            }
            // A minus directly before a number belongs to it, unless it joins two words.
            var isNegative = false
            if text.last == "-", text.dropLast().last.map({ $0 == " " || $0 == "=" }) ?? true {
                isNegative = true
                text.removeLast()
            }
            if !text.isEmpty { parts.append(.text(String(text))) }
            text = String.UnicodeScalarView()
            let number = Double(digits) ?? 0
            parts.append(.number(isNegative ? -number : number, unit: unit))
        }
        if !text.isEmpty { parts.append(.text(String(text))) }
        return parts
    }

    // MARK: Captures

    /// The value of a reply: the number of an integer, what stands between quotes, or the line.
    /// Nil when the line is of another kind than the sample.
    private static func captured(_ line: String, sample: String) -> String? {
        let (kind, value) = kindAndValue(line)
        if sample.isEmpty { return value }
        return kindAndValue(sample).kind == kind ? value : nil
    }

    private static func kindAndValue(_ line: String) -> (kind: String, value: String) {
        if line.hasPrefix("\""), line.hasSuffix("\""), line.count >= 2 {
            return ("\"", unescaped(String(line.dropFirst().dropLast())))
        }
        if line.hasPrefix("("), let end = line.firstRange(of: ") ") {
            return (String(line[..<end.upperBound]), String(line[end.upperBound...]))
        }
        return ("", line)
    }

    // MARK: Escapes

    /// The text that escapes stand for; one that is none stands for itself.
    static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var offset = 0
        while offset < source.count {
            guard source[offset] == UInt8(ascii: "\\"), offset + 1 < source.count else {
                bytes.append(source[offset])
                offset += 1
                continue
            }
            let sign = source[offset + 1]
            offset += 2
            switch sign {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "e"): bytes.append(0x1B)
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "x"):
                let digits = String(decoding: source.dropFirst(offset).prefix(2), as: UTF8.self)
                if digits.utf8.count == 2, let byte = UInt8(digits, radix: 16) {
                    bytes.append(byte)
                    offset += 2
                } else {
                    bytes += [UInt8(ascii: "\\"), sign]
                }
            default: bytes.append(sign)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
