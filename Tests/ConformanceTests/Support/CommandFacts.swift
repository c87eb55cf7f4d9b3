/// What a server says of a command, flattened to facts by name, so that two servers' accounts
/// can be compared one by one. Prose is left out: it is Larder's own.
struct CommandFacts {
    /// The facts of each command and subcommand.
    private(set) var commands: [String: [String: String]] = [:]

    /// Reads whole replies of COMMAND INFO and COMMAND DOCS.
    init(info: WireValue, docs: WireValue) {
        for element in info.elements { add(info: element) }
        add(docs: docs)
    }

    private mutating func add(info: WireValue) {
        let fields = info.elements
        guard fields.count == 10, let name = fields[0].text else { return }
        var facts: [String: String] = [:]
        let names = ["name", "arity", "flags", "first", "last", "step", "categories", "tips"]
        for (index, fact) in names.enumerated() { facts[fact] = fields[index].flat }
        for (index, spec) in fields[8].elements.enumerated() {
            for field in ["flags", "begin_search", "find_keys"] {
                facts["key \(index) \(field)"] = spec[field]?.flat
            }
            facts["key \(index) has notes"] = spec["notes"] == nil ? nil : "yes"
        }
        commands[name, default: [:]].merge(facts) { $1 }
        for subcommand in fields[9].elements { add(info: subcommand) }
    }

    private mutating func add(docs: WireValue) {
        let all = docs.elements
        for index in stride(from: 0, to: all.count - 1, by: 2) {
            guard let name = all[index].text else { continue }
            let document = all[index + 1]
            var facts: [String: String] = [:]
            for field in ["since", "group", "doc_flags", "deprecated_since", "replaced_by"] {
                facts[field] = document[field]?.flat
            }
            let versions = document["history"]?.elements.map { $0.elements.first?.text ?? "" }
            facts["history"] = versions?.joined(separator: " ")
            facts["has complexity"] = document["complexity"] == nil ? nil : "yes"
            facts["fields"] = document.keys.joined(separator: " ")
            for (index, argument) in (document["arguments"]?.elements ?? []).enumerated() {
                CommandFacts.add(argument, "argument \(index)", &facts)
            }
            commands[name, default: [:]].merge(facts) { $1 }
            if let subcommands = document["subcommands"] { add(docs: subcommands) }
        }
    }

    private static func add(
        _ argument: WireValue, _ place: String, _ facts: inout [String: String]
    ) {
        var summary: [String] = []
        for key in argument.keys where key != "arguments" {
            summary.append("\(key) \(argument[key]?.flat ?? "")")
        }
        facts[place] = summary.joined(separator: ", ")
        for (index, part) in (argument["arguments"]?.elements ?? []).enumerated() {
            add(part, "\(place).\(index)", &facts)
        }
    }

    /// One line for each fact that differs in a command that `self` has.
    func differences(from real: CommandFacts) -> [(command: String, fact: String, line: String)] {
        var found: [(command: String, fact: String, line: String)] = []
        for (name, own) in commands.sorted(by: { $0.key < $1.key }) {
            guard let other = real.commands[name] else {
                found.append((name, "name", "\(name): the real server has no such command"))
                continue
            }
            for fact in Set(own.keys).union(other.keys).sorted() where own[fact] != other[fact] {
                let line = "\(name): \(fact): ours \(own[fact] ?? "-") real \(other[fact] ?? "-")"
                found.append((name, fact, line))
            }
        }
        return found
    }
}

extension WireValue {
    /// The value as one line of text.
    var flat: String {
        switch self {
        case .integer(let value): "\(value)"
        case .null: "(nil)"
        default: text ?? "[" + elements.map(\.flat).joined(separator: " ") + "]"
        }
    }

    /// The keys of a map, or of an array that stands for one.
    var keys: [String] {
        stride(from: 0, to: elements.count, by: 2).map { elements[$0].text ?? "" }
    }
}
