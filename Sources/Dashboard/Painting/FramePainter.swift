import Client
public import Terminal

// One frame: the rows above and below, and between them the panels, or what lies over them. A
// terminal is never too small: with less room there are fewer columns of panels, then one panel,
// then a list, then a line.

/// A frame ready to be shown.
public struct Frame: Equatable, Sendable {
    /// The picture.
    public var grid: CellGrid
    /// Where the cursor is; nil hides it.
    public var cursor: [Int]?
    /// Where the panels stand, for the mouse.
    var places: [PanelPlacement] = []
    /// Where the tabs stand.
    var tabs: [(screen: ScreenID, area: Area)] = []
    /// Where a click does something.
    var spots: [Spot] = []
    /// Where the prompt stands.
    var pane: Area?
    /// How far its output is scrolled back, and what it ends with then.
    var paneScroll = 0
    var panePlace: PaneOutput.Place?

    /// Pictures are the same when they look the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.grid == right.grid && left.cursor == right.cursor
    }
}

/// Draws frames.
public struct FramePainter: Sendable {
    /// How many colours there are.
    public var depth: ColorDepth
    /// False where only ASCII can be shown.
    public var isUTF8: Bool

    /// A painter for a terminal.
    public init(depth: ColorDepth, isUTF8: Bool) {
        self.depth = depth
        self.isUTF8 = isUTF8
    }

    /// Draws a view.
    public func frame(_ view: View, rows: Int, columns: Int) -> Frame {
        var view = view
        if !isUTF8 { view.state.isASCII = true }
        let glyphs = Glyphs(isUTF8: isUTF8, graph: view.state.graph)
        var canvas = Canvas(
            rows: rows, columns: columns, theme: view.state.theme, depth: depth, glyphs: glyphs)
        guard rows >= 1, columns >= 10 else { return Frame(grid: canvas.grid) }
        // Where there is no room for both, the prompt has it while it has the keys.
        if let pane = view.pane, view.state.pane.isFocused, rows < 16 || columns < 60 {
            var frame = Frame(grid: canvas.grid)
            let all = Area(row: 0, column: 0, rows: rows, columns: columns)
            frame.show(pane, all, view, &canvas)
            return frame
        }
        if rows < 8 || columns < 40 {
            canvas.oneLine(view)
            return Frame(grid: canvas.grid)
        }
        if rows < 16 || columns < 60 {
            canvas.list(view)
            return Frame(grid: canvas.grid)
        }
        return full(view, &canvas)
    }

    private func full(_ view: View, _ canvas: inout Canvas) -> Frame {
        let (rows, columns) = (canvas.grid.rows, canvas.grid.columns)
        canvas.head(view)
        let tabs = canvas.tabs(view, row: 1)
        var body = Area(row: 2, column: 0, rows: rows - 3, columns: columns)
        var frame = Frame(grid: canvas.grid, tabs: tabs)
        if let pane = view.pane {
            let taken = view.state.pane.isZoomed ? body.rows : view.state.pane.taken(of: rows)
            body.rows -= taken
            let place = Area(row: body.row + body.rows, column: 0, rows: taken, columns: columns)
            frame.show(pane, place, view, &canvas)
        }
        if body.rows == 0 {
            // The prompt has all of it.
        } else if let overlay = view.state.overlay {
            canvas.overlay(overlay, body, view)
        } else {
            frame.places = canvas.panels(view, body)
            if view.isStale {
                let dim = canvas.style(.label)
                for row in body.row..<(body.row + body.rows) {
                    canvas.grid.restyle(row: row, columns: 0..<columns, dim)
                }
            }
        }
        frame.cursor = canvas.foot(view, row: rows - 1) ?? frame.cursor
        frame.spots = canvas.spots
        frame.grid = canvas.grid
        return frame
    }
}

extension Frame {
    /// Shows a prompt in an area.
    mutating func show(_ pane: Pane, _ area: Area, _ view: View, _ canvas: inout Canvas) {
        self.pane = area
        let output: PaneOutput.Window
        (cursor, output) = canvas.pane(pane, area, view)
        (paneScroll, panePlace) = (output.scroll, output.place)
        grid = canvas.grid
    }
}

