import Bytes
import Engine
import Grammar
import Testing
import Wire

@Suite("The slow log")
struct SlowLogTests {
    private let clock = StepClock()

    private func node(_ threshold: Int = 0, length: Int = 128) -> TestNode {
        TestNode(clock: clock) {
            $0.slowLogThreshold = threshold
            $0.slowLogLength = length
            $0.debugPermission = .everybody
        }
    }

    /// The words of what is in the log, the oldest first.
    private func words(_ node: TestNode) -> [String] {
        node.store.slowLog.newest().reversed().map {
            $0.words.map(\.text).joined(separator: " ")
        }
    }

    @Test("An entry tells number, time, duration, words, and who sent it")
    func entry() {
        let node = node(1000)
        node.send("CLIENT SETNAME me")
        clock.step = 999_999
        node.send("SET quick 1")
        clock.step = 1_000_000
        node.send("SET slow 1")
        clock.step = 0
        #expect(
            node.send("SLOWLOG GET") == """
                *1\r\n*6\r\n:0\r\n:1750000000\r\n:1000\r\n*3\r\n$3\r\nSET\r\n$4\r\nslow\r\n$1\r\n1\
                \r\n$10\r\nembedded:0\r\n$2\r\nme\r\n
                """)
        #expect(node.send("SLOWLOG LEN") == ":1\r\n")
        #expect(node.send("SLOWLOG RESET") == "+OK\r\n")
        #expect(node.send("SLOWLOG LEN") == ":0\r\n")
    }

    @Test("0 notes all commands, a negative number none, and both can be changed")
    func thresholds() {
        let node = node()
        node.send("PING")
        node.send("CONFIG SET slowlog-log-slower-than -1")
        clock.step = 1 << 40
        node.send("PING")
        clock.step = 0
        node.send("CONFIG SET slowlog-log-slower-than 0")
        #expect(
            words(node) == ["PING", "CONFIG SET slowlog-log-slower-than 0"])
    }

    @Test("The oldest go; numbers are not used again; GET shows ten when not told")
    func bounds() {
        let node = node(0, length: 20)
        for number in 0..<300 { node.send("ECHO \(number)") }
        #expect(words(node) == (280..<300).map { "ECHO \($0)" })
        #expect(node.store.slowLog.newest(2).map(\.id) == [299, 298])
        #expect(node.send("SLOWLOG GET").hasPrefix("*10\r\n"))
        #expect(node.send("SLOWLOG GET -1").hasPrefix("*20\r\n"))
        #expect(node.send("SLOWLOG GET 0") == "*0\r\n")
        node.send("SLOWLOG RESET")
        #expect(node.store.slowLog.newest().map(\.id) == [303])
        node.send("CONFIG SET slowlog-max-len 0")
        #expect(node.send("SLOWLOG LEN") == ":0\r\n")
    }

    @Test("Long requests are cut: 32 words, 128 bytes of each")
    func excerpts() {
        let node = node()
        node.send("DEL " + (1...31).map(String.init).joined(separator: " "))
        node.send("DEL " + (1...32).map(String.init).joined(separator: " "))
        node.send("SET k " + String(repeating: "x", count: 128))
        node.send("SET k " + String(repeating: "x", count: 200))
        #expect(
            words(node) == [
                "DEL " + (1...31).map(String.init).joined(separator: " "),
                "DEL " + (1...30).map(String.init).joined(separator: " ")
                    + " ... (2 more arguments)",
                "SET k " + String(repeating: "x", count: 128),
                "SET k " + String(repeating: "x", count: 128) + "... (72 more bytes)",
            ])
    }

    @Test("No password is kept")
    func secrets() {
        let node = node()
        for line in [
            "AUTH foo", "AUTH default foo", "HELLO 2 AUTH default foo SETNAME x",
            "CONFIG SET masterauth a maxclients 999 masteruser b", "CONFIG SET masterauth ''",
            "CONFIG GET masterauth", "GET auth",
        ] { node.send(line) }
        #expect(
            words(node) == [
                "AUTH (redacted)", "AUTH (redacted) (redacted)",
                "HELLO 2 AUTH (redacted) (redacted) SETNAME x",
                "CONFIG SET masterauth (redacted) maxclients 999 masteruser (redacted)",
                "CONFIG SET masterauth (redacted)", "CONFIG GET masterauth", "GET auth",
            ])
    }

    @Test("Of a transaction what it runs is noted, and not EXEC itself")
    func transactions() {
        let node = node()
        for line in ["MULTI", "SET a 1", "NOPE", "EXEC", "MULTI", "INCR a", "EXEC"] {
            node.send(line)
        }
        #expect(words(node) == ["MULTI", "MULTI", "INCR a"])
    }

    @Test("A command that waited is noted once, without the time that it waited")
    func waiting() {
        let node = node()
        let other = node.open()
        clock.step = 1_000_000
        node.send("BLPOP q 0", from: other)
        clock.step = 0
        node.advance(milliseconds: 60_000)
        clock.step = 2_000_000
        node.send("RPUSH q 1")
        clock.step = 0
        #expect(words(node) == ["RPUSH q 1", "BLPOP q 0"])
        let log = node.store.slowLog.newest()
        #expect(log.map(\.microseconds).allSatisfy { $0 > 0 && $0 < 20_000 })
        let calls = node.lines("INFO commandstats").filter { $0.hasPrefix("cmdstat_blpop") }
        #expect(calls.count == 1 && calls[0].hasPrefix("cmdstat_blpop:calls=1,"))
    }

    @Test("A command that wakes in vain is not counted for that")
    func inVain() {
        let node = node()
        let first = node.open()
        let second = node.open()
        node.send("BLPOP q 0", from: first)
        node.send("BLPOP q 0", from: second)
        node.send("RPUSH q 1")
        let waits = words(node).filter { $0.hasPrefix("BLPOP") }
        #expect(waits.count == 1)
        let calls = node.lines("INFO commandstats").filter { $0.hasPrefix("cmdstat_blpop") }
        #expect(calls.first?.hasPrefix("cmdstat_blpop:calls=1,") == true)
    }

    @Test("DEBUG SLEEP counts what it sleeps")
    func sleeping() {
        let node = node(1000)
        node.send("DEBUG SLEEP 0.25")
        #expect(node.store.slowLog.newest().map(\.microseconds) == [250_000])
        #expect(
            node.lines("INFO commandstats").contains {
                $0.hasPrefix("cmdstat_debug:calls=1,usec=250000,")
            })
    }
}
