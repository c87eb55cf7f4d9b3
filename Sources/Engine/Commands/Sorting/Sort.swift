import Bytes
import Grammar
import Structures
import Wire

// SORT and SORT_RO: the elements of a list, a set or a sorted set, ordered by themselves or by
// what keys named after them hold. The work is `Sorter`'s; here are the options and the replies.

/// The commands that sort.
enum Sorting {
    static var commands: [Command<Store>] { [sort, sortRO] }

    private static let complexity =
        "O(N+M*log(M)), N being the number of elements and M that of the elements given; O(N) "
        + "when they are not sorted."

    private static let patternNote =
        "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive "
        + "from the content of the key we sort"

    private static let storeNote =
        "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear "
        + "anywhere in the argument array"

    private static let keySpecs = [
        KeySpec(.index(1), .range(last: 0, step: 1, limit: 0), [.readOnly, .access]),
        KeySpec(.unknown, .unknown, [.readOnly, .access], notes: patternNote),
    ]

    private static let options: [Argument] = [
        .key([.readOnly, .access]),
        .pattern("pattern").after("BY").optional.keySpec(1).only(.redis70),
        .pattern("by-pattern").after("BY").optional.keySpec(1).shown("pattern").only(.since72),
        .block("offset_count", [.integer("offset"), .integer("count")]).after("LIMIT").optional
            .only(.redis70),
        .block("limit", [.integer("offset"), .integer("count")]).after("LIMIT").optional
            .only(.since72),
        .pattern("pattern").after("GET").optional.repeatedWithToken.keySpec(1).only(.redis70),
        .pattern("get-pattern").after("GET").optional.repeatedWithToken.keySpec(1)
            .shown("pattern").only(.since72),
        .oneOf("order", [.token("ASC"), .token("DESC")]).optional,
        .token("ALPHA", "sorting").optional,
    ]

    static let sort = Command<Store>(
        "SORT", .generic, [.write, .denyOOM], since: "1.0.0",
        summary: "Sorts the elements of a list, a set or a sorted set, by themselves or by other "
            + "keys; gives or stores them.",
        complexity: complexity, categories: [.list, .set, .sortedSet, .dangerous],
        arguments: options + [
            .key([.overwrite, .update], "destination").after("STORE").optional.keySpec(2)
        ],
        keySpecs: keySpecs + [
            KeySpec(.unknown, .unknown, [.overwrite, .update], notes: storeNote)
        ],
        examples: ["RPUSH scores 30 4 100", "SORT scores", "SORT scores DESC LIMIT 0 2"]
    ) { store, call, reply throws(CommandError) in
        try run(&store, call, &reply, mayStore: true)
    }

    static let sortRO = Command<Store>(
        "SORT_RO", .generic, [.readonly], since: "7.0.0",
        summary: "Sorts the elements of a list, a set or a sorted set, and only gives them.",
        complexity: complexity, categories: [.list, .set, .sortedSet, .dangerous],
        arguments: options, keySpecs: keySpecs,
        examples: ["RPUSH names Zoe Adam", "SORT_RO names ALPHA"]
    ) { store, call, reply throws(CommandError) in
        try run(&store, call, &reply, mayStore: false)
    }

    private static func run(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter, mayStore: Bool
    ) throws(CommandError) {
        var options = try SortOptions(call, mayStore: mayStore)
        var elements: [[UInt8]] = []
        if let found = store.find(call[1], .read) {
            elements = try Sorter.elements(of: found.entry, &options)
        }
        if !options.isUnsorted {
            let pattern = options.by.map { call[$0].copied() }
            elements = try Sorter.sorted(elements, options, by: pattern, &store)
            elements = Array(elements[options.slice(of: elements.count)])
        }
        let gets = options.gets.map { call[$0].copied() }
        guard let target = options.target else {
            reply.array(elements.count * max(1, gets.count))
            for element in elements {
                if gets.isEmpty { reply.bulk(element) }
                for pattern in gets {
                    if let value = Sorter.value(pattern, element, &store) {
                        reply.bulk(value)
                    } else {
                        reply.null()
                    }
                }
            }
            return
        }
        if !gets.isEmpty {
            elements = elements.flatMap { element in
                gets.map { Sorter.value($0, element, &store) ?? [] }
            }
        }
        keep(elements, call[target], &store)
        reply.integer(elements.count)
    }

    /// Puts a list of these elements in the place of whatever a key holds.
    private static func keep(_ elements: [[UInt8]], _ key: RawSpan, _ store: inout Store) {
        if elements.isEmpty {
            guard let location = store.find(key, .silent) else { return }
            store.remove(location)
            return store.notify(.generic, "del", key)
        }
        let limit = store.listLimit
        var list = ListObject.makeEmpty(store)
        for element in elements {
            list.prepare(for: 1, element.count, limit)
            list.push(element.rawSpan, atFront: false)
        }
        list.settleForm(store)
        store.assign(key, object: list)
        store.dirty += elements.count - 1
        store.notify(.list, "sortstore", key)
    }
}

/// What SORT is told behind its key. An option that is given twice counts the last time, but what
/// forbids sorting stays said.
struct SortOptions {
    private(set) var isDescending = false
    private(set) var isAlphabetic = false
    /// True when the elements are given as they come.
    private(set) var isUnsorted = false
    private var offset: Int64 = 0
    private var count: Int64 = -1
    /// The word with the pattern of the keys to sort by.
    private(set) var by: Int?
    /// The words with the patterns of the keys whose values are given.
    private(set) var gets: [Int] = []
    /// The word with the key to store the result under.
    private(set) var target: Int?

    init(_ call: borrowing Call, mayStore: Bool) throws(CommandError) {
        var cursor = ArgumentCursor(call, from: 2)
        while !cursor.isAtEnd {
            if cursor.take("ASC") {
                isDescending = false
            } else if cursor.take("DESC") {
                isDescending = true
            } else if cursor.take("ALPHA") {
                isAlphabetic = true
            } else if cursor.take("LIMIT", followedBy: 2) {
                guard let first = cursor.next()?.canonicalInteger,
                    let length = cursor.next()?.canonicalInteger
                else { throw .notInteger }
                (offset, count) = (first, length)
            } else if mayStore, cursor.take("STORE", followedBy: 1) {
                target = cursor.index
                _ = cursor.next()
            } else if cursor.take("BY", followedBy: 1) {
                by = cursor.index
                if Sorter.star(call[cursor.index]) == nil { isUnsorted = true }
                _ = cursor.next()
            } else if cursor.take("GET", followedBy: 1) {
                gets.append(cursor.index)
                _ = cursor.next()
            } else {
                throw .syntax
            }
        }
    }

    /// Members without order are sorted when they are stored, so that the result is the same
    /// everywhere.
    mutating func giveOrderToSet() {
        guard isUnsorted && target != nil else { return }
        isUnsorted = false
        isAlphabetic = true
        by = nil
    }

    /// The places that LIMIT leaves of so many.
    func slice(of length: Int) -> Range<Int> {
        let start = min(max(offset, 0), Int64(length))
        let wanted = count < 0 ? Int64(length) : min(count, Int64(length))
        return Int(start)..<Int(min(start + wanted, Int64(length)))
    }
}
