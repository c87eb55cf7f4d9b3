// Floating point arguments as the servers read them. They leave the work to the C library's
// strtod and strtold and then refuse what those do too freely: leading space, trailing bytes,
// NaN, and numbers out of range. What remains is decimal and hexadecimal numbers with or without
// sign and exponent, and "inf" or "infinity" in any case.
//
// Most arguments are short decimals. Up to 2⁵³ as digits and 10²² as scale both are exact, so one
// multiplication or division gives the correctly rounded answer (Clinger, 1990) without the
// library; the same holds for an 80-bit number with 2⁶⁴ and 10²⁷.
//
// The library reads the decimal point from the process's locale: nothing may set LC_NUMERIC.

import Glibc

#if arch(x86_64) || arch(i386)
    /// The C compiler's `long double`, in which INCRBYFLOAT computes: 80 bits on x86.
    public typealias LongDouble = Float80
#else
    /// The type in which INCRBYFLOAT computes. This machine has no 80-bit numbers, so its last
    /// digits differ from those of a server on x86.
    public typealias LongDouble = Double
#endif

/// Numbers with a fraction, as arguments and as replies.
public enum Doubles {
    /// The number that an argument such as a score stands for, or nil if a server answers
    /// "value is not a valid float". Numbers that are too large for a `Double`, or so small that
    /// they become 0, are refused; "inf" is not.
    public static func parse(_ text: RawSpan) -> Double? {
        if let decimal = Decimal(text), let value = decimal.double { return value }
        return text.isEmpty || text[0].isASCIISpace
            ? nil : convertToDouble(text).strict(text.byteCount)
    }

    /// The number that an argument such as a score stands for, or nil if it is none.
    public static func parse(_ text: [UInt8]) -> Double? {
        parse(text.rawSpan)
    }

    /// The end of a range of scores, without its "(": here servers are less strict. Nothing is 0,
    /// leading space is skipped, a NUL byte ends the number, and what is out of range becomes
    /// infinite or 0. Nil if a server answers "min or max is not a float".
    public static func parseRangeEnd(_ text: RawSpan) -> Double? {
        if let decimal = Decimal(text), let value = decimal.double { return value }
        let read = convertToDouble(text)
        let stopsAtEnd = read.length == text.byteCount || text[read.length] == 0
        return stopsAtEnd && !read.value.isNaN ? read.value : nil
    }

    /// The end of a range of scores, without its "(".
    public static func parseRangeEnd(_ text: [UInt8]) -> Double? {
        parseRangeEnd(text.rawSpan)
    }

    /// A weight that SORT goes by: as `parseRangeEnd`, but what is out of range is refused. Nil if
    /// a server answers "One or more scores can't be converted into double".
    public static func parseWeight(_ text: RawSpan) -> Double? {
        if let decimal = Decimal(text), let value = decimal.double { return value }
        let read = convertToDouble(text)
        let stopsAtEnd = read.length == text.byteCount || text[read.length] == 0
        return stopsAtEnd && !read.value.isNaN && !read.outOfRange ? read.value : nil
    }

    /// The number that an argument of INCRBYFLOAT, HINCRBYFLOAT or a timeout stands for, or nil
    /// if a server answers "value is not a valid float". As `parse`, within the range of a
    /// `LongDouble`, and with at most 5119 bytes.
    public static func parseLong(_ text: RawSpan) -> LongDouble? {
        if let decimal = Decimal(text), let value = decimal.longDouble { return value }
        if text.isEmpty || text[0].isASCIISpace || text.byteCount >= 5120 { return nil }
        return convertToLongDouble(text).strict(text.byteCount)
    }

    /// The number that an argument of INCRBYFLOAT stands for, or nil if it is none.
    public static func parseLong(_ text: [UInt8]) -> LongDouble? {
        parseLong(text.rawSpan)
    }

