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
    static func overview(_ commands: [CommandSpec]) -> String {
        var text = ""
        for group in CommandGroup.allCases {
            let names = commands.filter { $0.group == group }.map(\.name).sorted()
            if names.isEmpty { continue }
            text += "\(group.rawValue)\n"
            var row = " "
            for name in names {
                if row.count + name.count + 1 > 78 {
                    text += row + "\n"
                    row = " "
                }
                row += " " + name
            }
            text += row + "\n"
        }
        return text + "\nhelp COMMAND explains one; :help tells of the prompt itself.\n"
    }

    /// What is known of one command.
    static func text(_ spec: CommandSpec) -> String {
        let name = [spec.container, spec.name].compactMap(\.self).joined(separator: " ")
        var text = "\(name)\n  \(spec.summary)\n"
        text += "  complexity: \(spec.complexity)\n"
        text += "  since: \(spec.since)   group: \(spec.group.rawValue)\n"
        if !spec.subcommands.isEmpty {
            let names = spec.subcommands.map(\.name).sorted().joined(separator: " ")
            text += "  subcommands: \(names)\n"
        }
        for example in spec.examples.prefix(3) { text += "  example: \(example)\n" }
        return text
    }
}

extension Console {
    /// `help`, `help SET`, `help CONFIG GET`, `help @string`. Works without a server.
    func help(_ words: ArraySlice<[UInt8]>) -> Bool {
        let table = CommandTable<Store>(AllCommands.list, flavour: .valkey80)
        let specs = table.topLevel.map { table.entries[$0].spec }
        guard let first = words.first else {
            output.write(HelpText.overview(specs))
            return true
        }
        let text = String(decoding: first, as: UTF8.self)
        if text.hasPrefix(":") {
            output.write(HelpText.ownCommands)
        } else if text.hasPrefix("@") {
            let group = specs.filter { $0.group.rawValue == text.dropFirst().lowercased() }
            if group.isEmpty {
                let names = CommandGroup.allCases.map { "@" + $0.rawValue }
                output.write("\(text) is no group; there is \(names.joined(separator: " "))\n")
            } else {
                for spec in group.sorted(by: { $0.name < $1.name }) {
                    output.write("\(spec.name)\n  \(spec.summary)\n")
                }
            }
        } else if let number = table.find(first.rawSpan) {
            let second = words.dropFirst().first ?? []
            let inner = table.findSubcommand(of: number, second.rawSpan)
            output.write(HelpText.text(table.entries[inner ?? number].spec))
        } else {
            let near = specs.map(\.name).filter { $0.hasPrefix(text.uppercased()) }
            let hint = near.isEmpty ? "help lists all" : "there is \(near.joined(separator: " "))"
            output.write("\(text) is not known; \(hint)\n")
        }
        return true
    }
}
