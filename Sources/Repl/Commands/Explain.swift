import Bytes
import Client
import Engine
import Grammar
import Wire

// `:explain`: one word may be a measure of INFO, the code word of an error or a setting; anything
// else is a command line, of which is told what it would touch and cost, without running it.
// Commands are explained from the declarations of the engine, and where a server has more than
// these, from what it tells of itself.

enum Explain {
    static var commands: [Command<Console>] { [explain] }

    static let explain = Command<Console>(
        ":EXPLAIN", .connection, [], since: "1.0.0",
        summary: """
            Tells what a command would touch and cost without running it, or what a measure of \
            INFO, an error's code word or a setting means.
            """, complexity: "",
        arguments: [.string("command|measure|error"), .string("argument").optional.repeated],
        examples: [":explain SET greeting hello", ":explain used_memory", ":explain WRONGTYPE"],
        run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let words = Console.words(call, from: 1)
        let first = call[1].text
        if words.count == 1, let text = try meaning(of: first, console) {
            reply.buffer.append(utf8: text)
            return
        }
        if let entry = entry(words) {
            reply.buffer.append(utf8: Self.text(entry.spec, entry.flags, keys(entry, words)))
        } else if let spec = try remoteSpec(words, console) {
            reply.buffer.append(
                utf8: Self.text(spec, spec.flags, try remoteKeys(words, console)))
        } else {
            throw CommandError("\(first) is no command, measure, error or setting that is known")
        }
    }

    // MARK: Words

    private static func meaning(
        of word: String, _ console: Console
    ) throws(CommandError) -> String? {
        if let text = ErrorCodes.meaning(of: word.uppercased()) {
            return "\(word.uppercased()), an error\n  \(text)\n"
        }
        let small = word.lowercased()
        let card = ExplainCards.find(small)
        if let card, card.id == small {
            let rows = card.rows(try figures(console), width: 76)
            return rows[0] + "\n" + rows.dropFirst().map { "  \($0)\n" }.joined()
        }
        if let metric = AllMetrics.list.first(where: { $0.name == small }) {
            var text = "\(small), in the section \(metric.section.rawValue) of INFO\n"
            text += "  \(metric.doc)\n"
            switch metric.kind {
            case .gauge: text += "  It goes up and down.\n"
            case .counter: text += "  It only rises, until CONFIG RESETSTAT or a restart.\n"
            case .fact: break
            }
            if let value = try value(of: small, metric.section, console) {
                text += "  It is \(value) now.\n"
            }
            if let card { text += "  :explain \(card.id) tells more.\n" }
            return text
        }
        guard let setting = AllSettings.find(ByteString(small), .valkey80) else { return nil }
        return "\(small), a setting\n  \(setting.doc)\n  :config \(small) shows its value.\n"
    }

    /// The figures of the target at this moment; none when it cannot be asked.
    private static func figures(_ console: Console) throws(CommandError) -> LiveFigures {
        guard console.endpoint.isConnected, console.endpoint.state.queued == nil else {
            return LiveFigures()
        }
        let info = try console.ask("INFO", "everything").plainBytes ?? []
        return LiveFigures(info: String(decoding: info, as: UTF8.self))
    }

    private static func value(
        of metric: String, _ section: MetricSection, _ console: Console
    ) throws(CommandError) -> String? {
        guard console.endpoint.isConnected, console.endpoint.state.queued == nil else { return nil }
        let info = try console.ask("INFO", section.rawValue).plainBytes ?? []
        let rows = String(decoding: info, as: UTF8.self).split(whereSeparator: \.isNewline)
        return rows.first { $0.hasPrefix(metric + ":") }.map {
            String($0.dropFirst(metric.count + 1))
        }
    }

    // MARK: Commands

    private static func entry(_ words: [[UInt8]]) -> CommandTable<Store>.Entry? {
        let table = CommandTable<Store>(AllCommands.list, flavour: .valkey80)
        let name = words[0]
        guard let number = table.find(name.rawSpan) else { return nil }
        let second = words.count > 1 ? words[1] : []
        let inner = table.findSubcommand(of: number, second.rawSpan)
        return table.entries[inner ?? number]
    }

    private static func keys(
        _ entry: CommandTable<Store>.Entry, _ words: [[UInt8]]
    ) -> [String] {
        var list = ArgumentList()
        for word in words { list.append(word.rawSpan) }
        guard entry.accepts(words.count), let keys = entry.keys(of: list.arguments) else {
            return entry.hasKeys ? ["(the line is not whole)"] : []
        }
        return keys.map { "\(shown(words[$0.word])) \(purpose($0.flags))" }
    }

    /// The command as a server tells of it.
    static func remoteSpec(
        _ words: [[UInt8]], _ console: Console
    ) throws(CommandError) -> CommandSpec? {
        let name = String(decoding: words[0], as: UTF8.self)
        let docs = try console.ask("COMMAND", "DOCS", name)
        let info = try console.ask("COMMAND", "INFO", name)
        let catalog = CommandCatalog(
            CommandDocs.commands(docs: docsValue(docs), info: docsValue(info)))
        return catalog.find(words.map { ByteString($0) })
    }

