import Bytes
import Testing

@testable import Wire

@Suite struct ReplyWriterTests {
    /// What `body` writes in each version.
    private func written(
        _ body: (inout ReplyWriter) -> Void
    ) -> (two: String, three: String) {
        func run(_ version: ProtocolVersion) -> String {
            var writer = ReplyWriter(version: version)
            body(&writer)
            return writer.buffer.bytes.text
        }
        return (run(.two), run(.three))
    }

    @Test func simpleTypes() {
        #expect(written { $0.ok() } == ("+OK\r\n", "+OK\r\n"))
        #expect(written { $0.simple("PONG") } == ("+PONG\r\n", "+PONG\r\n"))
        #expect(written { $0.integer(-7) } == (":-7\r\n", ":-7\r\n"))
        #expect(
            written { $0.integer(Int64.min) }
                == (":-9223372036854775808\r\n", ":-9223372036854775808\r\n"))
        #expect(written { $0.boolean(true) } == (":1\r\n", "#t\r\n"))
        #expect(written { $0.boolean(false) } == (":0\r\n", "#f\r\n"))
        #expect(written { $0.null() } == ("$-1\r\n", "_\r\n"))
        #expect(written { $0.nullArray() } == ("*-1\r\n", "_\r\n"))
    }

    /// A line break inside an error would end it.
    @Test func errorsAreOneLine() {
        #expect(
            written { $0.error(Array("ERR a\r\nb".utf8)) } == ("-ERR a  b\r\n", "-ERR a  b\r\n"))
    }

    @Test func strings() {
        #expect(written { $0.bulk(utf8: "") } == ("$0\r\n\r\n", "$0\r\n\r\n"))
        #expect(written { $0.bulk(utf8: "a\r\nb") } == ("$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n"))
        #expect(written { $0.bulk(decimal: -120) } == ("$4\r\n-120\r\n", "$4\r\n-120\r\n"))
        #expect(
            written { $0.verbatim(Array("ab".utf8)) } == ("$2\r\nab\r\n", "=6\r\ntxt:ab\r\n"))
    }

    @Test func aggregates() {
        #expect(written { $0.array(3) } == ("*3\r\n", "*3\r\n"))
        #expect(written { $0.map(3) } == ("*6\r\n", "%3\r\n"))
        #expect(written { $0.set(3) } == ("*3\r\n", "~3\r\n"))
        #expect(written { $0.push(3) } == ("*3\r\n", ">3\r\n"))
    }

    @Test func countsThatAreKnownAfterwards() {
        let nested = written { writer in
            writer.deferred(.map) { writer in
                for number in 0..<12 {
                    writer.integer(number)
                    writer.deferred(.set) { writer in
                        writer.ok()
                        return 1
                    }
                }
                return 12
            }
        }
        var two = "*24\r\n"
        var three = "%12\r\n"
        for number in 0..<12 {
            two += ":\(number)\r\n*1\r\n+OK\r\n"
            three += ":\(number)\r\n~1\r\n+OK\r\n"
        }
        #expect(nested == (two, three))
        #expect(written { $0.deferred(.array) { _ in 0 } } == ("*0\r\n", "*0\r\n"))
    }
}

@Suite struct ArgumentsTests {
    @Test func listsAndViews() {
        var list = ArgumentList(["SET", "", "käse"])
        list.append([0, 255].rawSpan)
        #expect(list.count == 4)
        #expect(list[1] == [])
        #expect(list[2] == Array("käse".utf8))
        let view = list.arguments
        let count = view.count
        #expect(count == 4)
        let last = view[3].copied()
        #expect(last == [0, 255])
        #expect(ArgumentList(list.arguments) == list)
        var emptied = list
        emptied.removeAll()
        #expect(emptied.count == 0)
    }
}
