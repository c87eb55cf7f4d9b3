import Bytes
import Client
import Engine
import Terminal
import Wire

@testable import Dashboard

/// A server that never was: samples that follow from a seed.
struct Seeded {
    private var state: UInt64
    private var counters: [String: Double] = [:]
    private var commands: [String: CommandCounters] = [:]
    private var second = 0
    /// Names that are known to be awkward.
    static let awkward: [[UInt8]] = [
        Array("plain".utf8), Array("\u{1B}]0;owned\u{7}".utf8), [0x9B, 0x33, 0x31, 0x6D],
        Array("a\u{202E}b".utf8), Array("日本語".utf8), Array("e\u{301}".utf8),
    ]

    init(_ seed: UInt64) { state = seed }

    mutating func dice(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    /// The sample of the next second.
    mutating func next() -> Sample {
        second += 1
        // Twelve o'clock on a day of no meaning.
        let wall: Int64 = 1_795_608_000_000
        var sample = Sample(
            instant: 1_000_000 + Int64(second) * 1000, wall: wall + Int64(second) * 1000,
            interval: 1000)
        let used = min(40e6 + Double(second) * 4e5, 62e6) + Double(dice(100_000))
        let isFull = second > 55
        add("keyspace_hits", 9000 + dice(900))
        add("keyspace_misses", isFull ? 3600 + dice(400) : 900 + dice(90))
        add("total_commands_processed", 18_000 + dice(900))
        add("total_net_input_bytes", 3_100_000 + dice(90_000))
        add("total_net_output_bytes", 9_400_000 + dice(90_000))
        add("evicted_keys", isFull ? 400 + dice(30) : 0)
        add("expired_keys", 38 + dice(9))
        add("total_error_replies", dice(2))
        add("total_connections_received", dice(3))
        call("GET", 11_400, 17, 0)
        call("SET", 3900, 21, 0)
        call("ZINCRBY", 1700, 24, 0)
        call("EVALSHA", 212, 390, 3)
        call("PUBLISH", 212, 9, 0)
        sample.numbers = counters
        let gauges: [String: Double] = [
            "used_memory": used, "maxmemory": 64_000_000, "used_memory_peak": 62e6,
            "used_memory_rss": used * 1.04, "used_memory_dataset": used * 0.89,
            "used_memory_overhead": used * 0.11, "mem_clients_normal": 48_000,
            "mem_replication_backlog": 1_048_576, "used_memory_scripts": 2100,
            "connected_clients": 12, "blocked_clients": 2, "maxclients": 10_000,
            "rejected_connections": 0, "pubsub_channels": 3, "pubsub_patterns": 1,
            "expired_stale_perc": 0.7, "connected_slaves": 2, "master_repl_offset": 88_120_441,
            "rdb_changes_since_last_save": 12_204, "latest_fork_usec": 1900,
            "aof_delayed_fsync": 0, "uptime_in_seconds": 761 + Double(second),
            "used_cpu_user": Double(second) * 0.31, "used_cpu_sys": Double(second) * 0.12,
            "keys": 48_210, "expires": 12_400,
        ]
        sample.numbers.merge(gauges) { _, new in new }
        sample.texts = [
            "redis_version": "7.2.4", "run_id": "abc", "maxmemory": "64000000",
            "maxmemory_policy": "allkeys-lru", "role": "master", "rdb_last_bgsave_status": "ok",
            "rdb_last_save_time": "1795607810", "aof_enabled": "1",
        ]
        sample.commands = commands
        sample.roundTrip = 210 + Double(dice(40))
        tables(&sample)
        return sample
    }

    private mutating func add(_ name: String, _ rise: Int) {
        counters[name, default: 0] += Double(rise)
    }

    private mutating func call(_ name: String, _ count: Int, _ time: Int, _ errors: Int) {
        let calls = Double(count + dice(count / 20 + 1))
        var row = commands[name] ?? CommandCounters()
        row.calls += calls
        row.microseconds += calls * Double(time)
        row.errors += Double(errors)
        let limits = [Double(time), Double(time) * 2, Double(time) * 8]
        let before = row.histogram.map(\.count)
        row.histogram = zip(limits, [0.9, 0.985, 1.0]).enumerated().map { index, pair in
            (pair.0, (before.isEmpty ? 0 : before[index]) + calls * pair.1)
        }
        commands[name] = row
    }

    private mutating func tables(_ sample: inout Sample) {
        sample.databases = [
            DatabaseRow(number: 0, keys: 48_000, expires: 12_400, averageTTL: 240_000),
            DatabaseRow(number: 3, keys: 210, expires: 0, averageTTL: 0),
        ]
        sample.replicas = [
            ReplicaRow(address: "10.0.0.7:7001", state: "online", offset: 88_120_441, lag: 0),
            ReplicaRow(address: "10.0.0.8:7002", state: "online", offset: 88_078_000, lag: 2),
        ]
        sample.clients = (1...9).map { number in
            var row = ClientRow()
            row.id = "\(number)"
            row.address = "10.0.0.\(number):5\(number)001"
            row.name = number % 3 == 0 ? "worker-\(number)" : ""
            row.command = ["get", "set", "blpop"][number % 3]
            row.age = Double(number * 371)
            row.idle = Double(number % 3)
            row.memory = Double(20_000 + number * 512)
            row.flags = number % 3 == 2 ? "b" : "N"
            return row
        }
        sample.slow = Self.awkward.enumerated().map { index, name in
            var row = SlowRow()
            row.id = index
            row.time = sample.wall / 1000 - Int64(index * 60)
            row.microseconds = Double(12_000 * (index + 1) * (index + 1))
            row.words = [Array("HGETALL".utf8), name]
            row.client = "10.0.0.3:53001"
            return row
        }
        sample.channels = Self.awkward.enumerated().map {
            ChannelRow(name: $1, subscribers: Double(14 - $0))
        }
        sample.boards = [board()]
        watched(&sample)
    }

    /// What only an engine that watches its keys tells.
    private mutating func watched(_ sample: inout Sample) {
        let names = ["product:1842", "user:77:cart", "cfg:flags", "lb:daily"].map { Array($0.utf8) }
        sample.hotKeys = (names + Self.awkward).enumerated().map { place, name in
            var key = Observation.Hot()
            key.key = ByteString(name)
            key.milliRate = 1_900_000 / (place + 1)
            key.millionths = 210_000 / (place + 1)
            key.type = place == 5 ? "" : ["string", "hash", "set", "zset"][place % 4]
            key.bytes = 1229 * (place * place + 1)
            key.expiry = place.isMultiple(of: 3) ? -1 : sample.wall + Int64(place) * 61_000
            return key
        }
        sample.bigKeys = (names + Self.awkward).enumerated().map { place, name in
            var key = Observation.Big()
            key.key = ByteString(name)
            key.bytes = 4_600_000 / (place + 1)
            key.count = 90_000 / (place + 1)
            key.type = ["list", "hash", "zset"][place % 3]
            return key
        }
        sample.departures = (names + Self.awkward).enumerated().map { place, name in
            var key = Observation.Departed()
            key.key = ByteString(name)
            key.reason = ["expired", "evicted", "deleted"][(place + 2) % 3]
            key.policy = key.reason == "evicted" ? "allkeys-lru" : ""
            key.time = sample.wall - Int64(place * place) * 900
            key.type = "string"
            key.size = 900 + place * 311
            key.idle = key.reason == "evicted" ? 41 + place : -1
            return key
        }
        sample.types = [("string", 40_100_000), ("hash", 8_200_000), ("zset", 5_400_000)].map {
            var share = Observation.TypeShare()
            share.type = $0
            share.bytes = $1
            return share
        }
    }

    /// What errands have brought.
    mutating func findings() -> [Finding] {
        let wall: Int64 = 1_795_608_090_000
        var keys: [SeenKey] = []
        for number in 0..<600 {
            let name = ["product:\(number)", "user:\(number):cart", "session:\(number)"][number % 3]
            keys.append(
                SeenKey(
                    name: Array(name.utf8), type: ["string", "hash", "hash"][number % 3],
                    bytes: 60 + dice(1 << (4 + dice(14))),
                    left: dice(4) == 0 ? -1 : dice(1 << (10 + dice(18)))))
        }
        for name in Self.awkward {
            keys.append(SeenKey(name: name, type: "string", bytes: 80))
            keys.append(SeenKey(name: Array("odd:".utf8) + name, type: "list", bytes: 90))
        }
        let page = KeyPage(
            walk: 0, isFirst: true, isLast: false, keys: keys, total: 48_210, wall: wall)
        let lines = Self.awkward.enumerated().map { place, name in
            ChannelMessage(wall: wall + Int64(place) * 200, channel: name, text: name)
        }
        let counts = Self.awkward.map { ChannelCount(name: $0, count: 40) }
        return [
            .page(page), .listening(problem: nil), .messages(lines, counts: counts, wall: wall),
            .answer(words: [Array("PUBLISH".utf8)] + Self.awkward[1...2], text: "3", wall: wall),
        ]
    }

    private mutating func board() -> BoardSample {
        var rows = ["ada", "linus", "grace", "barbara", "edsger", "日本", "alan"].map {
            BoardRow(member: Array($0.utf8), score: Double(95_000 + dice(3000)))
        }
        rows.sort { $0.score > $1.score }
        return BoardSample(key: Array("lb:daily".utf8), count: 10_000, rows: rows)
    }

    /// A dashboard that has seen so many seconds.
    static func dashboard(_ seconds: Int, seed: UInt64 = 7) -> Dashboard {
        var source = Seeded(seed)
        var dashboard = Dashboard(Source(name: "10.0.0.1:6379"))
        for _ in 0..<seconds { dashboard.take(source.next()) }
        for finding in source.findings() { dashboard.take(finding) }
        dashboard.state.message = nil
        return dashboard
    }
}
