import Bytes
import Structures
public import Wire

// Hints for the processor, given for all requests of a batch before the first of them runs:
// first the buckets of the keys, then the entries in them; and when the first key leads to a
// table of members, the buckets of the members that the requests name, and the members. Each
// step finds what the step before has asked for. A hint that is wrong costs little and does no
// harm.
//
// The key that was looked up last needs no hint, nor do the keys of a small keyspace, which stay
// in the cache by themselves: hashing them would cost more than it saves.

extension Store {
    /// Keys in a database up to which its buckets and records are not asked for.
    private static let smallKeyspace = 4096

    /// True when the keys of the batch are worth asking for.
    @inline(__always)
    public var isLarge: Bool { keyspaces[selected].count > Store.smallKeyspace }

    /// Asks for the bucket of a key that a request will look up soon.
    @inline(__always)
    public mutating func prefetchBucket(_ key: RawSpan) {
        if keyspaces[selected].latest(key) != nil { return }
        let hash = keyspaces[selected].table.hash(of: key)
        expectedHashes.append(hash)
        keyspaces[selected].table.prefetch(hash)
    }

    /// Asks for the entries of the keys whose buckets were asked for.
    @inline(__always)
    public mutating func prefetchRecords() {
        for hash in expectedHashes { keyspaces[selected].table.prefetchRecord(hash) }
        expectedHashes.removeAll(keepingCapacity: true)
    }

    /// Asks for the bucket of the member that a request names.
    /// - Returns: false when the key leads to no table of members.
    @inline(__always)
    public mutating func prefetchMember(_ arguments: Arguments) -> Bool {
        guard arguments.count > 2, let location = keyspaces[selected].locate(arguments[1])
        else { return false }
        let entry = location.entry
        if entry.isTableOfMembers {
            let table = Box<MemberTable>(payload: entry.payload)
            let member = table.value.hash(of: arguments[2])
            table.value.prefetch(member)
            expectedMembers.append((entry.payload, member))
            return true
        }
        guard entry.kind == Entry.kind(.sortedSet, .skiplist) else { return false }
        // A score stands before the member of ZADD and ZINCRBY; other commands have no fourth
        // word that matters.
        let scores = Box<ScoreTable>(payload: entry.payload)
        let member = scores.value.hash(of: arguments[arguments.count > 3 ? 3 : 2])
        scores.value.members.prefetch(member)
        expectedScores.append((entry.payload, member))
        return true
    }

    /// Asks for the members whose buckets were asked for.
    @inline(__always)
    public mutating func prefetchMembers() {
        for (payload, member) in expectedMembers {
            Box<MemberTable>(payload: payload).value.prefetchRecord(member)
        }
        for (payload, member) in expectedScores {
            Box<ScoreTable>(payload: payload).value.members.prefetchRecord(member)
        }
        expectedScores.removeAll(keepingCapacity: true)
        expectedMembers.removeAll(keepingCapacity: true)
    }
}

extension Store {
    /// True when it helps to know of a session's next request before it runs.
    @inline(__always)
    public func isWorthAnticipating(session: Int) -> Bool {
        guard let database = sessions[session]?.database else { return false }
        return keyspaces[database].count > Store.smallKeyspace
    }

    /// Asks for the bucket of a key that a session's next request will look up.
    @inline(__always)
    public mutating func anticipate(_ key: RawSpan, session: Int) {
        guard let database = sessions[session]?.database else { return }
        // Entries are asked for by hash, in one database: others do without.
        if anticipatedHashes.isEmpty { anticipatedDatabase = database }
        guard database == anticipatedDatabase, keyspaces[database].latest(key) == nil
        else { return }
        let hash = keyspaces[database].table.hash(of: key)
        anticipatedHashes.append(hash)
        keyspaces[database].table.prefetch(hash)
    }

    /// The requests that were anticipated run from here on, one straight after the other.
    public mutating func beginTurn() {
        for hash in anticipatedHashes {
            keyspaces[anticipatedDatabase].table.prefetchRecord(hash)
        }
        anticipatedHashes.removeAll(keepingCapacity: true)
        isInTurn = true
        lastClock = stopwatch()
    }

    /// What runs next begins at a time of its own.
    public mutating func endTurn() {
        isInTurn = false
    }
}

extension Record {
    /// True for a large set or hash.
    @inline(__always)
    fileprivate var isTableOfMembers: Bool {
        kind == Entry.kind(.set, .hashTable) || kind == Entry.kind(.hash, .hashTable)
    }
}
