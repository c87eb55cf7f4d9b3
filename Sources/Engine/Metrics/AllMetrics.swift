import Bytes
import Grammar
import Structures

/// Every measure, in the order of INFO. The sections whose lines depend on what has happened
/// (commands, errors, databases) are written by `Store+Info`.
public enum AllMetrics {
    /// All measures of all flavours.
    public static let list: [Metric] =
        server + clients + memory + persistence + stats + replication + cpu + cluster

    // MARK: Server

    private static let server: [Metric] = [
        Metric("redis_version", .server, .fact, "The Redis version to go by.") {
            .text($0.settings.flavour.redisVersion)
        }.in(.text),
        Metric("server_name", .server, .fact, "Which server it is.") {
            .text($0.settings.flavour.serverName)
        }.in(.text).only(.valkey80),
        Metric("valkey_version", .server, .fact, "The server's own version.") {
            .text($0.settings.flavour.version)
        }.in(.text).only(.valkey80),
        .fixed(
            "redis_git_sha1", .server, .text("00000000"), "The commit it was built from.", .build
        ).in(.text),
        .fixed("redis_git_dirty", .server, .integer(0), "Whether that was changed.", .build)
            .in(.flag),
        .fixed(
            "redis_build_id", .server, .text("0000000000000000"), "Tells builds from each other.",
            .build
        ).in(.text),
        Metric("redis_mode", .server, .fact, "Alone, or in a cluster.") { _ in
            .text("standalone")
        }.in(.text).only([.redis70, .redis72]),
        Metric("server_mode", .server, .fact, "Alone, or in a cluster.") { _ in
            .text("standalone")
        }.in(.text).only(.valkey80),
        Metric("os", .server, .fact, "The system.") { .text($0.hostFacts.system) }.in(.text),
        Metric("arch_bits", .server, .fact, "Bits of an address.") {
            .integer($0.hostFacts.addressBits)
        },
        .fixed(
            "monotonic_clock", .server, .text("POSIX clock_gettime"), "Where durations come from.",
            .build
        ).in(.text),
        Metric("multiplexing_api", .server, .fact, "How sockets are waited for.") {
            .text($0.hostFacts.multiplexing)
        }.in(.text),
        .fixed(
            "atomicvar_api", .server, .text("c11-builtin"), "How threads share counters.", .build
        ).in(.text),
        .fixed("gcc_version", .server, .text("0.0.0"), "The C compiler; there was none.", .build)
            .in(.text),
        Metric("process_id", .server, .fact, "The process's number.") {
            .integer($0.hostFacts.processID)
        },
        Metric("process_supervised", .server, .fact, "Who supervises the process.") {
            .text($0.settingText("supervised"))
        }.in(.text),
        Metric("run_id", .server, .fact, "Tells this run from others.") { .text($0.runID) }.in(
            .text),
        Metric("tcp_port", .server, .fact, "The port that is listened on.") {
            .integer($0.hostFacts.port != 0 ? $0.hostFacts.port : $0.settings.port)
        },
        Metric("server_time_usec", .server, .gauge, "The time, in microseconds since 1970.") {
            .integer(Int($0.now.wall.milliseconds * 1000 + $0.now.microseconds))
        }.in(.time),
        Metric("uptime_in_seconds", .server, .gauge, "Seconds since the start.") {
            .integer($0.uptime)
        }.in(.seconds),
        Metric("uptime_in_days", .server, .gauge, "Days since the start.") {
            .integer($0.uptime / 86_400)
        }.in(.days),
        Metric("hz", .server, .gauge, "How often regular work is done, a second.") {
            .integer($0.settings.hertz)
        }.in(.perSecond),
        Metric("configured_hz", .server, .fact, "How often it is set to be done.") {
            .integer($0.settings.hertz)
        }.in(.perSecond),
        Metric("lru_clock", .server, .gauge, "The clock that keys' use is noted by.") {
            .integer(Int($0.accessClock.second))
        }.in(.date),
        Metric("executable", .server, .fact, "The program.") { .text($0.hostFacts.executable) }.in(
            .text),
        Metric("config_file", .server, .fact, "The configuration file.") {
            .text($0.hostFacts.configFile)
        }.in(.text),
        .none("io_threads_active", .server, "Whether several threads serve sockets.", .threads)
            .in(.flag),
        Metric("availability_zone", .server, .fact, "The zone that the node runs in.") {
            .text($0.settingText("availability-zone"))
        }.in(.text).only(.valkey80),
    ]

    // MARK: Clients

