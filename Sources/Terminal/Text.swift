import CEdit

// Text that a terminal shows: pieces with a style each, and the columns they take. Columns are
// counted per code point with the C library's table, which is what terminals do as well, so a
// family emoji is as wide here as it is drawn. Nothing here ever lets a raw control character
// through: a value or a paste must not be able to speak to the terminal.

/// How many columns code points take, and what is shown for those that have no form.
public enum DisplayWidth {
    /// True when the process speaks UTF-8. Asking sets the locale's character type, once.
    public static let isUTF8: Bool = cedit_use_locale()

    /// The columns that the C library gives a code point; negative when it has no form.
    static func raw(_ scalar: Unicode.Scalar) -> Int { Int(cedit_width(scalar.value)) }

    /// The columns of one code point as ``shown(_:)`` shows it: 0, 1, 2, or 4 for a tab.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E: 1
        case 0x09: 4
        case 0...0x1F, 0x7F: 2
        default:
            if isUTF8 {
                max(Int(cedit_width(scalar.value)), 0) + (cedit_width(scalar.value) < 0 ? 1 : 0)
            } else {
                1
            }
        }
    }

    /// The columns of a string as it is shown.
    public static func of(_ string: some StringProtocol) -> Int {
        string.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// What is written to the terminal for a code point: itself, `^A` for a control character,
    /// four blanks for a tab, and the replacement character for what has no printed form.
    public static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x20...0x7E: return String(scalar)
        case 0x09: return "    "
        case 0...0x1F: return "^" + String(Unicode.Scalar(UInt8(scalar.value) + 0x40))
        case 0x7F: return "^?"
        case 0x80...0x9F: return "\u{FFFD}"
        default:
            return isUTF8 && cedit_width(scalar.value) < 0 ? "\u{FFFD}" : String(scalar)
        }
    }
}

/// A piece of one or more rows with the style of each part.
public struct Text: Equatable, Sendable, ExpressibleByStringLiteral {
    /// A stretch of one style.
    public struct Run: Equatable, Sendable {
        /// The characters.
        public var string: String
        /// How they look.
        public var style: Style

        /// A stretch of one style.
        public init(_ string: String, _ style: Style) {
            self.string = string
            self.style = style
        }
    }

    /// The stretches from left to right.
    public var runs: [Run]

    /// A text of one style.
    public init(_ string: String = "", _ style: Style = .plain) {
        runs = string.isEmpty ? [] : [Run(string, style)]
    }

    /// A text of several stretches.
    public init(runs: [Run]) { self.runs = runs }

    /// A plain text.
    public init(stringLiteral value: String) { self.init(value) }

    /// The characters without their styles.
    public var plain: String { runs.map(\.string).joined() }

    /// True when there is nothing to show.
    public var isEmpty: Bool { runs.allSatisfy(\.string.isEmpty) }

    /// The columns that the text takes in a row.
    public var width: Int { runs.reduce(0) { $0 + DisplayWidth.of($1.string) } }

    /// Both texts in a row.
    public static func + (left: Text, right: Text) -> Text { Text(runs: left.runs + right.runs) }

    /// Adds a stretch at the end.
    public mutating func append(_ string: String, _ style: Style = .plain) {
        if !string.isEmpty { runs.append(Run(string, style)) }
    }

    /// The text if it fits into `columns`, else as much of it as does with `ellipsis` after it.
    public func truncated(to columns: Int, ellipsis: String = "…") -> Text {
        guard width > columns else { return self }
        let mark = DisplayWidth.of(ellipsis)
        guard columns >= mark else { return Text() }
        var room = columns - mark
        var result = Text()
        for run in runs {
            var kept = String.UnicodeScalarView()
            for scalar in run.string.unicodeScalars {
                let width = DisplayWidth.of(scalar)
                guard width <= room else {
                    result.append(String(kept) + ellipsis, run.style)
                    return result
                }
                room -= width
                kept.append(scalar)
            }
            result.append(String(kept), run.style)
        }
        return result
    }

    /// What is written to a terminal: escape sequences for the styles when `colored`, and no
    /// control character of the text itself.
    public func rendered(colored: Bool) -> String {
        var result = ""
        for run in runs {
            let styled = colored && run.style != .plain
            if styled { result += run.style.sequence }
            for scalar in run.string.unicodeScalars { result += DisplayWidth.shown(scalar) }
            if styled { result += ANSI.resetStyle }
        }
        return result
    }
}
