/// One keystroke, or one paste, as the person meant it.
public enum Key: Equatable, Sendable {
    /// A letter or any other printable code point.
    case character(Unicode.Scalar)
    /// A control character, 0 to 31 or 127: Ctrl with a letter, Tab, Enter, Backspace.
    case control(UInt8)
    /// Alt with a code point, which may be a control character (Alt-Enter is 13).
    case meta(Unicode.Scalar)
    /// The Escape key alone.
    case escape
    /// A key with a name.
    case special(Special, Modifiers)
    /// The contents of a bracketed paste; line ends are "\n", NUL is dropped.
    case paste(String)
    /// A sequence that means nothing here. It must never insert text.
    case unknown

    /// Keys that are no characters.
    public enum Special: Equatable, Sendable {
        /// The arrows.
        case up, down, left, right
        /// The keys above them.
        case home, end, insert, delete, pageUp, pageDown
        /// Shift-Tab.
        case backTab
        /// F1 and so on.
        case function(Int)
    }

    /// What is held down with a special key.
    public struct Modifiers: OptionSet, Equatable, Sendable {
        /// The bits as terminals send them, less one.
        public let rawValue: Int
        /// From the bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// Shift.
        public static let shift = Modifiers(rawValue: 1)
        /// Alt.
        public static let alt = Modifiers(rawValue: 2)
        /// Ctrl.
        public static let control = Modifiers(rawValue: 4)
    }

    /// Ctrl with a letter, as in `Key.ctrl("c")`.
    public static func ctrl(_ letter: Unicode.Scalar) -> Key {
        .control(UInt8(truncatingIfNeeded: letter.value) & 0x1F)
    }
    /// Enter.
    public static let enter = Key.control(13)
    /// Tab.
    public static let tab = Key.control(9)
    /// Backspace.
    public static let backspace = Key.control(127)
}
