import Bytes
import Grammar
import Wire

// MONITOR.

extension Administration {
    static let monitor = Command<Store>(
        "MONITOR", .server, [.admin, .noscript, .loading, .stale], since: "1.0.0",
        summary: "Shows this connection every command that the server runs.", complexity: "",
        examples: ["MONITOR"], run: runMonitor)

    static func runMonitor(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if store.isBlockingDenied { throw .monitorDenied }
        // A session that monitors already gets no second answer, as clients find it.
        if store.sessions[call.session]?.restraints.contains(.monitor) == true { return }
        store.beginMonitoring(call.session)
        reply.ok()
    }
}
