// Transcripts: prompts with commands, and the lines that are expected below them.

extension ScenarioParser {
    /// Reads the lines of a transcript; the first stands at `start`.
    mutating func readTranscript(
        _ body: [String], at start: Place, session: String
    ) -> Transcript {
        var items: [Transcript.Item] = []
        // Blank lines are expected only between lines that are expected.
        var blanks = 0
        for (offset, line) in body.enumerated() {
            let place = Place(line: start.line + offset, column: start.column)
            if line.isEmpty {
                blanks += 1
                continue
            }
            if let (name, column) = Self.prompt(line, ">") {
                items.append(
                    .command(
                        TranscriptCommand(
                            session: name.isEmpty ? session : name,
                            text: Self.dropping(column, of: line), place: place.moved(column),
                            expected: [])))
            } else if line.hasPrefix(".. ") || line == ".." {
                continueCommand(line, place, &items)
            } else if let (name, column) = Self.prompt(line, "<"), !name.isEmpty {
                let expected = readExpectation(
                    Self.dropping(column, of: line), place.moved(column))
                items.append(.push(session: name, expected: [expected], place: place))
            } else if line.hasPrefix("// ") || line == "//" {
                items.append(.remark(String(line.dropFirst(3)), place: place))
            } else {
                expect(line, place, blanks: blanks, &items)
            }
            blanks = 0
        }
        return Transcript(items: items)
    }

    /// The name before a sign, and the columns up to what stands behind it: `bob> `.
    private static func prompt(_ line: String, _ sign: Character) -> (name: String, end: Int)? {
        guard let end = line.firstIndex(of: sign) else { return nil }
        let name = line[..<end]
        guard name.isEmpty || isName(name) else { return nil }
        let rest = line[line.index(after: end)...]
        guard rest.isEmpty || rest.first == " " else { return nil }
        return (String(name), name.unicodeScalars.count + 1 + (rest.isEmpty ? 0 : 1))
    }

    private static func dropping(_ columns: Int, of line: String) -> String {
        String(line.unicodeScalars.dropFirst(columns))
    }

    private mutating func continueCommand(
        _ line: String, _ place: Place, _ items: inout [Transcript.Item]
    ) {
        guard case .command(var command) = items.last, command.expected.isEmpty else {
            complain(
                .continuationWithoutCommand, place, 2, "no command stands above this continuation")
            return
        }
        command.text += "\n" + line.dropFirst(3)
        items[items.count - 1] = .command(command)
    }

    private mutating func expect(
        _ line: String, _ place: Place, blanks: Int, _ items: inout [Transcript.Item]
    ) {
        let expected = readExpectation(line, place)
        // A remark may stand between a command and its reply.
        guard
            let owner = items.lastIndex(where: {
                if case .remark = $0 { return false }
                return true
            })
        else {
            complain(
                .expectationWithoutCommand, place, max(1, line.unicodeScalars.count),
                "no command stands above this line; a command begins with '> '")
            return
        }
        let blank = Expectation(text: "", matcher: .exact, literal: "", place: place)
        switch items[owner] {
        case .command(var command):
            if !command.expected.isEmpty {
                command.expected += Array(repeating: blank, count: blanks)
            }
            command.expected.append(expected)
            items[owner] = .command(command)
        case .push(let session, let lines, let start):
            items[owner] = .push(
                session: session,
                expected: lines + Array(repeating: blank, count: blanks)
                    + [expected], place: start)
        case .remark: break
        }
    }

    // MARK: Expected lines

    private mutating func readExpectation(_ line: String, _ place: Place) -> Expectation {
        if line == "..." {
            return Expectation(text: "", matcher: .ellipsis, literal: line, place: place)
        }
        let literal = line.hasPrefix("\\") ? String(line.dropFirst()) : line
        guard let (text, sign) = Self.matcherText(line) else {
            return Expectation(text: literal, matcher: .exact, literal: literal, place: place)
        }
        let column = line.unicodeScalars.count - sign.unicodeScalars.count
        let matcher = readMatcher(sign, text, place.moved(column))
        let own = text.hasPrefix("\\") ? String(text.dropFirst()) : text
        return Expectation(text: own, matcher: matcher, literal: literal, place: place)
    }

    /// What stands before two blanks and a bracket at the end of a line, and the bracket.
    private static func matcherText(_ line: String) -> (text: String, sign: String)? {
        guard line.hasSuffix(")"), let open = line.lastIndex(of: "(") else { return nil }
        let sign = String(line[open...])
        var before = line[..<open]
        guard before.hasSuffix("  ") || before.allSatisfy({ $0 == " " }) else { return nil }
        // `(nil)` alone is a reply; only the matchers that need no text stand alone.
        if before.isEmpty, !["(any)", "(nothing)"].contains(sign), !sign.hasPrefix("(as ") {
            return nil
        }
        while before.last == " " { before.removeLast() }
        return (String(before), sign)
    }

    private mutating func readMatcher(
        _ sign: String, _ text: String, _ place: Place
    ) -> Matcher {
        let length = sign.unicodeScalars.count
        let inner = String(sign.dropFirst().dropLast())
        switch inner {
        case "re":
            if (try? Regex(text)) == nil {
                complain(
                    .badPattern, Place(line: place.line, column: 1), max(1, text.count),
                    "this is no regular expression")
                return .exact
            }
            return .regex
        case "glob": return .glob
        case "any": return .anything
        case "unordered": return .unordered
        case "nothing": return .nothing
        case "esc": return .escaped
        default: break
        }
        if inner.hasPrefix("±") {
            if let quantity = Quantity(inner.dropFirst()) { return .tolerance(quantity) }
        } else if inner.hasPrefix("in ") {
            if let (low, high) = Self.bounds(inner.dropFirst(3)) { return .range(low, high) }
        } else if inner.hasPrefix("as $") {
            let name = inner.dropFirst(4)
            if Self.isName(name) { return .capture(String(name)) }
        } else {
            // Text in brackets may be text: it is a slip only where it is nearly a matcher.
            let names = ["re", "glob", "any", "unordered", "nothing", "esc"]
            if let near = Suggestion.nearest(to: inner, in: names), inner.count > 2 {
                complain(
                    .badMatcher, place, length, "unknown matcher '\(sign)'",
                    suggestion: "(\(near))")
            }
            return .exact
        }
        complain(
            .badMatcher, place, length,
            "this matcher cannot be read; there is (± 20ms), (in 1..5) and (as $name)")
        return .exact
    }

    /// `295..300` or `190ms..210ms`; the unit behind the second also counts for the first.
    static func bounds(_ text: some StringProtocol) -> (Quantity, Quantity)? {
        guard let dots = text.firstRange(of: "..") else { return nil }
        guard var low = Quantity(text[..<dots.lowerBound]),
            let high = Quantity(text[dots.upperBound...])
        else { return nil }
        if low.unit == nil { low.unit = high.unit }
        guard low.dimension == high.dimension, low.base <= high.base else { return nil }
        return (low, high)
    }
}
