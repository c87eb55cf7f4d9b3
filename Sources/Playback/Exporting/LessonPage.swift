import Terminal

// A lesson as one page of HTML: chapters, what was typed and what came back, figures with where
// they come from, questions and exercises whose answers fold out. The page carries its style and
// its pictures with it and asks nothing of any network.

extension ScenarioExport {
    /// The page.
    public static func page(_ lesson: Scenario) throws(HostFailure) -> String {
        var page = LessonPage(lesson)
        for scene in try scenes(lesson) { page.add(scene) }
        return page.text()
    }
}

/// Collects a page.
struct LessonPage {
    private let lesson: Scenario
    private var chapters: [(id: String, title: String)] = []
    private var body = ""
    private var block: [String] = []

    init(_ lesson: Scenario) { self.lesson = lesson }

    mutating func add(_ scene: Scene) {
        switch scene {
        case .command(let session, let line):
            block.append(
                "<b class=\"p\">\(SVGText.escaped(session))&gt;</b> "
                    + "<b>\(SVGText.escaped(line))</b>")
        case .reply(let lines, let isError, let origin):
            for (index, line) in lines.enumerated() {
                let text = SVGText.escaped(line)
                let tag = index == 0 ? origin.map(tag) ?? "" : ""
                block.append((isError ? "<span class=\"bad\">\(text)</span>" : text) + tag)
            }
        case .push(let session, let lines):
            for line in lines {
                block.append(
                    "<b class=\"p\">\(SVGText.escaped(session))&lt;</b> "
                        + SVGText.escaped(line))
            }
        case .remark(let text): block.append("<i>// \(SVGText.escaped(text))</i>")
        case .blank, .aside, .difference, .note: break
        default:
            close()
            body += other(scene)
        }
    }

    private mutating func close() {
        guard !block.isEmpty else { return }
        body += "<pre>" + block.joined(separator: "\n") + "</pre>\n"
        block = []
    }

    private mutating func other(_ scene: Scene) -> String {
        switch scene {
        case .title(let title, _): return "<h1>\(SVGText.escaped(title))</h1>\n"
        case .step(let number, _, let title, let id):
            chapters.append((id, title))
            return "<h2 id=\"\(SVGText.escaped(id))\"><span>\(number)</span> "
                + "\(SVGText.escaped(title))</h2>\n"
        case .heading(let text): return "<h3>\(SVGText.escaped(text))</h3>\n"
        case .prose(let kind, let lines, let facts):
            guard kind == .fact else { return HTMLProse.text(kind, lines) }
            let text = HTMLProse.text(kind, Quotation.plain(lines))
            let marks = facts.isEmpty ? [Origin.quoted.rawValue] : facts.map(source)
            let rows = marks.map { "<p><small>\($0)</small></p>" }.joined()
            return text.replacing("</blockquote>", with: rows + "</blockquote>")
        case .listing(let lines):
            return "<pre>\(SVGText.escaped(lines.joined(separator: "\n")))</pre>\n"
        case .load(let load):
            let figures = load.gauges.map { gauge in
                "<li>\(SVGText.escaped(gauge.label)) <b>\(SVGText.escaped(gauge.text))</b>"
                    + tag(gauge.origin) + "</li>"
            }
            return "<figure><figcaption>\(ClockText.text(load.duration)) of "
                + "\(SVGText.escaped(load.words))</figcaption><ul class=\"row\">"
                + figures.joined() + "</ul></figure>\n"
        case .fault(let words): return "<p class=\"bad\">! \(SVGText.escaped(words))</p>\n"
        case .chart(let chart): return HTMLChart.text(chart)
        case .check(let results):
            return "<ul class=\"checks\">" + results.map(check).joined() + "</ul>\n"
        default: return learners(scene)
        }
    }

