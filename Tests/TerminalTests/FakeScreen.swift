/// A terminal of cells, as small as the painter's vocabulary: it holds the cursor behind the last
/// column as real ones do, scrolls, and knows the escape sequences of `ANSI`. Anything else is
/// put into `unknown`.
struct FakeScreen {
    let rows: Int
    let columns: Int
    private(set) var cells: [[Character]]
    private(set) var row = 0
    private(set) var column = 0
    private(set) var scrolledOff: [String] = []
    private(set) var unknown: [String] = []

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The rows as far as anything stands in them, without the blanks at their ends.
    var lines: [String] {
        var lines = cells.map(Self.trimmed)
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func trimmed(_ row: [Character]) -> String {
        var row = row
        while row.last == " " { row.removeLast() }
        return String(row.filter { $0 != "\0" })
    }

    mutating func write(_ text: String) {
        var input = text.unicodeScalars[...]
        while let scalar = input.popFirst() {
            switch scalar {
            case "\u{1B}": escape(&input)
            case "\r": column = 0
            case "\n": lineFeed()
            default: put(Character(scalar), width: scalar.value >= 0x1100 ? 2 : 1)
            }
        }
    }

    private mutating func lineFeed() {
        guard row == rows - 1 else {
            row += 1
            return
        }
        scrolledOff.append(Self.trimmed(cells.removeFirst()))
        cells.append(Array(repeating: " ", count: columns))
    }

    private mutating func put(_ character: Character, width: Int) {
        if column + width > columns {
            column = 0
            lineFeed()
        }
        cells[row][column] = character
        if width == 2 { cells[row][column + 1] = "\0" }
        column += width
    }

    private mutating func escape(_ input: inout Substring.UnicodeScalarView) {
        var sequence = ""
        while let scalar = input.popFirst() {
            sequence.unicodeScalars.append(scalar)
            if sequence.count > 1, ("@"..."~").contains(scalar) { break }
        }
        let number = Int(sequence.dropFirst().dropLast()) ?? 1
        // Behind the last column the cursor counts as in it.
        let place = min(column, columns - 1)
        switch sequence.last {
        case "A": row = max(row - number, 0)
        case "C": column = min(place + number, columns - 1)
        case "K": for index in place..<columns { cells[row][index] = " " }
        case "J":
            for index in place..<columns { cells[row][index] = " " }
            for below in (row + 1)..<max(rows, row + 1) {
                cells[below] = Array(repeating: " ", count: columns)
            }
        case "m": break
        case "h", "l": if !sequence.hasPrefix("[?2026") { unknown.append(sequence) }
        default: unknown.append(sequence)
        }
    }
}
