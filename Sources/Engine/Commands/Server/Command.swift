import Bytes
import Grammar
import Wire

// COMMAND: the table of commands as data, for clients. Everything in its replies follows from the
// declarations; commands come in the order in which they were declared.

/// The commands about the commands.
enum Introspection {
    static var commands: [Command<Store>] { [command] }
}

/// COMMAND and its subcommands.
extension Introspection {
    static let command = Command<Store>(
        container: "COMMAND", .server, [.loading, .stale], since: "2.8.13",
        summary: "Describes the commands of this server.",
        complexity: "O(N), N being the number of commands.", categories: [.connection],
        tips: ["nondeterministic_output_order"], examples: ["COMMAND COUNT"],
        subcommands: [
            commandCount, commandDocs, commandHelp, commandInfo, commandList,
        ] + commandGetKeys + commandGetKeysAndFlags, run: runCommand)

    static func runCommand(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.array(store.commands.topLevel.count)
        for number in store.commands.topLevel { store.commands.writeInfo(number, to: &reply) }
    }

    static let commandCount = Command<Store>(
        "COMMAND COUNT", .server, [.loading, .stale], since: "2.8.13",
        summary: "Counts the commands of this server.", complexity: "O(1)",
        categories: [.connection], examples: ["COMMAND COUNT"], run: runCommandCount)

    static func runCommandCount(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(store.commands.topLevel.count)
    }

    static let commandHelp = Command<Store>(
        "COMMAND HELP", .server, [.loading, .stale], since: "5.0.0",
        summary: "Shows what there is under COMMAND.", complexity: "O(1)",
        categories: [.connection], examples: ["COMMAND HELP"], run: Help.run)

    // MARK: INFO and DOCS

    static let commandInfo = Command<Store>(
        "COMMAND INFO", .server, [.loading, .stale], since: "2.8.13",
        summary: "Describes the named commands, or all: arity, flags, keys, categories.",
        complexity: "O(N), N being the number of commands asked for.",
        history: ["7.0.0": "Without names, all commands."], categories: [.connection],
        arguments: [.string("command-name").optional.repeated],
        tips: ["nondeterministic_output_order"], examples: ["COMMAND INFO get"],
        run: runCommandInfo)

    static func runCommandInfo(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count == 2 { return try runCommand(&store, call, &reply) }
        reply.array(call.count - 2)
        for index in 2..<call.count {
            if let number = store.commands.find(reported: call[index]) {
                store.commands.writeInfo(number, to: &reply)
            } else {
                reply.null()
            }
        }
    }

    static let commandDocs = Command<Store>(
        "COMMAND DOCS", .server, [.loading, .stale], since: "7.0.0",
        summary: "Documents the named commands, or all: what they do and their arguments.",
        complexity: "O(N), N being the number of commands asked for.",
        categories: [.connection],
        arguments: [.string("command-name").optional.repeated],
        tips: ["nondeterministic_output_order"], examples: ["COMMAND DOCS set"],
        run: runCommandDocs)

    static func runCommandDocs(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var numbers = store.commands.topLevel
        if call.count > 2 {
            numbers = []
            for index in 2..<call.count {
                guard let number = store.commands.find(reported: call[index]) else { continue }
                numbers.append(number)
            }
        }
        let docs = CommandDocs(flavour: store.settings.flavour)
        reply.map(numbers.count)
        for number in numbers { docs.write(store.commands.entries[number].spec, to: &reply) }
    }

    // MARK: LIST

    static let commandList = Command<Store>(
        "COMMAND LIST", .server, [.loading, .stale], since: "7.0.0",
        summary: "Lists the names of commands: all, or those of a module, category or pattern.",
        complexity: "O(N), N being the number of commands.", categories: [.connection],
        arguments: [
            .oneOf(
                "filterby",
                [
                    .string("module-name").after("MODULE"), .string("category").after("ACLCAT"),
                    .pattern("pattern").after("PATTERN"),
                ]
            ).after("FILTERBY").optional
        ],
        tips: ["nondeterministic_output_order"],
        examples: ["COMMAND LIST", "COMMAND LIST FILTERBY PATTERN get*"], run: runCommandList)

