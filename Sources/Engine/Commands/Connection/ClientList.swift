import Bytes
import Grammar
import Wire

// CLIENT LIST and CLIENT INFO: one line a connection, of `name=value` fields whose names and
// order are those that tools of the field read.

extension Connection {
    static let clientInfo = Command<Store>(
        "CLIENT INFO", .connection, [.noscript, .loading, .stale], since: "6.2.0",
        summary: "Describes this connection in one line.", complexity: "O(1)",
        categories: [.connection], tips: ["nondeterministic_output"],
        examples: ["CLIENT INFO"], run: runClientInfo)

    static func runClientInfo(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.noteWords(of: call)
        reply.verbatim(store.describe(session: call.session))
    }

    static let clientList = Command<Store>(
        "CLIENT LIST", .connection, [.admin, .noscript, .loading, .stale], since: "2.4.0",
        summary: "Describes all connections, or some, in one line each.",
        complexity: "O(N), N being the number of connections.",
        history: [
            "2.8.12": "Each line begins with the connection's `id`.",
            "5.0.0": "Connections can be chosen by `TYPE`.",
            "6.0.0": "The field `user`.",
            "6.2.0":
                "The fields `argv-mem`, `tot-mem`, `laddr` and `redir`; a choice by `ID`.",
            "7.0.0": "The fields `resp`, `multi-mem`, `rbs` and `rbp`.",
            "7.0.3": "The field `ssub`.",
        ],
        categories: [.connection],
        arguments: [
            .oneOf("normal_master_replica_pubsub", clientTypes).after("TYPE").optional
                .since("5.0.0"),
            .block("id", [.integer("client-id").repeated]).after("ID").optional.since("6.2.0"),
        ], tips: ["nondeterministic_output"], conflicts: [["TYPE", "ID"]],
        examples: ["CLIENT LIST", "CLIENT LIST TYPE normal"], run: runClientList)

    private static var clientTypes: [Argument] {
        [.token("NORMAL"), .token("MASTER"), .token("REPLICA"), .token("PUBSUB")]
    }

    static func runClientList(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.noteWords(of: call)
        var text: [UInt8] = []
        if call.count == 2 {
            for session in store.sessionsByID { text += store.describe(session: session) }
        } else if call.count == 4, call[2].matches("TYPE") {
            let type = try ClientType(call[3], store.settings.flavour)
            for session in store.sessionsByID where store.sessions[session]?.type == type {
                text += store.describe(session: session)
            }
        } else if call.count > 3, call[2].matches("ID") {
            var chosen: [Int] = []
            for index in 3..<call.count {
                guard let id = call[index].canonicalInteger else { throw .invalidClientID }
                chosen += store.sessionsByID.filter { store.sessions[$0]?.id == id }
            }
            for session in chosen { text += store.describe(session: session) }
        } else {
            throw .syntax
        }
        reply.verbatim(text)
    }
}

/// What a connection is used for.
enum ClientType {
    /// Commands.
    case normal
    /// The stream from a primary.
    case master
    /// The stream to a replica.
    case replica
    /// Messages.
    case pubsub

    /// The type with this name.
    init(_ word: RawSpan, _ flavour: Flavour) throws(CommandError) {
        if word.matches("NORMAL") {
            self = .normal
        } else if word.matches("SLAVE") || word.matches("REPLICA") {
            self = .replica
        } else if word.matches("PUBSUB") {
            self = .pubsub
        } else if word.matches("MASTER") || flavour == .valkey80 && word.matches("PRIMARY") {
            self = .master
        } else {
            throw .unknownClientType(word)
        }
    }
}

extension Session {
    /// What the connection is used for. There are none to primaries or replicas.
    var type: ClientType { restraints.contains(.subscribed) ? .pubsub : .normal }
}

extension Store {
    /// The numbers of the open sessions, the oldest first.
    var sessionsByID: [Int] {
        sessions.indices.filter { sessions[$0]?.closesAfterReply == false }
            .sorted { (sessions[$0]?.id ?? 0) < (sessions[$1]?.id ?? 0) }
    }

