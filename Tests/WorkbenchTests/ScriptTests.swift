import Glibc
import Testing

/// The program where nobody sits at a terminal.
@Suite struct ScriptTests {
    @Test func commandsFromStandardInput() throws {
        let result = try Program.run([], input: "SET a 1\nINCR a\nGET a\nGET nope\n")
        #expect(result.output == "OK\n2\n2\n\n")
        #expect(result.complaints == "")
        #expect(result.status == 0)
    }

    @Test func commentsBlankLinesAndRepeats() throws {
        let input = "# it's a comment\n\n   \n3 INCR c\n  # another\nSET a 'x y'\nGET a"
        let result = try Program.run([], input: input)
        #expect(result.output == "1\n2\n3\nOK\nx y\n")
        #expect(result.status == 0)
    }

    @Test func quitEndsAScript() throws {
        let result = try Program.run([], input: "PING\nquit\nPING\n")
        #expect(result.output == "PONG\n")
        #expect(result.status == 0)
    }

    @Test func errorRepliesAreWrittenWithTheOthers() throws {
        let result = try Program.run([], input: "GET\nPING\n")
        #expect(
            result.output == "ERR wrong number of arguments for 'get' command\n\nPONG\n")
        #expect(result.complaints == "")
        #expect(result.status == 1)
        let stopped = try Program.run(["-e"], input: "GET\nPING\n")
        #expect(stopped.output == "ERR wrong number of arguments for 'get' command\n\n")
        #expect(stopped.status == 1)
    }

    @Test func aLineThatCannotBeReadIsNamed() throws {
        let result = try Program.run([], input: "PING\nSET \"a\"b\nPING\n")
        #expect(result.output == "PONG\nPONG\n")
        #expect(
            result.complaints == """
                stdin:2: after a closing quote comes a blank or the end
                    SET "a"b
                           ^

                """)
        #expect(result.status == 2)
        #expect(try Program.run(["-e"], input: "'\nPING\n").output == "")
        #expect(try Program.run(["-c", "0 PING"]).status == 2)
        #expect(try Program.run(["-c", ":nosuch"]).status == 2)
    }

    @Test func commandsAsArguments() throws {
        let result = try Program.run(
            ["-c", "SET a 'x; y'; GET a", "-c", "GET a;"], input: "PING\n")
        #expect(result.output == "OK\nx; y\nx; y\n")
        #expect(result.status == 0)
    }

    @Test func commandsFromFiles() throws {
        let home = TemporaryHome()
        let path = try home.file("# first\nSET a 1\n\nINCR a\n'\n", name: "script")
        let result = try Program.run(["-f", path, "-f", "-"], input: "GET a\n", home: home)
        #expect(result.output == "OK\n2\n2\n")
        #expect(result.complaints.hasPrefix("\(path):5: this quote is not closed\n"))
        #expect(result.status == 2)
        let missing = try Program.run(["-f", home.path + "/none"], home: home)
        #expect(missing.status == 2)
        #expect(missing.complaints.contains("cannot be read"))
    }

    @Test func oneCommandInWords() throws {
        let result = try Program.run(["exec", "SET", "a b", "it's -1"])
        #expect(result.output == "OK\n")
        #expect(try Program.run(["exec", "ECHO", "-1"]).output == "-1\n")
        #expect(try Program.run(["exec", "ECHO", "--target"]).output == "--target\n")
        #expect(try Program.run(["exec", "--render", "classic", "ECHO", "a"]).output == "\"a\"\n")
        #expect(try Program.run(["exec", "NOSUCH"]).status == 1)
        #expect(try Program.run(["exec"]).status == 2)
    }

    @Test func theFormOfRepliesCanBeChosen() throws {
        let line = "SET a 1; INCR a; GET a; GET b; COMMAND COUNT x"
        let result = try Program.run(["--render", "classic", "-c", line])
        #expect(
            result.output == """
                OK
                (integer) 2
                "2"
                (nil)
                (error) ERR wrong number of arguments for 'command|count' command

                """)
        let three = try Program.run(["-3", "--render", "classic", "-c", "HELLO"])
        #expect(three.output.contains("# \"proto\" => (integer) 3\n"))
        #expect(try Program.run([], input: ":set render classic\nECHO a\n").output == "\"a\"\n")
    }

    @Test func aTargetThatDoesNotAnswer() throws {
        let home = TemporaryHome()
        let nobody = "unix:\(home.path)/none"
        let result = try Program.run(["--target", nobody, "-c", "PING; PING"], home: home)
        #expect(result.output == "")
        #expect(
            result.complaints == """
                larder: could not connect to \(home.path)/none: No such file or directory

                """)
        #expect(result.status == 3)
        #expect(try Program.run(["--target", "redis://h:0", "-c", "PING"]).status == 2)
    }

    @Test func commandLinesThatCannotBeRead() throws {
        for arguments in [["--nosuch"], ["--render", "x"], ["--color", "x"], ["bench", "--x"]] {
            let result = try Program.run(arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.output == "")
            #expect(result.complaints != "")
        }
    }

    @Test func standardInputAsAnArgument() throws {
        let last = try Program.run(["exec", "-x", "ECHO"], input: "a b\nc")
        #expect(last.output == "a b\nc\n")
        let tagged = try Program.run(["exec", "-X", "BODY", "ECHO", "BODY"], input: "a\n")
        #expect(tagged.output == "a\n\n")
        #expect(try Program.run(["exec", "-X", "T", "ECHO", "a"]).status == 2)
        #expect(try Program.run(["exec", "-x", "-X", "T", "ECHO", "T"]).status == 2)
    }

    @Test func massInsertion() throws {
        let good = try Program.run(
            ["--pipe"], input: "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\nINCR a\r\n")
        #expect(good.output == "errors: 0, replies: 2\n" && good.status == 0)
        let some = try Program.run(["--pipe"], input: "SET a x\r\n\r\nINCR a\r\nPING\r\n")
        #expect(some.output == "errors: 1, replies: 3\n" && some.status == 1)
        #expect(some.complaints.hasPrefix("ERR value is not an integer"))
        let damaged = try Program.run(["--pipe"], input: "PING\r\n*1\r\n$x\r\n")
        #expect(damaged.output == "errors: 0, replies: 1\n" && damaged.status == 2)
        #expect(damaged.complaints.contains("byte 6 of the input begins no request"))
        let cut = try Program.run(["--pipe"], input: "PING\r\n*1\r\n$4\r\nPI")
        #expect(cut.complaints.contains("ends within a request") && cut.status == 2)
    }

    @Test func errorsGoWhereTheyAreWanted() throws {
        let apart = try Program.run(["--errors", "stderr", "-c", "GET; PING"])
        #expect(apart.output == "PONG\n" && apart.status == 1)
        #expect(apart.complaints.contains("wrong number of arguments"))
        #expect(try Program.run(["--redis-exit", "-c", "GET"]).status == 0)
        #expect(try Program.run(["--errors", "x", "-c", "PING"]).status == 2)
    }

    @Test func jsonSpeaksTheNewerProtocol() throws {
        #expect(try Program.run(["--json", "-c", "HELLO"]).output.contains("\"proto\": 3"))
        #expect(try Program.run(["--json", "-2", "-c", "HELLO"]).output.contains("\"proto\": 2"))
        #expect(try Program.run(["--csv", "-c", "HELLO"]).output.contains("proto,2"))
    }

    @Test func whatIsNoSubcommandIsExplained() throws {
        let word = try Program.run(["PING"])
        #expect(word.complaints.contains("'larder exec PING'") && word.status == 2)
        let script = try Program.run(["--eval", "x.lua", "k", ",", "a"])
        #expect(script.complaints.contains("no scripts yet") && script.status == 2)
    }

    @Test func helpAndVersion() throws {
        let help = try Program.run(["--help"])
        #expect(help.status == 0)
        for word in [
            "exec", "serve", "bench", "--target", "--resp3", "--format", "--color", "-c", "-f",
            "-e", "141", "--generate-completion-script",
        ] {
            #expect(help.output.contains(word))
        }
        let version = try Program.run(["--version"])
        #expect(version.status == 0)
        #expect(version.output.hasSuffix(".0\n") || version.output.contains("."))
        for shell in ["bash", "zsh", "fish"] {
            let script = try Program.run(["--generate-completion-script", shell])
            #expect(script.status == 0)
            #expect(script.output.contains("larder"))
        }
        #expect(try Program.run(["-c", "help set"]).output.hasPrefix("SET key value "))
        #expect(try Program.run(["-c", "help config get"]).output.hasPrefix("CONFIG GET "))
        #expect(try Program.run(["-c", "help @string"]).output.contains("\nINCR\n"))
        #expect(try Program.run(["-c", "? scan"]).output.contains("SCAN\n"))
        #expect(try Program.run(["-c", "help"]).output.contains("\nstring\n"))
    }

    @Test func shutdownEndsTheEngineAndTheNextCommandHasANewOne() throws {
        let result = try Program.run(["-c", "SET a 1; SHUTDOWN NOSAVE; GET a; PING"])
        #expect(result.output == "OK\n\nPONG\n")
        #expect(result.complaints == "")
        #expect(result.status == 0)
    }

    @Test func whoIsNotLetInEndsWithAStatusOfItsOwn() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/server")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let arguments = ["--target", "unix:\(home.path)/server", "-c", "GET a"]
        for code in ["NOAUTH", "WRONGPASS", "NOPERM"] {
            let process = try Program.spawn(arguments, &actions, home)
            #expect(try server.nextRequest().contains("GET"))
            server.answer("-\(code) no\r\n")
            #expect(Program.wait(for: process) == 4)
        }
    }

    @Test func anInterruptionEndsAScript() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/server")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let arguments = ["--target", "unix:\(home.path)/server", "-c", "GET a; GET b"]
        let process = try Program.spawn(arguments, &actions, home)
        #expect(try server.nextRequest().contains("GET"))
        kill(process, SIGINT)
        #expect(Program.wait(for: process) == 130)
    }

    @Test func aReaderThatGoesEndsTheProgram() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let home = TemporaryHome()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        let process = try Program.spawn(["-c", "PING"], &actions, home)
        close(ends[1])
        #expect(Program.wait(for: process) == 141)
    }
}
