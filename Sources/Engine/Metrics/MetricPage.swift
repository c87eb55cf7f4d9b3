import Grammar

// The page of all measures in the documentation, written from their declarations.

/// The page as Markdown.
public enum MetricPage {
    /// The whole page.
    public static var text: String {
        var text = """
            # Measures

            What `INFO` reports, section by section. `CloudWatch` is the name of the same measure
            for a node of Amazon ElastiCache. A measure that always has the same value says why;
            it is there because tools ask for it.

            This page is written from the declarations in `Sources/Engine/Metrics`.

            """
        for section in MetricSection.allCases {
            let metrics = AllMetrics.list.filter { $0.section == section }
            text += "\n## \(section.heading)\n\n"
            if metrics.isEmpty {
                text += (note(section) ?? "Nothing.") + "\n"
                continue
            }
            text += "| Measure | Counts | Meaning | CloudWatch |\n| --- | --- | --- | --- |\n"
            for metric in metrics { text += row(metric) }
            if let note = note(section) { text += "\n\(note)\n" }
        }
        return text
    }

    private static func row(_ metric: Metric) -> String {
        var meaning = metric.doc
        if let absence = metric.absence { meaning += " *Always the same: \(absence.rawValue)*" }
        let flavours = Flavour.allCases.filter {
            metric.availability.contains($0.availability)
        }
        if flavours.count < Flavour.allCases.count {
            meaning += " Only \(flavours.map(\.rawValue).joined(separator: ", "))."
        }
        return "| `\(metric.name)` | \(metric.unit.rawValue) | \(meaning) | "
            + "\(metric.cloudWatch ?? "") |\n"
    }

    /// What is told of a section whose lines depend on what has happened.
    private static func note(_ section: MetricSection) -> String? {
        switch section {
        case .modules: "There are no modules, so the section is empty."
        case .commandstats:
            """
            `cmdstat_NAME` for each command that was sent: calls, microseconds in all and a call, \
            and how many were refused before they ran, or answered with an error.
            """
        case .errorstats: "`errorstat_CODE` for each code word of an error: how often it was sent."
        case .latencystats:
            """
            `latency_percentiles_usec_NAME` for each command that ran: the percentiles that \
            `latency-tracking-info-percentiles` asks for, in microseconds, of every call.
            """
        case .keyspace:
            """
            `dbN` for each database with keys: how many keys, how many of them will expire, and \
            the mean of what is left to these, in milliseconds.
            """
        default: nil
        }
    }
}
