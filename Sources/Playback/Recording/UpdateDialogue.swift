// Whether a change is made is asked of a person one change after the other, in the order of the
// file. What was answered stays; `q` and the end of the input leave the rest as it is.

/// Asks for changes one by one.
public struct UpdateDialogue {
    private enum Mode {
        case asking, all, none
    }

    private var mode: Mode
    private let show: (String) -> Void
    private let read: () -> String?

    /// A dialogue.
    ///
    /// - Parameters:
    ///   - isInteractive: false accepts everything without a question.
    ///   - show: shows a text.
    ///   - read: a line that was typed; nil at the end.
    public init(
        isInteractive: Bool, show: @escaping (String) -> Void, read: @escaping () -> String?
    ) {
        mode = isInteractive ? .asking : .all
        self.show = show
        self.read = read
    }

    /// True when this change is to be made.
    public mutating func accepts(_ change: String) -> Bool {
        guard mode != .none else { return false }
        show(change)
        while mode == .asking {
            show("Rewrite it? [y, n, a for all, q for no more] ")
            guard let line = read() else {
                show("\n")
                mode = .none
                return false
            }
            switch line.lowercased().drop(while: { $0 == " " }).first {
            case "y": return true
            case "n": return false
            case "a": mode = .all
            case "q":
                mode = .none
                return false
            default:
                show("y rewrites it, n does not, a rewrites it and all that follow, q ends.\n")
            }
        }
        return true
    }
}
