import Bytes
public import Client
import Dispatch
import Server
import Synchronization
public import Terminal
import Wire

// Reads a server by its own commands. What is sent as a matter of course costs the server little
// and does not depend on how many keys it has: INFO once per sample, LATENCY HISTOGRAM once a
// second, SLOWLOG and CLIENT LIST every two seconds, the latter only while there are few clients.
// That is at most three commands a second at the usual pace. A panel that needs more says so with
// a Demand while it is on the screen.
//
// The endpoint waits, so it lives on a thread of its own. A descriptor announces samples, so that
// whoever draws waits for them and for keys together.

/// Reads a server by its own commands.
public final class RemoteSampler: Sampler {
    /// The most connections for which CLIENT LIST is asked.
    public static let clientLimit = 2000
    /// How many entries of the slow log are read.
    private static let slowRows = 32
    /// How long a reply may take, in milliseconds.
    private static let patience = 2000

    private struct State {
        var samples: [Sample] = []
        var demand = Demand()
        var log: [LoggedCommand] = []
        var isAnnounced = false
        var isStopped = false
    }

    /// Readable when there is a sample; ``take()`` makes it quiet.
    public let descriptor: Descriptor
    private let announcing: Descriptor
    private let state = Mutex(State())
    private let pause = DispatchSemaphore(value: 0)
    private let interval: Int64

    /// Begins to read. Nil when the system has no descriptors left.
    ///
    /// - Parameters:
    ///   - interval: milliseconds between samples.
    ///   - connect: makes the endpoint, on the thread that will use it.
    public init?(interval: Int64, connect: @escaping @Sendable () -> Endpoint) {
        guard let ends = Descriptor.pipe() else { return nil }
        descriptor = ends.reading
        announcing = ends.writing
        self.interval = interval
        DispatchQueue(label: "larder.sampler").async { [self] in
            let reader = Reader(connect(), interval: interval) { [self] text, purpose in
                note(text, purpose)
            }
            run(reader)
        }
    }

    deinit {
        descriptor.close()
        announcing.close()
    }

    /// The samples since the last call.
    public func take() -> [Sample] {
        state.withLock { state in
            if state.isAnnounced {
                _ = descriptor.read(atMost: 1)
                state.isAnnounced = false
            }
            defer { state.samples = [] }
            return state.samples
        }
    }

    /// What else is wanted.
    public func want(_ demand: Demand) { state.withLock { $0.demand = demand } }

    /// What was sent.
    public var log: [LoggedCommand] { state.withLock { $0.log } }

    /// Ends the thread, when its reading is over.
    public func stop() {
        state.withLock { $0.isStopped = true }
        pause.signal()
    }

    // MARK: On the thread

    private func run(_ reader: Reader) {
        while true {
            let (demand, isStopped) = state.withLock { ($0.demand, $0.isStopped) }
            if isStopped { break }
            let sample = reader.read(demand)
            state.withLock { state in
                state.samples.append(sample)
                // Nobody looks: the newest are what matters.
                if state.samples.count > 600 { state.samples.removeFirst() }
                if !state.isAnnounced {
                    state.isAnnounced = true
                    announcing.write([1])
                }
            }
            let now = Int64(SystemClock.monotonicNanoseconds() / 1_000_000)
            // Samples stand at whole multiples of the interval, so that they do not drift.
            let left = interval - now % interval
            _ = pause.wait(timeout: .now() + .milliseconds(Int(left)))
        }
        reader.end()
    }

    private func note(_ text: String, _ purpose: String) {
        let wall = SystemClock.tick().wall.milliseconds
        state.withLock { state in
            if let index = state.log.firstIndex(where: { $0.text == text }) {
                state.log[index].wall = wall
                state.log[index].count += 1
            } else {
                state.log.append(
                    LoggedCommand(wall: wall, text: text, count: 1, purpose: purpose))
                if state.log.count > 100 { state.log.removeFirst() }
            }
        }
    }
}

/// What the sampler's thread holds.
private final class Reader {
    let endpoint: Endpoint
    let interval: Int64
    let note: (String, String) -> Void
    private var own: Set<String> = []
    private var ownCommands = 0.0
    private var due: [String: Int64] = [:]
    private var hasHistograms = true
    private var hasSlowLog = true
    /// The times of each command as they were read last.
    private var histograms: [String: [(limit: Double, count: Double)]] = [:]
    /// Connections that were lost also end what was known of our own.
    private var wasConnected = false

    init(_ endpoint: Endpoint, interval: Int64, note: @escaping (String, String) -> Void) {
        self.endpoint = endpoint
        self.interval = interval
        self.note = note
        endpoint.patience = 2000
    }

    func end() { endpoint.disconnect() }

