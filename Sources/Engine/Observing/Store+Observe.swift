import Bytes
import Grammar
import Structures

// Filling in an observation: everything that is read here is kept up anyway, and every list is
// cut, so that its cost does not depend on how many keys there are. Only looking through the
// connections and the channels takes longer with their number, up to a bound.

extension Store {
    /// Connections and channels that are looked at before the rest is only counted.
    private static let lookLimit = 4096
    /// Parts of a power of two that the times of commands are told by: 19 % from one to the next.
    private static let histogramParts = 4

    /// What the node tells of itself at this moment.
    /// - Parameters:
    ///   - depth: how much of it.
    ///   - database: whose hot and big keys and beginnings of names are told.
    public mutating func observe(
        _ depth: Observation.Depth = .tables, database: Int = 0
    ) -> Observation {
        refreshHostFacts?(&hostFacts)
        var observation = Observation()
        observation.time = now.wall.milliseconds
        observation.instant = Int64(truncatingIfNeeded: now.monotonic.nanoseconds)
        observation.uptime = uptime
        observation.flavour = settings.flavour.rawValue
        observation.port = hostFacts.port
        observation.processor.user = Int((hostFacts.userTime * 1e6).rounded())
        observation.processor.system = Int((hostFacts.systemTime * 1e6).rounded())
        observation.databases = observedDatabases
        let activity = windows.report(statistics, at: now.monotonic)
        observation.now = Observation.Window(activity.now)
        observation.minute = Observation.Window(activity.minute)
        observation.total = Observation.Window(activity.total)
        observation.departed = Int(truncatingIfNeeded: departures.total)
        observation.channelCount = pubsub.channels.count
        observation.patternCount = pubsub.patterns.count
        observation.hasTables = depth != .figures
        observation.memory = observedMemory(observation.hasTables)
        observation.clients = observedClients(observation.hasTables)
        if observation.hasTables { observeTables(depth, database, &observation) }
        return observation
    }

    private mutating func observeTables(
        _ depth: Observation.Depth, _ database: Int, _ observation: inout Observation
    ) {
        observation.commands = observedCommands(depth)
        for named in departures.recent(Observation.rowLimit) {
            observation.departures.append(observed(named))
        }
        if database < keyspaces.count {
            observeKeys(database, &observation)
            observePrefixes(database, &observation)
        }
        observeChannels(&observation)
        observation.slow = slowLog.newest(Observation.rowLimit).map(Observation.Slow.init)
        observation.settings = Store.observedSettings.map { name in
            Observation.Setting(name, settingText(name))
        }
        let flavour = settings.flavour.availability
        for metric in Store.observedMeasures where metric.availability.contains(flavour) {
            let text = metric.read(self).text
            observation.measures.append(Observation.Setting(metric.name, text))
        }
    }

    private static let observedSettings = [
        "maxmemory", "maxmemory-policy", "maxmemory-samples", "notify-keyspace-events",
        "slowlog-log-slower-than", "larder-departures", "larder-hot-keys", "larder-big-keys",
    ]

    /// What has no field of its own in an observation, since it is a fact, or nothing yet.
    private static let observedMeasures: [Metric] = {
        let names: Set<String> = [
            "redis_version", "valkey_version", "run_id", "maxclients", "maxmemory_policy",
            "mem_replication_backlog", "used_memory_scripts", "expired_stale_perc", "role",
            "connected_slaves", "master_repl_offset", "rdb_changes_since_last_save",
            "rdb_bgsave_in_progress", "rdb_last_save_time", "rdb_last_bgsave_status",
            "aof_enabled", "aof_rewrite_in_progress", "latest_fork_usec",
        ]
        return AllMetrics.list.filter { names.contains($0.name) }
    }()

    private func observedMemory(_ withTypes: Bool) -> Observation.Memory {
        var memory = Observation.Memory()
        memory.used = usedMemory
        memory.peak = peakMemory
        memory.maximum = settings.maximumMemory
        memory.entries = ledger.entries
        memory.sessions = ledger.sessions
        memory.tables = ledger.tables
        memory.resident = hostFacts.residentMemory
        for type in ValueType.allCases where withTypes && ledger.entries(of: type) > 0 {
            var share = Observation.TypeShare()
            share.type = type.name
            share.bytes = ledger.entries(of: type)
            memory.types.append(share)
        }
        return memory
    }

    private var observedDatabases: [Observation.Database] {
        var databases: [Observation.Database] = []
        for number in 0..<keyspaces.count where keyspaces[number].count > 0 {
            var database = Observation.Database()
            database.number = number
            database.keys = keyspaces[number].count
            database.expires = keyspaces[number].expiringCount
            database.averageTTL = Int(keyspaces[number].averageTTL)
            database.bytes = keyspaces[number].entryBytes + keyspaces[number].tableBytes
            databases.append(database)
            if databases.count == Observation.rowLimit { break }
        }
        return databases
    }

