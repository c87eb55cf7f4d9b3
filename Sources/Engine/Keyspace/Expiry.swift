import Bytes
import Structures

// Keys whose time has come go without being touched: each tick walks some buckets of each
// database, looks at the marked entries in them, and removes what has expired. The work of one
// tick is bounded in steps; when many of the keys seen had expired, the next tick comes soon.

/// The walk for expired keys.
struct ExpiryCycle {
    /// Steps of one tick: a bucket is one, an entry looked at is one, a removal is eight.
    static let stepLimit = 16_384
    /// Removals of one tick, so that a tick stays below a millisecond.
    static let removalLimit = 1_000
    /// Buckets that are walked between two looks at the limits.
    static let stride = 32
    /// True while the last walk found many expired keys: the next one should come soon.
    var isBehind = false
    /// The database that the next tick begins with.
    var nextDatabase = 0
    /// False when DEBUG SET-ACTIVE-EXPIRE has stopped the walk.
    var isActive = true
}

extension Store {
    /// Walks on for expired keys and returns the steps that it took.
    @discardableResult
    mutating func runExpiryCycle() -> Int {
        guard expiryCycle.isActive, pause == nil else { return 0 }
        let held = selected
        defer { selected = held }
        var work = ExpiryWork()
        let count = keyspaces.count
        for offset in 0..<count {
            let database = (expiryCycle.nextDatabase + offset) % count
            if keyspaces[database].expiringCount == 0 { continue }
            selected = database
            walkForExpired(&work)
            if work.isSpent {
                // A large database must not keep the others waiting.
                expiryCycle.nextDatabase = (database + 1) % count
                break
            }
        }
        let overdue = work.seen > 0 ? Double(work.removed) / Double(work.seen) * 100 : 0
        statistics.overduePercent = statistics.overduePercent * 0.95 + overdue * 0.05
        if work.isSpent { statistics.cutExpiryWalks += 1 }
        expiryCycle.isBehind = work.removed * 10 > work.seen && work.removed > 0
        return work.steps
    }

    private mutating func walkForExpired(_ work: inout ExpiryWork) {
        let time = now.wall.milliseconds
        var expired: [Entry] = []
        var walked = 0
        let total = keyspaces[selected].table.bucketCount * 2
        repeat {
            expired.removeAll(keepingCapacity: true)
            var seen = 0
            var sum: Int64 = 0
            keyspaces[selected].expiryCursor = keyspaces[selected].table.walkMarked(
                from: keyspaces[selected].expiryCursor, limit: ExpiryCycle.stride
            ) { entry in
                seen += 1
                guard let expiry = entry.expiry else { return }
                if expiry < time { expired.append(entry) } else { sum &+= expiry - time }
            }
            for entry in expired { removeExpired(entry) }
            noteTTL(sum, of: seen - expired.count)
            work.add(buckets: ExpiryCycle.stride, seen: seen, removed: expired.count)
            walked += ExpiryCycle.stride
        } while !work.isSpent && walked < total && keyspaces[selected].expiringCount > 0
            && keyspaces[selected].expiryCursor != 0
    }

    private mutating func removeExpired(_ entry: Entry) {
        let hash = keyspaces[selected].table.hash(of: entry.key)
        guard let slot = keyspaces[selected].table.find(entry.key, hash: hash) else { return }
        expire(Location(slot: slot, entry: entry, hash: hash))
    }

    /// Keeps a running mean of the times to live: one part in fifty is the newest sample.
    private mutating func noteTTL(_ sum: Int64, of count: Int) {
        guard count > 0 else { return }
        let mean = sum / Int64(count)
        let old = keyspaces[selected].averageTTL
        keyspaces[selected].averageTTL = old == 0 ? mean : old / 50 * 49 + mean / 50
    }
}

/// What one tick's walk has done so far.
private struct ExpiryWork {
    var steps = 0
    var seen = 0
    var removed = 0

    var isSpent: Bool {
        steps >= ExpiryCycle.stepLimit || removed >= ExpiryCycle.removalLimit
    }

    mutating func add(buckets: Int, seen: Int, removed: Int) {
        steps += buckets + seen + removed * 8
        self.seen += seen
        self.removed += removed
    }
}
