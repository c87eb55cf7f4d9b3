import Terminal

// The same panels without a screen: as lines for a log or a screen reader, as JSON, as CSV. The
// figures are those of the panels of the same view, so that no second account of them exists.

/// How figures are printed.
public enum ReportForm: String, CaseIterable, Sendable {
    /// A fact in each line, without any drawing.
    case plain
    /// One object.
    case json
    /// Lines of name and value.
    case csv
}

/// Prints the figures of a view.
public struct PlainReport: Sendable {
    /// The form.
    public let form: ReportForm
    private var printed: [String: String] = [:]

    /// A report in a form.
    public init(_ form: ReportForm) { self.form = form }

    /// The panels that are reported.
    static let panels: [PanelID] = [
        .memory, .memoryParts, .types, .hitRate, .commands, .removal, .keyspace, .hotKeys,
        .departures, .latencies, .clients, .pubsub, .replication, .persistence, .slow, .alerts,
    ]

    /// The report of a view: all of it.
    public func whole(_ view: View) -> String {
        var view = view
        // What the terminal can show is no matter of programs.
        if form != .plain { view.state.isASCII = false }
        return switch form {
        case .plain: lines(view).map { "\($0.name): \($0.text)\n" }.joined()
        case .json: json(view)
        case .csv: csv(view)
        }
    }

    /// What has changed since this was last asked, for `--plain` without `--once`.
    public mutating func changes(_ view: View) -> String {
        var text = ""
        for (name, value) in lines(view) where printed[name] != value {
            printed[name] = value
            text += "\(name): \(value)\n"
        }
        return text
    }

    // MARK: Lines

    private func lines(_ view: View) -> [(name: String, text: String)] {
        guard let snapshot = view.snapshot else { return [("server", "no figures yet")] }
        if let problem = snapshot.problem { return [("server", "no answer: \(problem)")] }
        var lines: [(name: String, text: String)] = []
        var seen: Set<String> = []
        for id in Self.panels {
            let panel = view.panel(id)
            for fact in facts(panel) where seen.insert(fact.id).inserted {
                let label = fact.label.isEmpty ? fact.id.replacing("_", with: " ") : fact.label
                let text = fact.figure == nil && fact.value == nil ? fact.text : Self.spoken(fact)
                lines.append(("\(panel.title.lowercased()), \(label)", Self.ascii(text)))
            }
            lines += rows(panel)
        }
        return lines
    }

    /// Graphs and percent signs are for eyes; numbers with their units are for ears too.
    private static func spoken(_ fact: Fact) -> String {
        fact.text == Amount.unknown ? "not known" : fact.text.replacing("%", with: " percent")
    }

    private func rows(_ panel: PanelModel) -> [(name: String, text: String)] {
        var lines: [(name: String, text: String)] = []
        for table in panel.tables where !table.rows.isEmpty {
            for (number, cells) in table.rows.prefix(10).enumerated() {
                let parts = zip(table.columns, cells).filter { $1.bar == nil && !$1.text.isEmpty }
                    .map { column, cell in
                        column.title.isEmpty ? cell.text : "\(column.title) \(cell.text)"
                    }
                lines.append(
                    (
                        "\(panel.title.lowercased()), \(table.id) \(number + 1)",
                        Self.ascii(parts.joined(separator: ", "))
                    ))
            }
        }
        return lines
    }

    private static func ascii(_ text: String) -> String {
        CellText.shown(Array(text.utf8), ascii: !DisplayWidth.isUTF8)
    }

    private func facts(_ panel: PanelModel) -> [Fact] {
        panel.blocks.flatMap { block -> [Fact] in
            switch block {
            case .gauge(let fact, let share, let end, _):
                [
                    fact,
                    Fact(
                        id: FigureID.memoryShare.rawValue, label: "share",
                        value: share.map { $0 * 100 }, text: end),
                ]
            case .facts(let facts): facts
            default: []
            }
        }
    }

    // MARK: JSON and CSV

    private func json(_ view: View) -> String {
        var fields = [
            "\"target\": \(Self.quoted(view.source.name))",
            "\"time\": \(view.snapshot?.wall ?? 0)",
        ]
        if let problem = view.snapshot?.problem {
            fields.append("\"problem\": \(Self.quoted(problem))")
        }
        var figures: [String] = []
        var seen: Set<String> = []
        var tables: [String] = []
        for id in Self.panels {
            let panel = view.panel(id)
            for fact in facts(panel) where seen.insert(fact.id).inserted {
                let isWord = fact.figure == nil && fact.value == nil
                let value = isWord ? Self.quoted(fact.text) : Self.number(fact.value)
                figures.append("    \(Self.quoted(fact.id)): \(value)")
            }
            for table in panel.tables where table.id != "parts" {
                guard seen.insert("table " + table.id).inserted else { continue }
                let rows = table.rows.map { cells in
                    let parts = zip(table.columns, cells).filter { $1.bar == nil }
                        .map { column, cell in
                            let value =
                                column.isRight ? Self.number(cell.value) : Self.quoted(cell.text)
                            return "\(Self.quoted(column.id)): \(value)"
                        }
                    return "      {" + parts.joined(separator: ", ") + "}"
                }
                let body = rows.isEmpty ? "[]" : "[\n\(rows.joined(separator: ",\n"))\n    ]"
                tables.append("    \(Self.quoted(table.id)): \(body)")
            }
        }
        fields.append("\"figures\": {\n\(figures.joined(separator: ",\n"))\n  }")
        fields.append("\"tables\": {\n\(tables.joined(separator: ",\n"))\n  }")
        return "{\n  " + fields.joined(separator: ",\n  ") + "\n}\n"
    }

    private func csv(_ view: View) -> String {
        var text = "figure,value,unit\n"
        var seen: Set<String> = []
        for id in Self.panels {
            for fact in facts(view.panel(id)) where seen.insert(fact.id).inserted {
                let isWord = fact.figure == nil && fact.value == nil
                let value = isWord ? fact.text : fact.value.map(Self.digits) ?? ""
                let unit = fact.figure.map { "\(Figure[$0].unit)" } ?? ""
                text += "\(fact.id),\(Self.field(value)),\(unit)\n"
            }
        }
        return text
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func number(_ value: Double?) -> String { value.map(digits) ?? "null" }

    /// A number with at most three decimals.
    static func digits(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15
            ? String(Int64(value)) : Amount.decimals(value, 3)
    }

    /// A string of JSON.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
