// From a path to a scenario: the file is read, and the files that it includes are read in its
// place. Whoever loads hands in how a path is read, so that tests need no files.

/// Reads scenario files.
public struct ScenarioLoader {
    /// The bytes of a file; nil when it cannot be read.
    public typealias Reader = (String) -> [UInt8]?

    private let read: Reader

    /// A loader that reads by `read`.
    public init(_ read: @escaping Reader) { self.read = read }

    /// The scenario at a path, and what is wrong with it. The scenario is as whole as the file
    /// allows.
    ///
    /// A translation is laid over the file that it translates.
    public func load(_ path: String) -> (scenario: Scenario, complaints: [Complaint]) {
        let loaded = alone(path)
        guard let link = loaded.scenario.front.translates else { return loaded }
        let overlay = loaded.scenario
        var complaints = loaded.complaints + languageFault(overlay)
        let length = link.value.unicodeScalars.count
        guard let source = self.path(translatedBy: overlay), read(source) != nil else {
            complaints.append(
                overlay.complaint(
                    .translatedFile, link.place, length,
                    "'translates' names a file of the folder above, such as ../05-cache-aside.md",
                    suggestion: Suggestion.nearest(
                        to: link.value, in: Curriculum.lessons.map { "../" + $0.file })))
            return (overlay, complaints)
        }
        let original = alone(source)
        guard original.scenario.front.translates == nil else {
            complaints.append(
                overlay.complaint(
                    .translatedFile, link.place, length,
                    "\(source) is a translation itself; name the file that it translates"))
            return (overlay, complaints)
        }
        let merged = TranslationMerge.merged(overlay, over: original.scenario)
        return (merged.scenario, complaints + merged.complaints + original.complaints)
    }

    /// A file by itself: a translation without its source.
    func alone(_ path: String) -> (scenario: Scenario, complaints: [Complaint]) {
        var loading = Loading(read: read, root: Paths.folder(of: path))
        loading.load(path, chain: [], includedFrom: nil, parameters: [])
        let scenario = Scenario(
            sources: loading.sources, front: loading.front, elements: loading.elements)
        return (scenario, loading.complaints)
    }

    /// The path of the file that a translation names; nil when it leads out of the folder that
    /// the folder of the language lies in.
    func path(translatedBy overlay: Scenario) -> String? {
        let folder = Paths.folder(of: overlay.name)
        guard let link = overlay.front.translates, !link.value.hasPrefix("/"),
            let path = Paths.joined(folder, link.value),
            Paths.isWithin(path, Paths.folder(of: folder))
        else { return nil }
        return path
    }

    private func languageFault(_ overlay: Scenario) -> [Complaint] {
        let language = overlay.front.language
        let folder = Paths.name(of: Paths.folder(of: overlay.name))
        guard language != folder || !Language.isCode(language) else { return [] }
        let link = overlay.front.translates
        return [
            overlay.complaint(
                .translationLanguage, link?.place ?? Place(line: 1, column: 1),
                link?.value.unicodeScalars.count ?? 1,
                "a translation lies in the folder of its language and says so, such as "
                    + "'language: de' in de/; this one says '\(language)' in '\(folder)'")
        ]
    }

    /// Where the loading stands.
    private struct Loading {
        let read: Reader
        let root: String
        var sources: [ScenarioSource] = []
        var front = FrontMatter()
        var elements: [Element] = []
        var complaints: [Complaint] = []

        mutating func load(
            _ path: String, chain: [String], includedFrom: (source: Int, line: Int)?,
            parameters: [(name: String, value: String)]
        ) {
            let number = sources.count
            guard let bytes = read(path) else {
                sources.append(
                    ScenarioSource(name: path, lines: [], includedFrom: includedFrom))
                complain(.unreadable, number, Place(line: 1, column: 1), 1, "cannot be read")
                return
            }
            var (lines, badLine) = ScenarioParser.lines(of: bytes)
            if !parameters.isEmpty { lines = lines.map { Self.filled($0, parameters) } }
            sources.append(ScenarioSource(name: path, lines: lines, includedFrom: includedFrom))
            if let badLine {
                complain(
                    .notUTF8, number, Place(line: badLine, column: 1), 1,
                    "this line is not UTF-8")
            }
            var parser = ScenarioParser(
                source: number, name: path, lines: lines,
                includedFrom: self.chain(of: number))
            parser.parse(hasFront: includedFrom == nil)
            if includedFrom == nil { front = parser.front }
            complaints += parser.complaints
            for element in parser.elements {
                elements.append(element)
                guard case .fence(let fence) = element.kind,
                    case .include(let file) = fence.block, let file
                else { continue }
                include(file, fence, from: number, chain: chain + [path])
            }
        }

