import Bytes
import Grammar
import Wire

// ACL as a server answers it that has one user, `default`, who may do everything.

/// The commands about users.
enum AccessControl {
    static var commands: [Command<Store>] { [acl] }

    static let acl = Command<Store>(
        container: "ACL", .server, since: "6.0.0", summary: "Commands about users.",
        subcommands: [cat, getUser, help, list, users, whoAmI])

    private static let flags: CommandFlags = [.noscript, .loading, .stale]

    static let help = Command<Store>(
        "ACL HELP", .server, [.loading, .stale], since: "6.0.0",
        summary: "Shows what there is under ACL.", complexity: "O(1)", examples: ["ACL HELP"],
        run: Help.run)

    static let whoAmI = Command<Store>(
        "ACL WHOAMI", .server, flags, since: "6.0.0",
        summary: "Names this connection's user.", complexity: "O(1)", examples: ["ACL WHOAMI"]
    ) { _, _, reply throws(CommandError) in
        reply.bulk(utf8: "default")
    }

    static let users = Command<Store>(
        "ACL USERS", .server, [.admin, .noscript, .loading, .stale], since: "6.0.0",
        summary: "Lists the users' names.", complexity: "O(N), N being the number of users.",
        examples: ["ACL USERS"]
    ) { _, _, reply throws(CommandError) in
        reply.array(1)
        reply.bulk(utf8: "default")
    }

    // MARK: Rules

    static let list = Command<Store>(
        "ACL LIST", .server, [.admin, .noscript, .loading, .stale], since: "6.0.0",
        summary: "Lists the users with their rules.",
        complexity: "O(N), N being the number of users.", examples: ["ACL LIST"]
    ) { store, _, reply throws(CommandError) in
        let words = userFlags(store) + passwords(store).map { "#" + $0 }
        reply.array(1)
        reply.bulk(utf8: "user default " + words.joined(separator: " ") + " ~* &* +@all")
    }

    static let getUser = Command<Store>(
        "ACL GETUSER", .server, [.admin, .noscript, .loading, .stale], since: "6.0.0",
        summary: "Gives a user's rules.", complexity: "O(N), N being the number of rules.",
        history: [
            "6.2.0": "The channels' patterns.",
            "7.0.0": "Selectors; keys and channels are given as rules.",
        ],
        arguments: [.string("username")], examples: ["ACL GETUSER default"]
    ) { store, call, reply throws(CommandError) in
        guard call[2].equals("default") else { return reply.null() }
        reply.map(6)
        reply.bulk(utf8: "flags")
        let flags = userFlags(store)
        reply.set(flags.count)
        for flag in flags { reply.bulk(utf8: flag) }
        reply.bulk(utf8: "passwords")
        let digests = passwords(store)
        reply.array(digests.count)
        for digest in digests { reply.bulk(utf8: digest) }
        for (name, rule) in [("commands", "+@all"), ("keys", "~*"), ("channels", "&*")] {
            reply.bulk(utf8: name)
            reply.bulk(utf8: rule)
        }
        reply.bulk(utf8: "selectors")
        reply.array(0)
    }

    private static func userFlags(_ store: borrowing Store) -> [String] {
        var flags = ["on"]
        if store.settings.password.isEmpty { flags.append("nopass") }
        if store.settings.flavour != .redis70 { flags.append("sanitize-payload") }
        return flags
    }

    /// The digests of the passwords.
    private static func passwords(_ store: borrowing Store) -> [String] {
        if store.settings.password.isEmpty { return [] }
        return [SHA256.digest(store.settings.password.rawSpan).hexadecimal]
    }

    // MARK: Categories

    static let cat = Command<Store>(
        "ACL CAT", .server, flags, since: "6.0.0",
        summary: "Lists the categories of commands, or the commands of a category.",
        complexity: "O(1)", arguments: [.string("categoryname").optional],
        examples: ["ACL CAT", "ACL CAT dangerous"], run: runCat)

    static func runCat(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 3 else { throw .unknownOrWrongArity(call[1], of: "ACL") }
        if call.count == 2 {
            reply.array(ACLCategory.names.count)
            for (_, name) in ACLCategory.names { reply.bulk(utf8: name) }
            return
        }
        let word = ByteString(call[2])
        guard let category = ACLCategory.names.first(where: { $0.1.names(word) })?.0 else {
            throw .unknownCategory(call[2])
        }
        let found = store.commands.entries.filter {
            $0.spec.allCategories.contains(category)
        }
        reply.array(found.count)
        for entry in found { reply.bulk(utf8: entry.spec.reportedName) }
    }
}
