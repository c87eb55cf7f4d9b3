import Bytes
import Glibc
import Testing
import Wire

@testable import Playback

/// Sessions that become scenarios, and scenarios that are brought up to date.
@Suite struct RecordingTests {
    private func bytes(_ line: String) -> [[UInt8]] {
        line.split(separator: " ").map { Array($0.utf8) }
    }

    /// What lint and a test say of a text.
    private func test(_ text: String) -> ScenarioResult {
        let loaded = Texts.load([("Scenarios/recording.md", text)])
        return ScenarioRun().test(loaded, in: LintSurroundings())
    }

    @Test func aRecordingPassesItsTest() throws {
        let recording = ScenarioRecording(named: "My first session")
        recording.take(bytes("SET a 1 EX 100"), .simple("OK"))
        recording.take(bytes("TTL a"), .integer(97))
        recording.take(bytes("GET a"), .bulk("1"))
        recording.take(nil, .simple("OK"))
        recording.take(
            [Array("SET".utf8), Array("b".utf8), Array("two words".utf8)], .simple("OK"))
        recording.take(bytes("RPUSH l x y"), .integer(2))
        recording.take(bytes("LRANGE l 0 -1"), .array([.bulk("x"), .bulk("y")]))
        recording.take(
            bytes("GET l"),
            .error("WRONGTYPE Operation against a key holding the wrong kind of value"))
        recording.take(bytes("MEMORY USAGE a"), .integer(56))
        recording.take(bytes("OBJECT IDLETIME a"), .integer(12))
        recording.take(bytes("CLIENT ID"), .integer(4711))
        recording.take(bytes("SCAN 0"), .array([.bulk("17"), .array([.bulk("a")])]))
        recording.take(bytes("KEYS *"), .array([.bulk("l"), .bulk("b"), .bulk("a")]))
        recording.take(bytes("DBSIZE"), .integer(9))
        let text = recording.text()
        #expect(text.contains("id: my-first-session"))
        #expect(text.contains("(integer) 97  (in 0..157)"))
        #expect(text.contains("// a line with a secret was left out"))
        #expect(text.contains("> SET b \"two words\"\nOK\n"))
        #expect(text.contains("(error) WRONGTYPE"))
        // Somebody else's keys made this 9: nothing exact can be expected of it.
        #expect(text.contains("(integer) 9  (any)"))
        let result = test(text)
        #expect(result.verdict == .passed, "\(result.report)\n\(text)")
        #expect(result.counts.commands == 13)
    }

    // MARK: Messages

    private func message(_ parts: String...) -> RESPValue {
        .push(parts.map { .bulk(ByteString($0)) })
    }

    private func acknowledged(_ kind: String, _ name: String, _ count: Int64) -> RESPValue {
        .push([.bulk(ByteString(kind)), .bulk(ByteString(name)), .integer(count)])
    }

    /// The lines of the transcript.
    private func transcript(_ text: String) -> [String] {
        let lines = text.split(separator: "\n").map(String.init)
        guard let start = lines.firstIndex(of: "```redis") else { return [] }
        return Array(lines[(start + 1)...].dropLast())
    }

