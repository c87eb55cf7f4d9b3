import Terminal
import Testing

@testable import Dashboard

/// One table has every action; keys, lines and help follow from it.
@Suite struct ActionTests {
    @Test func everyActionIsThereOnce() {
        let ids = Action.all.map(\.id)
        #expect(Set(ids) == Set(Action.ID.allCases))
        #expect(ids.count == Action.ID.allCases.count)
    }

    @Test func noKeyHasTwoMeanings() {
        var seen: [String: Action.ID] = [:]
        for action in Action.all {
            #expect(!action.keys.isEmpty, "\(action.id)")
            for key in action.keys {
                let other = seen.updateValue(action.id, forKey: "\(key.key)")
                #expect(other == nil, "\(key.name) is \(action.id) and \(other!)")
                #expect(Action.find(key.key)?.id == action.id)
            }
        }
    }

    @Test func everyActionHasALineAndARowOfHelp() {
        var lines: Set<String> = []
        for action in Action.all {
            #expect(action.twin.hasPrefix(":") && action.twin.count > 1)
            #expect(lines.insert(action.twin).inserted, "\(action.twin)")
            #expect(action.help.count > 3)
        }
        var dashboard = Dashboard(Source(name: "x"))
        dashboard.perform("help")
        let help = HelpPanel.model(dashboard.view())
        guard case .table(let table) = help.blocks[0] else {
            Issue.record("help has no table")
            return
        }
        #expect(table.rows.map { $0[2].text } == Action.all.map(\.twin))
    }

    /// A key and its line come to the same.
    @Test func keysAndLinesAgree() {
        var start = Seeded.dashboard(70)
        start.perform("back 5")
        for action in Action.all where action.id != .screen {
            // These ask for a text first.
            let asks: [Action.ID] = [
                .filter, .exclude, .line, .pin, .snapshot, .export, .listen, .publish,
            ]
            if asks.contains(action.id) { continue }
            var byKey = start
            var byLine = start
            byKey.press(action.keys[0].key)
            byLine.perform(action.twin.prefix { $0 != "[" })
            #expect(byKey.state == byLine.state, "\(action.id)")
            #expect(byKey.requests == byLine.requests, "\(action.id)")
            #expect(byKey.isLeaving == byLine.isLeaving, "\(action.id)")
        }
        var screen = start
        screen.press(.character("4"))
        #expect(screen.state.screen == .commands)
        screen.press(.meta("2"))
        #expect(screen.state.screen == .memory)
    }

    @Test func whatIsTypedIsDone() {
        var dashboard = Seeded.dashboard(5)
        for scalar in ":screen 4".unicodeScalars { dashboard.press(.character(scalar)) }
        #expect(dashboard.state.typing == ":screen 4")
        dashboard.press(.enter)
        #expect(dashboard.state.screen == .commands && dashboard.state.typing == nil)
        for scalar in "/Ge".unicodeScalars { dashboard.press(.character(scalar)) }
        #expect(dashboard.state.filter == "Ge")
        dashboard.press(.enter)
        let rows = table(dashboard, .commandTable).rows.map { $0[0].text }
        #expect(rows == ["GET"])
        dashboard.press(.character("!"))
        for scalar in "get".unicodeScalars { dashboard.press(.character(scalar)) }
        #expect(!table(dashboard, .commandTable).rows.contains { $0[0].text == "GET" })
        dashboard.press(.escape)
        dashboard.press(.escape)
        #expect(dashboard.state.filter == "")
        // A paste is typing, and only its first line.
        dashboard.press(.character(":"))
        dashboard.press(.paste("quit\nq\n"))
        #expect(dashboard.state.typing == ":quit" && !dashboard.isLeaving)
        dashboard.press(.backspace)
        dashboard.press(.enter)
        #expect(dashboard.state.message?.contains("qui") == true && !dashboard.isLeaving)
    }

    private func table(_ dashboard: Dashboard, _ id: PanelID) -> TableModel {
        for case .table(let table) in dashboard.view().panel(id).blocks { return table }
        return TableModel(id: "", columns: [], rows: [], empty: "")
    }