extension Canvas {
    // MARK: Above and below

    /// The first row: who is watched, how, and since when.
    mutating func head(_ view: View) {
        let columns = grid.columns
        if view.state.pausedAt != nil { return pausedHead(view) }
        var facts = [Fact(id: "live", label: "", text: liveText(view), role: liveRole(view))]
        if view.source.isReadOnly {
            facts.append(Fact(id: "readonly", label: "", text: "READ ONLY", role: .warning))
        }
        if let filter = view.filterText {
            facts.append(Fact(id: "filter", label: "", text: filter, role: .warning))
        }
        facts.append(
            Fact(
                id: "window", label: "win",
                text: Self.window(view)))
        if view.state.isRecording {
            facts.append(Fact(id: "rec", label: "rec", text: glyphs.bullet, role: .critical))
        }
        facts += [view.fact(.keys), view.fact(.clients, "clients"), view.fact(.uptime)]
        if view.dropped > 0 {
            facts.append(Fact(id: "dropped", label: "frames dropped", text: "\(view.dropped)"))
        }
        let alerts = view.history.alerts.active.count { !$0.isAcknowledged }
        let right = alerts > 0 ? "!\(alerts) alert\(alerts == 1 ? "" : "s")  ? help" : "? help"
        let version =
            view.snapshot?.texts["valkey_version"] ?? view.snapshot?.texts["redis_version"]
        var name = view.source.isEmbedded && columns < 120 ? "embedded" : view.source.name
        if columns >= 120, let version {
            let server =
                view.snapshot?.texts["valkey_version"] != nil ? "valkey" : "redis"
            name += " (\(server) \(version))"
        }
        let title = CellText.cut(" larder  \(name)", to: columns / 3, mark: glyphs.cut)
        let taken = write(title, 0, 0, .strong)
        let corner = Area(
            row: 0, column: columns - right.count - 1, rows: 1, columns: right.count)
        spots.append(Spot(area: corner, line: alerts > 0 ? ":alerts" : ":help"))
        writeRight(
            right, 0, columns - right.count - 1, alerts > 0 ? .warning : .label,
            room: right.count)
        self.facts(
            facts,
            Area(
                row: 0, column: taken + 3, rows: 1, columns: columns - right.count - taken - 6))
    }

    private mutating func pausedHead(_ view: View) {
        // Counted from the beginning of the pause and not from now: nothing moves in a pause.
        let steps = view.instant - view.state.pausedFrom
        let clock = Amount.clock(wall: view.snapshot?.wall ?? 0)
        let far =
            steps.magnitude < 60_000
            ? Amount.decimals(Double(steps.magnitude) / 1000, 1) + "s"
            : Amount.duration(Double(steps.magnitude) / 1000)
        let ago = steps == 0 ? "" : " (\(steps < 0 ? "-" : "+")\(far))"
        var text = " PAUSED at \(clock)\(ago)  sampling goes on  "
        text += "Space: live  \(glyphs.arrows): scrub"
        grid.fill(row: 0, columns: 0..<grid.columns, style(.banner))
        write(text, 0, 0, .banner)
        if grid.columns >= 100 {
            let window = (view.filterText.map { $0 + "  " } ?? "") + "win \(Self.window(view)) "
            writeRight(window, 0, grid.columns - window.count, .banner, room: window.count)
        }
    }

    /// `1m`, `4h`: how far graphs go back.
    private static func window(_ view: View) -> String {
        let seconds = view.state.window
        if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
        return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
    }

