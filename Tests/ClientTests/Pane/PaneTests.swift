import Terminal
import Testing

@testable import Client

/// What a prompt prints in a pane becomes lines, whatever it is.
@Suite struct PaneOutputTests {
    private func fed(_ text: String) -> PaneOutput {
        var output = PaneOutput()
        output.feed(text.utf8)
        return output
    }

    private func rows(
        _ output: PaneOutput, _ count: Int = 9, columns: Int = 40, scroll: Int = 0
    ) -> [String] {
        output.rows(count, columns: columns, scroll: scroll).rows.map(\.plain)
    }

    @Test func linesAndTheirStyles() {
        let output = fed("one\r\n\u{1B}[0;1;31mtwo\u{1B}[0m three\n\u{1B}[38;5;208mfour")
        #expect(rows(output) == ["one", "two three", "four"])
        let styled = output.rows(9, columns: 40, scroll: 0).rows
        #expect(styled[1].runs[0] == Text.Run("two", Style(.red, bold: true)))
        #expect(styled[1].runs[1].style == .plain)
        #expect(styled[2].runs[0].style == Style(.palette(208)))
    }

    @Test func nothingElseSpeaksToTheTerminal() {
        let output = fed("a\u{1B}]0;title\u{7}b\u{1B}[?25lc\u{1}\u{9B}31md\u{202E}e\u{1B}7\n")
        let text = rows(output).joined()
        #expect(text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
        #expect(text.contains("c\\x01") && text.contains("\\u202e"))
    }

    @Test func progressStandsInPlace() {
        #expect(rows(fed("10 keys\r20 keys\u{1B}[K")) == ["20 keys"])
        #expect(rows(fed("10 keys\r\u{1B}[K")) == [])
        #expect(rows(fed("10 keys\r\u{1B}[Kdone\n")) == ["done"])
    }

    @Test func clearingBeginsAPageAndKeepsWhatWas() {
        let output = fed("old\n" + ANSI.clearScreen + "new\n")
        #expect(rows(output) == ["new"])
        #expect(rows(output, 2, scroll: 1) == ["old", "new"])
        // What is drawn again and again in place, as :watch does.
        let frame = { (n: Int) in "\u{1B}[Hevery 1 s\u{1B}[K\r\nvalue \(n)\u{1B}[K\r\n\u{1B}[J" }
        #expect(rows(fed(ANSI.clearScreen + frame(1) + frame(2))) == ["every 1 s", "value 2"])
    }

    @Test func scrollingEndsAtBothEnds() {
        let output = fed((1...10).map { "\($0)\n" }.joined())
        #expect(rows(output, 3) == ["8", "9", "10"])
        #expect(rows(output, 3, scroll: 2) == ["6", "7", "8"])
        #expect(output.rows(3, columns: 40, scroll: 99).scroll == 7)
        #expect(rows(output, 3, scroll: 99) == ["1", "2", "3"])
        #expect(rows(output, 20, scroll: 5).count == 10)
        #expect(rows(fed("0123456789\n"), 2, columns: 4) == ["4567", "89"])
    }

    /// What is looked at stays where it is, however much comes below it and however long it is.
    @Test func whatIsScrolledBackStays() throws {
        var output = fed((1...10).map { "\($0)\n" }.joined())
        var seen = output.rows(3, columns: 40, scroll: 2)
        #expect(seen.rows.map(\.plain) == ["6", "7", "8"])
        for text in ["11\n12\n", "half", " a line\n", String(repeating: "x", count: 90) + "\n"] {
            output.feed(text.utf8)
            seen = output.rows(3, columns: 40, scroll: seen.scroll, from: seen.place)
            #expect(seen.rows.map(\.plain) == ["6", "7", "8"], "after \(text)")
        }
        // 9, 10, 11, 12, one line, one line of three rows.
        #expect(seen.scroll == 8)
        // A step back and forth goes from what is seen, not from the end.
        output.feed("more\n".utf8)
        seen = output.rows(3, columns: 40, scroll: seen.scroll + 1, from: seen.place)
        #expect(seen.rows.map(\.plain) == ["5", "6", "7"])
        output.feed("more\n".utf8)
        seen = output.rows(3, columns: 40, scroll: seen.scroll - 2, from: seen.place)
        #expect(seen.rows.map(\.plain) == ["7", "8", "9"])
        // Another width breaks other lines in other rows; the line stays.
        seen = output.rows(3, columns: 20, scroll: seen.scroll, from: seen.place)
        #expect(seen.rows.map(\.plain) == ["7", "8", "9"])
        // At the end the newest is followed again.
        seen = output.rows(3, columns: 40, scroll: 0)
        #expect(seen.place == nil && seen.rows.last?.plain == "more")
        // What is not kept any more cannot stay: the first lines that are.
        seen = output.rows(3, columns: 40, scroll: 5)
        output.feed(String(repeating: "line\n", count: 9000).utf8)
        seen = output.rows(3, columns: 40, scroll: seen.scroll, from: seen.place)
        #expect(seen.scroll == output.count - 3)
    }

