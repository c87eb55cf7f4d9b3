import Bytes
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func printed(_ append: (inout [UInt8]) -> Void) -> String {
    var out = bytes("before ")
    append(&out)
    return String(String(decoding: out, as: UTF8.self).dropFirst(7))
}

private func seventeen(_ value: Double) -> String {
    printed { Doubles.appendSeventeenDigits(value, to: &$0) }
}

private func shortest(_ value: Double) -> String {
    printed { Doubles.appendShortest(value, to: &$0) }
}

private func human(_ value: LongDouble) -> String {
    printed { Doubles.appendHuman(value, to: &$0) }
}

/// How many digits of a number are neither leading nor trailing zeros.
private func significant(_ number: String) -> Int {
    let digits = number.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return digits.count - digits.reversed().prefix { $0 == "0" }.count
}

@Suite struct DoublesParsingTests {
    @Test(arguments: [
        ("1", 1), ("+1", 1), ("-1", -1), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("1e5", 1e5),
        ("1E+5", 1e5), ("1e-320", Double(bitPattern: 2024)), ("4.9e-324", .leastNonzeroMagnitude),
        ("0e500", 0), ("0x10", 16),
        ("0x1p3", 8), ("0X1.8P-2", 0.375), ("-0x1p-1074", -.leastNonzeroMagnitude),
        ("inf", .infinity),
        ("+inf", .infinity), ("-inf", -.infinity), ("iNf", .infinity), ("-INFINITY", -.infinity),
        ("1.7976931348623157e308", .greatestFiniteMagnitude), ("0000000000000000000000000001", 1),
        ("2.4703282292062328e-324", .leastNonzeroMagnitude),
        ("9007199254740993", 9_007_199_254_740_992),
        ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23),
        ("123456789012345678901", 123_456_789_012_345_683_968),
    ])
    func accepted(text: String, value: Double) {
        #expect(Doubles.parse(bytes(text)) == value)
        let array = bytes(text)
        let viaSpan = Doubles.parse(array.rawSpan)
        #expect(viaSpan == value)
        #expect(Doubles.parseRangeEnd(bytes(text)) == value)
    }

    @Test(arguments: [
        "", " ", " 1", "1 ", "\t1", "\n1", "\u{b}1", "--1", "+-1", "1e400", "-1e400", "1e-400",
        "infin",
        "nan", "NaN", "-nan", "nan(1)", "0x", "0x1p-1080", ".", "+", "-", "1e", "1e+", "e5", "1_0",
        "1,5", "1\0", "1\u{0}2", "1e5x", "1.2.3", "1.7976931348623159e308",
        "2.4703282292062327e-324",
    ])
    func refused(text: String) {
        #expect(Doubles.parse(bytes(text)) == nil)
    }

    @Test func negativeZero() {
        #expect(Doubles.parse(bytes("-0"))?.sign == .minus)
        #expect(Doubles.parse(bytes("-0.000e5"))?.sign == .minus)
        #expect(Doubles.parseLong(bytes("-0"))?.sign == .minus)
    }

    @Test func rangeEndsAreLessStrict() {
        let cases: [(String, Double)] = [
            ("", 0), (" 1", 1), ("\n-2", -2), ("1\u{0}2", 1), ("1e400", .infinity),
            ("-1e400", -.infinity), ("1e-400", 0),
        ]
        for (text, value) in cases {
            #expect(Doubles.parseRangeEnd(bytes(text)) == value, "\(text)")
        }
        for text in [" ", "1 ", "nan", "infin", ".", "--1", "0x"] {
            #expect(Doubles.parseRangeEnd(bytes(text)) == nil, "\(text)")
        }
    }

    @Test func longRanges() {
        #if arch(x86_64)
            #expect(Doubles.parseLong(bytes("1e4931")) == Float80("1e4931"))
            #expect(Doubles.parseLong(bytes("1e-4950")) == Float80("1e-4950"))
            #expect(Doubles.parseLong(bytes("18446744073709551615")) == Float80(UInt64.max))
        #endif
        for text in ["", " 1", "1 ", "nan", "1e5000", "1e-5000", "1\u{0}"] {
            #expect(Doubles.parseLong(bytes(text)) == nil, "\(text)")
        }
        #expect(Doubles.parseLong(bytes("-inf")) == -LongDouble.infinity)
        #expect(Doubles.parseLong([UInt8](repeating: 0x30, count: 5118) + [0x31]) == 1)
        #expect(Doubles.parseLong([UInt8](repeating: 0x30, count: 5119) + [0x31]) == nil)
        #expect(Doubles.parse([UInt8](repeating: 0x30, count: 60000) + [0x31]) == 1)
    }

    /// The short way for plain decimals must round as the library does.
    @Test func agreesWithTheLibrary() {
        let seed: UInt64 = 0xf10a7
        print("seed \(seed)")
        var random = Random(seed: seed)
        for _ in 0..<6000 {
            var text = random.next(below: 2) == 0 ? "-" : ""
            text += String(random.next() >> UInt64(random.next(below: 64)))
            if random.next(below: 2) == 0 {
                text += "." + String(random.next() >> UInt64(random.next(below: 64)))
            }
            if random.next(below: 2) == 0 { text += "e\(random.next(below: 80) - 40)" }
            #expect(Doubles.parse(bytes(text)) == Double(text), "\(text)")
            #expect(Doubles.parseLong(bytes(text)) == LongDouble(text), "\(text)")
        }
    }
}

