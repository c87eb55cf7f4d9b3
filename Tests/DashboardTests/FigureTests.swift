import Client
import Terminal
import Testing

@testable import Dashboard

/// The table of figures, their explanations, and the colours of their states.
@Suite struct FigureTests {
    @Test func everyFigureIsDeclaredAndExplained() {
        #expect(Figure.all.map(\.id) == FigureID.allCases)
        let view = Seeded.dashboard(30).view()
        for id in FigureID.allCases {
            #expect(Cards.card(id) != nil, "\(id) has no card")
            let model = Cards.model(id, view)
            #expect(model.blocks.count >= 6)
            let rows = model.blocks.reduce(0) { sum, block in
                switch block {
                case .prose(let text, _): sum + Canvas.wrapped(text, 88).count
                case .entry(_, let text, _): sum + Canvas.wrapped(text, 79).count
                default: sum
                }
            }
            #expect(rows <= 20, "\(id): \(rows) rows")
        }
    }

    @Test func everyFactOfAPanelHasAnExplanation() {
        let view = Seeded.dashboard(30).view()
        for id in PanelID.allCases {
            let panel = view.panel(id)
            for figure in panel.figures { #expect(Cards.card(figure) != nil) }
            for case .facts(let facts) in panel.blocks {
                for fact in facts { #expect(!fact.id.isEmpty) }
            }
        }
    }

    @Test func theCardHasTheNumbersOfTheMoment() {
        let view = Seeded.dashboard(30).view()
        let text = Cards.now(.hitRate, view)
        #expect(text.contains(Amount.text(view.snapshot?[.hits], .rate)))
        #expect(text.hasSuffix("= " + Amount.text(view.snapshot?[.hitRate], .percent)))
        #expect(Cards.now(.usedMemory, Dashboard(Source(name: "x")).view()) == "--")
    }

    @Test(arguments: [
        (812.0, Unit.bytes, "812"), (1229, .bytes, "1.2K"), (64_000_000, .bytes, "61.0M"),
        (1_073_741_823, .bytes, "1.0G"), (18_400, .rate, "18.4k/s"), (0.4, .rate, "0.4/s"),
        (48_210, .count, "48,210"), (3_100_000, .count, "3.1M"), (96.64, .percent, "96.6%"),
        (1.044, .ratio, "1.04"), (17, .microseconds, "17us"), (1900, .microseconds, "1.9ms"),
        (999.6, .microseconds, "1.0ms"), (2_400_000, .microseconds, "2.4s"),
        (761, .seconds, "12:41"),
        (9, .seconds, "9s"), (90_061, .seconds, "1d 1:01"), (11_527, .seconds, "3:12:07"),
        (0, .rate, "0/s"), (999_960, .rate, "1.0M/s"), (-1500, .count, "-1,500"),
    ])
    func amountsAreShort(value: Double, unit: Unit, text: String) {
        #expect(Amount.text(value, unit) == text)
        #expect(Amount.text(nil, unit) == "--" && Amount.text(.nan, unit) == "--")
    }

    // MARK: Colours

    /// What a colour looks like to eyes without one kind of cones, after Viénot, Brettel and
    /// Mollon (1999) for red and green, and a projection of the same kind for blue.
    private func seen(_ color: (Int, Int, Int), _ kind: String) -> [Double] {
        func linear(_ value: Int) -> Double {
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
        }
        let (r, g, b) = (linear(color.0), linear(color.1), linear(color.2))
        switch kind {
        case "protan":
            return [0.112 * r + 0.888 * g, 0.112 * r + 0.888 * g, 0.004 * r - 0.004 * g + b]
        case "deutan":
            return [0.293 * r + 0.707 * g, 0.293 * r + 0.707 * g, -0.021 * r + 0.021 * g + b]
        case "tritan":
            return [
                r + 0.127 * g - 0.127 * b, 0.874 * g + 0.126 * b + 0 * r, 0.874 * g + 0.126 * b,
            ]
        default: return [r, g, b]
        }
    }

    /// x to the power of 2.4, by its square and its fifth root.
    private func power(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        var root = x
        for _ in 0..<40 { root = (4 * root + x / (root * root * root * root)) / 5 }
        return x * x * root * root
    }

    /// The distance of two colours in CIELAB.
    private func distance(_ left: [Double], _ right: [Double]) -> Double {
        func lab(_ c: [Double]) -> [Double] {
            let x = (0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505
            let y = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
            let z = (0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089
            func f(_ t: Double) -> Double {
                guard t > 0.008856 else { return 7.787 * max(t, 0) + 16.0 / 116 }
                var root = max(t, 0.1)
                for _ in 0..<40 { root = (2 * root + t / (root * root)) / 3 }
                return root
            }
            return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))]
        }
        let (a, b) = (lab(left), lab(right))
        return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test(arguments: ["all", "protan", "deutan", "tritan"])
    func statesDifferForEveryEye(kind: String) {
        let theme = Theme.named("safe")!
        let colors = [Role.good, .warning, .critical].map { role in
            seen(StillPicture.rgb(theme.style(role, .many).style.foreground!), kind)
        }
        for (left, right) in [(0, 1), (0, 2), (1, 2)] {
            let found = distance(colors[left], colors[right])
            #expect(found > 20, "\(kind): \(left) and \(right) are \(found) apart")
        }
    }

    @Test func withoutColoursTheStatesStillDiffer() {
        for theme in Theme.all {
            for depth in [ColorDepth.mono, .eight, .sixteen, .many] {
                let styles = [Role.text, .warning, .critical].map { theme.style($0, depth) }
                #expect(Set(styles).count == 3, "\(theme.name) \(depth)")
                for role in Role.allCases {
                    let style = theme.style(role, depth).style
                    #expect(style.background == nil, "the background stays the terminal's own")
                    if depth == .mono { #expect(style.foreground == nil) }
                }
            }
        }
    }

    // MARK: Boards

    private func sample(_ rows: [BoardRow]) -> BoardSample {
        BoardSample(key: Array("board".utf8), count: Double(rows.count), rows: rows)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func movementAgreesWithTheModel(seed: UInt64) {
        var dice = Seeded(seed)
        var scores: [String: Double] = [:]
        var before: [BoardRow] = []
        for _ in 0..<200 {
            for _ in 0..<4 {
                let name = "m\(dice.dice(12))"
                if dice.dice(5) == 0 {
                    scores[name] = nil
                } else {
                    scores[name, default: 0] += Double(dice.dice(3))
                }
            }
            // As the server orders them: by score, ties by name, the highest first.
            let after = scores.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
                .map { BoardRow(member: Array($0.key.utf8), score: $0.value) }
            let moves = BoardMovement(before: sample(before), after: after)
            for (rank, row) in after.enumerated() {
                let old = before.firstIndex { $0.member == row.member }
                #expect(moves.steps[rank] == old.map { $0 - rank }, "seed \(seed)")
                #expect(moves.gains[rank] == old.map { row.score - before[$0].score })
            }
            before = after
        }
    }

    @Test func movementHasASign() {
        func rows(_ names: [String]) -> [BoardRow] {
            names.enumerated().map {
                BoardRow(member: Array($1.utf8), score: Double(100 - $0))
            }
        }
        let moves = BoardMovement(
            before: sample(rows(["a", "b", "c"])), after: rows(["b", "a", "d"]))
        let glyphs = Glyphs(isUTF8: false)
        #expect((0..<3).map { moves.text($0, glyphs) } == ["^1", "v1", "new"])
        let first = BoardMovement(before: sample([]), after: rows(["a"]))
        #expect(first.text(0, glyphs) == "")
    }
}
