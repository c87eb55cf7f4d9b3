import Bytes
import Grammar
import Structures
import Wire

// When keys go: setting the time in four units, asking for it in four units, and taking it away.

extension Keys {
    static var expiry: [Command<Store>] {
        [
            expire, pexpire, expireat, pexpireat, ttl, pttl, expiretime, pexpiretime, persist,
        ]
    }

    // MARK: Setting

    private static let conditions = Argument.oneOf(
        "condition", [.token("NX"), .token("XX"), .token("GT"), .token("LT")]
    ).optional.since("7.0.0")

    private static let conditionHistory: KeyValuePairs<String, String> = [
        "7.0.0": "The conditions `NX`, `XX`, `GT` and `LT`."
    ]

    private static let conditionConflicts = [["NX", "XX"], ["NX", "GT", "LT"], ["GT", "LT"]]

    static let expire = Command<Store>(
        "EXPIRE", .generic, [.write, .fast], since: "1.0.0",
        summary: "Lets a key expire after some seconds.",
        complexity: "O(1)", history: conditionHistory, categories: [.keyspace],
        arguments: [.key([.readWrite, .update]), .integer("seconds"), conditions],
        conflicts: conditionConflicts,
        examples: ["EXPIRE greeting 60", "EXPIRE greeting 120 GT"]
    ) { store, call, reply throws(CommandError) in
        try setTime(&store, call, &reply, unit: 1000, isRelative: true, "expire")
    }

    static let pexpire = Command<Store>(
        "PEXPIRE", .generic, [.write, .fast], since: "2.6.0",
        summary: "Lets a key expire after some milliseconds.",
        complexity: "O(1)", history: conditionHistory, categories: [.keyspace],
        arguments: [.key([.readWrite, .update]), .integer("milliseconds"), conditions],
        conflicts: conditionConflicts,
        examples: ["PEXPIRE greeting 1500"]
    ) { store, call, reply throws(CommandError) in
        try setTime(&store, call, &reply, unit: 1, isRelative: true, "pexpire")
    }

    static let expireat = Command<Store>(
        "EXPIREAT", .generic, [.write, .fast], since: "1.2.0",
        summary: "Lets a key expire at a time, given in seconds since 1970.",
        complexity: "O(1)", history: conditionHistory, categories: [.keyspace],
        arguments: [.key([.readWrite, .update]), .unixTime("unix-time-seconds"), conditions],
        conflicts: conditionConflicts,
        examples: ["EXPIREAT greeting 4102444800"]
    ) { store, call, reply throws(CommandError) in
        try setTime(&store, call, &reply, unit: 1000, isRelative: false, "expireat")
    }

    static let pexpireat = Command<Store>(
        "PEXPIREAT", .generic, [.write, .fast], since: "2.6.0",
        summary: "Lets a key expire at a time, given in milliseconds since 1970.",
        complexity: "O(1)", history: conditionHistory, categories: [.keyspace],
        arguments: [
            .key([.readWrite, .update]), .unixTime("unix-time-milliseconds"), conditions,
        ],
        conflicts: conditionConflicts,
        examples: ["PEXPIREAT greeting 4102444800000"]
    ) { store, call, reply throws(CommandError) in
        try setTime(&store, call, &reply, unit: 1, isRelative: false, "pexpireat")
    }

    /// The four commands that set a time: `unit` is in milliseconds.
    private static func setTime(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter, unit: Int64,
        isRelative: Bool, _ name: String
    ) throws(CommandError) {
        let conditions = try ExpiryConditions(call)
        guard let number = call[2].canonicalInteger else { throw .notInteger }
        let (time, overflow) = number.multipliedReportingOverflow(by: unit)
        if overflow { throw .invalidExpiry(name) }
        let present = store.now.wall.milliseconds
        let (when, carry) = time.addingReportingOverflow(isRelative ? present : 0)
        if carry { throw .invalidExpiry(name) }
        guard let found = store.find(call[1], .write), conditions.allow(when, found.entry.expiry)
        else { return reply.integer(0) }
        if when <= present {
            store.remove(found)
            store.notify(.generic, "del", call[1])
        } else {
            store.setExpiry(found, when)
            store.notify(.generic, "expire", call[1])
        }
        reply.integer(1)
    }

