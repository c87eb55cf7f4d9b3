import Terminal

// Curves as text: each series has a strip of its own below the other, since curves of different
// units in one grid would lie about their heights. A strip is as high as the screen allows, has
// its least and greatest value at its side, and marks where blocks began.

/// A series of a chart.
struct ChartSeries: Equatable, Sendable {
    /// The figure's name.
    var name: String
    /// Values in the order of time, evenly spaced; nil where there is none.
    var values: [Double?]
    /// The unit in which a value is written.
    var unit: Quantity.Unit?
    /// Whether it was counted, measured or is modelled.
    var origin: String
}

/// Draws charts.
struct TextChart: Sendable {
    let text: LessonText
    private static let eighths = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    init(_ text: LessonText) { self.text = text }

    /// The lines of a chart.
    ///
    /// - Parameters:
    ///   - span: what the whole width stands for, as `01:00`.
    ///   - marks: shares of the width, 0 to 1, with names.
    func lines(
        title: String, _ series: [ChartSeries], span: String,
        marks: [(place: Double, name: String)] = []
    ) -> [Text] {
        var result = text.paragraph(title, style: LessonLook.title)
        let label = min(max(series.map(\.name.count).max() ?? 0, 8), 20)
        let room = max(text.width - label - 16, 16)
        for line in series {
            result += strip(line, label: label, room: room, height: series.count > 2 ? 2 : 3)
        }
        let indent = String(repeating: " ", count: label + 2)
        var axis = Array(repeating: text.look.thinRule, count: room)
        for mark in marks {
            axis[min(max(Int(mark.place * Double(room)), 0), room - 1)] =
                text.look.isASCII ? "^" : "┴"
        }
        result.append(Text(indent + axis.joined(), LessonLook.faint))
        result.append(Text(indent + labels(marks, span: span, room: room), LessonLook.faint))
        return result
    }

    /// The row below the axis: the names of marks where they stand, and the span at the end.
    private func labels(
        _ marks: [(place: Double, name: String)], span: String, room: Int
    ) -> String {
        var row = ""
        for mark in marks {
            let place = min(max(Int(mark.place * Double(room)), 0), room - 1)
            guard place >= row.count, place + mark.name.count + span.count < room else { continue }
            row += String(repeating: " ", count: place - row.count) + mark.name + " "
        }
        if marks.isEmpty { row = "0" }
        return row + String(repeating: " ", count: max(room - row.count - span.count, 1)) + span
    }

    private func strip(_ line: ChartSeries, label: Int, room: Int, height: Int) -> [Text] {
        let columns = resampled(line.values, room)
        let values = columns.compactMap { $0 }
        guard let top = values.max() else {
            return [Text(padded(line.name, label) + "  nothing yet", LessonLook.faint)]
        }
        let height = text.look.isASCII ? height + 1 : height
        let levels = text.look.isASCII ? 1 : 8
        var rows: [Text] = []
        for row in (0..<height).reversed() {
            var cells = ""
            for value in columns {
                let share = top > 0 ? max(value ?? 0, 0) / top : 0
                let filled = Int((share * Double(height * levels)).rounded(.up)) - row * levels
                if value == nil || filled <= 0 {
                    cells += " "
                } else if text.look.isASCII {
                    cells += row == height - 1 || filled == 1 ? "*" : "|"
                } else {
                    cells += Self.eighths[min(filled, 8) - 1]
                }
            }
            let isTop = row == height - 1
            let side = isTop ? line.name : row == height - 2 ? line.origin : ""
            var part = Text(padded(side, label), isTop ? .plain : LessonLook.faint)
            part.append("  " + cells, LessonLook.rule)
            let last = columns.last.flatMap { $0 }
            if isTop {
                part.append("  max \(amount(top, line.unit))", LessonLook.faint)
            } else if row == 0, let last {
                part.append("  end \(amount(last, line.unit))", LessonLook.faint)
            }
            rows.append(part)
        }
        return rows
    }

    private func padded(_ string: String, _ width: Int) -> String {
        let cut = String(string.prefix(width))
        return cut + String(repeating: " ", count: width - cut.count)
    }

    private func amount(_ value: Double, _ unit: Quantity.Unit?) -> String {
        QuantityText.text(value, unit)
    }

    /// The greatest value of each column.
    private func resampled(_ values: [Double?], _ room: Int) -> [Double?] {
        guard !values.isEmpty else { return [] }
        return (0..<room).map { column in
            let first = column * values.count / room
            let end = max((column + 1) * values.count / room, first + 1)
            return values[first..<min(end, values.count)].compactMap { $0 }.max()
        }
    }
}

/// Times and numbers for people.
enum ClockText {
    /// So many digits behind the point.
    static func decimals(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard (value * scale).magnitude < 9e15 else { return "\(value)" }
        let whole = Int64((value * scale).rounded())
        var figures = String(whole.magnitude)
        while figures.count <= digits { figures = "0" + figures }
        let tail = digits > 0 ? "." + figures.suffix(digits) : ""
        return (whole < 0 ? "-" : "") + figures.dropLast(digits) + tail
    }

    /// Virtual time as mm:ss, or h:mm:ss from an hour on.
    static func text(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let tail = two(seconds / 60 % 60) + ":" + two(seconds % 60)
        return seconds >= 3600 ? "\(seconds / 3600):" + tail : tail
    }

    private static func two(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