    private func learners(_ scene: Scene) -> String {
        switch scene {
        case .question(let question, let options):
            let list = options.map { "<li>\(HTMLProse.inline($0))</li>" }.joined()
            return "<div class=\"ask\"><p>\(HTMLProse.inline(question.joined(separator: " ")))</p>"
                + (list.isEmpty ? "" : "<ol>\(list)</ol>") + "</div>\n"
        case .answer(_, let words, let explanation):
            return "<details><summary>The answer</summary><p>\(HTMLProse.inline(words))</p>"
                + "<p>\(HTMLProse.inline(explanation))</p></details>\n"
        case .task(let goal, let checks, _):
            let list = checks.map { "<li><code>\(SVGText.escaped($0))</code></li>" }.joined()
            return "<div class=\"task\"><b>Your task</b>"
                + "<p>\(HTMLProse.inline(goal.joined(separator: " ")))</p><ul>\(list)</ul></div>\n"
        case .verdict(_, let words): return "<p>\(HTMLProse.inline(words))</p>\n"
        default: return ""
        }
    }

    private func check(_ result: CheckResult) -> String {
        let values = result.terms.map { term in
            "<b>\(SVGText.escaped(term.reading.value.text))</b>" + tag(term.reading.origin)
        }.joined(separator: " ")
        let reason = result.reason.map { "<br><i>\(SVGText.escaped($0))</i>" } ?? ""
        return "<li class=\"\(result.isTrue ? "good" : "bad")\"><code>"
            + "\(SVGText.escaped(result.text))</code> \(values)\(reason)</li>"
    }

    /// Who says a fact, to be followed where that is an address.
    private func source(_ fact: Quotation) -> String {
        let words = SVGText.escaped(fact.shownSource)
        let link =
            fact.isAddress ? "<a href=\"\(SVGText.escaped(fact.source))\">\(words)</a>" : words
        return SVGText.escaped(fact.label) + (fact.source.isEmpty ? "" : ": " + link)
    }

    private func tag(_ origin: Origin) -> String { " <small>\(origin.rawValue)</small>" }

