import Simulation
import Testing
import Wire

@testable import Playback

/// Scenarios that are played without an audience.
@Suite struct PerformanceTests {
    private let load = """
        ```yaml load #rush for=10s
        client: app
        rate: 50rps
        keys: { path: "/product/{1..100}", dist: uniform }
        ```


        """

    @Test func repliesAreCompared() throws {
        let (good, _) = try Texts.play("```redis\n> SET a 1\nOK\n> INCR a\n(integer) 2\n```\n")
        #expect(Texts.report(good) == "")
        #expect(good.counts.commands == 2)
        let (bad, _) = try Texts.play(
            "## One\n\n```redis\n> SET a 1\nOK\n> INCR a\n(integer) 3\n```\n")
        #expect(
            Texts.report(bad) == """
                Scenarios/test.md:12:3: FAIL expectation  r> INCR a
                    - (integer) 3
                    + (integer) 2
                    seed 1, virtual t=00:00.000
                    reproduce: larder scenario test test --seed 1 --from one

                """)
    }

    @Test func anErrorFailsWhereNothingIsExpected() throws {
        let (played, _) = try Texts.play("```redis\n> LPUSH l 1\n> GET l\n> SET z 1\n```\n")
        #expect(played.failures.count == 1)
        #expect(Texts.report(played).contains("+ (error) WRONGTYPE Operation against a key"))
        #expect(played.failures[0].place.line == 9)
        let (expected, _) = try Texts.play(
            "```redis\n> LPUSH l 1\n> GET l\n(error) WRONGTYPE Operation against a key holding "
                + "the wrong kind of value\n```\n")
        #expect(Texts.report(expected) == "")
    }

    @Test func failuresOfChecksTellTheirTerms() throws {
        let (played, events) = try Texts.play(
            "## One\n\n```redis\n> SET a 1\n```\n\n```check\ncmd.calls(\"set\") == 2 and "
                + "key(\"a\").exists   because \"two were typed\"\n```\n")
        #expect(
            Texts.report(played) == """
                Scenarios/test.md:14:1: FAIL check  cmd.calls("set") == 2 and key("a").exists
                    cmd.calls("set") = 1  [measured]   seed 1, virtual t=00:00.000
                    key("a").exists = true  [measured]
                    because: two were typed
                    reproduce: larder scenario test test --seed 1 --from one

                """)
        #expect(events.contains { $0.kind == .checkFail })
    }

    @Test func keepGoingFindsMore() throws {
        let text = "```redis\n> SET a 1\nKO\n> GET a\n\"2\"\n```\n"
        #expect(try Texts.play(text).performance.failures.count == 1)
        var options = PerformanceOptions()
        options.keepsGoing = true
        #expect(try Texts.play(text, options: options).performance.failures.count == 2)
    }

    @Test func variablesCapturesAndLoops() throws {
        let (played, _) = try Texts.play(
            """
            ---
            title: T
            id: t
            vars: { N: 3 }
            ---
            # T

            ```yaml set
            NAME: "k-$N"
            ```

            ```redis
            > SET $NAME 5
            OK
            > INCR $NAME
            (integer) 6  (as $value)
            > ECHO $value
            "6"
            ```

            ```redis repeat=3 as=i
            > RPUSH list item-$i
            (integer) $i
            ```

            ```redis each=who:ann,bob
            > SADD people $who
            (integer) 1
            ```

            ```check
            key("list").len == $N
            key("people").len == 2
            $value == 6
            ```

            """)
        #expect(Texts.report(played) == "")
    }

    @Test func conditionsAndJumps() throws {
        let (played, events) = try Texts.play(
            """
            ## One

            ```redis
            > INCR n
            ```

            <!-- when: key("n").value < 3 -->
            <!-- goto: one -->
            <!-- endwhen -->

            <!-- when: key("n").value == 3 -->
            Three it is.
            <!-- endwhen -->

            <!-- goto: end -->

            ```redis
            > SET never 1
            ```

            ## End

            ```check
            key("n").value == 3 and not key("never").exists
            ```

            """)
        #expect(Texts.report(played) == "")
        #expect(events.contains { $0.line().contains("Three it is.") })
    }

    @Test func aLoopWithoutEndIsEnded() throws {
        let (played, _) = try Texts.play(
            "## One\n\n<!-- when: 1 == 1 -->\n<!-- goto: one -->\n<!-- endwhen -->\n")
        #expect(Texts.report(played).contains("ten times already"))
    }

    @Test func blocksForOtherBackendsAreSkippedWithAReason() throws {
        let (played, events) = try Texts.play(
            "```redis only=redis\n> SET a 1\nNO\n```\n\n```check\nnot key(\"a\").exists\n```\n")
        #expect(Texts.report(played) == "")
        #expect(events.contains { $0.kind == .skip && $0.line().contains("only redis") })
    }

    @Test func pipelinesCountRoundTrips() throws {
        let (played, _) = try Texts.play(
            "## One\n\n```redis pipeline=2\n> SET a 1\nOK\n> INCR a\n(integer) 2\n> GET a\n\"2\"\n"
                + "> DEL a\n(integer) 1\n> GET a\n(nil)\n```\n\n"
                + "```check\nnet.round_trips == 3\n```\n"
        )
        #expect(Texts.report(played) == "")
    }

    @Test func loadsAreExactAndBackgroundLoadsEndWithTheirStep() throws {
        let (played, _) = try Texts.play(
            Texts.shop() + "## One\n\n" + load + """
                ```check
                app.requests == 500
                db.queries == 500
                ```

                ## Two

                ```console
                wb> load start back client=app rate=10rps path=/product/{1..100} for=100s
                load back runs
                wb> clock advance 5s
                OK
                ```

                ```check
                app.requests in 49..51
                ```

                ## Three

                ```console
                wb> clock advance 5s
                ```

                ```check
                app.requests <= 2
                ```

                ```yaml load #on for=10s background
                client: app
                rate: 10rps
                ```

                ## Four

                ```console
                wb> clock advance 4s
                ```

                ```check
                app.requests in 39..41
                ```

                """)
        #expect(Texts.report(played) == "")
    }

    @Test func conditionsInTime() throws {
        let (played, _) = try Texts.play(
            "```redis\n> SET a 1 PX 1500\nOK\n```\n\n```check\nkey(\"a\").exists for 1s\n"
                + "not key(\"a\").exists within 2s\n```\n")
        #expect(Texts.report(played) == "")
        #expect(played.stage.now < 2_000_000_000)
        let (late, _) = try Texts.play(
            "```redis\n> SET a 1 PX 1500\nOK\n```\n\n"
                + "```check\nnot key(\"a\").exists within 1s\n```\n"
        )
        #expect(late.failures.count == 1)
        #expect(late.stage.now < 1_100_000_000)
    }

    @Test func retriesWaitInVirtualTime() throws {
        let (played, _) = try Texts.play(
            "```redis retry=5s\n> SET a 1 PX 1500 NX\nOK\n> SET a 2 NX\nOK\n```\n")
        #expect(Texts.report(played) == "")
        #expect(played.stage.now > 1_400_000_000)
    }

    @Test func sessionsAndMessages() throws {
        let (played, _) = try Texts.play(
            """
            ```redis
            bob> SUBSCRIBE news
            1) "subscribe"
            2) "news"
            3) (integer) 1
            alice> PUBLISH news "hello there"
            (integer) 1
            bob< message news "hello there"
            bob< (nothing)
            cy> BLPOP queue 0
            (nothing)
            alice> RPUSH queue job
            (integer) 1
            cy< 1) "queue"
            2) "job"
            ```

            """)
        #expect(Texts.report(played) == "")
    }

    /// Whatever the seed, messages come to whom they belong, in their order.
    @Test func messagesHaveNoRaces() throws {
        let text = """
            ```console
            wb> link all rtt=1ms
            wb> link bob delay=7ms
            wb> link r loss=20%
            ```

            ```redis
            ann> SUBSCRIBE news sport
            ...
            bob> PSUBSCRIBE n*
            ...
            > PUBLISH news one
            (integer) 2
            > PUBLISH sport two
            (integer) 1
            > PUBLISH news three
            (integer) 2
            ann< message news one
            ann< message sport two
            ann< message news three
            bob< pmessage n* news one
            bob< pmessage n* news three
            bob< (nothing)
            ```

            """
        for seed in 1...200 {
            var options = PerformanceOptions()
            options.seed = UInt64(seed)
            let (played, _) = try Texts.play(text, options: options)
            #expect(Texts.report(played) == "", "seed \(seed)")
            if !played.failures.isEmpty { break }
        }
    }

    @Test func figuresAreTagged() throws {
        let (_, events) = try Texts.play(
            Texts.shop() + "## One\n\n" + load
                + "```check\napp.latency.mean > 90ms\ndb.queries > 1\n```\n")
        let lines = events.map { $0.line() }
        #expect(
            lines.contains {
                $0.contains("\"term\":\"app.latency.mean\"") && $0.contains("modelled")
            })
        #expect(
            lines.contains { $0.contains("\"term\":\"db.queries\"") && $0.contains("measured") })
        for line in lines where line.contains("\"term\"") { #expect(line.contains("\"origin\"")) }
    }

    @Test func aRunEndsWhenItsTimeIsOver() throws {
        let loaded = Texts.load("```console\nwb> clock advance 10h\n```\n")
        let performance = try Performance(loaded.scenario)
        var looks = 0
        performance.isOverdue = {
            looks += 1
            return looks > 50
        }
        performance.run()
        #expect(performance.isTimedOut)
    }

    @Test func figuresCanBeAskedForByHand() throws {
        let (played, _) = try Texts.play(
            """
            ```console
            r> SET user:1 x EX 60
            wb> figure key("user:1").ttl
            key("user:1").ttl = 60  [measured]
            wb> figure key("user:1").exists and cmd.calls("set") >= 2
            key("user:1").exists = true  [measured]
            cmd.calls("set") = 1  [measured]
            key("user:1").exists and cmd.calls("set") >= 2 = false
            wb> figure no.such
            (error) there is no figure 'no.such'
            wb> set LIFE 5s
            LIFE = 5s
            wb> clock advance $LIFE
            OK
            wb> clock now
            5 s
            ```

            """)
        #expect(Texts.report(played) == "")
    }

    @Test func factsAreQuoted() throws {
        let (_, events) = try Texts.play(
            "> **Fact.** Water is wet (quoted: F1). [Source](https://example.org/F1)\n\n"
                + "> A quote.\n")
        let lines = events.filter { $0.kind == .say }.map { $0.line() }
        #expect(lines[1].contains("\"form\":\"fact\"") && lines[1].contains("\"quoted\""))
        #expect(!lines[2].contains("\"quoted\""))
        let prose = Prose(
            kind: .fact, lines: ["> **Fact.** [a](facts.yaml#F6), [b](facts.yaml#F7)"])
        #expect(prose.facts == ["F6", "F7"])
    }

    // MARK: Faults

    /// Plays lines of the workbench in a shop with a cache, and looks at a statement.
    private func fault(_ lines: String, _ check: String) throws {
        let (played, _) = try Texts.play(
            Texts.shop("cache-aside") + "## One\n\n```redis\n> SET k 1\nOK\n```\n\n"
                + "```console\n\(lines)\n```\n\n```check\n\(check)\n```\n")
        #expect(Texts.report(played) == "", "\(lines)")
        #expect(played.stage.world.activeFaults.isEmpty, "\(lines)")
    }

    @Test func faultsDoWhatTheySayAndAreUndoneAtTheEnd() throws {
        try fault("wb> node kill primary", "not node(\"primary\").up")
        try fault(
            "wb> node kill primary for=2s\nwb> clock advance 3s",
            "node(\"primary\").up and not key(\"k\").exists")
        try fault(
            "wb> node kill\nwb> node restart", "node(\"primary\").up and not key(\"k\").exists")
        try fault("wb> node shutdown", "not node(\"primary\").up")
        try fault(
            "wb> node pause for=2s\nwb> clock advance 3s\napp> GET /product/1",
            "node(\"primary\").up and key(\"k\").exists")
        try fault("wb> db slow factor=5\napp> GET /product/1", "app.latency.max in 500ms..510ms")
        try fault(
            "wb> db slow factor=5 for=1s\nwb> clock advance 2s\napp> GET /product/1",
            "app.latency.max in 100ms..110ms")
        try fault(
            "wb> link app delay=20ms\napp> GET /product/1\napp> GET /product/1",
            "app.latency.p50 in 20ms..25ms")
        try fault("wb> link r rtt=5ms\nwb> clock advance 1s", "key(\"k\").exists")
        try fault("wb> cut app\nwb> heal\napp> GET /product/1", "app.errors == 0")
        try fault("wb> db change 7", "db.queries == 0")
        try fault("wb> node skew primary ahead=1h", "key(\"k\").exists")
    }

    /// A session whose time to live is counted by a clock that goes wrong.
    @Test func aClockThatGoesWrongEndsSessionsEarlyOrLate() throws {
        func ttl(_ line: String) throws -> String {
            let (played, events) = try Texts.play(
                "## One\n\n```redis\n> SET s 1 EX 60\n```\n\n```console\n\(line)\n```\n\n"
                    + "```redis\n> TTL s\n```\n")
            #expect(Texts.report(played) == "", "\(line)")
            #expect(played.stage.world.activeFaults.isEmpty)
            let reply = events.last { $0.kind == .reply }
            let lines = reply?.fields.first { $0.0 == "lines" }?.1.array
            return lines?.first?.string ?? ""
        }
        #expect(try ttl("wb> node skew ahead=5s") == "(integer) 55")
        #expect(try ttl("wb> node skew primary behind=5s") == "(integer) 65")
        #expect(try ttl("wb> node skew ahead=61s") == "(integer) -2")
        #expect(try ttl("wb> node skew ahead=5s\nwb> heal") == "(integer) 60")
        #expect(
            try ttl("wb> node skew ahead=5s for=10s\nwb> clock advance 10s") == "(integer) 50")
        // Undone at the end, so that what follows the lesson has the right time.
        let (played, _) = try Texts.play(
            "```redis\n> SET s 1 EX 60\n```\n\n```yaml fault\ndo: node skew ahead=5s\n```\n")
        #expect(played.stage.world.call(["TTL", "s"], session: "r") == .reply(.integer(60)))
    }

    /// What a clock that goes wrong needs to be told, and what has nothing yet to break.
    @Test(arguments: [
        ("node skew", "say how far the clock goes wrong: ahead=5s or behind=5s"),
        ("node skew ahead=5s behind=5s", "say how far the clock goes wrong"),
        ("node skew ahead=often", "'ahead' is a time, such as 300s, not 'often'"),
        ("node skew primary early=5s", "has no option 'early'"),
        ("node skew nobody ahead=5s", "nobody"),
        ("disk full primary", "a full disk comes with persistence"),
        ("node disk primary full", "a full disk comes with persistence"),
        ("partition primary replica1", "a partition between nodes comes with replication"),
        ("node partition primary for=5s", "a partition between nodes comes with replication"),
    ])
    func whatCannotBreakIsRefusedWithTheReason(line: String, reason: String) throws {
        let stage = try Texts.play("Nothing.\n").performance.stage
        var text = ""
        do {
            _ = try WorkbenchLine.run(line, on: stage)
        } catch {
            text = "\(error)"
        }
        #expect(text.contains(reason), "\(text)")
    }

    @Test func aBlockOfAFaultIsItsLine() throws {
        let (played, events) = try Texts.play(
            Texts.shop() + "## One\n\n```yaml fault for=1s\ndo: db slow factor=5\n```\n\n"
                + "```console\napp> GET /product/1\n200 OK product=1 source=db time=500ms\n```\n")
        #expect(Texts.report(played) == "")
        #expect(
            events.contains { $0.kind == .fault && $0.line().contains("db slow factor=5 for=1s") })
    }
}
