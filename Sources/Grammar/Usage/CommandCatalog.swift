public import Bytes

/// The commands that help, hints and completion speak of: those of a table, or those that a
/// remote server has told of itself.
public struct CommandCatalog: Sendable {
    /// The commands, without their subcommands, in the order of their names.
    public let commands: [CommandSpec]
    private let places: [String: Int]

    /// A catalogue of these commands.
    public init(_ commands: [CommandSpec]) {
        self.commands = commands.sorted { $0.name < $1.name }
        places = Dictionary(
            self.commands.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The command that a line names, its subcommand where there is one.
    public func find(_ line: [ByteString]) -> CommandSpec? {
        guard let first = line.first, let place = places[first.text.uppercased()] else {
            return nil
        }
        let command = commands[place]
        guard line.count > 1 else { return command }
        let second = line[1].text.uppercased()
        return command.subcommands.first { $0.name == second } ?? command
    }

    /// The groups that have commands, in the order of their declaration.
    public var groups: [CommandGroup] {
        CommandGroup.allCases.filter { group in commands.contains { $0.group == group } }
    }

    /// The commands of a group, subcommands included.
    public func commands(in group: CommandGroup) -> [CommandSpec] {
        commands.flatMap { [$0] + $0.subcommands }.filter { $0.group == group }
    }

    /// The commands whose name or summary contains a word, in any case of letters.
    public func search(_ word: String) -> [CommandSpec] {
        let wanted = Array(word.lowercased().utf8)
        return commands.flatMap { [$0] + $0.subcommands }.filter { spec in
            [spec.typedName, spec.summary].contains {
                CommandCatalog.contains(Array($0.lowercased().utf8), wanted)
            }
        }
    }

    private static func contains(_ text: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard text.count >= wanted.count else { return false }
        return (0...text.count - wanted.count).contains {
            text[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}

extension CommandTable where State: ~Copyable {
    /// The table's commands as data.
    public var catalog: CommandCatalog { CommandCatalog(topLevel.map { entries[$0].spec }) }
}