    private func liveText(_ view: View) -> String {
        if let problem = view.snapshot?.problem { return "NO ANSWER: \(problem)" }
        guard let snapshot = view.snapshot else { return "waiting for the first figures" }
        if view.source.isLesson {
            return "\(glyphs.bullet) LESSON at \(Amount.duration(Double(snapshot.instant) / 1000))"
        }
        if view.isStale { return "NO FIGURES for \(Amount.duration(Double(view.age) / 1000))" }
        let interval = view.history.interval
        let pace =
            interval <= 1000
            ? "\(1000 / max(interval, 1)) Hz" : "every \(interval / 1000) s"
        return "\(glyphs.bullet) LIVE \(pace)"
    }

    private func liveRole(_ view: View) -> Role {
        if view.isStale { return .warning }
        return view.snapshot == nil ? .label : view.snapshot?.problem == nil ? .good : .critical
    }

    /// The row of screens.
    mutating func tabs(_ view: View, row: Int) -> [(screen: ScreenID, area: Area)] {
        var column = 1
        var result: [(screen: ScreenID, area: Area)] = []
        let isLong = grid.columns >= 110
        for screen in ScreenID.allCases {
            let isShown = screen == view.state.screen
            let name = "\(screen.rawValue) \(isLong ? screen.name : screen.short)"
            // The brackets tell the tab also where there is neither colour nor inverse video.
            let text = isShown ? "[\(name)]" : " \(name) "
            guard column + text.count <= grid.columns else {
                write(glyphs.cut, row, min(column, grid.columns - 1), .label)
                break
            }
            write(text, row, column, isShown ? .tab : .label)
            let area = Area(row: row, column: column, rows: 1, columns: text.count)
            result.append((screen, area))
            column += text.count
        }
        let look = "\(view.state.theme.name)  \(glyphs.isUTF8 ? "UTF-8" : "ASCII")  " + colors
        if column + look.count + 3 < grid.columns {
            writeRight(look, row, column, .label, room: grid.columns - column - 1)
        }
        return result
    }

    private var colors: String {
        switch depth {
        case .mono: "no colour"
        case .eight: "8 colours"
        case .sixteen: "16 colours"
        case .many: "256 colours"
        }
    }

    /// The last row: what keys do, or the line that is being typed. Returns the cursor.
    mutating func foot(_ view: View, row: Int) -> [Int]? {
        if let typing = view.state.typing {
            let room = grid.columns - 2
            var shown = typing[...]
            while CellText.width(shown) > room { shown = shown.dropFirst() }
            let taken = write(String(shown), row, 0, .strong)
            return [row, min(taken, grid.columns - 1)]
        }
        if let message = view.state.message {
            write(" " + message, row, 0, .strong)
            return nil
        }
        let hints = hints(view)
        func width(_ hint: (key: String, word: String, line: String)) -> Int {
            hint.key.count + 1 + hint.word.count
        }
        // How to leave is told in every width.
        let last = hints.last.map { width($0) + 2 } ?? 0
        var (column, isFull) = (1, false)
        for (index, hint) in hints.enumerated() {
            let isLast = index == hints.count - 1
            isFull = isFull || column + width(hint) + (isLast ? 0 : last) > grid.columns - 1
            guard isLast || !isFull else { continue }
            write(hint.key, row, column, .key)
            write(hint.word, row, column + hint.key.count + 1, .label)
            if !hint.line.isEmpty {
                let area = Area(row: row, column: column, rows: 1, columns: width(hint))
                spots.append(Spot(area: area, line: hint.line))
            }
            column += width(hint) + 2
        }
        return nil
    }

    /// What the bottom row tells of keys, with the lines that do the same. After an error the
    /// first question is what it means.
    private func hints(_ view: View) -> [(key: String, word: String, line: String)] {
        let explains = "Explain the error"
        if view.state.pane.isFocused {
            let news = view.state.failed == nil ? [] : [("Esc x", explains)]
            return (news + Self.paneHints).map { (key: $0.0, word: $0.1, line: "") }
        }
        var hints = Action.bottom.compactMap { entry in
            Action.all.first { $0.id == entry.id }
                .map { (key: entry.key, word: entry.word, line: String($0.name)) }
        }
        if view.state.failed != nil, let place = hints.firstIndex(where: { $0.line == ":explain" })
        {
            var hint = hints.remove(at: place)
            hint.word = explains
            hints.insert(hint, at: 1)
        }
        return hints
    }

