public import Client
import Terminal

// The lesson beside the panels, and screen 9 with all lessons. What a lesson is about is not known
// here: there is a picture of how it stands, and orders that go back.

extension View {
    /// The lesson as it stands, for the room beside the panels or for a screen of its own.
    var lesson: PanelModel {
        guard let picture = state.lesson else { return noLesson }
        var blocks: [Block] = []
        if !picture.heading.isEmpty { blocks.append(.prose(picture.heading, .strong)) }
        blocks += picture.prose.map { .prose($0, .text) }
        blocks.append(.prose("", .text))
        if !picture.watch.isEmpty {
            // Labels such as "now" say enough in their panels only.
            let names = picture.watch.map { $0.replacing("_", with: " ") }
            blocks.append(.entry("WATCH", names.joined(separator: ", "), .warning))
        }
        blocks += state.screen == .learn ? course(of: picture) : figures(of: picture)
        if let question = picture.prediction {
            blocks += lines(question)
        }
        if !picture.command.isEmpty {
            let isLocked = picture.prediction.map { $0.chosen == nil } ?? false
            blocks.append(.entry("TRY", shown(Array(picture.command.utf8)), .key))
            blocks.append(
                .entry("", isLocked ? "answer first" : "Enter runs it, e edits it", .label))
        }
        blocks += picture.checks.enumerated().map { place, check in
            let (mark, role): (String, Role) =
                switch check.state {
                case .open: ("..", .text)
                case .passed: ("ok", .good)
                case .failed: ("no", .warning)
                }
            return .entry(place == 0 ? "CHECK" : "", "\(mark) \(check.text): \(check.value)", role)
        }
        blocks += picture.hints.enumerated().map { place, hint in
            .entry(place == 0 ? "HINT" : "", hint, .text)
        }
        if !picture.onward.isEmpty { blocks.append(.prose(picture.onward, .key)) }
        if !picture.remark.isEmpty { blocks.append(.prose(picture.remark, .strong)) }
        var keys = "[ back  ] next"
        if picture.hintsLeft > 0 { keys += "  h hint (\(picture.hintsLeft))" }
        blocks.append(.prose(keys + "  r restart  s skip", .label))
        var panel = PanelModel(
            .lesson, "Lesson \(picture.step)/\(picture.steps) \(picture.title)", blocks)
        panel.remark = "F2"
        return panel
    }

    /// The lesson's own figures, by where they come from.
    private func figures(of picture: LessonPicture) -> [Block] {
        var blocks: [Block] = []
        for origin in ["measured", "modelled", "quoted"] {
            var family = ""
            let words = picture.figures.filter { $0.origin == origin }.map { figure in
                // Of app.latency.mean and app.latency.p99 the second is .p99.
                let own = figure.name.lastIndex(of: ".") ?? figure.name.startIndex
                let isNext = figure.name[..<own] == family && !family.isEmpty
                family = String(figure.name[..<own])
                return (isNext ? String(figure.name[own...]) : figure.name) + " " + figure.value
            }
            if words.isEmpty { continue }
            blocks.append(.entry(origin.uppercased(), words.joined(separator: ", "), .text))
        }
        return blocks
    }

    /// The steps, and what was reached.
    private func course(of picture: LessonPicture) -> [Block] {
        var blocks: [Block] = []
        if !picture.score.isEmpty { blocks.append(.entry("SCORE", picture.score, .strong)) }
        for (place, step) in picture.stepList.enumerated() {
            let isHere = place + 1 == picture.step
            let mark = isHere ? ">" : step.isDone ? "ok" : ".."
            let words = "\(mark) \(place + 1) \(step.title)"
            let role: Role = isHere ? .strong : step.isDone ? .label : .text
            blocks.append(.entry(place == 0 ? "STEPS" : "", words, role))
        }
        return blocks
    }

    private func lines(_ question: LessonPicture.Prediction) -> [Block] {
        var blocks: [Block] = [.entry("PREDICT", question.question, .text)]
        for (place, option) in question.options.enumerated() {
            let isChosen = question.chosen == place
            var text = "\(place + 1) \(option)"
            if isChosen, let isRight = question.isRight { text += isRight ? "  right" : "  wrong" }
            let role: Role =
                !isChosen ? .text : question.isRight.map { $0 ? .good : .warning } ?? .strong
            blocks.append(.entry(isChosen ? "      >" : "", text, role))
        }
        return blocks
    }

    private var noLesson: PanelModel {
        PanelModel(
            .lesson, "Learn",
            [
                .prose(
                    """
                    x explains the focused panel's figures with their live values: what they \
                    are, where they come from, what is normal, and what helps.
                    """, .text),
                .prose("", .text),
                .prose("No lesson is open. This plays one at the shell:", .label),
                .prose("larder play \(chosenLesson ?? "cache-aside")", .key),
                .prose("and this at the prompt:", .label),
                .prose(":play \(chosenLesson ?? "cache-aside")", .key),
                .prose("There d opens this dashboard on the lesson's own world.", .label),
            ])
    }

