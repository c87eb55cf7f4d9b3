import Bytes
import Structures
public import Wire

// Hints for the processor, given for all requests of a batch before the first of them runs:
// first the buckets of the keys, then the entries in them; and when the first key leads to a
// table of members, the buckets of the members that the requests name, and the members. Each
// step finds what the step before has asked for. A hint that is wrong costs little and does no
// harm.

extension Store {
    /// Asks for the bucket of a key that a request will look up soon.
    @inline(__always)
    public mutating func prefetchBucket(_ key: RawSpan) {
        let hash = keyspaces[selected].table.hash(of: key)
        expectedHashes.append(hash)
        keyspaces[selected].table.prefetch(hash)
    }

    /// Asks for the entries of the keys whose buckets were asked for.
    @inline(__always)
    public mutating func prefetchRecords() {
        for hash in expectedHashes { keyspaces[selected].table.prefetchRecord(hash) }
    }

    /// Asks for the bucket of the member that a request names.
    /// - Parameter place: how many keys were asked for before that of this request.
    /// - Returns: false when the key leads to no table of members.
    @inline(__always)
    public mutating func prefetchMember(_ arguments: Arguments, _ place: Int) -> Bool {
        let hash = expectedHashes[place]
        guard arguments.count > 2,
            let slot = keyspaces[selected].table.find(arguments[1], hash: hash)
        else { return false }
        let entry = keyspaces[selected].table.record(at: slot)
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

    /// Asks for the members whose buckets were asked for, and forgets what is expected.
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
        expectedHashes.removeAll(keepingCapacity: true)
    }
}

extension Store {
    /// Asks for the bucket of a key that a session's next request will look up.
    @inline(__always)
    public mutating func anticipate(_ key: RawSpan, session: Int) {
        guard let database = sessions[session]?.database else { return }
        // Entries are asked for by hash, in one database: others do without.
        if expectedHashes.isEmpty { selected = database }
        if database == selected { prefetchBucket(key) }
    }

    /// The requests that were anticipated run from here on, one straight after the other.
    public mutating func beginTurn() {
        prefetchRecords()
        expectedHashes.removeAll(keepingCapacity: true)
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
