import Histogram

// How long a key takes from the keyboard to the screen: the prompt runs on a pseudo-terminal with
// 10,000 keys in its engine, keys are typed one by one, and the clock stops when the frame that
// shows the key has come out whole. Tab, which asks the engine for names, is counted by itself.

/// `larder bench --typing`.
struct TypingMeasurement {
    private let options: BenchOptions
    private let report: BenchReport
    private static let keys = 10_000

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    func run() throws(BenchError) {
        let executable = try BenchServer.ownExecutable(options)
        let directory = try makeTemporaryDirectory()
        defer { removeDirectory(directory) }
        let script = "\(directory)/keys"
        try createFile(script, Self.script(keys: options.keyspace ?? Self.keys))
        let (child, terminal) = try ChildProcess.startOnTerminal(
            [executable, "--color", "always"],
            variables: ["TERM=xterm-256color", "LARDER_HISTFILE=/dev/null", "LANG=C.UTF-8"])
        defer { child.stop() }
        var screen = TypedScreen(terminal)
        try screen.wait(isQuiet: true)
        try screen.press(Array(":source \(script)\r".utf8), isQuiet: true)
        var typed = LoadResult().latency
        var completed = LoadResult().latency
        for round in 0..<max(1, (options.requests ?? 4000) / 40) {
            try Interruption.check()
            let number = String(round * 7919 % 10_000 + 10_000).dropFirst()
            for key in "SET user:\(number):name value EX 60".utf8 {
                typed.record(try screen.press([key]))
            }
            try screen.press([0x15])
            for key in "GET user:\(number.prefix(2))".utf8 { typed.record(try screen.press([key])) }
            // The first inserts what is common, the second opens the menu.
            for _ in 0..<2 { completed.record(try screen.press([0x09])) }
            try screen.press([0x1B], isQuiet: true)
            try screen.press([0x15])
        }
        report.columns([
            ("milliseconds", "Tab at 10,000 keys"), ("p50", "100.00"), ("p99", "100.00"),
            ("most", "100.00"),
        ])
        publish("key", typed)
        publish("Tab", completed)
    }

    private func publish(_ name: String, _ latency: Histogram<UInt64>) {
        let summary = LatencySummary(latency)
        report.row([
            name, decimal(summary.p50, 2), decimal(summary.p99, 2), decimal(summary.maximum, 2),
        ])
        report.add(.object([("measurement", .text(name)), ("milliseconds", summary.json)]))
    }

    /// Lines that make so many keys, a hundred each.
    static func script(keys: Int) -> String {
        stride(from: 0, to: keys, by: 100).map { first in
            "MSET"
                + (first..<min(first + 100, keys)).map { key in
                    " user:\(String(key + 10_000).dropFirst()):name v"
                }.joined()
        }.joined(separator: "\n") + "\n"
    }
}

/// What comes out of the prompt's terminal.
struct TypedScreen {
    private let terminal: OpenDescriptor
    /// Ends each frame of the editor.
    private static let end = Array("\u{1B}[?2026l".utf8)

    init(_ terminal: OpenDescriptor) { self.terminal = terminal }

    /// Types, and returns the nanoseconds until the frame has come.
    /// - Parameter isQuiet: true where more than one frame may come; then the last is waited for.
    @discardableResult
    mutating func press(_ keys: [UInt8], isQuiet: Bool = false) throws(BenchError) -> UInt64 {
        let start = monotonicNanoseconds()
        write(keys, to: terminal.number)
        return try wait(isQuiet: isQuiet) - start
    }

    /// When the next frame has come.
    @discardableResult
    mutating func wait(isQuiet: Bool) throws(BenchError) -> UInt64 {
        var shown: [UInt8] = []
        while terminal.isReadable(within: 5000) {
            shown += try terminal.receive()
            guard shown.suffix(Self.end.count) == Self.end[...] else { continue }
            let time = monotonicNanoseconds()
            if !isQuiet || !terminal.isReadable(within: 300) { return time }
        }
        throw BenchError("the prompt did not show what was typed")
    }
}
