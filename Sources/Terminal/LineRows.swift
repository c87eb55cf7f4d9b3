// A line as rows for a part of a screen. A terminal is written to, so RowPainter deals in escape
// sequences and moves its cursor about; a grid of cells is a picture, so that here a row is a text
// and the cursor a place. Widths are those of CellGrid, which spells out what has no form.

/// A ``LineFrame`` broken into rows for a ``CellGrid``.
public struct LineRows: Equatable, Sendable {
    /// The rows of the line itself.
    public private(set) var rows: [Text] = []
    /// The row of the cursor.
    public private(set) var row = 0
    /// The column of the cursor.
    public private(set) var column = 0

    private let columns: Int
    private var text = Text()
    private var width = 0

    /// Breaks a frame into rows of so many columns.
    public init(_ frame: LineFrame, columns: Int) {
        self.columns = max(columns, 4)
        add(frame.prompt)
        var offset = 0
        for run in frame.body.runs {
            for scalar in run.string.unicodeScalars {
                if offset == frame.cursor { placeCursor() }
                offset += 1
                if scalar == "\n" {
                    endRow()
                    add(frame.continuation)
                } else {
                    add(scalar, run.style)
                }
            }
        }
        if frame.cursor >= offset { placeCursor() }
        add(frame.ghost)
        endRow()
    }

    /// Text broken into rows of so many columns.
    public static func broken(_ text: Text, columns: Int) -> [Text] {
        var frame = LineFrame(prompt: text, body: "", cursor: -1)
        frame.continuation = ""
        return LineRows(frame, columns: columns).rows
    }

    private mutating func placeCursor() {
        if width >= columns { endRow() }
        (row, column) = (rows.count, width)
    }

    private mutating func add(_ text: Text) {
        for run in text.runs {
            for scalar in run.string.unicodeScalars {
                if scalar == "\n" { endRow() } else { add(scalar, run.style) }
            }
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar, _ style: Style) {
        let shown = scalar.value < 0x80 ? DisplayWidth.shown(scalar) : String(scalar)
        let needed =
            if case .mark = CellText.form(of: scalar), width > 0 { 0 } else {
                CellText.width(shown)
            }
        if width + needed > columns { endRow() }
        if let last = text.runs.indices.last, text.runs[last].style == style {
            text.runs[last].string += shown
        } else {
            text.append(shown, style)
        }
        width += needed
    }

    private mutating func endRow() {
        rows.append(text)
        text = Text()
        width = 0
    }
}

extension CellGrid {
    /// Puts a text with its styles, without colours unless `colored`; returns its columns.
    @discardableResult
    public mutating func put(
        _ text: Text, row: Int, column: Int, room: Int, colored: Bool
    ) -> Int {
        var taken = 0
        for run in text.runs {
            var style = run.style
            if !colored { (style.foreground, style.background) = (nil, nil) }
            taken += put(
                run.string, row: row, column: column + taken, CellStyle(style), room: room - taken)
        }
        return taken
    }
}