    /// At the prompt messages come while commands go on (RESP3). Those of own commands stand below
    /// them; those of others are published by a session of the scenario.
    @Test func messagesAreExpectedWhereTheyCame() throws {
        let recording = ScenarioRecording(named: "radio")
        recording.send(bytes("HELLO 3"))
        recording.take(bytes("SUBSCRIBE news weather"), acknowledged("subscribe", "news", 1))
        recording.push(acknowledged("subscribe", "weather", 2))
        recording.take(bytes("PSUBSCRIBE ne*"), acknowledged("psubscribe", "ne*", 3))
        recording.take(bytes("PUBLISH news hello"), .integer(2))
        recording.push(message("message", "news", "hello"))
        recording.push(message("pmessage", "ne*", "news", "hello"))
        recording.push(message("message", "weather", "rain at night"))
        recording.push(message("message", "news", "hello"))
        recording.push(message("pmessage", "ne*", "news", "hello"))
        recording.take(bytes("SET a 1"), .simple("OK"))
        let text = recording.text()
        #expect(
            transcript(text) == [
                "> HELLO 3",
                "> SUBSCRIBE news weather",
                "1) \"subscribe\"", "2) \"news\"", "3) (integer) 1",
                "1) \"subscribe\"", "2) \"weather\"", "3) (integer) 2",
                "> PSUBSCRIBE ne*", "1) \"psubscribe\"", "2) \"ne*\"", "3) (integer) 3",
                "> PUBLISH news hello", "(integer) 2",
                "r< message news hello", "r< pmessage ne* news hello",
                "other> PUBLISH weather \"rain at night\"", "r< message weather \"rain at night\"",
                "other> PUBLISH news hello",
                "r< message news hello", "r< pmessage ne* news hello",
                "> SET a 1", "OK",
            ], "\(text)")
        let result = test(text)
        #expect(result.verdict == .passed, "\(result.report)\n\(text)")
        // The messages count: without one of those who publish, the test fails.
        let broken = text.replacing("other> PUBLISH weather \"rain at night\"\n", with: "")
        #expect(test(broken).verdict == .failed)
    }

    /// With RESP2 a subscription is a view of its own until Ctrl-C, which ends it.
    @Test func aViewOfMessagesIsRepeatedAndLeft() throws {
        let recording = ScenarioRecording(named: "view")
        let news: [RESPValue] = [.bulk("subscribe"), .bulk("news"), .integer(1)]
        recording.take(bytes("SUBSCRIBE news"), .array(news))
        recording.push(.array([.bulk("message"), .bulk("news"), .bulk("one")]))
        recording.push(.array([.bulk("message"), .bulk("news"), .bulk("two")]))
        recording.send(bytes("UNSUBSCRIBE"))
        recording.take(bytes("PUBLISH news three"), .integer(0))
        let text = recording.text()
        #expect(
            transcript(text).suffix(8) == [
                "3) (integer) 1", "other> PUBLISH news one", "r< message news one",
                "other> PUBLISH news two", "r< message news two", "> UNSUBSCRIBE",
                "> PUBLISH news three", "(integer) 0",
            ], "\(text)")
        let result = test(text)
        #expect(result.verdict == .passed, "\(result.report)\n\(text)")
        #expect(result.counts.commands == 5)
    }

    /// What the own commands bring is expected; what cannot come again is told.
    @Test func whatTheEngineItselfTellsIsExpectedAndTheRestIsARemark() throws {
        let recording = ScenarioRecording(named: "events")
        recording.send(bytes("HELLO 3"))
        recording.take(bytes("CONFIG SET notify-keyspace-events KEA"), .simple("OK"))
        recording.take(
            bytes("SUBSCRIBE __keyspace@0__:a"), acknowledged("subscribe", "__keyspace@0__:a", 1))
        recording.take(bytes("SET a 1"), .simple("OK"))
        recording.push(message("message", "__keyspace@0__:a", "set"))
        recording.take(bytes("CLIENT TRACKING ON"), .simple("OK"))
        recording.take(bytes("GET b"), .null(.plain))
        recording.push(.push([.bulk("invalidate"), .array([.bulk("b")])]))
        recording.take(bytes("MONITOR"), .simple("OK"))
        recording.push(.simple("1700000000.1 [0 127.0.0.1:1] \"GET\" \"a\""))
        recording.take(bytes("DEL a"), .integer(1))
        recording.push(message("message", "__keyspace@0__:a", "del"))
        let text = recording.text()
        let lines = transcript(text)
        #expect(lines.contains("// came by itself: invalidate [b]"), "\(text)")
        #expect(lines.contains("// here MONITOR showed what others did"))
        #expect(lines.contains("r< message __keyspace@0__:a set"))
        #expect(lines.contains("r< message __keyspace@0__:a del"))
        #expect(!lines.contains { $0.hasPrefix("other>") })
        let result = test(text)
        #expect(result.verdict == .passed, "\(result.report)\n\(text)")
    }

    @Test(arguments: [
        ("My first session", "my-first-session"), ("01-radio", "radio"), ("7", "recording"),
        ("2nd try", "recording-2nd-try"), ("\"", "recording"), ("", "recording"),
        ("\u{FC}bung", "bung"),
    ])
    func everyNameMakesAScenario(name: String, id: String) {
        #expect(ScenarioRecording.id(name) == id)
        let recording = ScenarioRecording(named: name)
        recording.take(bytes("PING"), .simple("PONG"))
        let text = recording.text()
        #expect(test(text).verdict == .passed, "\(test(text).report)")
    }

    @Test func linesThatLookLikePromptsAreMarked() {
        #expect(Volatile.escaped("bob> GET a") == "\\bob> GET a")
        #expect(Volatile.escaped("...") == "\\...")
        #expect(Volatile.escaped("1) \"a\"") == "1) \"a\"")
    }

    @Test func anUpdateChangesExpectedLinesAlone() throws {
        let text =
            Texts.front + """
                Some  prose,   as it stands.

                ```redis
                > SET a 1
                NO
                > INCR a
                (integer) 7
                > GET a
                "2"
                > LPUSH l x
                // nothing was expected before
                > LRANGE l 0 -1
                1) "y"
                2) "z"
                ```

                ```check
                cmd.calls("incr") == 1
                ```

                """
        let home = "/tmp/larder-update-\(getpid()).md"
        defer { unlink(home) }
        #expect(TextFile.replace(home, with: text))
        let update = try ScenarioUpdate(home)
        #expect(update.changes.map(\.command) == ["SET a 1", "INCR a", "LRANGE l 0 -1"])
        let changed = update.text { $0.command != "INCR a" }
        let wanted = text.replacing("\nNO\n", with: "\nOK\n")
            .replacing("1) \"y\"\n2) \"z\"\n", with: "1) \"x\"\n")
        #expect(changed == wanted)
        #expect(update.text { _ in false } == text)
    }
}
