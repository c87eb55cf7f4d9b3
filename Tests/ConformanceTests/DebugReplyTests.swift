import Testing

/// DEBUG beside a real server, where its replies are defined.
@Suite(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct DebugReplyTests {
    private static let lines = [
        "SET s hello", "DEBUG", "DEBUG nope", "DEBUG SET-ACTIVE-EXPIRE 0",
        "DEBUG SET-ACTIVE-EXPIRE x", "DEBUG SET-ACTIVE-EXPIRE", "DEBUG PAUSE-CRON 0",
        "DEBUG PAUSE-CRON x", "DEBUG SLEEP 0", "DEBUG SLEEP x", "DEBUG SLEEP -1", "DEBUG SLEEP",
        "DEBUG DIGEST", "DEBUG DIGEST x", "DEBUG DIGEST-VALUE s nokey", "DEBUG DIGEST-VALUE",
        "DEBUG OBJECT nokey", "DEBUG QUICKLIST-PACKED-THRESHOLD 100b",
        "DEBUG QUICKLIST-PACKED-THRESHOLD 0", "DEBUG QUICKLIST-PACKED-THRESHOLD x",
        "DEBUG QUICKLIST-PACKED-THRESHOLD 4gb", "DEBUG QUICKLIST-PACKED-THRESHOLD -1",
        "DEBUG HTSTATS 99", "DEBUG HTSTATS x", "DEBUG REPLYBUFFER PEAK-RESET-TIME NEVER",
        "DEBUG REPLYBUFFER PEAK-RESET-TIME RESET", "DEBUG REPLYBUFFER PEAK-RESET-TIME 100",
        "DEBUG REPLYBUFFER PEAK-RESET-TIME x", "DEBUG REPLYBUFFER RESIZING 1",
        "DEBUG REPLYBUFFER RESIZING", "DEBUG SET-DISABLE-DENY-SCRIPTS 1",
        "DEBUG SET-DISABLE-DENY-SCRIPTS 0", "DEBUG PROTOCOL string", "DEBUG PROTOCOL integer",
        "DEBUG PROTOCOL double", "DEBUG PROTOCOL bignum", "DEBUG PROTOCOL null",
        "DEBUG PROTOCOL array", "DEBUG PROTOCOL set", "DEBUG PROTOCOL map",
        "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true", "DEBUG PROTOCOL false",
        "DEBUG PROTOCOL nope", "DEBUG STRINGMATCH-LEN 10 a", "DEBUG JMAP", "DEBUG POPULATE 3",
        "DEBUG POPULATE 2 p 10", "DEBUG POPULATE x", "DEBUG POPULATE -1",
        "DEBUG POPULATE 1 p x", "DEBUG POPULATE 1 p -1", "GET p:0", "GET key:1",
        "DEBUG DIGEST", "DEBUG CHANGE-REPL-ID", "DEBUG ERROR ERR-boo", "DEBUG HELP x",
        "DEBUG SET-SKIP-CHECKSUM-VALIDATION 1", "DEBUG SET-SKIP-CHECKSUM-VALIDATION 0",
    ]

    @Test(arguments: ["2", "3"])
    func answers(version: String) throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        _ = try real.call(["HELLO", version])
        _ = own.call(["HELLO", version])
        for line in DebugReplyTests.lines {
            let words = line.split(separator: " ").map(String.init)
            let theirs = String(decoding: try real.call(words), as: UTF8.self)
            #expect(String(decoding: own.call(words), as: UTF8.self) == theirs, "\(line)")
        }
    }

    /// All fields of DEBUG OBJECT but the address and the clock.
    @Test func accounts() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        for value in ["hello", "12345", String(repeating: "a", count: 60)] {
            func account(_ reply: WireValue) -> String {
                (reply.text ?? "").split(separator: " ")
                    .filter { !$0.hasPrefix("at:") && !$0.hasPrefix("lru:") }
                    .joined(separator: " ")
            }
            _ = try real.call(["SET", "k", value])
            _ = own.call(["SET", "k", value])
            #expect(
                account(own.value("DEBUG", "OBJECT", "k"))
                    == account(try real.value("DEBUG", "OBJECT", "k")))
        }
    }
}
