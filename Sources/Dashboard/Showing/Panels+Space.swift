import Bytes
import Engine
import Terminal

// Panels of what takes memory: types, beginnings of names, times to live, sizes; and the keys that
// went. What a server does not keep count of comes from a walk over the keys and has a `~`.

extension View {
    // MARK: Shares

    /// A row of a table of shares.
    private struct ShareRow {
        var name: String
        var subject: [UInt8] = []
        var keys: Int?
        var bytes: Int
    }

    /// Numbers of keys that were seen, as numbers of all keys: an estimate, unless all were seen.
    private struct Scale {
        var factor = 1.0
        /// What stands before an estimate.
        var mark: String { factor == 1 ? "" : "~" }

        init(_ survey: KeySurvey?) {
            guard let survey, !survey.isWhole, survey.seen > 0 else { return }
            factor = max(Double(survey.total) / Double(survey.seen), 1)
        }

        func count(_ number: Int) -> TableCell {
            let value = (Double(number) * factor).rounded()
            // Digits that nobody knows are not shown.
            let text = factor == 1 ? Amount.count(value) : mark + Amount.short(value)
            return TableCell(text, value)
        }

        func bytes(_ number: Int) -> TableCell {
            let value = (Double(number) * factor).rounded()
            return TableCell(mark + Amount.text(value, .bytes), value)
        }
    }

    private func shares(
        _ id: String, _ title: String, _ rows: [ShareRow], _ empty: String,
        _ scale: Scale = Scale(nil)
    ) -> TableModel {
        let total = Double(max(rows.reduce(0) { $0 + $1.bytes }, 1))
        let cells = rows.map { row in
            let share = Double(row.bytes) / total
            return [
                TableCell(row.name), row.keys.map(scale.count) ?? TableCell(""),
                scale.bytes(row.bytes),
                TableCell(scale.mark + Amount.text(share * 100, .percent), share * 100),
                TableCell("", bar: share),
            ]
        }
        var columns = [
            TableColumn(title, title, 14, left: true, grows: true, priority: 9, name: true),
            TableColumn("keys", "keys", 7, priority: 4),
            TableColumn("bytes", "bytes", 7, priority: 8),
            TableColumn("share", "share", 7, priority: 7),
            TableColumn("", "bar", 6, left: true, grows: true, priority: 1),
        ]
        guard rows.contains(where: { $0.keys != nil }) else {
            columns.remove(at: 1)
            return TableModel(
                id: id, columns: columns,
                rows: cells.map { [$0[0], $0[2], $0[3], $0[4]] }, empty: empty)
        }
        return TableModel(id: id, columns: columns, rows: cells, empty: empty)
    }

    /// What a panel says that stands on a walk before there is one.
    private var unwalked: String {
        found.walkProblem
            ?? (state.screen == .memory || state.screen == .keys
                ? "reading the first page of keys" : "2 walks over the keys")
    }

    var types: PanelModel {
        var rows: [ShareRow] = []
        var remark = ""
        if let exact = snapshot?.types {
            rows = exact.map { ShareRow(name: $0.type, bytes: $0.bytes) }
        } else if let survey = found.survey {
            rows = survey.types.map {
                ShareRow(name: $0.key, keys: $0.value.keys, bytes: $0.value.bytes)
            }
            remark = estimate(survey)
        }
        rows.sort { $0.bytes == $1.bytes ? $0.name < $1.name : $0.bytes > $1.bytes }
        let isUnknown = snapshot?.types == nil && found.survey == nil
        let table = shares(
            "types", "type", rows, isUnknown ? unwalked : "no keys yet",
            Scale(snapshot?.types == nil ? found.survey : nil))
        var panel = PanelModel(
            .types, "Memory by type", [.table(table)], figures: [.datasetMemory, .usedMemory])
        panel.remark = remark
        return panel
    }

    var prefixes: PanelModel {
        var rows: [ShareRow] = []
        var remark = ""
        let told = snapshot?.prefixes
        if let told {
            rows = told.map { row in
                let name = row.name.isEmpty ? "other keys" : shown(row.name.bytes)
                return ShareRow(name: name, keys: row.keys, bytes: row.bytes)
            }
            let sample = Double(snapshot?.prefixSample ?? 0)
            if let keys = snapshot?[.keys], sample < keys {
                remark = "~ of \(Amount.count(sample)) keys seen lately"
            }
        } else if let survey = found.survey {
            rows = survey.tree.heaviest(32).map { node in
                ShareRow(name: shown(node.name), keys: node.keys, bytes: node.bytes)
            }
            let rest = survey.bytes - rows.reduce(0) { $0 + $1.bytes }
            let keys = survey.seen - rows.reduce(0) { $0 + ($1.keys ?? 0) }
            if rest > 0, keys > 0 {
                rows.append(ShareRow(name: "other keys", keys: keys, bytes: rest))
            }
            remark = estimate(survey)
        }
        let table = shares(
            "prefixes", "begins with", rows.filter { passes($0.name) },
            told == nil && found.survey == nil ? unwalked : "no keys yet",
            Scale(told == nil ? found.survey : nil))
        var panel = PanelModel(
            .prefixes, "Memory by prefix", [.table(table)], figures: [.datasetMemory, .keys])
        panel.remark = remark
        return panel
    }

