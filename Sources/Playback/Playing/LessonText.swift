public import Terminal

// Prose of a scenario as lines of a terminal. The measure is at most 78 columns, whatever the
// terminal has, because longer lines are hard to read. Words are never cut unless one is wider
// than the measure. Bold, code and links become styles; where there are no colours the text reads
// as well without them.

/// Lays prose out in lines.
public struct LessonText: Sendable {
    /// The columns that a line may take.
    public let width: Int
    let look: LessonLook

    /// For lines of so many columns, at most 78.
    public init(columns: Int, isASCII: Bool = false) {
        width = min(max(columns, 20), 78)
        look = LessonLook(isASCII: isASCII)
    }

    /// The lines of a piece of prose.
    public func lines(_ prose: Prose) -> [Text] {
        switch prose.kind {
        case .paragraph: return paragraph(prose.lines.joined(separator: " "))
        case .list: return list(prose.lines)
        case .quote: return quote(prose.lines, LessonLook.faint)
        case .fact: return quote(prose.lines, LessonLook.fact)
        case .table: return TableText(self).lines(prose.lines)
        case .verbatim:
            return prose.lines.map { Text("  " + look.shown($0), LessonLook.code) }
        }
    }

    /// A text broken into lines, each behind an indent.
    ///
    /// - Parameters:
    ///   - first: stands before the first line.
    ///   - indent: stands before the others; as wide as `first`.
    public func paragraph(
        _ text: String, first: Text = "", indent: Text = "", style: Style = .plain
    ) -> [Text] {
        let room = width - max(first.width, indent.width)
        let rows = wrap(InlineText.read(text, style), room)
        return rows.enumerated().map { row, line in (row == 0 ? first : indent) + line }
    }

    /// The title of a lesson between rules.
    func title(_ text: String, _ remark: String) -> [Text] {
        let rule = Text(String(repeating: look.thickRule, count: width), LessonLook.rule)
        return [rule] + paragraph(text, style: LessonLook.title)
            + paragraph(remark, style: LessonLook.faint) + [rule]
    }

    /// The heading of a step: its number, its name, and a rule up to the edge.
    func step(_ number: Int, of count: Int, _ text: String) -> Text {
        var line = Text(String(repeating: look.thinRule, count: 2) + " ", LessonLook.rule)
        line.append("\(number)/\(count) ", LessonLook.faint)
        line.append(look.shown(text), LessonLook.step)
        let left = width - line.width - 1
        if left > 0 {
            line.append(" " + String(repeating: look.thinRule, count: left), LessonLook.rule)
        }
        return line.truncated(to: width, ellipsis: look.ellipsis)
    }

    private func list(_ lines: [String]) -> [Text] {
        var items: [(indent: Int, mark: String, text: String)] = []
        for line in lines {
            let margin = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(margin)
            if let mark = ["* ", "- ", "+ "].first(where: { rest.hasPrefix($0) }) {
                items.append((margin, look.bullet, String(rest.dropFirst(mark.count))))
                continue
            }
            let digits = rest.prefix { $0.isNumber }
            let behind = rest.dropFirst(digits.count)
            if !digits.isEmpty, behind.hasPrefix(". ") || behind.hasPrefix(") ") {
                items.append((margin, digits + ".", String(behind.dropFirst(2))))
            } else if items.isEmpty {
                items.append((margin, look.bullet, String(rest)))
            } else {
                items[items.count - 1].text += " " + rest
            }
        }
        return items.flatMap { item in
            let margin = String(repeating: " ", count: min(item.indent, 12) + 1)
            let first = Text(margin) + Text(item.mark, LessonLook.rule) + Text(" ")
            let indent = Text(String(repeating: " ", count: first.width))
            return paragraph(item.text, first: first, indent: indent)
        }
    }

