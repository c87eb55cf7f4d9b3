import Grammar
import Testing

@Suite("Lists, as redis-server replies")
struct ListTranscripts {
    @Test("Both ends", arguments: TranscriptScene.all(in: "Lists/PushPop.txt"))
    func pushAndPop(scene: TranscriptScene) { scene.play() }

    @Test("Anywhere", arguments: TranscriptScene.all(in: "Lists/Places.txt"))
    func places(scene: TranscriptScene) { scene.play() }

    @Test("From list to list", arguments: TranscriptScene.all(in: "Lists/Moving.txt"))
    func moving(scene: TranscriptScene) { scene.play() }

    @Test("Sorting", arguments: TranscriptScene.all(in: "Lists/Sort.txt"))
    func sorting(scene: TranscriptScene) { scene.play() }

    @Test("The same in the newer flavours", arguments: ["Places", "Moving", "Blocking"])
    func newerFlavours(file: String) {
        for scene in TranscriptScene.all(in: "Lists/\(file).txt") {
            scene.play(.redis72)
            scene.play(.valkey80)
        }
    }
}
