import Bytes
import Grammar
import Structures

// Ranges of scores, of members and of ranks. Each becomes a range of ranks before anything is
// read or removed.

/// A range of scores, such as `(1 5` or `-inf +inf`.
struct ScoreBounds {
    private let low: (score: Double, isExcluded: Bool)
    private let high: (score: Double, isExcluded: Bool)

    /// The range between two words.
    init(_ low: RawSpan, _ high: RawSpan) throws(CommandError) {
        self.low = try ScoreBounds.end(low)
        self.high = try ScoreBounds.end(high)
    }

    private static func end(
        _ word: RawSpan
    ) throws(CommandError) -> (score: Double, isExcluded: Bool) {
        let isExcluded = word.byteCount > 0 && word[0] == UInt8(ascii: "(")
        let number = isExcluded ? word.extracting(1..<word.byteCount) : word
        guard let score = Doubles.parseRangeEnd(number) else { throw .scoreRangeEnd }
        return (score, isExcluded)
    }

    /// The ranks whose scores are in the range.
    func ranks(of object: SortedSetObject) -> Range<Int> {
        let start = object.count(below: low.score, orEqual: low.isExcluded)
        let end = object.count(below: high.score, orEqual: !high.isExcluded)
        return start..<max(start, end)
    }
}

/// A range of members, such as `[a (b` or `- +`.
struct MemberBounds: ~Escapable {
    private let low: RawSpan
    private let high: RawSpan

    /// The range between two words.
    @_lifetime(copy low, copy high)
    init(_ low: RawSpan, _ high: RawSpan) throws(CommandError) {
        self.low = low
        self.high = high
        guard MemberBounds.isValid(low), MemberBounds.isValid(high) else {
            throw .memberRangeEnd
        }
    }

    private static func isValid(_ word: RawSpan) -> Bool {
        if word.byteCount == 0 { return false }
        switch word[0] {
        case UInt8(ascii: "["), UInt8(ascii: "("): return true
        // What C takes for the end of the word may be followed by anything.
        case UInt8(ascii: "-"), UInt8(ascii: "+"): return word.byteCount == 1 || word[1] == 0
        default: return false
        }
    }

    /// The ranks whose members are in the range; all scores must be the same.
    func ranks(of object: SortedSetObject) -> Range<Int> {
        let start = count(low, of: object, isHigh: false)
        let end = count(high, of: object, isHigh: true)
        return start..<max(start, end)
    }

    /// How many members stand before an end of the range.
    private func count(_ end: RawSpan, of object: SortedSetObject, isHigh: Bool) -> Int {
        switch end[0] {
        case UInt8(ascii: "-"): return 0
        case UInt8(ascii: "+"): return object.count
        default:
            let isExcluded = end[0] == UInt8(ascii: "(")
            return object.count(
                before: end.extracting(1..<end.byteCount), orEqual: isExcluded != isHigh)
        }
    }
}

/// A range of ranks; negative ones count from the end.
struct RankBounds {
    private let start: Int64
    private let stop: Int64

    /// The range between two words.
    init(_ start: RawSpan, _ stop: RawSpan) throws(CommandError) {
        guard let start = start.canonicalInteger, let stop = stop.canonicalInteger else {
            throw .notInteger
        }
        self.start = start
        self.stop = stop
    }

    /// The ranks of the range that there are among `count`.
    func ranks(of count: Int) -> Range<Int> {
        let count = Int64(count)
        let first = max(0, start < 0 ? start + count : start)
        let last = min(count - 1, stop < 0 ? stop + count : stop)
        return first > last || first >= count ? 0..<0 : Int(first)..<Int(last + 1)
    }
}

extension Range<Int> {
    /// The same ranks, counted from the other end of `count`.
    func reversed(of count: Int) -> Range<Int> { (count - upperBound)..<(count - lowerBound) }

    /// What LIMIT leaves of the ranks: `offset` passed over at the end where reading begins, and
    /// at most `count` then, all when it is negative.
    func limited(_ limit: (offset: Int64, count: Int64)?, reversed: Bool) -> Range<Int> {
        guard let limit else { return self }
        if limit.offset < 0 || limit.offset >= self.count { return lowerBound..<lowerBound }
        let left = self.count - Int(limit.offset)
        let taken = limit.count < 0 ? left : Swift.min(left, Int(limit.count))
        if reversed {
            let end = upperBound - Int(limit.offset)
            return (end - taken)..<end
        }
        let start = lowerBound + Int(limit.offset)
        return start..<(start + taken)
    }
}
