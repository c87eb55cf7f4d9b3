import Client
import Synchronization
import Terminal

// The account of what goes out from a prompt in a dashboard, so that the dashboard can show every
// command that this process sends. It must not show a secret, and a command with a thousand
// arguments is a row like any other.

/// Where commands of a prompt are noted, from the first dashboard on.
final class SentCommands: Sendable {
    private let pane = Mutex<Pane?>(nil)

    /// Notes them in a pane from now on.
    func begin(_ pane: Pane) { self.pane.withLock { $0 = pane } }

    /// Notes what the person has sent, or the session for itself.
    func note(_ words: [[UInt8]], isOwn: Bool) {
        guard let pane = pane.withLock({ $0 }) else { return }
        pane.note(Self.text(words), isOwn ? .session : .person)
    }

    /// Notes what the prompt has asked.
    func note(question words: [[UInt8]], isOwn: Bool) {
        guard let pane = pane.withLock({ $0 }) else { return }
        let name = words.first.map { CellText.shown($0, ascii: true).uppercased() } ?? ""
        let hasPart = ["COMMAND", "OBJECT", "MEMORY", "CONFIG", "CLIENT"].contains(name)
        pane.note(Self.text(Array(words.prefix(hasPart ? 2 : 1))), isOwn ? .session : .question)
    }

    /// So many words are shown.
    private static let reach = 8

    /// A command as it may be shown.
    static func text(_ words: [[UInt8]]) -> String {
        let shown = words.prefix(reach).map { word in
            CellText.cut(CellText.shown(Array(word.prefix(80)), ascii: true), to: 60, mark: "~")
        }
        if Secrets.isSecret(texts: shown) { return "\(shown[0]) (hidden)" }
        let more = words.count > reach ? " and \(words.count - reach) more words" : ""
        return shown.joined(separator: " ") + more
    }
}
