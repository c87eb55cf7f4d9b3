import Terminal

// Where the times of commands lie, over time: a column of cells for each stretch of time, a row
// for each class of times, the slowest above. The denser a cell, the greater the share of that
// column's commands in its class. A single slow command among thousands still leaves its trace,
// which is what percentiles hide.

extension Glyphs {
    /// From which share on a cell has which density; above zero it has the first.
    static let heatSteps = [0, 0.01, 0.05, 0.2, 0.5]

    /// Cells of rising density.
    var heat: [Unicode.Scalar] {
        graph == .ascii ? [".", ":", "+", "#", "@"] : ["·", "░", "▒", "▓", "█"]
    }

    /// What the densities mean: `·>0 ░1 ▒5 ▓20 █50%`.
    var heatLegend: String {
        zip(heat, Self.heatSteps).map { glyph, step in
            "\(glyph)" + (step == 0 ? ">0" : Amount.decimals(step * 100, 0))
        }.joined(separator: " ") + "%"
    }

    /// Which density a share has; nil for none.
    static func heatLevel(_ share: Double) -> Int? {
        share > 0 ? heatSteps.lastIndex { share >= $0 } : nil
    }
}

/// Which classes stand in which row.
struct HeatRows: Equatable {
    /// Classes of each row, the slowest above.
    var rows: [Range<Int>]

    /// So many rows for the classes that have anything, and their neighbours where there is room;
    /// where there is too little, so many of them share a row.
    init(_ used: ClosedRange<Int>, count: Int, of classes: Int) {
        var (low, high) = (used.lowerBound, used.upperBound)
        var together = 1
        while high / together - low / together + 1 > count { together *= 2 }
        // Groups begin at whole multiples, so that nothing moves when others are seen too.
        low /= together
        high /= together
        let last = (classes - 1) / together
        while high - low + 1 < count, low > 0 || high < last {
            if high < last { high += 1 }
            if high - low + 1 < count, low > 0 { low -= 1 }
        }
        rows = (low...high).reversed().map { row in
            (row * together)..<min((row + 1) * together, classes)
        }
    }
}

extension Canvas {
    /// Draws the strip and returns the area of its cells.
    mutating func heat(
        _ model: HeatModel, _ area: Area, _ axis: TimeAxis, _ history: History
    ) -> Area? {
        guard area.columns >= 24, area.rows > 0, !history.latencies.isEmpty else {
            write(model.table.empty, area.row, area.column, .label, room: area.columns)
            return nil
        }
        var plot = area
        plot.column += Self.scaleWidth
        plot.columns -= Self.scaleWidth
        let columns = (0..<plot.columns).map { index -> [Double] in
            let end = axis.edge - Int64(plot.columns - 1 - index) * axis.cell
            return history.latencies.shares(from: end - axis.cell, to: min(end, axis.now))
        }
        let classes = LatencyClasses.limits.count
        let used = (0..<classes).filter { place in
            columns.contains { !$0.isEmpty && $0[place] > 0 }
        }
        guard let first = used.first, let last = used.last else {
            write(
                "no command in this time", area.row, area.column, .label, room: area.columns)
            return nil
        }
        let rows = HeatRows(first...last, count: area.rows, of: classes).rows
        for (number, range) in rows.enumerated() {
            let row = area.row + number
            let label = LatencyClasses.labels[range.upperBound - 1]
            writeRight(label, row, area.column, .label, room: Self.scaleWidth - 2)
            grid.set(
                glyphs.axis, row: row, column: area.column + Self.scaleWidth - 1, style(.border))
            for (column, shares) in columns.enumerated() where !shares.isEmpty {
                guard let level = Glyphs.heatLevel(shares[range].reduce(0, +)) else { continue }
                grid.set(
                    glyphs.heat[level], row: row, column: plot.column + column,
                    style(Role.heat[level]))
            }
        }
        plot.rows = rows.count
        return plot
    }
}
