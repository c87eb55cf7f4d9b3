import Bytes
import Client
import Grammar
import Terminal

// The face of the line: words in the colour of what they are, behind them in grey what may follow,
// below them a menu or a row about the command. Grey text behind the cursor is either the rest of
// a line typed before, which Right takes, or the arguments still to come, which nobody types.
// Without colours a ghost could not be told from the text, so the arguments stand in the row
// below, and what was typed before is offered by Up and Ctrl-R alone.
//
// A frame is at most 1 KB for a line of one row at 120 columns: the ghost never begins a row of
// its own, and the menu is a grid of four rows.

/// Makes the frames of lines that are being typed.
struct LinePainter {
    /// What each role looks like.
    static func style(_ role: WordRole) -> Style {
        switch role {
        case .command: Style(.blue, bold: true)
        case .subcommand: Style(.blue)
        case .key: Style(.cyan)
        case .number: Style(.yellow)
        case .token: Style(.magenta)
        case .string: .plain
        case .wrong: Style(.red, underline: true)
        }
    }

    private static let menuRows = 4
    private static let grey = Style(.grey)

    /// Stands before the first row.
    var prompt: Text = ""
    /// Whether colours are shown.
    var isColored: Bool
    /// How wide the terminal is.
    var columns: Int

    /// The frame of a line with what is known of it.
    /// - Parameters:
    ///   - ghost: the rest of a line typed before.
    ///   - count: what the N of the command's cost is, where that is known.
    func frame(
        _ state: EditorState, _ reading: Assistance.Reading, spec: CommandSpec?,
        ghost: String? = nil, count: String? = nil, menu: CompletionMenu? = nil
    ) -> LineFrame {
        var frame = LineFrame(
            prompt: prompt, continuation: "...> ", body: body(state, reading),
            cursor: state.cursor)
        if let menu {
            frame.below = rows(menu)
            return frame
        }
        var below: [String] = []
        if reading.isUnknown, !reading.nearest.isEmpty {
            below.append("did you mean \(reading.nearest.joined(separator: ", "))?")
        }
        let hint = state.isAtEnd ? reading.hint ?? "" : ""
        if isColored, state.isAtEnd, let ghost {
            frame.ghost = fitted(ghost, behind: state)
            if !hint.isEmpty { below.append(hint) }
        } else if isColored {
            let gap = reading.line.endsInWord && !hint.isEmpty ? " " : ""
            frame.ghost = fitted(gap + hint, behind: state)
        } else if !hint.isEmpty {
            below.append(hint)
        }
        if let spec { below.append(Self.facts(spec, count)) }
        if !below.isEmpty {
            frame.below = [Text(below.joined(separator: "  ·  "), Self.grey)]
        }
        return frame
    }

    /// Where a command belongs, what it costs, since when there is it, and who has it.
    static func facts(_ spec: CommandSpec, _ count: String?) -> String {
        var parts = [spec.group.rawValue]
        if spec.since.isEmpty || spec.name.hasPrefix(":") { return spec.summary }
        if !spec.complexity.isEmpty {
            parts.append(
                PresentCost.short(spec.complexity) + (count.map { ", N = \($0)" } ?? ""))
        }
        parts.append("since \(spec.since)")
        let names: [(Availability, String)] = [
            (.redis70, "Redis 7.0"), (.redis72, "Redis 7.2"), (.valkey80, "Valkey 8"),
        ]
        if spec.availability != .everywhere {
            let having = names.filter { spec.availability.contains($0.0) }.map(\.1)
            parts.append("only " + having.joined(separator: ", "))
        }
        return parts.joined(separator: " · ")
    }

    /// The text with a style for each word.
    private func body(_ state: EditorState, _ reading: Assistance.Reading) -> Text {
        var text = Text()
        var place = 0
        for (word, role) in zip(reading.line.words, reading.roles) where role != .string {
            text.append(Self.string(state.scalars[place..<word.range.lowerBound]))
            text.append(Self.string(state.scalars[word.range]), Self.style(role))
            place = word.range.upperBound
        }
        text.append(Self.string(state.scalars[place...]))
        return text
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// A ghost cut at the end of the row that the cursor is in.
    private func fitted(_ ghost: String, behind state: EditorState) -> Text {
        let row = state.scalars.lastIndex(of: "\n").map { state.scalars[($0 + 1)...] }
        let before = row == nil ? prompt.width : 5
        let used = before + DisplayWidth.of(Self.string(row ?? state.scalars[...]))
        let room = columns - used % max(columns, 1) - 1
        let first = String(ghost.prefix { $0 != "\n" })
        return Text(first, Self.grey).truncated(to: max(room, 0))
    }

    /// The menu as a grid that follows the choice.
    private func rows(_ menu: CompletionMenu) -> [Text] {
        let longest = menu.words.map { DisplayWidth.of($0) }.max() ?? 1
        let width = min(longest, max(columns - 4, 8)) + 2
        let perRow = max((columns - 1) / width, 1)
        let all = (menu.words.count + perRow - 1) / perRow
        let chosen = menu.choice / perRow
        let first = max(0, min(chosen - Self.menuRows / 2, all - Self.menuRows))
        var result: [Text] = []
        for row in first..<min(first + Self.menuRows, all) {
            var text = Text()
            for index in (row * perRow)..<min((row + 1) * perRow, menu.words.count) {
                let word = Text(menu.words[index]).truncated(to: width - 2).plain
                let fill = String(repeating: " ", count: width - 2 - DisplayWidth.of(word))
                let mark = index == menu.choice
                text.append(mark && !isColored ? ">" : " ")
                text.append(word, mark ? Style(inverse: true) : .plain)
                text.append(fill + " ")
            }
            result.append(text)
        }
        if all > Self.menuRows {
            result.append(Text("\(menu.choice + 1) of \(menu.words.count)", Self.grey))
        }
        return result
    }
}

/// The words that Tab found, and which of them is chosen.
struct CompletionMenu: Equatable {
    /// What they replace.
    var range: Range<Int>
    /// The words.
    var words: [String]
    /// The number of the chosen one.
    var choice = 0

    /// Chooses another one, around the ends.
    mutating func move(_ step: Int) {
        choice = (choice + step + words.count) % words.count
    }

    /// What all words begin with.
    static func commonPrefix(_ words: [String]) -> String {
        guard var prefix = words.first.map({ Array($0.unicodeScalars) }) else { return "" }
        for word in words.dropFirst() {
            let same = zip(prefix, word.unicodeScalars).prefix { $0 == $1 }.count
            prefix.removeLast(prefix.count - same)
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: prefix)
        return String(view)
    }
}
