import Bytes
import Engine
import Terminal

// What each panel says about the instant that a view shows. A panel whose data a server elsewhere
// does not give says so, and what would give it, instead of being empty.

extension View {
    /// A panel by name.
    func panel(_ id: PanelID) -> PanelModel {
        var panel =
            switch id {
            case .memory: memory
            case .memoryParts: memoryParts
            case .hitRate: hitRate
            case .commands: commands
            case .commandTable: commandTable
            case .latencies: latencies
            case .removal: removal
            case .keyspace: keyspace
            case .board: board
            case .pubsub: pubsub
            case .clients: clients
            case .slow: slow
            case .replication: replication
            case .persistence: persistence
            case .events: events
            case .alerts: alerts
            case .lesson: lesson
            case .lab: lab
            case .lessonList: lessonList
            case .hotKeys: hotKeys
            case .browser: browser
            case .inspector: inspector
            case .types: types
            case .prefixes: prefixes
            case .departures: departures
            case .lifetimes: lifetimes
            case .sizes: sizes
            case .tail: tail
            case .publish: publish
            }
        panel.tag = tag(panel.figures)
        if Self.filtered.contains(id) { tellFilter(&panel) }
        return panel
    }

    /// The panels whose rows the filter chooses from.
    private static let filtered: Set<PanelID> = [
        .commands, .commandTable, .slow, .clients, .events, .hotKeys, .browser, .prefixes,
        .departures, .pubsub, .tail,
    ]

    /// A table without rows is not an empty table while a filter hides them.
    func tellFilter(_ panel: inout PanelModel) {
        guard let filter = filterText else { return }
        for (index, block) in panel.blocks.enumerated() {
            guard case .table(var table) = block, table.rows.isEmpty else { continue }
            table.empty = "no row \(filter); Esc shows all"
            panel.blocks[index] = .table(table)
        }
    }

    // MARK: Memory

    private var gauge: Block {
        let share = snapshot?[.memoryShare]
        var fact = fact(.usedMemory, "")
        if let most = snapshot?[.maximumMemory], most > 0 {
            fact.text += " of " + Amount.text(most, .bytes)
            let role: Role = (share ?? 0) > 95 ? .critical : (share ?? 0) > 90 ? .warning : .text
            return .gauge(
                fact, share: (share ?? 0) / 100, end: Amount.text(share, .percent), role: role)
        }
        return .gauge(fact, share: nil, end: "no limit is set (maxmemory 0)", role: .label)
    }

    private var memory: PanelModel {
        var graph = GraphModel(figure: .usedMemory)
        if let most = snapshot?[.maximumMemory], most > 0 { graph.top = most }
        return PanelModel(
            .memory, "Memory",
            [
                gauge,
                .facts([
                    fact(.fragmentation), fact(.datasetMemory), fact(.overheadMemory),
                    fact(.peakMemory), fact(.residentMemory),
                ]), .graph(graph),
            ],
            figures: [.usedMemory, .memoryShare, .fragmentation, .datasetMemory, .overheadMemory])
    }

    private var memoryParts: PanelModel {
        let ids: [FigureID] = [
            .datasetMemory, .overheadMemory, .clientMemory, .backlogMemory, .scriptMemory,
        ]
        let used = snapshot?[.usedMemory] ?? 0
        let rows = ids.map { id -> [TableCell] in
            let value = snapshot?[id]
            let share = used > 0 ? (value ?? 0) / used : 0
            return [
                TableCell(Figure[id].label), TableCell(Amount.text(value, .bytes), value),
                TableCell(
                    value == nil ? Amount.unknown : Amount.text(share * 100, .percent),
                    value == nil ? nil : share * 100),
                TableCell("", bar: share),
            ]
        }
        let table = TableModel(
            id: "parts",
            columns: [
                TableColumn("part", "part", 9, left: true, priority: 9),
                TableColumn("bytes", "bytes", 8, priority: 8),
                TableColumn("of used", "share", 7, priority: 7),
                TableColumn("", "bar", 8, left: true, grows: true, priority: 1),
            ], rows: rows, empty: "")
        var resident = GraphModel(figure: .residentMemory, label: "rss")
        resident.role = .graphTwo
        return PanelModel(
            .memoryParts, "What memory is used for",
            [
                .table(table),
                .facts([fact(.peakMemory), fact(.residentMemory), fact(.fragmentation)]),
                .graph(resident),
            ], figures: [.datasetMemory, .overheadMemory, .residentMemory, .peakMemory])
    }

