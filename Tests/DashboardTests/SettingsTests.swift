import Testing

@testable import Dashboard

/// What the person chose is there the next time, and nothing of theirs is lost.
@Suite struct SettingsTests {
    private func state(_ text: String) -> ViewState {
        var state = ViewState()
        DashboardSettings(text: text).apply(to: &state)
        return state
    }

    @Test func everythingIsKept() {
        let text = """
            theme classic
            graph blocks
            mouse off
            window 5m
            prompt-rows 7
            board "with blank"
            board lb:daily
            sort commands mean reversed
            bell on
            alert memory 70 85.5
            alert hit-rate 60 10
            alert fragmentation 0.9 2
            """
        let state = state(text)
        #expect(state.theme.name == "classic" && state.graph == .blocks && !state.usesMouse)
        #expect(state.window == 300 && state.pane.height == 7)
        #expect(state.boards == ["lb:daily", "with blank"].map { Array($0.utf8) })
        #expect(state.sorts == ["commands": TableSort(column: "mean", isReversed: true)])
        #expect(state.ringsBell && state.limits.memory == .init(warning: 70, critical: 85.5))
        #expect(state.limits.hitRate == 60 && state.limits.lookups == 10)
        #expect(state.limits.fragmentation == 0.9...2 && state.limits.lag == 5)
        // The dump is a file that says the same.
        #expect(self.state(DashboardSettings(text: text).dump) == state)
    }

    @Test func onlyWhatChangedIsWritten() throws {
        let text = "# mine\ntheme classic\nfuture thing 3\nwindow never\nsort slow took\n"
        let settings = DashboardSettings(text: text)
        var before = ViewState()
        settings.apply(to: &before)
        #expect(settings.changed(from: before, to: before) == nil)
        var after = before
        after.window = 900
        after.boards = [Array("a b\u{1}".utf8)]
        after.hasPinned = true
        after.screen = .memory
        let written = try #require(settings.changed(from: before, to: after))
        #expect(
            written == """
                # mine
                theme classic
                future thing 3
                window never
                sort slow took
                window 900s
                board "a b\\x01"

                """)
        var again = ViewState()
        DashboardSettings(text: written).apply(to: &again)
        #expect(again.window == 900 && again.boards == after.boards)
        var less = after
        less.boards = []
        let shorter = DashboardSettings(text: written).changed(from: after, to: less)
        #expect(shorter?.contains("board") == false && shorter?.contains("future thing 3") == true)
    }

    @Test(arguments: [
        ("theme pink", "no theme is called pink"), ("mouse perhaps", "mouse is on or off"),
        ("window 5", "window is from"), ("graph", "graph lacks its value"),
        ("board \"open", "board is one key"), ("sort commands", "sort is a table"),
        ("prompt-rows 0", "prompt-rows is a number"), ("bell maybe", "bell is on or off"),
        ("alert", "alert lacks its value"), ("alert memory 90", "alert memory has two numbers"),
        ("alert lag -1", "alert lag has one number"), ("alert sun 1", "alert is one of memory"),
        ("alert memory 95 90", "alert memory has the lower number first"),
    ])
    func aBrokenLineIsToldAndIgnored(line: String, problem: String) {
        let settings = DashboardSettings(text: "# first\n\(line)\nmouse off\n", path: "/x")
        #expect(settings.problems.count == 1)
        #expect(settings.problems.first?.hasPrefix("/x:2: \(problem)") == true)
        var state = ViewState()
        settings.apply(to: &state)
        #expect(!state.usesMouse)
    }

    @Test func choosingInTheDashboardIsChoosing() {
        var dashboard = Seeded.dashboard(5)
        let before = dashboard.state
        for line in ["theme classic", "window 5m", "pin zset lb:daily", "screen 4", "sort mean"] {
            dashboard.perform(line)
        }
        dashboard.perform("reverse")
        let text = DashboardSettings(text: "").changed(from: before, to: dashboard.state)
        #expect(
            text == """
                # Written by larder dashboard. Lines of yours are kept.
                theme classic
                window 300s
                board "lb:daily"
                sort commands mean reversed

                """)
        // Going to another screen forgets no order.
        dashboard.perform("screen 1")
        dashboard.perform("screen 4")
        #expect(dashboard.state.sorts["commands"]?.column == "mean")
    }
}
