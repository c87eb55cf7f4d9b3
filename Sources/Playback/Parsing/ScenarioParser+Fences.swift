// Fences: their opening lines, and to whom their bodies are given.

/// The kinds of fences.
enum FenceKind: String, CaseIterable {
    case redis, memcached, console
    case check, quiz
    case load, fault, chart, exercise, set, include

    /// True for what is written in YAML.
    var isYAML: Bool { Self.yaml.contains(self) }

    static let transcripts: [FenceKind] = [.redis, .memcached, .console]
    static let yaml: [FenceKind] = [.load, .fault, .chart, .exercise, .set, .include]

    /// The session that a prompt without a name means.
    var defaultSession: String {
        switch self {
        case .memcached: "mc"
        case .console: "wb"
        default: "r"
        }
    }

    /// The attributes that it may have.
    var attributes: [String] {
        switch self {
        case .redis, .memcached, .console:
            [
                "type", "pace", "retry", "hidden", "repeat", "as", "each", "pipeline", "when",
                "only", "label",
            ]
        case .load: ["at", "for", "background", "when", "only", "label"]
        case .fault: ["at", "for", "when", "only", "label"]
        case .quiz: ["before", "when"]
        case .check: ["when", "only", "label"]
        case .chart, .exercise, .set, .include: ["when", "only"]
        }
    }

    /// The attributes that have no value.
    static let flags = ["hidden", "before", "background"]
}

extension ScenarioParser {
    /// Reads a fence, its body included.
    mutating func readFence() {
        let opening = row
        guard let mark = Self.fenceMark(lines[opening]) else { return }
        let place = Place(line: opening + 1, column: 1)
        row += 1
        let first = row
        while row < lines.count, !closes(lines[row], mark) { row += 1 }
        let body = Array(lines[first..<row])
        if row == lines.count {
            complain(
                .unclosedFence, place, mark.count,
                "the fence that opens here is not closed before the end of the file")
        }
        row += 1
        let info = readInfo(opening, from: mark.count)
        var fence = Fence(
            language: info.language, word: info.word?.value, id: info.id,
            attributes: info.attributes, block: .listing, body: body, place: place)
        if let id = takePendingID() { fence.id = fence.id ?? id }
        if isTranslation {
            fence.texts = readTexts(fence, first: first)
        } else if let kind = kind(info) {
            checkAttributes(fence, kind)
            fence.block = block(kind, fence, first: first)
        }
        append(.fence(fence), at: place)
    }

    private func closes(_ line: String, _ mark: (sign: Character, count: Int)) -> Bool {
        let count = line.prefix { $0 == mark.sign }.count
        return count >= mark.count && line.dropFirst(count).allSatisfy { $0 == " " }
    }

    // MARK: The opening line

    private struct Info {
        var language = ""
        var languagePlace = Place(line: 1, column: 1)
        var word: Placed<String>?
        var id: Placed<String>?
        var attributes: [Fence.Attribute] = []
    }

    private mutating func readInfo(_ opening: Int, from start: Int) -> Info {
        var info = Info()
        let scalars = Array(lines[opening].unicodeScalars)
        var offset = start
        while true {
            while offset < scalars.count, scalars[offset] == " " { offset += 1 }
            guard offset < scalars.count else { return info }
            let begin = offset
            var quoted = false
            while offset < scalars.count, quoted || scalars[offset] != " " {
                if scalars[offset] == "\"" { quoted.toggle() }
                offset += 1
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[begin..<offset])
            let place = Place(line: opening + 1, column: begin + 1)
            if quoted {
                complain(.brokenInfo, place, offset - begin, "this quote is not closed")
            }
            take(String(view), place, into: &info)
        }
    }

    private mutating func take(_ word: String, _ place: Place, into info: inout Info) {
        if info.language.isEmpty {
            info.language = word
            info.languagePlace = place
        } else if word.hasPrefix("#") {
            let name = String(word.dropFirst())
            if !Self.isName(name) {
                complain(
                    .brokenInfo, place, word.unicodeScalars.count,
                    "an id has letters, digits, '-' and '_', and begins with a letter")
            } else if info.id != nil {
                complain(.brokenInfo, place, word.unicodeScalars.count, "a fence has one id")
            }
            info.id = Placed(name, place.moved(1))
        } else if let equals = word.firstIndex(of: "=") {
            let name = String(word[..<equals])
            var value = String(word[word.index(after: equals)...])
            var column = name.unicodeScalars.count + 1
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 {
                value = String(value.dropFirst().dropLast())
                column += 1
            }
            info.attributes.append(
                Fence.Attribute(
                    name: name, value: value, place: place, valuePlace: place.moved(column)))
        } else if info.language == "yaml", info.word == nil, info.attributes.isEmpty {
            info.word = Placed(word, place)
        } else {
            info.attributes.append(
                Fence.Attribute(name: word, value: nil, place: place, valuePlace: place))
        }
    }

