// What a person sees: the bytes of a program made into a grid of cells, as a terminal with
// automatic margins does. A cursor that has filled the last column stays there until the next
// character; rows that broke by themselves are one line, which a new width breaks anew, as most
// terminals of today do. Widths come from a table of its own, so that the program's are checked.

/// A terminal's screen, fed with bytes.
struct Screen {
    struct Cell: Equatable {
        /// A character with its marks; empty for the right half of a wide one.
        var text = " "
        /// The parameters of the last SGR sequence; empty when plain.
        var style = ""
    }

    struct Row: Equatable {
        var cells: [Cell]
        /// True when the next row goes on because this one was full.
        var continues = false

        init(_ columns: Int) { cells = Array(repeating: Cell(), count: columns) }

        /// The text without the blanks at its end.
        var text: String {
            var text = cells.map(\.text).joined()[...]
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }

    private(set) var columns: Int
    private(set) var grid: [Row]
    private(set) var row = 0
    private(set) var column = 0
    private var isBehindMargin = false
    private(set) var scrolledOff: [String] = []
    private(set) var showsCursor = true
    /// True while pastes are to arrive between brackets.
    private(set) var bracketsPastes = false
    /// True between the beginning and the end of a synchronised update.
    private(set) var isUpdating = false
    /// How many synchronised updates have ended.
    private(set) var updates = 0
    /// Sequences that this screen does not know.
    private(set) var unknown: [String] = []
    /// How many times colours or other renditions were asked for.
    private(set) var renditions = 0
    /// True while the other screen is shown, the one that programs fill as a whole.
    var isAlternate: Bool { saved != nil }
    /// True while the mouse speaks to the program.
    private(set) var hasMouse = false
    private var saved: (grid: [Row], columns: Int, row: Int, column: Int)?
    private var wraps = true
    /// The rows that scroll; nil is all of them.
    private var region: ClosedRange<Int>?
    private var savedCursor = (row: 0, column: 0)
    /// What is put moves the rest of the row.
    private var inserts = false
    private var last: Unicode.Scalar = " "
    private var style = ""
    private var pending: [UInt8] = []

    init(rows: Int = 24, columns: Int = 80) {
        self.columns = columns
        grid = Array(repeating: Row(columns), count: rows)
    }

    // MARK: Looking

    /// The rows as far as anything stands in them.
    var lines: [String] {
        var lines = grid.map(\.text)
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Everything since the beginning, a row each.
    var transcript: [String] { scrolledOff + lines }

    /// The text of the row that the cursor is in.
    var current: String { grid[row].text }

    /// The text of the row below that.
    var below: String { row + 1 < grid.count ? grid[row + 1].text : "" }

    /// The row and the column of the cursor.
    var cursor: [Int] { [row, column] }

    /// The characters of a rendition in the row of the cursor.
    func text(styled wanted: (String) -> Bool, row: Int? = nil) -> String {
        grid[row ?? self.row].cells.filter { wanted($0.style) }.map(\.text).joined()
    }

    // MARK: Feeding

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        var index = 0
        while index < pending.count, let count = take(pending[index...]) { index += count }
        pending.removeFirst(index)
    }

    /// Does what the first character or sequence says and returns its length; nil when it is not
    /// all there yet.
    private mutating func take(_ input: ArraySlice<UInt8>) -> Int? {
        let first = input[input.startIndex]
        switch first {
        case 0x1B: return takeEscape(input)
        case 0x0D: (column, isBehindMargin) = (0, false)
        case 0x0A: lineFeed()
        case 0x08: (column, isBehindMargin) = (max(column - 1, 0), false)
        case 0x09: column = min(column / 8 * 8 + 8, columns - 1)
        case 0..<0x20, 0x7F: break
        case 0x20...0x7E: put(Unicode.Scalar(first))
        default:
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard input.count >= length else { return nil }
            let text = String(decoding: input.prefix(length), as: UTF8.self)
            for scalar in text.unicodeScalars { put(scalar) }
            return length
        }
        return 1
    }

