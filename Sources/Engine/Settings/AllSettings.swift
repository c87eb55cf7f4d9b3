public import Bytes
public import Grammar

/// Every setting, in groups. A setting that is not reached from here does not exist.
///
/// Those that Larder acts on are held by a property of `Settings`; the others are kept and
/// reported, so that tools which ask for them, and files that set them, work.
public enum AllSettings {
    /// All settings of all flavours.
    public static let list: [Setting] =
        own + network + clients + general + memory + structures + persistence + appendOnly
        + replication + cluster + monitoring + defragmentation + tls + development

    /// The places in `list` of all names, aliases included.
    private static let places: [ByteString: Int] = {
        var places: [ByteString: Int] = [:]
        for (place, setting) in list.enumerated() {
            for name in [setting.name, setting.alias].compactMap({ $0 }) {
                precondition(places[ByteString(name)] == nil, "two settings are called \(name)")
                places[ByteString(name)] = place
            }
        }
        return places
    }()

    /// The setting with this name or alias, in any case of letters, if the flavour has it.
    public static func find(_ name: ByteString, _ flavour: Flavour) -> Setting? {
        let small = ByteString(name.bytes.map(\.asciiLowercased))
        guard let place = places[small],
            list[place].availability.contains(flavour.availability)
        else { return nil }
        return list[place]
    }

    // MARK: Bounds

    static let whole: ClosedRange<Int64> = 0...Int64.max
    static let natural: ClosedRange<Int64> = 0...Int64(Int32.max)
    static let positive: ClosedRange<Int64> = 1...Int64(Int32.max)
    static let portNumber: ClosedRange<Int64> = 0...65_535
    static let megabyteUp: ClosedRange<Int64> = 1 << 20...Int64.max

    /// Refuses what needs TLS, which is not built in.
    static func needsTLS(_ value: SettingValue) -> String? {
        switch value {
        case .flag(true): "Unable to update TLS configuration. Check server logs."
        case .number(let port) where port != 0:
            "Unable to update TLS configuration. Check server logs."
        default: nil
        }
    }

    // MARK: Larder's own

    static let own: [Setting] = [
        Setting(
            "flavour", .choice(Flavour.allCases.map(\.rawValue)), "valkey-8.0",
            "Which server the node behaves as: versions, commands and names follow it."
        ).atStart.held(
            read: { .choice(Flavour.allCases.firstIndex(of: $0.flavour) ?? 0) },
            write: {
                if case .choice(let place) = $1 { $0.flavour = Flavour.allCases[place] }
            }),
        Setting(
            "larder-departures", .integer(0...1 << 24), "0",
            "How many keys that left are remembered with the reason; 0 notes nothing."
        ).held(by: \.departures),
        Setting(
            "larder-hot-keys", .flag, "no",
            "Whether lookups are counted to know which keys are asked for most."
        ).held(by: \.watchesHotKeys),
        Setting(
            "larder-big-keys", .flag, "no",
            "Whether the biggest keys of each type are kept in lists."
        ).held(by: \.watchesBigKeys),
        Setting(
            "extended-redis-compatibility", .flag, "no",
            "Whether Valkey calls itself Redis, for tools that look at the name."
        ).only(.valkey80),
        Setting(
            "availability-zone", .text, "", "The zone that the node runs in, for clients."
        ).only(.valkey80),
    ]

    // MARK: Network

