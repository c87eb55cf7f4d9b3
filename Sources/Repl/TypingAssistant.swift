import Bytes
import Client
import Grammar
import Terminal
import Wire

// What happens between the keys: Tab and its menu, the ghost and who takes it, and the questions
// to the server that a line is worth. Questions go over a connection of their own with little
// patience, so that a server that hangs costs a moment once, and never the line.

/// Everything about a line that is being typed but its editing.
final class TypingAssistant {
    let assistance: Assistance
    /// Draws what is known; its prompt is set before each line.
    var painter: LinePainter
    /// The menu, while it is open.
    private(set) var menu: CompletionMenu?
    /// Asks the server without disturbing the session; nil when it cannot be asked now.
    var ask: ([[UInt8]]) -> RESPValue? = { _ in nil }
    /// True when an answer to `ask` is on its way.
    var isWaiting: () -> Bool = { false }
    /// What a Tab may touch.
    var budget = KeyNames.Budget.embedded
    /// False when only names that the session has used are offered.
    var scansKeys = true
    /// The line that a Tab waits in for an answer.
    private var waiting: EditorState?

    private let history: LineHistory
    private let isSecret: (String) -> Bool
    /// Longer texts, such as large pastes, are shown without colours and hints.
    static let reach = 10_000
    /// The newest lines that a ghost is looked for in.
    private static let historyReach = 2000
    private var counted: (words: [ByteString], count: String?)?

    init(
        own: [CommandSpec], history: LineHistory, isSecret: @escaping (String) -> Bool,
        painter: LinePainter
    ) {
        assistance = Assistance(own: own)
        self.history = history
        self.isSecret = isSecret
        self.painter = painter
        assistance.findFiles = {
            FileNames.beginning($0, home: TerminalEnvironment.variable("HOME"))
        }
        assistance.findElements = { [unowned self] place, prefix in elements(place, prefix) }
        assistance.findKeys = { [unowned self] prefix, group in keys(prefix, group) }
    }

    /// Begins another line.
    func begin() {
        menu = nil
        counted = nil
        waiting = nil
    }

    // MARK: Painting

    /// The frame of a state; nil for a search in the history and for very long texts.
    func frame(_ state: EditorState) -> LineFrame? {
        guard state.search == nil, state.scalars.count <= Self.reach else { return nil }
        let reading = assistance.read(state.scalars)
        let spec =
            reading.isUnknown ? nil : assistance.catalog.find(reading.line.words.map(\.value))
        guard state.phase == .editing else {
            var bare = reading
            (bare.hint, bare.nearest) = (nil, [])
            var frame = painter.frame(state, bare, spec: nil)
            if state.phase == .cancelled { frame.body.append("^C") }
            return frame
        }
        return painter.frame(
            state, reading, spec: spec, ghost: suggestion(for: state.text),
            count: spec.flatMap { count(reading, $0) }, menu: menu)
    }

    /// What the newest line that begins with `text` goes on with. Lines with secrets are never
    /// offered.
    func suggestion(for text: String) -> String? {
        guard painter.isColored, menu == nil, text.contains(where: { !$0.isWhitespace }) else {
            return nil
        }
        let typed = text.utf8
        for line in history.entries.suffix(Self.historyReach).reversed()
        where line.utf8.count > typed.count && line.utf8.starts(with: typed) {
            if isSecret(line) { continue }
            return String(decoding: line.utf8.dropFirst(typed.count), as: UTF8.self)
        }
        return nil
    }

    /// What the N of the command's complexity is at present; a server is asked once for each.
    private func count(_ reading: Assistance.Reading, _ spec: CommandSpec) -> String? {
        switch PresentCost(spec, reading) {
        case nil: return nil
        case .known(let count): return count
        case .asked(let words, let unit):
            if let counted, counted.words == words { return counted.count }
            let count = ask(words.map(\.bytes))?.integer.map { "\($0) \(unit)" }
            // What is still to come is asked for again when it is there.
            if count != nil || !isWaiting() { counted = (words, count) }
            return count
        }
    }

    /// The types of values that the commands of a group are for.
    private static let types: [CommandGroup: String] = [
        .hash: "hash", .list: "list", .set: "set", .sortedSet: "zset", .stream: "stream",
    ]

    private func keys(_ prefix: ByteString, _ group: CommandGroup?) -> [ByteString] {
        guard scansKeys else { return assistance.keys.used(beginning: prefix) }
        let type = group.flatMap { Self.types[$0] }
        let filter = type.map { [Array("TYPE".utf8), Array($0.utf8)] } ?? []
        return assistance.keys.names(beginning: prefix, budget: budget) { words in
            scanned(words + filter)
        }
    }

