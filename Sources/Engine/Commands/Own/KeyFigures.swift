import Bytes
import Grammar
import Wire

// LARDER HOTKEYS and LARDER BIGKEYS: what the engine has watched of the keys of the selected
// database. What is not watched is an error and not an empty list, so that nobody takes silence
// for an answer.

extension OwnCommands {
    static let hotKeys = Command<Store>(
        "LARDER HOTKEYS", .server, [.admin, .loading, .stale], since: "1.0.0",
        summary: """
            Lists the keys of the database that are asked for most, over about the last minute: \
            lookups a second, the possible error, the share of all. Needs larder-hot-keys.
            """, complexity: "O(1): what is looked through is bounded.",
        arguments: [.integer("count").after("COUNT").optional],
        tips: ["nondeterministic_output"],
        examples: ["LARDER HOTKEYS", "LARDER HOTKEYS COUNT 5"]
    ) { store, call, reply throws(CommandError) in
        let count = try count(call, otherwise: 10)
        guard store.settings.watchesHotKeys else { throw .notWatched("larder-hot-keys") }
        let keys = store.hottestKeys(count, database: store.selected)
        reply.array(keys.count)
        for key in keys { reply.write(key) }
    }

    static let bigKeys = Command<Store>(
        "LARDER BIGKEYS", .server, [.admin, .loading, .stale], since: "1.0.0",
        summary: """
            Lists the biggest keys of the database, of one type or of all: bytes, elements, when \
            they expire. Needs larder-big-keys.
            """, complexity: "O(1): at most 64 keys of each type are looked up.",
        arguments: [
            .integer("count").after("COUNT").optional, .string("type").after("TYPE").optional,
        ], tips: ["nondeterministic_output"],
        examples: ["LARDER BIGKEYS", "LARDER BIGKEYS COUNT 3 TYPE hash"]
    ) { store, call, reply throws(CommandError) in
        var options = ArgumentCursor(call, from: 2)
        var count: Int64 = 10
        var type: ValueType?
        while !options.isAtEnd {
            if options.take("COUNT", followedBy: 1), let word = options.next() {
                guard let number = word.canonicalInteger else { throw .notInteger }
                guard number >= 0 else { throw .syntax }
                count = number
            } else if options.take("TYPE", followedBy: 1), let word = options.next() {
                let name = word.text.lowercased()
                guard let named = ValueType.allCases.first(where: { $0.name == name }) else {
                    throw .syntax
                }
                type = named
            } else {
                throw .syntax
            }
        }
        guard store.settings.watchesBigKeys else { throw .notWatched("larder-big-keys") }
        let keys = store.biggestKeys(Int(count), database: store.selected, type: type)
        reply.array(keys.count)
        for key in keys { reply.write(key) }
    }
}

extension ReplyWriter {
    /// A key that is asked for much, as a map.
    mutating func write(_ key: HotKey) {
        map(4)
        bulk(utf8: "key")
        bulk(key.key)
        bulk(utf8: "rate")
        bulk(thousandths: key.rate)
        bulk(utf8: "error")
        bulk(thousandths: key.error)
        bulk(utf8: "share")
        bulk(thousandths: key.share)
    }

    /// A key that is big, as a map.
    mutating func write(_ key: BigKey) {
        map(key.expiry == nil ? 5 : 6)
        bulk(utf8: "key")
        bulk(key.key)
        bulk(utf8: "database")
        integer(key.database)
        bulk(utf8: "type")
        bulk(utf8: key.type.name)
        bulk(utf8: "bytes")
        integer(key.bytes)
        bulk(utf8: "count")
        integer(key.count)
        if let expiry = key.expiry {
            bulk(utf8: "expiry")
            integer(expiry)
        }
    }

    /// A number with three decimals, as text.
    mutating func bulk(thousandths number: Double) {
        var digits: [UInt8] = []
        Doubles.appendFixed(number.isFinite ? number : 0, decimals: 3, to: &digits)
        bulk(digits)
    }
}

extension CommandError {
    /// What was asked for is not watched.
    static func notWatched(_ setting: String) -> CommandError {
        CommandError("ERR not watched; CONFIG SET \(setting) yes does so from then on")
    }
}
