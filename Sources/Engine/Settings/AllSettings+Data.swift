import Grammar

// Settings about files, replicas and the cluster.

extension AllSettings {
    static let persistence: [Setting] = [
        Setting(
            "save", .special(Setting.readSave), "3600 1 300 100 60 10000",
            "When to save by itself: pairs of seconds and changes within them."
        ).severalWords,
        Setting(
            "dbfilename", .special(Setting.readFileName("dbfilename", "filename")), "dump.rdb",
            "The file of the data."
        ).whenUnprotected,
        Setting(
            "rdbcompression", .flag, "yes", "Whether long strings are compressed in files and DUMP."
        ).held(by: \.compressesStrings),
        Setting("rdbchecksum", .flag, "yes", "Whether the file ends in a checksum.").atStart,
        Setting(
            "rdb-save-incremental-fsync", .flag, "yes",
            "Whether the file is brought to the disk bit by bit."),
        Setting(
            "rdb-del-sync-files", .flag, "no",
            "Whether files that only served replicas are removed."),
        Setting(
            "stop-writes-on-bgsave-error", .flag, "yes",
            "Whether writes are refused when saving has failed."),
        Setting(
            "sanitize-dump-payload", .choice(["no", "yes", "clients"]), "no",
            "Whether values are checked deeply when they are loaded."),
    ]

    static let appendOnly: [Setting] = [
        Setting("appendonly", .flag, "no", "Whether each change is written to a log."),
        Setting(
            "appendfilename", .special(Setting.readFileName("appendfilename", "filename")),
            "appendonly.aof", "How the files of the log begin."
        ).atStart,
        Setting(
            "appenddirname", .special(Setting.readFileName("appenddirname", "dirname")),
            "appendonlydir", "The directory of the log."
        ).atStart,
        Setting(
            "appendfsync", .choice(["everysec", "always", "no"]), "everysec",
            "When the log is brought to the disk."),
        Setting(
            "no-appendfsync-on-rewrite", .flag, "no",
            "Whether the disk is left alone while the log is rewritten."),
        Setting(
            "auto-aof-rewrite-percentage", .integer(natural), "100",
            "Growth in per cent at which the log is rewritten; 0 is never."),
        Setting(
            "auto-aof-rewrite-min-size", .memory(whole), "64mb",
            "The least size of a log that is rewritten."),
        Setting(
            "aof-load-truncated", .flag, "yes", "Whether a log that breaks off is loaded."),
        Setting(
            "aof-use-rdb-preamble", .flag, "yes", "Whether a rewritten log begins with a file."),
        Setting("aof-timestamp-enabled", .flag, "no", "Whether the log notes the time."),
        Setting(
            "aof-rewrite-incremental-fsync", .flag, "yes",
            "Whether a rewritten log is brought to the disk bit by bit."),
        Setting(
            "aof-disable-auto-gc", .flag, "no", "Whether old files of the log are left alone."),
    ]