    private func quote(_ lines: [String], _ style: Style) -> [Text] {
        var paragraphs: [String] = [""]
        for line in lines {
            var text = line.drop { $0 == " " }
            if text.hasPrefix(">") { text = text.dropFirst() }
            text = text.drop { $0 == " " }
            if text.isEmpty {
                paragraphs.append("")
            } else {
                let last = paragraphs.count - 1
                paragraphs[last] += (paragraphs[last].isEmpty ? "" : " ") + text
            }
        }
        let bar = Text(" " + look.quoteBar + " ", style)
        let isFact = style == LessonLook.fact
        let rows = paragraphs.filter { !$0.isEmpty }.map { text in
            paragraph(text, first: bar, indent: bar, style: isFact ? .plain : Style(italic: true))
        }
        return Array(rows.joined(separator: [bar]))
    }

    // MARK: Breaking

    /// Breaks a text at blanks into lines of at most `room` columns.
    func wrap(_ text: Text, _ room: Int) -> [Text] {
        let room = max(room, 8)
        var lines: [Text] = []
        var line = Text()
        var used = 0
        for word in words(look.shown(text)) {
            let width = word.width
            if used > 0, used + 1 + width <= room {
                line.append(" ", blankStyle(line, word))
                line.runs += word.runs
                used += 1 + width
                continue
            }
            if used > 0 { lines.append(line) }
            line = word
            used = width
            while used > room {
                let (head, tail) = cut(line, room)
                lines.append(head)
                line = tail
                used = tail.width
            }
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines.map(joined)
    }

    /// The blank between two words has their style where both have the same, so that underlined
    /// words are underlined as one.
    private func blankStyle(_ left: Text, _ right: Text) -> Style {
        guard let before = left.runs.last?.style, before == right.runs.first?.style else {
            return .plain
        }
        return before
    }

    private func words(_ text: Text) -> [Text] {
        var words: [Text] = []
        var word = Text()
        for run in text.runs {
            var letters = String.UnicodeScalarView()
            for scalar in run.string.unicodeScalars {
                if scalar == " " || scalar == "\n" {
                    word.append(String(letters), run.style)
                    letters = String.UnicodeScalarView()
                    if !word.isEmpty { words.append(word) }
                    word = Text()
                } else {
                    letters.append(scalar)
                }
            }
            word.append(String(letters), run.style)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private func cut(_ text: Text, _ room: Int) -> (Text, Text) {
        let head = text.truncated(to: room, ellipsis: "")
        var left = head.plain.unicodeScalars.count
        var tail = Text()
        for run in text.runs {
            let scalars = run.string.unicodeScalars
            tail.append(String(scalars.dropFirst(left)), run.style)
            left = max(0, left - scalars.count)
        }
        return (head, tail)
    }

    private func joined(_ text: Text) -> Text {
        var result = Text()
        for run in text.runs {
            if let last = result.runs.last, last.style == run.style {
                result.runs[result.runs.count - 1].string += run.string
            } else {
                result.runs.append(run)
            }
        }
        return result
    }
}

/// Reads bold, emphasis, code and links.
enum InlineText {
    /// The text without its marks, in styles.
    static func read(_ source: String, _ style: Style = .plain) -> Text {
        var result = Text()
        var letters = ""
        var style = style
        var rest = Substring(source)
        func flush(_ result: inout Text) {
            result.append(letters, style)
            letters = ""
        }
        while let first = rest.first {
            switch first {
            case "\\" where rest.dropFirst().first.map { "\\`*_[]<>#|".contains($0) } == true:
                letters.append(rest.dropFirst().first!)
                rest = rest.dropFirst(2)
            case "`":
                let fence = rest.prefix { $0 == "`" }
                let inner = rest.dropFirst(fence.count)
                guard let end = inner.firstRange(of: fence) else {
                    letters += fence
                    rest = inner
                    continue
                }
                flush(&result)
                var code = inner[..<end.lowerBound]
                if code.hasPrefix(" "), code.hasSuffix(" "), code.count > 2 {
                    code = code.dropFirst().dropLast()
                }
                var codeStyle = style
                codeStyle.foreground = LessonLook.code.foreground
                result.append(String(code), codeStyle)
                rest = inner[end.upperBound...]
            case "*" where rest.hasPrefix("**"):
                flush(&result)
                style.bold.toggle()
                rest = rest.dropFirst(2)
            case "*" where isMark(rest, inside: style.italic, result.plain + letters):
                flush(&result)
                style.italic.toggle()
                rest = rest.dropFirst()
            case "[":
                guard let link = link(rest) else { fallthrough }
                flush(&result)
                var linkStyle = style
                linkStyle.underline = true
                for run in read(link.text, linkStyle).runs { result.runs.append(run) }
                if let target = shownTarget(link.target) {
                    result.append(" (\(target))", LessonLook.faint)
                }
                rest = rest[link.end...]
            default:
                letters.append(first)
                rest = rest.dropFirst()
            }
        }
        flush(&result)
        return result
    }

    /// An asterisk marks emphasis where a word begins or ends beside it, and not in `a * b`.
    private static func isMark(_ rest: Substring, inside: Bool, _ before: String) -> Bool {
        let next = rest.dropFirst().first
        if inside { return before.last.map { $0 != " " } ?? false }
        guard let next, next != " " else { return false }
        return rest.dropFirst().contains("*") && !(before.last?.isLetter ?? false)
    }

    private static func link(
        _ rest: Substring
    ) -> (text: String, target: String, end: Substring.Index)? {
        guard let close = rest.firstRange(of: "](") else { return nil }
        guard let end = rest[close.upperBound...].firstIndex(of: ")") else { return nil }
        let text = rest[rest.index(after: rest.startIndex)..<close.lowerBound]
        guard !text.contains("]") else { return nil }
        return (
            String(text), String(rest[close.upperBound..<end]), rest.index(after: end)
        )
    }

    /// What is said of where a link leads: its address, where it leads out of the lessons.
    private static func shownTarget(_ target: String) -> String? {
        if target.contains("facts.yaml#") {
            return target.split(separator: "#").last.map { "fact \($0)" }
        }
        return target.contains("://") || target.contains("notes/") ? target : nil
    }
}

/// Lays out tables.
struct TableText {
    let text: LessonText

    init(_ text: LessonText) { self.text = text }

    func lines(_ source: [String]) -> [Text] {
        var rows = source.map(cells)
        let hasHead = rows.count > 1 && rows[1].allSatisfy(isRule)
        if hasHead { rows.remove(at: 1) }
        let count = rows.map(\.count).max() ?? 0
        guard count > 0 else { return [] }
        for row in rows.indices {
            while rows[row].count < count { rows[row].append("") }
        }
        let read = rows.enumerated().map { row, cells in
            cells.map { InlineText.read($0, hasHead && row == 0 ? Style(bold: true) : .plain) }
        }
        let widths = widths(read, count)
        var result: [Text] = []
        for (index, cells) in read.enumerated() {
            let broken = zip(cells, widths).map { text.wrap($0, $1) }
            for row in 0..<(broken.map(\.count).max() ?? 1) {
                var line = Text(" ")
                for (column, cell) in broken.enumerated() {
                    let part = row < cell.count ? cell[row] : Text()
                    let gap = column == count - 1 ? 0 : widths[column] - part.width + 2
                    line = line + part + Text(String(repeating: " ", count: max(gap, 0)))
                }
                result.append(line)
            }
            if index == 0, hasHead {
                let rule = widths.map { String(repeating: text.look.thinRule, count: $0) }
                result.append(Text(" " + rule.joined(separator: "  "), LessonLook.faint))
            }
        }
        return result
    }

    private func cells(_ line: String) -> [String] {
        var cells: [String] = [""]
        var escaped = false
        for letter in line {
            if letter == "|", !escaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(letter)
            }
            escaped = letter == "\\" && !escaped
        }
        var trimmed = cells.map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        if trimmed.first == "" { trimmed.removeFirst() }
        if trimmed.last == "" { trimmed.removeLast() }
        return trimmed
    }

    private func isRule(_ cell: String) -> Bool {
        !cell.isEmpty && cell.allSatisfy { $0 == "-" || $0 == ":" }
    }

    /// The widths of the columns; the widest give way until all fit.
    private func widths(_ rows: [[Text]], _ count: Int) -> [Int] {
        var widths = (0..<count).map { column in
            max(rows.map { text.look.shown($0[column]).width }.max() ?? 0, 1)
        }
        let room = text.width - 1 - 2 * (count - 1)
        while widths.reduce(0, +) > room {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > 8
            else { break }
            widths[widest] -= 1
        }
        return widths
    }
}
