/// Counters since the start, or since `CONFIG RESETSTAT`.
public struct Statistics: Sendable {
    /// Lookups that found their key.
    public var hits = 0
    /// Lookups that did not.
    public var misses = 0
    /// Keys that went because their time had come.
    public var expired = 0
    /// Keys that went to make room.
    public var evicted = 0
    /// Connections closed to make room.
    public var evictedSessions = 0
    /// How long memory was over its bound, in nanoseconds.
    public var exceededNanoseconds: UInt64 = 0
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
    /// Nanoseconds that the walk for expired keys took.
    public var expiryNanoseconds: UInt64 = 0
    /// Walks for expired keys that ended before they were through.
    public var cutExpiryWalks = 0
    /// The share of keys with an expiry that were overdue when the walk looked at them: a running
    /// mean, in per cent.
    public var overduePercent = 0.0
    /// Connections closed because they had sent too much that could not be run.
    public var queryLimitDisconnections = 0
    /// Connections closed because they had not read too much of what was sent to them.
    public var outputLimitDisconnections = 0
    /// Times a connection's buffer of replies was found larger than before.
    public var replyBufferExpansions = 0
    /// Times it was found smaller.
    public var replyBufferShrinks = 0
    /// Turns of the host's loop in which something was run.
    public var turns = 0
    /// Nanoseconds that these took in all.
    public var turnNanoseconds: UInt64 = 0

    init() {}

    /// Starts all counters again.
    mutating func reset() {
        let open = openSessions
        self = Statistics()
        openSessions = open
    }
}
