import Bytes
import Grammar

// The error texts of transactions, messages, waiting and watching others.

extension CommandError {
    /// A MULTI inside a transaction.
    static let nestedTransaction = CommandError("ERR MULTI calls can not be nested")
    /// EXEC without a transaction.
    static let execWithoutMulti = CommandError("ERR EXEC without MULTI")
    /// DISCARD without a transaction.
    static let discardWithoutMulti = CommandError("ERR DISCARD without MULTI")
    /// WATCH when the commands are being queued already.
    static let watchInTransaction = CommandError("ERR WATCH inside MULTI is not allowed")
    /// A command that a transaction must not contain.
    static let notInTransaction = CommandError("ERR Command not allowed inside a transaction")
    /// EXEC of a transaction of which a command was refused.
    static let execAborted = CommandError(
        "EXECABORT Transaction discarded because of previous errors.")
    /// MONITOR inside a transaction.
    static let monitorDenied = CommandError(
        "ERR MONITOR isn't allowed for DENY BLOCKING client")
    /// SSUBSCRIBE inside a transaction.
    static let shardSubscriptionDenied = CommandError(
        "ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client")
    /// A command about keys from a session that monitors.
    static let replicaTouchesKeys = CommandError(
        "ERR Replica can't interact with the keyspace")
    /// The end of waiting that CLIENT UNBLOCK asks for.
    static let unblocked = CommandError("UNBLOCKED client unblocked via CLIENT UNBLOCK")
    /// CLIENT UNBLOCK with another word than its two.
    static let unknownUnblockReason = CommandError(
        "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
    /// CLIENT PAUSE with another word than its two.
    static let unknownPauseMode = CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL")
    /// A time to wait in seconds that is no number.
    static let timeoutNotFloat = CommandError("ERR timeout is not a float or out of range")
    /// A time to wait in milliseconds that is no number.
    static let timeoutNotInteger = CommandError("ERR timeout is not an integer or out of range")
    /// A time to wait that is negative.
    static let timeoutNegative = CommandError("ERR timeout is negative")
    /// A time to wait beyond the end of the clock.
    static let timeoutOutOfRange = CommandError("ERR timeout is out of range")
    /// WAITAOF for this node's own log while there is none.
    static let waitWithoutLog = CommandError(
        "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")

    /// A command that a RESP2 session may not send while it is subscribed.
    static func notWhenSubscribed(_ command: String) -> CommandError {
        CommandError(
            """
            ERR Can't execute '\(command)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT \
            / RESET are allowed in this context
            """)
    }

    /// EXEC that was itself refused.
    static func execAborted(because error: CommandError) -> CommandError {
        let code = Array("ERR ".utf8)
        var reason = error.text.bytes
        if reason.starts(with: code) { reason.removeFirst(code.count) }
        return CommandError(
            ByteString(Array("EXECABORT Transaction discarded because of: ".utf8) + reason))
    }

    /// A subcommand with a number of words that its arity alone does not refuse.
    static func unknownSubcommandOrArity(_ word: RawSpan, of container: String) -> CommandError {
        CommandError(
            ByteString(
                Array("ERR unknown subcommand or wrong number of arguments for '".utf8)
                    + word.copied() + Array("'. Try \(container) HELP.".utf8)))
    }
}

extension CommandError {
    /// A number that must be 0 or 1.
    static let outsideZeroToOne = CommandError("ERR value is out of range, must be between 0 and 1")
}
