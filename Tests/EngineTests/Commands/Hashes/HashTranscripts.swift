import Grammar
import Testing

@Suite("Hashes, as redis-server replies")
struct HashTranscripts {
    @Test("Fields and whole hashes", arguments: TranscriptScene.all(in: "Hashes/HashFields.txt"))
    func fields(scene: TranscriptScene) { scene.play() }

    @Test("Fields that count", arguments: TranscriptScene.all(in: "Hashes/HashCounting.txt"))
    func counting(scene: TranscriptScene) { scene.play() }

    @Test("By chance and in steps", arguments: TranscriptScene.all(in: "Hashes/HashWalks.txt"))
    func walks(scene: TranscriptScene) { scene.play() }

    @Test("The same in the newer flavours", arguments: ["HashFields", "HashCounting", "HashWalks"])
    func newerFlavours(file: String) {
        for scene in TranscriptScene.all(in: "Hashes/\(file).txt") {
            scene.play(.redis72)
            scene.play(.valkey80)
        }
    }
}
