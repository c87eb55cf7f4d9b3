import Grammar

// Settings about memory: its bound, what goes when it is short, and the small forms of values.

extension AllSettings {
    static let memory: [Setting] = [
        Setting(
            "maxmemory", .unsignedMemory, "0",
            "The most memory for keys, tables and connections; 0 is no bound."
        ).held(
            read: { .number(Int64(bitPattern: UInt64(truncatingIfNeeded: $0.maximumMemory))) },
            write: {
                if case .number(let number) = $1 { $0.maximumMemory = Int(number) }
            }),
        Setting(
            "maxmemory-policy", .choice(EvictionPolicy.allCases.map(\.rawValue)), "noeviction",
            "Which keys go when memory is short; also what the keys' access clocks mean."
        ).held(
            read: { .choice(EvictionPolicy.allCases.firstIndex(of: $0.evictionPolicy) ?? 0) },
            write: {
                if case .choice(let place) = $1 {
                    $0.evictionPolicy = EvictionPolicy.allCases[place]
                }
            }),
        Setting(
            "maxmemory-samples", .integer(positive), "5",
            "How many keys are looked at, at least, to choose one that goes."
        ).held(by: \.evictionSamples),
        Setting(
            "maxmemory-eviction-tenacity", .integer(0...100), "10",
            "How much is evicted at once after the bound was lowered: 10 is some hundred keys."
        ).held(by: \.evictionTenacity),
        Setting(
            "lfu-log-factor", .integer(natural), "10",
            "How slowly the counter of a key's use rises."
        ).held(by: \.frequencyLogFactor),
        Setting(
            "lfu-decay-time", .integer(natural), "1",
            "Minutes after which the counter of a key's use falls; 0 is never."
        ).held(by: \.frequencyDecayMinutes),
        Setting(
            "active-expire-effort", .integer(1...10), "1",
            "How much time is spent on looking for expired keys."),
        Setting(
            "lazyfree-lazy-eviction", .flag, "no", "Whether evicted values are freed later."
        ).inValkey("yes"),
        Setting(
            "lazyfree-lazy-expire", .flag, "no", "Whether expired values are freed later."
        ).inValkey("yes"),
        Setting(
            "lazyfree-lazy-server-del", .flag, "no",
            "Whether values that commands replace are freed later."
        ).inValkey("yes"),
        Setting(
            "lazyfree-lazy-user-del", .flag, "no", "Whether DEL frees values later."
        ).inValkey("yes"),
        Setting(
            "lazyfree-lazy-user-flush", .flag, "no", "Whether FLUSHALL frees values later."
        ).inValkey("yes"),
        Setting(
            "activerehashing", .flag, "yes",
            "Whether a resize of the key table goes on while nobody asks for anything."),
        Setting(
            "jemalloc-bg-thread", .flag, "yes", "Whether the allocator tidies in the background."),
    ]

    static let structures: [Setting] = [
        Setting(
            "hash-max-listpack-entries", .integer(whole), "512",
            "The most fields of a hash in its small form."
        ).held(by: \.limits.hashEntries).alias("hash-max-ziplist-entries"),
        Setting(
            "hash-max-listpack-value", .memory(whole), "64",
            "The longest field or value of a hash in its small form."
        ).held(by: \.limits.hashValue).alias("hash-max-ziplist-value"),
        Setting(
            "list-max-listpack-size", .integer(Int64(Int32.min)...Int64(Int32.max)), "-2",
            "The size of a list's node: elements, or -1 to -5 for 4 kB to 64 kB."
        ).held(by: \.limits.listSize).alias("list-max-ziplist-size"),
        Setting(
            "list-compress-depth", .integer(natural), "0",
            "How many nodes at a list's ends stay uncompressed; 0 compresses none."),
        Setting(
            "set-max-intset-entries", .integer(whole), "512",
            "The most members of a set of integers in its small form."
        ).held(by: \.limits.integerSetEntries),
        Setting(
            "set-max-listpack-entries", .integer(whole), "128",
            "The most members of a set in its small form."
        ).held(by: \.limits.setEntries).only(.since72),
        Setting(
            "set-max-listpack-value", .memory(whole), "64",
            "The longest member of a set in its small form."
        ).held(by: \.limits.setValue).only(.since72),
        Setting(
            "zset-max-listpack-entries", .integer(whole), "128",
            "The most members of a sorted set in its small form."
        ).held(by: \.limits.sortedSetEntries).alias("zset-max-ziplist-entries"),
        Setting(
            "zset-max-listpack-value", .memory(whole), "64",
            "The longest member of a sorted set in its small form."
        ).held(by: \.limits.sortedSetValue).alias("zset-max-ziplist-value"),
        Setting(
            "hll-sparse-max-bytes", .memory(whole), "3000",
            "The largest HyperLogLog in its sparse form."),
        Setting(
            "stream-node-max-bytes", .memory(whole), "4096", "The largest node of a stream."),
        Setting(
            "stream-node-max-entries", .integer(whole), "100",
            "The most entries of a stream's node."),
    ]

    static let defragmentation: [Setting] = [
        Setting(
            "activedefrag", .flag, "no", "Whether values are moved to use memory better."
        ).refusing { value in
            value == .flag(true)
                ? """
                Active defragmentation cannot be enabled: it requires a Redis server compiled \
                with a modified Jemalloc like the one shipped by default with the Redis source \
                distribution
                """ : nil
        },
        Setting(
            "active-defrag-ignore-bytes", .memory(1...Int64.max), "100mb",
            "How much waste is let pass."),
        Setting(
            "active-defrag-threshold-lower", .integer(0...1000), "10",
            "Per cent of waste at which moving begins."),
        Setting(
            "active-defrag-threshold-upper", .integer(0...1000), "100",
            "Per cent of waste at which it is done with most effort."),
        Setting(
            "active-defrag-cycle-min", .integer(1...99), "1", "The least effort, in per cent."),
        Setting(
            "active-defrag-cycle-max", .integer(1...99), "25", "The most effort, in per cent."),
        Setting(
            "active-defrag-max-scan-fields", .integer(1...Int64.max), "1000",
            "The most fields of a value that are moved at once."),
    ]
}
