import Glibc

// How many lookups of a cache find their key while it holds only a part of the data: each stream
// of keys is played at a server in front of something slow, so that what is not found is put in.
// Both servers get the same keys in the same order, and the same share of what the whole data
// takes in each of them: how small a server keeps its data is another measurement.

/// `larder bench --hit-ratio`.
struct HitRatioMeasurement {
    /// A kind of stream: how its keys are drawn.
    private struct Stream {
        let name: String
        let exponent: Double
        /// One key in so many is the next of a walk through all keys; 0 is none.
        let walk: Int
    }

    private static let streams = [
        Stream(name: "zipf 0.8", exponent: 0.8, walk: 0),
        Stream(name: "zipf 1.0", exponent: 1.0, walk: 0),
        Stream(name: "zipf 1.2", exponent: 1.2, walk: 0),
        Stream(name: "zipf 1.0, scans", exponent: 1.0, walk: 4),
    ]
    private static let policies = ["allkeys-lru", "allkeys-lfu"]
    private static let shares = [10, 30, 60]
    /// Lookups in one batch; the misses among them are put in together.
    private static let batch = 50

    private let options: BenchOptions
    private let report: BenchReport
    private let keys: Int
    private let requests: Int
    private let dataSize: Int

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
        keys = options.keyspace ?? 50_000
        requests = options.requests ?? 300_000
        dataSize = options.dataSize ?? 100
    }

    func run() throws(BenchError) {
        var servers = [try CachedServer(try BenchServer.measured(options), options)]
        if let other = try BenchServer.compared(options) {
            servers.append(try CachedServer(other, options))
        }
        for place in servers.indices {
            try servers[place].weigh(keys: keys, dataSize: dataSize, report)
        }
        announce(servers)
        for stream in Self.streams {
            let numbers = draw(stream)
            for policy in Self.policies {
                for share in Self.shares {
                    var ratios: [Double] = []
                    for server in servers {
                        report.progress("\(stream.name), \(policy), \(share) % on \(server.name)")
                        try server.bound(percent: share, policy: policy)
                        ratios.append(
                            try server.play(numbers, Self.batch, dataSize: dataSize))
                    }
                    publish(stream.name, policy, share, ratios)
                }
            }
        }
        for server in servers { try server.restore() }
    }

    /// The keys of a stream. The first quarter fills the cache and is not counted.
    private func draw(_ stream: Stream) -> [UInt32] {
        var sums: [Double] = []
        sums.reserveCapacity(keys)
        var sum = 0.0
        for rank in 1...keys {
            sum += 1 / pow(Double(rank), stream.exponent)
            sums.append(sum)
        }
        var numbers = SeededNumbers(seed: options.seed)
        var walked = 0
        var drawn: [UInt32] = []
        drawn.reserveCapacity(requests)
        for place in 0..<requests {
            if stream.walk > 0, place % stream.walk == 0 {
                drawn.append(UInt32(walked % keys))
                walked += 1
                continue
            }
            let unit = Double(numbers.next() >> 11) * 0x1p-53
            drawn.append(UInt32(HitRatioMeasurement.rank(of: unit * sum, in: sums)))
        }
        return drawn
    }

    /// The first place whose sum is above `value`.
    private static func rank(of value: Double, in sums: [Double]) -> Int {
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > value { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func announce(_ servers: [CachedServer]) {
        let sizes = servers.map { "\($0.name) \(grouped(Double($0.dataBytes))) bytes" }
        report.add("keys", .number(Double(keys)))
        report.add("requests", .number(Double(requests)))
        report.add("seed", .number(Double(options.seed)))
        report.note(
            "hit ratios in per cent: \(grouped(Double(keys))) keys with \(dataSize)-byte values, "
                + "\(grouped(Double(requests))) lookups, what is missing is put in; seed "
                + "\(options.seed). maxmemory is the share of the whole data: "
                + sizes.joined(separator: ", "))
        var titles = [
            (title: "stream", sample: "zipf 1.0, scans"), ("policy", "allkeys-lru"),
            ("share", "60 %"), (servers[0].name, "100.00"),
        ]
        if servers.count > 1 {
            titles += [(servers[1].name, "100.00"), ("points", "+00.00")]
        }
        report.columns(titles)
    }

    private func publish(_ stream: String, _ policy: String, _ share: Int, _ ratios: [Double]) {
        var cells = [stream, policy, "\(share) %"] + ratios.map { decimal($0 * 100, 2) }
        var members: [(String, JSONText)] = [
            ("stream", .text(stream)), ("policy", .text(policy)),
            ("share", .number(Double(share))), ("a", .number(ratios[0])),
        ]
        if ratios.count > 1 {
            let difference = (ratios[0] - ratios[1]) * 100
            cells.append((difference < 0 ? "" : "+") + decimal(difference, 2))
            members += [("b", .number(ratios[1])), ("points", .number(difference))]
        }
        report.row(cells)
        report.add(.object(members))
    }
}

/// A server as a cache in front of something slow.
private struct CachedServer {
    let name: String
    private let server: BenchServer
    private let control: ControlConnection
    /// Bytes of the server without data, and of all the data.
    private var emptyBytes = 0
    private(set) var dataBytes = 0

    init(_ server: BenchServer, _ options: BenchOptions) throws(BenchError) {
        self.server = server
        name = server.name
        control = try ControlConnection(server.address)
        if options.mayFlush { _ = try control.command(["FLUSHALL"]) }
        guard try control.command(["DBSIZE"]).integer == 0 else {
            throw BenchError(
                "\(name) holds keys; --flush allows the bench to remove ALL of them")
        }
    }

    /// Finds out what all the data takes.
    mutating func weigh(keys: Int, dataSize: Int, _ report: BenchReport) throws(BenchError) {
        emptyBytes = try used()
        try server.fill(keys: 0..<keys, dataSize: dataSize, report)
        // Connections that have filled it are gone when this one is alone again.
        pause(milliseconds: 200)
        dataBytes = try used() - emptyBytes
        _ = try control.command(["FLUSHALL"])
        guard dataBytes > 0 else { throw BenchError("\(name) does not tell its memory") }
    }

    private func used() throws(BenchError) -> Int {
        guard let text = try control.information("memory", "used_memory"), let used = Int(text)
        else { throw BenchError("\(name) does not tell its memory") }
        return used
    }

    /// Empties the server and gives it room for a part of the data.
    func bound(percent: Int, policy: String) throws(BenchError) {
        _ = try control.command(["FLUSHALL"])
        let bytes = emptyBytes + dataBytes * percent / 100
        _ = try control.command(["CONFIG", "SET", "maxmemory-policy", policy])
        _ = try control.command(["CONFIG", "SET", "maxmemory", String(bytes)])
    }

    /// Takes the bound away again.
    func restore() throws(BenchError) {
        _ = try control.command(["FLUSHALL"])
        _ = try control.command(["CONFIG", "SET", "maxmemory", "0"])
        _ = try control.command(["CONFIG", "SET", "maxmemory-policy", "noeviction"])
    }

    /// Looks all keys up in their order, puts in what is missing, and returns the share of hits
    /// after the first quarter.
    func play(_ numbers: [UInt32], _ batch: Int, dataSize: Int) throws(BenchError) -> Double {
        let lookup = RequestTemplate(["GET", "key:{n}"])
        let store = RequestTemplate(["SET", "key:{n}", String(repeating: "x", count: dataSize)])
        let stored = Array("+OK\r\n".utf8)
        var hits = 0
        var counted = 0
        var start = 0
        while start < numbers.count {
            try Interruption.check()
            let part = numbers[start..<min(start + batch, numbers.count)]
            try control.socket.send(request(lookup, Array(part)))
            let isHit = try lookups(part.count, dataSize: dataSize)
            var missing: [UInt32] = []
            for (place, number) in part.enumerated() where !isHit[place] {
                if !missing.contains(number) { missing.append(number) }
            }
            if !missing.isEmpty {
                try control.socket.send(request(store, missing))
                let replies = try receive(stored.count * missing.count)
                guard replies.starts(with: stored) else { throw refusal(replies) }
            }
            if start >= numbers.count / 4 {
                counted += part.count
                hits += isHit.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            start += part.count
        }
        return Double(hits) / Double(max(1, counted))
    }

    private func request(_ template: RequestTemplate, _ numbers: [UInt32]) -> [UInt8] {
        let batch = template.repeated(numbers.count)
        var bytes = batch.bytes
        var span = bytes.mutableSpan
        for (place, number) in numbers.enumerated() {
            RequestTemplate.patch(&span, at: batch.holes[place], with: UInt64(number))
        }
        return bytes
    }

    /// Which of so many lookups have found a value.
    private func lookups(_ count: Int, dataSize: Int) throws(BenchError) -> [Bool] {
        var isHit: [Bool] = []
        var received: [UInt8] = []
        var place = 0
        let length = dataSize + String(dataSize).utf8.count + 5
        while isHit.count < count {
            while place + 5 <= received.count, isHit.count < count {
                guard received[place] == UInt8(ascii: "$") else { throw refusal(received) }
                let found = received[place + 1] != UInt8(ascii: "-")
                if found, place + length > received.count { break }
                isHit.append(found)
                place += found ? length : 5
            }
            if isHit.count < count { received += try part() }
        }
        return isHit
    }

    private func receive(_ count: Int) throws(BenchError) -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count { received += try part() }
        return received
    }

    private func part() throws(BenchError) -> [UInt8] {
        let part = try control.socket.receive()
        if part.isEmpty { throw BenchError("\(name) closed the connection") }
        return part
    }

    private func refusal(_ reply: [UInt8]) -> BenchError {
        let text = String(decoding: reply.prefix(100), as: UTF8.self)
        return BenchError("\(name) answered: \(text)")
    }
}