    static func runCommandList(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count == 2 {
            reply.array(store.commands.topLevel.count)
            for number in store.commands.topLevel { writeName(number, store, &reply) }
            return
        }
        guard call.count == 5, call[2].matches("FILTERBY") else { throw .syntax }
        let chosen: [Int]
        if call[3].matches("MODULE") {
            chosen = []
        } else if call[3].matches("ACLCAT") {
            let wanted = category(call[4])
            chosen = numbers(store) { !$0.allCategories.isDisjoint(with: wanted) }
        } else if call[3].matches("PATTERN") {
            let pattern = call[4].copied()
            chosen = numbers(store) {
                Glob.matches(pattern, Array($0.reportedName.utf8), ignoringCase: true)
            }
        } else {
            throw .syntax
        }
        reply.array(chosen.count)
        for number in chosen { writeName(number, store, &reply) }
    }

    /// The category with this name, in any case of letters; empty when there is none.
    private static func category(_ name: RawSpan) -> ACLCategory {
        let small = name.copied().map(\.asciiLowercased)
        return ACLCategory.names.first { Array($0.1.utf8) == small }?.0 ?? []
    }

    private static func numbers(
        _ store: borrowing Store, where isWanted: (CommandSpec) -> Bool
    ) -> [Int] {
        store.commands.entries.indices.filter { isWanted(store.commands.entries[$0].spec) }
    }

    private static func writeName(
        _ number: Int, _ store: borrowing Store, _ reply: inout ReplyWriter
    ) {
        reply.bulk(utf8: store.commands.entries[number].spec.reportedName)
    }

    // MARK: GETKEYS

    static let commandGetKeys = getKeys(
        "COMMAND GETKEYS", since: "2.8.13", summary: "Names the keys in a full command line.",
        example: "COMMAND GETKEYS MSET a 1 b 2", run: runCommandGetKeys)

    /// Redis 7.0 wants one word more than it needs, and declares none.
    private static func getKeys(
        _ name: String, since: String, summary: String, example: String,
        run: @escaping Command<Store>.Handler
    ) -> [Command<Store>] {
        let newer: [Argument] = [.string("command"), .string("arg").optional.repeated]
        let forms: [(Availability, [Argument], Int?)] = [
            (.redis70, [], -4), (.since72, newer, nil),
        ]
        return forms.map { availability, arguments, arity in
            Command<Store>(
                name, .server, [.loading, .stale], since: since, summary: summary,
                complexity: "O(N), N being the number of words.", availability: availability,
                categories: [.connection], arguments: arguments, arity: arity,
                examples: [example], run: run)
        }
    }

    static func runCommandGetKeys(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let keys = try keys(of: call, store)
        reply.array(keys.count)
        for key in keys { reply.bulk(call[key.word + 2]) }
    }

    static let commandGetKeysAndFlags = getKeys(
        "COMMAND GETKEYSANDFLAGS", since: "7.0.0",
        summary: "Names the keys in a full command line, and what is done with each.",
        example: "COMMAND GETKEYSANDFLAGS SET a 1 GET", run: runCommandGetKeysAndFlags)

    static func runCommandGetKeysAndFlags(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let keys = try keys(of: call, store)
        reply.array(keys.count)
        for key in keys {
            reply.array(2)
            reply.bulk(call[key.word + 2])
            reply.keyFlags(key.flags)
        }
    }

    /// The keys of the command line that begins at the third word.
    private static func keys(
        of call: borrowing Call, _ store: borrowing Store
    ) throws(CommandError) -> [KeyPosition] {
        guard var number = store.commands.find(call[2]) else { throw .invalidCommand }
        if store.commands.entries[number].isContainer, call.count > 3 {
            guard let subcommand = store.commands.findSubcommand(of: number, call[3]) else {
                throw .invalidCommand
            }
            number = subcommand
        }
        let entry = store.commands.entries[number]
        guard entry.hasKeys else { throw .noKeyArguments }
        guard entry.accepts(call.count - 2) else { throw .invalidArgumentCount }
        if let keys = entry.keys(of: call.arguments, from: 2) { return keys }
        if entry.flags.contains(.noMandatoryKeys) { return [] }
        throw .invalidKeyArguments
    }
}