    @Test func tablesAreSorted() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("screen 4")
        let byRate = table(dashboard, .commandTable).rows.map { $0[0].text }
        #expect(byRate.first == "GET")
        dashboard.perform("sort mean")
        #expect(table(dashboard, .commandTable).rows.first?[0].text == "EVALSHA")
        dashboard.perform("reverse")
        #expect(table(dashboard, .commandTable).rows.last?[0].text == "EVALSHA")
        dashboard.perform("sort command")
        dashboard.perform("reverse")
        let names = table(dashboard, .commandTable).rows.map { $0[0].text }
        #expect(names == names.sorted())
        dashboard.perform("sort nonsense")
        #expect(dashboard.state.message?.hasPrefix("columns are") == true)
    }

    @Test func pauseStopsEverythingAtOneInstant() {
        var source = Seeded(3)
        var dashboard = Dashboard(Source(name: "x"))
        for _ in 0..<30 { dashboard.take(source.next()) }
        dashboard.perform("pause")
        let painter = FramePainter(depth: .mono, isUTF8: true)
        func grid() -> [String] {
            // The first row tells how long ago it is.
            Array(
                painter.frame(dashboard.view(), rows: 48, columns: 160).grid.lines.dropFirst())
        }
        let before = grid()
        for _ in 0..<15 { dashboard.take(source.next()) }
        #expect(grid() == before)
        func banner() -> String {
            painter.frame(dashboard.view(), rows: 48, columns: 160).grid.lines[0]
        }
        #expect(banner().contains("PAUSED at 12:00:30  "))
        // The banner stands still too: a pause writes nothing.
        let still = banner()
        dashboard.take(source.next())
        #expect(banner() == still)
        // Sampling went on, and sorting still works.
        dashboard.perform("forward 5")
        #expect(grid() != before)
        #expect(banner().contains("PAUSED at 12:00:35 (+5.0s)"))
        dashboard.perform("back 5")
        #expect(grid() == before)
        dashboard.perform("first")
        #expect(dashboard.view().snapshot?.instant == dashboard.history.snapshots[0].instant)
        dashboard.perform("pause")
        #expect(dashboard.state.pausedAt == nil)
    }

    /// The help is a menu: it can be searched, and Enter does what is chosen.
    @Test func enterInTheHelpDoesIt() {
        var dashboard = Seeded.dashboard(5)
        dashboard.press(.character("?"))
        dashboard.press(.enter)
        #expect(dashboard.state.overlay == .help && !dashboard.state.isExpanded)
        #expect(dashboard.state.message?.contains("Up and Down") == true)
        for scalar in "/wider".unicodeScalars { dashboard.press(.character(scalar)) }
        dashboard.press(.enter)
        dashboard.press(.special(.down, []))
        dashboard.press(.enter)
        #expect(dashboard.state.overlay == nil && dashboard.state.window == 300)
        // What was searched for there hides nothing here.
        #expect(dashboard.state.filter == "" && dashboard.state.helpRow == nil)
        dashboard.press(.character("?"))
        for _ in 0..<3 { dashboard.press(.special(.down, [])) }
        dashboard.press(.enter)
        #expect(dashboard.state.pausedAt != nil && dashboard.state.overlay == nil)
        // Far below the end is the last, which leaves.
        dashboard.press(.character("?"))
        for _ in 0..<30 { dashboard.press(.special(.pageDown, [])) }
        dashboard.press(.enter)
        #expect(dashboard.isLeaving)
    }

    /// In every width the bottom row tells how to leave and how to get help.
    @Test(arguments: [60, 70, 80, 100, 120, 160, 235])
    func theBottomRowTellsHowToLeave(columns: Int) throws {
        let painter = FramePainter(depth: .many, isUTF8: true)
        let view = Seeded.dashboard(3).view()
        let row = try #require(
            painter.frame(view, rows: 24, columns: columns).grid.lines.last)
        #expect(row.hasPrefix(" F1 Help  : Prompt") && row.hasSuffix("q Quit"), "\(row)")
        #expect(Action.bottom.allSatisfy { entry in Action.all.contains { $0.id == entry.id } })
    }

    /// Panels that have no room are told of, and Tab brings them.
    @Test func hiddenPanelsAreCounted() {
        var dashboard = Seeded.dashboard(3)
        let painter = FramePainter(depth: .many, isUTF8: true)
        func hidden() -> Int {
            painter.frame(dashboard.view(), rows: 24, columns: 80).places.reduce(0) {
                $0 + $1.hidden
            }
        }
        let frame = painter.frame(dashboard.view(), rows: 24, columns: 80)
        let all = dashboard.state.screen.panels(dashboard.state).count
        #expect(hidden() > 0 && hidden() + frame.places.count == all)
        #expect(frame.grid.lines.joined().contains(" +2 panels: Tab "))
        #expect(painter.frame(dashboard.view(), rows: 90, columns: 80).places.count == all)
        dashboard.perform("expand")
        #expect(hidden() == 0)
    }

    /// Who filters sees that rows are hidden, and that no row is not the same as nothing there.
    @Test func aFilterIsVisible() {
        var dashboard = Seeded.dashboard(5)
        let painter = FramePainter(depth: .many, isUTF8: true)
        func lines() -> [String] {
            painter.frame(dashboard.view(), rows: 24, columns: 80).grid.lines
        }
        #expect(!lines()[0].contains("with"))
        dashboard.perform("filter nothing like it")
        #expect(lines()[0].contains("with 'nothing like it'"))
        #expect(!lines().joined().contains("no command has been called"))
        #expect(lines().joined().contains("no row with 'nothing like it'"))
        dashboard.perform("exclude GET")
        #expect(lines()[0].contains("without 'GET'"))
        dashboard.perform("close")
        #expect(!lines()[0].contains("with"))
    }

    @Test func theMouseChooses() {
        var dashboard = Seeded.dashboard(30)
        let painter = FramePainter(depth: .many, isUTF8: true)
        let frame = painter.frame(dashboard.view(), rows: 48, columns: 160)
        let place = frame.places[3]
        dashboard.press(
            Key.Mouse(.press(0), row: place.area.row + 1, column: place.area.column + 1),
            in: frame)
        #expect(dashboard.state.focus == place.index)
        let tab = frame.tabs[3]
        dashboard.press(Key.Mouse(.press(0), row: 1, column: tab.area.column + 1), in: frame)
        #expect(dashboard.state.screen == .commands)
        dashboard.press(Key.Mouse(.wheelDown, row: 9, column: 9), in: frame)
        #expect(dashboard.state.scroll == 1)
    }
}
