import Bytes
import Engine
import Glibc
import Grammar

/// Commands that are compared together, and where their random requests come from: mostly the
/// declared grammar with the values of `Dice`, a quarter of them spoiled.
struct Family: Sendable {
    let name: String
    /// How many connections take turns.
    var connections = 1
    /// Whether requests may end connections or silence them.
    var isAboutConnections = false
    /// Settings that both servers get.
    let settings: [String]
    /// What values are drawn from; any, when empty.
    private let texts: [[UInt8]]
    /// Names in capitals, a subcommand with its container, and how often each is drawn.
    private let commands: [(name: String, weight: Int)]

    static let strings = Family(
        name: "strings",
        commands: [
            "SET": 9, "GET": 5, "GETSET": 2, "GETDEL": 2, "GETEX": 5, "SETNX": 2, "SETEX": 3,
            "PSETEX": 3, "APPEND": 4, "SETRANGE": 4, "GETRANGE": 4, "SUBSTR": 2, "STRLEN": 3,
            "INCR": 3, "INCRBY": 4, "DECR": 3, "DECRBY": 4, "INCRBYFLOAT": 6, "MGET": 3,
            "MSET": 3, "MSETNX": 2, "LCS": 5, "TTL": 1, "PTTL": 1, "PEXPIRETIME": 2, "DEL": 2,
            "OBJECT ENCODING": 4, "TYPE": 1, "DBSIZE": 1,
        ])

    static let keys = Family(
        name: "keys and expiry",
        commands: [
            "SET": 16, "APPEND": 2, "INCR": 1, "GET": 3, "SETEX": 2, "DEL": 4, "UNLINK": 2,
            "EXISTS": 3, "TOUCH": 2, "TYPE": 3, "RENAME": 5, "RENAMENX": 4, "COPY": 8,
            "MOVE": 5, "OBJECT ENCODING": 3, "OBJECT FREQ": 1, "OBJECT IDLETIME": 2,
            "OBJECT REFCOUNT": 3, "OBJECT HELP": 1, "EXPIRE": 7, "PEXPIRE": 7, "EXPIREAT": 7,
            "PEXPIREAT": 7, "PERSIST": 4, "TTL": 3, "PTTL": 3, "EXPIRETIME": 3,
            "PEXPIRETIME": 4, "KEYS": 3, "RANDOMKEY": 1, "SCAN": 5, "DBSIZE": 2, "SWAPDB": 1,
            "FLUSHDB": 1, "FLUSHALL": 1, "SELECT": 3,
        ])

    /// The limit is low, so that lists have several nodes.
    static let lists = Family(
        name: "lists", setting: ["list-max-listpack-size": "4"],
        commands: [
            "LPUSH": 5, "RPUSH": 6, "LPUSHX": 2, "RPUSHX": 2, "LPOP": 3, "RPOP": 3, "LLEN": 2,
            "LINDEX": 3, "LINSERT": 5, "LRANGE": 5, "LREM": 5, "LSET": 4, "LTRIM": 1, "LPOS": 5,
            "LMOVE": 4, "RPOPLPUSH": 2, "LMPOP": 2, "SET": 1, "DEL": 1, "COPY": 1, "TYPE": 1,
            "OBJECT ENCODING": 1,
        ])

    /// Many elements are numbers, so that most are sorted and not refused.
    static let sorting = Family(
        name: "sorting", setting: ["list-max-listpack-size": "4"],
        texts: [
            "1", "2", "7", "1", "2", "7", "10", "-3", "2.5", "1e3", "0x10", "007", "1", "", "a",
            "b", "c",
        ],
        commands: [
            "RPUSH": 8, "LTRIM": 2, "SET": 3, "HSET": 3, "DEL": 2, "SORT": 14, "SORT_RO": 5,
            "LRANGE": 1, "TYPE": 1,
        ])

    static let connection = Family(
        name: "connection", connections: 3, isAboutConnections: true,
        commands: [
            "PING": 6, "ECHO": 6, "SELECT": 6, "HELLO": 6, "AUTH": 5, "RESET": 2, "QUIT": 1,
            "CLIENT ID": 2, "CLIENT INFO": 3, "CLIENT LIST": 4, "CLIENT SETNAME": 5,
            "CLIENT GETNAME": 4, "CLIENT KILL": 3, "CLIENT REPLY": 4, "CLIENT NO-EVICT": 3,
            "CLIENT HELP": 1, "GET": 2, "SET": 2, "DBSIZE": 1,
        ])

