import Terminal

/// Draws a player on a terminal of lines: what is new scrolls up, and the rows at the foot are
/// drawn anew.
final class LessonPainter {
    private let rows: RowPainter
    /// The rows at the foot that are drawn anew each time.
    private var height = 0

    /// Whether styles are shown.
    var isColored: Bool { rows.isColored }

    init(_ rows: RowPainter) { self.rows = rows }

    /// Draws what is new and the foot of the screen.
    func draw(_ player: Player) {
        let lines = player.takeLines()
        if !lines.isEmpty {
            rows.print(above: lines.map { $0.rendered(colored: rows.isColored) + "\n" }.joined())
            let columns = max(player.size.columns, 1)
            height -= lines.reduce(0) { $0 + max(($1.width + columns - 1) / columns, 1) }
        }
        var frame = player.frame()
        let own = 1 + frame.below.count + frame.prompt.plain.count { $0 == "\n" }
        // What was higher leaves blank rows above, so that the status row does not move.
        let blank = min(max(height - own, 0), max(player.size.rows - own, 0))
        frame.prompt = Text(String(repeating: "\n", count: blank)) + frame.prompt
        height = own + blank
        rows.paint(frame)
    }

    /// Removes the foot of the screen.
    func erase() {
        rows.erase()
        height = 0
    }

    /// Clears the whole screen.
    func clearScreen() {
        rows.clearScreen()
        height = 0
    }

    /// Takes the screen as it is, after another program has used it.
    func forget() {
        rows.forget()
        height = 0
    }
}
