import Bytes
import Testing
import Wire

@Suite struct ReplyParserTests {
    static let examples: [(String, RESPValue)] = [
        ("+OK\r\n", .simple("OK")),
        ("+a\rb\r\n", .simple("a\rb")),
        ("-ERR no\r\n", .error("ERR no")),
        (":0\r\n", .integer(0)),
        (":-12\r\n", .integer(-12)),
        (":+5\r\n", .integer(5)),
        (":9223372036854775807\r\n", .integer(.max)),
        ("$0\r\n\r\n", .bulk("")),
        ("$4\r\na\r\nb\r\n", .bulk("a\r\nb")),
        ("$-1\r\n", .null(.bulk)),
        ("*-1\r\n", .null(.array)),
        ("_\r\n", .null(.plain)),
        ("#t\r\n", .boolean(true)),
        ("#f\r\n", .boolean(false)),
        (",1.5\r\n", .double("1.5")),
        (",-inf\r\n", .double("-inf")),
        (",nan\r\n", .double("nan")),
        ("(-123456789012345678901234567890\r\n", .bigNumber("-123456789012345678901234567890")),
        ("!8\r\nERR a\r\nb\r\n", .error("ERR a\r\nb")),
        ("=8\r\ntxt:a\r\nb\r\n", .verbatim(format: "txt", text: "a\r\nb")),
        ("*0\r\n", .array([])),
        ("%0\r\n", .map([])),
        ("~0\r\n", .set([])),
        (">0\r\n", .push([])),
        ("*2\r\n:1\r\n*1\r\n$1\r\na\r\n", .array([.integer(1), .array([.bulk("a")])])),
        ("%1\r\n+k\r\n*0\r\n", .map([.init(.simple("k"), .array([]))])),
        ("~2\r\n:1\r\n~0\r\n", .set([.integer(1), .set([])])),
        (">2\r\n+a\r\n_\r\n", .push([.simple("a"), .null(.plain)])),
        (
            "|1\r\n+ttl\r\n:3\r\n*1\r\n:1\r\n",
            .attributed([.init(.simple("ttl"), .integer(3))], .array([.integer(1)]))
        ),
        (
            "*2\r\n|1\r\n+x\r\n:3\r\n:1\r\n:2\r\n",
            .array([.attributed([.init(.simple("x"), .integer(3))], .integer(1)), .integer(2)])
        ),
        ("|0\r\n:7\r\n", .integer(7)),
    ]

    private func parse(_ pieces: [[UInt8]], limits: ReplyParser.Limits = .init()) throws
        -> [RESPValue]
    {
        var parser = ReplyParser(limits: limits)
        var values: [RESPValue] = []
        for piece in pieces {
            parser.feed(piece)
            while let value = try parser.next() { values.append(value) }
        }
        #expect(!parser.isInside)
        return values
    }

    @Test func readsEveryType() throws {
        for (wire, value) in Self.examples {
            #expect(try parse([Array(wire.utf8)]) == [value], "\(wire)")
        }
    }

    @Test func itMakesNoDifferenceHowTheBytesAreCut() throws {
        let wire = Self.examples.flatMap { Array($0.0.utf8) }
        let values = Self.examples.map(\.1)
        #expect(try parse([wire]) == values)
        #expect(try parse(wire.map { [$0] }) == values)
        for cut in 0...wire.count {
            #expect(try parse([Array(wire[..<cut]), Array(wire[cut...])]) == values)
        }
    }

    static let faults: [(String, ReplyParser.Failure)] = [
        ("?1\r\n", .unknownType(0x3F)),
        ("\r\n", .unknownType(0x0D)),
        (":1x\r\n", .malformed("1x")),
        (":\r\n", .malformed("")),
        (":9223372036854775808\r\n", .malformed("9223372036854775808")),
        ("$-2\r\n", .malformed("-2")),
        ("$?\r\n", .malformed("?")),
        ("*-7\r\n", .malformed("-7")),
        ("$1\r\nabc\r\n", .missingLineEnd),
        ("#x\r\n", .malformed("x")),
        (",x\r\n", .malformed("x")),
        (",\r\n", .malformed("")),
        ("(12a\r\n", .malformed("12a")),
        ("(-\r\n", .malformed("-")),
        ("_x\r\n", .malformed("x")),
        ("=3\r\ntxt\r\n", .malformed("txt")),
        ("*1\r\n?\r\n", .unknownType(0x3F)),
    ]

