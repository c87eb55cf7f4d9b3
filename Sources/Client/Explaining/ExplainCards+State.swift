// What is told about connections and messages, and about replicas, files and the processor.

extension ExplainCards {
    static let links: [ExplainCard] = [
        ExplainCard(
            "clients", "Connections",
            meaning: "Clients that are connected now, this one included.",
            source: "INFO connected_clients, maxclients", cloudWatch: "CurrConnections",
            memcached: "curr_connections",
            normal: "A steady number, that of the pools of the applications.",
            deeper: ["CLIENT LIST", "INFO clients", "CONFIG GET maxclients"],
            remedy: "Pool connections; timeout closes idle ones; look for leaks by name and age.",
            question: "Why is a new connection for each request slow, above all with TLS?"
        ) { figures in
            guard let open = figures.count("connected_clients") else { return nil }
            return figures.count("maxclients").map { "\(open) of at most \($0)" } ?? open
        },
        ExplainCard(
            "new_connections", "New connections",
            meaning: "Connections that were taken in.",
            source: "INFO total_connections_received", cloudWatch: "NewConnections",
            memcached: "total_connections",
            normal: "A few a minute with pools. Hundreds a second mean that there is no pool.",
            deeper: ["CLIENT LIST", "INFO stats", "CONFIG GET timeout"],
            remedy: "Keep connections open; back off with some chance after a failure.",
            question: "After a failover thousands of clients connect at once. What helps?"
        ) { $0.count("total_connections_received").map { "\($0) since the start" } },
        ExplainCard(
            "rejected_connections", "Refused connections",
            meaning: "Connections that were turned away because maxclients was reached.",
            source: "INFO rejected_connections", memcached: "rejected_connections",
            normal: "None.",
            deeper: ["CONFIG GET maxclients", "CLIENT LIST", "INFO clients"],
            remedy: "Find who leaks connections; then raise maxclients and the limit of files.",
            question: "What does a client see when maxclients is reached?"
        ) { $0.count("rejected_connections").map { "\($0) since the start" } },
        ExplainCard(
            "blocked_clients", "Waiting clients",
            meaning: "Clients inside BLPOP, BZPOPMIN, WAIT and the like.",
            source: "INFO blocked_clients",
            normal: "As many as there are idle workers of queues.",
            deeper: ["CLIENT LIST", "LLEN queue", "CLIENT UNBLOCK id"],
            remedy: "Waiting costs nothing. A long list and nobody waiting lacks workers.",
            question: "How do blocking pops share the work fairly among workers?"
        ) { $0.count("blocked_clients") },
        ExplainCard(
            "channels", "Channels",
            meaning: "Channels with at least one subscriber. A message to no one is gone.",
            source: "INFO pubsub_channels, pubsub_patterns",
            normal: "As many as the applications use; patterns cost a look for every message.",
            deeper: ["PUBSUB CHANNELS", "PUBSUB NUMSUB channel", "PUBSUB NUMPAT"],
            remedy: "Where messages must not be lost use a stream or a list instead.",
            question: "A subscriber was away for a second. What did it miss? What would keep it?"
        ) { figures in
            guard let channels = figures.count("pubsub_channels"),
                let patterns = figures.count("pubsub_patterns")
            else { return nil }
            return "\(channels) channels, \(patterns) patterns"
        },
        ExplainCard(
            "messages", "Messages",
            meaning: "Messages that were published; each goes to every subscriber at once.",
            source: "INFO commandstats, cmdstat_publish",
            normal: "What one core can copy: receivers times size is what it costs.",
            deeper: ["PUBSUB NUMSUB channel", "INFO commandstats", "CLIENT LIST TYPE pubsub"],
            remedy: "Sharded channels (SPUBLISH) in a cluster; fewer receivers; smaller messages.",
            question: "Why does PUBLISH get slower with the number of subscribers?"
        ) { figures in
            figures.text("cmdstat_publish").flatMap { text in
                text.split(separator: ",").first.map { String($0) }
            } ?? "none was published"
        },
        ExplainCard(
            "board", "A board",
            meaning: """
                A sorted set: members by score, then by their bytes. Rank and neighbours take \
                O(log N), so a board of millions answers as fast as one of ten.
                """,
            source: "ZRANGE key 0 9 REV WITHSCORES",
            normal: "Microseconds for ZADD, ZINCRBY and ZREVRANK at any size.",
            deeper: ["ZREVRANK key member", "ZRANGE key 0 9 REV WITHSCORES", "ZCARD key"],
            remedy: "Ties go by name: put a time into the score's fraction where the first wins.",
            question: "Why a sorted set, and not ORDER BY score LIMIT 10 in the database?"
        ) { _ in "arrows compare the rank with that of ten seconds ago" },
    ]

