import Terminal

/// A delegate that remembers what it was asked to paint and answers from its properties.
final class Recorder: LineEditorDelegate {
    var painted: [EditorState] = []
    var suggestions: [String: String] = [:]
    var completeness: (String) -> Bool = { _ in true }
    var onTab: (LineEditor) -> Void = { _ in }
    var onKey: (Key, LineEditor) -> KeyDecision = { _, _ in .pass }
    var readied: [Descriptor] = []
    var outside: (String) -> String? = { _ in nil }
    var suspensions = 0
    var clearings = 0

    func paint(_ state: EditorState) { painted.append(state) }
    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision { onKey(key, editor) }
    func complete(in editor: LineEditor) { onTab(editor) }
    func suggestion(for text: String) -> String? { suggestions[text] }
    func isComplete(_ text: String) -> Bool { completeness(text) }
    func ready(_ descriptor: Descriptor, in editor: LineEditor) { readied.append(descriptor) }
    func suspend() { suspensions += 1 }
    func clearScreen() { clearings += 1 }
    func editOutside(_ text: String) -> String? { outside(text) }

    /// The texts painted while editing, with `|` where the cursor stood.
    var views: [String] {
        painted.filter { $0.phase == .editing }.map { state in
            var scalars = String.UnicodeScalarView()
            scalars.append(contentsOf: state.scalars[..<state.cursor])
            scalars.append("|")
            scalars.append(contentsOf: state.scalars[state.cursor...])
            return String(scalars)
        }
    }
}

/// One line typed at a fresh editor, and all that came of it.
func edit(
    _ keys: String, history: [String] = [], mode: EditingMode = .emacs, from text: String = "",
    _ prepare: (Recorder) -> Void = { _ in }
) throws -> (outcome: LineOutcome, recorder: Recorder) {
    let memory = LineHistory()
    for line in history { memory.add(line) }
    let editor = try LineEditor(input: ScriptedInput(keys), history: memory, mode: mode)
    let recorder = Recorder()
    prepare(recorder)
    return (editor.readLine(for: recorder, startingWith: text), recorder)
}

/// The submitted text of a line that was typed and ended with Enter.
func submitted(
    _ keys: String, history: [String] = [], mode: EditingMode = .emacs,
    _ prepare: (Recorder) -> Void = { _ in }
) throws -> String {
    let outcome = try edit(keys + "\r", history: history, mode: mode, prepare).outcome
    if case .submit(let text) = outcome { return text }
    return "not submitted: \(outcome)"
}
