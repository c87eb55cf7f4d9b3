import Terminal

// How a lesson looks: the styles by meaning, and the characters that a terminal without UTF-8
// cannot show with what stands for them there. Colours are the terminal's own sixteen, so they
// follow the person's theme, light or dark. Nothing is told by colour alone.

/// Styles and characters of a lesson.
struct LessonLook: Equatable, Sendable {
    /// True when only ASCII may be shown.
    var isASCII = false

    static let title = Style(bold: true)
    static let step = Style(.cyan, bold: true)
    static let rule = Style(.cyan)
    static let code = Style(.cyan)
    static let link = Style(underline: true)
    static let faint = Style(.grey)
    static let fact = Style(.blue, bold: true)
    static let good = Style(.green, bold: true)
    static let bad = Style(.red, bold: true)
    static let question = Style(.magenta, bold: true)
    static let task = Style(.yellow, bold: true)
    static let bar = Style(inverse: true)

    /// The prompt of a session, in the colour of its kind.
    static func prompt(_ session: String) -> Style {
        switch session {
        case "app": Style(.magenta, bold: true)
        case "wb": Style(.yellow, bold: true)
        default: Style(.green, bold: true)
        }
    }

    var thinRule: String { isASCII ? "-" : "─" }
    var thickRule: String { isASCII ? "=" : "━" }
    var quoteBar: String { isASCII ? "|" : "▎" }
    var bullet: String { isASCII ? "*" : "•" }
    var tick: String { isASCII ? "ok" : "✓" }
    var cross: String { isASCII ? "no" : "✗" }
    var dots: String { isASCII ? ".." : "…" }
    var between: String { isASCII ? "|" : "·" }
    var pointer: String { isASCII ? ">" : "▸" }
    var full: String { isASCII ? "#" : "█" }
    var empty: String { isASCII ? "." : "░" }
    var vertical: String { isASCII ? "|" : "│" }
    var ellipsis: String { isASCII ? "..." : "…" }

    /// The text with what this terminal can show of it.
    func shown(_ text: String) -> String {
        guard isASCII, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return text.unicodeScalars.map { scalar in
            scalar.value < 0x80 ? String(scalar) : Self.plain[scalar] ?? "?"
        }.joined()
    }

    /// The same of every stretch.
    func shown(_ text: Text) -> Text {
        guard isASCII else { return text }
        return Text(runs: text.runs.map { Text.Run(shown($0.string), $0.style) })
    }

    private static let plain: [Unicode.Scalar: String] = [
        "→": "->", "←": "<-", "≈": "~", "±": "+-", "−": "-", "–": "-", "—": "-", "·": "|",
        "•": "*", "“": "\"", "”": "\"", "‘": "'", "’": "'", "µ": "u", "×": "x", "≤": "<=",
        "≥": ">=", "≠": "!=", "…": "...", "°": " deg", "✓": "ok", "✗": "no", "½": "1/2",
        "─": "-", "━": "=", "│": "|", "█": "#", "░": ".", "▎": "|", "▸": ">", "é": "e",
        "ö": "o", "ü": "u", "ä": "a", "∞": "infinity", "\u{A0}": " ", "Δ": "delta",
    ]
}
