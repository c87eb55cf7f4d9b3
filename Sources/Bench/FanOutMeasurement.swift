import Histogram

// Messages to very many connections: all of them on one channel, channels that patterns follow,
// and one subscriber that never reads. Every connection compares each byte that it is sent with
// what it must be sent, so a message that is lost, doubled or out of order ends the measurement.

/// `larder bench --fanout`.
struct FanOutMeasurement {
    /// How many connections follow a pattern of their own, with a channel each.
    private static let patterns = 1000
    /// How many follow all of these channels with one pattern.
    private static let wide = 10
    /// Messages to each of these channels.
    private static let rounds = 10
    /// How many read beside the one that does not, how long its messages are, and how much may
    /// wait for it.
    private static let neighbours = 100
    private static let longMessage = 16_384
    private static let bound = 4 << 20

    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    private var subscribers: Int { options.keyspace ?? 10_000 }
    private var messages: Int { options.requests ?? 100 }
    private var connections: Int {
        subscribers + FanOutMeasurement.patterns + FanOutMeasurement.wide
            + FanOutMeasurement.neighbours + 64
    }

    func run() throws(BenchError) {
        let files = allowOpenFiles(connections)
        guard files >= connections else {
            throw BenchError(
                "\(connections) open files are needed and the system allows \(files): choose "
                    + "fewer subscribers with -r")
        }
        report.note(
            "\(grouped(Double(subscribers))) subscribers of one channel, "
                + "\(grouped(Double(FanOutMeasurement.patterns))) channels with patterns, one "
                + "subscriber that does not read; each byte that is sent is compared")
        report.columns([
            ("server", "redis-server"), ("part", "one by one, one channel"),
            ("messages", "1,000,000"), ("per second", "1,000,000"), ("server us", "10.000"),
            ("until all have it, ms: p50", ""), ("max", "1000.000"), ("resident MB", ""),
        ])
        try run(try BenchServer.measured(options))
        if let other = try BenchServer.compared(options) { try run(other) }
    }

    private func run(_ server: BenchServer) throws(BenchError) {
        let control = try ControlConnection(server.address)
        for (name, value) in [
            ("maxclients", String(connections)),
            ("client-output-buffer-limit", "pubsub \(FanOutMeasurement.bound) 0 0"),
        ] {
            _ = try control.command(["CONFIG", "SET", name, value])
        }
        let sockets = FanOutSockets()
        let channel = try subscribe(sockets, server)
        report.row([
            server.name, "connected", grouped(Double(sockets.count)), "-", "-", "-", "-",
            resident(server),
        ])
        try publishOneByOne(sockets, channel, control, server)
        try publishAtOnce(sockets, channel, server)
        try publishToPatterns(sockets, server)
        try publishBesideOneThatDoesNotRead(sockets, control, server)
        // Whoever was sent anything more has it in front of this.
        try sockets.finish()
    }

    // MARK: Parts

    /// Subscribes so many connections to one channel.
    private func subscribe(
        _ sockets: FanOutSockets, _ server: BenchServer
    ) throws(BenchError) -> FanOutSockets.Stream {
        let stream = sockets.addStream()
        sockets.expect(reply("subscribe", "news"), on: stream)
        for number in 0..<subscribers {
            try sockets.open(
                server.address, RequestTemplate(["SUBSCRIBE", "news"]).bytes, stream)
            if number % 500 == 499 { try sockets.settle() }
            report.progress("\(server.name): \(grouped(Double(number))) subscribers")
        }
        try sockets.settle()
        return stream
    }

