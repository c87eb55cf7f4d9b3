import Bytes

/// What all generators throw: few keys, values and numbers at the edges, words of options.
struct Dice {
    var random: Random

    init(_ random: Random) { self.random = random }

    /// True once in so many times.
    mutating func once(in count: Int) -> Bool { random.next(below: count) == 0 }

    mutating func below(_ bound: Int) -> Int { random.next(below: bound) }

    mutating func pick<Element>(_ all: [Element]) -> Element { all[below(all.count)] }

    /// One of few keys, so that commands meet.
    mutating func key() -> [UInt8] { pick(Dice.keys) }

    static let keys: [[UInt8]] =
        ["a", "b", "c", "key:1", "key:2", "7", "", "{tag}x", "A", "ké"].map { Array($0.utf8) }
        + [[0, 255, 32, 107], [13, 10], Array(repeating: 107, count: 70)]

    /// A value of a string.
    mutating func value() -> [UInt8] {
        switch below(12) {
        case 0, 1, 2: return Array(pick(Dice.integers).utf8)
        case 3: return Array(pick(Dice.doubles).utf8)
        case 4: return Array(String(below(12_000)).utf8)
        case 5: return bytes(pick([0, 1, 2, 19, 20, 21, 43, 44, 45, 46, 63, 64, 65, 127, 128]))
        case 6: return once(in: 12) ? bytes(pick([200, 1000, 2000])) : bytes(30)
        case 7: return bytes(below(40))
        case 8: return Array(repeating: UInt8(97 + below(3)), count: below(60))
        case 9: return (0..<below(24)).map { _ in UInt8(97 + below(3)) }
        default: return Array(pick(Dice.texts).utf8)
        }
    }

    /// So many bytes of any kind.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    static let texts = [
        "", "hello", "ohmytext", "mynewtext", "Hello World", "\r\n", "\0", "true", "nil",
        "0123456789012345678901234567890123456789abcd", "(nil)", "$-1", "é", "%s%n",
    ]

    static let integers = [
        "0", "1", "-1", "2", "10", "-10", "99", "9999", "10000", "10001", "32767", "32768",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296",
        "9223372036854775807", "9223372036854775806", "-9223372036854775808",
        "-9223372036854775807",
    ]

    static let notIntegers = [
        "9223372036854775808", "-9223372036854775809", "18446744073709551615", "007", "+5", " 5",
        "5 ", "-0", "", "-", "1e3", "0x10", "3.0", "abc", "99999999999999999999999", "1\0", "00",
    ]

    static let doubles = [
        "0", "1", "-1", "0.1", "-0.1", "3.0", "3.0e3", "1e17", "1e21", "1.5e-7", "0.000001",
        "10.5", "5.0e-324", "1.7976931348623157e308", "123456789.123456789", "1e-10", "3.14159",
        "100000000000000000000", "0.3333333333333333", "-2.5e10", "1e5", "200.125", "4503599627.5",
    ]

    static let notDoubles = [
        "nan", "inf", "-inf", "+inf", "infinity", "1e400", "-1e400", "0x10", ".5", "5.", "1e", "e5",
        "1 ", " 1", "", "abc", "1.2.3", "--1", "1,5", "1e5000", "NaN", "0x1p4", "1e-5000",
    ]

    /// A number of a kind that is taken as a place or a count.
    mutating func smallInteger() -> String {
        once(in: 3) ? String(below(70) - 10) : String(below(12) - 3)
    }

    // MARK: Time

    /// Seconds from now that no test lives to see, also when they are taken for milliseconds;
    /// or none, or too many.
    mutating func relativeTime() -> String {
        switch below(12) {
        case 0: pick(["0", "-1", "-100", "-9223372036854775808", "-2147483648"])
        case 1:
            pick([
                "9223372036854775807", "9223372036854775", "9223372036854776",
                "9223370000000000", "9223370000000000000", "-9223372036854776",
            ])
        default: String(10_000_000 + below(90_000_000))
        }
    }

    /// A point in time: far ahead, so that few are the same, or past.
    mutating func absoluteTime(milliseconds: Bool) -> String {
        switch below(12) {
        case 0: pick(["0", "-1", "1", "1000", "-9223372036854775808"])
        case 1: pick(["9223372036854775807", "9223372036854775", "9223372036854776"])
        default:
            milliseconds
                ? String(Exemption.absoluteSeconds * 1000 + below(12) * 250)
                : String(Exemption.absoluteSeconds + below(4))
        }
    }
}
