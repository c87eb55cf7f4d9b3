public import Wire

// Commands as data on the wire: the elements of COMMAND INFO and COMMAND DOCS, shaped as the
// server of the flavour shapes them. How a remote server's COMMAND DOCS is read stands in
// RemoteDocs.swift.

extension CommandTable where State: ~Copyable {
    /// Writes the element of `COMMAND INFO` for the entry with this number; a container's
    /// subcommands are inside.
    public func writeInfo(_ number: Int, to reply: inout ReplyWriter) {
        let entry = entries[number]
        let range = KeySpec.range(entry.keySpecs)
        reply.array(10)
        reply.bulk(utf8: entry.spec.reportedName)
        reply.integer(entry.arity)
        reply.statuses(CommandFlags.names.filter { entry.flags.contains($0.0) }.map(\.1))
        reply.integer(range.first)
        reply.integer(range.last)
        reply.integer(range.step)
        let categories = entry.spec.allCategories
        reply.statuses(
            ACLCategory.names.filter { categories.contains($0.0) }.map { "@" + $0.1 })
        reply.set(entry.spec.tips.count)
        for tip in entry.spec.tips { reply.bulk(utf8: tip) }
        reply.set(entry.keySpecs.count)
        for spec in entry.keySpecs { spec.write(to: &reply) }
        let subcommands = self.subcommands(of: number)
        // An empty set and a full array: so it is in the field.
        if subcommands.isEmpty { return reply.set(0) }
        reply.array(subcommands.count)
        for subcommand in subcommands { writeInfo(subcommand, to: &reply) }
    }
}

extension KeySpec {
    fileprivate func write(to reply: inout ReplyWriter) {
        reply.map(notes == nil ? 3 : 4)
        if let notes {
            reply.bulk(utf8: "notes")
            reply.bulk(utf8: notes)
        }
        reply.bulk(utf8: "flags")
        reply.keyFlags(flags)
        reply.bulk(utf8: "begin_search")
        switch begin {
        case .index(let word): reply.search("index", [("index", word)])
        case .unknown: reply.search("unknown", [])
        case .keyword(let token, let from):
            reply.search("keyword", [("startfrom", from)], word: ("keyword", token))
        }
        reply.bulk(utf8: "find_keys")
        switch find {
        case .range(let last, let step, let limit):
            reply.search("range", [("lastkey", last), ("keystep", step), ("limit", limit)])
        case .number(let at, let first, let step):
            reply.search("keynum", [("keynumidx", at), ("firstkey", first), ("keystep", step)])
        case .unknown: reply.search("unknown", [])
        }
    }
}

extension ReplyWriter {
    /// A set of status words.
    fileprivate mutating func statuses(_ words: [String]) {
        set(words.count)
        for word in words { simple(utf8: word) }
    }

    /// The names of key flags.
    public mutating func keyFlags(_ flags: KeyFlags) {
        statuses(KeyFlags.names.filter { flags.contains($0.0) }.map(\.1))
    }

    fileprivate mutating func search(
        _ type: String, _ numbers: [(String, Int)], word: (String, String)? = nil
    ) {
        map(2)
        pair("type", type)
        bulk(utf8: "spec")
        map(numbers.count + (word == nil ? 0 : 1))
        if let word { pair(word.0, word.1) }
        for (name, value) in numbers {
            bulk(utf8: name)
            integer(value)
        }
    }

    fileprivate mutating func pair(_ name: String, _ value: String) {
        bulk(utf8: name)
        bulk(utf8: value)
    }
}

/// The documentation of commands as `COMMAND DOCS` gives it.
public struct CommandDocs {
    /// The flavour that decides which fields there are.
    public let flavour: Flavour

    /// Documentation as this flavour shapes it.
    public init(flavour: Flavour) { self.flavour = flavour }

