import Grammar
import Wire

/// The commands about the connection itself.
enum Connection {
    static var commands: [Command<Store>] { [ping] }

    static let ping = Command<Store>(
        "PING", .connection, [.fast, .noAuth], since: "1.0.0",
        summary: "Answers PONG, or the given message: shows that the connection works.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.string("message").optional],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["PING", "PING hello"], run: runPing)

    static func runPing(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 2 else { throw .wrongArity("ping") }
        if call.count == 2 { reply.bulk(call[1]) } else { reply.simple("PONG") }
    }
}
