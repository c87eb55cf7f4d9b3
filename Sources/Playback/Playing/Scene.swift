import Terminal

// What a player shows, before it is text: a terminal, a page and a recording make different
// things of the same scenes, and none of them knows what a lesson is.

/// A figure with its name.
struct Gauge: Equatable, Sendable {
    /// What it is called for short.
    var label: String
    /// Its value with the unit.
    var text: String
    /// Where it comes from.
    var origin: Origin
    /// False while there is nothing to tell.
    var isKnown = true
}

/// Something that is shown.
enum Scene: Equatable, Sendable {
    /// The beginning of the lesson.
    case title(String, remark: String)
    /// The beginning of a step.
    case step(Int, of: Int, title: String, id: String)
    /// A smaller heading.
    case heading(String)
    /// Text.
    case prose(Prose.Kind, [String], facts: [Quotation] = [])
    /// A block that is shown as it stands.
    case listing([String])
    /// A remark in a transcript.
    case remark(String)
    /// A note for the speaker.
    case note(String)
    /// A line that was said.
    case command(session: String, String)
    /// What came back.
    case reply([String], isError: Bool, Origin?)
    /// What was pushed to a session.
    case push(session: String, [String])
    /// A load that is over.
    case load(LoadScene)
    /// Something that broke.
    case fault(String)
    /// Curves.
    case chart(ChartScene)
    /// Checks and how they came out.
    case check([CheckResult])
    /// A question.
    case question([String], options: [String])
    /// An answer and what is to be said of it.
    case answer(isRight: Bool?, String, explanation: String)
    /// A task.
    case task(goal: [String], checks: [String], hint: String)
    /// A hint.
    case hint(Int, of: Int, String)
    /// How the learner's try differs from what was asked.
    case difference(String)
    /// Something has been reached, or not.
    case verdict(isGood: Bool, String)
    /// Figures of the world, each with its name.
    case figures([Gauge])
    /// The player's own words.
    case aside(String)
    /// A blank line.
    case blank
}

/// A load, while it runs and afterwards.
struct LoadScene: Equatable, Sendable {
    /// What it does, in words.
    var words: String
    /// Nanoseconds that have passed of it.
    var passed: UInt64
    /// Nanoseconds that it takes.
    var duration: UInt64
    /// What the figures say.
    var gauges: [Gauge]
}

/// Curves to be drawn.
struct ChartScene: Equatable, Sendable {
    /// What stands above them.
    var title: String
    /// The curves.
    var series: [ChartSeries]
    /// The time that they show, in nanoseconds.
    var span: UInt64
    /// Shares of the width with names.
    var marks: [Mark]

    /// Where a block began.
    struct Mark: Equatable, Sendable {
        var place: Double
        var name: String
    }
}

/// Makes lines of scenes.
struct SceneText {
    let text: LessonText
    private let margin = "  "
    private var look: LessonLook { text.look }

    init(columns: Int, isASCII: Bool) {
        text = LessonText(columns: min(columns - 3, 76), isASCII: isASCII)
    }

    /// The lines of a scene.
    func lines(_ scene: Scene) -> [Text] {
        switch scene {
        case .title(let title, let remark): return indented(text.title(title, remark))
        case .step(let number, let count, let title, _):
            return ["", indented(text.step(number, of: count, title))]
        case .heading(let heading): return [indented(Text(look.shown(heading), LessonLook.step))]
        case .prose(let kind, let lines, let facts):
            guard kind == .fact else {
                return indented(text.lines(Prose(kind: kind, lines: lines)))
            }
            // Whatever numbers stand in it are those of somebody else.
            let rows = indented(text.lines(Prose(kind: kind, lines: Quotation.plain(lines))))
            let bar = Text(margin + " ") + Text(look.quoteBar + " ", LessonLook.fact)
            let words = facts.isEmpty ? [Origin.quoted.rawValue] : facts.map(\.words)
            return rows
                + words.flatMap { words in
                    text.wrap(Text(look.shown(words), LessonLook.faint), text.width - 3)
                }.map { bar + $0 }
        case .listing(let lines):
            return lines.map { Text(margin + "  " + look.shown($0), LessonLook.code) }
        case .remark(let remark):
            return indented(text.paragraph("// " + remark, style: LessonLook.faint))
        case .note(let note):
            return indented(
                text.paragraph(note, first: Text("note: ", LessonLook.task), indent: "      "))
        case .command(let session, let line): return [command(session, line)]
        case .reply(let lines, let isError, let origin): return reply(lines, isError, origin)
        case .push(let session, let lines):
            let mark = Text(session + "< ", LessonLook.prompt(session))
            return lines.map { Text(margin) + mark + Text(look.shown($0)) }
        case .load(let load): return self.load(load)
        case .fault(let words):
            return [Text(margin + "! ", LessonLook.bad) + Text(look.shown(words))]
        case .chart(let chart): return self.chart(chart)
        case .check(let results): return results.flatMap(check)
        default: return learnerLines(scene)
        }
    }

