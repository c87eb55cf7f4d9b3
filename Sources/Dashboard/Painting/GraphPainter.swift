import Terminal

// Graphs of one figure over time. The time at the right edge and the seconds of a cell are the
// same for all graphs of a screen, so that what happens together stands one below the other. The
// value of each column is the highest of its time: a spike must not vanish because the window is
// wide. Time that nobody saw is blank; a value of zero has the lowest dot.

/// The time that graphs show.
public struct TimeAxis: Equatable, Sendable {
    /// The instant at the right edge, in milliseconds.
    public var edge: Int64
    /// The instant that is shown; what came later is not drawn.
    public var now: Int64
    /// Milliseconds of a cell.
    public var cell: Int64
    /// True while the edge stands still.
    public var isPaused: Bool

    /// The axis for graphs of so many cells that show so many seconds. Its edge stands at a
    /// whole multiple of a cell's half, so that a column never changes once it is past.
    init(now: Int64, window seconds: Int, cells: Int, isPaused: Bool) {
        let wanted = Int64(seconds) * 1000 / Int64(max(cells, 1))
        cell = max((wanted + 199) / 200 * 200, 200)
        self.now = now
        let half = cell / 2
        edge = (now + half - 1) / half * half
        self.isPaused = isPaused
    }

    /// The cell of so many in which an instant stands, nil when it is outside.
    func position(of instant: Int64, cells: Int) -> Int? {
        let back = (edge - instant) / cell
        guard instant <= now, back < Int64(cells) else { return nil }
        return cells - 1 - Int(back)
    }
}

extension Canvas {
    /// The columns in front of a graph where the highest value stands.
    static let scaleWidth = 7

    /// Draws a graph, with its scale to the left when there is room, and returns the area of the
    /// plot itself.
    @discardableResult
    mutating func graph(
        _ model: GraphModel, _ area: Area, _ axis: TimeAxis, _ history: History
    ) -> Area {
        guard area.rows > 0, area.columns > 2 else { return area }
        var plot = area
        let label = model.label.isEmpty ? "" : CellText.cut(model.label, to: 6, mark: "")
        let hasScale = area.columns >= 24
        if hasScale {
            plot.column += Self.scaleWidth
            plot.columns -= Self.scaleWidth
        }
        let values = values(model.figure, cells: plot.columns, axis, history)
        let highest = values.compactMap { $0 }.max() ?? 0
        let top = model.top ?? Self.rounded(highest, Figure[model.figure].unit)
        if hasScale { scale(model, label, top, area) }
        draw(values, top, plot, model.role)
        return plot
    }

    private mutating func scale(_ model: GraphModel, _ label: String, _ top: Double, _ area: Area) {
        let unit = Figure[model.figure].unit
        let room = Self.scaleWidth - 2
        let last = area.row + area.rows - 1
        for row in area.row...last {
            let isEnd = row == area.row || row == last
            grid.set(
                isEnd ? glyphs.axis : glyphs.vertical, row: row,
                column: area.column + room + 1, style(.border))
        }
        var shown = unit == .count ? Amount.short(top) : Amount.text(top, unit)
        if shown.hasSuffix("/s") { shown.removeLast(2) }
        // Tops are round, so `50.0k` says no more than `50k`.
        shown = shown.replacing(".0", with: "")
        if area.rows >= 3 {
            writeRight(shown, area.row, area.column, .label, room: room)
            if !label.isEmpty { writeRight(label, area.row + 1, area.column, .label, room: room) }
            writeRight("0", last, area.column, .label, room: room)
        } else if area.rows == 2 {
            writeRight(shown, area.row, area.column, .label, room: room)
            writeRight(label.isEmpty ? "0" : label, last, area.column, .label, room: room)
        } else {
            writeRight(label.isEmpty ? shown : label, last, area.column, .label, room: room)
        }
    }

    private func values(
        _ figure: FigureID, cells: Int, _ axis: TimeAxis, _ history: History
    ) -> [Double?] {
        let across = glyphs.graph.across
        let step = axis.cell / Int64(across)
        let count = cells * across
        guard let past = history.past(figure) else { return Array(repeating: nil, count: count) }
        return (0..<count).map { index in
            let end = axis.edge - Int64(count - 1 - index) * step
            return past.summary(from: end - step, to: min(end, axis.now))?.maximum
        }
    }

    private mutating func draw(_ values: [Double?], _ top: Double, _ plot: Area, _ role: Role) {
        let (across, levels) = (glyphs.graph.across, glyphs.graph.levels)
        let height = plot.rows * levels
        let heights = values.map { value -> Int in
            guard let value else { return 0 }
            let share = top > 0 ? min(value / top, 1) : 0
            return max(Int((share * Double(height)).rounded()), 1)
        }
        let look = style(role)
        for row in 0..<plot.rows {
            let floor = (plot.rows - 1 - row) * levels
            for column in 0..<plot.columns {
                let left = min(max(heights[column * across] - floor, 0), levels)
                let right = min(max(heights[column * across + across - 1] - floor, 0), levels)
                guard left > 0 || right > 0 else { continue }
                grid.set(
                    glyphs.cell(left, right), row: plot.row + row, column: plot.column + column,
                    look)
            }
        }
    }

    /// The row below a graph: how far back it goes, marks of events, and the edge.
    mutating func timeline(_ plot: Area, _ row: Int, _ axis: TimeAxis, _ history: History) {
        let seconds = Double(axis.cell) * Double(plot.columns) / 1000
        // From the newest back: each mark has the room up to the one after it.
        var free = plot.columns
        for event in history.log.events.suffix(60).reversed() where event.kind != .clear {
            guard let cell = axis.position(of: event.instant, cells: plot.columns), cell < free
            else { continue }
            let role: Role = event.kind == .alert ? .warning : .strong
            // Two digits at most tell marks apart; the list of events has the rest.
            let number = String(event.number % 100)
            let text = cell + 1 + number.count <= free ? glyphs.mark + number : glyphs.mark
            write(text, row, plot.column + cell, role)
            free = cell
        }
        // Marks matter more than the words between them.
        let now = axis.isPaused ? "paused" : "now"
        writeBetween(now, row, plot.column + plot.columns - now.count)
        writeBetween("-" + Amount.duration(seconds), row, plot.column)
        if plot.columns >= 30 {
            let half = "-" + Amount.duration(seconds / 2)
            writeBetween(half, row, plot.column + plot.columns / 2 - half.count / 2)
        }
    }

    /// Writes where nothing stands, with a blank on both sides; not at all otherwise.
    private mutating func writeBetween(_ text: String, _ row: Int, _ column: Int) {
        let cells = max(column - 1, 0)..<min(column + text.count + 1, grid.columns)
        let isFree = cells.allSatisfy {
            let cell = grid[row, $0]
            let isMark = cell.scalar >= 0x30 && cell.scalar <= 0x39
            return cell == .blank
                || (!isMark && !(column..<(column + text.count)).contains($0)
                    && cell.scalar != glyphs.mark.unicodeScalars.first?.value)
        }
        if isFree { write(text, row, column, .label) }
    }

    /// The next round number: 1, 2 or 5 with zeros, and of bytes the next power of two.
    static func rounded(_ value: Double, _ kind: Unit) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var unit = 1.0
        if kind == .bytes || kind == .byteRate {
            while unit < value { unit *= 2 }
            return unit
        }
        while unit * 10 < value { unit *= 10 }
        while unit > value { unit /= 10 }
        return [1, 2, 5, 10].map { $0 * unit }.first { $0 >= value } ?? value
    }
}
