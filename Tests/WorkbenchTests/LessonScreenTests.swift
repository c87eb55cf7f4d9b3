import Glibc
import Testing

/// A lesson at a terminal: each key does what the help says, and the terminal is left as it was.
@Suite struct LessonScreenTests {
    private static let lesson = """
        ---
        title: "Keys of the player"
        id: keys
        minutes: 1
        ---
        # Keys of the player

        Words before the first step.

        ## First

        ```redis
        > SET first a-value-that-takes-a-while-to-type-with-forty-letters-or-more
        OK
        ```

        ## Second

        ```yaml load #rush for=10m
        client: commands
        rate: 10rps
        command: INCR n
        ```

        ## Third

        ```redis type=learner
        > GET first
        "a-value-that-takes-a-while-to-type-with-forty-letters-or-more"
        ```

        ```quiz #q
        Which?
        (x) this
        ( ) that
        => Because.
        ```

        ```yaml exercise #e
        goal: Set done.
        check: [key("done").exists]
        hints: ["SET it."]
        solution: |
          > SET done 1
        on_skip: solve
        ```
        """

    private func opened(
        _ arguments: [String] = [], rows: Int = 24, columns: Int = 80, dumb: Bool = false,
        home: TemporaryHome = TemporaryHome()
    ) throws -> TerminalProgram {
        let path = try home.file(Self.lesson, name: "lesson.md")
        _ = try home.file("facts: []\n", name: "facts.yaml")
        return try TerminalProgram(
            ["play", path, "--dir", home.path] + arguments, dumb: dumb, rows: rows,
            columns: columns, home: home)
    }

    /// Waits for the status row to have a text.
    private func see(_ text: String, _ program: TerminalProgram) throws {
        try program.see("'\(text)'") { screen in
            screen.lines.contains { $0.contains(text) }
        }
    }

    @Test func theStatusRowStandsAtTheFoot() throws {
        let program = try opened()
        try program.see("the status row") { screen in
            screen.lines.count == 24 && screen.lines[23].contains(" keys  00:00  1x")
        }
        try see("Enter: 1/3 First", program)
        program.resize(rows: 30, columns: 100)
        program.type("\r")
        try see("1/3 First", program)
        program.type("q")
        #expect(try program.end() == 0)
        #expect(TerminalProgram.plain(program.written).contains("larder play keys goes on here."))
    }

    @Test func anyKeyCompletesTheLineAndEnterGoesOn() throws {
        let program = try opened(["--speed", "0.01x"])
        try see("Enter: 1/3", program)
        program.type("\r")
        try see("any key: whole line", program)
        program.type("x")
        try see("letters-or-more", program)
        try see("Enter: 2/3 Second", program)
        program.type("q")
        #expect(try program.end() == 0)
    }

    @Test func spacePausesAndSpeedIsKept() throws {
        let program = try opened(["--from", "second", "--speed", "0.125x"])
        try see("of 10:00", program)
        program.type(" ")
        try see("PAUSED", program)
        program.type("+")
        try see("0.25x", program)
        program.type("-")
        try see("0.125x", program)
        program.type(" \r")
        try see("10:00 of 10:00", program)
        program.type("q")
        #expect(try program.end() == 0)
    }

    @Test func stepsAreReachedByTheirKeys() throws {
        let program = try opened(["--speed", "0.01x"])
        try see("Enter: 1/3", program)
        program.type("n")
        try see(" keys  1/3", program)
        program.type("n")
        try see(" keys  2/3", program)
        program.type("p")
        try see(" keys  1/3", program)
        program.type("g")
        try see("3  Third", program)
        program.type("3")
        try see(" keys  3/3", program)
        program.type("\u{1B}")
        try see("keys are the lesson's", program)
        program.type("/")
        try see("steps  /", program)
        program.type("sec\r")
        try see(" keys  2/3", program)
        program.type("r")
        try see("of 10:00", program)
        program.type("?")
        try see("previous step", program)
        program.type("q")
        #expect(try program.end() == 0)
    }

    @Test func theLearnersKeys() throws {
        let program = try opened(["--from", "third"])
        try see("Your turn", program)
        program.type("h\r")
        try see("GET first", program)
        program.type("t\r")
        try see("The world is yours", program)
        program.type("SET mine 1\r")
        try see("OK", program)
        program.type("\u{1B}")
        try see("The lesson goes on.", program)
        program.type("s\r")
        try see("forty-letters", program)
        try see("Enter", program)
        program.type("\r")
        try see("1  this", program)
        program.type("1")
        try see("Because.", program)
        program.type("\r")
        try see("Your task", program)
        program.type("h\r")
        try see("hint 1/1", program)
        program.type("s\r")
        try see("r> SET done 1", program)
        try see("You have finished keys", program)
        program.type("\r")
        #expect(try program.end() == 0)
    }

