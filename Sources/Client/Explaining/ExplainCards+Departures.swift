// What is told about how keys leave, and about the work of commands.

extension ExplainCards {
    static let departures: [ExplainCard] = [
        ExplainCard(
            "evictions", "Evictions",
            meaning: "Keys that were thrown out because memory was full, before their time.",
            source: "INFO evicted_keys", cloudWatch: "Evictions", memcached: "evictions",
            normal: """
                None while the data fits. Steady eviction is healthy where cold keys go; look \
                at the idle time of the victims: seconds mean that the cache is too small.
                """,
            deeper: ["CONFIG GET maxmemory-policy", ":why key", "INFO stats"],
            remedy: "More memory or nodes, shorter times to live, smaller values, another policy.",
            question: "Evictions rise and hit rate stays. Do you act?"
        ) { $0.count("evicted_keys").map { "\($0) since the start" } },
        ExplainCard(
            "policy", "Eviction policy",
            meaning: """
                Which key goes when memory is full: the one unused for longest (lru), used least \
                often (lfu), nearest its end (ttl), or any (random); of all keys, or only of \
                those with a time to live (volatile). noeviction refuses writes instead.
                """,
            source: "INFO maxmemory_policy",
            normal: "allkeys-lru or allkeys-lfu for a cache; volatile-* where some keys must stay.",
            deeper: ["CONFIG GET maxmemory-policy", "OBJECT IDLETIME key", "OBJECT FREQ key"],
            remedy: "LFU where scans push out the hot keys; LRU where what is hot changes fast.",
            question: "Why does LRU lose against LFU when a nightly report reads every key once?"
        ) { $0.text("maxmemory_policy") },
        ExplainCard(
            "victim_idle", "Idle time of the victims",
            meaning: "How long an evicted key had not been used. It says how deep eviction cuts.",
            source: "the departures of a Larder node",
            normal: "Hours or minutes. Seconds mean that keys go before they are used again.",
            deeper: [":why key", "OBJECT IDLETIME key", "INFO stats"],
            remedy: "As for evictions: room, or fewer keys.",
            question: "How would you tell from the victims that a cache is too small?"
        ) { $0.count("evicted_keys").map { "\($0) evicted since the start" } },
        ExplainCard(
            "expirations", "Expirations",
            meaning: """
                Keys that went because their time to live was over: found dead when asked for, \
                or by the walk that looks for them ten times a second.
                """,
            source: "INFO expired_keys", cloudWatch: "Reclaimed", memcached: "reclaimed",
            normal: "As many as are written with a time to live, a while later.",
            deeper: ["TTL key", "INFO stats", "INFO keyspace"],
            remedy: "Waves of it are keys with one and the same TTL: add some chance to each.",
            question: "When exactly does a key with EX 60 leave memory?"
        ) { $0.count("expired_keys").map { "\($0) since the start" } },
        ExplainCard(
            "stale_share", "Dead keys not yet removed",
            meaning: "An estimate of the keys whose time is over and whose memory is still taken.",
            source: "INFO expired_stale_perc",
            normal: "Under 10 %; the expiry walk works harder above that.",
            deeper: ["INFO stats", "CONFIG GET active-expire-effort", "DBSIZE"],
            remedy: "Raise active-expire-effort, or spread the times to live.",
            question: "Why may DBSIZE count keys that no GET can find?"
        ) { $0.text("expired_stale_perc").map { "\($0) %" } },
        ExplainCard(
            "keys", "Keys",
            meaning: "All keys of all databases, and how many of them have a time to live.",
            source: "INFO keyspace; DBSIZE", cloudWatch: "CurrItems, CurrVolatileItems",
            memcached: "curr_items",
            normal: "In a cache nearly all keys have a time to live.",
            deeper: ["INFO keyspace", "SCAN 0", "DBSIZE"],
            remedy: "Keys without TTL under a volatile-* policy never go: EXPIRE them.",
            question: "Which policy fills memory for ever when no key has a TTL?"
        ) { figures in
            guard let keys = figures.keys else { return nil }
            let expiring = LiveFigures.grouped(Double(keys.expiring))
            return "\(LiveFigures.grouped(Double(keys.all))) keys, \(expiring) with a TTL"
        },
    ]

