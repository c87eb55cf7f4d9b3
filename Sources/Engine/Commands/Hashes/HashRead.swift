import Bytes
import Grammar
import Structures
import Wire

// Reading hashes. A hash that is not there has no fields.

extension Hashes {
    // MARK: Single fields

    static let hget = Command<Store>(
        "HGET", .hash, [.readonly, .fast], since: "2.0.0",
        summary: "Gives the value of a field of a hash.",
        complexity: "O(1)", categories: [.hash],
        arguments: [.key([.readOnly, .access]), .string("field")],
        examples: ["HSET user:1 name Ada", "HGET user:1 name"], run: runHget)

    static func runHget(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.null()
        }
        hash.withValue(of: call[2]) { reply.text($0) }
    }

    static let hmget = Command<Store>(
        "HMGET", .hash, [.readonly, .fast], since: "2.0.0",
        summary: "Gives the values of several fields of a hash.",
        complexity: "O(N), N being the number of fields given.", categories: [.hash],
        arguments: [.key([.readOnly, .access]), .string("field").repeated],
        examples: ["HSET user:1 name Ada", "HMGET user:1 name born"], run: runHmget)

    static func runHmget(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let hash = try store.object(call[1], as: HashObject.self)
        reply.array(call.count - 2)
        for index in 2..<call.count {
            if let hash {
                hash.withValue(of: call[index]) { reply.text($0) }
            } else {
                reply.null()
            }
        }
    }

    static let hexists = Command<Store>(
        "HEXISTS", .hash, [.readonly, .fast], since: "2.0.0",
        summary: "Says whether a hash has a field.",
        complexity: "O(1)", categories: [.hash],
        arguments: [.key([.readOnly]), .string("field")],
        examples: ["HSET user:1 name Ada", "HEXISTS user:1 name"], run: runHexists)

    static func runHexists(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let hash = try store.object(call[1], as: HashObject.self)
        reply.integer(hash?.contains(call[2]) == true ? 1 : 0)
    }

    static let hstrlen = Command<Store>(
        "HSTRLEN", .hash, [.readonly, .fast], since: "3.2.0",
        summary: "Gives the length of the value of a field of a hash, in bytes.",
        complexity: "O(1)", categories: [.hash],
        arguments: [.key([.readOnly]), .string("field")],
        examples: ["HSET user:1 name Ada", "HSTRLEN user:1 name"], run: runHstrlen)

    static func runHstrlen(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.integer(0)
        }
        reply.integer(hash.withValue(of: call[2]) { $0?.textLength ?? 0 })
    }

    static let hlen = Command<Store>(
        "HLEN", .hash, [.readonly, .fast], since: "2.0.0",
        summary: "Says how many fields a hash has.",
        complexity: "O(1)", categories: [.hash],
        arguments: [.key([.readOnly])],
        examples: ["HSET user:1 name Ada", "HLEN user:1"], run: runHlen)

    static func runHlen(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(try store.object(call[1], as: HashObject.self)?.count ?? 0)
    }

    // MARK: Whole hashes

    static let hgetall = Command<Store>(
        "HGETALL", .hash, [.readonly], since: "2.0.0",
        summary: "Gives all fields of a hash with their values.",
        complexity: "O(N), N being the number of fields.", categories: [.hash],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output_order"],
        examples: ["HSET user:1 name Ada born 1815", "HGETALL user:1"], run: runHgetall)

    static func runHgetall(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.map(0)
        }
        reply.map(hash.count)
        hash.forEach { field, value in
            reply.text(field)
            reply.text(value)
        }
    }

    static let hkeys = Command<Store>(
        "HKEYS", .hash, [.readonly], since: "2.0.0",
        summary: "Gives all fields of a hash.",
        complexity: "O(N), N being the number of fields.", categories: [.hash],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output_order"],
        examples: ["HSET user:1 name Ada born 1815", "HKEYS user:1"], run: runHkeys)

    static func runHkeys(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.array(0)
        }
        reply.array(hash.count)
        hash.forEach { field, _ in reply.text(field) }
    }

    static let hvals = Command<Store>(
        "HVALS", .hash, [.readonly], since: "2.0.0",
        summary: "Gives all values of a hash.",
        complexity: "O(N), N being the number of fields.", categories: [.hash],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output_order"],
        examples: ["HSET user:1 name Ada born 1815", "HVALS user:1"], run: runHvals)

    static func runHvals(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.array(0)
        }
        reply.array(hash.count)
        hash.forEach { _, value in reply.text(value) }
    }
}

extension ReplyWriter {
    /// The text of an element.
    @inline(__always)
    mutating func text(_ element: borrowing Listpack.Element) {
        switch copy element {
        case .integer(let number): bulk(decimal: number)
        case .bytes(let bytes): bulk(bytes)
        }
    }

    /// The text of an element, or null.
    @inline(__always)
    mutating func text(_ element: borrowing Listpack.Element?) {
        guard let element = copy element else { return null() }
        text(element)
    }
}
