import Bytes
import Testing

@testable import Wire

@Suite struct RequestParserTests {
    // MARK: What is read

    @Test func arraysAndInlineCommands() {
        let stream =
            array(bytes("SET"), bytes("k"), [0, 13, 10, 255]) + bytes("GET k\r\n")
            + bytes("  echo  'a b'\n") + array(bytes("PING")) + array([])
        let reading = Reading(stream)
        #expect(
            reading.requests == [
                [bytes("SET"), bytes("k"), [0, 13, 10, 255]], [bytes("GET"), bytes("k")],
                [bytes("echo"), bytes("a b")], [bytes("PING")], [],
            ])
        #expect(reading.failure == nil)
        #expect(reading.rest == 0)
    }

    /// Wherever a stream is cut, it is read the same.
    @Test func everyCutGivesTheSame() {
        let stream =
            bytes("PING\r\n\r\n") + array(bytes("SET"), bytes("key"), bytes("a\r\nb"))
            + array(bytes("MGET"), bytes(""), bytes("x")) + bytes("*0\r\n*-1\r\n \n")
            + bytes("get \"a\\x41\" 'b'\n") + array(bytes("PING")) + bytes("*1\r\n$4\r\nPI")
        let whole = Reading(stream)
        #expect(whole.requests.count == 9)
        #expect(whole.rest == 10)
        for cut in 0...stream.count {
            #expect(Reading(stream, cuts: [cut]) == whole, "cut at \(cut)")
        }
        for first in 0...stream.count {
            let second = min(stream.count, first + 1 + first % 7)
            #expect(Reading(stream, cuts: [first, second]) == whole, "cuts at \(first), \(second)")
        }
        #expect(Reading(stream, cuts: Array(0..<stream.count)) == whole)
    }

    /// Lines end with CR and any byte; the two bytes behind an argument are not looked at.
    @Test func lineEndsAreNotLookedAt() {
        #expect(Reading(bytes("*1\rx$4\rxPINGab")).requests == [[bytes("PING")]])
        #expect(Reading(bytes("PING\n")).requests == [[bytes("PING")]])
    }

    /// To redis-server a line with a zero byte in it has no end.
    @Test(arguments: ["PI\0NG\r\n", "*1\r\n\0\r\n", "*\0\r\n", "\0\r\nPING\r\n"])
    func zeroBytesHideTheEndOfALine(text: String) {
        let reading = Reading(bytes(text))
        #expect(reading.requests.isEmpty)
        #expect(reading.failure == nil)
        let longer = Reading(bytes(text) + [UInt8](repeating: 120, count: 70_000))
        #expect(longer.failure?.hasPrefix("too big ") == true)
    }

    // MARK: What is refused

    struct Refusal: Sendable {
        var stream: String
        var reason: String
        init(_ stream: String, _ reason: String) {
            self.stream = stream
            self.reason = reason
        }
    }

    /// Texts as redis-server 7.0.15 sends them behind `ERR Protocol error: `.
    static let refusals = [
        Refusal("*abc\r\n", "invalid multibulk length"),
        Refusal("*2147483648\r\n", "invalid multibulk length"),
        Refusal("*9223372036854775808\r\n", "invalid multibulk length"),
        Refusal("*01\r\n", "invalid multibulk length"),
        Refusal("*+1\r\n", "invalid multibulk length"),
        Refusal("* 1\r\n", "invalid multibulk length"),
        Refusal("*\r\n", "invalid multibulk length"),
        Refusal("*-0\r\n", "invalid multibulk length"),
        Refusal("*1\r\n:1\r\n", "expected '$', got ':'"),
        Refusal("*1\r\n'\r\n", "expected '$', got '''"),
        Refusal("*1\r\n\r\n\r\n", "expected '$', got '\r'"),
        Refusal("*1\r\n$-1\r\n", "invalid bulk length"),
        Refusal("*1\r\n$abc\r\n", "invalid bulk length"),
        Refusal("*1\r\n$\r\n", "invalid bulk length"),
        Refusal("*1\r\n$04\r\nPING\r\n", "invalid bulk length"),
        Refusal("*1\r\n$-0\r\n\r\n", "invalid bulk length"),
        Refusal("*1\r\n$536870913\r\n", "invalid bulk length"),
        Refusal("*1\r\n$4\n\r\nPING\r\n", "invalid bulk length"),
        Refusal("PING \"x\r\n", "unbalanced quotes in request"),
        Refusal("PING \"x\"y\r\n", "unbalanced quotes in request"),
    ]

    @Test(arguments: refusals)
    func refusedWhereverItIsCut(refusal: Refusal) {
        let stream = bytes("PING\r\n") + bytes(refusal.stream) + bytes("PING\r\n")
        for cut in 0...stream.count {
            let reading = Reading(stream, cuts: [cut])
            #expect(reading.requests == [[bytes("PING")]], "cut at \(cut)")
            #expect(reading.failure == refusal.reason, "cut at \(cut)")
        }
    }

    @Test func longLines() {
        let digits = [UInt8](repeating: UInt8(ascii: "1"), count: 65_600)
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 65_600)
        for (stream, reason) in [
            (bytes("*") + digits, "too big mbulk count string"),
            (bytes("*1\r\n$") + digits, "too big bulk count string"),
            (letters, "too big inline request"),
        ] {
            for tail in ["", "\r\n"] {
                let all = stream + bytes(tail)
                #expect(Reading(all).failure == reason)
                #expect(Reading(all, cuts: [1, 100, 65_500, 65_540, 65_599]).failure == reason)
            }
        }
    }

    /// The longest lines that are taken, cut and whole.
    @Test func nearlyTooLongLines() {
        let limit = RequestParser.maximumLine
        for (length, isTaken) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let line = [UInt8](repeating: UInt8(ascii: "a"), count: length) + bytes("\n")
            for cuts in [[], [length - 1], [length], [limit], [1, 5000, limit]] {
                let reading = Reading(line, cuts: cuts)
                #expect((reading.failure == nil) == isTaken, "\(length), \(cuts)")
                #expect(reading.requests.count == (isTaken ? 1 : 0))
            }
        }
    }

    // MARK: Limits

    @Test func lengthLimit() {
        let limits = RequestParser.Limits(bulkLength: 20_000)
        #expect(Reading(bytes("*1\r\n$20000\r\n"), limits: limits).failure == nil)
        #expect(
            Reading(bytes("*1\r\n$20001\r\n"), limits: limits).failure == "invalid bulk length")
    }

    @Test func limitsBeforeAuthentication() {
        let limits = RequestParser.Limits(isUnauthenticated: true)
        let expected: [(String, String?)] = [
            ("*10\r\n", nil),
            ("*11\r\n", "unauthenticated multibulk length"),
            ("*2147483648\r\n", "invalid multibulk length"),
            ("*1\r\n$16384\r\n", nil),
            ("*1\r\n$16385\r\n", "unauthenticated bulk length"),
            ("*1\r\n$536870912\r\n", "unauthenticated bulk length"),
            ("*1\r\n$536870913\r\n", "invalid bulk length"),
        ]
        for (stream, reason) in expected {
            #expect(Reading(bytes(stream), limits: limits).failure == reason, "\(stream)")
        }
    }

    /// Places are 32 bits wide; settings that would need more do not bring the parser down.
    @Test func lengthsBeyondFourGigabytes() {
        let limits = RequestParser.Limits(bulkLength: 1 << 40)
        let text = bytes("*2\r\n$4294967296\r\n")
        #expect(Reading(text, limits: limits).failure == "invalid bulk length")
        #expect(Reading(bytes("*2\r\n$4294967200\r\n"), limits: limits).failure == nil)
    }

    // MARK: Memory

    /// A request of very many words leaves no memory behind, nor does a part of one.
    @Test func memoryIsGivenBack() {
        var reader = RequestReader()
        let many = array([[UInt8]](repeating: bytes("x"), count: 100_000))
        reader.feed(many[...])
        #expect(reader.requests.count == 1)
        #expect(reader.footprint <= 100_000)
        reader.feed(array(bytes("PING"))[...])
        reader.feed(bytes("*2\r\n$3\r\nGET\r\n$")[...])
        #expect(reader.footprint <= 100_000)

        var parser = RequestParser()
        let line = bytes(String(repeating: "word ", count: 10_000)) + bytes("\n*2\r\n$1\r\nx\r\n")
        let outcome = parser.parse(line.rawSpan, from: 0, limits: .init())
        #expect(outcome == .request(end: 50_001))
        _ = parser.keep(from: 0, to: 50_001)
        parser.finish()
        #expect(parser.parse(line.rawSpan, from: 50_001, limits: .init()) == .incomplete)
        #expect(parser.suspend().footprint < 1024)
    }

    /// Several requests are kept before the first is used.
    @Test func keptRequestsShareTheInput() {
        let stream =
            array(bytes("SET"), bytes("a"), bytes("1")) + array(bytes("GET"), bytes("a"))
            + bytes("*3\r\n$3\r\nSET\r\n$1\r\n")
        var parser = RequestParser()
        var kept: [RequestParser.Request] = []
        var start = 0
        while case .request(let end) = parser.parse(
            stream.rawSpan, from: start, limits: .init())
        {
            kept.append(parser.keep(from: start, to: end))
            start = end
        }
        #expect(kept.count == 2)
        #expect(parser.isInside)
        let words = kept.map { request in
            let list = ArgumentList(parser.arguments(of: request, in: stream.rawSpan))
            return (0..<list.count).map { list[$0] }
        }
        #expect(
            words == [
                [bytes("SET"), bytes("a"), bytes("1")], [bytes("GET"), bytes("a")],
            ])
        parser.finish()
        let rest = Array(stream[start...]) + bytes("b\r\n$1\r\n2\r\n")
        parser.resume(parser.suspend())
        #expect(parser.parse(rest.rawSpan, from: 0, limits: .init()) == .request(end: rest.count))
        let request = parser.keep(from: 0, to: rest.count)
        let last = ArgumentList(parser.arguments(of: request, in: rest.rawSpan))
        #expect((0..<last.count).map { last[$0] } == [bytes("SET"), bytes("b"), bytes("2")])
    }
}
