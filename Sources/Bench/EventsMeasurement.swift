import Bytes
import Wire

// What clients are told while very many keys expire and are evicted: a client that monitors, one
// that follows all keys, one that has read all keys, and one that is subscribed to the events of
// keys. Each counts what it is told of each key, and the counts must agree: nothing is missing,
// nothing comes twice, and what is told to be gone is gone.

/// `larder bench --events`.
struct EventsMeasurement {
    /// In how many steps memory is taken away.
    private static let steps = 50
    /// Complaints that are printed.
    private static let complaintLimit = 10

    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let keys = options.requests ?? 100_000
        report.note(
            "\(grouped(Double(keys))) keys, of which half expire while others are evicted; every "
                + "message about each of them is counted")
        report.columns([
            ("server", "redis-server"), ("keys", "1,000,000"), ("expired", "1,000,000"),
            ("evicted", "1,000,000"), ("events", "10,000,000"), ("MONITOR", "10,000,000"),
            ("BCAST", "10,000,000"), ("tracking", "10,000,000"), ("wrong", "1,000"),
        ])
        try run(try BenchServer.measured(options), keys)
        if let other = try BenchServer.compared(options) { try run(other, keys) }
    }

    private func run(_ server: BenchServer, _ keys: Int) throws(BenchError) {
        let control = try ControlConnection(server.address)
        if options.mayFlush { _ = try control.command(["FLUSHALL"]) }
        guard try control.command(["DBSIZE"]).integer == 0 else {
            throw BenchError(
                "\(server.name) holds keys; --flush allows the bench to remove ALL of them")
        }
        for (name, value) in [
            ("client-output-buffer-limit", "normal 0 0 0 replica 0 0 0 pubsub 0 0 0"),
            ("notify-keyspace-events", "KEA"), ("maxmemory-policy", "allkeys-random"),
        ] {
            _ = try control.command(["CONFIG", "SET", name, value])
        }
        let extra = keys / 4
        let watch = try EventWatch(server.address, keys: keys, extra: extra)
        let base = try used(control)
        // The keys with an expiry are all there, and read, when the first of them expires.
        let instant = wallMilliseconds() + UInt64(keys) / 8 + 1500
        for range in [0..<keys / 2, keys / 2..<keys] {
            let expiry = range.lowerBound == 0 ? ["PXAT", String(instant)] : []
            try watch.set("key", range, expiry, control)
        }
        try watch.readAll()
        guard wallMilliseconds() < instant else {
            throw BenchError("\(server.name) is too slow for so many keys")
        }
        while wallMilliseconds() < instant { pause(milliseconds: 5) }
        let full = try used(control)
        // In small steps: what waits to be told counts as memory too, and must not be what makes
        // the next key go.
        let steps = EventsMeasurement.steps
        for step in 1...steps {
            let bound = full - (full - base) / 3 * step / steps
            _ = try control.command(["CONFIG", "SET", "maxmemory", String(bound)])
            try watch.pump()
            try watch.set(
                "extra", extra * (step - 1) / steps..<extra * step / steps, [], control)
        }
        while try control.information("keyspace", "db0")?.contains("expires=0") == false {
            try Interruption.check()
            pause(milliseconds: 5)
            try watch.pump()
        }
        _ = try control.command(["CONFIG", "SET", "maxmemory", "0"])
        let left = try control.command(["DBSIZE"]).integer ?? -1
        try watch.finish(control)
        publish(server, keys, watch, left)
    }

    private func used(_ control: ControlConnection) throws(BenchError) -> Int {
        try control.information("memory", "used_memory").flatMap { Int($0) } ?? 0
    }

    private func publish(_ server: BenchServer, _ keys: Int, _ watch: EventWatch, _ left: Int) {
        let complaints = watch.complaints(left: left)
        for complaint in complaints.prefix(EventsMeasurement.complaintLimit) {
            report.failure("\(server.name): \(complaint)")
        }
        let sums = [
            keys, watch.expired, watch.evicted, watch.messages.events, watch.messages.monitor,
            watch.messages.broadcast, watch.messages.tracking, complaints.count,
        ]
        report.row([server.name] + sums.map { grouped(Double($0)) })
        report.add(
            .object([
                ("server", .text(server.name)), ("keys", .number(Double(keys))),
                ("expired", .number(Double(watch.expired))),
                ("evicted", .number(Double(watch.evicted))),
                ("wrong", .number(Double(complaints.count))),
            ]))
    }
}