    // MARK: Lookups

    private var hitRate: PanelModel {
        let minute = history.hitRate(from: instant - 60_000, to: instant)
        var graph = GraphModel(figure: .hitRate)
        graph.top = 100
        let now = snapshot?[.hitRate]
        let role: Role = (now ?? 100) < 80 ? .warning : .strong
        return PanelModel(
            .hitRate, "Hit rate",
            [
                .facts([
                    fact(.hitRate, role: role),
                    Fact(
                        id: "hit_rate_mean_60s", label: "1m", value: minute,
                        text: Amount.text(minute, .percent), figure: .hitRate),
                    fact(.sessionHitRate), fact(.hits), fact(.misses),
                ]), .graph(graph),
            ], figures: [.hitRate, .sessionHitRate, .hits, .misses])
    }

    // MARK: Commands

    private var commandColumns: [TableColumn] {
        [
            TableColumn("command", "command", 10, left: true, grows: true, priority: 9),
            TableColumn("calls/s", "rate", 8, priority: 8),
            TableColumn("share", "share", 6, priority: 2),
            TableColumn("mean", "mean", 6, priority: 4),
            TableColumn("p50", "p50", 6, priority: 3),
            TableColumn("p99", "p99", 6, priority: 6),
            TableColumn("p99.9", "p999", 6, priority: 1),
            TableColumn("err/s", "errors", 5, priority: 5),
        ]
    }

    private func commandRows(_ rows: [CommandRow]) -> [[TableCell]] {
        let total = rows.reduce(0) { $0 + $1.rate }
        return rows.filter { passes($0.name) }.map { row in
            let share = total > 0 ? row.rate / total * 100 : 0
            return [
                TableCell(row.name),
                TableCell(Amount.short(row.rate), row.rate, role: row.rate > 0 ? .text : .label),
                TableCell(Amount.text(share, .percent), share),
                TableCell(Amount.text(row.mean, .microseconds), row.mean),
                TableCell(Amount.text(row.p50, .microseconds), row.p50),
                TableCell(Amount.text(row.p99, .microseconds), row.p99),
                TableCell(Amount.text(row.p999, .microseconds), row.p999),
                TableCell(
                    Amount.short(row.errors), row.errors,
                    role: row.errors > 0 ? .warning : .label),
            ]
        }
    }

    private var commands: PanelModel {
        var table = TableModel(
            id: "commands", columns: commandColumns, rows: commandRows(snapshot?.commands ?? []),
            empty: "no command has been called")
        arrange(&table, own: "rate")
        var graph = GraphModel(figure: .operations)
        graph.weight = 1
        var panel = PanelModel(
            .commands, "Commands & latency",
            [
                .facts([
                    fact(.operations, "", role: .strong),
                    fact(.operations, over: 60, "1m"),
                    fact(.operations, over: 3600, "peak", highest: true), fact(.input),
                    fact(.output),
                ]),
                .graph(graph),
                .facts([
                    fact(.latency50), fact(.latency99), fact(.latency999), fact(.latency),
                    fact(.processor),
                ]), .table(table),
            ], figures: [.operations, .latency99, .latency50, .latency999, .input, .output])
        panel.remark = sortRemark(table)
        return panel
    }

    private var commandTable: PanelModel {
        var table = TableModel(
            id: "commands", columns: commandColumns, rows: commandRows(snapshot?.commands ?? []),
            empty: "no command has been called")
        arrange(&table, own: "rate")
        var panel = PanelModel(
            .commandTable, "Commands",
            [
                .facts([
                    fact(.operations, "", role: .strong), fact(.errors), fact(.latency),
                    fact(.processor),
                ]), .table(table),
            ], figures: [.operations, .errors, .latency, .processor])
        panel.remark = sortRemark(table)
        return panel
    }

