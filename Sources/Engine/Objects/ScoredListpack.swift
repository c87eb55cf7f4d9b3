import Bytes
import Grammar
import Structures

/// A small sorted set: a listpack of members, each followed by its score, in their order. A
/// score is kept as a whole number where it is one, else as the text that the flavour would reply.
struct ScoredListpack {
    /// The block; an edit may exchange it.
    var pack: Listpack

    /// The number of members.
    @inline(__always)
    var count: Int { pack.count / 2 }

    /// Where a member is, or nil.
    @inline(__always)
    func find(_ member: RawSpan) -> Listpack.Position? { pack.find(member, every: 2) }

    /// The score of the member at a position.
    @inline(__always)
    func score(at position: Listpack.Position) -> Double {
        guard let place = pack.next(after: position) else { return 0 }
        return score(place)
    }

    /// The score that stands at a position.
    @inline(__always)
    private func score(_ place: Listpack.Position) -> Double {
        switch pack.element(at: place) {
        case .integer(let number): Double(number)
        case .bytes(let text): Doubles.parseRangeEnd(text) ?? 0
        }
    }

    /// The rank and score of a member, or nil.
    func place(of member: RawSpan) -> (rank: Int, score: Double)? {
        guard let found = find(member) else { return nil }
        var rank = 0
        var position = pack.first
        while let here = position, here != found {
            rank += 1
            position = pack.next(after: here).flatMap { pack.next(after: $0) }
        }
        return (rank, score(at: found))
    }

    /// How many scores are below `score`, or with `orEqual` not above it.
    func count(below score: Double, orEqual: Bool) -> Int {
        var rank = 0
        var position = pack.first
        while let here = position, let place = pack.next(after: here) {
            let own = self.score(place)
            if own > score || own == score && !orEqual { break }
            rank += 1
            position = pack.next(after: place)
        }
        return rank
    }

    /// How many members at the head stand before `member`, or with `orEqual` not behind it.
    func count(before member: RawSpan, orEqual: Bool) -> Int {
        var rank = 0
        var position = pack.first
        while let here = position {
            let order = pack.element(at: here).compare(member)
            if order > 0 || order == 0 && !orEqual { break }
            rank += 1
            position = pack.next(after: here).flatMap { pack.next(after: $0) }
        }
        return rank
    }

    /// Hands `count` members to `body`, from rank `rank` on.
    @inline(__always)
    func forEach(
        from rank: Int, count: Int, reversed: Bool, _ body: (Listpack.Element, Double) -> Void
    ) {
        var left = count
        var position = pack.seek(rank * 2)
        while left > 0, let here = position, let place = pack.next(after: here) {
            body(pack.element(at: here), score(place))
            left -= 1
            if reversed {
                position = pack.previous(before: here).flatMap { pack.previous(before: $0) }
            } else {
                position = pack.next(after: place)
            }
        }
    }

    // MARK: Changing

    /// Adds a member that is not there.
    mutating func insert(_ member: RawSpan, _ score: Double, _ flavour: Flavour) {
        // What comes in order is common, and needs no walk.
        if let last = pack.last, self.score(last) >= score {
            var position = pack.first
            while let here = position, let place = pack.next(after: here) {
                let own = self.score(place)
                if own > score || own == score && pack.element(at: here).compare(member) > 0 {
                    let added = pack.insert(member, before: here)
                    return insertScore(score, after: added, flavour)
                }
                position = pack.next(after: place)
            }
        }
        pack.append(member)
        appendScore(score, flavour)
    }

    /// Adds a member that stands behind all others.
    mutating func append(_ member: Listpack.Element, _ score: Double, _ flavour: Flavour) {
        switch member {
        case .integer(let number): pack.append(number)
        case .bytes(let bytes): pack.append(bytes)
        }
        appendScore(score, flavour)
    }

    /// Gives the member at a position another score.
    mutating func change(
        at position: Listpack.Position, _ member: RawSpan, to score: Double, _ flavour: Flavour
    ) {
        guard let place = pack.next(after: position) else { return }
        if keepsPlace(position, place, member, score) {
            if let number = ScoredListpack.whole(score) {
                pack.replace(at: place, with: number)
            } else {
                let text = score.digits(flavour)
                pack.replace(at: place, with: text.rawSpan)
            }
            return
        }
        pack.remove(at: position, count: 2)
        insert(member, score, flavour)
    }

    /// True when a member may stay where it is with another score.
    private func keepsPlace(
        _ position: Listpack.Position, _ place: Listpack.Position, _ member: RawSpan,
        _ score: Double
    ) -> Bool {
        if let before = pack.previous(before: position),
            let neighbour = pack.previous(before: before)
        {
            let own = self.score(before)
            if own > score { return false }
            if own == score, pack.element(at: neighbour).compare(member) > 0 { return false }
        }
        if let neighbour = pack.next(after: place), let behind = pack.next(after: neighbour) {
            let own = self.score(behind)
            if own < score { return false }
            if own == score, pack.element(at: neighbour).compare(member) < 0 { return false }
        }
        return true
    }

    /// The score as a whole number, when it is one of a size that servers keep so. The negative
    /// zero becomes a zero by it.
    private static func whole(_ score: Double) -> Int64? {
        score.magnitude <= 0x1p62 ? Int64(exactly: score) : nil
    }

    private mutating func appendScore(_ score: Double, _ flavour: Flavour) {
        if let number = ScoredListpack.whole(score) {
            pack.append(number)
        } else {
            let text = score.digits(flavour)
            pack.append(text.rawSpan)
        }
    }

    private mutating func insertScore(
        _ score: Double, after position: Listpack.Position, _ flavour: Flavour
    ) {
        if let number = ScoredListpack.whole(score) {
            pack.insert(number, after: position)
        } else {
            let text = score.digits(flavour)
            pack.insert(text.rawSpan, after: position)
        }
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    func checkInvariants() {
        pack.checkInvariants()
        precondition(pack.count % 2 == 0, "a member without a score")
        var before: (score: Double, member: [UInt8])?
        forEach(from: 0, count: count, reversed: false) { element, score in
            let member = element.copied()
            if let before {
                precondition(
                    before.score < score
                        || before.score == score
                            && before.member.lexicographicallyPrecedes(member),
                    "out of order")
            }
            before = (score, member)
        }
    }
}

extension Listpack.Element {
    /// Negative, zero or positive as the text orders before, with or behind `other`.
    func compare(_ other: RawSpan) -> Int {
        switch self {
        case .bytes(let bytes): return bytes.compare(other)
        case .integer(let number):
            let digits = number.decimalBytes
            return digits.rawSpan.compare(other)
        }
    }
}

extension Double {
    /// The digits of a score, as the flavour writes them.
    func digits(_ flavour: Flavour) -> [UInt8] {
        var text: [UInt8] = []
        if flavour == .redis70 {
            Doubles.appendSeventeenDigits(self, to: &text)
        } else {
            Doubles.appendShortest(self, to: &text)
        }
        return text
    }
}