    /// Notes how long the words of the running request are, for its own line.
    mutating func noteWords(of call: borrowing Call) {
        var length = 0
        for index in 0..<call.count { length += call[index].byteCount }
        sessions[call.session]?.requestBytes = length
    }

    /// A session's line, with its line end; nothing for a session that is gone.
    func describe(session number: Int) -> [UInt8] {
        guard let session = sessions[number] else { return [] }
        var line = ClientLine()
        line.add("id", session.id)
        line.add("addr", session.origin.address)
        line.add("laddr", session.origin.localAddress)
        line.add("fd", Int64(session.origin.descriptor))
        line.add("name", session.name)
        line.add("age", seconds(since: session.openedAt))
        line.add("idle", seconds(since: session.lastActivity))
        line.add("flags", session.flags)
        line.add("db", Int64(session.database))
        addSubscriptions(session, &line)
        addBuffers(session, &line)
        line.add("events", session.pendingOutput > 0 ? "rw" : "r")
        let last = session.lastCommand
        line.add("cmd", last < 0 ? "NULL" : commands.entries[last].spec.reportedName)
        line.add("user", "default")
        line.add("redir", session.tracking?.reportedRedirection ?? -1)
        line.add("resp", Int64(session.version.rawValue))
        if settings.flavour != .redis70 {
            line.add("lib-name", session.libraryName)
            line.add("lib-ver", session.libraryVersion)
        }
        if settings.flavour == .valkey80 {
            line.add("tot-net-in", Int64(session.bytesIn))
            line.add("tot-net-out", Int64(session.bytesOut))
            line.add("tot-cmds", Int64(session.commandCount))
        }
        return line.bytes + [0x0A]
    }

    private func addSubscriptions(_ session: Session, _ line: inout ClientLine) {
        line.add("sub", Int64(session.subscriptions.channels.count))
        line.add("psub", Int64(session.subscriptions.patterns.count))
        line.add("ssub", Int64(session.subscriptions.shardChannels.count))
        line.add("multi", session.transaction.map { Int64($0.queue.count) } ?? -1)
        if settings.flavour == .valkey80 { line.add("watch", Int64(session.watched.count)) }
    }

    /// The buffer for replies (`rbs`, and `rbp` for the most that was in it) is the host's, which
    /// looks at it about once a second. What waits for the socket (`omem`) is all in one piece.
    private func addBuffers(_ session: Session, _ line: inout ClientLine) {
        line.add("qbuf", Int64(session.pendingInput))
        line.add("qbuf-free", Int64(session.inputRoom))
        line.add("argv-mem", Int64(session.requestBytes))
        line.add("multi-mem", Int64(session.transaction?.footprint ?? 0))
        line.add("rbs", Int64(session.replyBuffer))
        line.add("rbp", Int64(session.replyBufferPeak))
        line.add("obl", 0)
        line.add("oll", session.pendingOutput > 0 ? 1 : 0)
        line.add("omem", Int64(session.pendingOutput))
        line.add("tot-mem", Int64(session.footprint))
    }

    private func seconds(since time: Timestamp) -> Int64 {
        now.wall.milliseconds / 1000 - time.milliseconds / 1000
    }
}

/// A line of `name=value` fields.
private struct ClientLine {
    var bytes: [UInt8] = []

    mutating func add(_ name: StaticString, _ value: ByteString) {
        if !bytes.isEmpty { bytes.append(0x20) }
        bytes += ByteString(stringLiteral: name).bytes
        bytes.append(UInt8(ascii: "="))
        bytes += value.bytes
    }

    mutating func add(_ name: StaticString, _ value: String) { add(name, ByteString(value)) }

    mutating func add(_ name: StaticString, _ value: Int64) {
        add(name, ByteString(value.decimalBytes))
    }
}