    /// What keys do while the prompt has them.
    private static let paneHints = [
        ("Esc", "Panels"), ("PgUp", "Scroll"), ("Ctrl-O", "Zoom"), ("Alt-Up", "Taller"),
        ("Alt-1..9", "Screen"), ("Tab", "Complete"), ("F1", "Help"), ("F12", "Leave"),
    ]

    // MARK: Panels

    mutating func panels(_ view: View, _ area: Area) -> [PanelPlacement] {
        var area = area
        // One panel at a time leaves a row for what is most worth knowing.
        let isSingle = area.columns < 80 || area.rows < 12
        if isSingle, area.rows > 8 {
            line(view, area.row + area.rows - 1)
            area.rows -= 1
            if view.state.screen.hasLesson(view.state), area.rows > 9 {
                lessonRow(view, area.row + area.rows - 1)
                area.rows -= 1
            }
        }
        let panels = view.state.screen.panels(view.state)
        let places = PanelLayout.places(view.state, area)
        // All graphs have the seconds of a cell that the widest of them needs for the window.
        let widest = places.map(\.area.inside.columns).max() ?? 1
        let axis = TimeAxis(
            now: view.instant, window: view.state.window, cells: widest - Canvas.scaleWidth,
            isPaused: view.state.pausedAt != nil)
        let focus = min(view.state.focus, panels.count - 1)
        var isFirst = true
        for place in places {
            let id = panels[place.index]
            self.place = place.index
            defer { self.place = nil }
            let number = view.state.screen == .boards ? place.index : 0
            let model = id == .board ? view.board(number) : view.panel(id)
            var shown = model
            if isSingle, isFirst, panels.count > 1 {
                shown.remark = "\(place.index + 1) of \(panels.count): Tab"
            }
            isFirst = false
            panel(
                shown, place.area, view, axis,
                isFocused: place.index == focus && !view.state.pane.isFocused)
            if place.hidden > 0 {
                let text = " +\(place.hidden) panel\(place.hidden == 1 ? "" : "s"): Tab "
                write(text, place.area.row + place.area.rows - 1, place.area.column + 2, .label)
            }
        }
        return places
    }

    /// The lesson where there is a row for it.
    private mutating func lessonRow(_ view: View, _ row: Int) {
        guard let lesson = view.state.lesson else { return }
        let what = lesson.command.isEmpty ? lesson.heading : "TRY \(lesson.command)"
        let text = " LESSON \(lesson.step)/\(lesson.steps)  \(view.shown(Array(what.utf8)))"
        write(text, row, 0, .strong, room: grid.columns - 12)
        writeRight("Tab: text", row, grid.columns - 10, .label, room: 9)
    }

    // MARK: Little room

    /// What is most worth knowing, in a row.
    mutating func line(_ view: View, _ row: Int) {
        guard let snapshot = view.snapshot else {
            write("waiting for the first figures", row, 0)
            return
        }
        if let problem = snapshot.problem {
            write("no answer: \(problem)", row, 0, .critical)
            return
        }
        var facts: [Fact] = []
        let share = snapshot[.memoryShare]
        let used = view.fact(.usedMemory, "mem")
        facts.append(
            share.map {
                Fact(
                    id: "memory_share", label: "mem", value: $0,
                    text: Amount.decimals($0, 0) + "%", role: $0 > 90 ? .warning : .strong)
            } ?? used)
        let hit = snapshot[.hitRate]
        facts.append(
            Fact(
                id: "hit_rate", label: "hit", value: hit,
                text: hit.map { Amount.decimals($0, 0) + "%" } ?? Amount.unknown, role: .strong))
        facts.append(view.fact(.operations, "", role: .strong))
        facts.append(view.fact(.evicted, "ev"))
        let alerts = snapshot.alerts.count
        if alerts > 0 {
            facts.append(Fact(id: "alerts", label: "", text: "!\(alerts)", role: .warning))
        }
        if view.state.pausedAt != nil {
            facts.insert(Fact(id: "paused", label: "", text: "PAUSED", role: .banner), at: 0)
        }
        self.facts(facts, Area(row: row, column: 0, rows: 1, columns: grid.columns))
    }

