// Fences of a translation: words for a block of the source, never what the block does.

extension ScenarioParser {
    /// The kinds of blocks that have words of their own.
    private static let kindsWithTexts: [FenceKind] = [.quiz, .exercise, .chart, .check]

    /// Reads the words of a fence.
    mutating func readTexts(_ fence: Fence, first: Int) -> BlockTexts? {
        let kind = FenceKind(rawValue: fence.word ?? fence.language)
        guard let kind, Self.kindsWithTexts.contains(kind), kind.isYAML == (fence.word != nil)
        else {
            complain(
                .translatedCommand, fence.place, 3,
                "a translation has no such block of its own; it takes those of the source by "
                    + "<!-- block: NAME -->")
            return nil
        }
        for attribute in fence.attributes {
            complain(
                .translatedCommand, attribute.place, attribute.name.unicodeScalars.count,
                "the attributes of a block are those of the source")
        }
        if fence.id == nil {
            complain(
                .translatedTexts, fence.place, 3,
                "say for which block these words are: its id or, without one, #\(kind)-1 for the "
                    + "first of this kind in the step")
        }
        switch kind {
        case .quiz: return readQuizTexts(fence)
        case .check: return readReasons(fence)
        default: return readYAMLTexts(kind, fence, first: first)
        }
    }

    private mutating func readQuizTexts(_ fence: Fence) -> BlockTexts {
        var texts = BlockTexts(kind: .quiz)
        for (offset, line) in fence.body.enumerated() {
            let place = Place(line: fence.place.line + 1 + offset, column: 1)
            if line.hasPrefix("( ) ") || line.hasPrefix("[ ] ") {
                let option = Self.option(line.dropFirst(4), false, place)
                texts.options.append(
                    BlockTexts.Option(
                        text: option.text, feedback: option.feedback, place: place))
            } else if line.hasPrefix("(x) ") || line.hasPrefix("[x] ") {
                texts.isBroken = true
                complain(
                    .translatedCommand, place, 3,
                    "which option is right is said by the source; here all are written '( ) '")
            } else if ["? ", "= ", "~ "].contains(where: { line.hasPrefix($0) }) {
                complain(
                    .translatedCommand, place, line.unicodeScalars.count,
                    "the answer and what proves it are those of the source; leave them out")
            } else if line.hasPrefix("=> ") {
                texts.explanation.append(String(line.dropFirst(3)))
            } else if !texts.explanation.isEmpty {
                texts.explanation.append(line)
            } else if texts.options.isEmpty {
                texts.question.append(line)
            } else if !line.allSatisfy({ $0 == " " }) {
                complain(
                    .quizStray, place, max(1, line.unicodeScalars.count),
                    "this line is no option and no '=> explanation'")
            }
        }
        while texts.question.last == "" { texts.question.removeLast() }
        return texts
    }

    private mutating func readReasons(_ fence: Fence) -> BlockTexts {
        var texts = BlockTexts(kind: .check)
        for (offset, line) in fence.body.enumerated() where !line.allSatisfy({ $0 == " " }) {
            let place = Place(line: fence.place.line + 1 + offset, column: 1)
            let start = "because \""
            guard line.hasPrefix(start), line.hasSuffix("\""), line.count > start.count else {
                texts.isBroken = true
                complain(
                    .translatedCommand, place, line.unicodeScalars.count,
                    "checks are those of the source; a translation has the reasons of those that "
                        + "have one, each as because \"…\"")
                continue
            }
            texts.reasons.append(
                Placed(String(line.dropFirst(start.count).dropLast()), place.moved(start.count)))
        }
        return texts
    }

    private mutating func readYAMLTexts(
        _ kind: FenceKind, _ fence: Fence, first: Int
    ) -> BlockTexts {
        var texts = BlockTexts(kind: kind)
        let known = kind == .chart ? ["title"] : ["goal", "hints"]
        do throws(YAMLTree.Failure) {
            let body = lines[first..<first + fence.body.count]
            guard let tree = try YAMLTree.read(body, first: first + 1) else { return texts }
            var fields: [String: YAMLTree] = [:]
            for entry in tree.map ?? [] {
                if known.contains(entry.key) {
                    fields[entry.key] = entry.value
                    continue
                }
                complain(
                    .translatedCommand, entry.place, max(1, entry.key.unicodeScalars.count),
                    "a translation says \(known.joined(separator: " and ")) of a block; "
                        + "'\(entry.key)' is the source's",
                    suggestion: Suggestion.nearest(to: entry.key, in: known))
            }
            if tree.map == nil {
                complain(.wrongValue, tree, "this is a map of \(known.joined(separator: " and "))")
            }
            texts.goal = text(fields["goal"], "goal")?.value
            texts.hints = self.texts(fields["hints"], "hints")
            texts.title = text(fields["title"], "title")?.value
        } catch {
            complain(error.isDuplicate ? .duplicateKey : .yamlSyntax, error.place, 1, error.text)
        }
        return texts
    }
}
