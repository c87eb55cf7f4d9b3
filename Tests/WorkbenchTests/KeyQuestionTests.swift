import Glibc
import Testing

/// What the prompt tells of keys that are not there, are asked for much, or are big: at a
/// terminal, on the engine of the process and on a real server.
@Suite struct KeyQuestionTests {
    private static let redis = "/usr/bin/redis-server"
    static var hasRedis: Bool { access(redis, X_OK) == 0 }

    @Test func theEngineKnowsWhyAKeyIsNotThere() throws {
        let program = try TerminalProgram(["--color", "never"])
        try program.read(until: "larder> ")
        for line in ["SET a hello EX 100", "DEL a", "RPUSH l 1 2", "LPOP l 2", "SET b 1"] {
            _ = try program.enter(line)
        }
        let deleted = try program.enter(":why a")
        #expect(deleted.contains("deleted by DEL, just now\n"))
        #expect(deleted.contains("it was     a string of "))
        #expect(deleted.contains("it had     1 m "))
        #expect(try program.enter(":why l").contains("its last element, taken by LPOP"))
        #expect(try program.enter(":why b").contains("it is there"))
        #expect(try program.enter(":why never").contains("never seen: no such key has left"))
        _ = try program.enter("PEXPIRE b 1")
        _ = try program.enter("PING")
        #expect(try program.enter(":why b").contains("expired, "))
        _ = try program.enter("SET c 1")
        _ = try program.enter("FLUSHALL")
        let flushed = try program.enter(":why c")
        #expect(flushed.contains("all 1 keys of the database deleted by FLUSHALL"))
        #expect(flushed.contains("whether it was among them is not noted"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func theEngineKnowsItsHotAndBigKeys() throws {
        let program = try TerminalProgram(["--color", "never"])
        try program.read(until: "larder> ")
        #expect(try program.enter(":hotkeys").contains("no key was looked up"))
        #expect(try program.enter(":memkeys").contains("there are no keys"))
        for line in ["SET small 1", "HSET h a 1 b 2", "SETRANGE big 5000 x", "5 GET small"] {
            _ = try program.enter(line)
        }
        let hot = try program.enter(":hotkeys 2")
        #expect(hot.contains("key    lookups/s  share\n"))
        #expect(hot.contains("\nsmall  "))
        #expect(hot.contains(" %  #"))
        let memory = try program.enter(":memkeys 2")
        #expect(memory.contains("\nstring  big  5,001  bytes   "))
        #expect(memory.contains("\nhash    h        2  fields  "))
        let big = try program.enter(":bigkeys 1")
        #expect(big.contains("\nstring  big") && !big.contains("small"))
        #expect(big.contains("watched by the engine as they change"))
        let all = try program.enter(":keystats")
        #expect(all.contains("\nstring     2  ") && all.contains("3 keys looked at"))
        #expect(all.contains("0 keys expire (0 %)"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test(.enabled(if: hasRedis, "redis-server is not installed"))
    func aRealServerIsAskedForWhatItKnows() throws {
        let home = TemporaryHome()
        let path = home.path + "/r"
        let server = try TerminalProgram(
            ["--port", "0", "--unixsocket", path, "--save", ""], program: Self.redis, home: home)
        try server.read(until: "eady to accept connections")
        let program = try TerminalProgram(
            ["--target", "unix:\(path)", "--color", "never"], home: home)
        let prompt = "\(path)> "
        try program.read(until: prompt)
        func enter(_ line: String) throws -> String { try program.enter(line, prompt: prompt) }
        let never = try enter(":why gone")
        #expect(never.contains("this server does not note why keys leave"))
        #expect(never.contains("evicted    no: no key was since the counters began"))
        #expect(never.contains("deleted    no: no command ran that deletes"))
        #expect(never.contains("PSUBSCRIBE __keyspace@0__:*"))
        for line in ["SET gone 1", "DEL gone", "HSET h a 1 b 2", "SETRANGE big 5000 x"] {
            _ = try enter(line)
        }
        #expect(try enter(":why gone").contains("deleted    perhaps: 1 DEL ran so far"))
        #expect(try enter(":why big").contains("it is there"))
        let cold = try enter(":hotkeys")
        #expect(cold.contains("its policy is noeviction"))
        _ = try enter("CONFIG SET maxmemory-policy allkeys-lfu")
        // What the clocks of older keys say means something else under this policy.
        for line in ["DEL h big", "HSET h a 1 b 2", "SETRANGE big 5000 x"] { _ = try enter(line) }
        for _ in 0..<3 { _ = try enter("20 STRLEN big") }
        let hot = try enter(":hotkeys 1")
        #expect(hot.contains("\nbig  ") && !hot.contains("\nh "))
        #expect(hot.contains("2 keys looked at"))
        #expect(try enter(":memkeys 1").contains("\nstring  big  "))
        let big = try enter(":bigkeys")
        #expect(big.contains("\nstring  big  5,001  bytes "))
        #expect(big.contains("\nhash    h        2  fields "))
        #expect(big.contains("looking at them counted as a use"))
        #expect(try enter(":keystats").contains("2 keys looked at"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
        server.type("\u{3}")
    }

    @Test(.enabled(if: hasRedis, "redis-server is not installed"))
    func aLongWalkShowsHowFarItIsAndEndsWithCtrlC() throws {
        let home = TemporaryHome()
        let path = home.path + "/r"
        let server = try TerminalProgram(
            [
                "--port", "0", "--unixsocket", path, "--save", "", "--enable-debug-command",
                "yes",
            ], program: Self.redis, home: home)
        try server.read(until: "eady to accept connections")
        let program = try TerminalProgram(
            ["--target", "unix:\(path)", "--color", "never"], home: home)
        let prompt = "\(path)> "
        try program.read(until: prompt)
        _ = try program.enter(":set confirm off", prompt: prompt)
        _ = try program.enter("DEBUG POPULATE 300000", prompt: prompt)
        program.type(":memkeys 1\r")
        try program.read(until: "Ctrl-C shows what was found so far")
        program.type("\u{3}")
        let end = try program.read(until: prompt)
        #expect(end.contains("then ended by Ctrl-C"))
        #expect(end.contains("string  key:"))
        #expect(try program.enter("PING", prompt: prompt).contains("PONG"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
        server.type("\u{3}")
    }
}