    static let state: [ExplainCard] = [
        ExplainCard(
            "replication_lag", "Replication lag",
            meaning: "How far a replica is behind its primary, in seconds and in bytes.",
            source: "INFO replication: master_repl_offset, slave0",
            cloudWatch: "ReplicationLag, ReplicationBytes",
            normal: "Under a second. What was not yet sent is lost in a failover.",
            deeper: ["INFO replication", "WAIT 1 100", "ROLE"],
            remedy: "A larger backlog and output buffer for replicas, a faster network.",
            question: "Can an acknowledged write be lost? What does WAIT change?"
        ) { figures in
            guard let role = figures.text("role") else { return nil }
            return "role \(role), \(figures.count("connected_slaves") ?? "0") replicas"
        },
        ExplainCard(
            "link", "Link to the primary",
            meaning: "Whether a replica hears its primary.",
            source: "INFO master_link_status", cloudWatch: "MasterLinkHealthStatus",
            normal: "up. While it is down the replica's data grow old.",
            deeper: ["INFO replication", "ROLE", "CONFIG GET replica-serve-stale-data"],
            remedy: "The network, the primary's password, the replica output buffer limit.",
            question: "What may a replica answer while it has lost its primary?"
        ) { $0.text("master_link_status") ?? "this node follows no other" },
        ExplainCard(
            "snapshot", "Snapshots",
            meaning: "Files with all data at one moment (RDB). What came later is not in them.",
            source: "INFO rdb_changes_since_last_save, rdb_last_bgsave_status",
            cloudWatch: "SaveInProgress",
            normal: "ok, and as old as you can bear to lose.",
            deeper: ["INFO persistence", "LASTSAVE", "CONFIG GET save"],
            remedy: "Free memory for the copy while saving; save on a replica.",
            question: "Why can a snapshot need up to twice the memory?"
        ) { $0.count("rdb_changes_since_last_save").map { "\($0) changes not saved" } },
        ExplainCard(
            "log", "Append-only log",
            meaning: "A file of every write, played again at the start (AOF).",
            source: "INFO aof_enabled, aof_last_write_status",
            normal: "everysec loses at most about a second; always costs a disk write a turn.",
            deeper: ["INFO persistence", "CONFIG GET appendfsync", "BGREWRITEAOF"],
            remedy: "A faster disk; rewrite it when it has grown.",
            question: "RDB, AOF or both: what do you lose with each?"
        ) { figures in
            figures.text("aof_enabled").map { $0 == "1" ? "on" : "off" }
        },
        ExplainCard(
            "cpu", "Processor",
            meaning: "Time that the engine's process has used; commands run on one core.",
            source: "INFO used_cpu_user, used_cpu_sys", cloudWatch: "EngineCPUUtilization",
            memcached: "rusage_user, rusage_system",
            normal: "Up to 80 % of one core. A machine of eight cores is full at 12 %.",
            deeper: ["INFO cpu", "INFO commandstats", "SLOWLOG GET"],
            remedy: "Remove O(N) commands, pipeline, shard. More cores do not help one shard.",
            question: "CPUUtilization shows 15 % on eight cores and clients wait. Why?"
        ) { figures in
            guard let user = figures.text("used_cpu_user"),
                let system = figures.text("used_cpu_sys")
            else { return nil }
            return "\(user) s own, \(system) s in the system"
        },
        ExplainCard(
            "uptime", "Uptime",
            meaning: "How long the engine has run. A short one explains a cold cache.",
            source: "INFO uptime_in_seconds", memcached: "uptime",
            normal: "Since the last maintenance.",
            deeper: ["INFO server", "LASTSAVE", "INFO persistence"],
            remedy: "After a restart warm the cache before all traffic comes.",
            question: "The cache restarts empty at noon. What happens to the database?"
        ) { figures in
            figures.number("uptime_in_seconds").map { Units.duration(seconds: Int64($0)) }
        },
    ]
}
