import Bytes
import Testing
import Wire

@testable import Client

/// A validator of JSON of its own: one value after another until the end, nothing else.
struct JSONValidator {
    var rest: ArraySlice<UInt8>
    private(set) var values = 0

    /// The number of values in the text; nil when it is no sequence of JSON texts.
    static func count(_ text: [UInt8]) -> Int? {
        guard String(validating: text, as: UTF8.self) != nil else { return nil }
        var validator = JSONValidator(rest: text[...])
        while true {
            validator.skipBlanks()
            if validator.rest.isEmpty { return validator.values }
            guard validator.value() else { return nil }
            validator.values += 1
        }
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func value() -> Bool {
        skipBlanks()
        switch rest.first {
        case 0x22: return string()
        case 0x5B: return enclosed("[", "]") { $0.value() }
        case 0x7B:
            return enclosed("{", "}") { validator in
                validator.skipBlanks()
                guard validator.string() else { return false }
                validator.skipBlanks()
                return validator.take(":") && validator.value()
            }
        default: return take("true") || take("false") || take("null") || number()
        }
    }

    private mutating func enclosed(
        _ opening: String, _ closing: String, _ member: (inout JSONValidator) -> Bool
    ) -> Bool {
        guard take(opening) else { return false }
        skipBlanks()
        if take(closing) { return true }
        while true {
            guard member(&self) else { return false }
            skipBlanks()
            if take(closing) { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func digits() -> Int {
        let count = rest.prefix { 0x30...0x39 ~= $0 }.count
        rest = rest.dropFirst(count)
        return count
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0"), digits() == 0 { return false }
        if take("."), digits() == 0 { return false }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            if digits() == 0 { return false }
        }
        return true
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case 0x22: return true
            case 0..<0x20: return false
            case 0x5C:
                guard let escape = rest.popFirst() else { return false }
                if escape == UInt8(ascii: "u") {
                    let hex = rest.prefix(4)
                    guard hex.count == 4, hex.allSatisfy({ $0.hexDigitValue != nil }) else {
                        return false
                    }
                    rest = rest.dropFirst(4)
                } else if !"\"\\/bfnrt".utf8.contains(escape) {
                    return false
                }
            default: break
            }
        }
        return false
    }
}

/// The records of RFC 4180; nil when the text breaks its grammar.
func csvRecords(_ text: [UInt8]) -> [[[UInt8]]]? {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var index = 0
    while index < text.count {
        var field: [UInt8] = []
        if text[index] == 0x22 {
            index += 1
            while true {
                guard index < text.count else { return nil }
                if text[index] == 0x22 {
                    index += 1
                    guard index < text.count, text[index] == 0x22 else { break }
                }
                field.append(text[index])
                index += 1
            }
        } else {
            while index < text.count, text[index] != 0x2C, text[index] != 0x0D {
                if text[index] == 0x22 || text[index] == 0x0A { return nil }
                field.append(text[index])
                index += 1
            }
        }
        record.append(field)
        guard index < text.count else { return nil }
        if text[index] == 0x2C {
            index += 1
            continue
        }
        guard text[index] == 0x0D, index + 1 < text.count, text[index + 1] == 0x0A else {
            return nil
        }
        index += 2
        records.append(record)
        record = []
    }
    return record.isEmpty ? records : nil
}

@Suite struct FormatTests {
    private func golden(_ body: (RESPValue, [[UInt8]], String) throws -> Void) throws {
        let table = GoldenReply.all()
        #expect(table.count >= 300)
        for golden in table {
            var parser = ReplyParser()
            parser.feed(golden.wire)
            while let reply = try parser.next() {
                try body(reply, golden.words, show(golden.wire))
            }
        }
    }

