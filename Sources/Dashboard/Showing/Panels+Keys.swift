import Bytes
import Client
import Engine
import Terminal

// Panels of keys: those asked for most, the biggest, the tree of names, and one key looked at.

extension View {
    /// Bytes from the server, safe to show.
    func shown(_ bytes: [UInt8]) -> String { CellText.shown(bytes, ascii: state.isASCII) }

    /// Lets rows of a table be chosen.
    func offer(_ table: inout TableModel, _ subjects: [[UInt8]], in panel: PanelID) {
        table.subjects = subjects
        table.chosen = state.chosen[panel].flatMap { subject in
            subjects.firstIndex(of: subject)
        }
    }

    /// When an instant since 1970 comes, from the instant that is shown.
    private func lifetime(_ expiry: Int64) -> TableCell {
        guard expiry >= 0 else { return TableCell("-", nil, role: .label) }
        let left = max(Double(expiry - (snapshot?.wall ?? 0)) / 1000, 0)
        return TableCell(Amount.duration(left), left)
    }

    // MARK: Hot and big keys

    var hotKeys: PanelModel {
        var panel = state.showsBig ? bigKeys : hottest
        let other = state.showsBig ? "hot keys" : "big keys"
        panel.remark += panel.remark.isEmpty ? "b: \(other)" : "  b: \(other)"
        return panel
    }

    private var hottest: PanelModel {
        guard let keys = snapshot?.hotKeys else { return hottestByUse }
        let shown = keys.filter { passes(self.shown($0.key.bytes)) }
        let most = shown.map(\.share).max() ?? 0
        let rows = shown.map { key in
            [
                TableCell(self.shown(key.key.bytes)), TableCell(Amount.short(key.rate), key.rate),
                TableCell(Amount.text(key.share * 100, .percent), key.share * 100),
                TableCell("", bar: most > 0 ? key.share / most : 0),
                TableCell(key.type.isEmpty ? "gone" : key.type),
                TableCell(
                    key.type.isEmpty ? "-" : Amount.text(Double(key.bytes), .bytes),
                    Double(key.bytes)),
                lifetime(key.expiry),
            ]
        }
        var table = TableModel(
            id: "hot_keys",
            columns: [
                TableColumn("key", "key", 14, left: true, grows: true, priority: 9, name: true),
                TableColumn("op/s", "rate", 6, priority: 8),
                TableColumn("share", "share", 6, priority: 7),
                TableColumn("", "bar", 8, left: true, priority: 2),
                TableColumn("type", "type", 6, left: true, priority: 3),
                TableColumn("size", "bytes", 6, priority: 5),
                TableColumn("ttl", "ttl", 7, priority: 4),
            ], rows: rows,
            empty: snapshot?.texts["larder-hot-keys"] == "no"
                ? "not counted: CONFIG SET larder-hot-keys yes does so from then on"
                : "no key was looked up in the last minute")
        offer(&table, shown.map(\.key.bytes), in: .hotKeys)
        return PanelModel(
            .hotKeys, "Hot keys (1m)", [.table(table)], figures: [.hottestShare, .biggestKey])
    }

    /// By the counters of an LFU policy, else why there is nothing to tell.
    private var hottestByUse: PanelModel {
        let policy = snapshot?.texts["maxmemory_policy"] ?? Amount.unknown
        guard policy.hasSuffix("lfu") else {
            let text = """
                Not available: this server does not count which keys are asked for. Only under \
                an LFU policy does it count how often each key is used, and its policy is \
                \(policy).
                """
            return PanelModel(
                .hotKeys, "Hot keys",
                [
                    .prose(text, .label),
                    .prose("CONFIG SET maxmemory-policy allkeys-lfu", .key),
                    .prose("counts from then on, and evicts by it.", .label),
                ], figures: [.hottestShare])
        }
        let keys = (found.survey?.hottest ?? []).filter { passes(shown($0.name)) }
        let rows = keys.map { key in
            let share = Double(key.frequency ?? 0) / 255
            return [
                TableCell(shown(key.name)),
                TableCell("~\(key.frequency ?? 0)", Double(key.frequency ?? 0)),
                TableCell("", bar: share), TableCell(key.type),
                TableCell(Amount.text(Double(key.bytes), .bytes), Double(key.bytes)),
            ]
        }
        var table = TableModel(
            id: "hot_keys",
            columns: [
                TableColumn("key", "key", 14, left: true, grows: true, priority: 9, name: true),
                TableColumn("of 255", "frequency", 6, priority: 8),
                TableColumn("", "bar", 8, left: true, priority: 2),
                TableColumn("type", "type", 6, left: true, priority: 3),
                TableColumn("size", "bytes", 6, priority: 5),
            ], rows: rows,
            empty: state.screen == .keys ? "looking for them" : "3 looks for them")
        offer(&table, keys.map(\.name), in: .hotKeys)
        var panel = PanelModel(
            .hotKeys, "Hot keys, by OBJECT FREQ", [.table(table)], figures: [.hottestShare])
        panel.remark = found.survey?.remark ?? ""
        return panel
    }