    func read(_ demand: Demand) -> Sample {
        let start = SystemClock.monotonicNanoseconds()
        var sample = Sample(
            instant: Int64(start / 1_000_000), wall: SystemClock.tick().wall.milliseconds,
            interval: interval)
        do throws(Failure) {
            if !wasConnected || !endpoint.isConnected { try introduce() }
            let asked = SystemClock.monotonicNanoseconds()
            let info = try ask(["INFO", "all"], "all figures")
            sample.roundTrip = Double(SystemClock.monotonicNanoseconds() - asked) / 1000
            sample.instant = Int64(SystemClock.monotonicNanoseconds() / 1_000_000)
            if let error = info.errorText { throw Failure(error.text) }
            sample.read(info: info.bytes?.text ?? "")
            try readTables(&sample)
            if demand != Demand() { try read(demand, &sample) }
        } catch {
            wasConnected = false
            sample.problem = error.text
        }
        sample.ownCommands = ownCommands
        return sample
    }

    private struct Failure: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private func ask(_ words: [String], _ purpose: String) throws(Failure) -> RESPValue {
        try ask(words.map { Array($0.utf8) }, purpose)
    }

    private func ask(_ words: [[UInt8]], _ purpose: String) throws(Failure) -> RESPValue {
        note(
            words.map { CellText.shown($0, ascii: true) }.joined(separator: " "), purpose)
        ownCommands += 1
        switch endpoint.call(words) {
        case .reply(let reply), .unblocked(let reply): return reply
        case .silence: throw Failure("no reply")
        case .interrupted: throw Failure("no answer within 2 s")
        case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
            .failed(.lost(let reason)), .failed(.protocolError(let reason)):
            throw Failure(reason)
        }
    }

    /// Names the connection and learns its number, so that tables can leave it out.
    private func introduce() throws(Failure) {
        do throws(Endpoint.Failure) {
            try endpoint.open()
        } catch {
            switch error {
            case .cannotConnect(let reason), .refused(let reason), .lost(let reason),
                .protocolError(let reason):
                throw Failure(reason)
            }
        }
        wasConnected = true
        _ = try ask(["CLIENT", "SETNAME", "larder-dashboard"], "so that others know who it is")
        own = []
        let id = try ask(["CLIENT", "ID"], "so that the table can leave it out")
        if let number = id.integer { own.insert(String(number)) }
        due = [:]
    }

    /// True when a reading that is made every so many milliseconds is to be made now.
    private func isDue(_ name: String, every period: Int64, _ sample: Sample) -> Bool {
        if let next = due[name], sample.instant < next { return false }
        due[name] = sample.instant + period - interval / 2
        return true
    }

    private func readTables(_ sample: inout Sample) throws(Failure) {
        if hasHistograms, isDue("latency", every: 1000, sample) {
            let reply = try ask(["LATENCY", "HISTOGRAM"], "percentiles of this second")
            // Servers before 7.0 have none.
            if reply.errorText != nil { hasHistograms = false }
            sample.read(histograms: reply)
            histograms = sample.commands.mapValues(\.histogram)
        } else {
            // Between two readings what was read last still holds.
            for (name, histogram) in histograms {
                sample.commands[name, default: CommandCounters()].histogram = histogram
            }
        }
        if hasSlowLog, isDue("slow", every: 2000, sample) {
            let reply = try ask(["SLOWLOG", "GET", "32"], "slow log")
            // An error would be counted as one of the server's each time.
            if reply.errorText != nil { hasSlowLog = false }
            sample.read(slow: reply)
        }
        let connected = sample.numbers["connected_clients"] ?? 0
        if connected > Double(RemoteSampler.clientLimit) {
            sample.clientsOmitted =
                "not listed above \(RemoteSampler.clientLimit) clients, to spare the server"
        } else if isDue("clients", every: 2000, sample) {
            let reply = try ask(["CLIENT", "LIST"], "clients")
            if let text = reply.bytes?.text { sample.read(clients: text, own: own) }
        }
    }

    private func read(_ demand: Demand, _ sample: inout Sample) throws(Failure) {
        if demand.channels, isDue("channels", every: 1000, sample) {
            let names = try ask(["PUBSUB", "CHANNELS"], "channels, while they are shown")
            let known = (names.elements ?? []).prefix(500).compactMap { $0.bytes }
            sample.channels = []
            if !known.isEmpty {
                let words = ["PUBSUB", "NUMSUB"].map { Array($0.utf8) }
                let numbers = try ask(
                    words + known.map { Array($0.bytes) }, "listeners, while they are shown")
                sample.read(channels: numbers)
            }
        }
        guard !demand.boards.isEmpty, isDue("boards", every: 1000, sample) else { return }
        for key in demand.boards.prefix(4) {
            let count = try ask([Array("ZCARD".utf8), key], "size of a board")
            let words = ["0", String(demand.boardRows - 1), "REV", "WITHSCORES"]
            let rows = try ask(
                [Array("ZRANGE".utf8), key] + words.map { Array($0.utf8) }, "top of a board")
            sample.read(board: key, count: count, rows: rows)
        }
    }
}
