import Bytes
import Client
import Playback
import Testing

/// Lessons at the real redis-server, and at valkey-server where there is one: they pass there, and
/// leave the keys of others as they were.
@Suite(.enabled(if: RealServer.isInstalled, "redis-server is not installed"))
struct LessonsAtServerTests {
    /// Keys that a careless lesson would change: some have the very names that lessons use.
    private static let sentinels = [
        "SET page:home others", "SET visits 7", "RPUSH queue:mail theirs", "SADD tags:lamp theirs",
        "HSET user:7 name Theirs", "ZADD board 1 theirs", "ZADD lb:week 1 theirs",
        "ZADD lb:november 2 theirs", "RPUSH news:log theirs", "HSET cart:1 lamp 99",
        "SET larder:lesson:data-types:0:visits theirs", "SET news theirs",
    ]

    /// The lessons of the repository.
    private static let folder = ScenarioFolder(
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Scenarios")

    private static func reply(_ line: String, _ connection: RealConnection) throws -> [UInt8] {
        let words = line.split(separator: " ")
        let parts = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }
        try connection.send(Array("*\(words.count)\r\n\(parts.joined())".utf8))
        return try connection.receive()
    }

    /// All keys, each with its value as the server serializes it, and its time to live.
    private static func dump(_ connection: RealConnection) throws -> [[UInt8]] {
        try sentinels.map { line in
            let key = line.split(separator: " ")[1]
            return try reply("DUMP \(key)", connection) + reply("PTTL \(key)", connection)
        } + [reply("DBSIZE", connection)]
    }

    private static func place(
        _ server: RealServer, allowsDestructive: Bool = false
    ) throws -> RemotePlace {
        try RemotePlace(
            Target(parsing: server.socketPath), allowsDestructive: allowsDestructive)
    }

    /// Plays a lesson of a text.
    private static func play(_ text: String, at place: RemotePlace) -> ScenarioResult {
        let loader = ScenarioLoader { _ in Array(text.utf8) }
        var run = ScenarioRun()
        run.options.place = place
        return run.test(loader.load("Scenarios/test.md"), in: LintSurroundings())
    }

    private static func lesson(_ body: String, front: String = "") -> String {
        "---\ntitle: Test\nid: test\nbackends: [embedded, redis, valkey]\n\(front)---\n# Test\n\n"
            + body
    }

    @Test(arguments: RealServer.Kind.installed, ["data-types", "leaderboard", "pub-sub"])
    func `A lesson passes at a real server and leaves the keys of others byte for byte`(
        kind: RealServer.Kind, name: String
    ) throws {
        let server = try RealServer(kind)
        let connection = try server.connect()
        for line in Self.sentinels { _ = try Self.reply(line, connection) }
        let before = try Self.dump(connection)
        let file = try #require(Self.folder.files(named: [name]).first?.1.first)
        var run = ScenarioRun()
        run.options.place = try Self.place(server)
        let result = run.test(file, in: Self.folder.surroundings())
        #expect(result.verdict == .passed, "\(result.report)")
        #expect(result.counts.exercises == 1)
        #expect(try Self.dump(connection) == before)
        #expect(try Self.reply("PUBSUB CHANNELS", connection) == Array("*0\r\n".utf8))
    }

    @Test(arguments: ["cache-aside", "ttl", "eviction", "pipelining"])
    func `A lesson that needs the simulated world is skipped, and nothing is sent`(
        name: String
    ) throws {
        let server = try RealServer()
        let file = try #require(Self.folder.files(named: [name]).first?.1.first)
        var run = ScenarioRun()
        run.options.place = try Self.place(server)
        let result = run.test(file, in: Self.folder.surroundings())
        #expect(result.verdict == .skipped)
        #expect(result.report.hasPrefix("it is for the embedded engine"))
    }

