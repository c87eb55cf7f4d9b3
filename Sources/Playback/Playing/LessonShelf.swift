/// The lessons of a folder, as a learner asks for them.
public struct LessonShelf: Sendable {
    /// The folder.
    public let folder: ScenarioFolder

    /// The lessons of a folder.
    public init(_ folder: ScenarioFolder) { self.folder = folder }

    /// What the list says of the lessons that have a file.
    public var list: [LessonFile] {
        folder.files.map { path in
            let lesson = ScenarioFolder.load(path).scenario
            let front = lesson.front
            return LessonFile(
                id: front.id, order: front.order, title: front.title, minutes: front.minutes,
                steps: lesson.steps.count)
        }
    }

    /// The lesson of a name, a number or a file, fit to be played.
    public func lesson(_ name: String) throws(HostFailure) -> Scenario {
        let path = try path(name)
        let loaded = ScenarioFolder.load(path)
        let errors = loaded.complaints.filter { $0.code.severity == .error }
        guard errors.isEmpty else {
            throw HostFailure(
                text: "\(path) cannot be played as it is:\n"
                    + errors.prefix(5).map(\.report).joined())
        }
        if let reason = Performance.missing(loaded.scenario) {
            throw HostFailure(text: "\(loaded.scenario.front.id) cannot be played here: \(reason)")
        }
        return loaded.scenario
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
        let near = Suggestion.nearest(to: name, in: Curriculum.lessons.map(\.id))
        let hint = near.map { " (did you mean '\($0)'?)" } ?? ""
        throw HostFailure(
            text: "there is no lesson '\(name)'\(hint); larder play lists them")
    }
}
