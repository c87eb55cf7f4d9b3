import Bytes
import Structures

// Where each byte went. Every change of memory is told to the ledger where it happens: entries
// in Keyspace+Modify and KeyspaceObject, tables where a record comes or goes, sessions where
// their state changes. The total is kept and not summed, because every command compares it with
// `maxmemory`. What a block costs is what the allocator says it costs, its own word included, so
// that the ledger and the process's real memory grow alike.

/// What a store's memory is used for, in bytes. Each store has its own, so that several nodes
/// in one process each know theirs.
public struct MemoryLedger: Sendable, Equatable {
    /// Everything together.
    public private(set) var total = 0
    /// The tables of the databases, those that are being freed included.
    public private(set) var tables = 0
    /// Connections: what waits to be read or sent, and what is kept of them.
    public private(set) var sessions = 0
    /// Entries by the low bits of their kind, which are the type.
    private var types: InlineArray<8, Int> = InlineArray(repeating: 0)
    /// The most that was ever in use.
    public internal(set) var peak = 0

    /// Keys and values: their blocks as the allocator counts them.
    public var entries: Int { total - tables - sessions }

    /// Bytes of the entries of one type.
    public func entries(of type: ValueType) -> Int { types[Int(type.rawValue & 7)] }

    /// Notes that entries of this kind have grown by so many bytes, or shrunk.
    @inline(__always)
    mutating func noteEntry(_ bytes: Int, kind: UInt8) {
        total += bytes
        types[Int(kind & 7)] += bytes
    }

    /// Notes the growth of entries of all types that another ledger has gathered.
    mutating func noteEntries(_ other: MemoryLedger) {
        for type in types.indices { noteEntry(other.types[type], kind: UInt8(type)) }
    }

    /// Notes the growth of tables.
    mutating func noteTable(_ bytes: Int) {
        total += bytes
        tables += bytes
    }

    /// Notes the growth of what is kept of connections.
    mutating func noteSession(_ bytes: Int) {
        total += bytes
        sessions += bytes
    }

    /// True when both count the same bytes at present, whatever the most was.
    public static func == (left: MemoryLedger, right: MemoryLedger) -> Bool {
        left.total == right.total && left.tables == right.tables
            && left.sessions == right.sessions
            && left.types.indices.allSatisfy { left.types[$0] == right.types[$0] }
    }
}

extension Store {
    /// All memory that the store accounts for, in bytes.
    public var usedMemory: Int { ledger.total }

    /// Notes that an entry of this kind in the selected database has grown by so many bytes.
    @inline(__always)
    mutating func noteEntry(_ bytes: Int, kind: UInt8) {
        ledger.noteEntry(bytes, kind: kind)
        keyspaces[selected].entryBytes += bytes
    }

    /// Brings the account of a database's table up to date, after records came or went.
    @inline(__always)
    mutating func settleTable(_ database: Int) {
        let size = keyspaces[database].table.footprint
        let growth = size - keyspaces[database].tableBytes
        if growth == 0 { return }
        keyspaces[database].tableBytes = size
        ledger.noteTable(growth)
    }

    /// Brings the account of a session up to date, after its state has changed.
    mutating func settleSession(_ session: Int) {
        guard session >= 0, let holder = sessions[session] else { return }
        let size = holder.footprint
        if size == holder.accountedBytes { return }
        ledger.noteSession(size - holder.accountedBytes)
        holder.accountedBytes = size
        holder.accountedInput = holder.pendingInput
        if ledger.sessions > sessionBound { attention.insert(.sessionMemory) }
    }

    /// The ledger as it must be, summed over all keys, tables and sessions: for tests, because it
    /// takes as long as there are keys.
    public func recomputedLedger() -> MemoryLedger {
        var sum = MemoryLedger()
        for database in 0..<keyspaces.count {
            sum.noteTable(keyspaces[database].table.footprint)
            keyspaces[database].table.forEach { sum.noteEntry($0.totalFootprint, kind: $0.kind) }
        }
        for index in 0..<retired.count {
            sum.noteTable(retired[index].table.footprint)
            retired[index].table.forEach { sum.noteEntry($0.totalFootprint, kind: $0.kind) }
        }
        for case let session? in sessions { sum.noteSession(session.footprint) }
        return sum
    }

    /// Bytes of the entries of a database, as they must be, for tests.
    public func recomputedEntries(database: Int) -> Int {
        var sum = 0
        keyspaces[database].table.forEach { sum += $0.totalFootprint }
        return sum
    }
}
