// What a learner has done, lesson by lesson. Two records of the same learner, from two terminals
// or two machines, become one by taking the better of each item, so merging can be done in any
// order, as often as wanted, and nothing that was reached is ever lost.

/// What a learner has done in all lessons.
public struct Progress: Equatable, Sendable {
    /// The version of the file that this program writes.
    public static let version = 1

    /// A question.
    public struct QuizRecord: Equatable, Sendable {
        /// How often it was answered.
        public var tries = 0
        /// Whether it was ever answered rightly.
        public var isCorrect = false
        /// Whether it was answered rightly at the first try.
        public var isFirst = false

        /// Nothing yet.
        public init() {}
    }

    /// An exercise.
    public struct ExerciseRecord: Equatable, Sendable {
        /// How often it was tried.
        public var tries = 0
        /// Whether the learner has done it.
        public var isPassed = false
        /// Whether it was done without a hint.
        public var isUnaided = false
        /// Whether its solution was played.
        public var isSkipped = false

        /// Nothing yet.
        public init() {}
    }

    /// What is reached at the end.
    public enum Medal: Int, Comparable, Sendable {
        /// The lesson was played to its end.
        case bronze = 1
        /// All questions were answered and all exercises done.
        case silver
        /// All questions rightly at the first try, all exercises without hints.
        case gold

        /// Less good.
        public static func < (left: Medal, right: Medal) -> Bool { left.rawValue < right.rawValue }

        /// What people read.
        public var name: String {
            switch self {
            case .bronze: "bronze"
            case .silver: "silver"
            case .gold: "gold"
            }
        }
    }

    /// A lesson.
    public struct LessonRecord: Equatable, Sendable {
        /// How often it was begun.
        public var attempts = 0
        /// Whether it was played to its end.
        public var isDone = false
        /// What was reached.
        public var medal: Medal?
        /// The steps that were finished, by id.
        public var steps: [String] = []
        /// Where to go on; nil from the beginning.
        public var resume: String?
        /// When that was, in seconds since 1970.
        public var resumedAt: Int64 = 0
        /// Questions by id.
        public var quizzes: [String: QuizRecord] = [:]
        /// Exercises by id.
        public var exercises: [String: ExerciseRecord] = [:]

        /// Nothing yet.
        public init() {}
    }

    /// Lessons by id.
    public var lessons: [String: LessonRecord] = [:]

    /// Nothing yet.
    public init() {}

    /// The better of both in everything.
    public func merged(with other: Progress) -> Progress {
        var result = self
        result.lessons.merge(other.lessons) { $0.merged(with: $1) }
        return result
    }
}

extension Progress.LessonRecord {
    func merged(with other: Self) -> Self {
        var result = self
        result.attempts = max(attempts, other.attempts)
        result.isDone = isDone || other.isDone
        result.medal = [medal, other.medal].compactMap { $0 }.max()
        result.steps = Array(Set(steps).union(other.steps)).sorted()
        if other.resumedAt > resumedAt
            || other.resumedAt == resumedAt && (other.resume ?? "") > (resume ?? "")
        {
            result.resume = other.resume
            result.resumedAt = other.resumedAt
        }
        result.quizzes.merge(other.quizzes) { left, right in
            var best = left
            best.tries = max(left.tries, right.tries)
            best.isCorrect = left.isCorrect || right.isCorrect
            best.isFirst = left.isFirst || right.isFirst
            return best
        }
        result.exercises.merge(other.exercises) { left, right in
            var best = left
            best.tries = max(left.tries, right.tries)
            best.isPassed = left.isPassed || right.isPassed
            best.isUnaided = left.isUnaided || right.isUnaided
            best.isSkipped = left.isSkipped || right.isSkipped
            return best
        }
        return result
    }

    /// How many of the lesson's questions were answered rightly.
    var correct: Int { quizzes.values.count { $0.isCorrect } }
    /// How many of its exercises were done.
    var passed: Int { exercises.values.count { $0.isPassed } }
}

// MARK: As text

extension Progress {
    /// Why a file of progress cannot be used.
    public enum Failure: Error, Equatable, Sendable {
        /// It is no JSON, or not of this kind.
        case unreadable
        /// A newer program wrote it.
        case newer(Int)
    }

    /// The text of the file.
    public var text: String {
        let lessons = lessons.sorted { $0.key < $1.key }.map { ($0.key, $0.value.tree) }
        let tree = JSONValue.map([
            ("version", .number(Double(Self.version))), ("lessons", .map(lessons)),
        ])
        return tree.json + "\n"
    }

    /// Reads the text of a file.
    public init(parsing text: String) throws(Failure) {
        guard let tree = JSONValue(parsing: text), let version = tree["version"]?.integer else {
            throw .unreadable
        }
        guard version <= Self.version else { throw .newer(version) }
        for (id, lesson) in tree["lessons"]?.members ?? [] { lessons[id] = LessonRecord(lesson) }
    }
}

extension Progress.LessonRecord {
    fileprivate var tree: JSONValue {
        var members: [(String, JSONValue)] = [
            ("attempts", .number(Double(attempts))), ("done", .truth(isDone)),
        ]
        if let medal { members.append(("medal", .text(medal.name))) }
        if let resume { members.append(("resume", .text(resume))) }
        members.append(("resumed_at", .number(Double(resumedAt))))
        members.append(("steps", .list(steps.sorted().map(JSONValue.text))))
        let quizzes = quizzes.sorted { $0.key < $1.key }.map { id, quiz in
            (
                id,
                JSONValue.map([
                    ("tries", .number(Double(quiz.tries))), ("correct", .truth(quiz.isCorrect)),
                    ("first", .truth(quiz.isFirst)),
                ])
            )
        }
        members.append(("quizzes", .map(quizzes)))
        let exercises = exercises.sorted { $0.key < $1.key }.map { id, exercise in
            (
                id,
                JSONValue.map([
                    ("tries", .number(Double(exercise.tries))),
                    ("passed", .truth(exercise.isPassed)),
                    ("unaided", .truth(exercise.isUnaided)),
                    ("skipped", .truth(exercise.isSkipped)),
                ])
            )
        }
        members.append(("exercises", .map(exercises)))
        return .map(members)
    }

    fileprivate init(_ tree: JSONValue) {
        attempts = max(tree["attempts"]?.integer ?? 0, 0)
        isDone = tree["done"]?.bool ?? false
        medal = [.gold, .silver, .bronze].first { $0.name == tree["medal"]?.string }
        resume = tree["resume"]?.string
        resumedAt = Int64(tree["resumed_at"]?.integer ?? 0)
        steps = Array(Set(tree["steps"]?.array?.compactMap(\.string) ?? [])).sorted()
        for (id, quiz) in tree["quizzes"]?.members ?? [] {
            var record = Progress.QuizRecord()
            record.tries = max(quiz["tries"]?.integer ?? 0, 0)
            record.isCorrect = quiz["correct"]?.bool ?? false
            record.isFirst = quiz["first"]?.bool ?? false
            quizzes[id] = record
        }
        for (id, exercise) in tree["exercises"]?.members ?? [] {
            var record = Progress.ExerciseRecord()
            record.tries = max(exercise["tries"]?.integer ?? 0, 0)
            record.isPassed = exercise["passed"]?.bool ?? false
            record.isUnaided = exercise["unaided"]?.bool ?? false
            record.isSkipped = exercise["skipped"]?.bool ?? false
            exercises[id] = record
        }
    }
}
