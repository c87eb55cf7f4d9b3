import Bytes
import Grammar
import Structures

/// A sorted set: a listpack of members, each followed by its score, while it is small; then a
/// table and a tree. It never becomes small again by itself.
///
/// Ranks are what everything is expressed in: a range of scores or of members is turned into a
/// range of ranks first, and what is then read or removed is one run of neighbours. Both forms
/// can do that at a cost that does not depend on the length of the range.
struct SortedSetObject: KeyspaceObject {
    static let type = ValueType.sortedSet

    private(set) var encoding: Encoding
    private(set) var payload: UInt64

    init(encoding: Encoding, payload: UInt64) {
        self.encoding = encoding
        self.payload = payload
    }

    /// What the settings say of sorted sets, and the key of the hash.
    struct Rules {
        /// The most members of the small form.
        let entries: Int
        /// The longest member of the small form, in bytes.
        let value: Int
        /// How scores are written.
        let flavour: Flavour
        /// Keys the hash of the large form.
        let sipKey: SipKey
    }

    static func makeEmpty(_ store: borrowing Store) -> SortedSetObject {
        if store.settings.limits.sortedSetEntries == 0 {
            return makeTable(store.keyspaces[store.selected].table.sipKey)
        }
        return SortedSetObject(encoding: .listpack, payload: Listpack.allocate().payload)
    }

    /// An empty set in the large form.
    static func makeTable(_ sipKey: SipKey) -> SortedSetObject { make(ScoreTable(sipKey: sipKey)) }

    /// A set in the large form.
    static func make(_ table: consuming ScoreTable) -> SortedSetObject {
        SortedSetObject(encoding: .skiplist, payload: Box<ScoreTable>.allocate(table).payload)
    }

    /// The small form, when it is that.
    @inline(__always)
    var small: ScoredListpack? {
        encoding == .listpack ? ScoredListpack(pack: Listpack(payload: payload)) : nil
    }

    /// The large form; the value must be in it.
    @inline(__always)
    var large: Box<ScoreTable> { Box<ScoreTable>(payload: payload) }

    var count: Int { small?.count ?? large.value.count }

    var footprint: Int {
        if let small { return small.pack.footprint }
        return Box<ScoreTable>.footprint + large.value.footprint
    }

    func duplicate() -> SortedSetObject {
        if let small {
            return SortedSetObject(encoding: encoding, payload: small.pack.duplicate().payload)
        }
        let copy = Box<ScoreTable>.allocate(large.value.duplicate())
        return SortedSetObject(encoding: encoding, payload: copy.payload)
    }

    func free() {
        if let small { small.pack.free() } else { large.free() }
    }

    // MARK: Reading

    /// The score of a member, or nil when it is not there.
    @inline(__always)
    func score(of member: RawSpan) -> Double? {
        guard let small else { return large.value.score(of: member) }
        return small.find(member).map { small.score(at: $0) }
    }

    /// The rank of a member, 0 being the lowest, and its score; nil when it is not there.
    func place(of member: RawSpan) -> (rank: Int, score: Double)? {
        if let small { return small.place(of: member) }
        return large.value.place(of: member).map { ($0.rank, $0.score) }
    }

    /// How many members have a score below `score`, or with `orEqual` not above it.
    func count(below score: Double, orEqual: Bool) -> Int {
        if let small { return small.count(below: score, orEqual: orEqual) }
        return large.value.tree.seek(score: score, after: orEqual)?.rank ?? count
    }

    /// How many members stand before `member`, or with `orEqual` not behind it; all scores must
    /// be the same.
    func count(before member: RawSpan, orEqual: Bool) -> Int {
        if let small { return small.count(before: member, orEqual: orEqual) }
        return large.value.tree.seek(member: member, after: orEqual)?.rank ?? count
    }

    /// Hands `count` members to `body`, from rank `rank` on upwards, or downwards when `reversed`.
    @inline(__always)
    func forEach(
        from rank: Int, count: Int, reversed: Bool = false,
        _ body: (Listpack.Element, Double) -> Void
    ) {
        if count <= 0 { return }
        if let small { return small.forEach(from: rank, count: count, reversed: reversed, body) }
        guard var cursor = large.value.cursor(at: rank) else { return }
        for left in stride(from: count, to: 0, by: -1) {
            let record = cursor.record
            body(.bytes(record.key), cursor.score)
            guard left > 1, let next = reversed ? cursor.previous : cursor.next else { return }
            cursor = next
        }
    }

    // MARK: Changing

    /// What became of a member.
    enum Outcome {
        /// It was not there and is now.
        case added
        /// It has another score.
        case updated
        /// It has the score that it had.
        case same
        /// A condition was not met.
        case refused
    }

    /// Gives a member the score that `change` makes of the one it has, and returns what became of
    /// it and the score it has then.
    /// - Throws: when the score would not be a number.
    @inline(__always)
    mutating func put(
        _ member: RawSpan, _ change: ScoreChange, _ rules: Rules
    ) throws(CommandError) -> (outcome: Outcome, score: Double) {
        if encoding == .listpack {
            guard let result = try putSmall(member, change, rules) else {
                becomeLarge(rules.sipKey)
                return try putLarge(member, change)
            }
            return result
        }
        return try putLarge(member, change)
    }

