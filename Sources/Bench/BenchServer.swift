/// A server under measurement: one that the bench started and ends, or one that runs already.
final class BenchServer {
    enum Program {
        /// `larder serve` of the given executable.
        case larder(String)
        case redis
    }

    let name: String
    let address: BenchAddress
    /// Nil if the server runs on another machine.
    let account: ProcessAccount?
    private let child: ChildProcess?
    private let directory: String?
    /// Keys that `prepare` has filled.
    private var filledKeys = 0
    /// Elements that `prepare` has added to be taken again.
    private var stocked = 0

    var isChild: Bool { child != nil }

    private init(
        name: String, address: BenchAddress, child: ChildProcess?, directory: String?
    ) throws(BenchError) {
        self.name = name
        self.address = address
        self.child = child
        self.directory = directory
        if let child {
            account = ProcessAccount(identifier: child.identifier)
        } else {
            let control = try ControlConnection(address)
            let identifier = try control.information("server", "process_id").flatMap { Int32($0) }
            let isLocal =
                switch address.place {
                case .unix: true
                case .tcp(let host, _): ["127.0.0.1", "localhost", "::1"].contains(host)
                }
            account = isLocal ? identifier.flatMap { ProcessAccount(identifier: $0) } : nil
        }
    }

    deinit {
        child?.stop()
        if let directory { removeDirectory(directory) }
    }

    /// A server that runs already.
    static func running(_ text: String) throws(BenchError) -> BenchServer {
        let address = try BenchAddress(parsing: text)
        let name =
            switch address.place {
            case .tcp(let host, let port): "\(host):\(port)"
            case .unix(let path): path
            }
        return try BenchServer(name: name, address: address, child: nil, directory: nil)
    }

    /// Starts a server without persistence on a private socket and waits until it answers.
    static func start(_ program: Program, overUnix: Bool) throws(BenchError) -> BenchServer {
        let directory = try makeTemporaryDirectory()
        do {
            return try start(program, overUnix: overUnix, in: directory)
        } catch {
            removeDirectory(directory)
            throw error
        }
    }

    private static func start(
        _ program: Program, overUnix: Bool, in directory: String
    ) throws(BenchError) -> BenchServer {
        let place: BenchAddress.Place =
            overUnix
            ? .unix(path: "\(directory)/server.sock")
            : .tcp(host: "127.0.0.1", port: try freePort())
        var name: String
        var arguments: [String]
        switch program {
        case .larder(let executable):
            name = "larder"
            arguments = [executable, "serve"]
        case .redis:
            name = "redis-server"
            arguments = ["redis-server", "--dir", directory, "--daemonize", "no"]
        }
        arguments += ["--save", "", "--appendonly", "no"]
        switch place {
        case .unix(let path): arguments += ["--port", "0", "--unixsocket", path]
        case .tcp(_, let port): arguments += ["--port", String(port), "--bind", "127.0.0.1"]
        }
        let log = "\(directory)/log"
        let child = try ChildProcess.start(arguments, log: log)
        let address = BenchAddress(place)
        for _ in 0..<1000 {
            try Interruption.check()
            guard child.isRunning else { break }
            if let control = try? ControlConnection(address),
                (try? control.command(["PING"])) == .text("PONG")
            {
                return try BenchServer(
                    name: name, address: address, child: child, directory: directory)
            }
            pause(milliseconds: 10)
        }
        let said = String(decoding: (readFile(log) ?? []).suffix(600), as: UTF8.self)
        throw BenchError("\(arguments.joined(separator: " ")) did not begin to serve: \(said)")
    }

    /// The first side of a measurement: what `--target` names, or a child of this program.
    static func measured(_ options: BenchOptions) throws(BenchError) -> BenchServer {
        if let target = options.target { return try running(target).bounded(options) }
        return try start(.larder(try ownExecutable(options)), overUnix: usesUnix(options))
            .bounded(options)
    }

