import Terminal

// Puts a panel into the room there is. Every block says how many rows it needs at least; what does
// not fit is left out from the end, with a mark in the frame, and what room is left goes to
// graphs and tables.

extension Canvas {
    /// Draws a panel with its frame.
    mutating func panel(
        _ panel: PanelModel, _ area: Area, _ view: View, _ axis: TimeAxis, isFocused: Bool
    ) {
        frame(
            area, title: panel.title, remark: panel.remark, tag: panel.tag, isFocused: isFocused,
            isWatched: view.isWatched(panel))
        let inside = area.inside
        guard inside.rows > 0, inside.columns > 0 else { return }
        let skipped = isFocused ? view.state.scroll : 0
        // A table scrolls by itself; of a panel without one the first parts make room.
        let hasTable = panel.blocks.contains { if case .table = $0 { true } else { false } }
        let rest = hasTable ? panel.blocks : Array(panel.blocks.dropFirst(skipped))
        let shown = blocks(rest, inside, view, axis, scroll: skipped)
        if shown < rest.count {
            let text = " \(rest.count - shown) more: \(isFocused ? "Down" : "Enter") "
            if text.count + 4 < area.columns {
                write(text, area.row + area.rows - 1, area.end - text.count - 2, .label)
            }
        }
    }

    /// Draws blocks and returns how many of them found room.
    mutating func blocks(
        _ blocks: [Block], _ area: Area, _ view: View, _ axis: TimeAxis, scroll: Int
    ) -> Int {
        var needs: [Int] = []
        var used = 0
        for block in blocks {
            let need = least(block, area.columns)
            guard used + need <= area.rows else { break }
            used += need
            needs.append(need)
        }
        // A timeline belongs below the last graph, if there is a row for it.
        let lastGraph = blocks[..<needs.count].lastIndex {
            switch $0 {
            case .graph, .heat: true
            default: false
            }
        }
        let hasTimeline = lastGraph != nil && used < area.rows && area.columns >= 24
        if hasTimeline { used += 1 }
        share(blocks, &needs, room: area.rows - used, area.columns)
        var row = area.row
        for (index, need) in needs.enumerated() {
            let part = Area(row: row, column: area.column, rows: need, columns: area.columns)
            row += need
            let plot = draw(blocks[index], part, view, axis, scroll: scroll)
            if hasTimeline, index == lastGraph, let plot {
                timeline(plot, row, axis, view.history)
                row += 1
            }
        }
        return needs.count
    }

    /// The rows that a block needs at least.
    private func least(_ block: Block, _ columns: Int) -> Int {
        switch block {
        case .gauge, .facts: 1
        case .graph(let graph): graph.least
        case .heat(let heat): heat.least
        case .table(let table): table.rows.isEmpty ? 1 : 2
        case .prose(let text, _): Self.wrapped(text, columns).count
        case .entry(_, let text, _): Self.wrapped(text, columns - Self.labelWidth).count
        }
    }

    /// Gives what rows are left to graphs and tables, in turns.
    private func share(_ blocks: [Block], _ needs: inout [Int], room: Int, _ columns: Int) {
        var room = room
        var progress = true
        while room > 0, progress {
            progress = false
            for index in needs.indices where room > 0 {
                let wish =
                    switch blocks[index] {
                    case .graph(let graph): min(graph.weight, graph.most - needs[index])
                    case .heat(let heat): min(2, heat.most - needs[index])
                    case .table(let table): min(table.rows.count + 1 - needs[index], 3)
                    default: 0
                    }
                let given = min(max(wish, 0), room)
                if given > 0 { progress = true }
                needs[index] += given
                room -= given
            }
        }
    }

