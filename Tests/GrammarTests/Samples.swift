import Bytes
import Grammar
import Wire

/// Commands of every shape that there is in the field, for tests of what follows from them.
enum Samples {
    typealias Command = Grammar.Command<Int>

    static func command(
        _ name: String, _ arguments: [Argument], flags: CommandFlags = [], arity: Int? = nil,
        keySpecs: [KeySpec]? = nil, conflicts: [[String]] = []
    ) -> Command {
        Command(
            name, .generic, flags, since: "1.0.0", summary: "A sample.", complexity: "O(1)",
            arguments: arguments, arity: arity, keySpecs: keySpecs, conflicts: conflicts
        ) { state, _, _ throws(CommandError) in state += 1 }
    }

    static let set = command(
        "SET",
        [
            .key([.readWrite, .access, .update, .variableFlags])
                .keyFlags([.overwrite, .update], without: ["GET"], from: 3).noted("A remark."),
            .string("value"),
            .oneOf("condition", [.token("NX"), .token("XX")]).optional.since("2.6.12"),
            .token("GET").optional,
            .oneOf(
                "expiration",
                [
                    .integer("seconds").after("EX"), .unixTime("unix-time-seconds").after("EXAT"),
                    .token("KEEPTTL"),
                ]
            ).optional,
        ])
    static let mset = command(
        "MSET",
        [.block("data", [.key([.overwrite, .update]), .string("value")]).repeated])
    static let blpop = command(
        "BLPOP", [.key([.readWrite, .access, .delete]).repeated, .double("timeout")])
    static let zadd = command(
        "ZADD",
        [
            .key([.readWrite, .update]),
            .oneOf("condition", [.token("NX"), .token("XX")]).optional,
            .oneOf("comparison", [.token("GT"), .token("LT")]).optional,
            .token("CH", "change").optional, .token("INCR", "increment").optional,
            .block("data", [.double("score"), .string("member")]).repeated,
        ], conflicts: [["NX", "GT", "LT"]])
    static let zunion = command(
        "ZUNION",
        [
            .integer("numkeys"), .key([.readOnly, .access]).repeated,
            .integer("weight").after("WEIGHTS").optional.repeated,
            .oneOf("aggregate", [.token("SUM"), .token("MIN"), .token("MAX")])
                .after("AGGREGATE").optional,
            .token("WITHSCORES").optional,
        ])
    static let eval = command(
        "EVAL",
        [
            .string("script"), .integer("numkeys"),
            .key([.readWrite, .access, .update]).optional.repeated,
            .string("arg").optional.repeated,
        ], flags: [.noMandatoryKeys])
    static let xread = command(
        "XREAD",
        [
            .integer("count").after("COUNT").optional,
            .integer("milliseconds").after("BLOCK").optional,
            .block(
                "streams", [.key([.readOnly, .access]).repeated, .string("id").repeated]
            ).after("STREAMS"),
        ])
    static let georadius = command(
        "GEORADIUS",
        [
            .key([.readOnly, .access]), .double("longitude"), .double("latitude"),
            .double("radius"), .oneOf("unit", [.token("M"), .token("KM")]),
            .token("WITHCOORD").optional,
            .key([.overwrite, .update]).after("STORE").optional,
        ])
    static let lcs = command(
        "LCS", [.key([.readOnly, .access], "key1"), .key([.readOnly, .access], "key2")])
    static let rename = command(
        "RENAME", [.key([.readWrite, .access, .delete]), .key([.overwrite, .update], "newkey")])
    static let sort = command(
        "SORT",
        [
            .key([.readOnly, .access]), .pattern("pattern").after("BY").optional.keySpec(1),
            .pattern("pattern").after("GET").optional.repeatedWithToken.keySpec(1),
            .token("ALPHA", "sorting").optional,
        ],
        keySpecs: [
            KeySpec(.index(1), .range(last: 0, step: 1, limit: 0), [.readOnly, .access]),
            KeySpec(.unknown, .unknown, [.readOnly, .access], notes: "Anywhere."),
        ])
    static let hello = command(
        "HELLO",
        [
            .block(
                "arguments",
                [
                    .integer("protover"),
                    .block("auth", [.string("username"), .string("password")]).after("AUTH")
                        .optional,
                    .string("clientname").after("SETNAME").optional,
                ]
            ).optional
        ])
    static let ping = command("PING", [.string("message").optional])
    static let quit = command("QUIT", [], arity: -1)
    static let object = Command(
        container: "OBJECT", .generic, since: "2.2.3", summary: "A container.",
        subcommands: [
            command("OBJECT ENCODING", [.key([.readOnly])]),
            Command(
                "OBJECT NEWER", .generic, [], since: "7.2.0", summary: "Came later.",
                complexity: "O(1)", arguments: []
            ) { state, _, _ throws(CommandError) in state += 1 },
        ])
    static let all = [
        set, mset, blpop, zadd, zunion, eval, xread, georadius, lcs, rename, sort, hello, ping,
        quit, object,
    ]
    static let table = CommandTable(all, flavour: .redis70)

    /// The words of a line, split at blanks.
    static func words(_ line: String) -> [ByteString] {
        line.split(separator: " ").map { ByteString(String($0)) }
    }
}
