import Bytes
import Structures

// Databases that were emptied without waiting: their tables stand in a list, and each tick frees
// a bounded number of records, so that no client notices how large they were.

/// A table that nobody looks into any more.
struct RetiredTable: ~Copyable {
    var table: HashTable
    /// The bucket that is freed next.
    var cursor = 0

    init(_ table: consuming HashTable) { self.table = table }
}

extension Store {
    /// Buckets that one tick frees.
    static let releaseShare = 512

    /// Frees a share of what waits; called by each tick.
    mutating func releaseRetired() {
        if retired.count > 0 { releaseLastRetired(buckets: Store.releaseShare) }
    }

    /// Frees up to `buckets` buckets of the table that was emptied last, and the table itself
    /// when these were its last ones.
    mutating func releaseLastRetired(buckets: Int = .max) {
        let last = retired.count - 1
        var account = MemoryLedger()
        let cursor = retired[last].cursor
        let limit = min(buckets, Int.max - cursor)
        let next = retired[last].table.drain(from: cursor, limit: limit) { record in
            account.noteEntry(-record.totalFootprint, kind: record.kind)
            record.freeValue()
            record.free()
        }
        retired[last].cursor = next
        ledger.noteEntries(account)
        if next > 0 { return }
        ledger.noteTable(-retired[last].table.footprint)
        _ = retired.removeLast()
    }
}
