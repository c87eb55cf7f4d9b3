extension World {
    /// All figures that there are, and those that are still missing. What is not here does not
    /// exist.
    public static let figures: [FigureDeclaration] =
        cacheFigures + applicationFigures + keyFigures + machineFigures + missingFigures

    private static let cacheFigures: [FigureDeclaration] = [
        .init("cache.hits", .count, "lookups in the cache that found their key"),
        .init("cache.misses", .count, "lookups in the cache that found nothing"),
        .init("cache.hit_ratio", .share, "the share of lookups that found their key"),
        .init("cache.keys", .count, window: false, "keys in the cache"),
        .init("cache.memory", .bytes, window: false, "bytes that the cache uses"),
        .init("cache.maxmemory", .bytes, window: false, "bytes that it may use; 0 for no bound"),
        .init("cache.evicted", .count, "keys that went to make room"),
        .init("cache.expired", .count, "keys whose time had come"),
        .init("cache.ops", .count, "commands that the cache has run"),
        .init("cmd.calls", of: [.command], .count, "times that a command ran"),
        .init(
            "cmd.p50", of: [.command], .nanoseconds, origin: .modelled,
            "what half of its calls took at most"),
        .init(
            "cmd.p99", of: [.command], .nanoseconds, origin: .modelled,
            "what 99 in 100 calls took at most"),
        .init("net.round_trips", .count, "times that somebody waited for a node's answer"),
        .init("net.bytes", .bytes, "bytes to the cache and back"),
        .init(
            "cpu.us_per_op", .count, origin: .modelled,
            "microseconds of a node's work for a command"),
    ]

    private static let applicationFigures: [FigureDeclaration] = [
        .init("app.requests", .count, "requests of the simulated clients that were answered"),
        .init("app.errors", .count, "those of them that failed"),
        .init("app.writes", .count, "changes made through the shop"),
        .init("app.stale_reads", .count, "answers older than what had been written before"),
        .init("app.latency.mean", .nanoseconds, origin: .modelled, "the mean time of a request"),
        .init(
            "app.latency.p50", .nanoseconds, origin: .modelled,
            "what half of the requests took at most"),
        .init(
            "app.latency.p95", .nanoseconds, origin: .modelled,
            "what 95 in 100 requests took at most"),
        .init(
            "app.latency.p99", .nanoseconds, origin: .modelled,
            "what 99 in 100 requests took at most"),
        .init("app.latency.max", .nanoseconds, origin: .modelled, "what the slowest request took"),
        .init("app.ttl", .nanoseconds, window: false, "how long the shop lets a copy live"),
        .init(
            "app.cache_commands_per_write", .factor,
            "commands to the cache because of a change, for each change"),
        .init("db.queries", .count, "queries to the database, changes not counted"),
        .init("db.writes", .count, "changes of rows"),
        .init("db.qps", .perSecond, "queries a second, in the mean"),
        .init("db.qps_max", .count, "queries in the busiest second"),
        .init("db.p50", .nanoseconds, origin: .modelled, "what half of the queries took at most"),
        .init("db.p99", .nanoseconds, origin: .modelled, "what 99 in 100 queries took at most"),
    ]

    private static let keyFigures: [FigureDeclaration] = [
        .init("key.exists", of: [.key], .truth, window: false, "whether the key exists"),
        .init(
            "key.type", of: [.key], .text, window: false, "its type, as TYPE says, or none"),
        .init("key.ttl", of: [.key], .count, window: false, "seconds to live, as TTL says"),
        .init(
            "key.len", of: [.key], .count, window: false, "bytes of a string, elements of others"),
        .init("key.value", of: [.key], .text, window: false, "the text of a string"),
        .init(
            "key.element", of: [.key, .element], .text, window: false,
            "what a field of a hash or an index of a list holds, or a member's score; else \"\""),
        .init("node.up", of: [.node], .truth, window: false, "whether the node runs"),
        .init("node.role", of: [.node], .text, window: false, "what the node is to the others"),
        .init(
            "node.restarts", of: [.node], .count, window: false, "times that it was started again"),
        .init("node.keys", of: [.node], .count, window: false, "keys in the node"),
        .init("node.memory", of: [.node], .bytes, window: false, "bytes that the node uses"),
        .init(
            "pubsub.subscribers", of: [.channel], .count, window: false,
            "sessions that listen to it"),
        .init(
            "pubsub.received", of: [.channel, .session], .count, window: false,
            "messages of it that a session has received"),
    ]

    private static let machineFigures: [FigureDeclaration] = [
        .init("clock.now", .nanoseconds, window: false, "the time since the world began"),
        .init("clock.elapsed", .nanoseconds, "the time since the window began"),
        .init("pipeline.depth", .count, window: false, "the depth that was tried last"),
        .init(
            "pipeline.speedup", .factor, origin: .modelled, window: false,
            "how much faster that was than one command at a time"),
        .init(
            "threads.speedup", of: [.share, .number], optional: 2, .factor, origin: .modelled,
            window: false,
            "how much faster I/O threads make a node, by the share of execution and their number"),
        .init(
            "threads.limit", of: [.share], optional: 1, .factor, origin: .modelled, window: false,
            "how much faster any number of them can make it"),
        .init(
            "threads.exec", .share, origin: .modelled, window: false,
            "the share of execution last tried"),
        .init(
            "partition.moved", of: [.number, .number], .share, window: false,
            "keys that move from so many nodes to so many, by hash modulo nodes"),
        .init(
            "partition.moved_ring", of: [.number, .number], .share, window: false,
            "keys that move from so many nodes to so many, by consistent hashing"),
    ]

    private static let missingFigures: [FigureDeclaration] = {
        let replication = "replication is not there yet"
        let memcached = "memcached is not there yet"
        let files = "snapshots and logs are not there yet"
        return [
            .init(
                "node.offset", of: [.node], .bytes, window: false,
                "its place in the stream of changes",
                missing: replication),
            .init(
                "node.lag", of: [.node], .nanoseconds, window: false, "how far it is behind",
                missing: replication),
            .init("mc.get", of: [.key], .text, window: false, "an item's text", missing: memcached),
            .init("mc.cas_conflicts", .count, "refused changes", missing: memcached),
            .init("mc.items", .count, window: false, "items", missing: memcached),
            .init(
                "file.exists", of: [.file], .truth, window: false, "a file is there", missing: files
            ),
            .init("file.size", of: [.file], .bytes, window: false, "its size", missing: files),
        ]
    }()
}
