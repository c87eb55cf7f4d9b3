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
            "larder-departures", "larder-hot-keys", "larder-big-keys",
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

    /// Values that are wrong for most settings, and some that are odd but right.
    private static let odd: [[UInt8]] = [
        "", "x", "-1", "0", "1", "99999999999999999999", "9223372036854775807", "1.5", "yes",
        "maybe", "1 2", "a b c d", "10%", "200%", "-5%", "1mb", "1 zb", "1kk", "-10gb", "a\0b",
        "a\nb", "4294967296", "2147483648", " 5", "5 ", "+5", "0x10", "+5 -0", "5 9999999999",
    ].map { Array($0.utf8) }

    /// What CONFIG SET answers to each odd value for each setting, and what is kept of it.
    @Test(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
    func settingsTakeAndRefuseTheSameValues() throws {
        // Setting these changes how the real server can be reached, or where its files are.
        let untouched: Set<String> = [
            "bind", "port", "unixsocket", "dir", "logfile", "tls-port", "tls-cluster",
            "tls-replication", "requirepass", "maxclients", "maxmemory", "appendonly", "slaveof",
            "replicaof",
        ]
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        let all = try real.value("CONFIG", "GET", "*").elements
        for index in stride(from: 0, to: all.count, by: 2) {
            guard let name = all[index].text, let before = all[index + 1].text else { continue }
            if untouched.contains(name) { continue }
            for value in SettingsAndInfoTests.odd {
                let line = [Array("CONFIG".utf8), Array("SET".utf8), Array(name.utf8), value]
                let question = ["CONFIG", "GET", name]
                let theirs = try real.call(line) + real.call(question)
                let ours = own.call(line) + own.call(question)
                #expect(
                    String(decoding: ours, as: UTF8.self)
                        == String(decoding: theirs, as: UTF8.self),
                    "\(name) \(String(decoding: value, as: UTF8.self).debugDescription)")
                let back = ["CONFIG", "SET", name, before]
                _ = try real.call(back)
                _ = own.call(back)
            }
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

    /// What both are asked before INFO is compared.
    private static let load = [
        "SET a 1", "GET a", "GET nope", "INCR a", "LPUSH l 1 2 3", "LPUSH a 1", "GET", "NOPE",
        "EXPIRE a 1000", "MULTI", "GET a", "EXEC", "EXEC", "CLIENT SETNAME me", "SELECT 3",
        "SET b 1 EX 100", "CONFIG SET nope 1", "AUTH x", "CONFIG GET maxmemory", "TYPE l",
        "OBJECT ENCODING a",
    ]

    private static let questions = [
        [], ["all"], ["everything"], ["default"], ["server", "clients"], ["commandstats"],
        ["latencystats", "errorstats"], ["modules"], ["keyspace", "CPU", "nope", "cpu"],
        ["default", "commandstats"], ["nope"], ["cluster", "replication", "persistence"],
        ["stats"], ["memory"],
    ]

    /// Every field of every section after some load, in the same order where the server has one.
    @Test(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
    func infoAfterLoadHasTheSameFields() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        for line in SettingsAndInfoTests.load {
            let words = line.split(separator: " ").map(String.init)
            let theirs = try real.call(words)
            #expect(own.call(words) == theirs, "\(line)")
        }
        for sections in SettingsAndInfoTests.questions {
            let theirs = WireValue(reply: try real.call(["INFO"] + sections))
            let ours = WireValue(reply: own.call(["INFO"] + sections))
            let (wanted, got) = (InfoText(theirs.text ?? ""), InfoText(ours.text ?? ""))
            #expect(got.headings == wanted.headings, "INFO \(sections)")
            #expect(got.fixedNames == wanted.fixedNames, "INFO \(sections)")
            #expect(got.listedNames == wanted.listedNames, "INFO \(sections)")
            #expect(got.errors == wanted.errors, "INFO \(sections)")
        }
        let all = InfoText(try real.value("INFO", "everything").text ?? "")
        let calls = InfoText(own.value("INFO", "everything").text ?? "").calls
        // INFO itself was asked as often of both.
        #expect(calls == all.calls)
    }

    /// Whatever always has the same value says why, so that no measure only pretends to tell.
    @Test func whatIsConstantHasAReason() {
        for metric in AllMetrics.list {
            #expect(metric.isConstant == (metric.absence != nil), "\(metric.name)")
        }
    }
}

/// The text of INFO, taken apart.
private struct InfoText {
    var headings: [String] = []
    /// The fields that do not depend on what was asked.
    var fixedNames: [String] = []
    /// The others with the names inside them, sorted.
    var listedNames: [String] = []
    var errors: [String] = []
    /// The counts of calls, refusals and failures.
    var calls: [String] = []

    init(_ text: String) {
        for line in text.split(separator: "\r\n").map(String.init) {
            if line.hasPrefix("#") {
                headings.append(line)
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            let fields = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
            let name = parts[0]
            let lists = ["cmdstat_", "latency_percentiles_", "errorstat_", "db"]
            guard lists.contains(where: name.hasPrefix) else {
                fixedNames.append(name)
                continue
            }
            let names = fields.map { String($0.prefix { $0 != "=" }) }
            listedNames.append("\(name): \(names.joined(separator: " "))")
            if name.hasPrefix("errorstat_") { errors.append(line) }
            if name.hasPrefix("cmdstat_") {
                let counts = fields.filter { !$0.hasPrefix("usec") }
                calls.append("\(name): \(counts.joined(separator: " "))")
            }
        }
        listedNames.sort()
        errors.sort()
        calls.sort()
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
