import Bytes
import Testing
import Wire

@testable import Grammar

@Suite struct UsageTests {
    @Test(arguments: [
        "SET key value [NX | XX] [GET] [EX seconds | EXAT unix-time-seconds | KEEPTTL]",
        "MSET key value [key value ...]", "BLPOP key [key ...] timeout",
        "ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]",
        "ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]]"
            + " [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]",
        "EVAL script numkeys [key [key ...]] [arg [arg ...]]",
        "XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]",
        "GEORADIUS key longitude latitude radius <M | KM> [WITHCOORD] [STORE key]",
        "LCS key1 key2", "SORT key [BY pattern] [GET pattern [GET pattern ...]] [ALPHA]",
        "HELLO [protover [AUTH username password] [SETNAME clientname]]", "PING [message]",
        "QUIT", "OBJECT subcommand", "OBJECT ENCODING key",
    ])
    func syntaxLines(line: String) throws {
        let spec = try #require(Samples.table.catalog.find(Samples.words(line)))
        #expect(SyntaxPrinter.line(spec) == line)
    }

    @Test(arguments: [
        ("SET", "key value [NX | XX] [GET] [EX seconds | EXAT unix-time-seconds | KEEPTTL]"),
        ("set a", "value [NX | XX] [GET] [EX seconds | EXAT unix-time-seconds | KEEPTTL]"),
        ("SET a 1 GET", "[NX | XX] [EX seconds | EXAT unix-time-seconds | KEEPTTL]"),
        ("SET a 1 EX", "seconds [NX | XX] [GET]"), ("SET a 1 EX 5 nx get", ""),
        ("SET a 1 nonsense", nil), ("MSET", "key value [key value ...]"),
        ("MSET a", "value [key value ...]"), ("MSET a 1", "[key value ...]"),
        ("BLPOP a", "[key ...] timeout"),
        (
            "ZUNION 2",
            "key key [WEIGHTS weight [weight ...]]"
                + " [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]"
        ),
        ("ZUNION 1 a WEIGHTS 1 WITHSCORES", "[AGGREGATE <SUM | MIN | MAX>]"),
        ("EVAL s 5", "key key key ... [arg [arg ...]]"),
        ("XREAD STREAMS a", "[key ...] id [id ...]"),
        ("HELLO 3 AUTH", "username password [SETNAME clientname]"),
        ("SORT a GET x", "[BY pattern] [GET pattern [GET pattern ...]] [ALPHA]"),
        ("OBJECT", "subcommand"), ("OBJECT ENCODING", "key"), ("OBJECT nope", nil),
        ("NOPE", nil), ("", nil),
    ])
    func hints(line: String, hint: String?) {
        #expect(Hinter(Samples.table.catalog).hint(after: Samples.words(line)) == hint)
    }

    @Test func aHelpPageHasItsParts() throws {
        let page = HelpPage(Samples.object.spec.adapted(to: .redis70))
        #expect(
            page.lines == [
                "OBJECT subcommand", "  A container.", "  complexity: Depends on subcommand.",
                "  since:      2.2.3", "  group:      generic", "  categories: @slow",
                "  OBJECT ENCODING key", "      A sample.",
            ])
        let newer = Samples.command("X", []).spec
        #expect(!HelpPage(newer).facts.contains { $0.label == "deprecated" })
    }

    @Test func theCatalogueIsSearched() {
        let catalog = Samples.table.catalog
        #expect(catalog.search("zadd").map(\.name) == ["ZADD"])
        #expect(catalog.search("CONTAINER").map(\.name) == ["OBJECT"])
        #expect(catalog.search("no such thing").isEmpty)
        #expect(catalog.groups == [.generic])
        #expect(catalog.commands.map(\.name) == catalog.commands.map(\.name).sorted())
    }

    @Test func documentationIsReadBackAsItWasWritten() throws {
        let table = Samples.table
        for version in [ProtocolVersion.two, .three] {
            var docs = ReplyWriter(version: version)
            docs.map(table.topLevel.count)
            for number in table.topLevel {
                CommandDocs(flavour: .redis70).write(table.entries[number].spec, to: &docs)
            }
            var info = ReplyWriter(version: version)
            info.array(table.topLevel.count)
            for number in table.topLevel { table.writeInfo(number, to: &info) }
            let read = CommandDocs.commands(
                docs: UsageTests.decode(docs.buffer.bytes.copied()),
                info: UsageTests.decode(info.buffer.bytes.copied()))
            #expect(read.count == table.topLevel.count)
            for (spec, number) in zip(read, table.topLevel) {
                let own = table.entries[number].spec
                #expect(SyntaxPrinter.line(spec) == SyntaxPrinter.line(own))
                #expect(spec.arity == own.arity && spec.since == own.since)
                #expect(spec.subcommands.map(\.name) == own.subcommands.map(\.name))
            }
        }
    }

    /// A small decoder of the reply kinds that documentation is made of.
    private static func decode(_ bytes: [UInt8]) -> DocsValue {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0.dropLast(), as: UTF8.self) }[...]
        return decode(&lines)
    }

    private static func decode(_ lines: inout ArraySlice<String>) -> DocsValue {
        let head = lines.removeFirst()
        let count = Int(head.dropFirst()) ?? 0
        switch head.first {
        case ":": return .number(count)
        case "+": return .text(String(head.dropFirst()))
        case "$": return .text(lines.removeFirst())
        case "%": return .list((0..<count * 2).map { _ in decode(&lines) })
        default: return .list((0..<count).map { _ in decode(&lines) })
        }
    }
}
