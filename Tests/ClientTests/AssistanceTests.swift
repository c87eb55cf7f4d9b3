import Bytes
import Engine
import Grammar
import Server
import Testing
import Wire

@testable import Client

@Suite struct AssistanceTests {
    private func words(_ text: String) -> [String] {
        LineWords(Array(text.unicodeScalars)).words.map(\.value.text)
    }

    @Test(arguments: [
        ("", []), ("GET", ["GET"]), ("GET ", ["GET"]), ("  GET  a", ["GET", "a"]),
        ("SET a \"x y", ["SET", "a", "x y"]), ("SET a 'x\\'y'", ["SET", "a", "x'y"]),
        ("SET a \"\\\"\\n\"", ["SET", "a", "\"\n"]), ("5 INCR c", ["INCR", "c"]), ("5", ["5"]),
        ("5 ", []), ("GET a\nGET b", ["GET", "b"]), ("SET a 'x\ny", ["SET", "a", "x\ny"]),
        ("SET ä:日 x", ["SET", "ä:日", "x"]), ("SET a \"\" b", ["SET", "a", "", "b"]),
    ])
    func wordsOfUnfinishedLines(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func wordsKnowTheirPlaces() {
        let line = LineWords(Array("GET \"ä b".unicodeScalars))
        #expect(line.words.map(\.range) == [0..<3, 4..<8])
        #expect(line.endsInWord && line.words[1].isQuoted)
        #expect(!LineWords(Array("GET a ".unicodeScalars)).endsInWord)
    }

    @Test(arguments: [
        ("GE", "GET GETDEL GETEX GETRANGE GETSET"), ("gets", "getset"),
        ("SET a 1 K", "KEEPTTL"), ("set a 1 ke", "keepttl"), ("OBJECT F", "FREQ"),
        ("object en", "encoding"), ("CONFIG GET maxmemory-p", "maxmemory-policy"),
        ("SCAN 0 TYPE z", "zset"),
        ("CONFIG SET maxmemory-po", "maxmemory-policy"), ("SCAN 0 M", "MATCH"),
        ("COMMAND INFO getd", "getdel"),
        ("COMMAND LIST FILTERBY ACLCAT key", "keyspace"), ("NOPE ", nil), ("SET a 1 ZZ", nil),
        ("GET a ", nil), ("5 GETD", "GETDEL"), ("PING\nGETD", "GETDEL"),
    ])
    func completions(text: String, expected: String?) {
        let assistance = Assistance(own: [])
        let found = assistance.complete(Array(text.unicodeScalars))
        #expect(found?.words.joined(separator: " ") == expected)
    }

    @Test func keysAreOfferedWhereKeysStandAndQuotedWhereNeeded() {
        let assistance = Assistance(own: [])
        var asked: [String] = []
        assistance.findKeys = { prefix, _ in
            asked.append(prefix.text)
            return ["a b", "a"]
        }
        #expect(assistance.complete(Array("GET a".unicodeScalars))?.words == ["\"a b\"", "a"])
        #expect(assistance.complete(Array("GET \"a".unicodeScalars))?.range == 4..<6)
        #expect(assistance.complete(Array("SET a v".unicodeScalars)) == nil)
        #expect(asked == ["a", "a"])
    }

    @Test func filesAreOfferedWhereFilesAreNamed() {
        let assistance = Assistance(own: [])
        var asked: [String] = []
        assistance.findFiles = { prefix in
            asked.append(prefix)
            return ["dir/", "a b"]
        }
        func words(_ text: String) -> [String]? {
            assistance.complete(Array(text.unicodeScalars))?.words
        }
        #expect(words(":source d") == ["dir/", "\"a b\""])
        #expect(words("GET k > ") == ["dir/", "\"a b\""])
        #expect(words("GET k >> x/") == ["dir/", "\"a b\""])
        #expect(words(":history import ~/.r") == ["dir/", "\"a b\""])
        #expect(asked == ["d", "", "x/", "~/.r"])
        #expect(words("GET \">\" x") == nil)
        #expect(words("SET k d") == nil)
    }

    @Test func namesOfFiles() {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let names = FileNames.beginning("/\(folder)/G", home: nil)
        #expect(names == ["/\(folder)/Golden/"])
        #expect(FileNames.beginning("~/Golden/rep", home: "/\(folder)").count == 2)
        #expect(FileNames.beginning("/nowhere/at/all", home: nil).isEmpty)
    }

    @Test func rolesFollowTheGrammar() {
        let assistance = Assistance(own: [])
        func roles(_ text: String) -> [WordRole] {
            assistance.read(Array(text.unicodeScalars)).roles
        }
        #expect(roles("SET a 1 EX 5") == [.command, .key, .string, .token, .number])
        #expect(roles("OBJECT FREQ a") == [.command, .subcommand, .key])
        #expect(roles("GET a b") == [.command, .key, .wrong])
        // A word that may still become a right one is not wrong while it is typed.
        #expect(roles("SET a 1 E") == [.command, .key, .string, .string])
        #expect(roles("SET a 1 E ") == [.command, .key, .string, .wrong])
        #expect(roles("GE") == [.string])
        #expect(roles("GTE") == [.wrong])
    }

    @Test func unknownNamesHaveNeighbours() {
        let assistance = Assistance(own: [])
        func nearest(_ text: String) -> [String] {
            assistance.read(Array(text.unicodeScalars)).nearest
        }
        #expect(nearest("GTE a") == ["GET"])
        #expect(nearest("STRLENN a").contains("STRLEN"))
        #expect(nearest("qqqqqq a").isEmpty)
        #expect(nearest("GE").isEmpty)
    }

    @Test func namesOfTheSessionComeFirst() {
        var keys = KeyNames()
        for name in ["b", "user:1", "user:2", "user:1"] { keys.note(ByteString(name)) }
        let found = keys.names(beginning: "user:", budget: .remote) { _ in
            KeyNames.ScanPart(cursor: "0", names: ["user:3", "user:1"])
        }
        #expect(found == ["user:1", "user:2", "user:3"])
        for number in 0..<2000 { keys.note(ByteString("n\(number)")) }
        let none = keys.names(beginning: "n", budget: .remote) { _ in nil }
        #expect(none.count == 500)
        #expect(KeyNames.pattern(Array("a*[b".utf8)) == Array("a\\*\\[b*".utf8))
    }

    /// Ten thousand keys, of which a Tab looks at a fixed number, whatever it finds.
    @Test func aTabTouchesABoundedNumberOfKeys() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        for start in stride(from: 0, to: 10_000, by: 1000) {
            let pairs = (start..<(start + 1000)).flatMap { ["key:\($0)", "v"] }
            #expect(endpoint.call(["MSET"] + pairs) == .reply(.simple("OK")))
        }
        for budget in [KeyNames.Budget.embedded, .remote] {
            var touched = 0
            var calls = 0
            let found = KeyNames().names(beginning: "key:", budget: budget) { words in
                calls += 1
                #expect(words[0] == Array("SCAN".utf8))
                guard case .reply(let reply) = endpoint.companion(patience: 5000).call(words),
                    let parts = reply.elements, let cursor = parts[0].bytes
                else { return nil }
                let names = parts[1].elements?.compactMap(\.bytes) ?? []
                touched += names.count
                return KeyNames.ScanPart(cursor: cursor, names: names)
            }
            #expect(calls == 3)
            #expect(found.count == touched)
            // SCAN may give a few more than it was asked for: the rest of a chain of buckets.
            #expect(touched >= budget.calls * budget.count / 2)
            #expect(touched <= budget.calls * (budget.count + 64))
        }
    }

