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
            Shows the server live on the whole screen; q comes back. What follows is done at the \
            start, such as screen 4.
            """, complexity: "", arguments: [.string("action").optional.repeated],
        examples: [":dashboard", ":dashboard screen 4"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard console.isInteractive, console.output.isTerminal, let guardian = console.guardian,
            let show = console.options.showDashboard
        else {
            throw CommandError("a dashboard needs a terminal; larder dashboard --once does not")
        }
        let connect: @Sendable () -> Endpoint
        var hosted: HostedNode?
        switch console.endpoint.target {
        case .embedded:
            guard let node = try? console.engine.node() else {
                throw CommandError("the embedded engine cannot be started")
            }
            connect = { Endpoint(.embedded, embedded: { node }) }
            hosted = node
        case .remote:
            let blueprint = console.endpoint.blueprint
            connect = { blueprint.endpoint(patience: 2000) }
        }
        let line = Console.words(call, from: 1).map { String(decoding: $0, as: UTF8.self) }
        let request = DashboardRequest(
            target: console.endpoint.target, node: hosted, connect: connect,
            guardian: guardian, line: line.joined(separator: " "))
        if let complaint = show(request) { throw CommandError(complaint) }
    }
}

/// A dashboard that the prompt asks for.
public struct DashboardRequest {
    /// What is watched.
    public let target: Target
    /// The engine of this process, when that is watched.
    public let node: HostedNode?
    /// Makes an endpoint to it, on the thread that will use it.
    public let connect: @Sendable () -> Endpoint
    /// The terminal.
    public let guardian: TerminalGuard
    /// What is done at the start; empty does nothing.
    public let line: String
}
