import Client

/// The lessons of a folder, as a learner asks for them.
public struct LessonShelf: Sendable {
    /// The folder.
    public let folder: ScenarioFolder
    /// The languages that are wanted where a lesson has them, the nearest first.
    public var preferred: [String] = []
    /// The language that is wanted and no other.
    public var language: String?

    /// The lessons of a folder.
    public init(_ folder: ScenarioFolder) { self.folder = folder }

    /// What the list says of the lessons that have a file.
    public var list: [LessonFile] {
        folder.files.map { path in
            let lesson = ScenarioFolder.load(path).scenario
            let front = lesson.front
            return LessonFile(
                id: front.id, order: front.order, title: front.title, minutes: front.minutes,
                steps: lesson.steps.count,
                languages: folder.translations(of: path).map(\.language))
        }
    }

    /// The lesson of a name, a number or a file, fit to be played.
    /// - Parameter place: the real server where that is to be; nil for a world of its own.
    public func lesson(
        _ name: String, at place: RemotePlace? = nil
    ) throws(HostFailure) -> Scenario {
        let path = try file(of: try path(name), isFile: name.hasSuffix(".md"))
        let loaded = ScenarioFolder.load(path)
        let errors = loaded.complaints.filter { $0.code.severity == .error }
        guard errors.isEmpty else {
            throw HostFailure(
                text: "\(path) cannot be played as it is:\n"
                    + errors.prefix(5).map(\.report).joined())
        }
        if let reason = Performance.missing(loaded.scenario, at: place) {
            let whither = place.map { "at \($0.target.name)" } ?? "here"
            throw HostFailure(
                text: "\(loaded.scenario.front.id) cannot be played \(whither): \(reason)",
                isLack: true)
        }
        var lesson = loaded.scenario
        let name = lesson.sources[lesson.frontSource].name
        if let path = Paths.joined(Paths.folder(of: name), "facts.yaml"),
            let bytes = ScenarioFolder.read(path)
        {
            for fact in FactBook(bytes, name: path).facts { lesson.facts[fact.id] = fact }
        }
        return lesson
    }

    /// The file of a lesson in the language that is wanted. Who names a file means that file.
    private func file(of path: String, isFile: Bool) throws(HostFailure) -> String {
        guard let language else {
            return isFile ? path : folder.file(path, preferring: preferred)
        }
        if let file = folder.file(path, in: language) { return file }
        let own = ScenarioFolder.load(path).scenario.front.language
        let known = [own] + folder.translations(of: path).map(\.language)
        throw HostFailure(
            text: "\(Paths.name(of: path)) is not there in '\(language)'; it is there in "
                + known.joined(separator: ", "))
    }

    private func path(_ name: String) throws(HostFailure) -> String {
        var found = folder.files(named: [name]).flatMap(\.files)
        if found.isEmpty, let number = Int(name) {
            let prefix = (number < 10 ? "0" : "") + "\(number)-"
            found = folder.files.filter { Paths.name(of: $0).hasPrefix(prefix) }
        }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            let names = found.map { Paths.name(of: $0) }.joined(separator: ", ")
            throw HostFailure(text: "'\(name)' names several lessons: \(names)")
        }
        if let planned = Curriculum.lesson(name) {
            let needs = CourseParts.needs[planned.id].map { "; it waits for \($0)" } ?? ""
            throw HostFailure(text: "the lesson \(name) is planned, but not written yet\(needs)")
        }
        let known = Curriculum.lessons.map(\.id)
        let near =
            Suggestion.nearest(to: name, in: known) ?? known.first { $0.hasPrefix(name) }
        let hint = near.map { " (did you mean '\($0)'?)" } ?? ""
        throw HostFailure(
            text: "there is no lesson '\(name)'\(hint); larder play lists them")
    }
}
