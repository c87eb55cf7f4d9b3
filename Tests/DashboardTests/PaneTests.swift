import Client
import Terminal
import Testing

@testable import Dashboard

/// The prompt in the dashboard: who gets which key, and where it stands.
@Suite struct DashboardPaneTests {
    private func dashboard() -> Dashboard {
        var dashboard = Seeded.dashboard(5)
        dashboard.state.pane.exists = true
        return dashboard
    }

    private func frame(_ dashboard: Dashboard, _ pane: Pane, _ rows: Int, _ columns: Int) -> Frame {
        var view = dashboard.view()
        view.pane = pane
        return FramePainter(depth: .many, isUTF8: true).frame(view, rows: rows, columns: columns)
    }

    private func pane(_ body: String = "GET a", below: [Text] = []) throws -> Pane {
        let pane = try #require(Pane())
        pane.write(Array((1...30).map { "output \($0)\n" }.joined().utf8))
        pane.show(
            LineFrame(
                prompt: "larder> ", body: Text(body), cursor: body.unicodeScalars.count,
                below: below))
        return pane
    }

    @Test(arguments: [Key.character(":"), .special(.function(4), [])])
    func keysGoToThePromptUntilEscape(key: Key) {
        var dashboard = dashboard()
        dashboard.press(key)
        #expect(dashboard.state.pane.isFocused && dashboard.state.typing == nil)
        for key: Key in [
            .character("q"), .character(" "), .tab, .enter, .special(.up, []), .ctrl("c"),
            .ctrl("r"), .paste("GET a\nGET b"), .meta("f"),
        ] {
            dashboard.requests = []
            dashboard.press(key)
            #expect(dashboard.requests == [.key(key)])
        }
        #expect(!dashboard.isLeaving && dashboard.state.pausedAt == nil)
        dashboard.requests = []
        dashboard.press(.escape)
        #expect(!dashboard.state.pane.isFocused && dashboard.requests.isEmpty)
        dashboard.press(.character("q"))
        #expect(dashboard.isLeaving)
    }

    @Test func someKeysStayTheDashboards() {
        var dashboard = dashboard()
        dashboard.press(.special(.function(4), []))
        dashboard.press(.meta("4"))
        #expect(dashboard.state.screen == .commands && dashboard.state.pane.isFocused)
        dashboard.press(.special(.function(1), []))
        #expect(dashboard.state.overlay == .help)
        dashboard.press(.escape)
        #expect(dashboard.state.overlay == nil && dashboard.state.pane.isFocused)
        dashboard.press(.ctrl("l"))
        dashboard.press(.ctrl("z"))
        #expect(dashboard.requests == [.redraw, .suspend])
        dashboard.press(.special(.pageUp, []))
        #expect(dashboard.state.pane.scroll > 0)
        dashboard.press(.special(.pageDown, []))
        #expect(dashboard.state.pane.scroll == 0)
        dashboard.press(.ctrl("o"))
        #expect(dashboard.state.pane.isZoomed)
        // Escape is the prompt's while it has a menu open.
        dashboard.requests = []
        dashboard.state.pane.keepsEscape = true
        dashboard.press(.escape)
        #expect(dashboard.requests == [.key(.escape)] && dashboard.state.pane.isFocused)
        dashboard.press(.special(.function(4), []))
        #expect(!dashboard.state.pane.isFocused && !dashboard.state.pane.isZoomed)
        dashboard.press(.special(.function(12), []))
        #expect(dashboard.isLeaving)
    }

    @Test func withoutAPromptAColonIsALine() {
        var dashboard = Seeded.dashboard(5)
        dashboard.press(.character(":"))
        #expect(dashboard.state.typing == ":" && !dashboard.state.pane.isFocused)
        dashboard.press(.escape)
        dashboard.press(.ctrl("o"))
        #expect(dashboard.state.message == "there is no prompt here")
    }

