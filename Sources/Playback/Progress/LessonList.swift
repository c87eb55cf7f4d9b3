public import Client
import Terminal

// The lessons that there are or will be. A lesson that has no file yet is planned, not missing:
// the list says so, with what it waits for.

/// The parts of the course.
enum CourseParts {
    /// The parts, each with the place of its first lesson.
    static let parts: [(first: Int, title: String)] = [
        (1, "What a cache is"), (11, "What Redis and Valkey add"),
        (14, "Volatility and persistence"), (18, "Availability and scale"),
        (22, "Performance claims"), (24, "Operation, migration, judgement"),
    ]

    /// What lessons without a file wait for.
    static let needs: [String: String] = [
        "memcached-strings-only": "memcached", "realtime-analytics": "HyperLogLog",
        "rdb": "persistence", "aof": "persistence", "backup-restore": "persistence",
        "replication": "replicas", "failover": "replicas", "memcached-node-loss": "memcached",
        "scale-out-in": "clusters", "security": "TLS", "drop-in": "replicas and snapshots",
        "choose-an-engine": "memcached and replicas", "black-friday": "replicas",
    ]
}

/// A lesson of which the list knows the file.
public struct LessonFile: Equatable, Sendable {
    /// Its name on the command line.
    public var id: String
    /// Its place.
    public var order: Int
    /// Its title.
    public var title: String
    /// The minutes that it takes.
    public var minutes: Int
    /// How many steps it has.
    public var steps: Int
    /// The languages into which it is translated.
    public var languages: [String]

    /// A lesson.
    public init(
        id: String, order: Int, title: String, minutes: Int, steps: Int, languages: [String] = []
    ) {
        self.languages = languages
        self.id = id
        self.order = order
        self.title = title
        self.minutes = minutes
        self.steps = steps
    }
}

/// The list of lessons as text.
public enum LessonList {
    /// The lines, with how far the learner has come where `progress` is given.
    public static func lines(_ files: [LessonFile], progress: Progress?) -> [String] {
        var lines: [String] = []
        let known = Set(Curriculum.lessons.map(\.id))
        for (index, part) in CourseParts.parts.enumerated() {
            let end = index + 1 < CourseParts.parts.count ? CourseParts.parts[index + 1].first : 29
            lines.append((index > 0 ? "\n" : "") + part.title)
            for lesson in Curriculum.lessons where (part.first..<end).contains(lesson.order) {
                guard let file = files.first(where: { $0.id == lesson.id }) else {
                    lines.append(line(lesson.order, lesson.id, lesson.topic, "planned"))
                    continue
                }
                lines.append(line(file, progress))
            }
        }
        let others = files.filter { !known.contains($0.id) }
        if !others.isEmpty { lines.append("\nOthers") }
        return lines + others.map { line($0, progress) }
    }

    private static func line(_ file: LessonFile, _ progress: Progress?) -> String {
        let state = progress.map { Self.state($0.lessons[file.id], steps: file.steps) } ?? ""
        let also = file.languages.isEmpty ? "" : ", also \(file.languages.joined(separator: ", "))"
        let remark = state.isEmpty ? "\(file.minutes) min" : state
        return line(file.order, file.id, file.title, remark + also)
    }

    /// How far a learner has come, in words.
    static func state(_ record: Progress.LessonRecord?, steps: Int) -> String {
        guard let record, record.attempts > 0 else { return "" }
        var words: [String] = []
        if record.isDone {
            words.append("done" + (record.medal.map { ", \($0.name)" } ?? ""))
        } else {
            words.append("\(min(record.steps.count, steps)) of \(steps) steps")
        }
        if record.attempts > 1 { words.append("\(record.attempts) tries") }
        return words.joined(separator: ", ")
    }

    private static func line(
        _ order: Int, _ id: String, _ title: String, _ remark: String
    ) -> String {
        let number = String(repeating: " ", count: order < 10 ? 2 : 1) + String(order)
        let name = id + String(repeating: " ", count: max(23 - id.count, 1))
        let title = CellText.cut(title, to: 28)
        let room = max(30 - CellText.width(title), 1)
        return "\(number)  \(name)\(title)\(String(repeating: " ", count: room))\(remark)"
    }
}

extension LessonList {
    /// The lessons of a list as a dashboard shows them, with how far the learner has come.
    public static func pictures(
        _ files: [LessonFile], progress: Progress
    ) -> [LessonPicture.Lesson] {
        files.sorted { $0.order < $1.order }.map { file in
            let record = progress.lessons[file.id] ?? Progress.LessonRecord()
            var lesson = LessonPicture.Lesson(
                file.id, file.title,
                done: record.isDone ? file.steps : min(record.steps.count, file.steps),
                of: file.steps)
            lesson.attempts = record.attempts
            lesson.isDone = record.isDone
            lesson.medal = record.medal?.name ?? ""
            if !record.quizzes.isEmpty {
                lesson.right = record.quizzes.values.count { $0.isFirst }
                lesson.predicted = record.quizzes.count
            }
            return lesson
        }
    }
}
