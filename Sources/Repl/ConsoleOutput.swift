import Client
import Terminal

/// Where the console writes: replies to standard output, Larder's own complaints to standard
/// error. A reader that has gone ends the program as it ends any other.
final class ConsoleOutput {
    /// True when a terminal shows the replies.
    let isTerminal = Descriptor.output.isTerminal
    /// True when remarks are coloured.
    let isColored: Bool

    /// Where everything is shown while the prompt is a part of another screen.
    var pane: Pane?

    /// The room that replies are shown in.
    var size: TerminalSize { pane?.size ?? Descriptor.output.terminalSize ?? .classic }

    init(color: TerminalEnvironment.ColorChoice) {
        isColored = TerminalEnvironment.isColored(color)
    }

    /// What replies go to while a line says so; nil is standard output.
    private(set) var diversion: Diversion?

    /// True when what replies are diverted to takes no more.
    private(set) var isClosed = false

    /// A place that a line sends its replies to.
    enum Diversion {
        /// A shell command.
        case shell(ShellChild)
        /// A file.
        case file(Descriptor)
    }

    /// Sends what `body` writes elsewhere.
    func divert(to place: Diversion, _ body: () -> Void) {
        diversion = place
        isClosed = false
        defer { isClosed = false }
        body()
        diversion = nil
    }

    /// Writes a reply or an answer.
    func write(_ bytes: [UInt8]) {
        switch diversion {
        case nil: show(bytes)
        case .shell(let child): if !child.write(bytes) { isClosed = true }
        case .file(let file): if !file.write(bytes) { isClosed = true }
        }
    }

    /// Writes to standard output whatever the line says.
    func show(_ bytes: [UInt8]) {
        if bytes.isEmpty { return }
        if let pane { return pane.write(bytes) }
        if !Descriptor.output.write(bytes) { ProcessEnd.byBrokenPipe() }
    }

    /// Shows text to the person whatever the line says: questions and complaints.
    func show(_ text: String) { show(Array(text.utf8)) }

    /// Writes text.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a remark of the program itself.
    func remark(_ text: String, on descriptor: Descriptor) {
        let line = Text(text, .faint).rendered(colored: isColored && descriptor.isTerminal)
        if let pane { return pane.write(Array((line + "\n").utf8)) }
        descriptor.write(line + "\n")
    }
}
