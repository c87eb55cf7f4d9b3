import Simulation
import Testing

@testable import Playback

/// Exercises and quizzes are proven by the run, and going back changes nothing.
@Suite struct ProofTests {
    private func exercise(
        check: String = "key(\"a\").value == 5", solution: String = "> SET a 5\n  OK",
        technique: String = ""
    ) -> String {
        """
        ## One

        ```redis
        > SET a 1
        OK
        ```

        ```yaml exercise #five
        goal: Make a five.
        hints: ["SET."]
        check: ['\(check)']
        technique: [\(technique)]
        solution: |
          \(solution)
        ```

        ```check
        key("a").exists
        ```

        """
    }

    @Test func aSolutionIsPlayedAndProven() throws {
        let (played, events) = try Texts.play(exercise())
        #expect(Texts.report(played) == "")
        #expect(played.counts.exercises == 1)
        let kinds = events.map(\.kind).filter { "\($0)".hasPrefix("exercise") }
        #expect(kinds == [.exerciseBegin, .exerciseUnsolved, .exercisePass])
    }

    @Test func aCheckThatHoldsBeforeProvesNothing() throws {
        let (played, _) = try Texts.play(exercise(check: "key(\"a\").exists"))
        #expect(Texts.report(played).contains("exercise #five is done before anybody"))
    }

    @Test func aSolutionThatDoesNotSolveFailsWithItsTerms() throws {
        let (played, _) = try Texts.play(exercise(solution: "> SET a 4\n  OK"))
        let report = Texts.report(played)
        #expect(report.contains("exercise #five is not done by its solution"))
        #expect(report.contains("fails: key(\"a\").value == 5"))
        #expect(report.contains("key(\"a\").value = \"4\"  [measured]"))
    }

    @Test func theTechniqueIsEnforced() throws {
        let wrong = exercise(technique: "'cmd.calls(\"incrby\") >= 1'")
        #expect(try Texts.play(wrong).performance.failures.count == 1)
        let right = exercise(
            solution: "> INCRBY a 4\n  (integer) 5", technique: "'cmd.calls(\"incrby\") >= 1'")
        #expect(Texts.report(try Texts.play(right).performance) == "")
    }

    /// What proving does before it goes back leaves no trace.
    @Test func provingLeavesTheWorldAsItWas() throws {
        let (played, _) = try Texts.play(
            Texts.shop() + """
                ## One

                ```yaml load #rush for=10s
                client: app
                rate: 50rps
                keys: { path: "/product/{1..100}", dist: uniform }
                ```

                ## Two

                ```yaml exercise #fast
                goal: Make it fast.
                hints: ["A cache."]
                start: { run: load rush, for: 5s, on: go, reset: [cache, app] }
                check: ["app.latency.mean(last 5s) < 20ms"]
                solution: |
                  wb> app strategy cache-aside ttl=60s
                  strategy: cache-aside, ttl 60s
                  wb> app warm /product/{1..100}
                  warmed 100 keys
                  wb> go
                  rush: 250 requests in 5 s
                ```

                ```check
                db.queries(run) == 500
                app.requests(run) == 750
                clock.now < 16s
                ```

                """)
        #expect(Texts.report(played) == "")
    }

    @Test func goWithoutAnExerciseIsRefused() throws {
        let (played, _) = try Texts.play("```console\nwb> go\n```\n")
        #expect(Texts.report(played).contains("there is no exercise with something to begin"))
    }

    // MARK: Quizzes

    private func quiz(_ body: String) throws -> Performance {
        try Texts.play(
            "```redis\n> SET a 1\n> GET a\n> GET a\n```\n\n```quiz #q\n\(body)\n```\n"
        ).performance
    }

    @Test func keysAreHeldAgainstTheRun() throws {
        let right = """
            How many GETs?
            ( ) one
            ? cmd.calls("get") == 1
            (x) two
            ? cmd.calls("get") == 2
            => Two were typed.
            """
        #expect(Texts.report(try quiz(right)) == "")
        // The same question with the key at the wrong option.
        let wrong = right.replacing("( ) one", with: "(x) one").replacing(
            "(x) two", with: "( ) two")
        let played = try quiz(wrong)
        // Neither option is what the run says of it.
        #expect(played.failures.map(\.kind) == [.quiz, .quiz])
        #expect(Texts.report(played).contains("the key is 'one'"))
    }

