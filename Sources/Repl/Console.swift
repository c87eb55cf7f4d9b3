import Bytes
import Client
import Engine
import Grammar
import Server
import Terminal
import Wire

// Reads a line, does what it says, prints what came of it: the same for a line typed at the
// prompt, a line of a script and an argument of `-c`. A line that begins with a colon is for the
// console itself (ConsoleCommands.swift), `help` is answered here and needs no server; everything
// else is words for the endpoint.

/// What all lines of one run share.
final class Console {
    /// Where the commands come from.
    enum Source: Equatable {
        /// Typed at the prompt.
        case prompt
        /// A script or an argument: its name, and the number of the line.
        case script(String, line: Int)
    }

    /// Answers commands.
    var endpoint: Endpoint
    /// Writes replies.
    var printer: ReplyPrinter
    /// Set when the session is to end.
    var isLeaving = false
    /// The first thing that went wrong; ``ExitStatus/success`` as long as nothing did.
    private(set) var status = ExitStatus.success
    /// Which keys the editor uses, if anybody has said so; read before each line.
    var editing: EditingMode?
    /// When to ask before a command is sent.
    var caution = Caution()
    /// The lines that `:try` runs: those that help showed last.
    var examples: [String] = []
    /// Where the line that is being done comes from.
    var currentSource = Source.prompt
    /// How many files run each other.
    var sourceDepth = 0
    /// True when a line has failed after which its script is not to go on.
    private var isStopping = false

    /// What stands before the line.
    var promptTemplate = Prompt.usual
    /// Whether completion may ask for names of keys.
    var scansKeys = true
    /// How many messages were shown of those that came together, and how many may be.
    var messages = (shown: 0, limit: Int.max)

    /// How replies are shown, beyond their form.
    var display: DisplaySettings

    /// The small shop of `:demo`, while it is open.
    var demo: DemoRunner?
    /// What takes down commands and replies, while something does.
    var recorder: SessionRecorder?
    /// The messages that came while a command ran, for the recording; nil while none runs.
    var messagesOfCall: [RESPValue]?

    let output: ConsoleOutput
    let engine: EmbeddedEngine
    let options: ReplOptions
    let guardian: TerminalGuard?
    /// Where Ctrl-C is noted while a command runs.
    private(set) var attention: (any SignalSource)?
    let isInteractive: Bool
    /// Told what is sent, while a dashboard keeps account of it.
    var onSend: (@Sendable (_ words: [[UInt8]], _ isOwn: Bool) -> Void)?
    /// Shows the dashboard, which does what a line says; what is wrong otherwise. Nil where there
    /// is none.
    var showDashboard: ((String) -> String?)?
    /// Asks the person something while the prompt is a part of another screen.
    var inquire: (String) -> String = { _ in "" }
    /// What is left of a reply that was too long for the pane, and how many lines that are.
    var folded: (text: ArraySlice<UInt8>, lines: Int) = ([], 0)

    init(_ options: ReplOptions, guardian: TerminalGuard?, isInteractive: Bool) {
        self.options = options
        self.guardian = guardian
        attention = guardian
        self.isInteractive = isInteractive
        output = ConsoleOutput(color: options.color)
        engine = EmbeddedEngine()
        display = DisplaySettings(allowsShell: options.allowsShell)
        printer = ReplyPrinter(
            options.format ?? (output.isTerminal ? .table : .raw),
            isUTF8: DisplaySettings.isUTF8, isColored: isInteractive && output.isColored)
        endpoint = Endpoint(.embedded, embedded: { throw EmbeddedEngine.Unavailable() })
        caution.asks = !options.agrees
        caution.isReadOnly = options.isReadOnly
        aim(at: options.target)
    }

    /// Sends commands to another target from now on.
    func aim(at target: Target) {
        let engine = engine
        // What was said of one server must not hold for another.
        caution.isProduction = nil
        endpoint = Endpoint(
            target, embedded: { try engine.node() }, interruptions: attention,
            version: options.version, insists: options.insistsOnVersion)
        endpoint.unblocks = isInteractive
        endpoint.onPush = { [unowned self] message in
            takeDown(message: message)
            show(message: message)
        }
        endpoint.onSend = { [unowned self] words, isOwn in onSend?(words, isOwn) }
        endpoint.onNotice = { [unowned self] text in remark(text) }
        // A person waits a little for a server that restarts, a script wants to know at once.
        if isInteractive { endpoint.retries = [100, 200, 400, 800, 1600] }
    }

