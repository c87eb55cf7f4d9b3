public import Bytes
import Engine
public import Grammar
public import Wire

// What is known of a line while it is typed: what each word is, what may follow, what would
// complete it. Everything comes from a catalogue of commands, which is that of the engine, or what
// a server says of itself (COMMAND DOCS) where one is connected. The console's own commands,
// declared in the same way, stand beside it.

/// Completion, hints and roles of words for lines of commands.
public final class Assistance {
    /// Words that may replace what stands before the cursor.
    public struct Completion: Equatable, Sendable {
        /// What they replace, in code points.
        public var range: Range<Int>
        /// The words, as they are to be inserted.
        public var words: [String]
    }

    /// What a line that is being typed is about.
    public struct Reading: Equatable {
        /// The words and their places.
        public var line: LineWords
        /// What each word is.
        public var roles: [WordRole]
        /// The arguments that are still to come; nil when the line does not fit.
        public var hint: String?
        /// Names like the first word's, when that is no command.
        public var nearest: [String] = []

        /// True when the first word is whole and no command.
        public var isUnknown: Bool { roles.first == .wrong }
    }

    /// The commands of what lines are sent to.
    public private(set) var catalog: CommandCatalog
    /// The names of keys that the session has used.
    public var keys = KeyNames()
    /// Gives the paths of files that begin so.
    public var findFiles: (String) -> [String] = { _ in [] }
    /// Gives names within a value, or of channels, that begin so.
    public var findElements: (ElementPlace, ByteString) -> [ByteString] = { _, _ in [] }
    /// Gives the names of keys that begin so, for commands of a group.
    public var findKeys: (ByteString, CommandGroup?) -> [ByteString] = { _, _ in [] }

    private let embedded: CommandCatalog
    private let own: [CommandSpec]
    private static let limit = 200

    /// Assistance for the engine's commands and for those of the console.
    public init(own: [CommandSpec]) {
        self.own = own
        embedded = CommandTable<Store>(AllCommands.list, flavour: .valkey80).catalog
        catalog = CommandCatalog(embedded.commands + own)
    }

    /// Goes by the engine's own commands.
    public func useEmbedded() { catalog = CommandCatalog(embedded.commands + own) }

    /// Goes by what a server says of its commands. Where it says the same as we, our declaration
    /// is used, which also knows which options exclude each other. False when it says nothing.
    @discardableResult
    public func use(docs: RESPValue, info: RESPValue) -> Bool {
        let theirs = CommandDocs.commands(docs: Self.value(docs), info: Self.value(info))
        guard !theirs.isEmpty else { return false }
        catalog = CommandCatalog(
            theirs.map { spec in
                guard let ours = embedded.find([ByteString(spec.name)]),
                    SyntaxPrinter.line(ours) == SyntaxPrinter.line(spec),
                    ours.subcommands.isEmpty
                else { return spec }
                return ours
            } + own)
        return true
    }

    private static func value(_ reply: RESPValue) -> DocsValue {
        if case .map(let pairs) = reply {
            return .list(pairs.flatMap { [value($0.key), value($0.value)] })
        }
        if let elements = reply.elements { return .list(elements.map(value)) }
        if let number = reply.integer { return .number(Int(number)) }
        return .text(reply.bytes?.text ?? "")
    }

    // MARK: Reading

    /// Reads what has been typed.
    public func read(_ text: some Collection<Unicode.Scalar>) -> Reading {
        let line = LineWords(text)
        var words = line.words.map(\.value)
        var reading = Reading(line: line, roles: catalog.roles(of: words), hint: nil)
        guard let first = words.first else { return reading }
        if reading.isUnknown, !(line.endsInWord && words.count == 1 && isBeginning(first)) {
            reading.nearest = catalog.nearest(to: first.text)
        }
        reading.hint = Hinter(catalog).hint(after: words)
        guard line.endsInWord else { return reading }
        // A word that may still become a right one is not wrong yet.
        let last = words.removeLast()
        if reading.roles.last == .wrong, mayBecome(last, after: words) {
            reading.roles[words.count] = .string
        }
        if reading.hint == "subcommand", words.isEmpty { reading.hint = nil }
        return reading
    }

    private func isBeginning(_ word: ByteString) -> Bool { mayBecome(word, after: []) }

    private func mayBecome(_ word: ByteString, after words: [ByteString]) -> Bool {
        !Completer(catalog).complete(after: words, prefix: word.text).candidates.isEmpty
    }

    // MARK: Completion

