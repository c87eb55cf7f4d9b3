// Draws the line being edited over as many rows as it needs, and remembers how many those were,
// so that the next drawing begins at the same place. One frame is one write: cursor up to the
// first row, every row with the rest of it erased, the cursor to where it belongs. There is no
// comparison with the last frame; a frame of one row is about a hundred bytes.
//
// Rows end with an explicit "\r\n", the full ones too: a terminal that holds the cursor behind
// the last column then goes on in the next row, and will not join the rows when it is resized.
// What is taller than the screen is shown through a window that follows the cursor, one row less
// than the screen, so that nothing scrolls away that must be drawn again.

/// A line, ready to be drawn.
public struct LineFrame: Equatable, Sendable {
    /// Stands before the first row.
    public var prompt: Text
    /// Stands before the rows that follow a line end in the text.
    public var continuation: Text
    /// The text being edited, with its styles.
    public var body: Text
    /// How many code points of the body stand before the cursor.
    public var cursor: Int
    /// Shown behind the body; the cursor never goes there.
    public var ghost: Text
    /// Rows below: a menu, a status row. Each is cut to the width.
    public var below: [Text]

    /// A frame.
    public init(
        prompt: Text, continuation: Text = "", body: Text, cursor: Int, ghost: Text = "",
        below: [Text] = []
    ) {
        self.prompt = prompt
        self.continuation = continuation
        self.body = body
        self.cursor = cursor
        self.ghost = ghost
        self.below = below
    }
}

/// Draws ``LineFrame`` values on a terminal.
public final class RowPainter {
    /// Whether styles are shown.
    public var isColored: Bool
    private let size: () -> TerminalSize
    private let write: (String) -> Void

    /// Of what is on the screen: the columns that each row takes, and the cursor's row and column.
    private var shown: (widths: [Int], row: Int, column: Int)?
    /// The first row of the window on a text taller than the screen.
    private var top = 0

    /// A painter.
    ///
    /// - Parameters:
    ///   - isColored: whether styles are shown.
    ///   - size: asked at each frame.
    ///   - write: takes all of a frame at once.
    public init(
        isColored: Bool, size: @escaping () -> TerminalSize, write: @escaping (String) -> Void
    ) {
        self.isColored = isColored
        self.size = size
        self.write = write
    }

    /// A painter for a terminal.
    public convenience init(_ output: Descriptor = .output, isColored: Bool) {
        self.init(
            isColored: isColored, size: { output.terminalSize ?? .classic },
            write: { output.write($0) })
    }

    /// Draws a frame over the one before.
    public func paint(_ frame: LineFrame) {
        let size = size()
        let layout = RowLayout(frame, columns: size.columns, isColored: isColored)
        let height = max(size.rows - 1, 1)
        let count = min(layout.rows.count, height)
        top = min(max(top, layout.row - count + 1), layout.row, layout.rows.count - count)
        var rows = Array(layout.rows[top..<(top + count)])
        for text in frame.below.prefix(height - count) {
            // A full last row would make the terminal hold its cursor behind it.
            let cut = text.truncated(to: size.columns - 1)
            rows.append(RowLayout.Row(cut.rendered(colored: isColored), cut.width))
        }
        draw(rows, cursor: (layout.row - top, layout.column), size)
    }

    /// Draws a last frame, all of it however tall, and leaves it there: the cursor goes to the
    /// row below.
    public func finish(_ frame: LineFrame) {
        let size = size()
        // Without a cursor no row is needed for it behind a full one.
        var frame = frame
        frame.cursor = -1
        let layout = RowLayout(frame, columns: size.columns, isColored: isColored)
        top = 0
        draw(layout.rows, cursor: nil, size)
        shown = nil
    }

    /// Removes the line from the screen; the cursor is where its first row began. Whatever is
    /// printed now stands above the next frame, if it ends with a line end.
    public func erase() {
        write(toFirstRow(columns: size().columns) + ANSI.eraseBelow)
        shown = nil
    }

    /// Prints whole lines above the line being edited, which must be painted again afterwards.
    public func print(above text: String) {
        let home = toFirstRow(columns: size().columns) + ANSI.eraseBelow
        write(home + text + (text.hasSuffix("\n") ? "" : "\n"))
        shown = nil
    }

