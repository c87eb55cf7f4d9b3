import Glibc
import Testing

/// The console's own commands, as a script has them.
@Suite struct ConsoleCommandTests {
    @Test func assertionsDecideTheStatus() throws {
        let good = """
            SET a 'x y'
            :assert GET a == 'x y'
            :assert GET a != x
            :assert GET none == (nil)
            :assert MGET a none == 'x y' (nil)
            :assert INCR c == 1
            :echo all is  well
            """
        let fine = try Program.run([], input: good)
        #expect(fine.output == "OK\nall is well\n")
        #expect(fine.complaints == "")
        #expect(fine.status == 0)
        let bad = try Program.run([], input: "SET a 1\n:assert GET a == 2\nGET a\n")
        #expect(bad.output == "OK\n1\n")
        #expect(bad.complaints == "stdin:2: not as asserted: GET a is \"1\", not \"2\"\n")
        #expect(bad.status == 1)
        let stopped = try Program.run(["-e"], input: ":assert GET a == 2\nPING\n")
        #expect(stopped.output == "")
        #expect(stopped.status == 1)
        #expect(try Program.run(["-c", ":assert GET a"]).status == 2)
    }

    @Test func filesRunFiles() throws {
        let home = TemporaryHome()
        let inner = try home.file("SET a <<END\none\ntwo\nEND\nGET a\nGET\n", name: "inner")
        let outer = try home.file(":source \(inner)\n:assert GET a == 1\n", name: "outer")
        let result = try Program.run(["-f", outer], home: home)
        #expect(result.output.hasPrefix("OK\none\ntwo\nERR wrong number of arguments"))
        #expect(
            result.complaints
                == "\(outer):2: not as asserted: GET a is \"one\\ntwo\", not \"1\"\n")
        #expect(result.status == 1)
        let circle = try home.file(":source \(home.path)/circle\n", name: "circle")
        let deep = try Program.run(["-f", circle], home: home)
        #expect(deep.complaints.contains("is there a circle?"))
        #expect(deep.status == 2)
        let open = try Program.run([], input: "PING\nSET a <<END\nx\n")
        #expect(open.complaints == "stdin:2: no row is END\n")
        #expect(open.status == 2)
    }

    @Test func peekTellsWhatAKeyIs() throws {
        let script = "SET a hello EX 100; SET n 12; :peek a; :peek n; :peek none"
        let result = try Program.run(["-c", script])
        #expect(result.output.contains("type       string, kept as embstr\nexpires    in 1 m "))
        #expect(result.output.contains("size       5 bytes\n"))
        #expect(result.output.contains("value      \"hello\"\n"))
        #expect(result.output.contains("type       string, kept as int\nexpires    never\n"))
        #expect(result.output.hasSuffix("there is no such key\n"))
        #expect(result.status == 0)
    }

    @Test func explainTellsWithoutRunning() throws {
        let result = try Program.run(["-c", ":explain SET a 1; EXISTS a; :explain DEL k"])
        #expect(result.output.contains("keys         \"a\" (replaced)\n"))
        #expect(result.output.contains("cost         O(1)"))
        #expect(result.output.contains("effect       writes; refused when memory is full\n"))
        #expect(result.output.contains("in MULTI     allowed\n"))
        #expect(result.output.contains("\n0\n"))
        #expect(result.output.contains("\"k\" (removed)"))
        let words = try Program.run(
            [
                "-c",
                """
                GET a; :explain rdb_saves; :explain evicted_keys; :explain hit_rate; \
                :explain wrongtype; :explain databases
                """,
            ])
        #expect(words.output.contains("rdb_saves, in the section persistence of INFO\n"))
        #expect(words.output.contains("  :explain evictions tells more.\n"))
        #expect(words.output.contains("now     hits 0 / (0 + misses 1) = 0.0 %\n"))
        #expect(words.output.contains("WRONGTYPE, an error\n"))
        #expect(words.output.contains("databases, a setting\n"))
        #expect(words.status == 0)
        #expect(try Program.run(["-c", ":explain nonsense"]).status == 2)
    }

    @Test func configShowsMeaningsAndHidesSecrets() throws {
        let script = """
            CONFIG SET maxmemory 10mb requirepass geheim; :config maxmemory; :config requirepass; \
            :config
            """
        let result = try Program.run(["-c", script])
        #expect(result.output.contains("maxmemory 10485760  (default: 0)\n    "))
        #expect(result.output.contains("requirepass ••••"))
        #expect(!result.output.contains("geheim"))
        #expect(result.status == 0)
    }

    @Test func keysAreDeletedInSteps() throws {
        var script = "SET other 1\n"
        for number in 0..<1200 { script += "SET views:\(number) 1\n" }
        script += ":keys 'views:*' | count\n:keys 'views:*' | del\nDBSIZE\n:keys *\n"
        let result = try Program.run([], input: script)
        #expect(result.output.contains("1200 keys match: \"views:"))
        #expect(result.output.hasSuffix("\n1200 deleted\n1\n\"other\"\n"))
        #expect(result.status == 0)
    }

    @Test func helpNumbersTheExamplesThatTryRuns() throws {
        let result = try Program.run([
            "-c", "help set; :try 1; help; :try 5; help :peek; help copy",
        ])
        #expect(result.output.contains("examples, :try 1 runs the first:\n    1) SET "))
        #expect(result.output.contains("embedded") == false)
        #expect(result.output.contains("  1) SET greeting hello"))
        #expect(result.output.contains("> INCR visits\n1\n"))
        #expect(result.output.contains(":peek key\n"))
        #expect(result.status == 0)
        #expect(try Program.run(["-c", ":try 1"]).status == 2)
        #expect(try Program.run(["-c", "help get; :try 9"]).status == 2)
    }

    @Test func aScriptNeedsYesForDestructionElsewhere() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/server")
        let target = ["--target", "unix:\(home.path)/server"]
        // Nothing of the batch is run, so nobody has to answer.
        let refused = try Program.run(target + ["-c", "SET a 1; FLUSHALL"], home: home)
        #expect(refused.output == "")
        #expect(
            refused.complaints.contains(
                "FLUSHALL deletes every key of every database at \(home.path)/server"))
        #expect(refused.status == 2)
        #expect(try Program.run(["exec"] + target + ["FLUSHDB"], home: home).status == 2)
        let file = try home.file("SET a 1\nFLUSHALL\n", name: "file")
        #expect(try Program.run(target + ["-f", file], home: home).status == 2)
        // Whoever changes the target in a batch is asked about the new one.
        let late = ":target unix:\(home.path)/server; FLUSHALL"
        #expect(try Program.run(["-c", late], home: home).status == 2)
        #expect(try Program.run(["-c", "FLUSHALL"], home: home).output == "OK\n")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let process = try Program.spawn(target + ["--yes", "-c", "FLUSHALL"], &actions, home)
        #expect(try server.nextRequest().contains("FLUSHALL"))
        server.answer("+OK\r\n")
        #expect(Program.wait(for: process) == 0)
    }

    @Test func theManualPageIsMadeFromTheHelp() throws {
        let result = try Program.run(["--generate-man"])
        #expect(result.output.hasPrefix(".TH LARDER 1 "))
        #expect(result.output.contains(".SH NAME\nlarder \\- A cache workbench"))
        #expect(result.output.contains("\n  \\-\\-askpass "))
        #expect(result.output.contains("printf 'SET a 1\\en"))
        #expect(result.status == 0)
    }

    @Test func thePasswordComesFromTheEnvironment() throws {
        let home = TemporaryHome()
        home.variables = ["LARDER_PASSWORD=geheim"]
        let server = try SilentServer(home.path + "/server")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let process = try Program.spawn(
            ["--target", "unix:\(home.path)/server", "-c", "PING"], &actions, home)
        #expect(try server.nextRequest().contains("AUTH\r\n$6\r\ngeheim"))
        server.answer("+OK\r\n")
        #expect(try server.nextRequest().contains("PING"))
        server.answer("+PONG\r\n")
        #expect(Program.wait(for: process) == 0)
        let warned = try Program.run(
            ["--target", "redis://:geheim@127.0.0.1:1", "-c", "PING"], home: TemporaryHome())
        #expect(warned.complaints.contains("can be seen by others"))
        #expect(!warned.complaints.contains("geheim"))
    }
}
