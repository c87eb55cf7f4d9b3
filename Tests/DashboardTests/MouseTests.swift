import Client
import Terminal
import Testing

@testable import Dashboard

/// What a click does.
@Suite struct MouseTests {
    private func frame(_ dashboard: Dashboard, _ rows: Int = 40, _ columns: Int = 240) -> Frame {
        FramePainter(depth: .many, isUTF8: true)
            .frame(dashboard.view(), rows: rows, columns: columns)
    }

    private func click(_ text: String, _ dashboard: inout Dashboard) throws {
        let frame = frame(dashboard)
        let row = try #require(frame.grid.lines.firstIndex { $0.contains(text) })
        let line = frame.grid.lines[row]
        let place = try #require(line.firstRange(of: text))
        let column = CellText.width(line[..<place.lowerBound])
        dashboard.press(Key.Mouse(.press(0), row: row, column: column), in: frame)
    }

    @Test func aHeadingSorts() throws {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("screen 4")
        dashboard.state.focus = 2
        try click("mean     p50", &dashboard)
        #expect(dashboard.state.focus == 0)
        #expect(dashboard.state.sorts["commands"]?.column == "mean")
        try click("mean▼", &dashboard)
        #expect(dashboard.state.sorts["commands"]?.isReversed == true)
    }

    @Test func theLegendActs() throws {
        var dashboard = Seeded.dashboard(5)
        try click("Space Pause", &dashboard)
        #expect(dashboard.state.pausedAt != nil)
        try click("F1 Help", &dashboard)
        #expect(dashboard.state.overlay == .help)
        // What lies under the help cannot be clicked.
        #expect(frame(dashboard).spots.allSatisfy { $0.panel == nil })
        dashboard.press(.escape)
        try click("Window", &dashboard)
        #expect(dashboard.state.window == 300)
        try click("q Quit", &dashboard)
        #expect(dashboard.isLeaving)
    }

    @Test func farColumnsAreReached() throws {
        // The newer protocol has no column that is too far to the right.
        var decoder = KeyDecoder()
        var key: Key?
        for byte in "\u{1B}[<0;235;12M".utf8 { key = decoder.feed(byte) ?? key }
        guard case .mouse(let mouse) = key else {
            Issue.record("no click: \(String(describing: key))")
            return
        }
        #expect(mouse == Key.Mouse(.press(0), row: 11, column: 234))
        var dashboard = Seeded.dashboard(5)
        dashboard.press(mouse, in: frame(dashboard))
        let column = ScreenID.overview.columns(dashboard.state, width: 240).last
        #expect(column?.contains(dashboard.state.focus) == true)
    }

    @Test func offIsOff() {
        var dashboard = Seeded.dashboard(5)
        dashboard.press(.special(.function(6), []))
        #expect(!dashboard.state.usesMouse && dashboard.state.message == "mouse off")
    }

    @Test func readOnlyPublishesNothingAndSaysSo() {
        var dashboard = Seeded.dashboard(5)
        dashboard.source.isReadOnly = true
        dashboard.perform("publish news hello")
        #expect(dashboard.requests.isEmpty)
        #expect(dashboard.state.message?.contains("read only") == true)
        #expect(frame(dashboard).grid.lines[0].contains("READ ONLY"))
        dashboard.source.isReadOnly = false
        dashboard.perform("publish news hello")
        #expect(dashboard.requests.count == 1)
    }
}