    @Test func membersOfLargeValuesAreTouchedInBoundedNumber() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        let names = (0..<10_000).map { "member:\($0)" }
        #expect(endpoint.call(["SADD", "s"] + names) == .reply(.integer(10_000)))
        let fields = names.flatMap { [$0, "v"] }
        #expect(endpoint.call(["HSET", "h"] + fields) == .reply(.integer(10_000)))
        for (key, command, hasValues) in [("s", "SSCAN", false), ("h", "HSCAN", true)] {
            var touched = 0
            let found = KeyNames.elements(
                of: ByteString(key), command: command, hasValues: hasValues,
                beginning: "member:", budget: .remote
            ) { words in
                guard case .reply(let reply) = endpoint.call(words), let parts = reply.elements,
                    let cursor = parts[0].bytes, let names = parts[1].elements?.compactMap(\.bytes)
                else { return nil }
                touched += hasValues ? names.count / 2 : names.count
                return KeyNames.ScanPart(cursor: cursor, names: names)
            }
            #expect(touched >= 150 && touched <= 3 * (100 + 64), "\(command): \(touched)")
            #expect(found.count == touched)
            #expect(found.allSatisfy { $0.text.hasPrefix("member:") })
        }
    }

    @Test func aServersOwnWordIsTaken() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        guard case .reply(let docs) = endpoint.call(["COMMAND", "DOCS"]),
            case .reply(let info) = endpoint.call(["COMMAND", "INFO"])
        else {
            Issue.record("no documentation")
            return
        }
        let assistance = Assistance(own: [])
        let before = assistance.catalog.commands.map(\.name)
        let hint = assistance.read(Array("SET a 1 ".unicodeScalars)).hint
        #expect(assistance.use(docs: docs, info: info))
        #expect(assistance.catalog.commands.map(\.name) == before)
        #expect(assistance.read(Array("SET a 1 ".unicodeScalars)).hint == hint)
        #expect(!assistance.use(docs: .array([]), info: .array([])))
        let other: RESPValue = .array([
            .bulk("other"),
            .array([
                .bulk("group"), .bulk("module"), .bulk("arguments"),
                .array([
                    .array([.bulk("name"), .bulk("thing"), .bulk("type"), .bulk("string")])
                ]),
            ]),
        ])
        #expect(assistance.use(docs: other, info: .array([])))
        #expect(assistance.read(Array("OTHER ".unicodeScalars)).hint == "thing")
    }
}
