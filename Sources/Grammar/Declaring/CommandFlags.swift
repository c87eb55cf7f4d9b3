/// What a command is, as `COMMAND INFO` reports it.
public struct CommandFlags: OptionSet, Sendable {
    /// One bit a flag, in the order in which they are reported.
    public var rawValue: UInt32
    /// Bits as stored.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// May change the data set.
    public static let write = CommandFlags(rawValue: 1 << 0)
    /// Reads keys and changes nothing.
    public static let readonly = CommandFlags(rawValue: 1 << 1)
    /// Refused when memory is over its limit and nothing can be evicted.
    public static let denyOOM = CommandFlags(rawValue: 1 << 2)
    /// For administrators.
    public static let admin = CommandFlags(rawValue: 1 << 3)
    /// Part of publish and subscribe.
    public static let pubsub = CommandFlags(rawValue: 1 << 4)
    /// Not allowed from scripts.
    public static let noscript = CommandFlags(rawValue: 1 << 5)
    /// May block the connection.
    public static let blocking = CommandFlags(rawValue: 1 << 6)
    /// Allowed while the data set is being loaded.
    public static let loading = CommandFlags(rawValue: 1 << 7)
    /// Allowed on a replica with stale data.
    public static let stale = CommandFlags(rawValue: 1 << 8)
    /// Not shown to MONITOR.
    public static let skipMonitor = CommandFlags(rawValue: 1 << 9)
    /// Not put into the slow log.
    public static let skipSlowlog = CommandFlags(rawValue: 1 << 10)
    /// Asks the cluster as if ASKING had been sent.
    public static let asking = CommandFlags(rawValue: 1 << 11)
    /// Constant or logarithmic time.
    public static let fast = CommandFlags(rawValue: 1 << 12)
    /// Allowed before authentication.
    public static let noAuth = CommandFlags(rawValue: 1 << 13)
    /// May replicate although it is no write.
    public static let mayReplicate = CommandFlags(rawValue: 1 << 14)
    /// Not allowed inside a transaction.
    public static let noMulti = CommandFlags(rawValue: 1 << 15)
    /// Where its keys are cannot be told from positions alone.
    public static let movableKeys = CommandFlags(rawValue: 1 << 16)
    /// Allowed while a script or function keeps the server busy.
    public static let allowBusy = CommandFlags(rawValue: 1 << 17)
    /// Not allowed asynchronously in a loading replica.
    public static let noAsyncLoading = CommandFlags(rawValue: 1 << 18)
    /// Takes optional keys only.
    public static let noMandatoryKeys = CommandFlags(rawValue: 1 << 19)
    /// Touches a key without looking at its arguments (`TOUCHES_ARBITRARY_KEYS`).
    public static let touchesArbitraryKeys = CommandFlags(rawValue: 1 << 20)

    /// The names that `COMMAND INFO` prints, in its order; flags without one are not printed.
    public static let names: [(CommandFlags, String)] = [
        (.write, "write"), (.readonly, "readonly"), (.denyOOM, "denyoom"), (.admin, "admin"),
        (.pubsub, "pubsub"), (.noscript, "noscript"), (.blocking, "blocking"),
        (.loading, "loading"), (.stale, "stale"), (.skipMonitor, "skip_monitor"),
        (.skipSlowlog, "skip_slowlog"), (.asking, "asking"), (.fast, "fast"),
        (.noAuth, "no_auth"), (.mayReplicate, "may_replicate"),
        (.noMandatoryKeys, "no_mandatory_keys"), (.noAsyncLoading, "no_async_loading"),
        (.noMulti, "no_multi"), (.movableKeys, "movablekeys"), (.allowBusy, "allow_busy"),
        (.touchesArbitraryKeys, "touches_arbitrary_keys"),
    ]
}

