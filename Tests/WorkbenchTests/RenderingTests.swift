import Testing

/// The forms of replies, and where they go, as a person and a script have them.
@Suite struct RenderingTests {
    @Test func formsByFlag() throws {
        let line = "SET a 'x,y'; GET a; GET b; NOSUCH"
        let json = try Program.run(["--json", "-c", "GET b; CONFIG GET timeout"])
        #expect(json.output == "null\n{\n  \"timeout\": \"0\"\n}\n")
        let lines = try Program.run(["--format", "jsonl", "-c", line])
        #expect(lines.output.hasPrefix("\"OK\"\n\"x,y\"\nnull\n{\"error\":\"ERR unknown command"))
        #expect(lines.status == 1)
        let csv = try Program.run(["--csv", "-c", "SET a 'x,y'; MGET a b"])
        #expect(csv.output == "OK\r\n\"x,y\",\r\n")
        let wire = try Program.run(["exec", "--format", "resp", "ECHO", "a"])
        #expect(wire.output.hasSuffix("< $1\\r\\n\n< a\\r\\n\n"))
        #expect(try Program.run(["--raw", "-c", "ECHO a"]).output == "a\n")
        #expect(try Program.run(["--json", "--csv", "-c", "PING"]).status == 2)
        #expect(try Program.run(["--format", "xml", "-c", "PING"]).status == 2)
        let set = ":format jsonl\nECHO a\n:set render raw\nECHO a\n:format\n"
        #expect(try Program.run([], input: set).output == "\"a\"\na\nraw\n")
    }

    @Test func aScriptNeverReachesTheShell() throws {
        let result = try Program.run([], input: "ECHO a | cat\nECHO a > /dev/null\n")
        #expect(result.output.contains("wrong number of arguments"))
        #expect(result.status == 1)
    }

    @Test func shellCommandsAndFiles() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(home: home)
        try program.read(until: "\nlarder> ")
        try program.enter("SET a 'b c'")
        #expect(try program.enter("GET a | tr a-z A-Z").contains("\nB C\n"))
        #expect(try program.enter("ECHO \"|\"").contains("\n\"|\"\n"))
        #expect(try program.enter("GET a | cat >/dev/null; exit 3").contains("\nexit status 3\n"))
        let path = home.path + "/out"
        try program.enter("GET a > \(path)")
        try program.enter("INCR n >> \(path)")
        #expect(home.contents(path) == "b c\n1\n")
        #expect(try program.enter("GET a").contains("\n\"b c\"\n"))
        try program.enter(":set shell off")
        #expect(try program.enter("GET a | cat").contains("\n| and > are switched off"))
        program.type("quit\r")
        #expect(try program.end() == 0)
        let strict = try TerminalProgram(["--no-shell"], home: home)
        try strict.read(until: "\nlarder> ")
        #expect(try strict.enter(":set shell on").contains("--no-shell"))
        #expect(try strict.enter("PING | cat").contains("\n| and > are switched off"))
        strict.type("quit\r")
        #expect(try strict.end() == 0)
    }

    @Test func timesAndUnits() throws {
        let program = try TerminalProgram()
        try program.read(until: "\nlarder> ")
        let reply = try program.enter("PING")
        #expect(reply.contains("\nPONG\n") && reply.contains(" ms · engine "))
        #expect(reply.contains(" µs\n"))
        try program.enter("SET k v EX 7200")
        #expect(try program.enter("EXPIRETIME k").contains(" UTC)\n"))
        #expect(try program.enter(":time 10 PING").contains("10 times: min "))
        #expect(try program.enter(":time x PING").contains("how many times?"))
        try program.enter(":set timing off")
        #expect(try !program.enter("PING").contains(" ms"))
        try program.enter(":set timing on")
        try program.enter(":set render classic")
        #expect(try program.enter("PING").contains(" ms "))
        program.type(":watch 60 INCR n\r")
        try program.read(until: "(integer) 1")
        program.type("\u{3}")
        try program.read(until: "larder> ")
        #expect(try program.enter("GET n").contains("\n\"1\"\n"))
        program.type("quit\r")
        #expect(try program.end() == 0)
    }
}
