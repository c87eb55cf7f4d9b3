import Bytes
import Structures

// What happens without a request: expiry and resizing, a bounded share each time.

extension Store {
    /// Buckets that one tick moves of a resize under way.
    private static let resizeShare = 2048

    /// Does the regular work that is due.
    public mutating func tick() {
        runExpiryCycle()
        endIdleSessions()
        releaseRetired()
        traffic.note(statistics, at: now.monotonic)
        for database in 0..<keyspaces.count where keyspaces[database].table.isResizing {
            keyspaces[database].table.moveBuckets(Store.resizeShare)
        }
        ledger.peak = max(ledger.peak, usedMemory)
    }

    /// Milliseconds until the next tick should come: soon while there is much to free or to move.
    public var tickInterval: Int {
        if expiryCycle.isBehind || retired.count > 0 { return 2 }
        for database in 0..<keyspaces.count where keyspaces[database].table.isResizing {
            return 4
        }
        return max(1, 1000 / max(1, settings.hertz))
    }
}
