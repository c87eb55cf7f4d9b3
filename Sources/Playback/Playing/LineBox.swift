import Terminal

// The line that a learner types in a lesson. The editor of the prompt keeps its keys to itself
// until the line is over; here every key also may belong to the lesson, and a player must be a
// value that can be tested, so this is a small editor of its own with the usual keys.

/// A line of text being typed.
struct LineBox: Equatable, Sendable {
    /// The text.
    private(set) var scalars: [Unicode.Scalar] = []
    /// How many of them stand before the cursor.
    private(set) var cursor = 0
    private var history: [[Unicode.Scalar]] = []
    /// The place in the history, and what was typed before it was entered.
    private var recalled: Int?
    private var draft: [Unicode.Scalar] = []
    private var killed: [Unicode.Scalar] = []

    /// The text as a string.
    var text: String { String(String.UnicodeScalarView(scalars)) }

    /// True when nothing is typed.
    var isEmpty: Bool { scalars.isEmpty }

    /// Empties the line, and remembers it for Up.
    mutating func clear(keeping: Bool = false) {
        if keeping, !scalars.isEmpty, history.last != scalars { history.append(scalars) }
        scalars = []
        cursor = 0
        recalled = nil
    }

    /// Sets the text; the cursor goes to its end.
    mutating func set(_ text: String) {
        scalars = Array(text.unicodeScalars)
        cursor = scalars.count
    }

    /// Takes a key; false when it has no meaning in a line.
    mutating func take(_ key: Key) -> Bool {
        switch key {
        case .character(let scalar): insert([scalar])
        case .paste(let text): insert(text.unicodeScalars.map { $0 == "\n" ? " " : $0 })
        case .special(let special, _): return take(special)
        case .control(let code): return take(control: code)
        case .meta("b"): cursor = wordStart
        case .meta("f"): cursor = wordEnd
        default: return false
        }
        return true
    }

    private mutating func take(_ special: Key.Special) -> Bool {
        switch special {
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(scalars.count, cursor + 1)
        case .home: cursor = 0
        case .end: cursor = scalars.count
        case .delete: if cursor < scalars.count { scalars.remove(at: cursor) }
        case .up: recall(-1)
        case .down: recall(1)
        default: return false
        }
        return true
    }

    private mutating func take(control code: UInt8) -> Bool {
        switch code {
        case 127, 8:
            guard cursor > 0 else { return true }
            cursor -= 1
            scalars.remove(at: cursor)
        case 1: cursor = 0
        case 5: cursor = scalars.count
        case 2: cursor = max(0, cursor - 1)
        case 6: cursor = min(scalars.count, cursor + 1)
        case 16: recall(-1)
        case 14: recall(1)
        case 11: kill(cursor..<scalars.count)
        case 21: kill(0..<cursor)
        case 23: kill(wordStart..<cursor)
        case 25: insert(killed)
        default: return false
        }
        return true
    }

    private mutating func insert(_ more: [Unicode.Scalar]) {
        scalars.insert(contentsOf: more, at: cursor)
        cursor += more.count
        recalled = nil
    }

    private mutating func kill(_ range: Range<Int>) {
        killed = Array(scalars[range])
        scalars.removeSubrange(range)
        cursor = range.lowerBound
    }

    private var wordStart: Int {
        var place = cursor
        while place > 0, scalars[place - 1] == " " { place -= 1 }
        while place > 0, scalars[place - 1] != " " { place -= 1 }
        return place
    }

    private var wordEnd: Int {
        var place = cursor
        while place < scalars.count, scalars[place] == " " { place += 1 }
        while place < scalars.count, scalars[place] != " " { place += 1 }
        return place
    }

    private mutating func recall(_ step: Int) {
        guard !history.isEmpty else { return }
        if recalled == nil { draft = scalars }
        let place = (recalled ?? history.count) + step
        guard (0...history.count).contains(place) else { return }
        recalled = place == history.count ? nil : place
        scalars = place == history.count ? draft : history[place]
        cursor = scalars.count
    }
}
