import Bytes
public import Client
import Grammar
public import Server
public import Terminal
import Wire

/// `:dashboard`: the full screen, in this process, on what commands go to. The program brings the
/// dashboard along, since the prompt and the dashboard do not know each other.
enum FullScreenCommand {
    static var commands: [Command<Console>] { [dashboard] }

    static let dashboard = Command<Console>(
        ":DASHBOARD", .connection, [], since: "1.0.0",
        summary: """
            Shows the server live on the whole screen, with this prompt in it; q or F12 comes \
            back. What follows is done at the start, such as screen 4.
            """, complexity: "", arguments: [.string("action").optional.repeated],
        examples: [":dashboard", ":dashboard screen 4"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard console.isInteractive, console.output.isTerminal, console.output.diversion == nil,
            let show = console.showDashboard
        else {
            throw CommandError("a dashboard needs a terminal; larder dashboard --once does not")
        }
        let line = Console.words(call, from: 1).map { String(decoding: $0, as: UTF8.self) }
        if let complaint = show(line.joined(separator: " ")) { throw CommandError(complaint) }
    }
}

/// A dashboard that the prompt asks for.
public struct DashboardRequest: Sendable {
    /// What is watched.
    public let target: Target
    /// The engine of this process, when that is watched.
    public let node: HostedNode?
    /// Makes an endpoint to it, on the thread that will use it.
    public let connect: @Sendable () -> Endpoint
    /// The terminal, which the dashboard has until it ends.
    public let guardian: TerminalGuard
    /// What is done at the start; empty does nothing.
    public let line: String
    /// True when nothing may be changed.
    public let isReadOnly: Bool
    /// The prompt, to be shown as a part of the dashboard.
    public let pane: Pane
}

/// What the prompt knows of the dashboard.
public struct DashboardLink: Sendable {
    /// A line that the dashboard does.
    public struct Line: Sendable {
        /// Its first word, with the colon.
        public let name: String
        /// The words that may follow, in brackets where they need not.
        public let arguments: [String]
        /// What it does.
        public let help: String

        /// A line.
        public init(name: String, arguments: [String], help: String) {
            (self.name, self.arguments, self.help) = (name, arguments, help)
        }
    }

    /// Shows a dashboard until it ends, on the thread that calls this.
    public let show: @Sendable (DashboardRequest) -> Pane.End
    /// The lines that it does.
    public let lines: [Line]
    /// Of lines that the prompt does as well, those that the dashboard is to do.
    public let claims: @Sendable ([String]) -> Bool

    /// A dashboard.
    public init(
        lines: [Line], claims: @escaping @Sendable ([String]) -> Bool,
        show: @escaping @Sendable (DashboardRequest) -> Pane.End
    ) {
        (self.lines, self.claims, self.show) = (lines, claims, show)
    }

    /// The line that the dashboard is to do, if these words are one.
    func line(_ words: ArgumentList) -> String? {
        let texts = (0..<words.count).map { String(decoding: words[$0], as: UTF8.self) }
        let name = texts[0].lowercased()
        guard lines.contains(where: { $0.name == name }),
            Console.ownCommands.find(words[0].rawSpan) == nil || claims(texts)
        else { return nil }
        return ([name] + texts.dropFirst()).joined(separator: " ")
    }

    /// The lines as declarations, for completion.
    var specs: [CommandSpec] {
        var seen = Set(Console.ownCommands.catalog.commands.map(\.name))
        return lines.filter { seen.insert($0.name.uppercased()).inserted }.map { line in
            Command<Console>(
                line.name.uppercased(), .connection, [], since: "",
                summary: "In the dashboard: \(line.help).", complexity: "",
                arguments: line.arguments.map { word in
                    let name = word.lowercased().filter { $0 != "[" && $0 != "]" }
                    let argument = Argument.string(name)
                    return word.hasPrefix("[") ? argument.optional : argument
                }
            ) { _, _, _ throws(CommandError) in }.spec
        }
    }
}
