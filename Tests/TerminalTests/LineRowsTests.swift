import Testing

@testable import Terminal

/// A line as rows of a grid: every column is accounted for, and the cursor is where it belongs.
@Suite struct LineRowsTests {
    private func rows(
        _ prompt: String, _ body: String, cursor: Int, columns: Int, ghost: Text = ""
    ) -> LineRows {
        LineRows(
            LineFrame(
                prompt: Text(prompt), continuation: "...> ", body: Text(body), cursor: cursor,
                ghost: ghost), columns: columns)
    }

    @Test func aShortLineIsOneRow() {
        let line = rows("a> ", "GET k", cursor: 5, columns: 20, ghost: Text("ey", .faint))
        #expect(line.rows.map(\.plain) == ["a> GET key"])
        #expect(line.row == 0 && line.column == 8)
    }

    @Test func aLongLineBreaks() {
        let line = rows("a> ", "0123456789", cursor: 7, columns: 10)
        #expect(line.rows.map(\.plain) == ["a> 0123456", "789"])
        #expect(line.row == 1 && line.column == 0)
        let atEnd = rows("a> ", "0123456", cursor: 7, columns: 10)
        #expect(atEnd.rows.map(\.plain) == ["a> 0123456", ""])
        #expect(atEnd.row == 1 && atEnd.column == 0)
    }

    @Test func lineEndsBeginRows() {
        let line = rows("a> ", "one\ntwo", cursor: 7, columns: 20)
        #expect(line.rows.map(\.plain) == ["a> one", "...> two"])
        #expect(line.row == 1 && line.column == 8)
    }

    @Test func wideCharactersAreNotCut() throws {
        try #require(DisplayWidth.isUTF8)
        let line = rows("> ", "日本語", cursor: 3, columns: 5)
        #expect(line.rows.map(\.plain) == ["> 日", "本語"])
        #expect(line.row == 1 && line.column == 4)
        let marked = rows("> ", "e\u{301}x", cursor: 2, columns: 5)
        #expect(marked.rows.map(\.plain) == ["> e\u{301}x"] && marked.column == 3)
    }

    @Test func nothingRawReachesTheGrid() {
        let line = rows("> ", "a\u{1B}[2Jb\u{9B}c", cursor: 0, columns: 40)
        var grid = CellGrid(rows: 1, columns: 40)
        grid.put(line.rows[0], row: 0, column: 0, room: 40, colored: true)
        #expect(grid.lines[0] == "> a^[[2Jb\\x9bc")
    }

    @Test func coloursCanBeLeftOut() {
        let text = Text("red", Style(.red, bold: true))
        var grid = CellGrid(rows: 2, columns: 4)
        grid.put(text, row: 0, column: 0, room: 4, colored: true)
        grid.put(text, row: 1, column: 0, room: 4, colored: false)
        #expect(grid[0, 0].style == CellStyle(Style(.red, bold: true)))
        #expect(grid[1, 0].style == CellStyle(Style(bold: true)))
        #expect(grid.put(text, row: 0, column: 2, room: 2, colored: true) == 2)
    }

    @Test func aLineSetAsideComesBack() throws {
        let input = ScriptedInput([])
        let editor = try LineEditor(input: input, history: LineHistory())
        let recorder = Recorder()
        input.append("GET ab".utf8.map { .byte($0) } + [.key(.special(.left, [])), .away])
        let outcome = editor.readLine(for: recorder)
        #expect(outcome == .setAside("GET ab", cursor: 5))
        #expect(recorder.painted.last?.phase == .setAside)
        input.append([.key(.character("x")), .key(.enter)])
        let next = editor.readLine(for: recorder, startingWith: "GET ab", cursor: 5)
        #expect(next == .submit("GET axb"))
    }
}
