import Bytes
import Grammar
import Structures

// What is counted, and the state of files, which a node keeps without.

extension AllMetrics {
    static let persistence: [Metric] = [
        .none("loading", .persistence, "Whether data is being loaded.", .files).in(.flag),
        .none("async_loading", .persistence, "Whether a replica loads beside its old data.", .files)
            .in(.flag),
        .none("current_cow_peak", .persistence, "The most bytes copied by a child.", .children)
            .in(.bytes),
        .none("current_cow_size", .persistence, "Bytes copied by a child.", .children).in(.bytes),
        .none("current_cow_size_age", .persistence, "How old that number is.", .children)
            .in(.seconds),
        .fixed("current_fork_perc", .persistence, .fixed(0, 2), "How far a child is.", .children)
            .in(.percent),
        .none("current_save_keys_processed", .persistence, "Keys saved so far.", .files),
        .none("current_save_keys_total", .persistence, "Keys to be saved.", .files),
        Metric("rdb_changes_since_last_save", .persistence, .gauge, "Changes not yet saved.") {
            .integer($0.dirty)
        },
        .none("rdb_bgsave_in_progress", .persistence, "Whether data is being saved.", .files)
            .in(.flag).inCloudWatch(as: "SaveInProgress"),
        Metric("rdb_last_save_time", .persistence, .gauge, "When data was last saved.") {
            .integer(Int($0.startedAt.wall.milliseconds / 1000))
        }.in(.date),
        .fixed("rdb_last_bgsave_status", .persistence, .text("ok"), "How that went.", .files)
            .in(.text),
        .fixed("rdb_last_bgsave_time_sec", .persistence, .integer(-1), "How long it took.", .files)
            .in(.seconds),
        .fixed(
            "rdb_current_bgsave_time_sec", .persistence, .integer(-1), "How long so far.", .files
        ).in(.seconds),
        .none("rdb_saves", .persistence, "How often data was saved.", .files),
        .none("rdb_last_cow_size", .persistence, "Bytes copied while saving.", .children)
            .in(.bytes),
        .none("rdb_last_load_keys_expired", .persistence, "Keys too old to be loaded.", .files),
        .none("rdb_last_load_keys_loaded", .persistence, "Keys loaded.", .files),
        .none("aof_enabled", .persistence, "Whether changes are logged.", .files).in(.flag),
        .none(
            "aof_rewrite_in_progress", .persistence, "Whether the log is being rewritten.", .files
        ).in(.flag),
        .none("aof_rewrite_scheduled", .persistence, "Whether it will be.", .files).in(.flag),
        .fixed(
            "aof_last_rewrite_time_sec", .persistence, .integer(-1), "How long that took.", .files
        ).in(.seconds),
        .fixed(
            "aof_current_rewrite_time_sec", .persistence, .integer(-1), "How long so far.", .files
        ).in(.seconds),
        .fixed("aof_last_bgrewrite_status", .persistence, .text("ok"), "How that went.", .files)
            .in(.text),
        .none("aof_rewrites", .persistence, "How often it was rewritten.", .files),
        .none("aof_rewrites_consecutive_failures", .persistence, "Failures in a row.", .files),
        .fixed(
            "aof_last_write_status", .persistence, .text("ok"), "How the last write went.", .files
        ).in(.text),
        .none("aof_last_cow_size", .persistence, "Bytes copied while rewriting.", .children)
            .in(.bytes),
        .none("module_fork_in_progress", .persistence, "Whether a module has a child.", .modules)
            .in(.flag),
        .none("module_fork_last_cow_size", .persistence, "Bytes that it copied.", .modules)
            .in(.bytes),
    ]

    static let stats: [Metric] = traffic + keys + rest

