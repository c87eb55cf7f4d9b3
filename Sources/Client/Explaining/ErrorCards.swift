// What error replies mean. The code is the first word of the text; most errors have the code ERR,
// whose words say what is wrong, so the commonest of those have cards of their own. The prompt
// shows a card with `:explain CODE`, the dashboard with `x` after an error reply.

/// What someone should know who sees an error for the first time.
public struct ErrorCard: Equatable, Sendable {
    /// The code, which is the first word of the reply.
    public let code: String
    /// Words of the text that it is about; empty for all texts of the code.
    let words: String
    /// What it means.
    public let meaning: String
    /// What usually helps; empty where the meaning says it.
    public let remedy: String
    /// Commands that look deeper.
    public let deeper: [String]

    init(
        _ code: String, _ words: String = "", _ meaning: String, helps remedy: String = "",
        look deeper: [String] = []
    ) {
        (self.code, self.words, self.meaning) = (code, words, meaning)
        (self.remedy, self.deeper) = (remedy, deeper)
    }

    /// Meaning and remedy in one.
    public var text: String { remedy.isEmpty ? meaning : meaning + " " + remedy }
}

/// All cards of errors.
public enum ErrorCards {
    /// The card of a code.
    public static func card(code: String) -> ErrorCard? {
        all.first { $0.code == code && $0.words.isEmpty }
    }

    /// The card of an error reply: that of its words, else that of its code; nil for codes that
    /// nobody has described, such as those of scripts.
    public static func card(reply text: String) -> ErrorCard? {
        let code = text.prefix { $0 != " " }
        let about = all.filter { $0.code == code }
        return about.first { !$0.words.isEmpty && text.contains($0.words) }
            ?? about.first { $0.words.isEmpty }
    }

    /// Every card, those of codes first.
    public static let all: [ErrorCard] = codes + requests

    private static let codes: [ErrorCard] = [
        ErrorCard(
            "ERR", "", "Something is wrong with the request; the words behind it say what.",
            look: ["help COMMAND", ":explain COMMAND"]),
        ErrorCard(
            "WRONGTYPE", "", "The key holds another type than the command works on.",
            helps: "TYPE KEY or :peek KEY tells which; DEL KEY makes room for a new value.",
            look: ["TYPE key", "OBJECT ENCODING key", ":peek key"]),
        ErrorCard(
            "NOAUTH", "", "The server wants a password first: AUTH PASSWORD, or larder --askpass.",
            look: ["AUTH user password", "HELLO 3 AUTH user password"]),
        ErrorCard(
            "WRONGPASS", "", "The user or the password is wrong, or the user is disabled.",
            look: ["AUTH user password", "ACL LOG"]),
        ErrorCard(
            "NOPERM", "", "The user may not run this command or touch this key or channel.",
            look: ["ACL WHOAMI", "ACL GETUSER user", "ACL LOG"]),
        ErrorCard(
            "OOM", "", "Memory is over maxmemory and nothing may be evicted.",
            helps: """
                Writes fail until keys go, maxmemory rises, or maxmemory-policy allows eviction.
                """,
            look: ["INFO memory", "CONFIG GET maxmemory*", ":bigkeys"]),
        ErrorCard(
            "BUSY", "", "A script has run for long.",
            helps: "SCRIPT KILL ends one that has written nothing.",
            look: ["SCRIPT KILL", "CLIENT LIST", "SLOWLOG GET"]),
        ErrorCard(
            "BUSYKEY", "", "The target key exists already; REPLACE overwrites it.",
            look: ["EXISTS key", "TTL key"]),
        ErrorCard("BUSYGROUP", "", "The stream has a consumer group of this name already."),
        ErrorCard(
            "NOGROUP", "", "There is no such stream or consumer group; XGROUP CREATE makes one."),
        ErrorCard(
            "NOSCRIPT", "",
            "The server does not know the script with this digest; EVAL sends it whole.",
            look: ["SCRIPT EXISTS digest", "SCRIPT LOAD text"]),
        ErrorCard(
            "LOADING", "", "The server is still reading its data from disk. Try again soon.",
            look: ["INFO persistence"]),
        ErrorCard(
            "READONLY", "",
            "This server is a replica and takes no writes. Write to its primary.",
            look: ["ROLE", "INFO replication"]),
        ErrorCard(
            "MASTERDOWN", "", "The replica has lost its primary and may not show stale data.",
            look: ["INFO replication", "CONFIG GET replica-serve-stale-data"]),
        ErrorCard(
            "MISCONF", "",
            "The last snapshot failed, and stop-writes-on-bgsave-error forbids writes since.",
            helps: "The log of the server says why: often the disk is full.",
            look: ["INFO persistence", "LASTSAVE", "CONFIG GET dir"]),
        ErrorCard(
            "NOREPLICAS", "", "Fewer replicas follow than min-replicas-to-write asks for.",
            look: ["INFO replication", "CONFIG GET min-replicas*"]),
        ErrorCard(
            "EXECABORT", "",
            "A command was refused while the transaction was queued, so none was run.",
            helps: "The error came when that command was queued; mend it and begin anew.",
            look: [":queue", "DISCARD"]),
        ErrorCard(
            "NOPROTO", "", "The server does not speak the protocol version that HELLO asked for.",
            look: ["HELLO", "INFO server"]),
        ErrorCard(
            "MOVED", "",
            "Another node of the cluster has this key's slot: the one named in the error.",
            look: ["CLUSTER KEYSLOT key", "CLUSTER SHARDS"]),
        ErrorCard(
            "ASK", "", "The key's slot is moving; ask the named node, after ASKING.",
            look: ["CLUSTER KEYSLOT key", "CLUSTER SHARDS"]),
        ErrorCard(
            "CROSSSLOT", "", "The keys of one command must live in one slot of the cluster.",
            helps: "Names with the same part in braces do: {user1}:name and {user1}:mail.",
            look: ["CLUSTER KEYSLOT key"]),
        ErrorCard("TRYAGAIN", "", "Keys of this command are moving between nodes. Try again soon."),
        ErrorCard(
            "CLUSTERDOWN", "", "The cluster lacks a node for some slot, or has no majority.",
            look: ["CLUSTER INFO", "CLUSTER NODES"]),
        ErrorCard("INPROG", "", "A failover is going on already.", look: ["INFO replication"]),
        ErrorCard("NOTBUSY", "", "No script is running that could be killed."),
        ErrorCard(
            "UNKILLABLE", "", "The script has written already, so only SHUTDOWN NOSAVE ends it."),
        ErrorCard(
            "UNBLOCKED", "", "Somebody ended the waiting of this connection with CLIENT UNBLOCK.",
            look: ["CLIENT LIST"]),
    ]

