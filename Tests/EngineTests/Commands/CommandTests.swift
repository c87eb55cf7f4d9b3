import Engine
import Grammar
import Testing

@Suite("COMMAND")
struct CommandTests {
    @Test("Names, errors and empty answers")
    func errors() {
        Transcript(
            #"""
            > COMMAND INFO nosuch
            *1
            $-1
            > COMMAND DOCS nosuch
            *0
            > COMMAND LIST FILTERBY PATTERN GETR*
            *1
            $8
            getrange
            > COMMAND LIST FILTERBY MODULE any
            *0
            > COMMAND LIST FILTERBY ACLCAT nosuch
            *0
            > COMMAND LIST FILTERBY nosuch any
            -ERR syntax error
            > COMMAND LIST nosuch
            -ERR syntax error
            > COMMAND nosuch
            -ERR unknown subcommand 'nosuch'. Try COMMAND HELP.
            > COMMAND COUNT x
            -ERR wrong number of arguments for 'command|count' command
            > COMMAND GETKEYS MSET a 1 b 2
            *2
            $1
            a
            $1
            b
            > COMMAND GETKEYS ECHO a
            -ERR The command has no key arguments
            > COMMAND GETKEYS nosuch a
            -ERR Invalid command specified
            > COMMAND GETKEYS OBJECT nosuch a
            -ERR Invalid command specified
            > COMMAND GETKEYS GET a b
            -ERR Invalid number of arguments specified for command
            > COMMAND GETKEYS PING
            -ERR wrong number of arguments for 'command|getkeys' command
            > COMMAND GETKEYSANDFLAGS SET a 1
            *1
            *2
            $1
            a
            *2
            +OW
            +update
            """#
        ).play(at: TestNode())
    }

    @Test("INFO has sets and maps in RESP3")
    func infoInThree() {
        let node = TestNode()
        node.send("HELLO 3")
        let expected = [
            "*1", "*10", "$3", "get", ":2", "~2", "+readonly", "+fast", ":1", ":1", ":1", "~3",
            "+@read", "+@string", "+@fast", "~0", "~1", "%3", "$5", "flags", "~2", "+RO",
            "+access", "$12", "begin_search", "%2", "$4", "type", "$5", "index", "$4", "spec",
            "%1", "$5", "index", ":1", "$9", "find_keys", "%2", "$4", "type", "$5", "range",
            "$4", "spec", "%3", "$7", "lastkey", ":0", "$7", "keystep", ":1", "$5", "limit",
            ":0", "~0",
        ]
        #expect(node.send("COMMAND INFO get") == expected.map { $0 + "\r\n" }.joined())
    }

    @Test("What is counted is what is listed", arguments: Flavour.allCases)
    func counts(flavour: Flavour) {
        let node = TestNode(flavour: flavour)
        let count = node.store.commands.topLevel.count
        #expect(node.send("COMMAND COUNT") == ":\(count)\r\n")
        #expect(node.send("COMMAND LIST").hasPrefix("*\(count)\r\n"))
        #expect(node.send("COMMAND").hasPrefix("*\(count)\r\n"))
        #expect(node.send("COMMAND INFO").hasPrefix("*\(count)\r\n"))
        #expect(node.send("COMMAND DOCS").hasPrefix("*\(count * 2)\r\n"))
        #expect(node.send("COMMAND INFO get").hasPrefix("*1\r\n*10\r\n"))
    }

    @Test("Later flavours tell the text to display, and need one word less")
    func flavours() {
        let old = TestNode(flavour: .redis70)
        let new = TestNode(flavour: .valkey80)
        #expect(!old.send("COMMAND DOCS get").contains("display_text"))
        #expect(new.send("COMMAND DOCS get").contains("display_text\r\n$3\r\nkey\r\n"))
        let text = "ERR The command has no key arguments"
        #expect(new.send("COMMAND GETKEYS PING") == "-\(text)\r\n")
    }
}
