import Structures

/// What the store's memory is used for, in bytes. Each store has its own, so that several nodes
/// in one process each know theirs.
public struct MemoryLedger: Sendable {
    /// Keys and values: their blocks as the allocator counts them.
    public internal(set) var entries = 0
    /// Connections: their buffers and what is kept of them.
    public internal(set) var sessions = 0
    /// The most that was ever in use.
    public internal(set) var peak = 0
}

extension Store {
    /// All memory that the store accounts for, in bytes.
    public var usedMemory: Int {
        var total = ledger.entries + ledger.sessions
        for database in 0..<keyspaces.count { total += keyspaces[database].table.footprint }
        for index in 0..<retired.count { total += retired[index].table.footprint }
        return total
    }
}
