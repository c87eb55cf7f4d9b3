import Bytes
import Client
import Grammar
import Server
import Terminal
import Wire

// A person at a terminal. Between lines the terminal is raw and the editor has it; while a command
// runs it is as it was found, so that Ctrl-C is a signal, which ends the waiting and never the
// session. A terminal that cannot move its cursor gets plain lines with the same commands.
//
// What a line shows beyond its text, and what Tab does, is the TypingAssistant's affair.

/// An interactive session, from the banner to the last line.
final class InteractiveSession {
    let console: Console
    let options: ReplOptions
    let guardian: TerminalGuard?
    private let history: LineHistory
    private let socket = PrivateSocket()
    private var painter: PlainLinePainter
    private var rows: RowPainter
    let assistant: TypingAssistant
    private let questions: Questions
    let sent = SentCommands()
    var input: (any WatchingInput)?
    var editor: LineEditor?
    /// A line that was set aside, to go on with.
    var kept = (text: "", cursor: 0)
    /// The pane that shows this prompt in the dashboard, from the first time on.
    var pane: Pane?
    /// True while the dashboard shows the prompt.
    var isInPane = false
    /// When Ctrl-C was last pressed on an empty line, in monotonic nanoseconds.
    private var emptyCancel: UInt64 = 0
    private var hasWarnedOfTransaction = false
    /// So many messages at once are shown one by one.
    private static let burst = 20

    init(_ options: ReplOptions) {
        self.options = options
        guardian = TerminalGuard()
        guardian?.noteInterrupts(true)
        console = Console(options, guardian: guardian, isInteractive: true)
        history = LineHistory(path: Self.historyPath, isSecret: Secrets.isSecret)
        console.history = history
        rows = RowPainter(isColored: console.output.isColored)
        painter = PlainLinePainter(rows, prompt: "")
        SessionConfiguration.load(into: console)
        assistant = TypingAssistant(
            own: Console.ownCommands.catalog.commands + Console.plainWords
                + (options.dashboard?.specs ?? []), history: history,
            isSecret: Secrets.isSecret,
            painter: LinePainter(isColored: console.output.isColored, columns: 80))
        questions = Questions(console) { [sent] in sent.note(question: $0, isOwn: $1) }
        console.onSend = { [sent] in sent.note($0, isOwn: $1) }
        assistant.ask = { [questions] words in questions.ask(words) }
        assistant.isWaiting = { [questions] in questions.isWaiting }
        console.engine.onStart = { [socket] node in socket.open(for: node) }
    }

    /// Runs the session to its end.
    func run() -> ExitStatus {
        defer {
            console.endRecording()
            console.demo?.stop()
            socket.close()
            guardian?.leave()
        }
        start()
        if console.isLeaving { return console.status }
        guard TerminalEnvironment.canEdit(), let guardian, let editor = makeEditor(guardian) else {
            return runPlain()
        }
        begin(with: editor)
        while !console.isLeaving {
            guardian.enterRaw()
            let outcome = readLine(editor)
            guardian.enterRunning()
            take(outcome)
        }
        return .success
    }

    /// Runs the session in the pane of a dashboard alone.
    func runInDashboard() -> Pane.End {
        defer {
            console.endRecording()
            guardian?.leave()
        }
        guard TerminalEnvironment.canEdit(), let guardian, let editor = makeEditor(guardian) else {
            return .impossible("no terminal, or TERM cannot place its cursor")
        }
        begin(with: editor)
        return openDashboard("")
    }

    private func begin(with editor: LineEditor) {
        self.editor = editor
        // What ~/.editrc says holds unless the configuration has said otherwise.
        console.editing = console.editing ?? editor.mode
        guard options.dashboard != nil else { return }
        console.showDashboard = { [unowned self] line in showDashboard(line) }
        console.inquire = { [unowned self] question in inquire(question) }
    }

    /// Reads one line, in the terminal or in the pane.
    func readLine(_ editor: LineEditor) -> LineOutcome {
        // Messages that came along with the last reply announce themselves no more.
        console.showMessages(limit: Self.burst)
        editor.mode = console.editing ?? .emacs
        painter.prompt = console.prompt
        assistant.scansKeys = console.scansKeys
        questions.begin()
        assistant.begin()
        defer { kept = ("", 0) }
        return editor.readLine(for: self, startingWith: kept.text, cursor: kept.cursor)
    }

