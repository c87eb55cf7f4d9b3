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
    /// The mouse, where a full screen has asked for it.
    case mouse(Mouse)
    /// A sequence that means nothing here. It must never insert text.
    case unknown

    /// What happened with the mouse, and in which cell; both count from 0.
    public struct Mouse: Equatable, Sendable {
        /// What happened.
        public enum Action: Equatable, Sendable {
            /// A button went down: 0 left, 1 middle, 2 right.
            case press(Int)
            /// A button went up.
            case release
            /// The wheel was turned.
            case wheelUp, wheelDown
        }
        /// What happened.
        public var action: Action
        /// The row.
        public var row: Int
        /// The column.
        public var column: Int

        /// An event of the mouse.
        public init(_ action: Action, row: Int, column: Int) {
            self.action = action
            self.row = row
            self.column = column
        }

        /// From the number that terminals send; nil for movements.
        init?(code: Int, row: Int, column: Int, released: Bool) {
            guard row >= 0, column >= 0, code & 32 == 0 else { return nil }
            self.row = row
            self.column = column
            switch code & ~0b11100 {
            case 64: action = .wheelUp
            case 65: action = .wheelDown
            case 3: action = .release
            case 0...2: action = released ? .release : .press(code & 3)
            default: return nil
            }
        }
    }

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