    private static func remoteKeys(
        _ words: [[UInt8]], _ console: Console
    ) throws(CommandError) -> [String] {
        let reply = try console.ask(["COMMAND", "GETKEYS"].map { Array($0.utf8) } + words)
        return reply.errorText == nil ? reply.flattened.map(shown) : []
    }

    private static func docsValue(_ reply: RESPValue) -> DocsValue {
        switch reply {
        case .integer(let number): .number(Int(number))
        case .array(let elements), .set(let elements), .push(let elements):
            .list(elements.map(docsValue))
        case .map(let pairs): .list(pairs.flatMap { [docsValue($0.key), docsValue($0.value)] })
        case .attributed(_, let value): docsValue(value)
        default: .text(String(decoding: reply.plainBytes ?? [], as: UTF8.self))
        }
    }

    private static func text(
        _ spec: CommandSpec, _ flags: CommandFlags, _ keys: [String]
    ) -> String {
        var rows = [("keys", keys.isEmpty ? "none" : keys.joined(separator: ", "))]
        if !spec.complexity.isEmpty { rows.append(("cost", spec.complexity)) }
        let isWrite = flags.contains(.write)
        var kind = isWrite ? "writes" : flags.contains(.readonly) ? "reads" : "touches no data"
        if flags.contains(.denyOOM) { kind += "; refused when memory is full" }
        if flags.contains(.admin) { kind += "; for administrators" }
        rows.append(("effect", kind))
        rows.append(("blocks", flags.contains(.blocking) ? "may wait, this connection only" : "no"))
        rows.append(("in MULTI", flags.contains(.noMulti) ? "refused" : "allowed"))
        rows.append(("in scripts", flags.contains(.noscript) ? "refused" : "allowed"))
        let copied = isWrite ? "yes" : flags.contains(.mayReplicate) ? "perhaps" : "no"
        rows.append(("to replicas", copied))
        let names = CommandFlags.names.filter { flags.contains($0.0) }.map(\.1)
        if !names.isEmpty { rows.append(("flags", names.joined(separator: " "))) }
        let lines = rows.map { label, value in
            "  " + label + String(repeating: " ", count: 13 - label.count) + value + "\n"
        }
        return "\(spec.typedName): \(spec.summary)\n" + lines.joined()
    }

    private static func purpose(_ flags: KeyFlags) -> String {
        if flags.contains(.remove) { return "(removed)" }
        if flags.contains(.overwrite) { return "(replaced)" }
        if flags.contains(.readWrite) { return "(changed)" }
        return "(read)"
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
    }
}

/// What the code words of errors mean, and what helps.
enum ErrorCodes {
    static func meaning(of code: String) -> String? { texts[code] }

    private static let texts: [String: String] = [
        "ERR": "Something is wrong with the request; the words behind it say what.",
        "WRONGTYPE": """
        The key holds another type than the command works on. TYPE KEY or :peek KEY tells \
        which; DEL KEY makes room for a new value.
        """,
        "NOAUTH": "The server wants a password first: AUTH PASSWORD, or larder --askpass.",
        "WRONGPASS": "The user or the password is wrong, or the user is disabled.",
        "NOPERM": "The user may not run this command or touch this key or channel.",
        "OOM": """
        Memory is over maxmemory and nothing may be evicted. Writes fail until keys go, \
        maxmemory rises, or maxmemory-policy allows eviction.
        """,
        "BUSY": "A script has run for long. SCRIPT KILL ends one that has written nothing.",
        "BUSYKEY": "The target key exists already; REPLACE overwrites it.",
        "BUSYGROUP": "The stream has a consumer group of this name already.",
        "NOGROUP": "There is no such stream or consumer group; XGROUP CREATE makes one.",
        "NOSCRIPT": "The server does not know the script with this digest; EVAL sends it whole.",
        "LOADING": "The server is still reading its data from disk. Try again soon.",
        "READONLY": "This server is a replica and takes no writes. Write to its primary.",
        "MASTERDOWN": "The replica has lost its primary and may not show stale data.",
        "MISCONF": """
        The last snapshot failed, and stop-writes-on-bgsave-error forbids writes since. The \
        log of the server says why: often the disk is full.
        """,
        "NOREPLICAS": "Fewer replicas follow than min-replicas-to-write asks for.",
        "EXECABORT": "A command was refused while the transaction was queued, so none was run.",
        "NOPROTO": "The server does not speak the protocol version that HELLO asked for.",
        "MOVED": "Another node of the cluster has this key's slot: the one named in the error.",
        "ASK": "The key's slot is moving; ask the named node, after ASKING.",
        "CROSSSLOT": """
        The keys of one command must live in one slot of the cluster. Names with the same \
        part in braces do: {user1}:name and {user1}:mail.
        """,
        "TRYAGAIN": "Keys of this command are moving between nodes. Try again soon.",
        "CLUSTERDOWN": "The cluster lacks a node for some slot, or has no majority.",
        "INPROG": "A failover is going on already.",
        "NOTBUSY": "No script is running that could be killed.",
        "UNKILLABLE": "The script has written already, so only SHUTDOWN NOSAVE ends it.",
        "UNBLOCKED": "Somebody ended the waiting of this connection with CLIENT UNBLOCK.",
    ]
}
