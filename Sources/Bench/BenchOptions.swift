/// What `larder bench` is asked to measure. The defaults are those of the command line.
public struct BenchOptions: Sendable {
    /// The kinds of measurement.
    public enum Mode: Sendable {
        /// Throughput, latency and processor time over sockets, of one server or of two.
        case load
        /// Commands driven through a node inside this process, on one thread.
        case inProcess
        /// Growth of resident memory per key, or per element of a large value.
        case memory
        /// Time from start to the first reply and to the first prompt.
        case startup
        /// Time from a key to the painted line, at a prompt with many keys.
        case typing
        /// Stalls while many keys expire at one instant.
        case expiry
        /// Latency of the commands on a sorted set of ten million members.
        case board
        /// How many lookups find their key in caches that hold a part of the data.
        case hitRatio
        /// Messages to ten thousand subscribers.
        case fanOut
        /// What clients are told while keys expire and are evicted.
        case events
    }

    /// What is measured.
    public var mode = Mode.load
    /// Commands per test; nil chooses 100,000, or more where two servers are compared and in
    /// process.
    public var requests: Int?
    /// Connections.
    public var clients = 50
    /// Commands per batch; each of these is measured in turn. Empty is 1, or 16 in process.
    public var pipelines: [Int] = []
    /// Bytes per value; nil is 3, or 32 for memory.
    public var dataSize: Int?
    /// How many different keys there are; nil is 100,000, or a million in process; or how many
    /// members a board has, of which nil is ten million; or how many subscribers, 10,000.
    public var keyspace: Int?
    /// Where the random key numbers begin.
    public var seed: UInt64 = 1
    /// Names of tests; empty is the default list.
    public var tests: [String] = []
    /// A running server to measure instead of one that the bench starts.
    public var target: String?
    /// The server to compare with: an address, or `redis-server` to start one.
    public var against: String?
    /// Whether servers that the bench starts listen on a local socket instead of a port.
    public var overUnix = false
    /// How often the two sides of a comparison take turns.
    public var rounds = 5
    /// Into what memory goes when it is measured.
    public var shape = MemoryShape.strings
    /// The numbers of keys or elements at which memory is measured.
    public var memoryKeys = MemoryShape.strings.counts
    /// Seconds that each key lives when memory is measured; nil is for ever.
    public var timeToLive: Int?
    /// The bound on memory that the servers are given, as `maxmemory` takes it; nil leaves it.
    public var maximumMemory: String?
    /// The policy that they are given; nil leaves it.
    public var policy: String?
    /// Whether a running server may be emptied with FLUSHALL.
    public var mayFlush = false
    /// Whether the results are printed as one JSON object.
    public var json = false
    /// The program that is started as the measured server; nil is this one.
    public var executable: String?

    /// The defaults.
    public init() {}

    var pipelinesOrDefault: [Int] {
        pipelines.isEmpty ? [mode == .inProcess ? 16 : 1] : pipelines
    }

    var keysOrDefault: Int { keyspace ?? (mode == .inProcess ? 1_000_000 : 100_000) }

    var dataSizeOrDefault: Int { dataSize ?? (mode == .memory ? 32 : 3) }

    func check() throws(BenchError) {
        let counts =
            [clients, keyspace ?? 1, rounds, requests ?? 1, timeToLive ?? 1] + pipelines
            + memoryKeys
        guard counts.allSatisfy({ $0 > 0 }) else {
            throw BenchError("counts of requests, clients, keys and rounds must be at least 1")
        }
        guard pipelines.allSatisfy({ $0 <= 100_000 }) else {
            throw BenchError("a pipeline holds 1 to 100000 commands")
        }
        guard clients <= 20_000 else { throw BenchError("there can be 20000 clients at most") }
        guard (0...536_870_912).contains(dataSize ?? 3) else {
            throw BenchError("values have 0 to 536870912 bytes")
        }
        guard keyspace ?? 1 < 1_000_000_000_000 else {
            throw BenchError("key numbers have twelve digits")
        }
        if !memoryKeys.isEmpty && mode == .memory || mode != .memory { return }
        throw BenchError("memory needs at least one number of keys")
    }
}

/// Measures as asked and prints the results on standard output.
///
/// - Returns: the exit code: 0, or 1 if a server answered with errors.
/// - Throws: `BenchError` if a server cannot be started or reached, or stops answering.
public func runBench(_ options: BenchOptions) throws(BenchError) -> Int32 {
    try options.check()
    Interruption.watch()
    let report = BenchReport(json: options.json)
    switch options.mode {
    case .load:
        if options.against != nil {
            try Comparison(options, report).run()
        } else {
            try SingleLoad(options, report).run()
        }
    case .inProcess: try InProcessLoad(options, report).run()
    case .memory: try MemoryMeasurement(options, report).run()
    case .startup: try StartupMeasurement(options, report).run()
    case .typing: try TypingMeasurement(options, report).run()
    case .expiry: try ExpiryMeasurement(options, report).run()
    case .board: try BoardMeasurement(options, report).run()
    case .hitRatio: try HitRatioMeasurement(options, report).run()
    case .fanOut: try FanOutMeasurement(options, report).run()
    case .events: try EventsMeasurement(options, report).run()
    }
    report.finish()
    return report.hasFailures ? 1 : 0
}
