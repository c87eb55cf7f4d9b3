import Bytes
import Grammar
import Wire

// The lines of the workbench: words behind `wb>`. They are declared in a table of the same kind as
// the engine's commands. An argument that is declared as `ttl=time` is an option: it may stand
// anywhere behind the other words, and what follows the sign says what its value is.

/// Reads and runs lines of the workbench.
enum WorkbenchLine {
    /// What is wrong with a line, and where.
    struct Slip {
        var column: Int
        var length: Int
        var text: String
        var suggestion: String?
    }

    /// The words of a line and what they are to its command.
    struct Reading {
        /// The words that are no options.
        var words: [String] = []
        /// The options.
        var options: [(name: String, value: String)] = []
        /// The words that stand for themselves.
        var flags: Set<String> = []

        /// The value of an option.
        subscript(name: String) -> String? { options.last { $0.name == name }?.value }

        /// The nanoseconds of an option.
        func time(_ name: String) -> UInt64? {
            self[name].flatMap { Quantity($0)?.nanoseconds }
        }
    }

    /// The words with their columns, counted from 0.
    private static func split(_ line: String) -> [(text: String, column: Int)] {
        var words: [(text: String, column: Int)] = []
        var word = String.UnicodeScalarView()
        var start = 0
        var isQuoted = false
        for (column, scalar) in line.unicodeScalars.enumerated() {
            if scalar == "\"" {
                isQuoted.toggle()
                if word.isEmpty { start = column }
            } else if scalar == " ", !isQuoted {
                if !word.isEmpty { words.append((String(word), start)) }
                word = String.UnicodeScalarView()
            } else {
                if word.isEmpty, !isQuoted { start = column }
                word.append(scalar)
            }
        }
        if !word.isEmpty { words.append((String(word), start)) }
        return words
    }

    /// What is wrong with a line; nil when it may be run. Words with variables are taken for
    /// right: their values are not known before the run.
    static func fault(_ line: String) -> Slip? {
        if case .failure(let fault) = read(line) { return fault }
        return nil
    }

    /// Runs a line; what it prints.
    static func run(_ line: String, on stage: Stage) throws(CommandError) -> String {
        switch read(line) {
        case .failure(let fault):
            let hint = fault.suggestion.map { " (did you mean '\($0)'?)" } ?? ""
            throw CommandError(fault.text + hint)
        case .success(let number, let words):
            guard let run = table.entries[number].run else {
                throw CommandError("a word is missing, see help")
            }
            stage.workbenchLine = line
            var stage = stage
            var writer = ReplyWriter()
            let list = ArgumentList(words)
            try run(&stage, Call(list.arguments, session: 0), &writer)
            return String(decoding: writer.buffer.bytes.copied(), as: UTF8.self)
        }
    }

    private enum Parsed {
        case success(Int, [String])
        case failure(Slip)
    }

    private static func read(_ line: String) -> Parsed {
        let words = split(line)
        guard let first = words.first else {
            return .failure(Slip(column: 0, length: 1, text: "a command is missing"))
        }
        if let later = LaterFaults.slip(words) { return .failure(later) }
        guard var number = table.find(Array(first.text.utf8).rawSpan) else {
            let names = table.topLevel.map { table.entries[$0].spec.name.lowercased() }
            return .failure(
                Slip(
                    column: first.column, length: first.text.unicodeScalars.count,
                    text: "the workbench has no command '\(first.text)'",
                    suggestion: Suggestion.nearest(to: first.text, in: names)))
        }
        var skipped = 1
        if table.entries[number].isContainer {
            let names = table.subcommands(of: number).map {
                table.entries[$0].spec.name.lowercased()
            }
            guard words.count > 1 else {
                return .failure(
                    Slip(
                        column: first.column, length: first.text.unicodeScalars.count,
                        text: "behind '\(first.text)' stands \(names.joined(separator: ", "))"))
            }
            let second = words[1]
            guard let found = table.findSubcommand(of: number, Array(second.text.utf8).rawSpan)
            else {
                return .failure(
                    Slip(
                        column: second.column, length: second.text.unicodeScalars.count,
                        text: "'\(first.text)' is followed by \(names.joined(separator: ", ")), "
                            + "not by '\(second.text)'",
                        suggestion: Suggestion.nearest(to: second.text, in: names)))
            }
            (number, skipped) = (found, 2)
        }
        let spec = table.entries[number].spec
        if let fault = check(Array(words.dropFirst(skipped)), spec, end: line.unicodeScalars.count)
        {
            return .failure(fault)
        }
        return .success(number, words.map(\.text))
    }

    // MARK: Words and options

