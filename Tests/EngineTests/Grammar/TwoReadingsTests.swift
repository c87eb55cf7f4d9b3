import Bytes
import Engine
import Grammar
import Testing
import Wire

/// Every command is read twice: by its handler, and by the matcher that goes by its declaration.
/// Here the two are held together: a line that the generator makes is never refused as misformed,
/// and a line that the matcher rejects is always refused. The keys that the lines name are absent
/// in one round, and hold values of the command's own type in the next: some handlers answer for
/// an absent key before they read their options.
@Suite struct TwoReadingsTests {
    static let flavours = Flavour.allCases

    @Test(arguments: flavours)
    func generatedLinesAreNeverMisformed(flavour: Flavour) {
        let seed: UInt64 = 20_250_615
        var random = Random(seed: seed)
        for entry in TestNode(flavour: flavour).store.commands.entries where entry.run != nil {
            let node = TestNode(flavour: flavour)
            let generator = CommandLineGenerator(entry.spec, values: Steering.values)
            for round in 0..<40 {
                let line = generator.line(using: &random)
                Steering.prepare(node, for: entry.spec, round)
                let reply = Steering.reply(node, line)
                #expect(
                    !Steering.isMisformed(reply),
                    "\(line.map(\.text)) is answered \(reply) (\(flavour), seed \(seed))")
            }
        }
    }

    @Test(arguments: flavours)
    func rejectedLinesAreAlwaysRefused(flavour: Flavour) {
        let seed: UInt64 = 20_250_616
        var random = Random(seed: seed)
        for entry in TestNode(flavour: flavour).store.commands.entries where entry.run != nil {
            let node = TestNode(flavour: flavour)
            let generator = CommandLineGenerator(entry.spec, values: Steering.values)
            for round in 0..<80 {
                let line = Steering.spoil(generator.line(using: &random), &random)
                guard Steering.isRejected(line, entry.spec) else { continue }
                Steering.prepare(node, for: entry.spec, round)
                let reply = Steering.reply(node, line)
                #expect(
                    reply.hasPrefix("-") || Steering.isTolerated(reply, entry.spec),
                    "\(line.map(\.text)) is answered \(reply) (\(flavour), seed \(seed))")
            }
        }
    }
}

/// What steers the lines: values that a command understands where the kind alone does not tell,
/// and the lines on which the two readings may differ.
private enum Steering {
    /// Values by the name of the argument.
    private static let byName: [String: [ByteString]] = [
        "protover": ["2", "3"], "type": ["string", "list"], "yes/no": ["yes", "no"],
        "username": ["default", "nobody"], "connection-name": ["name", ""],
        "clientname": ["name"], "destination-db": ["0", "1"], "index": ["0", "3"],
        "cursor": ["0", "17"], "count": ["1", "10"], "version": ["5", "6"],
        "parameter": ["maxmemory", "timeout", "nonsense"],
    ]

    /// Handlers that take more than their declaration says, as the real server's do.
    private static let tolerant: [String: String] = [
        "EXPIRE": "XX goes with GT and LT, though only one is documented",
        "PEXPIRE": "as EXPIRE", "EXPIREAT": "as EXPIRE", "PEXPIREAT": "as EXPIRE",
        "SORT": "ASC goes with DESC, and the last one counts", "SORT_RO": "as SORT",
        "LOLWUT": "draws whatever it is told",
    ]

    /// Lines that a handler takes though the matcher does not, by the reply that they get.
    private static let tolerated: [(command: String, reply: String, reason: String)] = [
        ("GETEX", "$-1\r\n", "an absent key is answered before the time is read"),
        ("LINDEX", "$-1\r\n", "an absent key is answered before the index is read"),
        ("HSCAN", "*2\r\n$1\r\n0\r\n*0\r\n", "an absent key is answered before the options"),
        ("ZINCRBY", "$", "what is added is documented as a whole number, but may be any"),
        ("ZUNIONSTORE", ":", "weights are documented as whole numbers, but may be any"),
        ("ZINTERSTORE", ":", "as ZUNIONSTORE"), ("ZUNION", "*", "as ZUNIONSTORE"),
        ("ZINTER", "*", "as ZUNIONSTORE"),
        ("ZCOUNT", ":", "an end without digits is 0"),
        ("ZRANGEBYSCORE", "*", "an end without digits is 0"),
        ("ZREVRANGEBYSCORE", "*", "an end without digits is 0"),
        ("ZREMRANGEBYSCORE", ":", "an end without digits is 0"),
        ("ZSCAN", "*2\r\n$1\r\n0\r\n*0\r\n", "an absent key is answered before the options"),
        ("SSCAN", "*2\r\n$1\r\n0\r\n*0\r\n", "an absent key is answered before the options"),
    ]

