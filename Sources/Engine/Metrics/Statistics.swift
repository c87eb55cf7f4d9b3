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

    init(commands count: Int) {
        commands = Array(repeating: OfCommand(), count: count)
    }

    /// Starts all counters again.
    mutating func reset() {
        let open = openSessions
        self = Statistics(commands: commands.count)
        openSessions = open
    }
}
