import Terminal

/// Rows whose parts stand in columns, as wide as their widest part.
struct Columns {
    /// Where a column's parts stand.
    enum Side {
        case left
        case right
    }

    private var rows: [[String]] = []
    private let sides: [Side]

    /// A table with a row of headings.
    init(_ headings: [(String, Side)]) {
        sides = headings.map(\.1)
        rows = [headings.map(\.0)]
    }

    mutating func add(_ parts: String...) { rows.append(parts) }

    /// True when there is nothing below the headings.
    var isEmpty: Bool { rows.count < 2 }

    /// The rows, two blanks between the columns.
    var text: String {
        let widths = sides.indices.map { column in
            rows.reduce(0) { max($0, Text($1[column]).width) }
        }
        return rows.map { row in
            let parts = row.enumerated().map { column, part in
                let blanks = String(repeating: " ", count: widths[column] - Text(part).width)
                return sides[column] == .left ? part + blanks : blanks + part
            }
            var line = parts.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// A share as a bar of so many cells.
enum Bar {
    static func text(_ share: Double, _ cells: Int = 10) -> String {
        String(repeating: "#", count: min(cells, Int((share * Double(cells)).rounded(.up))))
    }
}

/// Numbers with a mark between thousands.
enum Grouped {
    static func text(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }
}
