import Bytes
import Grammar
import Wire

// DEBUG: what makes behaviour visible and testable. It is one command with words behind it, not a
// container: its subcommands have no entries of their own in the table of commands.

/// What DEBUG has switched.
struct DebugSwitches {
    /// True when no regular work is done.
    var isCronPaused = false
    /// True when RESTORE does not look at checksums.
    var ignoresChecksums = false
    /// The size, in bytes, from which an element of a list is a node of its own; nil is the
    /// default.
    var packedThreshold: Int?
    /// True when scripts may run commands that are not for scripts.
    var allowsDeniedScripts = false
}

/// DEBUG.
enum Debugging {
    static var commands: [Command<Store>] { [debug] }

    /// A subcommand: how many words may follow it, and what it does.
    struct Action: Sendable {
        let name: StaticString
        let words: ClosedRange<Int>
        /// How the words are called, and what it is good for.
        let help: (words: String, meaning: String)
        let availability: Availability
        let run: Command<Store>.Handler

        init(
            _ name: StaticString, _ words: ClosedRange<Int>, _ help: (String, String),
            _ availability: Availability = .everywhere, _ run: @escaping Command<Store>.Handler
        ) {
            self.name = name
            self.words = words
            self.help = help
            self.availability = availability
            self.run = run
        }
    }

    static let actions = data + inspection + switches + tools

    static let debug = Command<Store>(
        "DEBUG", .server, [.admin, .noscript, .loading, .stale], since: "1.0.0",
        summary: "Shows the inside of the server and changes how it behaves, for tests.",
        complexity: "That of the subcommand.",
        arguments: [
            .oneOf("subcommand", actions.map { .token("\($0.name)").only($0.availability) }),
            .string("argument").optional.repeated,
        ],
        arity: -2, examples: ["DEBUG DIGEST", "DEBUG OBJECT greeting", "DEBUG SLEEP 0.5"],
        run: runDebug)

    static func runDebug(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        for action in actions
        where call[1].matches(action.name)
            && action.availability.contains(store.settings.flavour.availability)
        {
            guard action.words.contains(call.count - 2) else { break }
            return try action.run(&store, call, &reply)
        }
        throw .unknownOrWrongArity(call[1], of: "DEBUG")
    }

    // MARK: Switches

    private static func isOn(_ word: RawSpan) -> Bool {
        // As C's `atoi`: what is no number is 0.
        ByteString(word).numberOfC.map { $0 != 0 } ?? false
    }

    static let switches: [Action] = [
        Action(
            "SET-ACTIVE-EXPIRE", 1...1,
            ("<0|1>", "Chooses whether expired keys go before anybody asks for them.")
        ) { store, call, reply throws(CommandError) in
            store.expiryCycle.isActive = isOn(call[2])
            reply.ok()
        },
        Action(
            "PAUSE-CRON", 1...1, ("<0|1>", "Stops all regular work, or lets it go on.")
        ) { store, call, reply throws(CommandError) in
            store.debugging.isCronPaused = isOn(call[2])
            reply.ok()
        },
        Action(
            "SET-SKIP-CHECKSUM-VALIDATION", 1...1,
            ("<0|1>", "Chooses whether RESTORE takes payloads with a wrong checksum.")
        ) { store, call, reply throws(CommandError) in
            store.debugging.ignoresChecksums = isOn(call[2])
            reply.ok()
        },
        Action(
            "SET-DISABLE-DENY-SCRIPTS", 1...1,
            ("<0|1>", "Chooses whether scripts may run any command.")
        ) { store, call, reply throws(CommandError) in
            store.debugging.allowsDeniedScripts = isOn(call[2])
            reply.ok()
        },
        Action(
            "QUICKLIST-PACKED-THRESHOLD", 1...1,
            ("<size>", "The size from which a list's element is a node of its own; 0 resets.")
        ) { store, call, reply throws(CommandError) in
            guard let size = ByteString(call[2]).memorySize, size < 1 << 32 else {
                throw .badPackedThreshold
            }
            store.debugging.packedThreshold = size == 0 ? nil : Int(size)
            reply.ok()
        },
        Action(
            "REPLYBUFFER", 2...2,
            (
                "<PEAK-RESET-TIME <NEVER|RESET|time>|RESIZING <0|1>>",
                "Accepted for tests; reply buffers give memory back by themselves here."
            )
        ) { store, call, reply throws(CommandError) in
            if call[2].matches("PEAK-RESET-TIME") {
                let isWord = call[3].matches("NEVER") || call[3].matches("RESET")
                guard isWord || call[3].canonicalInteger != nil else { throw .notInteger }
            } else if !call[2].matches("RESIZING") {
                throw .unknownOrWrongArity(call[1], of: "DEBUG")
            }
            reply.ok()
        },
    ]

    // MARK: Tools

    static let tools: [Action] = [
        Action(
            "SLEEP", 1...1, ("<seconds>", "Holds the whole server; decimals are allowed.")
        ) { store, call, reply throws(CommandError) in
            let seconds = Doubles.parse(call[2]) ?? 0
            if seconds > 0, seconds < 1e9 {
                store.heldNanoseconds = UInt64(seconds * 1e9)
                store.attention.insert(.held)
                store.effects.append(.hold(nanoseconds: store.heldNanoseconds))
            }
            reply.ok()
        },
        Action(
            "PROTOCOL", 1...1,
            ("<type>", "Replies with a value of that type of the protocol.")
        ) { store, call, reply throws(CommandError) in
            try sample(call[2], &reply)
        },
        Action(
            "ERROR", 1...1, ("<text>", "Replies with that error.")
        ) { store, call, reply throws(CommandError) in
            throw CommandError(ByteString(call[2]))
        },
        Action(
            "STRINGMATCH-LEN", 2...2,
            ("<pattern> <text>", "Says whether a pattern, as of KEYS, fits a text."), .since72
        ) { store, call, reply throws(CommandError) in
            reply.integer(Glob.matches(call[2].copied(), call[3].copied()) ? 1 : 0)
        },
        Action(
            "CHANGE-REPL-ID", 0...0, ("", "Gives the history of changes another name.")
        ) { store, _, reply throws(CommandError) in
            let digits = Array("0123456789abcdef")
            store.historyID = String(
                (0..<40).map { _ in digits[store.random.next(below: 16)] })
            reply.ok()
        },
        Action(
            "RELOAD", 0...4, ("[option ...]", "Refused: there is no file to load from.")
        ) { _, _, _ throws(CommandError) in
            throw .nothingToReload
        },
        Action(
            "LOADAOF", 0...0, ("", "Refused: there is no log to load from.")
        ) { _, _, _ throws(CommandError) in
            throw .nothingToReload
        },
        Action("HELP", 0...0, ("", "Shows this.")) { store, _, reply throws(CommandError) in
            help(store, &reply)
        },
    ]

    private static func help(_ store: borrowing Store, _ reply: inout ReplyWriter) {
        let flavour = store.settings.flavour.availability
        let own = actions.filter { $0.availability.contains(flavour) }
        reply.array(1 + 2 * own.count)
        reply.simple("DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
        for action in own {
            let words = action.help.words.isEmpty ? "" : " " + action.help.words
            reply.simple(utf8: "\(action.name)\(words)")
            reply.simple(utf8: "    " + action.help.meaning)
        }
    }
}
