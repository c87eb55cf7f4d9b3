import Testing

@testable import Terminal

/// A grid holds what terminals show, and nothing that could speak to them.
@Suite struct CellGridTests {
    private func line(_ text: String, columns: Int = 12) -> String {
        var grid = CellGrid(rows: 1, columns: columns)
        grid.put(text, row: 0, column: 0)
        return grid.lines[0]
    }

    @Test func textTakesItsColumns() {
        var grid = CellGrid(rows: 2, columns: 8)
        #expect(grid.put("abc", row: 0, column: 1) == 3)
        #expect(grid.put("日本語", row: 1, column: 1) == 6)
        #expect(grid.lines == [" abc", " 日本語"])
        #expect(grid[1, 1].scalar == 0x65E5 && grid[1, 2].isHalf)
        #expect(grid[1, 7] == .blank)
    }

    @Test func wideCharactersNeverHangOverTheEdge() {
        var grid = CellGrid(rows: 1, columns: 4)
        #expect(grid.put("a日本", row: 0, column: 0) == 3)
        #expect(grid.lines == ["a日"])
        #expect(grid.put("日本", row: 0, column: 0, room: 3) == 2)
        #expect(grid.lines == ["日"])
    }

    @Test func halvesGoTogether() {
        var left = CellGrid(rows: 1, columns: 4)
        left.put("日本", row: 0, column: 0)
        var right = left
        left.put("x", row: 0, column: 0)
        #expect(left.lines == ["x 本"])
        right.put("x", row: 0, column: 1)
        #expect(right.lines == [" x本"])
        right.put("日", row: 0, column: 1)
        #expect(right.lines == [" 日"])
        #expect(right.cells.filter(\.isHalf).count == 1)
    }

    @Test func marksStayWithTheirCharacter() {
        var grid = CellGrid(rows: 1, columns: 4)
        #expect(grid.put("e\u{301}x", row: 0, column: 0) == 2)
        #expect(grid.lines == ["e\u{301}x"])
        grid.put("z", row: 0, column: 0)
        #expect(grid.lines == ["zx"] && grid.marks.isEmpty)
        grid.put("a" + String(repeating: "\u{301}", count: 9), row: 0, column: 0)
        #expect(grid.marks[0]?.count == 4)
        // A mark without a character before it would join whatever stands to the left.
        let before = grid
        #expect(grid.put("\u{301}", row: 0, column: 0) == 0 && grid == before)
    }

    @Test(arguments: [
        ("\u{1B}]0;owned\u{7}", "\\x1b]0;owned\\x07"), ("\u{9B}31mred", "\\x9b31mred"),
        ("a\u{202E}txt", "a\\u202etxt"), ("x\u{200D}y", "x\\u200dy"), ("\u{7F}", "\\x7f"),
        ("a\nb\tc", "a\\x0ab\\x09c"), ("\u{FEFF}", "\\ufeff"), ("\u{2066}x", "\\u2066x"),
    ])
    func nothingSpeaksToTheTerminal(text: String, shown: String) {
        #expect(line(text, columns: 40) == shown)
        #expect(CellText.width(text) == shown.count)
        #expect(CellText.shown(Array(text.utf8), ascii: false) == shown)
        let ascii = CellText.shown(Array(text.utf8), ascii: true)
        #expect(ascii.utf8.allSatisfy { 0x20...0x7E ~= $0 })
    }

    @Test func randomBytesHaveNoVoice() {
        var dice = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &dice)
        var state = seed
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            var grid = CellGrid(rows: 1, columns: 60)
            grid.put(CellText.shown(bytes, ascii: false), row: 0, column: 0)
            let text = grid.text(row: 0)
            let isSafe = text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
                    && $0.properties.generalCategory != .format
            }
            #expect(isSafe, "seed \(seed): \(bytes)")
        }
    }

    @Test func invalidBytesAreSpelledOut() {
        #expect(CellText.shown([0x61, 0xFF, 0x62], ascii: false) == "a\\xffb")
        #expect(CellText.shown([0xC3, 0xA4, 0xC3], ascii: false) == "ä\\xc3")
        #expect(CellText.shown(Array("ä".utf8), ascii: true) == "\\xc3\\xa4")
    }

    @Test func whatIsCutHasAMark() {
        #expect(CellText.cut("product:1842", to: 12) == "product:1842")
        #expect(CellText.cut("product:1842", to: 8) == "product…")
        #expect(CellText.cut("product:1842", to: 8, mark: "~") == "product~")
        #expect(CellText.cut("日本語", to: 5) == "日本…")
        #expect(CellText.cut("日本語", to: 4) == "日…")
        #expect(CellText.cut("日本語", to: 0) == "")
        #expect(CellText.cut("e\u{301}e\u{301}e", to: 2) == "e\u{301}…")
    }

    @Test func stylesSurviveTheirPacking() {
        let style = Style(
            .palette(172), background: .palette(0), bold: true, dim: true, italic: true,
            underline: true, inverse: true)
        #expect(CellStyle(style).style == style)
        #expect(CellStyle.plain.style == .plain)
        #expect(CellStyle(Style(.palette(255))).style.foreground == .palette(255))
    }

    @Test func outsideNothingHappens() {
        var grid = CellGrid(rows: 2, columns: 2)
        grid.put("abc", row: 2, column: 0)
        grid.put("abc", row: 0, column: 5)
        grid.put("abc", row: -1, column: 0)
        grid.set("x", row: 9, column: 9)
        grid.fill("x", row: 0, columns: 1..<9)
        #expect(grid.lines == [" x", ""])
        #expect(CellGrid(rows: 0, columns: 0).lines == [])
    }
}
