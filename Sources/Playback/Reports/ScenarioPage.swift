import Grammar

// The tables of the page on writing lessons, from the declarations. The page keeps its own prose;
// each table stands below a marker.

/// The rows that the page on scenarios shows.
public enum ScenarioPage {
    /// The markers, and the rows below each.
    public static var tables: [(marker: String, rows: [String])] {
        [("commands", commands), ("figures", figures), ("codes", codes)]
    }

    /// The page with its tables as they are declared.
    public static func written(_ page: String) -> String {
        var lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (marker, rows) in tables {
            guard let start = lines.firstIndex(of: "<!-- \(marker) -->") else { continue }
            var end = start + 1
            while end < lines.count, lines[end].hasPrefix("|") { end += 1 }
            lines.replaceSubrange(start + 1..<end, with: rows)
        }
        return lines.joined(separator: "\n")
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> [String] {
        // A bar within a cell would end it.
        func row(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return [row(heads), "|" + String(repeating: "--|", count: heads.count)] + rows.map(row)
    }

    private static var commands: [String] {
        table(
            ["line", "what it does"],
            WorkbenchLine.specs.map { spec in
                ["`\(WorkbenchLine.syntax(spec))`", spec.summary]
            })
    }

    private static var figures: [String] {
        table(
            ["figure", "what it tells"],
            FigureTable.list.map { figure in
                let missing = figure.missing.map { " (not yet: \($0))" } ?? ""
                return ["`\(figure.usage)`", figure.help + missing]
            })
    }

    private static var codes: [String] {
        table(
            ["code", "what is wrong", "what to do"],
            LintCode.allCases.map { code in
                let (text, remedy) = code.meaning
                return [
                    code.rawValue, text + (code.severity == .warning ? " (warning)" : ""), remedy,
                ]
            })
    }

    /// All figures as lines of text.
    public static var figureList: String {
        let width = FigureTable.list.map(\.usage.count).max() ?? 0
        return FigureTable.list.map { figure in
            let gap = String(repeating: " ", count: width - figure.usage.count + 2)
            let missing = figure.missing.map { " (not yet: \($0))" } ?? ""
            return "\(figure.usage)\(gap)\(figure.help)\(missing)\n"
        }.joined()
    }
}
