import Bytes
import Grammar
import Structures
import Wire

// Some fields of a hash: by chance, and a few at a time.

extension Hashes {
    // MARK: HRANDFIELD

    static let hrandfield = Command<Store>(
        "HRANDFIELD", .hash, [.readonly], since: "6.2.0",
        summary: "Gives fields of a hash chosen at random.",
        complexity: "O(N), N being the number of fields returned.", categories: [.hash],
        arguments: [
            .key([.readOnly, .access]),
            .block("options", [.integer("count"), .token("WITHVALUES").optional]).optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["HSET user:1 name Ada born 1815", "HRANDFIELD user:1 1 WITHVALUES"],
        run: runHrandfield)

    static func runHrandfield(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        if call.count > 2 { return try runHrandfields(&store, call, &reply) }
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            return reply.null()
        }
        var random = store.random
        hash.withRandomField(using: &random) { field, _ in reply.text(field) }
        store.random = random
    }

    private static func runHrandfields(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let wanted = call[2].canonicalInteger else { throw .notInteger }
        guard wanted > Int64.min else { throw .countOutOfRange }
        if call.count > 4 { throw .syntax }
        let hasValues = call.count == 4
        if hasValues {
            guard call[3].matches("WITHVALUES") else { throw .syntax }
            if wanted.magnitude > UInt64(Int64.max) / 2 { throw .outOfRange }
        }
        guard let hash = try store.object(call[1], as: HashObject.self), wanted != 0 else {
            return reply.array(0)
        }
        let isRepeating = wanted < 0
        let count = isRepeating ? Int(wanted.magnitude) : min(Int(wanted), hash.count)
        let isFlat = hasValues && reply.version == .two
        reply.array(isFlat ? 2 * count : count)
        var random = store.random
        if isRepeating {
            for _ in 0..<count {
                hash.withRandomField(using: &random) { reply.pair($0, $1, hasValues) }
            }
        } else if count == hash.count {
            hash.forEach { reply.pair($0, $1, hasValues) }
        } else {
            hash.forRandomFields(count, using: &random) { reply.pair($0, $1, hasValues) }
        }
        store.random = random
    }

    // MARK: HSCAN

    static let hscan = Command<Store>(
        "HSCAN", .hash, [.readonly], since: "2.8.0",
        summary: """
            Walks the fields of a hash a few at a time: each reply has the cursor for the next \
            call, 0 at the end.
            """,
        complexity: "O(1) a call; O(N) for the whole walk, N being the number of fields.",
        categories: [.hash],
        arguments: [
            .key([.readOnly, .access]), .integer("cursor"),
            .pattern("pattern").after("MATCH").optional,
            .integer("count").after("COUNT").optional,
            .token("NOVALUES").optional.only(.valkey80),
        ],
        tips: ["nondeterministic_output"],
        examples: ["HSET user:1 name Ada born 1815", "HSCAN user:1 0 MATCH n*"], run: runHscan)

    static func runHscan(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let cursor = try Keys.scanCursor(call[2])
        guard let hash = try store.object(call[1], as: HashObject.self) else {
            reply.array(2)
            reply.bulk(decimal: 0)
            return reply.array(0)
        }
        let options = try CollectionScanOptions(
            call, from: 3, bare: store.settings.flavour == .valkey80 ? "NOVALUES" : nil)
        let width = options.isBare ? 1 : 2
        reply.array(2)
        if hash.isSmall {
            reply.bulk(decimal: 0)
            return reply.deferred(.array) { reply in
                var count = 0
                hash.forEach { field, value in
                    guard field.withText({ options.passes($0) }) else { return }
                    reply.text(field)
                    if !options.isBare { reply.text(value) }
                    count += width
                }
                return count
            }
        }
        var records: [Record] = []
        let next = options.collect(from: cursor, hash.table, into: &records)
        reply.bulk(utf8: String(next))
        reply.deferred(.array) { reply in
            var count = 0
            for record in records where options.passes(record.key) {
                reply.bulk(record.key)
                if !options.isBare { reply.bulk(record.fieldValue) }
                count += width
            }
            return count
        }
    }
}

extension ReplyWriter {
    /// A field, with its value where that is wanted: a pair of their own in RESP3.
    fileprivate mutating func pair(
        _ field: borrowing Listpack.Element, _ value: borrowing Listpack.Element,
        _ hasValue: Bool
    ) {
        if hasValue && version == .three { array(2) }
        text(field)
        if hasValue { text(value) }
    }
}
