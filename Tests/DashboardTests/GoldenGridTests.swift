import Foundation
import Terminal
import Testing

@testable import Dashboard

/// What the overview looks like at each size, with each kind of terminal, is written down. With
/// LARDER_WRITE_GOLDEN=1 it is written anew, to be looked at before it is kept.
@Suite struct GoldenGridTests {
    static let sizes = [(50, 200), (48, 160), (24, 80), (16, 60), (8, 40), (1, 20)]

    struct Picture: Sendable, CustomTestStringConvertible {
        var rows: Int
        var columns: Int
        var isUTF8: Bool
        var depth: ColorDepth
        var lines: [String] = []
        var name = ""

        var file: String {
            let colors =
                switch depth {
                case .many: "256"
                case .sixteen: "16"
                case .eight: "8"
                case .mono: "mono"
                }
            let characters = isUTF8 ? "utf8" : "ascii"
            return "\(name)\(columns)x\(rows)-\(characters)-\(colors).txt"
        }

        var testDescription: String { file }
    }

    static let pictures: [Picture] = {
        let kinds: [(Bool, ColorDepth)] = [
            (true, .many), (true, .eight), (true, .mono), (false, .many), (false, .eight),
            (false, .mono),
        ]
        let overview = sizes.flatMap { rows, columns in
            kinds.map { Picture(rows: rows, columns: columns, isUTF8: $0, depth: $1) }
        }
        let screens = (2...9).map { number in
            Picture(
                rows: 40, columns: 120, isUTF8: true, depth: .many, lines: ["screen \(number)"],
                name: "screen\(number)-")
        }
        let others: [(String, [String])] = [
            ("help-", ["help"]), ("explain-", ["explain hit_rate"]), ("paused-", ["back 20"]),
            ("alerts-", ["alerts"]), ("board-", ["pin lb:daily"]), ("expanded-", ["expand"]),
            ("blocks-", ["graph blocks"]), ("error-", ["explain wrongtype"]),
        ]
        let keys = sizes.prefix(4).flatMap { rows, columns in
            kinds.map {
                Picture(
                    rows: rows, columns: columns, isUTF8: $0, depth: $1,
                    lines: ["screen 3", "down", "down", "expand"], name: "keys-")
            }
        }
        let latencies = sizes.prefix(4).flatMap { rows, columns in
            kinds.map {
                Picture(
                    rows: rows, columns: columns, isUTF8: $0, depth: $1, lines: ["screen 4"],
                    name: "commands-")
            }
        }
        let lessons = [(48, 160), (40, 120), (24, 80), (16, 60)].map { rows, columns in
            Picture(
                rows: rows, columns: columns, isUTF8: true, depth: .many, lines: ["LESSON"],
                name: "lesson-")
        }
        return overview + screens + keys + latencies + lessons
            + others.map { name, lines in
                Picture(
                    rows: 30, columns: 100, isUTF8: true, depth: .many, lines: lines, name: name)
            }
    }()

    private static let seeded = Seeded.dashboard(90)

    private func text(_ picture: Picture) -> String {
        var dashboard = Self.seeded
        for line in picture.lines where line != "LESSON" { dashboard.perform(line) }
        if picture.lines == ["LESSON"] { dashboard.take(LessonTests.picture) }
        dashboard.state.message = nil
        let painter = FramePainter(depth: picture.depth, isUTF8: picture.isUTF8)
        let frame = painter.frame(
            dashboard.view(), rows: picture.rows, columns: picture.columns)
        return Self.described(frame.grid)
    }

    /// The rows, then which styles stand where.
    static func described(_ grid: CellGrid) -> String {
        var names: [CellStyle: Character] = [.plain: "."]
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var text = grid.lines.joined(separator: "\n") + "\n---\n"
        for row in 0..<grid.rows {
            var line = ""
            for column in 0..<grid.columns {
                let style = grid[row, column].style
                if names[style] == nil { names[style] = letters[names.count - 1] }
                line.append(names[style]!)
            }
            while line.last == "." { line.removeLast() }
            text += line + "\n"
        }
        let legend = names.filter { $0.key != .plain }.sorted { $0.value < $1.value }
        text += "---\n"
        for (style, letter) in legend { text += "\(letter) \(Self.described(style.style))\n" }
        return text
    }

    private static func described(_ style: Style) -> String {
        func number(_ color: Color) -> String {
            switch color {
            case .ansi(let number), .palette(let number): String(number)
            }
        }
        var words: [String] = []
        if let color = style.foreground { words.append("on \(number(color))") }
        if let color = style.background { words.append("over \(number(color))") }
        if style.bold { words.append("bold") }
        if style.dim { words.append("dim") }
        if style.underline { words.append("underline") }
        if style.inverse { words.append("inverse") }
        return words.joined(separator: " ")
    }

    @Test(arguments: pictures)
    func picturesAreAsWrittenDown(picture: Picture) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        let file = folder.appending(path: picture.file)
        let now = text(picture)
        if ProcessInfo.processInfo.environment["LARDER_WRITE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            try now.write(to: file, atomically: true, encoding: .utf8)
        }
        let known = try String(contentsOf: file, encoding: .utf8)
        #expect(now == known, "\(picture.file) has changed:\n\(now)")
    }

    @Test(arguments: sizes)
    func inASCIIThereIsNothingElse(rows: Int, columns: Int) {
        let dashboard = Self.seeded
        for depth in [ColorDepth.many, .mono] {
            let painter = FramePainter(depth: depth, isUTF8: false)
            for screen in ScreenID.allCases {
                var dashboard = dashboard
                dashboard.perform("screen \(screen.rawValue)")
                let view = dashboard.view()
                let grid = painter.frame(view, rows: rows, columns: columns).grid
                for line in grid.lines {
                    #expect(line.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "\(line)")
                }
            }
        }
    }

    /// Sizes that nobody thought of: nothing may fail, and nothing may stand outside.
    @Test func everySizeIsDrawn() {
        var dashboard = Seeded.dashboard(70)
        dashboard.perform("pin lb:daily")
        let painter = FramePainter(depth: .many, isUTF8: true)
        for screen in ScreenID.allCases {
            dashboard.perform("screen \(screen.rawValue)")
            for rows in [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 23, 24, 31, 60] {
                for columns in [0, 1, 9, 10, 11, 39, 40, 41, 59, 60, 79, 80, 100, 149, 150, 201] {
                    let frame = painter.frame(dashboard.view(), rows: rows, columns: columns)
                    #expect(frame.grid.rows == rows && frame.grid.columns == columns)
                }
            }
        }
    }

    @Test func aDashboardThatKnowsNothingIsDrawn() {
        let dashboard = Dashboard(Source(name: "nobody"))
        let painter = FramePainter(depth: .many, isUTF8: true)
        for (rows, columns) in Self.sizes {
            let grid = painter.frame(dashboard.view(), rows: rows, columns: columns).grid
            #expect(grid.lines.contains { !$0.isEmpty })
        }
    }
}