    private func learnerLines(_ scene: Scene) -> [Text] {
        switch scene {
        case .question(let question, let options): return self.question(question, options)
        case .answer(let isRight, let words, let explanation):
            return answer(isRight, words, explanation)
        case .task(let goal, let checks, let hint): return task(goal, checks, hint)
        case .hint(let number, let count, let hint):
            let mark = Text("hint \(number)/\(count)  ", LessonLook.task)
            return indented(
                text.paragraph(
                    hint, first: mark, indent: Text(String(repeating: " ", count: mark.width))))
        case .difference(let words): return indented(text.paragraph(words))
        case .verdict(let isGood, let words):
            let style = isGood ? LessonLook.good : LessonLook.bad
            let mark = Text((isGood ? look.tick : look.cross) + " ", style)
            return indented(
                text.paragraph(
                    words, first: mark, indent: Text(String(repeating: " ", count: mark.width))))
        case .figures(let figures): return figures.map(figure)
        case .aside(let words): return indented(text.paragraph(words, style: LessonLook.faint))
        default: return [""]
        }
    }

    private func indented(_ line: Text) -> Text { Text(margin) + line }
    private func indented(_ lines: [Text]) -> [Text] { lines.map(indented) }

    /// The prompt of a session.
    func prompt(_ session: String) -> Text {
        Text(margin) + Text(session + "> ", LessonLook.prompt(session))
    }

    private func command(_ session: String, _ line: String) -> Text {
        prompt(session) + Text(look.shown(line), Style(bold: true))
    }

    private func reply(_ lines: [String], _ isError: Bool, _ origin: Origin?) -> [Text] {
        let style = isError ? Style(.red) : Style.plain
        var rows: [Text] = []
        for line in lines {
            // What came is shown as it came; a complaint is a sentence, and read as one.
            let parts = isError ? text.wrap(Text(look.shown(line)), text.width) : []
            if parts.count > 1 {
                rows += parts.map { Text(margin + $0.plain, style) }
            } else {
                rows.append(Text(margin + look.shown(line), style))
            }
        }
        if let origin, let first = rows.first { rows[0] = tagged(first, origin.rawValue) }
        return rows
    }

    /// A row with a word at its right edge.
    private func tagged(_ row: Text, _ word: String) -> Text {
        let gap = text.width + 2 - row.width - word.count
        return gap < 2
            ? row + Text("  " + word, LessonLook.faint)
            : row + Text(String(repeating: " ", count: gap) + word, LessonLook.faint)
    }

    // MARK: Loads, checks and charts

    /// The rows of a load: a bar that fills, and the figures below it.
    func load(_ load: LoadScene) -> [Text] {
        let room = 28
        let share = load.duration > 0 ? Double(load.passed) / Double(load.duration) : 1
        let filled = min(Int(share * Double(room)), room)
        var bar = Text(margin)
        bar.append(String(repeating: look.full, count: filled), Style(.green))
        bar.append(String(repeating: look.empty, count: room - filled), LessonLook.faint)
        bar.append("  " + ClockText.text(load.passed), Style(bold: true))
        bar.append(" of " + ClockText.text(load.duration), LessonLook.faint)
        bar.append("  " + look.shown(load.words), LessonLook.faint)
        var rows = [bar.truncated(to: text.width + 2, ellipsis: look.ellipsis)]
        if !load.gauges.isEmpty { rows += gauges(load.gauges) }
        return rows
    }

    private func figure(_ gauge: Gauge) -> Text {
        let name = gauge.label + String(repeating: " ", count: max(24 - gauge.label.count, 1))
        var row = Text(margin + name, LessonLook.faint)
        row.append(look.shown(gauge.text), Style(bold: true))
        return tagged(row, gauge.origin.rawValue)
    }

