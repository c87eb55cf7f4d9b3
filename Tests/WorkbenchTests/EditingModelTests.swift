import Testing

/// Keys at random against a model of a line: after each of them the screen must show the text of
/// the model, broken at the margin, with the cursor at its place, and nothing below that was
/// there before.
@Suite struct EditingModelTests {
    /// A line as a person thinks of it.
    private struct Model {
        var characters = Array("ECHO ")
        var cursor = 5

        /// The rows, and where in them the cursor is.
        func rows(columns: Int) -> (rows: [String], row: Int, column: Int) {
            var rows = ["larder> "]
            var width = 8
            var place: (Int, Int)?
            for (index, character) in characters.enumerated() {
                let needed = EditingModelTests.width(character)
                if width + needed > columns {
                    rows.append("")
                    width = 0
                }
                if index == cursor { place = (rows.count - 1, width) }
                rows[rows.count - 1].append(character)
                width += needed
            }
            if place == nil, width >= columns {
                rows.append("")
                width = 0
            }
            let (row, column) = place ?? (rows.count - 1, width)
            return (rows, row, column)
        }
    }

    private static func width(_ character: Character) -> Int {
        character.unicodeScalars.reduce(0) { $0 + Screen.width($1) }
    }

    private struct Dice {
        var state: UInt64

        mutating func roll(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
    }

    private static let letters: [Character] = ["a", "b", ":", "7", "é", "e\u{301}", "日", "語", "ß"]

    @Test(arguments: 1...4)
    func theScreenShowsTheLineAfterEachKey(seed: UInt64) throws {
        var dice = Dice(state: seed)
        var columns = 40
        let program = try TerminalProgram(["--color", "never"], rows: 24, columns: columns)
        try program.seePrompt()
        program.type("ECHO ")
        var model = Model()
        for step in 0..<150 {
            var account = "typing"
            // Even a key that changes nothing is answered. To resize before the answer is here
            // would break rows that are still under way.
            var answered = program.screen.updates + 1
            switch dice.roll(12) {
            case 0 where model.cursor > 5:
                account = key("\u{1B}[D", program) { model.cursor -= 1 }
            case 1:
                account = key("\u{1B}[C", program) {
                    model.cursor = min(model.cursor + 1, model.characters.count)
                }
            case 2 where model.cursor > 5:
                account = key("\u{7F}", program) {
                    model.cursor -= 1
                    model.characters.remove(at: model.cursor)
                }
            case 3: account = key("\u{5}", program) { model.cursor = model.characters.count }
            case 4:
                account = key("\u{1}\u{1B}[1;5C\u{1B}[C", program) { model.cursor = 5 }
            case 5:
                let former = columns
                columns = [40, 31, 57, 80, 24][dice.roll(5)]
                if columns == former { answered -= 1 }
                account = "\(columns) columns"
                program.resize(rows: 24, columns: columns)
            default:
                let letter = Self.letters[dice.roll(Self.letters.count)]
                if model.characters.count > 120 { continue }
                // A mark alone would join the letter before it.
                program.type(String(letter))
                model.characters.insert(letter, at: model.cursor)
                model.cursor += 1
            }
            try check(program, model, columns, answered, "seed \(seed), step \(step), \(account)")
        }
    }

    private func key(
        _ keys: String, _ program: TerminalProgram, _ change: () -> Void
    ) -> String {
        program.type(keys)
        change()
        return keys.debugDescription
    }

    private func check(
        _ program: TerminalProgram, _ model: Model, _ columns: Int, _ updates: Int,
        _ account: String
    ) throws {
        let expected = model.rows(columns: columns)
        try program.see("\(expected) after \(account)") { screen in
            let first = screen.row - expected.row
            guard screen.column == expected.column, first >= 0, screen.updates >= updates
            else { return false }
            let texts = screen.grid[first...].map(\.text)
            let shown = texts.prefix(expected.rows.count).joined(separator: "|")
            let wanted = expected.rows.map(trimmed).joined(separator: "|")
            // Below stand one row about the command and nothing else.
            let rest = texts.dropFirst(expected.rows.count)
            return shown == wanted && rest.dropFirst().allSatisfy(\.isEmpty)
                && screen.transcript.count { $0.hasPrefix("larder> ECHO") } == 1
        }
    }

    private func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
