// What is told about memory, and about lookups.

extension ExplainCards {
    static let memory: [ExplainCard] = [
        ExplainCard(
            "used_memory", "Memory in use",
            meaning: """
                The bytes that the engine has taken for keys, values and its own tables. It is \
                what maxmemory bounds; what the system sees of the process (RSS) is another figure.
                """,
            source: "INFO used_memory, maxmemory", cloudWatch: "BytesUsedForCache",
            memcached: "bytes",
            normal: """
                A cache that is worth its money is nearly full. Without a bound (maxmemory 0) it \
                grows until the machine has no more.
                """,
            deeper: ["MEMORY STATS", "MEMORY USAGE key", "INFO memory"],
            remedy: """
                Times to live, smaller values, hashes instead of many small keys, or a larger node.
                """,
            question: "How would you size a cache for 10 million sessions of 1 KB each?"
        ) { $0.share("used_memory", of: "maxmemory") ?? $0.size("used_memory") },
        ExplainCard(
            "memory_share", "Memory, of its bound",
            meaning: "Memory in use, of maxmemory. At 100 % the policy decides what goes.",
            source: "INFO used_memory, maxmemory, maxmemory_policy",
            cloudWatch: "DatabaseMemoryUsagePercentage", memcached: "bytes, limit_maxbytes",
            normal: """
                Up to 80 % leaves room for bursts, for copies while saving and for buffers. A \
                cache with an eviction policy may stay at 100 %.
                """,
            deeper: ["CONFIG GET maxmemory*", "INFO memory", "MEMORY DOCTOR"],
            remedy: "Raise maxmemory, shorten times to live, or choose a policy that evicts.",
            question: "What happens on a write when memory is full under noeviction?"
        ) { $0.share("used_memory", of: "maxmemory") },
        ExplainCard(
            "memory_peak", "Peak memory",
            meaning: "The most memory that was ever in use since the start.",
            source: "INFO used_memory_peak, used_memory_peak_perc",
            normal: "Near the present use. A peak far above it was a burst: find out of what.",
            deeper: ["INFO memory", "MEMORY STATS", "CONFIG RESETSTAT"],
            remedy: "Look for what came then: a mass insertion, a large reply, a slow client.",
            question: "Why does RSS often stay at the peak when keys have gone?"
        ) { $0.share("used_memory", of: "used_memory_peak") },
        ExplainCard(
            "fragmentation", "Fragmentation",
            meaning: """
                Real memory of the process, divided by what the engine has taken. Above 1, the \
                allocator holds holes between values; below 1, the system has moved pages to disk.
                """,
            source: "INFO mem_fragmentation_ratio, used_memory_rss",
            cloudWatch: "MemoryFragmentationRatio",
            normal: """
                1.0 to 1.5. With little data the program itself outweighs it, and the figure \
                says nothing. Below 1.0 means swapping: act at once.
                """,
            deeper: ["MEMORY DOCTOR", "MEMORY PURGE", "INFO memory"],
            remedy: "MEMORY PURGE, active defragmentation, a restart of a replica, then failover.",
            question: "The ratio is 0.8. What has happened, and why is it urgent?"
        ) { figures in
            guard let resident = figures.size("used_memory_rss"),
                let used = figures.size("used_memory"),
                let ratio = figures.number("mem_fragmentation_ratio")
            else { return nil }
            return "\(resident) real / \(used) taken = \(LiveFigures.fixed(ratio, 2))"
        },
        ExplainCard(
            "overhead", "Data and overhead",
            meaning: """
                Overhead is what holds no data: tables of keys, buffers of connections, the \
                backlog for replicas, scripts. The rest is the dataset.
                """,
            source: "INFO used_memory_dataset, used_memory_overhead",
            normal: """
                Many tiny keys cost more in overhead than in data: some 50 to 90 bytes for each \
                key in Redis 7.
                """,
            deeper: ["MEMORY STATS", "CLIENT LIST", ":memkeys"],
            remedy: "Put small things together into hashes; bound the output buffers of clients.",
            question: "Why do a million hashes of ten fields need less than ten million keys?"
        ) { figures in
            guard let data = figures.size("used_memory_dataset"),
                let rest = figures.size("used_memory_overhead")
            else { return nil }
            return "\(data) data + \(rest) overhead"
        },
        ExplainCard(
            "client_memory", "Memory of connections",
            meaning: "Requests that are being read, and replies that were not taken yet.",
            source: "INFO mem_clients_normal",
            normal: "Some kilobytes each. Megabytes mean a client that does not read.",
            deeper: ["CLIENT LIST", "CONFIG GET client-output-buffer-limit", "INFO clients"],
            remedy: "client-output-buffer-limit and maxmemory-clients cut off the greedy.",
            question: "How can one slow subscriber bring a whole server down?"
        ) { $0.size("mem_clients_normal") },
    ]

