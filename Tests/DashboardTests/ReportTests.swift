import Foundation
import Terminal
import Testing

@testable import Dashboard

/// What is printed, written and recorded says what the panels say.
@Suite struct ReportTests {
    @Test func jsonHasTheNumbersOfThePanels() throws {
        let view = Seeded.dashboard(90).view()
        let text = PlainReport(.json).whole(view)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let figures = try #require(object["figures"] as? [String: Any])
        for id in [FigureID.usedMemory, .hitRate, .operations, .evicted, .clients, .keys] {
            let number = try #require(figures[id.rawValue] as? Double)
            let own = try #require(view.snapshot?[id])
            #expect(abs(number - own) < 0.001, "\(id)")
        }
        let tables = try #require(object["tables"] as? [String: [[String: Any]]])
        #expect(tables["commands"]?.first?["command"] as? String == "GET")
        #expect(tables["clients"]?.count == 9)
        #expect(tables["slow"]?.count == Seeded.awkward.count)
    }

    // MARK: The past

    @Test func thePastIsARowASecond() throws {
        let dashboard = Seeded.dashboard(90)
        let rows = PastReport(dashboard.view(), seconds: 300).csv.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0) } }
        // Ninety seconds were seen, the first of them alone has no time behind it.
        #expect(rows.count == 1 + 89 + 1 && rows.last == [""])
        #expect(rows[0].first == "time" && Set(rows.dropLast().map(\.count)).count == 1)
        #expect(rows[1][0] == "2026-11-25 12:00:02" && rows[89][0] == "2026-11-25 12:01:30")
        let view = dashboard.view()
        for id in [FigureID.usedMemory, .hitRate, .operations, .evicted] {
            let column = try #require(rows[0].firstIndex(of: id.rawValue))
            let last = try #require(Double(rows[89][column]))
            // The last row is the second that the panels show.
            #expect(abs(last - (view.snapshot?[id] ?? -1)) < 0.001 * max(last, 1), "\(id)")
        }
    }

    @Test func aPauseEndsThePast() throws {
        var dashboard = Seeded.dashboard(90)
        dashboard.perform("back 30")
        let past = PastReport(dashboard.view(), seconds: 10)
        #expect(past.times.count == 10)
        #expect(PastReport.clock(try #require(past.times.last)) == "2026-11-25 12:01:00")
        dashboard.perform("pause")
        #expect(PastReport(dashboard.view(), seconds: 10).times.last == past.times[9] + 30_000)
    }

    @Test func aGapInThePastIsEmpty() throws {
        var source = Seeded(7)
        var dashboard = Dashboard(Source(name: "gap \"1\""))
        for second in 1...20 {
            let sample = source.next()
            if !(8...14).contains(second) { dashboard.take(sample) }
        }
        let past = PastReport(dashboard.view(), seconds: 60)
        let used = try #require(past.columns.first { $0.id == .usedMemory }).values
        #expect(used.count == 19 && used[9] == nil && used[2] != nil && used[18] != nil)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(past.json.utf8)) as? [String: Any])
        #expect(object["target"] as? String == "gap \"1\"" && object["step"] as? Int == 1000)
        let figures = try #require(object["figures"] as? [String: [Any]])
        let times = try #require(object["times"] as? [Int64])
        #expect(figures.values.allSatisfy { $0.count == times.count })
        #expect(figures["memory_used"]?[9] is NSNull)
        #expect(past.csv.split(separator: "\n")[10].contains(",,"))
    }

    @Test func moreThanAnHourIsTenSecondsARow() {
        let past = PastReport(Seeded.dashboard(90).view(), seconds: 4 * 3600)
        #expect(past.step == 10_000 && past.times.count == 9)
        #expect(PastReport.clock(951_782_400_000) == "2000-02-29 00:00:00")
        #expect(PastReport.clock(1_735_689_599_000) == "2024-12-31 23:59:59")
    }

    @Test func exportReadsFormLengthAndFile() {
        var dashboard = Seeded.dashboard(2)
        for (line, request) in [
            ("export csv 5m out.csv", Dashboard.Request.export("out.csv", .csv, seconds: 300)),
            ("export json 90s a b", .export("a b", .json, seconds: 90)),
            ("export 5m out.json", .export("out.json", .json, seconds: 300)),
            ("export 5m out", .export("out", .csv, seconds: 300)),
            ("export csv 5m", .export("5m", .csv)), ("export 24h.csv", .export("24h.csv", .csv)),
            ("export json out", .export("out", .json)),
        ] {
            dashboard.requests = []
            dashboard.perform(line)
            #expect(dashboard.requests == [request], "\(line)")
        }
        for (line, word) in [
            ("export plain 5m out", "csv or json"), ("export csv 0m out", "1s to 24h"),
            ("export csv 48h out", "1s to 24h"), ("export", "missing"),
        ] {
            dashboard.requests = []
            dashboard.perform(line)
            #expect(dashboard.requests.isEmpty, "\(line)")
            #expect(dashboard.state.message?.contains(word) == true, "\(line)")
        }
    }

    // MARK: The present

    @Test func theScreenHasTheSameNumbers() throws {
        let dashboard = Seeded.dashboard(90)
        let painter = FramePainter(depth: .mono, isUTF8: true)
        let screen = painter.frame(dashboard.view(), rows: 60, columns: 220).grid.lines
            .joined(separator: "\n")
        let plain = PlainReport(.plain).whole(dashboard.view())
        for id in [FigureID.usedMemory, .operations, .evicted, .expired, .latency99, .peakMemory] {
            let text = Amount.text(dashboard.view().snapshot?[id], Figure[id].unit)
            #expect(screen.contains(text), "\(id): \(text)")
            #expect(plain.contains(text), "\(id): \(text)")
        }
    }

    @Test func plainHasNoDrawing() {
        let text = PlainReport(.plain).whole(Seeded.dashboard(90).view())
        for scalar in text.unicodeScalars {
            #expect(!(0x2500...0x28FF).contains(scalar.value) && scalar != "\u{1B}")
        }
        for line in text.split(separator: "\n") {
            #expect(line.contains(": "), "\(line)")
        }
    }

    @Test func onlyChangesAreRepeated() {
        var source = Seeded(7)
        var dashboard = Dashboard(Source(name: "x"))
        dashboard.take(source.next())
        var report = PlainReport(.plain)
        let first = report.changes(dashboard.view())
        #expect(report.changes(dashboard.view()) == "")
        dashboard.take(source.next())
        let second = report.changes(dashboard.view())
        #expect(second.contains("memory") && !second.contains("allkeys-lru"))
        #expect(first.contains("allkeys-lru") && second.count < first.count)
    }

    @Test func csvIsReadable() {
        let lines = PlainReport(.csv).whole(Seeded.dashboard(90).view())
            .split(separator: "\n")
        #expect(lines[0] == "figure,value,unit")
        #expect(lines.contains { $0.hasPrefix("memory_used,") && $0.hasSuffix(",bytes") })
        #expect(
            lines.allSatisfy {
                $0.split(separator: ",", omittingEmptySubsequences: false).count == 3
            })
    }

    @Test func aRecordingHasExactlyTheBytes() throws {
        let path =
            NSTemporaryDirectory() + "larder-cast-\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(path) }
        let number = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        defer { close(number) }
        let recording = Recording(
            Descriptor(number), size: TerminalSize(rows: 24, columns: 80), wall: 1_795_608_000,
            terminal: "xterm-256color")
        let pieces = ["\u{1B}[?2026h日本\"\\", "\r\n", "é"].map { Array($0.utf8) }
        recording.take(pieces[0], at: 1_000_000_000)
        // A character in two pieces.
        recording.take(pieces[1] + [pieces[2][0]], at: 1_500_000_000)
        recording.take([pieces[2][1]], at: 1_750_000_000)
        recording.resize(TerminalSize(rows: 9, columns: 30), at: 2_000_000_000)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let header = try #require(
            try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(header["version"] as? Int == 3)
        #expect((header["term"] as? [String: Any])?["cols"] as? Int == 80)
        var shown: [UInt8] = []
        var times: [Double] = []
        for line in lines.dropFirst() {
            let event = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
            times.append(try #require(event[0] as? Double))
            if event[1] as? String == "o" { shown += Array((event[2] as? String ?? "").utf8) }
        }
        #expect(shown == pieces.flatMap { $0 })
        #expect(times == [0, 0.5, 0.25, 0.25])
        #expect(lines.last == "[0.250000, \"r\", \"30x9\"]")
    }

    @Test func aPictureIsWellFormed() throws {
        let dashboard = Seeded.dashboard(90)
        let painter = FramePainter(depth: .many, isUTF8: true)
        let grid = painter.frame(dashboard.view(), rows: 48, columns: 160).grid
        for paper in StillPicture.Paper.allCases {
            let svg = StillPicture.svg(grid, paper: paper)
            #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
            let texts = svg.split(separator: "\n").filter { $0.hasPrefix("<text") }
            #expect(texts.count > 100)
            #expect(texts.allSatisfy { $0.hasSuffix("</text>") })
            #expect(svg.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
            // Few fonts have dots and parts of blocks: they are drawn.
            #expect(
                !svg.unicodeScalars.contains {
                    (0x2800...0x28FF).contains($0.value) || (0x2581...0x258F).contains($0.value)
                })
        }
    }

    @Test func dotsAndBlocksAreDrawn() {
        var grid = CellGrid(rows: 1, columns: 6)
        // Two dots of the upper row, a gap, and all of a cell; then blocks.
        grid.put("\u{2801}\u{28FF}▄▄▎", row: 0, column: 0)
        let paths = StillPicture.svg(grid).split(separator: "\n").filter { $0.hasPrefix("<path") }
        #expect(
            paths == [
                """
                <path d="M13 14.2h2.6M22 14.2h7.1M22 18.7h7.1M22 23.2h7.1M22 27.7h7.1" fill="none" \
                stroke="#d4d4d4" stroke-width="2.6" stroke-dasharray="2.6 1.9"/>
                """, "<path d=\"M30 21h18v9h-18zM48 12h2.2v18h-2.2z\" fill=\"#d4d4d4\"/>",
            ])
    }

    @Test func untrustedNamesAreHarmlessEverywhere() {
        var dashboard = Seeded.dashboard(5)
        for screen in [4, 5, 6] {
            dashboard.perform("screen \(screen)")
            let painter = FramePainter(depth: .many, isUTF8: true)
            let grid = painter.frame(dashboard.view(), rows: 60, columns: 200).grid
            for cell in grid.cells where !cell.isHalf {
                #expect(cell.scalar >= 0x20 && !(0x7F...0x9F).contains(cell.scalar))
                #expect(cell.scalar != 0x202E)
            }
        }
        let plain = PlainReport(.plain).whole(dashboard.view())
        #expect(!plain.contains("\u{1B}") && !plain.contains("\u{202E}"))
    }
}
