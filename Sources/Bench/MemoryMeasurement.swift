// Growth of resident memory per key, or per element of large values. Each count is loaded into
// a fresh server, because an allocator that has been full once answers later questions from what
// it kept. A running server that was given by address must be empty and is filled further from
// count to count.

/// `larder bench --memory`.
struct MemoryMeasurement {
    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    private var dataSize: Int { options.dataSizeOrDefault }

    func run() throws(BenchError) {
        let counts = options.memoryKeys.sorted()
        let life = options.timeToLive.map { ", each with a TTL of \($0) s" } ?? ""
        let strings = "16-byte keys, \(dataSize)-byte values" + life
        report.note(
            "growth of resident memory in bytes per \(options.shape.element): "
                + (options.shape.account ?? strings))
        let first = try growths(counts) { () throws(BenchError) in
            try BenchServer.measured(options)
        }
        var second: (name: String, bytes: [Double])?
        if options.against != nil {
            second = try growths(counts) { () throws(BenchError) in
                guard let server = try BenchServer.compared(options) else {
                    throw BenchError("there is nothing to compare with")
                }
                return server
            }
        }
        publish(counts, first, second)
    }

    private func growths(
        _ counts: [Int], open: () throws(BenchError) -> BenchServer
    ) throws(BenchError) -> (name: String, bytes: [Double]) {
        var server = try open()
        let name = server.name
        var empty = try emptySize(of: server)
        var filled = 0
        var bytes: [Double] = []
        var accounted: [String] = []
        for (index, count) in counts.enumerated() {
            if index > 0 && server.isChild {
                server = try open()
                empty = try emptySize(of: server)
                filled = 0
            }
            if options.shape == .strings {
                let suffix = options.timeToLive.map { ["EX", String($0)] } ?? []
                try server.fill(keys: filled..<count, dataSize: dataSize, suffix: suffix, report)
            } else {
                try server.fill(options.shape, filled..<count, report)
            }
            filled = count
            let grown = try settledSize(of: server) - empty
            bytes.append(Double(grown) / Double(count))
            // The connection itself and the empty tables are the same few kilobytes each time.
            let used = try ControlConnection(server.address).information("memory", "used_memory")
            let share = Double(used.flatMap { Int($0) } ?? 0) / Double(max(1, grown))
            accounted.append(decimal(share, 3))
        }
        report.note(
            "\(name): used_memory of the growth of resident memory: "
                + accounted.joined(separator: ", "))
        report.add("accounted \(name)", .text(accounted.joined(separator: " ")))
        return (name, bytes)
    }

    /// The resident size before the keys. A few commands go first, so that code pages and
    /// connection buffers, which do not grow with the keys, are already there.
    private func emptySize(of server: BenchServer) throws(BenchError) -> Int {
        guard server.account != nil else {
            throw BenchError("\(server.name) does not run on this machine: no memory figures")
        }
        let control = try ControlConnection(server.address)
        if server.isChild {
            let suffix = options.timeToLive.map { ["EX", String($0)] } ?? []
            try server.fill(keys: 0..<1000, dataSize: dataSize, suffix: suffix, report)
        }
        if server.isChild || options.mayFlush { _ = try control.command(["FLUSHALL"]) }
        guard try control.command(["DBSIZE"]).integer == 0 else {
            throw BenchError(
                "\(server.name) holds keys; --flush allows the bench to remove ALL of them")
        }
        return try settledSize(of: server)
    }

    /// The resident size once it has stopped moving: tables that are being rehashed in the
    /// background, for example, take a while.
    private func settledSize(of server: BenchServer) throws(BenchError) -> Int {
        var last = 0
        for round in 0..<20 {
            try Interruption.check()
            pause(milliseconds: 250)
            guard let size = server.account?.residentBytes() else {
                throw BenchError("the memory of \(server.name) cannot be read")
            }
            if round >= 3 && abs(size - last) <= 64 * 1024 { return size }
            last = size
        }
        return last
    }

    private func publish(
        _ counts: [Int], _ first: (name: String, bytes: [Double]),
        _ second: (name: String, bytes: [Double])?
    ) {
        var titles = [(options.shape.elements, "1,600,000"), (first.name, "1000.0")]
        if let second { titles += [(second.name, "1000.0"), ("A/B", "0.00")] }
        report.columns(titles.map { (title: $0.0, sample: $0.1) })
        func line(_ title: String, _ a: Double, _ b: Double?) {
            let other = b.map { [decimal($0, 1), decimal(a / $0, 2)] } ?? []
            report.row([title, decimal(a, 1)] + other)
            report.add(
                .object([
                    ("keys", .text(title)), ("a", .number(a)), ("b", JSONText(b)),
                ]))
        }
        for (index, count) in counts.enumerated() {
            line(grouped(Double(count)), first.bytes[index], second?.bytes[index])
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        line("mean", mean(first.bytes), second.map { mean($0.bytes) })
    }
}
