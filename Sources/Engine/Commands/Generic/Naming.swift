import Bytes
import Grammar
import Wire

// Keys that get another name or another database, or a copy there. A lookup may remove an expired
// key and with that move others, so the source is looked up again after the target.

extension Keys {
    static var naming: [Command<Store>] { [rename, renamenx, copy, move] }

    static let rename = Command<Store>(
        "RENAME", .generic, [.write], since: "1.0.0",
        summary: "Gives a key another name; a key that had that name goes.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [
            .key([.readWrite, .access, .delete]), .key([.overwrite, .update], "newkey"),
        ],
        examples: ["RENAME greeting salutation"], run: runRename)

    static func runRename(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard store.find(call[1], .write) != nil else { throw .noSuchKey }
        if call[1].equals(call[2]) { return reply.ok() }
        if let target = store.find(call[2], .write) { store.takeOut(target, .deleted) }
        rename(&store, call[1], to: call[2])
        reply.ok()
    }

    static let renamenx = Command<Store>(
        "RENAMENX", .generic, [.write, .fast], since: "1.0.0",
        summary: "Gives a key another name, unless a key has that name.",
        complexity: "O(1)",
        history: ["3.2.0": "The same name twice is no error any more."],
        categories: [.keyspace],
        arguments: [
            .key([.readWrite, .access, .delete]), .key([.overwrite, .insert], "newkey"),
        ],
        examples: ["RENAMENX greeting salutation"], run: runRenameNX)

    static func runRenameNX(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard store.find(call[1], .write) != nil else { throw .noSuchKey }
        if call[1].equals(call[2]) || store.find(call[2], .write) != nil {
            return reply.integer(0)
        }
        rename(&store, call[1], to: call[2])
        reply.integer(1)
    }

    private static func rename(_ store: inout Store, _ old: RawSpan, to new: RawSpan) {
        store.relocate(old, to: new, database: store.selected)
        store.notify(.generic, "rename_from", old)
        store.notify(.generic, "rename_to", new)
    }

    static let copy = Command<Store>(
        "COPY", .generic, [.write, .denyOOM], since: "6.2.0",
        summary: "Copies a key with its time to live, also to another database.",
        complexity: "O(N), N being the number of elements of the value; O(1) for strings.",
        categories: [.keyspace],
        arguments: [
            .key([.readOnly, .access], "source"), .key([.overwrite, .update], "destination"),
            .integer("destination-db").after("DB").optional, .token("REPLACE").optional,
        ],
        examples: ["COPY greeting spare", "COPY greeting greeting DB 1 REPLACE"], run: runCopy)

    static func runCopy(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var target = store.selected
        var replaces = false
        var options = ArgumentCursor(call, from: 3)
        while !options.isAtEnd {
            if options.take("REPLACE") {
                replaces = true
            } else if options.take("DB", followedBy: 1), let word = options.next() {
                target = try store.databaseNumber(word)
            } else {
                throw .syntax
            }
        }
        if target == store.selected, call[1].equals(call[2]) { throw .sameObject }
        guard store.find(call[1], .read) != nil else { return reply.integer(0) }
        if store.has(call[2], database: target) {
            guard replaces else { return reply.integer(0) }
            store.drop(call[2], database: target)
        }
        store.duplicate(call[1], to: call[2], database: target)
        store.notify(.generic, "copy_to", call[2], database: target)
        reply.integer(1)
    }

    static let move = Command<Store>(
        "MOVE", .generic, [.write, .fast], since: "1.0.0",
        summary: "Moves a key to another database, unless that has such a key.",
        complexity: "O(1)", categories: [.keyspace],
        arguments: [.key([.readWrite, .access, .update]), .integer("db")],
        examples: ["MOVE greeting 1"], run: runMove)

    static func runMove(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let target = try store.databaseNumber(call[2])
        if target == store.selected { throw .sameObject }
        guard store.find(call[1], .write) != nil else { return reply.integer(0) }
        if store.has(call[1], database: target) { return reply.integer(0) }
        store.relocate(call[1], to: call[1], database: target)
        store.notify(.generic, "move_from", call[1])
        store.notify(.generic, "move_to", call[1], database: target)
        reply.integer(1)
    }
}

extension Store {
    /// True when a database has a live entry with this key, which is about to be written.
    fileprivate mutating func has(_ key: RawSpan, database: Int) -> Bool {
        let held = selected
        selected = database
        defer { selected = held }
        return find(key, .write) != nil
    }

    /// Removes a key of a database that another one will take the place of.
    fileprivate mutating func drop(_ key: RawSpan, database: Int) {
        let held = selected
        selected = database
        defer { selected = held }
        if let found = find(key, .silent) { takeOut(found, .deleted) }
    }

    /// Moves the entry of `old` in the selected database, which must be there, to `key`.
    fileprivate mutating func relocate(_ old: RawSpan, to key: RawSpan, database: Int) {
        guard let found = find(old, .silent) else { preconditionFailure("the key has gone") }
        relocate(found, to: key, database: database)
    }

    /// Copies the entry of `old` in the selected database, which must be there, to `key`.
    fileprivate mutating func duplicate(_ old: RawSpan, to key: RawSpan, database: Int) {
        guard let found = find(old, .silent) else { preconditionFailure("the key has gone") }
        duplicate(found, to: key, database: database)
    }
}