    static let network: [Setting] = [
        Setting(
            "bind", .special(Setting.readBind), "* -::*",
            "The addresses to listen on; a minus before one allows it to be missing."
        ).severalWords.held(
            read: { .text(Setting.joined($0.bind)) },
            write: { if case .text(let text) = $1 { $0.bind = Setting.words(of: text) } }),
        Setting("port", .integer(portNumber), "6379", "The TCP port to listen on; 0 is none.")
            .held(by: \.port),
        Setting("unixsocket", .text, "", "The path of a Unix socket to listen on.").atStart
            .held(by: \.unixSocket),
        Setting(
            "unixsocketperm", .octal(0...0o777), "0",
            "The permissions of the Unix socket, in octal; 0 leaves them to the system."
        ).atStart.held(by: \.unixSocketPermissions),
        Setting(
            "tcp-backlog", .integer(natural), "511",
            "How many connections may wait to be accepted."
        ).atStart.held(by: \.tcpBacklog),
        Setting(
            "tcp-keepalive", .integer(natural), "300",
            "Seconds of silence before a connection is probed; 0 never probes."
        ).held(by: \.tcpKeepAlive),
        Setting(
            "timeout", .integer(natural), "0",
            "Seconds after which a silent connection is closed; 0 is never."
        ).held(by: \.timeout),
        Setting(
            "protected-mode", .flag, "yes",
            "Whether connections from elsewhere are refused while there is no password."
        ).held(by: \.isProtected),
        Setting(
            "bind-source-addr", .text, "", "The address that outgoing connections come from."),
        Setting(
            "socket-mark-id", .integer(0...Int64(UInt32.max)), "0",
            "The mark that listening sockets carry, for filtering; 0 is none."
        ).atStart,
        Setting(
            "io-threads", .integer(1...128), "1", "Threads that read and write sockets."
        ).atStart,
        Setting(
            "io-threads-do-reads", .flag, "no", "Whether those threads read, too."
        ).atStart,
        Setting(
            "events-per-io-thread", .integer(natural), "2",
            "Events that wake another thread for sockets."
        ).only(.valkey80).hidden,
        Setting(
            "prefetch-batch-max-size", .integer(0...128), "16",
            "How many commands are looked ahead to fetch their keys."
        ).only(.valkey80),
        Setting(
            "max-new-connections-per-cycle", .integer(1...1000), "10",
            "Connections accepted in one turn of the loop."
        ).only(.valkey80),
        Setting(
            "max-new-tls-connections-per-cycle", .integer(1...1000), "1",
            "TLS connections accepted in one turn of the loop."
        ).only(.valkey80),
    ]

    // MARK: Clients

    static let clients: [Setting] = [
        Setting(
            "maxclients", .integer(1...Int64(UInt32.max)), "10000",
            "The most connections at a time."
        ).held(by: \.maximumClients),
        Setting(
            "requirepass", .text, "", "The password of the default user; empty is none."
        ).secret.binary.held(by: \.password),
        Setting(
            "proto-max-bulk-len", .memory(megabyteUp), "512mb", "The longest single argument."
        ).held(by: \.maximumBulkLength),
        Setting(
            "client-query-buffer-limit", .memory(megabyteUp), "1gb",
            "How many bytes of requests a connection may leave unanswered."
        ).held(by: \.queryBufferLimit),
        Setting(
            "client-output-buffer-limit", .special(Setting.readOutputLimits),
            "normal 0 0 0 slave 256mb 64mb 60 pubsub 32mb 8mb 60",
            "How many bytes of replies may wait: hard bound, soft bound and its seconds."
        ).severalWords.held(
            read: { .text($0.outputLimits.text) },
            write: {
                if case .text(let text) = $1 { $0.outputLimits = OutputLimits(parsing: text) }
            }),
        Setting(
            "maxmemory-clients", .memoryOrPercent, "0",
            "The most memory for all connections, or per cent of maxmemory; 0 is no bound."
        ).held(by: \.maximumSessionMemory),
        Setting(
            "tracking-table-max-keys", .integer(whole), "1000000",
            "The most keys remembered for clients that cache; 0 is no bound."
        ).held(by: \.maximumTrackedKeys),
        Setting(
            "acl-pubsub-default", .choice(["allchannels", "resetchannels"]), "resetchannels",
            "The channels that a new user may use."),
        Setting("aclfile", .text, "", "The file with the users.").atStart,
        Setting("acllog-max-len", .integer(whole), "128", "The most entries of the ACL log."),
        Setting(
            "enable-protected-configs", .choice(Permission.words), "no",
            "Who may change protected settings."
        ).atStart.held(by: \.protectedPermission),
        Setting(
            "enable-debug-command", .choice(Permission.words), "no", "Who may use DEBUG."
        ).atStart.held(by: \.debugPermission),
        Setting(
            "enable-module-command", .choice(Permission.words), "no",
            "Who may use MODULE."
        ).atStart,
    ]

