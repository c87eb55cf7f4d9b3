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
        return picture
    }

    static var lessons: [LessonPicture.Lesson] {
        var done = LessonPicture.Lesson("05-cache-aside", "Cache aside", done: 9, of: 9)
        (done.isDone, done.attempts, done.medal) = (true, 2, "gold")
        (done.right, done.predicted) = (1, 1)
        return [
            done, LessonPicture.Lesson("06-eviction", "Eviction under pressure", done: 3, of: 9),
        ]
    }

    private func dashboard() -> Dashboard {
        var dashboard = Seeded.dashboard(90)
        dashboard.state.lessons = Self.lessons
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

    @Test func itStandsWhereItIsWanted() throws {
        var dashboard = dashboard()
        func area(_ rows: Int, _ columns: Int) -> Area? {
            let panels = dashboard.state.screen.panels(dashboard.state)
            guard let index = panels.firstIndex(of: .lesson) else { return nil }
            let places = frame(dashboard, rows, columns).places
            #expect(places.count > 1)
            for place in places where place.index != index {
                let lesson = places.first { $0.index == index }?.area
                if let lesson {
                    let isApart =
                        place.area.end <= lesson.column
                        || place.area.row + place.area.rows <= lesson.row
                    #expect(isApart, "\(place.area) \(lesson)")
                }
            }
            return places.first { $0.index == index }?.area
        }
        let f2 = Key.special(.function(2), [])
        dashboard.press(f2)
        #expect(area(48, 160) == nil && dashboard.state.message?.contains("F2") == true)
        dashboard.press(f2)
        for (rows, columns) in [(48, 160), (40, 120), (24, 80)] {
            let found = try #require(area(rows, columns))
            #expect(found.end == columns && found.rows == rows - 3 && found.columns >= 32)
        }
        dashboard.press(f2)
        for (rows, columns) in [(48, 160), (40, 120), (24, 80)] {
            let found = try #require(area(rows, columns))
            #expect(found.columns == columns && found.row + found.rows == rows - 1)
        }
        dashboard.press(f2)
        #expect(area(48, 160) == nil)
        dashboard.perform("lesson fit")
        #expect(area(48, 160)?.columns == 48)
        dashboard.perform("lesson bottom")
        #expect(area(48, 160)?.columns == 160 && dashboard.requests.isEmpty)
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
        // Without a lesson the list stays, and says how the chosen one is played.
        dashboard.take(LessonPicture?.none)
        let alone = frame(dashboard, 30, 100).grid.lines
        for text in ["No lesson is open", "Cache aside", "9/9", "05-cache-aside"] {
            #expect(alone.contains { $0.contains(text) }, "\(text)")
        }
        dashboard.requests = []
        dashboard.press(.enter)
        #expect(dashboard.requests == [.lesson(.open("05-cache-aside"))])
    }

    @Test func theStepsAndTheScoreStandOnScreenNine() {
        var dashboard = dashboard()
        var picture = Self.picture
        picture.stepList = ["A", "B", "C", "The cache is full"].map {
            LessonPicture.Step($0, isDone: $0 < "C")
        }
        picture.score = "1 of 2 questions right"
        dashboard.take(picture)
        dashboard.perform("screen 9")
        let lines = frame(dashboard, 48, 160).grid.lines
        for text in ["ok 2 B", ".. 3 C", "> 4 The cache is full", "SCORE    1 of 2 questions"] {
            #expect(lines.contains { $0.contains(text) }, "\(text)")
        }
    }

    @Test func theLessonsFiguresSayWhereTheyComeFrom() {
        var dashboard = dashboard()
        var picture = Self.picture
        picture.figures = [
            LessonPicture.Figure("app.latency.mean", value: "16.5 ms", origin: "modelled"),
            LessonPicture.Figure("app.latency.p99", value: "230 ms", origin: "modelled"),
            LessonPicture.Figure("cache.keys", value: "7", origin: "measured"),
        ]
        dashboard.take(picture)
        let lines = frame(dashboard, 60, 160).grid.lines
        #expect(lines.contains { $0.contains("MEASURED cache.keys 7") })
        #expect(lines.contains { $0.contains("MODELLED app.latency.mean 16.5 ms, .p99") })
    }

    @Test func inALessonsWorldTheTimeIsTheLessons() {
        var source = Source(name: "lesson test", isEmbedded: true)
        source.isLesson = true
        var dashboard = Dashboard(source)
        for second in 0..<90 {
            var sample = Sample(instant: Int64(second) * 1000, wall: 0, interval: 1000)
            sample.isBeginning = second == 0
            sample.numbers["used_memory"] = Double(second)
            dashboard.take(sample)
        }
        #expect(dashboard.history.snapshots.count == 90)
        let head = frame(dashboard, 24, 80).grid.lines[0]
        #expect(head.contains("LESSON at 1:29") && !head.contains("Hz"))
        // What did not happen is forgotten.
        var sample = Sample(instant: 0, wall: 0, interval: 1000)
        sample.isBeginning = true
        dashboard.take(sample)
        #expect(dashboard.history.snapshots.count == 1)
        dashboard.press(.character("d"))
        #expect(dashboard.isLeaving)
    }
}
