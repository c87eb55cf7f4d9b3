import Bytes
public import Client
public import Engine
import Server
import Synchronization
public import Terminal

// The world of a lesson has its own time, which stands still while a person thinks and runs in
// leaps. So nobody reads it at a steady pace: whoever plays the lesson hands on what the node told
// of itself and when that was, in the lesson's time, and the dashboard takes it in its next turn.

/// What a lesson's node told of itself, on its way to the dashboard.
public final class LessonSampler: Sampler {
    private struct State {
        var samples: [Sample] = []
        var demand = Demand()
        var log = CommandLog()
    }

    /// Never readable: samples are put and taken in the same turn.
    public let descriptor: Descriptor
    private let other: Descriptor
    private let state = Mutex(State())

    /// Without samples yet. Nil when the system has no descriptors left.
    public init?() {
        guard let ends = Descriptor.pipe() else { return nil }
        (descriptor, other) = (ends.reading, ends.writing)
    }

    deinit {
        descriptor.close()
        other.close()
    }

    /// The samples since the last call.
    public func take() -> [Sample] {
        state.withLock { state in
            defer { state.samples = [] }
            return state.samples
        }
    }

    /// What else is wanted.
    public func want(_ demand: Demand) { state.withLock { $0.demand = demand } }
    /// What was sent.
    public var log: [LoggedCommand] { state.withLock { $0.log.commands } }
    /// Does nothing: there is no thread.
    public func stop() {}

    fileprivate var demand: Demand { state.withLock { $0.demand } }

    fileprivate func put(_ samples: [Sample]) { state.withLock { $0.samples += samples } }

    fileprivate func note(_ text: String, _ purpose: String) {
        state.withLock { $0.log.note(text, purpose) }
    }
}

/// Makes samples of what a lesson's node has told. It belongs to the dashboard's thread.
public final class LessonReader {
    private let sampler: LessonSampler
    private let asker: Asker
    private var last: Int64 = -1
    private var held: Sample?
    private var boards: [[UInt8]] = []

    /// A reader that asks about boards on an endpoint of its own.
    public init(_ sampler: LessonSampler, endpoint: Endpoint) {
        self.sampler = sampler
        asker = Asker(endpoint, note: sampler.note)
    }

    deinit { asker.end() }

    /// True when something else is wanted than was last read.
    public var isAsked: Bool { sampler.demand.boards != boards }

    /// Takes what a node told at a moment of the lesson's time.
    ///
    /// - Parameters:
    ///   - now: nanoseconds since the lesson began.
    ///   - wall: the lesson's time of day, in milliseconds since 1970.
    ///   - observation: what it told; nil while it is down.
    ///   - isBeginning: whether what came before did not happen.
    ///   - isLast: whether nothing else follows in this turn.
    public func take(
        now: UInt64, wall: Int64, _ observation: Observation?, isBeginning: Bool, isLast: Bool
    ) {
        if isBeginning { (last, held) = (-1, nil) }
        last = max(Int64(now / 1_000_000), last + 1)
        var sample = Sample(instant: last, wall: wall, interval: 1000)
        sample.isBeginning = isBeginning
        asker.account(&sample)
        if let observation {
            if !observation.hasTables, let held { sample.hold(held) }
            sample.read(observation)
            sample.clients?.removeAll { $0.name == "larder-dashboard" }
            if observation.hasTables { held = sample }
        } else {
            sample.problem = "the node does not run"
            held = nil
            asker.forget()
        }
        if isLast, observation != nil { readBoards(&sample) }
        sampler.put([sample])
    }

    private func readBoards(_ sample: inout Sample) {
        boards = sampler.demand.boards
        guard !boards.isEmpty else { return }
        do throws(Asker.Failure) {
            _ = try asker.introduce()
            try asker.readBoards(sampler.demand, &sample)
        } catch {
            asker.forget()
        }
    }
}
