import Terminal
import Testing

@testable import Playback

/// A lesson before a person: keys and time go in, what is shown comes out.
@Suite struct PlayerTests {
    private static let three = """
        ## One

        ```redis
        > SET a 1
        OK
        > INCR a
        (integer) 2
        ```

        ## Two

        ```redis
        > INCR a
        (integer) 3
        ```

        Words.

        ```redis
        > APPEND b x
        (integer) 1
        ```

        ## Three

        ```redis
        > SET c 1 EX 100
        OK
        ```
        """

    @Test func enterCompletesALineAndGoesOn() throws {
        let player = try Lessons.player(Self.three)
        #expect(player.shown().contains("1/3 One"))
        #expect(player.bottom.hasPrefix("  r>"))
        player.tick(35 * 4)
        #expect(player.bottom == "  r> SET")
        player.press(.enter)
        #expect(player.shown() == "  r> SET a 1\n  OK\n")
        player.tick(35 * 30)
        let reply = player.shown().split(separator: "\n")
        #expect(reply[0] == "  r> INCR a")
        #expect(reply[1].hasPrefix("  (integer) 2 ") && reply[1].hasSuffix(" measured"))
        #expect(player.bottom.contains("Enter: 2/3 Two"))
        player.tick(60_000)
        #expect(player.shown() == "" && player.step == 1)
        player.press(.special(.right, []))
        #expect(player.shown().contains("2/3 Two") && player.step == 2)
    }

    @Test func backAndForwardIsTheSameWorld() throws {
        let player = try Lessons.player(Self.three)
        var digests: [String] = []
        for step in 1...3 {
            #expect(player.step == step)
            digests.append(player.host.digest())
            player.press(.character("n"))
        }
        let end = player.host.digest()
        #expect(Set(digests + [end]).count == 4)
        player.press(.character("p"))
        #expect(player.step == 2 && player.host.digest() == digests[1])
        player.press(.character("p"))
        #expect(player.step == 1 && player.host.digest() == digests[0])
        player.press(.character("r"))
        #expect(player.step == 1 && player.host.digest() == digests[0])
        player.press(.character("n"))
        #expect(player.step == 2 && player.host.digest() == digests[1])
        player.press(.character("n"))
        player.press(.character("n"))
        #expect(player.host.digest() == end)
        _ = player.shown()
    }

    @Test func whatWasTypedMeanwhileIsUndoneByGoingBack() throws {
        let player = try Lessons.player(Self.three)
        let first = player.host.digest()
        player.press(.character("t"))
        player.type("set mine 1")
        player.type("bob> GET mine")
        #expect(player.shown().contains("  bob> GET mine\n  \"1\"\n"))
        player.press(.escape)
        #expect(player.shown().contains("The lesson goes on."))
        player.press(.character("n"))
        let second = player.host.digest()
        player.press(.character("p"))
        #expect(player.step == 1 && player.host.digest() == first)
        // What the learner did is not repeated, so the second step is another one now.
        player.press(.character("n"))
        #expect(player.host.digest() != second)
    }

    @Test func aLoadIsPacedAndPauseStopsItsClock() throws {
        let text =
            Texts.shop() + """
                ## One

                ```yaml load #rush for=60s
                client: app
                rate: 50rps
                keys: { path: "/product/{1..100}", dist: uniform }
                ```

                ```check
                app.requests >= 2990
                ```
                """
        let player = try Lessons.player(text)
        // A minute takes five seconds.
        player.tick(2500)
        #expect(player.host.now == 30_000_000_000)
        #expect(player.bottom.contains("00:30 of 01:00"))
        player.press(.character(" "))
        #expect(player.isPaused && !player.wantsTicks)
        player.tick(5000)
        #expect(player.host.now == 30_000_000_000)
        player.press(.character(" "))
        player.press(.character("+"))
        player.tick(625)
        #expect(player.host.now == 45_000_000_000)
        player.press(.character("-"))
        player.tick(625)
        #expect(player.host.now == 52_500_000_000)
        player.press(.enter)
        // The last requests come back a little later.
        #expect(player.host.now == 60_080_000_000)
        let shown = player.shown()
        #expect(shown.contains("mean 100") && shown.contains("modelled"))
        #expect(shown.contains("✓ app.requests >= 2990"))
    }

    @Test func aBackgroundLoadRunsWhileTheLearnerTypes() throws {
        let text =
            Texts.shop() + """
                ## One

                ```yaml load #rush for=600s background
                client: app
                rate: 20rps
                keys: { path: "/product/{1..100}", dist: uniform }
                ```

                ```redis type=learner
                > SET a 1
                OK
                ```
                """
        let player = try Lessons.player(text)
        #expect(player.wantsTicks)
        let before = player.host.now
        for _ in 0..<100 { player.tick(50) }
        #expect(player.host.now == before + 5_000_000_000)
        let reading = player.host.value(.figure("app.requests", window: .run))
        // The hundredth is still with the database, which takes a tenth of a second.
        #expect(reading == Reading(.number(99, .none, nil), .measured))
    }