    /// The kind that an opening line names; nil for what is only shown.
    private mutating func kind(_ info: Info) -> FenceKind? {
        if info.language == "yaml" {
            guard let word = info.word else { return nil }
            if let kind = FenceKind(rawValue: word.value), kind.isYAML { return kind }
            let names = FenceKind.yaml.map(\.rawValue)
            complain(
                .unknownKind, word.place, word.value.unicodeScalars.count,
                "unknown kind '\(word.value)'; there is \(names.joined(separator: ", "))",
                suggestion: Suggestion.nearest(to: word.value, in: names))
            return nil
        }
        if let kind = FenceKind(rawValue: info.language) {
            if !kind.isYAML { return kind }
            complain(
                .unknownKind, info.languagePlace, info.language.unicodeScalars.count,
                "'\(info.language)' is written in YAML, so its fence begins with "
                    + "yaml \(info.language)", suggestion: "yaml \(info.language)")
            return nil
        }
        // Other languages are shown and not run; a word that is nearly a kind is a slip.
        let names = FenceKind.allCases.filter { !$0.isYAML }.map(\.rawValue)
        if let near = Suggestion.nearest(to: info.language, in: names) {
            complain(
                .unknownKind, info.languagePlace, info.language.unicodeScalars.count,
                "unknown kind '\(info.language)'", suggestion: near)
        }
        return nil
    }

    private mutating func checkAttributes(_ fence: Fence, _ kind: FenceKind) {
        var seen: Set<String> = []
        for attribute in fence.attributes {
            let length = attribute.name.unicodeScalars.count
            guard kind.attributes.contains(attribute.name) else {
                complain(
                    .unknownAttribute, attribute.place, length,
                    "a \(kind.rawValue) fence has no attribute '\(attribute.name)'",
                    suggestion: Suggestion.nearest(to: attribute.name, in: kind.attributes))
                continue
            }
            if !seen.insert(attribute.name).inserted {
                complain(
                    .unknownAttribute, attribute.place, length,
                    "the attribute '\(attribute.name)' stands twice")
            }
            if let wrong = Self.fault(of: attribute) {
                complain(
                    .attributeValue, attribute.valuePlace,
                    max(1, attribute.value?.unicodeScalars.count ?? length), wrong)
            }
        }
        if seen.contains("as"), !seen.contains("repeat") {
            let place = fence.attributes.first { $0.name == "as" }?.place ?? fence.place
            complain(.attributeValue, place, 2, "'as' names the counter of 'repeat'")
        }
    }

    /// What is wrong with an attribute's value.
    private static func fault(of attribute: Fence.Attribute) -> String? {
        if FenceKind.flags.contains(attribute.name) {
            return attribute.value == nil ? nil : "'\(attribute.name)' has no value"
        }
        guard let value = attribute.value, !value.isEmpty else {
            return "'\(attribute.name)' needs a value: \(attribute.name)=…"
        }
        switch attribute.name {
        case "type":
            return ["auto", "learner", "instant"].contains(value)
                ? nil : "type is auto, learner or instant"
        case "pace", "retry", "for":
            // A variable is replaced before it is read.
            return Quantity(value)?.nanoseconds != nil || value.hasPrefix("$")
                ? nil : "'\(attribute.name)' is a time, such as 5s"
        case "at":
            return value.hasPrefix("+") && Quantity(value.dropFirst())?.nanoseconds != nil
                ? nil : "'at' is a time from now, such as +10s"
        case "repeat", "pipeline":
            guard let count = Int(value), 1...100_000 ~= count else {
                return "'\(attribute.name)' is a number from 1 to 100000"
            }
            return nil
        case "as": return isName(value) ? nil : "'as' is the name of a variable"
        case "each":
            guard let colon = value.firstIndex(of: ":"), isName(value[..<colon]),
                !value[value.index(after: colon)...].isEmpty
            else { return "'each' is a name and its values, such as u:ann,bob" }
            return nil
        case "only":
            let known = ["embedded", "redis", "valkey", "memcached", "remote"]
            return value.split(separator: ",").allSatisfy { known.contains(String($0)) }
                ? nil : "'only' names backends: \(known.joined(separator: ", "))"
        default: return nil
        }
    }

    // MARK: Bodies

    private mutating func block(_ kind: FenceKind, _ fence: Fence, first: Int) -> Block {
        let body = Array(lines[first..<first + fence.body.count])
        switch kind {
        case .redis, .memcached, .console:
            return .transcript(
                readTranscript(
                    body, at: Place(line: first + 1, column: 1), session: kind.defaultSession))
        case .check: return .check(readChecks(body, first: first + 1))
        case .quiz: return readQuiz(body, fence)
        default: return readYAMLBlock(kind, fence, first: first)
        }
    }

    private mutating func readChecks(_ body: [String], first: Int) -> [CheckLine] {
        var checks: [CheckLine] = []
        for (offset, line) in body.enumerated() {
            let margin = line.prefix { $0 == " " }.count
            let text = String(line.dropFirst(margin))
            if text.isEmpty || text.hasPrefix("//") { continue }
            do throws(ExpressionFailure) {
                let place = Place(line: first + offset, column: margin + 1)
                checks.append(try ExpressionParser.check(text, at: place))
            } catch {
                complain(error)
            }
        }
        return checks
    }
}
