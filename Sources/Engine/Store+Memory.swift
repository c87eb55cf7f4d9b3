import Bytes
import Grammar
import Structures
import Wire

// The bound on memory. What a command has grown is made up for before its reply leaves: as many
// keys go as it takes, so that its work is bounded by what it has itself brought. What was over
// the bound before it (because the bound was lowered, or buffers have grown) is a debt of all:
// each command and each tick pays a share that `maxmemory-eviction-tenacity` decides.
//
// While nothing may go, memory stays over the bound by what one command has grown at most: the
// next command that needs memory is refused.

extension Store {
    /// Keys that a command or tick evicts for the debt, with a tenacity of 10.
    private static let usualShare = 512

    /// Buckets of emptied databases that are freed before a key has to go.
    private static let releaseStep = 64

    /// Brings the bounds in step with the settings.
    mutating func applyMemorySettings() {
        let maximum = settings.maximumMemory
        // A bound beyond 63 bits is none.
        memoryBound = maximum > 0 ? maximum : .max
        sessionBound = sessionLimit
        if ledger.sessions > sessionBound { attention.insert(.sessionMemory) }
        eviction.forget()
        eviction.debt = max(0, ledger.total - memoryBound)
        noteMemoryState()
    }

    /// Keys that may be evicted at once for memory that was over its bound before.
    private var debtShare: Int {
        let tenacity = settings.evictionTenacity
        if tenacity >= 100 { return .max }
        if tenacity <= 10 { return max(16, Store.usualShare * tenacity / 10) }
        // An eighth more for each step: at 99 some twenty million.
        var share = Store.usualShare
        for _ in 10..<tenacity { share += share / 8 }
        return share
    }

    /// True when memory is over its bound and more of it can be given back.
    var isEvictionDue: Bool {
        guard ledger.total > memoryBound, pause == nil else { return false }
        if retired.count > 0 { return true }
        guard settings.evictionPolicy != .none else { return false }
        let isVolatile = settings.evictionPolicy.isVolatile
        for database in 0..<keyspaces.count {
            let keyspace =
                isVolatile ? keyspaces[database].expiringCount : keyspaces[database].count
            if keyspace > 0 { return true }
        }
        return false
    }

    // MARK: Before a command

    /// Called before a command while memory is over its bound: makes some room, and refuses the
    /// command when there is none and it might need some. True when it was refused.
    @inline(never)
    mutating func refusesForMemory(
        _ number: Int, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) -> Bool {
        // During a pause nothing changes, so that nothing can be asked of the commands either.
        if pause != nil { return false }
        let isShort = makeRoom(down: memoryBound, limit: debtShare) == .nothingLeft
        eviction.debt = max(0, ledger.total - memoryBound)
        noteMemoryState()
        guard isShort, let holder = sessions[call.session] else { return false }
        let flags = commands.entries[number].flags
        var needsMemory = flags.contains(.denyOOM)
        if let transaction = holder.transaction {
            // This one has its own refusal, which comes first.
            if flags.contains(.noMulti) { return false }
            // Queueing takes memory too; only the ways out of a transaction stay open.
            if traits[number].contains(.isExec) {
                needsMemory = transaction.needsMemory
            } else if !traits[number].contains(.leavesTransaction) {
                needsMemory = true
            }
        }
        if needsMemory { reject(.outOfMemory, number, call.session, &reply) }
        return needsMemory
    }

    // MARK: After a command

    /// Called behind a command that has left memory over its bound: takes back what it has grown.
    @inline(never)
    mutating func payForGrowth(_ start: Int, _ reply: inout ReplyWriter) {
        if pause == nil, settings.evictionPolicy != .none || retired.count > 0 {
            _ = makeRoom(down: memoryBound + eviction.debt, limit: .max)
            // It may have made keys evictable that were not.
            if eviction.debt > 0 { _ = makeRoom(down: memoryBound, limit: debtShare) }
            if attention.contains(.tracking) { finishTracking() }
            if attention.contains(.ownLetters) { adoptOwnLetters(start, &reply, isInFront: false) }
        }
        eviction.debt = 0
        noteMemoryState()
    }

