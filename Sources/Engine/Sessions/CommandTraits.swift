import Grammar

/// What the gates of a restrained session have to know of a command, beyond its flags.
struct CommandTraits: OptionSet {
    var rawValue: UInt16
    /// Runs although the session is inside a transaction: it begins, ends or leaves one.
    static let runsInTransaction = CommandTraits(rawValue: 1 << 0)
    /// Allowed to a RESP2 session that is subscribed.
    static let allowedWhenSubscribed = CommandTraits(rawValue: 1 << 1)
    /// EXEC.
    static let isExec = CommandTraits(rawValue: 1 << 2)
    /// Its reply is sent even to a session that wants none, because it is a push.
    static let answersByPush = CommandTraits(rawValue: 1 << 3)
    /// Shows a password to whoever sees its words.
    static let isSecret = CommandTraits(rawValue: 1 << 4)
    /// Counts as a write where writes must wait, though it is none.
    static let mayReplicate = CommandTraits(rawValue: 1 << 5)
    /// Leaves a transaction without running it: never refused for memory.
    static let leavesTransaction = CommandTraits(rawValue: 1 << 6)
    /// May change how much memory the session takes.
    static let changesSession = CommandTraits(rawValue: 1 << 7)
    /// Leaves what CLIENT CACHING has said for the command behind it.
    static let keepsCaching = CommandTraits(rawValue: 1 << 8)

    private static let named: [(CommandTraits, [String])] = [
        (.runsInTransaction, ["EXEC", "DISCARD", "MULTI", "WATCH", "QUIT", "RESET"]),
        (
            .allowedWhenSubscribed,
            [
                "PING", "SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE",
                "SUNSUBSCRIBE", "QUIT", "RESET",
            ]
        ),
        (.isExec, ["EXEC"]),
        (
            .answersByPush,
            [
                "SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE",
                "SUNSUBSCRIBE",
            ]
        ),
        (.isSecret, ["AUTH", "HELLO", "MIGRATE", "CONFIG SET", "ACL SETUSER"]),
        (.leavesTransaction, ["DISCARD", "QUIT", "RESET"]),
        (
            .mayReplicate,
            ["PUBLISH", "SPUBLISH", "PFCOUNT", "EVAL", "EVALSHA", "FCALL", "SCRIPT", "FUNCTION"]
        ),
    ]

    /// The traits of the command with this name.
    init(of spec: CommandSpec) {
        self.init(rawValue: 0)
        switch spec.group {
        case .connection, .transactions, .pubsub: insert(.changesSession)
        default: break
        }
        if spec.container == "CLIENT" { insert(.keepsCaching) }
        let name = spec.container.map { "\($0) \(spec.name)" } ?? spec.name
        for (trait, names) in CommandTraits.named where names.contains(name) {
            insert(trait)
        }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// What keeps a session's commands from simply running.
struct Restraints: OptionSet {
    var rawValue: UInt8
    /// It is inside a transaction: commands are queued.
    static let transaction = Restraints(rawValue: 1 << 0)
    /// It is subscribed: in RESP2 few commands are allowed.
    static let subscribed = Restraints(rawValue: 1 << 1)
    /// It is shown all commands, and counts as a replica.
    static let monitor = Restraints(rawValue: 1 << 2)
}

/// What has to be looked at when a command has run; mostly nothing.
struct Attention: OptionSet {
    var rawValue: UInt8
    /// The command has sent something to its own session.
    static let ownLetters = Attention(rawValue: 1 << 0)
    /// The running command has made its session wait.
    static let hasBlocked = Attention(rawValue: 1 << 1)
    /// Keys that sessions wait for have appeared.
    static let readyKeys = Attention(rawValue: 1 << 2)
    /// Sessions look at all commands; stays as long as there are any.
    static let monitors = Attention(rawValue: 1 << 3)
    /// A pause has ended, and commands wait for it.
    static let unpaused = Attention(rawValue: 1 << 4)
    /// The running command has asked the host to do nothing for a while.
    static let held = Attention(rawValue: 1 << 5)
    /// Connections take more memory than they may.
    static let sessionMemory = Attention(rawValue: 1 << 6)
    /// Sessions follow changes of keys; stays as long as there are any.
    static let tracking = Attention(rawValue: 1 << 7)
}
