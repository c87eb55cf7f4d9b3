import Client

// What `x` says about a figure. The words are those of `:explain` at the prompt; the numbers are
// those of the instant that is shown, so that an explanation of the past fills in the past.

enum Cards {
    /// The card that explains a figure; several figures may share one.
    static func card(_ id: FigureID) -> ExplainCard? {
        names[id].flatMap { name in ExplainCards.all.first { $0.id == name } }
    }

    /// True when a name means a figure: its own, or that of its card.
    static func isNamed(_ id: FigureID, _ name: String) -> Bool {
        id.rawValue == name || names[id] == name
    }

    /// The card of a figure with the values that a view shows.
    static func model(_ id: FigureID, _ view: View) -> PanelModel {
        let figure = Figure[id]
        let value = Amount.text(view.snapshot?[id], figure.unit)
        guard let card = card(id) else { return PanelModel(.lesson, figure.label, []) }
        var panel = PanelModel(.lesson, "\(card.title): \(figure.label) \(value)", [])
        panel.remark = "x: the next   Esc: back"
        let figures = LiveFigures(info: info(view.snapshot))
        panel.blocks = [.prose(card.meaning, .text), .prose("", .text)]
        panel.blocks.append(.entry("now", now(id, view), .strong))
        if let total = card.formula(figures) {
            panel.blocks.append(.entry("INFO", total, .text))
        }
        var sources = [card.source]
        if let name = card.cloudWatch { sources.append("CloudWatch \(name)") }
        if let name = card.memcached { sources.append("memcached \(name)") }
        let rows: [(label: String, text: String, role: Role)] = [
            ("from", sources.joined(separator: "; "), .label),
            ("normal", card.normal, .text), ("helps", card.remedy, .text),
            ("look", card.deeper.joined(separator: "  |  "), .key),
            ("asked", card.question, .label),
        ]
        panel.blocks += rows.map { .entry($0.label, $0.text, $0.role) }
        return panel
    }

    /// What an error reply means.
    static func model(_ reply: ErrorReply, _ view: View) -> PanelModel {
        let code = String(reply.text.prefix { $0 != " " })
        let card = ErrorCards.card(reply: reply.text)
        var panel = PanelModel(
            .lesson, "\(view.shown(Array(code.utf8))), an error",
            [
                .prose(
                    card?.meaning ?? "An error of this server's own, or of a script: its words "
                        + "say what is wrong.", .text), .prose("", .text),
            ])
        panel.remark = "x: figures   Esc: back"
        let rows: [(label: String, text: String, role: Role)] = [
            ("said", reply.text == code ? "" : view.shown(Array(reply.text.utf8)), .strong),
            ("to", view.shown(Array(reply.command.utf8)), .text),
            ("helps", card?.remedy ?? "", .text),
            ("look", card?.deeper.joined(separator: "  |  ") ?? "", .key),
            ("rate", view.snapshot?[.errors].map { Amount.text($0, .rate) } ?? "", .label),
        ]
        panel.blocks += rows.filter { !$0.text.isEmpty }.map { .entry($0.label, $0.text, $0.role) }
        return panel
    }

    /// What is known in the form of INFO.
    private static func info(_ snapshot: Snapshot?) -> String {
        guard let snapshot else { return "" }
        var fields = snapshot.texts
        for (name, number) in snapshot.numbers where fields[name] == nil {
            fields[name] = Int(exactly: number).map { String($0) } ?? String(number)
        }
        return fields.map { "\($0.key):\($0.value)" }.joined(separator: "\n")
    }

    /// How a figure comes about, with the numbers of this moment.
    static func now(_ id: FigureID, _ view: View) -> String {
        func text(_ id: FigureID) -> String { Amount.text(view.snapshot?[id], Figure[id].unit) }
        switch id {
        case .memoryShare: return "\(text(.usedMemory)) / \(text(.maximumMemory)) = \(text(id))"
        case .fragmentation:
            return "\(text(.residentMemory)) / \(text(.usedMemory)) = \(text(id))"
        case .hitRate:
            return "hits \(text(.hits)) / (\(text(.hits)) + misses \(text(.misses))) = \(text(id))"
        case .datasetMemory, .overheadMemory, .clientMemory, .backlogMemory, .scriptMemory:
            return "\(text(id)) of \(text(.usedMemory)) in use"
        case .volatileKeys: return "\(text(id)) of \(text(.keys)) keys"
        case .clients, .blockedClients: return "\(text(id)), at most \(text(.clientLimit))"
        default: break
        }
        switch Figure[id].unit {
        case .rate, .byteRate:
            let minute = view.fact(id, over: 60, "").text
            let most = view.fact(id, over: 3600, "", highest: true).text
            return "\(text(id)), \(minute) over a minute, at most \(most) in the last hour"
        default: return text(id)
        }
    }

    /// Which card explains which figure.
    private static let names: [FigureID: String] = [
        .usedMemory: "used_memory", .maximumMemory: "memory_share", .memoryShare: "memory_share",
        .peakMemory: "memory_peak", .residentMemory: "fragmentation",
        .datasetMemory: "overhead", .overheadMemory: "overhead", .clientMemory: "client_memory",
        .backlogMemory: "overhead", .scriptMemory: "overhead", .fragmentation: "fragmentation",
        .hitRate: "hit_rate", .sessionHitRate: "hit_rate", .hits: "hit_rate", .misses: "misses",
        .operations: "ops", .errors: "errors", .input: "network", .output: "network",
        .latency: "latency", .latency50: "latency", .latency99: "latency",
        .latency999: "latency", .roundTrip: "latency", .processor: "cpu",
        .evicted: "evictions", .expired: "expirations", .evictedTotal: "evictions",
        .expiredTotal: "expirations", .stale: "stale_share", .keys: "keys",
        .volatileKeys: "keys", .clients: "clients", .blockedClients: "blocked_clients",
        .clientLimit: "clients", .connections: "new_connections",
        .rejected: "rejected_connections", .channels: "channels", .patterns: "channels",
        .published: "messages", .replicas: "replication_lag", .replicaLag: "replication_lag",
        .offset: "replication_lag", .changes: "snapshot", .forkTime: "snapshot",
        .delayedSyncs: "log", .uptime: "uptime", .hottestShare: "hot_keys",
        .biggestKey: "big_keys", .victimIdle: "victim_idle",
    ]
}
