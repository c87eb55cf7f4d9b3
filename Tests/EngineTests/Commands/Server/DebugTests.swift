import Engine
import Testing

@Suite("DEBUG")
struct DebugTests {
    private func node() -> TestNode { TestNode { $0.debugPermission = .everybody } }

    @Test("Only those may use it whom the settings allow")
    func permission() {
        let refusal = """
            -ERR DEBUG command not allowed. If the enable-debug-command option is set to \
            "local", you can run it from a local connection, otherwise you need to set this \
            option in the configuration file, and then restart the server.\r\n
            """
        #expect(TestNode().send("DEBUG HELP") == refusal)
        let local = TestNode { $0.debugPermission = .local }
        #expect(local.send("DEBUG SLEEP 0") == "+OK\r\n")
        let remote = local.open(
            ConnectionOrigin(kind: .tcp, address: "10.0.0.1:1", isLocal: false))
        #expect(local.send("DEBUG SLEEP 0", from: remote) == refusal)
        #expect(local.send("DEBUG", from: remote).hasPrefix("-ERR wrong number of arguments"))
    }

    @Test("Words that are wrong")
    func words() {
        let node = node()
        for line in [
            "DEBUG nope", "DEBUG JMAP", "DEBUG SLEEP", "DEBUG SLEEP 1 2", "DEBUG DIGEST x",
            "DEBUG OBJECT", "DEBUG STRINGMATCH-LEN a a",
        ] {
            let word = line.split(separator: " ")[1]
            #expect(
                node.send(line)
                    == """
                    -ERR unknown subcommand or wrong number of arguments for '\(word)'. Try \
                    DEBUG HELP.\r\n
                    """)
        }
        #expect(node.send("DEBUG RELOAD").hasPrefix("-ERR there is no file"))
        #expect(node.send("DEBUG HELP").hasPrefix("*"))
    }

    @Test("Expired keys stay while the walk is off, and while all regular work is")
    func switches() {
        let node = node()
        for word in ["SET-ACTIVE-EXPIRE", "PAUSE-CRON"] {
            let (off, on) = word == "PAUSE-CRON" ? (1, 0) : (0, 1)
            node.send("SET k v PX 10")
            #expect(node.send("DEBUG \(word) \(off)") == "+OK\r\n")
            node.advance(milliseconds: 20)
            node.tick()
            #expect(node.send("DBSIZE") == ":1\r\n", "\(word)")
            #expect(node.send("DEBUG \(word) \(on)") == "+OK\r\n")
            node.tick()
            #expect(node.send("DBSIZE") == ":0\r\n", "\(word)")
        }
    }

    @Test("Holding the server is the host's part")
    func holding() {
        let node = node()
        node.store.effects.removeAll()
        #expect(node.send("DEBUG SLEEP 0.25") == "+OK\r\n")
        #expect(node.store.effects == [.hold(nanoseconds: 250_000_000)])
        node.store.effects.removeAll()
        for word in ["0", "-1", "x", "1e300"] { node.send("DEBUG SLEEP \(word)") }
        #expect(node.store.effects.isEmpty)
    }

    @Test("Equal data have equal digests")
    func digests() {
        let first = node()
        let second = node()
        #expect(first.send("DEBUG DIGEST") == "+" + String(repeating: "0", count: 40) + "\r\n")
        first.send("MSET s hello n 12345")
        second.send("SET n 12345")
        second.send("SET s hell")
        second.send("APPEND s o")
        #expect(first.send("DEBUG DIGEST") == second.send("DEBUG DIGEST"))
        // What redis-server 7.0 gives for these.
        #expect(
            first.send("DEBUG DIGEST-VALUE s n nokey")
                == """
                *3\r\n+36b23a1456b2dce2c3ed252c456761301dba8060\r
                +e1cf90774e995ae03de66e8109dc5cb9d9c2dc83\r
                +0000000000000000000000000000000000000000\r\n
                """)
        second.send("PEXPIREAT s 99999999999999")
        #expect(first.send("DEBUG DIGEST") != second.send("DEBUG DIGEST"))
    }

    @Test("What OBJECT tells of a value")
    func object() {
        let node = node()
        node.send("SET s hello")
        node.advance(milliseconds: 7000)
        let line = node.send("DEBUG OBJECT s")
        #expect(line.hasPrefix("+Value at:0x7f"))
        #expect(line.contains(" refcount:1 encoding:embstr serializedlength:6 lru:"))
        #expect(line.hasSuffix(" lru_seconds_idle:7\r\n"))
        #expect(node.send("DEBUG OBJECT nokey") == "-ERR no such key\r\n")
    }

    @Test("POPULATE makes keys that are not there")
    func populate() {
        let node = node()
        node.send("SET key:1 mine")
        #expect(node.send("DEBUG POPULATE 3") == "+OK\r\n")
        #expect(
            node.send("MGET key:0 key:1 key:2")
                == "*3\r\n$7\r\nvalue:0\r\n$4\r\nmine\r\n$7\r\nvalue:2\r\n")
        #expect(node.send("DEBUG POPULATE 1 p 9") == "+OK\r\n")
        #expect(node.send("GET p:0") == "$9\r\nvalue:0\0\0\r\n")
        #expect(node.send("DEBUG POPULATE 1 q 3") == "+OK\r\n")
        #expect(node.send("GET q:0") == "$3\r\nval\r\n")
        for words in ["x", "-1", "1 p x", "1 p -1"] {
            #expect(
                node.send("DEBUG POPULATE \(words)")
                    == "-ERR value is out of range, must be positive\r\n")
        }
    }

    @Test("The history of changes gets another name")
    func changeReplID() {
        let node = node()
        let before = node.send("INFO replication")
        node.send("DEBUG CHANGE-REPL-ID")
        #expect(node.send("INFO replication") != before)
    }
}
