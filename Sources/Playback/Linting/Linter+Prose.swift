import Bytes
import Engine
import Grammar

// Links and facts in the prose, and the words of settings and fixtures.

extension Linter {
    mutating func lintProse(_ prose: Prose, _ element: Element) {
        var links = 0
        for (offset, line) in prose.lines.enumerated() {
            let found = Self.links(in: line)
            links += found.count
            for (target, column) in found {
                lintLink(
                    Placed(
                        target, Place(line: element.place.line + offset, column: column + 1)),
                    element.source)
            }
        }
        if prose.kind == .fact, links == 0 {
            complain(
                .factBoxWithoutLink, element.source, element.place, 11,
                "a fact box links its source or the notes of the lesson")
        }
    }

    /// The targets of `[text](target)` in a line, and their columns from 0. What stands between
    /// backticks is code.
    static func links(in line: String) -> [(target: String, column: Int)] {
        let scalars = Array(line.unicodeScalars)
        var links: [(target: String, column: Int)] = []
        var isCode = false
        var offset = 0
        while offset < scalars.count {
            if scalars[offset] == "`" { isCode.toggle() }
            guard !isCode, scalars[offset] == "]", offset + 1 < scalars.count,
                scalars[offset + 1] == "("
            else {
                offset += 1
                continue
            }
            let start = offset + 2
            guard let end = scalars[start...].firstIndex(of: ")") else { break }
            var target = String.UnicodeScalarView()
            target.append(contentsOf: scalars[start..<end])
            links.append((String(target), start))
            offset = end
        }
        return links
    }

    private mutating func lintLink(_ link: Placed<String>, _ source: Int) {
        let target = link.value
        if target.hasPrefix("http://") || target.hasPrefix("https://") { return }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts.first ?? "")
        let anchor = parts.count > 1 ? String(parts[1]) : nil
        let name = scenario.sources[source].name
        if path.isEmpty {
            let own = scenario.elements.compactMap { element in
                if case .heading(let heading) = element.kind { heading.id } else { nil }
            }
            guard let anchor, !own.contains(anchor) else { return }
            return complain(
                .deadLink, source, link, "this file has no heading '#\(anchor)'",
                suggestion: Suggestion.nearest(to: anchor, in: own).map { "#" + $0 })
        }
        guard let file = Paths.joined(Paths.folder(of: name), path) else {
            return complain(.deadLink, source, link, "this link leads out of the folder")
        }
        guard let anchors = surroundings.anchors(file) else {
            // A lesson that is still to be written may be spoken of.
            let planned = Curriculum.lessons.map(\.file)
            let folder = Paths.folder(of: scenario.sources[scenario.frontSource].name)
            if planned.contains(where: { Paths.joined(folder, $0) == file }) { return }
            return complain(
                .deadLink, source, link, "there is no file \(file)",
                suggestion: Suggestion.nearest(to: path, in: planned))
        }
        if let anchor, !anchors.contains(anchor) {
            complain(
                .deadLink, source, link, "\(file) has no heading '#\(anchor)'",
                suggestion: Suggestion.nearest(to: anchor, in: anchors).map { path + "#" + $0 })
        }
    }

    // MARK: Settings and fixtures

    mutating func lintSetting(_ name: Placed<String>, _ value: Placed<String>) {
        if let wrong = EngineWords.fault(name.value, value.value) {
            let place = wrong.isName ? name : value
            complain(
                .engineSetting, scenario.frontSource, place, wrong.text,
                suggestion: wrong.suggestion)
        }
    }

    mutating func lintFixture(_ name: String, _ settings: FrontMatter.Settings) {
        for (key, value) in settings {
            let text = Variables.filled(value.value) { self.values[$0] }
            guard !text.contains("$"), let wrong = FixtureWords.fault(name, key.value, text) else {
                continue
            }
            complain(.wrongWord, scenario.frontSource, value, wrong)
        }
    }
}

