import Terminal
import Testing

struct LineEditorTests {
    @Test func typedTextIsPaintedKeyByKeyAndSubmitted() throws {
        let (outcome, recorder) = try edit("GET a\r")
        #expect(outcome == .submit("GET a"))
        #expect(recorder.views == ["|", "G|", "GE|", "GET|", "GET |", "GET a|"])
        #expect(recorder.painted.last?.phase == .submitted)
        #expect(recorder.painted.last?.text == "GET a")
    }

    @Test func anEmptyLineIsSubmittedAndIsNoEndOfFile() throws {
        #expect(try edit("\r").outcome == .submit(""))
        #expect(try edit("\n").outcome == .submit(""))
    }

    @Test(arguments: ["Grüße", "日本語", "é😀ß", "\u{AD}ÿ\u{A0}", "e\u{301}"])
    func everyLetterOfUnicodeCanBeTyped(text: String) throws {
        #expect(try submitted(text) == text)
    }

    @Test(arguments: [
        ("ab\u{1B}[Dx", "axb"), ("ab\u{1B}ODx", "axb"), ("ab\u{2}x", "axb"),
        ("ab\u{1B}[D\u{1B}[Cx", "abx"), ("ab\u{1B}[Hx", "xab"), ("ab\u{1}x", "xab"),
        ("ab\u{1B}[1~x\u{1B}[4~y", "xaby"), ("ab\u{1}\u{5}x", "abx"),
        ("ab\u{1}\u{1B}[3~", "b"), ("ab\u{1}\u{4}", "b"), ("ab\u{7F}", "a"), ("ab\u{8}", "a"),
        ("SET a:b:c\u{1B}[1;5Dx", "SET a:b:xc"), ("SET a:b\u{1B}[1;5D\u{1B}[1;5Dx", "SET xa:b"),
        ("SET a:b\u{1B}bx", "SET a:xb"), ("SET a:b\u{1}\u{1B}fx", "SETx a:b"),
        ("SET a:b\u{1}\u{1B}[1;5C\u{1B}[5Cx", "SET ax:b"), ("SET a:b\u{17}x", "SET x"),
        ("SET a:b\u{1B}\u{7F}x", "SET a:x"), ("SET a:b\u{1}\u{1B}dx", "x a:b"),
        ("SET a\u{15}x", "x"), ("SET a\u{2}\u{B}", "SET "), ("ab cd\u{17}\u{1}\u{19}", "cdab "),
        ("abc\u{1B}[D\u{1B}[D\u{B}\u{1}\u{19}", "bca"), ("ab\u{14}", "ba"),
        ("GET\u{1F}x", "x"), ("GET a\u{17}\u{1F}", "GET a"), ("a\u{16}\u{3}b", "a\u{3}b"),
        ("SET a:b c:d\u{1B}[1;4Dx", "SET a:b xc:d"),
        ("SET a:b\u{1}\u{1B}[1;6C\u{1B}Fx", "SET a:bx"), ("SET a:b\u{1B}Bx", "SET xa:b"),
        ("a\u{18}\u{5}b", "ab"), ("ab\u{18}\u{2}x", "abx"),
    ])
    func motionAndDeletion(keys: String, text: String) throws {
        #expect(try submitted(keys) == text)
    }

    @Test func theCursorMovesOverWholeCharacters() throws {
        #expect(try submitted("ae\u{301}\u{1B}[Dx") == "axe\u{301}")
        #expect(try submitted("a👩‍👩‍👧\u{7F}") == "a")
        #expect(try submitted("👩‍👩‍👧b\u{1}\u{4}") == "b")
        #expect(try submitted("🇩🇪🇫🇷\u{7F}") == "🇩🇪")
    }