    private func text(
        _ reply: RESPValue, _ format: ReplyFormat, _ command: String = "", isUTF8: Bool = true
    ) -> String {
        let words = command.split(separator: " ").map { Array($0.utf8) }
        let bytes = ReplyPrinter(format, isUTF8: isUTF8).text(reply, to: words)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func theValidatorTellsGoodFromBad() {
        let good = ["1", "-0.5e+3", "\"a\\u00e9\\n\"", "[]", "{ \"a\" : [1,null] }\n", "true"]
        for text in good { #expect(JSONValidator.count(Array(text.utf8)) == 1, "\(text)") }
        let bad = [
            "01x", "[1,]", "{\"a\"}", "{1:2}", "\"\n\"", "\"\\x41\"", "nil", "[1", "1.", "-", "inf",
        ]
        for text in bad { #expect(JSONValidator.count(Array(text.utf8)) != 1, "\(text)") }
        #expect(csvRecords(Array("a,\"b\"\"\r\nc\"\r\n".utf8))?[0].count == 2)
        for text in ["a", "a\n", "\"a\r\n", "a\"b\r\n", "\"a\"b\r\n"] {
            #expect(csvRecords(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test func everyReplyIsValidJSON() throws {
        try golden { reply, words, wire in
            for format in [ReplyFormat.json, .jsonl, .quotedJSON] {
                let text = ReplyPrinter(format).text(reply, to: words)
                #expect(JSONValidator.count(text) == 1, "\(format) \(wire)")
                if format == .json { continue }
                #expect(text.count { $0 == 0x0A } == 1, "\(wire)")
                if format == .quotedJSON { #expect(text.allSatisfy { $0 < 0x7F }, "\(wire)") }
            }
        }
    }

    @Test func everyReplyIsCommaSeparatedValues() throws {
        try golden { reply, words, wire in
            let text = ReplyPrinter(.csv).text(reply, to: words)
            guard let records = csvRecords(text) else {
                Issue.record("\(wire)")
                return
            }
            #expect(Set(records.map(\.count)).count <= 1, "\(wire)")
            if case .bulk(let bytes) = reply, ReplyShape.of(words) == .plain {
                #expect(records == [[bytes.bytes]], "\(wire)")
            }
        }
    }

    @Test func theWireFormReadsBackAsTheReply() throws {
        try golden { reply, _, wire in
            var parser = ReplyParser()
            parser.feed(WireText.encoded(reply))
            let copy = try parser.next()
            #expect(copy == reply, "\(wire)")
        }
        #expect(
            text(.bulk("a\r\n"), .resp, "GET k")
                == "> *2\\r\\n\n> $3\\r\\n\n> GET\\r\\n\n> $1\\r\\n\n> k\\r\\n\n"
                + "< $3\\r\\n\n< a\\r\\n\n< \\r\\n\n")
    }

    /// Whatever is shown for eyes can neither speak to the terminal nor lack its line end.
    @Test func theTableFormShowsEveryReply() throws {
        try golden { reply, words, wire in
            let text = ReplyPrinter(.table, isUTF8: true).text(reply, to: words)
            #expect(text.last == 0x0A, "\(wire)")
            if ReplyPrinter.isProse(words) { return }
            if case .verbatim = reply { return }
            #expect(!text.contains(0x1B), "\(wire)")
        }
    }

    @Test func writesJSON() {
        #expect(text(.error("ERR no \"x\""), .jsonl) == "{\"error\":\"ERR no \\\"x\\\"\"}\n")
        #expect(text(.array([.null(.bulk), .integer(1)]), .json) == "[\n  null,\n  1\n]\n")
        #expect(text(.double("inf"), .jsonl) == "\"inf\"\n")
        #expect(text(.double("1e+20"), .jsonl) == "1e+20\n")
        #expect(text(.bulk("é\u{7}"), .jsonl) == "\"é\\u0007\"\n")
        #expect(text(.bulk("é\\"), .quotedJSON) == "\"\\\\xc3\\\\xa9\\\\\\\\\"\n")
        #expect(text(.map([.init(.integer(1), .boolean(true))]), .jsonl) == "{\"1\":true}\n")
        let flat = RESPValue.array([.bulk("port"), .bulk("1")])
        #expect(text(flat, .jsonl, "config get port") == "{\"port\":\"1\"}\n")
        #expect(text(flat, .jsonl, "LRANGE l 0 1") == "[\"port\",\"1\"]\n")
        let info = RESPValue.bulk(
            "# Server\r\na:1\r\nrun_id:12\r\n\r\n# Keyspace\r\ndb0:keys=2\r\n")
        #expect(
            text(info, .jsonl, "INFO")
                == "{\"server\":{\"a\":1,\"run_id\":\"12\"},\"keyspace\":{\"db0\":{\"keys\":2}}}\n")
        #expect(text(.simple("QUEUED"), .jsonl, "INFO") == "\"QUEUED\"\n")
        #expect(
            text(.bulk("id=3 addr=1.2.3.4:5 name=\n"), .jsonl, "CLIENT LIST")
                == "[{\"id\":3,\"addr\":\"1.2.3.4:5\",\"name\":\"\"}]\n")
    }

    @Test func writesCommaSeparatedValues() {
        let nested = RESPValue.array([
            .array([.bulk("a"), .bulk("1,5")]), .array([.bulk("b"), .null(.bulk), .bulk("")]),
        ])
        #expect(text(nested, .csv) == "a,\"1,5\",\r\nb,,\"\"\r\n")
        #expect(text(.array([]), .csv) == "")
        #expect(text(.error("ERR x"), .csv) == "ERROR,\"ERR x\"\r\n")
        #expect(
            text(.bulk("id=3 db=0\nid=4 db=1\n"), .csv, "CLIENT LIST") == "id,db\r\n3,0\r\n4,1\r\n")
        #expect(text(.bulk("# A\r\nx:1\r\n"), .csv, "INFO") == "a,x,1\r\n")
    }

    @Test func writesForEyes() {
        #expect(text(.integer(3780), .table, "TTL k") == "(integer) 3780  (1 h 3 m)\n")
        #expect(text(.integer(-1), .table, "TTL k") == "(integer) -1  (never expires)\n")
        #expect(text(.integer(-2), .table, "PTTL k") == "(integer) -2  (no such key)\n")
        #expect(text(.integer(3780), .table, "GET k") == "(integer) 3780\n")
        #expect(
            text(.integer(1_700_000_000), .table, "EXPIRETIME k")
                == "(integer) 1700000000  (2023-11-14 22:13:20 UTC)\n")
        #expect(text(.integer(2048), .table, "MEMORY USAGE k") == "(integer) 2048  (2.0 KiB)\n")
        #expect(text(.bulk("größe"), .table) == "\"größe\"\n")
        #expect(text(.bulk("größe"), .table, isUTF8: false) == "\"gr\\xc3\\xb6\\xc3\\x9fe\"\n")
        #expect(text(.simple("\u{1B}[2J"), .table) == "\\x1b[2J\n")
        #expect(text(.simple("QUEUED"), .table, "INFO") == "QUEUED\n")
        let fields = RESPValue.array([.bulk("name"), .bulk("Ada"), .bulk("n"), .bulk("1")])
        #expect(text(fields, .table, "HGETALL h") == "\"name\"  \"Ada\"\n\"n\"     \"1\"\n")
        #expect(
            text(.array([.bulk("maxmemory"), .bulk("1048576")]), .table, "CONFIG GET maxmemory")
                == "maxmemory  1048576  (1.0 MiB)\n")
        #expect(
            text(.bulk("# Memory\r\nused_memory:2048\r\nx:1\r\n"), .table, "INFO")
                == "# Memory\n  used_memory  2048  (2.0 KiB)\n  x            1\n")
        #expect(
            text(.bulk("id=3 addr=a:1 name= age=75\n"), .table, "CLIENT LIST")
                == "id  addr  name  age\n3   a:1         1 m 15 s\n")
        let get = RESPValue.array([
            .bulk("get"), .integer(2), .set([.simple("readonly"), .simple("fast")]), .integer(1),
            .integer(1), .integer(1),
        ])
        #expect(
            text(.array([get]), .table, "COMMAND INFO get")
                == "name  arity  keys   flags\nget   2      1 1 1  readonly fast\n")
    }

    @Test func writesWhatTookLongForEyes() {
        let entry = RESPValue.array([
            .integer(7), .integer(1_700_000_000), .integer(1234),
            .array([.bulk("SET"), .bulk("a b"), .bulk("")]), .bulk("1.2.3.4:5"), .bulk("job"),
        ])
        #expect(
            text(.array([entry]), .table, "SLOWLOG GET 1") == """
                id  when                     took     client         command
                7   2023-11-14 22:13:20 UTC  1.23 ms  1.2.3.4:5 job  SET "a b" ""

                """)
        #expect(text(.array([]), .table, "SLOWLOG GET") == "(empty array)\n")
        let event = RESPValue.array([
            .bulk("command"), .integer(1_700_000_000), .integer(12), .integer(4500),
        ])
        #expect(
            text(.array([event]), .table, "LATENCY LATEST") == """
                event    last                     took   at most
                command  2023-11-14 22:13:20 UTC  12 ms  4 s

                """)
        let sample = RESPValue.array([.integer(1_700_000_000), .integer(12)])
        #expect(
            text(.array([sample]), .table, "LATENCY HISTORY command")
                == "when                     took\n2023-11-14 22:13:20 UTC  12 ms\n")
        let steps = RESPValue.array([
            .integer(1), .integer(60), .integer(16), .integer(99), .integer(4096), .integer(100),
        ])
        let spread = RESPValue.array([
            .bulk("calls"), .integer(100), .bulk("histogram_usec"), steps,
        ])
        #expect(
            text(.array([.bulk("get"), spread]), .table, "LATENCY HISTOGRAM") == """
                command  calls  half within  99 % within  all within
                get      100    1.0 µs       16.0 µs      4.10 ms

                """)
    }

    @Test func writesScoresAndMessagesForEyes() {
        let flat = RESPValue.array([.bulk("ann"), .bulk("31"), .bulk("bo"), .bulk("4.5")])
        let pairs = RESPValue.array([
            .array([.bulk("ann"), .double("31")]), .array([.bulk("bo"), .double("4.5")]),
        ])
        let table = "1) \"ann\"   31\n2) \"bo\"   4.5\n"
        #expect(text(flat, .table, "ZRANGE b 0 -1 WITHSCORES") == table)
        #expect(text(pairs, .table, "zrange b 0 -1 rev withscores") == table)
        #expect(text(flat, .table, "ZPOPMIN b 2") == table)
        let bare = "1) \"ann\"\n2) \"31\"\n3) \"bo\"\n4) \"4.5\"\n"
        #expect(text(flat, .table, "ZRANGE b 0 -1") == bare)
        #expect(text(flat, .classic, "ZPOPMIN b 2") == bare)
        #expect(text(.array([]), .table, "ZPOPMIN b") == "(empty array)\n")
        func message(_ parts: RESPValue...) -> String {
            let printer = ReplyPrinter(.table, isUTF8: true)
            return String(decoding: printer.text(push: .push(parts)), as: UTF8.self)
        }
        #expect(message(.bulk("message"), .bulk("news"), .bulk("a\nb")) == "news: \"a\\nb\"\n")
        #expect(
            message(.bulk("pmessage"), .bulk("n*"), .bulk("news"), .bulk("x"))
                == "news (n*): \"x\"\n")
        #expect(message(.bulk("subscribe"), .bulk("news"), .integer(1)) == "listening to news\n")
        #expect(
            message(.bulk("unsubscribe"), .null(.plain), .integer(0))
                == "there was no subscription\n")
        #expect(message(.bulk("other"), .bulk("x")) == "1) \"other\"\n2) \"x\"\n")
    }

    @Test func whatATrackingSessionIsTold() {
        func message(_ parts: RESPValue...) -> String {
            let printer = ReplyPrinter(.table, isUTF8: true)
            return String(decoding: printer.text(push: .push(parts)), as: UTF8.self)
        }
        let keys = RESPValue.array([.bulk("a"), .bulk("b c")])
        #expect(message(.bulk("invalidate"), keys) == "changed: a, b c\n")
        #expect(message(.bulk("invalidate"), .null(.plain)) == "changed: all keys\n")
        #expect(
            message(.bulk("message"), .bulk("__redis__:invalidate"), keys) == "changed: a, b c\n")
        #expect(
            message(.bulk("tracking-redir-broken"), .integer(7))
                == "connection 7, which was to be told of changes, is gone\n")
        let classic = ReplyPrinter(.classic).text(push: .push([.bulk("invalidate"), keys]))
        #expect(String(decoding: classic, as: UTF8.self) == "-> invalidate: 'a', 'b c'\n")
    }

    @Test func coloursNeverChangeTheText() throws {
        let colored = ReplyPrinter(.table, isUTF8: true, isColored: true)
        let bare = ReplyPrinter(.table, isUTF8: true)
        var styled = 0
        try golden { reply, _, wire in
            for command in ["GET k", "INFO", "CLIENT LIST", "CONFIG GET *", "ZPOPMIN k"] {
                let words = command.split(separator: " ").map { Array($0.utf8) }
                let text = String(decoding: colored.text(reply, to: words), as: UTF8.self)
                let plain = String(decoding: bare.text(reply, to: words), as: UTF8.self)
                // Some texts have sequences of their own.
                if plain.contains("\u{1B}") { continue }
                if text != plain { styled += 1 }
                #expect(text.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain, "\(wire)")
            }
        }
        #expect(styled > 100)
    }

    @Test func writesUnits() {
        #expect(Units.duration(seconds: 0) == "0 s")
        #expect(Units.duration(seconds: 86_400) == "1 d")
        #expect(Units.duration(seconds: 273_600) == "3 d 4 h")
        #expect(Units.duration(milliseconds: 250) == "250 ms")
        #expect(Units.bytes(1023) == "1023 bytes")
        #expect(Units.bytes(.max) == "8.0 EiB")
        #expect(Units.elapsed(nanoseconds: 41_000) == "0.04 ms")
        #expect(Units.elapsed(nanoseconds: 1_250_000_000) == "1.25 s")
        #expect(Units.date(seconds: 0) == "1970-01-01 00:00:00 UTC")
        #expect(Units.date(seconds: 951_782_400) == "2000-02-29 00:00:00 UTC")
        #expect(Units.date(seconds: -1) == "1969-12-31 23:59:59 UTC")
    }

    /// Every string that is printed can be typed back, byte for byte, however it is shown.
    @Test func everyPrintedStringReadsBack() throws {
        var random = Random(seed: 3)
        for round in 0..<4000 {
            var bytes: [UInt8] = []
            for _ in 0..<random.next(below: 12) {
                switch random.next(below: 3) {
                case 0: bytes.append(UInt8(truncatingIfNeeded: random.next()))
                case 1: bytes.append(UInt8(0x20 + random.next(below: 0x5F)))
                default:
                    let value = UInt32(random.next(below: round % 2 == 0 ? 0x3100 : 0x110000))
                    if let scalar = Unicode.Scalar(value) { bytes += Array(String(scalar).utf8) }
                }
            }
            for isUTF8 in [false, true] {
                let quoted = Quoting.quoted(bytes.rawSpan, isUTF8: isUTF8)
                var words = ArgumentList()
                try InlineSplitter.split(quoted.rawSpan, into: &words)
                #expect(words.count == 1)
                #expect(words[0] == bytes, "seed 3, round \(round)")
                let isClean = String(decoding: quoted, as: UTF8.self).unicodeScalars
                    .allSatisfy(Quoting.isVisible)
                #expect(isClean, "seed 3, round \(round)")
            }
        }
    }
}
