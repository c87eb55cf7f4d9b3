import Bytes
import Engine
import Grammar
import Terminal
import Wire

/// What `help` and `:help` say.
enum HelpText {
    static let setUsage = """
        :set render FORM, :set utf8|timing|pager|shell|keyscan|confirm|readonly on|off, \
        :set editor emacs|vi, :set production on|off|auto, :set prompt TEMPLATE
        """

    /// What `:help` says: the commands with a colon, from their declarations, and the keys.
    static func own(_ catalog: CommandCatalog) -> String {
        let rows = catalog.commands.map { spec in
            "  \(SyntaxPrinter.line(spec).lowercased())\n      \(spec.summary)\n"
        }
        return """
            Larder's own commands begin with a colon; help :peek shows examples of one.
            \(rows.joined())
            Everything else is a cache command; help lists them, help SET explains one.
            A number before a command repeats it: 5 INCR visits. An open quote goes on in the \
            next row.
            GET page | wc -c gives the bare reply to a shell command, GET page > FILE to a file, \
            >> adds to one.
            SET poem <<END takes the rows up to END as one argument.
            Ctrl-R searches what was typed before, Alt-. inserts the last word of it. Ctrl-X Ctrl-E
            opens the line in $VISUAL or $EDITOR. Ctrl-C gives up a line or a command that runs.
            Ctrl-D, quit or exit leaves.

            """
    }

    /// The first steps of somebody who has never used a cache.
    static let tour = [
        "SET greeting hello", "GET greeting", "SET greeting hello EX 60", "TTL greeting",
        "INCR visits", "DEL greeting visits",
    ]

    private static let tourRemarks = [
        "keep a value under a name, the key", "read it", "the same, gone after 60 seconds",
        "how many seconds are left", "count", "remove both",
    ]

    /// What `help` says before the list.
    static var newcomer: String {
        var text = "A cache keeps values under keys. Type these, or :try 1 and so on:\n"
        for (index, line) in tour.enumerated() {
            let blanks = String(repeating: " ", count: 28 - line.count)
            text += "  \(index + 1)) \(line)\(blanks)\(tourRemarks[index])\n"
        }
        return text + "\nAll commands by group:\n"
    }

    /// What `help COMMAND` says: the page, how other servers differ, and numbered examples.
    static func page(_ spec: CommandSpec, differences: [String]) -> String {
        let page = HelpPage(spec)
        var lines = page.body + differences.map { "  " + $0 }
        if !page.examples.isEmpty { lines.append("  examples, :try 1 runs the first:") }
        for (index, example) in page.examples.enumerated() {
            lines.append("    \(index + 1)) \(example)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The same for a command of the console, which has no history and no flavours.
    static func ownPage(_ spec: CommandSpec) -> String {
        var text = "\(SyntaxPrinter.line(spec).lowercased())\n  \(spec.summary)\n"
        for (index, example) in spec.examples.enumerated() {
            text += "    \(index + 1)) \(example)\n"
        }
        return text
    }

    /// How the flavours other than the newest have a command.
    static func differences(_ spec: CommandSpec) -> [String] {
        let newest = SyntaxPrinter.line(spec.adapted(to: .valkey80))
        return Flavour.allCases.filter { $0 != .valkey80 }.compactMap { flavour in
            guard spec.exists(in: flavour) else { return "not in \(flavour.rawValue)" }
            let syntax = SyntaxPrinter.line(spec.adapted(to: flavour))
            return syntax == newest ? nil : "in \(flavour.rawValue): \(syntax)"
        }
    }

    /// The groups with their commands, for `help` alone.
    static func overview(_ catalog: CommandCatalog) -> String {
        var text = newcomer
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

    /// A row in colours: a row from the edge that is no sentence is a heading, and a numbered row
    /// begins with a line that can be typed.
    static func colored(_ row: String) -> String {
        guard let first = row.first else { return row }
        if first != " " {
            guard let last = row.last, !".,:;".contains(last) else { return row }
            return Text(row, Style(bold: true)).rendered(colored: true)
        }
        let blanks = row.prefix { $0 == " " }
        let rest = row.dropFirst(blanks.count)
        let digits = rest.prefix { $0.isNumber }
        guard !digits.isEmpty, rest.dropFirst(digits.count).hasPrefix(") ") else { return row }
        let line = rest.dropFirst(digits.count + 2)
        let end = line.firstRange(of: "  ")?.lowerBound ?? line.endIndex
        let typed = Text(String(line[..<end]), Style(.cyan)).rendered(colored: true)
        return "\(blanks)\(digits)) \(typed)\(line[end...])"
    }

    /// Names and summaries of commands.
    static func list(_ specs: [CommandSpec]) -> String {
        specs.map { "\($0.typedName)\n    \($0.summary)\n" }.joined()
    }
}

extension Console {
    /// Shows text of the help: headings stand out, and so do lines that can be typed.
    private func showHelp(_ text: String) {
        guard output.isColored, output.diversion == nil else { return output.write(text) }
        var rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for index in rows.indices { rows[index] = HelpText.colored(rows[index]) }
        present(Array(rows.joined(separator: "\n").utf8), isStream: false)
    }

    /// `help`, `help SET`, `help CONFIG GET`, `help @string`. Works without a server.
    func help(_ words: [[UInt8]]) {
        let catalog = Self.catalog
        guard let first = words.first.map({ String(decoding: $0, as: UTF8.self) }) else {
            examples = HelpText.tour
            return showHelp(HelpText.overview(catalog))
        }
        if first.hasPrefix(":") {
            guard let spec = Self.ownCommands.catalog.find(words.map { ByteString($0) }) else {
                return showHelp(HelpText.own(Self.ownCommands.catalog))
            }
            examples = spec.examples
            return showHelp(HelpText.ownPage(spec))
        }
        if first.hasPrefix("@") {
            let name = first.dropFirst().lowercased()
            if let group = catalog.groups.first(where: { $0.rawValue == name }) {
                return showHelp(HelpText.list(catalog.commands(in: group)))
            }
            let names = catalog.groups.map { "@" + $0.rawValue }
            return showHelp("\(first) is no group; there is \(names.joined(separator: " "))\n")
        }
        if let spec = catalog.find(words.map { ByteString($0) }) {
            examples = spec.examples
            // The list has the command as all flavours together have it.
            let whole = AllCommands.list.map(\.spec).flatMap { [$0] + $0.subcommands }
                .first { $0.typedName == spec.typedName }
            return showHelp(
                HelpText.page(spec, differences: whole.map(HelpText.differences) ?? []))
        }
        let near = catalog.commands.map(\.name).filter { $0.hasPrefix(first.uppercased()) }
        let hint = near.isEmpty ? "help lists all" : "there is \(near.joined(separator: " "))"
        showHelp("\(first) is not known; \(hint)\n")
    }

    /// `? WORD`: the commands whose name or summary has the word.
    func search(_ words: [[UInt8]]) {
        let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        if text.isEmpty { return help([]) }
        let found = Self.catalog.search(text)
        showHelp(found.isEmpty ? "nothing speaks of \(text)\n" : HelpText.list(found))
    }

    private static var catalog: CommandCatalog {
        CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog
    }
}
