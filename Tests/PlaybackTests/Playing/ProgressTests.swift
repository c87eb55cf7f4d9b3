import Testing

@testable import Playback

/// What a learner has reached, and how it is kept.
@Suite struct ProgressTests {
    private func record(_ seed: Int) -> Progress {
        var lesson = Progress.LessonRecord()
        lesson.attempts = seed % 4
        lesson.isDone = seed % 3 == 0
        lesson.medal = [nil, .bronze, .silver, .gold][seed % 4]
        lesson.steps = (0..<(seed % 5)).map { "step-\($0 * seed % 7)" }
        lesson.steps = Array(Set(lesson.steps)).sorted()
        lesson.resume = seed % 2 == 0 ? nil : "step-\(seed % 7)"
        lesson.resumedAt = Int64(seed % 6)
        var quiz = Progress.QuizRecord()
        quiz.tries = seed % 3
        quiz.isCorrect = seed % 5 == 0
        quiz.isFirst = seed % 7 == 0
        lesson.quizzes["q\(seed % 2)"] = quiz
        var exercise = Progress.ExerciseRecord()
        exercise.tries = seed % 4
        exercise.isPassed = seed % 2 == 0
        lesson.exercises["e"] = exercise
        var progress = Progress()
        progress.lessons["l\(seed % 3)"] = lesson
        return progress
    }

    @Test func mergingIsTheBestOfEachWhateverTheOrder() throws {
        for seed in 0..<40 {
            let (a, b, c) = (record(seed), record(seed * 7 + 1), record(seed * 11 + 2))
            #expect(a.merged(with: b) == b.merged(with: a))
            #expect(a.merged(with: b).merged(with: c) == a.merged(with: b.merged(with: c)))
            #expect(a.merged(with: a) == a)
            #expect(a.merged(with: Progress()) == a)
            #expect(try Progress(parsing: a.merged(with: b).text) == a.merged(with: b))
        }
    }

    @Test func strangeFilesAreNotTaken() throws {
        #expect(throws: Progress.Failure.newer(9)) { try Progress(parsing: "{\"version\":9}") }
        for text in ["", "{", "[1]", "{\"version\":\"1\"}", String(repeating: "[", count: 9999)] {
            #expect(throws: Progress.Failure.unreadable) { try Progress(parsing: text) }
        }
        #expect(
            JSONValue(parsing: #"["\u00e9\ud83d\ude00\n", 1.5e3, null, {}]"#)?.json
                == "[\"é😀\\n\",1500,null,{}]")
    }

    @Test func lessonsWithoutAFileArePlanned() {
        let file = LessonFile(
            id: "cache-aside", order: 5, title: "Cache-aside", minutes: 8, steps: 5)
        var progress = Progress()
        var lesson = Progress.LessonRecord()
        lesson.attempts = 2
        lesson.steps = ["a", "b"]
        progress.lessons["cache-aside"] = lesson
        var lines = LessonList.lines([file], progress: progress)
        #expect(lines.count { $0.contains("planned") } == 27)
        #expect(
            lines.contains {
                $0.contains("Cache-aside") && $0.hasSuffix("2 of 5 steps, 2 tries")
            })
        #expect(lines.contains { $0.contains("rdb") && $0.hasSuffix("planned") })
        #expect(lines.allSatisfy { $0.count < 80 })
        lesson.isDone = true
        lesson.medal = .gold
        progress.lessons["cache-aside"] = lesson
        lines = LessonList.lines([file], progress: progress)
        #expect(lines.contains { $0.hasSuffix("done, gold, 2 tries") })
        lines = LessonList.lines([file], progress: nil)
        #expect(lines.contains { $0.hasSuffix("8 min") })
    }
}
