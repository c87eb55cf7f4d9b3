// How long a person waits: for the answer of `larder -c PING`, from the start of the process to
// its end, and on a terminal from the start to the first prompt.

/// `larder bench --startup`.
struct StartupMeasurement {
    private static let runs = 20
    private let options: BenchOptions
    private let report: BenchReport

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let executable = try BenchServer.ownExecutable(options)
        let directory = try makeTemporaryDirectory()
        defer { removeDirectory(directory) }
        report.columns([
            ("milliseconds", "first prompt"), ("median", "100.0"), ("least", "100.0"),
            ("most", "100.0"),
        ])
        var times: [Double] = []
        for _ in 0..<Self.runs {
            times.append(try commandTime(executable, log: "\(directory)/log"))
        }
        publish("-c PING", times)
        times = []
        for _ in 0..<Self.runs { times.append(try promptTime(executable)) }
        publish("first prompt", times)
    }

    private func publish(_ name: String, _ times: [Double]) {
        guard let spread = Spread(times) else { return }
        report.row([
            name, decimal(spread.median, 1), decimal(spread.minimum, 1),
            decimal(spread.maximum, 1),
        ])
        report.add(.object([("measurement", .text(name)), ("milliseconds", spread.json)]))
    }

    private func commandTime(_ executable: String, log: String) throws(BenchError) -> Double {
        try Interruption.check()
        let start = monotonicNanoseconds()
        let child = try ChildProcess.start([executable, "-c", "PING"], log: log)
        let code = child.waitForExit()
        let time = Double(monotonicNanoseconds() - start) / 1e6
        guard code == 0 else {
            throw BenchError("\(executable) -c PING ended with exit code \(code)")
        }
        return time
    }

    private func promptTime(_ executable: String) throws(BenchError) -> Double {
        try Interruption.check()
        let start = monotonicNanoseconds()
        let (child, terminal) = try ChildProcess.startOnTerminal([executable])
        var shown: [UInt8] = []
        var time: Double?
        while time == nil, terminal.isReadable(within: 3000) {
            let part = try terminal.receive()
            if part.isEmpty { break }
            shown += part
            if Self.endsInPrompt(shown) { time = Double(monotonicNanoseconds() - start) / 1e6 }
        }
        // Ctrl-D on the empty line ends the session; what it still prints must be read, or the
        // child would wait for room.
        write([4], to: terminal.number)
        for _ in 0..<100 where child.isRunning {
            if terminal.isReadable(within: 20) { _ = try? terminal.receive() }
        }
        child.stop()
        guard let time else { throw BenchError("\(executable) showed no prompt in 3 seconds") }
        return time
    }

    /// Whether the screen shows a prompt: `> ` with nothing but control sequences after it.
    static func endsInPrompt(_ bytes: [UInt8]) -> Bool {
        var visible: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == 0x1B else {
                if byte >= 0x20 { visible.append(byte) }
                continue
            }
            guard index < bytes.count else { break }
            let kind = bytes[index]
            index += 1
            if kind == UInt8(ascii: "[") {
                while index < bytes.count, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
                index += 1
            } else if kind == UInt8(ascii: "]") {
                while index < bytes.count, bytes[index] != 0x07, bytes[index] != 0x1B {
                    index += 1
                }
                index += 1
            }
        }
        return visible.suffix(2) == [UInt8(ascii: ">"), UInt8(ascii: " ")]
    }
}
