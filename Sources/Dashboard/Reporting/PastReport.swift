import Client

// The past of all figures as a table for other programs: a row for each second, or for each ten
// seconds where the window is longer than an hour, with the mean of every figure over that time.
// What nobody has seen is left empty, which is not zero.

/// The past of figures, up to the instant that a view shows.
struct PastReport {
    /// Milliseconds from one row to the next.
    let step: Int64
    /// When each row ends, in milliseconds since 1970.
    let times: [Int64]
    /// The figures that are known in that time, with their means in the order of ``times``.
    let columns: [(id: FigureID, values: [Double?])]
    private let target: String

    /// The last so many seconds before the instant of a view.
    init(_ view: View, seconds: Int) {
        let step: Int64 = seconds > 3600 ? 10_000 : 1000
        let end = view.instant / step * step
        // Nothing was seen before the first sample, so no row tells of that time.
        let first = max(end - Int64(seconds) * 1000, (view.history.beginning ?? end) / step * step)
        let ends = Array(stride(from: first + step, through: end, by: Int(step)))
        let wall = view.snapshot?.wall ?? 0
        self.step = step
        times = ends.map { wall - (view.instant - $0) }
        columns = FigureID.allCases.compactMap { id in
            let values = ends.map { view.history.summary(id, from: $0 - step, to: $0)?.mean }
            return values.contains { $0 != nil } ? (id, values) : nil
        }
        target = view.source.name
    }

    /// Lines of comma-separated values; the first one names the columns.
    var csv: String {
        var text = (["time"] + columns.map(\.id.rawValue)).joined(separator: ",") + "\n"
        for (row, time) in times.enumerated() {
            let cells = columns.map { $0.values[row].map(PlainReport.digits) ?? "" }
            text += ([Self.clock(time)] + cells).joined(separator: ",") + "\n"
        }
        return text
    }

    /// One object, with a list for each figure.
    var json: String {
        let figures = columns.map { id, values in
            let list = values.map { $0.map(PlainReport.digits) ?? "null" }
            return "    \"\(id.rawValue)\": [\(list.joined(separator: ", "))]"
        }
        return """
            {
              "target": \(PlainReport.quoted(target)),
              "step": \(step),
              "times": [\(times.map { String($0) }.joined(separator: ", "))],
              "figures": {
            \(figures.joined(separator: ",\n"))
              }
            }

            """
    }

    /// An instant since 1970 as spreadsheets read it: `2026-11-25 12:00:30`, in UTC.
    static func clock(_ wall: Int64) -> String {
        String(Units.date(seconds: wall / 1000).dropLast(" UTC".count))
    }
}