    /// A tick's share of the debt.
    mutating func payDebt() {
        if ledger.total > memoryBound, pause == nil {
            _ = makeRoom(down: memoryBound, limit: debtShare)
        }
        noteMemoryState()
    }

    // MARK: Making room

    private enum Room {
        /// Memory is at the target or below.
        case enough
        /// The limit was reached first.
        case someLeft
        /// There is nothing more to give back.
        case nothingLeft
    }

    /// Frees what nobody misses, then evicts keys, until memory is down to `target` or `limit`
    /// keys are gone.
    private mutating func makeRoom(down target: Int, limit: Int) -> Room {
        guard settings.latencyThreshold > 0 else { return free(down: target, limit: limit) }
        let began = stopwatch()
        let room = free(down: target, limit: limit)
        noteLatency(.evictionCycle, stopwatch() &- began)
        return room
    }

    private mutating func free(down target: Int, limit: Int) -> Room {
        var left = limit
        while ledger.total > target {
            if left == 0 { return .someLeft }
            left -= 1
            if retired.count > 0 {
                releaseLastRetired(buckets: Store.releaseStep)
            } else if settings.evictionPolicy == .none || !evictOne() {
                return .nothingLeft
            }
        }
        return .enough
    }

    /// Keeps account of how long memory is over its bound.
    private mutating func noteMemoryState() {
        ledger.peak = max(ledger.peak, ledger.total)
        if ledger.total > memoryBound {
            if eviction.exceededSince == nil { eviction.exceededSince = now.monotonic }
        } else if let since = eviction.exceededSince {
            statistics.exceededNanoseconds &+= now.monotonic.nanoseconds &- since.nanoseconds
            eviction.exceededSince = nil
        }
    }

    /// Nanoseconds that memory has been over its bound, this time included.
    var exceededNanoseconds: UInt64 {
        statistics.exceededNanoseconds &+ currentExceededNanoseconds
    }

    /// Nanoseconds that memory has been over its bound this time.
    var currentExceededNanoseconds: UInt64 {
        eviction.exceededSince.map { now.monotonic.nanoseconds &- $0.nanoseconds } ?? 0
    }

    /// Lets the table of a full database grow, unless there is no memory for a larger one: it
    /// would cost many keys at once. A table in which lookups have become slow grows all the same.
    @inline(never)
    mutating func decideGrowth(of database: Int) {
        let growth = keyspaces[database].table.growthFootprint
        let hasRoom = memoryBound - ledger.total >= growth
        keyspaces[database].table.deniesGrowth =
            !hasRoom && memoryBound < .max && !keyspaces[database].table.isOverfull
    }

    // MARK: Connections

    /// The least bound on connections, so that somebody can still connect and raise it.
    private static let leastSessionBound = 128 << 10

    /// The most memory that connections may take.
    private var sessionLimit: Int {
        let limit = settings.maximumSessionMemory
        if limit == 0 { return .max }
        if limit > 0 { return max(limit, Store.leastSessionBound) }
        if settings.maximumMemory <= 0 { return .max }
        let share = Double(settings.maximumMemory) / 100 * Double(-limit)
        return max(Int(share), Store.leastSessionBound)
    }

    /// Ends connections while all together take too much memory, the largest first. Those inside
    /// the process are its own and stay.
    @inline(never)
    mutating func endLargestSessions() {
        attention.remove(.sessionMemory)
        var used = ledger.sessions
        for case let session? in sessions where session.closesAfterReply {
            used -= session.accountedBytes
        }
        while used > sessionBound {
            var largest: Int?
            var most = 0
            for number in sessions.indices {
                guard let session = sessions[number], !session.closesAfterReply,
                    !session.isExemptFromEviction, session.origin.kind != .embedded,
                    session.accountedBytes > most
                else { continue }
                largest = number
                most = session.accountedBytes
            }
            guard let largest else { return }
            used -= most
            statistics.evictedSessions += 1
            endSession(largest)
        }
    }
}
