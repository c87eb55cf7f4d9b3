import Glibc
import Testing

/// The prompt in the dashboard is the prompt: one session, one history, one line.
@Suite struct PaneScreenTests {
    private func opened(
        _ arguments: [String] = [], rows: Int = 30, columns: Int = 100,
        home: TemporaryHome = TemporaryHome(), prompt: String = "larder> ",
        before: [String] = []
    ) throws -> TerminalProgram {
        let program = try TerminalProgram(arguments, rows: rows, columns: columns, home: home)
        try program.seePrompt(prompt)
        for line in before {
            program.type(line + "\r")
            try program.see("a prompt after \(line)") { screen in
                screen.transcript.contains { $0.hasSuffix(line) } && screen.current.hasSuffix(">")
            }
        }
        program.type(":dashboard\r")
        try program.see("the overview") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains("REPL") }
        }
        program.type(":")
        try program.see("the focus") { screen in
            screen.lines.contains { $0.contains("╔═ REPL") } && screen.showsCursor
        }
        return program
    }

    private func shows(_ screen: Screen, _ text: String) -> Bool {
        screen.lines.contains { $0.contains(text) }
    }

    /// Waits for an empty line in the pane.
    private func seeLine(_ program: TerminalProgram, _ text: String = "larder>") throws {
        try program.see("the line '\(text)'") { screen in
            let row = screen.current.dropFirst(2)
            return screen.isAlternate && row.prefix(text.count) == text
                && row.dropFirst(text.count).prefix { $0 == " " }.count > 20
        }
    }

    @Test func oneSessionInBoth() throws {
        let program = try opened(before: ["SELECT 3", "SET k here"])
        try program.see("the database") { shows($0, "larder[3]>") }
        program.type("GET k\r")
        try program.see("the value") { shows($0, "\"here\"") }
        program.type("MULTI\r")
        try program.see("the transaction") { shows($0, "larder[3](TX 0)>") }
        program.type("INCR n\r")
        try program.see("the queue") { shows($0, "larder[3](TX 1)>") }
        // Another screen, keys stay with the prompt; then a line that is not finished.
        program.type("\u{1B}4")
        try program.see("the commands") { $0.lines[1].contains("[4 Cmds]") }
        program.type("SET half li\u{1B}[D")
        try program.see("the line") { shows($0, "SET half li") }
        program.type("\u{1B}[24~")
        try program.see("the line at the prompt") { screen in
            !screen.isAlternate && screen.current.hasPrefix("larder[3](TX 1)> SET half li")
        }
        program.type("x\u{3}")
        try program.see("the line given up") { screen in
            screen.transcript.contains("larder[3](TX 1)> SET half lxi^C")
        }
        program.type("EXEC\r")
        try program.see("the result") { $0.transcript.contains { $0.contains("(integer) 1") } }
        try program.seePrompt("larder[3]> ")
        // What was typed in the pane is in the history.
        program.type("\u{1B}[A\u{1B}[A")
        try program.see("the line before") { $0.current.hasPrefix("larder[3]> INCR n") }
        program.type("\u{15}")
        #expect(try program.leave(prompt: "larder[3]> ") == 0)
    }

    /// What is typed in one go with the key that leaves is typed at the prompt, and the other way.
    @Test func keysTypedAheadAreNotLost() throws {
        let program = try opened()
        program.type("\u{1B}[24~SET ahead 1\r:dashboard\r4")
        try program.see("the commands") { $0.isAlternate && $0.lines[1].contains("[4 Cmds]") }
        program.type("qGET ahead\r")
        try program.see("the value") { screen in
            !screen.isAlternate && screen.transcript.contains { $0 == "\"1\"" }
        }
        #expect(try program.leave() == 0)
    }

    /// The error of a line in the pane is what `x` explains then.
    @Test func anErrorOfThePromptIsExplained() throws {
        let program = try opened()
        program.type("RPUSH list a\rINCR list\r")
        try program.see("the error") { screen in
            shows(screen, "WRONGTYPE") && screen.lines.last?.contains("Esc x Explain") == true
        }
        program.type("\u{1B}")
        try program.see("the panels") { screen in
            screen.lines.last?.contains("F1 Help  x Explain the error") == true
        }
        program.type("x")
        try program.see("the card") { screen in
            shows(screen, "WRONGTYPE, an error") && shows(screen, "INCR list")
        }
        program.type("qq")
        #expect(try program.leave() == 0)
    }

    @Test func f12EntersWithTheLineAndLeavesWithIt() throws {
        let program = try TerminalProgram(rows: 30, columns: 100)
        try program.seePrompt()
        program.type("SET a b\u{1B}[D")
        try program.see("the line") { $0.current.hasPrefix("larder> SET a b") }
        for _ in 0..<3 {
            program.type("\u{1B}[24~")
            try program.see("the line in the pane") { screen in
                screen.isAlternate && shows(screen, "larder> SET a b")
            }
            program.type("\u{1B}[24~")
            try program.see("the line at the prompt") { screen in
                !screen.isAlternate && screen.current.hasPrefix("larder> SET a b")
            }
        }
        #expect(program.screen.column == "larder> SET a ".count)
        program.type("\r")
        try program.see(anywhere: "OK")
        #expect(try program.leave() == 0)
    }

    /// `c` shows what the person sends beside what the dashboard sends, and no secret.
    @Test func whatIsTypedStandsAmongWhatWasSent() throws {
        let program = try opened(rows: 48, columns: 160)
        for line in ["SET a 1", "INCR a", "INCR a", "AUTH tiger"] {
            program.type(line + "\r")
            try seeLine(program)
        }
        program.type("\u{1B}")
        try program.see("the focus on panels") { screen in
            !screen.lines.contains { $0.contains("╔═ REPL") }
        }
        program.type("c")
        try program.see("the account") { screen in
            let own = screen.lines.filter { $0.contains("you, at the prompt") }
            return own.count == 3 && own.contains { $0.contains(" SET a 1 ") }
                && own.contains { $0.contains(" 2  INCR a ") }
                && own.contains { $0.contains(" AUTH (hidden) ") }
        }
        #expect(!shows(program.screen, "tiger"))
        program.type("c")
        try program.see("the panels") { !shows($0, "you, at the prompt") }
        program.type("q")
        #expect(try program.leave() == 0)
    }

    @Test func aBlockedCommandStopsNothingAndEndsByControlC() throws {
        let program = try opened()
        program.type("BLPOP nothing 0\r")
        try program.see("that it runs") { shows($0, "Ctrl-C ends it") }
        // The rest of the dashboard lives, and keys are still understood.
        program.type("\u{1B}5")
        try program.see("the boards") { $0.lines[1].contains("[5 Board]") }
        program.type("\u{3}")
        try program.see("the end of the wait") { shows($0, "the session goes on") }
        try seeLine(program)
        // Ctrl-C right behind Enter counts as well.
        program.type("BLPOP nothing 0\r\u{3}")
        try seeLine(program)
        program.type("PING\r")
        try program.see("the reply") { shows($0, "PONG") }
        // Leaving ends what still runs.
        program.type("BLPOP nothing 0\r")
        try program.see("that it runs") { shows($0, "Ctrl-C ends it") }
        program.type("\u{1B}[24~")
        #expect(try program.leave() == 0)
    }

    @Test func linesDriveTheDashboard() throws {
        let program = try opened()
        for (line, row, text) in [
            (":screen 4", 1, "[4 Cmds]"), (":pause", 0, "PAUSED"), (":pause", 0, "LIVE"),
            (":window 5m", 0, "win 5m"), (":pin zset lb", 1, "[5 Board]"),
        ] {
            program.type(line + "\r")
            try program.see("\(text) after \(line)") { $0.lines[row].contains(text) }
            try seeLine(program)
        }
        program.type(":explain hit_rate\r")
        try program.see("the card") { shows($0, "normal ") }
        program.type("\u{1B}")
        try program.see("no card") { !shows($0, "normal ") }
        program.type(":screen 44\r")
        try program.see("what is wrong") { shows($0, "screens have the numbers 1 to 9") }
        program.type(":explain SET\r")
        try program.see("the command explained") { shows($0, "to replicas") }
        program.type(":dashboard\r")
        try program.see("a word") { shows($0, "this is the dashboard") }
        program.type(":quit\r")
        #expect(try program.leave() == 0)
    }

    @Test func outsideTheyAreOnlyNamed() throws {
        let program = try TerminalProgram()
        try program.seePrompt()
        program.type(":screen 5\r")
        try program.see("where they work") { screen in
            screen.transcript.contains { $0.contains(":screen 5 is for the dashboard") }
        }
        #expect(try program.leave() == 0)
    }

    @Test func longRepliesAreFolded() throws {
        let program = try opened(rows: 48, columns: 120)
        program.type(":set timing off\r")
        try seeLine(program)
        let members = (1...300).map { "m\($0)" }.joined(separator: " ")
        program.paste("RPUSH l \(members)")
        program.type("\r")
        try program.see("the count") { shows($0, "(integer) 300") }
        program.type("LRANGE l 0 -1\r")
        try program.see("the fold") { shows($0, "... 100 more (:page shows them") }
        try program.see("the last line before it") { shows($0, "200) \"m200\"") }
        program.type("\u{1B}[5~")
        try program.see("earlier lines") { shows($0, "back ") && shows($0, "190) \"m190\"") }
        program.type(":page\r")
        try program.see("the rest") { shows($0, "300) \"m300\"") }
        program.type("clear\r")
        try program.see("a blank pane") { !shows($0, "m300") }
        program.type("\u{1B}[24~")
        #expect(try program.leave() == 0)
    }

    @Test func aPasteOfSeveralLinesAsks() throws {
        let program = try opened(rows: 48, columns: 120)
        program.paste("SET a 1\nSET b 2\nq")
        try program.see("the paste") { shows($0, "SET b 2") }
        #expect(program.screen.isAlternate)
        program.type("\r")
        try program.see("the question") { shows($0, "3 commands, run them in order? [y/N]") }
        program.type("n\r")
        try program.see("that nothing was run") { shows($0, "not run") }
        try seeLine(program)
        program.type("DBSIZE\r")
        try program.see("no key") { shows($0, "(integer) 0") }
        program.paste("SET a 1\nDBSIZE")
        program.type("\r")
        try program.see("the question") { shows($0, "2 commands, run them in order? [y/N]") }
        program.type("y\r")
        try program.see("one key") { shows($0, "(integer) 1") }
        program.type("\u{1B}[24~")
        #expect(try program.leave() == 0)
    }

    @Test func completionHintsAndShell() throws {
        let program = try opened(rows: 48, columns: 120)
        program.type("SET greeting hello\r")
        try program.see("OK") { shows($0, "║ OK") }
        program.type("GET gre\t")
        try program.see("the name") { shows($0, "larder> GET greeting") }
        program.type("| tr a-z A-Z\r")
        try program.see("what the command says") { shows($0, "║ HELLO") }
        program.type(":scre\t")
        try program.see("the action's name") { shows($0, "larder> :screen") }
        program.type("\u{15}ZR\t")
        try program.see("the menu") { shows($0, "ZRANGEBYSCORE") }
        // Escape closes the menu first, then leads to the panels.
        program.type("\u{1B}")
        try program.see("no menu") { !shows($0, "ZRANGEBYSCORE") }
        #expect(shows(program.screen, "╔═ REPL"))
        program.type("\u{1B}")
        try program.see("the panels") { shows($0, "┌─ REPL") && !$0.showsCursor }
        program.type("q")
        try program.see("the line at the prompt") { $0.current.hasPrefix("larder> ZR") }
        program.type("\u{15}")
        #expect(try program.leave() == 0)
    }

    @Test func aDestructiveCommandAsks() throws {
        let home = TemporaryHome()
        let holder = try TerminalProgram(home: home)
        try holder.seePrompt()
        holder.type("SET a 1\r")
        try holder.see(anywhere: "OK")
        let program = try TerminalProgram(["dashboard"], rows: 30, columns: 100, home: home)
        try program.see("one key") { $0.isAlternate && $0.lines[0].contains("keys 1") }
        program.type(":FLUSHALL\r")
        try program.see("the question") { shows($0, "Go on? [y/N]") }
        program.type("\r")
        try program.see("no") { shows($0, "not run") }
        program.type("\u{1B}[A\r")
        try program.see("the question again") { screen in
            screen.lines.last { $0.contains("Go on?") }.map { !$0.contains("not") } ?? false
                && screen.current.contains("Go on?")
        }
        program.type("y\r")
        try program.see("no key") { $0.lines[0].contains("keys 0") }
        // The prompt of a dashboard by itself has nowhere to go back to.
        program.type("\u{1B}")
        try program.see("the panels") { shows($0, "┌─ REPL") }
        program.type("q")
        #expect(try program.end() == 0)
        #expect(!program.screen.isAlternate && program.screen.showsCursor)
        #expect(try holder.leave() == 0)
    }

    @Test func anEchoNeedsNoSample() throws {
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/s")
        // Nobody answers: no sample ever comes, and each frame is the prompt's.
        let program = try TerminalProgram(
            ["dashboard", "--target", "unix:\(home.path)/s"], rows: 24, columns: 80, home: home)
        _ = try silent.nextRequest()
        try program.see("the screen") { $0.isAlternate && shows($0, "REPL") }
        program.type(":")
        try program.see("the focus") { $0.showsCursor }
        for count in 1...20 {
            program.type("x")
            let typed = String(repeating: "x", count: count)
            try program.see("the echo of key \(count)") { shows($0, "> \(typed)") }
        }
        program.type("\u{1B}[24~")
        #expect(try program.end() == 0)
    }
}
