import Bytes
import Grammar
public import Structures

/// One numbered database.
public struct Keyspace: ~Copyable {
    /// The keys, in their table. Keys with an expiry are marked in it.
    public internal(set) var table: HashTable
    /// Where the walk for expired keys goes on.
    var expiryCursor = 0
    /// The mean time to live of the keys that the walk has seen, in milliseconds.
    var averageTTL: Int64 = 0
    /// What was looked up last, and the edits of the table up to then. A queue, a counter or a
    /// leaderboard is one key that is named again and again: while the table stands as it did,
    /// comparing the key replaces hashing it and searching for it.
    private var lastFound: (location: Location, edits: UInt64)?
    /// Where the search for keys to evict goes on.
    var evictionCursor = 0
    /// Bytes of the entries, by the ledger.
    public internal(set) var entryBytes = 0
    /// Bytes of the table, as the ledger has it.
    public internal(set) var tableBytes: Int

    init(sipKey: SipKey) {
        table = HashTable(sipKey: sipKey)
        tableBytes = table.footprint
    }

    /// The number of keys, those that have expired but still stand included.
    public var count: Int { table.count }
    /// The number of keys with an expiry.
    public var expiringCount: Int { table.markedCount }

    /// Where the key stands when it is the one that was looked up last.
    @inline(__always)
    func latest(_ key: RawSpan) -> Location? {
        guard let lastFound, lastFound.edits == table.edits, lastFound.location.entry.hasKey(key)
        else { return nil }
        return lastFound.location
    }

    /// Where the entry with this key stands, expired or not.
    @inline(__always)
    mutating func locate(_ key: RawSpan) -> Location? {
        if let location = latest(key) { return location }
        let hash = table.hash(of: key)
        guard let slot = table.find(key, hash: hash) else { return nil }
        let location = Location(slot: slot, entry: table.record(at: slot), hash: hash)
        lastFound = (location, table.edits)
        return location
    }
}

/// How a key is being looked up, which decides what the lookup leaves behind.
enum Access {
    /// To read: counts as a hit or a miss, and renews the access clock.
    case read
    /// To read about it: counts as a hit or a miss, and leaves the access clock.
    case inspect
    /// As `inspect`, and a miss is not published: for commands about the entry itself.
    case examine
    /// To change it: renews the access clock.
    case write
    /// Without any trace.
    case silent

    /// True when a lookup counts as a hit or a miss.
    @inline(__always)
    fileprivate var isCounted: Bool {
        switch self {
        case .read, .inspect, .examine: true
        case .write, .silent: false
        }
    }
}

/// An entry and where it stands; stale after any change of the keyspace.
struct Location {
    let slot: HashTable.Slot
    let entry: Entry
    let hash: UInt64
}

extension Store {
    /// Where the live entry with this key of the selected database stands, or nil. An expired one
    /// that is met on the way goes.
    @inline(__always)
    mutating func find(_ key: RawSpan, _ access: Access) -> Location? {
        guard let location = keyspaces[selected].locate(key) else {
            if access.isCounted { noteMiss(key, access) }
            return nil
        }
        let entry = location.entry
        if let expiry = entry.expiry, expiry < now.wall.milliseconds {
            if hasExpired(location, key, access) { return nil }
        }
        if access.isCounted { statistics.hits += 1 }
        if access == .read || access == .write, !isTouchSuppressed {
            let clock = accessClock.touched(entry.clock, random: &random)
            if clock != entry.clock { entry.clock = clock }
            hotKeys.countdown &-= 1
            if hotKeys.countdown == 0 { countAccess(key, hash: location.hash) }
        }
        return location
    }

    @inline(never)
    private mutating func hasExpired(
        _ location: Location, _ key: RawSpan, _ access: Access
    ) -> Bool {
        // During a pause nothing changes; what has expired is only not shown.
        if pause == nil { expire(location) }
        if access.isCounted { noteMiss(key, access) }
        return true
    }

    /// Counts a lookup that found nothing, and publishes it where that is asked for.
    @inline(never)
    private mutating func noteMiss(_ key: RawSpan, _ access: Access) {
        statistics.misses += 1
        if access == .read, !isTouchSuppressed {
            hotKeys.countdown &-= 1
            if hotKeys.countdown == 0 {
                countAccess(key, hash: keyspaces[selected].table.hash(of: key))
            }
        }
        if access != .examine { notify(.keyMiss, "keymiss", key) }
    }

    /// As `find`, for a key that must hold a string.
    @inline(__always)
    mutating func findString(
        _ key: RawSpan, _ access: Access
    ) throws(CommandError) -> Location? {
        guard let location = find(key, access) else { return nil }
        guard location.entry.isString else { throw .wrongType }
        return location
    }
}