    private static let traffic: [Metric] = [
        Metric("total_connections_received", .stats, .counter, "Connections taken in.") {
            .integer($0.statistics.connections)
        }.inCloudWatch(as: "NewConnections"),
        Metric("total_commands_processed", .stats, .counter, "Commands run.") {
            .integer($0.statistics.commandsProcessed)
        },
        Metric("instantaneous_ops_per_sec", .stats, .gauge, "Commands a second.") {
            .integer($0.traffic.commandRate)
        }.in(.perSecond),
        Metric("total_net_input_bytes", .stats, .counter, "Bytes received.") {
            .integer($0.statistics.bytesIn)
        }.in(.bytes).inCloudWatch(as: "NetworkBytesIn"),
        Metric("total_net_output_bytes", .stats, .counter, "Bytes sent.") {
            .integer($0.statistics.bytesOut)
        }.in(.bytes).inCloudWatch(as: "NetworkBytesOut"),
        .none("total_net_repl_input_bytes", .stats, "Bytes received from a primary.", .replicas)
            .in(.bytes),
        .none("total_net_repl_output_bytes", .stats, "Bytes sent to replicas.", .replicas)
            .in(.bytes),
        Metric("instantaneous_input_kbps", .stats, .gauge, "Kilobytes received a second.") {
            .fixed($0.traffic.inputRate, 2)
        }.in(.kibibytesPerSecond),
        Metric("instantaneous_output_kbps", .stats, .gauge, "Kilobytes sent a second.") {
            .fixed($0.traffic.outputRate, 2)
        }.in(.kibibytesPerSecond),
        .fixed("instantaneous_input_repl_kbps", .stats, .fixed(0, 2), "From a primary.", .replicas)
            .in(.kibibytesPerSecond),
        .fixed("instantaneous_output_repl_kbps", .stats, .fixed(0, 2), "To replicas.", .replicas)
            .in(.kibibytesPerSecond),
        Metric("rejected_connections", .stats, .counter, "Connections not taken in.") {
            .integer($0.statistics.rejectedConnections)
        },
        .none("sync_full", .stats, "Replicas filled from the start.", .replicas),
        .none("sync_partial_ok", .stats, "Replicas that went on where they were.", .replicas),
        .none("sync_partial_err", .stats, "Replicas that could not.", .replicas),
    ]

    private static let keys: [Metric] = [
        Metric("expired_keys", .stats, .counter, "Keys that have expired.") {
            .integer($0.statistics.expired)
        }.inCloudWatch(as: "Reclaimed"),
        Metric("expired_stale_perc", .stats, .gauge, "Keys that should have gone.") {
            .fixed($0.statistics.overduePercent, 2)
        }.in(.percent),
        Metric("expired_time_cap_reached_count", .stats, .counter, "Expiry walks cut short.") {
            .integer($0.statistics.cutExpiryWalks)
        },
        Metric("expire_cycle_cpu_milliseconds", .stats, .counter, "Time spent on expiry.") {
            .integer(Int(clamping: $0.statistics.expiryNanoseconds / 1_000_000))
        }.in(.milliseconds),
        Metric("evicted_keys", .stats, .counter, "Keys that went to make room.") {
            .integer($0.statistics.evicted)
        }.inCloudWatch(as: "Evictions"),
        Metric("evicted_clients", .stats, .counter, "Connections closed to make room.") {
            .integer($0.statistics.evictedSessions)
        },
        .none("evicted_scripts", .stats, "Scripts that went to make room.", .scripts).only(
            .valkey80),
        Metric(
            "total_eviction_exceeded_time", .stats, .counter, "Time over the memory's bound."
        ) { .integer(milliseconds($0.exceededNanoseconds)) }.in(.milliseconds),
        Metric(
            "current_eviction_exceeded_time", .stats, .gauge, "The same since it was last in it."
        ) { .integer(milliseconds($0.currentExceededNanoseconds)) }.in(.milliseconds),
        Metric("keyspace_hits", .stats, .counter, "Lookups that found their key.") {
            .integer($0.statistics.hits)
        }.inCloudWatch(as: "CacheHits"),
        Metric("keyspace_misses", .stats, .counter, "Lookups that did not.") {
            .integer($0.statistics.misses)
        }.inCloudWatch(as: "CacheMisses"),
        Metric("pubsub_channels", .stats, .gauge, "Channels that are listened to.") {
            .integer($0.pubsub.channels.count)
        },
        Metric("pubsub_patterns", .stats, .gauge, "Patterns that are listened to.") {
            .integer($0.pubsub.patterns.count)
        },
        Metric(
            "pubsubshard_channels", .stats, .gauge, "Sharded channels that are listened to."
        ) { .integer($0.pubsub.shardChannels.count) },
        .none("latest_fork_usec", .stats, "How long the last fork took; there are none.", .children)
            .in(.microseconds),
        .none("total_forks", .stats, "Forks; there are none.", .children),
        .none("migrate_cached_sockets", .stats, "Connections kept for moving keys.", .migration),
        .none(
            "slave_expires_tracked_keys", .stats, "Keys whose end a replica watches.", .replicas),
        .none("active_defrag_hits", .stats, "Values moved.", .defragmentation).inCloudWatch(
            as: "ActiveDefragHits"),
        .none("active_defrag_misses", .stats, "Values looked at and left.", .defragmentation),
        .none("active_defrag_key_hits", .stats, "Keys with moved values.", .defragmentation),
        .none("active_defrag_key_misses", .stats, "Keys looked at and left.", .defragmentation),
        .none("total_active_defrag_time", .stats, "Time spent on moving values.", .defragmentation)
            .in(.milliseconds),
        .none("current_active_defrag_time", .stats, "The same in this round.", .defragmentation)
            .in(.milliseconds),
        Metric(
            "tracking_total_keys", .stats, .gauge, "Keys remembered for clients that cache."
        ) { .integer($0.tracking.count) }.inCloudWatch(as: "KeysTracked"),
        Metric(
            "tracking_total_items", .stats, .gauge, "Keys, counted for each such client."
        ) { .integer($0.tracking.itemCount) },
        Metric(
            "tracking_total_prefixes", .stats, .gauge, "Prefixes that such clients follow."
        ) { .integer($0.tracking.prefixes.count) },
    ]

