// A picture of a screen as a value: what is drawn into it is compared by tests, written to files,
// and put on a terminal by FullScreen, the only one of these that needs a terminal.
//
// A character that is two columns wide has its right half in a cell of its own, which holds
// nothing. Whatever overwrites one half blanks the other, and none begins in the last column of
// its room. Combining marks stay with their character, four at most. Nothing in a grid can speak
// to a terminal: code points without a printed form are spelled out where they are put.

/// A ``Style`` in one word, so that cells are small and compare fast.
public struct CellStyle: Hashable, Sendable {
    /// The bits of CScreen/cscreen.h.
    let bits: UInt32

    /// The style of a cell.
    public init(_ style: Style) {
        var bits = Self.color(style.foreground) | Self.color(style.background) << 9
        if style.bold { bits |= 1 << 18 }
        if style.dim { bits |= 1 << 19 }
        if style.italic { bits |= 1 << 20 }
        if style.underline { bits |= 1 << 21 }
        if style.inverse { bits |= 1 << 22 }
        self.bits = bits
    }

    /// The terminal's own.
    public static let plain = CellStyle(.plain)

    private static func color(_ color: Color?) -> UInt32 {
        switch color {
        case nil: 0
        case .ansi(let number), .palette(let number): UInt32(number) + 1
        }
    }

    /// The style as its parts. Colours come back as numbers of the palette.
    public var style: Style {
        func color(_ bits: UInt32) -> Color? {
            bits == 0 ? nil : .palette(UInt8(truncatingIfNeeded: bits - 1))
        }
        func has(_ bit: UInt32) -> Bool { bits >> bit & 1 == 1 }
        return Style(
            color(bits & 0x1FF), background: color(bits >> 9 & 0x1FF), bold: has(18),
            dim: has(19), italic: has(20), underline: has(21), inverse: has(22))
    }
}

/// One cell of a screen.
public struct Cell: Equatable, Sendable {
    /// The code point; 0 for the right half of the wide character before it.
    public var scalar: UInt32
    /// How it looks.
    public var style: CellStyle

    /// A cell.
    public init(_ scalar: Unicode.Scalar, _ style: CellStyle = .plain) {
        self.scalar = scalar.value
        self.style = style
    }

    private init(halfOf style: CellStyle) {
        scalar = 0
        self.style = style
    }

    /// Nothing.
    public static let blank = Cell(" ")

    static func half(_ style: CellStyle) -> Cell { Cell(halfOf: style) }

    /// True for the right half of a wide character.
    public var isHalf: Bool { scalar == 0 }
}

/// Rows and columns of cells.
public struct CellGrid: Equatable, Sendable {
    /// Rows.
    public let rows: Int
    /// Columns.
    public let columns: Int
    /// All cells, row by row.
    public private(set) var cells: [Cell]
    /// The combining marks of the few cells that have any, by the cell's index.
    public private(set) var marks: [Int: [Unicode.Scalar]] = [:]

    /// A blank grid.
    public init(rows: Int, columns: Int) {
        self.rows = max(rows, 0)
        self.columns = max(columns, 0)
        cells = Array(repeating: .blank, count: self.rows * self.columns)
    }

    /// A cell.
    public subscript(row: Int, column: Int) -> Cell { cells[row * columns + column] }

    /// Puts a code point that is one column wide; outside of the grid nothing happens.
    public mutating func set(
        _ scalar: Unicode.Scalar, row: Int, column: Int, _ style: CellStyle = .plain
    ) {
        guard 0..<rows ~= row, 0..<columns ~= column else { return }
        clear(row * columns + column)
        cells[row * columns + column] = Cell(scalar, style)
    }

    /// Puts the same code point into many cells of a row.
    public mutating func fill(
        _ scalar: Unicode.Scalar = " ", row: Int, columns range: Range<Int>,
        _ style: CellStyle = .plain
    ) {
        for column in range { set(scalar, row: row, column: column, style) }
    }

    /// Gives cells another style and keeps what they hold.
    public mutating func restyle(row: Int, columns range: Range<Int>, _ style: CellStyle) {
        guard 0..<rows ~= row else { return }
        for column in range.clamped(to: 0..<columns) {
            cells[row * columns + column].style = style
        }
    }

    /// Puts text and returns the columns it took. What does not fit into `room` columns, or into
    /// the row, is left out; ``CellText/cut(_:to:mark:)`` leaves a mark where it cuts.
    @discardableResult
    public mutating func put(
        _ text: some StringProtocol, row: Int, column: Int, _ style: CellStyle = .plain,
        room: Int = .max
    ) -> Int {
        guard 0..<rows ~= row, column >= 0, column < columns else { return 0 }
        let end = min(columns, column + min(room, columns))
        var place = column
        var base = -1
        for scalar in text.unicodeScalars {
            switch CellText.form(of: scalar) {
            case .wide(let width):
                guard place + width <= end else { return place - column }
                base = row * columns + place
                clear(base)
                if width == 2 { clear(base + 1) }
                cells[base] = Cell(scalar, style)
                if width == 2 { cells[base + 1] = .half(style) }
                place += width
            case .mark where base >= 0:
                if marks[base, default: []].count < 4 { marks[base, default: []].append(scalar) }
            case .mark, .unprintable:
                let spelled = CellText.spelled(scalar)
                guard place + spelled.count <= end else { return place - column }
                for letter in spelled.unicodeScalars {
                    set(letter, row: row, column: place, style)
                    place += 1
                }
                base = -1
            }
        }
        return place - column
    }

