import Bytes
import Client
import Grammar
import Wire

/// `:demo`: a small shop in the embedded engine, so that there is something to look at.
enum Demo {
    static var commands: [Command<Console>] { [demo] }

    static let demo = Command<Console>(
        ":DEMO", .connection, [], since: "1.0.0",
        summary: """
            Opens a small shop in the embedded engine: sessions, products, a board, chat and a \
            rate limiter under a gentle load. Its keys begin with shop: and :demo stop removes them.
            """, complexity: "", arguments: [.token("STOP").optional],
        examples: [":demo", ":demo stop"], run: run)

    /// The same products and visitors each time.
    private static let seed: UInt64 = 20_26

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 1 {
            guard call.count == 2, call[1].matches("STOP") else {
                throw CommandError(":demo opens the shop, :demo stop closes it")
            }
            return try stop(console, &reply)
        }
        guard console.allowsChanges(":demo") else { return }
        try start(console)
        reply.buffer.append(utf8: console.demo.map { "The shop is open. \($0.greeting)\n" } ?? "")
        reply.buffer.append(
            utf8: "Look at it: ZRANGE shop:board:today 0 4 REV WITHSCORES, PSUBSCRIBE shop:*\n")
    }

    /// Opens the shop.
    static func start(_ console: Console) throws(CommandError) {
        guard console.endpoint.target == .embedded else {
            throw CommandError("the shop opens in the embedded engine only; :target embedded")
        }
        if let running = console.demo {
            guard running.failure != nil else {
                throw CommandError("the shop is open already; :demo stop closes it")
            }
            running.stop()
        }
        do {
            console.demo = DemoRunner(in: try console.engine.node(), seed: seed)
        } catch {
            throw CommandError("the embedded engine cannot be started")
        }
    }

    private static func stop(
        _ console: Console, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let running = console.demo else { throw CommandError("the shop is not open") }
        running.stop()
        console.demo = nil
        guard let node = try? console.engine.node() else { return }
        let removed = running.tidy(node)
        reply.buffer.append(utf8: "The shop is closed; \(removed) keys removed.\n")
    }
}