    mutating func oneLine(_ view: View) { line(view, 0) }

    /// Labels and values, a row each.
    mutating func list(_ view: View) {
        write("larder \(view.source.name)", 0, 0, .strong, room: grid.columns)
        if view.state.pausedAt != nil {
            let text = " PAUSED "
            writeRight(text, 0, grid.columns - text.count, .banner, room: text.count)
        }
        let ids: [FigureID] = [
            .usedMemory, .memoryShare, .hitRate, .operations, .latency99, .evicted, .expired,
            .keys, .clients, .published, .replicas, .uptime,
        ]
        let names: [FigureID: String] = [.usedMemory: "memory", .hitRate: "hit rate"]
        var row = 1
        for id in ids where row < grid.rows - 1 {
            let fact = view.fact(id, names[id])
            write(fact.label, row, 1, .label, room: 14)
            write(fact.text, row, 16, .text, room: grid.columns - 16)
            row += 1
        }
        let alerts = view.snapshot?.alerts ?? []
        if let worst = alerts.first {
            write("!\(alerts.count) \(worst.text)", grid.rows - 1, 1, .warning)
        } else {
            write("q quit  Space pause", grid.rows - 1, 1, .label)
        }
    }

    // MARK: Over the panels

    mutating func overlay(_ overlay: Overlay, _ area: Area, _ view: View) {
        let panel: PanelModel =
            switch overlay {
            case .help: HelpPanel.model(view)
            case .explain(let id): Cards.model(id, view)
            case .error(let reply): Cards.model(reply, view)
            case .log: view.sentPanel
            case .alerts: view.panel(.alerts)
            }
        let width = min(area.columns, overlay == .help || overlay == .log ? 120 : 92)
        let room = width - 4
        let lines = panel.blocks.reduce(0) { sum, block in
            switch block {
            case .prose(let text, _): sum + Canvas.wrapped(text, room).count
            case .entry(_, let text, _):
                sum + Canvas.wrapped(text, room - Canvas.labelWidth).count
            case .table(let table): sum + max(table.rows.count + 1, 1)
            default: sum + 1
            }
        }
        let height = min(area.rows, max(lines + 2, 4))
        let place = Area(
            row: area.row, column: area.column + (area.columns - width) / 2, rows: height,
            columns: width)
        let axis = TimeAxis(now: view.instant, window: 60, cells: 60, isPaused: false)
        self.panel(panel, place, view, axis, isFocused: true)
    }
}

extension View {
    /// What the dashboard has sent, and what it costs.
    var sentPanel: PanelModel {
        let rows = sent.reversed().map { entry in
            [
                TableCell(Amount.clock(wall: entry.wall), Double(entry.wall)),
                TableCell(Amount.grouped(Double(entry.count)), Double(entry.count)),
                TableCell(entry.text, role: entry.isPersons ? .strong : .text),
                TableCell(entry.purpose, role: entry.isPersons ? .strong : .label),
            ]
        }
        let table = TableModel(
            id: "sent",
            columns: [
                TableColumn("last", "time", 8, left: true, priority: 5),
                TableColumn("times", "count", 7, priority: 6),
                TableColumn("command", "command", 14, left: true, grows: true, priority: 9),
                TableColumn("why", "purpose", 16, left: true, grows: true, priority: 4),
            ], rows: Array(rows), empty: "nothing has been sent yet")
        return PanelModel(
            .lesson, "What this dashboard sends",
            [
                .table(table),
                .facts([fact(.roundTrip)]),
                .prose(
                    """
                    Esc goes back. What the dashboard sends of its own accord does not depend on \
                    how many keys there are.
                    """, .label),
            ], figures: [.roundTrip])
    }
}
