import Grammar
import Testing

@Suite("Several sessions, as redis-server replies")
struct SessionTranscripts {
    @Test("Transactions", arguments: TranscriptScene.all(in: "Sessions/Transactions.txt"))
    func transactions(scene: TranscriptScene) { scene.play() }

    @Test("Messages", arguments: TranscriptScene.all(in: "Sessions/Messages.txt"))
    func messages(scene: TranscriptScene) { scene.play() }

    @Test("Events", arguments: TranscriptScene.all(in: "Sessions/Events.txt"))
    func events(scene: TranscriptScene) { scene.play() }

    @Test("Waiting", arguments: TranscriptScene.all(in: "Sessions/Waiting.txt"))
    func waiting(scene: TranscriptScene) { scene.play() }

    @Test("Tracking", arguments: TranscriptScene.all(in: "Sessions/Tracking.txt"))
    func tracking(scene: TranscriptScene) { scene.play() }
}