    /// A row of figures: as many as there is room for, the first before the others.
    private func gauges(_ gauges: [Gauge]) -> [Text] {
        let origins = Set(gauges.map(\.origin.rawValue)).sorted().joined(separator: ", ")
        var row = Text(margin)
        for (index, gauge) in gauges.enumerated() {
            var part = Text(index > 0 ? " " + look.between + " " : "", LessonLook.faint)
            part.append(gauge.label + " ", LessonLook.faint)
            part.append(look.shown(gauge.text), Style(bold: true))
            if index > 0, row.width + part.width + origins.count > text.width { break }
            row = row + part
        }
        return [tagged(row, origins)]
    }

    /// The rows of a check.
    func check(_ result: CheckResult) -> [Text] {
        let mark = Text(
            result.isTrue ? look.tick : look.cross,
            result.isTrue ? LessonLook.good : LessonLook.bad)
        let indent = Text(margin + String(repeating: " ", count: mark.width + 1))
        let statement = text.wrap(Text(look.shown(result.text)), text.width - mark.width - 1)
        var rows = statement.enumerated().map { index, part in
            (index == 0 ? Text(margin) + mark + Text(" ") : indent) + part
        }
        let values = value(of: result)
        if !values.isEmpty {
            let origins = Set(result.terms.map(\.reading.origin.rawValue)).sorted()
                .joined(separator: ", ")
            // The same column for all, unless there is too much to tell.
            let room = text.width - values.count - origins.count
            let column = min(46, max(room, indent.width))
            if (rows.last?.width ?? 0) + 2 > column || column > room { rows.append("") }
            var row = rows.removeLast()
            row.append(String(repeating: " ", count: max(column - row.width, 2)))
            row.append(look.shown(values), Style(bold: true))
            rows.append(tagged(row, origins))
        }
        guard let reason = result.reason else { return rows }
        return rows + text.paragraph(reason, style: LessonLook.faint).map { indent + $0 }
    }

    /// The figures of a check; that something is true or not is told by its mark.
    private func value(of result: CheckResult) -> String {
        result.terms.compactMap { term -> String? in
            if case .truth = term.reading.value { return nil }
            return term.reading.value.text
        }.joined(separator: ", ")
    }

    private func chart(_ chart: ChartScene) -> [Text] {
        indented(
            TextChart(text).lines(
                title: chart.title, chart.series, span: ClockText.text(chart.span),
                marks: chart.marks.map { ($0.place, $0.name) }))
    }

    // MARK: For the learner

    private func question(_ question: [String], _ options: [String]) -> [Text] {
        let mark = Text("? ", LessonLook.question)
        var rows = text.paragraph(question.joined(separator: " "), first: mark, indent: "  ")
        for (index, option) in options.enumerated() {
            let number = Text("  \(index + 1)  ", LessonLook.question)
            rows += text.paragraph(option, first: number, indent: "     ")
        }
        return indented(rows)
    }

    private func answer(_ isRight: Bool?, _ words: String, _ explanation: String) -> [Text] {
        var mark = Text(look.pointer + " ", LessonLook.question)
        if let isRight {
            mark = Text(
                (isRight ? look.tick : look.cross) + " ",
                isRight ? LessonLook.good : LessonLook.bad)
        }
        let indent = Text(String(repeating: " ", count: mark.width))
        var rows = text.paragraph(words, first: mark, indent: indent)
        if !explanation.isEmpty {
            rows += text.paragraph(explanation, first: indent, indent: indent)
        }
        return indented(rows)
    }

    private func task(_ goal: [String], _ checks: [String], _ hint: String) -> [Text] {
        let bar = Text(look.quoteBar + " ", LessonLook.task)
        var rows = [bar + Text("Your task", LessonLook.task)]
        rows += text.paragraph(goal.joined(separator: " "), first: bar, indent: bar)
        if !checks.isEmpty {
            rows.append(bar)
            rows.append(bar + Text("Done when", LessonLook.faint))
            rows += checks.flatMap { check in
                text.wrap(Text(look.shown(check), LessonLook.code), text.width - 4)
                    .enumerated().map { bar + Text($0 == 0 ? "  " : "    ") + $1 }
            }
        }
        rows += text.paragraph(hint, first: bar, indent: bar, style: LessonLook.faint)
        return indented(rows)
    }
}
