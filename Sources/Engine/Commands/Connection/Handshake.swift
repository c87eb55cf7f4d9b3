import Bytes
import Grammar
import Structures
import Wire

// What a connection begins and ends with: who it is, which protocol it speaks, which database it
// works on.

/// The commands about the connection itself.
enum Connection {
    static var commands: [Command<Store>] {
        [ping, echo, select, auth, hello, reset, quit, client]
    }

    static let ping = Command<Store>(
        "PING", .connection, [.fast], since: "1.0.0",
        summary: "Answers PONG, or the given message: shows that the connection works.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.string("message").optional],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["PING", "PING hello"], run: runPing)

    static func runPing(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 2 else { throw .wrongArity("ping") }
        if reply.version == .two, store.isSubscriber(session: call.session) {
            // In the subscribed state even this reply has the form of a message.
            reply.array(2)
            reply.bulk(utf8: "pong")
            if call.count == 2 { reply.bulk(call[1]) } else { reply.bulk(ByteString()) }
        } else if call.count == 2 {
            reply.bulk(call[1])
        } else {
            reply.simple("PONG")
        }
    }

    static let echo = Command<Store>(
        "ECHO", .connection, [.loading, .stale, .fast], since: "1.0.0",
        summary: "Answers with the message it was given.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.string("message")], examples: ["ECHO hello"], run: runEcho)

    static func runEcho(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.bulk(call[1])
    }

    static let select = Command<Store>(
        "SELECT", .connection, [.loading, .stale, .fast], since: "1.0.0",
        summary: "Chooses the database that this connection works on.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.integer("index")], examples: ["SELECT 1"], run: runSelect)

    static func runSelect(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let wide = call[1].canonicalInteger else { throw .notInteger }
        guard let index = Int32(exactly: wide) else { throw .outsideInt32 }
        guard index >= 0, index < store.keyspaces.count else { throw .databaseOutOfRange }
        store.sessions[call.session]?.database = Int(index)
        reply.ok()
    }

    // MARK: Authentication

    static let auth = Command<Store>(
        "AUTH", .connection, [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        since: "1.0.0", summary: "Shows the password, so that other commands are allowed.",
        complexity: "O(N), N being the number of passwords of the user.",
        history: ["6.0.0": "A user's name may stand before the password."],
        categories: [.connection],
        arguments: [.string("username").optional.since("6.0.0"), .string("password")],
        examples: ["AUTH secret", "AUTH default secret"], run: runAuth)

    static func runAuth(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 3 else { throw .syntax }
        if call.count == 2 {
            if store.settings.password.isEmpty { throw .noPasswordConfigured }
            try store.authenticate(call.session, user: "default", password: call[1])
        } else {
            try store.authenticate(
                call.session, user: ByteString(call[1]), password: call[2])
        }
        reply.ok()
    }

    static let hello = Command<Store>(
        "HELLO", .connection, [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        since: "6.0.0",
        summary: "Says what the server is, and chooses the protocol version to speak.",
        complexity: "O(1)",
        history: ["6.2.0": "The protocol version may be left out."],
        categories: [.connection],
        arguments: [
            .block(
                "arguments",
                [
                    .integer("protover"),
                    .block("username_password", [.string("username"), .string("password")])
                        .after("AUTH").optional,
                    .string("clientname").after("SETNAME").optional,
                ]
            ).optional
        ], examples: ["HELLO", "HELLO 3", "HELLO 3 AUTH default secret SETNAME me"],
        run: runHello)

    static func runHello(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var version: ProtocolVersion?
        if call.count > 1 {
            guard let number = call[1].canonicalInteger else { throw .protocolVersionNotInteger }
            version = Int(exactly: number).flatMap(ProtocolVersion.init(rawValue:))
            guard version != nil else { throw .unsupportedProtocol }
        }
        try runHelloOptions(&store, call)
        if let version {
            store.sessions[call.session]?.version = version
            reply.version = version
        }
        describeServer(store, call.session, &reply)
    }

    /// Redis 7.0 acts on each option as it reads it; later servers first read them all.
    private static func runHelloOptions(
        _ store: inout Store, _ call: borrowing Call
    ) throws(CommandError) {
        let actsAtOnce = store.settings.flavour == .redis70
        var user = 0
        var name = 0
        var cursor = ArgumentCursor(call, from: 2)
        while !cursor.isAtEnd {
            if cursor.take("AUTH", followedBy: 2) {
                user = cursor.index
                _ = cursor.next()
                _ = cursor.next()
                if actsAtOnce { try authenticate(&store, call, at: user) }
            } else if cursor.take("SETNAME", followedBy: 1) {
                name = cursor.index
                _ = cursor.next()
                guard isPrintable(call[name]) else { throw .invalidClientName }
                if actsAtOnce { store.sessions[call.session]?.name = ByteString(call[name]) }
            } else {
                throw .helloOption(call[cursor.index])
            }
        }
        if user > 0, !actsAtOnce { try authenticate(&store, call, at: user) }
        guard store.sessions[call.session]?.isAuthenticated == true else {
            throw .helloNeedsAuthentication
        }
        if name > 0 { store.sessions[call.session]?.name = ByteString(call[name]) }
    }

    private static func authenticate(
        _ store: inout Store, _ call: borrowing Call, at index: Int
    ) throws(CommandError) {
        try store.authenticate(
            call.session, user: ByteString(call[index]), password: call[index + 1])
    }

    private static func describeServer(
        _ store: borrowing Store, _ session: Int, _ reply: inout ReplyWriter
    ) {
        let flavour = store.settings.flavour
        reply.map(7)
        reply.bulk(utf8: "server")
        reply.bulk(utf8: flavour.serverName)
        reply.bulk(utf8: "version")
        reply.bulk(utf8: flavour.version)
        reply.bulk(utf8: "proto")
        reply.integer(reply.version.rawValue)
        reply.bulk(utf8: "id")
        reply.integer(store.sessions[session]?.id ?? 0)
        reply.bulk(utf8: "mode")
        reply.bulk(utf8: "standalone")
        reply.bulk(utf8: "role")
        reply.bulk(utf8: "master")
        reply.bulk(utf8: "modules")
        reply.array(0)
    }

    // MARK: The end

    static let reset = Command<Store>(
        "RESET", .connection, [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        since: "6.2.0", summary: "Puts the connection back into the state of a new one.",
        complexity: "O(1)", categories: [.connection], examples: ["RESET"], run: runReset)

    static func runReset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.resetSession(call.session)
        reply.version = .two
        reply.simple("RESET")
    }

    static let quit = Command<Store>(
        "QUIT", .connection, [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        since: "1.0.0", summary: "Ends the connection, once its replies are sent.",
        complexity: "O(1)", categories: [.connection], arity: -1, examples: ["QUIT"],
        run: runQuit)

    static func runQuit(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.ok()
        store.endSession(call.session)
    }
}

extension Connection {
    /// True when no byte of a name would garble a line of `CLIENT LIST`.
    static func isPrintable(_ name: RawSpan) -> Bool {
        for offset in 0..<name.byteCount where name[offset] < 0x21 || name[offset] > 0x7E {
            return false
        }
        return true
    }
}
