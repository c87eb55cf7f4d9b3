public import Terminal

// What things look like. Drawing names roles, never colours; a theme gives each role a style for
// as many colours as the terminal has. The terminal's own foreground and background stay as they
// are, so that light and dark backgrounds both work, and every state that has a colour also has a
// word or a sign: with no colours at all nothing is lost.

/// What a piece of the screen is.
public enum Role: Int, CaseIterable, Sendable {
    /// Ordinary text and numbers.
    case text
    /// What a number is called.
    case label
    /// A number that matters most.
    case strong
    /// Borders and axes.
    case border
    /// The border of the panel that keys go to.
    case focus
    /// The title of a panel.
    case title
    /// The heading of a table.
    case heading
    /// The tab that is shown.
    case tab
    /// A key in the bottom row.
    case key
    /// All is well.
    case good
    /// Worth a look.
    case warning
    /// Worth a look now.
    case critical
    /// The graph of a panel.
    case graph
    /// A second kind of graph.
    case graphTwo
    /// The filled part of a bar.
    case bar
    /// The densities of the strip of latencies, from a trace to the most.
    case heatTrace, heatLittle, heatSome, heatMuch, heatMost
    /// A banner over everything: paused.
    case banner
    /// A row that is chosen.
    case chosen

    /// The densities by their level.
    static let heat: [Role] = [.heatTrace, .heatLittle, .heatSome, .heatMuch, .heatMost]
}

/// How many colours there are to choose from.
public enum ColorDepth: Equatable, Sendable {
    /// None.
    case mono
    /// The eight classic ones.
    case eight
    /// With their bright forms.
    case sixteen
    /// The palette of 256, also where there are more.
    case many

    /// For a terminal with so many colours.
    public init(colors: Int) {
        self = colors < 8 ? .mono : colors < 16 ? .eight : colors < 256 ? .sixteen : .many
    }
}

/// Styles for roles.
public struct Theme: Equatable, Sendable {
    /// Its name, as `--theme` takes it.
    public let name: String
    /// What it is for.
    public let purpose: String
    private let many: [Role: Style]
    private let few: [Role: Style]

    private init(
        _ name: String, _ purpose: String, many: [Role: Style], few: [Role: Style]
    ) {
        self.name = name
        self.purpose = purpose
        self.many = many
        self.few = few
    }

    /// The style of a role.
    public func style(_ role: Role, _ depth: ColorDepth) -> CellStyle {
        let plain = Self.shape[role] ?? .plain
        switch depth {
        case .mono: return CellStyle(plain)
        case .many: return CellStyle(many[role] ?? plain)
        case .sixteen: return CellStyle(few[role] ?? plain)
        case .eight:
            var style = few[role] ?? plain
            if case .ansi(let number) = style.foreground, number >= 8 {
                // Bright black cannot be told from the background; the others become bold.
                style.foreground = number == 8 ? nil : .ansi(number & 7)
                if number == 8 { style.dim = true } else { style.bold = true }
            }
            return CellStyle(style)
        }
    }

    /// All themes; the first is used unless another is asked for.
    public static let all = [safe, classic, contrast, mono]

    /// A theme by its name.
    public static func named(_ name: String) -> Theme? { all.first { $0.name == name } }

    /// Without colours: what remains when all colours are taken away.
    private static let shape: [Role: Style] = [
        .label: Style(dim: true), .strong: Style(bold: true), .border: Style(dim: true),
        .focus: Style(bold: true), .title: Style(bold: true), .heading: Style(underline: true),
        .tab: Style(bold: true, inverse: true), .key: Style(bold: true),
        .warning: Style(bold: true, underline: true), .critical: Style(bold: true, inverse: true),
        .banner: Style(bold: true, inverse: true), .chosen: Style(inverse: true),
    ]

    private static func with(_ changes: [Role: Style]) -> [Role: Style] {
        shape.merging(changes) { _, new in new }
    }

    /// Blue, orange and crimson differ for every kind of colour blindness, and in brightness.
    static let safe = Theme(
        "safe", "blue, orange and crimson, for every kind of sight",
        many: with([
            .border: Style(.palette(243)), .label: Style(.palette(243)),
            .heading: Style(.palette(243), underline: true),
            .focus: Style(.palette(32), bold: true), .good: Style(.palette(32)),
            .graph: Style(.palette(32)), .graphTwo: Style(.palette(172)),
            .bar: Style(.palette(32)), .tab: Style(.palette(32), bold: true, inverse: true),
            .heatTrace: Style(.palette(243)), .heatLittle: Style(.palette(67)),
            .heatSome: Style(.palette(68)), .heatMuch: Style(.palette(32)),
            .heatMost: Style(.palette(33)),
            .key: Style(.palette(32), bold: true),
            .warning: Style(.palette(172), bold: true),
            .critical: Style(.palette(161), bold: true, inverse: true),
            .banner: Style(.palette(172), bold: true, inverse: true),
        ]),
        few: with([
            .focus: Style(.blue, bold: true), .good: Style(.blue), .graph: Style(.blue),
            .graphTwo: Style(.yellow), .bar: Style(.blue), .heatTrace: Style(.blue),
            .heatLittle: Style(.blue), .heatSome: Style(.blue), .heatMuch: Style(.blue),
            .heatMost: Style(.blue),
            .tab: Style(.blue, bold: true, inverse: true), .key: Style(.blue, bold: true),
            .warning: Style(.yellow, bold: true),
            .critical: Style(.red, bold: true, inverse: true),
            .banner: Style(.yellow, bold: true, inverse: true),
        ]))

    static let classic = Theme(
        "classic", "green, yellow and red",
        many: with([
            .border: Style(.palette(243)), .label: Style(.palette(243)),
            .heading: Style(.palette(243), underline: true),
            .focus: Style(.palette(37), bold: true), .good: Style(.palette(35)),
            .graph: Style(.palette(35)), .graphTwo: Style(.palette(37)),
            .heatTrace: Style(.palette(243)), .heatLittle: Style(.palette(65)),
            .heatSome: Style(.palette(71)), .heatMuch: Style(.palette(35)),
            .heatMost: Style(.palette(34)),
            .bar: Style(.palette(35)), .tab: Style(.palette(37), bold: true, inverse: true),
            .key: Style(.palette(37), bold: true), .warning: Style(.palette(178), bold: true),
            .critical: Style(.palette(160), bold: true, inverse: true),
            .banner: Style(.palette(178), bold: true, inverse: true),
        ]),
        few: with([
            .focus: Style(.cyan, bold: true), .good: Style(.green), .graph: Style(.green),
            .graphTwo: Style(.cyan), .bar: Style(.green), .heatTrace: Style(.green),
            .heatLittle: Style(.green), .heatSome: Style(.green), .heatMuch: Style(.green),
            .heatMost: Style(.green),
            .tab: Style(.cyan, bold: true, inverse: true), .key: Style(.cyan, bold: true),
            .warning: Style(.yellow, bold: true),
            .critical: Style(.red, bold: true, inverse: true),
            .banner: Style(.yellow, bold: true, inverse: true),
        ]))

    static let contrast = Theme(
        "contrast", "nothing faint, few colours",
        many: with([
            .label: .plain, .border: .plain, .warning: Style(.palette(172), bold: true),
            .critical: Style(.palette(161), bold: true, inverse: true),
        ]),
        few: with([
            .label: .plain, .border: .plain, .warning: Style(.yellow, bold: true),
            .critical: Style(.red, bold: true, inverse: true),
        ]))

    static let mono = Theme("mono", "no colours", many: shape, few: shape)
}
