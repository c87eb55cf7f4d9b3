import Bytes
import Grammar
import Structures
import Wire

// The commands that count: a string that is a number is one whatever it is kept as, and a key
// that is not there counts from 0. The expiry stays.

extension Strings {
    static let incr = Command<Store>(
        "INCR", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Adds one to the whole number at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .update])],
        examples: ["INCR visits"], run: runIncr)

    static func runIncr(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try add(1, &store, call, &reply)
    }

    static let incrby = Command<Store>(
        "INCRBY", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Adds to the whole number at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .update]), .integer("increment")],
        examples: ["INCRBY visits 10"], run: runIncrby)

    static func runIncrby(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let increment = call[2].canonicalInteger else { throw .notInteger }
        try add(increment, &store, call, &reply)
    }

    static let decr = Command<Store>(
        "DECR", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Takes one from the whole number at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .update])],
        examples: ["DECR stock"], run: runDecr)

    static func runDecr(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        try add(-1, &store, call, &reply)
    }

    static let decrby = Command<Store>(
        "DECRBY", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Takes from the whole number at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .update]), .integer("decrement")],
        examples: ["DECRBY stock 3"], run: runDecrby)

    static func runDecrby(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let decrement = call[2].canonicalInteger else { throw .notInteger }
        guard decrement != .min else { throw .decrementOverflow }
        try add(-decrement, &store, call, &reply)
    }

    @inline(__always)
    private static func add(
        _ increment: Int64, _ store: inout Store, _ call: borrowing Call,
        _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let found = try store.findString(call[1], .write)
        var value: Int64 = 0
        if let found {
            switch found.entry.string {
            case .integer(let number): value = number
            case .bytes(let bytes):
                guard let number = bytes.canonicalInteger else { throw .notInteger }
                value = number
            }
        }
        let (sum, overflow) = value.addingReportingOverflow(increment)
        if overflow { throw .overflow }
        store.assign(call[1], integer: sum, .keep, at: found)
        store.notify(.string, "incrby", call[1])
        reply.integer(sum)
    }

    static let incrbyfloat = Command<Store>(
        "INCRBYFLOAT", .string, [.write, .denyOOM, .fast], since: "2.6.0",
        summary: "Adds to the number at a key, which may have a fraction.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .update]), .double("increment")],
        examples: ["INCRBYFLOAT price 0.25"], run: runIncrbyfloat)

    static func runIncrbyfloat(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let found = try store.findString(call[1], .write)
        var value: LongDouble = 0
        if let found {
            switch found.entry.string {
            case .integer(let number): value = LongDouble(number)
            case .bytes(let bytes):
                guard let number = Doubles.parseLong(bytes) else { throw .notFloat }
                value = number
            }
        }
        guard let increment = Doubles.parseLong(call[2]) else { throw .notFloat }
        value += increment
        guard value.isFinite else { throw .notANumber }
        var text: [UInt8] = []
        Doubles.appendHuman(value, to: &text)
        // The result stays text even when it has no fraction.
        store.assign(call[1], text: text.rawSpan, .keep, at: found)
        store.notify(.string, "incrbyfloat", call[1])
        reply.bulk(text)
    }
}