    private mutating func draw(
        _ block: Block, _ area: Area, _ view: View, _ axis: TimeAxis, scroll: Int
    ) -> Area? {
        switch block {
        case .gauge(let fact, let share, let end, let role):
            gauge(fact, share, end, role, area)
        case .facts(let facts): self.facts(facts, area)
        case .graph(let model): return graph(model, area, axis, view.history)
        case .heat(let model): return heat(model, area, axis, view.history)
        case .table(let table): self.table(table, area, scroll: scroll)
        case .prose(let text, let role):
            for (index, line) in Self.wrapped(text, area.columns).prefix(area.rows).enumerated() {
                write(line, area.row + index, area.column, role)
            }
        case .entry(let label, let text, let role):
            write(label, area.row, area.column, .label, room: Self.labelWidth - 1)
            let lines = Self.wrapped(text, area.columns - Self.labelWidth)
            for (index, line) in lines.prefix(area.rows).enumerated() {
                write(line, area.row + index, area.column + Self.labelWidth, role)
            }
        }
        return nil
    }

    private mutating func gauge(
        _ fact: Fact, _ share: Double?, _ end: String, _ role: Role, _ area: Area
    ) {
        var column = area.column
        if !fact.label.isEmpty {
            column += write(fact.label, area.row, column, .label, room: area.columns) + 1
        }
        column += write(fact.text, area.row, column, .strong, room: area.end - column) + 2
        let width = CellText.width(end)
        let room = area.end - column - width - 3
        guard share != nil, room >= 4 else {
            write(end, area.row, column, role, room: area.end - column)
            return
        }
        let (left, right): (Unicode.Scalar, Unicode.Scalar) =
            glyphs.isUTF8 ? ("▕", "▏") : ("[", "]")
        grid.set(left, row: area.row, column: column, style(.border))
        grid.put(
            glyphs.bar(share ?? 0, room), row: area.row, column: column + 1,
            style(role == .text ? .bar : role == .critical ? .warning : role), room: room)
        grid.set(right, row: area.row, column: column + 1 + room, style(.border))
        // The tag above is inverse already; two such cells in a row would run into each other.
        writeRight(
            end, area.row, column + room + 2, role == .critical ? .warning : role, room: width + 1)
    }

    /// Facts in a row. What does not fit whole is left out, with a mark.
    mutating func facts(_ facts: [Fact], _ area: Area) {
        var column = area.column
        for (index, fact) in facts.enumerated() {
            let label = fact.label.isEmpty ? "" : fact.label + " "
            let width = CellText.width(label) + CellText.width(fact.text)
            let isLast = index == facts.count - 1
            guard column + width + (isLast ? 0 : 2) <= area.end else {
                if index == 0 {
                    let taken = write(label, area.row, column, .label, room: area.columns)
                    write(
                        fact.text, area.row, column + taken, fact.role, room: area.columns - taken)
                    column = area.end
                }
                if column < area.end { write(glyphs.cut, area.row, column, .label) }
                return
            }
            column += write(label, area.row, column, .label)
            column += write(fact.text, area.row, column, fact.role) + 2
        }
    }

    // MARK: Tables

    /// The columns that fit, and how wide they are.
    private func widths(
        _ table: TableModel, _ room: Int
    ) -> [(index: Int, width: Int)] {
        var chosen = Array(table.columns.indices)
        func total() -> Int {
            chosen.reduce(0) { $0 + table.columns[$1].width } + max(chosen.count - 1, 0) * 2
        }
        while chosen.count > 1, total() > room {
            let least = chosen.min {
                (table.columns[$0].priority, -$0) < (table.columns[$1].priority, -$1)
            }
            chosen.removeAll { $0 == least }
        }
        let rest = max(room - total(), 0)
        let growing = chosen.filter { table.columns[$0].grows }
        return chosen.map { index in
            let extra =
                growing.isEmpty || !table.columns[index].grows
                ? 0 : rest / growing.count + (index == growing[0] ? rest % growing.count : 0)
            return (index, min(table.columns[index].width + extra, room))
        }
    }

