public import Terminal

/// A rectangle of cells.
public struct Area: Equatable, Sendable {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int

    /// Everything but the outermost cells, and a blank to the left and to the right.
    var inside: Area {
        Area(row: row + 1, column: column + 2, rows: rows - 2, columns: columns - 4)
    }

    var end: Int { column + columns }

    func contains(row: Int, column: Int) -> Bool {
        self.row..<(self.row + rows) ~= row && self.column..<end ~= column
    }
}

/// A place that does something when it is clicked.
struct Spot: Equatable, Sendable {
    var area: Area
    /// The panel that gets the focus first; nil leaves it where it is.
    var panel: Int?
    /// The action's line.
    var line: String
}

/// A grid with the means to draw on it.
public struct Canvas: Sendable {
    /// What has been drawn.
    public var grid: CellGrid
    /// What a click does, and where.
    var spots: [Spot] = []
    /// The place of the panel that is being drawn.
    var place: Int?
    let theme: Theme
    let depth: ColorDepth
    let glyphs: Glyphs
    /// The styles of all roles in their order.
    private let styles: [CellStyle]

    /// A blank canvas.
    public init(rows: Int, columns: Int, theme: Theme, depth: ColorDepth, glyphs: Glyphs) {
        grid = CellGrid(rows: rows, columns: columns)
        self.theme = theme
        self.depth = depth
        styles = Role.allCases.map { theme.style($0, depth) }
        self.glyphs = glyphs
    }

    func style(_ role: Role) -> CellStyle { styles[role.rawValue] }

    /// Text that is cut with a mark where the room ends. Returns the columns it took.
    @discardableResult
    mutating func write(
        _ text: String, _ row: Int, _ column: Int, _ role: Role = .text, room: Int = .max
    ) -> Int {
        let room = min(room, grid.columns - column)
        guard room > 0 else { return 0 }
        return grid.put(
            CellText.cut(text, to: room, mark: glyphs.cut), row: row, column: column,
            style(role), room: room)
    }

    /// Text that ends where the room ends.
    mutating func writeRight(
        _ text: String, _ row: Int, _ column: Int, _ role: Role = .text, room: Int
    ) {
        guard room > 0 else { return }
        let cut = CellText.cut(text, to: room, mark: glyphs.cut)
        grid.put(cut, row: row, column: column + room - CellText.width(cut), style(role))
    }

    /// A frame with a title to the left, and to the right a remark and a tag.
    mutating func frame(
        _ area: Area, title: String, remark: String = "", tag: (word: String, role: Role)? = nil,
        isFocused: Bool = false, isWatched: Bool = false
    ) {
        guard area.rows >= 2, area.columns >= 4 else { return }
        // Both the panel that keys go to and the one to watch have double lines; the word that
        // stands in its title tells the latter.
        let isDouble = isFocused || isWatched
        let line = style(isFocused ? .focus : isWatched ? .warning : .border)
        let across = isDouble ? glyphs.focusHorizontal : glyphs.horizontal
        let along = isDouble ? glyphs.focusVertical : glyphs.vertical
        let corners = isDouble ? glyphs.focusCorners : glyphs.corners
        let bottom = area.row + area.rows - 1
        for row in [area.row, bottom] {
            grid.fill(across, row: row, columns: area.column..<area.end, line)
        }
        for row in (area.row + 1)..<max(bottom, area.row + 1) {
            grid.set(along, row: row, column: area.column, line)
            grid.set(along, row: row, column: area.end - 1, line)
        }
        grid.set(corners[0], row: area.row, column: area.column, line)
        grid.set(corners[1], row: area.row, column: area.end - 1, line)
        grid.set(corners[2], row: bottom, column: area.end - 1, line)
        grid.set(corners[3], row: bottom, column: area.column, line)

        var right = area.end - 2
        if isWatched, area.columns > 20 {
            right -= 7
            write(" WATCH ", area.row, right, .warning)
        }
        if let tag, area.columns > tag.word.count + 8 {
            right -= tag.word.count + 2
            write(" \(tag.word) ", area.row, right, tag.role)
        }
        let room = right - area.column - 4
        let name = CellText.cut(title, to: room, mark: glyphs.cut)
        write(" \(name) ", area.row, area.column + 2, isFocused ? .focus : .title, room: room + 2)
        let left = room - CellText.width(name) - 5
        // A remark that is cut tells at least that there is one.
        guard !remark.isEmpty, left >= min(CellText.width(remark), 8) else { return }
        let text = CellText.cut(remark, to: left, mark: glyphs.cut)
        write(" \(text) ", area.row, right - CellText.width(text) - 3, .label)
    }
}
