import Bytes
import Engine
import Glibc
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

/// Debian's own configuration file must load as it is.
@Suite("The configuration file that Debian ships")
struct DebianConfigurationTests {
    static let path = "/etc/redis/redis.conf"

    private static func text() -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    @Test(.enabled(if: access(path, R_OK) == 0, "\(path) is not there"))
    func loads() throws {
        for flavour in Flavour.allCases {
            var settings = Settings()
            settings.flavour = flavour
            try ConfigFile.read(DebianConfigurationTests.text().rawSpan, into: &settings) {
                (_, _) throws(SettingError) in
            }
            #expect(settings.bind == ["127.0.0.1", "-::1"])
            #expect(settings.isDaemon)
            #expect(settings.logFile == "/var/log/redis/redis-server.log")
            #expect(settings.directory == "/var/lib/redis")
        }
    }
}