    private mutating func takeEscape(_ input: ArraySlice<UInt8>) -> Int? {
        guard input.count > 1 else { return nil }
        let body = input.dropFirst(2)
        switch input[input.startIndex + 1] {
        case UInt8(ascii: "["):
            guard let end = body.firstIndex(where: { 0x40...0x7E ~= $0 }) else { return nil }
            let parameters = String(decoding: body[..<end], as: UTF8.self)
            control(parameters, Character(Unicode.Scalar(body[end])))
            return end - input.startIndex + 1
        case UInt8(ascii: "]"):
            guard let end = body.firstIndex(of: 7) else { return nil }
            return end - input.startIndex + 1
        case UInt8(ascii: "("): return input.count > 2 ? 3 : nil
        case UInt8(ascii: "="), UInt8(ascii: ">"): return 2
        case UInt8(ascii: "M"):
            if row == region?.lowerBound { scroll(-1) } else { row = max(row - 1, 0) }
            return 2
        case UInt8(ascii: "7"):
            savedCursor = (row, column)
            return 2
        case UInt8(ascii: "8"):
            (row, column) = (min(savedCursor.row, grid.count - 1), savedCursor.column)
            isBehindMargin = false
            return 2
        default:
            unknown.append(String(decoding: input.prefix(2), as: UTF8.self))
            return 2
        }
    }

    private mutating func control(_ parameters: String, _ final: Character) {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        func number(_ index: Int) -> Int {
            index < numbers.count ? max(numbers[index], 1) : 1
        }
        if final != "m" { isBehindMargin = false }
        switch final {
        case "A": row = max(row - number(0), 0)
        case "B": row = min(row + number(0), grid.count - 1)
        case "C": column = min(column + number(0), columns - 1)
        case "D": column = max(column - number(0), 0)
        case "G": column = min(number(0), columns) - 1
        case "H": (row, column) = (min(number(0), grid.count) - 1, min(number(1), columns) - 1)
        case "J" where numbers[0] == 0:
            erase(from: column)
            for below in (row + 1)..<max(grid.count, row + 1) { grid[below] = Row(columns) }
        case "J" where numbers[0] == 1:
            for above in 0..<row { grid[above] = Row(columns) }
            for index in 0...column { grid[row].cells[index] = Cell() }
        case "J" where numbers[0] == 2:
            grid = grid.map { _ in Row(columns) }
        case "J" where numbers[0] == 3: break
        case "K" where numbers[0] == 0: erase(from: column)
        case "K" where numbers[0] == 1:
            for index in 0...column { grid[row].cells[index] = Cell() }
        case "X", "b", "d", "P", "@", "t": shift(number(0), final)
        case "S": scroll(number(0))
        case "T": scroll(-number(0))
        case "r":
            let last = numbers.count > 1 ? min(number(1), grid.count) : grid.count
            region = number(0) < last ? (number(0) - 1)...(last - 1) : nil
            (row, column) = (0, 0)
        case "m":
            style = parameters == "0" ? "" : parameters
            renditions += 1
        case "h", "l": set(parameters, final == "h")
        default: unknown.append(parameters + String(final))
        }
    }

    /// What programs that fill the screen use besides.
    private mutating func shift(_ count: Int, _ final: Character) {
        let end = min(column + count, columns)
        switch final {
        case "X": for index in column..<end { grid[row].cells[index] = Cell() }
        case "b": for _ in 0..<count { put(last) }
        case "d": row = min(count, grid.count) - 1
        case "P":
            grid[row].cells.removeSubrange(column..<end)
            grid[row].cells += Array(repeating: Cell(), count: end - column)
        case "@":
            grid[row].cells.removeLast(end - column)
            grid[row].cells.insert(
                contentsOf: Array(repeating: Cell(), count: end - column), at: column)
        default: break
        }
    }

    /// Moves the rows that scroll up by so many, or down.
    private mutating func scroll(_ count: Int) {
        let rows = (region ?? 0...(grid.count - 1)).clamped(to: 0...(grid.count - 1))
        for _ in 0..<min(abs(count), rows.count) {
            grid.remove(at: count > 0 ? rows.lowerBound : rows.upperBound)
            grid.insert(Row(columns), at: count > 0 ? rows.upperBound : rows.lowerBound)
        }
    }

