import Bytes
import Grammar
import Structures
import Wire

// Commands that walk the keyspace: KEYS at once, SCAN in steps, RANDOMKEY by chance.

extension Keys {
    static var iteration: [Command<Store>] { [keys, scan, randomkey] }

    static let keys = Command<Store>(
        "KEYS", .generic, [.readonly], since: "1.0.0",
        summary: "Lists all keys that match a pattern; on a large keyspace use SCAN instead.",
        complexity: "O(N), N being the number of keys.", categories: [.keyspace, .dangerous],
        arguments: [.pattern("pattern")],
        tips: ["request_policy:all_shards", "nondeterministic_output_order"],
        examples: ["KEYS user:*"], run: runKeys)

    static func runKeys(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let filter = PatternFilter(call[1])
        let present = store.now.wall.milliseconds
        reply.deferred(.array) { reply in
            var count = 0
            store.keyspaces[store.selected].table.forEach { entry in
                if let expiry = entry.expiry, expiry < present { return }
                guard filter.passes(entry.key) else { return }
                reply.bulk(entry.key)
                count += 1
            }
            return count
        }
    }

    static let randomkey = Command<Store>(
        "RANDOMKEY", .generic, [.readonly], since: "1.0.0",
        summary: "Gives some key of the database, chosen at random.",
        complexity: "O(1)", categories: [.keyspace],
        tips: ["request_policy:all_shards", "nondeterministic_output"],
        examples: ["RANDOMKEY"], run: runRandomKey)

    static func runRandomKey(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        // Each round either answers or removes a key that has expired, so the loop ends; but
        // during a pause those stay, and after some rounds any key will do.
        var rounds = 0
        while let entry = store.randomEntry() {
            rounds += 1
            if store.pause != nil, rounds > 100 { return reply.bulk(entry.key) }
            if store.find(entry.key, .silent) != nil { return reply.bulk(entry.key) }
        }
        reply.null()
    }

    static let scan = Command<Store>(
        "SCAN", .generic, [.readonly], since: "2.8.0",
        summary: """
            Walks the keys a few at a time: each reply has the cursor for the next call, 0 at \
            the end.
            """,
        complexity: "O(1) a call; O(N) for the whole walk, N being the number of keys.",
        history: ["6.0.0": "The option `TYPE`."], categories: [.keyspace],
        arguments: [
            .integer("cursor"), .pattern("pattern").after("MATCH").optional,
            .integer("count").after("COUNT").optional,
            .string("type").after("TYPE").optional.since("6.0.0"),
        ],
        tips: ["nondeterministic_output", "request_policy:special"],
        examples: ["SCAN 0", "SCAN 0 MATCH user:* COUNT 100 TYPE string"], run: runScan)

    static func runScan(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let cursor = try scanCursor(call[1])
        let options = try ScanOptions(call, from: 2)
        reply.array(2)
        var entries: [Entry] = []
        let next = store.scanSome(cursor, count: options.count, into: &entries)
        reply.bulk(utf8: String(next))
        reply.deferred(.array) { reply in
            var count = 0
            for entry in entries where options.passes(entry) {
                // A lookup, so that a key that has expired goes instead of being returned.
                guard store.find(entry.key, .silent) != nil else { continue }
                reply.bulk(entry.key)
                count += 1
            }
            return count
        }
    }

    /// Reads a cursor as C's `strtoul` does, blanks at its head excepted: a sign may stand before
    /// the digits, the text may end early with a NUL, and no text at all is 0.
    static func scanCursor(_ word: RawSpan) throws(CommandError) -> UInt64 {
        let end = word.firstIndex(of: 0) ?? word.byteCount
        if end == 0 { return 0 }
        let isNegative = word[0] == UInt8(ascii: "-")
        let start = isNegative || word[0] == UInt8(ascii: "+") ? 1 : 0
        guard start < end else { throw .invalidCursor }
        var value: UInt64 = 0
        for index in start..<end {
            guard word[index].isASCIIDigit else { throw .invalidCursor }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(word[index] - 0x30))
            if overflow || carry { throw .invalidCursor }
            value = sum
        }
        return isNegative ? 0 &- value : value
    }
}

extension Store {
    /// Some entry of the selected database, which may have expired, or nil when there is none.
    fileprivate mutating func randomEntry() -> Entry? {
        var dice = random
        defer { random = dice }
        return keyspaces[selected].table.randomRecord(using: &dice)
    }

    /// Collects the entries of some buckets from `cursor` on: until there are `count`, or ten
    /// times as many buckets have been visited. Returns the next cursor, 0 at the end.
    fileprivate mutating func scanSome(
        _ cursor: UInt64, count: Int, into entries: inout [Entry]
    ) -> UInt64 {
        var cursor = cursor
        var rounds = count.multipliedReportingOverflow(by: 10).overflow ? Int.max : count * 10
        repeat {
            cursor = keyspaces[selected].table.scan(cursor) { entries.append($0) }
            rounds -= 1
        } while cursor != 0 && rounds >= 0 && entries.count < count
        return cursor
    }
}

/// A glob pattern, or none: `*` alone matches every key, the empty one too, which the pattern
/// language itself would not grant.
private struct PatternFilter: ~Escapable {
    private let pattern: RawSpan
    private let matchesAll: Bool

    @_lifetime(copy pattern)
    init(_ pattern: RawSpan) {
        self.pattern = pattern
        matchesAll = pattern.byteCount == 1 && pattern[0] == UInt8(ascii: "*")
    }

    func passes(_ key: RawSpan) -> Bool { matchesAll || Glob.matches(pattern, key) }
}

/// The options of SCAN.
private struct ScanOptions {
    var pattern: [UInt8]?
    var count = 10
    var type: [UInt8]?

    init(_ call: borrowing Call, from index: Int) throws(CommandError) {
        var options = ArgumentCursor(call, from: index)
        while !options.isAtEnd {
            if options.take("COUNT", followedBy: 1), let word = options.next() {
                guard let number = word.canonicalInteger else { throw .notInteger }
                guard number >= 1 else { throw .syntax }
                count = Int(number)
            } else if options.take("MATCH", followedBy: 1), let word = options.next() {
                pattern = word.copied()
            } else if options.take("TYPE", followedBy: 1), let word = options.next() {
                type = word.copied().map(\.asciiLowercased)
            } else {
                throw .syntax
            }
        }
    }

    /// A name that no type has is no error: no key has such a type.
    func passes(_ entry: Entry) -> Bool {
        if let pattern, !PatternFilter(pattern.rawSpan).passes(entry.key) { return false }
        guard let type else { return true }
        return type.elementsEqual(entry.type.name.utf8)
    }
}