    private var bigKeys: PanelModel {
        typealias Row = (key: [UInt8], type: String, bytes: Int, count: Int?, expiry: Int64)
        var keys: [Row] = []
        var remark = ""
        if let exact = snapshot?.bigKeys {
            keys = exact.map { ($0.key.bytes, $0.type, $0.bytes, $0.count, $0.expiry) }
        } else if let survey = found.survey {
            keys = survey.biggest.map { key in
                (
                    key.name, key.type, key.bytes, nil,
                    key.left < 0 ? -1 : survey.wall + Int64(key.left)
                )
            }
            remark = survey.remark
        }
        keys = keys.filter { passes(shown($0.key)) }
        let most = Double(keys.map(\.bytes).max() ?? 0)
        let rows = keys.map { key in
            [
                TableCell(shown(key.key)),
                TableCell(Amount.text(Double(key.bytes), .bytes), Double(key.bytes)),
                TableCell("", bar: most > 0 ? Double(key.bytes) / most : 0), TableCell(key.type),
                TableCell(
                    key.count.map { Amount.count(Double($0)) } ?? Amount.unknown,
                    key.count.map { Double($0) }),
                lifetime(key.expiry),
            ]
        }
        var empty = "there are no keys"
        if snapshot?.bigKeys == nil, found.survey == nil {
            empty = state.screen == .keys ? "looking for them" : "3 looks for them"
        }
        var columns = [
            TableColumn("key", "key", 14, left: true, grows: true, priority: 9, name: true),
            TableColumn("size", "bytes", 7, priority: 8),
            TableColumn("", "bar", 8, left: true, priority: 2),
            TableColumn("type", "type", 6, left: true, priority: 6),
            TableColumn("holds", "count", 7, priority: 4),
            TableColumn("ttl", "ttl", 7, priority: 3),
        ]
        var cells = rows
        if keys.allSatisfy({ $0.count == nil }), !keys.isEmpty {
            // A walk does not count elements, which would be a use of each key.
            columns.remove(at: 4)
            for index in cells.indices { cells[index].remove(at: 4) }
        }
        var table = TableModel(id: "big_keys", columns: columns, rows: cells, empty: empty)
        offer(&table, keys.map(\.key), in: .hotKeys)
        var panel = PanelModel(
            .hotKeys, "Big keys", [.table(table)], figures: [.biggestKey, .hottestShare])
        panel.remark = remark
        return panel
    }

    // MARK: The tree of names

    var browser: PanelModel {
        let name = "Keys" + (state.database.map { " of database \($0)" } ?? "")
        guard let survey = found.survey else {
            let text =
                found.walkProblem.map { "The keys cannot be read: \($0)" }
                ?? (state.screen == .keys ? "reading the first page" : "3 reads them")
            return PanelModel(.browser, name, [.prose(text, .label)], figures: [.keys])
        }
        let tree = survey.tree
        let sort = state.sorts["tree"]
        let order = sort?.column.flatMap { KeyTree.Order(rawValue: $0) } ?? .key
        let rows =
            state.filter.isEmpty
            ? tree.rows(open: state.unfolded, order: order, reversed: sort?.isReversed == true)
            : tree.leaves { passes(shown($0)) }
        var table = TableModel(
            id: "tree",
            columns: [
                TableColumn("key", "key", 16, left: true, grows: true, priority: 9, name: true),
                TableColumn("keys", "keys", 7, priority: 7),
                TableColumn("bytes", "bytes", 7, priority: 8),
                TableColumn("type", "type", 6, left: true, priority: 5),
                TableColumn("ttl", "ttl", 7, priority: 3),
            ], rows: rows.map { cells($0, tree, survey) },
            empty: state.filter.isEmpty
                ? "there are no keys in this database" : "no key that was seen has this in its name"
        )
        table.sorted = table.columns.firstIndex { $0.id == order.rawValue }
        offer(&table, rows.map { $0.isRest ? [] : tree.nodes[$0.node].name }, in: .browser)
        var blocks: [Block] = [.table(table)]
        if isHeld {
            blocks.insert(
                .prose("halted: commands take twice as long as before the walk", .warning), at: 0)
        }
        if let problem = found.walkProblem { blocks.insert(.prose(problem, .warning), at: 0) }
        var panel = PanelModel(.browser, name, blocks, figures: [.keys, .volatileKeys])
        panel.remark = survey.remark
        return panel
    }

