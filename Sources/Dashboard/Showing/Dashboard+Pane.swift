import Client
import Terminal

// What keys mean while the prompt has them: all go to its editor but those that lead out of it,
// to another screen, or through its output.

extension Dashboard {
    /// Takes a key while the prompt has the focus. False when it is to mean what it always means.
    mutating func pressInPane(_ key: Key) -> Bool {
        switch key {
        case .escape where state.overlay != nil: state.overlay = nil
        case .escape where !state.pane.keepsEscape, .special(.function(4), _):
            state.pane.isFocused = false
            state.pane.isZoomed = false
            state.pane.follow()
        case .meta(let digit) where "1"..."9" ~= digit: return false
        case .special(.function, _), .ctrl("l"), .ctrl("z"), .ctrl("o"),
            .special(.up, .alt), .special(.down, .alt):
            return false
        case .special(.pageUp, _) where state.overlay == nil: scrollPane(by: 1)
        case .special(.pageDown, _) where state.overlay == nil: scrollPane(by: -1)
        case .special(.pageUp, _), .special(.pageDown, _): return false
        default:
            state.pane.follow()
            requests.append(.key(key))
        }
        return true
    }

    private mutating func scrollPane(by pages: Int) {
        // Half a screen of output stays in sight; the painter knows where it ends.
        let step = max(state.pane.shownRows - 1, 1)
        state.pane.scroll = max(state.pane.scroll + pages * step, 0)
    }

    /// Gives the prompt the keys, or another height.
    mutating func arrange(_ id: Action.ID, _ number: Int?) {
        guard state.pane.exists else {
            state.message = "there is no prompt here"
            return
        }
        switch id {
        case .line: state.pane.isFocused = true
        case .zoom:
            state.pane.isZoomed.toggle()
            if state.pane.isZoomed { state.pane.isFocused = true }
        default:
            let now = state.pane.height ?? state.pane.shownRows
            state.pane.height = max(number ?? (id == .taller ? now + 1 : now - 1), 1)
        }
    }

    /// Takes what was done with the mouse in the prompt. False when it was done elsewhere.
    mutating func pressPane(_ mouse: Key.Mouse, in frame: Frame) -> Bool {
        guard let area = frame.pane else { return false }
        guard area.contains(row: mouse.row, column: mouse.column) else {
            if mouse.action == .press(0) { state.pane.isFocused = false }
            return false
        }
        switch mouse.action {
        case .wheelUp: state.pane.scroll += 3
        case .wheelDown: state.pane.scroll = max(state.pane.scroll - 3, 0)
        case .press(0): state.pane.isFocused = true
        case .press, .release: break
        }
        return true
    }

    /// Takes what a frame found out about the prompt.
    mutating func note(_ frame: Frame) {
        (state.pane.scroll, state.pane.place) = (frame.paneScroll, frame.panePlace)
        if let area = frame.pane {
            state.pane.shownRows = area.rows >= 3 ? area.rows - 2 : area.rows
        }
    }

    /// True for lines that mean something at the prompt as well and are for the dashboard here:
    /// help is for both, and figures are explained with their values.
    public static func claims(_ words: [String]) -> Bool {
        switch words.first {
        case ":explain":
            words.count == 1 || FigureID(rawValue: words[1].lowercased()) != nil
                || ErrorCards.card(code: words[1].uppercased()) != nil
        case ":help": true
        default: false
        }
    }

    /// Takes how the last command of the prompt has ended.
    mutating func note(_ failed: Pane.Failed?) {
        guard let failed else { return state.failed = nil }
        guard failed.number > state.pane.failures else { return }
        state.pane.failures = failed.number
        state.failed = ErrorReply(text: failed.text, command: failed.command)
    }

    /// Does what a line says that was typed at the prompt; what there is to tell.
    mutating func perform(typed line: String) -> String? {
        state.message = nil
        perform(line)
        defer { state.message = nil }
        return state.message
    }
}
