import Glibc
import Testing

/// The dashboard where the terminal, the environment or the program itself is not at its best.
@Suite struct FullScreenRobustnessTests {
    private func opened(
        rows: Int = 30, columns: Int = 100, home: TemporaryHome = TemporaryHome()
    ) throws -> TerminalProgram {
        let program = try TerminalProgram(rows: rows, columns: columns, home: home)
        try program.see("a prompt") { $0.transcript.contains { $0.hasPrefix("lard") } }
        program.type(":dashboard\r")
        try program.see("the screen") { $0.isAlternate && !$0.lines.isEmpty }
        return program
    }

    private func isWhole(_ screen: Screen, _ rows: Int) -> Bool {
        screen.isAlternate && screen.lines.count == rows
            && screen.lines[rows - 1].contains("F1 Help")
            && screen.lines.contains { $0.contains("─ REPL ─") }
    }

    @Test func itStartsAtOneCellAndGrows() throws {
        let home = TemporaryHome()
        let server = try TerminalProgram(home: home)
        try server.seePrompt()
        server.type("PING\r")
        try server.see(anywhere: "PONG")
        let program = try TerminalProgram(["dashboard"], rows: 1, columns: 1, home: home)
        try program.see("the other screen") { $0.isAlternate }
        for (rows, columns) in [(1, 12), (5, 30), (24, 80), (60, 200)] {
            program.resize(rows: rows, columns: columns)
            if rows < 24 {
                try program.see("a row") { $0.lines.first?.contains("mem") == true }
            } else {
                try program.see("all of \(rows) rows") { isWhole($0, rows) }
            }
        }
        program.type("q")
        #expect(try program.end() == 0)
        #expect(!program.screen.isAlternate)
        #expect(try server.leave() == 0)
    }

    @Test func theEnvironmentDoesNotFreezeTheSize() throws {
        let home = TemporaryHome()
        home.variables = ["LINES=10", "COLUMNS=40"]
        let program = try opened(home: home)
        try program.see("all rows") { isWhole($0, 30) }
        program.resize(rows: 40, columns: 120)
        try program.see("more rows") { isWhole($0, 40) }
        program.type("q")
        #expect(try program.leave() == 0)
    }