    /// Clears the whole screen; the next frame begins in its first row.
    public func clearScreen() {
        write(ANSI.clearScreen)
        shown = nil
    }

    /// Takes the screen as it is: the next frame begins where the cursor now is. For after
    /// another program has used the terminal.
    public func forget() { shown = nil }

    /// From where the last frame left the cursor to the beginning of its first row. If the window
    /// has become narrower since, terminals have broken the rows anew.
    private func toFirstRow(columns: Int) -> String {
        guard let shown else { return "\r" }
        let broken = shown.widths[..<shown.row].reduce(0) { sum, width in
            sum + max((width - 1) / columns, 0)
        }
        return "\r" + ANSI.up(shown.row + broken + shown.column / columns)
    }

    private func draw(
        _ rows: [RowLayout.Row], cursor: (row: Int, column: Int)?, _ size: TerminalSize
    ) {
        var out = ANSI.beginUpdate + toFirstRow(columns: size.columns)
        for (index, row) in rows.enumerated() {
            let isLast = index == rows.count - 1
            out += row.text
            // Erasing with the cursor held behind the last column would take that column away.
            if row.width < size.columns { out += isLast ? ANSI.eraseBelow : ANSI.eraseRow }
            if !isLast { out += "\r\n" }
        }
        var below = 0
        if let last = rows.last, last.width >= size.columns,
            cursor == nil || (shown?.widths.count ?? 0) > rows.count
        {
            out += "\r\n" + ANSI.eraseBelow
            below = 1
        }
        if let cursor {
            out += "\r" + ANSI.up(rows.count - 1 + below - cursor.row) + ANSI.right(cursor.column)
            shown = (rows.map(\.width), cursor.row, cursor.column)
        } else if below == 0 {
            out += "\r\n"
        }
        write(out + ANSI.endUpdate)
    }
}

/// A frame broken into rows.
struct RowLayout {
    struct Row: Equatable {
        var text: String
        var width: Int

        init(_ text: String, _ width: Int) {
            self.text = text
            self.width = width
        }
    }

    private(set) var rows: [Row] = []
    private(set) var row = 0
    private(set) var column = 0

    private let columns: Int
    private let isColored: Bool
    private var text = ""
    private var width = 0
    private var style = Style.plain

    init(_ frame: LineFrame, columns: Int, isColored: Bool) {
        self.columns = max(columns, 4)
        self.isColored = isColored
        add(frame.prompt)
        var offset = 0
        for run in frame.body.runs {
            switchTo(run.style)
            for scalar in run.string.unicodeScalars {
                if offset == frame.cursor { placeCursor(before: scalar) }
                offset += 1
                if scalar == "\n" {
                    endRow()
                    add(frame.continuation)
                    switchTo(run.style)
                } else {
                    add(scalar)
                }
            }
        }
        if frame.cursor >= offset {
            // Behind a full row the cursor stands in the next one.
            if width >= self.columns { endRow() }
            (row, column) = (rows.count, width)
        }
        add(frame.ghost)
        endRow()
    }

    private mutating func placeCursor(before scalar: Unicode.Scalar) {
        let needed = scalar == "\n" ? 1 : DisplayWidth.of(scalar)
        if width + needed > columns { endRow() }
        (row, column) = (rows.count, width)
    }

    private mutating func add(_ text: Text) {
        for run in text.runs {
            switchTo(run.style)
            for scalar in run.string.unicodeScalars {
                if scalar == "\n" { endRow() } else { add(scalar) }
            }
        }
        switchTo(.plain)
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        let needed = DisplayWidth.of(scalar)
        if width + needed > columns { endRow() }
        if (0x20...0x7E).contains(scalar.value) {
            text.unicodeScalars.append(scalar)
        } else {
            text += DisplayWidth.shown(scalar)
        }
        width += needed
    }

    private mutating func switchTo(_ new: Style) {
        guard new != style else { return }
        if isColored { text += new == .plain ? ANSI.resetStyle : new.sequence }
        style = new
    }

    /// Every row is whole in itself: it ends plain, and the next begins with the style that goes
    /// on.
    private mutating func endRow() {
        let current = style
        switchTo(.plain)
        rows.append(Row(text, width))
        text = ""
        width = 0
        switchTo(current)
    }
}
