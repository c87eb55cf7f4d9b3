import Terminal
import Testing

@testable import Playback

/// Questions and exercises before a person.
@Suite struct LearnerTests {
    private static let quizzes = """
        ## One

        ```quiz #single
        What is it?
        ( ) a fish -- fish swim
        (x) a bird
        ( ) a stone
        => It flies.
        ```

        ```quiz #many
        Which are even?
        [x] two
        [ ] three
        [x] four
        => Halve them.
        ```

        ```quiz #number
        How much is it?
        = 90.5 ± 0.5
        => So it is.
        ```

        ```quiz #word
        Who answers?
        ~ /^(the )?cache$/
        => The cache.
        ```
        """

    @Test func questionsOfEveryKind() throws {
        let player = try Lessons.player(Self.quizzes)
        #expect(player.shown().contains("1  a fish"))
        // An Enter too many is no answer.
        player.press(.enter)
        #expect(player.belowAnswer.contains("Choose from 1 to"))
        player.press(.character("1"))
        #expect(player.shown().contains("a fish: fish swim"))
        player.press(.character("2"))
        var shown = player.shown()
        #expect(shown.contains("✓ a bird") && shown.contains("It flies."))
        player.press(.enter)
        player.press(.character("1"))
        player.press(.character("3"))
        #expect(player.bottom.contains("1 3"))
        player.press(.enter)
        shown = player.shown()
        #expect(shown.contains("✓ two; four") && shown.contains("Halve them."))
        player.press(.enter)
        player.type("many")
        #expect(player.belowAnswer.contains("A number is asked for"))
        player.type("90,9")
        #expect(player.shown().contains("So it is."))
        player.press(.enter)
        player.type("the cache")
        shown = player.shown()
        #expect(shown.contains("✓ the cache") && shown.contains("4 of 4 questions right"))
        let record = player.record.quizzes
        #expect(record["single"]?.tries == 2 && record["single"]?.isFirst == false)
        #expect(record["single"]?.isCorrect == true && record["many"]?.isFirst == true)
        #expect(record["number"]?.isFirst == true && record["word"]?.isFirst == true)
        #expect(player.record.medal == .silver)
        player.finish()
        #expect(player.isOver && !player.isLeft)
    }

    /// Whatever is pressed that is no answer, the person is told what is one, in one row.
    @Test func whatIsNoAnswerIsToldOnce() throws {
        let player = try Lessons.player(Self.quizzes)
        _ = player.shown()
        let keys: [Key] = [
            .enter, .enter, .character("9"), .character("x"), .escape, .character("0"), .enter,
        ]
        for key in keys {
            player.press(key)
            #expect(player.shown() == "", "\(key)")
            #expect(player.belowAnswer.contains("Choose from 1 to"), "\(key)")
        }
        player.press(.special(.down, []))
        #expect(player.belowAnswer == "" && player.bottom.hasSuffix(" 1"))
    }

    /// What is compared with a pattern is told by its explanation: nobody reads a pattern.
    @Test func theAnswerOfAPatternIsItsExplanation() throws {
        let player = try Lessons.player(
            """
            ## One

            ```quiz #licence
            Which licence?
            ~ /(rsal|sspl)/
            => RSALv2 or SSPLv1, as you choose.
            ```
            """)
        player.type("bsd")
        player.type("s")
        #expect(!player.shown().contains("✗ bsd\n  ▸"))
        player.press(.character("p"))
        player.press(.enter)
        player.type("bsd")
        player.type("mit")
        let shown = player.shown()
        #expect(shown.contains("The answer: RSALv2 or SSPLv1, as you choose."), "\(shown)")
        #expect(!shown.contains("rsalsspl"))
        player.press(.character("p"))
        player.press(.enter)
        player.type("RSALv2")
        let again = player.shown()
        #expect(again.contains("✓ RSALv2"), "\(again) \(player.bottom)")
    }

    /// Who wants to get out and types what people type then gets out.
    @Test(arguments: ["q", "quit", "EXIT", ":quit", ":q", ":exit"])
    func wordsOfFarewellLeave(word: String) throws {
        let player = try Lessons.player(Self.exercise)
        player.type(word)
        #expect(player.isOver && player.isLeft && player.record.resume == "one")
        let world = try Lessons.player(Self.exercise)
        world.takeOver()
        world.type(word)
        if word == "quit" || word == "EXIT" {
            #expect(!world.isOver && world.shown().contains("The lesson goes on."))
        } else {
            #expect(world.isOver)
        }
    }

    /// The row at the foot says what the keys do now.
    @Test func theStatusRowSaysWhatTheKeysDo() throws {
        let player = try Lessons.player(Self.exercise)
        func keys() -> String { player.frame().below.last?.plain ?? "" }
        #expect(keys().contains("h Enter: hint  s Enter: solution  ? keys"))
        player.press(.escape)
        #expect(player.bottom.contains("h hint  s solution"))
        #expect(keys().contains("Enter types  ? keys  q quit") && !keys().contains("hint"))
        player.press(.character("h"))
        #expect(keys().contains("h Enter: hint"))
    }

    @Test func theAnswerIsToldAfterTwoTries() throws {
        let player = try Lessons.player(Self.quizzes)
        player.press(.character("1"))
        player.press(.character("3"))
        #expect(player.shown().contains("The answer: a bird"))
        #expect(player.record.quizzes["single"]?.isCorrect == false)
    }