    private mutating func set(_ mode: String, _ isOn: Bool) {
        switch mode {
        case "?25": showsCursor = isOn
        case "?2004": bracketsPastes = isOn
        case "?2026":
            isUpdating = isOn
            if !isOn { updates += 1 }
        case "?1049":
            if isOn, saved == nil {
                saved = (grid, columns, row, column)
            } else if !isOn, let before = saved {
                let size = (rows: grid.count, columns: columns)
                (grid, columns, row, column) = before
                saved = nil
                // The window may have changed meanwhile.
                resize(rows: size.rows, columns: size.columns)
            }
        case "?1000": hasMouse = isOn
        case "?7": wraps = isOn
        case "4": inserts = isOn
        case "?1", "?12", "?1002", "?1006": break
        default: unknown.append(mode)
        }
    }

    private mutating func erase(from column: Int) {
        for index in column..<columns { grid[row].cells[index] = Cell() }
        grid[row].continues = false
    }

    private mutating func lineFeed() {
        isBehindMargin = false
        if isAlternate, row == region?.upperBound { return scroll(1) }
        guard row == grid.count - 1 else {
            row += 1
            return
        }
        scrolledOff.append(grid.removeFirst().text)
        grid.append(Row(columns))
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = Self.width(scalar)
        if width == 0 {
            // A mark belongs to the character before the cursor.
            var place = isBehindMargin ? column : column - 1
            if place > 0, grid[row].cells[place].text.isEmpty { place -= 1 }
            if place >= 0 { grid[row].cells[place].text.unicodeScalars.append(scalar) }
            return
        }
        if isBehindMargin || column + width > columns {
            grid[row].continues = true
            lineFeed()
            column = 0
        }
        last = scalar
        if inserts { shift(width, "@") }
        grid[row].cells[column] = Cell(text: String(scalar), style: style)
        if width == 2 { grid[row].cells[column + 1] = Cell(text: "", style: style) }
        isBehindMargin = wraps && column + width == columns
        column = column + width >= columns ? columns - 1 : column + width
    }

    /// The columns of a code point.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    // MARK: Another size

    /// Gives the screen another size: lines that are too long now break anew, and the cursor
    /// stays with its character.
    mutating func resize(rows: Int, columns new: Int) {
        if isAlternate {
            // Programs that fill the screen draw it again: nothing is broken anew.
            grid = (0..<rows).map { index in
                var row = Row(new)
                guard index < grid.count else { return row }
                let part = grid[index].cells.prefix(new)
                row.cells.replaceSubrange(0..<part.count, with: part)
                return row
            }
            columns = new
            (row, column) = (min(row, rows - 1), min(column, new - 1))
            isBehindMargin = false
            return
        }
        var lines: [Row] = []
        var place = (line: 0, offset: 0)
        var isOpen = false
        for (index, row) in grid.enumerated() {
            if index == self.row {
                let before = isOpen ? lines[lines.count - 1].cells.count : 0
                place = (isOpen ? lines.count - 1 : lines.count, before + column)
                if isBehindMargin { place.offset += 1 }
            }
            if isOpen { lines[lines.count - 1].cells += row.cells } else { lines.append(row) }
            isOpen = row.continues
        }
        columns = new
        grid = []
        for (index, line) in lines.enumerated() {
            var cells = line.cells
            while let last = cells.last, last == Cell() { cells.removeLast() }
            let first = grid.count
            if index == place.line {
                (self.row, column) = (first + place.offset / new, place.offset % new)
                while cells.count < place.offset { cells.append(Cell()) }
            }
            repeat {
                var row = Row(new)
                let part = cells.prefix(new)
                row.cells.replaceSubrange(0..<part.count, with: part)
                cells.removeFirst(part.count)
                row.continues = !cells.isEmpty
                grid.append(row)
            } while !cells.isEmpty
            while index == place.line, grid.count <= self.row { grid.append(Row(new)) }
        }
        isBehindMargin = false
        while grid.count > rows {
            if self.row < grid.count - 1, grid[grid.count - 1] == Row(new) {
                grid.removeLast()
            } else {
                scrolledOff.append(grid.removeFirst().text)
                self.row -= 1
            }
        }
        while grid.count < rows { grid.append(Row(new)) }
    }
}