/// Four clients that are told of keys, and what they were told of each.
private final class EventWatch {
    /// What is counted for a key.
    struct Account {
        var sets = 0
        var expirations = 0
        var evictions = 0
        /// The same, by the channels of keys.
        var setsByKey = 0
        var goneByKey = 0
        var monitoredSets = 0
        var monitoredReads = 0
        var broadcasts = 0
        var invalidations = 0

        var gone: Int { expirations + evictions }
    }

    private let keys: Int
    /// First the keys, then those that were added later.
    private var accounts: [Account]
    private let reader: EventStream
    private let broadcast: EventStream
    private let monitor: EventStream
    private let events: EventStream
    private var isFinished = (reader: false, broadcast: false, monitor: false, events: false)
    private(set) var messages = (events: 0, monitor: 0, broadcast: 0, tracking: 0)
    private var repliesToReader = 0

    var expired: Int { accounts.reduce(0) { $0 + $1.expirations } }
    var evicted: Int { accounts.reduce(0) { $0 + $1.evictions } }

    init(_ address: BenchAddress, keys: Int, extra: Int) throws(BenchError) {
        self.keys = keys
        accounts = [Account](repeating: Account(), count: keys + extra)
        reader = try EventStream(address, [["HELLO", "3"], ["CLIENT", "TRACKING", "ON"]])
        broadcast = try EventStream(
            address, [["HELLO", "3"], ["CLIENT", "TRACKING", "ON", "BCAST"]])
        monitor = try EventStream(address, [["MONITOR"]])
        events = try EventStream(address, [["PSUBSCRIBE", "__key*@0__:*"]])
    }

    // MARK: Work

    /// Sets keys and takes note of what the clients are told meanwhile.
    func set(
        _ prefix: String, _ range: Range<Int>, _ options: [String], _ control: ControlConnection
    ) throws(BenchError) {
        let value = String(repeating: "x", count: 200)
        var next = range.lowerBound
        while next < range.upperBound {
            let count = min(500, range.upperBound - next)
            var bytes: [UInt8] = []
            for number in next..<next + count {
                bytes += RequestTemplate(["SET", "\(prefix):\(number)", value] + options).bytes
            }
            try control.socket.send(bytes)
            var replies: [UInt8] = []
            while replies.count < 5 * count {
                let part = try control.socket.receive()
                if part.isEmpty { throw BenchError("the server closed the connection") }
                replies += part
                if let sign = replies.first(where: { $0 == UInt8(ascii: "-") }) {
                    throw BenchError("SET was refused (\(sign)): \(ByteString(replies).text)")
                }
            }
            next += count
            try pump()
        }
    }

    /// Reads all keys on the connection that tracks what it reads.
    func readAll() throws(BenchError) {
        var next = 0
        while next < keys {
            let count = min(500, keys - next)
            var bytes: [UInt8] = []
            for number in next..<next + count {
                bytes += RequestTemplate(["GET", "key:\(number)"]).bytes
            }
            next += count
            try reader.socket.send(bytes)
            while repliesToReader < next {
                _ = reader.socket.isReadable(within: 1000)
                try pump()
            }
        }
    }

    /// Changes one more key and reads until all clients have been told of that.
    func finish(_ control: ControlConnection) throws(BenchError) {
        try reader.socket.send(RequestTemplate(["GET", "marker"]).bytes)
        while repliesToReader < keys + 1 {
            _ = reader.socket.isReadable(within: 1000)
            try pump()
        }
        _ = try control.command(["SET", "marker", "1"])
        let began = monotonicNanoseconds()
        while !(isFinished.reader && isFinished.broadcast && isFinished.monitor
            && isFinished.events)
        {
            try pump()
            guard monotonicNanoseconds() - began < 30_000_000_000 else {
                throw BenchError("after 30 seconds a client has not been told of the last change")
            }
            pause(milliseconds: 2)
        }
    }

    /// Reads what has come.
    func pump() throws(BenchError) {
        try Interruption.check()
        for value in try reader.take() {
            if value.isPush {
                messages.tracking += 1
                each(of: value) {
                    self.accounts[$0].invalidations += 1
                } marker: {
                    self.isFinished.reader = true
                }
            } else {
                repliesToReader += 1
            }
        }
        for value in try broadcast.take() {
            messages.broadcast += 1
            each(of: value) {
                self.accounts[$0].broadcasts += 1
            } marker: {
                self.isFinished.broadcast = true
            }
        }
        for value in try monitor.take() { noteCommand(value) }
        for value in try events.take() { noteEvent(value) }
    }

    // MARK: What was told

