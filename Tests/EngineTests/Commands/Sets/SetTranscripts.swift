import Grammar
import Testing

@Suite("Sets, as redis-server replies")
struct SetTranscripts {
    @Test("All of them", arguments: TranscriptScene.all(in: "Sets/Sets.txt"))
    func sets(scene: TranscriptScene) { scene.play() }

    @Test("The same in the newer flavours", arguments: [Flavour.redis72, .valkey80])
    func newerFlavours(flavour: Flavour) {
        for scene in TranscriptScene.all(in: "Sets/Sets.txt")
        where !scene.text.contains("OBJECT ENCODING") {
            scene.play(flavour)
        }
    }

    @Test("Small sets are listpacks since 7.2", arguments: [Flavour.redis72, .valkey80])
    func listpacks(flavour: Flavour) {
        for scene in TranscriptScene.all(in: "Sets/Listpacks.txt") { scene.play(flavour) }
    }
}