    /// The names of options and the kinds of their values.
    static func options(of spec: CommandSpec) -> [(name: String, kind: String)] {
        spec.arguments.compactMap { argument in
            guard let equals = argument.name.firstIndex(of: "=") else { return nil }
            return (
                String(argument.name[..<equals]),
                String(argument.name[argument.name.index(after: equals)...])
            )
        }
    }

    private static func flags(of spec: CommandSpec) -> [String] {
        spec.arguments.compactMap { argument in
            if case .pureToken = argument.kind { argument.token?.lowercased() } else { nil }
        }
    }

    /// What its words are to a command.
    static func reading(_ call: borrowing Call, _ name: String) -> Reading {
        let count = name.split(separator: " ").count
        var reading = Reading()
        let path = Array(name.split(separator: " ").joined(separator: "|").utf8)
        let entry = table.find(reported: path.rawSpan)
        let flags = entry.map { Self.flags(of: table.entries[$0].spec) } ?? []
        for index in count..<max(count, call.count) {
            let word = String(decoding: call[index].copied(), as: UTF8.self)
            if let equals = word.firstIndex(of: "="), equals != word.startIndex {
                reading.options.append(
                    (String(word[..<equals]), String(word[word.index(after: equals)...])))
            } else if flags.contains(word.lowercased()) {
                reading.flags.insert(word.lowercased())
            } else {
                reading.words.append(word)
            }
        }
        return reading
    }

    private static func check(
        _ words: [(text: String, column: Int)], _ spec: CommandSpec, end: Int
    ) -> Slip? {
        let options = Self.options(of: spec)
        let flags = Self.flags(of: spec)
        var positional = spec.arguments.filter { argument in
            if case .pureToken = argument.kind { return false }
            return !argument.name.contains("=")
        }
        for word in words {
            let length = word.text.unicodeScalars.count
            if let equals = word.text.firstIndex(of: "="), equals != word.text.startIndex,
                positional.first?.isRepeated != true
            {
                let name = String(word.text[..<equals])
                let value = String(word.text[word.text.index(after: equals)...])
                guard let option = options.first(where: { $0.name == name }) else {
                    return Slip(
                        column: word.column, length: name.unicodeScalars.count,
                        text: "'\(typed(spec))' has no option '\(name)'",
                        suggestion: Suggestion.nearest(to: name, in: options.map(\.name)))
                }
                if let wrong = fault(of: value, option.kind) {
                    return Slip(
                        column: word.column + name.unicodeScalars.count + 1,
                        length: max(1, value.unicodeScalars.count),
                        text: "'\(name)' is \(wrong), not '\(value)'")
                }
            } else if flags.contains(word.text.lowercased()) {
                continue
            } else if let argument = positional.first {
                if let fault = fault(of: word, argument, spec) { return fault }
                if !argument.isRepeated { positional.removeFirst() }
            } else {
                return Slip(
                    column: word.column, length: length,
                    text: "'\(word.text)' has no meaning behind '\(typed(spec))'; it is written "
                        + syntax(spec),
                    suggestion: Suggestion.nearest(
                        to: word.text, in: flags + options.map { $0.name + "=" }))
            }
        }
        if let missing = positional.first(where: { !$0.isOptional }),
            !(missing.isRepeated && !words.isEmpty)
        {
            let name = missing.displayText ?? missing.name
            return Slip(
                column: end, length: 1, text: "\(name) is missing; it is written \(syntax(spec))")
        }
        return nil
    }

    private static func fault(
        of word: (text: String, column: Int), _ argument: Argument, _ spec: CommandSpec
    ) -> Slip? {
        let length = word.text.unicodeScalars.count
        if word.text.contains("$") { return nil }
        if case .oneOf(let choices) = argument.kind {
            let names = choices.compactMap { $0.token?.lowercased() }
            guard !names.contains(word.text.lowercased()) else { return nil }
            return Slip(
                column: word.column, length: length,
                text: "\(argument.name) is \(names.joined(separator: ", ")), not '\(word.text)'",
                suggestion: Suggestion.nearest(to: word.text, in: names))
        }
        guard let wrong = fault(of: word.text, argument.name) else { return nil }
        return Slip(
            column: word.column, length: length,
            text: "\(argument.displayText ?? argument.name) is \(wrong), not '\(word.text)'")
    }

