import Terminal
import Testing

/// A painter on a fake screen.
private final class Stage {
    var screen: FakeScreen
    var size: TerminalSize
    var writes: [String] = []
    private(set) var painter = RowPainter(isColored: false, size: { .classic }, write: { _ in })

    init(rows: Int = 8, columns: Int = 20, isColored: Bool = false) {
        screen = FakeScreen(rows: rows, columns: columns)
        size = TerminalSize(rows: rows, columns: columns)
        painter = RowPainter(
            isColored: isColored, size: { [unowned self] in size },
            write: { [unowned self] in
                writes.append($0)
                screen.write($0)
            })
    }

    func paint(_ body: String, cursor: Int? = nil, ghost: Text = "", below: [Text] = []) {
        painter.paint(frame(body, cursor: cursor, ghost: ghost, below: below))
    }

    func frame(
        _ body: String, cursor: Int? = nil, ghost: Text = "", below: [Text] = []
    ) -> LineFrame {
        LineFrame(
            prompt: "> ", continuation: ". ", body: Text(body),
            cursor: cursor ?? body.unicodeScalars.count, ghost: ghost, below: below)
    }

    var cursor: [Int] { [screen.row, screen.column] }
}

struct RowPainterTests {
    @Test func oneFrameIsOneWriteOfKnownBytes() {
        let stage = Stage()
        stage.paint("GET")
        stage.paint("GET a", cursor: 3)
        #expect(
            stage.writes == [
                "\u{1B}[?2026h\r> GET\u{1B}[J\r\u{1B}[5C\u{1B}[?2026l",
                "\u{1B}[?2026h\r> GET a\u{1B}[J\r\u{1B}[5C\u{1B}[?2026l",
            ])
    }

    @Test func stylesAreWrittenOnlyInColour() {
        let body = Text(runs: [.init("GET", Style(.blue, bold: true)), .init(" a", .plain)])
        let frame = LineFrame(prompt: "> ", body: body, cursor: 5, ghost: Text("b", .faint))
        let colored = Stage(isColored: true)
        colored.painter.paint(frame)
        #expect(
            colored.writes == [
                "\u{1B}[?2026h\r> \u{1B}[0;1;34mGET\u{1B}[0m a\u{1B}[0;2mb\u{1B}[0m\u{1B}[J"
                    + "\r\u{1B}[7C\u{1B}[?2026l"
            ])
        let plain = Stage()
        plain.painter.paint(frame)
        #expect(plain.writes == ["\u{1B}[?2026h\r> GET ab\u{1B}[J\r\u{1B}[7C\u{1B}[?2026l"])
    }

    @Test func longTextGoesOverSeveralRows() {
        let stage = Stage(columns: 10)
        stage.paint("0123456789abc")
        #expect(stage.screen.lines == ["> 01234567", "89abc"])
        #expect(stage.cursor == [1, 5])
        stage.paint("0123456789abc", cursor: 3)
        #expect(stage.cursor == [0, 5])
        stage.paint("0123")
        #expect(stage.screen.lines == ["> 0123"])
        #expect(stage.cursor == [0, 6])
    }

    @Test func theCursorBehindAFullRowStandsInTheNext() {
        let stage = Stage(columns: 10)
        for count in 6...10 {
            stage.paint(String("0123456789".prefix(count)))
            #expect(stage.cursor == [(count + 2) / 10, (count + 2) % 10])
        }
        #expect(stage.screen.lines == ["> 01234567", "89"])
        stage.paint("01234567", cursor: 2)
        #expect(stage.screen.lines == ["> 01234567"])
        #expect(stage.cursor == [0, 4])
        stage.paint("0123456789", cursor: 8)
        #expect(stage.cursor == [1, 0])
    }

    @Test func aFullLastRowLosesNoColumn() {
        let stage = Stage(columns: 10)
        stage.paint("0123456789abcdefgh\nx", cursor: 1)
        stage.paint("0123456789abcdefgh", cursor: 1)
        #expect(stage.screen.lines == ["> 01234567", "89abcdefgh"])
        #expect(stage.cursor == [0, 3])
    }

    @Test func rowsOfTheTextHaveTheContinuation() {
        let stage = Stage()
        stage.paint("SET a \"x\ny\"", cursor: 9)
        #expect(stage.screen.lines == ["> SET a \"x", ". y\""])
        #expect(stage.cursor == [1, 2])
        stage.paint("SET a \"x\ny\"", cursor: 8)
        #expect(stage.cursor == [0, 10])
        stage.paint("a\n\n")
        #expect(stage.screen.lines == ["> a", ".", "."])
        #expect(stage.cursor == [2, 2])
    }

    @Test func wideCharactersAreNotCutInTwo() {
        let stage = Stage(columns: 7)
        stage.paint("日本語")
        #expect(stage.screen.lines == ["> 日本", "語"])
        #expect(stage.cursor == [1, 2])
        stage.paint("日本語", cursor: 2)
        #expect(stage.cursor == [1, 0])
    }

    @Test func combiningMarksTakeNoColumn() {
        let stage = Stage()
        stage.paint("e\u{301}x")
        #expect(stage.cursor == [0, 4])
    }

    @Test func controlCharactersAreShownAndNotSent() {
        let stage = Stage()
        stage.paint("a\u{1B}[2J\u{7}\tb\u{9B}")
        #expect(stage.screen.lines == ["> a^[[2J^G    b\u{FFFD}"])
        #expect(stage.screen.unknown.isEmpty)
    }

    @Test func ghostAndRowsBelowComeAndGo() {
        let stage = Stage()
        stage.paint(
            "GE", ghost: "T key", below: ["string", Text(String(repeating: "x", count: 50))])
        #expect(stage.screen.lines == ["> GET key", "string", "xxxxxxxxxxxxxxxxxx…"])
        #expect(stage.cursor == [0, 4])
        stage.paint("GET")
        #expect(stage.screen.lines == ["> GET"])
    }

    @Test func textTallerThanTheScreenIsShownThroughAWindow() {
        let stage = Stage(rows: 5)
        stage.screen.write("before\r\n")
        let text = (0..<9).map(String.init).joined(separator: "\n")
        stage.paint(text)
        #expect(stage.screen.lines == ["before", ". 5", ". 6", ". 7", ". 8"])
        #expect(stage.cursor == [4, 3])
        stage.paint(text, cursor: 14)
        #expect(stage.screen.lines == ["before", ". 5", ". 6", ". 7", ". 8"])
        stage.paint(text, cursor: 0)
        #expect(stage.screen.lines == ["before", "> 0", ". 1", ". 2", ". 3"])
        #expect(stage.cursor == [1, 2])
        stage.paint(text, cursor: 8)
        #expect(stage.screen.lines == ["before", ". 1", ". 2", ". 3", ". 4"])
        // The end shows all of it, the beginning scrolls away.
        stage.painter.finish(stage.frame(text))
        let all = stage.screen.scrolledOff + stage.screen.lines
        #expect(all == ["before", "> 0"] + (1..<9).map { ". \($0)" })
        #expect(stage.cursor == [4, 0])
    }

    @Test func atTheBottomOfTheScreenNothingIsLost() {
        let stage = Stage(rows: 4, columns: 10)
        stage.screen.write("a\r\nb\r\nc\r\n")
        stage.paint("01234567")
        #expect(stage.screen.scrolledOff + stage.screen.lines == ["a", "b", "c", "> 01234567"])
        #expect(stage.cursor == [3, 0])
        stage.paint("0123456")
        #expect(stage.screen.lines == ["b", "c", "> 0123456"])
    }

    @Test func linesArePrintedAboveTheOneBeingEdited() {
        let stage = Stage(columns: 10)
        stage.paint("0123456789abc")
        stage.painter.print(above: "message")
        stage.paint("0123456789abc")
        #expect(stage.screen.lines == ["message", "> 01234567", "89abc"])
        stage.painter.erase()
        #expect(stage.screen.lines == ["message"])
        #expect(stage.cursor == [1, 0])
    }

    @Test func theEndLeavesTheTextAndGoesToTheNextRow() {
        let stage = Stage(columns: 10)
        stage.paint("01234567", cursor: 0, below: ["menu"])
        stage.painter.finish(stage.frame("01234567"))
        #expect(stage.screen.lines == ["> 01234567"])
        #expect(stage.cursor == [1, 0])
        stage.paint("x")
        stage.painter.finish(stage.frame("x"))
        #expect(stage.screen.lines == ["> 01234567", "> x"])
        #expect(stage.cursor == [2, 0])
    }

    @Test func aNarrowerWindowHasBrokenTheRows() {
        let stage = Stage(columns: 10)
        stage.screen.write("before\r\n")
        stage.paint("abcdef")
        // What a terminal of five columns makes of that, with the cursor behind the text.
        stage.screen = FakeScreen(rows: 8, columns: 5)
        stage.screen.write("befor\r\ne\r\n> abc\r\ndef")
        stage.size = TerminalSize(rows: 8, columns: 5)
        stage.paint("abcdef")
        #expect(stage.screen.lines == ["befor", "e", "> abc", "def"])
    }

    @Test func aRepaintIsSmall() {
        let stage = Stage(rows: 24, columns: 120)
        stage.paint(String(repeating: "x", count: 60))
        #expect(stage.writes[0].utf8.count < 100)
    }

    @Test func thePlainFaceShowsSearchAndCancellation() {
        let stage = Stage(columns: 40)
        let face = PlainLinePainter(stage.painter, prompt: "larder> ")
        let found = Array("SET user:1".unicodeScalars)
        face.paint(
            EditorState(
                scalars: found, cursor: 4, search: .init(pattern: "us", match: 4..<6)))
        #expect(stage.screen.lines == ["(search) us: SET user:1"])
        #expect(stage.cursor == [0, 17])
        face.paint(
            EditorState(
                scalars: found, cursor: 10, search: .init(pattern: "uz", match: nil)))
        #expect(stage.screen.lines == ["(no match) uz: SET user:1"])
        face.paint(EditorState(scalars: found, cursor: 10, phase: .cancelled))
        #expect(stage.screen.lines == ["larder> SET user:1^C"])
        #expect(stage.cursor == [1, 0])
    }
}

struct TextTests {
    @Test func widthAndTruncation() {
        #expect(Text("日本").width == 4)
        #expect(Text("e\u{301}\t^\u{1}").width == 1 + 4 + 1 + 2)
        let text = Text("GET ", Style(.blue)) + "日本語"
        #expect(text.width == 10)
        #expect(text.truncated(to: 10) == text)
        #expect(text.truncated(to: 9).plain == "GET 日本…")
        #expect(text.truncated(to: 8).plain == "GET 日…")
        #expect(text.truncated(to: 3).plain == "GE…")
        #expect(text.truncated(to: 1).plain == "…")
        #expect(text.truncated(to: 0).plain == "")
    }

    @Test func rendering() {
        let text = Text("a\n\u{1B}", Style(.red, underline: true)) + "b"
        #expect(text.rendered(colored: true) == "\u{1B}[0;4;31ma^J^[\u{1B}[0mb")
        #expect(text.rendered(colored: false) == "a^J^[b")
        #expect(Style(.grey, background: .palette(200)).sequence == "\u{1B}[0;90;48;5;200m")
    }
}
