// A remote server's COMMAND DOCS, read into declarations, so that hints, help and completion
// work against any server. Whoever speaks to the server hands its reply over as `DocsValue`.

/// What a documentation reply is made of: texts, numbers, and lists, in which maps lie flat.
public indirect enum DocsValue: Sendable, Equatable {
    /// A string of any kind.
    case text(String)
    /// A whole number.
    case number(Int)
    /// An array or set; a map as key, value, key, value.
    case list([DocsValue])

    /// The text, if it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The elements of a list.
    public var elements: [DocsValue] {
        if case .list(let elements) = self { elements } else { [] }
    }

    /// What follows `key` in a list that stands for a map.
    public subscript(key: String) -> DocsValue? {
        let all = elements
        return stride(from: 0, to: all.count - 1, by: 2).first { all[$0].text == key }
            .map { all[$0 + 1] }
    }
}

extension CommandDocs {
    /// The commands of a whole `COMMAND DOCS` reply; what is not understood is left out.
    /// - Parameter info: the whole reply of `COMMAND INFO`, which has what the documentation
    ///   lacks: flags, arity, and what is done with keys.
    public static func commands(docs: DocsValue, info: DocsValue = .list([])) -> [CommandSpec] {
        let table = RemoteTable(info)
        let all = docs.elements
        return stride(from: 0, to: all.count - 1, by: 2).compactMap { index in
            all[index].text.map { table.command($0, all[index + 1]) }
        }
    }
}

/// The elements of a `COMMAND INFO` reply by name, and what is read with their help.
private struct RemoteTable {
    private var elements: [String: [DocsValue]] = [:]

    init(_ info: DocsValue) {
        for element in info.elements { add(element) }
    }

    private mutating func add(_ element: DocsValue) {
        let fields = element.elements
        guard fields.count >= 10, let name = fields[0].text else { return }
        elements[name] = fields
        for subcommand in fields[9].elements { add(subcommand) }
    }

    func command(_ name: String, _ docs: DocsValue) -> CommandSpec {
        let words = name.uppercased().split(separator: "|").map(String.init)
        let group = docs["group"]?.text.flatMap(CommandGroup.init(rawValue:)) ?? .generic
        let deprecated = docs["deprecated_since"]?.text.map {
            (since: $0, replacedBy: docs["replaced_by"]?.text ?? "")
        }
        let info = elements[name]
        let keys = info?[8].elements.map { keyFlags($0["flags"]) } ?? []
        let subcommands = docs["subcommands"]?.elements ?? []
        return CommandSpec(
            name: words.last ?? name.uppercased(), container: words.count > 1 ? words[0] : nil,
            group: group, flags: info.map { flags($0[2]) } ?? [],
            since: docs["since"]?.text ?? "",
            summary: docs["summary"]?.text ?? "", complexity: docs["complexity"]?.text ?? "",
            history: docs["history"].map(history) ?? [], deprecated: deprecated,
            availability: .everywhere, categories: [],
            arguments: docs["arguments"]?.elements.map { readArgument($0, keys) } ?? [], tips: [],
            arity: info.flatMap { if case .number(let arity) = $0[1] { arity } else { nil } },
            keySpecs: nil, conflicts: [], examples: [],
            subcommands: stride(from: 0, to: subcommands.count - 1, by: 2).compactMap { index in
                subcommands[index].text.map { command($0, subcommands[index + 1]) }
            })
    }

    private func flags(_ names: DocsValue) -> CommandFlags {
        let present = names.elements.map(\.text)
        return CommandFlags.names.reduce(into: []) { flags, entry in
            if present.contains(entry.1) { flags.insert(entry.0) }
        }
    }

    private func keyFlags(_ names: DocsValue?) -> KeyFlags {
        let present = names?.elements.map(\.text) ?? []
        return KeyFlags.names.reduce(into: []) { flags, entry in
            if present.contains(entry.1) { flags.insert(entry.0) }
        }
    }

    private func history(_ value: DocsValue) -> [(version: String, change: String)] {
        value.elements.map { entry in
            let texts = entry.elements.map { $0.text ?? "" }
            return (version: texts.first ?? "", change: texts.last ?? "")
        }
    }

    private func readArgument(_ value: DocsValue, _ keys: [KeyFlags]) -> Argument {
        let parts = value["arguments"]?.elements.map { readArgument($0, keys) } ?? []
        let kind = readKind(value, parts, keys)
        var argument = Argument(value["name"]?.text ?? "", kind, token: value["token"]?.text)
        let flags = value["flags"]?.elements.map(\.text) ?? []
        argument.isOptional = flags.contains("optional")
        argument.isRepeated = flags.contains("multiple")
        argument.repeatsToken = flags.contains("multiple_token")
        argument.since = value["since"]?.text
        argument.deprecatedSince = value["deprecated_since"]?.text
        let display = value["display_text"]?.text
        argument.displayText = display == argument.name ? nil : display
        return argument
    }

    private func readKind(
        _ value: DocsValue, _ parts: [Argument], _ keys: [KeyFlags]
    ) -> Argument.Kind {
        switch value["type"]?.text {
        case "key":
            guard case .number(let index)? = value["key_spec_index"], keys.indices ~= index
            else { return .key([]) }
            return .key(keys[index])
        case "integer": return .integer
        case "double": return .double
        case "unix-time": return .unixTime
        case "pattern": return .pattern
        case "pure-token": return .pureToken
        case "oneof": return .oneOf(parts)
        case "block": return .block(parts)
        default: return .string
        }
    }
}