    /// The place of a key's account.
    private func place(_ key: some Sequence<UInt8>) -> Int? {
        let parts = String(decoding: Array(key), as: UTF8.self).split(separator: ":")
        guard parts.count == 2, let number = Int(parts[1]) else { return nil }
        let place = parts[0] == "extra" ? keys + number : number
        return accounts.indices.contains(place) ? place : nil
    }

    private func each(of push: RESPValue, _ body: (Int) -> Void, marker: () -> Void) {
        for key in push.elements?.last?.elements ?? [] {
            guard let bytes = key.bytes?.bytes else { continue }
            if let place = place(bytes) {
                body(place)
            } else {
                marker()
            }
        }
    }

    private func noteCommand(_ line: RESPValue) {
        guard let text = line.bytes?.text else { return }
        messages.monitor += 1
        let words = text.split(separator: "\"")
        guard words.count > 3 else { return }
        if words[3] == "marker", words[1] == "SET" { isFinished.monitor = true }
        guard let place = place(words[3].utf8) else { return }
        if words[1] == "SET" { accounts[place].monitoredSets += 1 }
        if words[1] == "GET" { accounts[place].monitoredReads += 1 }
    }

    private func noteEvent(_ message: RESPValue) {
        guard let parts = message.elements, parts.count == 4, let channel = parts[2].bytes,
            let text = parts[3].bytes, let colon = channel.bytes.firstIndex(of: 0x3A)
        else { return }
        messages.events += 1
        let name = ByteString(Array(channel.bytes[(colon + 1)...]))
        guard channel.bytes.starts(with: Array("__keyevent".utf8)) else {
            guard let place = place(name.bytes) else { return }
            if text == "set" { accounts[place].setsByKey += 1 }
            if text == "expired" || text == "evicted" { accounts[place].goneByKey += 1 }
            return
        }
        guard let place = place(text.bytes) else {
            // The channel of the key comes first, that of the event last.
            if text == "marker", name == "set" { isFinished.events = true }
            return
        }
        if name == "set" { accounts[place].sets += 1 }
        if name == "expired" { accounts[place].expirations += 1 }
        if name == "evicted" { accounts[place].evictions += 1 }
    }

    // MARK: The verdict

    /// What is wrong, a line each.
    func complaints(left: Int) -> [String] {
        var lines: [String] = []
        for (place, account) in accounts.enumerated() {
            let isExtra = place >= keys
            let expires = place < keys / 2
            let isRight =
                account.sets == 1 && account.setsByKey == 1
                && account.goneByKey == account.gone
                && (expires ? account.gone == 1 : account.evictions <= 1 && account.gone <= 1)
                && account.monitoredSets == 1 && account.monitoredReads == (isExtra ? 0 : 1)
                && account.invalidations == (isExtra ? 0 : account.gone)
                // Two changes in one turn are told as one.
                && (isExtra
                    ? 1...1 + account.gone ~= account.broadcasts
                    : account.broadcasts == 1 + account.gone)
            if !isRight { lines.append("key \(place)\(isExtra ? " (extra)" : ""): \(account)") }
        }
        let gone = accounts.reduce(0) { $0 + $1.gone }
        if left != accounts.count - gone {
            lines.append("\(gone) of \(accounts.count) keys are told to be gone, \(left) are left")
        }
        return lines
    }
}

/// A connection on which much comes that nobody has just asked for.
private final class EventStream {
    let socket: OpenDescriptor
    private var parser = ReplyParser()

    /// Connects and sends requests, which must not be answered by errors.
    init(_ address: BenchAddress, _ requests: [[String]]) throws(BenchError) {
        socket = try ControlConnection(address).socket
        for words in requests {
            try socket.send(RequestTemplate(words).bytes)
            var replies: [RESPValue] = []
            while replies.isEmpty {
                _ = socket.isReadable(within: 1000)
                replies = try take()
            }
            if let error = replies[0].errorText {
                throw BenchError("the server refused \(words[0]): \(error.text)")
            }
        }
    }

    /// What has come whole.
    func take() throws(BenchError) -> [RESPValue] {
        var values: [RESPValue] = []
        while socket.isReadable(within: 0) {
            let bytes = try socket.receive(limit: 1 << 18)
            if bytes.isEmpty { throw BenchError("the server closed a connection that listens") }
            parser.feed(bytes)
            do {
                while let value = try parser.next() { values.append(value) }
            } catch {
                throw BenchError("the server sent something that is no reply: \(error)")
            }
        }
        return values
    }
}
