// The line editor. libedit holds the text and knows the editing commands (EditEngine); the keys
// come from a KeyInput through the decoder; what is on the screen is the delegate's affair. None
// of the three needs a terminal, so all of this is tested without one.
//
// libedit pulls: `readLine` calls its loop, its loop asks `nextCharacter`, and there the editor
// paints, waits for a key, and translates it. Keys that libedit has no name for, and those to
// which Larder gives its own meaning, travel through its key map as single private characters
// (see LineEditor+Keys), so that counts, macros and vi operators still see them as commands.
//
// The history, the kill buffer, undo and search are the editor's own: libedit's write into the
// edit buffer what a person should only see, and know neither graphemes nor rows.

/// Which keys do what.
public enum EditingMode: Equatable, Sendable {
    /// Emacs keys, the default everywhere.
    case emacs
    /// The keys of vi.
    case vi
}

/// Edits lines, one call of ``readLine(for:startingWith:)`` each.
public final class LineEditor {
    /// What was typed before; searched and recalled, never added to by the editor.
    public var history: LineHistory
    /// Which keys do what.
    public var mode: EditingMode { didSet { if mode != oldValue { bindKeys() } } }

    /// Where keys come from; changed between two lines only.
    public var input: any KeyInput
    private var engineStorage: EditEngine?
    var decoder: KeyDecoder
    private let readsConfiguration: Bool

    var delegate: (any LineEditorDelegate)?
    var outcome: LineOutcome?
    /// Characters that libedit asks for next, before any key.
    var outgoing: [UInt32] = []
    private var keys: [Key] = []
    private var isDirty = true
    private var initial: (text: String, cursor: Int?) = ("", nil)

    var metaPending = false
    var quotesNext = false
    /// True after Ctrl-X, which begins a pair of keys.
    var pairPending = false
    var lastWord: LastWord?
    var pasted = ""
    var killed: [Unicode.Scalar] = []
    var undo = UndoHistory()
    var recall: Recall?
    var search: SearchProgress?

    /// An editor for the keys of `input`. Throws when the system grants no pseudo-terminal.
    public init(
        input: any KeyInput, history: LineHistory, mode: EditingMode = .emacs,
        escapeMilliseconds: Int = 30, readsEditrc: Bool = false
    ) throws(LineEditorError) {
        self.input = input
        self.history = history
        self.mode = mode
        decoder = KeyDecoder(escapeMilliseconds: escapeMilliseconds)
        readsConfiguration = readsEditrc
        engineStorage = try EditEngine(client: self)
        bindKeys()
        if readsConfiguration {
            engine.readConfiguration()
            // `bind -v` in the file chooses another map, which has none of our keys.
            let wantsVi = engine.isVi
            if wantsVi != (mode == .vi) { self.mode = wantsVi ? .vi : .emacs }
            bindKeys(choosingMap: false)
        }
    }

    var engine: EditEngine { engineStorage! }