    /// Writes the name of a command and the map that documents it: one pair of the reply.
    public func write(_ spec: CommandSpec, to reply: inout ReplyWriter) {
        reply.bulk(utf8: spec.reportedName)
        var fields = 4 + (spec.history.isEmpty ? 0 : 1)
        if spec.complexity.isEmpty { fields -= 1 }
        if spec.deprecated != nil { fields += 3 }
        if !spec.arguments.isEmpty { fields += 1 }
        if !spec.subcommands.isEmpty { fields += 1 }
        reply.map(fields)
        reply.pair("summary", spec.summary)
        reply.pair("since", spec.since)
        reply.pair("group", spec.group.rawValue)
        if !spec.complexity.isEmpty { reply.pair("complexity", spec.complexity) }
        if let deprecated = spec.deprecated {
            reply.bulk(utf8: "doc_flags")
            reply.statuses(["deprecated"])
            reply.pair("deprecated_since", deprecated.since)
            reply.pair("replaced_by", deprecated.replacedBy)
        }
        writeHistory(spec, &reply)
        if !spec.arguments.isEmpty {
            reply.bulk(utf8: "arguments")
            var numbers = spec.keyLayout.indexes[...]
            write(spec.arguments, &numbers, &reply)
        }
        if !spec.subcommands.isEmpty {
            reply.bulk(utf8: "subcommands")
            reply.map(spec.subcommands.count)
            for subcommand in spec.subcommands { write(subcommand, to: &reply) }
        }
    }

    private func writeHistory(_ spec: CommandSpec, _ reply: inout ReplyWriter) {
        if spec.history.isEmpty { return }
        reply.bulk(utf8: "history")
        reply.set(spec.history.count)
        for (version, change) in spec.history {
            reply.array(2)
            reply.bulk(utf8: version)
            reply.bulk(utf8: change)
        }
    }

    /// Writes arguments; `numbers` are the key positions of the key arguments still to come.
    private func write(
        _ arguments: [Argument], _ numbers: inout ArraySlice<Int>, _ reply: inout ReplyWriter
    ) {
        reply.array(arguments.count)
        for argument in arguments { write(argument, &numbers, &reply) }
    }

    private func write(
        _ argument: Argument, _ numbers: inout ArraySlice<Int>, _ reply: inout ReplyWriter
    ) {
        var keySpec = argument.keySpecIndex
        if case .key = argument.kind { keySpec = numbers.popFirst() }
        let parts = argument.parts
        // Redis 7.0 does not tell the text to display; later versions do where there is one.
        let display =
            flavour == .redis70 || parts != nil
            ? nil : argument.displayText ?? argument.name
        let optional: [Any?] = [
            display, keySpec, argument.token, argument.since, argument.deprecatedSince, parts,
        ]
        let flags = argument.flagNames
        reply.map(2 + optional.count { $0 != nil } + (flags.isEmpty ? 0 : 1))
        reply.pair("name", argument.name)
        reply.pair("type", argument.typeName)
        if let display { reply.pair("display_text", display) }
        if let keySpec {
            reply.bulk(utf8: "key_spec_index")
            reply.integer(keySpec)
        }
        if let token = argument.token { reply.pair("token", token) }
        if let since = argument.since { reply.pair("since", since) }
        if let since = argument.deprecatedSince { reply.pair("deprecated_since", since) }
        if !flags.isEmpty {
            reply.bulk(utf8: "flags")
            reply.statuses(flags)
        }
        if let parts {
            reply.bulk(utf8: "arguments")
            write(parts, &numbers, &reply)
        }
    }
}

extension Argument {
    /// The arguments inside, of those kinds that have some.
    var parts: [Argument]? {
        switch kind {
        case .oneOf(let choices): choices
        case .block(let parts): parts
        default: nil
        }
    }

    /// The kind's name as `COMMAND DOCS` has it.
    var typeName: String {
        switch kind {
        case .key: "key"
        case .string: "string"
        case .integer: "integer"
        case .double: "double"
        case .unixTime: "unix-time"
        case .pattern: "pattern"
        case .pureToken: "pure-token"
        case .oneOf: "oneof"
        case .block: "block"
        }
    }

    /// The flags' names as `COMMAND DOCS` has them.
    var flagNames: [String] {
        var names: [String] = []
        if isOptional { names.append("optional") }
        if isRepeated { names.append("multiple") }
        if repeatsToken { names.append("multiple_token") }
        return names
    }
}
