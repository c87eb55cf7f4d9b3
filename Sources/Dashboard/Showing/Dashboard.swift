public import Client
public import Terminal

// The dashboard without a terminal: samples and keys go in, views come out. Whatever a key does,
// a line does as well, so that scripts and tests drive it by text.

/// What is known, and what the person has chosen to see of it.
public struct Dashboard: Sendable {
    /// What is known.
    public private(set) var history = History()
    /// What was found out besides samples.
    public internal(set) var found = Found()
    /// Whether the walk over the keys may go on.
    var gate = WalkGate()
    /// What is seen.
    public internal(set) var state = ViewState()
    /// Who is watched.
    public internal(set) var source: Source
    /// Set when the person wants to leave.
    public private(set) var isLeaving = false
    /// What the terminal has to do, since the dashboard has none.
    public internal(set) var requests: [Request] = []

    /// What the dashboard asks of whoever has the terminal.
    public enum Request: Equatable, Sendable {
        /// Draw everything anew.
        case redraw
        /// Stop the process.
        case suspend
        /// Write a picture of the screen.
        case snapshot(String)
        /// Write the figures of this instant, or those of so many seconds before it.
        case export(String, ReportForm, seconds: Int? = nil)
        /// Send a command that the person has asked for.
        case send([[UInt8]])
        /// Hand an order on to whoever plays the lesson.
        case lesson(LessonOrder)
        /// Give a key to the prompt.
        case key(Key)
    }

    /// A dashboard that knows nothing yet.
    public init(_ source: Source) { self.source = source }

    /// Ends.
    mutating func leave() { isLeaving = true }

    /// Takes a sample.
    public mutating func take(_ sample: Sample) {
        if sample.isBeginning {
            history = History()
            state.pausedAt = nil
        }
        history.limits = state.limits
        history.take(sample)
        guard let newest = history.newest else { return }
        state.knowsHotKeys = newest.hotKeys != nil
        suggest(newest)
        gate.take(newest[.latency99], at: newest.instant, isWalking: wantsWalk)
    }

    /// What a sampler should read besides.
    public var demand: Demand {
        var demand = Demand()
        let panels = state.screen.panels(state)
        demand.clients = panels.contains(.clients)
        demand.channels = state.screen == .pubsub
        // The movement of members is known only if they are read before they are looked at.
        demand.boards = state.boards
        demand.members = state.followedMembers
        demand.isAtRest = state.pausedAt != nil
        return demand
    }

    /// What is to be shown, so many milliseconds after the newest sample was taken.
    public func view(sent: [LoggedCommand] = [], dropped: Int = 0, age: Int64 = 0) -> View {
        View(
            history, state, source, found: found, isHeld: gate.isHeld, sent: sent,
            dropped: dropped, age: age)
    }

    // MARK: Keys

    /// Takes a key.
    public mutating func press(_ key: Key) {
        state.message = nil
        if state.typing != nil { return type(key) }
        if state.pane.isFocused, pressInPane(key) { return }
        if pressInLesson(key) { return }
        if pressInHelp(key) { return }
        // The key that has led here leads back.
        if source.isLesson, key == .character("d"), state.overlay == nil { return leave() }
        guard let action = Action.find(key) else { return }
        switch action.id {
        case .screen:
            switch key {
            case .character(let digit), .meta(let digit): perform("screen \(digit)")
            default: break
            }
        case .filter: state.typing = "/"
        case .exclude: state.typing = "!"
        case .line where !state.pane.exists: state.typing = ":"
        case .pin: state.typing = ":pin "
        case .listen: state.typing = ":listen " + listenable
        case .publish: state.typing = ":publish " + publishable
        case .snapshot: state.typing = ":snapshot larder.svg"
        case .export: state.typing = ":export larder.json"
        default: perform(action.twin.prefix { $0 != "[" })
        }
    }