    @Test func refusesWhatIsNoReplyForGood() {
        for (wire, failure) in Self.faults {
            var parser = ReplyParser()
            parser.feed(Array(wire.utf8))
            #expect(throws: failure, "\(wire)") { try parser.next() }
            parser.feed(Array("+OK\r\n".utf8))
            #expect(throws: failure, "\(wire)") { try parser.next() }
        }
    }

    @Test func boundsWhatAServerMayAnnounce() {
        let limits = ReplyParser.Limits(bulkLength: 4, elements: 3, depth: 2, lineLength: 8)
        func failure(_ wire: String) -> ReplyParser.Failure? {
            var parser = ReplyParser(limits: limits)
            parser.feed(Array(wire.utf8))
            do {
                while try parser.next() != nil {}
                return nil
            } catch { return error }
        }
        #expect(failure("$4\r\nabcd\r\n") == nil)
        #expect(failure("$5\r\n") == .tooLarge("a string"))
        #expect(failure("*3\r\n:1\r\n:1\r\n:1\r\n") == nil)
        #expect(failure("*4\r\n") == .tooLarge("an aggregate"))
        #expect(failure("%2\r\n") == .tooLarge("an aggregate"))
        #expect(failure("*1\r\n*1\r\n:1\r\n") == nil)
        #expect(failure("*1\r\n*1\r\n*1\r\n") == .tooLarge("aggregates inside each other"))
        #expect(failure("+1234567\r\n") == nil)
        #expect(failure("+12345678\r\n") == .tooLarge("a line"))
        #expect(failure("+123456789") == .tooLarge("a line"))
    }

    @Test func aHugeCountTakesNoMemoryBeforeItsElements() throws {
        var parser = ReplyParser()
        for _ in 0..<100 { parser.feed(Array("*4000000000\r\n".utf8)) }
        #expect(try parser.next() == nil)
        #expect(parser.isInside)
    }

    @Test func readsWhatTheWriterWrites() throws {
        var random = Random(seed: 11)
        for version in [ProtocolVersion.two, .three] {
            var writer = ReplyWriter(version: version)
            let numbers = (0..<200).map { _ in Int64(bitPattern: random.next()) }
            writer.array(numbers.count)
            for number in numbers { writer.integer(number) }
            writer.map(1)
            writer.bulk(utf8: "k")
            writer.null()
            writer.boolean(true)
            let wire = writer.buffer.bytes.copied()
            let values = try parse([wire])
            #expect(values.count == 3)
            #expect(values[0] == .array(numbers.map { .integer($0) }))
            #expect(values[1]["k"]?.isNull == true)
            #expect(values[2] == (version == .two ? .integer(1) : .boolean(true)))
        }
    }

    @Test func randomBytesNeverEndTheProcess() {
        let seed: UInt64 = 20_221_030
        var random = Random(seed: seed)
        let alphabet = Array("+-:$*%~>|#,_(!=0123456789tf\r\n\r\n\r\nab".utf8)
        for round in 0..<20_000 {
            var parser = ReplyParser(limits: .init(bulkLength: 64, elements: 64, depth: 8))
            for _ in 0..<4 {
                let count = Int(random.next() % 24)
                parser.feed(
                    (0..<count).map { _ in
                        alphabet[Int(random.next() % UInt64(alphabet.count))]
                    })
                do {
                    while try parser.next() != nil {}
                } catch {
                    #expect(throws: error, "seed \(seed), round \(round)") { try parser.next() }
                    break
                }
            }
        }
    }

    @Test func theTreeAnswersQuestions() {
        let error = RESPValue.error("WRONGTYPE no")
        #expect(error.errorCode == "WRONGTYPE")
        #expect(RESPValue.attributed([], error).errorText == "WRONGTYPE no")
        #expect(RESPValue.bulk("12").integer == 12)
        #expect(RESPValue.bulk("x").integer == nil)
        let flat = RESPValue.array([.bulk("a"), .integer(1), .bulk("b"), .integer(2)])
        #expect(flat["b"] == .integer(2))
        #expect(flat["c"] == nil)
        #expect(RESPValue.array([.bulk("a")]).pairs == nil)
        #expect(RESPValue.null(.array).isNull)
        #expect(RESPValue.push([]).isPush)
    }
}
