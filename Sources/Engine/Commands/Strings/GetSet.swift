import Bytes
import Grammar
import Structures
import Wire

/// The commands of strings.
enum Strings {
    static var commands: [Command<Store>] {
        [get, set, setnx, setex, psetex, getset, getdel, getex]
            + [mget, mset, msetnx]
            + [incr, incrby, decr, decrby, incrbyfloat]
            + [append, setrange, getrange, substr, strlen, lcs]
    }

    // MARK: GET

    static let get = Command<Store>(
        "GET", .string, [.readonly, .fast], since: "1.0.0",
        summary: "Gives the string at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readOnly, .access])],
        examples: ["SET greeting hello", "GET greeting"], run: runGet)

    static func runGet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = try store.findString(call[1], .read) else { return reply.null() }
        reply.string(found.entry)
    }

    // MARK: SET

    static let set = Command<Store>(
        "SET", .string, [.write, .denyOOM], since: "1.0.0",
        summary: "Sets a key to a string, whatever it held before.",
        complexity: "O(1)",
        history: [
            "2.6.12": "EX, PX, NX and XX came.",
            "6.0.0": "KEEPTTL came.",
            "6.2.0": "GET, EXAT and PXAT came.",
            "7.0.0": "NX and GET may stand together.",
        ],
        categories: [.string],
        arguments: [
            .key([.readWrite, .access, .update, .variableFlags])
                .keyFlags([.overwrite, .update], without: ["GET"], from: 3)
                .noted("RW and ACCESS because `GET` reads the old value."),
            .string("value"),
            .oneOf("condition", [.token("NX"), .token("XX")]).since("2.6.12").optional,
            .token("GET").since("6.2.0").optional,
            .oneOf(
                "expiration",
                [
                    .integer("seconds").after("EX").since("2.6.12"),
                    .integer("milliseconds").after("PX").since("2.6.12"),
                    .unixTime("unix-time-seconds").after("EXAT").since("6.2.0"),
                    .unixTime("unix-time-milliseconds").after("PXAT").since("6.2.0"),
                    .token("KEEPTTL").since("6.0.0"),
                ]
            ).optional,
        ],
        examples: ["SET greeting hello", "SET lock me NX PX 30000", "SET greeting hi XX GET"],
        run: runSet)

    static func runSet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 3 { return try runSetWithOptions(&store, call, &reply) }
        let found = store.find(call[1], .write)
        store.assign(call[1], call[2], .clear, at: found)
        store.notify(.string, "set", call[1])
        reply.ok()
    }

    @inline(never)
    private static func runSetWithOptions(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let options = try SetOptions(set: call)
        let expiry = try options.newExpiry(call, "set", store.now)
        let found = store.find(call[1], options.returnsOld ? .read : .write)
        if options.returnsOld {
            if let found {
                guard found.entry.isString else { throw .wrongType }
                reply.string(found.entry)
            } else {
                reply.null()
            }
        }
        if let wanted = options.presence, wanted != (found != nil) {
            if !options.returnsOld { reply.null() }
            return
        }
        store.assign(call[1], call[2], expiry, at: found)
        store.notify(.string, "set", call[1])
        if case .at = expiry { store.notify(.generic, "expire", call[1]) }
        if !options.returnsOld { reply.ok() }
    }

    // MARK: SETNX, SETEX, PSETEX

    static let setnx = Command<Store>(
        "SETNX", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Sets a key to a string if the key is not there.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.overwrite, .insert]), .string("value")],
        examples: ["SETNX greeting hello"], run: runSetnx)

    static func runSetnx(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if store.find(call[1], .write) != nil { return reply.integer(0) }
        store.assign(call[1], call[2], .clear, at: nil)
        store.notify(.string, "set", call[1])
        reply.integer(1)
    }

    static let setex = Command<Store>(
        "SETEX", .string, [.write, .denyOOM], since: "2.0.0",
        summary: "Sets a key to a string that expires after some seconds.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.overwrite, .update]), .integer("seconds"), .string("value")],
        examples: ["SETEX greeting 60 hello"], run: runSetex)

    static func runSetex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let time = try ExpiryForm.seconds.time(call[2], "setex", store.now)
        assign(&store, call[1], call[3], until: time)
        reply.ok()
    }

    static let psetex = Command<Store>(
        "PSETEX", .string, [.write, .denyOOM], since: "2.6.0",
        summary: "Sets a key to a string that expires after some milliseconds.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.overwrite, .update]), .integer("milliseconds"), .string("value")],
        examples: ["PSETEX greeting 1500 hello"], run: runPsetex)

    static func runPsetex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let time = try ExpiryForm.milliseconds.time(call[2], "psetex", store.now)
        assign(&store, call[1], call[3], until: time)
        reply.ok()
    }

    private static func assign(
        _ store: inout Store, _ key: RawSpan, _ value: RawSpan, until time: Int64
    ) {
        store.assign(key, value, .at(time), at: store.find(key, .write))
        store.notify(.string, "set", key)
        store.notify(.generic, "expire", key)
    }
}

extension ReplyWriter {
    /// The string that an entry holds.
    @inline(__always)
    mutating func string(_ entry: Entry) {
        switch entry.string {
        case .integer(let value): bulk(decimal: value)
        case .bytes(let bytes): bulk(bytes)
        }
    }
}
