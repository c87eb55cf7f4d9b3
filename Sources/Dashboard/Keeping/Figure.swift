import Engine

// Everything on the screen that is a number, declared once: its name, its unit, where it comes
// from, and how it follows from what was read. Panels, graphs, alerts, explanations, JSON and CSV
// all read this table. A figure that cannot be known is nil, which is shown as `--`: no lookups
// have no hit rate, and a counter that went backwards has no rate.

/// What a figure counts.
public enum Unit: Sendable, Equatable {
    /// Bytes.
    case bytes
    /// Bytes a second.
    case byteRate
    /// Things.
    case count
    /// Things a second.
    case rate
    /// Hundredths.
    case percent
    /// A factor.
    case ratio
    /// Microseconds.
    case microseconds
    /// Seconds.
    case seconds
}

/// The figures by name. The raw value is the name in JSON and in `:explain`.
public enum FigureID: String, CaseIterable, Sendable {
    case usedMemory = "memory_used"
    case maximumMemory = "memory_max"
    case memoryShare = "memory_share"
    case peakMemory = "memory_peak"
    case residentMemory = "memory_rss"
    case datasetMemory = "memory_dataset"
    case overheadMemory = "memory_overhead"
    case clientMemory = "memory_clients"
    case backlogMemory = "memory_backlog"
    case scriptMemory = "memory_scripts"
    case fragmentation = "fragmentation"
    case hitRate = "hit_rate"
    case sessionHitRate = "hit_rate_total"
    case hits = "hits_per_second"
    case misses = "misses_per_second"
    case operations = "commands_per_second"
    case errors = "errors_per_second"
    case input = "network_in"
    case output = "network_out"
    case latency = "latency_mean"
    case latency50 = "latency_p50"
    case latency99 = "latency_p99"
    case latency999 = "latency_p999"
    case roundTrip = "round_trip"
    case processor = "processor"
    case evicted = "evicted_per_second"
    case expired = "expired_per_second"
    case evictedTotal = "evicted_total"
    case expiredTotal = "expired_total"
    case stale = "expired_stale"
    case keys = "keys"
    case volatileKeys = "keys_with_ttl"
    case clients = "clients"
    case blockedClients = "clients_blocked"
    case clientLimit = "clients_max"
    case connections = "connections_per_second"
    case rejected = "connections_rejected"
    case channels = "channels"
    case patterns = "patterns"
    case published = "published_per_second"
    case replicas = "replicas"
    case replicaLag = "replica_lag"
    case offset = "replication_offset"
    case changes = "changes_since_save"
    case forkTime = "fork_time"
    case delayedSyncs = "aof_delayed_fsync"
    case uptime = "uptime"
    case hottestShare = "hottest_share"
    case biggestKey = "biggest_key"
    case victimIdle = "victim_idle"

    /// The place in tables of values.
    var index: Int { Self.places[self]! }

    private static let places = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

/// How a figure follows from what was read.
enum Reading: Sendable {
    /// A field of INFO as it is.
    case field(String)
    /// How fast a counter of INFO rises, a second.
    case rise(String)
    /// From the sample alone.
    case now(@Sendable (Sample) -> Double?)
    /// From two samples.
    case both(@Sendable (Change) -> Double?)
}

/// Two samples, one after the other.
struct Change: Sendable {
    let before: Sample
    let after: Sample
    /// Seconds between them.
    let seconds: Double

    /// How much a counter has risen; nil when it is missing or went backwards.
    func rise(_ field: String) -> Double? {
        guard let old = before.numbers[field], let new = after.numbers[field], new >= old else {
            return nil
        }
        return new - old
    }

    func rate(_ field: String) -> Double? { rise(field).map { $0 / seconds } }

    /// The same without what the watcher itself has added.
    func rate(_ field: String, without own: KeyPath<Sample, Double>) -> Double? {
        rise(field).map { max($0 - (after[keyPath: own] - before[keyPath: own]), 0) / seconds }
    }
}

/// A figure as it is declared.
public struct Figure: Sendable {
    /// Its name.
    public let id: FigureID
    /// Its name on the screen.
    public let label: String
    /// What it counts.
    public let unit: Unit
    /// The fields of INFO that it comes from.
    public let source: String
    /// Its name in CloudWatch, where it has one.
    public let cloudWatch: String?
    let reading: Reading

