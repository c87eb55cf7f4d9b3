import Client
import Terminal

// Where scenarios are: a folder with files `NN-name.md`, `facts.yaml`, and folders beside them for
// notes and parts that several include.

/// A folder of scenarios.
public struct ScenarioFolder: Sendable {
    /// The path as it is shown, without a slash at its end.
    public let path: String

    /// A folder.
    public init(_ path: String) {
        self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    }

    /// Everything that a file holds; nil when it cannot be read.
    public static func read(_ path: String) -> [UInt8]? {
        guard let file = Descriptor(openingToRead: path) else { return nil }
        defer { file.close() }
        var bytes: [UInt8] = []
        while true {
            switch file.read(atMost: 1 << 16) {
            case .bytes(let more):
                bytes += more
                // Nobody writes a scenario of this size.
                if bytes.count > 16 << 20 { return nil }
            case .nothing: continue
            case .end: return bytes
            }
        }
    }

    /// Writes a file, all of it or nothing, with the folder that it lies in.
    public static func write(_ text: String, _ path: String) -> Bool {
        TextFile.replace(path, with: text)
    }

    /// True when there is a scenario in it, or its facts.
    public var exists: Bool {
        !files.isEmpty || Self.read(path + "/facts.yaml") != nil
    }

    /// The paths of the scenarios, in the order of their names.
    public var files: [String] {
        FileNames.beginning(path + "/", home: nil).filter { file in
            file.hasSuffix(".md") && Paths.name(of: file).first?.isNumber == true
        }
    }

    /// The paths of the scenarios that some words name: a file, its name with or without ending
    /// or number, or a pattern for these. No words name all.
    public func files(named names: [String]) -> [(name: String, files: [String])] {
        let all = files
        if names.isEmpty { return [("*", all)] }
        return names.map { name in
            if Self.isFile(name) { return (name, [name]) }
            return (name, all.filter { Self.isNamed($0, name) } + translations(named: name))
        }
    }

    /// True for the path of a scenario that can be read.
    public static func isFile(_ name: String) -> Bool {
        name.hasSuffix(".md") && read(name) != nil
    }

    private static func isNamed(_ file: String, _ name: String) -> Bool {
        let whole = Paths.name(of: file)
        let stem = String(whole.dropLast(3))
        let id = String(stem.drop { $0.isNumber || $0 == "-" })
        return [whole, stem, id].contains { text in
            text == name || GlobText.matches(name, text)
        }
    }

    /// What lint has to know of the folder.
    public func surroundings() -> LintSurroundings {
        var surroundings = LintSurroundings { path in
            guard let bytes = Self.read(path) else { return nil }
            if path.hasSuffix(".yaml") { return FactBook(bytes, name: path).facts.map(\.id) }
            return Scenario.anchors(ScenarioParser.lines(of: bytes).lines)
        }
        if let bytes = Self.read(path + "/facts.yaml") {
            surroundings.facts = FactBook(bytes, name: path + "/facts.yaml")
        }
        for file in files {
            let front = Self.load(file).scenario.front
            surroundings.scenarios[front.id] = front.requires.map(\.value)
        }
        return surroundings
    }

    /// The scenario at a path, and what its reading found.
    public static func load(_ path: String) -> (scenario: Scenario, complaints: [Complaint]) {
        ScenarioLoader(read).load(path)
    }
}

extension Scenario {
    /// What links to a file may name: the anchors of its headings.
    static func anchors(_ lines: [String]) -> [String] {
        var parser = ScenarioParser(source: 0, name: "", lines: lines)
        parser.parse(hasFront: lines.first == "---")
        return parser.elements.compactMap { element in
            if case .heading(let heading) = element.kind { heading.id } else { nil }
        }
    }
}
