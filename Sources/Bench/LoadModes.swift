import Histogram

// The two measurements over sockets: one server alone, and two that take turns. Turns (A B A B …)
// keep what drifts on a machine, such as its clock rate and its neighbours, from favouring a side;
// the ratios are formed round by round and their median is the result.

/// One run against one server, with the server's processor time.
private func measure(
    _ sockets: LoadSockets, _ server: BenchServer, _ plan: LoadPlan, _ label: String,
    _ report: BenchReport
) throws(BenchError) -> (LoadResult, serverNanoseconds: Double?) {
    let before = server.account?.processorNanoseconds()
    let result = try sockets.run(plan) { done, elapsed in
        let share = 100 * done / plan.requests
        let rate = elapsed > 0 ? Double(done) * 1e9 / Double(elapsed) : 0
        report.progress("\(label) on \(server.name): \(share) %, \(grouped(rate)) per second")
    }
    let after = server.account?.processorNanoseconds()
    guard let before, let after, after >= before else { return (result, nil) }
    return (result, Double(after - before))
}

private func complain(
    _ result: LoadResult, _ test: BenchTest, _ server: BenchServer, _ report: BenchReport
) {
    guard result.errors > 0 else { return }
    report.failure(
        "\(server.name) answered \(test.name) with \(result.errors) errors: \(result.firstError)")
}

/// `larder bench` with one server.
struct SingleLoad {
    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let tests = try BenchTest.named(options.tests)
        let server = try BenchServer.measured(options)
        let sockets = try LoadSockets(address: server.address, clients: options.clients)
        report.add("server", .text(server.name))
        report.add("clients", .number(Double(options.clients)))
        report.add("seed", .number(Double(options.seed)))
        report.note(
            "\(server.name) over \(server.address.isUnix ? "a local socket" : "TCP"), "
                + "\(options.clients) clients, \(options.dataSizeOrDefault)-byte values, "
                + "\(grouped(Double(options.keysOrDefault))) keys, seed \(options.seed)")
        report.columns([
            ("test", "lrange_300"), ("-P", "1000"), ("per second", "1,000,000"),
            ("p50 ms", "100.000"), ("p95", "100.000"), ("p99", "100.000"), ("p99.9", "100.000"),
            ("max", "1000.000"), ("server us/cmd", ""), ("client us/cmd", ""),
        ])
        for pipeline in options.pipelinesOrDefault {
            for test in tests { try run(test, pipeline, server, sockets) }
        }
    }

    private func run(
        _ test: BenchTest, _ pipeline: Int, _ server: BenchServer, _ sockets: LoadSockets
    ) throws(BenchError) {
        let requests = options.requests ?? 100_000
        try server.prepare(for: test, requests: requests, options, report)
        let plan = LoadPlan(
            template: test.template(dataSize: options.dataSizeOrDefault), requests: requests,
            pipeline: pipeline,
            keys: .random(below: UInt64(options.keysOrDefault), seed: options.seed))
        let (result, serverTime) = try measure(sockets, server, plan, test.name, report)
        let latency = LatencySummary(result.latency)
        let serverCost = serverTime.map { $0 / 1000 / Double(result.requests) }
        let clientCost = Double(result.clientNanoseconds) / 1000 / Double(result.requests)
        report.row([
            test.name, String(pipeline), grouped(result.perSecond), decimal(latency.p50, 3),
            decimal(latency.p95, 3), decimal(latency.p99, 3), decimal(latency.p999, 3),
            decimal(latency.maximum, 3), serverCost.map { decimal($0, 3) } ?? "-",
            decimal(clientCost, 3),
        ])
        report.add(
            .object([
                ("test", .text(test.name)), ("pipeline", .number(Double(pipeline))),
                ("requests", .number(Double(result.requests))),
                ("seconds", .number(result.seconds)), ("perSecond", .number(result.perSecond)),
                ("latencyMilliseconds", latency.json),
                ("serverMicrosecondsPerCommand", JSONText(serverCost)),
                ("clientMicrosecondsPerCommand", .number(clientCost)),
                ("errors", .number(Double(result.errors))),
            ]))
        complain(result, test, server, report)
    }
}

/// `larder bench --against`.
struct Comparison {
    /// What the rounds of one side showed.
    private struct Side {
        let server: BenchServer
        let sockets: LoadSockets
        var perSecond: [Double] = []
        /// Microseconds of the server's processor time per command.
        var cost: [Double] = []
        var latency = LoadResult().latency
        var errors = LoadResult()

        init(_ server: BenchServer, _ options: BenchOptions) throws(BenchError) {
            self.server = server
            sockets = try LoadSockets(address: server.address, clients: options.clients)
        }

        mutating func reset() {
            perSecond = []
            cost = []
            latency.reset()
            errors = LoadResult()
        }