    @Test func numbersAreHeldAgainstTheRun() throws {
        let number = "How many?\n= 2\n=> Two.\n? cmd.calls(\"get\")"
        #expect(Texts.report(try quiz(number)) == "")
        #expect(try quiz(number.replacing("= 2", with: "= 3")).failures.count == 1)
        #expect(try quiz(number.replacing("= 2", with: "= 3 ± 1")).failures.isEmpty)
        let statement = "How many?\n= 2\n=> Two.\n? cmd.calls(\"get\") == $answer"
        #expect(try quiz(statement).failures.isEmpty)
        #expect(try quiz(statement.replacing("= 2", with: "= 5")).failures.count == 1)
    }

    @Test func textsAreHeldAgainstTheRun() throws {
        let text = "Which type?\n~ /^str/\n=> A string.\n? key(\"a\").type"
        // A text is no truth, so lint wants a comparison.
        let stated = text.replacing("? key(\"a\").type", with: "? key(\"a\").type == \"string\"")
        #expect(Texts.report(try quiz(stated)) == "")
    }

    @Test func aQuestionBeforeIsAnsweredAfterTheBlock() throws {
        let (played, events) = try Texts.play(
            "```quiz #q before\nIs it there?\n(x) yes\n( ) no\n=> Yes.\n"
                + "? key(\"a\").exists\n```\n\nProse between.\n\n```redis\n> SET a 1\nOK\n```\n")
        #expect(Texts.report(played) == "")
        let kinds = events.map(\.kind)
        let asked = try #require(kinds.firstIndex(of: .quizAsk))
        let typed = try #require(kinds.firstIndex(of: .type))
        let told = try #require(kinds.firstIndex(of: .quizAnswer))
        #expect(asked < typed && typed < told)
    }

    // MARK: Going back

    /// Going back to a step and forward again gives the same world, digit for digit.
    @Test func backAndForwardIsTheSameWorld() throws {
        let text =
            Texts.shop("cache-aside") + """
                ## One

                ```yaml load #rush for=20s
                client: app
                rate: 50rps
                keys: { path: "/product/{1..100}", dist: zipf, s: 1.1 }
                writes: 1rps
                ```

                ## Two

                ```redis
                bob> SUBSCRIBE news
                ...
                > PUBLISH news hello
                (integer) 1
                > SET k 1 PX 5000
                OK
                ```

                ```yaml fault for=3s
                do: db slow factor=3
                ```

                ```console
                wb> link r rtt=1ms
                wb> load start more client=app rate=10rps path=/product/{1..100} for=60s background
                wb> clock advance 10s
                ```

                ## Three

                ```redis
                > GET k
                (nil)
                ```

                """
        let loaded = Texts.load([("Scenarios/test.md", text)])
        let performance = try Performance(loaded.scenario)
        var marks: [(mark: Int, digest: String)] = []
        performance.begin()
        while let beat = performance.beat {
            if case .heading(let heading) = beat.kind, heading.level == 2 {
                marks.append((performance.stage.mark, performance.stage.world.digest()))
            }
            performance.perform()
        }
        #expect(Texts.report(performance) == "")
        marks.append((performance.stage.mark, performance.stage.world.digest()))
        #expect(marks.count == 4)
        let end = performance.stage.mark
        for (mark, digest) in marks.reversed() {
            try performance.stage.rewind(to: mark)
            #expect(performance.stage.world.digest() == digest, "mark \(mark) of \(end)")
        }
    }

    @Test func theSameSeedTellsTheSame() throws {
        let text =
            Texts.shop() + "## One\n\n```yaml load #rush for=5s\nclient: app\nrate: 50rps\n"
            + "keys: { path: \"/product/{1..100}\", dist: zipf, s: 1.1 }\n```\n\n"
            + "```console\napp> GET /product/7\n```\n"
        func lines(_ seed: UInt64) throws -> [String] {
            var options = PerformanceOptions()
            options.seed = seed
            return try Texts.play(text, options: options).events.map { $0.line() }
        }
        #expect(try lines(3) == lines(3))
        #expect(try lines(3) != lines(4))
    }
}