    /// Everything is shown in a pane, which has the keys too; nil goes back to the terminal.
    func move(to pane: Pane?) {
        output.pane = pane
        attention = pane ?? guardian
        endpoint.interruptions = attention
    }

    // MARK: Lines

    /// Does what a line says. False when the rest of its script is not to be run.
    ///
    /// - Parameter approved: the target for which the questions before destructive commands
    ///   have been asked for all lines at once.
    @discardableResult
    func perform(_ text: [UInt8], from source: Source, approved: Target? = nil) -> Bool {
        if CommandSplitter.isBlank(text) || CommandSplitter.isComment(text) { return true }
        currentSource = source
        guard let line = Heredoc.expanded(text) else {
            let end = Heredoc.delimiter(of: text.prefix { $0 != 0x0A }) ?? []
            complain("no row is \(String(decoding: end, as: UTF8.self))\n", at: source)
            return note(.usage)
        }
        // In a script `|` and `>` are words, as they are for redis-cli: what comes through a pipe
        // must not be able to start programs.
        if source == .prompt, let redirection = Redirection(line) {
            return perform(redirection)
        }
        var list = ArgumentList()
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(line.rawSpan, into: &list)
        } catch {
            let complaint = QuotingComplaint(line, error)
            complain(source == .prompt ? complaint.text : complaint.report, at: source)
            return note(.usage)
        }
        let words = (0..<list.count).map { list[$0] }
        guard let first = words.first else { return true }
        if first.first == UInt8(ascii: ":") { return performOwn(list, from: source) }
        if Self.isWord(first, ["quit", "exit"]) {
            isLeaving = true
            return true
        }
        if Self.isWord(first, ["help"]) {
            help(Array(words.dropFirst()))
            return true
        }
        if Self.isWord(first, ["?"]) {
            search(Array(words.dropFirst()))
            return true
        }
        if Self.isWord(first, ["clear"]), words.count == 1, isInteractive {
            output.write(ANSI.clearScreen)
            return true
        }
        guard approved == endpoint.target || approve(lines: [line]) else {
            return isInteractive || !options.stopsAtError
        }
        remarkIfSlow(words)
        return timed { performRepeated(words, from: source) }
    }

    /// `5 INCR c` runs five times.
    private func performRepeated(_ words: [[UInt8]], from source: Source) -> Bool {
        let first = words[0]
        guard words.count > 1, let times = first.rawSpan.canonicalInteger else {
            return run(words)
        }
        guard times > 0 else {
            complain("a command is repeated at least once, not \(times) times\n", at: source)
            return note(.usage)
        }
        for _ in 0..<times {
            let before = status
            guard run(Array(words.dropFirst())) else { return false }
            if status == .interrupted || status == .noConnection && before != status { break }
        }
        return true
    }

    /// Runs a command and prints its reply. False when the script it stands in is to stop.
    @discardableResult
    func run(_ words: [[UInt8]]) -> Bool {
        let started = SystemClock.monotonicNanoseconds()
        let outcome = recorded(words) { endpoint.call(words) }
        let continues = show(outcome, to: words)
        if case .reply(let reply) = outcome, reply.errorText == nil, Endpoint.isStream(words),
            endpoint.state.queued == nil
        {
            guard listensAtPrompt, !endpoint.state.subscriptions.isEmpty else {
                return showStream(words)
            }
        }
        let milliseconds = (SystemClock.monotonicNanoseconds() - started) / 1_000_000
        if isInteractive, !isTiming, milliseconds >= 500, case .reply = outcome {
            let hundredths = String(100 + milliseconds % 1000 / 10).dropFirst()
            output.write("(\(milliseconds / 1000).\(hundredths)s)\n")
        }
        return continues
    }

    /// True when messages come above the line that is being typed, and commands go on: with RESP3
    /// they can be told from replies.
    private var listensAtPrompt: Bool {
        isInteractive && output.diversion == nil && endpoint.state.version == .three
    }

    /// Shows messages until Ctrl-C, or until nobody reads them any more.
    private func showStream(_ words: [[UInt8]]) -> Bool {
        if isInteractive { remark("Messages are shown as they come; Ctrl-C ends that.") }
        while true {
            let subscriptions = endpoint.state.subscriptions
            let outcome = endpoint.nextMessage()
            guard case .reply(let message) = outcome else {
                takeDown(endOf: subscriptions)
                _ = show(outcome, to: words, isStream: true)
                return outcome == .interrupted
            }
            takeDown(message: message)
            _ = show(outcome, to: words, isStream: true)
            if output.isClosed {
                endpoint.leaveStream()
                return true
            }
        }
    }

    func show(
        _ outcome: Endpoint.Outcome, to words: [[UInt8]], isStream: Bool = false
    ) -> Bool {
        switch outcome {
        case .reply(let reply):
            let isMessage = reply.isPush || isStream || Endpoint.isSubscription(words)
            let text =
                isMessage
                ? printer.text(push: reply, always: true) : printer.text(reply, to: words)
            if options.separatesErrors, reply.errorText != nil {
                Descriptor.error.write(text)
            } else {
                present(text, isStream: isStream)
            }
            note(error: reply, of: words, isMessage: isMessage)
            guard let code = reply.errorCode else { return true }
            let isRefusal = ["NOAUTH", "WRONGPASS", "NOPERM"].contains(code.text)
            return note(isRefusal ? .notAllowed : .errorReply)
        case .silence: return true
        case .unblocked(let reply):
            output.write("\n")
            present(printer.text(reply, to: words), isStream: false)
            remark("Interrupted: the wait was ended, the session goes on.")
            return note(.interrupted)
        case .interrupted:
            output.write("\n")
            if !isStream {
                remark("Interrupted: the command was given up, but it may still take effect.")
            }
            return note(.interrupted)
        case .failed(.cannotConnect(let reason)):
            complain(reason + "\n", at: nil)
            _ = note(.noConnection)
            return false
        case .failed(.refused(let reason)):
            complain(reason + "\n", at: nil)
            _ = note(.notAllowed)
            return false
        case .failed(.lost(let reason)), .failed(.protocolError(let reason)):
            complain("connection lost: \(reason); \(Aftermath.text(words))\n", at: nil)
            _ = note(.noConnection)
            return false
        }
    }

    /// Tells the pane how a command has ended, so that the dashboard can explain it.
    private func note(error reply: RESPValue, of words: [[UInt8]], isMessage: Bool) {
        guard let pane = output.pane, !isMessage else { return }
        pane.note(
            error: reply.errorText.map { CellText.shown($0.bytes, ascii: true) },
            of: SentCommands.text(words))
    }

    /// Remembers what went wrong. False when the script is to stop because of it.
    func note(_ problem: ExitStatus) -> Bool {
        if status == .success { status = problem }
        if !isInteractive, options.stopsAtError { isStopping = true }
        return !isStopping
    }

    /// Runs a script from where it stands. False when nothing more is to be run.
    @discardableResult
    func play(_ script: ScriptFile) -> Bool {
        let outer = currentSource
        defer { currentSource = outer }
        var approved: Target?
        if caution.asks, case .remote = endpoint.target, let lines = script.preview() {
            guard approve(lines: lines) else { return false }
            approved = endpoint.target
        }
        while let piece = script.next() {
            let source = Source.script(script.name, line: piece.line)
            guard perform(piece.bytes, from: source, approved: approved), !isLeaving,
                status != .interrupted
            else { return false }
        }
        return true
    }

    /// Says that an assertion does not hold.
    func failAssertion(_ text: String) {
        complain("not as asserted: \(text)\n", at: currentSource)
        _ = note(.errorReply)
    }

    /// True when the script is to go on.
    var goesOn: Bool { !isStopping }

    /// Remembers that something could not be read.
    func noteUsage() -> Bool { note(.usage) }

    /// Where lines that were typed are kept; nil in a script.
    var history: LineHistory?

    /// Forgets what went wrong: at a prompt the next line begins anew.
    func forgetStatus() { status = .success }

    // MARK: Remarks

    /// Tells the person something that is no reply.
    func remark(_ text: String) {
        output.remark(text, on: isInteractive ? .output : .error)
    }

    /// Says what is wrong with a line or a connection.
    func complain(_ text: String, at source: Source?) {
        guard case .script(let name, let line) = source else {
            if isInteractive { return output.show(text) }
            Descriptor.error.write("larder: \(text)")
            return
        }
        let placed = "\(name):\(line): \(text)"
        if isInteractive { return output.write(placed) }
        Descriptor.error.write(placed)
    }

    private static func isWord(_ word: [UInt8], _ names: [String]) -> Bool {
        let text = String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
        return names.contains(text)
    }
}

/// What a person has to know of a command whose reply was lost.
enum Aftermath {
    /// Words behind the reason.
    static func text(_ words: [[UInt8]]) -> String {
        let catalog = CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog
        let spec = catalog.find(words.map { ByteString($0) })
        let name = spec?.typedName ?? "the command"
        guard let spec, spec.flags.contains(.readonly) else {
            return "unknown outcome: \(name) may have run or not, it is not sent again"
        }
        return "\(name) only reads and can be sent again"
    }
}
