import Bytes
public import Engine

// An observation made into a sample. Its figures get the names that INFO has for them, so that the
// rest of the dashboard does not ask who told them.

extension Sample {
    /// Takes an observation. What stands only in its tables is left as it is when it has none.
    public mutating func read(_ observation: Observation) {
        readFigures(observation)
        for row in observation.databases {
            databases.append(
                DatabaseRow(
                    number: row.number, keys: Double(row.keys), expires: Double(row.expires),
                    averageTTL: Double(row.averageTTL)))
        }
        numbers["keys"] = databases.reduce(0) { $0 + $1.keys }
        numbers["expires"] = databases.reduce(0) { $0 + $1.expires }
        if observation.hasTables { readTables(observation) }
    }

    private mutating func put(_ name: String, _ number: Int) { numbers[name] = Double(number) }

    private mutating func readFigures(_ observation: Observation) {
        let memory = observation.memory
        put("used_memory", memory.used)
        put("used_memory_peak", memory.peak)
        put("used_memory_rss", memory.resident)
        put("used_memory_dataset", memory.entries)
        put("used_memory_overhead", memory.used - memory.entries)
        put("mem_clients_normal", memory.sessions)
        put("maxmemory", memory.maximum)
        let maximum = String(memory.maximum)
        if texts["maxmemory"] != maximum { texts["maxmemory"] = maximum }
        let total = observation.total
        put("keyspace_hits", total.hits)
        put("keyspace_misses", total.misses)
        put("total_commands_processed", total.commands)
        put("expired_keys", total.expired)
        put("evicted_keys", total.evicted)
        put("total_error_replies", total.errors)
        put("total_net_input_bytes", total.bytesIn)
        put("total_net_output_bytes", total.bytesOut)
        let clients = observation.clients
        put("connected_clients", clients.count)
        put("blocked_clients", clients.blocked)
        put("total_connections_received", clients.accepted)
        put("rejected_connections", clients.rejected)
        put("pubsub_channels", observation.channelCount)
        put("pubsub_patterns", observation.patternCount)
        put("uptime_in_seconds", observation.uptime)
        put("tcp_port", observation.port)
        numbers["used_cpu_user"] = Double(observation.processor.user) / 1e6
        numbers["used_cpu_sys"] = Double(observation.processor.system) / 1e6
    }

    private mutating func readTables(_ observation: Observation) {
        for row in observation.commands {
            var counters = CommandCounters()
            counters.calls = Double(row.calls)
            counters.microseconds = Double(row.nanoseconds / 1000)
            counters.errors = Double(row.rejected + row.failed)
            for place in stride(from: 0, to: row.steps.count - 1, by: 2) {
                counters.histogram.append(
                    (Double(row.steps[place]) / 1000, Double(row.steps[place + 1])))
            }
            commands[Self.spaced(row.name).uppercased()] = counters
        }
        clients = observation.clients.rows.map { ClientRow($0) }
        slow = observation.slow.map { SlowRow($0) }
        channels = observation.channels.map { row in
            var channel = ChannelRow(
                name: row.name.bytes, subscribers: Double(row.subscribers))
            channel.messages = Double(row.messages)
            return channel
        }
        hotKeys = observation.hotKeys
        bigKeys = observation.bigKeys
        departures = observation.departures
        types = observation.memory.types
        prefixes = observation.prefixes
        prefixSample = observation.prefixSample
        for setting in observation.settings where setting.name == "larder-departures" {
            // An empty list says that no key has left only where that is noted.
            if setting.value == "0" { departures = nil }
        }
        for setting in observation.settings where setting.value == "no" {
            if setting.name == "larder-hot-keys" { hotKeys = nil }
            if setting.name == "larder-big-keys" { bigKeys = nil }
        }
        for measure in observation.measures { take(measure.name, measure.value) }
    }

    /// Begins with what a sample a little older has read; what is read then takes its place.
    mutating func hold(_ older: Sample) {
        commands = older.commands
        areCommandsHeld = true
        numbers = older.numbers
        texts = older.texts
    }

    /// The name of a command as people write it, with its subcommand behind a blank.
    static func spaced(_ name: String) -> String {
        name.utf8.contains(UInt8(ascii: "|")) ? name.replacing("|", with: " ") : name
    }
}

extension ClientRow {
    init(_ row: Observation.Client) {
        self.init()
        id = String(row.id)
        address = row.address
        name = row.name.text
        command = Sample.spaced(row.command)
        flags = row.flags
        age = Double(row.age)
        idle = Double(row.idle)
        memory = Double(row.bytes)
        subscriptions = Double(row.subscriptions)
    }
}

extension SlowRow {
    init(_ row: Observation.Slow) {
        self.init()
        id = row.id
        time = row.time / 1000
        microseconds = Double(row.microseconds)
        words = [row.words.bytes]
        client = row.client
    }
}
