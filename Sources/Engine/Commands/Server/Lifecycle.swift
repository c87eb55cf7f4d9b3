import Bytes
import Grammar
import Wire

// TIME and SHUTDOWN.

extension Administration {
    static let time = Command<Store>(
        "TIME", .server, [.loading, .stale, .fast], since: "2.6.0",
        summary: "Gives the server's time: seconds since 1970, and microseconds in the second.",
        complexity: "O(1)", tips: ["nondeterministic_output"], examples: ["TIME"],
        run: runTime)

    static func runTime(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let milliseconds = store.now.wall.milliseconds
        reply.array(2)
        reply.bulk(decimal: milliseconds / 1000)
        reply.bulk(decimal: milliseconds % 1000 * 1000 + store.now.microseconds)
    }

    static let shutdown = Command<Store>(
        "SHUTDOWN", .server, [.admin, .noscript, .loading, .stale, .noMulti, .allowBusy],
        since: "1.0.0", summary: "Ends the server, saving the data where that is set.",
        complexity:
            "O(N) when the data is saved, N being the number of all keys; otherwise O(1).",
        history: ["7.0.0": "`NOW`, `FORCE` and `ABORT`."],
        arguments: [
            .oneOf("nosave_save", [.token("NOSAVE"), .token("SAVE")]).optional,
            .token("NOW").optional.since("7.0.0"), .token("FORCE").optional.since("7.0.0"),
            .token("ABORT").optional.since("7.0.0"),
        ],
        conflicts: [
            ["ABORT", "NOSAVE"], ["ABORT", "SAVE"], ["ABORT", "NOW"], ["ABORT", "FORCE"],
        ], examples: ["SHUTDOWN", "SHUTDOWN NOSAVE NOW"], run: runShutdown)

    static func runShutdown(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var saves = false
        var savesNot = false
        var hurries = false
        var aborts = false
        var cursor = ArgumentCursor(call, from: 1)
        while !cursor.isAtEnd {
            if cursor.take("NOSAVE") {
                savesNot = true
            } else if cursor.take("SAVE") {
                saves = true
            } else if cursor.take("NOW") || cursor.take("FORCE") {
                hurries = true
            } else if cursor.take("ABORT") {
                aborts = true
            } else {
                throw .syntax
            }
        }
        if saves && savesNot || aborts && (saves || savesNot || hurries) { throw .syntax }
        // The end is immediate, so that there is never one to call off.
        if aborts { throw .noShutdown }
        store.effects.append(.shutdown)
    }
}