    static let lookups: [ExplainCard] = [
        ExplainCard(
            "hit_rate", "Hit rate",
            meaning: """
                Of all lookups of keys, the share that found one. Writes do not count. INFO \
                counts since the start; a window shows what happens now.
                """,
            source: "INFO keyspace_hits, keyspace_misses", cloudWatch: "CacheHitRate",
            memcached: "get_hits, get_misses",
            normal: """
                AWS suggests about 80 % and more. What counts is what a miss costs: at 99 % the \
                database sees one request of a hundred, at 98 % twice as many.
                """,
            deeper: ["INFO stats", ":hotkeys", ":why key"],
            remedy: "More memory, longer times to live, LFU against scans, a warm start.",
            question: "Hit rate fell from 99 % to 98 %. Why does the database feel it twofold?"
        ) { $0.share("keyspace_hits", ofItAnd: "keyspace_misses", "hits", "misses") },
        ExplainCard(
            "misses", "Misses",
            meaning: "Lookups that found no key. With cache-aside each is a read of the database.",
            source: "INFO keyspace_misses", cloudWatch: "CacheMisses", memcached: "get_misses",
            normal: "Few and even. A spike at one moment is many keys that expired together.",
            deeper: [":why key", "INFO stats", "INFO keyspace"],
            remedy: "Spread times to live (jitter); let one caller reload while the others wait.",
            question: "What is a cache stampede, and which three ways avoid it?"
        ) { $0.count("keyspace_misses").map { "\($0) since the start" } },
        ExplainCard(
            "hot_keys", "Hot keys",
            meaning: "The keys that are asked for most. One shard serves each of them alone.",
            source: "the access sketch of a Larder node; OBJECT FREQ under an LFU policy",
            normal: "Some are always hotter. One with over 10 % of all lookups is a bottleneck.",
            deeper: [":hotkeys", "OBJECT FREQ key", "CLIENT TRACKING ON"],
            remedy: "Cache it in the client, read from replicas, or split it under several names.",
            question: "A cluster of ten shards is slow because of one key. What do you do?"
        ) { figures in
            guard let hits = figures.number("keyspace_hits"),
                let misses = figures.number("keyspace_misses")
            else { return nil }
            return "\(LiveFigures.grouped(hits + misses)) lookups in all"
        },
        ExplainCard(
            "big_keys", "Big keys",
            meaning: """
                The keys whose values take most memory. A command that reads or frees all of one \
                keeps every other client waiting.
                """,
            source: "the size table of a Larder node; MEMORY USAGE elsewhere",
            normal: "Under a megabyte; collections of some thousand elements.",
            deeper: [":bigkeys", "MEMORY USAGE key", "OBJECT ENCODING key"],
            remedy: "Split it; read it in parts (HSCAN, LRANGE); delete it with UNLINK.",
            question: "Why can DEL of one key stop a server for a second?"
        ) { $0.size("used_memory_dataset").map { "\($0) of data in all" } },
    ]
}
