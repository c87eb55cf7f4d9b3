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
        if let card = ErrorCards.card(code: word.uppercased()) {
            let look = card.deeper.joined(separator: " · ")
            return "\(card.code), an error\n  \(card.text)\n"
                + (look.isEmpty ? "" : "  Look: \(look)\n")
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
