import Bytes
public import Wire

/// What a session is in, as the client can tell from commands and their replies: enough to show
/// it in a prompt and to bring another connection to the same state.
public struct SessionState: Equatable, Sendable {
    /// A name and password that let us in.
    struct Login: Equatable, Sendable {
        var user: String?
        var password: String

        init(_ user: String?, _ password: String) {
            self.user = user
            self.password = password
        }
    }

    /// A command that brings a new connection to the old state.
    struct Step: Equatable {
        var words: [String]
        /// False when the session can go on without it.
        var isVital: Bool
    }

    /// Whether the node answers a command.
    enum Behaviour {
        case answers
        case silent
    }

    private enum ReplyMode {
        case on
        case off
        case skipsNext
    }

    /// The database that commands work on.
    public internal(set) var database = 0
    /// The protocol that replies come in.
    public private(set) var version: ProtocolVersion
    /// The commands that a transaction has queued; nil outside of one.
    public private(set) var transaction: [[[UInt8]]]?
    /// How many commands a transaction has queued; nil outside of one.
    public var queued: Int? { transaction?.count }
    /// What the session listens to.
    public internal(set) var subscriptions = Subscriptions()
    /// False when the session can go on with RESP2 where a server knows no other.
    var insistsOnVersion = true
    var login: Login?
    private var name: String?
    private var databaseAfterTransaction: Int?
    private var replyMode = ReplyMode.on
    private var isWatching = false

    init(version: ProtocolVersion) { self.version = version }

    /// The state of a second connection, for questions of the program itself.
    var forCompanion: SessionState {
        var other = SessionState(version: .two)
        other.database = database
        other.login = login
        other.name = "larder-completion"
        return other
    }

    /// What a new connection must be sent.
    var restoration: [Step] {
        var steps: [Step] = []
        if let login {
            steps.append(
                Step(
                    words: ["AUTH"] + (login.user.map { [$0] } ?? []) + [login.password],
                    isVital: true))
        }
        if version == .three {
            steps.append(Step(words: ["HELLO", "3"], isVital: insistsOnVersion))
        }
        if let name {
            steps.append(Step(words: ["CLIENT", "SETNAME", name], isVital: false))
        }
        if database != 0 {
            steps.append(Step(words: ["SELECT", String(database)], isVital: false))
        }
        return steps
    }

    /// Forgets what ends with a connection, and names what of it the person will miss; empty
    /// when there was nothing.
    mutating func takeLosses() -> String {
        var losses: [String] = []
        if let queued {
            losses.append("the transaction (\(queued) queued, none was run)")
        }
        if isWatching { losses.append("WATCH") }
        // With RESP3 a new connection subscribes again; with RESP2 it could do nothing else.
        if version == .two, !subscriptions.isEmpty {
            losses.append("subscriptions")
            subscriptions = Subscriptions()
        }
        forgetTransaction()
        return losses.joined(separator: ", ")
    }

    /// Forgets subscriptions.
    mutating func endSubscriptions() { subscriptions = Subscriptions() }

    /// Forgets a transaction and reply modes, which end with their connection.
    mutating func forgetTransaction() {
        transaction = nil
        databaseAfterTransaction = nil
        replyMode = .on
        isWatching = false
    }

    /// Forgets the protocol, when the server does not know it.
    mutating func forgetVersion() { version = .two }

    /// Forgets the database, when the server has refused to select it.
    mutating func forgetDatabase() { database = 0 }

    /// Whether a command that is about to be sent will be answered.
    mutating func behaviour(of words: [[UInt8]]) -> Behaviour {
        let isReply = Self.matches(words, 0, "CLIENT") && Self.matches(words, 1, "REPLY")
        if isReply, words.count == 3 {
            if Self.matches(words, 2, "ON") {
                replyMode = .on
                return .answers
            }
            if Self.matches(words, 2, "OFF") {
                replyMode = .off
                return .silent
            }
            if Self.matches(words, 2, "SKIP"), replyMode == .on {
                replyMode = .skipsNext
                return .silent
            }
        }
        switch replyMode {
        case .on: return .answers
        case .off: return .silent
        case .skipsNext:
            replyMode = .on
            return .silent
        }
    }

    /// Takes note of a command and its reply.
    mutating func note(_ words: [[UInt8]], _ reply: RESPValue) {
        let isQueued = reply == .simple("QUEUED")
        if isQueued { transaction = (transaction ?? []) + [words] }
        if reply.errorText == nil, !isQueued {
            noteSuccess(words, reply)
        } else if isQueued, Self.matches(words, 0, "SELECT"), words.count == 2 {
            databaseAfterTransaction = Self.number(words[1])
        } else if reply.errorCode == "EXECABORT" {
            forgetTransaction()
        }
    }

    private mutating func noteSuccess(_ words: [[UInt8]], _ reply: RESPValue) {
        if Self.matches(words, 0, "SELECT"), words.count == 2 {
            database = Self.number(words[1]) ?? database
        } else if Self.matches(words, 0, "MULTI") {
            transaction = []
        } else if Self.matches(words, 0, "EXEC") {
            if !reply.isNull, let database = databaseAfterTransaction { self.database = database }
            forgetTransaction()
        } else if Self.matches(words, 0, "DISCARD") {
            forgetTransaction()
        } else if Self.matches(words, 0, "AUTH"), words.count == 2 || words.count == 3 {
            login = Login(words.count == 3 ? Self.text(words[1]) : nil, Self.text(words.last!))
        } else if Self.matches(words, 0, "HELLO") {
            noteHello(words)
        } else if Self.matches(words, 0, "CLIENT"), Self.matches(words, 1, "SETNAME"),
            words.count == 3
        {
            name = Self.text(words[2])
        } else if Self.matches(words, 0, "WATCH") {
            isWatching = true
        } else if Self.matches(words, 0, "UNWATCH") {
            isWatching = false
        } else if Self.matches(words, 0, "RESET") {
            self = SessionState(version: .two)
        }
    }

    private mutating func noteHello(_ words: [[UInt8]]) {
        guard words.count > 1 else { return }
        version = Self.number(words[1]) == 3 ? .three : .two
        var index = 2
        while index < words.count {
            if Self.matches(words, index, "AUTH"), index + 2 < words.count {
                login = Login(Self.text(words[index + 1]), Self.text(words[index + 2]))
                index += 3
            } else if Self.matches(words, index, "SETNAME"), index + 1 < words.count {
                name = Self.text(words[index + 1])
                index += 2
            } else {
                index += 1
            }
        }
    }

    static func matches(_ words: [[UInt8]], _ index: Int, _ name: StaticString) -> Bool {
        guard index < words.count else { return false }
        let word = words[index]
        return word.rawSpan.matches(name)
    }

    private static func number(_ word: [UInt8]) -> Int? {
        word.rawSpan.canonicalInteger.map(Int.init)
    }

    private static func text(_ word: [UInt8]) -> String { String(decoding: word, as: UTF8.self) }
}