@Suite struct DoublesFormatTests {
    @Test(arguments: [
        ("0.1", "0.10000000000000001", "0.1"), ("3", "3", "3"), ("-2.25", "-2.25", "-2.25"),
        ("1e16", "10000000000000000", "10000000000000000"), ("1e17", "1e+17", "100000000000000000"),
        ("123456789012345678", "1.2345678901234568e+17", "123456789012345680"),
        ("1e21", "1e+21", "1e+21"), ("-1e100", "-1e+100", "-1e+100"),
        ("1e-5", "1.0000000000000001e-05", "0.00001"), ("0.0001", "0.0001", "0.0001"),
        ("1e-7", "9.9999999999999995e-08", "1e-7"), ("-0", "-0", "-0"), ("inf", "inf", "inf"),
        ("-inf", "-inf", "-inf"), ("5e-324", "4.9406564584124654e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308", "1.7976931348623157e+308"),
        ("0.30000000000000004", "0.30000000000000004", "0.30000000000000004"),
        ("12345.678", "12345.678", "12345.678"),
        ("12345.678901234567", "12345.678901234567", "1.2345678901234567e+4"),
        ("12345678901234567000", "1.2345678901234567e+19", "12345678901234567000"),
    ])
    func scores(text: String, old: String, new: String) {
        let value = Doubles.parse(bytes(text))!
        #expect(seventeen(value) == old)
        #expect(shortest(value) == new)
    }

    @Test func bothFormsReadBack() {
        let seed: UInt64 = 0xd0b1e
        print("seed \(seed)")
        var random = Random(seed: seed)
        for round in 0..<6000 {
            let value =
                round % 2 == 0
                ? Double(bitPattern: random.next())
                : Double(random.next(below: 2_000_001) - 1_000_000) / 1000
            if !value.isFinite { continue }
            #expect(Doubles.parse(bytes(seventeen(value))) == value)
            #expect(Doubles.parse(bytes(shortest(value))) == value)
            if value.magnitude > 0x1p62 || value != value.rounded() {
                #expect(significant(shortest(value)) <= significant(seventeen(value)))
            }
        }
    }

    @Test func notANumber() {
        #expect(seventeen(.nan) == "nan")
        #expect(seventeen(-.nan) == "nan")
        #expect(shortest(.nan) == "nan")
        #expect(human(.nan) == "nan")
        #expect(human(.infinity) == "inf")
        #expect(human(-.infinity) == "-inf")
    }

    @Test func fixed() {
        #expect(
            printed { Doubles.appendFixed(166274.15156, decimals: 4, to: &$0) } == "166274.1516")
        #expect(printed { Doubles.appendFixed(0, decimals: 4, to: &$0) } == "0.0000")
        #expect(printed { Doubles.appendFixed(-1.5, decimals: 1, to: &$0) } == "-1.5")
        #expect(printed { Doubles.appendFixed(.infinity, decimals: 2, to: &$0) } == "inf")
    }

    #if arch(x86_64)
        /// What a server answers to INCRBYFLOAT of a new key.
        @Test(arguments: [
            ("-0", "0"), ("-1e-30", "0"), ("1e-18", "0"), ("5e-18", "0"),
            ("6e-18", "0.00000000000000001"), ("-1e-17", "-0.00000000000000001"), ("0.1", "0.1"),
            ("1e20", "100000000000000000000"), ("3.0e3", "3000"), ("0x1p-1", "0.5"),
            ("-10.50", "-10.5"),
            ("123456789.123456789123456789", "123456789.12345678912242875"),
            ("9223372036854775807", "9223372036854775807"),
            ("18446744073709551616", "18446744073709551616"),
        ])
        func asIncrByFloatAnswers(text: String, expected: String) {
            #expect(human(Doubles.parseLong(bytes(text))!) == expected)
        }

        @Test func incrByFloatOfVeryLargeNumbers() {
            let huge = human(Doubles.parseLong(bytes("1e4931"))!)
            #expect(huge.utf8.count == 4932)
            #expect(huge.hasPrefix("100000000000000000000601894938796389132383777425453311477378"))
            let largest = human(-Float80.greatestFiniteMagnitude)
            #expect(largest.utf8.count == 4934)
            #expect(
                largest.hasPrefix("-118973149535723176502126385303097020516906332229462420044032"))
        }

        @Test func incrByFloatAddsInLongDoubles() {
            // In 64 bits these sums would show 0.30000000000000004 and 5.1999999999999993.
            for (one, other, sum) in [("0.1", "0.2", "0.3"), ("10.5", "-5.3", "5.2")] {
                let value = Doubles.parseLong(bytes(one))! + Doubles.parseLong(bytes(other))!
                #expect(human(value) == sum)
            }
        }
    #endif
}
