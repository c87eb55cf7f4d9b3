// Floating point replies. Three forms exist on the wire, and clients compare them as text:
//
//   seventeen digits   what C calls %.17g; servers up to 7.0 print scores so: 0.10000000000000001
//   shortest           the fewest digits that read back as the same number: 0.1; since 7.2.
//                      Its layout is that of the fpconv library, whose switch to an exponent
//                      depends on the number of digits: 1e+20, 1e-7, 1.2345678901234567e+4
//   human              %.17Lf without trailing zeros, never an exponent: INCRBYFLOAT, GEOPOS

import Glibc

extension Doubles {
    /// Appends `value` with up to 17 significant digits, as servers up to 7.0 reply a score:
    /// "3", "0.10000000000000001", "1e+17", "-0", "inf", "-inf", "nan".
    public static func appendSeventeenDigits(_ value: Double, to out: inout [UInt8]) {
        if appendSpecial(value, to: &out) { return }
        if value.magnitude < 1e17, let whole = Int64(exactly: value) {
            appendInteger(whole, to: &out)
        } else {
            appendPrinted(value, format: "%.17g", to: &out)
        }
    }

    /// Appends `value` with as many digits as it takes to read back the same number, as servers
    /// since 7.2 reply a score: "3", "0.1", "1e+20", "-0", "inf", "-inf", "nan".
    public static func appendShortest(_ value: Double, to out: inout [UInt8]) {
        if appendSpecial(value, to: &out) { return }
        if value.magnitude <= 0x1p62, let whole = Int64(exactly: value) {
            appendInteger(whole, to: &out)
            return
        }
        if value < 0 { out.append(UInt8(ascii: "-")) }
        ShortestDigits(value.magnitude).append(to: &out, negative: value < 0)
    }

    /// Appends `value` with exactly `decimals` digits after the point, as GEODIST does with 4.
    public static func appendFixed(_ value: Double, decimals: Int, to out: inout [UInt8]) {
        if value.isFinite {
            appendPrinted(value, format: "%.*f", precision: Int32(decimals), to: &out)
        } else {
            _ = appendSpecial(value, to: &out)
        }
    }

    /// Appends `value` as INCRBYFLOAT and GEOPOS do: up to 17 digits after the point, no trailing
    /// zeros, no exponent, no negative zero. The largest number takes 4933 bytes.
    public static func appendHuman(_ value: LongDouble, to out: inout [UInt8]) {
        if value.isNaN || value.isInfinite {
            _ = appendSpecial(value.isNaN ? .nan : Double(value), to: &out)
            return
        }
        if value.magnitude < 0x1p62, let whole = Int64(exactly: value) {
            appendInteger(whole, to: &out)
            return
        }
        let start = out.count
        #if arch(x86_64) || arch(i386)
            appendPrinted(value, format: "%.17Lf", to: &out)
        #else
            appendPrinted(value, format: "%.17f", to: &out)
        #endif
        while out[out.count - 1] == UInt8(ascii: "0") { out.removeLast() }
        if out[out.count - 1] == UInt8(ascii: ".") { out.removeLast() }
        if out.count == start + 2, out[start] == UInt8(ascii: "-"), out[start + 1] == 0x30 {
            out.remove(at: start)
        }
    }

    /// Appends what is not a number and the negative zero, which an integer would lose.
    private static func appendSpecial(_ value: Double, to out: inout [UInt8]) -> Bool {
        if value.isNaN {
            out.append(contentsOf: "nan".utf8)
        } else if value.isInfinite {
            out.append(contentsOf: (value < 0 ? "-inf" : "inf").utf8)
        } else if value.isZero, value.sign == .minus {
            out.append(contentsOf: "-0".utf8)
        } else {
            return false
        }
        return true
    }

    private static func appendInteger(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        appendDigits(of: value.magnitude, to: &out)
    }

    /// Appends `value` in decimal.
    fileprivate static func appendDigits(of value: UInt64, to out: inout [UInt8]) {
        let start = out.count
        var rest = value
        repeat {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }

    /// Appends what the C library prints for one finite number.
    private static func appendPrinted(
        _ value: some CVarArg, format: StaticString, precision: Int32? = nil,
        to out: inout [UInt8]
    ) {
        let arguments: [any CVarArg] = precision.map { [$0, value] } ?? [value]
        // Safe: the library writes at most `capacity` bytes, and the longest number in a fixed
        // form (4933 digits, a sign, a point and 17 decimals) fits with its NUL. The format is
        // a literal whose arguments are these.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 5120) { buffer in
            let length = unsafe withVaList(arguments) { list in
                format.withUTF8Buffer { text in
                    unsafe text.withMemoryRebound(to: CChar.self) { text in
                        unsafe vsnprintf(
                            buffer.baseAddress, buffer.count, text.baseAddress!, list)
                    }
                }
            }
            let printed = min(max(Int(length), 0), buffer.count - 1)
            for index in 0..<printed { unsafe out.append(UInt8(bitPattern: buffer[index])) }
        }
    }
}

/// A positive number as its shortest digits × 10^scale, from the standard library's description.
private struct ShortestDigits {
    private var digits: [UInt8] = []
    private var scale = 0

    init(_ value: Double) {
        var afterPoint = false
        var exponent = 0
        var exponentNegative = false
        var inExponent = false
        digits.reserveCapacity(24)
        for byte in value.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): afterPoint = true
            case UInt8(ascii: "e"): inExponent = true
            case UInt8(ascii: "-"): exponentNegative = true
            case UInt8(ascii: "+"): break
            default:
                if inExponent {
                    exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    if afterPoint { scale -= 1 }
                    if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
                }
            }
        }
        scale += exponentNegative ? -exponent : exponent
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            scale += 1
        }
    }

    /// Lays the digits out: whole if few zeros follow, with a point if the number is near 1 or
    /// has few decimals, and else with an exponent.
    func append(to out: inout [UInt8], negative: Bool) {
        let zero = UInt8(ascii: "0")
        let power = scale + digits.count - 1
        if scale >= 0, scale <= (negative ? 6 : 7) {
            out.append(contentsOf: digits)
            out.append(contentsOf: repeatElement(zero, count: scale))
        } else if scale < 0, scale > -7 || abs(power) < 4 {
            let whole = digits.count + scale
            if whole > 0 {
                out.append(contentsOf: digits[..<whole])
                out.append(UInt8(ascii: "."))
                out.append(contentsOf: digits[whole...])
            } else {
                out.append(contentsOf: "0.".utf8)
                out.append(contentsOf: repeatElement(zero, count: -whole))
                out.append(contentsOf: digits)
            }
        } else {
            out.append(digits[0])
            if digits.count > 1 {
                out.append(UInt8(ascii: "."))
                out.append(contentsOf: digits[1...])
            }
            out.append(UInt8(ascii: "e"))
            out.append(UInt8(ascii: power < 0 ? "-" : "+"))
            Doubles.appendDigits(of: UInt64(abs(power)), to: &out)
        }
    }
}
