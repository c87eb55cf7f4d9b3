import Bytes
import Client
import Grammar
import Server
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
    /// What a Tab may touch.
    var budget = KeyNames.Budget.embedded

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
        assistance.findKeys = { [unowned self] prefix, group in keys(prefix, group) }
    }

    /// Begins another line.
    func begin() {
        menu = nil
        counted = nil
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
            counted = (words, count)
            return count
        }
    }

    /// The types of values that the commands of a group are for.
    private static let types: [CommandGroup: String] = [
        .hash: "hash", .list: "list", .set: "set", .sortedSet: "zset", .stream: "stream",
    ]

    private func keys(_ prefix: ByteString, _ group: CommandGroup?) -> [ByteString] {
        let type = group.flatMap { Self.types[$0] }
        let filter = type.map { [Array("TYPE".utf8), Array($0.utf8)] } ?? []
        return assistance.keys.names(beginning: prefix, budget: budget) { words in
            guard let parts = ask(words + filter)?.elements, parts.count == 2,
                let cursor = parts[0].bytes,
                let names = parts[1].elements
            else { return nil }
            return KeyNames.ScanPart(cursor: cursor, names: names.compactMap(\.bytes))
        }
    }

    // MARK: Keys

    /// Tab: inserts what all possible words have in common, and opens the menu when that is
    /// nothing more than what stands there.
    func complete(in editor: LineEditor) {
        let before = editor.state.scalars[..<editor.cursor]
        guard let completion = assistance.complete(before) else { return }
        if completion.words.count == 1 {
            return editor.replace(completion.range, with: completion.words[0] + " ")
        }
        let common = CompletionMenu.commonPrefix(completion.words)
        if common.unicodeScalars.count > completion.range.count {
            editor.replace(completion.range, with: common)
        } else {
            menu = CompletionMenu(range: completion.range, words: completion.words)
        }
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

/// Questions that the prompt itself has for whatever answers commands. A server that does not
/// answer in time is left alone for ten seconds.
final class Questions {
    private let console: Console
    private var companion: Endpoint?
    private var learnedFrom: Endpoint?
    private var silentUntil: UInt64 = 0
    private static let patience = 20

    init(_ console: Console) { self.console = console }

    /// Asks. Nil where there is no connection, no answer in time, or an error.
    func ask(_ words: [[UInt8]]) -> RESPValue? { ask(words, patience: Self.patience) }

    private func ask(_ words: [[UInt8]], patience: Int) -> RESPValue? {
        let now = SystemClock.monotonicNanoseconds()
        guard console.endpoint.isConnected, now >= silentUntil else { return nil }
        let endpoint: Endpoint
        if let companion, companion.isCompanion(of: console.endpoint) {
            endpoint = companion
        } else {
            companion?.disconnect()
            endpoint = console.endpoint.companion(patience: patience)
            companion = endpoint
        }
        endpoint.patience = patience
        guard case .reply(let reply) = endpoint.call(words) else {
            silentUntil = SystemClock.monotonicNanoseconds() + 10_000_000_000
            return nil
        }
        return reply.errorText == nil ? reply : nil
    }

    /// Learns once from each server that lines go to what commands it has.
    func learn(_ assistant: TypingAssistant) {
        let endpoint = console.endpoint
        guard learnedFrom !== endpoint else { return }
        if learnedFrom != nil { assistant.assistance.keys.forget() }
        if endpoint.target == .embedded {
            learnedFrom = endpoint
            assistant.budget = .embedded
            return assistant.assistance.useEmbedded()
        }
        guard endpoint.isConnected else { return }
        learnedFrom = endpoint
        silentUntil = 0
        assistant.budget = .remote
        assistant.assistance.useEmbedded()
        guard
            let docs = ask([Array("COMMAND".utf8), Array("DOCS".utf8)], patience: 200),
            let info = ask([Array("COMMAND".utf8), Array("INFO".utf8)], patience: 200)
        else { return }
        assistant.assistance.use(docs: docs, info: info)
    }
}