    @Test(arguments: [
        "\u{1B}[15~", "\u{1B}[1;9Q", "\u{1B}[99;5u", "\u{1B}[I", "\u{1B}[?1;2c", "\u{1B}[2;2R",
        "\u{1B}OX", "\u{1B}[[A", "\u{1B}[M !!", "\u{1B}[<0;3;4M",
        "\u{1B}]11;rgb:0/0/0\u{7}", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[Z",
        "\u{1B}[2~", "\u{C2}\u{85}", "\u{0085}", "\u{1B}[1;2P", "\u{1B}[27;5;9~", "\u{1B}q",
        "\u{1B}[:::", "\u{1C}", "\u{7}",
    ])
    func sequencesWithoutMeaningInsertNothing(keys: String) throws {
        // "Â" is typed as such; only the control character that follows it is swallowed.
        let rest = keys == "\u{C2}\u{85}" ? "\u{C2}" : ""
        let end = keys.hasSuffix(":") ? "z" : ""
        #expect(try submitted("a" + keys + end + "b") == "a\(rest)b")
    }

    @Test func altDotInsertsTheLastWordOfOlderLines() throws {
        let lines = ["SET a 'x y'", "GET \"k\\\" 1\" ", "PING"]
        #expect(try submitted("SET b \u{1B}.", history: lines) == "SET b PING")
        #expect(try submitted("GET \u{1B}.\u{1B}.", history: lines) == "GET \"k\\\" 1\"")
        let far = String(repeating: "\u{1B}.", count: 5)
        #expect(try submitted("ECHO \(far)!", history: lines) == "ECHO 'x y'!")
        #expect(try submitted("ECHO \u{1B}.z\u{1B}.", history: lines) == "ECHO PINGzPING")
        #expect(try submitted("ECHO \u{1B}.\u{1F}", history: lines) == "ECHO ")
        let memory = LineHistory(isSecret: { $0.hasPrefix("AUTH") })
        for line in ["GET a", "AUTH tiger"] { memory.add(line) }
        let editor = try LineEditor(input: ScriptedInput("SET \u{1B}.\r"), history: memory)
        #expect(editor.readLine(for: Recorder()) == .submit("SET a"))
    }

    @Test(arguments: [(EditingMode.emacs, "\u{18}\u{5}"), (.vi, "\u{1B}|v")])
    func anotherProgramMayEditTheLine(mode: EditingMode, keys: String) throws {
        var events = Array("ab".utf8).map { InputEvent.byte($0) }
        for byte in keys.utf8 { events.append(byte == 0x7C ? .timeout : .byte(byte)) }
        let editor = try LineEditor(
            input: ScriptedInput(events + [.byte(13)]), history: LineHistory(), mode: mode)
        let recorder = Recorder()
        recorder.outside = { $0 == "ab" ? "two\nrows" : nil }
        #expect(editor.readLine(for: recorder) == .submit("two\nrows"))
    }

    @Test func controlCGivesTheLineUp() throws {
        #expect(try edit("GET\u{3}").outcome == .cancel("GET"))
        #expect(try edit("\u{3}").outcome == .cancel(""))
    }

    @Test func controlDEndsAnEmptyLineOnly() throws {
        #expect(try edit("\u{4}").outcome == .endOfFile)
        #expect(try submitted("ab\u{4}") == "ab")
    }

    @Test func theEndOfInputIsAHangUp() throws {
        let (outcome, recorder) = try edit("GET")
        #expect(outcome == .hangUp)
        #expect(recorder.painted.last?.phase == .ended)
    }

    @Test func anEditorReadsManyLines() throws {
        let editor = try LineEditor(
            input: ScriptedInput("a\r\u{3}\rb\u{4}\r\u{4}"), history: LineHistory())
        let recorder = Recorder()
        let outcomes = (0..<6).map { _ in editor.readLine(for: recorder) }
        #expect(
            outcomes == [
                .submit("a"), .cancel(""), .submit(""), .submit("b"), .endOfFile, .hangUp,
            ])
    }

    @Test func aLineMayBeginWithText() throws {
        let (outcome, recorder) = try edit("c\r", from: "ab")
        #expect(outcome == .submit("abc"))
        #expect(recorder.views.first == "ab|")
    }

    @Test func anIncompleteTextGoesOnInTheNextRow() throws {
        let text = try submitted("SET a \"x\ry\"") { $0.completeness = { $0.hasSuffix("y\"") } }
        #expect(text == "SET a \"x\ny\"")
    }

    @Test func upAndDownMoveInsideATextOfSeveralRows() throws {
        #expect(try submitted("abc\u{1B}\rde\u{1B}[Ax") == "abxc\nde")
        #expect(try submitted("ab\u{1B}\rcde\u{1B}[Ax") == "abx\ncde")
        #expect(try submitted("ab\u{1B}\rcde\u{1B}[A\u{1B}[B!") == "ab\ncd!e")
        #expect(try submitted("ab\u{1B}\rcd\u{1}x") == "ab\nxcd")
        #expect(try submitted("ab\u{1B}\rcd\u{1}\u{7F}") == "abcd")
    }

    @Test func aPasteKeepsItsRowsAndRunsNothing() throws {
        let paste = "\u{1B}[200~SET a \"1\r\n2\"\rGET a\u{1B}[201~"
        #expect(try submitted("x" + paste + "y") == "xSET a \"1\n2\"\nGET ay")
        #expect(try submitted("\u{1B}[200~GET a\n\u{1B}[201~") == "GET a")
        #expect(try submitted("\u{1B}[200~\u{3}\u{1B}[A\0b\u{1B}[201~") == "\u{3}\u{1B}[Ab")
    }

