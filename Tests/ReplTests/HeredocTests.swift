import Bytes
import Testing

@testable import Repl

@Suite struct HeredocTests {
    private func expanded(_ text: String) -> String? {
        Heredoc.expanded(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func rowsBecomeOneArgument() {
        #expect(expanded("SET a <<END\none\n two\nEND") == "SET a \"one\\n two\"")
        #expect(
            expanded("EVAL <<LUA_1 0\nreturn \"x\\y\"\nLUA_1") == "EVAL \"return \\\"x\\\\y\\\"\" 0"
        )
        #expect(expanded("SET a <<E\nE") == "SET a \"\"")
        #expect(expanded("SET a <<E\n\nE") == "SET a \"\"")
        #expect(expanded("SET a <<E\nx\n\nE") == "SET a \"x\\n\"")
    }

    @Test func onlyAWordOfItsOwnOutsideQuotesIsAMark() {
        for line in [
            "SET a \"<<END\"", "SET a '<<END'", "SET a x<<END", "SET a <<", "SET a <<1",
            "SET a <<a-b", "<<END", "# SET a <<END", "SET a '\\' <<END'", "SET a \"x <<END",
        ] {
            #expect(expanded(line) == line)
            #expect(Heredoc.delimiter(of: Array(line.utf8)) == nil, "\(line)")
        }
        #expect(Heredoc.delimiter(of: Array("SET 'a b' <<END".utf8)) == Array("END".utf8))
    }

    @Test func withoutItsEndThereIsNoCommand() {
        #expect(expanded("SET a <<END") == nil)
        #expect(expanded("SET a <<END\nEND ") == nil)
    }

    @Test func aTextIsCutBehindTheEnd() {
        let text = "PING\nSET a <<END\nit's\n# x\nEND\nGET a\n"
        let pieces = CommandSplitter.split(Array(text.utf8))
        #expect(pieces.map(\.line) == [1, 2, 6])
        #expect(
            pieces.map { String(decoding: $0.bytes, as: UTF8.self) }
                == ["PING", "SET a <<END\nit's\n# x\nEND", "GET a"])
        let open = CommandSplitter.split(Array("SET a <<END\nx\nGET a".utf8))
        #expect(open.count == 1)
    }
}
