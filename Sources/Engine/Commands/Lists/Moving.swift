import Bytes
import Grammar
import Structures
import Wire

// The commands that move elements between lists, or take them from the first list that has any.

/// An end of a list.
enum ListEnd {
    case front
    case back

    /// The end that LEFT or RIGHT means.
    init(_ word: RawSpan) throws(CommandError) {
        if word.matches("LEFT") {
            self = .front
        } else if word.matches("RIGHT") {
            self = .back
        } else {
            throw .syntax
        }
    }

    /// The words for an end.
    static func choice(_ name: String) -> Argument {
        .oneOf(name, [.token("LEFT"), .token("RIGHT")])
    }
}

extension Lists {
    static let lmove = Command<Store>(
        "LMOVE", .list, [.write, .denyOOM], since: "6.2.0",
        summary: "Moves an element from an end of one list to an end of another, or of the same.",
        complexity: "O(1)", categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete], "source"),
            .key([.readWrite, .insert], "destination"),
            ListEnd.choice("wherefrom"), ListEnd.choice("whereto"),
        ],
        examples: ["RPUSH waiting a b c", "LMOVE waiting active LEFT RIGHT"]
    ) { store, call, reply throws(CommandError) in
        let (from, to) = (try ListEnd(call[3]), try ListEnd(call[4]))
        if try !move(&store, call, from, to, &reply) { reply.null() }
    }

    static let rpoplpush = Command<Store>(
        "RPOPLPUSH", .list, [.write, .denyOOM], since: "1.2.0",
        summary: "Moves the last element of a list to the front of another, or of the same.",
        complexity: "O(1)",
        deprecated: (since: "6.2.0", replacedBy: "`LMOVE` with the `RIGHT` and `LEFT` arguments"),
        categories: [.list],
        arguments: [
            .key([.readWrite, .access, .delete], "source"),
            .key([.readWrite, .insert], "destination"),
        ],
        examples: ["RPUSH waiting a b c", "RPOPLPUSH waiting active"]
    ) { store, call, reply throws(CommandError) in
        if try !move(&store, call, .back, .front, &reply) { reply.null() }
    }

    /// Moves an element from the list of the first key to the list of the second, and replies it.
    /// Returns false, with no reply written, when the first has none.
    static func move(
        _ store: inout Store, _ call: borrowing Call, _ from: ListEnd, _ to: ListEnd,
        _ reply: inout ReplyWriter
    ) throws(CommandError) -> Bool {
        let source = try store.object(call[1], as: ListObject.self, .write)
        let last = (source?.count ?? 0) - 1
        guard let source, let text = source.text(at: from == .front ? 0 : last) else {
            return false
        }
        if call[1].equals(call[2]) {
            try rotate(&store, call[1], text, from, to)
        } else {
            try give(&store, call[2], text, to)
            try store.modify(call[1], as: ListObject.self, creating: false) {
                edit, store throws(CommandError) in
                edit.object.remove(from: from == .front ? 0 : last, count: 1)
                edit.changes = 1
                store.notify(.list, from == .front ? "lpop" : "rpop", call[1])
                if last > 0 { edit.object.condense(store, afterRemoval: true) }
            }
            // Both keys were modified, but it was one change.
            store.dirty -= 1
        }
        reply.bulk(text)
        return true
    }

    private static func give(
        _ store: inout Store, _ key: RawSpan, _ text: [UInt8], _ end: ListEnd
    ) throws(CommandError) {
        try store.modify(key, as: ListObject.self, creating: true) {
            edit, store throws(CommandError) in
            edit.object.prepare(for: 1, text.count, store.listLimit)
            edit.object.push(text.rawSpan, atFront: end == .front)
            edit.changes = 1
            store.notify(.list, end == .front ? "lpush" : "rpush", key)
        }
    }

    private static func rotate(
        _ store: inout Store, _ key: RawSpan, _ text: [UInt8], _ from: ListEnd, _ to: ListEnd
    ) throws(CommandError) {
        try store.modify(key, as: ListObject.self, creating: false) {
            edit, store throws(CommandError) in
            if from != to {
                edit.object.remove(
                    from: from == .front ? 0 : edit.object.count - 1, count: 1)
                edit.object.prepare(for: 1, text.count, store.listLimit)
                edit.object.push(text.rawSpan, atFront: to == .front)
            }
            edit.changes = 1
            store.notify(.list, to == .front ? "lpush" : "rpush", key)
            store.notify(.list, from == .front ? "lpop" : "rpop", key)
        }
    }

    // MARK: LMPOP

    static let lmpop = Command<Store>(
        "LMPOP", .list, [.write], since: "7.0.0",
        summary: "Removes elements from an end of the first list that has any, and gives them.",
        complexity: "O(N+M), N being the number of keys and M that of the elements given.",
        categories: [.list],
        arguments: [
            .integer("numkeys"), .key([.readWrite, .access, .delete]).repeated,
            ListEnd.choice("where"), .integer("count").after("COUNT").optional,
        ],
        examples: ["RPUSH urgent a b c", "LMPOP 2 nothing urgent LEFT COUNT 2"]
    ) { store, call, reply throws(CommandError) in
        let options = try PopOptions(call, from: 1)
        if try !popFirst(&store, call, options, &reply) { reply.nullArray() }
    }

    /// What LMPOP and BLMPOP are told: from the number of keys on.
    struct PopOptions {
        /// The words that are keys.
        let keys: Range<Int>
        let end: ListEnd
        /// How many elements to take at most.
        private(set) var count: Int

        init(_ call: borrowing Call, from index: Int) throws(CommandError) {
            guard let number = call[index].canonicalInteger, number > 0 else {
                throw .noKeysCounted
            }
            guard number < Int64(call.count - index - 1) else { throw .syntax }
            keys = index + 1..<index + 1 + Int(number)
            end = try ListEnd(call[keys.upperBound])
            count = 1
            var cursor = ArgumentCursor(call, from: keys.upperBound + 1)
            var isCounted = false
            while !cursor.isAtEnd {
                guard !isCounted, cursor.take("COUNT", followedBy: 1), let word = cursor.next()
                else { throw .syntax }
                guard let number = word.canonicalInteger, number > 0 else {
                    throw .countNotPositive
                }
                count = Int(number)
                isCounted = true
            }
        }
    }

    /// Takes elements from the first list that has any, and replies its key and them. Returns
    /// false, with no reply written, when none has.
    static func popFirst(
        _ store: inout Store, _ call: borrowing Call, _ options: PopOptions,
        _ reply: inout ReplyWriter
    ) throws(CommandError) -> Bool {
        for index in options.keys where store.isOffered(call[index]) {
            let found: Void? = try store.modify(
                call[index], as: ListObject.self, creating: false
            ) { edit, store throws(CommandError) in
                let count = min(options.count, edit.object.count)
                reply.array(2)
                reply.bulk(call[index])
                reply.array(count)
                take(
                    count, &edit, call[index], &store, &reply, atFront: options.end == .front)
            }
            if found != nil { return true }
        }
        return false
    }
}
