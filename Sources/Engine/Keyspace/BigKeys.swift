public import Bytes
import Structures

// The biggest keys of each type, without walking over the others: whoever changes a value knows
// its size before and after, and one that has outgrown the smallest of a full list takes a place
// in it. So that a list that is pushed to all day does not pay for each push, sizes are looked at
// again only when they have changed by a sixteenth.
//
// A key that shrinks or goes is not searched for: once a second, and whenever somebody asks, the
// keys in the lists are looked up, and what they are then is what counts. When many of a list
// have gone, keys that found no place before may have one now; a walk over the table, a few
// buckets a tick, finds them again. The same walk finds them when this is switched on.

/// A key that is among the biggest of its type.
public struct BigKey: Sendable, Equatable {
    /// The key.
    public var key: ByteString
    /// The database that it is in.
    public var database: Int
    /// The type of its value.
    public var type: ValueType
    /// Bytes that it takes with its value and its place in the table.
    public var bytes: Int
    /// Elements of its value; of a string its bytes.
    public var count: Int
    /// When it expires, in wall milliseconds.
    public var expiry: Int64?

    /// A key with its figures.
    public init(
        key: ByteString, database: Int, type: ValueType, bytes: Int, count: Int, expiry: Int64?
    ) {
        self.key = key
        self.database = database
        self.type = type
        self.bytes = bytes
        self.count = count
        self.expiry = expiry
    }
}

/// The lists of the biggest keys.
struct BigKeys: Sendable {
    /// Keys of each type that have a place, and how few of them call for a walk.
    static let limit = 64
    static let low = 32
    /// Longer keys have no place: their names would take the memory that is to be watched.
    static let nameLimit = 4096
    /// Buckets that a tick walks.
    static let share = 128

    struct Candidate: Sendable {
        let key: ByteString
        let hash: UInt64
        let database: Int
        var bytes: Int
    }

    private(set) var isOn = false
    /// By the type's number: what a key must be bigger than to get a place.
    private var thresholds = [Int](repeating: 0, count: 16)
    private(set) var lists = [[Candidate]](repeating: [], count: 16)
    /// By the type's number: true when a key found no place.
    private var hasTurnedAway = [Bool](repeating: false, count: 16)
    /// Where the walk goes on; nil while there is none.
    var walk: (database: Int, cursor: UInt64)?
    /// The second in which the lists were last looked through.
    var lastLook: UInt64 = 0

    mutating func set(_ isOn: Bool) {
        guard isOn != self.isOn else { return }
        self = BigKeys()
        self.isOn = isOn
        if isOn { walk = (0, 0) }
    }

    /// True when a size has changed enough to be looked at: its leading five bits have.
    @inline(__always)
    static func isStep(_ before: Int, _ after: Int) -> Bool {
        let shift = max(0, 59 - (before | after).leadingZeroBitCount)
        return before &>> shift != after &>> shift
    }

    /// True when a key of this size would get a place.
    @inline(__always)
    func hasPlace(_ type: ValueType, _ bytes: Int) -> Bool {
        bytes > thresholds[Int(type.rawValue)]
    }

    mutating func note(
        _ key: RawSpan, hash: UInt64, _ database: Int, _ type: ValueType, _ bytes: Int
    ) {
        let number = Int(type.rawValue)
        if key.byteCount > BigKeys.nameLimit { return }
        if let place = lists[number].firstIndex(where: {
            $0.hash == hash && $0.database == database
        }) {
            lists[number][place].bytes = bytes
            return
        }
        let candidate = Candidate(
            key: ByteString(key), hash: hash, database: database, bytes: bytes)
        if lists[number].count < BigKeys.limit {
            lists[number].append(candidate)
        } else {
            hasTurnedAway[number] = true
            guard
                let least = lists[number].indices.min(by: {
                    lists[number][$0].bytes < lists[number][$1].bytes
                })
            else { return }
            lists[number][least] = candidate
        }
        setThreshold(number)
    }

    private mutating func setThreshold(_ number: Int) {
        guard lists[number].count >= BigKeys.limit else {
            thresholds[number] = 0
            return
        }
        thresholds[number] = lists[number].reduce(Int.max) { min($0, $1.bytes) }
    }

