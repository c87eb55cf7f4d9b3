import Bytes
public import Engine

/// A command in the second that a snapshot shows.
public struct CommandRow: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Calls a second.
    public var rate: Double
    /// Calls since the server started, or since its counters were reset.
    public var calls: Double
    /// Microseconds of a call on average; nil without calls.
    public var mean: Double?
    /// Of a hundred calls, 50 took at most this, in microseconds.
    public var p50: Double?
    /// 99 of a hundred.
    public var p99: Double?
    /// 999 of a thousand.
    public var p999: Double?
    /// Errors a second.
    public var errors: Double
}

/// A server in one instant, with what follows from the samples before it: all that panels show.
public struct Snapshot: Sendable {
    /// When, in milliseconds of the watcher's own clock.
    public let instant: Int64
    /// When, in milliseconds since 1970.
    public let wall: Int64
    /// Why nothing could be read.
    public var problem: String?
    /// The figures in the order of ``FigureID``; NaN where undefined.
    var values: [Double]
    /// Words of INFO.
    public var texts: [String: String]
    /// Numbers of INFO.
    var numbers: [String: Double]
    /// The commands that have been called, the busiest first.
    public var commands: [CommandRow] = []
    /// Databases with keys.
    public var databases: [DatabaseRow] = []
    /// Replicas.
    public var replicas: [ReplicaRow] = []
    /// Commands a second of each class of times; nil when not known.
    var latencies: [Double]?
    /// Why not.
    public var timesOmitted: String?
    /// Connections; nil when not read.
    public var clients: [ClientRow]?
    /// Why not.
    public var clientsOmitted: String?
    /// The slow log; nil when not read.
    public var slow: [SlowRow]?
    /// Channels; nil when not read.
    public var channels: [ChannelRow]?
    /// Why not.
    public var channelsOmitted: String?
    /// Messages a second of each channel, where the server counts them.
    var channelRates: [ByteString: Double] = [:]
    /// The counters that rates are reckoned from, and when they were read.
    private var channelCounts: (instant: Int64, messages: [ByteString: Double]) = (0, [:])
    /// The keys that are asked for most; nil where nobody counts that.
    public var hotKeys: [Observation.Hot]?
    /// The biggest keys; nil where nobody keeps a list of them.
    public var bigKeys: [Observation.Big]?
    /// The keys that left last, the last first; nil where nobody notes them.
    public var departures: [Observation.Departed]?
    /// What keys take by type; nil where nobody counts that.
    public var types: [Observation.TypeShare]?
    /// What keys take by the beginning of their names; nil where nobody looks.
    public var prefixes: [Observation.Prefix]?
    /// How many keys that was found out from: an estimate when there are more.
    public var prefixSample = 0
    /// Watched sorted sets.
    public var boards: [BoardSample] = []

    /// What connections of dashboards call themselves: they are in no table.
    static let ownName = "larder-dashboard"

    /// The worst alert of these figures.
    public func worst(of figures: [FigureID]) -> Alert? {
        alerts.first { figures.contains($0.figure) }
    }

    /// What is wrong, the worst first.
    public internal(set) var alerts: [Alert] = []

    init(_ sample: Sample, _ change: Change?, held: Snapshot?) {
        instant = sample.instant
        wall = sample.wall
        problem = sample.problem
        values = Figure.all.map { figure in
            // What follows from commands that were not read again has not changed.
            if sample.areCommandsHeld, let held, figure.isOfCommands {
                return held.values[figure.id.index]
            }
            if sample.departures == nil, let held, figure.isOfTables {
                return held.values[figure.id.index]
            }
            return figure.value(sample, change) ?? .nan
        }
        texts = sample.texts
        numbers = sample.numbers
        databases = sample.databases
        replicas = sample.replicas
        // What is read less often holds until it is read again.
        let others = sample.clients?.filter { $0.name != Self.ownName }
        clients = others ?? (sample.clientsOmitted == nil ? held?.clients : nil)
        clientsOmitted = sample.clientsOmitted
        slow = sample.slow ?? held?.slow
        channels = sample.channels ?? (sample.channelsOmitted == nil ? held?.channels : nil)
        channelsOmitted = sample.channelsOmitted
        channelRates = held?.channelRates ?? [:]
        channelCounts = held?.channelCounts ?? (0, [:])
        if let read = sample.channels { meter(read) }
        hotKeys = sample.hotKeys ?? held?.hotKeys
        bigKeys = sample.bigKeys ?? held?.bigKeys
        departures = sample.departures ?? held?.departures
        types = sample.types ?? held?.types
        prefixes = sample.prefixes ?? held?.prefixes
        prefixSample = sample.prefixes == nil ? held?.prefixSample ?? 0 : sample.prefixSample
        boards = sample.boards.isEmpty ? held?.boards ?? [] : sample.boards
        latencies =
            sample.areCommandsHeld ? held?.latencies : change.flatMap(LatencyClasses.rates)
        timesOmitted = sample.timesOmitted
        commands =
            sample.areCommandsHeld ? held?.commands ?? [] : Self.rows(sample, change)
    }

    /// Reckons the rates of channels, over a second at least.
    private mutating func meter(_ channels: [ChannelRow]) {
        let passed = instant - channelCounts.instant
        guard passed >= 950 else { return }
        let before = channelCounts.messages
        channelRates = [:]
        channelCounts = (instant, [:])
        for row in channels {
            guard let messages = row.messages else { continue }
            let name = ByteString(row.name)
            channelCounts.messages[name] = messages
            // What went backwards began anew.
            guard let old = before[name], messages >= old, passed < 10_000 else { continue }
            channelRates[name] = (messages - old) * 1000 / Double(passed)
        }
    }

    /// True when the figures are the same but for those that change by themselves.
    func isLike(_ other: Snapshot) -> Bool {
        if problem != other.problem || alerts != other.alerts { return false }
        for (index, value) in values.enumerated() where !Self.restless.contains(index) {
            let old = other.values[index]
            if value != old, !(value.isNaN && old.isNaN) { return false }
        }
        return true
    }

    private static let restless: [Int] = [
        FigureID.uptime, .roundTrip, .processor, .residentMemory,
    ].map(\.index)

    /// A figure's value; nil where it is undefined.
    public subscript(_ id: FigureID) -> Double? {
        let value = values[id.index]
        return value.isNaN ? nil : value
    }

    private static func rows(_ sample: Sample, _ change: Change?) -> [CommandRow] {
        var rows: [CommandRow] = []
        for (name, after) in sample.commands where after.calls > 0 {
            if Latency.own.contains(name) { continue }
            // What only the watcher has sent is none of the server's work.
            if let own = sample.ownCalls[name], own >= after.calls { continue }
            var row = CommandRow(name: name, rate: 0, calls: after.calls, errors: 0)
            if let change {
                let before = change.before.commands[name] ?? CommandCounters()
                let calls = after.calls - before.calls
                let own = (change.after.ownCalls[name] ?? 0) - (change.before.ownCalls[name] ?? 0)
                if calls > 0 {
                    row.rate = max(calls - own, 0) / change.seconds
                    row.mean = (after.microseconds - before.microseconds) / calls
                    row.errors = max(after.errors - before.errors, 0) / change.seconds
                }
                if let rises = Latency.rises(before, after) {
                    row.p50 = Latency.percentile(0.5, rises)
                    row.p99 = Latency.percentile(0.99, rises)
                    row.p999 = Latency.percentile(0.999, rises)
                }
            }
            rows.append(row)
        }
        return rows.sorted { ($0.rate, $0.calls, $1.name) > ($1.rate, $1.calls, $0.name) }
    }
}
