// What is quoted in a lesson carries who said it and when somebody last looked. In the file that is
// a link to the book of facts, for readers of the file; whoever plays the lesson has the book, so
// the source itself is shown in its place.

/// A fact that a box of facts quotes.
struct Quotation: Equatable, Sendable {
    /// What the book of facts calls it: `F23`.
    var id: String
    /// Who says so; empty where the book is not at hand.
    var source = ""
    /// The day on which somebody last looked; empty when it is not known.
    var day = ""

    /// The facts that a piece of prose names.
    static func list(_ names: [String], in book: [String: Fact]) -> [Quotation] {
        names.map { name in
            let fact = book[name]
            return Quotation(id: name, source: fact?.source ?? "", day: fact?.checkedOn ?? "")
        }
    }

    /// True when the source is an address that can be opened.
    var isAddress: Bool { source.hasPrefix("https://") || source.hasPrefix("http://") }

    /// What it is called and how old it is: `quoted F23, checked on 2026-11-22`.
    var label: String {
        "\(Origin.quoted.rawValue) \(id)" + (day.isEmpty ? "" : ", checked on \(day)")
    }

    /// The source as it is read.
    var shownSource: String {
        isAddress ? String(source.drop { $0 != "/" }.dropFirst(2)) : source
    }

    /// All of it in one line.
    var words: String { label + (source.isEmpty ? "" : ": " + shownSource) }

    /// The lines of a box of facts without the words that only name the fact, `(quoted: F23)`.
    static func plain(_ lines: [String]) -> [String] {
        let text = lines.joined(separator: "\n")
        let marks = ["(quoted:", "(zitiert:"]
        guard let start = marks.compactMap({ text.firstRange(of: $0)?.lowerBound }).first else {
            return lines
        }
        // The name is a link with parentheses of its own.
        var depth = 0
        var end = start
        while end < text.endIndex {
            if text[end] == "(" { depth += 1 }
            if text[end] == ")" { depth -= 1 }
            end = text.index(after: end)
            if depth == 0 { break }
        }
        var before = text[..<start]
        while before.last == " " || before.last == "\n" || before.last == ">" {
            before = before.dropLast()
        }
        let words = String(before) + String(text[end...])
        return words.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
