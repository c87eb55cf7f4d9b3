import Bytes
import Grammar
import Wire

// CLIENT PAUSE and UNPAUSE hold commands back, CLIENT UNBLOCK ends the waiting of one connection.

extension Connection {
    static let clientPause = Command<Store>(
        "CLIENT PAUSE", .connection, [.admin, .noscript, .loading, .stale], since: "2.9.50",
        summary: "Lets commands wait for some time: all, or those that may write.",
        complexity: "O(1)",
        history: ["6.2.0": "The mode `WRITE`, and the argument that chooses the mode."],
        categories: [.connection],
        arguments: [
            .integer("timeout"),
            .oneOf("mode", [.token("WRITE"), .token("ALL")]).optional.since("6.2.0"),
        ], examples: ["CLIENT PAUSE 100 WRITE"], run: runClientPause)

    static func runClientPause(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 4 else { throw .unknownSubcommandOrArity(call[1], of: "CLIENT") }
        var holdsAll = true
        if call.count == 4 {
            holdsAll = call[3].matches("ALL")
            guard holdsAll || call[3].matches("WRITE") else { throw .unknownPauseMode }
        }
        let end = try store.deadline(inMilliseconds: call[2]) ?? store.now.monotonic
        store.beginPause(until: end, holdsAll: holdsAll)
        reply.ok()
    }

    static let clientUnpause = Command<Store>(
        "CLIENT UNPAUSE", .connection, [.admin, .noscript, .loading, .stale], since: "6.2.0",
        summary: "Lets the commands run that CLIENT PAUSE holds back.",
        complexity: "O(N), N being the number of connections that wait.",
        categories: [.connection], examples: ["CLIENT UNPAUSE"], run: runClientUnpause)

    static func runClientUnpause(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.endPause()
        reply.ok()
    }

    static let clientUnblock = Command<Store>(
        "CLIENT UNBLOCK", .connection, [.admin, .noscript, .loading, .stale], since: "5.0.0",
        summary: "Ends the waiting of a connection, as if its time were over, or by an error.",
        complexity: "O(log N), N being the number of connections.",
        categories: [.connection],
        arguments: [
            .integer("client-id"),
            .oneOf("timeout_error", [.token("TIMEOUT"), .token("ERROR")]).optional,
        ], examples: ["CLIENT UNBLOCK 12", "CLIENT UNBLOCK 12 ERROR"], run: runClientUnblock)

    static func runClientUnblock(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 4 else { throw .unknownSubcommandOrArity(call[1], of: "CLIENT") }
        var isError = false
        if call.count == 4 {
            isError = call[3].matches("ERROR")
            guard isError || call[3].matches("TIMEOUT") else { throw .unknownUnblockReason }
        }
        guard let id = call[2].canonicalInteger else { throw .notInteger }
        guard let number = store.sessions.firstIndex(where: { $0?.id == id }),
            let blocking = store.sessions[number]?.blocking, !blocking.isPostponed
        else { return reply.integer(0) }
        if isError {
            store.noteError(.unblocked)
            store.endWaiting(number) { $0.error(CommandError.unblocked.text.bytes) }
        } else {
            store.endWaiting(number) { $0.nothing(blocking.nothing) }
        }
        reply.integer(1)
    }
}
