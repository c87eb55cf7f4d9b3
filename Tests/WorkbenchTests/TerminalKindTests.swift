import Testing

/// Terminals of other kinds, and people with other habits.
@Suite struct TerminalKindTests {
    @Test func theKeysOfViFromEditrc() throws {
        let home = TemporaryHome()
        _ = try home.file("bind -v\n", name: ".editrc")
        let program = try TerminalProgram(home: home)
        try program.seePrompt()
        program.type("SET key wrongvalue")
        try program.see("the line") { $0.column == 26 }
        // Back a word, change it; a lone Escape ends the insertion.
        program.type("\u{1B}")
        try program.see("command mode") { $0.column == 25 }
        program.type("bcwright")
        try program.see("the changed line") {
            $0.current.hasPrefix("larder> SET key right") && $0.column == 21
        }
        program.type("\u{1B}")
        try program.see("command mode") { $0.column == 20 }
        program.type("0")
        try program.see("the cursor at the beginning") { $0.column == 8 }
        program.type("\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        // k recalls in command mode.
        program.type("\u{1B}")
        program.type("k")
        try program.see("the line before") { $0.current.hasPrefix("larder> SET key right") }
        program.type("\u{3}")
        try program.seePrompt()
        program.type(":set\r")
        try program.see(anywhere: "editor vi")
        try program.seePrompt()
        program.type(":set editor emacs\r")
        try program.see("another prompt") { $0.transcript.count { $0 == "larder>" } == 1 }
        program.type("GET key\u{1}x\u{1}\u{4}\r")
        try program.see(anywhere: "\"right\"")
        #expect(try program.leave() == 0)
    }

    @Test func theKeysOfViChosenAtThePrompt() throws {
        let program = try TerminalProgram()
        try program.seePrompt()
        program.type(":set editor vi\r")
        try program.see("another prompt") {
            $0.transcript.contains("larder> :set editor vi") && $0.current == "larder>"
        }
        program.type("ECHO abc")
        try program.see("the line") { $0.column == 16 }
        program.type("\u{1B}")
        try program.see("command mode") { $0.column == 15 }
        program.type("xiX")
        try program.see("the edited line") { $0.current.hasPrefix("larder> ECHO aXb") }
        program.type("\r")
        try program.see(anywhere: "\"aXb\"")
        #expect(try program.leave() == 0)
    }

    @Test func aDumbTerminalGetsNoSequences() throws {
        let program = try TerminalProgram(dumb: true)
        try program.seePrompt()
        #expect(!program.isRaw)
        program.type("SET a 'x\n")
        try program.see(row: "...>", column: 5)
        program.type("y'\n")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("GET a\n")
        try program.see(anywhere: "\"x\\ny\"")
        try program.seePrompt()
        program.type("gte a\n")
        try program.see(anywhere: "Did you mean GET?")
        try program.seePrompt()
        program.type("\u{3}")
        try program.see("a new prompt behind ^C") { $0.transcript.contains("larder> ^C") }
        try program.seePrompt()
        program.type("PING\n")
        try program.see(anywhere: "PONG")
        #expect(try program.leave() == 0)
        #expect(!program.written.contains(0x1B))
    }

    @Test func withTheOutputElsewhereThereIsNoPrompt() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(
            ["-c", "exec '\(Program.path)' > '\(home.path)/out'"], program: "/bin/sh", home: home)
        program.type("SET a 'x y'\nGET a\n\u{4}")
        #expect(try program.end() == 0)
        #expect(home.contents(home.path + "/out") == "OK\nx y\n")
    }

    @Test(arguments: [
        ["LANG"], ["LANG", "LC_ALL=C"], ["LANG=POSIX"], ["LC_ALL=nowhere.UTF-8"],
    ])
    func withoutALocaleTextIsStillText(variables: [String]) throws {
        let home = TemporaryHome()
        home.variables = variables
        let program = try TerminalProgram(home: home)
        try program.seePrompt()
        program.type("SET k 'é日'")
        try program.see("the line") {
            $0.current.hasPrefix("larder> SET k 'é日'") && $0.column == 19
        }
        program.type("\u{1B}[D\u{1B}[D\u{7F}\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("STRLEN k\r")
        try program.see(anywhere: "(integer) 3")
        #expect(try program.leave() == 0)
    }

    @Test func noColorMeansNoRendition() throws {
        let home = TemporaryHome()
        home.variables = ["NO_COLOR=1"]
        let program = try TerminalProgram(home: home)
        try program.seePrompt()
        program.type("MSET user:1 a user:2 b\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        // Grey could not be told from text, so hints stand below and lines are not offered.
        program.type("MSET ")
        let screen = try program.see("a hint below") { $0.below.hasPrefix("key value") }
        #expect(screen.current == "larder> MSET")
        program.type("\u{3}")
        try program.seePrompt()
        program.type("GET user:\t\t")
        try program.see("the chosen word marked") { $0.below.contains(">user:") }
        program.type("\u{3}")
        try program.seePrompt()
        program.type("nosuch\r")
        try program.see("an error") { screen in
            screen.transcript.contains { $0.hasPrefix("(error) ERR unknown command") }
        }
        try program.seePrompt()
        program.type("help get\r")
        try program.see("help") { screen in screen.transcript.contains { $0.hasPrefix("GET") } }
        try program.seePrompt()
        #expect(try program.leave() == 0)
        #expect(program.screen.renditions == 0)
    }
}