    static let replication: [Setting] = [
        Setting(
            "replicaof", .special(Setting.readReplicaOf), "", "The primary's host and port."
        ).alias("slaveof").severalWords.atStart,
        Setting("masteruser", .text, "", "The user to be at the primary.").secret,
        Setting("masterauth", .text, "", "The password for the primary.").secret
            .binary,
        Setting(
            "replica-serve-stale-data", .flag, "yes",
            "Whether a replica answers while it has lost its primary."
        ).alias("slave-serve-stale-data"),
        Setting(
            "replica-read-only", .flag, "yes", "Whether a replica refuses writes."
        ).alias("slave-read-only"),
        Setting(
            "replica-announced", .flag, "yes", "Whether the sentinels tell of this replica."),
        Setting(
            "replica-announce-ip", .text, "", "The address that a replica gives its primary."
        ).alias("slave-announce-ip"),
        Setting(
            "replica-announce-port", .integer(portNumber), "0",
            "The port that a replica gives its primary."
        ).alias("slave-announce-port"),
        Setting(
            "replica-priority", .integer(natural), "100",
            "How soon a replica is promoted, the lowest first; 0 is never."
        ).alias("slave-priority"),
        Setting(
            "replica-ignore-maxmemory", .flag, "yes",
            "Whether a replica leaves eviction to its primary."
        ).alias("slave-ignore-maxmemory"),
        Setting(
            "replica-lazy-flush", .flag, "no",
            "Whether a replica frees its old data in the background."
        ).alias("slave-lazy-flush").inValkey("yes"),
        Setting(
            "replica-ignore-disk-write-errors", .flag, "no",
            "Whether a replica goes on when its disk fails."),
        Setting(
            "repl-timeout", .integer(positive), "60",
            "Seconds of silence after which the other side is given up."),
        Setting(
            "repl-ping-replica-period", .integer(positive), "10",
            "Seconds between signs of life to replicas."
        ).alias("repl-ping-slave-period"),
        Setting(
            "repl-backlog-size", .memory(1...Int64.max), "1mb",
            "How much of the stream is kept for replicas that come back."
        ).clamped { max($0, 16_384) }.inValkey("10mb"),
        Setting(
            "repl-backlog-ttl", .integer(whole), "3600",
            "Seconds without replicas after which that is freed."),
        Setting(
            "repl-disable-tcp-nodelay", .flag, "no",
            "Whether the stream waits to fill packets."),
        Setting(
            "repl-diskless-sync", .flag, "yes", "Whether replicas get the data without a file."),
        Setting(
            "repl-diskless-sync-delay", .integer(natural), "5",
            "Seconds to wait for more replicas before it is sent."),
        Setting(
            "repl-diskless-sync-max-replicas", .integer(natural), "0",
            "Replicas that end that wait; 0 is never."),
        Setting(
            "repl-diskless-load", .choice(["disabled", "on-empty-db", "swapdb"]), "disabled",
            "Whether a replica loads the data without a file."),
        Setting(
            "dual-channel-replication-enabled", .flag, "no",
            "Whether data and stream come to a replica side by side."
        ).only(.valkey80),
        Setting(
            "min-replicas-to-write", .integer(natural), "0",
            "Replicas without which writes are refused."
        ).alias("min-slaves-to-write"),
        Setting(
            "min-replicas-max-lag", .integer(natural), "10",
            "Seconds of silence after which a replica does not count for that."
        ).alias("min-slaves-max-lag"),
        Setting(
            "propagation-error-behavior", .choice(["ignore", "panic", "panic-on-replicas"]),
            "ignore", "What to do when a replicated command fails."),
    ]

    static let cluster: [Setting] = [
        Setting("cluster-enabled", .flag, "no", "Whether the node is part of a cluster.").atStart,
        Setting(
            "cluster-config-file", .text, "nodes.conf", "The file that the cluster keeps."
        ).atStart,
        Setting(
            "cluster-port", .integer(portNumber), "0",
            "The port of the cluster's bus; 0 is ten thousand above the other."
        ).atStart,
        Setting(
            "cluster-node-timeout", .integer(whole), "15000",
            "Milliseconds of silence after which a node is taken to be down."),
        Setting(
            "cluster-migration-barrier", .integer(natural), "1",
            "Replicas that must stay with a primary when one leaves."),
        Setting(
            "cluster-allow-replica-migration", .flag, "yes",
            "Whether a replica moves to a primary that has none."),
        Setting(
            "cluster-replica-validity-factor", .integer(natural), "10",
            "How far behind a replica may be to be promoted."
        ).alias("cluster-slave-validity-factor"),
        Setting(
            "cluster-replica-no-failover", .flag, "no", "Whether this replica stays one."
        ).alias("cluster-slave-no-failover"),
        Setting(
            "cluster-require-full-coverage", .flag, "yes",
            "Whether the cluster stops when a slot is without a node."),
        Setting(
            "cluster-allow-reads-when-down", .flag, "no",
            "Whether reads are answered while the cluster is down."),
        Setting(
            "cluster-allow-pubsubshard-when-down", .flag, "yes",
            "Whether sharded messages go on while the cluster is down."),
        Setting(
            "cluster-link-sendbuf-limit", .unsignedMemory, "0",
            "The most bytes that may wait for another node; 0 is no bound."),
        Setting("cluster-announce-ip", .text, "", "The address told to other nodes."),
        Setting(
            "cluster-announce-port", .integer(portNumber), "0", "The port told to other nodes."),
        Setting(
            "cluster-announce-bus-port", .integer(portNumber), "0",
            "The port of the bus told to other nodes."),
        Setting(
            "cluster-announce-tls-port", .integer(portNumber), "0",
            "The TLS port told to other nodes."),
        Setting(
            "cluster-announce-hostname", .special(Setting.readHostName), "",
            "The host's name told to other nodes."),
        Setting(
            "cluster-announce-human-nodename", .text, "", "The node's name for people."
        ).only(.since72),
        Setting(
            "cluster-preferred-endpoint-type",
            .choice(["ip", "hostname", "unknown-endpoint"]), "ip",
            "What clients are sent to: an address or a name."),
        Setting(
            "cluster-blacklist-ttl", .integer(natural), "60",
            "Seconds for which a forgotten node stays out."
        ).only(.valkey80),
        Setting(
            "cluster-slot-stats-enabled", .flag, "no", "Whether use is counted by slot."
        ).only(.valkey80),
    ]
}