    /// Where the times of all commands lie, and the percentile that follows from them.
    private var latencies: PanelModel {
        var heat = HeatModel(table: latencyTable)
        if history.latencies.isEmpty { (heat.least, heat.most) = (1, 1) }
        var slowest = GraphModel(figure: .latency99, label: "p99")
        slowest.role = .graphTwo
        slowest.weight = 1
        slowest.least = 2
        slowest.most = 5
        var panel = PanelModel(
            .latencies, "Latency",
            [
                .facts([
                    fact(.latency50), fact(.latency99, role: .strong), fact(.latency999),
                    fact(.latency), fact(.roundTrip),
                ]), .heat(heat), .graph(slowest),
            ], figures: [.latency99, .latency50, .latency999, .latency, .roundTrip])
        if !history.latencies.isEmpty {
            panel.remark = Glyphs(isUTF8: !state.isASCII, graph: state.graph).heatLegend
        }
        return panel
    }

    private var latencyTable: TableModel {
        let rates = snapshot?.latencies ?? []
        let total = rates.reduce(0, +)
        let rows = zip(LatencyClasses.labels, rates).filter { $1 > 0 }.map { label, rate in
            [
                TableCell(label), TableCell(Amount.short(rate), rate),
                TableCell(Amount.text(rate / total * 100, .percent), rate / total * 100),
            ]
        }
        var empty = "no command has been timed yet; latency-tracking no keeps it so"
        if let reason = snapshot?.timesOmitted {
            empty = "no times, Redis 7.0 and later tell them: " + shown(Array(reason.utf8))
        }
        return TableModel(
            id: "latencies",
            columns: [
                TableColumn("up to", "limit", 6, left: true, priority: 9),
                TableColumn("calls/s", "rate", 8, priority: 8),
                TableColumn("share", "share", 6, priority: 7),
            ], rows: rows, empty: empty)
    }

    // MARK: Removal

    private var removal: PanelModel {
        var evicted = GraphModel(figure: .evicted, label: "evict")
        evicted.role = .graphTwo
        let expired = GraphModel(figure: .expired, label: "expir")
        let isEvicting = (snapshot?[.evicted] ?? 0) > 0
        return PanelModel(
            .removal, "Evictions & expirations",
            [
                .facts([
                    fact(.evicted, role: isEvicting ? .warning : .strong),
                    fact(.expired, role: .strong), word("maxmemory_policy", "policy"),
                ]), .graph(evicted), .graph(expired),
                .facts(
                    (lastVictim.map { [$0] } ?? [])
                        + [fact(.evictedTotal), fact(.expiredTotal), fact(.stale)]),
            ], figures: [.evicted, .expired, .stale])
    }

    /// The key that was evicted last.
    private var lastVictim: Fact? {
        guard let last = snapshot?.departures?.first(where: { $0.reason == "evicted" }) else {
            return nil
        }
        var text = CellText.cutInside(
            shown(last.key.bytes), to: 24, mark: state.isASCII ? "~" : "…")
        if last.idle >= 0 { text += " (idle \(Amount.duration(Double(last.idle))))" }
        return Fact(id: "last_evicted", label: "last", text: text, figure: .victimIdle)
    }

    // MARK: Keys

    private var keyspace: PanelModel {
        let rows = (snapshot?.databases ?? []).map { row in
            [
                TableCell("db\(row.number)"), TableCell(Amount.count(row.keys), row.keys),
                TableCell(Amount.count(row.expires), row.expires),
                TableCell(
                    row.expires > 0 ? Amount.duration(row.averageTTL / 1000) : "-",
                    row.expires > 0 ? row.averageTTL / 1000 : nil),
            ]
        }
        let table = TableModel(
            id: "databases",
            columns: [
                TableColumn("database", "database", 8, left: true, grows: true, priority: 9),
                TableColumn("keys", "keys", 9, priority: 8),
                TableColumn("with ttl", "expires", 9, priority: 7),
                TableColumn("mean ttl", "ttl", 9, priority: 6),
            ], rows: rows, empty: "no keys yet")
        var graph = GraphModel(figure: .keys)
        graph.weight = 1
        return PanelModel(
            .keyspace, "Keys",
            [
                .facts([fact(.keys, role: .strong), fact(.volatileKeys)]), .table(table),
                .graph(graph),
            ],
            figures: [.keys, .volatileKeys])
    }

