// The patterns of KEYS, SCAN MATCH, PSUBSCRIBE, CONFIG GET and ACL rules. The rules, with their
// corners, are those of the servers, found by asking one:
//
//   *        any bytes, none included        ?     exactly one byte
//   [a-c_]   one byte of the class           [^a]  one byte outside the class
//   \x       the byte x                      x     itself
//
// A class that is not closed ends with the pattern, so "[^" is any byte and "[" none; "[]" is
// empty; in "[a-]" the bracket is the end of a range, which may run backwards. Bytes of a range
// are compared as signed numbers. A backslash at the very end is itself. An empty text is matched
// by the empty pattern only, not by "*": KEYS and SCAN treat a pattern that is just "*" apart.
//
// The matcher keeps one point of return, the latest star: if what stands between two stars matched
// once, a later place for it cannot help what follows. So the work is bounded by the product of
// the two lengths, whatever the pattern, and nothing recurses. Servers refuse patterns that need a
// thousandth star which is not the last thing in the pattern; so does this one.

/// Matching of bytes against patterns with `*`, `?`, `[…]` and `\`.
public enum Glob {
    /// Whether the whole of `text` matches `pattern`. With `ignoringCase` ASCII letters match in
    /// either case.
    public static func matches(
        _ pattern: RawSpan, _ text: RawSpan, ignoringCase: Bool = false
    ) -> Bool {
        let matcher = Matcher(pattern: pattern, ignoringCase: ignoringCase)
        return matcher.matches(text)
    }

    /// Whether the whole of `text` matches `pattern`.
    public static func matches(
        _ pattern: [UInt8], _ text: [UInt8], ignoringCase: Bool = false
    ) -> Bool {
        matches(pattern.rawSpan, text.rawSpan, ignoringCase: ignoringCase)
    }

    /// Whether `pattern` has no special byte, so that it matches itself and nothing else.
    public static func isLiteral(_ pattern: RawSpan) -> Bool {
        for index in 0..<pattern.byteCount {
            switch pattern[index] {
            case star, question, open, backslash: return false
            default: break
            }
        }
        return true
    }

    /// Whether `pattern` has no special byte, so that it matches itself and nothing else.
    public static func isLiteral(_ pattern: [UInt8]) -> Bool {
        isLiteral(pattern.rawSpan)
    }

    fileprivate static let star = UInt8(ascii: "*")
    fileprivate static let question = UInt8(ascii: "?")
    fileprivate static let open = UInt8(ascii: "[")
    fileprivate static let close = UInt8(ascii: "]")
    fileprivate static let caret = UInt8(ascii: "^")
    fileprivate static let hyphen = UInt8(ascii: "-")
    fileprivate static let backslash = UInt8(ascii: "\\")

    /// The star, if it is not the last thing in the pattern, at which a server gives up.
    fileprivate static let refusedStar = 1000
}

private struct Matcher: ~Escapable {
    private let pattern: RawSpan
    private let ignoringCase: Bool

    @_lifetime(copy pattern)
    init(pattern: RawSpan, ignoringCase: Bool) {
        self.pattern = pattern
        self.ignoringCase = ignoringCase
    }

    func matches(_ text: RawSpan) -> Bool {
        if text.isEmpty { return pattern.isEmpty }
        var at = 0
        var index = 0
        var stars = 0
        var afterStar = -1
        var retryFrom = 0
        while index < text.byteCount {
            if at < pattern.byteCount, pattern[at] == Glob.star {
                at = skipStars(at)
                if at == pattern.byteCount { return true }
                stars += 1
                if stars == Glob.refusedStar { return false }
                afterStar = at
                retryFrom = index
            } else if let next = step(at, text[index]) {
                at = next
                index += 1
            } else if afterStar >= 0 {
                retryFrom += 1
                index = retryFrom
                at = afterStar
            } else {
                return false
            }
        }
        return skipStars(at) == pattern.byteCount
    }

    private func skipStars(_ start: Int) -> Int {
        var at = start
        while at < pattern.byteCount, pattern[at] == Glob.star { at += 1 }
        return at
    }

    /// Where the pattern goes on if its element at `at`, not a star, accepts `byte`.
    private func step(_ at: Int, _ byte: UInt8) -> Int? {
        guard at < pattern.byteCount else { return nil }
        switch pattern[at] {
        case Glob.question:
            return at + 1
        case Glob.open:
            return stepClass(at + 1, byte)
        case Glob.backslash where at + 1 < pattern.byteCount:
            return same(pattern[at + 1], byte) ? at + 2 : nil
        case let literal:
            return same(literal, byte) ? at + 1 : nil
        }
    }

    /// The same for a class whose opening bracket stands before `start`.
    private func stepClass(_ start: Int, _ byte: UInt8) -> Int? {
        let end = pattern.byteCount
        var at = start
        let negated = at < end && pattern[at] == Glob.caret
        if negated { at += 1 }
        var found = false
        while at < end, pattern[at] != Glob.close {
            if pattern[at] == Glob.backslash, at + 1 < end {
                found = found || same(pattern[at + 1], byte)
                at += 2
            } else if at + 2 < end, pattern[at + 1] == Glob.hyphen {
                found = found || range(pattern[at], pattern[at + 2], contains: byte)
                at += 3
            } else {
                found = found || same(pattern[at], byte)
                at += 1
            }
        }
        return found != negated ? min(at + 1, end) : nil
    }

    @inline(__always)
    private func same(_ one: UInt8, _ other: UInt8) -> Bool {
        one == other || ignoringCase && one.asciiLowercased == other.asciiLowercased
    }

    private func range(_ first: UInt8, _ last: UInt8, contains byte: UInt8) -> Bool {
        let one = Int8(bitPattern: first)
        let other = Int8(bitPattern: last)
        let lowest = min(one, other)
        let highest = max(one, other)
        let value = Int8(bitPattern: byte)
        if ignoringCase {
            // The ends are ordered before their case is folded, so "[Z-a]" is empty here.
            return folded(lowest) <= folded(value) && folded(value) <= folded(highest)
        }
        return lowest <= value && value <= highest
    }

    /// The C library's `tolower` of a signed char: it leaves -1, its end-of-file mark, alone and
    /// makes the other negative numbers positive.
    private func folded(_ value: Int8) -> Int {
        value == -1 ? -1 : Int(UInt8(bitPattern: value).asciiLowercased)
    }
}
