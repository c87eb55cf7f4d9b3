// All that the dashboard knows: the newest snapshot, ten minutes of snapshots, a day of rings, what
// happened and what is wrong. Samples go in; everything that is drawn, printed or explained comes
// from here, for now or for an instant in the past.

/// What was seen, and what follows from it.
public struct History: Sendable {
    /// So many snapshots are kept, one for each second.
    static let snapshotLimit = 600
    /// Over so many milliseconds what is called "now" is measured.
    static let presence: Int64 = 1000

    /// The newest snapshot.
    public private(set) var newest: Snapshot?
    /// One snapshot for each second of the last ten minutes, oldest first.
    public private(set) var snapshots: [Snapshot] = []
    /// What happened.
    public private(set) var log = EventLog()
    /// What is wrong.
    public private(set) var alerts = Alerts()
    /// From where on something is.
    public var limits = AlertLimits()
    /// Milliseconds between samples, as meant.
    public private(set) var interval: Int64 = 1000
    /// When the first sample was taken.
    public private(set) var beginning: Int64?

    /// False when the newest sample has told nothing new but the time.
    private(set) var hasMoved = true

    /// Figures that are older than this, in milliseconds, are stale.
    var lateness: Int64 { max(3 * interval, 1000) }

    /// The past of the figures in their order; nil of those that were never known.
    private var rings = [Rings?](repeating: nil, count: FigureID.allCases.count)
    /// The past of the times of commands.
    private(set) var latencies = LatencyPast()
    /// How far the clock of samples has stepped back, in milliseconds.
    private var shift: Int64 = 0
    /// The samples of the last second, oldest first.
    private var recent: [Sample] = []

    /// Nothing is known.
    public init() {}

    // MARK: Taking

    /// Takes a sample.
    public mutating func take(_ sample: Sample) {
        let sample = placed(sample)
        interval = sample.interval
        if beginning == nil { beginning = sample.instant }
        let previous = recent.last
        // Where the pace changes the longer distance was meant.
        let meant = max(interval, previous?.interval ?? 0)
        let delay = previous.map { max(sample.instant - $0.instant - meant, 0) } ?? 0
        let isLate = delay > 2 * meant
        if let previous, isLate || sample.problem != nil || Self.hasRestarted(previous, sample) {
            recent = []
        }
        let horizon = sample.instant - max(Self.presence, interval)
        // The sample of a second ago, give or take half an interval.
        while recent.count > 1, recent[1].instant <= horizon + interval / 2 {
            recent.removeFirst()
        }
        let change = recent.first.map {
            Change(
                before: $0, after: sample,
                seconds: Double(max(sample.instant - $0.instant, 1)) / 1000)
        }
        var snapshot = Snapshot(sample, change, held: newest)
        fill(snapshot, from: previous?.instant, hasGap: isLate)
        if let newest { log.compare(newest, snapshot) }
        watch(snapshot, delay: delay)
        snapshot.alerts = alerts.active
        hasMoved = newest.map { !snapshot.isLike($0) } ?? true
        keep(snapshot)
        newest = snapshot
        if sample.problem == nil { recent.append(sample) }
    }

    /// A sample in the order of time. A clock that steps back has lost count of time: what came
    /// before cannot be compared with what comes after, and goes on where it was.
    private mutating func placed(_ sample: Sample) -> Sample {
        var sample = sample
        sample.instant += shift
        if let newest, sample.instant <= newest.instant {
            let step = newest.instant + max(sample.interval, 1) - sample.instant
            shift += step
            sample.instant += step
            recent = []
        }
        return sample
    }

    private static func hasRestarted(_ before: Sample, _ after: Sample) -> Bool {
        if let old = before.texts["run_id"], let new = after.texts["run_id"], old != new {
            return true
        }
        // The latter begins anew with CONFIG RESETSTAT, and all other counters with it.
        return ["uptime_in_seconds", "total_commands_processed"].contains { name in
            guard let old = before.numbers[name], let new = after.numbers[name] else {
                return false
            }
            return new < old
        }
    }

