import Terminal

/// Something that happened, drawn as a mark below the graphs.
public struct Event: Equatable, Sendable {
    /// What kind of thing.
    public enum Kind: String, Equatable, Sendable {
        /// An alert began.
        case alert
        /// It ended.
        case clear
        /// A setting changed.
        case setting
        /// The server started, stopped, or changed its role.
        case server
        /// A snapshot or log was written.
        case saving
        /// A command was slow.
        case slow
        /// The person set a mark.
        case mark
    }
    /// Its number, from 1.
    public let number: Int
    /// When, in milliseconds of the watcher's own clock.
    public let instant: Int64
    /// When, in milliseconds since 1970.
    public let wall: Int64
    /// What kind of thing.
    public let kind: Kind
    /// What happened.
    public let text: String
}

/// What happened, the newest last.
public struct EventLog: Sendable {
    /// The events that are kept.
    public private(set) var events: [Event] = []
    private var count = 0
    /// So many are kept.
    static let limit = 1000

    /// Adds one.
    mutating func add(_ kind: Event.Kind, _ text: String, instant: Int64, wall: Int64) {
        count += 1
        events.append(
            Event(number: count, instant: instant, wall: wall, kind: kind, text: text))
        if events.count > Self.limit { events.removeFirst(events.count - Self.limit) }
    }

    /// Takes what two snapshots tell about the time between them.
    mutating func compare(_ before: Snapshot, _ after: Snapshot) {
        var found: [(kind: Event.Kind, text: String)] = []
        defer {
            for (kind, text) in found {
                add(kind, text, instant: after.instant, wall: after.wall)
            }
        }
        func note(_ kind: Event.Kind, _ text: String) { found.append((kind, text)) }
        if after.problem != nil, before.problem == nil {
            note(.server, "no answer: \(after.problem ?? "")")
        }
        if after.problem == nil, before.problem != nil { note(.server, "answers again") }
        guard after.problem == nil, before.problem == nil else { return }
        let (old, new) = (before.texts, after.texts)
        if let id = new["run_id"], let former = old["run_id"], id != former {
            note(.server, "another run of the server has begun")
            return
        }
        for name in ["maxmemory", "maxmemory_policy"] {
            guard let from = old[name], let to = new[name], from != to else { continue }
            let shown =
                name == "maxmemory" ? Amount.text(Double(to), .bytes) : to
            note(.setting, "\(name.replacing("_", with: "-")) is now \(shown)")
        }
        if let from = old["role"], let to = new["role"], from != to {
            note(.server, "role: \(from) became \(to)")
        }
        if let from = old["master_link_status"], let to = new["master_link_status"], from != to {
            note(.server, "link to the primary is \(to)")
        }
        if old["rdb_bgsave_in_progress"] == "0", new["rdb_bgsave_in_progress"] == "1" {
            note(.saving, "snapshot begun")
        }
        if old["rdb_last_save_time"] != new["rdb_last_save_time"] {
            note(.saving, "snapshot \(new["rdb_last_bgsave_status"] ?? "written")")
        }
        if old["aof_rewrite_in_progress"] == "1", new["aof_rewrite_in_progress"] == "0" {
            note(.saving, "append-only file rewritten")
        }
        compareSlow(before.slow, after.slow, note)
    }

    private func compareSlow(
        _ before: [SlowRow]?, _ after: [SlowRow]?, _ note: (Event.Kind, String) -> Void
    ) {
        guard let before, let after else { return }
        let newest = before.map(\.id).max() ?? -1
        let fresh = after.filter { $0.id > newest }.sorted { $0.id < $1.id }
        for row in fresh.suffix(3) {
            let words = row.words.prefix(3).map { CellText.shown($0, ascii: false) }
            note(
                .slow,
                "slow: \(CellText.cut(words.joined(separator: " "), to: 40)) "
                    + Amount.text(row.microseconds, .microseconds))
        }
        if fresh.count > 3 { note(.slow, "and \(fresh.count - 3) more slow commands") }
    }
}
