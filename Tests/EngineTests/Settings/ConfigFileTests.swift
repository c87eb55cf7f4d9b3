import Bytes
import Engine
import Grammar
import Testing

@Suite("Configuration files")
struct ConfigFileTests {
    private func read(
        _ text: String, into settings: inout Settings
    ) throws(ConfigFile.Failure) -> [ConfigFile.Directive] {
        var directives: [ConfigFile.Directive] = []
        try ConfigFile.read(Array(text.utf8).rawSpan, into: &settings) {
            (directive, _) throws(SettingError) in
            directives.append(directive)
        }
        return directives
    }

    private func value(_ name: ByteString, _ settings: Settings) -> ByteString? {
        AllSettings.find(name, .redis70)?.text(in: settings)
    }

    @Test("Comments, blanks, quotes, several words and several lines")
    func syntax() throws {
        var settings = Settings()
        let directives = try read(
            """

              # A comment.
            PORT 7890
            save 900 1
            save 300 10
            save "60 5"
            client-output-buffer-limit normal 1 2 3
            bind 127.0.0.1 -::1
             timeout  \t 7  \r
            maxmemory 1mb
            zset-max-ziplist-value 5
            requirepass "a b\\x41"
            hz 600
            latency-tracking-info-percentiles 50 60
            include /etc/more.conf
            rename-command FLUSHALL ""
            user someone on
            loadmodule /m.so 1
            """, into: &settings)
        #expect(settings.port == 7890)
        #expect(value("save", settings) == "900 1 300 10 60 5")
        #expect(settings.outputLimits.normal.soft == 2)
        #expect(settings.bind == ["127.0.0.1", "-::1"])
        #expect(settings.timeout == 7)
        #expect(settings.maximumMemory == 1 << 20)
        #expect(value("zset-max-listpack-value", settings) == "5")
        #expect(settings.password == "a bA")
        #expect(settings.hertz == 500)
        #expect(settings.latencyPercentiles == [50, 60])
        #expect(
            directives == [
                .include("/etc/more.conf"), .rename("FLUSHALL", to: ""),
                .user(["someone", "on"]), .loadModule(["/m.so", "1"]),
            ])
    }

    @Test("An empty save means none, before and after others")
    func emptySave() throws {
        var settings = Settings()
        _ = try read("save \"\"", into: &settings)
        #expect(value("save", settings) == "")
        _ = try read("save 5 6", into: &settings)
        #expect(value("save", settings) == "5 6")
    }

    @Test(
        "A line that cannot be taken is told with its number and the reason",
        arguments: [
            ("timeout \"5", "Unbalanced quotes in configuration line"),
            ("nosuch 1", "Bad directive or wrong number of arguments"),
            ("include", "Bad directive or wrong number of arguments"),
            ("port", "wrong number of arguments"),
            ("port 1 2", "wrong number of arguments"),
            ("databases 0", "argument must be between 1 and 2147483647 inclusive"),
            ("unixsocketperm 9", "argument couldn't be parsed as an octal number"),
            ("unixsocketperm 1000", "argument must be between 0 and 777 inclusive"),
            (
                "supervised x",
                "argument(s) must be one of the following: upstart, systemd, auto, no"
            ),
            ("appendfilename a/b", "appendfilename can't be a path, just a filename"),
            ("replicaof a", "wrong number of arguments"),
            ("replicaof a b", "Invalid master port"),
            ("save 1", "Invalid save parameters"),
        ])
    func refusals(line: String, reason: String) {
        var settings = Settings()
        let wanted = ConfigFile.Failure(line: 3, text: ByteString(line), reason: reason)
        #expect(throws: wanted) { _ = try read("\nport 1\n  \(line) \n", into: &settings) }
        #expect(
            wanted.report
                == "Reading the configuration file, at line 3\n>>> '\(line)'\n\(reason)")
    }

    @Test("Options of the command line become lines")
    func options() throws {
        let lines = ConfigFile.lines(options: [
            "--port", "7890", "--save", "", "--requirepass", "a \"b\"\n", "--bind", "::1",
            "127.0.0.1", "--appendonly", "no",
        ])
        #expect(
            lines.text == """
                port "7890"
                save ""
                requirepass "a \\"b\\"\\n"
                bind "::1" "127.0.0.1"
                appendonly "no"
                """)
        var settings = Settings()
        _ = try read(lines.text, into: &settings)
        #expect(settings.password == "a \"b\"\n")
        #expect(settings.bind == ["::1", "127.0.0.1"])
    }
}