    private static func milliseconds(_ nanoseconds: UInt64) -> Int {
        Int(nanoseconds / 1_000_000)
    }

    private static let rest: [Metric] = [
        .none(
            "unexpected_error_replies", .stats, "Errors that should not be.", .expectations),
        Metric("total_error_replies", .stats, .counter, "Errors sent.") {
            .integer($0.statistics.errorReplies)
        }.inCloudWatch(as: "ErrorCount"),
        .none("dump_payload_sanitizations", .stats, "Values checked deeply.", .checks),
        Metric("total_reads_processed", .stats, .counter, "Reads from connections.") {
            .integer($0.statistics.reads)
        },
        Metric("total_writes_processed", .stats, .counter, "Writes to connections.") {
            .integer($0.statistics.writes)
        },
        .none("io_threaded_reads_processed", .stats, "Reads by other threads.", .threads),
        .none("io_threaded_writes_processed", .stats, "Writes by other threads.", .threads),
        Metric(
            "client_query_buffer_limit_disconnections", .stats, .counter,
            "Connections closed for too long requests."
        ) { .integer($0.statistics.queryLimitDisconnections) }.only(.since72),
        Metric(
            "client_output_buffer_limit_disconnections", .stats, .counter,
            "Connections closed for unread replies."
        ) { .integer($0.statistics.outputLimitDisconnections) }.only(.since72),
        Metric("reply_buffer_shrinks", .stats, .counter, "Reply buffers made smaller.") {
            .integer($0.statistics.replyBufferShrinks)
        },
        Metric("reply_buffer_expands", .stats, .counter, "Reply buffers made larger.") {
            .integer($0.statistics.replyBufferExpansions)
        },
        Metric("eventloop_cycles", .stats, .counter, "Turns of the loop with work.") {
            .integer($0.statistics.turns)
        }.only(.since72),
        Metric("eventloop_duration_sum", .stats, .counter, "Time of all these turns.") {
            .integer(Int(clamping: $0.statistics.turnNanoseconds / 1000))
        }.in(.microseconds).only(.since72),
        Metric("eventloop_duration_cmd_sum", .stats, .counter, "Time of commands in them.") {
            .integer(Int(clamping: $0.meters.nanoseconds / 1000))
        }.in(.microseconds).only(.since72),
        Metric(
            "instantaneous_eventloop_cycles_per_sec", .stats, .gauge, "Turns a second."
        ) { .integer($0.traffic.turnRate) }.in(.perSecond).only(.since72),
        Metric(
            "instantaneous_eventloop_duration_usec", .stats, .gauge, "The mean time of a turn."
        ) { .integer($0.traffic.turnMicroseconds) }.in(.microseconds).only(.since72),
        Metric("acl_access_denied_auth", .stats, .counter, "Wrong passwords.") {
            .integer($0.statistics.deniedAuthentications)
        }.inCloudWatch(as: "AuthenticationFailures").only(.since72),
        .none("acl_access_denied_cmd", .stats, "Commands not allowed.", .accessLists).inCloudWatch(
            as: "CommandAuthorizationFailures"
        ).only(.since72),
        .none("acl_access_denied_key", .stats, "Keys not allowed.", .accessLists).inCloudWatch(
            as: "KeyAuthorizationFailures"
        ).only(.since72),
        .none("acl_access_denied_channel", .stats, "Channels not allowed.", .accessLists)
            .inCloudWatch(as: "ChannelAuthorizationFailures").only(.since72),
    ]
}