    private func cells(
        _ row: KeyTree.Row, _ tree: KeyTree, _ survey: KeySurvey
    ) -> [TableCell] {
        let node = tree.nodes[row.node]
        let indent = String(repeating: "  ", count: min(row.depth, 12))
        if row.isRest {
            let count = Amount.grouped(Double(node.hidden))
            let text = indent + "  and \(count) more"
            return [text, "", "", "", ""].map { TableCell($0, role: .label) }
        }
        let part = state.filter.isEmpty ? Array(node.name[node.start...]) : node.name
        let glyphs = Glyphs(isUTF8: !state.isASCII)
        let fold = node.isPrefix ? (row.isOpen ? glyphs.unfolded : glyphs.folded) + " " : "  "
        let bytes = TableCell(Amount.text(Double(node.bytes), .bytes), Double(node.bytes))
        let label = indent + fold + shown(part)
        guard !node.isPrefix else {
            return [
                TableCell(label, role: .strong),
                TableCell(Amount.count(Double(node.keys)), Double(node.keys)), bytes,
                TableCell(""), TableCell(""),
            ]
        }
        let left = survey.wall + Int64(node.left)
        return [
            TableCell(label), TableCell("", 1), bytes, TableCell(node.type),
            node.left < 0 ? TableCell("-", nil, role: .label) : lifetime(left),
        ]
    }

    // MARK: One key

    var inspector: PanelModel {
        guard let key = state.key else {
            return PanelModel(
                .inspector, "Key",
                [
                    .prose(
                        "Up and Down choose a key in a list; here stands what it is.", .label),
                    .prose("f follows it: what happens to it is noted.", .label),
                ])
        }
        var panel = PanelModel(.inspector, shown(key), [])
        panel.remark = state.isFollowing ? "followed" : "f: follow"
        guard found.key == key else {
            panel.blocks = [.prose("looking", .label)]
            return panel
        }
        if let look = found.look {
            panel.blocks = facts(look)
        } else {
            let reason = found.absence.isEmpty ? "" : ": \(found.absence)"
            panel.blocks = [.prose("there is no such key\(reason)", .warning)]
        }
        panel.blocks += found.notes.reversed().prefix(12).map { note in
            .entry(Amount.clock(wall: note.wall), note.text, .text)
        }
        return panel
    }

    private func facts(_ look: KeyLook) -> [Block] {
        func fact(_ id: String, _ label: String, _ text: String, _ value: Double?) -> Fact {
            Fact(id: id, label: label, value: value, text: text)
        }
        var kind = [
            Fact(id: "key_type", label: "", text: look.type, role: .strong)
        ]
        if !look.encoding.isEmpty {
            kind.append(fact("key_encoding", "kept as", look.encoding, nil))
        }
        if let count = look.count {
            kind.append(
                fact(
                    "key_count", "", "\(Amount.count(Double(count))) \(look.noun(count))",
                    Double(count)))
        }
        var times: [Fact] = []
        if let bytes = look.bytes {
            times.append(
                fact("key_bytes", "size", Amount.text(Double(bytes), .bytes), Double(bytes)))
        }
        if let left = look.left {
            let seconds = Double(left) / 1000
            times.append(
                fact("key_ttl", "ttl", left < 0 ? "never" : Amount.duration(seconds), seconds))
        }
        if let idle = look.idle {
            times.append(fact("key_idle", "idle", Amount.duration(Double(idle)), Double(idle)))
        }
        if let frequency = look.frequency {
            times.append(fact("key_frequency", "used", "\(frequency) of 255", Double(frequency)))
        }
        return [.facts(kind), .facts(times)]
            + look.ends.flatMap { end -> [Block] in
                end.elements.enumerated().map { place, element in
                    .entry(place == 0 ? end.label : "", preview(element), .text)
                }
            }
    }

    /// An element in quotes, so that blanks at its ends are seen.
    private func preview(_ element: KeyLook.Element) -> String {
        func quoted(_ bytes: [UInt8]) -> String {
            String(
                decoding: Quoting.quoted(bytes.rawSpan, isUTF8: !state.isASCII), as: UTF8.self)
        }
        let cut = element.isCut ? (state.isASCII ? "~" : "…") : ""
        return quoted(element.bytes) + cut + (element.partner.map { "  " + quoted($0) } ?? "")
    }
}