    /// How good a walk is: `from 1,200 keys, +/-2.8%`.
    private func estimate(_ survey: KeySurvey) -> String {
        survey.isWhole
            ? survey.remark
            : "from \(Amount.short(Double(survey.seen))) keys, +/-"
                + Amount.text(survey.error, .percent)
    }

    // MARK: Classes

    var lifetimes: PanelModel {
        classes(
            .lifetimes, "Time to live",
            zip(KeySurvey.lifetimes.map(\.label), found.survey?.lifetimeClasses ?? []), "ttl")
    }

    var sizes: PanelModel {
        classes(
            .sizes, "Sizes of keys",
            zip(KeySurvey.sizes.map(\.label), found.survey?.sizeClasses ?? []), "bytes")
    }

    private func classes(
        _ id: PanelID, _ title: String, _ pairs: Zip2Sequence<[String], [KeySurvey.Share]>,
        _ name: String
    ) -> PanelModel {
        let most = Double(pairs.map(\.1.keys).max() ?? 0)
        let scale = Scale(found.survey)
        let rows = pairs.map { label, share in
            [
                TableCell(label), scale.count(share.keys), scale.bytes(share.bytes),
                TableCell("", bar: most > 0 ? Double(share.keys) / most : 0),
            ]
        }
        let table = TableModel(
            id: id.rawValue,
            columns: [
                TableColumn(name, name, 8, left: true, priority: 9),
                TableColumn("keys", "keys", 7, priority: 8),
                TableColumn("memory", "memory", 7, priority: 6),
                TableColumn("", "bar", 10, left: true, grows: true, priority: 5),
            ], rows: rows, empty: unwalked)
        var panel = PanelModel(id, title, [.table(table)], figures: [.keys, .volatileKeys])
        panel.remark = found.survey.map(seen) ?? ""
        return panel
    }

    /// What classes follow from, and when that was: nobody keeps count of them.
    private func seen(_ survey: KeySurvey) -> String {
        let keys = Amount.short(Double(survey.seen))
        let all = Amount.short(Double(max(survey.total, survey.seen)))
        var age = (snapshot?.wall ?? 0) - survey.wall
        if state.pausedAt == nil { age = max(age, 0) }
        // In the past that is looked at it may not have been known yet.
        let time =
            age >= 0
            ? Amount.duration(Double(age) / 1000) + " ago" : "at " + Amount.clock(wall: survey.wall)
        return survey.isWhole
            ? "a walk over \(keys) keys, \(time)" : "from \(keys) of \(all) keys, \(time)"
    }

    // MARK: Keys that went

    var departures: PanelModel {
        guard let all = snapshot?.departures else {
            let text = """
                Not available: this server does not note which keys it evicts or lets expire. \
                Its keyspace events can tell, from when they are on:
                """
            return PanelModel(
                .departures, "Last keys that went",
                [
                    .prose(text, .label), .prose("CONFIG SET notify-keyspace-events Exe", .key),
                    .prose("and then  l  __keyevent@*  on screen 6.", .label),
                ], figures: [.evicted, .expired])
        }
        let victims = all.filter { $0.reason == "evicted" || $0.reason == "expired" }
        let now = snapshot?.wall ?? 0
        let rows = victims.filter { passes(shown($0.key.bytes)) }.map { gone in
            [
                TableCell(
                    Amount.duration(Double(max(now - gone.time, 0)) / 1000), Double(gone.time)),
                TableCell(
                    gone.reason, role: gone.reason == "evicted" ? .warning : .text),
                TableCell(shown(gone.key.bytes)), TableCell(gone.type),
                TableCell(Amount.text(Double(gone.size), .bytes), Double(gone.size)),
                gone.idle >= 0
                    ? TableCell(Amount.duration(Double(gone.idle)), Double(gone.idle))
                    : gone.frequency >= 0
                        ? TableCell("\(gone.frequency)/255") : TableCell("-", role: .label),
                TableCell(gone.policy.isEmpty ? "its time was over" : gone.policy, role: .label),
            ]
        }
        let table = TableModel(
            id: "departures",
            columns: [
                TableColumn("ago", "ago", 5, priority: 4),
                TableColumn("how", "reason", 7, left: true, priority: 8),
                TableColumn("key", "key", 14, left: true, grows: true, priority: 9, name: true),
                TableColumn("type", "type", 6, left: true, priority: 3),
                TableColumn("size", "bytes", 6, priority: 6),
                TableColumn("unused", "idle", 7, priority: 7),
                TableColumn("why", "why", 17, left: true, priority: 2),
            ], rows: rows, empty: "no key was evicted or has expired lately")
        return PanelModel(
            .departures, "Last keys that went",
            [.facts([fact(.victimIdle), fact(.evicted), fact(.expired)]), .table(table)],
            figures: [.victimIdle, .evicted, .expired])
    }
}
