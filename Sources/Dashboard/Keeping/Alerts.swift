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

/// A rule.
public struct AlertRule: Sendable {
    /// The figure whose panel is marked.
    public let figure: FigureID
    /// What is wrong, in a few words.
    public let text: String
    let level: @Sendable (Snapshot, AlertContext) -> Severity?
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
                            rule: index, figure: rule.figure, severity: level, text: rule.text,
                            since: snapshot.instant))
                    events.append((.alert, rule.text))
                }
            } else if let place, lasted >= Self.clears {
                active.remove(at: place)
                events.append((.clear, "over: \(rule.text)"))
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

    static let rules: [AlertRule] = [
        AlertRule(figure: .usedMemory, text: "memory above 90 % of maxmemory") { snapshot, _ in
            guard let share = snapshot[.memoryShare], share > 90 else { return nil }
            return share > 95 ? .critical : .warning
        },
        AlertRule(figure: .hitRate, text: "hit rate of a minute below 80 %") { _, context in
            guard let rate = context.hitRate, let lookups = context.lookups, lookups > 100 else {
                return nil
            }
            return rate < 80 ? .warning : nil
        },
        AlertRule(figure: .evicted, text: "keys are evicted to make room") { snapshot, _ in
            guard let rate = snapshot[.evicted], rate > 0 else { return nil }
            return rate > 100 ? .critical : .warning
        },
        AlertRule(figure: .usedMemory, text: "fragmentation is outside 1.0 to 1.5") {
            snapshot, _ in
            guard let ratio = snapshot[.fragmentation] else { return nil }
            return ratio > 1.5 || ratio < 1.0 ? .warning : nil
        },
        AlertRule(figure: .replicas, text: "a replica lags more than 5 s") { snapshot, _ in
            (snapshot[.replicaLag] ?? 0) > 5 ? .warning : nil
        },
        AlertRule(figure: .replicas, text: "the link to the primary is down") { snapshot, _ in
            snapshot.texts["master_link_status"] == "down" ? .critical : nil
        },
        AlertRule(figure: .clients, text: "connections are refused") { _, context in
            context.newRejections > 0 ? .critical : nil
        },
        AlertRule(figure: .replicas, text: "writing the append-only file is delayed") {
            _, context in
            context.newDelayedSyncs > 0 ? .warning : nil
        },
        AlertRule(figure: .replicas, text: "the last snapshot failed") { snapshot, _ in
            snapshot.texts["rdb_last_bgsave_status"] == "err" ? .critical : nil
        },
        AlertRule(figure: .operations, text: "the server does not answer") { snapshot, _ in
            snapshot.problem == nil ? nil : .critical
        },
        AlertRule(figure: .operations, text: "samples come late") { _, context in
            context.delay > 1000 ? .warning : nil
        },
    ]
}