    init(
        _ id: FigureID, _ label: String, _ unit: Unit, _ source: String, _ cloudWatch: String?,
        _ reading: Reading
    ) {
        self.id = id
        self.label = label
        self.unit = unit
        self.source = source
        self.cloudWatch = cloudWatch
        self.reading = reading
    }

    /// The declaration of a figure.
    public static subscript(_ id: FigureID) -> Figure { all[id.index] }

    /// True when it follows from lists that are not read with every sample.
    var isOfTables: Bool {
        switch id {
        case .hottestShare, .biggestKey, .victimIdle: true
        default: false
        }
    }

    /// True when it follows from the counters of commands.
    var isOfCommands: Bool {
        switch id {
        case .latency, .latency50, .latency99, .latency999, .published: true
        default: false
        }
    }

    /// The value that follows from a sample and the one before it.
    func value(_ sample: Sample, _ change: Change?) -> Double? {
        switch reading {
        case .field(let name): sample.numbers[name]
        case .rise(let name): change?.rate(name)
        case .now(let read): read(sample)
        case .both(let read): change.flatMap(read)
        }
    }

    /// All of them, in the order of ``FigureID``.
    public static let all: [Figure] = {
        let declared = memory + lookups + work + removal + people + copies + single
        return FigureID.allCases.map { id in declared.first { $0.id == id }! }
    }()

    // MARK: Declarations

    private static let memory: [Figure] = [
        Figure(
            .usedMemory, "used", .bytes, "used_memory", "BytesUsedForCache",
            .field("used_memory")),
        Figure(.maximumMemory, "maxmemory", .bytes, "maxmemory", nil, .field("maxmemory")),
        Figure(
            .memoryShare, "of maxmemory", .percent, "used_memory / maxmemory",
            "DatabaseMemoryUsagePercentage",
            .now { sample in
                guard let used = sample.numbers["used_memory"],
                    let most = sample.numbers["maxmemory"], most > 0
                else { return nil }
                return used / most * 100
            }),
        Figure(.peakMemory, "peak", .bytes, "used_memory_peak", nil, .field("used_memory_peak")),
        Figure(.residentMemory, "rss", .bytes, "used_memory_rss", nil, .field("used_memory_rss")),
        Figure(
            .datasetMemory, "data", .bytes, "used_memory_dataset", nil,
            .field("used_memory_dataset")),
        Figure(
            .overheadMemory, "overhead", .bytes, "used_memory_overhead", nil,
            .field("used_memory_overhead")),
        Figure(
            .clientMemory, "clients", .bytes, "mem_clients_normal", nil,
            .field("mem_clients_normal")),
        Figure(
            .backlogMemory, "backlog", .bytes, "mem_replication_backlog", nil,
            .field("mem_replication_backlog")),
        Figure(
            .scriptMemory, "scripts", .bytes, "used_memory_scripts", nil,
            .field("used_memory_scripts")),
        Figure(
            .fragmentation, "frag", .ratio, "used_memory_rss / used_memory",
            "MemoryFragmentationRatio",
            .now { sample in
                // Below a few megabytes the program itself outweighs the data.
                guard let used = sample.numbers["used_memory"], used >= 8_388_608,
                    let resident = sample.numbers["used_memory_rss"]
                else { return nil }
                return resident / used
            }),
    ]

    private static let lookups: [Figure] = [
        Figure(
            .hitRate, "now", .percent, "keyspace_hits, keyspace_misses", "CacheHitRate",
            .both { change in
                guard let hits = change.rise("keyspace_hits"),
                    let misses = change.rise("keyspace_misses"), hits + misses > 0
                else { return nil }
                return hits / (hits + misses) * 100
            }),
        Figure(
            .sessionHitRate, "total", .percent, "keyspace_hits, keyspace_misses", nil,
            .now { sample in
                guard let hits = sample.numbers["keyspace_hits"],
                    let misses = sample.numbers["keyspace_misses"], hits + misses > 0
                else { return nil }
                return hits / (hits + misses) * 100
            }),
        Figure(.hits, "hits", .rate, "keyspace_hits", "CacheHits", .rise("keyspace_hits")),
        Figure(
            .misses, "misses", .rate, "keyspace_misses", "CacheMisses", .rise("keyspace_misses")),
    ]

