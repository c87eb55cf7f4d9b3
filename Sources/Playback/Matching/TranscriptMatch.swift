// Whether the lines that came are the lines that were expected, and how they differ.

/// What came of comparing lines with what was expected.
struct TranscriptMatch: Sendable, Equatable {
    /// True when all is as expected.
    var isMatch: Bool
    /// The values that were captured.
    var captures: [String: String] = [:]
    /// The difference, a row for each line: two blanks before what is as expected, `-` before
    /// what did not come, `+` before what came instead.
    var difference: [String] = []

    /// Compares `actual` with `expected`.
    static func compare(_ actual: [String], _ expected: [Expectation]) -> TranscriptMatch {
        let matcher = TranscriptMatcher(actual: actual, expected: expected)
        return matcher.result()
    }
}

private struct TranscriptMatcher {
    let actual: [String]
    let expected: [Expectation]

    /// What is expected at one place: a line, or lines that may come in any order.
    private enum Step {
        case line(Expectation)
        case ellipsis
        case group([Expectation])
    }

    func result() -> TranscriptMatch {
        if let only = expected.first, only.matcher == .nothing {
            guard !actual.isEmpty else { return TranscriptMatch(isMatch: true) }
            return TranscriptMatch(
                isMatch: false, difference: ["- (nothing)"] + actual.map { "+ " + $0 })
        }
        let steps = steps()
        var captures: [String: String] = [:]
        var dead: Set<Int> = []
        if matches(steps, 0, 0, &captures, &dead) {
            return TranscriptMatch(isMatch: true, captures: captures)
        }
        return TranscriptMatch(isMatch: false, difference: difference())
    }

    private func steps() -> [Step] {
        var steps: [Step] = []
        for line in expected {
            if line.matcher == .ellipsis {
                steps.append(.ellipsis)
            } else if line.matcher == .unordered {
                if case .group(let lines) = steps.last {
                    steps[steps.count - 1] = .group(lines + [line])
                } else {
                    steps.append(.group([line]))
                }
            } else {
                steps.append(.line(line))
            }
        }
        return steps
    }

    /// Tries the steps from `step` on against the lines from `line` on. Pairs that were tried in
    /// vain are remembered, so that the work is bounded by their number.
    private func matches(
        _ steps: [Step], _ step: Int, _ line: Int, _ captures: inout [String: String],
        _ dead: inout Set<Int>
    ) -> Bool {
        guard step < steps.count else { return line == actual.count }
        let pair = step * (actual.count + 1) + line
        if dead.contains(pair) { return false }
        let before = captures
        switch steps[step] {
        case .ellipsis:
            for end in line...actual.count {
                if matches(steps, step + 1, end, &captures, &dead) { return true }
            }
        case .line(let expectation):
            if line < actual.count, expectation.accepts(actual[line], &captures),
                matches(steps, step + 1, line + 1, &captures, &dead)
            {
                return true
            }
        case .group(let lines):
            if line + lines.count <= actual.count,
                lines.map(\.text).sorted()
                    == actual[line..<line + lines.count].map(Self.withoutNumber).sorted()
                    || lines.map(\.text).sorted() == actual[line..<line + lines.count].sorted(),
                matches(steps, step + 1, line + lines.count, &captures, &dead)
            {
                return true
            }
        }
        captures = before
        dead.insert(pair)
        return false
    }

    /// A line of an array without its number: in a set that has no order, numbers mean nothing.
    /// The expected lines then have none either.
    private static func withoutNumber(_ line: String) -> String {
        let text = line.drop { $0 == " " }
        let digits = text.prefix { ("0"..."9").contains($0) }
        let rest = text.dropFirst(digits.count)
        guard !digits.isEmpty, rest.hasPrefix(") ") || rest.hasPrefix("~ ") else { return line }
        return String(rest.dropFirst(2))
    }

    /// The rows of the difference, by the longest common subsequence of lines that fit.
    private func difference() -> [String] {
        var captures: [String: String] = [:]
        let (rows, columns) = (expected.count, actual.count)
        var lengths = Array(repeating: Array(repeating: 0, count: columns + 1), count: rows + 1)
        for row in stride(from: rows - 1, through: 0, by: -1) {
            for column in stride(from: columns - 1, through: 0, by: -1) {
                lengths[row][column] =
                    expected[row].accepts(actual[column], &captures)
                    ? lengths[row + 1][column + 1] + 1
                    : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var result: [String] = []
        var (row, column) = (0, 0)
        while row < rows || column < columns {
            if row < rows, column < columns, expected[row].accepts(actual[column], &captures) {
                result.append("  " + actual[column])
                row += 1
                column += 1
            } else if row < rows,
                column == columns || lengths[row + 1][column] >= lengths[row][column + 1]
            {
                result.append("- " + shown(expected[row]))
                row += 1
            } else {
                result.append("+ " + actual[column])
                column += 1
            }
        }
        return result
    }

    /// An expected line with its matcher.
    private func shown(_ line: Expectation) -> String {
        line.literal.isEmpty && line.matcher == .ellipsis ? "..." : line.literal
    }
}
