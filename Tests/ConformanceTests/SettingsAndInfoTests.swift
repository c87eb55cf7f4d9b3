import Bytes
import Engine
import Grammar
import Testing
import Wire

/// The lists of settings and of measures, held against a real server's.
@Suite("Settings and INFO beside a real server")
struct SettingsAndInfoTests {
    private func reply(_ words: [String]) -> WireValue {
        var settings = Settings()
        settings.flavour = .redis70
        let now = Tick(
            wall: Timestamp(milliseconds: 1_750_000_000_000), monotonic: Instant(nanoseconds: 1))
        var store = Store(settings: settings, seed: 1, at: now, stopwatch: { 0 })
        let session = store.open(.embedded)
        var reply = ReplyWriter()
        store.call(ArgumentList(words).arguments, session: session, reply: &reply)
        return WireValue(reply: reply.buffer.bytes.copied())
    }

    @Test(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
    func settingsHaveTheSameNamesAndDefaults() throws {
        // These are set for the server that tests start, or are Larder's own.
        let different: Set<String> = [
            "port", "unixsocket", "save", "dir", "enable-debug-command", "flavour",
        ]
        let server = try RealServer()
        let theirs = try server.connect().value("CONFIG", "GET", "*").elements
        let ours = reply(["CONFIG", "GET", "*"])
        var names: Set<String> = []
        for index in stride(from: 0, to: theirs.count, by: 2) {
            let name = theirs[index].text ?? ""
            names.insert(name)
            if different.contains(name) { continue }
            #expect(ours[name]?.text == theirs[index + 1].text, "\(name)")
        }
        for index in stride(from: 0, to: ours.elements.count, by: 2) {
            let name = ours.elements[index].text ?? ""
            #expect(names.contains(name) || different.contains(name), "only here: \(name)")
        }
    }

    @Test(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
    func infoHasTheSameFields() throws {
        func fields(_ value: WireValue) -> [String] {
            (value.text ?? "").split(separator: "\r\n")
                .map { String($0.prefix { $0 != ":" }) }
                .filter { !$0.hasPrefix("cmdstat_") && !$0.hasPrefix("latency_perc") }
        }
        let server = try RealServer()
        let theirs = fields(try server.connect().value("INFO", "everything"))
        #expect(fields(reply(["INFO", "everything"])) == theirs)
    }
}
