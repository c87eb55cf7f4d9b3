/// What a painter must know about the line being edited.
public struct EditorState: Equatable, Sendable {
    /// Where the line is in its life.
    public enum Phase: Equatable, Sendable {
        /// Keys are still coming.
        case editing
        /// Enter was pressed and the text is complete.
        case submitted
        /// Ctrl-C.
        case cancelled
        /// Ctrl-D on an empty line, or the terminal is gone.
        case ended
        /// The line goes on elsewhere.
        case setAside
    }

    /// The search in the history that is shown instead of the line, while one is going on.
    public struct Search: Equatable, Sendable {
        /// What is looked for.
        public var pattern: String
        /// Where it stands in the text that is shown; nil when nothing is found.
        public var match: Range<Int>?

        /// A search.
        public init(pattern: String, match: Range<Int>?) {
            self.pattern = pattern
            self.match = match
        }
    }

    /// The text as code points; "\n" separates rows.
    public var scalars: [Unicode.Scalar]
    /// How many code points stand before the cursor.
    public var cursor: Int
    /// Where the line is in its life.
    public var phase: Phase
    /// Not nil while the history is searched; then the text is the entry found.
    public var search: Search?

    /// A state.
    public init(
        scalars: [Unicode.Scalar], cursor: Int, phase: Phase = .editing, search: Search? = nil
    ) {
        self.scalars = scalars
        self.cursor = cursor
        self.phase = phase
        self.search = search
    }

    /// The text.
    public var text: String { String(scalars) }
    /// True when the cursor stands behind the last character.
    public var isAtEnd: Bool { cursor == scalars.count }
}

/// How the editing of one line came out.
public enum LineOutcome: Equatable, Sendable {
    /// Enter: the text, which may have several rows and may be empty.
    case submit(String)
    /// Ctrl-C: the text that stood there, perhaps none.
    case cancel(String)
    /// Ctrl-D on an empty line.
    case endOfFile
    /// The terminal is gone: nothing more will ever come.
    case hangUp
    /// The line is to go on elsewhere: its text, and the cursor in code points.
    case setAside(String, cursor: Int)
}

/// What a delegate does with a key before the editor sees it.
public enum KeyDecision: Equatable, Sendable {
    /// The editor takes the key as usual.
    case pass
    /// The key has done its work.
    case handled
    /// The line is over.
    case finish(LineOutcome)
}

/// What the editor asks of the program around it. All calls come on the thread that called
/// `readLine`, and during that call; the editor may be read and changed in each but `paint`.
public protocol LineEditorDelegate: AnyObject {
    /// Shows the state. Called after every key, and a last time when the line is over.
    func paint(_ state: EditorState)
    /// Sees every key first: a menu that is open takes its arrows here.
    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision
    /// Tab.
    func complete(in editor: LineEditor)
    /// What could follow the text, taken over when the person presses Right or End behind it.
    func suggestion(for text: String) -> String?
    /// Whether Enter submits this text; otherwise it begins a new row.
    func isComplete(_ text: String) -> Bool
    /// What a paste inserts.
    func insertion(forPaste text: String) -> String
    /// A watched descriptor can be read. Whatever is printed must first have the line erased by
    /// its painter; the editor paints it again afterwards.
    func ready(_ descriptor: Descriptor, in editor: LineEditor)
    /// Ctrl-Z, or a signal that asks for the same. To return is to go on editing.
    func suspend()
    /// The process goes on after a stop that nobody asked it for: others have used the screen.
    func resume()
    /// Ctrl-L.
    func clearScreen()
    /// Ctrl-X Ctrl-E, or v in the command mode of vi: lets the person edit the text with another
    /// program. What became of it, or nil to keep it.
    func editOutside(_ text: String) -> String?
}

extension LineEditorDelegate {
    /// Lets every key pass.
    public func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision { .pass }
    /// Completes nothing.
    public func complete(in editor: LineEditor) {}
    /// Suggests nothing.
    public func suggestion(for text: String) -> String? { nil }
    /// Every text is complete.
    public func isComplete(_ text: String) -> Bool { true }
    /// The text without one line end behind it.
    public func insertion(forPaste text: String) -> String {
        text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
    /// Does nothing.
    public func ready(_ descriptor: Descriptor, in editor: LineEditor) {}
    /// Does nothing.
    public func suspend() {}
    /// Does nothing.
    public func resume() {}
    /// Does nothing.
    public func clearScreen() {}
    /// Keeps the text.
    public func editOutside(_ text: String) -> String? { nil }
}

extension String {
    /// From code points.
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
