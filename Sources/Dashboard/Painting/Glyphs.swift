/// The characters that pictures are made of.
public struct Glyphs: Equatable, Sendable {
    /// What graphs are drawn with.
    public enum Graph: String, CaseIterable, Sendable {
        /// Two columns and four rows of dots in each cell.
        case braille
        /// Eight heights in each cell.
        case blocks
        /// Three heights in ASCII.
        case ascii

        /// Columns of values in a cell.
        var across: Int { self == .braille ? 2 : 1 }

        /// Heights in a cell.
        var levels: Int {
            switch self {
            case .braille: 4
            case .blocks: 8
            case .ascii: 3
            }
        }
    }

    /// False where only ASCII can be shown.
    public var isUTF8: Bool
    /// What graphs are drawn with; ASCII where nothing else can be shown.
    public var graph: Graph

    /// The usual ones.
    public init(isUTF8: Bool, graph: Graph = .braille) {
        self.isUTF8 = isUTF8
        self.graph = isUTF8 ? graph : .ascii
    }

    var horizontal: Unicode.Scalar { isUTF8 ? "─" : "-" }
    var vertical: Unicode.Scalar { isUTF8 ? "│" : "|" }
    /// The four corners, clockwise from the upper left.
    var corners: [Unicode.Scalar] {
        isUTF8 ? ["┌", "┐", "┘", "└"] : ["+", "+", "+", "+"]
    }
    /// The panel that keys go to has double lines.
    var focusHorizontal: Unicode.Scalar { isUTF8 ? "═" : "=" }
    var focusVertical: Unicode.Scalar { isUTF8 ? "║" : "|" }
    var focusCorners: [Unicode.Scalar] {
        isUTF8 ? ["╔", "╗", "╝", "╚"] : ["+", "+", "+", "+"]
    }
    var axis: Unicode.Scalar { isUTF8 ? "┤" : "|" }
    var cut: String { isUTF8 ? "…" : "~" }
    var bullet: String { isUTF8 ? "●" : "*" }
    var up: String { isUTF8 ? "▲" : "^" }
    var down: String { isUTF8 ? "▼" : "v" }
    var folded: String { isUTF8 ? "▸" : "+" }
    var unfolded: String { isUTF8 ? "▾" : "-" }
    var mark: String { isUTF8 ? "▲" : "^" }
    var arrows: String { isUTF8 ? "← →" : "<- ->" }

    /// The part of a bar that is filled, and its end, in eighths of a cell.
    func bar(_ share: Double, _ width: Int) -> String {
        let share = min(max(share.isFinite ? share : 0, 0), 1)
        guard isUTF8 else {
            return String(repeating: "#", count: Int((share * Double(width)).rounded()))
        }
        let eighths = Int((share * Double(width) * 8).rounded())
        let ends = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + ends[eighths % 8]
    }

    /// A bar that leaves a gap to the bars of the rows above and below.
    func rowBar(_ share: Double, _ width: Int) -> String {
        let share = min(max(share.isFinite ? share : 0, 0), 1)
        let cells = Int((share * Double(width)).rounded())
        if cells == 0 { return share > 0 ? (isUTF8 ? "▏" : ".") : "" }
        return String(repeating: isUTF8 ? "▇" : "#", count: cells)
    }

    /// A graph of one row: a cell for each value, the highest of them as high as the row.
    func spark(_ values: some Collection<Double>) -> String {
        let top = values.max() ?? 0
        let levels = isUTF8 ? "▁▂▃▄▅▆▇" : ".:|"
        return String(
            values.map { value -> Character in
                let share = top > 0 && value.isFinite ? max(value / top, 0) : 0
                let place = Int((share * Double(levels.count - 1)).rounded())
                return levels[levels.index(levels.startIndex, offsetBy: place)]
            })
    }

    /// A cell of a graph from the heights of its two columns: so many levels of this cell are
    /// filled. Where a cell has one column, that is the left one.
    func cell(_ left: Int, _ right: Int) -> Unicode.Scalar {
        switch graph {
        case .braille:
            // The dots of a column from the bottom up, as one number for each height.
            let lefts: InlineArray<5, UInt32> = [0, 0x40, 0x44, 0x46, 0x47]
            let rights: InlineArray<5, UInt32> = [0, 0x80, 0xA0, 0xB0, 0xB8]
            let dots = lefts[left] | rights[right]
            return dots == 0 ? " " : Unicode.Scalar(0x2800 + dots)!
        case .blocks: return left <= 0 ? " " : Unicode.Scalar(0x2580 + UInt32(left))!
        case .ascii: return left == 1 ? "." : left == 2 ? ":" : left >= 3 ? "|" : " "
        }
    }
}
