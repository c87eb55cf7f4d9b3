import Glibc
import Testing

/// What clients of a server are told without asking, by the measurements that compare every byte
/// and count every message. `LARDER_EVENT_KEYS=100000` and `LARDER_SUBSCRIBERS=10000` before
/// `swift test --filter ListenerTests` make them as large as they are by themselves.
@Suite(.serialized) struct ListenerTests {
    @Test func everyKeyThatGoesIsToldOnce() throws {
        let count = ListenerTests.setting("LARDER_EVENT_KEYS") ?? 5000
        let result = try Program.run(["bench", "--events", "-n", "\(count)", "--json"])
        #expect(result.status == 0, "\(result.output) \(result.complaints)")
        #expect(result.output.contains("\"wrong\":0"), "\(result.output)")
        #expect(result.output.contains("\"keys\":\(count)"), "\(result.output)")
    }

    @Test func everySubscriberIsSentEveryMessage() throws {
        let count = ListenerTests.setting("LARDER_SUBSCRIBERS") ?? 200
        let result = try Program.run(
            ["bench", "--fanout", "-r", "\(count)", "-n", "20", "--json"])
        #expect(result.status == 0, "\(result.output) \(result.complaints)")
        #expect(result.output.contains("\"messages\":\(20 * count)"), "\(result.output)")
        #expect(result.output.contains("beside one that is cut"), "\(result.output)")
    }

    private static func setting(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }
}