    @Test(arguments: [
        (24, 80, 2), (29, 100, 2), (30, 100, 4), (47, 160, 4), (48, 160, 10), (50, 200, 10),
    ])
    func itsHeightFollowsTheScreens(rows: Int, columns: Int, expected: Int) throws {
        let frame = frame(dashboard(), try pane(), rows, columns)
        let lines = frame.grid.lines
        let title = try #require(lines.firstIndex { $0.contains("─ REPL ─") })
        #expect(lines[rows - 3].hasPrefix("│ larder> GET a"))
        #expect(rows - 3 - title == expected)
        #expect(lines[rows - 4].hasPrefix("│ output 30"))
        #expect(lines[rows - 1].contains("F1 Help"))
        #expect(frame.cursor == nil)
    }

    @Test func onALowScreenItIsOneRowUntilItHasTheKeys() throws {
        var dashboard = dashboard()
        let before = frame(dashboard, try pane(), 16, 60)
        #expect(before.grid.lines[14].hasPrefix("larder> GET a"))
        dashboard.press(.special(.function(4), []))
        // Then it has the body: what commands answer can be read.
        let after = frame(dashboard, try pane(), 16, 60)
        #expect(after.cursor == [13, 15] && after.grid.lines[13].hasPrefix("║ larder> GET a"))
        #expect(after.grid.lines[2].contains(" REPL ") && after.places.isEmpty)
        #expect(after.grid.lines[3].hasPrefix("║ output 21"))
        #expect(after.grid.lines[1].contains("[1 Over]"))
        // Lower, with a panel above it, as the person likes.
        dashboard.note(after)
        for _ in 0..<8 { dashboard.press(.special(.down, .alt)) }
        let lower = frame(dashboard, try pane(), 16, 60)
        #expect(lower.grid.lines[10].contains(" REPL ") && lower.places.count == 1)
        dashboard.press(.escape)
        #expect(frame(dashboard, try pane(), 16, 60).grid.lines == before.grid.lines)
        // On smaller ones it comes when it is asked for.
        #expect(!frame(self.dashboard(), try pane(), 8, 40).grid.lines.joined().contains("GET a"))
        dashboard.press(.special(.function(4), []))
        let small = frame(dashboard, try pane(), 8, 40)
        #expect(small.grid.lines[6].hasPrefix("│ larder> GET a") || small.cursor == [6, 15])
        #expect(frame(dashboard, try pane(), 1, 20).grid.lines == ["larder> GET a"])
        #expect(frame(dashboard, try pane(), 1, 9).cursor == nil)
    }

    @Test func newLinesDoNotMoveWhatIsScrolledBack() throws {
        var dashboard = dashboard()
        dashboard.press(.special(.function(4), []))
        let pane = try pane()
        func rows() -> [String] {
            let frame = frame(dashboard, pane, 48, 160)
            dashboard.note(frame)
            return Array(frame.grid.lines[36...44])
        }
        #expect(rows()[8].hasPrefix("║ output 30"))
        dashboard.press(.special(.pageUp, []))
        let seen = rows()
        #expect(seen[8].hasPrefix("║ output 21"))
        for number in 31...60 {
            pane.write(Array("output \(number)\n".utf8))
            #expect(rows() == seen)
        }
        dashboard.press(.special(.pageDown, []))
        #expect(rows()[8].hasPrefix("║ output 30"))
        dashboard.press(.character("x"))
        #expect(rows()[8].hasPrefix("║ output 60"))
    }

