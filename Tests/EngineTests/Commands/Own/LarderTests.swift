import Bytes
import Engine
import Grammar
import Testing
import Wire

@Suite("LARDER, for any client")
struct LarderTests {
    /// The reply as a tree.
    private func value(_ line: String, _ node: TestNode) throws -> RESPValue {
        var parser = ReplyParser()
        parser.feed(node.send(line).unicodeScalars.map { UInt8($0.value) })
        return try #require(try parser.next())
    }

    @Test("WHY and DEPARTURES tell the same in RESP2 and RESP3", arguments: ["2", "3"])
    func why(version: String) throws {
        let node = TestNode { $0.departures = 100 }
        node.send("HELLO \(version)")
        node.send("SET a hello EX 100")
        node.advance(milliseconds: 3000)
        node.send("DEL a")
        let answer = try value("LARDER WHY a", node)
        #expect(answer["state"]?.bytes == "left")
        let departure = try #require(answer["departure"])
        #expect(departure["reason"]?.bytes == "deleted")
        #expect(departure["command"]?.bytes == "DEL")
        #expect(departure["type"]?.bytes == "string")
        #expect(departure["idle"]?.integer == 3)
        #expect(departure["client"]?.integer == 1)
        #expect(departure["time"]?.integer == node.now.wall.milliseconds)
        #expect(departure["expiry"]?.integer == TestNode.start.wall.milliseconds + 100_000)
        #expect(answer["whole-database"]?.isNull == true)
        let list = try value("LARDER DEPARTURES COUNT 5", node)
        #expect(list.elements?.count == 1)
        #expect(list.elements?[0]["key"]?.bytes == "a")
        node.send("SET b 1")
        node.send("FLUSHDB")
        let flushed = try value("LARDER WHY b", node)
        #expect(flushed["state"]?.bytes == "left")
        #expect(flushed["departure"]?.isNull == true)
        #expect(flushed["whole-database"]?["keys"]?.integer == 1)
        #expect(flushed["whole-database"]?["command"]?.bytes == "FLUSHDB")
    }

    @Test("Wrong words are refused")
    func mistakes() {
        let node = TestNode()
        #expect(node.send("LARDER DEPARTURES COUNT x").hasPrefix("-ERR value is not an integer"))
        #expect(node.send("LARDER DEPARTURES 5").hasPrefix("-ERR syntax error"))
        #expect(node.send("LARDER WHY").hasPrefix("-ERR wrong number of arguments"))
        #expect(node.send("LARDER HELP").contains("WHY key"))
    }
}