    /// Connects and greets.
    private func start() {
        let isEmbedded = console.endpoint.target == .embedded
        do throws(Endpoint.Failure) {
            try console.endpoint.open()
        } catch {
            switch error {
            case .cannotConnect(let reason), .refused(let reason), .lost(let reason),
                .protocolError(let reason):
                console.complain(reason + "\n", at: nil)
            }
        }
        console.output.write(
            Banner.text(
                version: options.programVersion, target: console.endpoint.target,
                isConnected: console.endpoint.isConnected))
        if isEmbedded, let path = socket.path {
            console.remark("Other programs can look in:  redis-cli -s \(path)")
        }
        if let path = options.recordsTo {
            if let complaint = console.beginRecording(path) {
                console.complain(complaint + "\n", at: nil)
                _ = console.noteUsage()
                console.isLeaving = true
                return
            }
            console.remark("What you type is taken down for \(path); quit or Ctrl-D writes it.")
        }
        if options.opensDemo { console.perform(Array(":demo".utf8), from: .prompt) }
        if history.entries.isEmpty, let offer = HistoryCommand.offer { console.remark(offer) }
    }

    private func makeEditor(_ guardian: TerminalGuard) -> LineEditor? {
        let input = TerminalInput(guardian: guardian)
        self.input = input
        return try? LineEditor(input: input, history: history, readsEditrc: true)
    }

    func take(_ outcome: LineOutcome) {
        switch outcome {
        case .submit(let text):
            history.add(text)
            perform(text)
        case .cancel(let text):
            guard text.isEmpty else { return }
            let now = SystemClock.monotonicNanoseconds()
            if emptyCancel != 0, now - emptyCancel < 2_000_000_000 {
                console.remark("Ctrl-D or quit leaves.")
                emptyCancel = 0
            } else {
                emptyCancel = now
            }
        case .setAside(let text, let cursor):
            kept = (text, cursor)
            // In the pane this is the end of the dashboard; at the prompt it asks for it.
            if !isInPane, let complaint = showDashboard("") { console.remark(complaint) }
        case .endOfFile where isInPane: pane?.ask(.unfocus)
        case .endOfFile:
            if let queued = console.endpoint.state.queued, !hasWarnedOfTransaction {
                hasWarnedOfTransaction = true
                console.remark(
                    "A transaction is open (\(queued) queued). Ctrl-D again leaves and drops it.")
                return
            }
            console.isLeaving = true
        case .hangUp: console.isLeaving = true
        }
    }

    private func perform(_ text: String) {
        hasWarnedOfTransaction = false
        let pieces = CommandSplitter.split(Array(text.utf8))
        guard !isInPane || approve(pieces.map(\.bytes)) else { return }
        guard console.approve(lines: pieces.map(\.bytes)) else { return }
        let approved = console.endpoint.target
        for piece in pieces where !console.isLeaving {
            console.forgetStatus()
            console.perform(piece.bytes, from: .prompt, approved: approved)
            noteOutcome(String(decoding: piece.bytes, as: UTF8.self))
            if console.status == .interrupted || console.status == .noConnection { return }
        }
    }

    /// Remembers the keys that a line has named, and helps with a command that there is not.
    private func noteOutcome(_ text: String) {
        let isLong = text.utf8.count > TypingAssistant.reach
        if !isLong, !Secrets.isSecret(text) { assistant.assistance.noteKeys(of: text) }
        guard !isLong, console.status == .errorReply else { return }
        let near = assistant.assistance.read(Array(text.unicodeScalars) + [" "]).nearest
        if !near.isEmpty { console.remark("Did you mean \(near.joined(separator: ", "))?") }
    }

    /// The same without an editor.
    private func runPlain() -> ExitStatus {
        guardian?.enterRunning()
        let reader = PlainLineReader(guardian: guardian)
        while !console.isLeaving {
            console.showMessages(limit: Self.burst)
            console.output.write(console.prompt.plain)
            switch reader.next() {
            case .line(let line):
                var text = String(decoding: line, as: UTF8.self)
                while !text.isEmpty, !isComplete(text) {
                    console.output.write("...> ")
                    guard case .line(let more) = reader.next() else {
                        console.output.write("\n")
                        text = ""
                        break
                    }
                    text += "\n" + String(decoding: more, as: UTF8.self)
                }
                history.add(text)
                perform(text)
            case .interrupted:
                console.output.write("\n")
                take(.cancel(""))
            case .endOfFile:
                console.output.write("\n")
                take(.endOfFile)
            }
        }
        return .success
    }

    // MARK: Files

    /// Where lines are kept for the next session; nil keeps none.
    private static var historyPath: String? {
        if let path = TerminalEnvironment.variable("LARDER_HISTFILE") { return path }
        if let state = TerminalEnvironment.variable("XDG_STATE_HOME"), state.hasPrefix("/") {
            return state + "/larder/history"
        }
        guard let home = TerminalEnvironment.variable("HOME"), home.hasPrefix("/") else {
            return nil
        }
        return home + "/.local/state/larder/history"
    }
}