    /// The limits are low, so that half of the hashes become tables.
    static let hashes = Family(
        name: "hashes",
        setting: ["hash-max-listpack-entries": "12", "hash-max-listpack-value": "40"],
        commands: [
            "HSET": 14, "HMSET": 2, "HSETNX": 4, "HDEL": 10, "HGET": 5, "HMGET": 4, "HEXISTS": 3,
            "HSTRLEN": 3, "HLEN": 3, "HGETALL": 4, "HKEYS": 2, "HVALS": 2, "HINCRBY": 6,
            "HINCRBYFLOAT": 6, "HRANDFIELD": 5, "HSCAN": 5, "SET": 1, "DEL": 2, "COPY": 2,
            "RENAME": 1, "MOVE": 1, "EXPIRE": 1, "PERSIST": 1, "TYPE": 1, "OBJECT ENCODING": 3,
            "TOUCH": 1, "DBSIZE": 1,
        ])

    /// The limit is low, so that a third of the sets of integers become tables. What SPOP takes is
    /// chance, so its key is deleted on both sides behind it.
    static let sets = Family(
        name: "sets", setting: ["set-max-intset-entries": "12"],
        commands: [
            "SADD": 22, "SREM": 8, "SISMEMBER": 4, "SMISMEMBER": 4, "SCARD": 4, "SMEMBERS": 5,
            "SPOP": 4, "SRANDMEMBER": 4, "SMOVE": 6, "SINTER": 4, "SINTERCARD": 5,
            "SINTERSTORE": 4, "SUNION": 4, "SUNIONSTORE": 4, "SDIFF": 4, "SDIFFSTORE": 4,
            "SSCAN": 5, "SET": 1, "DEL": 1, "COPY": 2, "RENAME": 1, "MOVE": 1, "EXPIRE": 1,
            "PERSIST": 1, "TYPE": 1, "OBJECT ENCODING": 4, "DBSIZE": 1,
        ])

    /// The limits are low, so that half of the sorted sets become large.
    static let sortedSets = Family(
        name: "sorted sets",
        setting: ["zset-max-listpack-entries": "12", "zset-max-listpack-value": "40"],
        commands: [
            "ZADD": 16, "ZINCRBY": 5, "ZREM": 4, "ZCARD": 2, "ZSCORE": 3, "ZMSCORE": 3,
            "ZRANK": 4, "ZREVRANK": 4, "ZCOUNT": 4, "ZLEXCOUNT": 3, "ZRANGE": 10,
            "ZRANGESTORE": 4, "ZREVRANGE": 3, "ZRANGEBYSCORE": 4, "ZREVRANGEBYSCORE": 4,
            "ZRANGEBYLEX": 3, "ZREVRANGEBYLEX": 3, "ZREMRANGEBYRANK": 1, "ZREMRANGEBYSCORE": 1,
            "ZREMRANGEBYLEX": 1, "ZPOPMIN": 2, "ZPOPMAX": 2, "ZMPOP": 2, "ZRANDMEMBER": 3,
            "ZUNION": 4, "ZINTER": 4, "ZDIFF": 4, "ZUNIONSTORE": 3, "ZINTERSTORE": 3,
            "ZDIFFSTORE": 2, "ZINTERCARD": 3, "OBJECT ENCODING": 3, "TYPE": 1, "DEL": 1,
            "ZSCAN": 3, "SADD": 4, "SET": 1, "COPY": 1, "RENAME": 1,
        ])

    /// Numbers that stand for the connections of a run; a run puts the real numbers there.
    static let firstPlaceholder = 7_770_000

    private init(
        name: String, connections: Int = 1, isAboutConnections: Bool = false,
        setting settings: KeyValuePairs<String, String> = [:], texts: [String] = [],
        commands: KeyValuePairs<String, Int>
    ) {
        self.name = name
        self.connections = connections
        self.isAboutConnections = isAboutConnections
        self.texts = texts.map { Array($0.utf8) }
        self.settings = settings.flatMap { [$0.key, $0.value] }
        self.commands = commands.map { ($0.key, $0.value) }
    }

