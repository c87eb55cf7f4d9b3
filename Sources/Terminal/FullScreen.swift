import CEdit
import CScreen
import Glibc

// Safe: ncurses' state is touched only by this object, of which there is one per process and which
// its thread keeps; arrays are lent to C for one call each, and the bytes of a frame are copied
// before the next call.
//
// The whole screen of a terminal. What is shown is a CellGrid; ncurses finds out which bytes turn
// the last one into it, hands them out as one piece, and they go out in one write. That write never
// waits: when the terminal does not read, frames are dropped until it does, and whoever measures
// goes on measuring. Keys do not come through ncurses but through TerminalInput, as at the prompt.
//
// While the screen is shown, standard error is kept in memory, and given to the terminal
// afterwards, also after a crash (CEdit/guard.c): a message in the middle of a picture helps
// nobody.

/// The whole screen of the terminal. One per process at a time.
@safe
public final class FullScreen {
    /// Why there is none.
    public enum Failure: Error, Equatable {
        /// TERM is empty, or names no terminal that is known.
        case unknownTerminal
        /// The terminal cannot put its cursor anywhere.
        case noAddressing
        /// The system refused, or there is one already.
        case unavailable
    }

    /// What became of a frame.
    public enum Outcome: Equatable, Sendable {
        /// The screen shows it already.
        case unchanged
        /// It was written, with so many bytes.
        case shown(Int)
        /// The terminal does not take more for now.
        case dropped
    }

    /// How many colours there are: 0, 8, 16, 256 or more.
    public let colors: Int
    /// Frames that were written.
    public private(set) var framesShown = 0
    /// Frames that were not, because the terminal did not read.
    public private(set) var framesDropped = 0
    /// Bytes that were written.
    public private(set) var bytesWritten = 0
    /// Calls of the system that wrote them.
    public private(set) var writes = 0
    /// True when the terminal is gone.
    public private(set) var isGone = false
    /// Is given the bytes as they are written.
    public var onBytes: ([UInt8]) -> Void = { _ in }
    /// Whether the mouse speaks to the screen; text can be selected when it does not.
    public var usesMouse: Bool {
        didSet { if isShown, usesMouse != oldValue { send(Self.mouse(usesMouse)) } }
    }

    private let guardian: TerminalGuard
    private let output: Descriptor
    private let writer: Int32
    private var size: TerminalSize
    private var shown: CellGrid?
    private var shownCursor: (row: Int, column: Int)?
    private var isShown = false
    /// How long a terminal may not read before it is left without being put back, in milliseconds.
    private static let patience: Int32 = 3000
    private var pending: [UInt8] = []

    /// Prepares the screen; ``enter()`` shows it.
    public init(
        guardian: TerminalGuard, output: Descriptor = .output, terminal: String? = nil,
        wantsColor: Bool = true, usesMouse: Bool = true
    ) throws(Failure) {
        _ = DisplayWidth.isUTF8
        let size = output.terminalSize ?? .classic
        var colors: Int32 = 0
        let rows = Int32(clamping: size.rows)
        let columns = Int32(clamping: size.columns)
        let result = Self.alone { () -> Int32 in
            if let terminal {
                unsafe cscreen_start(terminal, rows, columns, wantsColor, &colors)
            } else {
                unsafe cscreen_start(nil, rows, columns, wantsColor, &colors)
            }
        }
        switch Int(result) {
        case CSCREEN_STARTED: break
        case CSCREEN_UNKNOWN_TERMINAL: throw .unknownTerminal
        case CSCREEN_NO_ADDRESSING: throw .noAddressing
        default: throw .unavailable
        }
        self.colors = Int(colors)
        self.guardian = guardian
        self.output = output
        self.size = size
        self.usesMouse = usesMouse
        // A pseudo-terminal can be opened again, so that not waiting is our affair alone.
        let own = cscreen_open_unblocked(output.number)
        writer = own >= 0 ? own : output.number
    }

    deinit {
        leave()
        Self.alone { cscreen_stop() }
        if writer != output.number { close(writer) }
    }

    /// Does something while nobody else reads a terminal's description: that changes which terminal
    /// ncurses writes for.
    private static func alone<Result>(_ body: () -> Result) -> Result {
        cedit_lock_description()
        defer { cedit_unlock_description() }
        return body()
    }

    // MARK: Coming and going

    /// Takes the terminal: the other screen, keys as bytes, pastes between brackets, the mouse.
    public func enter() {
        guard !isShown else { return }
        var captured: Int32 = -1
        var original: Int32 = -1
        if Descriptor.error.isTerminal { unsafe cscreen_capture_errors(&captured, &original) }
        guardian.enterBare(captured: captured, original: original)
        isShown = true
        refreshSize()
        shown = nil
    }

    /// Gives the terminal back as it was; what was written to standard error follows.
    public func leave() {
        guard isShown else { return }
        isShown = false
        var bytes: UnsafePointer<UInt8>?
        let count = Self.alone { unsafe cscreen_leave(&bytes) }
        let farewell = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
        // A terminal that does not read for so long will not get the end of the last frame. What
        // follows is worth waiting for: without it the terminal stays as it is.
        if !flush(milliseconds: 500) { pending = [] }
        send(Self.mouse(false) + Array(ANSI.disableBracketedPaste.utf8) + farewell)
        _ = flush(milliseconds: Self.patience)
        pending = []
        shown = nil
        guardian.endBare()
        cscreen_release_errors()
    }

