import Bytes
import Grammar
import Structures
import Wire

/// The commands of sets.
enum Sets {
    static var commands: [Command<Store>] {
        [sadd, srem, smove, scard, sismember, smismember, smembers]
            + [spop, srandmember, sscan]
            + [sinter, sintercard, sinterstore, sunion, sunionstore, sdiff, sdiffstore]
    }

    // MARK: SADD, SREM, SMOVE

    static let sadd = Command<Store>(
        "SADD", .set, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Adds members to a set, and says how many of them are new.",
        complexity: "O(N), N being the number of members given.",
        history: ["2.4.0": "Several members at once."], categories: [.set],
        arguments: [.key([.readWrite, .insert]), .string("member").repeated],
        examples: ["SADD tags swift cache"], run: runSadd)

    static func runSadd(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let forms = store.setForms
        let added = try store.modify(call[1], as: SetObject.self, creating: true) {
            edit, store throws(CommandError) in
            edit.object.prepare(for: call[2], expecting: call.count - 2, forms)
            var added = 0
            for index in 2..<call.count where edit.object.insert(call[index], forms) {
                added += 1
            }
            edit.changes = added
            if added > 0 { store.notify(.set, "sadd", call[1]) }
            return added
        }
        reply.integer(added ?? 0)
    }

    static let srem = Command<Store>(
        "SREM", .set, [.write, .fast], since: "1.0.0",
        summary: "Removes members from a set, and says how many of them were there.",
        complexity: "O(N), N being the number of members given.",
        history: ["2.4.0": "Several members at once."], categories: [.set],
        arguments: [.key([.readWrite, .delete]), .string("member").repeated],
        examples: ["SADD tags swift cache", "SREM tags cache"], run: runSrem)

    static func runSrem(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let removed = try store.modify(call[1], as: SetObject.self, creating: false) {
            edit, store throws(CommandError) in
            var removed = 0
            for index in 2..<call.count where edit.object.remove(call[index]) {
                removed += 1
                if edit.object.count == 0 { break }
            }
            edit.changes = removed
            if removed > 0 { store.notify(.set, "srem", call[1]) }
            return removed
        }
        reply.integer(removed ?? 0)
    }

    static let smove = Command<Store>(
        "SMOVE", .set, [.write, .fast], since: "1.0.0",
        summary: "Moves a member from one set to another.",
        complexity: "O(1)", categories: [.set],
        arguments: [
            .key([.readWrite, .access, .delete], "source"),
            .key([.readWrite, .insert], "destination"), .string("member"),
        ],
        examples: ["SADD todo bread", "SMOVE todo done bread"], run: runSmove)

    static func runSmove(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let source = try store.object(call[1], as: SetObject.self, .write) else {
            return reply.integer(0)
        }
        _ = try store.object(call[2], as: SetObject.self, .write)
        if call[1].equals(call[2]) { return reply.integer(source.contains(call[3]) ? 1 : 0) }
        let wasThere = try store.modify(call[1], as: SetObject.self, creating: false) {
            edit, store throws(CommandError) in
            guard edit.object.remove(call[3]) else { return false }
            edit.changes = 1
            store.notify(.set, "srem", call[1])
            return true
        }
        guard wasThere == true else { return reply.integer(0) }
        let forms = store.setForms
        try store.modify(call[2], as: SetObject.self, creating: true) {
            edit, store throws(CommandError) in
            guard edit.object.insert(call[3], forms) else { return }
            edit.changes = 1
            store.notify(.set, "sadd", call[2])
        }
        reply.integer(1)
    }

    // MARK: SCARD, SISMEMBER, SMISMEMBER, SMEMBERS

    static let scard = Command<Store>(
        "SCARD", .set, [.readonly, .fast], since: "1.0.0",
        summary: "Says how many members a set has.",
        complexity: "O(1)", categories: [.set], arguments: [.key([.readOnly])],
        examples: ["SADD tags swift cache", "SCARD tags"], run: runScard)

    static func runScard(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(try store.object(call[1], as: SetObject.self)?.count ?? 0)
    }

    static let sismember = Command<Store>(
        "SISMEMBER", .set, [.readonly, .fast], since: "1.0.0",
        summary: "Says whether a set has a member.",
        complexity: "O(1)", categories: [.set],
        arguments: [.key([.readOnly]), .string("member")],
        examples: ["SADD tags swift cache", "SISMEMBER tags swift"], run: runSismember)

    static func runSismember(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let set = try store.object(call[1], as: SetObject.self)
        reply.integer(set?.contains(call[2]) == true ? 1 : 0)
    }

    static let smismember = Command<Store>(
        "SMISMEMBER", .set, [.readonly, .fast], since: "6.2.0",
        summary: "Says of each member given whether a set has it.",
        complexity: "O(N), N being the number of members given.", categories: [.set],
        arguments: [.key([.readOnly, .access]), .string("member").repeated],
        examples: ["SADD tags swift cache", "SMISMEMBER tags swift nobody"], run: runSmismember)

    static func runSmismember(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let set = try store.object(call[1], as: SetObject.self)
        reply.array(call.count - 2)
        for index in 2..<call.count {
            reply.integer(set?.contains(call[index]) == true ? 1 : 0)
        }
    }

    static let smembers = Command<Store>(
        "SMEMBERS", .set, [.readonly], since: "1.0.0",
        summary: "Lists all members of a set; of a large set, walk it with SSCAN instead.",
        complexity: "O(N), N being the number of members.", categories: [.set],
        arguments: [.key([.readOnly, .access])], tips: ["nondeterministic_output_order"],
        examples: ["SADD tags swift cache", "SMEMBERS tags"], run: runSmembers)

    static func runSmembers(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let set = try store.object(call[1], as: SetObject.self) else {
            return reply.set(0)
        }
        reply.set(set.count)
        set.forEach { reply.text($0) }
    }

    // MARK: SSCAN

    static let sscan = Command<Store>(
        "SSCAN", .set, [.readonly], since: "2.8.0",
        summary: """
            Walks the members of a set a few at a time: each reply has the cursor for the next \
            call, 0 at the end.
            """,
        complexity: "O(1) a call; O(N) for the whole walk, N being the number of members.",
        categories: [.set],
        arguments: [
            .key([.readOnly, .access]), .integer("cursor"),
            .pattern("pattern").after("MATCH").optional,
            .integer("count").after("COUNT").optional,
        ],
        tips: ["nondeterministic_output"],
        examples: ["SADD tags swift cache", "SSCAN tags 0 MATCH s*"], run: runSscan)

    static func runSscan(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let cursor = try Keys.scanCursor(call[2])
        guard let set = try store.object(call[1], as: SetObject.self) else {
            reply.array(2)
            reply.bulk(decimal: 0)
            return reply.array(0)
        }
        let options = try CollectionScanOptions(call, from: 3)
        reply.array(2)
        var records: [Record] = []
        if let table = set.walkedTable {
            reply.bulk(utf8: String(options.collect(from: cursor, table, into: &records)))
        } else {
            reply.bulk(decimal: 0)
        }
        reply.deferred(.array) { reply in
            var count = 0
            for record in records where options.passes(record.key) {
                reply.bulk(record.key)
                count += 1
            }
            if set.walkedTable == nil {
                set.forEach { member in
                    guard member.withText({ options.passes($0) }) else { return }
                    reply.text(member)
                    count += 1
                }
            }
            return count
        }
    }
}
