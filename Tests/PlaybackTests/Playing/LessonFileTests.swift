import Client
import Terminal
import Testing

@testable import Playback

/// Every lesson before a person: what the headless run proves has to come true at the keys as well.
@Suite struct LessonFileTests {
    private static let shelf = LessonShelf(ScenarioFolder(ScenarioFileTests.folder.path))

    /// Plays a lesson to its end, answering nothing and having every task solved.
    @Test(arguments: ScenarioFileTests.names)
    func aSkippedTaskIsSolved(name: String) throws {
        var options = PlayerOptions()
        options.isInstant = true
        let lesson = try Self.shelf.lesson(Self.shelf.folder.path + "/" + name)
        let player = try Player(lesson, options: options)
        var text = ""
        for _ in 0..<2000 where !player.isOver {
            if case .exercise = player.activity {
                let id = try #require(player.exercise?.id)
                player.perform(.skip)
                #expect(player.exercise == nil, "\(id) goes on")
                let failed = player.shownChecks.filter { !$0.isTrue }
                #expect(failed == [], "\(id)")
            } else if player.hasPrompt {
                player.perform(.skip)
            } else {
                player.press(.enter)
            }
            text += player.takeLines().map { $0.plain + "\n" }.joined()
        }
        #expect(player.isOver && !player.isLeft)
        #expect(!text.contains("The lesson expects here"))
        #expect(!text.contains("unknown (") && !text.contains("✗"), "\(text)")
        for line in text.split(separator: "\n") where line.count > 80 {
            #expect(line.contains("> "), "too long for a screen: \(line)")
        }
        // A fact shows who says so, and when somebody last looked.
        if text.contains("▎ Fact.") {
            #expect(text.contains("▎ quoted F") && text.contains(", checked on 20"))
            #expect(!text.contains("(quoted:"))
        }
    }

    /// Where an answer is typed, the one that the explanation begins with is right as it stands.
    @Test(arguments: ScenarioFileTests.names)
    func typedAnswersAreTaken(name: String) throws {
        let lesson = try Self.shelf.lesson(Self.shelf.folder.path + "/" + name)
        for beat in Plan(lesson).beats {
            guard case .ask(let quiz, let id) = beat.kind,
                case .pattern(let pattern) = quiz.answer
            else { continue }
            let word = String(quiz.explanation.prefix { !" ,.:;".contains($0) })
            #expect(Player.fits(word, pattern), "\(id): \(word)")
        }
    }

    /// What comes after a lesson can be played.
    @Test func whatIsPlannedHasNoFile() {
        let files = Set(Self.shelf.list.map(\.id))
        for lesson in Curriculum.lessons {
            #expect(files.contains(lesson.id) == (CourseParts.needs[lesson.id] == nil))
        }
    }

    @Test func theNextLessonIsOneThatThereIs() throws {
        let lesson = try Self.shelf.lesson("data-types")
        var options = PlayerOptions()
        options.isInstant = true
        let player = try Player(lesson, options: options)
        player.press(.character("n"))
        for _ in 0..<20 where !player.isOver { player.perform(.next) }
        let text = player.takeLines().map { $0.plain + "\n" }.joined()
        #expect(text.contains("Next: larder play cache-aside"), "\(text)")
    }

    @Test func aFactLosesTheWordsThatOnlyNameIt() {
        let box = [
            "> **Fact.** It is so", "> (quoted: [F6](facts.yaml#F6)). See [it](notes/1.md).",
        ]
        #expect(Quotation.plain(box) == ["> **Fact.** It is so. See [it](notes/1.md)."])
        #expect(Quotation.plain(["> **Fact.** So."]) == ["> **Fact.** So."])
        let fact = Quotation(id: "F6", source: "https://a.b/c", day: "2026-11-22")
        #expect(fact.words == "quoted F6, checked on 2026-11-22: a.b/c")
        #expect(Quotation(id: "F9").words == "quoted F9")
    }

    /// Help at `wb>` explains commands of the cache, which hints refer to, as well as its own.
    @Test func helpExplainsCommandsOfTheCache() {
        #expect(WorkbenchLine.help(["DEL"]).hasPrefix("DEL key [key ...]\n"))
        #expect(WorkbenchLine.help(["zrangestore"]).contains("ZRANGESTORE"))
        #expect(WorkbenchLine.help(["app", "warm"]).hasPrefix("app warm PRODUCTS"))
        #expect(WorkbenchLine.help(["app", "warm"]).contains("\n  Puts products"))
        #expect(WorkbenchLine.help(["dell"]).contains("there is no command 'dell'"))
    }
}