    @Test func theLearnerTypesWhatMeansTheSame() throws {
        let text = """
            ## One

            ```redis type=learner
            > SET product:42 '{"id":42}' EX 300
            OK
            > GET product:42
            "{\\"id\\":42}"
            ```
            """
        let player = try Lessons.player(text)
        _ = player.shown()
        player.type("set product:43 x")
        #expect(player.shown().contains("Right up to set; then product:43 is not what is wanted."))
        player.type("SET product:42")
        #expect(player.shown().contains("after SET product:42 more follows. h and Enter"))
        player.type("h")
        #expect(player.shown().contains("SET product:42 '{\"id\":42}' EX 300"))
        player.type("set   'product:42' \"{\\\"id\\\":42}\" ex 300")
        #expect(player.shown().contains("\n  OK\n"))
        player.type("GET Product:42")
        #expect(player.shown().contains("then Product:42 is not"))
        player.press(.escape)
        player.press(.character("s"))
        player.press(.enter)
        #expect(player.shown().contains("\"{\\\"id\\\":42}\""))
    }

    @Test func stepsAreListedAndSearched() throws {
        let player = try Lessons.player(Self.three)
        player.press(.character("g"))
        let rows = player.frame().below.map(\.plain)
        #expect(rows[0].contains("1  One") && rows[2].contains("3  Three"))
        player.press(.special(.down, []))
        player.press(.special(.down, []))
        player.press(.enter)
        #expect(player.step == 3 && player.shown().contains("3/3 Three"))
        player.press(.character("/"))
        for letter in "two".unicodeScalars { player.press(.character(letter)) }
        #expect(player.frame().below[0].plain.contains("2  Two"))
        player.press(.enter)
        #expect(player.step == 2)
        player.press(.character("g"))
        player.press(.escape)
        #expect(player.list == nil && player.step == 2)
    }

    @Test func keysAreExplainedAndTheDashboardIsAskedFor() throws {
        let player = try Lessons.player(Self.three)
        player.press(.character("?"))
        let shown = player.shown()
        for word in ["pause", "next step", "previous step", "take over", "dashboard", "leave"] {
            #expect(shown.contains(word))
        }
        player.press(.character("d"))
        #expect(player.wantsDashboard)
        player.showFigures()
        #expect(player.shown().contains("cache.keys              0"))
        player.press(.character("q"))
        #expect(player.isOver && player.isLeft && player.record.resume == "one")
    }

    /// P25: a fact on the screen is quoted, with its id.
    @Test func factsAreQuoted() throws {
        let player = try Lessons.player(
            """
            ## One

            > **Fact.** At most 5 times, see
            > [the source](facts.yaml#F6).
            """)
        let lines = player.shown().split(separator: "\n")
        #expect(lines.contains { $0.hasSuffix(" quoted F6") }, "\(lines)")
    }

    /// Nothing that the player says runs over the edge of a usual terminal.
    @Test func rowsFitTheScreen() {
        let printer = SceneText(columns: 80, isASCII: false)
        let long = "cmd.calls(\"del\") >= 1 or cmd.calls(\"getdel\") >= 1 or cmd.calls(\"x\") >= 1"
        let term = Term(text: "cmd.calls(\"del\")", reading: Reading(.text("12345678"), .measured))
        let scenes: [Scene] = [
            .listing(Player.keyTable),
            .check([CheckResult(text: long, isTrue: true, terms: [term, term, term])]),
            .reply(["(error) ERR " + long + long], isError: true, nil),
        ]
        for row in scenes.flatMap({ printer.lines($0) }) {
            #expect(row.width < 80, "\(row.plain)")
        }
        for line in WorkbenchLine.help([]).split(separator: "\n") { #expect(line.count < 77) }
    }

    /// The prompt of an exercise names a session when it is known which one a line is for.
    @Test func thePromptNamesTheSessionThatALineGoesTo() throws {
        let player = try Lessons.player(Self.three)
        player.press(.character("t"))
        func prompt(_ typed: String) -> String {
            player.line.set(typed)
            let prompt = player.frame().prompt.plain
            return String(prompt.filter { $0 != " " })
        }
        #expect(prompt("") == ">")
        #expect(prompt("ap") == ">")
        #expect(prompt("app") == "wb>")
        #expect(prompt("app warm") == "wb>")
        #expect(prompt("go") == "wb>")
        #expect(prompt("GET /product/1") == "app>")
        #expect(prompt("GET a") == "r>")
        #expect(prompt("ZADD") == "r>")
        #expect(prompt("bob> GET a") == "bob>")
    }

    @Test func itBeginsWhereItIsTold() throws {
        var options = PlayerOptions()
        options.from = "three"
        let player = try Lessons.player(Self.three, options: options)
        #expect(player.step == 3 && !player.shown().contains("One"))
        options.from = "four"
        #expect(throws: HostFailure.self) { try Lessons.player(Self.three, options: options) }
    }

    @Test func aDemoGoesByItself() throws {
        var options = PlayerOptions()
        options.mode = .demo
        let player = try Lessons.player(Self.three, options: options)
        var time = 0
        while !player.isOver, time < 120_000 {
            player.tick(50)
            time += 50
        }
        #expect(player.isOver && !player.isLeft && time < 60_000)
        #expect(player.shown().contains("The end of test."))
    }

    @Test func conditionsLoopsAndTolerancesPlay() throws {
        let text = """
            ## One

            ```redis repeat=3 as=i
            > RPUSH l $i
            ```

            <!-- when: key("l").len == 3 -->
            Three there are.
            <!-- endwhen -->

            <!-- when: key("l").len == 4 -->
            Four there are.
            <!-- endwhen -->
            """
        let player = try Lessons.player(text)
        player.finish()
        let shown = player.shown()
        #expect(shown.contains("RPUSH l 3\n  (integer) 3"))
        #expect(shown.contains("Three there are.") && !shown.contains("Four there are."))
    }
}
