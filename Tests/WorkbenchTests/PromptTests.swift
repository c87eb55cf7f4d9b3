import Bytes
import Client
import Glibc
import Testing
import Wire

/// The program as a person at a terminal has it.
@Suite struct PromptTests {
    @Test func linesAndReplies() throws {
        let program = try TerminalProgram()
        let banner = try program.read(until: "\nlarder> ")
        #expect(banner.hasPrefix("Larder "))
        #expect(banner.contains("SET greeting hello"))
        #expect(try program.enter("SET a 'x y'").contains("\nOK\n"))
        #expect(try program.enter("get a").contains("\n\"x y\"\n"))
        #expect(try program.enter("2 INCR c").contains("\n(integer) 1\n(integer) 2\n"))
        try program.enter("SELECT 3", prompt: "larder[3]> ")
        let complaint = try program.enter("SET \"a\"b", prompt: "larder[3]> ")
        #expect(complaint.contains("\n       ^ after a closing quote"))
        program.type("ECHO 'open\r")
        try program.read(until: "\n...> ")
        #expect(
            try program.enter("end'", prompt: "larder[3]> ").contains("\n\"open\\nend\"\n"))
        #expect(try program.enter("help get", prompt: "larder[3]> ").contains("\nGET"))
        #expect(
            try program.enter(":nosuch", prompt: "larder[3]> ").contains(":help, :set, :target"))
        try program.enter(":set render raw", prompt: "larder[3]> ")
        #expect(try program.enter("ECHO \"a b\"", prompt: "larder[3]> ").contains("\na b\n"))
        program.type("quit\r")
        #expect(try program.end() == 0)
    }

    @Test func controlCAndControlD() throws {
        let program = try TerminalProgram()
        try program.read(until: "\nlarder> ")
        program.type("half a line")
        try program.read(until: "half a line")
        program.type("\u{3}")
        try program.read(until: "half a line^C\nlarder> ")
        program.type("\u{3}")
        try program.read(until: "^C\nlarder> ")
        program.type("ECHO 'open\r")
        try program.read(until: "\n...> ")
        program.type("\u{3}")
        try program.read(until: "^C\nlarder> ")
        #expect(try program.enter("PING").contains("\nPONG\n"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func theHistoryOutlivesTheSession() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(home: home)
        try program.read(until: "\nlarder> ")
        #expect(try program.enter("SET greeting hello").contains("\nOK\n"))
        #expect(try program.enter("AUTH secret").contains("(error)"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
        let path = home.path + "/state/larder/history"
        #expect(home.contents(path) == "SET greeting hello\n")
        #expect(home.mode(path) == 0o600)
        #expect(home.mode(home.path + "/state/larder") == 0o700)

        let next = try TerminalProgram(home: home)
        try next.read(until: "\nlarder> ")
        next.type("\u{1B}[A")
        try next.read(until: "SET greeting hello")
        #expect(try next.enter("").contains("\nOK\n"))
        next.type("exit\r")
        #expect(try next.end() == 0)
    }

    @Test func theHistoryOfAnotherClientIsTakenOver() throws {
        let home = TemporaryHome()
        _ = try home.file(
            "GET one\nAUTH hunter2\nGET two\nGET one\n", name: ".rediscli_history")
        let program = try TerminalProgram(home: home)
        let greeting = try program.read(until: "\nlarder> ")
        #expect(greeting.contains(":history import takes over"))
        let reply = try program.enter(":history import")
        #expect(reply.contains("\n2 lines taken; 1 with secrets were left out\n"))
        #expect(try program.enter(":history import").contains("\n0 lines taken"))
        program.type("quit\r")
        #expect(try program.end() == 0)
        let kept = home.contents(home.path + "/state/larder/history")
        #expect(kept.contains("GET two") && !kept.contains("hunter2"))
        let next = try TerminalProgram(home: home)
        #expect(try !next.read(until: "\nlarder> ").contains(":history import"))
    }

    @Test func thePromptTellsOfATransaction() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let name = home.path + "/s"
        let program = try TerminalProgram(
            ["--target", "unix:\(name)", "--render", "classic"], home: home)
        try program.read(until: "\n\(name)> ")
        program.type(":queue\r")
        try program.read(until: "no transaction is open")
        for (line, reply) in [("MULTI", "OK"), ("SET a 'b c'", "QUEUED"), ("AUTH pw", "QUEUED")] {
            program.type(line + "\r")
            _ = try server.nextRequest()
            server.answer("+\(reply)\r\n")
            try program.read(until: "\n\(reply)\n")
        }
        try program.read(until: "\(name)(TX 2)> ")
        program.type(":queue\r")
        try program.read(until: "\n1) SET a \"b c\"\n2) AUTH ••••\n")
        program.type("DISCARD\r")
        #expect(try server.nextRequest().contains("DISCARD"))
        server.answer("+OK\r\n")
        try program.read(until: "\nOK\n\(name)> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func othersLookInThroughThePrivateSocket() throws {
        let home = TemporaryHome()
        let directory = home.path + "/larder"
        // What a session that was killed left behind: no process has this number.
        mkdir(directory, 0o755)
        _ = try home.file("", name: "larder/4194999.sock")
        let program = try TerminalProgram(home: home)
        try program.read(until: "\nlarder> ")
        try program.enter("SET a 1")
        #expect(home.names(directory) == ["\(program.number).sock"])
        #expect(home.mode(directory) == 0o700)
        let path = "\(directory)/\(program.number).sock"
        #expect(home.mode(path) == 0o600)
        let other = Endpoint(try Target(parsing: path), embedded: { throw ProgramError("none") })
        #expect(other.call(["INCR", "a"]) == .reply(.integer(2)))
        #expect(try program.enter("GET a").contains("\n\"2\"\n"))
        program.type("quit\r")
        #expect(try program.end() == 0)
        #expect(home.names(directory) == [])

        let killed = try TerminalProgram(home: home)
        try killed.read(until: "\nlarder> ")
        #expect(home.names(directory) == ["\(killed.number).sock"])
        kill(killed.number, SIGTERM)
        #expect(try killed.end() == 128 + SIGTERM)
        #expect(home.names(directory) == [])
    }

    @Test func controlCGivesUpACommandThatRuns() throws {
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/silent")
        let program = try TerminalProgram(["--target", "unix:\(home.path)/silent"], home: home)
        let prompt = "\n\(home.path)/silent> "
        try program.read(until: prompt)
        program.type("BLPOP nothing 0\r")
        #expect(try silent.nextRequest().contains("BLPOP"))
        // The terminal is as it was found while a command runs, so this is a signal.
        program.type("\u{3}")
        try program.read(until: "Interrupted")
        try program.read(until: prompt)
        program.type("PING\r")
        #expect(try silent.nextRequest().contains("PING"))
        program.type("\u{3}")
        try program.read(until: prompt)
        try program.enter(":target embedded")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func messagesAreShownWhereverTheyArrive() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(
            ["--target", "unix:\(home.path)/s", "--render", "classic"], home: home)
        let prompt = "\n\(home.path)/s> "
        try program.read(until: prompt)
        program.type("PING\r")
        #expect(try server.nextRequest().contains("PING"))
        // Before the reply, in one piece with it, and while the next line is typed.
        server.answer(">1\r\n+first\r\n+PONG\r\n>1\r\n+second\r\n")
        let reply = try program.read(until: prompt)
        #expect(reply.contains("\n1) first\nPONG\n1) second\n"))
        program.type("EC")
        try program.read(until: "> EC")
        server.answer(">1\r\n+third\r\n")
        try program.read(until: "1) third\n")
        try program.read(until: "> EC")
        program.type("HO\r")
        #expect(try server.nextRequest().contains("ECHO"))
        server.answer("+done\r\n")
        try program.read(until: "\ndone" + prompt)
        server.hangUp()
        try program.read(until: "the server closed the connection\n")
        try program.read(until: "not connected> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func aTargetThatIsNotThereLeavesAPrompt() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(["--target", "unix:\(home.path)/none"], home: home)
        let greeting = try program.read(until: "\nnot connected> ")
        #expect(greeting.contains("No such file or directory"))
        let reply = try program.enter("PING", prompt: "not connected> ")
        #expect(reply.contains("\ncould not connect"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func runsOnATerminalWithoutACursor() throws {
        let program = try TerminalProgram(["--render", "classic"], dumb: true)
        try program.read(until: "\nlarder> ")
        program.type("ECHO hi\n")
        try program.read(until: "\n\"hi\"\nlarder> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }
}
