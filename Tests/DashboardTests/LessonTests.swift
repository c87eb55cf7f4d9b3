import Client
import Terminal
import Testing

@testable import Dashboard

/// A lesson beside the panels: where it stands at each size, what it marks, and which keys it has.
@Suite struct LessonTests {
    static var picture: LessonPicture {
        var picture = LessonPicture(title: "Eviction under pressure", step: 4, of: 9)
        picture.heading = "The cache is full"
        picture.prose = [
            "Every new key now costs an old one its place.",
            "maxmemory-policy decides who leaves.",
        ]
        picture.watch = ["evicted_per_second"]
        picture.prediction = LessonPicture.Prediction(
            "Will LFU raise the hit rate?", options: ["yes", "no"])
        picture.command = "CONFIG SET maxmemory-policy allkeys-lfu"
        picture.checks = [
            LessonPicture.Check("hit rate 1m > 80 %", value: "78.4 %", .open),
            LessonPicture.Check("evicted/s < 200", value: "412", .failed),
        ]
        picture.hintsLeft = 2
        picture.lessons = [
            LessonPicture.Lesson("05-cache-aside", "Cache aside", done: 9, of: 9),
            LessonPicture.Lesson("06-eviction", "Eviction under pressure", done: 3, of: 9),
        ]
        return picture
    }

    private func dashboard() -> Dashboard {
        var dashboard = Seeded.dashboard(90)
        dashboard.take(Self.picture)
        return dashboard
    }

    private func frame(_ dashboard: Dashboard, _ rows: Int, _ columns: Int) -> Frame {
        FramePainter(depth: .mono, isUTF8: true).frame(
            dashboard.view(), rows: rows, columns: columns)
    }

    @Test func itsPlaceFollowsTheRoom() throws {
        let dashboard = dashboard()
        let index = dashboard.state.screen.panels(dashboard.state).count - 1
        func area(_ rows: Int, _ columns: Int) throws -> Area {
            let found = frame(dashboard, rows, columns).places.first { $0.index == index }
            return try #require(found?.area)
        }
        let right = try area(48, 160)
        #expect(right.columns == 48 && right.end == 160 && right.rows == 45)
        let below = try area(40, 120)
        #expect(below.columns == 120 && below.row + below.rows == 39 && below.rows >= 6)
        let corner = try area(24, 80)
        #expect(corner.column == 40 && corner.row + corner.rows == 23 && corner.rows >= 6)
        let row = frame(dashboard, 20, 70).grid.lines
        #expect(row.contains { $0.hasPrefix(" LESSON 4/9  TRY CONFIG SET") })
        // No two panels share a cell.
        for (rows, columns) in [(48, 160), (40, 120), (24, 80), (30, 100)] {
            let places = frame(dashboard, rows, columns).places.map(\.area)
            for (number, first) in places.enumerated() {
                for second in places.dropFirst(number + 1) {
                    let isApart =
                        first.end <= second.column || second.end <= first.column
                        || first.row + first.rows <= second.row
                        || second.row + second.rows <= first.row
                    #expect(isApart, "\(rows)x\(columns): \(first) \(second)")
                }
            }
        }
    }

    @Test func theWatchedPanelIsMarked() throws {
        let dashboard = dashboard()
        let view = dashboard.view()
        #expect(view.isWatched(view.panel(.removal)) && !view.isWatched(view.panel(.memory)))
        for isUTF8 in [true, false] {
            let grid = FramePainter(depth: .mono, isUTF8: isUTF8).frame(
                view, rows: 24, columns: 80
            ).grid
            let titles = grid.lines.filter { $0.contains("WATCH") && $0.contains("Evictions") }
            #expect(titles.count == 1, "\(grid.lines.joined(separator: "\n"))")
            #expect(titles.first?.contains(isUTF8 ? "╔═ Evictions" : "+= Evictions") == true)
        }
    }

    @Test func itsKeysCountOnlyWhileItHasTheFocus() {
        var dashboard = dashboard()
        dashboard.press(.character("r"))
        let message = dashboard.state.message ?? ""
        #expect(dashboard.requests.isEmpty && message.contains("no table to sort"))
        dashboard.press(.character("]"))
        dashboard.press(.character("["))
        #expect(dashboard.requests == [.lesson(.next), .lesson(.back)])
        dashboard.requests = []
        dashboard.perform("previous")
        #expect(dashboard.focused == .lesson)
        for letter in "yhrse" { dashboard.press(.character(letter.unicodeScalars.first!)) }
        dashboard.press(.character("2"))
        dashboard.press(.enter)
        #expect(
            dashboard.requests == [
                .lesson(.predict(0)), .lesson(.hint), .lesson(.restart), .lesson(.skip),
                .lesson(.edit), .lesson(.predict(1)), .lesson(.run),
            ])
        // Once it is answered, digits are screens again.
        var answered = Self.picture
        answered.prediction?.chosen = 1
        dashboard.take(answered)
        dashboard.press(.character("2"))
        #expect(dashboard.state.screen == .memory)
        dashboard.press(.special(.function(2), []))
        #expect(!dashboard.state.screen.panels(dashboard.state).contains(.lesson))
    }

    @Test func linesGiveTheSameOrders() {
        var dashboard = dashboard()
        for line in ["lesson predict 2", "lesson hint", "lesson open 05-cache-aside"] {
            dashboard.perform(line)
        }
        #expect(
            dashboard.requests == [
                .lesson(.predict(1)), .lesson(.hint), .lesson(.open("05-cache-aside")),
            ])
        dashboard.perform("lesson predict 0")
        #expect(dashboard.requests.count == 3 && dashboard.state.message != nil)
    }

    @Test func allLessonsStandOnTheirScreen() {
        var dashboard = dashboard()
        dashboard.perform("screen 9")
        let lines = frame(dashboard, 30, 100).grid.lines
        #expect(lines.contains { $0.contains("Cache aside") && $0.contains("9/9") })
        dashboard.perform("down")
        dashboard.press(.enter)
        #expect(dashboard.requests == [.lesson(.open("05-cache-aside"))])
        dashboard.take(LessonPicture?.none)
        #expect(frame(dashboard, 30, 100).grid.lines.contains { $0.contains("No lesson is open") })
    }
}
