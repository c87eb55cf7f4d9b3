import Bytes
import Grammar
import Structures
import Wire

// The commands that look at a list and leave it as it is.

extension Lists {
    static let llen = Command<Store>(
        "LLEN", .list, [.readonly, .fast], since: "1.0.0",
        summary: "Gives the number of elements of a list.",
        complexity: "O(1)", categories: [.list], arguments: [.key([.readOnly])],
        examples: ["RPUSH tasks write read", "LLEN tasks"]
    ) { store, call, reply throws(CommandError) in
        reply.integer(try store.object(call[1], as: ListObject.self)?.count ?? 0)
    }

    static let lindex = Command<Store>(
        "LINDEX", .list, [.readonly], since: "1.0.0",
        summary: "Gives the element at an index; negative indexes count from the end.",
        complexity: "O(N), N being the number of nodes and of a node's elements on the way.",
        categories: [.list], arguments: [.key([.readOnly, .access]), .integer("index")],
        examples: ["RPUSH tasks write read think", "LINDEX tasks 0", "LINDEX tasks -1"]
    ) { store, call, reply throws(CommandError) in
        guard let list = try store.object(call[1], as: ListObject.self) else {
            return reply.null()
        }
        guard let index = call[2].canonicalInteger else { throw .notInteger }
        guard let place = place(index, list.count) else { return reply.null() }
        list.forEach(from: place, count: 1) { element in
            reply.bulk(element)
            return true
        }
    }

    /// The place from the front that an index means, or nil when no element is there.
    static func place(_ index: Int64, _ count: Int) -> Int? {
        let place = index < 0 ? index + Int64(count) : index
        return place >= 0 && place < Int64(count) ? Int(place) : nil
    }

    /// The places from the front that two indexes enclose.
    static func range(_ start: Int64, _ stop: Int64, _ count: Int) -> Range<Int> {
        let length = Int64(count)
        let first = max(0, start < 0 ? start + length : start)
        let last = min(length - 1, stop < 0 ? stop + length : stop)
        return first > last ? 0..<0 : Int(first)..<Int(last) + 1
    }

    static let lrange = Command<Store>(
        "LRANGE", .list, [.readonly], since: "1.0.0",
        summary: "Gives the elements between two indexes, both included.",
        complexity: "O(S+N), S being the way to the first element and N their number.",
        categories: [.list],
        arguments: [.key([.readOnly, .access]), .integer("start"), .integer("stop")],
        examples: ["RPUSH tasks write read think", "LRANGE tasks 0 -1"]
    ) { store, call, reply throws(CommandError) in
        guard let start = call[2].canonicalInteger, let stop = call[3].canonicalInteger else {
            throw .notInteger
        }
        guard let list = try store.object(call[1], as: ListObject.self) else {
            return reply.array(0)
        }
        let places = range(start, stop, list.count)
        reply.array(places.count)
        list.forEach(from: places.lowerBound, count: places.count) { element in
            reply.bulk(element)
            return true
        }
    }

    // MARK: LPOS

    static let lpos = Command<Store>(
        "LPOS", .list, [.readonly], since: "6.0.6",
        summary: "Finds the indexes of elements that are equal to a value.",
        complexity: "O(N), N being the number of elements looked at.",
        categories: [.list],
        arguments: [
            .key([.readOnly, .access]), .string("element"),
            .integer("rank").after("RANK").optional,
            .integer("num-matches").after("COUNT").optional,
            .integer("len").after("MAXLEN").optional,
        ],
        examples: ["RPUSH letters a b c a b", "LPOS letters b", "LPOS letters a COUNT 0 RANK -1"],
        run: runLpos)

    private struct SearchOptions {
        var skipped: UInt64 = 0
        var reversed = false
        var wanted: Int64?
        var limit = Int.max
        /// The least rank counts backwards without end where it is not refused.
        var isEndless = false

        init(_ call: borrowing Call, _ flavour: Flavour) throws(CommandError) {
            var cursor = ArgumentCursor(call, from: 3)
            while !cursor.isAtEnd {
                if cursor.take("RANK", followedBy: 1), let word = cursor.next() {
                    try setRank(word, flavour)
                } else if cursor.take("COUNT", followedBy: 1), let word = cursor.next() {
                    guard let count = word.canonicalInteger, count >= 0 else {
                        throw .negativeCount
                    }
                    wanted = count
                } else if cursor.take("MAXLEN", followedBy: 1), let word = cursor.next() {
                    guard let length = word.canonicalInteger, length >= 0 else {
                        throw .negativeMaximum
                    }
                    limit = length == 0 ? .max : Int(length)
                } else {
                    throw .syntax
                }
            }
        }

        private mutating func setRank(_ word: RawSpan, _ flavour: Flavour) throws(CommandError) {
            guard let rank = word.canonicalInteger else { throw .notInteger }
            if rank == 0 { throw .rankZero }
            isEndless = rank == .min
            if isEndless && flavour != .redis70 { throw .rankOutOfRange }
            reversed = rank < 0
            skipped = isEndless ? 0 : rank.magnitude - 1
        }
    }

    private static func runLpos(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let options = try SearchOptions(call, store.settings.flavour)
        guard let list = try store.object(call[1], as: ListObject.self) else {
            if options.wanted == nil { reply.null() } else { reply.array(0) }
            return
        }
        var matches: UInt64 = 0
        var found: Int?
        let limit = options.wanted.map { $0 == 0 || options.isEndless ? .max : UInt64($0) } ?? 1
        func search(_ take: (Int) -> Void) {
            list.forEachIndex(of: call[2], reversed: options.reversed, limit: options.limit) {
                matches += 1
                if matches <= options.skipped { return true }
                take($0)
                return matches - options.skipped < limit
            }
        }
        if options.wanted == nil {
            search { found = $0 }
            if let found { reply.integer(found) } else { reply.null() }
            return
        }
        reply.deferred(.array) { reply in
            var count = 0
            search {
                reply.integer($0)
                count += 1
            }
            return count
        }
    }
}
