import Bytes
public import Terminal

// What a prompt in a pane has printed. The console writes the bytes that it would write to a
// terminal; here they become lines of styled text. Of escape sequences only colours, clearing and
// going home mean something, everything else is dropped, and bytes without a form are spelled out,
// so that no reply can speak to the terminal. The number of lines is bounded and so is their
// length: drawing a frame must not depend on what a server holds.

/// The last lines of a prompt in a pane.
public struct PaneOutput: Sendable {
    /// So many lines are kept.
    public static let limit = 5000
    /// So many bytes of a line are kept.
    public static let reach = 10_000

    private var lines: [Text] = []
    /// So many lines came before these.
    private var dropped = 0
    private var partial = Text()
    private var style = Style.plain
    private var plain: [UInt8] = []
    /// Bytes of this line, and of them those that were left out.
    private var length = 0
    private var sequence: [UInt8]?
    private var hasReturned = false
    private var isHome = false
    /// Where the page begins that is shown after the screen was cleared.
    private var page = 0

    /// Nothing yet.
    public init() {}

    /// How many lines there are.
    public var count: Int { lines.count + (partial.isEmpty ? 0 : 1) }

    /// Takes what is printed.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if sequence != nil {
                take(sequenceByte: byte)
                continue
            }
            switch byte {
            case 0x1B:
                flush()
                sequence = []
            case 0x0A: endLine()
            case 0x0D:
                flush()
                hasReturned = true
            case 0x09: for _ in 0..<4 { add(0x20) }
            default: add(byte)
            }
        }
        flush()
    }

    private mutating func add(_ byte: UInt8) {
        startOver()
        length += 1
        if length <= Self.reach { plain.append(byte) }
    }

    /// Goes back to where the terminal's cursor has gone.
    private mutating func startOver() {
        if isHome {
            isHome = false
            lines.removeSubrange(min(page, lines.count)...)
            partial = Text()
            length = 0
        }
        guard hasReturned else { return }
        hasReturned = false
        partial = Text()
        length = 0
    }

    private mutating func flush() {
        guard !plain.isEmpty else { return }
        partial.append(CellText.shown(plain, ascii: !DisplayWidth.isUTF8), style)
        plain.removeAll(keepingCapacity: true)
    }

    private mutating func endLine() {
        flush()
        hasReturned = false
        if isHome { startOver() }
        if length > Self.reach {
            partial.append(" … \(length - Self.reach) more bytes", .faint)
        }
        lines.append(partial)
        partial = Text()
        length = 0
        // Not one by one: that would move all the others each time.
        if lines.count >= Self.limit + 500 {
            let surplus = lines.count - Self.limit
            lines.removeFirst(surplus)
            dropped += surplus
            page = max(page - surplus, 0)
        }
    }

    // MARK: Sequences

    private mutating func take(sequenceByte byte: UInt8) {
        guard var collected = sequence else { return }
        if collected.isEmpty, byte == UInt8(ascii: "[") {
            sequence = [byte]
            return
        }
        guard collected.first == UInt8(ascii: "["), collected.count < 64 else {
            sequence = nil
            return
        }
        if 0x40...0x7E ~= byte {
            sequence = nil
            return perform(Array(collected.dropFirst()), byte)
        }
        collected.append(byte)
        sequence = collected
    }

    private mutating func perform(_ parameters: [UInt8], _ final: UInt8) {
        switch final {
        case UInt8(ascii: "m"): render(parameters)
        case UInt8(ascii: "H") where parameters.isEmpty: isHome = true
        case UInt8(ascii: "J") where parameters == [UInt8(ascii: "2")]:
            isHome = false
            partial = Text()
            length = 0
            page = lines.count
        case UInt8(ascii: "K") where hasReturned: startOver()
        default: break
        }
    }

    private mutating func render(_ parameters: [UInt8]) {
        var numbers = parameters.split(
            separator: UInt8(ascii: ";"), omittingEmptySubsequences: false
        ).map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }[...]
        while let number = numbers.popFirst() {
            switch number {
            case 0: style = .plain
            case 1: style.bold = true
            case 2: style.dim = true
            case 3: style.italic = true
            case 4: style.underline = true
            case 7: style.inverse = true
            case 22: (style.bold, style.dim) = (false, false)
            case 23: style.italic = false
            case 24: style.underline = false
            case 27: style.inverse = false
            case 30...37: style.foreground = .ansi(UInt8(number - 30))
            case 39: style.foreground = nil
            case 40...47: style.background = .ansi(UInt8(number - 40))
            case 49: style.background = nil
            case 90...97: style.foreground = .ansi(UInt8(number - 82))
            case 100...107: style.background = .ansi(UInt8(number - 92))
            case 38, 48:
                guard numbers.popFirst() == 5, let index = numbers.popFirst() else { return }
                let color = Color.palette(UInt8(truncatingIfNeeded: index))
                if number == 38 { style.foreground = color } else { style.background = color }
            default: break
            }
        }
    }

    // MARK: Showing

    /// A row that was looked at: it stays in sight while others come below it.
    public struct Place: Equatable, Sendable {
        /// Its line, counted from the first that was ever printed.
        let line: Int
        /// Which row of the line it is.
        let row: Int
        /// How far back it was when it was looked at.
        let scroll: Int
    }

    /// Rows to be drawn.
    public struct Window: Equatable, Sendable {
        /// The rows, the newest last.
        public var rows: [Text]
        /// How many rows further back than the newest they are.
        public var scroll: Int
        /// The last of them; nil when it is the newest.
        public var place: Place?
    }

    /// The rows that are seen; `scroll` rows are left out at the end, as far as there are others.
    ///
    /// - Parameter place: what the rows that were seen last ended with. Rows that have come since
    ///   then are left out as well.
    public func rows(
        _ count: Int, columns: Int, scroll: Int, from place: Place? = nil
    ) -> Window {
        guard count > 0 else { return Window(rows: [], scroll: 0) }
        let first = scroll > 0 || place != nil ? 0 : min(page, lines.count)
        var index = lines.count
        // The newest first.
        var found: [(line: Int, rows: [Text])] = []
        var total = 0
        func add(_ text: Text, _ line: Int) {
            let rows = LineRows.broken(text, columns: columns)
            found.append((dropped + line, rows))
            total += rows.count
        }
        if !partial.isEmpty { add(partial, lines.count) }
        var back = scroll
        if let place {
            while index > first, dropped + index > place.line {
                index -= 1
                add(lines[index], index)
            }
            let behind = found.reduce(0) { sum, entry in
                if entry.line > place.line { return sum + entry.rows.count }
                return entry.line < place.line
                    ? sum : sum + max(entry.rows.count - 1 - place.row, 0)
            }
            back = max(behind + scroll - place.scroll, 0)
        }
        while index > first, total < count + back {
            index -= 1
            add(lines[index], index)
        }
        back = min(back, max(total - count, 0))
        let rows = found.reversed().flatMap(\.rows).dropLast(back).suffix(count)
        return Window(rows: Array(rows), scroll: back, place: Self.place(back, found))
    }

    /// The row that is so many rows further back than the newest.
    private static func place(_ back: Int, _ found: [(line: Int, rows: [Text])]) -> Place? {
        guard back > 0 else { return nil }
        var left = back
        for (line, rows) in found {
            if left < rows.count {
                return Place(line: line, row: rows.count - 1 - left, scroll: back)
            }
            left -= rows.count
        }
        return nil
    }
}