    private static func convertToDouble(_ text: RawSpan) -> Reading<Double> {
        // Safe: strtod reads up to the NUL of the copy.
        unsafe convert(text) { unsafe strtod($0, $1) }
    }

    private static func convertToLongDouble(_ text: RawSpan) -> Reading<LongDouble> {
        #if arch(x86_64) || arch(i386)
            // Safe: strtold reads up to the NUL of the copy.
            unsafe convert(text) { unsafe strtold($0, $1) }
        #else
            convertToDouble(text)
        #endif
    }

    /// Lets a function of the C library read a NUL-terminated copy of `text`.
    private static func convert<Value: BinaryFloatingPoint>(
        _ text: RawSpan,
        by function: (
            UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        ) -> Value
    ) -> Reading<Value> {
        // Safe: the copy has room for the bytes and the NUL that the library stops at, and the end
        // that the library returns lies within the copy.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.byteCount + 1) { copy in
            for index in 0..<text.byteCount { unsafe copy[index] = CChar(bitPattern: text[index]) }
            unsafe copy[text.byteCount] = 0
            let start = copy.baseAddress!
            var end: UnsafeMutablePointer<CChar>? = unsafe start
            errno = 0
            let value = unsafe function(start, &end)
            return unsafe Reading(value: value, length: end! - start, outOfRange: errno == ERANGE)
        }
    }
}

/// What the C library made of a text: the number, how many bytes it took, and whether it found the
/// number out of range.
private struct Reading<Value: BinaryFloatingPoint> {
    var value: Value
    var length: Int
    var outOfRange: Bool

    /// The number, if it took all `count` bytes and lost nothing but digits.
    func strict(_ count: Int) -> Value? {
        if length != count || value.isNaN { return nil }
        return outOfRange && (value.isInfinite || value.isZero) ? nil : value
    }
}

/// A plain decimal number with at most 19 digits: ±digits × 10^scale.
private struct Decimal {
    private var negative = false
    private var digits: UInt64 = 0
    private var scale = 0

    /// Nil if `text` is anything else, valid or not.
    init?(_ text: RawSpan) {
        var index = 0
        var seen = 0
        var point = -1
        if index < text.byteCount,
            text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")
        {
            negative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        while index < text.byteCount {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit <= 9 {
                seen += 1
                if seen > 19 { return nil }
                digits = digits &* 10 &+ UInt64(digit)
            } else if text[index] == UInt8(ascii: "."), point < 0 {
                point = seen
            } else {
                break
            }
            index += 1
        }
        if seen == 0 { return nil }
        if point >= 0 { scale = point - seen }
        if index < text.byteCount {
            guard let exponent = Self.exponent(text, from: index) else { return nil }
            scale += exponent
        }
    }

    /// "e", a sign if any, and one to three digits, up to the end.
    private static func exponent(_ text: RawSpan, from start: Int) -> Int? {
        guard text[start] | 0x20 == UInt8(ascii: "e") else { return nil }
        var index = start + 1
        var negative = false
        if index < text.byteCount,
            text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")
        {
            negative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < text.byteCount, text.byteCount - index <= 3 else { return nil }
        var value = 0
        while index < text.byteCount {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
            index += 1
        }
        return negative ? -value : value
    }

    /// The number, if one exact operation gives it.
    var double: Double? {
        guard digits <= 1 << 53, abs(scale) <= 22 else { return nil }
        return scaled(Double(digits))
    }

    /// The number, if one exact operation gives it.
    var longDouble: LongDouble? {
        #if arch(x86_64) || arch(i386)
            guard abs(scale) <= 27 else { return nil }
            return scaled(Float80(digits))
        #else
            return double
        #endif
    }

    private func scaled<Value: BinaryFloatingPoint>(_ digits: Value) -> Value {
        var power: Value = 1
        for _ in 0..<abs(scale) { power *= 10 }
        let value = scale < 0 ? digits / power : digits * power
        return negative ? -value : value
    }
}
