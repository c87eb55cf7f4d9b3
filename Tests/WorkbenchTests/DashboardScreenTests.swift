import Glibc
import Testing

/// The dashboard at a terminal: it comes, follows the window, goes, and leaves nothing behind.
@Suite struct DashboardScreenTests {
    /// A prompt with the dashboard over it.
    private func opened(
        rows: Int = 30, columns: Int = 100, home: TemporaryHome = TemporaryHome()
    ) throws -> TerminalProgram {
        let program = try TerminalProgram(rows: rows, columns: columns, home: home)
        try program.seePrompt()
        program.type(":dashboard\r")
        try program.see("the overview") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains(" Memory ") }
                && screen.lines[0].contains("LIVE")
        }
        return program
    }

    private func expectReturned(_ program: TerminalProgram) {
        #expect(!program.screen.isAlternate && !program.screen.hasMouse)
        #expect(!program.screen.bracketsPastes && program.screen.showsCursor)
        #expect(!program.screen.isUpdating)
        #expect(program.screen.unknown.isEmpty, "\(program.screen.unknown)")
    }

    @Test func thePromptIsAsItWas() throws {
        let program = try opened()
        #expect(program.screen.hasMouse && !program.screen.showsCursor)
        program.type("4")
        try program.see("the commands") { $0.lines[1].contains("[4 Cmds]") }
        program.type("x")
        try program.see("an explanation") { screen in
            screen.lines.contains { $0.contains("normal ") }
        }
        program.type("\u{1B}")
        try program.see("the panels") { screen in
            !screen.lines.contains { $0.contains("normal ") }
        }
        program.type(" ")
        try program.see("the banner") { $0.lines[0].contains("PAUSED") }
        program.type("q")
        try program.see("the prompt") { !$0.isAlternate && $0.current == "larder>" }
        #expect(!program.screen.hasMouse && program.screen.showsCursor)
        #expect(program.screen.transcript.contains { $0.hasSuffix(":dashboard") })
        program.type("SET a 1\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type(":dashboard screen 3\r")
        try program.see("the keys") { screen in
            screen.isAlternate && screen.lines[1].contains("[3 Keys]")
                && screen.lines.contains { $0.contains("db0") }
        }
        program.type("q")
        #expect(try program.leave() == 0)
        expectReturned(program)
    }

    @Test func itFollowsTheWindow() throws {
        let program = try opened()
        for (rows, columns) in [(48, 160), (24, 80), (9, 42), (1, 20), (40, 120)] {
            program.resize(rows: rows, columns: columns)
            try program.see("a frame of \(rows) by \(columns)") { screen in
                switch rows {
                case 1: screen.lines.first?.hasPrefix("mem ") == true
                case 9: screen.lines.contains { $0.contains("hit rate") }
                default:
                    screen.lines.count == rows && screen.lines[rows - 1].contains("F1 Help")
                        && screen.lines.contains { $0.contains(" Hit rate ") }
                }
            }
        }
        program.type("q")
        #expect(try program.leave() == 0)
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGILL])
    func aSignalLeavesNothingBehind(signal: Int32) throws {
        let untouched = try TerminalProgram([], program: "/bin/true")
        let before = untouched.modes
        #expect(try untouched.end() == 0)
        let home = TemporaryHome()
        home.variables = ["SWIFT_BACKTRACE=enable=no"]
        let program = try opened(home: home)
        kill(program.number, signal)
        #expect(try program.end() == 128 + signal)
        #expect(program.modes == before)
        expectReturned(program)
    }

    @Test func ctrlZStopsAndGoesOn() throws {
        let home = TemporaryHome()
        home.variables = ["PS1=shell> ", "PS2=", "PATH=/usr/bin:/bin"]
        let shell = try TerminalProgram(
            ["--norc", "--noprofile", "--noediting", "-i"], program: "/bin/bash", home: home)
        try shell.seePrompt("shell> ")
        let before = shell.modes
        shell.type("\(Program.path)\n")
        try shell.seePrompt()
        shell.type(":dashboard\r")
        func isShown(_ screen: Screen) -> Bool {
            screen.isAlternate && screen.lines.contains { $0.contains(" Memory ") }
        }
        try shell.see("the overview", where: isShown)
        shell.type("\u{1A}")
        try shell.seePrompt("shell> ")
        #expect(shell.modes == before)
        expectReturned(shell)
        // The window changes while nobody draws.
        shell.resize(rows: 40, columns: 120)
        shell.type("fg\n")
        try shell.see("the overview again") { screen in
            isShown(screen) && screen.lines.last?.contains("F1 Help") == true
                && screen.lines.count == 40
        }
        shell.type("q")
        try shell.seePrompt()
        shell.type("\u{4}")
        try shell.seePrompt("shell> ")
        shell.type("exit\n")
        #expect(try shell.end() == 0)
    }

    @Test func aRunningPromptIsFound() throws {
        let home = TemporaryHome()
        let prompt = try TerminalProgram(home: home)
        try prompt.seePrompt()
        prompt.type("SET a 1\r")
        try prompt.see(anywhere: "OK")
        let watching = try TerminalProgram(["dashboard"], rows: 24, columns: 80, home: home)
        try watching.see("one key") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains("keys 1") }
        }
        watching.type("\u{3}")
        #expect(try watching.end() == 0)
        expectReturned(watching)
        let once = try Program.run(["dashboard", "--once", "--json"], home: home)
        #expect(once.status == 0 && once.output.contains("\"keys\": 1"))
        let plain = try Program.run(["dashboard", "--once", "--plain"], home: home)
        #expect(plain.output.contains("keys, keys: 1\n"))
        #expect(try prompt.leave() == 0)
    }

    @Test func withoutAServerItSaysSo() throws {
        let home = TemporaryHome()
        let target = ["dashboard", "--target", "unix:\(home.path)/nobody", "--once"]
        let result = try Program.run(target, home: home)
        #expect(result.status == 3 && result.complaints.contains("could not connect"))
        let json = try Program.run(target + ["--json"], home: home)
        #expect(json.status == 3 && json.output.contains("\"problem\""))
        let wrong = try Program.run(["dashboard", "--theme", "pink"], home: home)
        #expect(wrong.status == 2 && wrong.complaints.contains("safe"))
    }

    @Test func aDumbTerminalGetsText() throws {
        let home = TemporaryHome()
        let prompt = try TerminalProgram(home: home)
        try prompt.seePrompt()
        prompt.type("SET a 1\r")
        try prompt.see(anywhere: "OK")
        let watching = try TerminalProgram(["dashboard"], dumb: true, home: home)
        try watching.read(until: "no full screen here")
        try watching.read(until: "keys, keys: 1\n")
        #expect(!watching.written.contains(0x1B))
        watching.type("\u{3}")
        _ = try watching.end()
        #expect(try prompt.leave() == 0)
    }
}
