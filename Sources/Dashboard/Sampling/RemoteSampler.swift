import Bytes
public import Client
import Server
public import Terminal
import Wire

// Reads a server by its own commands. What is sent as a matter of course costs the server little
// and does not depend on how many keys it has: INFO once per sample, LATENCY HISTOGRAM once a
// second, SLOWLOG every two seconds. That is at most three commands a second at the usual pace,
// and five at the fastest. A panel that needs more says so with a Demand while it is on the screen:
// CLIENT LIST every two seconds while there are few clients, channels and boards once a second.

/// Reads a server by its own commands.
public final class RemoteSampler: Sampler {
    /// The most connections for which CLIENT LIST is asked.
    public static let clientLimit = 2000
    /// The most channels for which PUBSUB CHANNELS is asked.
    public static let channelLimit = 5000
    /// The shortest time between samples, in milliseconds: five commands a second are enough.
    public static let shortestInterval = 500

    private let thread: SamplerThread

    /// Begins to read. Nil when the system has no descriptors left.
    ///
    /// - Parameters:
    ///   - interval: milliseconds between samples.
    ///   - connect: makes the endpoint, on the thread that will use it.
    public init?(interval: Int64, connect: @escaping @Sendable () -> Endpoint) {
        guard let thread = SamplerThread(interval: interval) else { return nil }
        self.thread = thread
        thread.start { note in
            RemoteReader(Asker(connect(), note: note), interval: interval)
        }
    }

    /// Readable when there is a sample; ``take()`` makes it quiet.
    public var descriptor: Descriptor { thread.descriptor }
    /// The samples since the last call.
    public func take() -> [Sample] { thread.take() }
    /// What else is wanted.
    public func want(_ demand: Demand) { thread.want(demand) }
    /// What was sent.
    public var log: [LoggedCommand] { thread.log }
    /// Ends the thread, when its reading is over.
    public func stop() { thread.stop() }
}

/// What the sampler's thread holds.
final class RemoteReader: SampleReader {
    private let asker: Asker
    private let interval: Int64
    /// Nanoseconds that only rise.
    private let clock: () -> UInt64
    private var timetable: Timetable
    /// Why the times of commands are not asked for any more.
    private var timesOmitted: String?
    private var hasSlowLog = true
    /// The times of each command as they were read last.
    private var histograms: [String: [(limit: Double, count: Double)]] = [:]

    init(
        _ asker: Asker, interval: Int64,
        clock: @escaping () -> UInt64 = SystemClock.monotonicNanoseconds
    ) {
        self.asker = asker
        self.interval = interval
        self.clock = clock
        timetable = Timetable(interval: interval)
    }

    func end() { asker.end() }

    func read(_ demand: Demand) -> Sample {
        var sample = Sample(
            instant: Int64(clock() / 1_000_000), wall: SystemClock.tick().wall.milliseconds,
            interval: interval)
        do throws(Asker.Failure) {
            if try asker.introduce() { timetable.reset() }
            // What is asked now is counted when it has been answered.
            asker.account(&sample)
            let asked = clock()
            let info = try asker.ask(["INFO", "all"], "all figures")
            sample.roundTrip = Double(clock() - asked) / 1000
            sample.instant = Int64(clock() / 1_000_000)
            if let error = info.errorText { throw Asker.Failure(error.text) }
            sample.read(info: info.bytes?.text ?? "")
            try readTables(&sample)
            try read(demand, &sample)
        } catch {
            asker.forget()
            sample.problem = error.text
        }
        return sample
    }

    private func isDue(_ name: String, every period: Int64, _ sample: Sample) -> Bool {
        timetable.isDue(name, every: period, at: sample.instant)
    }

    private func readTables(_ sample: inout Sample) throws(Asker.Failure) {
        if timesOmitted == nil, isDue("latency", every: 1000, sample) {
            let reply = try asker.ask(["LATENCY", "HISTOGRAM"], "percentiles of this second")
            // Servers before 7.0 have none.
            timesOmitted = reply.errorText?.text
            sample.read(histograms: reply)
            histograms = sample.commands.mapValues(\.histogram)
        } else {
            // Between two readings what was read last still holds.
            for (name, histogram) in histograms {
                sample.commands[name, default: CommandCounters()].histogram = histogram
            }
        }
        sample.timesOmitted = timesOmitted
        if hasSlowLog, isDue("slow", every: 2000, sample) {
            let reply = try asker.ask(["SLOWLOG", "GET", "32"], "slow log")
            // An error would be counted as one of the server's each time.
            if reply.errorText != nil { hasSlowLog = false }
            sample.read(slow: reply)
        }
    }

    private func read(_ demand: Demand, _ sample: inout Sample) throws(Asker.Failure) {
        if demand.clients { try readClients(&sample) }
        if demand.channels { try readChannels(&sample) }
        guard !demand.boards.isEmpty, isDue("boards", every: 1000, sample) else { return }
        try asker.readBoards(demand, &sample)
    }

    private func readClients(_ sample: inout Sample) throws(Asker.Failure) {
        let connected = sample.numbers["connected_clients"] ?? 0
        if connected > Double(RemoteSampler.clientLimit) {
            sample.clientsOmitted =
                "not listed above \(RemoteSampler.clientLimit) clients, to spare the server"
        } else if isDue("clients", every: 2000, sample) {
            let reply = try asker.ask(["CLIENT", "LIST"], "clients, while they are shown")
            if let text = reply.bytes?.text { sample.read(clients: text, own: asker.own) }
        }
    }

    private func readChannels(_ sample: inout Sample) throws(Asker.Failure) {
        let count = sample.numbers["pubsub_channels"] ?? 0
        guard count <= Double(RemoteSampler.channelLimit) else {
            sample.channelsOmitted =
                "not listed above \(RemoteSampler.channelLimit) channels, to spare the server"
            return
        }
        guard isDue("channels", every: 1000, sample) else { return }
        let names = try asker.ask(["PUBSUB", "CHANNELS"], "channels, while they are shown")
        let known = (names.elements ?? []).prefix(500).compactMap { $0.bytes }
        sample.channels = []
        if !known.isEmpty {
            let words = ["PUBSUB", "NUMSUB"].map { Array($0.utf8) }
            let numbers = try asker.ask(
                words + known.map { $0.bytes }, "listeners, while they are shown")
            sample.read(channels: numbers)
        }
    }
}