    private static let work: [Figure] = [
        Figure(
            .operations, "commands", .rate, "total_commands_processed", nil,
            .both { $0.rate("total_commands_processed", without: \.ownCommands) }),
        Figure(
            .errors, "errors", .rate, "total_error_replies", nil, .rise("total_error_replies")),
        Figure(
            .input, "in", .byteRate, "total_net_input_bytes", "NetworkBytesIn",
            .both { $0.rate("total_net_input_bytes", without: \.ownInput) }),
        Figure(
            .output, "out", .byteRate, "total_net_output_bytes", "NetworkBytesOut",
            .both { $0.rate("total_net_output_bytes", without: \.ownOutput) }),
        Figure(
            .latency, "mean", .microseconds, "cmdstat_*: usec / calls", nil,
            .both { Latency.mean($0) }),
        Figure(
            .latency50, "p50", .microseconds, "LATENCY HISTOGRAM", nil,
            .both { Latency.percentile(0.5, $0) }),
        Figure(
            .latency99, "p99", .microseconds, "LATENCY HISTOGRAM", nil,
            .both { Latency.percentile(0.99, $0) }),
        Figure(
            .latency999, "p99.9", .microseconds, "LATENCY HISTOGRAM", nil,
            .both { Latency.percentile(0.999, $0) }),
        Figure(
            .roundTrip, "round trip", .microseconds, "the time that INFO takes from here", nil,
            .now { $0.roundTrip }),
        Figure(
            .processor, "cpu", .percent, "used_cpu_sys + used_cpu_user", "EngineCPUUtilization",
            .both { change in
                guard let user = change.rate("used_cpu_user"),
                    let system = change.rate("used_cpu_sys")
                else { return nil }
                return (user + system) * 100
            }),
    ]

    private static let removal: [Figure] = [
        Figure(.evicted, "evicted", .rate, "evicted_keys", "Evictions", .rise("evicted_keys")),
        Figure(.expired, "expired", .rate, "expired_keys", "Reclaimed", .rise("expired_keys")),
        Figure(
            .evictedTotal, "evicted in all", .count, "evicted_keys", nil, .field("evicted_keys")),
        Figure(
            .expiredTotal, "expired in all", .count, "expired_keys", nil, .field("expired_keys")),
        Figure(
            .stale, "stale", .percent, "expired_stale_perc", nil, .field("expired_stale_perc")),
        Figure(.keys, "keys", .count, "db*: keys", "CurrItems", .field("keys")),
        Figure(
            .volatileKeys, "with ttl", .count, "db*: expires", "CurrVolatileItems",
            .field("expires")),
    ]

    private static let people: [Figure] = [
        Figure(
            .clients, "connected", .count, "connected_clients", "CurrConnections",
            .field("connected_clients")),
        Figure(
            .blockedClients, "blocked", .count, "blocked_clients", nil,
            .field("blocked_clients")),
        Figure(.clientLimit, "most", .count, "maxclients", nil, .field("maxclients")),
        Figure(
            .connections, "new", .rate, "total_connections_received", "NewConnections",
            .rise("total_connections_received")),
        Figure(
            .rejected, "rejected", .count, "rejected_connections", nil,
            .field("rejected_connections")),
        Figure(.channels, "channels", .count, "pubsub_channels", nil, .field("pubsub_channels")),
        Figure(.patterns, "patterns", .count, "pubsub_patterns", nil, .field("pubsub_patterns")),
        Figure(
            .published, "published", .rate, "cmdstat_publish: calls", nil,
            .both { change in
                let names = ["PUBLISH", "SPUBLISH"]
                let counts = [change.before, change.after].map { sample in
                    names.reduce(0.0) { $0 + (sample.commands[$1]?.calls ?? 0) }
                }
                return counts[1] >= counts[0] ? (counts[1] - counts[0]) / change.seconds : nil
            }),
    ]