    /// True when the reply is one that the real server, too, gives to such a line.
    static func isTolerated(_ reply: String, _ spec: CommandSpec) -> Bool {
        tolerated.contains { $0.command == spec.typedName && reply.hasPrefix($0.reply) }
    }

    /// The keys that generated lines name.
    private static let keys: [ByteString] = [
        "a", "b", "key:1", "key:2", "{tag}x", "k\u{e9}y", "",
    ]

    /// What makes a key hold a value that the commands of a group work on.
    private static func filling(_ group: CommandGroup) -> [ByteString] {
        switch group {
        case .list: ["RPUSH", "1", "2", "hello", "10"]
        case .set: ["SADD", "1", "2", "hello", "10"]
        case .hash: ["HSET", "hello", "10", "1", "2"]
        case .sortedSet: ["ZADD", "1", "hello", "2", "10"]
        default: ["SET", "10"]
        }
    }

    /// Empties the node, and in every other round fills the keys that lines name.
    static func prepare(_ node: TestNode, for spec: CommandSpec, _ round: Int) {
        _ = reply(node, ["FLUSHALL"])
        if round % 2 == 0 { return }
        let words = filling(spec.group)
        for key in keys { _ = reply(node, [words[0], key] + words.dropFirst()) }
    }

    static func values(_ argument: Argument, _ random: inout Random) -> ByteString? {
        guard let choices = byName[argument.name] else { return nil }
        return choices[random.next(below: choices.count)]
    }

    /// The reply to a line, on a session of its own. No reply is an empty text.
    static func reply(_ node: TestNode, _ line: [ByteString]) -> String {
        let session = node.open()
        defer { node.store.close(session: session) }
        return node.send(ArgumentList(line.map(\.bytes)), from: session)
    }

    static func isMisformed(_ reply: String) -> Bool {
        let texts = [
            "-ERR syntax error\r\n", "-ERR wrong number of arguments", "-ERR unknown",
            "-ERR Unrecognized",
        ]
        return texts.contains { reply.hasPrefix($0) }
    }

    /// True when the matcher rejects the line, and its handler must too.
    static func isRejected(_ line: [ByteString], _ spec: CommandSpec) -> Bool {
        if tolerant[spec.typedName] != nil { return false }
        // A spoilt subcommand may be another one.
        if spec.container != nil, line.count > 1, line[1].text.uppercased() != spec.name {
            return false
        }
        // A cursor without digits is 0.
        let cursor = ["SCAN": 1, "SSCAN": 2, "HSCAN": 2, "ZSCAN": 2][spec.typedName]
        if let cursor, line.count > cursor, line[cursor].text.isEmpty { return false }
        switch ArgumentMatcher.match(line, spec) {
        case .fits: return false
        case .conflicts: return true
        case .incomplete: return true
        // An option given twice is mostly taken: the last one counts.
        case .stops(let place): return !isRepetition(line, place)
        }
    }

    private static func isRepetition(_ line: [ByteString], _ place: Int) -> Bool {
        let word = line[place].text.uppercased()
        return line[..<place].contains { $0.text.uppercased() == word }
    }

    /// The line with one word dropped, added or replaced behind the command's name.
    static func spoil(_ line: [ByteString], _ random: inout Random) -> [ByteString] {
        var line = line
        let junk: [ByteString] = ["nonsense", "", "1", "-1", "1.5", "NX", "GET"]
        let word = junk[random.next(below: junk.count)]
        let place = 1 + random.next(below: line.count)
        switch random.next(below: 4) {
        case 0 where line.count > 1: line.removeLast()
        case 1 where place < line.count: line[place] = word
        case 2 where place < line.count: line.remove(at: place)
        default: line.insert(word, at: place)
        }
        return line
    }
}