    private mutating func type(_ key: Key) {
        guard var text = state.typing else { return }
        switch key {
        case .escape, .control(3): return state.typing = nil
        case .control(13), .control(10):
            state.typing = nil
            return submit(text)
        case .control(127), .control(8):
            text.unicodeScalars.removeLast()
            return state.typing = text.isEmpty ? nil : text
        case .control(21): text = String(text.prefix(1))
        case .character(let scalar): text.unicodeScalars.append(scalar)
        case .paste(let pasted):
            // Of several lines only the first: the others were not meant to be run.
            text += pasted.split(separator: "\n").first ?? ""
        default: return
        }
        state.typing = text
        if text.first == "/" || text.first == "!" { filter(text) }
    }

    private mutating func submit(_ text: String) {
        switch text.first {
        case "/", "!": filter(text)
        default: perform(text.dropFirst())
        }
    }

    private mutating func filter(_ text: String) {
        state.filter = String(text.dropFirst())
        state.isInverse = text.first == "!"
        state.scroll = 0
        if state.helpRow != nil { state.helpRow = 0 }
    }

    /// Takes what was done with the mouse in a frame.
    public mutating func press(_ mouse: Key.Mouse, in frame: Frame) {
        state.message = nil
        if pressPane(mouse, in: frame) { return }
        switch mouse.action {
        case .wheelUp: perform("up")
        case .wheelDown: perform("down")
        case .press(0):
            if let tab = frame.tabs.first(where: {
                $0.area.contains(row: mouse.row, column: mouse.column)
            }) {
                return perform("screen \(tab.screen.rawValue)")
            }
            if let spot = frame.spots.first(where: {
                $0.area.contains(row: mouse.row, column: mouse.column)
            }) {
                if let panel = spot.panel, panel != state.focus {
                    state.focus = panel
                    state.scroll = 0
                }
                return perform(spot.line)
            }
            guard
                let place = frame.places.first(where: {
                    $0.area.contains(row: mouse.row, column: mouse.column)
                })
            else { return }
            if state.focus != place.index { state.scroll = 0 }
            state.focus = place.index
        case .press, .release: break
        }
    }

    // MARK: Lines

    /// Does what a line says, with or without its colon.
    public mutating func perform(_ line: some StringProtocol) {
        let words = String(line).split(separator: " ").map { String($0) }
        guard let first = words.first else { return }
        let name = first.hasPrefix(":") ? String(first.dropFirst()) : first
        if name == "publish", words.count > 1 { return publish(line) }
        guard let action = Action.all.first(where: { $0.name.dropFirst() == name }) else {
            state.message = "no line is called \(name); F1 lists them"
            return
        }
        perform(action.id, Array(words.dropFirst()))
    }

    private mutating func perform(_ id: Action.ID, _ words: [String]) {
        let number = words.first.flatMap { Int($0) }
        switch id {
        case .screen, .next, .previous, .expand, .escape, .down, .up, .pageDown, .pageUp:
            move(id, number)
        case .pause, .back, .forward, .backFar, .forwardFar, .first, .last:
            travel(id, number)
        case .widen, .narrow, .window: zoom(id, words.first)
        case .help: toggleHelp()
        case .alerts: state.overlay = state.overlay == .alerts ? nil : .alerts
        case .sent: state.overlay = state.overlay == .log ? nil : .log
        case .explain: explain(words.first)
        case .filter, .exclude:
            filter((id == .filter ? "/" : "!") + words.joined(separator: " "))
        case .sort: sort(words.first)
        case .reverse: reverse()
        case .mark: history.mark(words.isEmpty ? "mark" : words.joined(separator: " "))
        case .acknowledge: history.acknowledge()
        case .graph, .theme: decorate(id, words.first)
        case .mouse:
            state.usesMouse.toggle()
            state.message = "mouse \(state.usesMouse ? "on" : "off")"
        case .redraw: requests.append(.redraw)
        case .stop: requests.append(.suspend)
        case .pin, .unpin: pin(id, words)
        case .lesson, .lessonBack, .lessonNext: lesson(words)
        case .big: state.showsBig.toggle()
        case .follow: follow(words)
        case .database: choose(database: number)
        case .rescan: beginWalk()
        case .listen: listen(words)
        case .unlisten: state.pattern = nil
        case .publish: state.message = "a channel and a text are missing"
        case .snapshot: request(words) { .snapshot($0) }
        case .export: export(words)
        case .line, .zoom, .taller, .shorter: arrange(id, number)
        case .quit:
            if state.overlay != nil { state.overlay = nil } else { isLeaving = true }
        }
        if case .help = state.overlay { return }
        if id == .help || id == .alerts || id == .sent { state.scroll = 0 }
    }

