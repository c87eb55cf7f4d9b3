public import Bytes
import Structures

// What happens without a request: expiry and resizing, a bounded share each time.

extension Store {
    /// Buckets that one tick moves of a resize under way.
    private static let resizeShare = 2048

    /// Does the work that is due: ends waiting whose time is over, and, when it was not for that
    /// alone that the tick came, the regular work.
    public mutating func tick() {
        let isForDeadline = nextDeadline.map { $0 <= now.monotonic } ?? false
        let isEarly = isForDeadline && now.monotonic < regularTick
        endTimedWaiting()
        endPassedPause()
        settleWaiting()
        if isEarly { return }
        lastRegularTick = now.monotonic
        if debugging.isCronPaused { return }
        let began = stopwatch()
        runExpiryCycle()
        let took = stopwatch() &- began
        statistics.expiryNanoseconds &+= took
        noteLatency(.expireCycle, took)
        endIdleSessions()
        limitTrackedKeys()
        releaseRetired()
        hotKeys.tick(at: now.monotonic)
        tickBigKeys()
        traffic.note(statistics, at: now.monotonic)
        windows.note(statistics, at: now.monotonic)
        for database in 0..<keyspaces.count where keyspaces[database].table.isResizing {
            keyspaces[database].table.moveBuckets(Store.resizeShare)
            settleTable(database)
        }
        payDebt()
        if attention.contains(.sessionMemory) { endLargestSessions() }
    }

    /// When the regular work is due again.
    private var regularTick: Instant {
        Instant(
            nanoseconds: lastRegularTick.nanoseconds &+ UInt64(tickInterval) * 1_000_000)
    }

    /// When the next tick should come: for the regular work, or for somebody whose time to wait
    /// is over before that.
    public var nextTick: Instant {
        nextDeadline.map { min($0, regularTick) } ?? regularTick
    }

    /// Milliseconds until the next tick should come: soon while there is much to free or to move.
    public var tickInterval: Int {
        if expiryCycle.isBehind || retired.count > 0 || isEvictionDue { return 2 }
        for database in 0..<keyspaces.count where keyspaces[database].table.isResizing {
            return 4
        }
        return max(1, 1000 / max(1, settings.hertz))
    }
}