    static let work: [ExplainCard] = [
        ExplainCard(
            "ops", "Commands a second",
            meaning: "Commands that were run, of all connections together.",
            source: "INFO total_commands_processed", cloudWatch: "GetTypeCmds, SetTypeCmds",
            memcached: "cmd_get, cmd_set",
            normal: """
                One core does about 100,000 a second of single requests and over a million when \
                they are pipelined; mostly the network is the bound.
                """,
            deeper: ["INFO commandstats", "SLOWLOG GET", "larder bench"],
            remedy: "Pipelining, MGET instead of GETs, replicas for reads, shards for writes.",
            question: "Why does pipelining help when the server was not busy at all?"
        ) { $0.count("total_commands_processed").map { "\($0) since the start" } },
        ExplainCard(
            "latency", "Latency of commands",
            meaning: """
                How long commands ran inside the engine. p99 is what the slowest of a hundred \
                took. Waiting in line and the network come on top.
                """,
            source: "LATENCY HISTOGRAM; INFO latencystats",
            cloudWatch: "SuccessfulReadRequestLatency, SuccessfulWriteRequestLatency",
            normal: "GET and SET some microseconds; 100 µs and more is a large value or O(N).",
            deeper: ["LATENCY HISTOGRAM", "SLOWLOG GET", "LATENCY DOCTOR"],
            remedy: "Find the O(N) command (KEYS, SMEMBERS, a long LRANGE); SCAN; smaller values.",
            question: "The mean is 0.2 ms and p99 is 200 ms. Who notices?"
        ) { figures in
            guard let calls = figures.count("total_commands_processed") else { return nil }
            return "over \(calls) commands since the start"
        },
        ExplainCard(
            "slowlog", "Slow commands",
            meaning: "Commands that ran longer than slowlog-log-slower-than, with their arguments.",
            source: "SLOWLOG GET; COMMANDLOG GET on Valkey 8.1",
            normal: "Empty, or the same few reports at night.",
            deeper: ["SLOWLOG GET 10", "CONFIG GET slowlog*", "LATENCY HISTORY command"],
            remedy: "Replace O(N) on large keys; move reports to a replica.",
            question: "A command took 2 ms by the slow log and 50 ms for the client. Where are 48?"
        ) { $0.text("slowlog_len").map { "\($0) entries" } ?? "ask SLOWLOG LEN" },
        ExplainCard(
            "network", "Bytes in and out",
            meaning: "What came from clients and what was sent to them.",
            source: "INFO total_net_input_bytes, total_net_output_bytes",
            cloudWatch: "NetworkBytesIn, NetworkBytesOut", memcached: "bytes_read, bytes_written",
            normal: "Far below what the node's network carries; output is often ten times input.",
            deeper: ["INFO stats", ":bigkeys", "CLIENT LIST"],
            remedy: "Smaller values, compression in the client, HMGET instead of HGETALL.",
            question: "CPU is idle and throughput is flat. What is full?"
        ) { figures in
            guard let input = figures.size("total_net_input_bytes"),
                let output = figures.size("total_net_output_bytes")
            else { return nil }
            return "\(input) in, \(output) out since the start"
        },
        ExplainCard(
            "errors", "Errors",
            meaning: "Error replies: wrong types, refused writes, unknown commands.",
            source: "INFO total_error_replies, errorstats",
            cloudWatch: "AuthenticationFailures, CommandAuthorizationFailures",
            normal: "Next to none. WRONGTYPE and OOM are bugs or a full cache.",
            deeper: ["INFO errorstats", "INFO commandstats", ":explain OOM"],
            remedy: "Read the code word: :explain CODE tells what it means and what helps.",
            question: "What does MISCONF tell you about a disk?"
        ) { $0.count("total_error_replies").map { "\($0) since the start" } },
    ]
}