    /// False for words that SORT would read and that begin with a number out of range, large or
    /// small, and for a SORT by texts under other keys, some of which are the same: see
    /// `Unplayed.all`.
    func allows(_ words: [[UInt8]]) -> Bool {
        if name != "sorting" { return true }
        let options = Set(words.map { String(decoding: $0, as: UTF8.self).uppercased() })
        if options.isSuperset(of: ["ALPHA", "BY"]) { return false }
        return words.allSatisfy { !leavesRangeError($0) }
    }

    /// True when the C library leaves `ERANGE` behind when it reads the number that a word begins
    /// with: the real server then refuses weights that it sorts by later, good ones too.
    private func leavesRangeError(_ word: [UInt8]) -> Bool {
        errno = 0
        _ = String(decoding: word, as: UTF8.self).withCString { strtod($0, nil) }
        return errno == ERANGE
    }

    /// True when the family plays this command.
    func plays(_ name: String) -> Bool { commands.contains { $0.name == name } }

    /// The sources of lines, each as often as its weight says.
    func generators() -> [CommandLineGenerator] {
        let table = EmbeddedStore().commands
        return commands.flatMap { name, weight -> [CommandLineGenerator] in
            let entry = table.entries.first { entry in
                let container = entry.spec.container.map { $0 + " " } ?? ""
                return container + entry.spec.name == name
            }
            guard let entry else { preconditionFailure("no command is named \(name)") }
            let generator = CommandLineGenerator(entry.spec) { argument, random in
                var dice = Dice(random)
                defer { random = dice.random }
                if argument.kind == .string, !texts.isEmpty, !dice.once(in: 30) {
                    return ByteString(dice.pick(texts))
                }
                return Family.value(of: argument, name, &dice).map { ByteString($0) }
            }
            return Array(repeating: generator, count: weight)
        }
    }

    /// What stands for an argument of a command.
    private static func value(
        of argument: Argument, _ command: String, _ dice: inout Dice
    ) -> [UInt8]? {
        if sortedSets.plays(command), let value = scored(argument, command, &dice) { return value }
        return switch argument.kind {
        case .key: dice.key()
        case .unixTime:
            Array(dice.absoluteTime(milliseconds: argument.name.contains("milli")).utf8)
        case .integer: Array(integer(argument, command, &dice).utf8)
        case .double: Array(dice.pick(Dice.doubles).utf8)
        case .pattern where command.hasPrefix("SORT"): Array(dice.pick(namings).utf8)
        case .pattern: Array(dice.pick(patterns).utf8)
        case .string: string(argument, command, &dice)
        default: nil
        }
    }

    private static func integer(
        _ argument: Argument, _ command: String, _ dice: inout Dice
    ) -> String {
        switch argument.name {
        case "seconds", "milliseconds": return dice.relativeTime()
        case "cursor": return dice.once(in: 5) ? String(dice.below(300)) : "0"
        case "count" where command == "LREM":
            return dice.once(in: 10) ? dice.pick(Dice.integers) : String(dice.below(7) - 3)
        case "count" where command.hasPrefix("L") || command.hasPrefix("R"):
            return dice.once(in: 10)
                ? dice.pick(["100", "0", "-1", "9223372036854775807"])
                : String(1 + dice.below(3))
        case "start", "stop",
            "index" where command.hasPrefix("L"):
            return dice.once(in: 10) ? dice.pick(Dice.integers) : String(dice.below(24) - 8)
        case "count": return dice.pick(["100000", "100000", "100000", "1", "2", "10", "0", "-1"])
        case "index", "index1", "index2", "destination-db", "db":
            return dice.once(in: 8)
                ? dice.pick(["15", "16", "-1", "2147483648", "9223372036854775807"])
                : String(dice.below(4))
        case "protover":
            return dice.pick(["2", "3", "2", "3", "1", "4", "0", "-1", "9223372036854775807"])
        case "client-id":
            return dice.once(in: 4)
                ? dice.pick(["0", "-1", "999999999", "9223372036854775807"])
                : String(firstPlaceholder + dice.below(3))
        case "offset" where command == "SETRANGE":
            return dice.once(in: 6)
                ? dice.pick(["-1", "536870912", "9223372036854775807", "300", "1000"])
                : String(dice.below(60))
        default:
            return dice.once(in: 3) ? dice.pick(Dice.integers) : dice.smallInteger()
        }
    }

