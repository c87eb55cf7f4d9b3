import Bytes

/// What a simulated database is.
public struct DatabasePlan: Sendable, Equatable {
    /// The name of its one table, which paths and keys begin with.
    public var table: String
    /// Rows, numbered from 1.
    public var rows: Int
    /// How long a query takes.
    public var latency: LatencyDistribution
    /// How many queries it works on at once; the others wait their turn. Nil for no bound.
    public var connections: Int?

    /// A database.
    public init(
        table: String = "product", rows: Int = 500,
        latency: LatencyDistribution = LatencyDistribution(
            .normal(mean: 200_000_000, deviation: 25_000_000), minimum: 120_000_000),
        connections: Int? = nil
    ) {
        self.table = table
        self.rows = rows
        self.latency = latency
        self.connections = connections
    }
}

// The database is the truth of a world. Each row has a version, which every change raises by one.
// A query sees its row as it was when the database began with it, and answers when its time is
// over: whatever was changed in between it does not know. That is the gap in which a reader may
// put an old value into the cache after a writer has deleted it there.

/// The database of a world.
public final class SimulatedDatabase {
    /// What it is.
    public let plan: DatabasePlan
    private var dice: Random
    private var versions: [Int: Int] = [:]
    /// The versions that their writers know to be written.
    private var acknowledged: [Int: Int] = [:]
    private var working = 0
    private var waiting: [DatabaseQuery] = []
    /// How many times as long queries take at present.
    var factor = 1.0

    init(_ plan: DatabasePlan, seed: UInt64) {
        self.plan = plan
        dice = Random(seed: seed)
    }

    /// True when there is such a row.
    public func has(row: Int) -> Bool { row >= 1 && row <= plan.rows }

    /// How often a row was changed, and one.
    public func version(row: Int) -> Int { versions[row] ?? 1 }

    /// The latest version of a row whose writer has been told that it is written.
    func acknowledgedVersion(row: Int) -> Int { acknowledged[row] ?? 1 }

    func acknowledge(row: Int, version: Int) {
        acknowledged[row] = max(version, acknowledgedVersion(row: row))
    }

    /// Changes a row at once, behind everybody's back.
    func change(row: Int) -> Int {
        let version = version(row: row) + 1
        versions[row] = version
        return version
    }

    /// Takes a query in; those that begin now are returned with the time that they take.
    func take(_ query: DatabaseQuery) -> UInt64? {
        if let limit = plan.connections, working >= limit {
            waiting.append(query)
            return nil
        }
        return begin(query)
    }

    private func begin(_ query: DatabaseQuery) -> UInt64 {
        working += 1
        query.version = version(row: query.row)
        return UInt64(Double(plan.latency.draw(&dice)) * factor)
    }

    /// Ends a query; the next that waited begins, with the time that it takes.
    func end(_ query: DatabaseQuery) -> (query: DatabaseQuery, time: UInt64)? {
        working -= 1
        if query.isWrite { query.version = change(row: query.row) }
        guard !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        return (next, begin(next))
    }

    /// What decides how it goes on.
    var digest: String {
        var copy = dice
        let rows = versions.keys.sorted().map { "\($0):\(version(row: $0))" }
        return "\(copy.next()) \(working) \(waiting.count) \(factor) \(rows)"
    }
}

/// A query under way.
final class DatabaseQuery {
    let row: Int
    let isWrite: Bool
    let begunAt: UInt64
    let asker: ShopRequest
    /// What it found, or what it wrote.
    var version = 0

    init(row: Int, isWrite: Bool, at time: UInt64, for asker: ShopRequest) {
        self.row = row
        self.isWrite = isWrite
        begunAt = time
        self.asker = asker
    }
}