    private func scanned(_ words: [[UInt8]]) -> KeyNames.ScanPart? {
        guard let parts = ask(words)?.elements, parts.count == 2,
            let cursor = parts[0].bytes,
            let names = parts[1].elements
        else { return nil }
        return KeyNames.ScanPart(cursor: cursor, names: names.compactMap(\.bytes))
    }

    /// With more channels than this their names are not asked for: they come all at once.
    private static let mostChannels = 1000

    private func elements(_ place: ElementPlace, _ prefix: ByteString) -> [ByteString] {
        guard scansKeys else { return [] }
        switch place {
        case .element(let command, let key, let hasValues):
            return KeyNames.elements(
                of: key, command: command, hasValues: hasValues, beginning: prefix,
                budget: budget, ask: scanned)
        case .channel:
            let stats = ask([Array("INFO".utf8), Array("stats".utf8)])?.bytes?.text ?? ""
            let row = stats.split(whereSeparator: \.isNewline)
                .first { $0.hasPrefix("pubsub_channels:") }
            guard let count = row.flatMap({ Int($0.dropFirst("pubsub_channels:".count)) }),
                1...Self.mostChannels ~= count
            else { return [] }
            let words = [
                Array("PUBSUB".utf8), Array("CHANNELS".utf8), KeyNames.pattern(prefix.bytes),
            ]
            let names = ask(words)?.elements?.compactMap(\.bytes) ?? []
            return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }
    }

    // MARK: Keys

    /// Tab: inserts what all possible words have in common, and opens the menu when that is
    /// nothing more than what stands there.
    func complete(in editor: LineEditor) {
        let before = editor.state.scalars[..<editor.cursor]
        let completion = assistance.complete(before)
        // Half an answer would insert a name that is not the only one.
        if isWaiting() {
            waiting = editor.state
            return
        }
        guard let completion else { return }
        if completion.words.count == 1 {
            let word = completion.words[0]
            return editor.replace(
                completion.range, with: word.hasSuffix("/") ? word : word + " ")
        }
        let common = CompletionMenu.commonPrefix(completion.words)
        if common.unicodeScalars.count > completion.range.count {
            editor.replace(completion.range, with: common)
        } else {
            menu = CompletionMenu(range: completion.range, words: completion.words)
        }
    }

    /// An answer has come: does what a Tab in this very line has waited for.
    func answered(in editor: LineEditor) {
        guard let waiting else { return }
        self.waiting = nil
        if waiting == editor.state { complete(in: editor) }
    }

    /// A key before the editor sees it: those of the menu, and Alt-Right, which takes one word of
    /// the ghost.
    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision {
        guard menu != nil else { return takeWord(key, editor) }
        switch key {
        case .tab, .special(.down, []), .special(.right, []), .ctrl("n"): menu?.move(1)
        case .special(.backTab, _), .special(.up, []), .special(.left, []), .ctrl("p"):
            menu?.move(-1)
        case .enter, .control(10):
            if let menu { editor.replace(menu.range, with: menu.words[menu.choice] + " ") }
            menu = nil
        case .escape, .ctrl("g"): menu = nil
        default:
            menu = nil
            return .pass
        }
        return .handled
    }

    private func takeWord(_ key: Key, _ editor: LineEditor) -> KeyDecision {
        guard key == .special(.right, .alt) || key == .meta("f") && editor.mode == .emacs,
            editor.state.search == nil, editor.state.isAtEnd,
            let ghost = suggestion(for: editor.text)
        else { return .pass }
        let blanks = ghost.prefix { $0.isWhitespace }
        let word = ghost.dropFirst(blanks.count).prefix { !$0.isWhitespace }
        editor.insert(String(blanks + word))
        return .handled
    }
}

extension Console {
    /// Words without a colon that the console itself answers, declared for completion.
    static let plainWords: [CommandSpec] = [
        word(
            "HELP", "Explains a command, the commands of a @group, or lists all.",
            [.string("command").optional.repeated]),
        word("EXIT", "Leaves.", []), word("CLEAR", "Clears the screen.", []),
    ]

    private static func word(
        _ name: String, _ summary: String, _ arguments: [Argument]
    ) -> CommandSpec {
        Command<Console>(
            name, .connection, [], since: "", summary: summary, complexity: "",
            arguments: arguments
        ) { _, _, _ throws(CommandError) in }.spec
    }
}