        private mutating func include(
            _ file: Placed<String>, _ fence: Fence, from number: Int, chain: [String]
        ) {
            let length = max(1, file.value.unicodeScalars.count)
            guard !file.value.hasPrefix("/"),
                let path = Paths.joined(Paths.folder(of: sources[number].name), file.value),
                Paths.isWithin(path, root)
            else {
                return complain(
                    .includeOutside, number, file.place, length,
                    "an included file is in the folder of the scenario, and named from there")
            }
            if let start = chain.firstIndex(of: path) {
                let round = (chain[start...] + [path]).joined(separator: " -> ")
                return complain(
                    .includeCircular, number, file.place, length,
                    "this file includes itself: \(round)")
            }
            guard read(path) != nil else {
                return complain(
                    .includeMissing, number, file.place, length, "there is no file \(path)")
            }
            load(
                path, chain: chain, includedFrom: (number, file.place.line),
                parameters: ScenarioParser.parameters(of: fence))
        }

        /// Puts parameters in the places of their names.
        private static func filled(
            _ line: String, _ parameters: [(name: String, value: String)]
        ) -> String {
            var values: [String: String] = [:]
            for parameter in parameters { values[parameter.name] = parameter.value }
            return Variables.filled(line) { values[$0] }
        }

        private func chain(of number: Int) -> [String] {
            var chain: [String] = []
            var current = sources[number].includedFrom
            while let from = current {
                chain.append("\(sources[from.source].name):\(from.line)")
                current = sources[from.source].includedFrom
            }
            return chain
        }

        private mutating func complain(
            _ code: LintCode, _ number: Int, _ place: Place, _ length: Int, _ text: String
        ) {
            let lines = sources[number].lines
            complaints.append(
                Complaint(
                    code: code, file: sources[number].name, place: place, length: length,
                    text: text,
                    line: lines.indices.contains(place.line - 1) ? lines[place.line - 1] : "",
                    includedFrom: chain(of: number)))
        }
    }
}

/// Paths as text.
enum Paths {
    /// The folder of a file; empty for the working directory.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// A path from a folder on, without `.` and `..`; nil when it leads out of everything.
    static func joined(_ folder: String, _ path: String) -> String? {
        var parts: [Substring] = []
        let isAbsolute = folder.hasPrefix("/")
        for part in (folder + "/" + path).split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            if parts.isEmpty || parts.last == ".." {
                if isAbsolute { return nil }
                parts.append(part)
            } else {
                parts.removeLast()
            }
        }
        return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    }

    /// True when a path is below a folder.
    static func isWithin(_ path: String, _ folder: String) -> Bool {
        folder.isEmpty
            ? !path.hasPrefix("/") && !path.hasPrefix("..") : path.hasPrefix(folder + "/")
    }
}

/// Variables in text: `$name`.
enum Variables {
    /// The names in a text and their columns, counted from 0.
    static func names(in text: String) -> [(name: String, column: Int)] {
        var names: [(name: String, column: Int)] = []
        scan(text) { name, column in
            names.append((name, column))
            return nil
        }
        return names
    }

    /// The text with values in the places of names; names without value stay.
    static func filled(_ text: String, _ value: (String) -> String?) -> String {
        guard text.contains("$") else { return text }
        return scan(text) { name, _ in value(name) }
    }

    @discardableResult
    private static func scan(_ text: String, _ value: (String, Int) -> String?) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var offset = 0
        while offset < scalars.count {
            guard scalars[offset] == "$", offset + 1 < scalars.count,
                ExpressionLexer.isWordStart(scalars[offset + 1])
            else {
                result.append(scalars[offset])
                offset += 1
                continue
            }
            var end = offset + 1
            while end < scalars.count, ExpressionLexer.isWordPart(scalars[end]) { end += 1 }
            var name = String.UnicodeScalarView()
            name.append(contentsOf: scalars[offset + 1..<end])
            if let value = value(String(name), offset) {
                result.append(contentsOf: value.unicodeScalars)
            } else {
                result.append(contentsOf: scalars[offset..<end])
            }
            offset = end
        }
        return String(result)
    }
}