    private static func string(
        _ argument: Argument, _ command: String, _ dice: inout Dice
    ) -> [UInt8] {
        switch (command, argument.name) {
        case ("AUTH", _), ("HELLO", "username"), ("HELLO", "password"):
            Array(dice.pick(["default", "sesame", "sesame", "", "nobody", "Default"]).utf8)
        case ("CLIENT SETNAME", _), ("HELLO", "clientname"):
            dice.once(in: 3)
                ? dice.value() : Array(dice.pick(["me", "worker-1", "", "a b", "x\ny", "~!"]).utf8)
        case ("CLIENT KILL", "username"): Array(dice.pick(["default", "nobody"]).utf8)
        case ("CLIENT KILL", "yes/no"): Array(dice.pick(["yes", "NO", "no", "maybe"]).utf8)
        case ("CLIENT KILL", _): Array(dice.pick(["/nowhere:0", "127.0.0.1:1", "x"]).utf8)
        case (_, "element"), (_, "pivot"):
            // Few different ones, so that they are found again.
            dice.once(in: 3) ? dice.value() : Array(dice.pick(elements).utf8)
        case ("SCAN", _): Array(dice.pick(["string", "STRING", "list", "hash", "nothing"]).utf8)
        case (_, "member"):
            dice.once(in: 30)
                ? dice.value()
                : Array((dice.once(in: 12) ? "m" : "").utf8)
                    + Array("\(dice.once(in: 2) ? dice.below(6) : dice.below(40) - 9)".utf8)
        case (_, "field"):
            dice.once(in: 30)
                ? dice.value() : Array("f\(dice.once(in: 2) ? dice.below(8) : dice.below(40))".utf8)
        default: dice.value()
        }
    }

    private static let elements = ["a", "b", "c", "1", "2", "300", "-5000", "70000", "longer one"]

    /// Patterns of SORT that name keys after elements.
    private static let namings = [
        "*", "key:*", "*->1", "key:*->2", "*->a", "#", "nosort", "*->", "->*", "{tag}*", "",
    ]

    private static let patterns = [
        "*", "*", "a*", "?", "[a-c]", "[^a]", "key:*", "key:?", "*:1", "", "\\*", "[", "a\\",
        "**", "*[0-9]", "{tag}*", "[a", "h?llo", "[\\]]",
    ]
}

/// A family's endless requests, all from one seed.
struct RequestSource {
    private let family: Family
    private let generators: [CommandLineGenerator]
    var dice: Dice
    /// Requests that belong behind the last one.
    private var following: [Request] = []
    /// True when a request is owed that belongs to the last one.
    var isInTheMiddle: Bool { !following.isEmpty }

    init(_ family: Family, seed: UInt64) {
        self.family = family
        generators = family.generators()
        dice = Dice(Random(seed: seed))
    }

    mutating func next() -> Request {
        if let request = following.popLast() { return request }
        if dice.once(in: family.isAboutConnections ? 12 : 100) { return Request(unknown()) }
        if family.plays("ZADD"), dice.once(in: 8) { return Request(Family.manyScored(&dice)) }
        var words = dice.pick(generators).line(using: &dice.random).map(\.bytes)
        if dice.once(in: 4) {
            let mutant = Mutation.mutate(words, &dice)
            if family.allows(mutant) { words = mutant }
        }
        if !family.allows(words) { return next() }
        if family.plays("ZADD") { words = Family.keepingOrdersApart(words, &dice) }
        let canBeTyped = words.first?.first != UInt8(ascii: "*")
        let isTyped = dice.once(in: family.isAboutConnections ? 5 : 50) && canBeTyped
        let request = isTyped ? Request(inline: words, &dice) : Request(words)
        // These touch keys by chance, and what they touch goes when its time has passed: so that
        // both servers hold the same afterwards, all such keys go before.
        if request.name == "SCAN" || request.name == "RANDOMKEY" {
            following.append(request)
            return Request("SCAN", "0", "COUNT", "100000")
        }
        // What is left behind is chance: both sides forget it.
        if request.name == "SPOP", request.words.count > 1 {
            following.append(Request([Array("DEL".utf8), request.words[1]]))
        }
        return request
    }

    /// A command that there is not.
    private mutating func unknown() -> [[UInt8]] {
        let names = ["NOSUCH", "get ", "", "FOO\r\nBAR", "ПРИВЕТ", "SETT", "client|id"]
        var words = [
            dice.once(in: 3) ? dice.bytes(1 + dice.below(200)) : Array(dice.pick(names).utf8)
        ]
        for _ in 0..<dice.pick([0, 1, 2, 3, 8]) { words.append(dice.value()) }
        return words
    }
}
