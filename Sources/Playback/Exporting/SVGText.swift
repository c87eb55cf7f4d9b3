import Terminal

/// Lines of a terminal as a picture. It takes its colours from the reader's setting, light or dark,
/// and needs nothing from elsewhere.
enum SVGText {
    private static let cell = (width: 8.4, height: 18.0)

    /// A picture of lines.
    static func picture(_ lines: [Text], columns: Int) -> String {
        let width = Int(Double(columns) * cell.width) + 24
        let height = Int(Double(lines.count) * cell.height) + 24
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)">
            <style>\(style)</style>
            <rect class="paper" width="100%" height="100%" rx="8"/>
            <g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" \
            font-size="14" xml:space="preserve">

            """
        for (row, line) in lines.enumerated() where !line.isEmpty {
            let y = number(12 + Double(row) * cell.height + 13.5)
            var column = 0
            for run in line.runs {
                let x = number(12 + Double(column) * cell.width)
                let columns = DisplayWidth.of(run.string)
                column += columns
                guard run.string.contains(where: { $0 != " " }) else { continue }
                // The length keeps columns in line whatever the font is.
                let length = number(Double(columns) * cell.width)
                svg +=
                    "<text x=\"\(x)\" y=\"\(y)\" class=\"\(names(run.style))\" "
                    + "textLength=\"\(length)\">\(escaped(run.string))</text>\n"
            }
        }
        return svg + "</g>\n</svg>\n"
    }

    /// Colours by name, for light and for dark.
    static let style = """
        .paper{fill:#fdfdfb}text{fill:#24292f}.b{font-weight:bold}.i{font-style:italic}\
        .u{text-decoration:underline}.c1{fill:#b3261e}.c2{fill:#1a7f37}.c3{fill:#8a6100}\
        .c4{fill:#0550ae}.c5{fill:#8250df}.c6{fill:#0f6b78}.c8{fill:#6a737d}\
        @media(prefers-color-scheme:dark){.paper{fill:#14171c}text{fill:#d7dde5}\
        .c1{fill:#ff8b80}.c2{fill:#6fdd8b}.c3{fill:#e5c05c}.c4{fill:#7fb6ff}.c5{fill:#c9a4ff}\
        .c6{fill:#74d3e0}.c8{fill:#8d97a3}}
        """

    /// The classes of a style.
    static func names(_ style: Style) -> String {
        var names: [String] = []
        if case .ansi(let number) = style.foreground { names.append("c\(number)") }
        if style.bold { names.append("b") }
        if style.italic { names.append("i") }
        if style.underline { names.append("u") }
        return names.joined(separator: " ")
    }

    /// Text as XML has it.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: scalar.value < 0x20 && scalar != "\n" ? "\u{FFFD}" : String(scalar)
            }
        }.joined()
    }

    private static func number(_ value: Double) -> String { ClockText.decimals(value, 1) }
}
