import Glibc
import Testing

/// Questions before destructive commands, the configuration, and a connection that is lost, as a
/// person at a terminal has them.
@Suite struct SafetyPromptTests {
    private func configure(_ home: TemporaryHome, _ text: String) throws -> String {
        mkdir(home.path + "/.config", 0o700)
        mkdir(home.path + "/.config/larder", 0o700)
        let path = try home.file(text, name: ".config/larder/config")
        chmod(path, 0o600)
        return path
    }

    @Test func destructionIsAskedAboutElsewhereOnly() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(["--render", "classic"], home: home)
        try program.read(until: "\nlarder> ")
        #expect(try program.enter("FLUSHALL").contains("\nOK\n"))
        let prompt = "\(home.path)/s> "
        program.type(":target unix:\(home.path)/s\r")
        try program.read(until: "\n" + prompt)
        program.type("FLUSHALL\r")
        let question = try program.read(until: "Go on? [y/N] ")
        #expect(question.contains("FLUSHALL deletes every key of every database at"))
        program.type("\n")
        try program.read(until: "not run\n" + prompt)
        program.type("FLUSHALL\r")
        try program.read(until: "Go on? [y/N] ")
        program.type("\u{3}")
        try program.read(until: "not run\n" + prompt)
        program.type("FLUSHALL\r")
        try program.read(until: "Go on? [y/N] ")
        program.type("y\n")
        #expect(try server.nextRequest().contains("FLUSHALL"))
        server.answer("+OK\r\n")
        try program.read(until: "\nOK\n" + prompt)
        try program.enter(":set confirm off", prompt: prompt)
        program.type("FLUSHDB\r")
        #expect(try server.nextRequest().contains("FLUSHDB"))
        server.answer("+OK\r\n")
        try program.read(until: "\nOK\n" + prompt)
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func productionAsksForItsName() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let name = home.path + "/s"
        let path = try configure(home, "# mine\nproduction \(name)\neditor ed\n:set render raw\n")
        let program = try TerminalProgram(
            ["--target", "unix:\(name)", "--render", "classic"], home: home)
        let greeting = try program.read(until: "\n\(name)(production)> ")
        #expect(greeting.contains("\(path):3: editor is emacs or vi\n"))
        program.type("FLUSHDB\r")
        try program.read(until: "Type its name, \(name), to go on: ")
        program.type("y\n")
        try program.read(until: "not run\n\(name)(production)> ")
        program.type("FLUSHDB\r")
        try program.read(until: "to go on: ")
        program.type("\(name)\n")
        #expect(try server.nextRequest().contains("FLUSHDB"))
        server.answer("+OK\r\n")
        try program.read(until: "\nOK\n\(name)(production)> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func aConfigurationThatOthersMayWriteIsNotUsed() throws {
        let home = TemporaryHome()
        chmod(try configure(home, "confirm off\n"), 0o666)
        let program = try TerminalProgram(home: home)
        #expect(try program.read(until: "\nlarder> ").contains("is not used: others may write"))
        #expect(try program.enter(":set").contains("\nconfirm on\n"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func whatALostConnectionTookAlongIsSaid() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let name = home.path + "/s"
        let program = try TerminalProgram(
            ["--target", "unix:\(name)", "--render", "classic"], home: home)
        try program.read(until: "\n\(name)> ")
        for (line, reply) in [("CLIENT SETNAME me", "+OK"), ("SELECT 3", "+OK"), ("MULTI", "+OK")] {
            program.type(line + "\r")
            _ = try server.nextRequest()
            server.answer(reply + "\r\n")
            try program.read(until: "\nOK\n")
        }
        try program.read(until: "(TX 0)> ")
        program.type("INCR c\r")
        #expect(try server.nextRequest().contains("INCR"))
        server.hangUp()
        try program.read(until: "unknown outcome: INCR may have run or not")
        try program.read(until: "\nnot connected> ")
        program.type("PING\r")
        #expect(try server.nextRequest().contains("SETNAME"))
        server.answer("+OK\r\n")
        #expect(try server.nextRequest().contains("SELECT"))
        server.answer("+OK\r\n")
        try program.read(until: "lost with the old connection: the transaction")
        #expect(try server.nextRequest().contains("PING"))
        server.answer("+PONG\r\n")
        try program.read(until: "\nPONG\n\(name)[3]> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func aSlowCommandIsRemarkedOn() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let name = home.path + "/s"
        let program = try TerminalProgram(
            ["--target", "unix:\(name)", "--render", "raw"], home: home)
        try program.read(until: "\n\(name)> ")
        for (size, isRemarked) in [("20000", true), ("20", false)] {
            program.type("KEYS *\r")
            #expect(try server.nextRequest().contains("DBSIZE"))
            server.answer(":\(size)\r\n")
            #expect(try server.nextRequest().contains("KEYS"))
            server.answer("*1\r\n$4\r\nonly\r\n")
            let text = try program.read(until: "\nonly\n\(name)> ")
            #expect(text.contains("KEYS goes through all 20000 keys at once") == isRemarked)
        }
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func aHeredocIsTypedInRows() throws {
        let program = try TerminalProgram()
        try program.read(until: "\nlarder> ")
        program.type("SET poem <<END\r")
        try program.read(until: "\n...> ")
        program.type("it's one\r")
        program.type("two\r")
        #expect(try program.enter("END").contains("\nOK\n"))
        #expect(try program.enter("GET poem").contains("\n\"it's one\\ntwo\"\n"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }
}
