import Bytes
import Terminal

// Panels of messages: the channels, what is heard on them, and what was said from here.

extension View {
    var pubsub: PanelModel {
        let rows = channelRows.filter { passes(shown($0.name)) }
        let sparks = sparks(of: rows.prefix(40).map { ByteString($0.name) })
        var table = TableModel(
            id: "channels",
            columns: [
                TableColumn(
                    "channel", "channel", 14, left: true, grows: true, priority: 9, name: true),
                TableColumn("subs", "subscribers", 5, priority: 8),
                TableColumn("msg/s", "rate", 6, priority: 7),
                TableColumn("heard", "heard", 6, priority: 4),
                TableColumn("last minute", "spark", 11, left: true, grows: true, priority: 3),
            ],
            rows: rows.map { row in
                [
                    TableCell(shown(row.name)),
                    TableCell(
                        row.listeners.map { Amount.count($0) } ?? Amount.unknown, row.listeners),
                    TableCell(row.rate.map { Amount.short($0) } ?? Amount.unknown, row.rate),
                    TableCell(row.heard.map { Amount.count($0) } ?? "-", row.heard),
                    TableCell("", spark: sparks[ByteString(row.name)] ?? []),
                ]
            },
            empty: snapshot?.channels == nil
                ? snapshot?.channelsOmitted ?? "6 lists the channels"
                : "nobody listens to a channel")
        arrange(&table, own: "subscribers")
        // The order of the rows is known again by what stands in them.
        let names = Dictionary(
            rows.map { (shown($0.name), $0.name) }, uniquingKeysWith: { a, _ in a })
        offer(&table, table.rows.map { names[$0[0].text] ?? [] }, in: .pubsub)
        var graph = GraphModel(figure: .published, label: "publ")
        graph.weight = 1
        graph.most = 6
        return PanelModel(
            .pubsub, "Pub/Sub",
            [
                .facts([
                    fact(.published, role: .strong), fact(.channels, role: .strong),
                    fact(.patterns),
                ]), .graph(graph), .table(table),
            ], figures: [.published, .channels, .patterns])
    }

    /// The rates of channels in the last minute, a value for two seconds each.
    private func sparks(of names: [ByteString]) -> [ByteString: [Double]] {
        var sparks: [ByteString: [Double]] = [:]
        for back in (0..<30).reversed() {
            let at = instant - Int64(back) * 2000
            guard let then = history.snapshot(at: at), then.instant <= at else { continue }
            for name in names {
                let rate =
                    then.channelRates[name] ?? found.rate(of: name.bytes, at: then.wall) ?? 0
                sparks[name, default: []].append(rate)
            }
        }
        return sparks
    }

    private struct Channel {
        var name: [UInt8]
        var listeners: Double?
        var rate: Double?
        var heard: Double?
    }

    /// The channels that have listeners, and those that were heard.
    private var channelRows: [Channel] {
        let wall = snapshot?.wall ?? 0
        var rows = (snapshot?.channels ?? []).map { row in
            Channel(
                name: row.name, listeners: row.subscribers,
                rate: snapshot?.channelRates[ByteString(row.name)]
                    ?? found.rate(of: row.name, at: wall))
        }
        let known = Set(rows.map { ByteString($0.name) })
        for name in found.tail.meters.keys.sorted() where !known.contains(name) {
            rows.append(Channel(name: name.bytes, rate: found.rate(of: name.bytes, at: wall)))
        }
        for index in rows.indices {
            rows[index].heard =
                found.tail.meters[ByteString(rows[index].name)].map { Double($0.total) }
        }
        return rows
    }

    var tail: PanelModel {
        guard let pattern = state.pattern else {
            var panel = PanelModel(
                .tail, "Messages",
                [
                    .prose("Nothing is listened to.", .label),
                    .prose("l hears channels by a pattern, such as news:* or *", .label),
                    .prose("f hears the channel that is chosen", .label),
                ], figures: [.published])
            if !found.tail.lines.isEmpty { panel.blocks.append(.table(lines)) }
            return panel
        }
        var blocks: [Block] = []
        if let problem = found.tail.problem {
            blocks.append(.prose("nothing is heard: \(problem)", .warning))
        } else if !found.tail.isOn {
            blocks.append(.prose("asking to be told", .label))
        }
        let tail = found.tail
        blocks.append(
            .facts([
                Fact(
                    id: "heard", label: "heard", value: Double(tail.total),
                    text: Amount.count(Double(tail.total)), role: .strong),
                Fact(
                    id: "dropped", label: "not shown", value: Double(tail.dropped),
                    text: Amount.count(Double(tail.dropped)),
                    role: tail.dropped > 0 ? .warning : .text),
            ]))
        blocks.append(.table(lines))
        var panel = PanelModel(
            .tail, "Messages of \(shown(pattern))", blocks, figures: [.published])
        panel.remark = state.filter.isEmpty ? "L: no more" : "filter: \(state.filter)"
        return panel
    }

    /// The lines, the newest first, up to the instant that is shown.
    private var lines: TableModel {
        let last = snapshot?.wall ?? .max
        let isPaused = state.pausedAt != nil
        let rows = found.tail.lines.reversed().lazy
            .filter { !isPaused || $0.wall <= last }
            .map { line in
                [
                    TableCell(Amount.clock(wall: line.wall), Double(line.wall), role: .label),
                    TableCell(shown(line.channel), role: .strong), TableCell(shown(line.text)),
                ]
            }.filter { passes($0[1].text + " " + $0[2].text) }
        return TableModel(
            id: "messages",
            columns: [
                TableColumn("time", "time", 8, left: true, priority: 4),
                TableColumn("channel", "channel", 18, left: true, priority: 7, name: true),
                TableColumn("message", "text", 14, left: true, grows: true, priority: 9),
            ], rows: Array(rows), empty: "no message yet")
    }

    var publish: PanelModel {
        let rows = found.posted.reversed().filter { $0.words.count == 3 }.map { posted in
            [
                TableCell(Amount.clock(wall: posted.wall), Double(posted.wall), role: .label),
                TableCell(shown(posted.words[1]), role: .strong),
                TableCell(shown(posted.words[2])),
                TableCell(
                    Double(posted.answer).map { Amount.count($0) } ?? posted.answer,
                    Double(posted.answer)),
            ]
        }
        let table = TableModel(
            id: "published",
            columns: [
                TableColumn("time", "time", 8, left: true, priority: 4),
                TableColumn("channel", "channel", 16, left: true, priority: 8, name: true),
                TableColumn("message", "text", 12, left: true, grows: true, priority: 9),
                TableColumn("heard by", "heard", 8, priority: 7),
            ], rows: rows, empty: "u says something on a channel")
        return PanelModel(.publish, "Said from here", [.table(table)], figures: [.published])
    }
}
