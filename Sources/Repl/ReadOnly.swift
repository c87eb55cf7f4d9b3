import Bytes
import Client
import Engine
import Grammar
import Wire

// `--readonly` and `:set readonly on`: what changes data or the server is refused, not sent.
// Commands say of themselves whether they write; what changes the server in another way is named
// here. A command that nobody here knows is looked up at the server, and refused if that does not
// know it as one that only reads.

enum ReadOnly {
    private static let catalog = CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog

    /// Commands that write nothing by themselves and yet change what others see.
    private static let others: Set<String> = [
        "ACL", "BGREWRITEAOF", "BGSAVE", "CLUSTER", "DEBUG", "EVAL", "EVALSHA", "FAILOVER",
        "FCALL", "FUNCTION", "MODULE", "PSYNC", "PUBLISH", "REPLICAOF", "SAVE", "SCRIPT",
        "SHUTDOWN",
        "SLAVEOF", "SPUBLISH", "SYNC",
    ]
    /// The same for subcommands.
    private static let parts: [String: Set<String>] = [
        "CONFIG": ["SET", "RESETSTAT", "REWRITE"],
        "CLIENT": ["KILL", "PAUSE", "UNPAUSE", "UNBLOCK", "NO-EVICT", "NO-TOUCH"],
        "LATENCY": ["RESET"], "SLOWLOG": ["RESET"], "COMMANDLOG": ["RESET"],
        "MEMORY": ["PURGE"], "LARDER": ["RESET"],
    ]
    /// Words of the prompt itself.
    private static let plain: Set<String> = ["HELP", "?", "QUIT", "EXIT", "CLEAR"]

    /// Why a command is not sent; nil when it only reads.
    ///
    /// - Parameter look: asked for commands that are not known here.
    static func refusal(
        of words: [[UInt8]], look: ([[UInt8]]) -> CommandSpec? = { _ in nil }
    ) -> String? {
        guard let first = words.first, first.first != UInt8(ascii: ":") else { return nil }
        let names = words.prefix(2).map { String(decoding: $0, as: UTF8.self).uppercased() }
        let name = names[0]
        if plain.contains(name) { return nil }
        let isPart = names.count > 1 && parts[name]?.contains(names[1]) == true
        let shown = isPart ? "\(name) \(names[1])" : name
        let refusal = "\(shown) is refused: read only (:set readonly off)"
        if others.contains(name) || isPart { return refusal }
        guard let spec = catalog.find(words.map { ByteString($0) }) ?? look(words) else {
            return "\(shown) is refused: nobody here knows that it only reads"
        }
        return spec.flags.contains(.write) ? refusal : nil
    }
}

extension Console {
    /// True when none of these would change anything, or nothing is said against that. Says what
    /// is refused otherwise.
    func allows(_ commands: [[[UInt8]]]) -> Bool {
        guard caution.isReadOnly else { return true }
        for words in commands {
            let refusal = ReadOnly.refusal(of: words) { words in
                guard case .remote = endpoint.target else { return nil }
                return (try? Explain.remoteSpec(words, self)) ?? nil
            }
            guard let refusal else { continue }
            complain(refusal + "\n", at: currentSource)
            _ = note(.notAllowed)
            return false
        }
        return true
    }

    /// True when a command of the console's own may change keys.
    func allowsChanges(_ what: String) -> Bool {
        guard caution.isReadOnly else { return true }
        complain("\(what) is refused: read only (:set readonly off)\n", at: currentSource)
        _ = note(.notAllowed)
        return false
    }
}
