public import Terminal

// Everything that the person can do, once: its keys, the line that does the same when typed, and
// its row of help. The bottom row, the help, the keyboard and the typed lines all read this table.

/// A key that an action has, with its name in help.
public struct ActionKey: Equatable, Sendable {
    /// The key.
    public var key: Key
    /// What it is called.
    public var name: String

    init(_ key: Key, _ name: String) {
        self.key = key
        self.name = name
    }

    static func letter(_ letter: Unicode.Scalar) -> ActionKey {
        ActionKey(.character(letter), String(letter))
    }

    static func special(
        _ key: Key.Special, _ name: String, _ modifiers: Key.Modifiers = []
    ) -> ActionKey { ActionKey(.special(key, modifiers), name) }
}

/// Something that the person can do.
public struct Action: Sendable {
    /// Its name.
    public let id: ID
    /// The keys that do it.
    public let keys: [ActionKey]
    /// The line that does it, with what may follow in brackets.
    public let twin: String
    /// What it does.
    public let help: String

    /// The actions by name.
    public enum ID: String, CaseIterable, Sendable {
        case help, line, pause, back, forward, backFar, forwardFar, first, last
        case widen, narrow, window
        case next, previous, expand, explain, filter, exclude, sort, reverse
        case down, up, pageDown, pageUp, screen
        case mark, alerts, acknowledge, sent, graph, theme, mouse, redraw, pin, unpin, snapshot
        case lesson, lessonBack, lessonNext
        case big, follow, database, rescan, listen, unlisten, publish
        case export, escape, stop, quit, zoom, taller, shorter
    }

    private init(
        _ id: ID, _ keys: [ActionKey], _ twin: String, _ help: String
    ) {
        self.id = id
        self.keys = keys
        self.twin = twin
        self.help = help
    }

    /// The action of a key.
    public static func find(_ key: Key) -> Action? {
        all.first { $0.keys.contains { $0.key == key } }
    }

    /// The first word of the line that does it.
    public var name: Substring { twin.prefix { $0 != " " } }

    /// What the bottom row tells, the most important first; the last one always has its room.
    static let bottom: [(id: ID, key: String, word: String)] = [
        (.help, "F1", "Help"), (.line, ":", "Prompt"), (.pause, "Space", "Pause"),
        (.widen, "+ -", "Window"), (.next, "Tab", "Panel"), (.explain, "x", "Explain"),
        (.expand, "Enter", "Expand"), (.filter, "/", "Filter"), (.sort, "s", "Sort"),
        (.alerts, "a", "Alerts"), (.sent, "c", "Sent"), (.export, "e", "Export"),
        (.theme, "t", "Theme"), (.quit, "q", "Quit"),
    ]