    @Test func zoomHeightAndScroll() throws {
        var dashboard = dashboard()
        let pane = try pane()
        dashboard.note(frame(dashboard, pane, 30, 100))
        dashboard.press(.special(.up, .alt))
        #expect(dashboard.state.pane.rows(of: 30) == 5)
        dashboard.press(.special(.down, .alt))
        dashboard.press(.special(.down, .alt))
        #expect(dashboard.state.pane.rows(of: 30) == 3)
        dashboard.press(.ctrl("o"))
        let zoomed = frame(dashboard, pane, 30, 100)
        #expect(zoomed.grid.lines[2].contains(" REPL ") && zoomed.cursor == [27, 15])
        #expect(zoomed.places.isEmpty)
        dashboard.perform("prompt")
        dashboard.state.pane.scroll = 999
        dashboard.note(frame(dashboard, pane, 30, 100))
        #expect(dashboard.state.pane.scroll == 30 - 24)
        // Typing goes back to the newest.
        dashboard.press(.character("x"))
        #expect(dashboard.state.pane.scroll == 0)
    }

    /// Who types sees more of an answer than its last line, also on a classic terminal.
    @Test func aPaneThatIsTypedInIsTaller() throws {
        var dashboard = dashboard()
        #expect([24, 30, 48].map { dashboard.state.pane.rows(of: $0) } == [2, 4, 10])
        dashboard.press(.special(.function(4), []))
        #expect([24, 30, 48].map { dashboard.state.pane.rows(of: $0) } == [7, 7, 10])
        let lines = frame(dashboard, try pane(), 24, 80).grid.lines
        #expect(lines[14].contains(" REPL ") && lines[20].hasPrefix("║ output 30"))
        #expect(lines[15].hasPrefix("║ output 25"))
    }

    @Test func aMenuTakesTheRoomOfOutput() throws {
        var dashboard = dashboard()
        dashboard.press(.special(.function(4), []))
        let menu: [Text] = ["GET GETSET", "GETBIT GETDEL"]
        let open = frame(dashboard, try pane("GE", below: menu), 30, 100).grid.lines
        #expect(open[26].hasPrefix("║ GET GETSET") && open[27].hasPrefix("║ GETBIT"))
        #expect(open[25].hasPrefix("║ larder> GE"))
        let hint = frame(dashboard, try pane("GE", below: ["about GET"]), 30, 100).grid.lines
        #expect(hint[27].hasPrefix("║ about GET"))
        // With two rows the last reply is worth more.
        dashboard.state.pane.height = 2
        let low = frame(dashboard, try pane("GE", below: ["about GET"]), 24, 80).grid.lines
        #expect(low[21].hasPrefix("║ larder> GE") && low[20].hasPrefix("║ output 30"))
    }

    @Test func aTallLineIsSeenAroundItsCursor() throws {
        var dashboard = dashboard()
        dashboard.press(.special(.function(4), []))
        let text = (1...9).map { "row \($0)" }.joined(separator: "\n")
        dashboard.state.pane.height = 2
        let frame = frame(dashboard, try pane(text), 24, 80)
        #expect(frame.grid.lines[21].contains("row 9") && frame.grid.lines[20].contains("output"))
        #expect(frame.cursor == [21, 7])
    }

    @Test func theMouseFocusesAndScrolls() throws {
        var dashboard = dashboard()
        let pane = try pane()
        let frame = frame(dashboard, pane, 30, 100)
        dashboard.press(Key.Mouse(.wheelUp, row: 26, column: 5), in: frame)
        #expect(dashboard.state.pane.scroll == 3 && !dashboard.state.pane.isFocused)
        dashboard.press(Key.Mouse(.press(0), row: 26, column: 5), in: frame)
        #expect(dashboard.state.pane.isFocused)
        dashboard.press(Key.Mouse(.press(0), row: 5, column: 70), in: frame)
        #expect(!dashboard.state.pane.isFocused && dashboard.state.focus != 0)
    }

