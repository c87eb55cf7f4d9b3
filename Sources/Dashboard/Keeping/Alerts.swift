// What deserves a look. A condition must hold for three seconds before it is an alert, and be over
// for ten before it is none, so that a value at the limit does not blink.

/// How bad it is.
public enum Severity: Int, Comparable, Sendable {
    /// Worth a look.
    case warning = 1
    /// Worth a look now.
    case critical = 2

    /// The word that stands beside the colour.
    public var word: String { self == .critical ? "CRIT" : "WARN" }

    /// A warning is less than what is critical.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// From where on something is an alert.
public struct AlertLimits: Equatable, Sendable {
    /// Two steps of a figure.
    public struct Steps: Equatable, Sendable {
        /// More than this is worth a look.
        public var warning: Double
        /// More than this is worth a look now.
        public var critical: Double

        func severity(_ value: Double) -> Severity? {
            value > critical ? .critical : value > warning ? .warning : nil
        }
    }

    /// Hundredths of maxmemory.
    public var memory = Steps(warning: 90, critical: 95)
    /// Evictions a second.
    public var evictions = Steps(warning: 0, critical: 100)
    /// The lowest good hit rate of a minute, in hundredths.
    public var hitRate = 80.0
    /// With fewer lookups a second it says nothing.
    public var lookups = 100.0
    /// What is good of it.
    public var fragmentation = 1.0...1.5
    /// Seconds of a replica.
    public var lag = 5.0
    /// Commands in the slow log, a minute.
    public var slow = 10.0

    /// The usual ones.
    public init() {}
}

/// A rule.
struct AlertRule: Sendable {
    /// The figure whose panel is marked.
    let figure: FigureID
    /// What is wrong, in a few words.
    let text: @Sendable (AlertLimits) -> String
    let level: @Sendable (Snapshot, AlertContext) -> Severity?

    init(
        _ figure: FigureID, _ text: @escaping @Sendable (AlertLimits) -> String,
        _ level: @escaping @Sendable (Snapshot, AlertContext) -> Severity?
    ) {
        (self.figure, self.text, self.level) = (figure, text, level)
    }
}

/// What rules need beyond the snapshot.
struct AlertContext: Sendable {
    /// The hit rate over the last minute, and its lookups a second; nil before there was one.
    var hitRate: Double?
    var lookups: Double?
    /// How late the sample is, in milliseconds.
    var delay: Int64 = 0
    /// Refusals since the sample before.
    var newRejections = 0.0
    var newDelayedSyncs = 0.0
    /// Slow commands of the last minute.
    var newSlow = 0.0
    var limits = AlertLimits()
}

/// An alert that is on.
public struct Alert: Equatable, Sendable {
    /// Which rule.
    public let rule: Int
    /// The figure whose panel is marked.
    public let figure: FigureID
    /// How bad.
    public var severity: Severity
    /// What is wrong.
    public let text: String
    /// Since when, in milliseconds of the watcher's own clock.
    public let since: Int64
    /// True when the person has seen it.
    public var isAcknowledged = false
}

/// The rules and what they say now.
public struct Alerts: Sendable {
    /// A condition must hold so long, in milliseconds.
    static let enters: Int64 = 3000
    /// It must be over so long.
    static let clears: Int64 = 10_000

    private struct Progress {
        /// Since when the condition holds, or is over.
        var since: Int64?
        var holds = false
    }

    private var progress: [Progress]
    /// The alerts that are on, the worst first.
    public private(set) var active: [Alert] = []

    init() {
        progress = Array(repeating: Progress(), count: Self.rules.count)
    }