    /// Puts the list of a type as it is now in the place of the old one. Begins a walk when many
    /// have gone and others may be bigger.
    mutating func replace(_ number: Int, _ list: [Candidate]) {
        // A full list has turned keys away that were too small for it.
        let wasFull = lists[number].count >= BigKeys.limit
        if wasFull { hasTurnedAway[number] = true }
        lists[number] = list
        setThreshold(number)
        if list.count < BigKeys.low, hasTurnedAway[number], walk == nil {
            walk = (0, 0)
            hasTurnedAway[number] = false
        }
    }

    var footprint: Int {
        lists.reduce(0) { $0 + $1.reduce(0) { $0 + $1.key.count + 48 } }
    }
}

extension Store {
    /// Looks whether an entry of the selected database, whose size has changed, is one of the
    /// biggest of its type.
    /// - Parameters:
    ///   - before: bytes of the value, or of all of it, as it was; 0 when there was none.
    ///   - after: the same as it is.
    @inline(__always)
    mutating func noteSize(_ entry: Entry, hash: UInt64, before: Int, after: Int) {
        if bigKeys.isOn { weigh(entry, hash, selected, before, after) }
    }

    /// The same for an entry of another database.
    @inline(never)
    mutating func weigh(
        _ entry: Entry, _ hash: UInt64, _ database: Int, _ before: Int, _ after: Int
    ) {
        guard BigKeys.isStep(before, after) else { return }
        let bytes = entry.totalFootprint + HashTable.bytesPerRecord
        if bigKeys.hasPlace(entry.type, bytes) {
            bigKeys.note(entry.key, hash: hash, database, entry.type, bytes)
        }
    }

    /// Looks through the lists once a second, and walks on when keys are being searched for.
    mutating func tickBigKeys() {
        guard bigKeys.isOn else { return }
        let second = now.monotonic.nanoseconds / 1_000_000_000
        if second != bigKeys.lastLook {
            bigKeys.lastLook = second
            for type in ValueType.allCases { _ = refreshBigKeys(type) }
        }
        if let (database, cursor) = bigKeys.walk { walkForBigKeys(database, cursor) }
    }

    private mutating func walkForBigKeys(_ database: Int, _ from: UInt64) {
        var cursor = from
        var found: [Entry] = []
        for _ in 0..<BigKeys.share {
            cursor = keyspaces[database].table.scan(cursor) { found.append($0) }
            if cursor == 0 { break }
        }
        for entry in found {
            let bytes = entry.totalFootprint + HashTable.bytesPerRecord
            guard bigKeys.hasPlace(entry.type, bytes) else { continue }
            let hash = keyspaces[database].table.hash(of: entry.key)
            bigKeys.note(entry.key, hash: hash, database, entry.type, bytes)
        }
        if cursor != 0 {
            bigKeys.walk = (database, cursor)
        } else {
            bigKeys.walk = database + 1 < keyspaces.count ? (database + 1, 0) : nil
        }
    }

    /// Brings the list of a type in step with what its keys are now, and returns them.
    private mutating func refreshBigKeys(_ type: ValueType) -> [BigKey] {
        let number = Int(type.rawValue)
        let old = bigKeys.lists[number]
        if old.isEmpty { return [] }
        var list: [BigKeys.Candidate] = []
        var found: [BigKey] = []
        for var candidate in old {
            let key = candidate.key
            guard
                let slot = keyspaces[candidate.database].table.find(
                    key.rawSpan, hash: candidate.hash)
            else { continue }
            let entry = keyspaces[candidate.database].table.record(at: slot)
            guard entry.type == type else { continue }
            if let expiry = entry.expiry, expiry < now.wall.milliseconds { continue }
            candidate.bytes = entry.totalFootprint + HashTable.bytesPerRecord
            list.append(candidate)
            found.append(
                BigKey(
                    key: key, database: candidate.database, type: type, bytes: candidate.bytes,
                    count: entry.elementCount, expiry: entry.expiry))
        }
        bigKeys.replace(number, list)
        return found
    }

    /// The biggest keys of a database, the biggest first; none while they are not watched
    /// (setting `larder-big-keys`).
    /// - Parameter wanted: the type of the keys; nil for all.
    public mutating func biggestKeys(
        _ count: Int, database: Int, type wanted: ValueType? = nil
    ) -> [BigKey] {
        var found: [BigKey] = []
        for type in ValueType.allCases where wanted == nil || wanted == type {
            found += refreshBigKeys(type).filter { $0.database == database }
        }
        found.sort { ($1.bytes, $1.count, $0.key) < ($0.bytes, $0.count, $1.key) }
        return Array(found.prefix(max(0, count)))
    }
}