    private static let clients: [Metric] = [
        Metric("connected_clients", .clients, .gauge, "Connections.") {
            .integer($0.statistics.openSessions)
        }.inCloudWatch(as: "CurrConnections"),
        .none(
            "cluster_connections", .clients, "Connections between the cluster's nodes.", .cluster),
        Metric("maxclients", .clients, .fact, "The most connections at a time.") {
            .integer($0.settings.maximumClients)
        },
        Metric(
            "client_recent_max_input_buffer", .clients, .gauge,
            "The most bytes of requests that a connection has waiting."
        ) { .integer($0.largest { $0.pendingInput }) }.in(.bytes),
        Metric(
            "client_recent_max_output_buffer", .clients, .gauge,
            "The most bytes of replies that wait for a connection."
        ) { .integer($0.largest { $0.pendingOutput }) }.in(.bytes),
        Metric("blocked_clients", .clients, .gauge, "Connections that wait for something.") {
            .integer($0.blockedSessions)
        },
        Metric("tracking_clients", .clients, .gauge, "Connections that cache.") {
            .integer($0.tracking.sessionCount)
        },
        Metric("pubsub_clients", .clients, .gauge, "Connections that are subscribed.") {
            .integer($0.count { $0.restraints.contains(.subscribed) })
        }.only(.valkey80),
        Metric("watching_clients", .clients, .gauge, "Connections that watch keys.") {
            .integer($0.count { !$0.watched.isEmpty })
        }.only(.valkey80),
        Metric(
            "clients_in_timeout_table", .clients, .gauge, "Connections that wait for some time."
        ) { .integer($0.timedSessions) },
        Metric("total_watched_keys", .clients, .gauge, "Keys that transactions watch.") {
            .integer($0.watchers.count)
        }.only(.valkey80),
        Metric("total_blocking_keys", .clients, .gauge, "Keys that connections wait for.") {
            .integer($0.waiters.count)
        }.only(.since72),
        .none(
            "total_blocking_keys_on_nokey", .clients,
            "Keys that connections wait for to go away.", .streams
        ).only(.since72),
    ]

    // MARK: Replication, processor, cluster

    private static let replication: [Metric] = [
        .fixed("role", .replication, .text("master"), "Primary or replica.", .replicas).in(.text)
            .inCloudWatch(as: "IsMaster"),
        .none("connected_slaves", .replication, "Replicas.", .replicas),
        .none("replicas_waiting_psync", .replication, "Replicas that are being filled.", .replicas)
            .only(.valkey80),
        .fixed(
            "master_failover_state", .replication, .text("no-failover"),
            "Whether the primary is handing over.", .replicas
        ).in(.text),
        Metric("master_replid", .replication, .fact, "Names the history of changes.") {
            .text($0.historyID)
        }.in(.text),
        .fixed(
            "master_replid2", .replication, .text(String(repeating: "0", count: 40)),
            "The history before that.", .replicas
        ).in(.text),
        .none("master_repl_offset", .replication, "Bytes of changes so far.", .replicas).in(.bytes)
            .inCloudWatch(as: "ReplicationBytes"),
        .fixed(
            "second_repl_offset", .replication, .integer(-1), "Where the older history ended.",
            .replicas
        ).in(.bytes),
        .none(
            "repl_backlog_active", .replication, "Whether changes are kept for replicas.", .replicas
        ).in(.flag),
        Metric("repl_backlog_size", .replication, .fact, "How many bytes of them.") {
            .text($0.settingText("repl-backlog-size"))
        }.in(.bytes),
        .none("repl_backlog_first_byte_offset", .replication, "Where they begin.", .replicas)
            .in(.bytes),
        .none("repl_backlog_histlen", .replication, "How many there are.", .replicas).in(.bytes),
    ]

    private static let cpu: [Metric] = [
        Metric("used_cpu_sys", .cpu, .counter, "Seconds in the system.") {
            .fixed($0.hostFacts.systemTime, 6)
        }.in(.seconds),
        Metric("used_cpu_user", .cpu, .counter, "Seconds in the program.") {
            .fixed($0.hostFacts.userTime, 6)
        }.in(.seconds),
        .fixed(
            "used_cpu_sys_children", .cpu, .fixed(0, 6), "Seconds of children in the system.",
            .children
        ).in(.seconds),
        .fixed("used_cpu_user_children", .cpu, .fixed(0, 6), "Seconds of children.", .children)
            .in(.seconds),
        Metric("used_cpu_sys_main_thread", .cpu, .counter, "Seconds of the node in the system.") {
            .fixed($0.hostFacts.threadSystemTime, 6)
        }.in(.seconds),
        Metric("used_cpu_user_main_thread", .cpu, .counter, "Seconds of the node's thread.") {
            .fixed($0.hostFacts.threadUserTime, 6)
        }.in(.seconds).inCloudWatch(as: "EngineCPUUtilization"),
    ]

    private static let cluster: [Metric] = [
        .none("cluster_enabled", .cluster, "Whether the node is part of a cluster.", .cluster)
            .in(.flag)
    ]
}