    /// The whole page.
    mutating func text() -> String {
        close()
        let title = SVGText.escaped(lesson.front.title)
        let list = chapters.map { chapter in
            "<li><a href=\"#\(SVGText.escaped(chapter.id))\">\(SVGText.escaped(chapter.title))"
                + "</a></li>"
        }.joined()
        return """
            <!doctype html>
            <html lang="\(SVGText.escaped(lesson.front.language))">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <nav><ol>\(list)</ol></nav>
            <main>
            \(body)</main>
            </body>
            </html>

            """
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#24292f;--paper:#fdfdfb;--soft:#f1f3f0;--line:#d5d9d2;\
        --blue:#0550ae;--good:#1a7f37;--bad:#b3261e;--grey:#626b75}\
        @media(prefers-color-scheme:dark){:root{--ink:#d7dde5;--paper:#14171c;--soft:#1d222a;\
        --line:#343b46;--blue:#7fb6ff;--good:#6fdd8b;--bad:#ff8b80;--grey:#98a2ae}}\
        body{margin:0;background:var(--paper);color:var(--ink);\
        font:17px/1.6 system-ui,sans-serif;display:grid;grid-template-columns:16rem 1fr}\
        nav{padding:2rem 1rem;font-size:.85rem;position:sticky;top:0;align-self:start}\
        nav a,a{color:var(--blue)}main{max-width:46rem;padding:2rem 1.5rem 6rem}\
        @media(max-width:60rem){body{display:block}nav{position:static}}\
        h1{line-height:1.2}h2{margin-top:3rem;border-bottom:1px solid var(--line)}\
        h2 span{color:var(--grey)}pre,code{font-family:ui-monospace,Menlo,Consolas,monospace;\
        font-size:.88em}pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;\
        padding:.8rem 1rem;overflow-x:auto;line-height:1.45}pre .p{color:var(--good)}\
        small{color:var(--grey);font-size:.72em;border:1px solid var(--line);border-radius:4px;\
        padding:0 .3em}blockquote,.ask,.task{border-left:4px solid var(--line);margin:1rem 0;\
        padding:.1rem 1rem;background:var(--soft)}.fact,.task{border-color:var(--blue)}\
        .checks{list-style:none;padding:0}.checks li::before{content:"\\2713 ";color:var(--good)}\
        .checks .bad::before{content:"\\2717 ";color:var(--bad)}.bad{color:var(--bad)}\
        .row{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:1.2rem}\
        figure{margin:1rem 0;padding:.6rem 1rem;border:1px solid var(--line);border-radius:8px}\
        figcaption{color:var(--grey);font-size:.85rem}svg{width:100%;height:auto}\
        svg text{fill:var(--grey)}table{border-collapse:collapse}\
        td,th{border:1px solid var(--line);padding:.2rem .6rem;text-align:left}\
        details{margin:1rem 0}summary{cursor:pointer;color:var(--blue)}
        """
}

/// Prose as HTML.
enum HTMLProse {
    static func text(_ kind: Prose.Kind, _ lines: [String]) -> String {
        switch kind {
        case .paragraph: return "<p>\(inline(lines.joined(separator: " ")))</p>\n"
        case .quote, .fact:
            let words = lines.map { line in
                String(line.drop { $0 == " " || $0 == ">" })
            }.joined(separator: " ")
            return "<blockquote\(kind == .fact ? " class=\"fact\"" : "")>"
                + "<p>\(inline(words))</p></blockquote>\n"
        case .list: return list(lines)
        case .table: return table(lines)
        case .verbatim: return "<pre>\(SVGText.escaped(lines.joined(separator: "\n")))</pre>\n"
        }
    }

    private static func list(_ lines: [String]) -> String {
        var items: [String] = []
        for line in lines {
            let text = line.drop { $0 == " " }
            let isItem = ["* ", "- ", "+ "].contains { text.hasPrefix($0) }
            let digits = text.prefix { $0.isNumber }
            let isNumbered = !digits.isEmpty && text.dropFirst(digits.count).hasPrefix(". ")
            if isItem || items.isEmpty {
                items.append(String(isItem ? text.dropFirst(2) : text))
            } else if isNumbered {
                items.append(String(text.dropFirst(digits.count + 2)))
            } else {
                items[items.count - 1] += " " + text
            }
        }
        return "<ul>" + items.map { "<li>\(inline($0))</li>" }.joined() + "</ul>\n"
    }

    private static func table(_ lines: [String]) -> String {
        var rows = ""
        for (number, line) in lines.enumerated() {
            let cells = line.split(separator: "|").map { String($0).trimmed }
            if cells.allSatisfy({ $0.allSatisfy { $0 == "-" || $0 == ":" } }) { continue }
            let tag = number == 0 ? "th" : "td"
            rows += "<tr>" + cells.map { "<\(tag)>\(inline($0))</\(tag)>" }.joined() + "</tr>"
        }
        return "<table>\(rows)</table>\n"
    }

    /// Bold, code and emphasis in a line.
    static func inline(_ text: String) -> String {
        InlineText.read(text).runs.map { run in
            var html = SVGText.escaped(run.string)
            if run.style.foreground == LessonLook.code.foreground { html = "<code>\(html)</code>" }
            if run.style.italic { html = "<em>\(html)</em>" }
            if run.style.bold { html = "<strong>\(html)</strong>" }
            return html
        }.joined()
    }
}

/// Curves as pictures within a page.
enum HTMLChart {
    static func text(_ chart: ChartScene) -> String {
        let width = 640.0
        let height = 90.0
        var html = "<figure><figcaption>\(SVGText.escaped(chart.title))</figcaption>\n"
        for series in chart.series {
            let values = series.values.compactMap { $0 }
            guard let top = values.max(), top > 0 else { continue }
            let step = width / Double(max(series.values.count - 1, 1))
            let points = series.values.enumerated().compactMap { index, value in
                value.map { number in
                    ClockText.decimals(Double(index) * step, 1) + ","
                        + ClockText.decimals(height - number / top * (height - 22), 1)
                }
            }
            html +=
                "<svg viewBox=\"0 0 640 96\" role=\"img\"><polyline fill=\"none\" "
                + "stroke=\"var(--blue)\" stroke-width=\"2\" points=\""
                + points.joined(separator: " ") + "\"/>"
                + "<text x=\"0\" y=\"12\" font-size=\"12\">\(SVGText.escaped(series.name)), max "
                + SVGText.escaped(QuantityText.text(top, series.unit))
                + ", \(series.origin)</text></svg>\n"
        }
        return html + "</figure>\n"
    }
}
