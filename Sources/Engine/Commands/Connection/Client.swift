import Bytes
import Grammar
import Wire

// CLIENT: what a connection is called, and how it wants to be treated.

extension Connection {
    static let client = Command<Store>(
        container: "CLIENT", .connection, since: "2.4.0",
        summary: "Commands about connections.",
        subcommands: [
            clientGetName, clientHelp, clientID, clientInfo, clientKill, clientList,
            clientNoEvict, clientNoTouch, clientPause, clientReply, clientSetInfo, clientSetName,
            clientUnblock, clientUnpause,
        ] + trackingCommands)

    static let clientHelp = Command<Store>(
        "CLIENT HELP", .connection, [.loading, .stale], since: "5.0.0",
        summary: "Shows what there is under CLIENT.", complexity: "O(1)",
        categories: [.connection], examples: ["CLIENT HELP"], run: Help.run)

    static let clientID = Command<Store>(
        "CLIENT ID", .connection, [.noscript, .loading, .stale], since: "5.0.0",
        summary: "Gives this connection's number, which no other ever has.",
        complexity: "O(1)", categories: [.connection], examples: ["CLIENT ID"],
        run: runClientID)

    static func runClientID(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(store.sessions[call.session]?.id ?? 0)
    }

    // MARK: Names

    static let clientSetName = Command<Store>(
        "CLIENT SETNAME", .connection, [.noscript, .loading, .stale], since: "2.6.9",
        summary: "Names this connection, for CLIENT LIST.", complexity: "O(1)",
        categories: [.connection], arguments: [.string("connection-name")],
        examples: ["CLIENT SETNAME worker-1"], run: runClientSetName)

    static func runClientSetName(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard isPrintable(call[2]) else { throw .invalidClientName }
        store.sessions[call.session]?.name = ByteString(call[2])
        reply.ok()
    }

    static let clientGetName = Command<Store>(
        "CLIENT GETNAME", .connection, [.noscript, .loading, .stale], since: "2.6.9",
        summary: "Gives this connection's name.", complexity: "O(1)",
        categories: [.connection], examples: ["CLIENT GETNAME"], run: runClientGetName)

    static func runClientGetName(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let name = store.sessions[call.session]?.name, !name.isEmpty else {
            return reply.null()
        }
        reply.bulk(name)
    }

    static let clientSetInfo = Command<Store>(
        "CLIENT SETINFO", .connection, [.noscript, .loading, .stale], since: "7.2.0",
        summary: "Says which library this connection uses, for CLIENT LIST.",
        complexity: "O(1)", availability: .since72, categories: [.connection],
        arguments: [
            .oneOf(
                "attr",
                [.string("libname").after("LIB-NAME"), .string("libver").after("LIB-VER")])
        ],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["CLIENT SETINFO LIB-NAME mylib"], run: runClientSetInfo)

    static func runClientSetInfo(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let isName = call[2].matches("LIB-NAME")
        guard isName || call[2].matches("LIB-VER") else { throw .unrecognizedOption(call[2]) }
        guard isPrintable(call[3]) else { throw .invalidAttribute(call[2]) }
        if isName {
            store.sessions[call.session]?.libraryName = ByteString(call[3])
        } else {
            store.sessions[call.session]?.libraryVersion = ByteString(call[3])
        }
        reply.ok()
    }

    // MARK: Treatment

    static let clientReply = Command<Store>(
        "CLIENT REPLY", .connection, [.noscript, .loading, .stale], since: "3.2.0",
        summary: "Chooses whether this connection gets replies.", complexity: "O(1)",
        categories: [.connection],
        arguments: [.oneOf("on_off_skip", [.token("ON"), .token("OFF"), .token("SKIP")])],
        examples: ["CLIENT REPLY SKIP"], run: runClientReply)

    static func runClientReply(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call[2].matches("ON") {
            store.sessions[call.session]?.replyMode = .on
            reply.ok()
        } else if call[2].matches("OFF") {
            guard store.sessions[call.session]?.replyMode != .off else { return }
            store.sessions[call.session]?.replyMode = .offNext
        } else if call[2].matches("SKIP") {
            let mode = store.sessions[call.session]?.replyMode
            if mode != .off, mode != .offNext {
                store.sessions[call.session]?.replyMode = .skipNext
            }
        } else {
            throw .syntax
        }
    }

    static let clientNoEvict = Command<Store>(
        "CLIENT NO-EVICT", .connection, [.admin, .noscript, .loading, .stale],
        since: "7.0.0",
        summary: "Chooses whether this connection may be closed to free memory.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.oneOf("enabled", [.token("ON"), .token("OFF")])],
        examples: ["CLIENT NO-EVICT ON"], run: runClientNoEvict)

    static func runClientNoEvict(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.sessions[call.session]?.isExemptFromEviction = try isOn(call[2])
        reply.ok()
    }

    static let clientNoTouch = Command<Store>(
        "CLIENT NO-TOUCH", .connection, [.noscript, .loading, .stale], since: "7.2.0",
        summary: "Chooses whether this connection's reads count as use of the keys.",
        complexity: "O(1)", availability: .since72, categories: [.connection],
        arguments: [.oneOf("enabled", [.token("ON"), .token("OFF")])],
        examples: ["CLIENT NO-TOUCH ON"], run: runClientNoTouch)

    static func runClientNoTouch(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.sessions[call.session]?.touchesNothing = try isOn(call[2])
        reply.ok()
    }

    private static func isOn(_ word: RawSpan) throws(CommandError) -> Bool {
        if word.matches("ON") { return true }
        guard word.matches("OFF") else { throw .syntax }
        return false
    }
}