    /// What a value should be, if it is not; nil when it is.
    private static func fault(of value: String, _ kind: String) -> String? {
        if value.contains("$") { return nil }
        let quantity = Quantity(value)
        switch kind {
        case "time", "duration":
            return quantity?.nanoseconds == nil ? "a time, such as 300s" : nil
        case "rate":
            let isRate = quantity?.dimension == .rate || quantity != nil && quantity?.unit == nil
            return isRate ? nil : "a rate, such as 100rps"
        case "share":
            guard let base = quantity?.base, quantity?.dimension == Dimension.none,
                0...1 ~= base
            else { return "a share, such as 5%" }
            return nil
        case "number": return Double(value) == nil ? "a number" : nil
        case "count":
            return Int(value).map { $0 > 0 } == true ? nil : "a whole number above 0"
        case "size": return quantity?.dimension == .size ? nil : "a size, such as 2MB"
        case "rows": return LoadOptions.numbers(value) == nil ? "keys such as page:{1..500}" : nil
        default:
            guard kind.contains("|") else { return value.isEmpty ? "not empty" : nil }
            let words = kind.split(separator: "|").map(String.init)
            return words.contains(value) ? nil : words.joined(separator: ", ")
        }
    }

    // MARK: Help

    /// The name as one types it.
    static func typed(_ spec: CommandSpec) -> String { spec.typedName.lowercased() }

    /// How a command is written.
    static func syntax(_ spec: CommandSpec) -> String {
        let arguments = spec.arguments.map { argument in
            var text = argument.displayText ?? argument.name
            switch argument.kind {
            case .oneOf(let choices):
                text = choices.compactMap { $0.token?.lowercased() }.joined(separator: "|")
            case .pureToken: text = argument.token?.lowercased() ?? text
            default:
                // Options show what they are, other words their names in capitals.
                if !text.contains("=") { text = text.uppercased() }
            }
            if argument.isRepeated { text += " ..." }
            return argument.isOptional ? "[\(text)]" : text
        }
        return ([typed(spec)] + arguments).joined(separator: " ")
    }

    /// The commands, each subcommand by itself.
    static var specs: [CommandSpec] {
        table.topLevel.flatMap { number -> [CommandSpec] in
            let spec = table.entries[number].spec
            return spec.subcommands.isEmpty ? [spec] : spec.subcommands
        }
    }

    /// A line broken at blanks, so that each piece fits where lessons are read.
    /// - Parameter indent: the blanks before all pieces but the first.
    private static func broken(_ line: String, indent: Int = 4) -> String {
        var lines: [String] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = lines.last, last.count + word.count <= 70 {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(repeating: " ", count: lines.isEmpty ? 0 : indent) + word)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// What `help` prints of some words: all commands, or one.
    static func help(_ words: [String]) -> String {
        let asked = words.joined(separator: " ").lowercased()
        let found = specs.filter {
            asked.isEmpty || typed($0) == asked || typed($0).hasPrefix(asked + " ")
        }
        if found.isEmpty {
            if let page = CommandKnowledge.page(words) { return page }
            let near = Suggestion.nearest(to: asked, in: specs.map(typed))
            return "there is no command '\(asked)'"
                + (near.map { "; did you mean '\($0)'?" } ?? "; see help") + "\n"
        }
        if found.count > 1 {
            let width = found.map { typed($0).count }.max() ?? 0
            return found.map { spec in
                let name = typed(spec)
                let gap = String(repeating: " ", count: width - name.count + 2)
                return broken(name + gap + spec.summary, indent: width + 2) + "\n"
            }.joined()
        }
        let spec = found[0]
        var text = broken(syntax(spec)) + "\n" + broken("  " + spec.summary, indent: 2) + "\n"
        for example in spec.examples { text += "  for example: \(example)\n" }
        return text
    }
}

/// Faults that there will be once there is something for them to break.
enum LaterFaults {
    private static let reasons = [
        "disk": "a full disk comes with persistence: nodes keep nothing on a disk yet",
        "partition": "a partition between nodes comes with replication: nodes do not talk to each "
            + "other yet; 'cut' parts a session from its node",
    ]

    /// What there is to say of a line that asks for one, by itself or behind `node`.
    static func slip(_ words: [(text: String, column: Int)]) -> WorkbenchLine.Slip? {
        let isBehind = words.first?.text.lowercased() == "node"
        guard let word = isBehind ? words.dropFirst().first : words.first,
            let reason = reasons[word.text.lowercased()]
        else { return nil }
        return WorkbenchLine.Slip(
            column: word.column, length: word.text.unicodeScalars.count, text: reason)
    }
}

/// The lines of the shop: requests as a browser sends them.
enum ShopLine {
    /// What is wrong with a request; nil when the shop knows it.
    static func fault(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard words.count == 2, ["GET", "PUT"].contains(words[0]) else {
            return "the shop knows GET /product/NUMBER and PUT /product/NUMBER"
        }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, !parts[1].isEmpty else {
            return "the shop knows no page '\(words[1])'; there is /product/NUMBER"
        }
        let number = parts[2]
        if number.contains("$") { return nil }
        return Int(number).map { $0 > 0 } == true
            ? nil : "a product has a number, not '\(number)'"
    }
}