/// The group that a command is documented in.
public enum CommandGroup: String, CaseIterable, Sendable {
    /// Keys of any type.
    case generic
    /// Strings of bytes and numbers.
    case string
    /// Lists.
    case list
    /// Sets.
    case set
    /// Sorted sets.
    case sortedSet = "sorted-set"
    /// Hashes.
    case hash
    /// Publish and subscribe.
    case pubsub
    /// Transactions.
    case transactions
    /// The connection itself.
    case connection
    /// The server itself.
    case server
    /// Scripts and functions.
    case scripting
    /// Cardinality estimates.
    case hyperloglog
    /// The cluster.
    case cluster
    /// Places on Earth.
    case geo
    /// Streams.
    case stream
    /// Bits of strings.
    case bitmap
}

/// Categories of access control lists.
public struct ACLCategory: OptionSet, Sendable {
    /// One bit a category.
    public var rawValue: UInt32
    /// Bits as stored.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Keys of any type.
    public static let keyspace = ACLCategory(rawValue: 1 << 0)
    /// Reads keys.
    public static let read = ACLCategory(rawValue: 1 << 1)
    /// Writes keys.
    public static let write = ACLCategory(rawValue: 1 << 2)
    /// Sets.
    public static let set = ACLCategory(rawValue: 1 << 3)
    /// Sorted sets.
    public static let sortedSet = ACLCategory(rawValue: 1 << 4)
    /// Lists.
    public static let list = ACLCategory(rawValue: 1 << 5)
    /// Hashes.
    public static let hash = ACLCategory(rawValue: 1 << 6)
    /// Strings.
    public static let string = ACLCategory(rawValue: 1 << 7)
    /// Bits of strings.
    public static let bitmap = ACLCategory(rawValue: 1 << 8)
    /// Cardinality estimates.
    public static let hyperloglog = ACLCategory(rawValue: 1 << 9)
    /// Places on Earth.
    public static let geo = ACLCategory(rawValue: 1 << 10)
    /// Streams.
    public static let stream = ACLCategory(rawValue: 1 << 11)
    /// Publish and subscribe.
    public static let pubsub = ACLCategory(rawValue: 1 << 12)
    /// For administrators.
    public static let admin = ACLCategory(rawValue: 1 << 13)
    /// Constant or logarithmic time.
    public static let fast = ACLCategory(rawValue: 1 << 14)
    /// Everything that is not fast.
    public static let slow = ACLCategory(rawValue: 1 << 15)
    /// May block.
    public static let blocking = ACLCategory(rawValue: 1 << 16)
    /// Can do harm or take long.
    public static let dangerous = ACLCategory(rawValue: 1 << 17)
    /// The connection itself.
    public static let connection = ACLCategory(rawValue: 1 << 18)
    /// Transactions.
    public static let transaction = ACLCategory(rawValue: 1 << 19)
    /// Scripts.
    public static let scripting = ACLCategory(rawValue: 1 << 20)

    /// The names, in the order in which they are reported.
    public static let names: [(ACLCategory, String)] = [
        (.keyspace, "keyspace"), (.read, "read"), (.write, "write"), (.set, "set"),
        (.sortedSet, "sortedset"), (.list, "list"), (.hash, "hash"), (.string, "string"),
        (.bitmap, "bitmap"), (.hyperloglog, "hyperloglog"), (.geo, "geo"), (.stream, "stream"),
        (.pubsub, "pubsub"), (.admin, "admin"), (.fast, "fast"), (.slow, "slow"),
        (.blocking, "blocking"), (.dangerous, "dangerous"), (.connection, "connection"),
        (.transaction, "transaction"), (.scripting, "scripting"),
    ]

    /// The categories that a command has because of its flags.
    public static func implied(by flags: CommandFlags) -> ACLCategory {
        var categories: ACLCategory = []
        if flags.contains(.write) { categories.insert(.write) }
        if flags.contains(.readonly) { categories.insert(.read) }
        if flags.contains(.admin) { categories.formUnion([.admin, .dangerous]) }
        if flags.contains(.pubsub) { categories.insert(.pubsub) }
        if flags.contains(.blocking) { categories.insert(.blocking) }
        categories.insert(flags.contains(.fast) ? .fast : .slow)
        return categories
    }
}
