/// Cuts a line into the words of the language of checks.
struct ExpressionLexer {
    /// A word and the columns that it spans, counted from 0.
    struct Token: Equatable {
        enum Kind: Equatable {
            case quantity(Quantity)
            case text(String)
            case pattern(String)
            case variable(String)
            case word(String)
            case sign(String)
            /// Something that cannot be a word, and why.
            case wrong(String)
        }

        var kind: Kind
        var start: Int
        var end: Int
    }

    private let scalars: [Unicode.Scalar]
    private(set) var offset = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The number of columns.
    var count: Int { scalars.count }

    /// The text of some columns.
    func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    /// The next word; nil at the end.
    mutating func next() -> Token? {
        while offset < scalars.count, Self.isBlank(scalars[offset]) { offset += 1 }
        guard offset < scalars.count else { return nil }
        let start = offset
        let kind = read()
        return Token(kind: kind, start: start, end: offset)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    static func isWordStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        isWordStart(scalar) || isDigit(scalar)
    }

    private mutating func read() -> Token.Kind {
        let first = scalars[offset]
        if Self.isDigit(first) { return number() }
        if Self.isWordStart(first) { return .word(word()) }
        switch first {
        case "\"": return quoted()
        case "/" where expectsPattern: return pattern()
        case "$":
            offset += 1
            let name = word()
            return name.isEmpty ? .wrong("a name is missing behind '$'") : .variable(name)
        default: return sign()
        }
    }

    /// True directly behind `~`, where a slash begins a regular expression.
    private var expectsPattern: Bool {
        var before = offset - 1
        while before >= 0, Self.isBlank(scalars[before]) { before -= 1 }
        return before >= 0 && scalars[before] == "~"
    }

    private mutating func word() -> String {
        let start = offset
        while offset < scalars.count, Self.isWordPart(scalars[offset]) { offset += 1 }
        return text(start..<offset)
    }

    private mutating func number() -> Token.Kind {
        let start = offset
        while offset < scalars.count, Self.isDigit(scalars[offset]) { offset += 1 }
        if offset + 1 < scalars.count, scalars[offset] == ".", Self.isDigit(scalars[offset + 1]) {
            offset += 1
            while offset < scalars.count, Self.isDigit(scalars[offset]) { offset += 1 }
        }
        guard let number = Double(text(start..<offset)) else { return .wrong("no number") }
        if offset < scalars.count, scalars[offset] == "%" {
            offset += 1
            return .quantity(Quantity(number, .percent))
        }
        guard offset < scalars.count, Self.isWordStart(scalars[offset]) else {
            return .quantity(Quantity(number))
        }
        let unit = word()
        guard let known = Quantity.Unit(rawValue: unit) else {
            return .wrong("unknown unit '\(unit)'")
        }
        return .quantity(Quantity(number, known))
    }

    private mutating func quoted() -> Token.Kind {
        offset += 1
        var text = String.UnicodeScalarView()
        while offset < scalars.count, scalars[offset] != "\"" {
            if scalars[offset] == "\\", offset + 1 < scalars.count {
                offset += 1
                text.append(scalars[offset] == "n" ? "\n" : scalars[offset])
            } else {
                text.append(scalars[offset])
            }
            offset += 1
        }
        guard offset < scalars.count else { return .wrong("this quote is not closed") }
        offset += 1
        return .text(String(text))
    }

    private mutating func pattern() -> Token.Kind {
        offset += 1
        var text = String.UnicodeScalarView()
        while offset < scalars.count, scalars[offset] != "/" {
            if scalars[offset] == "\\", offset + 1 < scalars.count, scalars[offset + 1] == "/" {
                offset += 1
            }
            text.append(scalars[offset])
            offset += 1
        }
        guard offset < scalars.count else { return .wrong("this '/' is not closed") }
        offset += 1
        return .pattern(String(text))
    }

    private mutating func sign() -> Token.Kind {
        let two = offset + 1 < scalars.count ? text(offset..<offset + 2) : ""
        if ["==", "!=", "<=", ">=", ".."].contains(two) {
            offset += 2
            return .sign(two)
        }
        let one = text(offset..<offset + 1)
        offset += 1
        if "<>+-*/().,~±".contains(one) { return .sign(one) }
        return .wrong("'\(one)' has no meaning here")
    }
}
