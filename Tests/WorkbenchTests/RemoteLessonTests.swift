import Glibc
import Testing

/// Lessons at a server, by hand and as tests: whatever ends them, the server has afterwards the
/// keys that it had before.
@Suite struct RemoteLessonTests {
    private static let lesson = """
        ---
        title: "A guest"
        id: guest
        minutes: 1
        backends: [embedded, redis, valkey]
        ---
        # A guest

        ## First

        ```redis
        > SET theirs mine
        OK
        > SET second 2
        OK
        ```

        ## Second

        ```redis
        > APPEND theirs x
        (integer) 5
        ```

        ```console
        wb> clock advance 4s
        ```

        ## Third

        ```redis
        > GET theirs
        "minex"
        ```
        """

    /// A server with a key of somebody else.
    private final class Host {
        let home = TemporaryHome()
        let server: TerminalProgram
        var address: String { "unix:\(home.path)/socket" }

        init() throws {
            server = try TerminalProgram(
                ["serve", "--port", "0", "--unixsocket", home.path + "/socket"], home: home)
            try server.see("the server") { screen in
                screen.transcript.contains { $0.contains("Ready to accept connections unix") }
            }
            #expect(try ask("SET theirs theirs") == "OK\n")
        }

        deinit { kill(server.number, SIGKILL) }

        func ask(_ line: String) throws -> String {
            try Program.run(["--target", address, "-c", line]).output
        }

        var keys: String { get throws { try ask("KEYS *") + ask("GET theirs") } }

        /// Waits until a lesson has set its first key.
        func awaitLesson() throws {
            for _ in 0..<200 {
                if try ask("DBSIZE") != "1\n" { return }
            }
            Issue.record("the lesson has set no key")
        }
    }

    private static let untouched = "theirs\ntheirs\n"

    private func play(
        _ host: Host, _ arguments: [String] = [], dumb: Bool = false
    ) throws -> TerminalProgram {
        let home = TemporaryHome()
        let path = try home.file(Self.lesson, name: "guest.md")
        _ = try home.file("facts: []\n", name: "facts.yaml")
        return try TerminalProgram(
            ["play", path, "--dir", home.path, "--target", host.address] + arguments, dumb: dumb,
            home: home)
    }

    private func see(_ text: String, _ program: TerminalProgram) throws {
        try program.see("'\(text)'") { $0.lines.contains { $0.contains(text) } }
    }

    @Test(arguments: ["q", "Ctrl-C", "SIGTERM"])
    func howeverAPlayEndsItsKeysGo(by means: String) throws {
        let host = try Host()
        let program = try play(host, ["--speed", "instant"])
        try see("Enter: 1/3", program)
        program.type("\r")
        try see("Enter: 2/3", program)
        #expect(try host.ask("DBSIZE") == "3\n")
        switch means {
        case "q": program.type("q")
        case "Ctrl-C": program.type("\u{3}")
        default: kill(program.number, SIGTERM)
        }
        #expect(try program.end() == (means == "q" ? 0 : 130))
        #expect(!program.isRaw)
        #expect(try host.keys == Self.untouched)
    }

    /// Back is the same lesson under another prefix, with everything done again.
    @Test func backBeginsAnewUnderAnotherPrefix() throws {
        let host = try Host()
        let program = try play(host, ["--speed", "instant"])
        try see("Enter: 1/3", program)
        program.type("\r")
        try see("Enter: 2/3", program)
        func prefix() throws -> String {
            let keys = try host.ask("KEYS larder:lesson:*").split(separator: "\n").sorted()
            #expect(keys.count == 2)
            return String(keys.first?.split(separator: ":").dropLast().joined(separator: ":") ?? "")
        }
        let first = try prefix()
        program.type("\r")
        try see("(integer) 5", program)
        program.type("p")
        try see(" guest  1/3", program)
        try see("Enter: 2/3", program)
        #expect(try prefix() != first)
        // What had been appended was not appended twice.
        program.type("\r")
        try program.see("the same reply again") { screen in
            screen.transcript.filter { $0.contains("(integer) 5") }.count == 2
        }
        program.type("q")
        #expect(try program.end() == 0)
        #expect(try host.keys == Self.untouched)
    }

    @Test func theLearnerIsAGuestToo() throws {
        let host = try Host()
        let program = try play(host, ["--speed", "instant"])
        try see("Enter: 1/3", program)
        program.type("t")
        try see("The world is yours", program)
        program.type("FLUSHALL\r")
        try see("(refused) FLUSHALL concerns more", program)
        program.type("GET theirs\r")
        try see("(nil)", program)
        program.type("KEYS *\r")
        try see("(empty array)", program)
        program.type("\u{1B}q")
        _ = try program.end()
        #expect(try host.keys == Self.untouched)
    }

    @Test func theDashboardShowsTheServer() throws {
        let host = try Host()
        let program = try play(host, ["--speed", "instant"])
        try see("Enter: 1/3", program)
        program.type("\r")
        try see("Enter: 2/3", program)
        program.type("d")
        try program.see("the dashboard") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains("keys 3") }
                && screen.lines.contains { $0.contains("Lesson 1/3 A guest") }
        }
        program.type("q")
        try program.see("the lesson") { !$0.isAlternate }
        program.type("q")
        #expect(try program.end() == 0)
        #expect(try host.keys == Self.untouched)
    }

    @Test func aTestThatIsInterruptedLeavesNoKeys() throws {
        let host = try Host()
        let home = TemporaryHome()
        let path = try home.file(Self.lesson, name: "29-guest.md")
        let program = try TerminalProgram(
            ["scenario", "test", path, "--dir", home.path, "--target", host.address], home: home)
        try host.awaitLesson()
        program.type("\u{3}")
        #expect(try program.end() == 130)
        #expect(try host.keys == Self.untouched)
    }

    @Test func plainTextLeavesNoKeysEither() throws {
        let host = try Host()
        let program = try play(host, dumb: true)
        #expect(try program.end() == 0)
        #expect(String(decoding: program.written, as: UTF8.self).contains("\"minex\""))
        #expect(try host.keys == Self.untouched)
    }

    @Test func whatCannotBeThereIsSaidWithItsStatus() throws {
        let home = TemporaryHome()
        let nobody = "unix:\(home.path)/nobody"
        for command in [["play", "data-types"], ["scenario", "test", "data-types"]] {
            let result = try Program.run(command + ["--target", nobody])
            #expect(result.status == 3, "\(command)")
            #expect(result.complaints.contains("could not connect"), "\(result.complaints)")
        }
        let host = try Host()
        let result = try Program.run(["play", "cache-aside", "--target", host.address])
        #expect(result.status == 5)
        #expect(result.complaints.contains("it is for the embedded engine, not for valkey"))
        #expect(try host.keys == Self.untouched)
    }
}
