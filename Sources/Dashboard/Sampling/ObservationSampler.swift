import Bytes
public import Client
import Engine
public import Server
public import Terminal
import Wire

// Reads an engine that tells all of itself in one value, ten times a second. Most of these looks
// are at the figures alone; the tables come along once a second. While the screen is paused there
// are only looks with tables: the history goes on, with seconds in place of tenths. While nobody
// asks the engine anything two looks a second are enough. Inside the engine's process no command
// is needed for a look; a prompt in another process is asked with LARDER OBSERVE.

/// Reads an engine by its observations.
public final class ObservationSampler: Sampler {
    /// How an engine is reached.
    public enum Place: Sendable {
        /// It is in this process.
        case node(HostedNode)
        /// It is in another one, behind a connection that is made on the sampler's thread.
        case elsewhere(@Sendable () -> Endpoint)
    }

    /// The shortest time between samples, in milliseconds, and the usual one.
    public static let shortestInterval = 100

    private let thread: SamplerThread

    /// Begins to read. Nil when the system has no descriptors left.
    ///
    /// - Parameters:
    ///   - interval: milliseconds between samples.
    ///   - place: where the engine is.
    public init?(interval: Int64 = Int64(shortestInterval), _ place: Place) {
        guard let thread = SamplerThread(interval: interval) else { return nil }
        self.thread = thread
        thread.start { note in
            switch place {
            case .node(let node):
                let endpoint = Endpoint(.embedded, embedded: { node })
                return ObservationReader(
                    Asker(endpoint, note: note), node: node, interval: interval)
            case .elsewhere(let connect):
                return ObservationReader(
                    Asker(connect(), note: note), node: nil, interval: interval)
            }
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
final class ObservationReader: SampleReader {
    /// A connection to it; in the engine's own process only boards need one.
    private let asker: Asker
    private let node: HostedNode?
    private let interval: Int64
    /// Nanoseconds that only rise.
    private let clock: () -> UInt64
    private var timetable: Timetable
    /// What was read with the last tables.
    private var held: Sample?
    /// How many commands of others the engine has seen, and since when there is none more.
    private var calls: (count: Double, since: Int64)?
    /// Milliseconds without a command after which the engine counts as still.
    static let patience: Int64 = 2000

    init(
        _ asker: Asker, node: HostedNode?, interval: Int64,
        clock: @escaping () -> UInt64 = SystemClock.monotonicNanoseconds
    ) {
        self.asker = asker
        self.node = node
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
            if node == nil, try asker.introduce() { timetable.reset() }
            // What is asked now is counted when it has been answered.
            asker.account(&sample)
            let isWhole = timetable.isDue("tables", every: 1000, at: sample.instant)
            let asked = clock()
            let observation = try observe(isWhole ? .histograms : .figures)
            sample.roundTrip = Double(clock() - asked) / 1000
            sample.instant = Int64(clock() / 1_000_000)
            if !isWhole, let held { sample.hold(held) }
            sample.read(observation)
            sample.clients?.removeAll { asker.own.contains($0.id) }
            if isWhole { held = sample }
            sample.isStill = isStill(sample)
            if !demand.boards.isEmpty,
                timetable.isDue("boards", every: 1000, at: sample.instant)
            {
                if node != nil { _ = try asker.introduce() }
                try asker.readBoards(demand, &sample)
            }
        } catch {
            asker.forget()
            held = nil
            calls = nil
            timetable.reset()
            sample.problem = error.text
        }
        return sample
    }

    private func isStill(_ sample: Sample) -> Bool {
        let count = (sample.numbers["total_commands_processed"] ?? 0) - sample.ownCommands
        guard let calls, calls.count == count else {
            calls = (count, sample.instant)
            return false
        }
        return sample.instant - calls.since >= Self.patience
    }

    private func observe(_ depth: Observation.Depth) throws(Asker.Failure) -> Observation {
        if let node {
            do {
                return try node.observe(depth)
            } catch {
                throw Asker.Failure("the engine has ended")
            }
        }
        let word = depth == .figures ? "FIGURES" : "HISTOGRAMS"
        let reply = try asker.ask(
            ["LARDER", "OBSERVE", word],
            depth == .figures ? "figures, ten times a second" : "figures and tables")
        if let error = reply.errorText { throw Asker.Failure(error.text) }
        guard let observation = Observation(reply) else {
            throw Asker.Failure("what came is no observation")
        }
        return observation
    }
}