        mutating func add(_ result: LoadResult, _ serverTime: Double?) {
            perSecond.append(result.perSecond)
            if let serverTime { cost.append(serverTime / 1000 / Double(result.requests)) }
            latency.add(result.latency)
            if errors.errors == 0 { errors.firstError = result.firstError }
            errors.errors += result.errors
        }
    }

    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let tests = try BenchTest.named(options.tests)
        let measured = try BenchServer.measured(options)
        guard let other = try BenchServer.compared(options) else { return }
        var sides = [try Side(measured, options), try Side(other, options)]
        announce(measured, other)
        for pipeline in options.pipelinesOrDefault {
            for test in tests { try run(test, pipeline, &sides) }
        }
    }

    private func announce(_ first: BenchServer, _ second: BenchServer) {
        report.add("a", .text(first.name))
        report.add("b", .text(second.name))
        report.add("clients", .number(Double(options.clients)))
        report.add("rounds", .number(Double(options.rounds)))
        report.add("seed", .number(Double(options.seed)))
        report.note(
            "A is \(first.name), B is \(second.name), over "
                + "\(first.address.isUnix ? "local sockets" : "TCP"), \(options.clients) clients, "
                + "\(options.dataSizeOrDefault)-byte values, "
                + "\(grouped(Double(options.keysOrDefault))) keys, seed \(options.seed), "
                + "\(options.rounds) rounds A B; "
                + "ratios are A/B: median (least-most)")
        report.columns([
            ("test", "lrange_300"), ("-P", "1000"), ("A per second", ""), ("B per second", ""),
            ("throughput A/B", "0.00 (0.00-0.00)"), ("A cpu us/cmd", ""), ("B cpu us/cmd", ""),
            ("cpu A/B", "0.00 (0.00-0.00)"), ("A p99 ms", ""), ("B p99 ms", ""),
        ])
    }

    /// Requests of one round: enough for each round to last a good part of a second.
    static func requestsPerRound(_ options: BenchOptions, pipeline: Int) -> Int {
        let total = options.requests ?? (pipeline < 8 ? 500_000 : 3_000_000)
        return max(1, total / options.rounds)
    }

    private func run(
        _ test: BenchTest, _ pipeline: Int, _ sides: inout [Side]
    ) throws(BenchError) {
        let requests = Self.requestsPerRound(options, pipeline: pipeline)
        var plan = LoadPlan(
            template: test.template(dataSize: options.dataSizeOrDefault),
            requests: max(1, requests / 4), pipeline: pipeline,
            keys: .random(below: UInt64(options.keysOrDefault), seed: options.seed))
        for index in sides.indices {
            sides[index].reset()
            let side = sides[index]
            try side.server.prepare(for: test, requests: plan.requests, options, report)
            _ = try measure(side.sockets, side.server, plan, "warming up \(test.name)", report)
        }
        plan.requests = requests
        for round in 0..<options.rounds {
            let seed = options.seed &+ UInt64(round)
            plan.keys = .random(below: UInt64(options.keysOrDefault), seed: seed)
            for index in sides.indices {
                let side = sides[index]
                try side.server.prepare(for: test, requests: requests, options, report)
                let label = "\(test.name) -P \(pipeline), round \(round + 1)"
                let (result, time) = try measure(side.sockets, side.server, plan, label, report)
                sides[index].add(result, time)
            }
        }
        publish(test, pipeline, requests, sides)
    }

    private func publish(_ test: BenchTest, _ pipeline: Int, _ requests: Int, _ sides: [Side]) {
        let speed = Spread(ratiosOf: sides[0].perSecond, to: sides[1].perSecond)
        let cost = Spread(ratiosOf: sides[0].cost, to: sides[1].cost)
        let speeds = sides.map { Spread($0.perSecond)?.median }
        let costs = sides.map { Spread($0.cost)?.median }
        let latencies = sides.map { LatencySummary($0.latency) }
        func number(_ value: Double?, _ places: Int) -> String {
            value.map { decimal($0, places) } ?? "-"
        }
        report.row([
            test.name, String(pipeline), speeds[0].map(grouped) ?? "-",
            speeds[1].map(grouped) ?? "-", speed?.text ?? "-", number(costs[0], 3),
            number(costs[1], 3), cost?.text ?? "-", decimal(latencies[0].p99, 3),
            decimal(latencies[1].p99, 3),
        ])
        func json(_ index: Int) -> JSONText {
            .object([
                ("perSecond", .array(sides[index].perSecond.map { .number($0) })),
                ("serverMicrosecondsPerCommand", .array(sides[index].cost.map { .number($0) })),
                ("latencyMilliseconds", latencies[index].json),
                ("errors", .number(Double(sides[index].errors.errors))),
            ])
        }
        report.add(
            .object([
                ("test", .text(test.name)), ("pipeline", .number(Double(pipeline))),
                ("requestsPerRound", .number(Double(requests))), ("a", json(0)), ("b", json(1)),
                ("throughputRatio", speed?.json ?? .null), ("processorRatio", cost?.json ?? .null),
            ]))
        for side in sides { complain(side.errors, test, side.server, report) }
    }
}
