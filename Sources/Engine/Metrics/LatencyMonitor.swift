import Bytes

// The latency monitor: of each kind of event the last moments at which one took longer than
// `latency-monitor-threshold`. It tells what kept the node from answering; the histograms tell
// how long commands take as a rule.

/// A kind of work that can keep a node from answering.
public enum LatencyEvent: Int, CaseIterable, Sendable {
    /// A command whose time grows with the data.
    case command
    /// A command of constant or logarithmic time.
    case fastCommand
    /// The walk for expired keys.
    case expireCycle
    /// Making room, as a whole.
    case evictionCycle
    /// Making room: the removal of keys.
    case evictionRemoval

    /// Its name in replies.
    public var name: String {
        switch self {
        case .command: "command"
        case .fastCommand: "fast-command"
        case .expireCycle: "expire-cycle"
        case .evictionCycle: "eviction-cycle"
        case .evictionRemoval: "eviction-del"
        }
    }
}

/// What took long, by kind of event.
public struct LatencyMonitor: Sendable {
    /// The longest that an event took within one second.
    public struct Sample: Sendable, Equatable {
        /// The second, since 1970.
        public var second: Int64
        /// How long it took, in milliseconds.
        public var milliseconds: Int64
    }

    /// What is known of one kind of event.
    public struct Series: Sendable {
        /// The last samples, the oldest first.
        public fileprivate(set) var samples: [Sample] = []
        /// The longest that it ever took, in milliseconds.
        public fileprivate(set) var highest: Int64 = 0
    }

    /// Samples that are kept of each kind of event.
    static let sampleLimit = 160

    private var series: [Series?]

    init() { series = Array(repeating: nil, count: LatencyEvent.allCases.count) }

    /// What is known of a kind of event; nil when none took long.
    public subscript(event: LatencyEvent) -> Series? { series[event.rawValue] }

    /// The kinds of which something is known.
    public var events: [LatencyEvent] { LatencyEvent.allCases.filter { self[$0] != nil } }

    /// Notes that an event took so long. Within a second the longest counts.
    mutating func note(_ event: LatencyEvent, milliseconds: Int64, at time: Timestamp) {
        let second = time.milliseconds / 1000
        var known = self[event] ?? Series()
        known.highest = max(known.highest, milliseconds)
        if let last = known.samples.last, last.second == second {
            known.samples[known.samples.count - 1].milliseconds = max(
                last.milliseconds, milliseconds)
        } else {
            if known.samples.count == LatencyMonitor.sampleLimit { known.samples.removeFirst() }
            known.samples.append(Sample(second: second, milliseconds: milliseconds))
        }
        series[event.rawValue] = known
    }

    /// Forgets a kind of event; true when something was known of it.
    mutating func forget(_ event: LatencyEvent) -> Bool {
        defer { series[event.rawValue] = nil }
        return self[event] != nil
    }
}