    @Test func aResizeStormEndsInAWholeFrame() throws {
        let program = try opened()
        var random = UInt64(11)
        for _ in 0..<100 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (rows, columns) = (Int(random >> 33) % 60 + 1, Int(random >> 45) % 200 + 1)
            program.resize(rows: rows, columns: columns)
        }
        program.resize(rows: 1, columns: 1)
        program.resize(rows: 30, columns: 100)
        try program.see("a whole frame") { isWhole($0, 30) }
        program.type("q")
        #expect(try program.leave() == 0)
    }

    /// The reason of a crash stands on the normal screen, with the place in the source.
    @Test func aCrashTellsItsReason() throws {
        let home = TemporaryHome()
        home.variables = [
            "LARDER_PLANTED_CRASH=trap",
            "SWIFT_BACKTRACE=enable=yes,interactive=no,color=no,threads=crashed,registers=none,"
                + "images=none",
        ]
        let program = try opened(home: home)
        program.type(":x\t")
        let status = try program.end()
        #expect([SIGILL, SIGTRAP].contains(status - 128))
        let screen = program.screen
        #expect(!screen.isAlternate && !screen.hasMouse && screen.showsCursor)
        let text = screen.transcript.joined(separator: "\n")
        #expect(text.contains("Fatal error: this crash was asked for"))
        #expect(text.contains("PlantedCrash.swift"), "\(text.suffix(2000))")
    }

    @Test(arguments: ["Ctrl-Z", "SIGTSTP", "Ctrl-Z in the prompt"])
    func aPauseGivesTheTerminalBack(by means: String) throws {
        let home = TemporaryHome()
        home.variables = ["PS1=shell> ", "PS2=", "PATH=/usr/bin:/bin"]
        let shell = try TerminalProgram(
            ["--norc", "--noprofile", "--noediting", "-i"], program: "/bin/bash", rows: 30,
            columns: 100, home: home)
        try shell.seePrompt("shell> ")
        let before = shell.modes
        shell.type("\(Program.path)\n")
        try shell.seePrompt()
        shell.type(":dashboard\r")
        try shell.see("the overview") { isWhole($0, 30) }
        for _ in 0..<2 {
            switch means {
            case "SIGTSTP":
                let socket = try #require(home.names(home.path + "/larder").first)
                kill(try #require(Int32(socket.dropLast(5))), SIGTSTP)
            case "Ctrl-Z": shell.type("\u{1A}")
            default: shell.type("\u{1B}OS\u{1A}")
            }
            try shell.see("the shell") { !$0.isAlternate && $0.current == "shell>" }
            #expect(shell.modes == before)
            #expect(!shell.screen.hasMouse && shell.screen.showsCursor)
            #expect(!shell.screen.bracketsPastes)
            shell.type("fg\n")
            try shell.see("the overview again") { isWhole($0, 30) || $0.isAlternate }
            #expect(shell.isRaw)
        }
        shell.type("\u{1B}[24~")
        try shell.seePrompt()
        shell.type("\u{15}quit\r")
        try shell.see("the shell") { $0.current == "shell>" }
        #expect(shell.modes == before)
        shell.type("exit\n")
        #expect(try shell.end() == 0)
    }

    /// Without SIGHUP only the end of the terminal tells that the person is gone.
    @Test(arguments: ["larder", "larder dashboard"])
    func aLostTerminalEndsIt(what: String) throws {
        let home = TemporaryHome()
        let server = try TerminalProgram(home: home)
        try server.seePrompt()
        server.type("PING\r")
        try server.see(anywhere: "PONG")
        let command = what.replacing("larder", with: Program.path, maxReplacements: 1)
        let program = try TerminalProgram(
            ["-c", "trap '' HUP; exec \(command)"], program: "/bin/sh", rows: 30, columns: 100,
            home: home)
        if what == "larder" {
            try program.seePrompt()
            program.type(":dashboard\r")
        }
        try program.see("the screen") { $0.isAlternate && $0.lines.count == 30 }
        program.hangUp()
        #expect(try program.end() == 0)
        #expect(try server.leave() == 0)
    }

    @Test func whatWasChosenIsKept() throws {
        let home = TemporaryHome()
        let program = try opened(home: home)
        program.type("t+")
        try program.see("another window") { $0.lines[0].contains("win 5m") }
        program.type("q")
        #expect(try program.leave() == 0)
        let text = home.contents(home.path + "/.config/larder/dashboard")
        #expect(text.contains("theme classic\n") && text.contains("window 300s\n"))
        #expect(home.names(home.path + "/.config/larder") == ["dashboard"])
        let dump = try Program.run(["dashboard", "--config-dump"], home: home)
        #expect(dump.output.hasPrefix("# \(home.path)/.config/larder/dashboard\n"))
        #expect(dump.output.contains("theme classic\n") && dump.output.contains("mouse on\n"))
        let again = try opened(home: home)
        try again.see("the window of last time") { $0.lines[0].contains("win 5m") }
        again.type("q")
        #expect(try again.leave() == 0)
    }

    @Test func readOnlyRefuses() throws {
        let home = TemporaryHome()
        let holder = try TerminalProgram(home: home)
        try holder.seePrompt()
        holder.type("SET a 1\r")
        try holder.see(anywhere: "OK")
        let program = try TerminalProgram(
            ["dashboard", "--readonly"], rows: 30, columns: 100, home: home)
        try program.see("the sign") { $0.isAlternate && $0.lines[0].contains("READ ONLY") }
        program.type(":DEL a\r")
        try program.see("the refusal") { screen in
            screen.lines.contains { $0.contains("DEL is refused: read only") }
        }
        program.type("GET a\r")
        try program.see("the value") { screen in screen.lines.contains { $0.contains("\"1\"") } }
        program.type("\u{1B}[24~")
        #expect(try program.end() == 0)
        let socket = try #require(home.names(home.path + "/larder").first)
        let target = ["--target", "unix:\(home.path)/larder/\(socket)", "--readonly"]
        let script = try Program.run(target + ["-c", "GET a; SET a 2"], home: home)
        #expect(script.output == "" && script.complaints.contains("SET is refused"))
        #expect(script.status != 0)
        let reading = try Program.run(target + ["-c", "GET a"], home: home)
        #expect(reading.output == "1\n" && reading.status == 0)
        #expect(try holder.leave() == 0)
    }
}