    mutating func table(_ table: TableModel, _ area: Area, scroll: Int) {
        guard !table.rows.isEmpty else {
            write(table.empty, area.row, area.column, .label, room: area.columns)
            return
        }
        let columns = widths(table, area.columns)
        var column = area.column
        for (index, width) in columns {
            let model = table.columns[index]
            let mark = table.sorted == index ? glyphs.down : ""
            let title = model.title + mark
            if model.isRight {
                writeRight(title, area.row, column, .heading, room: width)
            } else {
                write(title, area.row, column, .heading, room: width)
            }
            if table.sorted != nil, place != nil {
                let heading = Area(row: area.row, column: column, rows: 1, columns: width)
                let line = table.sorted == index ? ":reverse" : ":sort \(model.id)"
                spots.append(Spot(area: heading, panel: place, line: line))
            }
            column += width + 2
        }
        let room = area.rows - 1
        // The chosen row is in sight, with the one after it.
        let wanted = table.chosen.map { max($0 - max(room - 3, 0), 0) } ?? scroll
        let skipped = min(max(wanted, 0), max(table.rows.count - room, 0))
        let hidden = table.rows.count - skipped - room + table.more
        for (offset, cells) in table.rows.dropFirst(skipped).prefix(room).enumerated() {
            let row = area.row + 1 + offset
            let isLast = offset == room - 1
            if isLast, hidden > 0, room > 1 {
                write(
                    "\(glyphs.cut) \(Amount.grouped(Double(hidden + 1))) more", row, area.column,
                    .label,
                    room: area.columns)
                return
            }
            self.row(cells, columns, table, row, area.column)
            if table.chosen == skipped + offset {
                // Pictures stay as they are: turned inside out they would say the opposite.
                var start = area.column
                for (index, width) in columns {
                    let isPicture = cells[index].bar != nil || cells[index].spark != nil
                    if !isPicture {
                        let end = min(start + width + 2, area.end)
                        grid.restyle(row: row, columns: start..<end, style(.chosen))
                    }
                    start += width + 2
                }
            }
        }
    }

    private mutating func row(
        _ cells: [TableCell], _ columns: [(index: Int, width: Int)], _ table: TableModel,
        _ row: Int, _ start: Int
    ) {
        var column = start
        for (index, width) in columns {
            let cell = cells[index]
            if let bar = cell.bar {
                let text = glyphs.rowBar(bar, width)
                grid.put(text, row: row, column: column, style(.bar), room: width)
            } else if let spark = cell.spark {
                let text = glyphs.spark(spark.suffix(width))
                grid.put(
                    text, row: row, column: column + width - text.unicodeScalars.count,
                    style(.graph), room: width)
            } else if table.columns[index].isRight {
                writeRight(cell.text, row, column, cell.role, room: width)
            } else {
                let text =
                    table.columns[index].isName
                    ? CellText.cutInside(cell.text, to: width, mark: glyphs.cut) : cell.text
                write(text, row, column, cell.role, room: width)
            }
            column += width + 2
        }
    }

    // MARK: Sentences

    /// The columns in front of an entry.
    static let labelWidth = 9

    /// True for plain words that need no other line.
    private static func fits(_ text: String, _ columns: Int) -> Bool {
        guard 1...columns ~= text.utf8.count else { return false }
        // Blanks at the end, or several in a row, are not kept.
        var last: UInt8 = 0
        for letter in text.utf8 {
            guard 0x20...0x7E ~= letter, letter != 0x20 || last != 0x20 else { return false }
            last = letter
        }
        return last != 0x20 && text.utf8.first != 0x20
    }

    /// Text in lines of at most so many columns, broken between words.
    static func wrapped(_ text: String, _ columns: Int) -> [String] {
        guard columns > 0 else { return [] }
        if fits(text, columns) { return [text] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = String(paragraph.prefix { $0 == " " })
            var line = indent
            for word in paragraph.split(separator: " ") {
                let isEmpty = line == indent
                let width = CellText.width(line) + (isEmpty ? 0 : 1) + CellText.width(word)
                if width <= columns || isEmpty {
                    line += (isEmpty ? "" : " ") + word
                } else {
                    lines.append(line)
                    line = indent + word
                }
            }
            lines.append(line)
        }
        return lines
    }
}
