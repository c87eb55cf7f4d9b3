import Bytes
import Client
import Glibc
import Testing
import Wire

/// What redis-cli 7.0.15 prints; see `Golden/replies.py`.
struct GoldenReply: CustomTestStringConvertible {
    var version: String
    var words: [[UInt8]]
    var wire: [UInt8]
    var terminal: [UInt8]
    var pipe: [UInt8]

    var testDescription: String { "RESP\(version) \(String(decoding: wire, as: UTF8.self))" }

    static func all(_ file: String = #filePath) -> [GoldenReply] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        return readFile("/\(folder)/Golden/replies.txt").split(separator: 0x0A).map { line in
            let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
                unescaped(Array($0))
            }
            return GoldenReply(
                version: String(decoding: fields[0], as: UTF8.self),
                words: fields[1].split(separator: 0x20).map(Array.init), wire: fields[2],
                terminal: fields[3], pipe: fields[4])
        }
    }
}

func readFile(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var result: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(file, &part, part.count)
        if count <= 0 { return result }
        result += part[..<count]
    }
}

func unescaped(_ text: [UInt8]) -> [UInt8] {
    var words = ArgumentList()
    let quoted = Array("\"".utf8) + text.flatMap { $0 == 0x22 ? [0x5C, 0x22] : [$0] } + [0x22]
    try? InlineSplitter.split(quoted.rawSpan, into: &words)
    return words.count == 1 ? words[0] : []
}

func show(_ bytes: [UInt8]) -> String {
    String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
}

@Suite struct ReplyPrinterTests {
    @Test func printsEveryReplyAsRedisCli() throws {
        let table = GoldenReply.all()
        #expect(table.count >= 300)
        for golden in table {
            var parser = ReplyParser()
            parser.feed(golden.wire)
            var terminal: [UInt8] = []
            var pipe: [UInt8] = []
            while let reply = try parser.next() {
                if golden.version == "3", reply.isPush {
                    terminal += ReplyPrinter(.classic).text(push: reply)
                    pipe += ReplyPrinter(.raw).text(push: reply)
                } else {
                    terminal += ReplyPrinter(.classic).text(reply, to: golden.words)
                    pipe += ReplyPrinter(.raw).text(reply, to: golden.words)
                }
            }
            #expect(show(terminal) == show(golden.terminal), "\(show(golden.wire))")
            #expect(show(pipe) == show(golden.pipe), "\(show(golden.wire))")
        }
    }

    @Test func printsTheTypesThatRedisCliRefuses() {
        let classic = ReplyPrinter(.classic)
        func text(_ reply: RESPValue) -> String {
            String(decoding: classic.text(reply), as: UTF8.self)
        }
        #expect(text(.bigNumber("12345678901234567890")) == "(big number) 12345678901234567890\n")
        #expect(
            text(.attributed([.init(.simple("ttl"), .integer(3))], .array([.bulk("a")])))
                == "1| ttl => (integer) 3\n1) \"a\"\n")
        #expect(
            text(.array([.attributed([.init(.simple("ttl"), .integer(3))], .bulk("a"))]))
                == "1) 1| ttl => (integer) 3\n   \"a\"\n")
    }

    @Test func quotedBytesReadBackAsTheyWere() throws {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(unescaped(bytes.filter { $0 == 0x41 }) == [0x41])
        var words = ArgumentList()
        try InlineSplitter.split(Quoting.quoted(bytes.rawSpan).rawSpan, into: &words)
        #expect(words.count == 1)
        #expect(words[0] == bytes)
    }
}
