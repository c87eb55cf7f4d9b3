import Testing

/// The program that shows replies taller than the screen.
@Suite struct PagerTests {
    @Test func onlyTallRepliesGoToThePager() throws {
        let home = TemporaryHome()
        // The pager keeps what it gets, says so, and waits for a key as real ones do.
        let script = try home.file(
            """
            #!/bin/sh
            cat > '\(home.path)/seen'
            wc -l < '\(home.path)/seen' | sed 's/^/pager has rows: /'
            read answer < /dev/tty
            echo "pager leaves: $answer"
            """, name: "pager")
        home.variables = ["PAGER=/bin/sh \(script)"]
        let program = try TerminalProgram(["--render", "classic"], rows: 12, home: home)
        try program.seePrompt()
        program.type("MGET 1 2 3 4 5 6 7 8\r")
        try program.see(anywhere: "8) (nil)")
        try program.seePrompt()
        #expect(home.contents(home.path + "/seen") == "")
        program.type("MGET 1 2 3 4 5 6 7 8 9 10 11 12 13 14\r")
        try program.see(anywhere: "pager has rows: 14")
        // While it runs the terminal is cooked, and Ctrl-C is the pager's or its shell's.
        #expect(!program.isRaw)
        program.type("bye\n")
        try program.see(anywhere: "pager leaves: bye")
        try program.seePrompt()
        #expect(program.isRaw)
        let seen = home.contents(home.path + "/seen")
        #expect(seen.hasPrefix(" 1) (nil)\n 2) (nil)\n"))
        #expect(seen.hasSuffix("14) (nil)\n"))
        #expect(!program.screen.transcript.contains("14) (nil)"))
        // A pager that is not there, or none at all, leaves the reply on the screen.
        program.type(":set pager off\r")
        try program.see("another prompt") {
            $0.transcript.contains("larder> :set pager off") && $0.current == "larder>"
        }
        program.type("MGET 1 2 3 4 5 6 7 8 9 10 11 12 13 14\r")
        try program.see(anywhere: "14) (nil)")
        #expect(try program.leave() == 0)
    }

    @Test(arguments: ["PAGER=/nonexistent/pager", "PAGER="])
    func withoutAPagerTheReplyIsShown(variable: String) throws {
        let home = TemporaryHome()
        home.variables = [variable]
        let program = try TerminalProgram(["--render", "classic"], rows: 6, home: home)
        try program.seePrompt()
        program.type("MGET 1 2 3 4 5 6 7 8\r")
        try program.see(anywhere: "8) (nil)")
        try program.seePrompt()
        #expect(program.screen.transcript.contains("1) (nil)"))
        #expect(try program.leave() == 0)
    }
}