    /// Leaves, stops the process as Ctrl-Z does, and enters again when it goes on.
    public func suspend() {
        leave()
        guardian.suspend()
        enter()
    }

    /// The size; asks the terminal.
    @discardableResult
    public func refreshSize() -> TerminalSize {
        let now = output.terminalSize ?? size
        if now != size {
            size = now
            Self.alone {
                cscreen_resize(Int32(clamping: now.rows), Int32(clamping: now.columns))
            }
            shown = nil
        }
        return size
    }

    /// The next frame is drawn whole.
    public func repaint() {
        shown = nil
        cscreen_repaint()
    }

    // MARK: Showing

    /// Shows a grid, with the cursor in a cell or nowhere.
    @discardableResult
    public func show(_ grid: CellGrid, cursor: (row: Int, column: Int)? = nil) -> Outcome {
        guard isShown else { return .unchanged }
        guard flush(milliseconds: 0) else {
            framesDropped += 1
            return .dropped
        }
        let sameCursor = cursor?.row == shownCursor?.row && cursor?.column == shownCursor?.column
        if let shown, sameCursor, shown == grid { return .unchanged }
        var start: UnsafePointer<UInt8>?
        let count = Self.alone {
            put(grid)
            cscreen_set_cursor(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
            return unsafe cscreen_frame(&start)
        }
        shownCursor = cursor
        let isFirst = shown == nil
        shown = grid
        var bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
        if isFirst {
            bytes += Array(ANSI.enableBracketedPaste.utf8) + Self.mouse(usesMouse)
        }
        guard !bytes.isEmpty else { return .unchanged }
        framesShown += 1
        send(bytes)
        return .shown(bytes.count)
    }

    private func put(_ grid: CellGrid) {
        let columns = grid.columns
        var scalars: [UInt32] = []
        var styles: [UInt32] = []
        let former =
            shown?.columns == columns && shown?.rows == grid.rows
                && shown?.marks.isEmpty == true && grid.marks.isEmpty ? shown : nil
        for row in 0..<min(grid.rows, size.rows) {
            var range = (row * columns)..<((row + 1) * columns)
            if let former {
                range = Self.difference(former.cells, grid.cells, range)
                if range.isEmpty { continue }
            }
            scalars.removeAll(keepingCapacity: true)
            styles.removeAll(keepingCapacity: true)
            for cell in grid.cells[range] {
                scalars.append(cell.scalar)
                styles.append(cell.style.bits)
            }
            unsafe cscreen_put_row(
                Int32(row), Int32(range.lowerBound - row * columns), scalars, styles,
                Int32(range.count))
        }
        for (index, marks) in grid.marks {
            let cell = grid.cells[index]
            let text = [cell.scalar] + marks.map(\.value)
            unsafe cscreen_put_cell(
                Int32(index / columns), Int32(index % columns), text, Int32(text.count),
                cell.style.bits)
        }
    }

    /// From the first cell of a row that differs to the last, with both halves of what is wide.
    static func difference(_ old: [Cell], _ new: [Cell], _ row: Range<Int>) -> Range<Int> {
        var first = row.lowerBound
        var end = row.upperBound
        while first < end, old[first] == new[first] { first += 1 }
        while end > first, old[end - 1] == new[end - 1] { end -= 1 }
        if first == end { return first..<first }
        while first > row.lowerBound, old[first].isHalf || new[first].isHalf { first -= 1 }
        while end < row.upperBound, old[end].isHalf || new[end].isHalf { end += 1 }
        return first..<end
    }

    // MARK: Writing

    /// True while the terminal has not taken all of the last frame.
    public var isBehind: Bool { !pending.isEmpty }

    /// Writes what it takes now of the rest.
    public func catchUp() { _ = flush(milliseconds: 0) }

    /// Sounds the terminal's bell.
    public func ring() { send([0x07]) }

    private func send(_ bytes: [UInt8]) {
        onBytes(bytes)
        pending += bytes
        _ = flush(milliseconds: 0)
    }

    /// Writes what is left of the last frame. False when the terminal does not take it.
    private func flush(milliseconds: Int32) -> Bool {
        var offset = 0
        defer { if offset > 0 { pending.removeFirst(offset) } }
        // After a crash the terminal shows its reason: nothing is drawn over that.
        while offset < pending.count, !TerminalGuard.isOver {
            let count = unsafe pending.withUnsafeBytes { buffer in
                unsafe Glibc.write(writer, buffer.baseAddress! + offset, buffer.count - offset)
            }
            if count >= 0 {
                offset += count
                bytesWritten += count
                writes += 1
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: writer, events: Int16(POLLOUT), revents: 0)
                guard milliseconds > 0, unsafe poll(&wanted, 1, milliseconds) == 1 else {
                    return false
                }
            } else if errno != EINTR {
                isGone = true
                offset = pending.count
            }
        }
        return true
    }

    private static func mouse(_ on: Bool) -> [UInt8] {
        let end = on ? "h" : "l"
        return Array("\u{1B}[?1000\(end)\u{1B}[?1006\(end)".utf8)
    }
}