extension Prose {
    /// The facts that it links, as `facts.yaml#F6`, and in a box of facts those that it names, as
    /// `(quoted: F6, F8)`.
    var facts: [String] {
        guard kind == .fact else { return linkedFacts }
        let words = lines.flatMap { $0.split { !$0.isLetter && !$0.isNumber } }
        var facts = linkedFacts
        for word in words where word.first == "F" && (2...3).contains(word.count) {
            let isName = word.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
            if isName, !facts.contains(String(word)) { facts.append(String(word)) }
        }
        return facts
    }

    private var linkedFacts: [String] {
        lines.flatMap { Linter.links(in: $0) }.compactMap { link in
            guard let sign = link.target.firstIndex(of: "#"),
                link.target[..<sign].hasSuffix("facts.yaml")
            else { return nil }
            return String(link.target[link.target.index(after: sign)...])
        }
    }
}

/// The settings of an engine as front matter has them.
enum EngineWords {
    struct Fault {
        var isName: Bool
        var text: String
        var suggestion: String?
    }

    /// The names that the front matter has besides the engine's own settings.
    static let own = ["flavor", "flavour", "above-empty"]

    /// The flavour of a word.
    static func flavour(_ word: String) -> Flavour? {
        switch word {
        case "valkey": .valkey80
        case "redis": .redis72
        default: Flavour(rawValue: word)
        }
    }

    /// What is wrong with a setting; nil when nothing is.
    static func fault(_ name: String, _ value: String) -> Fault? {
        switch name {
        case "flavor", "flavour":
            guard flavour(value) == nil else { return nil }
            let names = ["valkey", "redis"] + Flavour.allCases.map(\.rawValue)
            return Fault(
                isName: false, text: "a flavour is \(names.joined(separator: ", "))",
                suggestion: Suggestion.nearest(to: value, in: names))
        case "above-empty":
            return Quantity(value)?.dimension == .size
                ? nil : Fault(isName: false, text: "above-empty is a size, such as 2MB")
        default: break
        }
        guard let setting = AllSettings.find(ByteString(name), .valkey80) else {
            return Fault(
                isName: true, text: "the engine has no setting '\(name)'",
                suggestion: Suggestion.nearest(
                    to: name, in: AllSettings.list.map(\.name) + own))
        }
        var settings = Settings()
        do throws(SettingError) {
            try setting.set([ByteString(value)], in: &settings, from: .file)
            return nil
        } catch {
            return Fault(isName: false, text: error.reason)
        }
    }
}

extension FixtureWords {
    /// The strategies of the shop.
    static let strategies = ["none", "cache-aside", "write-through"]

    /// What is wrong with a value of a fixture; nil when nothing is.
    static func fault(_ fixture: String, _ key: String, _ value: String) -> String? {
        switch (fixture, key) {
        case ("db", "kind"): value == "simdb" ? nil : "the kind of a database is simdb"
        case ("app", "kind"): value == "shop" ? nil : "the kind of an application is shop"
        case ("db", "rows"), ("app", "value_size"):
            Int(value).map { $0 > 0 } == true ? nil : "'\(key)' is a whole number above 0"
        case ("db", "latency.dist"):
            ["normal", "fixed"].contains(value) ? nil : "the distribution is normal or fixed"
        case ("db", _) where key.hasPrefix("latency."), ("app", "cache_cost"), ("app", "ttl"),
            ("app", "jitter"), ("app", "early"):
            Quantity(value)?.nanoseconds == nil ? "'\(key)' is a time, such as 200ms" : nil
        case ("app", "strategy"):
            strategies.contains(value)
                ? nil : "a strategy is \(strategies.joined(separator: ", "))"
        case ("app", "on_write"):
            ["leave", "delete", "update"].contains(value)
                ? nil : "on_write is leave, delete or update"
        case ("app", "single_flight"):
            ["on", "off", "true", "false"].contains(value) ? nil : "single_flight is on or off"
        default: nil
        }
    }
}
