// Questions: the text, the options or the form of the answer, the explanation, and what the run
// has to say about them.

extension ScenarioParser {
    /// Collects the parts of a question.
    private struct QuizParts {
        var question: [String] = []
        var options: [Quiz.Option] = []
        var isMultiple: Bool?
        var other: Quiz.Answer?
        var answerPlace: Place?
        var explanation: [String] = []
        var verify: Expression?
    }

    /// Reads the body of a question.
    mutating func readQuiz(_ body: [String], _ fence: Fence) -> Block {
        var parts = QuizParts()
        for (offset, line) in body.enumerated() {
            readQuizLine(line, Place(line: fence.place.line + 1 + offset, column: 1), &parts)
        }
        while parts.question.last == "" { parts.question.removeLast() }
        if parts.question.allSatisfy(\.isEmpty) {
            complain(.quizWithoutQuestion, fence.place, 3, "this quiz asks nothing")
        }
        if parts.explanation.isEmpty {
            complain(
                .quizWithoutExplanation, fence.place, 3,
                "this quiz does not explain its answer; the explanation begins with '=> '")
        }
        guard let answer = answer(parts, fence.place) else { return .listing }
        return .quiz(
            Quiz(
                question: parts.question, answer: answer,
                explanation: parts.explanation.joined(separator: "\n"), verify: parts.verify,
                answerPlace: parts.answerPlace ?? fence.place))
    }

    private mutating func answer(_ parts: QuizParts, _ place: Place) -> Quiz.Answer? {
        if let other = parts.other {
            if let option = parts.options.first {
                complain(
                    .quizMixed, option.place, 3,
                    "a quiz has either options or one form of answer")
            }
            return other
        }
        guard let first = parts.options.first else {
            complain(
                .quizWithoutAnswer, place, 3,
                "this quiz has no answer: options '( )' and '(x)', '= 5 ± 1' or '~ /pattern/'")
            return nil
        }
        let correct = parts.options.filter(\.isCorrect)
        if correct.isEmpty {
            complain(.quizWithoutAnswer, first.place, 3, "no option of this quiz is correct")
        } else if parts.isMultiple == false, correct.count > 1 {
            complain(
                .quizWithSeveral, correct[1].place, 3,
                "a second option is correct; where several are, they are written '[x]'")
        }
        return parts.isMultiple == true ? .multiple(parts.options) : .single(parts.options)
    }

    private mutating func readQuizLine(_ line: String, _ place: Place, _ parts: inout QuizParts) {
        let marks: [(text: String, isCorrect: Bool, isMultiple: Bool)] = [
            ("( ) ", false, false), ("(x) ", true, false), ("[ ] ", false, true),
            ("[x] ", true, true),
        ]
        if let mark = marks.first(where: { line.hasPrefix($0.text) }) {
            if let isMultiple = parts.isMultiple, isMultiple != mark.isMultiple {
                complain(.quizMixed, place, 3, "the options of a quiz are all '( )' or all '[ ]'")
            }
            parts.isMultiple = parts.isMultiple ?? mark.isMultiple
            parts.answerPlace = parts.answerPlace ?? place
            parts.options.append(Self.option(line.dropFirst(4), mark.isCorrect, place))
        } else if line.hasPrefix("=> ") {
            parts.explanation.append(String(line.dropFirst(3)))
        } else if line.hasPrefix("? ") {
            do throws(ExpressionFailure) {
                let expression = try ExpressionParser.expression(
                    String(line.dropFirst(2)), at: place.moved(2))
                if parts.explanation.isEmpty, !parts.options.isEmpty {
                    parts.options[parts.options.count - 1].verify = expression
                } else {
                    parts.verify = expression
                }
            } catch {
                complain(error)
            }
        } else if line.hasPrefix("= ") {
            parts.answerPlace = place
            parts.other = number(line, place)
        } else if line.hasPrefix("~ ") {
            parts.answerPlace = place
            parts.other = pattern(line, place)
        } else if !parts.explanation.isEmpty {
            parts.explanation.append(line)
        } else if parts.options.isEmpty, parts.other == nil {
            parts.question.append(line)
        } else if !line.allSatisfy({ $0 == " " }) {
            complain(
                .quizStray, place, max(1, line.unicodeScalars.count),
                "this line is no option, no '=> explanation' and no '? statement'")
        }
    }

    static func option(_ text: Substring, _ isCorrect: Bool, _ place: Place) -> Quiz.Option {
        guard let dashes = text.firstRange(of: " -- ") else {
            return Quiz.Option(isCorrect: isCorrect, text: String(text), place: place)
        }
        return Quiz.Option(
            isCorrect: isCorrect, text: String(text[..<dashes.lowerBound]),
            feedback: String(text[dashes.upperBound...]), place: place)
    }

    private mutating func number(_ line: String, _ place: Place) -> Quiz.Answer {
        let parts = line.dropFirst(2).split(separator: "±", maxSplits: 1)
        let quantities = parts.map { Quantity($0) }
        guard let number = quantities.first ?? nil, quantities.count == 1 || quantities[1] != nil
        else {
            complain(
                .quizNumber, place.moved(2), max(1, line.unicodeScalars.count - 2),
                "a number is written '= 90.5' or '= 90.5 ± 0.5'")
            return .number(Quantity(0), tolerance: nil)
        }
        return .number(number, tolerance: quantities.count > 1 ? quantities[1] : nil)
    }

    private mutating func pattern(_ line: String, _ place: Place) -> Quiz.Answer {
        let text = line.dropFirst(2)
        guard text.count >= 2, text.hasPrefix("/"), text.hasSuffix("/"),
            (try? Regex(String(text.dropFirst().dropLast()))) != nil
        else {
            complain(
                .badPattern, place.moved(2), max(1, line.unicodeScalars.count - 2),
                "a pattern is a regular expression between slashes: '~ /lru/'")
            return .pattern("^$")
        }
        return .pattern(String(text.dropFirst().dropLast()))
    }
}