    // MARK: General

    static let general: [Setting] = [
        Setting("databases", .integer(positive), "16", "The number of databases.").atStart
            .held(by: \.databases),
        Setting(
            "hz", .integer(natural), "10", "How often regular work is done, in times a second."
        ).clamped { min(max($0, 1), 500) }.held(by: \.hertz),
        Setting(
            "dynamic-hz", .flag, "yes", "Whether regular work is done more often with many clients."
        ),
        Setting("daemonize", .flag, "no", "Whether to run in the background.").atStart
            .held(by: \.isDaemon),
        Setting("pidfile", .text, "", "The file for the process's number.").atStart
            .held(by: \.pidFile),
        Setting("logfile", .text, "", "The file for the log; empty is standard output.").atStart
            .held(by: \.logFile),
        Setting(
            "loglevel", .choice(["debug", "verbose", "notice", "warning"]), "notice",
            "The least weight of what is logged."),
        Setting("dir", .text, "", "The working directory.").whenUnprotected
            .held(by: \.directory),
        Setting(
            "supervised", .choice(["upstart", "systemd", "auto", "no"]), "no",
            "Which supervisor is told that the server is ready."
        ).atStart,
        Setting("syslog-enabled", .flag, "no", "Whether to log to the system's log.").atStart,
        Setting("syslog-ident", .text, "redis", "The name in the system's log.").atStart
            .inValkey("valkey"),
        Setting(
            "syslog-facility",
            .choice([
                "user", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
                "local7",
            ]), "local0", "The facility of the system's log."
        ).atStart,
        Setting(
            "shutdown-timeout", .integer(natural), "10",
            "Seconds that replicas get to catch up at the end."),
        Setting(
            "shutdown-on-sigint",
            .special(Setting.readOptions(["default", "save", "nosave", "now", "force"])),
            "default", "How an interrupt ends the server."
        ).severalWords,
        Setting(
            "shutdown-on-sigterm",
            .special(Setting.readOptions(["default", "save", "nosave", "now", "force"])),
            "default", "How a request to terminate ends the server."
        ).severalWords,
        Setting(
            "always-show-logo", .flag, "no", "Whether the log begins with a picture."
        ).atStart,
        Setting("set-proc-title", .flag, "yes", "Whether the process shows a title.").atStart,
        Setting(
            "proc-title-template", .special(Setting.readTitle),
            "{title} {listen-addr} {server-mode}", "What the title is made of."),
        Setting("locale-collate", .text, "", "The locale that sorting goes by.").only(.since72),
        Setting(
            "ignore-warnings", .text, "", "Warnings about the system that are not given."),
        Setting(
            "disable-thp", .flag, "yes", "Whether large pages are switched off at the start."
        ).atStart,
        Setting(
            "oom-score-adj", .choice(["no", "yes", "relative", "absolute"]), "no",
            "Whether the system is told how readily to end the process when memory is short."),
        Setting(
            "oom-score-adj-values", .special(Setting.readScores), "0 200 800",
            "How readily: as primary, as replica, as child that saves."
        ).severalWords,
        Setting("server_cpulist", .text, "", "The processors of the server.").atStart,
        Setting("bio_cpulist", .text, "", "The processors of work in the background.").atStart,
        Setting(
            "aof_rewrite_cpulist", .text, "", "The processors of a log's rewriting."
        ).atStart,
        Setting("bgsave_cpulist", .text, "", "The processors of saving.").atStart,
        Setting(
            "hide-user-data-from-log", .flag, "yes", "Whether values are kept out of the log."
        ).only(.valkey80),
    ]
}
