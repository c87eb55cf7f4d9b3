import Histogram

// What clients feel while very many keys expire at one instant: a second connection asks PING
// again and again, and the longest round trip is the stall. The same is measured before the
// instant, so that the machine's own hiccups can be told from the server's.

/// `larder bench --expiry`.
struct ExpiryMeasurement {
    private struct Outcome {
        var before = LoadResult().latency
        var during = LoadResult().latency
        /// Milliseconds from the instant until no key was left.
        var emptied = 0.0
        var overTenMilliseconds = 0
    }

    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let keys = options.requests ?? 1_000_000
        report.note(
            "\(grouped(Double(keys))) keys expire at one instant while a client asks PING; "
                + "milliseconds")
        report.columns([
            ("server", "127.0.0.1:65535"), ("before: p50", ""), ("max", "100.000"),
            ("during: p50", ""), ("p99.9", "100.000"), ("longest stall", ""), ("over 10 ms", ""),
            ("empty after", "10000"),
        ])
        let measured = try BenchServer.measured(options)
        try run(measured, keys)
        if let other = try BenchServer.compared(options) { try run(other, keys) }
    }

    private func run(_ server: BenchServer, _ keys: Int) throws(BenchError) {
        let control = try ControlConnection(server.address)
        if options.mayFlush { _ = try control.command(["FLUSHALL"]) }
        guard try control.command(["DBSIZE"]).integer == 0 else {
            throw BenchError(
                "\(server.name) holds keys; --flush allows the bench to remove ALL of them")
        }
        var allowance = UInt64(keys) / 200 + 2000
        var instant = wallMilliseconds() + allowance
        while true {
            try server.fill(
                keys: 0..<keys, dataSize: options.dataSizeOrDefault,
                suffix: ["PXAT", String(instant)],
                report)
            if wallMilliseconds() + 500 < instant { break }
            // Filling took longer than allowed for: begin again with more time.
            allowance *= 2
            instant = wallMilliseconds() + allowance
            guard allowance < 600_000 else { throw BenchError("\(server.name) is too slow") }
        }
        publish(server, try observe(control, until: instant))
    }

    private func observe(
        _ control: ControlConnection, until instant: UInt64
    ) throws(BenchError) -> Outcome {
        var outcome = Outcome()
        var now = wallMilliseconds()
        // The keys must not expire while the observer sleeps.
        while now + 1000 < instant {
            try Interruption.check()
            pause(milliseconds: 20)
            now = wallMilliseconds()
        }
        var nextCount = instant
        while true {
            try Interruption.check()
            // The count of the keys is a round trip like any other: it may be the one that waits.
            let counts = now >= nextCount
            let start = monotonicNanoseconds()
            let reply = try control.command(counts ? ["DBSIZE"] : ["PING"])
            let time = monotonicNanoseconds() - start
            now = wallMilliseconds()
            if now < instant {
                outcome.before.record(time)
            } else {
                outcome.during.record(time)
                if time > 10_000_000 { outcome.overTenMilliseconds += 1 }
            }
            guard counts else { continue }
            report.progress("keys are expiring")
            nextCount = now + 5
            if reply.integer == 0 { break }
            guard now < instant + 120_000 else {
                throw BenchError("expired keys are still there after two minutes")
            }
        }
        outcome.emptied = Double(now) - Double(instant)
        return outcome
    }

    private func publish(_ server: BenchServer, _ outcome: Outcome) {
        let before = LatencySummary(outcome.before)
        let during = LatencySummary(outcome.during)
        report.row([
            server.name, decimal(before.p50, 3), decimal(before.maximum, 3),
            decimal(during.p50, 3), decimal(during.p999, 3), decimal(during.maximum, 3),
            String(outcome.overTenMilliseconds), decimal(outcome.emptied, 0),
        ])
        report.add(
            .object([
                ("server", .text(server.name)), ("beforeMilliseconds", before.json),
                ("duringMilliseconds", during.json),
                ("overTenMilliseconds", .number(Double(outcome.overTenMilliseconds))),
                ("emptyAfterMilliseconds", .number(outcome.emptied)),
            ]))
    }
}
