// Whole numbers to and from ASCII. Reading is as strict as the field expects of an integer
// value: no blanks, no plus sign, no leading zeros, nothing beyond 64 bits.

/// Two decimal digits for each number below 100.
private let digitPairs: StaticString = """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """

/// Writes `value` in decimal and returns how many bytes it took, at most 20.
@inline(__always)
func writeDecimal(_ value: Int64, to target: UnsafeMutableRawPointer) -> Int {
    if value >= 0 && value < 10 {
        // Safe: the caller has room for 20 bytes.
        unsafe target.storeBytes(of: UInt8(truncatingIfNeeded: value) &+ 0x30, as: UInt8.self)
        return 1
    }
    return unsafe writeLongDecimal(value, to: target)
}

private func writeLongDecimal(_ value: Int64, to target: UnsafeMutableRawPointer) -> Int {
    var rest = value.magnitude
    let sign = value < 0 ? 1 : 0
    let length = decimalWidth(rest) + sign
    var position = length
    // Safe: `length` was computed from the value, and positions only go down to the sign.
    let pairs = unsafe digitPairs.utf8Start
    while rest >= 100 {
        let pair = Int(rest % 100) * 2
        rest /= 100
        position -= 2
        unsafe target.storeBytes(of: pairs[pair], toByteOffset: position, as: UInt8.self)
        unsafe target.storeBytes(of: pairs[pair + 1], toByteOffset: position + 1, as: UInt8.self)
    }
    if rest >= 10 {
        let pair = Int(rest) * 2
        unsafe target.storeBytes(of: pairs[pair], toByteOffset: sign, as: UInt8.self)
        unsafe target.storeBytes(of: pairs[pair + 1], toByteOffset: sign + 1, as: UInt8.self)
    } else {
        unsafe target.storeBytes(
            of: UInt8(truncatingIfNeeded: rest) + 0x30, toByteOffset: sign, as: UInt8.self)
    }
    if sign == 1 { unsafe target.storeBytes(of: 0x2D, as: UInt8.self) }
    return length
}

/// The number of decimal digits of `value`, 1 to 20.
public func decimalWidth(_ value: UInt64) -> Int {
    var width = 1
    var rest = value
    while rest >= 10_000 {
        rest /= 10_000
        width += 4
    }
    if rest >= 1000 { return width + 3 }
    if rest >= 100 { return width + 2 }
    return rest >= 10 ? width + 1 : width
}

/// The number of characters of `value` in decimal, its sign included.
public func decimalWidth(_ value: Int64) -> Int {
    decimalWidth(value.magnitude) + (value < 0 ? 1 : 0)
}

extension RawSpan {
    /// The whole view as a canonical decimal integer, or nil: exactly the texts that printing an
    /// `Int64` gives, so that a value kept as a number is given back byte for byte.
    @inline(__always)
    public var canonicalInteger: Int64? {
        let length = byteCount
        if length == 0 || length > 20 { return nil }
        let first = self[0]
        // Most values are no numbers; their first byte says so.
        if !(first.isASCIIDigit || first == 0x2D) { return nil }
        return parseCanonicalInteger()
    }

    private func parseCanonicalInteger() -> Int64? {
        let length = byteCount
        let negative = self[0] == 0x2D
        var offset = negative ? 1 : 0
        if offset == length { return nil }
        let first = self[offset]
        if first == 0x30 { return length == 1 ? 0 : nil }
        var magnitude: UInt64 = 0
        while offset < length {
            let digit = self[offset] &- 0x30
            if digit > 9 { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            magnitude = sum
            offset += 1
        }
        if negative {
            return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return magnitude < 1 << 63 ? Int64(magnitude) : nil
    }
}

extension Int64 {
    /// Calls `body` with the decimal text, which stands on the stack for that long.
    @inline(__always)
    public func withDecimalText<Result>(_ body: (RawSpan) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { room in
            // Safe: a 64-bit number has at most 20 characters, and `body` cannot keep the span.
            let base = unsafe room.baseAddress.unsafelyUnwrapped
            let length = unsafe writeDecimal(self, to: base)
            return unsafe body(RawSpan(_unsafeStart: base, byteCount: length))
        }
    }

    /// The decimal text as bytes.
    public var decimalBytes: [UInt8] { Array(String(self).utf8) }
}