    /// The server, given the bound on memory that the options name.
    private func bounded(_ options: BenchOptions) throws(BenchError) -> BenchServer {
        let settings = [
            ("maxmemory-policy", options.policy), ("maxmemory", options.maximumMemory),
        ]
        for (name, value) in settings {
            guard let value else { continue }
            _ = try ControlConnection(address).command(["CONFIG", "SET", name, value])
        }
        return self
    }

    /// The second side: what `--against` names.
    static func compared(_ options: BenchOptions) throws(BenchError) -> BenchServer? {
        guard let against = options.against else { return nil }
        if against == "redis-server" {
            return try start(.redis, overUnix: usesUnix(options)).bounded(options)
        }
        return try running(against).bounded(options)
    }

    /// Both sides use the same kind of socket, so that a comparison is fair.
    private static func usesUnix(_ options: BenchOptions) throws(BenchError) -> Bool {
        for text in [options.target, options.against] {
            if let text, text != "redis-server" { return try BenchAddress(parsing: text).isUnix }
        }
        return options.overUnix
    }

    static func ownExecutable(_ options: BenchOptions) throws(BenchError) -> String {
        if let executable = options.executable { return executable }
        guard let path = linkTarget("/proc/self/exe") else {
            throw BenchError("cannot find the path of this program")
        }
        return path
    }

    /// Brings the data into the state that a test of so many requests expects.
    func prepare(
        for test: BenchTest, requests: Int, _ options: BenchOptions, _ report: BenchReport
    ) throws(BenchError) {
        switch test.preparation {
        case .nothing: return
        case .strings:
            guard filledKeys < options.keysOrDefault else { return }
            try fill(
                keys: filledKeys..<options.keysOrDefault, dataSize: options.dataSizeOrDefault,
                report)
            filledKeys = options.keysOrDefault
        case .list(let count):
            let control = try ControlConnection(address)
            let present = try control.command(["LLEN", "mylist"]).integer ?? 0
            guard present < count else { return }
            let value = String(repeating: "x", count: options.dataSizeOrDefault)
            _ = try control.command(
                ["RPUSH", "mylist"] + [String](repeating: value, count: count - present))
        case .stock(let stock):
            let control = try ControlConnection(address)
            let missing = requests - (try control.command(stock.counting).integer ?? 0)
            guard missing > 0 else { return }
            let value = String(repeating: "x", count: options.dataSizeOrDefault)
            try load(RequestTemplate(stock.adding(value)), stocked..<stocked + missing, report)
            stocked += missing
        }
    }

    /// Sets each key of a range once. `suffix` follows the value: an expiry, for example.
    func fill(
        keys: Range<Int>, dataSize: Int, suffix: [String] = [], _ report: BenchReport
    ) throws(BenchError) {
        guard !keys.isEmpty else { return }
        let value = String(repeating: "x", count: dataSize)
        try load(RequestTemplate(["SET", "key:{n}", value] + suffix), keys, report)
    }

    /// Adds so many members with random scores to the sorted set `board`.
    func fillBoard(members: Int, seed: UInt64, _ report: BenchReport) throws(BenchError) {
        try load(
            RequestTemplate(["ZADD", "board", "{n}", "player:{n}"]), 0..<members, report,
            keys: .randomAndUpward(below: UInt64(members), seed: seed))
    }

    /// Sends a request once for each number of a range.
    private func load(
        _ template: RequestTemplate, _ numbers: Range<Int>, _ report: BenchReport,
        keys: KeyChoice? = nil
    ) throws(BenchError) {
        let sockets = try LoadSockets(address: address, clients: min(4, numbers.count))
        let plan = LoadPlan(
            template: template, requests: numbers.count, pipeline: 64,
            keys: keys ?? .sequential(from: UInt64(numbers.lowerBound)))
        let result = try sockets.run(plan) { done, _ in
            report.progress("\(name): filling, \(grouped(Double(done))) of them")
        }
        guard result.errors == 0 else {
            throw BenchError("\(name) answered while it was filled: \(result.firstError)")
        }
    }
}