    /// Edits one line, which begins as `text` with the cursor at its end or at `cursor`, until the
    /// person ends it.
    public func readLine(
        for delegate: any LineEditorDelegate, startingWith text: String = "",
        cursor: Int? = nil
    ) -> LineOutcome {
        self.delegate = delegate
        defer { self.delegate = nil }
        outcome = nil
        outgoing = []
        metaPending = false
        quotesNext = false
        pairPending = false
        lastWord = nil
        recall = nil
        search = nil
        undo = UndoHistory()
        initial = (text, cursor)
        isDirty = true
        let unbound = engine.run()
        if let unbound, outcome == nil {
            let text = String(unbound)
            outcome = .submit(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        let result = outcome ?? .endOfFile
        paintEnd(result)
        return result
    }

    private func paintEnd(_ outcome: LineOutcome) {
        let (text, phase): (String, EditorState.Phase) =
            switch outcome {
            case .submit(let text): (text, .submitted)
            case .cancel(let text): (text, .cancelled)
            case .endOfFile, .hangUp: ("", .ended)
            case .setAside(let text, _): (text, .setAside)
            }
        let scalars = Array(text.unicodeScalars)
        delegate?.paint(EditorState(scalars: scalars, cursor: scalars.count, phase: phase))
    }

    /// What is being edited now.
    public var state: EditorState {
        if let search { return search.state }
        return EditorState(scalars: engine.text, cursor: engine.cursor)
    }

    /// The text that is being edited.
    public var text: String { String(engine.text) }

    /// How many code points stand before the cursor.
    public var cursor: Int { engine.cursor }

    /// Inserts before the cursor.
    public func insert(_ text: String) { engine.insert(text.unicodeScalars) }

    /// Replaces the code points of `range` and leaves the cursor behind the replacement.
    public func replace(_ range: Range<Int>, with text: String) {
        engine.moveCursor(to: range.upperBound)
        engine.deleteBackward(range.count)
        engine.insert(text.unicodeScalars)
    }

    /// Replaces the whole text; the cursor goes to its end or to `cursor`.
    public func setText(_ text: String, cursor: Int? = nil) {
        replace(0..<engine.count, with: text)
        if let cursor { moveCursor(to: cursor) }
    }

    /// Moves the cursor to an offset in code points, or as near to it as the text reaches.
    public func moveCursor(to offset: Int) {
        engine.moveCursor(to: min(max(offset, 0), engine.count))
    }

    /// Ends the line being edited.
    public func finish(_ outcome: LineOutcome) { self.outcome = outcome }
}

extension LineEditor: EditEngineClient {
    func nextCharacter() -> UInt32? {
        if !initial.text.isEmpty {
            insert(initial.text)
            if let cursor = initial.cursor { moveCursor(to: cursor) }
            initial = ("", nil)
        }
        noteChange()
        isDirty = true
        while outcome == nil {
            if !outgoing.isEmpty { return outgoing.removeFirst() }
            guard let key = nextKey() else { break }
            isDirty = true
            switch delegate?.intercept(key, in: self) ?? .pass {
            case .handled: noteChange()
            case .finish(let outcome): self.outcome = outcome
            case .pass: take(key)
            }
        }
        return nil
    }

    /// Remembers the text before a change for undo, and leaves the history when a recalled entry
    /// was changed.
    func noteChange() {
        let text = engine.text
        undo.note(text, cursor: engine.cursor)
        if let shown = recall?.shown, shown != text { recall = nil }
    }

    /// Paints if anything has happened, then waits for the next key. Nil when the line is over.
    private func nextKey() -> Key? {
        while outcome == nil {
            if isDirty, decoder.isIdle, !input.hasBytes {
                delegate?.paint(state)
                isDirty = false
            }
            switch input.next(milliseconds: decoder.waits) {
            case .byte(let byte):
                if let key = decoder.feed(byte) { return key }
            case .timeout:
                if let key = decoder.timeOut() { return key }
            case .signals(let signals):
                if signals.contains(.interrupted) { return .ctrl("c") }
                if signals.contains(.stopped) { delegate?.suspend() }
                if signals.contains(.continued) { delegate?.resume() }
                isDirty = true
            case .ready(let descriptor):
                delegate?.ready(descriptor, in: self)
                isDirty = true
            case .key(let key): return key
            case .away: outcome = .setAside(text, cursor: cursor)
            case .end: outcome = .hangUp
            }
        }
        return nil
    }
}

/// Texts to go back to. One entry holds a whole word of typing.
struct UndoHistory {
    private var earlier: [(text: [Unicode.Scalar], cursor: Int)] = []
    private var last: (text: [Unicode.Scalar], cursor: Int) = ([], 0)
    private var wasTyping = false

    /// Takes note of the state after a command.
    mutating func note(_ text: [Unicode.Scalar], cursor: Int) {
        defer { last = (text, cursor) }
        guard text != last.text else { return }
        let isTyping =
            text.count == last.text.count + 1 && cursor == last.cursor + 1
            && text[cursor - 1] != " "
        if !(isTyping && wasTyping) {
            earlier.append(last)
            if earlier.count > 200 { earlier.removeFirst() }
        }
        wasTyping = isTyping
    }

    /// The state before the last change, which becomes the present one.
    mutating func step() -> (text: [Unicode.Scalar], cursor: Int)? {
        guard let state = earlier.popLast() else { return nil }
        last = state
        wasTyping = false
        return state
    }
}