    /// Takes a snapshot and returns what is to be logged.
    mutating func take(
        _ snapshot: Snapshot, _ context: AlertContext
    ) -> [(kind: Event.Kind, text: String)] {
        var events: [(kind: Event.Kind, text: String)] = []
        for (index, rule) in Self.rules.enumerated() {
            let level = rule.level(snapshot, context)
            if (level != nil) != progress[index].holds || progress[index].since == nil {
                progress[index] = Progress(since: snapshot.instant, holds: level != nil)
            }
            let lasted = snapshot.instant - (progress[index].since ?? snapshot.instant)
            let place = active.firstIndex { $0.rule == index }
            if let level {
                if let place {
                    if level > active[place].severity { active[place].isAcknowledged = false }
                    active[place].severity = level
                } else if lasted >= Self.enters {
                    active.append(
                        Alert(
                            rule: index, figure: rule.figure, severity: level,
                            text: rule.text(context.limits),
                            since: snapshot.instant))
                    events.append((.alert, rule.text(context.limits)))
                }
            } else if let place, lasted >= Self.clears {
                events.append((.clear, "over: \(active[place].text)"))
                active.remove(at: place)
            }
        }
        active.sort { ($0.severity, $1.since) > ($1.severity, $0.since) }
        return events
    }

    /// The person has seen them all.
    mutating func acknowledge() {
        for index in active.indices { active[index].isAcknowledged = true }
    }

    // MARK: Rules

    /// A limit as it stands in a sentence.
    private static func number(_ value: Double) -> String {
        value == value.rounded() ? Amount.decimals(value, 0) : Amount.decimals(value, 1)
    }

    static let rules: [AlertRule] = [
        AlertRule(
            .usedMemory, { "memory above \(number($0.memory.warning)) % of maxmemory" },
            { snapshot, context in
                guard let share = snapshot[.memoryShare] else { return nil }
                return context.limits.memory.severity(share)
            }),
        AlertRule(
            .hitRate, { "hit rate of a minute below \(number($0.hitRate)) %" },
            { _, context in
                guard let rate = context.hitRate, let lookups = context.lookups,
                    lookups > context.limits.lookups
                else { return nil }
                return rate < context.limits.hitRate ? .warning : nil
            }),
        AlertRule(
            .evicted, { _ in "keys are evicted to make room" },
            { snapshot, context in
                snapshot[.evicted].flatMap(context.limits.evictions.severity)
            }),
        AlertRule(
            .usedMemory,
            { limits in
                let range = limits.fragmentation
                return "fragmentation is outside \(Amount.decimals(range.lowerBound, 1)) to "
                    + Amount.decimals(range.upperBound, 1)
            },
            { snapshot, context in
                guard let ratio = snapshot[.fragmentation] else { return nil }
                return context.limits.fragmentation.contains(ratio) ? nil : .warning
            }),
        AlertRule(
            .replicas, { "a replica lags more than \(number($0.lag)) s" },
            { snapshot, context in
                (snapshot[.replicaLag] ?? 0) > context.limits.lag ? .warning : nil
            }),
        AlertRule(
            .latency999, { "more than \(number($0.slow)) slow commands in a minute" },
            { _, context in context.newSlow > context.limits.slow ? .warning : nil }),
        AlertRule(
            .replicas, { _ in "the link to the primary is down" },
            { snapshot, _ in
                snapshot.texts["master_link_status"] == "down" ? .critical : nil
            }),
        AlertRule(
            .clients, { _ in "connections are refused" },
            { _, context in
                context.newRejections > 0 ? .critical : nil
            }),
        AlertRule(
            .replicas, { _ in "writing the append-only file is delayed" },
            { _, context in
                context.newDelayedSyncs > 0 ? .warning : nil
            }),
        AlertRule(
            .replicas, { _ in "the last snapshot failed" },
            { snapshot, _ in
                snapshot.texts["rdb_last_bgsave_status"] == "err" ? .critical : nil
            }),
        AlertRule(
            .operations, { _ in "the server does not answer" },
            { snapshot, _ in
                snapshot.problem == nil ? nil : .critical
            }),
        AlertRule(
            .operations, { _ in "samples come late" },
            { _, context in
                context.delay > 1000 ? .warning : nil
            }),
    ]
}
