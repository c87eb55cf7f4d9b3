import Bytes
import Structures

// Which key goes when memory is short. Looking at all keys would take too long, and keeping them
// in order would cost memory and time at every access. So each choice looks at one bucket or two,
// walking on through the table from choice to choice, and remembers the best candidates that were
// seen so far in a small pool. The best of the pool goes, if it still stands there and has not
// been used since it was seen.
//
// With several databases each choice walks on in one of them, chosen by chance with the number
// of its candidates as the weight, so that all databases are bounded as if they were one.

/// How much a key should go; the largest first.
typealias EvictionScore = UInt64

/// What eviction remembers from one choice to the next.
struct EvictionState {
    /// A key that may go.
    struct Candidate {
        let score: EvictionScore
        let sighting: HashTable.Sighting
        let database: Int
    }

    /// How many candidates are remembered.
    static let poolLimit = 16
    /// Buckets that one look visits at most: marks may be far apart.
    static let bucketLimit = 1024
    /// Choices of a database that are made at a time.
    static let scheduleLength = 64

    /// The candidates, the best at the end.
    private(set) var pool: [Candidate] = []
    /// The keys of the last look.
    var seen: [HashTable.Sighting] = []
    /// The databases that the next choices look into.
    var schedule: [Int] = []
    /// Since when memory has been over its bound.
    var exceededSince: Instant?
    /// How much memory was over its bound when the running command began.
    var debt = 0

    init() { pool.reserveCapacity(EvictionState.poolLimit + 1) }

    /// Remembers a candidate, when it is better than the worst or there is room.
    @inline(__always)
    mutating func offer(
        _ score: EvictionScore, _ sighting: HashTable.Sighting, _ database: Int
    ) {
        if pool.count == EvictionState.poolLimit, score <= pool[0].score { return }
        insert(Candidate(score: score, sighting: sighting, database: database))
    }

    @inline(never)
    private mutating func insert(_ candidate: Candidate) {
        for known in pool where known.sighting == candidate.sighting {
            if known.database == candidate.database { return }
        }
        var place = pool.count
        while place > 0, pool[place - 1].score > candidate.score { place -= 1 }
        pool.insert(candidate, at: place)
        if pool.count > EvictionState.poolLimit { pool.removeFirst() }
    }

    /// The best candidate, which is not remembered any more.
    mutating func takeBest() -> Candidate? { pool.popLast() }

    /// Forgets all candidates.
    mutating func forget() {
        pool.removeAll(keepingCapacity: true)
        schedule.removeAll(keepingCapacity: true)
    }
}

extension EvictionPolicy {
    /// True when only keys with an expiry go.
    @inline(__always)
    var isVolatile: Bool {
        switch self {
        case .volatileLRU, .volatileLFU, .volatileRandom, .volatileTTL: true
        case .allLRU, .allLFU, .allRandom, .none: false
        }
    }

    /// True when it does not matter which key goes.
    var isRandom: Bool { self == .allRandom || self == .volatileRandom }
}

extension Store {
    /// The score of a key that has expired: nobody misses it.
    private static let expiredScore = EvictionScore.max

    /// Scores by use are far below this, with their dice too; those by expiry are above.
    private static let diceLimit: EvictionScore = 1 << 40

    /// How much an entry should go under the present policy.
    @inline(__always)
    private func evictionScore(_ entry: Entry) -> EvictionScore {
        let expiry = entry.expiry
        if let expiry, expiry < now.wall.milliseconds { return Store.expiredScore }
        switch settings.evictionPolicy {
        case .allLRU, .volatileLRU:
            return EvictionScore(accessClock.age(of: entry.clock))
        case .allLFU, .volatileLFU:
            return EvictionScore(accessClock.disuse(of: entry.clock))
        case .volatileTTL:
            return EvictionScore(Int64.max - max(0, expiry ?? .max))
        case .allRandom, .volatileRandom, .none:
            return 0
        }
    }

