// Reads a scenario line by line. The format is a declared subset of Markdown: headings, prose,
// comments as cues, and fences in column 1. What else Markdown has is shown as it stands where
// that does no harm (nested lists, indented text), and is a complaint where the file would mean
// something else on a page than here (a fence within a list, a heading underlined with signs).

/// Reads the elements of one file.
struct ScenarioParser {
    let source: Int
    let name: String
    let lines: [String]
    let includedFrom: [String]
    var row = 0
    var elements: [Element] = []
    var front = FrontMatter()
    var complaints: [Complaint] = []
    /// True when the front matter says that the file translates another.
    var isTranslation = false
    private var pendingID: Placed<String>?
    /// How many headings have had each anchor, as GitHub numbers them.
    private var anchors: [String: Int] = [:]

    init(source: Int, name: String, lines: [String], includedFrom: [String] = []) {
        self.source = source
        self.name = name
        self.lines = lines
        self.includedFrom = includedFrom
    }

    /// Cuts bytes into lines; a mark of the byte order and the returns of CRLF are no part of
    /// them. What is no UTF-8 is the failure, with its line.
    static func lines(of bytes: [UInt8]) -> (lines: [String], badLine: Int?) {
        var content = bytes[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        var lines: [String] = []
        var badLine: Int?
        for (index, part) in content.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = part.last == 0x0D ? part.dropLast() : part
            if let text = String(validating: line, as: UTF8.self) {
                lines.append(text)
            } else {
                lines.append(String(decoding: line, as: UTF8.self))
                badLine = badLine ?? index + 1
            }
        }
        if lines.last == "" { lines.removeLast() }
        return (lines, badLine)
    }

    /// Reads all of it.
    mutating func parse(hasFront: Bool) {
        if hasFront { readFront() }
        while row < lines.count { readElement() }
        if let id = pendingID {
            complain(.cueMisplaced, id.place, 1, "no heading or fence follows this id")
        }
    }

    // MARK: Complaints

    mutating func complain(
        _ code: LintCode, _ place: Place, _ length: Int, _ text: String,
        suggestion: String? = nil
    ) {
        let line = lines.indices.contains(place.line - 1) ? lines[place.line - 1] : ""
        complaints.append(
            Complaint(
                code: code, file: name, place: place, length: length, text: text,
                suggestion: suggestion, line: line, includedFrom: includedFrom))
    }

    mutating func complain(_ failure: ExpressionFailure) {
        complain(failure.code, failure.place, failure.length, failure.text)
    }

    // MARK: Lines