    @Test func aPredictionIsToldAfterWhatItIsAbout() throws {
        let text = """
            ## One

            ```quiz #guess before
            What does INCR answer?
            (x) 1
            ( ) 0
            => It counts from 0.
            ```

            ```redis
            > INCR n
            (integer) 1
            ```

            ```check
            cmd.calls("incr") == 1
            ```
            """
        let player = try Lessons.player(text)
        player.press(.character("2"))
        let before = player.shown()
        #expect(before.contains("Your prediction: 0") && !before.contains("It counts from 0."))
        player.press(.enter)
        player.press(.enter)
        let after = player.shown()
        #expect(after.contains("✗ 0") && after.contains("The answer: 1"))
        let check = try #require(after.firstRange(of: "✓ cmd.calls"))
        let answer = try #require(after.firstRange(of: "It counts from 0."))
        #expect(check.lowerBound < answer.lowerBound)
    }

    private static let exercise = """
        ## One

        ```yaml exercise #three
        goal: Make a list of three.
        check:
          - key("l").len == 3
        technique:
          - cmd.calls("rpush") >= 1
        hints:
          - "A list is made by its first element."
          - "RPUSH adds at the end."
        solution: |
          > RPUSH l a b c
        on_skip: solve
        ```

        <!-- when: exercise("three").skipped -->
        It was done for you.
        <!-- endwhen -->
        """

    @Test func anExerciseIsDoneByTheLearner() throws {
        let player = try Lessons.player(Self.exercise)
        #expect(player.shown().contains("key(\"l\").len == 3"))
        player.type("h")
        var shown = player.shown()
        #expect(shown.contains("hint 1/2") && !shown.contains("RPUSH adds"))
        player.type("h")
        player.type("h")
        shown = player.shown()
        #expect(shown.contains("hint 2/2") && shown.contains("all the hints"))
        player.type("LPUSH l a b c")
        #expect(player.shown().contains("not in the way asked for"))
        player.type("DEL l")
        player.type("rpush l a b c")
        shown = player.shown()
        #expect(shown.contains("✓ key(\"l\").len == 3") && shown.contains("Done."))
        let record = player.record.exercises["three"]
        #expect(record?.isPassed == true && record?.isUnaided == false)
        player.finish()
        #expect(!player.shown().contains("It was done for you."))
        #expect(player.record.medal == .silver)
    }

    @Test func askingWhetherItIsDoneTellsEachTerm() throws {
        let player = try Lessons.player(Self.exercise)
        player.type("RPUSH l a")
        _ = player.shown()
        player.type("go")
        let shown = player.shown()
        #expect(shown.contains("✗ key(\"l\").len == 3") && shown.contains("Not yet."))
        #expect(shown.contains("✓ cmd.calls(\"rpush\") >= 1"))
    }

    @Test func aSkipPlaysTheSolutionInTheWorldAsItWas() throws {
        let player = try Lessons.player(Self.exercise)
        player.type("SET l no-list")
        player.type("s")
        player.finish()
        let shown = player.shown()
        #expect(shown.contains("r> RPUSH l a b c\n  (integer) 3"))
        #expect(shown.contains("It was done for you."))
        let record = player.record.exercises["three"]
        #expect(record?.isPassed == false && record?.isSkipped == true)
        #expect(player.record.medal == .bronze)
    }

    @Test func goRunsTheLoadAndAFailedTryBeginsAgain() throws {
        let text =
            Texts.shop("cache-aside") + """
                ## One

                ```yaml load #rush for=20s
                client: app
                rate: 50rps
                keys: { path: "/product/{1..100}", dist: uniform }
                ```

                ```yaml exercise #warm
                goal: No misses.
                sessions: [r, wb, app]
                start: { run: load rush, for: 10s, on: go, reset: [cache] }
                check:
                  - cache.hit_ratio(last 10s) > 99%
                hints: ["Warm it."]
                solution: |
                  wb> app warm /product/{1..100} ttl=300s
                  wb> go
                ```
                """
        let player = try Lessons.player(text)
        player.press(.enter)
        player.press(.enter)
        _ = player.shown()
        player.type("go")
        player.tick(1000)
        #expect(player.frame().below.contains { $0.plain.contains("… cache.hit_ratio") })
        player.press(.enter)
        #expect(player.shown().contains("Not yet."))
        player.type("app warm /product/{1..100} ttl=300s")
        #expect(player.shown().contains("wb> app warm"))
        player.type("go")
        player.press(.enter)
        #expect(player.shown().contains("Done."))
        #expect(player.record.exercises["warm"]?.tries == 2)
    }
}

/// Players for tests.
enum Lessons {
    static func player(_ text: String, options: PlayerOptions = PlayerOptions()) throws -> Player {
        let loaded =
            text.hasPrefix("---")
            ? Texts.load([("Scenarios/test.md", text)]) : Texts.load(text)
        let errors = loaded.complaints.filter { $0.code.severity == .error }
        #expect(errors.map(\.report).joined() == "")
        let player = try Player(loaded.scenario, options: options)
        // Over the title, where a lesson stops before its first step.
        if options.mode != .demo, options.from == nil { player.press(.enter) }
        return player
    }
}

extension Player {
    /// What is new, as plain text.
    func shown() -> String { takeLines().map { $0.plain + "\n" }.joined() }

    /// The row that is drawn anew, without blanks at its end.
    var bottom: String {
        let frame = frame()
        let row = frame.prompt.plain + frame.body.plain
        return String(row.filter { $0 != "\n" }.reversed().drop { $0 == " " }.reversed())
    }

    /// What is said below the row of an answer.
    var belowAnswer: String {
        String(frame().below.first?.plain.drop { $0 == " " } ?? "")
    }

    /// Types a line and Enter.
    func type(_ text: String) {
        for scalar in text.unicodeScalars { press(.character(scalar)) }
        press(.enter)
    }

    /// Presses Enter until the lesson is over.
    func finish() {
        for _ in 0..<200 where !isOver { press(.enter) }
    }
}
