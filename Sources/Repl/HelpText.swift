import Bytes
import Engine
import Grammar
import Wire

/// What `help` and `:help` say.
enum HelpText {
    static let setUsage = ":set render classic|raw, :set editor emacs|vi"

    static let ownCommands = """
        Larder's own commands begin with a colon:
          :help                    this text
          :set                     how the prompt behaves, as it is
          :set render classic|raw  replies as redis-cli shows them, or bare
          :set editor emacs|vi     which keys edit the line
          :target                  where commands go
          :target ADDRESS          redis://[user:password@]host:port/db, unix:PATH or embedded

        Everything else is a cache command; help lists them, help SET explains one.
        A number before a command repeats it: 5 INCR visits. An open quote goes on in the next row.
        Ctrl-R searches what was typed before. Ctrl-C gives up a line or a command that runs.
        Ctrl-D, quit or exit leaves.

        """

    /// The groups with their commands, for `help` alone.
    static func overview(_ catalog: CommandCatalog) -> String {
        var text = ""
        for group in catalog.groups {
            text += "\(group.rawValue)\n"
            var row = " "
            for spec in catalog.commands where spec.group == group {
                if row.count + spec.name.count + 1 > 78 {
                    text += row + "\n"
                    row = " "
                }
                row += " " + spec.name
            }
            text += row + "\n"
        }
        return text + """

            help COMMAND explains one, help @GROUP those of a group, ? WORD searches;
            :help tells of the prompt itself.

            """
    }

    /// Names and summaries of commands.
    static func list(_ specs: [CommandSpec]) -> String {
        specs.map { "\($0.typedName)\n    \($0.summary)\n" }.joined()
    }
}

extension Console {
    /// `help`, `help SET`, `help CONFIG GET`, `help @string`. Works without a server.
    func help(_ words: [[UInt8]]) {
        let catalog = Self.catalog
        guard let first = words.first.map({ String(decoding: $0, as: UTF8.self) }) else {
            return output.write(HelpText.overview(catalog))
        }
        if first.hasPrefix(":") { return output.write(HelpText.ownCommands) }
        if first.hasPrefix("@") {
            let name = first.dropFirst().lowercased()
            if let group = catalog.groups.first(where: { $0.rawValue == name }) {
                return output.write(HelpText.list(catalog.commands(in: group)))
            }
            let names = catalog.groups.map { "@" + $0.rawValue }
            return output.write("\(first) is no group; there is \(names.joined(separator: " "))\n")
        }
        if let spec = catalog.find(words.map { ByteString($0) }) {
            let lines = HelpPage(spec).lines.map { $0 + "\n" }
            return output.write(lines.joined())
        }
        let near = catalog.commands.map(\.name).filter { $0.hasPrefix(first.uppercased()) }
        let hint = near.isEmpty ? "help lists all" : "there is \(near.joined(separator: " "))"
        output.write("\(first) is not known; \(hint)\n")
    }

    /// `? WORD`: the commands whose name or summary has the word.
    func search(_ words: [[UInt8]]) {
        let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        if text.isEmpty { return help([]) }
        let found = Self.catalog.search(text)
        output.write(found.isEmpty ? "nothing speaks of \(text)\n" : HelpText.list(found))
    }

    private static var catalog: CommandCatalog {
        CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog
    }
}
