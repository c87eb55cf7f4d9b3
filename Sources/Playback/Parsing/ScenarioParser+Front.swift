// What stands before the first heading, between two lines of three hyphens.

extension ScenarioParser {
    /// The keys that there are.
    static let frontKeys = [
        "title", "id", "order", "minutes", "level", "claims", "facts", "needs", "backends", "seed",
        "tool", "engine", "topology", "fixtures", "vars", "vars_real", "dashboard", "requires",
        "language", "translates", "source_hash",
    ]

    /// Reads the front matter, if the file begins with it.
    mutating func readFront() {
        guard lines.first == "---" else {
            complain(
                .frontMissing, Place(line: 1, column: 1), 1,
                "a scenario begins with '---', its keys in YAML, and '---'")
            return
        }
        guard let end = lines.dropFirst().firstIndex(of: "---") else {
            complain(
                .frontNotClosed, Place(line: 1, column: 1), 3,
                "the front matter that begins here has no second '---'")
            row = lines.count
            return
        }
        row = end + 1
        do throws(YAMLTree.Failure) {
            guard let tree = try YAMLTree.read(lines[1..<end], first: 2) else {
                return complain(
                    .missingKey, Place(line: 1, column: 1), 3, "the front matter is empty")
            }
            isTranslation = tree["translates"] != nil
            if isTranslation { complainOfSettings(tree) }
            read(
                fields(
                    tree, of: "the front matter", known: Self.frontKeys, code: .unknownFrontKey))
        } catch {
            complain(error.isDuplicate ? .duplicateKey : .yamlSyntax, error.place, 1, error.text)
        }
    }

    /// What happens is said by the source alone.
    private mutating func complainOfSettings(_ tree: YAMLTree) {
        let own = ["title", "language", "translates", "source_hash"]
        for entry in tree.map ?? [] where !own.contains(entry.key) {
            guard Self.frontKeys.contains(entry.key) else { continue }
            complain(
                .translatedCommand, entry.place, max(1, entry.key.unicodeScalars.count),
                "'\(entry.key)' is said by the source; a translation has "
                    + own.joined(separator: ", "))
        }
    }

    private mutating func read(_ fields: [String: YAMLTree]) {
        front.title = text(fields["title"], "title")?.value ?? ""
        front.id = text(fields["id"], "id")?.value ?? ""
        for key in ["title", "id"] where fields[key] == nil && fields["translates"] == nil {
            complain(
                .missingKey, Place(line: 1, column: 1), 3, "the front matter needs a key '\(key)'")
        }
        if let tree = fields["id"], !front.id.isEmpty, !Self.isName(front.id) {
            complain(
                .wrongValue, tree,
                "an id has letters, digits, '-' and '_', and begins with a letter")
        }
        front.order = number(fields["order"], "order") ?? 0
        front.minutes = number(fields["minutes"], "minutes") ?? 0
        front.level = number(fields["level"], "level") ?? 1
        if let tree = fields["level"], !(1...3).contains(front.level) {
            complain(.wrongValue, tree, "level is 1, 2 or 3")
        }
        front.claims = texts(fields["claims"], "claims").map(\.value)
        front.facts = texts(fields["facts"], "facts")
        front.needs = texts(fields["needs"], "needs")
        check(words: front.needs, known: Self.needs, "what a scenario can need is")
        let backends = texts(fields["backends"], "backends")
        check(words: backends, known: Self.backends, "the backends are")
        if !backends.isEmpty { front.backends = backends.map(\.value) }
        front.seed = number(fields["seed"], "seed").map(UInt64.init) ?? 1
        _ = text(fields["tool"], "tool")
        front.engine = pairs(fields["engine"], "engine")
        let topology = self.fields(fields["topology"], of: "topology", known: ["nodes"])
        front.nodes = texts(topology["nodes"], "nodes").map(\.value)
        readFixtures(fields["fixtures"])
        front.variables = pairs(fields["vars"], "vars")
        front.realVariables = pairs(fields["vars_real"], "vars_real")
        front.dashboard = texts(fields["dashboard"], "dashboard")
        front.requires = texts(fields["requires"], "requires")
        front.language = text(fields["language"], "language")?.value ?? "en"
        front.translates = text(fields["translates"], "translates")
        front.sourceHashes = pairs(fields["source_hash"], "source_hash")
    }

    static let needs = ["embedded", "virtual-clock", "memcached", "replicas", "persistence"]
    static let backends = ["embedded", "redis", "valkey", "memcached"]

    private mutating func check(words: [Placed<String>], known: [String], _ text: String) {
        for word in words where !known.contains(word.value) {
            complain(
                .wrongWord, word.place, max(1, word.value.unicodeScalars.count),
                "\(text) \(known.joined(separator: ", ")), not '\(word.value)'",
                suggestion: Suggestion.nearest(to: word.value, in: known))
        }
    }

    private mutating func readFixtures(_ tree: YAMLTree?) {
        guard let tree else { return }
        guard let map = tree.map else {
            return complain(.wrongValue, tree, "fixtures is a map: db: {…}, app: {…}")
        }
        for entry in map {
            guard let known = FixtureWords.keys[entry.key] else {
                complain(
                    .unknownKey, entry.place, max(1, entry.key.unicodeScalars.count),
                    "there is no fixture '\(entry.key)'; there is db and app",
                    suggestion: Suggestion.nearest(to: entry.key, in: FixtureWords.keys.keys))
                continue
            }
            let settings = pairs(entry.value, "the fixture \(entry.key)")
            for setting in settings where !known.contains(setting.name.value) {
                complain(
                    .unknownKey, setting.name.place,
                    max(1, setting.name.value.unicodeScalars.count),
                    "the fixture \(entry.key) has no key '\(setting.name.value)'",
                    suggestion: Suggestion.nearest(to: setting.name.value, in: known))
            }
            front.fixtures.append((Placed(entry.key, entry.place), settings))
        }
    }
}