    /// Each message is published when all have received the one before.
    private func publishOneByOne(
        _ sockets: FanOutSockets, _ stream: FanOutSockets.Stream, _ control: ControlConnection,
        _ server: BenchServer
    ) throws(BenchError) {
        var times = LoadResult().latency
        let account = Account(server)
        for number in 0..<messages {
            let text = message(number, length: options.dataSizeOrDefault)
            sockets.expect(delivery("news", text), on: stream)
            let began = monotonicNanoseconds()
            guard try control.command(["PUBLISH", "news", text]).integer == subscribers else {
                throw BenchError("message \(number) did not go to all subscribers")
            }
            try sockets.settle()
            times.record(monotonicNanoseconds() - began)
            report.progress("\(server.name): message \(number)")
        }
        let latency = LatencySummary(times)
        publish(
            server, "one by one, one channel", messages * subscribers, account,
            [decimal(latency.p50, 2), decimal(latency.maximum, 2)])
    }

    /// All messages are published without waiting.
    private func publishAtOnce(
        _ sockets: FanOutSockets, _ stream: FanOutSockets.Stream, _ server: BenchServer
    ) throws(BenchError) {
        var requests: [UInt8] = []
        var replies: [UInt8] = []
        var deliveries: [UInt8] = []
        for number in 0..<messages {
            let text = message(number, length: options.dataSizeOrDefault)
            requests += RequestTemplate(["PUBLISH", "news", text]).bytes
            replies += Array(":\(subscribers)\r\n".utf8)
            deliveries += delivery("news", text)
        }
        let publisher = sockets.addStream()
        let account = Account(server)
        sockets.expect(deliveries, on: stream)
        sockets.expect(replies, on: publisher)
        try sockets.open(server.address, requests, publisher, isSubscriber: false)
        try sockets.settle()
        publish(server, "at once, one channel", messages * subscribers, account, ["-", "-"])
    }

    /// Channels with a pattern each, and some patterns that all of them match.
    private func publishToPatterns(
        _ sockets: FanOutSockets, _ server: BenchServer
    ) throws(BenchError) {
        let all = sockets.addStream()
        sockets.expect(reply("psubscribe", "sport.*"), on: all)
        for _ in 0..<FanOutMeasurement.wide {
            try sockets.open(
                server.address, RequestTemplate(["PSUBSCRIBE", "sport.*"]).bytes, all)
        }
        var own: [FanOutSockets.Stream] = []
        for number in 0..<FanOutMeasurement.patterns {
            let pattern = "sport.\(number).*"
            own.append(sockets.addStream())
            sockets.expect(reply("psubscribe", pattern), on: own[number])
            try sockets.open(
                server.address, RequestTemplate(["PSUBSCRIBE", pattern]).bytes, own[number])
        }
        try sockets.settle()
        var requests: [UInt8] = []
        var replies: [UInt8] = []
        var toAll: [UInt8] = []
        var toOwn = [[UInt8]](repeating: [], count: FanOutMeasurement.patterns)
        for round in 0..<FanOutMeasurement.rounds {
            for number in 0..<FanOutMeasurement.patterns {
                let (channel, text) = ("sport.\(number).score", "\(round) of \(number)")
                requests += RequestTemplate(["PUBLISH", channel, text]).bytes
                replies += Array(":\(1 + FanOutMeasurement.wide)\r\n".utf8)
                toAll += delivery("sport.*", channel, text)
                toOwn[number] += delivery("sport.\(number).*", channel, text)
            }
        }
        let publisher = sockets.addStream()
        let account = Account(server)
        sockets.expect(toAll, on: all)
        for (stream, bytes) in zip(own, toOwn) { sockets.expect(bytes, on: stream) }
        sockets.expect(replies, on: publisher)
        try sockets.open(server.address, requests, publisher, isSubscriber: false)
        try sockets.settle()
        let count = FanOutMeasurement.rounds * FanOutMeasurement.patterns
        publish(
            server, "channels with patterns", count * (1 + FanOutMeasurement.wide), account,
            ["-", "-"])
    }

