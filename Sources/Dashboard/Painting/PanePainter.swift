public import Client
import Terminal

// The prompt at the bottom: what it has printed, below that the line with its cursor, and where
// there is room the rows about it. The line may take all rows but one; a text taller than that is
// seen through a window that follows the cursor.

/// Where the prompt stands, and how.
public struct PaneState: Equatable, Sendable {
    /// True when there is one.
    public var exists = false
    /// True when keys go to it.
    public var isFocused = false
    /// True when it has the whole screen.
    public var isZoomed = false
    /// Its rows as the person wants them, without the frame; nil goes by the screen's.
    public var height: Int?
    /// Rows that its output is scrolled back by.
    public var scroll = 0
    /// What was seen last while it is scrolled back, which new lines do not move.
    public var place: PaneOutput.Place?
    /// The rows that it had in the last frame, without the frame.
    public var shownRows = 2
    /// True while Escape is the prompt's.
    public var keepsEscape = false
    /// How many error replies were taken notice of.
    var failures = 0

    /// The rows without a frame on a screen of so many rows.
    func rows(of rows: Int) -> Int {
        if rows < 24 {
            let most = rows - 5
            let wish = min(max(height ?? most, 1), most)
            // A panel above it has room to say something, or there is none.
            return isFocused ? (most - wish < PanelLayout.least ? most : wish) : 1
        }
        // Whoever types wants to see what is answered: more than the last line of it.
        let typed = isFocused ? 7 : 0
        let usual = rows < 30 ? max(typed, 2) : rows < 48 ? max(typed, 4) : 10
        return min(max(height ?? usual, 1), rows - 12)
    }

    /// The rows that it takes away from the panels. On a low screen that is one, until keys go to
    /// it: then it needs room for what commands answer.
    func taken(of rows: Int) -> Int {
        guard exists else { return 0 }
        return rows < 24 && !isFocused ? 1 : self.rows(of: rows) + 2
    }

    /// Goes to the newest line.
    mutating func follow() { (scroll, place) = (0, nil) }
}

extension Canvas {
    /// Draws the prompt into an area, with a frame if there is room; returns the cursor.
    mutating func pane(
        _ pane: Pane, _ area: Area, _ view: View
    ) -> (cursor: [Int]?, output: PaneOutput.Window) {
        var inside = area
        let state = view.state.pane
        let frame = pane.line
        if area.rows >= 3 {
            let remark =
                frame == nil
                ? "running, Ctrl-C ends it"
                : state.isFocused ? "Esc: panels" : ": or F4"
            self.frame(
                area, title: "REPL", remark: remark,
                tag: state.scroll > 0 ? ("back \(state.scroll)", .warning) : nil,
                isFocused: state.isFocused)
            inside = area.inside
        }
        pane.give(TerminalSize(rows: inside.rows, columns: inside.columns))
        let line = frame.map { LineRows($0, columns: inside.columns) }
        var below = frame?.below ?? []
        let height = line?.rows.count ?? 0
        let shown = min(height, max(inside.rows - (inside.rows > 1 ? 1 : 0), 1))
        let left = inside.rows - shown
        // A menu is what was asked for; a row about the command gives way to output.
        let isMenu = below.count > 1
        below = Array(below.prefix(isMenu ? max(left, 0) : left >= 3 ? 1 : 0))
        let rows = left - below.count
        let output = pane.output(
            rows: rows, columns: inside.columns, scroll: state.scroll, from: state.place)
        var row = inside.row + rows - output.rows.count
        for text in output.rows {
            put(text, row, inside)
            row += 1
        }
        guard let line, shown > 0 else { return (nil, output) }
        let first = min(max(line.row - shown + 1, 0), height - shown)
        row = inside.row + rows
        for text in line.rows[first..<(first + shown)] {
            put(text, row, inside)
            row += 1
        }
        for text in below {
            put(text, row, inside)
            row += 1
        }
        guard state.isFocused else { return (nil, output) }
        let column = min(inside.column + line.column, inside.end - 1)
        return ([inside.row + rows + line.row - first, column], output)
    }

    private mutating func put(_ text: Text, _ row: Int, _ area: Area) {
        let room = area.columns
        let cut = text.width > room ? text.truncated(to: room, ellipsis: glyphs.cut) : text
        grid.put(
            cut, row: row, column: area.column, room: room,
            colored: depth != .mono && theme.name != Theme.mono.name)
    }
}
