/// The words of load blocks.
enum LoadWords {
    /// Who sends the requests.
    static let clients = ["app", "commands"]
    /// How keys are chosen.
    static let distributions = ["zipf", "uniform", "scan", "hot"]
    /// The keys of the block.
    static let blockKeys = ["client", "rate", "to", "keys", "command", "writes", "for", "at"]
    /// The keys below `keys`.
    static let keyKeys = ["path", "dist", "s", "hot", "share"]
}

/// The words of fixtures.
enum FixtureWords {
    /// The keys of each fixture.
    static let keys: [String: [String]] = [
        "db": [
            "kind", "table", "rows", "latency.dist", "latency.mean", "latency.sd", "latency.min",
            "latency.max",
        ],
        "app": [
            "kind", "database", "cache", "strategy", "cache_cost", "ttl", "jitter",
            "single_flight", "early", "on_write", "value_size",
        ],
    ]
}
