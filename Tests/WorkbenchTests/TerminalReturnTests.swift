import Glibc
import Testing

/// However a session ends or pauses, the person gets the terminal back as it was.
@Suite struct TerminalReturnTests {
    /// The modes before the program runs: those that the kernel gives a new terminal, which a
    /// program that does nothing leaves alone.
    private func untouched() throws -> String {
        let program = try TerminalProgram([], program: "/bin/true")
        let modes = program.modes
        #expect(try program.end() == 0)
        return modes
    }

    private func expectReturned(_ program: TerminalProgram, _ before: String) {
        #expect(program.modes == before)
        #expect(!program.screen.bracketsPastes)
        #expect(program.screen.showsCursor)
        #expect(!program.screen.isUpdating)
    }

    @Test func anEndOfItsOwnAccord() throws {
        let before = try untouched()
        let program = try TerminalProgram()
        try program.seePrompt()
        #expect(program.isRaw)
        #expect(program.modes != before)
        #expect(program.screen.bracketsPastes)
        program.type("quit\r")
        #expect(try program.end() == 0)
        expectReturned(program, before)
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGUSR1, SIGALRM])
    func aSignalWhileALineIsTyped(signal: Int32) throws {
        let before = try untouched()
        let home = TemporaryHome()
        home.variables = ["SWIFT_BACKTRACE=enable=no"]
        let program = try TerminalProgram(["--color", "never"], home: home)
        try program.seePrompt()
        program.type("SET half 'a line")
        try program.see("the line") { $0.column == 24 }
        #expect(program.isRaw)
        kill(program.number, signal)
        #expect(try program.end() == 128 + signal)
        expectReturned(program, before)
        // What the shell prints next stands in a row of its own, with nothing of ours below.
        #expect(program.screen.transcript.last == "larder> SET half 'a line")
        #expect(program.screen.current == "")
        #expect(program.screen.column == 0)
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func aSignalWhileACommandRuns(signal: Int32) throws {
        let before = try untouched()
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/silent")
        let program = try TerminalProgram(["--target", "unix:\(home.path)/silent"], home: home)
        try program.seePrompt("\(home.path)/silent> ")
        program.type("BLPOP nothing 0\r")
        #expect(try silent.nextRequest().contains("BLPOP"))
        #expect(!program.isRaw)
        kill(program.number, signal)
        #expect(try program.end() == 128 + signal)
        expectReturned(program, before)
    }

    @Test func aSignalAtADumbTerminalSaysNothingItCannotRead() throws {
        let before = try untouched()
        let program = try TerminalProgram(dumb: true)
        try program.seePrompt()
        kill(program.number, SIGTERM)
        #expect(try program.end() == 128 + SIGTERM)
        expectReturned(program, before)
        #expect(!program.written.contains(0x1B))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalWhileAPasswordIsTyped(signal: Int32) throws {
        let before = try untouched()
        let program = try TerminalProgram(["--askpass", "--target", "unix:/nowhere"])
        try program.see(row: "Password:")
        #expect(!program.isRaw && program.modes != before)
        program.type("tiger")
        kill(program.number, signal)
        #expect(try program.end() == (signal == SIGTERM ? 128 + SIGTERM : 2))
        expectReturned(program, before)
        #expect(!TerminalProgram.plain(program.written).contains("tiger"))
    }

    @Test(arguments: [("trap", [SIGILL, SIGTRAP]), ("abort", [SIGABRT]), ("stack", [SIGSEGV])])
    func aCrash(kind: String, signals: [Int32]) throws {
        let before = try untouched()
        let home = TemporaryHome()
        home.variables = ["SWIFT_BACKTRACE=enable=no", "LARDER_PLANTED_CRASH=\(kind)"]
        let program = try TerminalProgram(home: home)
        try program.seePrompt()
        program.type("crash here")
        try program.see("the line") { $0.current.hasPrefix("larder> crash here") }
        #expect(program.isRaw)
        program.type("\t")
        let status = try program.end()
        #expect(signals.contains(status - 128))
        expectReturned(program, before)
    }

    @Test func noCrashIsPlantedUnasked() throws {
        let program = try TerminalProgram()
        try program.seePrompt()
        program.type("crash here\t")
        try program.see("the line") { $0.current.hasPrefix("larder> crash here") }
        program.type("\u{3}")
        #expect(try program.leave() == 0)
    }

    @Test func aTerminalThatHangsUpEndsTheSession() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(home: home)
        try program.seePrompt()
        program.type("SET a 1\r")
        try program.see(anywhere: "OK")
        program.hangUp()
        #expect(try [0, 128 + SIGHUP].contains(program.end()))
        #expect(home.contents(home.path + "/state/larder/history") == "SET a 1\n")
    }

    // MARK: Pauses

    /// A shell with job control, in which the program is started.
    private func shell(_ home: TemporaryHome) throws -> TerminalProgram {
        home.variables = ["PS1=shell> ", "PS2=", "PATH=/usr/bin:/bin"]
        let shell = try TerminalProgram(
            ["--norc", "--noprofile", "--noediting", "-i"], program: "/bin/bash", home: home)
        try shell.seePrompt("shell> ")
        return shell
    }

    @Test(arguments: ["Ctrl-Z", "SIGTSTP"])
    func aPauseGivesTheTerminalBackAndTheLineComesAgain(by means: String) throws {
        let home = TemporaryHome()
        let shell = try shell(home)
        let before = shell.modes
        shell.type("\(Program.path) --color never\n")
        try shell.seePrompt()
        shell.type("SET a 12")
        try shell.see("the line") { $0.current == "larder> SET a 12" && $0.column == 16 }
        #expect(shell.isRaw)
        if means == "Ctrl-Z" {
            shell.type("\u{1A}")
        } else {
            let socket = try #require(home.names(home.path + "/larder").first)
            kill(try #require(Int32(socket.dropLast(5))), SIGTSTP)
        }
        try shell.seePrompt("shell> ")
        #expect(shell.modes == before)
        #expect(!shell.screen.bracketsPastes)
        #expect(shell.screen.transcript.contains { $0.contains("Stopped") })
        shell.type("echo in between\n")
        try shell.see(anywhere: "in between")
        try shell.seePrompt("shell> ")
        shell.type("fg\n")
        try shell.see("the line again") { $0.current == "larder> SET a 12" && $0.column == 16 }
        #expect(shell.isRaw)
        #expect(shell.screen.bracketsPastes)
        shell.type("3\r")
        try shell.see(anywhere: "OK")
        try shell.seePrompt()
        shell.type("GET a\r")
        try shell.see(anywhere: "\"123\"")
        try shell.seePrompt()
        shell.type("\u{4}")
        try shell.seePrompt("shell> ")
        #expect(shell.modes == before)
        shell.type("exit 3\n")
        #expect(try shell.end() == 3)
    }

    @Test func whatIsTypedAheadStandsInTheNextLine() throws {
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(["--target", "unix:\(home.path)/s"], home: home)
        let prompt = "\(home.path)/s> "
        try program.seePrompt(prompt)
        program.type("BLPOP nothing 0\r")
        #expect(try silent.nextRequest().contains("BLPOP"))
        program.type("PINK\u{7F}G")
        try program.see(row: "PING")
        // The number of the connection was asked for before the command.
        silent.answer(":7\r\n*-1\r\n")
        let column = prompt.utf8.count + 4
        try program.see("what was typed") {
            $0.current.hasPrefix(prompt + "PING") && $0.column == column
        }
        program.type("\r")
        #expect(try silent.nextRequest().contains("PING"))
        silent.answer("+PONG\r\n")
        try program.see(anywhere: "PONG")
        #expect(try program.leave(prompt: prompt) == 0)
    }

    @Test func controlCOnTextAndOnACommandThatRuns() throws {
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(["--target", "unix:\(home.path)/s"], home: home)
        let prompt = "\(home.path)/s> "
        try program.seePrompt(prompt)
        program.type("SET half a line\u{2}\u{2}\u{3}")
        try program.see("the line given up") {
            $0.transcript.contains(prompt + "SET half a line^C")
        }
        try program.seePrompt(prompt)
        program.type("BLPOP nothing 0\r")
        #expect(try silent.nextRequest().contains("BLPOP"))
        program.type("\u{3}")
        try program.see("what was interrupted") { screen in
            screen.transcript.contains { $0.hasPrefix("Interrupted: the command was given up") }
        }
        try program.seePrompt(prompt)
        #expect(program.isRaw)
        program.type("PING\r")
        #expect(try silent.nextRequest().contains("PING"))
        silent.answer("+PONG\r\n")
        try program.see(anywhere: "PONG")
        #expect(try program.leave(prompt: prompt) == 0)
    }
}