    static let persist = Command<Store>(
        "PERSIST", .generic, [.write, .fast], since: "2.2.0",
        summary: "Takes the time to live of a key away, so that it stays.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readWrite, .update])],
        examples: ["PERSIST greeting"], run: runPersist)

    static func runPersist(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = store.find(call[1], .write), found.entry.expiry != nil else {
            return reply.integer(0)
        }
        store.setExpiry(found, nil)
        store.notify(.generic, "persist", call[1])
        reply.integer(1)
    }

    // MARK: Asking

    static let ttl = Command<Store>(
        "TTL", .generic, [.readonly, .fast], since: "1.0.0",
        summary: "Says in how many seconds a key expires: -1 is never, -2 that there is no key.",
        complexity: "O(1)", history: ["2.8.0": "The reply -2."], categories: [.keyspace],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output"],
        examples: ["TTL greeting"]
    ) { store, call, reply throws(CommandError) in
        let present = store.now.wall.milliseconds
        // Half a second more counts as one: the field rounds here.
        tellTime(&store, call, &reply) { (max(0, $0 - present) + 500) / 1000 }
    }

    static let pttl = Command<Store>(
        "PTTL", .generic, [.readonly, .fast], since: "2.6.0",
        summary:
            "Says in how many milliseconds a key expires: -1 is never, -2 that there is no key.",
        complexity: "O(1)", history: ["2.8.0": "The reply -2."], categories: [.keyspace],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output"],
        examples: ["PTTL greeting"]
    ) { store, call, reply throws(CommandError) in
        let present = store.now.wall.milliseconds
        tellTime(&store, call, &reply) { max(0, $0 - present) }
    }

    static let expiretime = Command<Store>(
        "EXPIRETIME", .generic, [.readonly, .fast], since: "7.0.0",
        summary: "Says when a key expires, in seconds since 1970.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly, .access])],
        examples: ["EXPIRETIME greeting"]
    ) { store, call, reply throws(CommandError) in
        // The last half second of all times rounds up too, which takes a 64th bit.
        tellTime(&store, call, &reply) { Int64((UInt64($0) + 500) / 1000) }
    }

    static let pexpiretime = Command<Store>(
        "PEXPIRETIME", .generic, [.readonly, .fast], since: "7.0.0",
        summary: "Says when a key expires, in milliseconds since 1970.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readOnly, .access])],
        examples: ["PEXPIRETIME greeting"]
    ) { store, call, reply throws(CommandError) in
        tellTime(&store, call, &reply) { $0 }
    }

    private static func tellTime(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter,
        _ shown: (Int64) -> Int64
    ) {
        guard let found = store.find(call[1], .inspect) else { return reply.integer(-2) }
        guard let time = found.entry.expiry else { return reply.integer(-1) }
        reply.integer(shown(time))
    }
}

/// The conditions behind EXPIRE and its sisters.
private struct ExpiryConditions {
    var onlyNew = false
    var onlyOld = false
    var onlyLater = false
    var onlyEarlier = false

    init(_ call: borrowing Call) throws(CommandError) {
        var options = ArgumentCursor(call, from: 3)
        while let word = options.next() {
            if word.matches("NX") {
                onlyNew = true
            } else if word.matches("XX") {
                onlyOld = true
            } else if word.matches("GT") {
                onlyLater = true
            } else if word.matches("LT") {
                onlyEarlier = true
            } else {
                throw .unsupportedOption(word)
            }
        }
        if onlyNew && (onlyOld || onlyLater || onlyEarlier) { throw .conflictingConditions }
        if onlyLater && onlyEarlier { throw .conflictingComparisons }
    }

    /// True when a key with the expiry `old` may get `new`. No expiry counts as an endless one.
    func allow(_ new: Int64, _ old: Int64?) -> Bool {
        guard let old else { return !onlyOld && !onlyLater }
        if onlyNew { return false }
        if onlyLater && new <= old { return false }
        return !(onlyEarlier && new >= old)
    }
}