    private func observedCommands(_ depth: Observation.Depth) -> [Observation.Command] {
        var numbers: [Int] = []
        for number in 0..<meters.count where !meters[number].isEmpty { numbers.append(number) }
        numbers.sort {
            let (left, right) = (meters[$0].calls, meters[$1].calls)
            return left == right ? $0 < $1 : left > right
        }
        return numbers.prefix(Observation.commandLimit).map { number in
            let counts = meters[number]
            var command = Observation.Command()
            command.name = commands.entries[number].spec.reportedName
            command.calls = counts.calls
            command.nanoseconds = Int(truncatingIfNeeded: counts.nanoseconds)
            command.rejected = counts.rejected
            command.failed = counts.failed
            guard let histogram = meters.histogram(number) else { return command }
            if depth == .histograms {
                command.steps = histogram.cumulative(parts: Store.histogramParts).flatMap {
                    [Int(clamping: $0.bound), Int(clamping: $0.count)]
                }
            }
            if depth == .percentiles {
                command.median = Int(histogram.percentile(50))
                command.percentile99 = Int(histogram.percentile(99))
                command.percentile999 = Int(histogram.percentile(99.9))
            }
            return command
        }
    }

    private func observedClients(_ withRows: Bool) -> Observation.Clients {
        var clients = Observation.Clients()
        clients.count = statistics.openSessions
        clients.blocked = blockedSessions
        clients.accepted = statistics.connections
        clients.rejected = statistics.rejectedConnections
        for session in sessions.prefix(withRows ? Store.lookLimit : 0) {
            guard let session, !session.closesAfterReply else { continue }
            if session.restraints.contains(.subscribed) { clients.subscribers += 1 }
            if clients.rows.count < Observation.rowLimit { clients.rows.append(observed(session)) }
        }
        clients.rows.sort { $0.id < $1.id }
        return clients
    }

    private func observed(_ session: Session) -> Observation.Client {
        var client = Observation.Client()
        client.id = Int(session.id)
        client.address = session.origin.address
        client.name = session.name
        client.database = session.database
        client.age = Int((now.wall.milliseconds - session.openedAt.milliseconds) / 1000)
        client.idle = Int((now.wall.milliseconds - session.lastActivity.milliseconds) / 1000)
        client.flags = session.flags
        if session.lastCommand >= 0 {
            client.command = commands.entries[session.lastCommand].spec.reportedName
        }
        for kind in SubscriptionKind.allCases {
            client.subscriptions += session.subscriptions[kind].count
        }
        client.bytes = session.footprint
        client.commands = Int(truncatingIfNeeded: session.commandCount)
        return client
    }

    private func observed(_ named: NamedDeparture) -> Observation.Departed {
        let departure = named.departure
        var departed = Observation.Departed()
        departed.key = named.key
        departed.reason = departure.reason.word
        departed.time = departure.time.milliseconds
        departed.database = departure.database
        departed.size = departure.size
        departed.target = named.target ?? ""
        departed.policy = departure.policy?.rawValue ?? ""
        if let command = departure.command {
            departed.command = commands.entries[command].spec.typedName
        }
        if departure.reason != .flushed, departure.reason != .swapped {
            departed.type = departure.type.name
            departed.idle = departure.idleSeconds ?? -1
            departed.frequency = departure.frequency ?? -1
        }
        return departed
    }

    private mutating func observeKeys(_ database: Int, _ observation: inout Observation) {
        for hot in hottestKeys(Observation.rowLimit, database: database) {
            var row = Observation.Hot()
            row.key = hot.key
            row.milliRate = Int(min(hot.rate * 1000, 1e15))
            row.millionths = Int(hot.share * 1_000_000)
            if let entry = keyspaces[database].table.record(of: hot.key.rawSpan) {
                row.type = entry.type.name
                row.bytes = entry.totalFootprint + HashTable.bytesPerRecord
                row.expiry = entry.expiry ?? -1
            }
            observation.hotKeys.append(row)
        }
        observation.bigKeys = biggestKeys(Observation.rowLimit, database: database).map { big in
            var row = Observation.Big()
            row.key = big.key
            row.type = big.type.name
            row.bytes = big.bytes
            row.count = big.count
            row.expiry = big.expiry ?? -1
            return row
        }
    }

    private func observeChannels(_ observation: inout Observation) {
        var rows: [Observation.Channel] = []
        for entry in pubsub.channels.entries.prefix(Store.lookLimit)
        where !entry.sessions.isEmpty {
            var row = Observation.Channel()
            row.name = entry.name
            row.subscribers = entry.sessions.count
            row.messages = entry.messages
            rows.append(row)
        }
        rows.sort {
            $0.subscribers == $1.subscribers ? $0.name < $1.name : $0.subscribers > $1.subscribers
        }
        observation.channels = Array(rows.prefix(Observation.rowLimit))
    }
}

extension Observation.Setting {
    init(_ name: String, _ value: String) {
        self.init()
        self.name = name
        self.value = value
    }
}

extension HashTable {
    /// The record with this key, or nil.
    fileprivate func record(of key: RawSpan) -> Record? {
        find(key, hash: hash(of: key)).map { record(at: $0) }
    }
}

extension Observation.Window {
    fileprivate init(_ activity: Activity) {
        self.init()
        nanoseconds = Int(truncatingIfNeeded: activity.nanoseconds)
        hits = activity.hits
        misses = activity.misses
        commands = activity.commands
        expired = activity.expired
        evicted = activity.evicted
        errors = activity.errors
        bytesIn = activity.bytesIn
        bytesOut = activity.bytesOut
    }
}

extension Observation.Slow {
    fileprivate init(_ entry: SlowCommand) {
        self.init()
        id = Int(entry.id)
        time = entry.time.milliseconds
        microseconds = Int(entry.microseconds)
        client = entry.address
        var text: [UInt8] = []
        for word in entry.words {
            if !text.isEmpty { text.append(0x20) }
            text += word.bytes
        }
        words = ByteString(Array(text.prefix(256)))
    }
}