    private static let single: [Figure] = [
        Figure(
            .hottestShare, "hottest key", .percent, "LARDER HOTKEYS", nil,
            .now { $0.hotKeys?.first.map { $0.share * 100 } }),
        Figure(
            .biggestKey, "biggest key", .bytes, "LARDER BIGKEYS", nil,
            .now { $0.bigKeys?.first.map { Double($0.bytes) } }),
        Figure(
            .victimIdle, "last victim idle", .seconds, "LARDER DEPARTURES", nil,
            .now { sample in
                let last = sample.departures?.first { $0.reason == "evicted" && $0.idle >= 0 }
                return last.map { Double($0.idle) }
            }),
    ]

    private static let copies: [Figure] = [
        Figure(.replicas, "replicas", .count, "connected_slaves", nil, .field("connected_slaves")),
        Figure(
            .replicaLag, "lag", .seconds, "slaveN: lag, master_last_io_seconds_ago",
            "ReplicationLag",
            .now { sample in
                if let own = sample.numbers["master_last_io_seconds_ago"] { return own }
                return sample.replicas.map(\.lag).max()
            }),
        Figure(
            .offset, "offset", .bytes, "master_repl_offset", nil, .field("master_repl_offset")),
        Figure(
            .changes, "changes", .count, "rdb_changes_since_last_save", nil,
            .field("rdb_changes_since_last_save")),
        Figure(
            .forkTime, "fork", .microseconds, "latest_fork_usec", nil, .field("latest_fork_usec")),
        Figure(
            .delayedSyncs, "delayed fsync", .count, "aof_delayed_fsync", nil,
            .field("aof_delayed_fsync")),
        Figure(.uptime, "up", .seconds, "uptime_in_seconds", nil, .field("uptime_in_seconds")),
    ]
}

/// Times of commands between two samples.
enum Latency {
    /// Commands of which the watcher sends many itself.
    static let own: Set<String> = [
        "INFO", "LATENCY HISTOGRAM", "SLOWLOG GET", "CLIENT LIST", "CLIENT ID", "CLIENT SETNAME",
        "PUBSUB CHANNELS", "PUBSUB NUMSUB", "LARDER OBSERVE",
    ]

    /// True for a command of which the watcher has sent half of what was sent, or more: its
    /// times tell little of what others wait for.
    static func isOwn(_ name: String, _ change: Change) -> Bool {
        if own.contains(name) { return true }
        let sent = (change.after.ownCalls[name] ?? 0) - (change.before.ownCalls[name] ?? 0)
        guard sent > 0 else { return false }
        let calls =
            (change.after.commands[name]?.calls ?? 0) - (change.before.commands[name]?.calls ?? 0)
        return sent * 2 >= calls
    }

    static func mean(_ change: Change) -> Double? {
        var calls = 0.0
        var time = 0.0
        for (name, after) in change.after.commands where !isOwn(name, change) {
            let before = change.before.commands[name] ?? CommandCounters()
            guard after.calls >= before.calls, after.microseconds >= before.microseconds else {
                return nil
            }
            calls += after.calls - before.calls
            time += after.microseconds - before.microseconds
        }
        return calls > 0 ? time / calls : nil
    }

    static func percentile(_ share: Double, _ change: Change) -> Double? {
        var counts: [Double: Double] = [:]
        for (name, after) in change.after.commands where !isOwn(name, change) {
            let before = change.before.commands[name] ?? CommandCounters()
            guard let rises = rises(before, after) else { return nil }
            for (limit, count) in rises { counts[limit, default: 0] += count }
        }
        return percentile(share, counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// How many calls have ended up in each bucket since; nil after a reset.
    static func rises(
        _ before: CommandCounters, _ after: CommandCounters
    ) -> [(limit: Double, count: Double)]? {
        func cumulative(_ counters: CommandCounters, at limit: Double) -> Double {
            counters.histogram.last { $0.limit <= limit }?.count ?? 0
        }
        var result: [(limit: Double, count: Double)] = []
        var last = 0.0
        for (limit, count) in after.histogram {
            let rise = count - cumulative(before, at: limit)
            guard rise >= last else { return nil }
            if rise > last { result.append((limit, rise - last)) }
            last = rise
        }
        return result
    }

    /// The least limit below which that share of the calls is.
    static func percentile(
        _ share: Double, _ counts: [(limit: Double, count: Double)]
    ) -> Double? {
        let total = counts.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        var seen = 0.0
        for (limit, count) in counts {
            seen += count
            if seen >= share * total { return limit }
        }
        return counts.last?.limit
    }
}
