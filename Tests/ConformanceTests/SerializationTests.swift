import Bytes
import Engine
import Testing

/// DUMP, RESTORE and DEBUG DIGEST beside a real server: payloads are exchanged both ways.
@Suite(.serialized, .enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct SerializationTests {
    /// Lines that make values of every type and form, each value under the key `k`.
    static let strings: [[[UInt8]]] = {
        var random = Random(seed: 0xd0)
        var values = [
            "", "a", "0", "-1", "127", "128", "-128", "-129", "32767", "32768", "-32769",
            "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
            "007", "+5", "12345678901", "-2147483648 ", "hello", "a\0b",
        ].map { Array($0.utf8) }
        for length in [20, 21, 30, 43, 44, 45, 63, 64, 65, 300, 1023, 1025, 16_383, 16_384, 70_000]
        {
            values.append([UInt8](repeating: 0x61, count: length))
            values.append((0..<length).map { _ in UInt8(random.next(below: 256)) })
            values.append((0..<length).map { _ in UInt8(random.next(below: 4)) })
            let phrase = Array("the quick brown fox jumps over the lazy dog, ".utf8)
            values.append((0..<length).map { phrase[$0 % phrase.count] })
        }
        return values.map { [Array("SET".utf8), Array("k".utf8), $0] }
    }()

    private func words(_ text: String, _ more: [UInt8]...) -> [[UInt8]] {
        text.split(separator: " ").map { Array($0.utf8) } + more
    }

    private func payload(_ reply: [UInt8]) -> [UInt8] {
        guard case .bulk(let bytes) = WireValue(reply: reply) else { return [] }
        return bytes
    }

    /// Brings the same value to both, and its payload from each to the other.
    private func exchange(
        _ lines: [[[UInt8]]], _ own: EmbeddedStore, _ real: RealConnection,
        isSamePayload: Bool = true, isSameEncoding: Bool = true
    ) throws {
        _ = own.call(words("DEL k"))
        _ = try real.call(words("DEL k"))
        for line in lines {
            _ = own.call(line)
            _ = try real.call(line)
        }
        let what = lines.map { $0.prefix(4).map { String(decoding: $0.prefix(20), as: UTF8.self) } }
        let digest = words("DEBUG DIGEST-VALUE k copy")
        let ours = payload(own.call(words("DUMP k")))
        let theirs = payload(try real.call(words("DUMP k")))
        #expect(!ours.isEmpty && !theirs.isEmpty)
        if isSamePayload { #expect(ours == theirs, "\(what)") }
        let taken = own.call(words("RESTORE copy 0", theirs, Array("REPLACE".utf8)))
        #expect(String(decoding: taken, as: UTF8.self) == "+OK\r\n", "\(what)")
        let given = try real.call(words("RESTORE copy 0", ours, Array("REPLACE".utf8)))
        #expect(String(decoding: given, as: UTF8.self) == "+OK\r\n", "\(what)")
        #expect(own.call(digest) == (try real.call(digest)), "\(what)")
        for key in ["k", "copy"] where isSameEncoding {
            let encoding = words("OBJECT ENCODING \(key)")
            #expect(own.call(encoding) == (try real.call(encoding)), "\(key) of \(what)")
        }
    }

    @Test func stringsGoBothWays() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        for line in SerializationTests.strings { try exchange([line], own, real) }
        _ = own.call(words("CONFIG SET rdbcompression no"))
        _ = try real.call(words("CONFIG SET rdbcompression no"))
        for line in SerializationTests.strings { try exchange([line], own, real) }
        // All data together, a key with an expiry and a second database among it.
        for line in ["SET x 1 PXAT 99999999999999", "SELECT 3", "SET y hello"] {
            _ = own.call(words(line))
            _ = try real.call(words(line))
        }
        #expect(own.call(words("DEBUG DIGEST")) == (try real.call(words("DEBUG DIGEST"))))
    }

    /// Lines that make one collection under the key `k`, and whether its payload is defined byte
    /// for byte: a table has no order.
    private static let collections: [(lines: [String], isDefined: Bool)] = {
        let many = (0..<700).map { "\($0 * 37 % 701)" }
        let long = String(repeating: "long ", count: 30).split(separator: " ").joined()
        return [
            (["RPUSH k a b c 1 2 3 hello -5 300 70000 99999999999 9223372036854775807"], true),
            (["RPUSH k " + many.joined(separator: " ")], true),
            (["RPUSH k \(long) \(long) x"], true),
            (["SADD k 3 1 2"], true), (["SADD k 70000 1 -99999999999"], true),
            (["SADD k a"], true), (["SADD k a b c 1"], false),
            (["SADD k " + many.joined(separator: " ")], false),
            (["SADD k " + many.map { "m" + $0 }.joined(separator: " ")], false),
            (["HSET k f v g 12 h 70000 i -1 j hello"], true),
            (["HSET k f \(long)"], true), (["HSET k f \(long) g 1 h \(long)"], false),
            (["HSET k " + many.map { "f\($0) v\($0)" }.joined(separator: " ")], false),
            (["ZADD k 1 a 2 b 3 c"], true),
            (["ZADD k 2.5 b -inf c inf d 1e300 e 0.1 f 3e-9 h 12345678901 i"], true),
            (["ZADD k 1 b 1 a 1 ab 1 5 1 12"], true),
            (["ZADD k 0.1 \(long) inf b -inf c 7 d"], true),
            (["ZADD k " + many.map { "\($0).5 m\($0)" }.joined(separator: " ")], true),
        ]
    }()

    @Test func collectionsGoBothWays() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        for (lines, isDefined) in SerializationTests.collections {
            try exchange(lines.map { words($0) }, own, real, isSamePayload: isDefined)
        }
        // A negative zero keeps its sign in large sets alone.
        try exchange([words("ZADD k -0 f 1 g")], own, real)
        // What is small there is large here, and the other way round.
        let settings = [
            "hash-max-listpack-entries", "set-max-intset-entries", "zset-max-listpack-entries",
        ]
        for (ours, theirs) in [("2", "512"), ("512", "2")] {
            for name in settings {
                _ = own.call(["CONFIG", "SET", name, ours])
                _ = try real.call(["CONFIG", "SET", name, theirs])
            }
            for (lines, _) in SerializationTests.collections {
                try exchange(
                    lines.map { words($0) }, own, real, isSamePayload: false,
                    isSameEncoding: false)
            }
        }
    }

    /// Forms that only older servers write: the payloads are made by hand. A hash with a field
    /// twice is not among them: the real server takes it into a listpack, here it is refused.
    @Test func olderFormsAreReadAlike() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
        func ziplist(_ entries: [[UInt8]]) -> [UInt8] {
            var body: [UInt8] = []
            var (previous, tail) = (0, 10)
            for entry in entries {
                tail = 10 + body.count
                let whole = [UInt8(previous)] + entry
                body += whole
                previous = whole.count
            }
            func word(_ value: Int, _ bytes: Int) -> [UInt8] {
                (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            let count = 11 + body.count
            let block = word(count, 4) + word(tail, 4) + word(entries.count, 2) + body + [0xFF]
            return [0x40 | UInt8(count >> 8), UInt8(count & 255)] + block
        }
        let numbers: [[UInt8]] = [
            [0xF1], [0xFD], [0xFE, 0x80], [0xC0, 0xFF, 0x7F], [0xF0, 0, 0, 0x80],
            [0xD0, 1, 2, 3, 0x84], [0xE0, 1, 2, 3, 4, 5, 6, 7, 0x88],
        ]
        let a = text("a")
        let long = text(String(repeating: "x", count: 60))
        for value in [
            [1, 3] + a + text("b") + text("17"), [10] + ziplist([a, text("b")] + numbers),
            [14, 2] + ziplist([a]) + ziplist(numbers), [13] + ziplist([a, [0xF3], text("b"), a]),
            [13] + ziplist([a, long]), [12] + ziplist([a, [0xF2], text("b"), text("2.5")]),
            [3, 3] + a + text("1.5") + text("b") + [254] + text("c") + [255],
            [3, 1] + a + [253], [3, 1] + a + text("x"), [13] + ziplist([a]),
            [13] + ziplist([a, a, a, a]), [10] + ziplist([]), [1, 0], [2, 0], [4, 0], [5, 0],
            [2, 2] + a + a, [14, 1] + ziplist([]), [18, 1, 1] + a,
            [18, 1, 3] + a, [18, 2, 1] + a + [1] + text("12"), [9] + a, [15] + a, [20] + a,
        ] as [[UInt8]] {
            let payload = sealed(value)
            let line = words("RESTORE k 0", payload, Array("REPLACE".utf8))
            _ = own.call(words("DEL k"))
            _ = try real.call(words("DEL k"))
            for question in [
                line, words("OBJECT ENCODING k"), words("DEBUG DIGEST-VALUE k"),
            ] {
                let theirs = String(decoding: try real.call(question), as: UTF8.self)
                #expect(String(decoding: own.call(question), as: UTF8.self) == theirs, "\(value)")
            }
        }
    }

    /// A value as a payload in order.
    private func sealed(_ value: [UInt8], version: UInt8 = 10) -> [UInt8] {
        let bytes = value + [version, 0]
        let sum = CRC64.checksum(bytes.rawSpan)
        return bytes + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) }
    }

    /// What RESTORE says to options and payloads that are not in order.
    @Test func refusalsAreTheSame() throws {
        let server = try RealServer()
        let real = try server.connect()
        let own = EmbeddedStore()
        _ = own.call(words("SET k hello"))
        let good = payload(own.call(words("DUMP k")))
        func check(_ line: [[UInt8]]) throws {
            let theirs = String(decoding: try real.call(line), as: UTF8.self)
            let ours = String(decoding: own.call(line), as: UTF8.self)
            #expect(ours == theirs, "\(line.map { String(decoding: $0, as: UTF8.self) })")
        }
        _ = try real.call(words("DEL k"))
        for options in [
            "", "REPLACE", "ABSTTL", "REPLACE ABSTTL", "IDLETIME 5", "IDLETIME", "FREQ 3",
            "IDLETIME 5 FREQ 3", "FREQ 3 IDLETIME 5", "IDLETIME -1", "FREQ 256", "FREQ -1",
            "IDLETIME x", "FREQ x", "FREQ", "nope", "IDLETIME 5 IDLETIME 6 REPLACE", "replace",
        ] {
            for time in ["0", "-1", "x", "100000", "99999999999999", "9223372036854775807"] {
                try check(words("RESTORE new \(time)", good) + words(options))
                try check(words("EXISTS new"))
                try check(words("RESTORE new \(time)", Array("junk".utf8)) + words(options))
                try check(words("DEL new"))
            }
        }
        for bad in [
            [], [0], Array(good.dropLast()), Array(good.dropFirst()), good + [0],
            sealed([0, 1, 0x61], version: 11), sealed([0, 1, 0x61], version: 9),
            sealed([0]), sealed([]), sealed([0, 2, 0x61]), sealed([0, 1, 0x61, 0x62]),
            sealed([99, 1, 0x61]), sealed([8, 1, 0x61]), sealed([0, 0xC0]), sealed([0, 0xC4, 1]),
            sealed([0, 0xC3, 1, 5, 0]), sealed([0, 0xC3, 2, 1, 0, 0x61]), sealed([0, 0x82, 1]),
        ] {
            try check(words("RESTORE bad 0", bad))
            try check(words("DUMP bad"))
            try check(words("DEL bad"))
        }
        try check(words("DUMP nokey"))
        try check(words("DUMP"))
        try check(words("RESTORE k 0"))
    }
}