    /// The commonest texts that begin with ERR.
    private static let requests: [ErrorCard] = [
        ErrorCard(
            "ERR", "unknown command",
            "This server has no command of this name: it is misspelt, renamed, or of another "
                + "version.",
            helps: "Tab completes names; COMMAND INFO NAME tells whether there is one.",
            look: ["COMMAND INFO name", "INFO server", "help"]),
        ErrorCard(
            "ERR", "unknown subcommand", "The command is there, but not with this second word.",
            look: ["COMMAND HELP", "help COMMAND"]),
        ErrorCard(
            "ERR", "wrong number of arguments",
            "The command takes more words than these, or fewer.",
            helps: "A value with blanks needs quotes: without them it is several words.",
            look: ["help COMMAND", ":explain COMMAND"]),
        ErrorCard(
            "ERR", "syntax error",
            "The words are known, but not in this order, or two of them exclude each other.",
            helps: "help COMMAND shows the order; NX with XX, or EX with KEEPTTL, never fit.",
            look: ["help COMMAND", ":explain COMMAND"]),
        ErrorCard(
            "ERR", "is not an integer",
            "The value or the argument is no whole number of 64 bits, so it cannot be counted.",
            helps: "GET shows what it is. INCRBYFLOAT takes fractions.",
            look: ["GET key", "OBJECT ENCODING key"]),
        ErrorCard(
            "ERR", "not a valid float", "The value or the argument is no number.",
            look: ["GET key", "OBJECT ENCODING key"]),
        ErrorCard(
            "ERR", "would overflow",
            "The sum would leave the 64 bits that a counter has, so nothing was changed.",
            look: ["GET key"]),
        ErrorCard(
            "ERR", "no such key", "The key that must be there is not; perhaps it has expired.",
            look: ["EXISTS key", ":why key"]),
        ErrorCard(
            "ERR", "invalid expire time",
            "A time to live must be a positive number that leads to a time that there is.",
            look: ["TTL key", "help EXPIRE"]),
        ErrorCard(
            "ERR", "DB index is out of range", "The server has fewer databases than that.",
            look: ["CONFIG GET databases", "INFO keyspace"]),
        ErrorCard(
            "ERR", "LFU maxmemory policy is not selected",
            "How often keys are used is counted only under an LFU policy.",
            helps: "CONFIG SET maxmemory-policy allkeys-lfu begins to count, from now on.",
            look: ["CONFIG GET maxmemory-policy", "OBJECT IDLETIME key"]),
        ErrorCard(
            "ERR", "LFU maxmemory policy is selected",
            "Under an LFU policy the time of the last use is not kept: its bits hold the counter.",
            look: ["OBJECT FREQ key", "CONFIG GET maxmemory-policy"]),
        ErrorCard(
            "ERR", "without MULTI",
            "No transaction is open on this connection: it was never begun, or is over already.",
            look: ["MULTI", ":queue"]),
        ErrorCard(
            "ERR", "MULTI calls can not be nested",
            "A transaction is open already; EXEC runs it and DISCARD gives it up.",
            look: [":queue", "DISCARD"]),
    ]
}
