import Testing

@testable import Grammar

/// What is derived from arguments, checked on all commands of a real server: its documentation
/// is read into declarations, and what follows from them compared with what it says itself.
@Suite(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct DerivationTests {
    /// Commands whose arity does not follow from their arguments.
    static let arityExceptions: [String: String] = [
        "psync": "a module's form takes more words, which the documentation leaves out",
        "geohash": "a line without members is valid, against the documentation",
        "geopos": "a line without members is valid, against the documentation",
        "pfmerge": "a line without sources is valid, against the documentation",
        "command|getkeys": "its arguments are not documented in 7.0",
        "command|getkeysandflags": "its arguments are not documented in 7.0",
        "debug": "a container whose subcommands are not in the table",
        "replconf": "its arguments are not documented",
        "quit": "words after it are ignored",
    ]
    /// Commands whose key positions do not follow from their arguments.
    static let keyExceptions: [String: String] = [
        "sort": "BY, GET and STORE may stand in any order",
        "sort_ro": "BY and GET may stand in any order",
        "migrate": "KEYS is looked for from the end",
        "ssubscribe": "channels that are routed like keys are documented as strings",
        "sunsubscribe": "channels that are routed like keys are documented as strings",
        "spublish": "channels that are routed like keys are documented as strings",
    ]

    @Test func arityAndKeyPositionsFollowFromTheArguments() throws {
        let server = try RealServer()
        let connection = try server.connect()
        let info = try connection.value("COMMAND", "INFO")
        let docs = try connection.value("COMMAND", "DOCS")
        let specs = CommandDocs.commands(docs: docs.docsValue, info: info.docsValue)
        #expect(specs.count > 200)
        var facts: [String: [WireValue]] = [:]
        for element in info.elements { DerivationTests.collect(element, &facts) }
        for spec in specs {
            for one in [spec] + spec.subcommands { try check(one, facts) }
        }
    }

    private func check(_ spec: CommandSpec, _ facts: [String: [WireValue]]) throws {
        let name = spec.reportedName
        let fields = try #require(facts[name])
        let isContainer = !spec.subcommands.isEmpty
        if !isContainer {
            let differs = fields[1] != .integer(spec.derivedArity)
            #expect(
                differs == (DerivationTests.arityExceptions[name] != nil),
                "\(name): arity \(spec.derivedArity), real \(fields[1].flat)")
        }
        let real = fields[8].elements.map { $0.withoutNotes.flat }
        let layout = spec.derivedKeyLayout
        let own = layout.specs.map { KeySpecText.text(of: $0) }
        #expect(
            (own != real) == (DerivationTests.keyExceptions[name] != nil),
            "\(name): ours \(own) real \(real)")
        if DerivationTests.keyExceptions[name] == nil {
            let range = KeySpec.range(layout.specs)
            let reported = [fields[3], fields[4], fields[5]]
            let derived = [range.first, range.last, range.step].map(WireValue.integer)
            #expect(reported == derived, "\(name)")
            let isMovable = fields[2].elements.contains { $0.text == "movablekeys" }
            #expect(isMovable == KeySpec.areMovable(layout.specs), "\(name)")
        }
    }

    private static func collect(_ element: WireValue, _ facts: inout [String: [WireValue]]) {
        let fields = element.elements
        facts[fields[0].text ?? ""] = fields
        for subcommand in fields[9].elements { collect(subcommand, &facts) }
    }
}

/// Key specifications as the same text that a real server's are flattened to.
private enum KeySpecText {
    static func text(of spec: KeySpec) -> String {
        let flags = KeyFlags.names.filter { spec.flags.contains($0.0) }.map(\.1)
        let begin =
            switch spec.begin {
            case .index(let word): "[type index spec [index \(word)]]"
            case .keyword(let token, let from):
                "[type keyword spec [keyword \(token) startfrom \(from)]]"
            case .unknown: "[type unknown spec []]"
            }
        let find =
            switch spec.find {
            case .range(let last, let step, let limit):
                "[type range spec [lastkey \(last) keystep \(step) limit \(limit)]]"
            case .number(let at, let first, let step):
                "[type keynum spec [keynumidx \(at) firstkey \(first) keystep \(step)]]"
            case .unknown: "[type unknown spec []]"
            }
        return "[flags [\(flags.joined(separator: " "))] begin_search \(begin) find_keys \(find)]"
    }
}

extension WireValue {
    /// The value as what the grammar reads documentation from.
    var docsValue: DocsValue {
        switch self {
        case .integer(let value): .number(value)
        case .null: .list([])
        default: text.map(DocsValue.text) ?? .list(elements.map(\.docsValue))
        }
    }

    /// A key specification without its remark.
    fileprivate var withoutNotes: WireValue {
        let all = elements
        return all.first?.text == "notes" ? .array(Array(all.dropFirst(2))) : self
    }
}
