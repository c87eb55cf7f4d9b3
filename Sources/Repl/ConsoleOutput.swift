import Client
import Terminal

/// Where the console writes: replies to standard output, Larder's own complaints to standard
/// error. A reader that has gone ends the program as it ends any other.
final class ConsoleOutput {
    /// True when a terminal shows the replies.
    let isTerminal = Descriptor.output.isTerminal
    /// True when remarks are coloured.
    let isColored: Bool

    init(color: TerminalEnvironment.ColorChoice) {
        isColored = TerminalEnvironment.isColored(color)
    }

    /// Writes a reply or an answer.
    func write(_ bytes: [UInt8]) {
        if !bytes.isEmpty, !Descriptor.output.write(bytes) { ProcessEnd.byBrokenPipe() }
    }

    /// Writes text.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a remark of the program itself.
    func remark(_ text: String, on descriptor: Descriptor) {
        let line = Text(text, .faint).rendered(colored: isColored && descriptor.isTerminal)
        descriptor.write(line + "\n")
    }
}
