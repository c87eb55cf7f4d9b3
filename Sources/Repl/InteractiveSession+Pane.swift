import Client
import Server
import Terminal

// The prompt as a part of the dashboard. Everything stays as it is, on the thread where it is: the
// connection and what it is in, the editor, its history, completion. Only the keys come from the
// dashboard, and what would go to the terminal goes to a pane. The dashboard runs on a thread of
// its own meanwhile and has the terminal; when it ends, the line that was being typed stands at
// the prompt again.

extension InteractiveSession {
    /// Shows the dashboard, which does `line` at the start, until the person leaves it. What is
    /// wrong otherwise.
    func showDashboard(_ line: String) -> String? {
        if isInPane {
            if line.isEmpty { return "this is the dashboard; q or F12 leaves it" }
            pane?.ask(.line(line))
            return nil
        }
        switch openDashboard(line) {
        case .left: return nil
        case .hungUp:
            console.isLeaving = true
            return nil
        case .impossible(let reason): return reason
        }
    }

    func openDashboard(_ line: String) -> Pane.End {
        guard let link = options.dashboard, let guardian, let editor else {
            return .impossible("a dashboard needs a terminal; larder dashboard --once does not")
        }
        let connect: @Sendable () -> Endpoint
        var hosted: HostedNode?
        switch console.endpoint.target {
        case .embedded:
            guard let node = try? console.engine.node() else {
                return .impossible("the embedded engine cannot be started")
            }
            connect = { Endpoint(.embedded, embedded: { node }) }
            hosted = node
        case .remote:
            let blueprint = console.endpoint.blueprint
            connect = { blueprint.endpoint(patience: 2000) }
        }
        let isFirst = pane == nil
        guard let pane = pane ?? Pane() else {
            return .impossible("the system has no descriptors left")
        }
        self.pane = pane
        sent.begin(pane)
        let request = DashboardRequest(
            target: console.endpoint.target, node: hosted, connect: connect, guardian: guardian,
            line: line,
            isReadOnly: console.caution.isReadOnly, pane: pane)
        let (terminal, show) = (input, link.show)
        (terminal as? TerminalInput)?.giveBack()
        let shell = PaneInput(pane)
        (input, editor.input) = (shell, shell)
        isInPane = true
        console.move(to: pane)
        if isFirst {
            console.remark("Commands go here. Esc leads back to the panels, F1 lists the keys.")
        }
        pane.open { show(request) }
        while !console.isLeaving, !pane.hasEnded { take(readLine(editor)) }
        let end = pane.close()
        console.move(to: nil)
        isInPane = false
        input = terminal
        if let terminal { editor.input = terminal }
        return end
    }

    // MARK: Painting

    func paintInPane(_ frame: LineFrame, _ state: EditorState) {
        guard let pane else { return }
        if state.phase == .editing {
            let isModal = assistant.menu != nil || state.search != nil || editor?.mode == .vi
            return pane.show(frame, keepsEscape: isModal)
        }
        // What is set aside or given up before anything was typed leaves no trace.
        if state.phase == .submitted || state.phase == .cancelled && !state.scalars.isEmpty {
            let text = frame.prompt + frame.body
            console.output.show(text.rendered(colored: console.output.isColored, rows: true) + "\n")
        }
        if state.phase == .submitted { pane.show(nil) }
    }

    // MARK: Questions

    /// Asks before several commands of a paste are run: in little room they may not all be seen.
    func approve(_ lines: [[UInt8]]) -> Bool {
        let commands = lines.filter {
            !CommandSplitter.isBlank($0) && !CommandSplitter.isComment($0)
        }
        guard commands.count > 1 else { return true }
        let answer = console.answer(to: "\(commands.count) commands, run them in order? [y/N] ")
        let agrees = ["y", "yes"].contains(answer.lowercased())
        if !agrees { console.remark("not run") }
        return agrees
    }

    /// What the person answers; empty after Ctrl-C and where nobody will answer any more.
    func inquire(_ question: String) -> String {
        guard let pane, let editor, !pane.hasEnded else { return "" }
        let form = QuestionForm(question, pane)
        defer { pane.show(nil) }
        switch editor.readLine(for: form) {
        case .submit(let text): return text
        default: return ""
        }
    }
}

/// One line that answers a question: no history, no completion.
private final class QuestionForm: LineEditorDelegate {
    private let question: String
    private let pane: Pane

    init(_ question: String, _ pane: Pane) {
        self.question = question
        self.pane = pane
    }

    func paint(_ state: EditorState) {
        if state.phase == .editing {
            return pane.show(
                LineFrame(prompt: Text(question), body: Text(state.text), cursor: state.cursor))
        }
        pane.write(Array((question + state.text + "\n").utf8))
    }

    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision {
        switch key {
        case .special(.up, _), .special(.down, _), .ctrl("p"), .ctrl("n"), .ctrl("r"), .tab:
            return .handled
        default: return .pass
        }
    }
}

extension Text {
    /// As ``rendered(colored:)``, but line ends remain.
    func rendered(colored: Bool, rows: Bool) -> String {
        runs.map { run in
            run.string.split(separator: "\n", omittingEmptySubsequences: false)
                .map { Text(String($0), run.style).rendered(colored: colored) }
                .joined(separator: "\n")
        }.joined()
    }
}
