import Terminal

// Panels of connections, slow commands, and copies of the data.

extension View {
    var clients: PanelModel {
        let found = snapshot?.clients
        let rows = (found ?? []).filter { passes("\($0.address) \($0.name) \($0.command)") }
            .map { row in
                [
                    TableCell(row.address), TableCell(row.name.isEmpty ? "-" : row.name),
                    TableCell(row.command), TableCell(Amount.duration(row.idle), row.idle),
                    TableCell(Amount.duration(row.age), row.age),
                    TableCell(Amount.text(row.memory, .bytes), row.memory),
                    TableCell(row.flags),
                ]
            }
        var table = TableModel(
            id: "clients",
            columns: [
                TableColumn("client", "address", 15, left: true, grows: true, priority: 9),
                TableColumn("name", "name", 14, left: true, grows: true, priority: 4),
                TableColumn("last", "command", 10, left: true, priority: 7),
                TableColumn("idle", "idle", 6, priority: 6),
                TableColumn("age", "age", 7, priority: 3),
                TableColumn("mem", "memory", 6, priority: 5),
                TableColumn("flags", "flags", 5, left: true, priority: 1),
            ], rows: rows,
            empty: snapshot?.clientsOmitted
                ?? (found == nil ? "not read yet" : "nobody else is connected"))
        arrange(&table, own: "memory")
        var panel = PanelModel(
            .clients, "Clients",
            [
                .facts([
                    fact(.clients, role: .strong), fact(.blockedClients), fact(.clientLimit),
                    fact(.connections), fact(.rejected),
                ]), .table(table),
            ], figures: [.clients, .connections, .rejected, .blockedClients])
        panel.remark = sortRemark(table)
        return panel
    }

    var slow: PanelModel {
        let now = (snapshot?.wall ?? 0) / 1000
        let isASCII = state.isASCII
        let rows = (snapshot?.slow ?? []).map { row in
            let words = row.words.map { CellText.shown($0, ascii: isASCII) }
                .joined(separator: " ")
            return [
                TableCell(Amount.duration(Double(max(now - row.time, 0))), Double(row.time)),
                TableCell(
                    Amount.text(row.microseconds, .microseconds), row.microseconds,
                    role: row.microseconds > 100_000 ? .warning : .text),
                TableCell(words), TableCell(row.client),
            ]
        }.filter { passes($0[2].text) }
        let table = TableModel(
            id: "slow",
            columns: [
                TableColumn("ago", "time", 8, priority: 6),
                TableColumn("took", "microseconds", 7, priority: 8),
                TableColumn("command", "command", 14, left: true, grows: true, priority: 9),
                TableColumn("client", "client", 15, left: true, priority: 1),
            ], rows: rows,
            empty: snapshot?.slow == nil ? "not read yet" : "no command has been slow")
        return PanelModel(.slow, "Slow log", [.table(table)], figures: [.latency999])
    }

    var replication: PanelModel {
        let texts = snapshot?.texts ?? [:]
        let role = texts["role"] ?? Amount.unknown
        var blocks: [Block] = []
        if role == "slave" {
            let isDown = texts["master_link_status"] == "down"
            blocks.append(
                .facts([
                    Fact(id: "role", label: "", text: "replica", role: .strong),
                    Fact(
                        id: "primary", label: "of",
                        text: "\(texts["master_host"] ?? "?"):\(texts["master_port"] ?? "?")"),
                    word("master_link_status", "link", role: isDown ? .critical : .text),
                    fact(.replicaLag, "last heard"),
                ]))
        } else {
            blocks.append(
                .facts([
                    Fact(
                        id: "role", label: "", text: role == "master" ? "primary" : role,
                        role: .strong),
                    fact(.replicas), fact(.offset), fact(.replicaLag),
                ]))
        }
        if role != "slave", snapshot?.replicas.isEmpty ?? true {
            blocks += noReplicas
            return PanelModel(
                .replication, "Replication", blocks, figures: [.replicas, .replicaLag, .offset])
        }
        let offset = snapshot?[.offset] ?? 0
        let rows = (snapshot?.replicas ?? []).map { row in
            let behind = max(offset - row.offset, 0)
            return [
                TableCell(row.address), TableCell(row.state),
                TableCell(
                    Amount.duration(row.lag), row.lag, role: row.lag > 5 ? .warning : .text),
                TableCell(Amount.text(behind, .bytes), behind),
            ]
        }
        var backlog = [
            word("repl_backlog_size", "backlog", unit: .bytes),
            word("repl_backlog_histlen", "of which filled", unit: .bytes),
        ]
        if texts["master_failover_state"] != "no-failover" {
            backlog.append(word("master_failover_state", "failover", role: .strong))
        }
        blocks.append(.facts(backlog))
        var lag = GraphModel(figure: .replicaLag, label: "lag")
        lag.most = 6
        if state.screen == .replication { blocks.append(.graph(lag)) }
        blocks.append(
            .table(
                TableModel(
                    id: "replicas",
                    columns: [
                        TableColumn("replica", "address", 15, left: true, grows: true),
                        TableColumn("state", "state", 7, left: true),
                        TableColumn("lag", "lag", 5), TableColumn("behind", "behind", 7),
                    ], rows: rows,
                    empty: "this replica has none of its own")))
        return PanelModel(
            .replication, "Replication", blocks, figures: [.replicas, .replicaLag, .offset])
    }

