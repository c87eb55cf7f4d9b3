import Testing

/// What SLOWLOG keeps of requests, beside a real server: which commands, which of their words.
@Suite(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct SlowLogDifferenceTests {
    private static let lines: [String] =
        [
            "SLOWLOG RESET", "AUTH foo", "AUTH default foo", "HELLO 2 AUTH default foo",
            "HELLO 2 SETNAME x", "CONFIG SET requirepass ''", "CONFIG SET maxclients 999",
            "CONFIG SET masterauth zz maxclients 998 masteruser yy", "CONFIG SET masterauth ''",
            "CONFIG SET bogus x", "CONFIG GET requirepass", "CONFIG NOPE", "NOPE x", "GET",
            "SET x 1", "SET x 1 EX", "INCR x", "INCR x y", "SELECT 5", "CLIENT SETNAME bob",
            "MULTI", "SET a 1", "NOPE", "EXEC", "MULTI", "SET a 1", "GET a", "EXEC", "EXEC",
            "MULTI", "DISCARD", "WATCH a", "MULTI", "SET a 2", "EXEC", "DEBUG SLEEP 0.001",
            "LPUSH a b", "COMMAND COUNT", "SLOWLOG LEN", "CLIENT REPLY ON", "ECHO ''",
        ] + [30, 31, 32, 33, 100].map { "DEL " + numbers($0) }
        + [127, 128, 129, 1000].map { "SET k " + String(repeating: "x", count: $0) }

    private static func numbers(_ count: Int) -> String {
        (1...count).map(String.init).joined(separator: " ")
    }

    private static func split(_ line: String) -> [String] {
        line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
    }

    /// The words and the client's name of each entry.
    private static func entries(_ reply: WireValue) -> [String] {
        reply.elements.map { entry in
            let words = entry.elements[3].elements.map { $0.text ?? "?" }
            return words.joined(separator: " ") + " by " + (entry.elements[5].text ?? "?")
        }
    }

    @Test func theSameIsKept() throws {
        let server = try RealServer(options: ["--slowlog-log-slower-than", "0"])
        let real = try server.connect()
        let own = EmbeddedStore()
        _ = own.call(["CONFIG", "SET", "slowlog-log-slower-than", "0"])
        for line in SlowLogDifferenceTests.lines {
            _ = try real.call(SlowLogDifferenceTests.split(line))
            _ = own.call(SlowLogDifferenceTests.split(line))
        }
        let theirs = SlowLogDifferenceTests.entries(try real.value("SLOWLOG", "GET", "-1"))
        let ours = SlowLogDifferenceTests.entries(own.value("SLOWLOG", "GET", "-1"))
        #expect(theirs.count > 30)
        #expect(ours == theirs)
        let shapes = [try real.value("SLOWLOG", "GET"), own.value("SLOWLOG", "GET")].map {
            $0.elements.map { $0.elements.map { $0.elements.count } }
        }
        #expect(shapes[0].count == shapes[1].count)
    }
}