    /// The lesson that is chosen in the list.
    private var chosenLesson: String? {
        state.chosen[.lessonList].map { String(decoding: $0, as: UTF8.self) }
    }

    /// All lessons, with how far each was done.
    var lessonList: PanelModel {
        let shown = state.lessons.filter { passes("\($0.name) \($0.title)") }
        let rows = shown.map { lesson in
            let share = lesson.steps > 0 ? Double(lesson.done) / Double(lesson.steps) : 0
            return [
                TableCell(lesson.title, role: lesson.isDone ? .label : .text),
                TableCell("\(lesson.done)/\(lesson.steps)", Double(lesson.done)),
                TableCell("", bar: share),
                TableCell(lesson.isDone ? "yes" : "", role: .good),
                TableCell(lesson.attempts > 0 ? "\(lesson.attempts)" : "", Double(lesson.attempts)),
                TableCell(
                    lesson.right.map { "\($0)/\(lesson.predicted)" } ?? "-",
                    lesson.right.map { Double($0) }),
                TableCell(lesson.medal, role: .good),
                TableCell(lesson.name, role: .label),
            ]
        }
        var table = TableModel(
            id: "lessons",
            columns: [
                TableColumn("lesson", "title", 18, left: true, grows: true, priority: 9),
                TableColumn("steps", "steps", 5, priority: 8),
                TableColumn("", "bar", 10, left: true, priority: 2),
                TableColumn("done", "done", 4, left: true, priority: 6),
                TableColumn("tries", "tries", 5, priority: 3),
                TableColumn("foretold", "right", 8, priority: 4),
                TableColumn("medal", "medal", 6, left: true, priority: 5),
                TableColumn("larder play", "name", 18, left: true, priority: 7),
            ], rows: rows, empty: "no lessons are found here: larder play --dir names a folder")
        offer(&table, shown.map { Array($0.name.utf8) }, in: .lessonList)
        return PanelModel(.lessonList, "Lessons", [.table(table)])
    }

    /// True for a panel that the lesson says to watch.
    func isWatched(_ panel: PanelModel) -> Bool {
        guard let watch = state.lesson?.watch, panel.id != .lesson else { return false }
        return watch.contains { name in
            name == panel.id.rawValue || panel.figures.contains { Cards.isNamed($0, name) }
        }
    }
}

extension Dashboard {
    /// Takes how the lesson stands; nil when none is open.
    public mutating func take(_ lesson: LessonPicture?) { state.lesson = lesson }

    /// Gives the keys to the lesson beside the panels.
    mutating func focusLesson() {
        guard let place = state.screen.panels(state).lastIndex(of: .lesson) else { return }
        state.focus = place
    }

    /// Does what a line says about the lesson.
    mutating func lesson(_ words: [String]) {
        if words.isEmpty || words.count == 1 && LessonPlace(rawValue: words[0]) != nil {
            let wanted = words.first.flatMap { LessonPlace(rawValue: $0) }
            state.lessonPlace = wanted ?? state.lessonPlace.next
            state.message =
                switch state.lessonPlace {
                case .fitting: "the lesson stands where there is room"
                case .hidden: "the lesson is hidden; F2 brings it back"
                case .right: "the lesson stands to the right"
                case .bottom: "the lesson stands below"
                }
            return
        }
        guard let order = LessonOrder(words) else {
            state.message =
                "a lesson takes next, back, restart, hint, skip, run, edit, predict N, open NAME, "
                + "or hide, right, bottom, fit"
            return
        }
        requests.append(.lesson(order))
    }

    /// The keys that count only while the lesson has the focus. False for all others.
    mutating func pressInLesson(_ key: Key) -> Bool {
        guard state.overlay == nil else { return false }
        if focused == .lessonList, key == .enter {
            guard let name = state.chosen[.lessonList] else { return false }
            requests.append(.lesson(.open(String(decoding: name, as: UTF8.self))))
            return true
        }
        guard focused == .lesson, let picture = state.lesson else { return false }
        let orders: [(key: Key, order: LessonOrder)] = [
            (.enter, .run), (.character("e"), .edit), (.character("h"), .hint),
            (.character("r"), .restart), (.character("s"), .skip),
        ]
        if let question = picture.prediction, question.chosen == nil,
            case .character(let letter) = key
        {
            if let digit = Int(String(letter)), 1...max(question.options.count, 1) ~= digit {
                requests.append(.lesson(.predict(digit - 1)))
                return true
            }
            // A question of two answers is one of yes and no.
            if question.options.count == 2, let place = ["y", "n"].firstIndex(of: letter) {
                requests.append(.lesson(.predict(place)))
                return true
            }
        }
        guard let order = orders.first(where: { $0.key == key })?.order,
            order != .run || !picture.command.isEmpty || !picture.onward.isEmpty
        else {
            return false
        }
        requests.append(.lesson(order))
        return true
    }
}