    /// What may replace the word before the cursor, or come after the blank there; nil when
    /// nothing is known.
    public func complete(_ text: some Collection<Unicode.Scalar>) -> Completion? {
        let line = LineWords(text)
        var words = line.words
        let last = line.endsInWord ? words.popLast() : nil
        let prefix = last?.value ?? ByteString("")
        let end = text.count
        let range = (last?.range.lowerBound ?? end)..<end
        if Self.takesFile(after: words) {
            let names = findFiles(prefix.text).prefix(Self.limit).map {
                Self.quoted(ByteString($0), always: last?.isQuoted ?? false)
            }
            return names.isEmpty ? nil : Completion(range: range, words: Array(names))
        }
        let completer = Completer(catalog, values: { [catalog] in Self.values($0, $1, catalog) })
        let answer = completer.complete(after: words.map(\.value), prefix: prefix.text)
        var found = answer.candidates.filter { words.isEmpty || $0.kind != .command }.map {
            Self.cased($0, as: prefix.text)
        }
        if answer.takesKey {
            found += findKeys(prefix, answer.group).map {
                Self.quoted($0, always: last?.isQuoted ?? false)
            }
        }
        if let place = elementPlace(answer, after: words.map(\.value)) {
            found += findElements(place, prefix).map {
                Self.quoted($0, always: last?.isQuoted ?? false)
            }
        }
        guard !found.isEmpty else { return nil }
        return Completion(range: range, words: Array(found.prefix(Self.limit)))
    }

    /// What the word at a place names that is not known from the grammar.
    private func elementPlace(
        _ answer: Completer.Answer, after words: [ByteString]
    ) -> ElementPlace? {
        if answer.expected.contains("channel") { return .channel }
        guard answer.expected.contains("field") || answer.expected.contains("member"),
            let place = catalog.roles(of: words).firstIndex(of: .key)
        else { return nil }
        switch answer.group {
        case .hash: return .element("HSCAN", words[place], hasValues: true)
        case .set: return .element("SSCAN", words[place], hasValues: false)
        case .sortedSet, .geo: return .element("ZSCAN", words[place], hasValues: true)
        default: return nil
        }
    }

    /// True where a file is named: behind `:source`, and behind a sign that sends replies to one.
    private static func takesFile(after words: [LineWords.Word]) -> Bool {
        guard let last = words.last, !last.isQuoted, let first = words.first else { return false }
        if words.count == 1 { return first.value.text.lowercased() == ":source" }
        if words.count == 2, first.value.text.lowercased() == ":history" { return true }
        return [">", ">>"].contains(last.value.text) && !first.value.text.hasPrefix(":")
    }

    /// Remembers the keys that a line has named.
    public func noteKeys(of text: String) {
        let reading = read(Array(text.unicodeScalars))
        for (word, role) in zip(reading.line.words, reading.roles) where role == .key {
            keys.note(word.value)
        }
    }

    /// Names as the person types them: small when they have begun with small letters.
    private static func cased(_ candidate: Completer.Candidate, as prefix: String) -> String {
        if candidate.kind == .value, candidate.text != candidate.text.uppercased() {
            return candidate.text
        }
        if candidate.kind == .value { return candidate.text }
        let isSmall =
            prefix.contains(where: \.isLetter) && prefix == prefix.lowercased()
            || candidate.text.hasPrefix(":")
        return isSmall ? candidate.text.lowercased() : candidate.text
    }

    /// A name as a word: in quotes where it needs them.
    private static func quoted(_ name: ByteString, always: Bool) -> String {
        let isPlain = name.bytes.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
        }
        if isPlain, !always, !name.bytes.isEmpty { return name.text }
        return String(decoding: Quoting.quoted(name.rawSpan), as: UTF8.self)
    }

    /// The values that are known of an argument.
    private static func values(
        _ spec: CommandSpec, _ argument: Argument, _ catalog: CommandCatalog
    ) -> [String] {
        var settings: [String] {
            AllSettings.list.filter { !$0.isHidden }.map(\.name).sorted()
        }
        switch argument.name {
        case "parameter" where spec.container == "CONFIG": return settings
        case "pattern" where spec.name == ":CONFIG": return settings
        case "command|measure|error":
            return catalog.commands.map(\.name).filter { !$0.hasPrefix(":") } + settings
                + AllMetrics.list.map(\.name) + ExplainCards.all.map(\.id)
        case "command-name":
            return catalog.commands.map { $0.name.lowercased() }.filter { !$0.hasPrefix(":") }
        case "command" where spec.name == "HELP":
            return catalog.commands.map(\.name) + catalog.groups.map { "@" + $0.rawValue }
        case "category": return ACLCategory.names.map(\.1)
        case "type": return ["string", "list", "set", "zset", "hash", "stream"]
        default: return []
        }
    }
}
