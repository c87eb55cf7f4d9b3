import Bytes
import Client
import Terminal
import Wire

// What the person has chosen, kept for the next time: `$XDG_CONFIG_HOME/larder/dashboard`, a line
// for each thing. The file is written when something was changed in the dashboard itself, whole or
// not at all; what flags said is not kept. Lines that mean nothing here, comments among them,
// stay as they are: they may be a later version's, or a slip that is still to be mended.

/// The settings file of the dashboard.
public struct DashboardSettings: Sendable {
    /// Where it is; nil without a home.
    public let path: String?
    /// What it holds.
    let text: String
    /// What was wrong with it, with the place.
    public private(set) var problems: [String] = []
    private var chosen = ViewState()

    /// The settings in a text.
    init(text: String, path: String? = nil) {
        self.text = text
        self.path = path
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard let problem = Self.perform(line, on: &chosen) else { continue }
            problems.append("\(path ?? "settings"):\(number + 1): \(problem), which is ignored")
        }
    }

    /// The settings of this person.
    public static func load() -> DashboardSettings {
        guard let path = ConfigurationFile.path("dashboard") else {
            return DashboardSettings(text: "")
        }
        switch ConfigurationFile.read(path) {
        case .text(let text): return DashboardSettings(text: text, path: path)
        case .none: return DashboardSettings(text: "", path: path)
        case .unreadable:
            // What cannot be read must not be written over either.
            var settings = DashboardSettings(text: "")
            settings.problems = ["\(path) cannot be read, and is ignored"]
            return settings
        }
    }

    /// Chooses what the file says.
    func apply(to state: inout ViewState) {
        state.theme = chosen.theme
        state.graph = chosen.graph
        state.usesMouse = chosen.usesMouse
        state.window = chosen.window
        state.pane.height = chosen.pane.height
        state.boards = chosen.boards
        state.hasPinned = !chosen.boards.isEmpty
        state.sorts = chosen.sorts
        state.limits = chosen.limits
        state.ringsBell = chosen.ringsBell
    }

    /// All settings as they are now, in the form of the file.
    public var dump: String {
        "# \(path ?? "no home, no file")\n" + Self.lines(chosen).map { $0.line + "\n" }.joined()
    }

    /// The file after a session; nil when nothing in it has changed.
    func changed(from before: ViewState, to after: ViewState) -> String? {
        let (old, new) = (Self.lines(before), Self.lines(after))
        let names = Set((old + new).map(\.name)).filter { name in
            old.filter { $0.name == name }.map(\.line) != new.filter { $0.name == name }.map(\.line)
        }
        if names.isEmpty { return nil }
        var kept = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if kept.last == "" { kept.removeLast() }
        if kept.isEmpty { kept = ["# Written by larder dashboard. Lines of yours are kept."] }
        kept.removeAll { line in
            var copy = ViewState()
            // A line that is wrong has changed nothing and is nobody's to remove.
            return Self.words(line).first.map(names.contains) == true
                && Self.perform(line[...], on: &copy) == nil
        }
        kept += new.filter { names.contains($0.name) }.map(\.line)
        return kept.joined(separator: "\n") + "\n"
    }

    /// Writes the file if something has changed; what is wrong otherwise.
    func save(from before: ViewState, to after: ViewState) -> String? {
        guard let path, let text = changed(from: before, to: after) else { return nil }
        return ConfigurationFile.replace(path, with: text)
            ? nil : "\(path) cannot be written: what was chosen is not kept"
    }

    // MARK: Lines

    private static func lines(_ state: ViewState) -> [(name: String, line: String)] {
        var lines: [(name: String, line: String)] = []
        func add(_ name: String, _ value: String) { lines.append((name, "\(name) \(value)")) }
        add("theme", state.theme.name)
        add("graph", state.graph.rawValue)
        add("mouse", state.usesMouse ? "on" : "off")
        add("window", "\(state.window)s")
        add("bell", state.ringsBell ? "on" : "off")
        for (name, value) in AlertSettings.lines(state.limits) { add("alert", "\(name) \(value)") }
        if let height = state.pane.height { add("prompt-rows", "\(height)") }
        // What stands there of its own accord was not chosen.
        for board in state.hasPinned ? state.boards.reversed() : [] {
            add("board", String(decoding: Quoting.quoted(board.rawSpan), as: UTF8.self))
        }
        for (table, sort) in state.sorts.sorted(by: { $0.key < $1.key }) {
            add("sort", "\(table) \(sort.column ?? "-")\(sort.isReversed ? " reversed" : "")")
        }
        return lines
    }

    private static func words(_ line: some StringProtocol) -> [String] {
        line.split(whereSeparator: \.isWhitespace).map { String($0) }
    }

    /// Does what a line says; what is wrong with it.
    private static func perform(_ line: Substring, on state: inout ViewState) -> String? {
        let words = words(line)
        guard let name = words.first, !name.hasPrefix("#") else { return nil }
        guard words.count > 1 else {
            return [
                "theme", "graph", "mouse", "window", "prompt-rows", "board", "sort", "bell",
                "alert",
            ].contains(name) ? "\(name) lacks its value" : nil
        }
        let value = words[1]
        switch name {
        case "theme":
            guard let theme = Theme.named(value) else { return "no theme is called \(value)" }
            state.theme = theme
        case "graph":
            guard let graph = Glyphs.Graph(rawValue: value) else {
                return "no graphs are called \(value)"
            }
            state.graph = graph
        case "mouse":
            guard ["on", "off"].contains(value) else { return "mouse is on or off" }
            state.usesMouse = value == "on"
        case "bell":
            guard ["on", "off"].contains(value) else { return "bell is on or off" }
            state.ringsBell = value == "on"
        case "alert": return AlertSettings.perform(words.dropFirst(), on: &state.limits)
        case "window":
            guard let seconds = Amount.seconds(value), 10...86_400 ~= seconds else {
                return "window is from 10s to 24h"
            }
            state.window = seconds
        case "prompt-rows":
            guard let rows = Int(value), 1...200 ~= rows else { return "prompt-rows is a number" }
            state.pane.height = rows
        case "board":
            var list = ArgumentList()
            let bytes = Array(line.utf8)
            guard (try? InlineSplitter.split(bytes.rawSpan, into: &list)) != nil, list.count == 2
            else { return "board is one key, in quotes if need be" }
            state.boards.removeAll { $0 == list[1] }
            state.boards.insert(list[1], at: 0)
            state.hasPinned = true
            if state.boards.count > 4 { state.boards.removeLast() }
        case "sort":
            guard words.count > 2 else { return "sort is a table and a column" }
            state.sorts[value] = TableSort(
                column: words[2] == "-" ? nil : words[2], isReversed: words.last == "reversed")
        default: break
        }
        return nil
    }
}
