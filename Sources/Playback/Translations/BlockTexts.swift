// A translation has words and nothing else. Where the words are within a block (the question of a
// quiz, the goal of an exercise, the reasons of checks, the title of a chart) it repeats the fence
// with its words alone: keys, checks and commands are always those of the source.

/// The words of a block in another language.
struct BlockTexts: Sendable {
    /// The words of an option of a quiz.
    struct Option: Sendable {
        var text: String
        var feedback: String?
        var place: Place
    }

    /// The kind of the block: quiz, exercise, chart or check.
    var kind: FenceKind
    /// True when something in it could not be read, which has been said already.
    var isBroken = false
    /// The question of a quiz.
    var question: [String] = []
    /// The options of a quiz, in the order of the source.
    var options: [Option] = []
    /// The explanation of a quiz.
    var explanation: [String] = []
    /// The goal of an exercise.
    var goal: String?
    /// The hints of an exercise, in the order of the source.
    var hints: [Placed<String>] = []
    /// The title of a chart.
    var title: String?
    /// The reasons of the checks that have one, in the order of the source.
    var reasons: [Placed<String>] = []

    /// What does not fit: the words of another block, or too many or too few of them.
    struct Misfit: Error {
        var place: Place
        var text: String
    }

    /// The block of the source with these words; what is not said here stays as it is there.
    ///
    /// - Parameter place: where these words stand.
    func applied(to block: Block, at place: Place) throws(Misfit) -> Block {
        switch block {
        case .quiz(let quiz) where kind == .quiz: return .quiz(try applied(to: quiz, at: place))
        case .exercise(var exercise) where kind == .exercise:
            exercise.goal = goal ?? exercise.goal
            if !hints.isEmpty {
                try compare(hints.count, exercise.hints.count, "hints", hints[0].place)
                exercise.hints = hints.map(\.value)
            }
            return .exercise(exercise)
        case .chart(var chart) where kind == .chart:
            chart.title = title ?? chart.title
            return .chart(chart)
        case .check(var lines) where kind == .check:
            let known = lines.indices.filter { lines[$0].reason != nil }
            try compare(reasons.count, known.count, "reasons", reasons.first?.place ?? place)
            for (index, reason) in zip(known, reasons) { lines[index].reason = reason.value }
            return .check(lines)
        default:
            throw Misfit(place: place, text: "this block of the source is no \(kind.rawValue)")
        }
    }

    private func applied(to quiz: Quiz, at place: Place) throws(Misfit) -> Quiz {
        var quiz = quiz
        if !question.isEmpty { quiz.question = question }
        if !explanation.isEmpty { quiz.explanation = explanation.joined(separator: "\n") }
        switch quiz.answer {
        case .single(let own): quiz.answer = .single(try applied(to: own))
        case .multiple(let own): quiz.answer = .multiple(try applied(to: own))
        case .number, .pattern:
            if let first = options.first { try compare(options.count, 0, "options", first.place) }
        }
        return quiz
    }

    private func applied(to own: [Quiz.Option]) throws(Misfit) -> [Quiz.Option] {
        guard let first = options.first else { return own }
        try compare(options.count, own.count, "options", first.place)
        return zip(own, options).map { option, texts in
            var option = option
            option.text = texts.text
            option.feedback = texts.feedback ?? option.feedback
            return option
        }
    }

    private func compare(
        _ count: Int, _ wanted: Int, _ what: String, _ place: Place
    ) throws(Misfit) {
        guard count != wanted else { return }
        throw Misfit(
            place: place, text: "the source has \(wanted) \(what) in this block, not \(count)")
    }
}

/// What blocks are called by those who take them from elsewhere: by their id, or by their kind and
/// their number among the blocks of this kind in their step: the first check is `check-1`.
enum BlockNames {
    /// The names of the fences among some elements of one step, and the numbers of the elements.
    static func of(_ elements: [Element]) -> [(name: String, index: Int)] {
        var counts: [String: Int] = [:]
        return elements.indices.compactMap { index in
            guard case .fence(let fence) = elements[index].kind else { return nil }
            if case .include = fence.block { return nil }
            let kind = fence.word ?? (fence.language.isEmpty ? "text" : fence.language)
            counts[kind, default: 0] += 1
            return (fence.id?.value ?? "\(kind)-\(counts[kind, default: 0])", index)
        }
    }
}