    /// `FORM LENGTH FILE`, or a file whose name tells the form; without a length this instant.
    private mutating func export(_ words: [String]) {
        var words = words[...]
        let named = words.count > 1 ? ReportForm(rawValue: words[words.startIndex]) : nil
        if named != nil { words.removeFirst() }
        var seconds: Int?
        if words.count > 1, let length = words.first, length.last?.isLetter == true {
            seconds = Amount.seconds(length)
            if seconds != nil { words.removeFirst() }
        }
        guard seconds.map({ 1...86_400 ~= $0 }) ?? true else {
            state.message = "a length of time is from 1s to 24h"
            return
        }
        let told = ReportForm.allCases.first { words.last?.hasSuffix("." + $0.rawValue) == true }
        let form = named ?? told ?? (seconds == nil ? .plain : .csv)
        guard seconds == nil || form != .plain else {
            state.message = "a length of time is written as csv or json"
            return
        }
        request(Array(words)) { .export($0, form, seconds: seconds) }
    }

    private mutating func request(_ words: [String], _ make: (String) -> Request) {
        guard !words.isEmpty else {
            state.message = "the name of the file is missing"
            return
        }
        requests.append(make(words.joined(separator: " ")))
    }

    private mutating func move(_ id: Action.ID, _ number: Int?) {
        let count = state.screen.panels(state).count
        switch id {
        case .screen:
            guard let screen = number.flatMap({ ScreenID(rawValue: $0) }) else {
                state.message = "screens have the numbers 1 to 9"
                return
            }
            state.screen = screen
            state.focus = 0
            state.isExpanded = false
            state.overlay = nil
            state.filter = ""
        case .next: state.focus = (state.focus + 1) % count
        case .previous: state.focus = (state.focus + count - 1) % count
        case .expand:
            if !unfold() { state.isExpanded.toggle() }
        case .escape:
            if state.overlay == .help {
                toggleHelp()
            } else if state.overlay != nil {
                state.overlay = nil
            } else if state.isExpanded {
                state.isExpanded = false
            } else {
                state.filter = ""
            }
        case .down: step(1)
        case .up: step(-1)
        case .pageDown: step(10)
        case .pageUp: step(-10)
        default: break
        }
        if [.screen, .next, .previous, .expand, .escape].contains(id) { state.scroll = 0 }
    }

    private mutating func zoom(_ id: Action.ID, _ length: String?) {
        let windows = ViewState.windows
        switch id {
        case .widen: state.window = windows.first { $0 > state.window } ?? windows.last!
        case .narrow: state.window = windows.last { $0 < state.window } ?? windows[0]
        default:
            guard let seconds = length.map(Amount.seconds) ?? 60 else {
                state.message = "a window is so many seconds, or 5m, or 4h, up to 24h"
                return
            }
            state.window = min(max(seconds, 10), 86_400)
        }
    }

    private mutating func decorate(_ id: Action.ID, _ word: String?) {
        if id == .graph {
            let kinds = Glyphs.Graph.allCases
            let next = (kinds.firstIndex(of: state.graph)! + 1) % kinds.count
            state.graph = word.flatMap { Glyphs.Graph(rawValue: $0) } ?? kinds[next]
            state.message = "graphs of \(state.graph.rawValue)"
        } else {
            let next = (Theme.all.firstIndex(of: state.theme)! + 1) % Theme.all.count
            state.theme = word.flatMap { Theme.named($0) } ?? Theme.all[next]
            state.message = "\(state.theme.name): \(state.theme.purpose)"
        }
    }