    /// As `put`, in the small form; nil, with nothing changed, when the large form is needed.
    private mutating func putSmall(
        _ member: RawSpan, _ change: ScoreChange, _ rules: Rules
    ) throws(CommandError) -> (outcome: Outcome, score: Double)? {
        var small = ScoredListpack(pack: Listpack(payload: payload))
        guard let position = small.find(member) else {
            if change.conditions.contains(.onlyExisting) { return (.refused, 0) }
            if small.count >= rules.entries || member.byteCount > rules.value
                || small.pack.byteCount + member.byteCount > Listpack.maximumByteCount - 100
            {
                return nil
            }
            small.insert(member, change.value, rules.flavour)
            payload = small.pack.payload
            return (.added, change.value)
        }
        let old = small.score(at: position)
        guard let new = try change.applied(to: old) else { return (.refused, 0) }
        if new == old { return (.same, old) }
        small.change(at: position, member, to: new, rules.flavour)
        payload = small.pack.payload
        return (.updated, new)
    }

    @inline(__always)
    private func putLarge(
        _ member: RawSpan, _ change: ScoreChange
    ) throws(CommandError) -> (outcome: Outcome, score: Double) {
        let large = large
        let hash = large.value.hash(of: member)
        guard let record = large.value.find(member, hash: hash) else {
            if change.conditions.contains(.onlyExisting) { return (.refused, 0) }
            large.value.insert(member, hash: hash, score: change.value)
            return (.added, change.value)
        }
        let old = record.memberScore
        guard let new = try change.applied(to: old) else { return (.refused, 0) }
        if new == old { return (.same, old) }
        large.value.change(record, to: new)
        return (.updated, new)
    }

    /// Adds a member that is not there.
    mutating func add(_ member: RawSpan, _ score: Double, _ rules: Rules) {
        do throws(CommandError) {
            _ = try put(member, ScoreChange(value: score), rules)
        } catch {
            preconditionFailure("a score that is not added to another is a number")
        }
    }

    /// Takes a member out; false when it is not there.
    mutating func remove(_ member: RawSpan) -> Bool {
        guard var small else {
            let large = large
            guard large.value.remove(member) else { return false }
            if large.value.isWasteful { large.value.moveRecords() }
            return true
        }
        guard let position = small.find(member) else { return false }
        small.pack.remove(at: position, count: 2)
        payload = small.pack.payload
        return true
    }

    /// Takes the members with these ranks out.
    mutating func remove(ranks: Range<Int>) {
        if ranks.isEmpty { return }
        guard var small else {
            let large = large
            large.value.remove(ranks: ranks)
            if large.value.isWasteful { large.value.moveRecords() }
            return
        }
        if let position = small.pack.seek(ranks.lowerBound * 2) {
            small.pack.remove(at: position, count: ranks.count * 2)
            payload = small.pack.payload
        }
    }

    // MARK: Form

    /// Turns the small form into the large one.
    mutating func becomeLarge(_ sipKey: SipKey) {
        guard let small else { return }
        var table = ScoreTable(sipKey: sipKey)
        table.reserve(small.count)
        small.forEach(from: 0, count: small.count, reversed: false) { element, score in
            table.insert(element, score: score)
        }
        small.pack.free()
        encoding = .skiplist
        payload = Box<ScoreTable>.allocate(table).payload
    }

    /// Turns a value just built into the small form when it fits.
    mutating func becomeSmallIfFitting(_ rules: Rules) {
        guard encoding == .skiplist, count <= rules.entries else { return }
        var longest = 0
        forEach(from: 0, count: count) { element, _ in longest = max(longest, element.textLength) }
        if longest > rules.value { return }
        var small = ScoredListpack(pack: Listpack.allocate())
        forEach(from: 0, count: count) { element, score in
            small.append(element, score, rules.flavour)
        }
        large.free()
        encoding = .listpack
        payload = small.pack.payload
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    func checkInvariants() {
        if let small { small.checkInvariants() } else { large.value.checkInvariants() }
    }
}

/// How a member's score is to change.
struct ScoreChange {
    /// When nothing is to change.
    struct Conditions: OptionSet {
        let rawValue: UInt8
        init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A member that is there stays as it is.
        static let onlyNew = Conditions(rawValue: 1)
        /// A member that is not there is not added.
        static let onlyExisting = Conditions(rawValue: 2)
        /// A score only rises.
        static let onlyGreater = Conditions(rawValue: 4)
        /// A score only falls.
        static let onlyLess = Conditions(rawValue: 8)
    }

    /// The score, or what is added to it.
    var value: Double
    /// True when the value is added.
    var isIncrement = false
    /// When nothing is to change.
    var conditions: Conditions = []

    /// The score that follows from `old`, or nil when a condition is not met.
    @inline(__always)
    func applied(to old: Double) throws(CommandError) -> Double? {
        if conditions.contains(.onlyNew) { return nil }
        let new = isIncrement ? old + value : value
        if new.isNaN { throw .scoreNotANumber }
        if conditions.contains(.onlyLess), new >= old { return nil }
        if conditions.contains(.onlyGreater), new <= old { return nil }
        return new
    }
}

extension Store {
    /// What the settings say of sorted sets.
    @inline(__always)
    var sortedSetRules: SortedSetObject.Rules {
        SortedSetObject.Rules(
            entries: settings.limits.sortedSetEntries, value: settings.limits.sortedSetValue,
            flavour: settings.flavour, sipKey: keyspaces[selected].table.sipKey)
    }
}