    /// One that never reads is cut when too much waits for it; its neighbours get everything.
    private func publishBesideOneThatDoesNotRead(
        _ sockets: FanOutSockets, _ control: ControlConnection, _ server: BenchServer
    ) throws(BenchError) {
        let stuck = try connectSocket(to: server.address)
        try stuck.send(RequestTemplate(["SUBSCRIBE", "films"]).bytes)
        let stream = sockets.addStream()
        sockets.expect(reply("subscribe", "films"), on: stream)
        for _ in 0..<FanOutMeasurement.neighbours {
            try sockets.open(
                server.address, RequestTemplate(["SUBSCRIBE", "films"]).bytes, stream)
        }
        try sockets.settle()
        let account = Account(server)
        var times = LoadResult().latency
        var sent = 0
        var receivers = FanOutMeasurement.neighbours + 1
        while receivers > FanOutMeasurement.neighbours {
            guard sent < 4000 else {
                throw BenchError("a subscriber that does not read is not cut")
            }
            let text = message(sent, length: FanOutMeasurement.longMessage)
            sockets.expect(delivery("films", text), on: stream)
            let began = monotonicNanoseconds()
            receivers = try control.command(["PUBLISH", "films", text]).integer ?? 0
            try sockets.settle()
            times.record(monotonicNanoseconds() - began)
            sent += 1
        }
        // What was sent before arrives, then the end.
        var arrived = 0
        while true {
            guard let part = try? stuck.receive(), !part.isEmpty else { break }
            arrived += part.count
        }
        guard receivers == FanOutMeasurement.neighbours else {
            throw BenchError("\(receivers) receivers are left of \(FanOutMeasurement.neighbours)")
        }
        let latency = LatencySummary(times)
        publish(
            server, "beside one that is cut", sent * FanOutMeasurement.neighbours, account,
            [decimal(latency.p50, 2), decimal(latency.maximum, 2)])
        report.note(
            "\(server.name): the one that does not read was cut at message \(sent), with "
                + "\(grouped(Double(sent * FanOutMeasurement.longMessage))) bytes of messages "
                + "published, of which its socket had taken \(grouped(Double(arrived)))")
    }

    // MARK: Figures

    /// Time and processor time since a beginning.
    private struct Account {
        let began = monotonicNanoseconds()
        let processor: UInt64?

        init(_ server: BenchServer) { processor = server.account?.processorNanoseconds() }
    }

    private func publish(
        _ server: BenchServer, _ part: String, _ count: Int, _ account: Account,
        _ times: [String]
    ) {
        let seconds = Double(monotonicNanoseconds() - account.began) / 1e9
        let rate = seconds > 0 ? Double(count) / seconds : 0
        var cost: Double?
        if let before = account.processor, let after = server.account?.processorNanoseconds() {
            cost = Double(after - before) / 1000 / Double(count)
        }
        report.row(
            [
                server.name, part, grouped(Double(count)), grouped(rate),
                cost.map { decimal($0, 3) } ?? "-",
            ] + times + [resident(server)])
        report.add(
            .object([
                ("server", .text(server.name)), ("part", .text(part)),
                ("messages", .number(Double(count))), ("perSecond", .number(rate)),
                ("serverMicrosecondsPerMessage", JSONText(cost)),
            ]))
    }

    private func resident(_ server: BenchServer) -> String {
        server.account?.residentBytes().map { decimal(Double($0) / 1e6, 1) } ?? "-"
    }

    // MARK: Bytes

    private func message(_ number: Int, length: Int) -> String {
        let text = "message \(number)"
        return text + String(repeating: ".", count: max(0, length - text.utf8.count))
    }

    private func reply(_ kind: String, _ name: String) -> [UInt8] {
        Array("*3\r\n".utf8) + bulk(kind) + bulk(name) + Array(":1\r\n".utf8)
    }

    private func delivery(_ channel: String, _ text: String) -> [UInt8] {
        Array("*3\r\n".utf8) + bulk("message") + bulk(channel) + bulk(text)
    }

    private func delivery(_ pattern: String, _ channel: String, _ text: String) -> [UInt8] {
        Array("*4\r\n".utf8) + bulk("pmessage") + bulk(pattern) + bulk(channel) + bulk(text)
    }

    private func bulk(_ text: String) -> [UInt8] {
        Array("$\(text.utf8.count)\r\n\(text)\r\n".utf8)
    }
}
