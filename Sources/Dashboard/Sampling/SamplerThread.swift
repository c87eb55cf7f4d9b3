import Bytes
import Client
import Dispatch
import Server
import Synchronization
import Terminal

// Reading waits for the server, so it has a thread of its own. A descriptor announces samples, so
// that whoever draws waits for them and for keys together; and however long drawing takes, samples
// go on being taken.

/// Reads a server once, on the thread of a sampler.
protocol SampleReader {
    /// The server now, with what else is wanted.
    func read(_ demand: Demand) -> Sample
    /// Ends connections.
    func end()
}

/// A thread that reads at a steady pace.
final class SamplerThread: Sendable {
    private struct State {
        var samples: [Sample] = []
        var demand = Demand()
        var log = CommandLog()
        var isAnnounced = false
        var isStopped = false
    }

    /// So many samples are kept when nobody takes them.
    static let limit = 600
    /// Milliseconds between samples while what is shown stands still.
    static let restInterval: Int64 = 1000
    /// Milliseconds between samples while nobody asks the server anything.
    static let stillInterval: Int64 = 500

    let descriptor: Descriptor
    private let announcing: Descriptor
    private let state = Mutex(State())
    private let pause = DispatchSemaphore(value: 0)
    private let interval: Int64

    /// A thread that does nothing yet. Nil when the system has no descriptors left.
    init?(interval: Int64) {
        guard let ends = Descriptor.pipe() else { return nil }
        descriptor = ends.reading
        announcing = ends.writing
        self.interval = interval
    }

    deinit {
        descriptor.close()
        announcing.close()
    }

    /// Begins to read, with a reader that is made on the thread.
    func start(_ make: @escaping @Sendable (@escaping CommandNote) -> any SampleReader) {
        DispatchQueue(label: "larder.sampler").async { [self] in
            run(make { [self] text, purpose in note(text, purpose) })
        }
    }

    func take() -> [Sample] {
        state.withLock { state in
            if state.isAnnounced {
                _ = descriptor.read(atMost: 1)
                state.isAnnounced = false
            }
            defer { state.samples = [] }
            return state.samples
        }
    }

    func want(_ demand: Demand) {
        let isSooner = state.withLock { state in
            let (old, new) = (pace(state.demand), pace(demand))
            state.demand = demand
            return new < old
        }
        if isSooner { pause.signal() }
    }

    var log: [LoggedCommand] { state.withLock { $0.log.commands } }

    func stop() {
        state.withLock { $0.isStopped = true }
        pause.signal()
    }

    // MARK: On the thread

    private func run(_ reader: any SampleReader) {
        while true {
            let (demand, isStopped) = state.withLock { ($0.demand, $0.isStopped) }
            if isStopped { break }
            var sample = reader.read(demand)
            let isStill = sample.isStill
            sample.interval = pace(demand, isStill: isStill)
            put(sample)
            rest(since: Self.milliseconds, isStill: isStill)
        }
        reader.end()
    }

    private static var milliseconds: Int64 {
        Int64(SystemClock.monotonicNanoseconds() / 1_000_000)
    }

    private func pace(_ demand: Demand, isStill: Bool = false) -> Int64 {
        Self.pace(demand, isStill: isStill, usual: interval)
    }

    /// Milliseconds from one sample to the next.
    static func pace(_ demand: Demand, isStill: Bool = false, usual interval: Int64) -> Int64 {
        if demand.isAtRest { return max(interval, restInterval) }
        return isStill ? max(interval, stillInterval) : interval
    }

    /// When the sample comes that follows one which was read at `instant`. Samples stand at whole
    /// multiples of their distance, so that they do not drift.
    static func due(after instant: Int64, _ pace: Int64) -> Int64 { (instant / pace + 1) * pace }

    /// Waits until the next sample is due, which is sooner when somebody looks again.
    private func rest(since instant: Int64, isStill: Bool) {
        while true {
            let (demand, isStopped) = state.withLock { ($0.demand, $0.isStopped) }
            let left = Self.due(after: instant, pace(demand, isStill: isStill)) - Self.milliseconds
            if isStopped || left <= 0 { return }
            _ = pause.wait(timeout: .now() + .milliseconds(Int(left)))
        }
    }

    private func put(_ sample: Sample) {
        let isNews = state.withLock { state in
            state.samples.append(sample)
            // Nobody looks: the newest are what matters.
            if state.samples.count > Self.limit { state.samples.removeFirst() }
            defer { state.isAnnounced = true }
            return !state.isAnnounced
        }
        // After the lock is given back: who is woken wants it at once.
        if isNews { announcing.write([1]) }
    }

    private func note(_ text: String, _ purpose: String) {
        state.withLock { $0.log.note(text, purpose) }
    }
}