    // MARK: Events

    private var events: PanelModel {
        let rows = history.log.events.reversed().filter { $0.instant <= instant }
            .filter { passes($0.text) }.prefix(200).map { event in
                let role: Role =
                    switch event.kind {
                    case .alert: .warning
                    case .clear: .label
                    case .mark: .strong
                    default: .text
                    }
                return [
                    TableCell(Amount.clock(wall: event.wall), Double(event.wall)),
                    TableCell("\(event.number % 100)", Double(event.number)),
                    TableCell(event.text, role: role),
                ]
            }
        let table = TableModel(
            id: "events",
            columns: [
                TableColumn("time", "time", 8, left: true, priority: 4),
                TableColumn("no", "number", 2, priority: 6),
                TableColumn("what happened", "text", 12, left: true, grows: true, priority: 9),
            ], rows: Array(rows), empty: "nothing has happened yet")
        return PanelModel(.events, "Events", [.table(table)])
    }

    private var alerts: PanelModel {
        let rows = (snapshot?.alerts ?? []).map { alert in
            [
                TableCell(
                    "!" + alert.severity.word,
                    role: alert.severity == .critical ? .critical : .warning),
                TableCell(
                    Amount.duration(Double(instant - alert.since) / 1000),
                    Double(instant - alert.since) / 1000),
                TableCell(alert.text + (alert.isAcknowledged ? " (seen)" : "")),
            ]
        }
        let table = TableModel(
            id: "alerts",
            columns: [
                TableColumn("", "severity", 5, left: true, priority: 9),
                TableColumn("for", "seconds", 8, priority: 6),
                TableColumn("what", "text", 12, left: true, grows: true, priority: 8),
            ], rows: rows, empty: "all is well")
        return PanelModel(.alerts, "Alerts", [.table(table)])
    }

    private var lab: PanelModel {
        PanelModel(
            .lab, "Lab",
            [
                .prose(
                    """
                    The place of the laboratory: how much a bigger cache would help (the \
                    miss-ratio curve), and which eviction policy would do best on the stream of \
                    requests that this server gets. It comes with the policy simulator.
                    """, .text),
                .prose("", .text),
                .prose("Until then, policies can be compared on a load made up for it:", .label),
                .prose("larder bench --hit-ratio --against redis-server", .key),
            ])
    }

    // MARK: Tables

    /// Sorts a table as the person wants it, by its own column otherwise.
    func arrange(_ table: inout TableModel, own: String) {
        let sort = state.sorts[table.id]
        let wanted = sort?.column.flatMap { id in table.columns.firstIndex { $0.id == id } }
        guard let column = wanted ?? table.columns.firstIndex(where: { $0.id == own }) else {
            return
        }
        table.sorted = column
        let isNumeric = table.columns[column].isRight
        // Stable: rows that are equal keep their order.
        let sorted = table.rows.enumerated().sorted { left, right in
            let (a, b) = (left.element[column], right.element[column])
            if isNumeric {
                let (x, y) = (a.value ?? -1, b.value ?? -1)
                return x == y ? left.offset < right.offset : x > y
            }
            return a.text == b.text ? left.offset < right.offset : a.text < b.text
        }
        table.rows = sorted.map(\.element)
        if sort?.isReversed == true { table.rows.reverse() }
    }

    func sortRemark(_ table: TableModel) -> String {
        guard let column = table.sorted else { return "" }
        var text = "sort: \(table.columns[column].title)"
        if state.sorts[table.id]?.isReversed == true { text += " up" }
        if !state.filter.isEmpty {
            text += " filter: \(state.isInverse ? "not " : "")\(state.filter)"
        }
        return text
    }
}
