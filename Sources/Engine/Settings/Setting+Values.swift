import Bytes

// From words to values and back. The words of refusals are those that clients know.

extension Setting {
    func parse(
        _ words: [ByteString], for settings: Settings, _ source: SettingSource
    ) throws(SettingError) -> SettingValue {
        if case .special(let read) = kind { return try read(words, settings, source) }
        guard words.count == 1 else { throw .wrongNumberOfArguments }
        let word = words[0].upToZero
        switch kind {
        case .flag:
            if word.rawSpan.matches("YES") { return .flag(true) }
            guard word.rawSpan.matches("NO") else {
                throw SettingError("argument must be 'yes' or 'no'")
            }
            return .flag(false)
        case .integer(let range):
            guard let number = words[0].wholeNumber else {
                throw SettingError("argument couldn't be parsed into an integer")
            }
            return .number(try Setting.within(range, number))
        case .octal(let range): return .number(try Setting.octal(word, range))
        case .memory(let range):
            guard let bytes = word.memorySize else { throw .notMemory }
            return .number(try Setting.within(range, Int64(bitPattern: bytes)))
        case .unsignedMemory:
            guard let bytes = word.memorySize else { throw .notMemory }
            return .number(Int64(bitPattern: bytes))
        case .memoryOrPercent: return .number(try Setting.memoryOrPercent(word))
        case .choice(let names):
            guard let place = names.firstIndex(where: { $0.names(word) }) else {
                throw .notOneOf(names)
            }
            return .choice(place)
        case .text: return .text(isBinary ? words[0] : word)
        case .special: return .text(words[0])
        }
    }

    private static func within(
        _ range: ClosedRange<Int64>, _ number: Int64
    ) throws(SettingError) -> Int64 {
        guard range.contains(number) else {
            throw SettingError(
                """
                argument must be between \(range.lowerBound) and \(range.upperBound) inclusive
                """)
        }
        return number
    }

    private static func octal(
        _ word: ByteString, _ range: ClosedRange<Int64>
    ) throws(SettingError) -> Int64 {
        guard !word.isEmpty, word.count < 20, let number = Int64(word.text, radix: 8) else {
            throw SettingError("argument couldn't be parsed as an octal number")
        }
        guard range.contains(number) else {
            let lowest = String(range.lowerBound, radix: 8)
            let highest = String(range.upperBound, radix: 8)
            throw SettingError("argument must be between \(lowest) and \(highest) inclusive")
        }
        return number
    }

    private static func memoryOrPercent(_ word: ByteString) throws(SettingError) -> Int64 {
        var number: Int64
        if word.count > 1, word.bytes.last == UInt8(ascii: "%") {
            let digits = Array(word.bytes.dropLast())
            guard let percent = digits.rawSpan.canonicalInteger, percent >= 0 else {
                throw .notMemoryOrPercent
            }
            number = -percent
        } else {
            guard let bytes = word.memorySize else { throw .notMemoryOrPercent }
            number = Int64(bitPattern: bytes)
        }
        guard number >= -100 else {
            throw SettingError("percentage argument must be less or equal to 100")
        }
        return number
    }

    /// A value as CONFIG GET prints it.
    func print(_ value: SettingValue) -> ByteString {
        switch (kind, value) {
        case (_, .flag(let flag)): flag ? "yes" : "no"
        case (.choice(let names), .choice(let place)): ByteString(names[place])
        case (.memoryOrPercent, .number(let number)) where number < 0: ByteString("\(-number)%")
        case (.unsignedMemory, .number(let number)): ByteString("\(UInt64(bitPattern: number))")
        case (.octal, .number(let number)): ByteString(String(number, radix: 8))
        case (_, .number(let number)): ByteString(number.decimalBytes)
        case (_, .choice(let place)): ByteString("\(place)")
        case (_, .text(let text)): text
        }
    }
}

extension SettingError {
    static let wrongNumberOfArguments = SettingError("wrong number of arguments")
    static let notMemory = SettingError("argument must be a memory value")
    static let notMemoryOrPercent = SettingError("argument must be a memory or percent value")

    static func notOneOf(_ names: [String]) -> SettingError {
        SettingError(
            "argument(s) must be one of the following: " + names.joined(separator: ", "))
    }
}

extension String {
    /// True when a word is this name, in any case of letters.
    func names(_ word: ByteString) -> Bool {
        utf8.elementsEqual(word.bytes.lazy.map(\.asciiLowercased))
    }
}

/// A number of bytes such as `512mb`: digits, then nothing, `b`, `k`, `kb`, `m`, `mb`, `g` or
/// `gb`, in any case of letters; with a `b` the unit counts in powers of 1024. No digits are 0;
/// what goes beyond 64 bits is the largest number, and a product wraps, as clients find it.
private func readMemorySize(_ text: RawSpan) -> UInt64? {
    var digits = 0
    var number: UInt64 = 0
    var overflows = false
    while digits < text.byteCount, text[digits].isASCIIDigit {
        let (product, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(text[digits] - 0x30))
        overflows = overflows || tooLarge || carry
        number = sum
        digits += 1
    }
    if overflows { number = .max }
    let unit = text.extracting(digits..<text.byteCount)
    let factor: UInt64
    if unit.isEmpty || unit.matches("B") {
        factor = 1
    } else if unit.matches("K") {
        factor = 1000
    } else if unit.matches("KB") {
        factor = 1 << 10
    } else if unit.matches("M") {
        factor = 1_000_000
    } else if unit.matches("MB") {
        factor = 1 << 20
    } else if unit.matches("G") {
        factor = 1_000_000_000
    } else if unit.matches("GB") {
        factor = 1 << 30
    } else {
        return nil
    }
    return number &* factor
}

extension ByteString {
    /// The bytes before the first zero, which ends a text in C.
    var upToZero: ByteString {
        bytes.contains(0) ? ByteString(Array(bytes.prefix { $0 != 0 })) : self
    }
    /// The whole as an integer.
    var wholeNumber: Int64? { rawSpan.canonicalInteger }
    /// The whole as C's `strtoll` reads it: blanks, a sign, digits, cut to 64 bits; nothing at
    /// all is 0.
    var numberOfC: Int64? {
        if isEmpty { return 0 }
        var rest = bytes.drop(while: \.isASCIISpace)
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.allSatisfy(\.isASCIIDigit) else { return nil }
        let most: UInt64 = isNegative ? 1 << 63 : 1 << 63 - 1
        var number: UInt64 = 0
        for digit in rest {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let sum = product.addingReportingOverflow(UInt64(digit - 0x30))
            number = overflow || sum.overflow ? most : min(sum.partialValue, most)
        }
        return isNegative ? Int64(bitPattern: 0 &- number) : Int64(number)
    }
    /// The whole as a number of bytes.
    var memorySize: UInt64? { readMemorySize(rawSpan) }
}
