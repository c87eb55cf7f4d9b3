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
        var freed = 0
        let cursor = retired[last].cursor
        let limit = min(buckets, Int.max - cursor)
        let next = retired[last].table.drain(from: cursor, limit: limit) { record in
            freed += record.totalFootprint
            record.freeValue()
            record.free()
        }
        retired[last].cursor = next
        ledger.entries -= freed
        if next == 0 { _ = retired.removeLast() }
    }
}