    /// Removes one key as the policy says. False when there is none that may go.
    mutating func evictOne() -> Bool {
        let held = selected
        defer { selected = held }
        while true {
            guard let database = nextEvictionDatabase() else { return false }
            if settings.evictionPolicy.isRandom {
                if evictAny(of: database) { return true }
                continue
            }
            lookForCandidates(in: database)
            while let best = eviction.takeBest() {
                if evict(best) { return true }
            }
        }
    }

    /// Removes a candidate, unless it has gone or been used since it was seen.
    private mutating func evict(_ candidate: EvictionState.Candidate) -> Bool {
        let database = candidate.database
        guard let slot = keyspaces[database].table.slot(of: candidate.sighting) else {
            return false
        }
        let entry = keyspaces[database].table.record(at: slot)
        let score = evictionScore(entry)
        let known = candidate.score
        guard score >= (known < Store.diceLimit ? known >> 8 : known) else { return false }
        if settings.evictionPolicy.isVolatile, entry.expiry == nil { return false }
        selected = database
        // Without its hash a key is taken out too; a note about it goes by the hash.
        let hash =
            departures.isOn || bigKeys.isOn
            ? keyspaces[database].table.hash(of: entry.key)
            : keyspaces[database].table.removalHash(of: candidate.sighting)
        let location = Location(slot: slot, entry: entry, hash: hash)
        if score == Store.expiredScore { expire(location) } else { evict(location) }
        return true
    }

    /// Looks at the next keys of a database, and remembers those that may go.
    private mutating func lookForCandidates(in database: Int) {
        lookAhead(in: database, wanted: settings.evictionSamples)
        // Equal ones go by chance: in the order of their slots it would be the newest first,
        // because a new record takes the lowest free slot.
        var dice = random.next()
        for sighting in eviction.seen {
            let score = evictionScore(sighting.record)
            let chance = score < Store.diceLimit >> 8 ? score << 8 | dice & 0xFF : score
            dice = dice >> 7 | dice << 57
            eviction.offer(chance, sighting, database)
        }
    }

    private mutating func lookAhead(in database: Int, wanted: Int) {
        // Taken out and put back, so that it is never shared and never copied.
        var seen: [HashTable.Sighting] = []
        swap(&seen, &eviction.seen)
        seen.removeAll(keepingCapacity: true)
        let start = keyspaces[database].evictionCursor
        let end = keyspaces[database].table.sample(
            from: start, wanted: wanted, limit: EvictionState.bucketLimit,
            markedOnly: settings.evictionPolicy.isVolatile, into: &seen)
        keyspaces[database].evictionCursor = end
        swap(&seen, &eviction.seen)
    }

    /// Removes any key of a database that may go; false when none was met on the way.
    private mutating func evictAny(of database: Int) -> Bool {
        let rows = keyspaces[database].table.rowCount
        keyspaces[database].evictionCursor = random.next(below: rows)
        for _ in 0...rows / EvictionState.bucketLimit {
            lookAhead(in: database, wanted: 1)
            if eviction.seen.isEmpty { continue }
            let chosen = eviction.seen[random.next(below: eviction.seen.count)]
            let score = evictionScore(chosen.record)
            return evict(.init(score: score, sighting: chosen, database: database))
        }
        return false
    }

    /// The database in which the next choice looks, or nil when no key of any may go.
    private mutating func nextEvictionDatabase() -> Int? {
        while let database = eviction.schedule.popLast() {
            if candidateCount(of: database) > 0 { return database }
        }
        var total = 0
        for database in 0..<keyspaces.count { total += candidateCount(of: database) }
        if total == 0 { return nil }
        for _ in 0..<EvictionState.scheduleLength {
            var left = random.next(below: total)
            var database = 0
            while left >= candidateCount(of: database) {
                left -= candidateCount(of: database)
                database += 1
            }
            eviction.schedule.append(database)
        }
        return eviction.schedule.popLast()
    }

    /// How many keys of a database may go under the present policy.
    @inline(__always)
    private func candidateCount(of database: Int) -> Int {
        settings.evictionPolicy.isVolatile
            ? keyspaces[database].expiringCount : keyspaces[database].count
    }
}
