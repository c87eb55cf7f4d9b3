import Bytes
import Client
import Grammar
import Wire

// `:keys 'views:*'` lists keys, `:keys 'views:*' | del` deletes them: SCAN from the client, in
// batches, so that the server is never kept from others for long. Deleting counts first and asks,
// and Ctrl-C leaves a whole number of batches done and says how far it came.

enum BulkKeys {
    static var commands: [Command<Console>] { [keys] }

    static let keys = Command<Console>(
        ":KEYS", .connection, [], since: "1.0.0",
        summary: """
            Lists the keys that match a pattern, or counts or deletes them. Goes through the keys \
            in small steps, as KEYS does not. Deleting counts first and asks.
            """, complexity: "",
        arguments: [
            .pattern("pattern"),
            .block("action", [.token("|"), .oneOf("what", [.token("DEL"), .token("COUNT")])])
                .optional,
        ], examples: [":keys 'views:*'", ":keys 'views:*' | del"], run: run)

    /// Keys a step of SCAN looks at.
    private static let step = "500"

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let pattern = call[1].copied()
        guard call.count > 2 else { return try list(pattern, console) }
        guard call.count == 4, call[2].matches("|"),
            call[3].matches("DEL") || call[3].matches("COUNT")
        else { throw CommandError(":keys PATTERN, :keys PATTERN | del, :keys PATTERN | count") }
        var count = 0
        var some: [String] = []
        try scan(pattern, console) { page throws(CommandError) in
            count += page.count
            if some.count < 3 { some += page.prefix(3 - some.count).map(shown) }
        }
        let examples =
            some.isEmpty ? "" : ": \(some.joined(separator: ", "))\(count > 3 ? ", …" : "")"
        let noun = count == 1 ? "key matches" : "keys match"
        console.output.write("\(count) \(noun)\(examples)\n")
        guard call[3].matches("DEL"), count > 0 else { return }
        guard console.approve(bulkDeletionOf: count) else { return }
        try delete(pattern, console)
    }

    private static func list(_ pattern: [UInt8], _ console: Console) throws(CommandError) {
        try scan(pattern, console) { page throws(CommandError) in
            var text: [UInt8] = []
            for key in page { text += Quoting.quoted(key.rawSpan) + [0x0A] }
            console.output.write(text)
        }
    }

    private static func delete(_ pattern: [UInt8], _ console: Console) throws(CommandError) {
        var deleted = 0
        var command = "UNLINK"
        defer { console.output.write("\(deleted) deleted\n") }
        try scan(pattern, console) { page throws(CommandError) in
            if page.isEmpty { return }
            var reply = try console.ask([Array(command.utf8)] + page)
            if command == "UNLINK", reply.errorText?.text.contains("unknown command") == true {
                command = "DEL"
                reply = try console.ask([Array(command.utf8)] + page)
            }
            if let error = reply.errorText { throw CommandError(error) }
            deleted += reply.number ?? 0
        }
    }

    /// Hands over the keys that match, a step of SCAN at a time. A key may come twice.
    private static func scan(
        _ pattern: [UInt8], _ console: Console,
        _ take: ([[UInt8]]) throws(CommandError) -> Void
    ) throws(CommandError) {
        var cursor = Array("0".utf8)
        repeat {
            let reply = try console.ask([
                Array("SCAN".utf8), cursor, Array("MATCH".utf8), pattern, Array("COUNT".utf8),
                Array(step.utf8),
            ])
            if let error = reply.errorText { throw CommandError(error) }
            guard case .array(let parts) = reply, parts.count == 2,
                let next = parts[0].plainBytes
            else { throw CommandError("the server's SCAN cannot be read") }
            cursor = next
            try take(parts[1].flattened)
        } while cursor != Array("0".utf8)
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
    }
}
