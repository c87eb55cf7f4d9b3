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
