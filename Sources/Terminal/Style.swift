/// A colour of the terminal's own palette, so that the person's theme decides the exact shade.
public enum Color: Equatable, Sendable {
    /// 0 to 7 are the eight classic colours, 8 to 15 their bright forms.
    case ansi(UInt8)
    /// One of the 256 indexed colours.
    case palette(UInt8)

    /// The classic colours by name.
    public static let black = Color.ansi(0)
    /// Red.
    public static let red = Color.ansi(1)
    /// Green.
    public static let green = Color.ansi(2)
    /// Yellow.
    public static let yellow = Color.ansi(3)
    /// Blue.
    public static let blue = Color.ansi(4)
    /// Magenta.
    public static let magenta = Color.ansi(5)
    /// Cyan.
    public static let cyan = Color.ansi(6)
    /// White.
    public static let white = Color.ansi(7)
    /// Bright black, which most themes show as grey.
    public static let grey = Color.ansi(8)

    fileprivate func parameters(background: Bool) -> String {
        switch self {
        case .ansi(let number):
            let bright = number >= 8
            let base = (background ? 40 : 30) + (bright ? 60 : 0)
            return String(base + Int(number & 7))
        case .palette(let number):
            return (background ? "48;5;" : "38;5;") + String(number)
        }
    }
}

/// How a piece of text looks: the graphic rendition of ECMA-48.
public struct Style: Equatable, Sendable {
    /// The colour of the letters; nil is the terminal's own.
    public var foreground: Color?
    /// The colour behind them; nil is the terminal's own.
    public var background: Color?
    /// Heavier letters.
    public var bold: Bool
    /// Fainter letters.
    public var dim: Bool
    /// Slanted letters.
    public var italic: Bool
    /// A line below.
    public var underline: Bool
    /// Foreground and background exchanged.
    public var inverse: Bool

    /// A style from its parts; none given is plain.
    public init(
        _ foreground: Color? = nil, background: Color? = nil, bold: Bool = false,
        dim: Bool = false, italic: Bool = false, underline: Bool = false, inverse: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.bold = bold
        self.dim = dim
        self.italic = italic
        self.underline = underline
        self.inverse = inverse
    }

    /// No rendition at all.
    public static let plain = Style()
    /// Faint, as ghost text is shown.
    public static let faint = Style(dim: true)

    /// The escape sequence that switches to this style from any other.
    public var sequence: String {
        var parameters = ["0"]
        if bold { parameters.append("1") }
        if dim { parameters.append("2") }
        if italic { parameters.append("3") }
        if underline { parameters.append("4") }
        if inverse { parameters.append("7") }
        if let foreground { parameters.append(foreground.parameters(background: false)) }
        if let background { parameters.append(background.parameters(background: true)) }
        return "\u{1B}[" + parameters.joined(separator: ";") + "m"
    }
}

/// The escape sequences that the painters use.
public enum ANSI {
    /// Everything until ``endUpdate`` is shown at once, where the terminal can.
    public static let beginUpdate = "\u{1B}[?2026h"
    /// Ends what ``beginUpdate`` began.
    public static let endUpdate = "\u{1B}[?2026l"
    /// Erases from the cursor to the end of the row.
    public static let eraseRow = "\u{1B}[K"
    /// Erases from the cursor to the end of the screen.
    public static let eraseBelow = "\u{1B}[J"
    /// Clears the screen and goes to its first cell.
    public static let clearScreen = "\u{1B}[H\u{1B}[2J"
    /// Pastes arrive between brackets from now on.
    public static let enableBracketedPaste = "\u{1B}[?2004h"
    /// Pastes arrive as if typed.
    public static let disableBracketedPaste = "\u{1B}[?2004l"
    /// Back to plain text.
    public static let resetStyle = "\u{1B}[0m"
    /// Shows the cursor.
    public static let showCursor = "\u{1B}[?25h"

    /// Moves the cursor up; nothing when `rows` is 0.
    public static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }
    /// Moves the cursor down within the screen; nothing when `rows` is 0.
    public static func down(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)B" : "" }
    /// Moves the cursor right; nothing when `columns` is 0.
    public static func right(_ columns: Int) -> String {
        columns > 0 ? "\u{1B}[\(columns)C" : ""
    }
}
