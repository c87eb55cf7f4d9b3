import Bytes
import Client
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
    /// Which keys the editor uses; read before each line.
    var editing = EditingMode.emacs

    let output: ConsoleOutput
    let engine: EmbeddedEngine
    let options: ReplOptions
    let guardian: TerminalGuard?
    let isInteractive: Bool

    init(_ options: ReplOptions, guardian: TerminalGuard?, isInteractive: Bool) {
        self.options = options
        self.guardian = guardian
        self.isInteractive = isInteractive
        output = ConsoleOutput(color: options.color)
        engine = EmbeddedEngine()
        printer = ReplyPrinter(options.format ?? (output.isTerminal ? .classic : .raw))
        endpoint = Endpoint(.embedded, embedded: { throw EmbeddedEngine.Unavailable() })
        aim(at: options.target)
    }

    /// Sends commands to another target from now on.
    func aim(at target: Target) {
        let engine = engine
        endpoint = Endpoint(
            target, embedded: { try engine.node() }, interruptions: guardian,
            version: options.version)
        endpoint.onPush = { [unowned self] message in
            output.write(printer.text(push: message))
        }
        endpoint.onNotice = { [unowned self] text in remark(text) }
    }

    // MARK: Lines

    /// Does what a line says. False when the rest of its script is not to be run.
    @discardableResult
    func perform(_ line: [UInt8], from source: Source) -> Bool {
        if CommandSplitter.isBlank(line) || CommandSplitter.isComment(line) { return true }
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
        return performRepeated(words, from: source)
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
        var outcome = endpoint.call(words)
        let continues = show(outcome, to: words)
        if case .reply(let reply) = outcome, reply.errorText == nil, Endpoint.isStream(words),
            endpoint.state.queued == nil
        {
            if isInteractive { remark("Messages are shown as they come; Ctrl-C ends that.") }
            while case .reply = outcome {
                outcome = endpoint.nextMessage()
                _ = show(outcome, to: words, isStream: true)
            }
            return outcome == .interrupted
        }
        let milliseconds = (SystemClock.monotonicNanoseconds() - started) / 1_000_000
        if isInteractive, milliseconds >= 500, case .reply = outcome {
            let hundredths = String(100 + milliseconds % 1000 / 10).dropFirst()
            output.write("(\(milliseconds / 1000).\(hundredths)s)\n")
        }
        return continues
    }

    private func show(
        _ outcome: Endpoint.Outcome, to words: [[UInt8]], isStream: Bool = false
    ) -> Bool {
        switch outcome {
        case .reply(let reply):
            let text =
                reply.isPush
                ? printer.text(push: reply, always: true) : printer.text(reply, to: words)
            output.write(text)
            guard let code = reply.errorCode else { return true }
            let isRefusal = ["NOAUTH", "WRONGPASS", "NOPERM"].contains(code.text)
            return note(isRefusal ? .notAllowed : .errorReply)
        case .silence: return true
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
            complain("connection lost: \(reason); whether the command ran is unknown\n", at: nil)
            _ = note(.noConnection)
            return false
        }
    }

    /// Remembers what went wrong. False when the script is to stop because of it.
    private func note(_ problem: ExitStatus) -> Bool {
        if status == .success { status = problem }
        return isInteractive || !options.stopsAtError
    }

    /// Remembers that something could not be read.
    func noteUsage() -> Bool { note(.usage) }

    /// Forgets what went wrong: at a prompt the next line begins anew.
    func forgetStatus() { status = .success }

    // MARK: Remarks

    /// Tells the person something that is no reply.
    func remark(_ text: String) {
        output.remark(text, on: isInteractive ? .output : .error)
    }

    /// Says what is wrong with a line or a connection.
    func complain(_ text: String, at source: Source?) {
        if isInteractive { return output.write(text) }
        guard case .script(let name, let line) = source else {
            Descriptor.error.write("larder: \(text)")
            return
        }
        Descriptor.error.write("\(name):\(line): \(text)")
    }

    private static func isWord(_ word: [UInt8], _ names: [String]) -> Bool {
        let text = String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
        return names.contains(text)
    }
}
