import Bytes
import Engine
import Nodes

// A node without sockets, on one thread: what parsing, the engine and the replies cost by
// themselves. The requests are the same bytes that the sockets would carry, a batch per `receive`,
// and the node gets a fresh reading of the clock for each batch, as a server gives it.

/// `larder bench --in-process`.
struct InProcessLoad {
    /// A connection to a node, and the batches that go through it.
    private struct Stream: ~Copyable {
        var node: Node
        let connection: ConnectionID
        var scanner = ReplyScanner()
        var replyBytes = 0
        private var lastTick: UInt64 = 0

        init(seed: UInt64) {
            let now = Stream.now()
            node = Node(seed: seed, at: now, stopwatch: monotonicNanoseconds)
            connection = node.open(
                ConnectionOrigin(kind: .embedded, address: "bench"), at: now)
            node.drain(output: { _, _ in }, action: { _ in })
        }

        static func now() -> Tick {
            Tick(
                wall: Timestamp(milliseconds: Int64(wallMilliseconds())),
                monotonic: Instant(nanoseconds: monotonicNanoseconds()))
        }

        /// Sends commands in batches. The replies of some batches are scanned for errors, those of
        /// the others only counted in bytes, so that the time is the node's and not the reader's.
        mutating func run(_ plan: LoadPlan, check: Bool) throws(BenchError) {
            let batch = plan.template.repeated(plan.pipeline)
            let commandLength = plan.template.bytes.count
            let holesPerCommand = plan.template.holes.count
            var keys = KeySequence(plan.keys)
            var requests = batch.bytes
            var left = plan.requests
            while left > 0 {
                let commands = min(left, plan.pipeline)
                left -= commands
                keys.patch(&requests, at: batch.holes[..<(holesPerCommand * commands)])
                let length = commandLength * commands
                let now = Stream.now()
                if now.monotonic.nanoseconds &- lastTick > 100_000_000 {
                    lastTick = now.monotonic.nanoseconds
                    node.tick(at: now)
                    drain(check: false)
                    try Interruption.check()
                }
                // Safe: bytes of an array of bytes, none of which is padding.
                let consumed = unsafe node.receive(
                    requests.span.bytes.extracting(first: length), from: connection, at: now)
                guard consumed == length else {
                    throw BenchError("the node took \(consumed) of \(length) bytes")
                }
                drain(check: check)
            }
        }

        private mutating func drain(check: Bool) {
            var bytes = 0
            var scanner = self.scanner
            node.drain(
                output: { _, reply in
                    bytes += reply.byteCount
                    if check { _ = scanner.scan(reply) }
                }, action: { _ in })
            self.scanner = scanner
            replyBytes += bytes
        }
    }

    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    private var keyspace: Int { options.keysOrDefault }

    func run() throws(BenchError) {
        let tests = try BenchTest.named(options.tests)
        report.add("keys", .number(Double(keyspace)))
        report.add("seed", .number(Double(options.seed)))
        report.note(
            "in process, one thread, \(options.dataSizeOrDefault)-byte values, "
                + "\(grouped(Double(keyspace))) keys, seed \(options.seed), "
                + "\(options.rounds) rounds: median (least-most)")
        report.columns([
            ("test", "lrange_300"), ("-P", "1000"),
            ("per second", "10,000,000 (10,000,000-10,000,000)"), ("ns/cmd", "1000"),
        ])
        for pipeline in options.pipelinesOrDefault {
            for test in tests { try run(test, pipeline) }
        }
    }

    private func run(_ test: BenchTest, _ pipeline: Int) throws(BenchError) {
        var stream = Stream(seed: options.seed)
        report.progress("\(test.name) -P \(pipeline): filling")
        let total = options.requests ?? 5_000_000
        try prepare(test, requests: total + min(100_000, total), &stream)
        var plan = LoadPlan(
            template: test.template(dataSize: options.dataSizeOrDefault),
            requests: max(1, min(100_000, total)), pipeline: pipeline,
            keys: .random(below: UInt64(keyspace), seed: options.seed))
        try stream.run(plan, check: true)
        guard stream.scanner.errors == 0 else {
            report.failure("the node answered \(test.name) with errors")
            return
        }
        plan.requests = max(1, total / options.rounds)
        var rates: [Double] = []
        for round in 0..<options.rounds {
            plan.keys = .random(below: UInt64(keyspace), seed: options.seed &+ UInt64(round))
            let start = monotonicNanoseconds()
            try stream.run(plan, check: false)
            let seconds = Double(monotonicNanoseconds() - start) / 1e9
            rates.append(Double(plan.requests) / seconds)
            report.progress("\(test.name) -P \(pipeline): round \(round + 1)")
        }
        publish(test, pipeline, rates)
    }

    private func prepare(
        _ test: BenchTest, requests: Int, _ stream: inout Stream
    ) throws(BenchError) {
        let value = String(repeating: "x", count: options.dataSizeOrDefault)
        let words: [String]
        let count: Int
        switch test.preparation {
        case .nothing: return
        case .strings: (words, count) = (["SET", "key:{n}", value], keyspace)
        case .list(let length): (words, count) = (["RPUSH", "mylist", value], length)
        case .stock(let stock): (words, count) = (stock.adding(value), requests)
        }
        let plan = LoadPlan(
            template: RequestTemplate(words), requests: count, pipeline: 64,
            keys: .sequential(from: 0))
        try stream.run(plan, check: true)
    }

    private func publish(_ test: BenchTest, _ pipeline: Int, _ rates: [Double]) {
        guard let spread = Spread(rates) else { return }
        report.row([
            test.name, String(pipeline),
            "\(grouped(spread.median)) (\(grouped(spread.minimum))-\(grouped(spread.maximum)))",
            decimal(1e9 / spread.median, 0),
        ])
        report.add(
            .object([
                ("test", .text(test.name)), ("pipeline", .number(Double(pipeline))),
                ("perSecond", spread.json),
            ]))
    }
}