    /// What there is to know of copies while there are none.
    private var noReplicas: [Block] {
        guard state.screen == .replication else {
            return [.prose("no replicas: 7 tells what they are for", .label)]
        }
        var blocks: [Block] = [
            .prose("", .text),
            .prose(
                """
                No replicas. A replica is a copy on another server that follows every write. If \
                this server is lost, it can take its place; meanwhile it can answer reads.
                """, .text),
            .prose("", .text),
            .entry("state", "whether a replica follows or is still being filled", .label),
            .entry("lag", "seconds since it was heard of; more than 1 is worth a look", .label),
            .entry("behind", "bytes of the stream of writes that it does not have yet", .label),
            .entry(
                "backlog", "how much of that stream is kept for replicas that come back", .label),
        ]
        if isLarder {
            blocks.append(.prose("", .text))
            blocks.append(.prose("This engine does not replicate yet.", .label))
        } else {
            blocks.append(.entry("to try", "REPLICAOF \(hostOfSource)", .key))
            blocks.append(.entry("", "at another server makes it one", .label))
        }
        return blocks
    }

    private var hostOfSource: String {
        source.name.contains(":") && !source.name.hasPrefix("/")
            ? source.name.split(separator: ":").suffix(2).joined(separator: " ") : "host port"
    }

    /// True for an engine that tells more than INFO does.
    var isLarder: Bool { snapshot?.types != nil }

    var persistence: PanelModel {
        let texts = snapshot?.texts ?? [:]
        let isFailing = texts["rdb_last_bgsave_status"] == "err"
        var ago: Double?
        if let time = texts["rdb_last_save_time"].flatMap({ Double($0) }), let snapshot, time > 0 {
            ago = max(Double(snapshot.wall) / 1000 - time, 0)
        }
        let isOn = texts["aof_enabled"] == "1"
        if isLarder {
            // An engine that never writes has no age of a snapshot to be proud of.
            let more: [Block] =
                state.screen == .replication
                ? savingExplained(isOn)
                : [.prose("nothing is kept on disk yet: 7 tells more", .label)]
            return PanelModel(
                .persistence, "Persistence", [.facts([fact(.changes)])] + more,
                figures: [.changes])
        }
        var blocks: [Block] = [
            .facts([
                Fact(
                    id: "rdb_age", label: "snapshot", value: ago,
                    text: ago.map { Amount.duration($0) + " ago" } ?? Amount.unknown),
                word("rdb_last_bgsave_status", "", role: isFailing ? .critical : .text),
                fact(.changes), fact(.forkTime),
            ]),
            .facts([
                Fact(id: "aof", label: "append-only file", text: isOn ? "on" : "off"),
                fact(.delayedSyncs),
            ]),
        ]
        if isOn {
            blocks.append(
                .facts([
                    word("aof_current_size", "log", unit: .bytes),
                    word("aof_base_size", "when rewritten", unit: .bytes),
                    word("aof_last_write_status", "last write"),
                    word("aof_last_bgrewrite_status", "last rewrite"),
                ]))
        }
        if texts["rdb_bgsave_in_progress"] == "1" {
            blocks.append(.prose("a snapshot is being written", .strong))
        }
        if state.screen == .replication { blocks += savingExplained(isOn) }
        return PanelModel(
            .persistence, "Persistence", blocks, figures: [.changes, .forkTime, .delayedSyncs])
    }

    /// What keeps data over a restart, where there is room to tell.
    private func savingExplained(_ isOn: Bool) -> [Block] {
        if isLarder {
            return [
                .prose("", .text),
                .prose(
                    """
                    This engine keeps nothing on disk yet: when it ends, its keys are gone, and \
                    with them all changes that were counted above. Snapshots and the append-only \
                    file will be told of here.
                    """, .label),
            ]
        }
        let text =
            isOn
            ? """
            The append-only file has every write; how much of it a crash may cost is decided by \
            appendfsync. Delayed syncs mean that the disk does not keep up.
            """
            : """
            Without the append-only file a crash costs all changes since the last snapshot: that \
            is the figure above.
            """
        return [.prose("", .text), .prose(text, .label)]
    }
}