    @Test(arguments: [
        ("> FLUSHALL", "FLUSHALL concerns more"), ("> CONFIG SET maxmemory 1", "CONFIG SET"),
        ("> SWAPDB 0 1", "SWAPDB"), ("> SHUTDOWN", "SHUTDOWN"), ("> SCRIPT FLUSH", "SCRIPT FLUSH"),
        ("> SELECT 1", "SELECT leads"), ("> RANDOMKEY", "RANDOMKEY gives"),
        ("wb> clock advance 6s", "it lets 6s pass"), ("wb> node kill primary", "'node' acts"),
    ])
    func `What is not allowed at a real server makes the lesson a skip`(
        line: String, reason: String
    ) throws {
        let server = try RealServer()
        let connection = try server.connect()
        for line in Self.sentinels { _ = try Self.reply(line, connection) }
        let before = try Self.dump(connection)
        let fence = line.hasPrefix("wb") ? "console" : "redis"
        let text = Self.lesson("```redis\n> SET a 1\nOK\n```\n\n```\(fence)\n\(line)\n```\n")
        let result = Self.play(text, at: try Self.place(server))
        // Commands that the engine does not have are refused by lint, before anything is played.
        if result.verdict == .refused {
            #expect(result.report.contains("S311"), "\(result.report)")
        } else {
            #expect(result.verdict == .skipped)
            #expect(result.report.hasPrefix(reason), "\(result.report)")
        }
        #expect(try Self.dump(connection) == before)
    }

    @Test func `A failure at a real server is a failure, and the lesson's keys go`() throws {
        let server = try RealServer()
        let connection = try server.connect()
        let result = Self.play(
            Self.lesson("```redis\n> SET a 1\nOK\n> GET a\n\"2\"\n```\n"),
            at: try Self.place(server))
        #expect(result.verdict == .failed)
        // The report says where it was, and how to see it again there.
        #expect(!result.report.contains("virtual"), "\(result.report)")
        #expect(result.report.contains(" at \(server.socketPath)\n"), "\(result.report)")
        let command = "larder scenario test test --seed 1 --target unix:\(server.socketPath)"
        #expect(result.report.hasSuffix("reproduce: \(command)\n"), "\(result.report)")
        #expect(try Self.reply("DBSIZE", connection) == Array(":0\r\n".utf8))
    }

    @Test func `Listings see the lesson's own keys alone, under the names that it gave`() throws {
        let server = try RealServer()
        let connection = try server.connect()
        for line in Self.sentinels { _ = try Self.reply(line, connection) }
        let result = Self.play(
            Self.lesson(
                """
                ```redis
                > DBSIZE
                (integer) 0
                > MSET visits 1 b 2
                OK
                > KEYS v*
                1) "visits"
                > SCAN 0 MATCH v* COUNT 1000
                1) "0"
                2) 1) "visits"
                > DBSIZE
                (integer) 2
                > OBJECT ENCODING visits
                "int"
                > EXISTS page:home
                (integer) 0
                ```

                ```check
                cache.keys == 2
                cmd.calls("mset") == 1
                key("visits").value == "1"
                key("page:home").type == "none"
                clock.now < 60s
                ```
                """), at: try Self.place(server))
        #expect(result.verdict == .passed, "\(result.report)")
    }

    @Test func `A command that waits is answered when another session gives it its value`() throws {
        let server = try RealServer()
        let result = Self.play(
            Self.lesson(
                """
                ```redis
                bob> BLPOP jobs 5
                ann> RPUSH jobs paint
                (integer) 1
                bob< 1) "jobs"
                bob< 2) "paint"
                ```
                """), at: try Self.place(server))
        #expect(result.verdict == .passed, "\(result.report)")
    }

    @Test func `Values for a real clock take the place of the others`() throws {
        let server = try RealServer()
        let text = Self.lesson(
            """
            ```redis
            > SET a 1 PX $LIFE
            OK
            ```

            ```check
            not key("a").exists within 3s
            ```
            """, front: "vars: { LIFE: 86400000 }\nvars_real: { LIFE: 30 }\n")
        let result = Self.play(text, at: try Self.place(server))
        #expect(result.verdict == .passed, "\(result.report)")
    }

    @Test func `A figure of the simulated world makes the lesson a skip`() throws {
        let server = try RealServer()
        let result = Self.play(
            Self.lesson("```redis\n> SET a 1\nOK\n```\n\n```check\ncache.hits >= 0\n```\n"),
            at: try Self.place(server))
        #expect(result.verdict == .skipped)
        #expect(result.report.contains("cache.hits"))
    }

    @Test func `With permission a lesson may empty the server`() throws {
        let server = try RealServer()
        let connection = try server.connect()
        _ = try Self.reply("SET theirs 1", connection)
        let result = Self.play(
            Self.lesson("```redis\n> FLUSHALL\nOK\n```\n"),
            at: try Self.place(server, allowsDestructive: true))
        #expect(result.verdict == .passed, "\(result.report)")
        #expect(try Self.reply("DBSIZE", connection) == Array(":0\r\n".utf8))
    }
}
