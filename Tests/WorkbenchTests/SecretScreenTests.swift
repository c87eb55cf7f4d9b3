import Testing

/// Secrets that are typed at the prompt are seen by nobody and kept nowhere.
@Suite struct SecretScreenTests {
    private static let lines: [(typed: String, shown: String)] = [
        ("AUTH tiger", "AUTH •••••"),
        ("auth \"tig er\"", "auth ••••••••"),
        ("AUTH ada tiger", "AUTH ••• •••••"),
        ("2 AUTH tiger", "2 AUTH •••••"),
        ("CONFIG SET requirepass tiger", "CONFIG SET requirepass •••••"),
        (
            "CONFIG SET maxmemory 0 MASTERAUTH tiger hz 10",
            "CONFIG SET maxmemory 0 MASTERAUTH ••••• hz 10"
        ),
        ("HELLO 3 AUTH ada tiger SETNAME me", "HELLO 3 AUTH ada ••••• SETNAME me"),
        ("ACL SETUSER ada on >tiger ~*", "ACL SETUSER ada on >••••• ~*"),
        ("MIGRATE h 1 k 0 9 AUTH2 ada tiger", "MIGRATE h 1 k 0 9 AUTH2 ada •••••"),
        (":target redis://ada:tiger@localhost:1/0", ":target redis://ada:•••••@localhost:1/0"),
    ]

    @Test func aSecretIsHiddenFromTheFirstLetterOn() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(["--color", "never"], home: home)
        try program.seePrompt()
        for (line, shown) in Self.lines {
            var typed = ""
            for character in line {
                typed.append(character)
                program.type(String(character))
                try program.see("'\(typed)'") { $0.column == 8 + typed.count }
            }
            try program.see("'\(shown)'") { $0.current == "larder> " + shown }
            // Nothing hangs on what the server says of it: the line is given up.
            program.type("\u{3}")
            try program.seePrompt()
        }
        #expect(try program.leave() == 0)
        let written = TerminalProgram.plain(program.written)
        #expect(!written.contains("tig"))
        #expect(written.contains("larder> AUTH •••••^C"))
    }

    @Test func aPasswordThatIsAskedForIsNotShown() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(
            ["--askpass", "--target", "unix:\(home.path)/s", "-c", "PING"], home: home)
        try program.see(row: "Password:")
        program.type("tiger\n")
        #expect(try server.nextRequest().contains("tiger"))
        server.answer("+OK\r\n+PONG\r\n")
        #expect(try program.end() == 0)
        #expect(program.screen.transcript.last == "PONG")
        #expect(!TerminalProgram.plain(program.written).contains("tiger"))
    }

    @Test func aSecretIsRecalledHiddenAndNeverWrittenDown() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(["--color", "never"], home: home)
        try program.seePrompt()
        program.type("SET plain 1\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("AUTH tiger\r")
        try program.see("an error") { screen in
            screen.transcript.contains { $0.hasPrefix("(error)") } && screen.current == "larder>"
        }
        try program.seePrompt()
        program.type("\u{1B}[A")
        try program.see("the line again") {
            $0.current == "larder> AUTH •••••" && $0.column == 18
        }
        program.type("\u{3}")
        try program.seePrompt()
        program.type("\u{12}AUTH")
        try program.see("the line found") { $0.current == "(search) AUTH: AUTH •••••" }
        program.type("\u{7}")
        // A paste is hidden as well, and so is a secret in a row of several.
        program.paste("SET other 2\nHELLO 3 AUTH ada tiger\n")
        try program.see("the paste") { $0.current == "...> HELLO 3 AUTH ada •••••" }
        program.type("\r")
        try program.see("another prompt") { $0.transcript.count { $0 == "larder>" } == 1 }
        #expect(try program.leave() == 0)
        #expect(!TerminalProgram.plain(program.written).contains("tiger"))
        #expect(home.contents(home.path + "/state/larder/history") == "SET plain 1\n")
    }
}