    /// Forgets what a cell holds, and the other half of a wide character.
    private mutating func clear(_ index: Int) {
        if !marks.isEmpty { marks[index] = nil }
        if cells[index].isHalf {
            if index % columns > 0 { cells[index - 1].scalar = Cell.blank.scalar }
            if !marks.isEmpty { marks[index - 1] = nil }
        }
        let next = index + 1
        if next < cells.count, cells[next].isHalf, next % columns != 0 {
            cells[next].scalar = Cell.blank.scalar
        }
    }

    /// A row as text.
    public func text(row: Int) -> String {
        var result = String.UnicodeScalarView()
        for index in (row * columns)..<((row + 1) * columns) where !cells[index].isHalf {
            result.append(Unicode.Scalar(cells[index].scalar) ?? "\u{FFFD}")
            if !marks.isEmpty { result.append(contentsOf: marks[index] ?? []) }
        }
        return String(result)
    }

    /// All rows as text, without the blanks at their ends.
    public var lines: [String] {
        (0..<rows).map { row in
            var text = text(row: row)[...]
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }
}

/// What code points are on a screen.
public enum CellText {
    /// How a code point is shown.
    public enum Form: Equatable, Sendable {
        /// In one or two columns.
        case wide(Int)
        /// Over the character before it.
        case mark
        /// Not at all: it is spelled out.
        case unprintable
    }

    /// How a code point is shown.
    public static func form(of scalar: Unicode.Scalar) -> Form {
        switch scalar.value {
        case 0x20...0x7E, 0x2500...0x25FF, 0x2800...0x28FF: return .wide(1)
        case 0...0x1F, 0x7F...0x9F, 0xAD: return .unprintable
        case 0xA1...0x2FF: return .wide(1)
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark:
                // Variation selectors change the width in some terminals.
                return (0xFE00...0xFE0F).contains(scalar.value) ? .unprintable : .mark
            case .format, .control, .lineSeparator, .paragraphSeparator, .privateUse,
                .unassigned, .surrogate:
                return .unprintable
            default: break
            }
            let width = DisplayWidth.isUTF8 ? DisplayWidth.raw(scalar) : 1
            return width > 0 ? .wide(width) : .unprintable
        }
    }

    /// A code point without a form, in ASCII: `\x1b`, `\u202e`.
    static func spelled(_ scalar: Unicode.Scalar) -> String {
        let value = scalar.value
        if value < 0x100 { return "\\x" + padded(value, 2) }
        return "\\u" + padded(value, 4)
    }

    private static func padded(_ value: UInt32, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
    }

    /// The columns that text takes in a grid.
    public static func width(_ text: some StringProtocol) -> Int {
        var width = 0
        var hasBase = false
        for scalar in text.unicodeScalars {
            switch form(of: scalar) {
            case .wide(let columns):
                width += columns
                hasBase = true
            case .mark where hasBase: break
            case .mark, .unprintable:
                width += spelled(scalar).utf8.count
                hasBase = false
            }
        }
        return width
    }

    /// Text that fits into `room` columns: whole, or cut with `mark` at its end.
    public static func cut(_ text: String, to room: Int, mark: String = "…") -> String {
        if text.utf8.count <= room, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
        guard width(text) > room else { return text }
        let reserve = width(mark)
        guard room >= reserve else { return "" }
        var left = room - reserve
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let columns = width(String(scalar))
            switch form(of: scalar) {
            case .mark where !kept.isEmpty: break
            default:
                guard columns <= left else { return String(kept) + mark }
                left -= columns
            }
            kept.append(scalar)
        }
        return String(kept) + mark
    }

    /// Text that fits into `room` columns, cut in its middle: of names it is often the end that
    /// tells one from the other.
    public static func cutInside(_ text: String, to room: Int, mark: String = "…") -> String {
        guard width(text) > room else { return text }
        let left = room - width(mark)
        guard left >= 4 else { return cut(text, to: room, mark: mark) }
        var end: [Unicode.Scalar] = []
        var columns = 0
        for scalar in text.unicodeScalars.reversed() {
            // A mark stands over what comes before it, which must not be cut off.
            let own = form(of: scalar) == .mark ? 0 : width(String(scalar))
            guard columns + own <= left / 2 else { break }
            columns += own
            end.append(scalar)
        }
        while let last = end.last, form(of: last) == .mark { end.removeLast() }
        var tail = String.UnicodeScalarView()
        tail.append(contentsOf: end.reversed())
        // The mark is added by what cuts the beginning.
        return cut(text, to: room - width(String(tail)), mark: mark) + String(tail)
    }

    /// Bytes from anywhere as text that is safe to show: what is no UTF-8, and in `ascii` all
    /// that is no ASCII, becomes `\xNN`.
    public static func shown(_ bytes: some Collection<UInt8>, ascii: Bool) -> String {
        // Most names are plain.
        if bytes.allSatisfy({ 0x20...0x7E ~= $0 }) { return String(decoding: bytes, as: UTF8.self) }
        if ascii {
            return bytes.reduce(into: "") { text, byte in
                let isPlain = 0x20...0x7E ~= byte
                text += isPlain ? String(Unicode.Scalar(byte)) : "\\x" + padded(UInt32(byte), 2)
            }
        }
        if let whole = String(validating: bytes, as: UTF8.self) { return spelledOut(whole) }
        var text = ""
        var rest = Array(bytes)[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let piece = String(validating: rest.prefix(length), as: UTF8.self),
                piece.unicodeScalars.count == 1
            {
                text += piece
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + padded(UInt32(first), 2)
                rest = rest.dropFirst()
            }
        }
        return spelledOut(text)
    }

    /// The same text with everything spelled out that has no form on a screen.
    private static func spelledOut(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if form(of: scalar) == .unprintable {
                result += spelled(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
