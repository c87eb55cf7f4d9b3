public import Terminal

// A screen as a picture in SVG: a rectangle for each stretch of background, a text for each stretch
// of one style, placed by columns so that it looks the same in every font of equal widths. Dots and
// blocks, which many fonts lack, are drawn: dots as dashed lines, blocks as rectangles.

/// A picture of a grid.
public enum StillPicture {
    /// The colours behind and of plain text.
    public enum Paper: String, CaseIterable, Sendable {
        /// Light text on dark.
        case dark
        /// Dark text on light.
        case light

        var ink: String { self == .dark ? "#d4d4d4" : "#24292f" }
        var ground: String { self == .dark ? "#16181d" : "#ffffff" }
    }

    private static let (width, height, margin) = (9, 18, 12)

    /// The picture as SVG.
    public static func svg(_ grid: CellGrid, paper: Paper = .dark) -> String {
        let across = grid.columns * width + 2 * margin
        let along = grid.rows * height + 2 * margin
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(across) \(along)" \
            width="\(across)" height="\(along)">
            <rect width="100%" height="100%" rx="6" fill="\(paper.ground)"/>
            <g font-family="'DejaVu Sans Mono','Menlo','Consolas',monospace" font-size="15" \
            xml:space="preserve">

            """
        for row in 0..<grid.rows {
            for run in runs(grid, row) {
                text += element(run, row, paper)
                text += shapes(grid, run, row, paper)
            }
        }
        return text + "</g>\n</svg>\n"
    }

    private struct Run {
        var column: Int
        var columns: Int
        var text: String
        var style: Style
    }

    private static func runs(_ grid: CellGrid, _ row: Int) -> [Run] {
        var result: [Run] = []
        for column in 0..<grid.columns {
            let cell = grid[row, column]
            let isHalf = cell.isHalf
            let piece =
                isHalf
                ? "" : isShape(cell.scalar) ? " " : String(Unicode.Scalar(cell.scalar) ?? " ")
            let marks = grid.marks[row * grid.columns + column] ?? []
            let whole = piece + String(String.UnicodeScalarView(marks))
            let style = cell.style.style
            if let last = result.last, last.style == style {
                result[result.count - 1].text += whole
                result[result.count - 1].columns += 1
            } else {
                result.append(Run(column: column, columns: 1, text: whole, style: style))
            }
        }
        return result
    }

    private static func element(_ run: Run, _ row: Int, _ paper: Paper) -> String {
        var ink = run.style.foreground.map(hex) ?? paper.ink
        var ground = run.style.background.map(hex)
        if run.style.inverse { (ink, ground) = (ground ?? paper.ground, ink) }
        let (x, y) = (run.column * width + margin, row * height + margin)
        var text = ""
        if let ground {
            text += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(run.columns * width)\" "
            text += "height=\"\(height)\" fill=\"\(ground)\"/>\n"
        }
        guard run.text.contains(where: { $0 != " " }) else { return text }
        var look = "fill=\"\(ink)\""
        if run.style.bold { look += " font-weight=\"bold\"" }
        if run.style.dim { look += " opacity=\"0.65\"" }
        if run.style.underline { look += " text-decoration=\"underline\"" }
        text += "<text x=\"\(x)\" y=\"\(y + 14)\" textLength=\"\(run.columns * width)\" "
        text += "lengthAdjust=\"spacingAndGlyphs\" \(look)>\(escaped(run.text))</text>\n"
        return text
    }

    // MARK: Dots and blocks

    /// True for what is drawn instead of written.
    private static func isShape(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2800...0x28FF, 0x2581...0x258F, 0x2595: true
        default: false
        }
    }

    private static func shapes(
        _ grid: CellGrid, _ run: Run, _ row: Int, _ paper: Paper
    ) -> String {
        let cells = run.column..<(run.column + run.columns)
        guard cells.contains(where: { isShape(grid[row, $0].scalar) }) else { return "" }
        let ink =
            run.style.inverse
            ? run.style.background.map(hex) ?? paper.ground
            : run.style.foreground.map(hex) ?? paper.ink
        var text = ""
        let dots = dots(grid, cells, row)
        if !dots.isEmpty {
            text += "<path d=\"\(dots)\" fill=\"none\" stroke=\"\(ink)\" stroke-width=\"2.6\" "
            text += "stroke-dasharray=\"2.6 1.9\"/>\n"
        }
        let blocks = blocks(grid, cells, row)
        if !blocks.isEmpty { text += "<path d=\"\(blocks)\" fill=\"\(ink)\"/>\n" }
        return text
    }

    /// Each of the four rows of dots as lines from the first to the last dot of a stretch.
    private static func dots(_ grid: CellGrid, _ cells: Range<Int>, _ row: Int) -> String {
        // The bits of the left and the right dot of a cell, from top to bottom.
        let bits: [(UInt32, UInt32)] = [(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)]
        var path = ""
        for (level, (left, right)) in bits.enumerated() {
            let y = tenths((row * height + margin) * 10 + level * 45 + 22)
            var began: Int?
            for place in (cells.lowerBound * 2)...(cells.upperBound * 2) {
                let column = place / 2
                var isSet = false
                if column < cells.upperBound {
                    let scalar = grid[row, column].scalar
                    let bit = place.isMultiple(of: 2) ? left : right
                    isSet = (0x2800...0x28FF).contains(scalar) && (scalar - 0x2800) & bit != 0
                }
                if isSet, began == nil { began = place }
                guard !isSet, let start = began else { continue }
                path += "M\(tenths(margin * 10 + start * 45 + 10)) \(y)"
                path += "h\(tenths((place - start) * 45 - 19))"
                began = nil
            }
        }
        return path
    }

    /// Blocks of a part of a cell; those that touch and are of one height are one rectangle.
    private static func blocks(_ grid: CellGrid, _ cells: Range<Int>, _ row: Int) -> String {
        var path = ""
        var column = cells.lowerBound
        while column < cells.upperBound {
            let scalar = grid[row, column].scalar
            var count = 1
            let (x, y) = (column * width + margin, row * height + margin)
            switch scalar {
            case 0x2581...0x2588:
                while column + count < cells.upperBound, grid[row, column + count].scalar == scalar
                {
                    count += 1
                }
                let tall = height * 10 * Int(scalar - 0x2580) / 8
                path += "M\(x) \(tenths((y + height) * 10 - tall))h\(count * width)"
                path += "v\(tenths(tall))h-\(count * width)z"
            case 0x2589...0x258F:
                let wide = tenths(width * 10 * Int(0x2590 - scalar) / 8)
                path += "M\(x) \(y)h\(wide)v\(height)h-\(wide)z"
            case 0x2595: path += "M\(x + width - 1) \(y)h1v\(height)h-1z"
            default: break
            }
            column += count
        }
        return path
    }

    /// A number of tenths as a decimal.
    private static func tenths(_ number: Int) -> String {
        number.isMultiple(of: 10) ? "\(number / 10)" : "\(number / 10).\(number % 10)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    /// A colour of the palette as a browser takes it.
    static func hex(_ color: Color) -> String {
        let (red, green, blue) = rgb(color)
        func two(_ number: Int) -> String {
            let text = String(number, radix: 16)
            return text.count < 2 ? "0" + text : text
        }
        return "#" + two(red) + two(green) + two(blue)
    }

    /// The red, green and blue of a colour of the usual palette.
    static func rgb(_ color: Color) -> (Int, Int, Int) {
        let number: Int =
            switch color {
            case .ansi(let number), .palette(let number): Int(number)
            }
        let base = [
            (0, 0, 0), (205, 49, 49), (13, 188, 121), (204, 160, 16), (36, 114, 200),
            (188, 63, 188), (17, 168, 205), (229, 229, 229), (102, 102, 102), (241, 76, 76),
            (35, 209, 139), (245, 245, 67), (59, 142, 234), (214, 112, 214), (41, 184, 219),
            (255, 255, 255),
        ]
        if number < 16 { return base[number] }
        if number >= 232 {
            let grey = 8 + (number - 232) * 10
            return (grey, grey, grey)
        }
        let steps = [0, 95, 135, 175, 215, 255]
        let index = number - 16
        return (steps[index / 36], steps[index / 6 % 6], steps[index % 6])
    }
}