    private mutating func fill(_ snapshot: Snapshot, from before: Int64?, hasGap: Bool) {
        // A value holds for the time since the last sample; what was missed stays a gap.
        let usual = snapshot.instant - interval
        let start = hasGap ? usual : before ?? usual
        latencies.add(snapshot.latencies, from: start, to: snapshot.instant)
        for index in rings.indices {
            let value = snapshot.values[index]
            if rings[index] == nil {
                if value.isNaN { continue }
                rings[index] = Rings(from: start)
            }
            rings[index]?.add(value.isNaN ? nil : value, from: start, to: snapshot.instant)
        }
    }

    private mutating func watch(_ snapshot: Snapshot, delay: Int64) {
        var context = AlertContext()
        context.delay = delay
        context.limits = limits
        context.newSlow = newSlow(snapshot)
        let minute = snapshot.instant - 60_000
        // A minute that has not been seen whole has no hit rate yet.
        if let beginning, beginning <= minute {
            let (hits, misses) = lookups(from: minute, to: snapshot.instant)
            context.hitRate = Self.rate(hits, misses)
            context.lookups = hits == nil && misses == nil ? nil : (hits ?? 0) + (misses ?? 0)
        }
        func rise(_ id: FigureID) -> Double {
            guard let new = snapshot[id], let old = newest?[id] else { return 0 }
            return max(new - old, 0)
        }
        context.newRejections = rise(.rejected)
        context.newDelayedSyncs = rise(.delayedSyncs)
        for event in alerts.take(snapshot, context) {
            log.add(event.kind, event.text, instant: snapshot.instant, wall: snapshot.wall)
        }
    }

    /// How many commands have come into the slow log in a minute; 0 while that is not known.
    private func newSlow(_ snapshot: Snapshot) -> Double {
        guard let beginning, beginning <= snapshot.instant - 60_000,
            let newest = snapshot.slow?.map(\.id).max(),
            let before = self.snapshot(at: snapshot.instant - 60_000)?.slow
        else { return 0 }
        return Double(max(newest - (before.map(\.id).max() ?? -1), 0))
    }

    private mutating func keep(_ snapshot: Snapshot) {
        let second = snapshot.instant / 1000
        if let last = snapshots.last, last.instant / 1000 == second {
            snapshots[snapshots.count - 1] = snapshot
        } else {
            snapshots.append(snapshot)
            if snapshots.count > Self.snapshotLimit { snapshots.removeFirst() }
        }
    }

    /// Notes something that the person wants to find again.
    public mutating func mark(_ text: String) {
        guard let newest else { return }
        log.add(.mark, text, instant: newest.instant, wall: newest.wall)
    }

    /// The person has seen the alerts.
    public mutating func acknowledge() { alerts.acknowledge() }

    // MARK: Reading

    /// The snapshot that an instant shows: the last one at or before it, else the first.
    public func snapshot(at instant: Int64) -> Snapshot? {
        if let newest, newest.instant <= instant { return newest }
        return snapshots.last { $0.instant <= instant } ?? snapshots.first
    }

    /// The past of a figure, for whoever asks for many stretches of it; nil when it was never
    /// known.
    func past(_ id: FigureID) -> Rings? { rings[id.index] }

    /// What is known of a figure in a stretch of time.
    public func summary(_ id: FigureID, from start: Int64, to end: Int64) -> Summary? {
        rings[id.index]?.summary(from: start, to: end)
    }

    /// The hit rate of a stretch of time: of its lookups, not the mean of its rates.
    public func hitRate(from start: Int64, to end: Int64) -> Double? {
        let (hits, misses) = lookups(from: start, to: end)
        return Self.rate(hits, misses)
    }

    /// Hits and misses a second of a stretch of time.
    private func lookups(from start: Int64, to end: Int64) -> (hits: Double?, misses: Double?) {
        (
            summary(.hits, from: start, to: end)?.mean,
            summary(.misses, from: start, to: end)?.mean
        )
    }

    private static func rate(_ hits: Double?, _ misses: Double?) -> Double? {
        guard let hits, let misses, hits + misses > 0 else { return nil }
        return hits / (hits + misses) * 100
    }
}
