import Bytes
import CEdit
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Terminal

/// A terminal that the screen is shown on.
private final class Window {
    var controller: Int32 = -1
    var terminal: Int32 = -1
    let guardian: TerminalGuard

    init(rows: Int = 10, columns: Int = 40) throws {
        var size = winsize()
        (size.ws_row, size.ws_col) = (UInt16(rows), UInt16(columns))
        openpty(&controller, &terminal, nil, nil, &size)
        _ = fcntl(controller, F_SETFL, O_NONBLOCK)
        let descriptor = Descriptor(terminal)
        guardian = try #require(TerminalGuard(input: descriptor, output: descriptor))
    }

    deinit {
        close(controller)
        close(terminal)
    }

    func resize(rows: Int, columns: Int) {
        var size = winsize()
        (size.ws_row, size.ws_col) = (UInt16(rows), UInt16(columns))
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    }

    /// What has arrived.
    func take() -> String {
        var bytes: [UInt8] = []
        while case .bytes(let more) = Descriptor(controller).read(atMost: 65_536) { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    var isCooked: Bool {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return modes.c_lflag & tcflag_t(ICANON) != 0 && modes.c_oflag & tcflag_t(OPOST) != 0
    }

    func screen(_ terminal: String = "xterm-256color", color: Bool = true) throws -> FullScreen {
        try FullScreen(
            guardian: guardian, output: Descriptor(self.terminal), terminal: terminal,
            wantsColor: color)
    }
}

private func grid(_ lines: [String], rows: Int = 10, columns: Int = 40) -> CellGrid {
    var grid = CellGrid(rows: rows, columns: columns)
    for (row, line) in lines.enumerated() { grid.put(line, row: row, column: 0) }
    return grid
}

@Suite(.serialized)
struct FullScreenTests {
    @Test func aFrameIsOneWrite() throws {
        let window = try Window()
        let screen = try window.screen()
        #expect(screen.colors == 256)
        screen.enter()
        #expect(!window.isCooked)
        let first = screen.show(grid(["hello", "日本", "e\u{301}"]))
        #expect(screen.writes == 1 && screen.framesShown == 1)
        let bytes = window.take()
        #expect(first == .shown(bytes.utf8.count))
        #expect(bytes.hasPrefix("\u{1B}[?2026h\u{1B}[?1049h"))
        #expect(bytes.contains("\u{1B}[1;10r"))
        #expect(bytes.contains("hello") && bytes.contains("日本") && bytes.contains("e\u{301}"))
        #expect(bytes.contains("\u{1B}[?2004h") && bytes.contains("\u{1B}[?1006h"))
        #expect(screen.show(grid(["hello", "日本", "e\u{301}"])) == .unchanged)
        #expect(window.take() == "" && screen.writes == 1)
        screen.show(grid(["hellO", "日本", "e\u{301}"]))
        var second = window.take()
        // A busy machine may not take the bytes at once; they are kept for it.
        for _ in 0..<1_000_000 where screen.writes < 2 {
            screen.show(grid(["hellO", "日本", "e\u{301}"]))
            second += window.take()
        }
        #expect(screen.writes == 2)
        #expect(second.hasPrefix("\u{1B}[?2026h") && second.hasSuffix("\u{1B}[?2026l"))
        #expect(second.contains("O") && second.utf8.count < 40)
        screen.leave()
        let farewell = window.take()
        #expect(farewell.contains("\u{1B}[?1049l") && farewell.contains("\u{1B}[?1000l"))
        #expect(farewell.contains("\u{1B}[?2004l") && farewell.contains("\u{1B}[?25h"))
        #expect(window.isCooked)
    }

    /// Editors read descriptions of terminals into what ncurses shares with them.
    @Test func othersMayReadDescriptionsMeanwhile() throws {
        let window = try Window()
        let screen = try window.screen()
        screen.enter()
        let isOver = Mutex(false)
        let thread = Thread {
            while !isOver.withLock({ $0 }) {
                var engine = cedit_engine()
                if cedit_open(&engine) { cedit_close(&engine) }
            }
        }
        thread.start()
        defer { isOver.withLock { $0 = true } }
        var missing: [Int] = []
        for number in 0..<300 {
            let outcome = screen.show(grid(["the picture \(number % 2 == 0 ? "even" : "odd")"]))
            let bytes = window.take()
            guard case .shown = outcome else { continue }
            if !bytes.contains("\u{1B}[") { missing.append(number) }
        }
        #expect(missing.isEmpty && screen.framesShown > 100)
        screen.leave()
    }

    /// What is put on the screen makes the old picture the new one, and cuts no character.
    @Test(arguments: [1, 2, 3] as [UInt64]) func onlyWhatDiffersIsPut(seed: UInt64) {
        var dice = Random(seed: seed)
        let letters = ["a", "b", "日", "本", " "]
        func row() -> CellGrid {
            var grid = CellGrid(rows: 1, columns: 12)
            var text = ""
            for _ in 0..<(dice.next(below: 9)) { text += letters[dice.next(below: 5)] }
            grid.put(text, row: 0, column: 0)
            return grid
        }
        for _ in 0..<3000 {
            let (old, new) = (row().cells, row().cells)
            let part = FullScreen.difference(old, new, 0..<12)
            #expect(old[..<part.lowerBound] == new[..<part.lowerBound])
            #expect(old[part.upperBound...] == new[part.upperBound...])
            for edge in [part.lowerBound, part.upperBound] where edge < 12 && !part.isEmpty {
                #expect(!old[edge].isHalf && !new[edge].isHalf)
            }
            #expect(part.isEmpty == (old == new))
        }
    }

    @Test func itComesBackAndFollowsTheSize() throws {
        let window = try Window()
        let screen = try window.screen()
        screen.enter()
        screen.show(grid(["one"]))
        screen.leave()
        _ = window.take()
        screen.enter()
        screen.show(grid(["one"]))
        #expect(window.take().contains("\u{1B}[?1049h"))
        for (rows, columns) in [(30, 100), (1, 1), (60, 200), (3, 7)] {
            window.resize(rows: rows, columns: columns)
            #expect(screen.refreshSize() == TerminalSize(rows: rows, columns: columns))
            let corner = grid(
                Array(repeating: String(repeating: "x", count: columns), count: rows),
                rows: rows, columns: columns)
            screen.show(corner)
            let count = window.take().count { $0 == "x" }
            // ncurses may repeat a character by a short sequence.
            #expect(count > 0)
        }
        screen.leave()
    }

    @Test func aTerminalThatDoesNotReadCostsFramesOnly() throws {
        let window = try Window(rows: 60, columns: 200)
        let screen = try window.screen()
        screen.enter()
        func noise(_ number: Int) -> CellGrid {
            let line = (0..<200).map { "\(($0 * 7 + number * 3) % 10)" }.joined()
            return grid(Array(repeating: line, count: 60), rows: 60, columns: 200)
        }
        for number in 0..<20 { screen.show(noise(number)) }
        #expect(screen.framesDropped > 0)
        let dropped = screen.framesDropped
        _ = window.take()
        var frame = 100
        while screen.show(noise(frame)) == .dropped {
            _ = window.take()
            frame += 1
        }
        #expect(frame < 200 && screen.framesDropped >= dropped)
        _ = window.take()
        screen.leave()
    }

    @Test(arguments: [("vt100", 0), ("xterm", 8), ("tmux-256color", 256)])
    func eachTerminalHasItsColours(name: String, colors: Int) throws {
        let window = try Window()
        let screen = try window.screen(name)
        #expect(screen.colors == colors)
        screen.enter()
        var picture = grid(["plain"])
        picture.put("red", row: 1, column: 0, CellStyle(Style(.palette(172), bold: true)))
        screen.show(picture)
        #expect(window.take().contains("red"))
        screen.leave()
        _ = window.take()
    }

    @Test func withoutColourNoneIsSpoken() throws {
        let window = try Window()
        let screen = try window.screen(color: false)
        screen.enter()
        var picture = grid(["plain"])
        picture.put("red", row: 1, column: 0, CellStyle(Style(.red, bold: true)))
        screen.show(picture)
        let bytes = window.take()
        #expect(!bytes.contains("\u{1B}[31m") && !bytes.contains(";31m"))
        screen.leave()
    }

    @Test(arguments: ["dumb", "no-such-terminal"])
    func whatCannotBeDrawnOnIsRefused(name: String) throws {
        let window = try Window()
        #expect(throws: FullScreen.Failure.self) { _ = try window.screen(name) }
        // Another may be had afterwards.
        _ = try window.screen()
    }

    @Test func theMouseIsRead() {
        func keys(_ text: String) -> [Key] {
            var decoder = KeyDecoder()
            return text.utf8.compactMap { decoder.feed($0) }
        }
        func mouse(_ action: Key.Mouse.Action, _ row: Int, _ column: Int) -> [Key] {
            [.mouse(Key.Mouse(action, row: row, column: column))]
        }
        #expect(keys("\u{1B}[<0;251;3M") == mouse(.press(0), 2, 250))
        #expect(keys("\u{1B}[<0;251;3m") == mouse(.release, 2, 250))
        #expect(keys("\u{1B}[<64;1;1M") == mouse(.wheelUp, 0, 0))
        #expect(keys("\u{1B}[<81;1;1M") == mouse(.wheelDown, 0, 0))
        #expect(keys("\u{1B}[M !\"") == mouse(.press(0), 1, 0))
        #expect(keys("\u{1B}[M#!\"") == mouse(.release, 1, 0))
        #expect(keys("\u{1B}[<35;9;9M") == [.unknown])
        #expect(keys("\u{1B}[<;9M") == [.unknown])
    }
}
