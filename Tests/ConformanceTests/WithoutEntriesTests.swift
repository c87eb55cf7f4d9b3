import Engine
import Grammar
import Testing

/// Commands of parts that are not there yet answer as a real server answers that has nothing of
/// the kind: no script, no function, no user but one, no cluster, no slow command.
@Suite(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct WithoutEntriesTests {
    private static let lines = [
        "FUNCTION LIST", "FUNCTION LIST LIBRARYNAME x WITHCODE", "FUNCTION LIST LIBRARYNAME",
        "FUNCTION LIST LIBRARYNAME x LIBRARYNAME y", "FUNCTION LIST WITHCODE WITHCODE",
        "FUNCTION LIST nope", "FUNCTION FLUSH", "FUNCTION FLUSH ASYNC", "FUNCTION FLUSH sync",
        "FUNCTION FLUSH SYNC x", "FUNCTION FLUSH nope", "FUNCTION STATS", "FUNCTION DUMP",
        "FUNCTION DELETE x", "FUNCTION KILL", "FUNCTION HELP x", "FUNCTION", "FUNCTION nope",
        "SCRIPT FLUSH", "SCRIPT FLUSH SYNC", "SCRIPT FLUSH ASYNC x", "SCRIPT FLUSH nope",
        "SCRIPT EXISTS a b c", "SCRIPT EXISTS", "SCRIPT KILL", "SCRIPT nope", "ACL WHOAMI",
        "ACL CAT", "ACL CAT nope", "ACL CAT read x", "ACL LIST", "ACL USERS",
        "ACL GETUSER default", "ACL GETUSER nope", "ACL nope", "CLUSTER INFO", "CLUSTER NODES",
        "CLUSTER nope", "CLUSTER KEYSLOT a", "CLUSTER KEYSLOT", "CLUSTER", "CLUSTER HELP",
        "CLUSTER MYID", "CLUSTER SLOTS", "CLUSTER SHARDS", "READONLY", "READWRITE", "ASKING",
        "READONLY x", "LATENCY RESET", "LATENCY RESET a b", "LATENCY LATEST",
        "LATENCY HISTORY command", "LATENCY GRAPH command", "LATENCY HISTOGRAM nope",
        "LATENCY nope", "SLOWLOG LEN", "SLOWLOG RESET", "SLOWLOG GET", "SLOWLOG GET 5",
        "SLOWLOG GET x", "SLOWLOG GET -2", "SLOWLOG GET -1", "SLOWLOG GET 5 6", "SLOWLOG nope",
        "SLOWLOG LEN x",
    ]

    @Test(arguments: ["2", "3"])
    func answers(version: String) throws {
        let server = try RealServer(options: ["--slowlog-log-slower-than", "-1"])
        let real = try server.connect()
        let own = EmbeddedStore()
        _ = try real.call(["HELLO", version])
        _ = own.call(["HELLO", version])
        for line in WithoutEntriesTests.lines {
            let words = line.split(separator: " ").map(String.init)
            let theirs = String(decoding: try real.call(words), as: UTF8.self)
            #expect(String(decoding: own.call(words), as: UTF8.self) == theirs, "\(line)")
        }
    }

    /// The password's digest stands in the rules.
    @Test func aPasswordIsShownAsItsDigest() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        for words in [
            ["CONFIG", "SET", "requirepass", "sesame"], ["AUTH", "sesame"], ["ACL", "LIST"],
            ["ACL", "GETUSER", "default"],
        ] {
            let theirs = String(decoding: try real.call(words), as: UTF8.self)
            #expect(String(decoding: own.call(words), as: UTF8.self) == theirs)
        }
    }

    /// Every command that both have is in the same categories.
    @Test func categoriesHaveTheSameCommands() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        let known = Set(own.commands.entries.map(\.spec.reportedName))
        for category in own.value("ACL", "CAT").elements.compactMap(\.text) {
            let theirs = try real.value("ACL", "CAT", category).elements.compactMap(\.text)
            let ours = own.value("ACL", "CAT", category).elements.compactMap(\.text)
                .filter { !$0.hasPrefix("larder") }
            #expect(Set(ours) == Set(theirs).intersection(known), "\(category)")
        }
    }
}