    @Test func aMegabyteIsPastedAtOnce() throws {
        let line = String(repeating: "0123456789 abcdef\n", count: 1 << 16)
        let (outcome, recorder) = try edit("\u{1B}[200~\(line)\u{1B}[201~\r")
        #expect(outcome == .submit(String(line.dropLast())))
        #expect(recorder.painted.count == 3)
    }

    @Test func rightAndEndTakeASuggestion() throws {
        for key in ["\u{1B}[C", "\u{1B}[F", "\u{5}", "\u{6}"] {
            let text = try submitted("GE" + key) { $0.suggestions = ["GE": "T a"] }
            #expect(text == "GET a")
        }
        #expect(try submitted("GE\u{2}\u{1B}[C") { $0.suggestions = ["GE": "T"] } == "GE")
        #expect(try submitted("GE") { $0.suggestions = ["GE": "T"] } == "GE")
    }

    @Test func tabAsksTheDelegate() throws {
        let text = try submitted("ge\ta") {
            $0.onTab = { $0.replace(0..<2, with: "GET ") }
        }
        #expect(text == "GET a")
        #expect(try submitted("a\tb") == "ab")
    }

    @Test func theDelegateSeesEveryKeyFirst() throws {
        var seen: [Key] = []
        let (outcome, _) = try edit("a\u{1B}[A\u{1B}[11~b") {
            $0.onKey = { key, editor in
                seen.append(key)
                switch key {
                case .special(.up, []):
                    editor.setText("menu")
                    return .handled
                case .character("b"): return .finish(.submit("b:" + editor.text))
                default: return .pass
                }
            }
        }
        #expect(outcome == .submit("b:menu"))
        #expect(
            seen == [
                .character("a"), .special(.up, []), .special(.function(1), []), .character("b"),
            ])
    }

    @Test func suspendingAndClearingKeepTheLine() throws {
        var recorder: Recorder?
        #expect(try submitted("a\u{1A}b\u{C}c") { recorder = $0 } == "abc")
        #expect(recorder?.suspensions == 1)
        #expect(recorder?.clearings == 1)
    }

    @Test func eventsArePassedOnWhileALineIsEdited() throws {
        let event = Descriptor(7)
        let input = ScriptedInput([
            .byte(97), .ready(event), .signals(.windowChanged), .byte(98), .byte(13),
        ])
        let editor = try LineEditor(input: input, history: LineHistory())
        let recorder = Recorder()
        #expect(editor.readLine(for: recorder) == .submit("ab"))
        #expect(recorder.readied == [event])
        // Painted again after the event and after the change of the window.
        #expect(recorder.views == ["|", "a|", "a|", "a|", "ab|"])
    }

    @Test func anInterruptFromOutsideIsControlC() throws {
        let input = ScriptedInput([.byte(97), .signals(.interrupted)])
        let editor = try LineEditor(input: input, history: LineHistory())
        #expect(editor.readLine(for: Recorder()) == .cancel("a"))
    }

    @Test func escapeAloneIsMetaForTheNextKeyOnly() throws {
        func type(_ tail: [InputEvent]) throws -> LineOutcome {
            let input = ScriptedInput([.byte(97), .byte(98), .byte(0x1B), .timeout] + tail)
            let editor = try LineEditor(input: input, history: LineHistory())
            return editor.readLine(for: Recorder())
        }
        #expect(try type([.byte(98), .byte(120), .byte(13)]) == .submit("xab"))
        #expect(try type([.byte(3)]) == .cancel("ab"))
        #expect(try type([.byte(13)]) == .submit("ab"))
    }

    @Test func viModeHasItsCommands() throws {
        func type(_ before: String, _ commands: String) throws -> LineOutcome {
            let events: [InputEvent] =
                before.utf8.map { .byte($0) } + [.byte(0x1B), .timeout]
                + commands.utf8.map { .byte($0) }
            let editor = try LineEditor(
                input: ScriptedInput(events), history: LineHistory(), mode: .vi)
            return editor.readLine(for: Recorder())
        }
        #expect(try type("abc", "0x\r") == .submit("bc"))
        #expect(try type("GET a", "0cwSET\r") == .submit("SET a"))
        #expect(try type("abc", "xu\r") == .submit("abc"))
        #expect(try type("abc", "\u{1B}[D\u{1B}[Dx\r") == .submit("bc"))
        #expect(try type("abc", ":v\r") == .submit("abc"))
        #expect(try type("abc", "\u{3}") == .cancel("abc"))
    }

    @Test func aConfigurationFileLeavesOurKeysInPlace() throws {
        let editor = try LineEditor(
            input: ScriptedInput("ab\u{1B}[Dx\u{3}"), history: LineHistory(), readsEditrc: true)
        let recorder = Recorder()
        let outcome = editor.readLine(for: recorder)
        #expect(outcome == .cancel("axb"), "\(recorder.views) \(editor.mode)")
    }
}
