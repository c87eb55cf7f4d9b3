/// What was noted in a world: everything that a figure is made from.
struct Book {
    /// The kinds of samples.
    enum Kind: Int, CaseIterable {
        /// Requests answered, with their times.
        case requests
        /// Requests that failed.
        case errors
        /// Reads that showed an outdated version.
        case staleReads
        /// Changes made through the shop, with their times.
        case writes
        /// Commands to the cache because of these.
        case writeCommands
        /// Queries begun.
        case queries
        /// Queries answered, with their times.
        case queryTimes
        /// Changes of rows that were begun.
        case databaseWrites
    }

    /// What is counted by the nodes and the links, as it stood at some time.
    struct Counters: Equatable {
        var tally = Tally()
        var roundTrips = 0
        var busy: UInt64 = 0
    }

    /// How everything stood at some moment.
    struct Mark {
        var time: UInt64 = 0
        var places: [Int]
        var commands: [String: Int]
        var counters: Counters
    }

    private(set) var logs = [SampleLog](repeating: SampleLog(), count: Kind.allCases.count)
    /// The commands that nodes have run, with what they cost.
    private(set) var commands: [String: SampleLog] = [:]
    /// The counters as they stood when they had changed, at most once a tick.
    private(set) var history: [(time: UInt64, counters: Counters)] = []
    private static let historyLimit = 1 << 16

    mutating func note(_ kind: Kind, _ value: UInt64 = 0, at time: UInt64) {
        logs[kind.rawValue].append(value, at: time)
    }

    mutating func note(command name: String, _ cost: UInt64, at time: UInt64) {
        commands[name, default: SampleLog()].append(cost, at: time)
    }

    mutating func note(_ counters: Counters, at time: UInt64) {
        if let last = history.last, last.counters == counters { return }
        history.append((time, counters))
        if history.count <= Book.historyLimit { return }
        // Of the older half every other one is enough.
        let half = history.count / 2
        let older = history[..<half].enumerated().filter { $0.offset.isMultiple(of: 2) }
        history = older.map(\.element) + history[half...]
    }

    /// The counters as they stood at `time`, to within a tick.
    func counters(at time: UInt64) -> Counters {
        var low = 0
        var high = history.count
        while low < high {
            let middle = (low + high) / 2
            if history[middle].time > time { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? Counters() : history[low - 1].counters
    }

    subscript(kind: Kind) -> SampleLog { logs[kind.rawValue] }

    func mark(_ counters: Counters, at time: UInt64) -> Mark {
        Mark(
            time: time, places: logs.map(\.count), commands: commands.mapValues(\.count),
            counters: counters)
    }
}