    @Test func linesTypedThereAnswerThere() {
        var dashboard = dashboard()
        #expect(dashboard.perform(typed: ":screen 4") == nil && dashboard.state.screen == .commands)
        #expect(dashboard.perform(typed: ":screen 44") == "screens have the numbers 1 to 9")
        #expect(dashboard.state.message == nil)
        #expect(dashboard.perform(typed: ":pin zset lb:daily") == nil)
        #expect(dashboard.state.boards == [Array("lb:daily".utf8)])
        for (text, seconds) in [
            ("5m", 300), ("90", 90), ("4h", 14_400), ("90s", 90), ("1d", 86_400),
        ] {
            #expect(dashboard.perform(typed: ":window \(text)") == nil)
            #expect(dashboard.state.window == seconds)
        }
        #expect(dashboard.perform(typed: ":window soon") != nil)
        dashboard.requests = []
        _ = dashboard.perform(typed: ":export csv figures")
        _ = dashboard.perform(typed: ":export figures.json")
        #expect(dashboard.requests == [.export("figures", .csv), .export("figures.json", .json)])
        #expect(Dashboard.claims([":explain", "hit_rate"]) && Dashboard.claims([":explain"]))
        #expect(!Dashboard.claims([":explain", "GET", "a"]) && Dashboard.claims([":help"]))
    }

    // MARK: Errors

    /// What the last command has ended with is the first thing that `x` explains, and once.
    @Test func theLastErrorIsExplained() throws {
        let pane = try #require(Pane())
        var dashboard = dashboard()
        func take(_ error: String?, _ command: String) {
            pane.note(error: error, of: command)
            dashboard.note(pane.failed)
        }
        func bottom() -> String { frame(dashboard, pane, 24, 80).grid.lines.last ?? "" }
        #expect(bottom().contains("x Explain  "))
        take("WRONGTYPE Operation against a key holding the wrong kind of value", "INCR list")
        #expect(bottom().contains("x Explain the error"))
        dashboard.state.pane.isFocused = true
        #expect(bottom().contains("Esc x Explain the error"))
        dashboard.press(.escape)
        dashboard.press(.character("x"))
        let text = frame(dashboard, pane, 24, 80).grid.lines.joined(separator: "\n")
        for words in [
            "WRONGTYPE, an error", "another type", "INCR list", "TYPE key", "Operation against",
        ] {
            #expect(text.contains(words), "\(words)\n\(text)")
        }
        dashboard.press(.character("x"))
        #expect(dashboard.state.overlay == .explain(.usedMemory))
        dashboard.press(.escape)
        // The same error is not explained again, the next one is.
        dashboard.note(pane.failed)
        #expect(dashboard.state.failed == nil)
        take("ERR syntax error\u{1B}]0;x\u{7}", "SET a b c")
        dashboard.press(.character("x"))
        let other = frame(dashboard, pane, 24, 80).grid.lines.joined()
        #expect(other.contains("ERR, an error") && !other.contains("\u{1B}"))
        dashboard.press(.escape)
        // Whoever has gone on has no question any more.
        take("ERR no such key", "RENAME a b")
        take(nil, "PING")
        #expect(dashboard.state.failed == nil)
        // What a dashboard has sent for the person can be refused too.
        dashboard.take(.answer(words: [Array("PUBLISH".utf8)], text: "NOPERM no", wall: 0))
        dashboard.press(.character("x"))
        #expect(
            dashboard.state.overlay == .error(ErrorReply(text: "NOPERM no", command: "PUBLISH")))
        dashboard.take(.answer(words: [Array("PUBLISH".utf8)], text: "3", wall: 0))
        #expect(dashboard.state.failed == nil)
    }

    @Test func codesAreExplainedByName() {
        var dashboard = dashboard()
        dashboard.perform("explain oom")
        #expect(dashboard.state.overlay == .error(ErrorReply(text: "OOM")))
        #expect(Dashboard.claims([":explain", "OOM"]) && !Dashboard.claims([":explain", "GET"]))
        dashboard.perform("explain nonsense")
        #expect(dashboard.state.message?.contains("nonsense") == true)
        let odd = Cards.model(ErrorReply(text: "MYSCRIPT went wrong"), dashboard.view())
        #expect("\(odd.blocks)".contains("of a script"))
    }
}
