public import Bytes

/// Counters since the start, or since `CONFIG RESETSTAT`.
public struct Statistics: Sendable {
    /// What is counted of each command.
    public struct OfCommand: Sendable {
        /// Times it ran.
        public var calls = 0
        /// Nanoseconds that it took in all.
        public var nanoseconds: UInt64 = 0
        /// Times it was refused before it ran.
        public var rejected = 0
        /// Times it answered with an error.
        public var failed = 0
    }

    /// Lookups that found their key.
    public var hits = 0
    /// Lookups that did not.
    public var misses = 0
    /// Keys that went because their time had come.
    public var expired = 0
    /// Keys that went to make room.
    public var evicted = 0
    /// Connections taken in.
    public var connections = 0
    /// Connections refused because there were too many.
    public var rejectedConnections = 0
    /// Connections open at present; not reset.
    public var openSessions = 0
    /// Commands run.
    public var commandsProcessed = 0
    /// Bytes received.
    public var bytesIn = 0
    /// Bytes sent.
    public var bytesOut = 0
    /// Reads from connections.
    public var reads = 0
    /// Writes to connections.
    public var writes = 0
    /// Wrong passwords.
    public var deniedAuthentications = 0
    /// Errors sent.
    public var errorReplies = 0
    /// Errors sent, by their code word.
    public var errorsByCode: [String: Int] = [:]
    /// Per command, by its number in the table.
    public var commands: [OfCommand]
    /// How long the commands took, in nanoseconds, by their numbers; nil for those not used.
    public var latencies: [Histogram?]

    init(commands count: Int) {
        commands = Array(repeating: OfCommand(), count: count)
        latencies = Array(repeating: nil, count: count)
    }

    /// Notes how long a command took: each of its first calls, later each thirteenth, which
    /// tells the same percentiles for a fraction of the work. The number is a prime, so that it
    /// falls into no step with pipelines.
    @inline(__always)
    mutating func noteLatency(_ number: Int, _ nanoseconds: UInt64) {
        let calls = commands[number].calls
        if calls < 64 || calls % 13 == 0 { recordLatency(number, nanoseconds) }
    }

    @inline(never)
    private mutating func recordLatency(_ number: Int, _ nanoseconds: UInt64) {
        if latencies[number] == nil { latencies[number] = Histogram(highest: 1 << 30) }
        latencies[number]?.record(nanoseconds)
    }

    /// Starts all counters again.
    mutating func reset() {
        let open = openSessions
        self = Statistics(commands: commands.count)
        openSessions = open
    }
}
