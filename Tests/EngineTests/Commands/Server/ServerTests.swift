import Engine
import Grammar
import Testing

@Suite("INFO, TIME, SHUTDOWN, LOLWUT")
struct ServerTests {
    @Test("Sections, options and errors")
    func sections() {
        Transcript(
            #"""
            > TIME x
            -ERR wrong number of arguments for 'time' command
            > INFO nosuch
            $0

            > INFO sentinel
            $0

            > INFO replicatio
            $0

            > HELLO 3
            %7
            $6
            server
            $5
            redis
            $7
            version
            $6
            7.0.15
            $5
            proto
            :3
            $2
            id
            :1
            $4
            mode
            $10
            standalone
            $4
            role
            $6
            master
            $7
            modules
            *0
            > INFO nosuch
            =4
            txt:
            > RESET
            +RESET
            > LOLWUT
            $18
            Redis ver. 7.0.15\x0a
            > LOLWUT VERSION
            $18
            Redis ver. 7.0.15\x0a
            > LOLWUT VERSION a
            -ERR value is not an integer or out of range
            > LOLWUT VERSION 4
            $18
            Redis ver. 7.0.15\x0a
            > LOLWUT VERSION 7 1
            $18
            Redis ver. 7.0.15\x0a
            > LOLWUT foo
            $18
            Redis ver. 7.0.15\x0a
            > LOLWUT VERSION 5 a
            -ERR value is not an integer or out of range
            > SHUTDOWN foo
            -ERR syntax error
            > SHUTDOWN ABORT
            -ERR No shutdown in progress.
            > SHUTDOWN ABORT NOW
            -ERR syntax error
            > SHUTDOWN NOSAVE SAVE
            -ERR syntax error
            > SHUTDOWN NOSAVE NOSAVE FORCE ABORT
            -ERR syntax error
            > SHUTDOWN SAVE NOW FORCE x
            -ERR syntax error
            > SHUTDOWN a b c d e f
            -ERR syntax error
            > CONFIG RESETSTAT
            +OK
            > GET
            -ERR wrong number of arguments for 'get' command
            > NOSUCH x
            -ERR unknown command 'NOSUCH', with args beginning with: 'x' 
            > HELLO 9
            -NOPROTO unsupported protocol version
            > AUTH a b
            -WRONGPASS invalid username-password pair or user is disabled.
            """#
        ).play(at: TestNode())
    }

    @Test("TIME gives seconds and microseconds")
    func time() {
        let node = TestNode()
        node.advance(milliseconds: 1234)
        #expect(node.send("TIME") == "*2\r\n$10\r\n1750000001\r\n$6\r\n234000\r\n")
    }

    @Test("SHUTDOWN ends the node without a reply", arguments: ["", " NOSAVE", " SAVE NOW FORCE"])
    func shutdown(options: String) {
        let node = TestNode()
        #expect(node.send("SHUTDOWN" + options) == "")
        #expect(node.store.effects.contains { $0 == .shutdown })
    }

    @Test("Sections are chosen by name, and stand in their own order")
    func chosen() {
        let node = TestNode()
        #expect(node.lines("INFO nosuch CLUSTER") == ["$30", "# Cluster", "cluster_enabled:0", ""])
        #expect(
            node.lines("INFO cluster modules cluster") == [
                "$43", "# Modules", "", "# Cluster", "cluster_enabled:0", "",
            ])
        node.send("GET")
        node.send("AUTH a b")
        node.send("GET")
        #expect(
            node.lines("INFO errorstats") == [
                "$66", "# Errorstats", "errorstat_ERR:count=2", "errorstat_WRONGPASS:count=1", "",
            ])
        node.send("SET a 1 EX 100")
        node.send("SET b 1")
        node.send("SELECT 3")
        node.send("SET a 1")
        #expect(
            node.lines("INFO keyspace") == [
                "$76", "# Keyspace", "db0:keys=2,expires=1,avg_ttl=0",
                "db3:keys=1,expires=0,avg_ttl=0", "",
            ])
        node.send("HELLO 3")
        #expect(node.lines("INFO cluster")[0...1] == ["=34", "txt:# Cluster"])
        #expect(node.send("INFO nosuch") == "=4\r\ntxt:\r\n")
    }

    @Test("LOLWUT draws what is asked for, and ends with the version")
    func lolwut() {
        let reply = TestNode().send("LOLWUT VERSION 5 40 2").unicodeScalars
        let lines = reply.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1...10].allSatisfy { $0.count == 40 })
        #expect(String(lines[12]) == "Redis ver. 7.0.15")
        let valkey = TestNode(flavour: .valkey80).lines("LOLWUT")[1]
        #expect(valkey.hasSuffix("\\x0aValkey ver. 8.0.1\\x0a"))
    }
}