    private mutating func pin(_ id: Action.ID, _ words: [String]) {
        // What stood there of its own accord makes room for what is wanted.
        if !state.hasPinned { state.boards = [] }
        state.hasPinned = true
        // The only kind of value that can be watched need not be said.
        let names = words.count > 1 && words[0] == "zset" ? words.dropFirst() : words[...]
        let key = Array(names.joined(separator: " ").utf8)
        if id == .pin {
            guard !key.isEmpty else {
                state.message = "the name of a sorted set is missing"
                return
            }
            state.boards.removeAll { $0 == key }
            state.boards.insert(key, at: 0)
            if state.boards.count > 4 { state.boards.removeLast() }
            state.screen = .boards
            state.focus = 0
        } else if key.isEmpty {
            if state.focus < state.boards.count { state.boards.remove(at: state.focus) }
        } else {
            state.boards.removeAll { $0 == key }
        }
        state.focus = 0
    }

    private mutating func explain(_ name: String?) {
        if let name {
            if let id = FigureID(rawValue: name.lowercased()) {
                state.overlay = .explain(id)
            } else if let card = ErrorCards.card(code: name.uppercased()) {
                state.overlay = .error(ErrorReply(text: card.code))
            } else {
                state.message = "no figure and no error is called \(name)"
            }
            return
        }
        // What has just gone wrong is the first question.
        if let failed = state.failed {
            state.failed = nil
            state.overlay = .error(failed)
            return
        }
        let figures = focusedModel.figures
        guard !figures.isEmpty else {
            state.message = "this panel has no figures; Tab goes to the next"
            return
        }
        // Again: the next figure of the panel.
        if case .explain(let id) = state.overlay, let place = figures.firstIndex(of: id) {
            state.overlay = .explain(figures[(place + 1) % figures.count])
        } else {
            state.overlay = .explain(figures[0])
        }
    }

    /// The focused panel's table, and the column that it is sorted by.
    private mutating func sortedTable() -> (table: TableModel, column: Int)? {
        for case .table(let table) in focusedModel.blocks {
            if let column = table.sorted { return (table, column) }
        }
        state.message = "this panel has no table to sort; Tab goes to the next"
        return nil
    }

    private mutating func reverse() {
        guard let (table, _) = sortedTable() else { return }
        state.sorts[table.id, default: TableSort()].isReversed.toggle()
    }

    private mutating func sort(_ name: String?) {
        guard let (table, now) = sortedTable() else { return }
        if let name {
            guard table.columns.contains(where: { $0.id == name }) else {
                let names = table.columns.map(\.id).joined(separator: ", ")
                state.message = "columns are \(names)"
                return
            }
            state.sorts[table.id, default: TableSort()].column = name
        } else {
            state.sorts[table.id, default: TableSort()].column =
                table.columns[(now + 1) % table.columns.count].id
        }
    }

    // MARK: Time

    private mutating func travel(_ id: Action.ID, _ number: Int?) {
        guard let newest = history.newest else { return }
        let first = history.snapshots.first?.instant ?? newest.instant
        if id == .pause {
            state.pausedAt = state.pausedAt == nil ? newest.instant : nil
            state.pausedFrom = newest.instant
            return
        }
        if state.pausedAt == nil { state.pausedFrom = newest.instant }
        let now = state.pausedAt ?? newest.instant
        let step = Int64(number ?? ([.backFar, .forwardFar].contains(id) ? 10 : 1)) * 1000
        let wanted: Int64 =
            switch id {
            case .back, .backFar: now - step
            case .forward, .forwardFar: now + step
            case .first: first
            default: newest.instant
            }
        state.pausedAt = min(max(wanted, first), newest.instant)
    }
}