    @Test func linesAndTheirLengthAreBounded() {
        var output = PaneOutput()
        for _ in 0..<20 {
            output.feed(String(repeating: "line\n", count: 1000).utf8)
            #expect(output.count <= PaneOutput.limit + 500)
        }
        #expect(output.count >= PaneOutput.limit)
        var long = PaneOutput()
        long.feed(String(repeating: "x", count: 1_000_000).utf8)
        long.feed("\n".utf8)
        let all = rows(long, 200, columns: 100).joined()
        #expect(all.hasSuffix("… 990000 more bytes") && all.utf8.count < 11_000)
    }
}

/// Keys, Ctrl-C and the end of the screen reach the prompt.
@Suite struct PaneTests {
    private func pane() throws -> Pane { try #require(Pane()) }

    @Test func keysComeInOrder() throws {
        let pane = try pane()
        pane.show(LineFrame(prompt: "> ", body: "", cursor: 0))
        let input = PaneInput(pane)
        pane.press(.character("a"))
        pane.press(.ctrl("c"))
        #expect(input.next(milliseconds: nil) == .key(.character("a")))
        #expect(input.next(milliseconds: nil) == .key(.ctrl("c")))
        #expect(!input.hasBytes)
        pane.give(TerminalSize(rows: 3, columns: 70))
        #expect(input.next(milliseconds: nil) == .signals(.windowChanged))
        #expect(pane.size.columns == 70)
    }

    @Test func controlCEndsTheWaitOfACommand() throws {
        let pane = try pane()
        pane.show(LineFrame(prompt: "> ", body: "", cursor: 0))
        pane.show(nil)
        #expect(pane.takeSignals() == [])
        pane.press(.ctrl("c"))
        let wake = try #require(pane.wakeDescriptor)
        #expect(Descriptor.wait(for: [wake], milliseconds: nil) == .ready([wake]))
        #expect(pane.takeSignals() == .interrupted)
        #expect(pane.takeSignals() == [])
    }

    @Test func controlCRightBehindEnterCountsForTheCommand() throws {
        let pane = try pane()
        pane.show(LineFrame(prompt: "> ", body: "", cursor: 0))
        pane.press(.enter)
        pane.press(.ctrl("c"))
        let input = PaneInput(pane)
        #expect(input.next(milliseconds: nil) == .key(.enter))
        pane.show(nil)
        let wake = try #require(pane.wakeDescriptor)
        #expect(Descriptor.wait(for: [wake], milliseconds: nil) == .ready([wake]))
        #expect(pane.takeSignals() == .interrupted)
        #expect(!pane.hasEvents)
    }

    @Test func theEndOfTheScreenSetsTheLineAside() throws {
        let pane = try pane()
        pane.open { .hungUp }
        let input = PaneInput(pane)
        #expect(input.next(milliseconds: nil) == .away)
        #expect(pane.hasEnded)
        #expect(pane.close() == .hungUp)
        pane.open { .left }
        #expect(pane.close() == .left)
    }

    @Test func whatWasSentIsCounted() throws {
        let pane = try pane()
        for text in ["INCR a", "INCR a", "GET a", "INCR a"] {
            pane.note(text, .person)
            pane.note("SCAN", .question)
        }
        #expect(pane.sent.map(\.text) == ["INCR a", "SCAN", "GET a", "INCR a"])
        #expect(pane.sent.map(\.count) == [2, 4, 1, 1])
        for number in 0..<500 { pane.note("SET \(number) 1", .person) }
        #expect(pane.sent.count == Pane.sentLimit && pane.sent.last?.text == "SET 499 1")
    }

    @Test func requestsAreTakenOnce() throws {
        let pane = try pane()
        pane.ask(.line("screen 4"))
        pane.write(Array("x\n".utf8))
        #expect(Descriptor.wait(for: [pane.changes], milliseconds: nil) == .ready([pane.changes]))
        #expect(pane.takeRequests() == [.line("screen 4")])
        #expect(pane.takeRequests() == [])
        #expect(Descriptor.wait(for: [pane.changes], milliseconds: 0) == .timeout)
        #expect(pane.output(rows: 3, columns: 9, scroll: 0).rows.map(\.plain) == ["x"])
    }
}