    /// P7: each key by itself, from the same place in the lesson.
    @Test(arguments: [
        ("\r", "any key: whole line"), ("\u{1B}[C", "any key: whole line"),
        ("n", " keys  1/3"), ("p", "Words before the first step"), ("g", "3  Third"),
        ("/", "steps  /"), ("+", "0.02x"), ("-", "0.005x"), ("h", "There is no hint here"),
        ("s", "There is nothing to skip here"), ("t", "The world is yours"),
        ("r", "Words before the first step"), ("d", "LESSON at 0s"), ("?", "previous step"),
        (" ", "PAUSED"), ("q", "larder play keys goes on here."),
    ])
    func eachKeyDoesWhatTheHelpSays(key: String, shown: String) throws {
        let program = try opened(["--speed", "0.01x"])
        try see("Enter: 1/3", program)
        let before = program.screen.transcript.count { $0.contains(shown) }
        program.type(key)
        try program.see("'\(shown)' after \(key)") { screen in
            screen.lines.contains { $0.contains(shown) }
                && (screen.isAlternate || key == "q"
                    || screen.transcript.count { $0.contains(shown) } > before || before == 0)
        }
        if key == "q" { #expect(try program.end() == 0) }
    }

    /// P6: while it is paused no virtual time passes, and the world stands still.
    @Test func spaceStopsTheVirtualClock() throws {
        let program = try opened(["--from", "second", "--speed", "0.125x"])
        try see("of 10:00", program)
        program.type(" ")
        try see("PAUSED", program)
        func clock() -> String? {
            program.screen.lines.last { $0.contains("PAUSED") }
        }
        let stopped = clock()
        // Keys that draw the screen again, while time would pass.
        for _ in 0..<3 {
            program.type("+")
            try see("0.25x", program)
            program.type("-")
            try see("0.125x", program)
        }
        #expect(clock() == stopped)
        program.type(" q")
        #expect(try program.end() == 0)
    }

    @Test(arguments: [(24, 80), (48, 160)])
    func theDashboardShowsTheLessonsWorldAndGoesBack(rows: Int, columns: Int) throws {
        let program = try opened(["--from", "third"], rows: rows, columns: columns)
        try see("Your turn", program)
        program.type("d\r")
        try program.see("the dashboard") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains("LESSON at 10:00") }
                && screen.lines.contains { $0.contains("Lesson 3/3") }
                && screen.lines.contains { $0.contains("keys 2") }
        }
        program.type("9")
        try program.see("the lessons and the steps") { screen in
            screen.lines.contains { $0.contains("Keys of the player") }
                && screen.lines.contains { $0.contains("> 3 Third") }
                && screen.lines.contains { $0.contains("0 of 1 questions right") }
        }
        program.type("d")
        try program.see("the lesson") { screen in
            !screen.isAlternate && screen.lines.contains { $0.contains("r> GET …") }
                && screen.lines.last?.contains(" keys  3/3") == true
        }
        #expect(program.isRaw)
        program.type("GET first\r")
        try see("forty-letters", program)
        program.type("q")
        #expect(try program.end() == 0)
    }

    @Test func aLineOfThePromptOpensTheDashboardToo() throws {
        let program = try opened(["--from", "third"])
        try see("Your turn", program)
        program.type("t\r")
        try see("The world is yours", program)
        program.type("SET mine 1\r")
        try see("OK", program)
        program.type(":dashboard\r")
        try program.see("the dashboard") { screen in
            screen.isAlternate && screen.lines.contains { $0.contains("keys 3") }
        }
        // Keys that come together with the one that leaves are not lost.
        program.type("qGET mine\r")
        try program.see("the prompt") { !$0.isAlternate }
        try see("\"1\"", program)
        program.type(":set render raw\r")
        try see("has :dashboard, :help and :quit", program)
        program.type(":quit\r")
        #expect(try program.end() == 0)
    }

    /// From the dashboard the lesson goes on, and the line screen has what was told meanwhile.
    @Test func theLessonGoesOnBesideTheDashboard() throws {
        let program = try opened(["--from", "third"], rows: 48, columns: 160)
        try see("Your turn", program)
        program.type("d\r")
        try program.see("the dashboard") { $0.isAlternate && !$0.lines.isEmpty }
        program.type("\r")
        try program.see("the line") { $0.lines.contains { $0.contains("TRY      GET first") } }
        program.type("\r")
        try program.see("the question") { screen in
            screen.lines.contains { $0.contains("Enter: goes on") }
        }
        program.type("\r")
        try program.see("the question") { $0.lines.contains { $0.contains("Which?") } }
        program.type("2")
        try program.see("a wrong answer") { $0.lines.contains { $0.contains("2 that wrong") } }
        program.type("d")
        try program.see("what was told") { screen in
            !screen.isAlternate && screen.lines.contains { $0.contains("Because.") }
        }
        program.type("q")
        #expect(try program.end() == 0)
    }

    @Test func whereThereIsNoFullScreenTheFiguresAreListed() throws {
        let home = TemporaryHome()
        home.variables = ["TERM=no-such-terminal"]
        let program = try opened(["--from", "third"], home: home)
        try see("Your turn", program)
        program.type("d\r")
        try see("The dashboard cannot be shown", program)
        try see("cache.ops", program)
        program.type("q\r")
        #expect(try program.end() == 0)
    }

    @Test(arguments: [("trap", [SIGILL, SIGTRAP]), ("abort", [SIGABRT]), ("stack", [SIGSEGV])])
    func aCrashLeavesTheTerminalAsItWas(kind: String, signals: [Int32]) throws {
        let home = TemporaryHome()
        home.variables = ["LARDER_PLANTED_CRASH=\(kind)", "SWIFT_BACKTRACE=enable=no"]
        let program = try opened(home: home)
        try see("Enter: 1/3", program)
        #expect(program.isRaw && program.screen.bracketsPastes)
        program.type("\t")
        let status = try program.end()
        #expect(signals.contains(status - 128), "\(status)")
        #expect(!program.isRaw && !program.screen.bracketsPastes && program.screen.showsCursor)
    }

    @Test func controlCLeavesTheTerminalAsItWas() throws {
        let program = try opened()
        let modes = program.modes
        try see("Enter: 1/3", program)
        #expect(program.isRaw)
        program.type("\u{3}")
        #expect(try program.end() == 130)
        #expect(program.modes == modes && !program.isRaw)
        #expect(!program.screen.bracketsPastes)
    }

    @Test func progressSurvivesAKillAndTheLessonGoesOn() throws {
        let home = TemporaryHome()
        let program = try opened(home: home)
        try see("Enter: 1/3", program)
        program.type("n")
        try see(" keys  1/3", program)
        program.type("n")
        try see(" keys  2/3", program)
        kill(program.number, SIGKILL)
        _ = try program.end()
        let again = try opened(home: home)
        try see(" keys  2/3", again)
        again.type("q")
        #expect(try again.end() == 0)
        let text = home.contents(home.path + "/state/larder/progress.json")
        #expect(text.hasPrefix("{\"version\":1") && text.contains("\"resume\":\"second\""))
    }

    @Test func whoWantsNoColoursGetsNone() throws {
        let home = TemporaryHome()
        home.variables = ["NO_COLOR=1"]
        let program = try opened(["--speed", "instant"], home: home)
        try see("Enter: 1/3", program)
        program.type("\rq")
        #expect(try program.end() == 0)
        let text = String(decoding: program.written, as: UTF8.self)
        #expect(!text.contains("\u{1B}[3") && !text.contains("\u{1B}[1m"), "\(text)")
    }

    /// Without a terminal, or with one that cannot draw, a lesson is text, its chart too.
    @Test(arguments: [true, false])
    func chartsAreTextWhereNothingElseIs(isTerminal: Bool) throws {
        let arguments = ["play", "stampede", "--no-progress", "--ascii"]
        let text: String
        if isTerminal {
            let program = try TerminalProgram(arguments, dumb: true)
            #expect(try program.end() == 0)
            text = String(decoding: program.written, as: UTF8.self)
        } else {
            text = try Program.run(arguments).output
        }
        #expect(!text.contains("\u{1B}"))
        #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
        #expect(text.contains("db.qps") && text.contains("modelled") && text.contains("measured"))
    }

    @Test func withoutACursorTheLessonIsPlainText() throws {
        let program = try opened(["--no-progress"], dumb: true)
        #expect(try program.end() == 0)
        let text = String(decoding: program.written, as: UTF8.self)
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("GET first") && text.contains("The end of keys."))
    }
}
