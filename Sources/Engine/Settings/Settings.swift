public import Bytes
public import Grammar

/// The settings that running code looks at, as plain values; those that only are reported stand
/// in `kept`. What there is, under which name and within which bounds, is declared in
/// `AllSettings`.
public struct Settings: Sendable {
    /// What the node behaves as.
    public var flavour: Flavour = .valkey80
    /// The number of databases.
    public var databases = 16
    /// The password of the default user; empty means none.
    public var password = ByteString()
    /// The longest argument, in bytes.
    public var maximumBulkLength = 512 << 20
    /// The most bytes of requests that a connection may leave unread by the node.
    public var queryBufferLimit = 1 << 30
    /// The most connections.
    public var maximumClients = 10_000
    /// The most keys that are remembered for sessions that track; 0 is no bound.
    public var maximumTrackedKeys = 1_000_000
    /// Seconds after which an idle connection is closed; 0 is never.
    public var timeout = 0
    /// True when connections from elsewhere are refused while there is no password.
    public var isProtected = true
    /// Who may use DEBUG.
    public var debugPermission = Permission.nobody
    /// Who may change protected settings.
    public var protectedPermission = Permission.nobody
    /// True when long strings are compressed where values are written.
    public var compressesStrings = true
    /// How often the node ticks, in times a second.
    public var hertz = 10

    // MARK: For the host

    /// The TCP port; 0 is none.
    public var port = 6379
    /// The addresses to listen on; a leading minus says that a missing one is no error.
    public var bind: [ByteString] = ["*", "-::*"]
    /// The path of the Unix socket; empty is none.
    public var unixSocket = ByteString()
    /// The permissions of the Unix socket; 0 leaves them to the system.
    public var unixSocketPermissions = 0
    /// How many connections may wait to be accepted.
    public var tcpBacklog = 511
    /// Seconds between probes of silent connections; 0 is none.
    public var tcpKeepAlive = 300
    /// The working directory.
    public var directory = ByteString()
    /// The file for the log; empty is standard output.
    public var logFile = ByteString()
    /// The file for the process's number; empty is none.
    public var pidFile = ByteString()
    /// True when the server is to run in the background.
    public var isDaemon = false
    /// What replies may wait to be sent to a normal connection.
    public var outputLimits = OutputLimits()

    // MARK: Memory

    /// The most memory for keys, in bytes; 0 is no bound.
    public var maximumMemory = 0
    /// What goes when memory is short, which also decides what access clocks mean.
    public var evictionPolicy = EvictionPolicy.none
    /// How many keys are looked at, at least, to choose one that goes.
    public var evictionSamples = 5
    /// How much memory that is over its bound is made up for at once: 0 to 100, which is all.
    public var evictionTenacity = 10
    /// The most memory for connections, in bytes; a negative number is per cent of the most
    /// memory in all; 0 is no bound.
    public var maximumSessionMemory = 0
    /// How slowly the frequency counter rises.
    public var frequencyLogFactor = 10
    /// Minutes for one step of the frequency counter down.
    public var frequencyDecayMinutes = 1

    /// Up to where small collections stay in their small forms.
    public var limits = EncodingLimits()
    /// The classes of events that are published about keys; none when nothing is.
    var notifiedEvents: EventClass = []
    /// The letters that say so.
    var notifiedLetters = ByteString()

    // MARK: Measures

    /// How many keys that left are remembered with the reason; 0 notes nothing.
    public var departures = 0
    /// True when lookups are counted to know which keys are asked for most.
    public var watchesHotKeys = false
    /// True when the biggest keys of each type are kept in lists.
    public var watchesBigKeys = false

    /// True when the latency of commands is recorded.
    public var tracksLatency = true
    /// Microseconds from which a command is noted as slow; negative notes none.
    public var slowLogThreshold = 10_000
    /// The most commands that are noted as slow.
    public var slowLogLength = 128
    /// Milliseconds from which an event is noted; 0 notes none.
    public var latencyThreshold = 0
    /// The percentiles of latency that INFO shows.
    public var latencyPercentiles = [50, 99, 99.9]

    /// The settings that nothing acts on, by their first name, where they are not the default.
    var kept: [String: SettingValue] = [:]
    /// True once a configuration file has given a `save`, which replaced the default.
    var hasReadSave = false

    /// The defaults.
    public init() {}
}

/// To whom something is allowed that can do harm.
public enum Permission: Int, Sendable {
    /// To nobody.
    case nobody
    /// To everybody.
    case everybody
    /// To those on this machine.
    case local

    /// The words of the settings, in the order of the cases.
    static let words = ["no", "yes", "local"]

    /// True when a connection of this origin is allowed.
    public func allows(_ origin: ConnectionOrigin) -> Bool {
        switch self {
        case .nobody: false
        case .everybody: true
        case .local: origin.isLocal
        }
    }
}

/// What goes when memory is short.
public enum EvictionPolicy: String, CaseIterable, Sendable {
    /// Of the keys with an expiry those not used for longest.
    case volatileLRU = "volatile-lru"
    /// Of the keys with an expiry those used least.
    case volatileLFU = "volatile-lfu"
    /// Any of the keys with an expiry.
    case volatileRandom = "volatile-random"
    /// Of the keys with an expiry those that expire first.
    case volatileTTL = "volatile-ttl"
    /// Those not used for longest.
    case allLRU = "allkeys-lru"
    /// Those used least.
    case allLFU = "allkeys-lfu"
    /// Any.
    case allRandom = "allkeys-random"
    /// Nothing: commands that need memory are refused.
    case none = "noeviction"

    /// True when access clocks count frequency.
    public var countsFrequency: Bool { self == .volatileLFU || self == .allLFU }
}

/// What replies may wait to be sent, by kind of connection.
public struct OutputLimits: Sendable, Equatable {
    /// One kind's bounds; 0 is none.
    public struct Limit: Sendable, Equatable {
        /// Bytes at which the connection is closed at once.
        public var hard: Int
        /// Bytes that may not be exceeded for long.
        public var soft: Int
        /// How long, in seconds.
        public var seconds: Int
    }

    /// Connections that send commands.
    public var normal = Limit(hard: 0, soft: 0, seconds: 0)
    /// Connections to replicas.
    public var replica = Limit(hard: 256 << 20, soft: 64 << 20, seconds: 60)
    /// Connections that receive messages.
    public var pubsub = Limit(hard: 32 << 20, soft: 8 << 20, seconds: 60)
}