    private mutating func readElement() {
        let line = lines[row]
        if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
            row += 1
        } else if Self.fenceMark(line) != nil {
            readFence()
        } else if let column = Self.misplacedFence(line) {
            complain(
                .fenceNotInFirstColumn, Place(line: row + 1, column: column), 3,
                line.hasPrefix("\t") || line.hasPrefix(" \t")
                    ? "a tab stands before this fence; a fence begins in column 1"
                    : "a fence begins in column 1, not within a list, a quote or an indentation")
            readVerbatimFence(line)
        } else if line.hasPrefix("#") {
            readHeading(line)
        } else if line.hasPrefix("<!--") {
            readCue(line)
        } else if Self.isFold(line) {
            append(.fold(line), at: Place(line: row + 1, column: 1))
            row += 1
        } else {
            readProse()
        }
    }

    mutating func append(_ kind: Element.Kind, at place: Place) {
        elements.append(Element(kind: kind, source: source, place: place))
    }

    /// The signs that open a fence here, and how many; nil when none does.
    static func fenceMark(_ line: String) -> (sign: Character, count: Int)? {
        guard let sign = line.first, sign == "`" || sign == "~" else { return nil }
        let count = line.prefix { $0 == sign }.count
        guard count >= 3 else { return nil }
        // Behind backticks no others may stand: that is code within a line.
        if sign == "`", line.dropFirst(count).contains("`") { return nil }
        return (sign, count)
    }

    /// The column of a fence that stands where none may.
    private static func misplacedFence(_ line: String) -> Int? {
        let scalars = Array(line.unicodeScalars)
        var offset = 0
        while offset < scalars.count {
            let scalar = scalars[offset]
            if scalar == " " || scalar == "\t" || scalar == ">" {
                offset += 1
                continue
            }
            let isBullet = scalar == "-" || scalar == "*" || scalar == "+"
            let digits = scalars[offset...].prefix { ("0"..."9").contains($0) }.count
            if isBullet, offset + 1 < scalars.count, scalars[offset + 1] == " " {
                offset += 2
            } else if digits > 0, offset + digits + 1 < scalars.count,
                scalars[offset + digits] == "." || scalars[offset + digits] == ")",
                scalars[offset + digits + 1] == " "
            {
                offset += digits + 2
            } else {
                break
            }
        }
        guard offset > 0, offset < scalars.count else { return nil }
        var rest = String.UnicodeScalarView()
        rest.append(contentsOf: scalars[offset...])
        return fenceMark(String(rest)) == nil ? nil : offset + 1
    }

    /// Passes over a fence that stands in a wrong place, so that its content is not read.
    private mutating func readVerbatimFence(_ opening: String) {
        let start = row
        let bare = opening.drop { " \t>-*+0123456789.)".contains($0) }
        let sign = bare.first ?? "`"
        let count = bare.prefix { $0 == sign }.count
        row += 1
        while row < lines.count {
            let text = lines[row].drop { " \t>".contains($0) }
            row += 1
            if text.prefix(while: { $0 == sign }).count >= count,
                text.allSatisfy({ $0 == sign || $0 == " " })
            {
                break
            }
        }
        append(
            .prose(Prose(kind: .verbatim, lines: Array(lines[start..<row]))),
            at: Place(line: start + 1, column: 1))
    }

    private static func isFold(_ line: String) -> Bool {
        ["<details", "</details>", "<summary", "</summary>"].contains { line.hasPrefix($0) }
    }

    // MARK: Headings

    private mutating func readHeading(_ line: String) {
        let level = line.prefix { $0 == "#" }.count
        let rest = line.dropFirst(level)
        guard level <= 6, rest.first == " " || rest.isEmpty else { return readProse() }
        let text = Self.headingText(String(rest))
        let place = Place(line: row + 1, column: 1)
        if text.isEmpty {
            complain(.emptyHeading, place, level, "this heading has no text")
        }
        let anchor = Self.anchor(text)
        let earlier = anchors[anchor, default: 0]
        anchors[anchor] = earlier + 1
        let id = pendingID?.value ?? (earlier == 0 ? anchor : "\(anchor)-\(earlier)")
        pendingID = nil
        append(.heading(Heading(level: level, text: text, id: id, place: place)), at: place)
        row += 1
    }

    private static func headingText(_ text: String) -> String {
        var trimmed = text.drop { $0 == " " }
        while trimmed.last == " " { trimmed.removeLast() }
        return String(trimmed)
    }

    /// What GitHub makes of a heading: small letters, digits, hyphens and low lines; a blank is a
    /// hyphen.
    static func anchor(_ text: String) -> String {
        var anchor = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber || character == "-" || character == "_" {
                anchor.append(character)
            } else if character == " " {
                anchor.append("-")
            }
        }
        return anchor
    }

    // MARK: Cues

    private mutating func readCue(_ line: String) {
        let place = Place(line: row + 1, column: 1)
        var trimmed = line[...]
        while trimmed.last == " " || trimmed.last == "\t" { trimmed.removeLast() }
        row += 1
        guard trimmed.hasSuffix("-->"), trimmed.count >= 7 else {
            complain(
                .brokenCue, place, 4,
                "a cue is one line, <!-- name --> or <!-- name: text -->; this one is not closed")
            while row < lines.count, !lines[row - 1].contains("-->") { row += 1 }
            return
        }
        let inner = trimmed.dropFirst(4).dropLast(3)
        let margin = inner.prefix { $0 == " " }.count
        let content = inner.dropFirst(margin)
        let word = content.prefix { $0 != ":" && $0 != " " }
        let wordPlace = place.moved(4 + margin)
        guard let name = Cue.Name(rawValue: String(word)) else {
            complain(
                .unknownCue, wordPlace, max(1, word.unicodeScalars.count),
                "unknown cue '\(word)'",
                suggestion: Suggestion.nearest(
                    to: String(word), in: Cue.Name.allCases.map(\.rawValue)))
            return
        }
        var rest = content.dropFirst(word.count)
        var column = 4 + margin + word.unicodeScalars.count
        if rest.first == ":" {
            rest = rest.dropFirst()
            column += 1
        }
        let gap = rest.prefix { $0 == " " }.count
        rest = rest.dropFirst(gap)
        while rest.last == " " { rest.removeLast() }
        keepCue(
            Cue(
                name: name, text: String(rest), textPlace: place.moved(column + gap),
                condition: nil), at: place)
    }

    private mutating func keepCue(_ cue: Cue, at place: Place) {
        var cue = cue
        switch cue.name {
        case .id:
            guard Self.isName(cue.text) else {
                complain(
                    .cueText, cue.textPlace, max(1, cue.text.unicodeScalars.count),
                    "an id has letters, digits, '-' and '_', and begins with a letter")
                return
            }
            pendingID = Placed(cue.text, cue.textPlace)
            return
        case .when:
            do throws(ExpressionFailure) {
                cue.condition = try ExpressionParser.expression(cue.text, at: cue.textPlace)
            } catch {
                complain(error)
            }
        default: break
        }
        if let wrong = Self.cueFault(cue) {
            complain(.cueText, cue.textPlace, max(1, cue.text.unicodeScalars.count), wrong)
        }
        append(.cue(cue), at: place)
    }

    /// What is wrong with the text of a cue.
    private static func cueFault(_ cue: Cue) -> String? {
        switch cue.name {
        case .pause where !cue.text.isEmpty:
            guard let time = Quantity(cue.text)?.nanoseconds else {
                return "a pause is a time, such as 3s, or nothing"
            }
            return time <= 3_000_000_000 ? nil : "a pause that ends by itself is 3s at most"
        case .pace:
            return Quantity(cue.text)?.nanoseconds == nil
                ? "the pace is the time for a letter, such as 35ms" : nil
        case .speed:
            guard let speed = Quantity(cue.text), speed.unit == .times, speed.base > 0 else {
                return "a speed is written 4x"
            }
            return nil
        case .note, .dashboard, .focus, .goto, .block, .when:
            return cue.text.isEmpty ? "this cue needs a text behind its colon" : nil
        case .endwhen, .hide, .show, .clear:
            return cue.text.isEmpty ? nil : "this cue has no text"
        case .pause, .id: return nil
        }
    }

    /// True for what may be an id.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, ExpressionLexer.isWordStart(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { ExpressionLexer.isWordPart($0) || $0 == "-" }
    }

    /// Hands over the id that stood above, if there is one.
    mutating func takePendingID() -> Placed<String>? {
        defer { pendingID = nil }
        return pendingID
    }

    // MARK: Prose

    private mutating func readProse() {
        let start = row
        let kind = Self.proseKind(lines[row])
        row += 1
        while row < lines.count, continues(lines[row], kind) { row += 1 }
        var part = Array(lines[start..<row])
        if row < lines.count, kind == .paragraph, Self.isUnderline(lines[row]) {
            complain(
                .underlinedHeading, Place(line: row + 1, column: 1), lines[row].count,
                "a heading begins with '#'; a line of signs below a text is not one here")
            part.append(lines[row])
            row += 1
        }
        let isFact = kind == .quote && Self.factMarks.contains { lines[start].hasPrefix($0) }
        append(
            .prose(Prose(kind: isFact ? .fact : kind, lines: part)),
            at: Place(line: start + 1, column: 1))
    }

    /// How quotes begin that state facts, in the languages that there are.
    private static let factMarks = ["> **Fact.**", "> **Fakt.**"]

    private func continues(_ line: String, _ kind: Prose.Kind) -> Bool {
        if line.allSatisfy({ $0 == " " || $0 == "\t" }) || line.hasPrefix("<!--") { return false }
        if Self.fenceMark(line) != nil || Self.misplacedFence(line) != nil { return false }
        if Self.isFold(line) || line.hasPrefix("# ") || line.hasPrefix("##") { return false }
        if kind == .paragraph, Self.isUnderline(line) { return false }
        let next = Self.proseKind(line)
        switch kind {
        case .list: return next == .list || line.first == " " || next == .paragraph
        case .quote, .fact: return next == .quote
        case .table: return next == .table
        case .verbatim: return next == .verbatim
        case .paragraph: return next == .paragraph || next == .verbatim
        }
    }

    private static func isUnderline(_ line: String) -> Bool {
        line.count >= 3 && (line.allSatisfy { $0 == "=" } || line.allSatisfy { $0 == "-" })
    }

    private static func proseKind(_ line: String) -> Prose.Kind {
        if line.hasPrefix(">") { return .quote }
        if line.hasPrefix("|") { return .table }
        let text = line.drop { $0 == " " }
        let margin = line.count - text.count
        if let first = text.first, "-*+".contains(first), text.dropFirst().first == " " {
            return .list
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, digits.count < 4, let sign = text.dropFirst(digits.count).first,
            sign == "." || sign == ")", text.dropFirst(digits.count + 1).first == " "
        {
            return .list
        }
        return margin >= 4 || line.hasPrefix("\t") ? .verbatim : .paragraph
    }
}