    /// All of them, in the order of help.
    public static let all: [Action] = [
        Action(
            .help, [.special(.function(1), "F1"), .letter("?")], ":help",
            "this list"),
        Action(
            .screen,
            (1...9).map { .letter(Unicode.Scalar(UInt8(48 + $0))) }
                + (1...9).map { ActionKey(.meta(Unicode.Scalar(UInt8(48 + $0))), "Alt-\($0)") },
            ":screen NUMBER", "shows a screen"),
        Action(
            .pause, [.letter(" ").named("Space")], ":pause", "stops or follows time"),
        Action(.back, [.special(.left, "Left")], ":back [SECONDS]", "looks a second further back"),
        Action(.forward, [.special(.right, "Right")], ":forward [SECONDS]", "and forth"),
        Action(
            .backFar, [.special(.left, "Shift-Left", .shift)], ":back 10", "ten seconds back"),
        Action(
            .forwardFar, [.special(.right, "Shift-Right", .shift)], ":forward 10",
            "ten seconds forth"),
        Action(.first, [.special(.home, "Home")], ":first", "the first second that is kept"),
        Action(.last, [.special(.end, "End")], ":last", "the last second, still paused"),
        Action(
            .widen, [.letter("+"), .letter("=")], ":wider", "a longer window, up to a day"),
        Action(.narrow, [.letter("-")], ":narrower", "a shorter window"),
        Action(
            .window, [.letter("0")], ":window [LENGTH]",
            "a window of one minute, or another such as 5m"),
        Action(.next, [ActionKey(.tab, "Tab")], ":next", "the next panel"),
        Action(.previous, [.special(.backTab, "Shift-Tab")], ":previous", "the panel before"),
        Action(
            .expand, [ActionKey(.enter, "Enter")], ":expand", "the panel alone, or all again"),
        Action(
            .explain, [.letter("x")], ":explain [FIGURE]",
            "explains the panel's figures with their values; again: the next one"),
        Action(
            .filter, [.letter("/")], ":filter [TEXT]", "only rows that contain the text"),
        Action(.exclude, [.letter("!")], ":exclude TEXT", "only rows that do not"),
        Action(
            .sort, [.letter("s")], ":sort [COLUMN]", "sorts the table by the next column"),
        Action(.reverse, [.letter("r")], ":reverse", "sorts the other way round"),
        Action(.down, [.special(.down, "Down"), .letter("j")], ":down", "a row further"),
        Action(.up, [.special(.up, "Up"), .letter("k")], ":up", "a row back"),
        Action(.pageDown, [.special(.pageDown, "PgDn")], ":page-down", "ten rows further"),
        Action(.pageUp, [.special(.pageUp, "PgUp")], ":page-up", "ten rows back"),
        Action(.mark, [.letter("m")], ":mark [TEXT]", "a mark below the graphs"),
        Action(.alerts, [.letter("a")], ":alerts", "what is wrong"),
        Action(.acknowledge, [.letter("A")], ":acknowledge", "the alerts have been seen"),
        Action(
            .sent, [.letter("c")], ":sent", "the commands that the dashboard itself has sent"),
        Action(.pin, [.letter("p")], ":pin KEY", "watches a sorted set on screen 5"),
        Action(.unpin, [.letter("P")], ":unpin [KEY]", "and no more"),
        Action(
            .lesson, [.special(.function(2), "F2")], ":lesson [ORDER]",
            "hides the lesson, or puts it to the right or below; or next, back, hint, run"),
        Action(.lessonBack, [.letter("[")], ":lesson back", "the step of the lesson before"),
        Action(.lessonNext, [.letter("]")], ":lesson next", "the next step"),
        Action(.big, [.letter("b")], ":big", "the biggest keys, or those asked for most"),
        Action(
            .follow, [.letter("f")], ":follow [NAME]",
            "follows the chosen key or member, or hears the chosen channel; again: no more"),
        Action(
            .database, [.letter("d")], ":database [NUMBER]", "the keys of the next database"),
        Action(.rescan, [.letter("R")], ":rescan", "walks over the keys anew"),
        Action(.listen, [.letter("l")], ":listen PATTERN", "hears channels, such as news:*"),
        Action(.unlisten, [.letter("L")], ":unlisten", "and no more"),
        Action(
            .publish, [.letter("u")], ":publish CHANNEL TEXT", "says something on a channel"),
        Action(.graph, [.letter("g")], ":graph [KIND]", "graphs of dots, blocks or ASCII"),
        Action(.theme, [.letter("t")], ":theme [NAME]", "the next colours"),
        Action(
            .mouse, [.special(.function(6), "F6")], ":mouse",
            "the mouse off, so that text can be selected, or on"),
        Action(
            .redraw, [.special(.function(5), "F5"), ActionKey(.ctrl("l"), "Ctrl-L")], ":redraw",
            "draws everything anew"),
        Action(
            .snapshot, [.letter("w")], ":snapshot FILE.svg",
            "this screen as a picture, or with FILE.txt as text"),
        Action(
            .export, [.letter("e")], ":export [FORM] [LENGTH] FILE",
            "its figures as JSON, CSV or text; with a length such as 5m their past"),
        Action(
            .line, [.letter(":"), .special(.function(4), "F4")], ":prompt",
            "the prompt, where each row here is a line; Esc leaves it"),
        Action(
            .zoom, [ActionKey(.ctrl("o"), "Ctrl-O")], ":zoom",
            "the prompt alone, or with the panels"),
        Action(.taller, [.special(.up, "Alt-Up", .alt)], ":taller", "a row more for the prompt"),
        Action(
            .shorter, [.special(.down, "Alt-Down", .alt)], ":shorter", "a row less for it"),
        Action(.escape, [ActionKey(.escape, "Esc")], ":close", "back"),
        Action(
            .stop, [ActionKey(.ctrl("z"), "Ctrl-Z")], ":suspend", "stops as any program does"),
        Action(
            .quit,
            [.letter("q"), ActionKey(.ctrl("c"), "Ctrl-C"), .special(.function(12), "F12")],
            ":quit", "leaves, back to the prompt where the dashboard came from there"),
    ]
}

extension ActionKey {
    fileprivate func named(_ name: String) -> ActionKey { ActionKey(key, name) }
}

/// The help, from the table.
enum HelpPanel {
    /// The actions that the filter lets through.
    static func actions(_ state: ViewState) -> [Action] {
        let filter = state.filter.lowercased()
        return Action.all.filter { action in
            let text = "\(keys(action)) \(action.twin) \(action.help)".lowercased()
            return filter.isEmpty || text.contains(filter) != state.isInverse
        }
    }

    private static func keys(_ action: Action) -> String {
        action.id == .screen ? "1..9 Alt-1..9" : action.keys.map(\.name).joined(separator: " ")
    }

    static func model(_ view: View) -> PanelModel {
        let rows = actions(view.state).map { action in
            [
                TableCell(keys(action), role: .key), TableCell(action.help),
                TableCell(action.twin),
            ]
        }
        var table = TableModel(
            id: "help",
            columns: [
                TableColumn("key", "key", 13, left: true, priority: 9),
                TableColumn("what it does", "help", 22, left: true, grows: true, priority: 8),
                TableColumn("as a line", "line", 20, left: true, priority: 5),
            ], rows: rows, empty: "no action has this in its name")
        table.chosen = view.state.helpRow.map { min($0, rows.count - 1) }
        return PanelModel(
            .lesson, "Help",
            [
                .table(table),
                .prose("Up and Down choose, Enter does it, / searches, Esc goes back.", .label),
            ])
    }
}

extension Dashboard {
    /// Opens the help or closes it. What was searched for there hides no rows elsewhere.
    mutating func toggleHelp() {
        state.overlay = state.overlay == .help ? nil : .help
        state.filter = ""
        state.isInverse = false
        state.helpRow = nil
    }

    /// Enter in the help does what is chosen there. False for other keys, and elsewhere.
    mutating func pressInHelp(_ key: Key) -> Bool {
        guard state.overlay == .help, key == .enter else { return false }
        let actions = HelpPanel.actions(state)
        guard let row = state.helpRow, let action = actions[safely: row] else {
            state.message = "choose an action with Up and Down first"
            return true
        }
        toggleHelp()
        if action.id != .help { press(action.keys[0].key) }
        return true
    }
}

extension Array {
    /// An element, if there is one.
    fileprivate subscript(safely index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