extension InteractiveSession: LineEditorDelegate {
    func paint(_ state: EditorState) {
        if !state.scalars.isEmpty { questions.learn(assistant) }
        if state.phase == .setAside, !isInPane { return rows.erase() }
        var state = state
        state.scalars = Secrets.masked(state.scalars)
        defer {
            input?.watched = [console.endpoint.descriptor, questions.descriptor].compactMap { $0 }
        }
        assistant.painter.prompt = painter.prompt
        assistant.painter.columns = console.output.size.columns
        let known = assistant.frame(state)
        guard var frame = known ?? (isInPane ? painter.frame(state) : nil) else {
            return painter.paint(state)
        }
        if assistant.menu == nil, let count = commandCount(state) {
            frame.below = [Text("\(count) commands: Enter runs them in order", .faint)]
        }
        if isInPane { return paintInPane(frame, state) }
        if state.phase == .editing { rows.paint(frame) } else { rows.finish(frame) }
    }

    /// How many commands wait for Enter, if they are several.
    private func commandCount(_ state: EditorState) -> Int? {
        guard state.phase == .editing, state.scalars.contains("\n"), isComplete(state.text) else {
            return nil
        }
        let pieces = CommandSplitter.split(Array(state.text.utf8))
        let count = pieces.count {
            !CommandSplitter.isBlank($0.bytes) && !CommandSplitter.isComment($0.bytes)
        }
        return count > 1 ? count : nil
    }

    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision {
        if key == .special(.function(12), []), !isInPane, console.showDashboard != nil {
            return .finish(.setAside(editor.text, cursor: editor.cursor))
        }
        return assistant.intercept(key, in: editor)
    }

    func complete(in editor: LineEditor) {
        PlantedCrash.happen()
        assistant.complete(in: editor)
    }

    func suggestion(for text: String) -> String? { assistant.suggestion(for: text) }

    /// A line goes on while a quote is open.
    func isComplete(_ text: String) -> Bool {
        for piece in CommandSplitter.split(Array(text.utf8)) {
            if CommandSplitter.isComment(piece.bytes) { continue }
            guard let line = Heredoc.expanded(piece.bytes) else { return false }
            var words = ArgumentList()
            do throws(InlineSplitter.Failure) {
                try InlineSplitter.split(line.rawSpan, into: &words)
            } catch {
                if case .unterminated = error { return false }
            }
        }
        return true
    }

    /// A message has come, or the connection has ended, while a line was being typed.
    func ready(_ descriptor: Descriptor, in editor: LineEditor) {
        if descriptor == questions.descriptor {
            questions.takeAnswers()
            return assistant.answered(in: editor)
        }
        if !isInPane { rows.erase() }
        console.showMessages(limit: Self.burst)
        // What comes faster than that waits, so that keys go on being seen.
        input?.rest(milliseconds: 100)
        painter.prompt = console.prompt
    }

    func suspend() {
        // In the pane that is the screen's affair.
        if isInPane { return }
        rows.erase()
        guardian?.suspend()
        rows.forget()
    }

    func resume() { rows.forget() }

    func clearScreen() {
        if isInPane { return console.output.show(ANSI.clearScreen) }
        rows.clearScreen()
    }

    func editOutside(_ text: String) -> String? {
        if isInPane {
            console.remark("Another program cannot have the screen now; F12 leaves the dashboard.")
            return nil
        }
        rows.erase()
        guardian?.leave()
        defer {
            guardian?.enterRaw()
            // Ctrl-C was for the other program.
            _ = guardian?.takeSignals()
            rows.forget()
        }
        if Secrets.isSecret(text) {
            console.remark("A line with a secret is not written to a file.")
            return nil
        }
        return OutsideEditor.edit(text) { console.remark($0) }
    }
}

/// The first words of a session: what this is, and what to type.
enum Banner {
    static func text(version: String, target: Target, isConnected: Bool) -> String {
        let name = version.isEmpty ? "Larder" : "Larder \(version)"
        switch target {
        case .embedded:
            return """
                \(name), a cache in this process. Try  SET greeting hello
                help lists the commands, :help the rest, Ctrl-D leaves.

                """
        case .remote(let server):
            return """
                \(name)\(isConnected ? ", connected to \(server.name)" : "").
                help lists the commands, :help the rest, Ctrl-D leaves.

                """
        }
    }
}
