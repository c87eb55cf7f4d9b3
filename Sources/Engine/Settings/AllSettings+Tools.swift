import Bytes

// Settings about watching the server, about TLS, and for those who work on servers.

extension AllSettings {
    static let monitoring: [Setting] = [
        Setting(
            "slowlog-log-slower-than", .integer(-1...Int64.max), "10000",
            "Microseconds from which a command is noted as slow; -1 notes none."
        ).held(by: \.slowLogThreshold),
        Setting(
            "slowlog-max-len", .integer(whole), "128", "The most commands noted as slow."
        ).held(by: \.slowLogLength),
        Setting(
            "latency-monitor-threshold", .integer(whole), "0",
            "Milliseconds from which an event is noted; 0 notes none."
        ).held(by: \.latencyThreshold),
        Setting(
            "latency-tracking", .flag, "yes", "Whether the latency of commands is recorded."
        ).held(by: \.tracksLatency),
        Setting(
            "latency-tracking-info-percentiles", .special(Setting.readPercentiles), "50 99 99.9",
            "The percentiles of latency that INFO shows."
        ).severalWords.held(
            read: { .text(Setting.joined($0.latencyPercentiles.map(Setting.trimmedFixed))) },
            write: {
                if case .text(let text) = $1 {
                    $0.latencyPercentiles = Setting.words(of: text).compactMap {
                        Setting.number(in: $0)
                    }
                }
            }),
        Setting(
            "notify-keyspace-events", .special(Setting.readEvents), "",
            "Which events of keys are published, a letter a class."
        ).held(
            read: {
                // The class of new keys is left out beside all others, as clients find it.
                let letters = $0.notifiedLetters.bytes
                let shown = letters.contains(0x41) ? letters.filter { $0 != 0x6E } : letters
                return .text(ByteString(shown))
            },
            write: {
                guard case .text(let letters) = $1 else { return }
                $0.notifiedLetters = letters
                let events = EventClass(letters: letters)
                // Without a channel to publish to, no event is worth looking at.
                let hasChannel = !events.isDisjoint(with: [.keyChannel, .eventChannel])
                $0.notifiedEvents = hasChannel ? events : []
            }),
        Setting(
            "busy-reply-threshold", .integer(whole), "5000",
            "Milliseconds after which others are told that a script runs long."
        ).alias("lua-time-limit"),
        Setting(
            "crash-log-enabled", .flag, "yes", "Whether a crash is described in the log."),
        Setting(
            "crash-memcheck-enabled", .flag, "yes", "Whether memory is tested after a crash."),
    ]

    static let tls: [Setting] = [
        Setting("tls-port", .integer(portNumber), "0", "The TLS port to listen on.")
            .refusing(needsTLS),
        Setting("tls-cluster", .flag, "no", "Whether the cluster's bus uses TLS.")
            .refusing(needsTLS),
        Setting("tls-replication", .flag, "no", "Whether replication uses TLS.")
            .refusing(needsTLS),
        Setting(
            "tls-auth-clients", .choice(["no", "yes", "optional"]), "yes",
            "Whether clients must show a certificate."),
        Setting("tls-cert-file", .text, "", "The server's certificate."),
        Setting("tls-key-file", .text, "", "The server's key."),
        Setting("tls-key-file-pass", .text, "", "The password of that key.").secret,
        Setting("tls-client-cert-file", .text, "", "The certificate towards other servers."),
        Setting("tls-client-key-file", .text, "", "The key towards other servers."),
        Setting("tls-client-key-file-pass", .text, "", "The password of that key.").secret,
        Setting("tls-dh-params-file", .text, "", "Parameters of the key exchange."),
        Setting("tls-ca-cert-file", .text, "", "The certificates to trust, in one file."),
        Setting("tls-ca-cert-dir", .text, "", "The certificates to trust, in a directory."),
        Setting("tls-protocols", .text, "", "The versions of TLS to speak."),
        Setting("tls-ciphers", .text, "", "The ciphers up to TLS 1.2."),
        Setting("tls-ciphersuites", .text, "", "The ciphers of TLS 1.3."),
        Setting(
            "tls-prefer-server-ciphers", .flag, "no", "Whether the server chooses the cipher."),
        Setting("tls-session-caching", .flag, "yes", "Whether sessions can be resumed."),
        Setting(
            "tls-session-cache-size", .integer(natural), "20480", "The most such sessions."),
        Setting(
            "tls-session-cache-timeout", .integer(natural), "300",
            "Seconds for which they can be resumed."),
    ]

    static let development: [Setting] = [
        Setting(
            "watchdog-period", .integer(natural), "0",
            "Milliseconds of standstill that are described in the log."
        ).clamped { $0 == 0 ? 0 : max($0, 200) }.hidden,
        Setting(
            "key-load-delay", .integer(Int64(Int32.min)...Int64(Int32.max)), "0",
            "Microseconds to wait after each key loaded."
        ).hidden,
        Setting(
            "rdb-key-save-delay", .integer(Int64(Int32.min)...Int64(Int32.max)), "0",
            "Microseconds to wait after each key saved."
        ).hidden,
        Setting(
            "loading-process-events-interval-bytes", .memory(1024...Int64(Int32.max)), "2mb",
            "Bytes loaded between two looks at the connections."
        ).hidden,
    ]
}
