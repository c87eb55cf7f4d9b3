import Bytes
import Engine
import Grammar
import Testing
import Wire

/// The table of commands against a real server's COMMAND INFO and COMMAND DOCS.
@Suite(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct CommandTableTests {
    @Test func everyFactIsTheRealServersOrIsListed() throws {
        let server = try RealServer()
        let connection = try server.connect()
        let real = CommandFacts(
            info: try connection.value("COMMAND", "INFO"),
            docs: try connection.value("COMMAND", "DOCS"))
        let store = EmbeddedStore()
        let own = CommandFacts(
            info: store.value("COMMAND", "INFO"), docs: store.value("COMMAND", "DOCS"))
        #expect(own.commands.count > 20 && real.commands.count > 300)
        var unused = CommandDifference.all.map { "\($0.command): \($0.fact)" }
        for (command, fact, line) in own.differences(from: real)
        where !CommandDifference.isOwn(command) {
            let listed = CommandDifference.all.first {
                $0.command == command && fact.hasPrefix($0.fact)
            }
            if let listed {
                unused.removeAll { $0 == "\(listed.command): \(listed.fact)" }
            } else {
                Issue.record(Comment(rawValue: line))
            }
        }
        #expect(unused.isEmpty, "listed, but there is no such difference")
    }

    @Test func whatIsMissingIsListed() throws {
        let server = try RealServer()
        let connection = try server.connect()
        let real = CommandFacts(info: .array([]), docs: try connection.value("COMMAND", "DOCS"))
        let own = CommandFacts(info: .array([]), docs: EmbeddedStore().value("COMMAND", "DOCS"))
        let missing = Set(real.commands.keys).subtracting(own.commands.keys)
        let listed = MissingCommands.all.flatMap(\.names)
        #expect(Set(listed).count == listed.count)
        #expect(missing.subtracting(listed).sorted() == [], "missing, and not listed")
        #expect(Set(listed).subtracting(missing).sorted() == [], "listed, and not missing")
    }

    /// RESP3 has maps and sets where RESP2 has arrays: the kinds must be the real ones too.
    @Test(arguments: ["2", "3"])
    func theShapeOfEveryReplyIsTheRealServers(version: String) throws {
        let server = try RealServer()
        let connection = try server.connect()
        let store = EmbeddedStore()
        _ = try connection.call(["HELLO", version])
        _ = store.call(["HELLO", version])
        for words in [
            ["COMMAND", "INFO", "get", "nope", "set", "mset", "client|getname"],
            ["COMMAND", "DOCS", "get", "nope", "set", "setex", "substr"],
            ["COMMAND", "LIST", "FILTERBY", "PATTERN", "mg*"],
            ["COMMAND", "LIST", "FILTERBY", "MODULE", "nope"],
            ["COMMAND", "LIST", "FILTERBY", "ACLCAT", "nope"],
            ["COMMAND", "LIST", "FILTERBY", "nope", "nope"], ["COMMAND", "LIST", "nope", "nope"],
            ["COMMAND", "LIST", "nope"], ["COMMAND", "COUNT", "nope"], ["COMMAND", "nope"],
            ["COMMAND", "GETKEYSANDFLAGS", "SET", "a", "b", "GET"],
        ] {
            let real = WireValue(reply: try connection.call(words))
            let own = WireValue(reply: store.call(words))
            #expect(own.shape == real.shape, "\(words)")
        }
    }

    /// The keys of lines, valid and not, for every command of the table.
    @Test func theKeysOfLinesAreTheRealServers() throws {
        let server = try RealServer()
        let connection = try server.connect()
        let store = EmbeddedStore()
        var random = Random(seed: 7)
        let pool = ["a", "b", "0", "1", "2", "GET", "get", "SET", "KEYS", "STORE", "x y"]
        let table = store.commands
        for entry in table.entries
        where !CommandDifference.isOwn(entry.spec.reportedName) {
            let name = entry.spec.typedName.split(separator: " ").map(String.init)
            for _ in 0..<40 {
                let count = random.next(below: 7)
                let line = name + (0..<count).map { _ in pool[random.next(below: pool.count)] }
                for subcommand in ["GETKEYS", "GETKEYSANDFLAGS"] {
                    let words = ["COMMAND", subcommand] + line
                    let real = String(decoding: try connection.call(words), as: UTF8.self)
                    let own = String(decoding: store.call(words), as: UTF8.self)
                    #expect(own == real, "\(words)")
                }
            }
        }
    }
}

extension WireValue {
    /// The kinds of the values inside one another, without the strings.
    var shape: String {
        switch self {
        case .simple: "+"
        case .error(let text): "-" + text
        case .integer(let value): "\(value)"
        case .bulk, .verbatim: "$"
        case .null: "nil"
        case .array(let all): "*(" + all.map(\.shape).joined(separator: " ") + ")"
        case .set(let all): "~(" + all.map(\.shape).joined(separator: " ") + ")"
        case .map(let all): "%(" + all.map(\.shape).joined(separator: " ") + ")"
        default: "other"
        }
    }
}
