import Grammar
import Testing

@Suite("Strings, as redis-server replies")
struct StringTranscripts {
    @Test("GET, SET and their kin", arguments: TranscriptScene.all(in: "Strings/GetSet.txt"))
    func getSet(scene: TranscriptScene) { scene.play() }

    @Test("Counting", arguments: TranscriptScene.all(in: "Strings/Increment.txt"))
    func increment(scene: TranscriptScene) { scene.play() }

    @Test("Several at once", arguments: TranscriptScene.all(in: "Strings/Multiple.txt"))
    func multiple(scene: TranscriptScene) { scene.play() }

    @Test("Parts", arguments: TranscriptScene.all(in: "Strings/Ranges.txt"))
    func ranges(scene: TranscriptScene) { scene.play() }

    @Test("LCS", arguments: TranscriptScene.all(in: "Strings/LongestCommon.txt"))
    func longestCommon(scene: TranscriptScene) { scene.play() }

    @Test("The same in the newer flavours", arguments: ["GetSet", "Ranges", "LongestCommon"])
    func newerFlavours(file: String) {
        for scene in TranscriptScene.all(in: "Strings/\(file).txt") {
            scene.play(.redis72)
            scene.play(.valkey80)
        }
    }
}
