import Bytes
import Grammar
import Structures
import Wire

// DUMP and RESTORE: a value as bytes that another server takes.

extension Keys {
    static var serialization: [Command<Store>] { [dump, restore] }

    static let dump = Command<Store>(
        "DUMP", .generic, [.readonly], since: "2.6.0",
        summary: "Gives a value as bytes from which `RESTORE` makes it again, here or elsewhere.",
        complexity: "O(N), N being the size of the value.",
        categories: [.keyspace], arguments: [.key([.readOnly, .access])],
        tips: ["nondeterministic_output"], examples: ["DUMP greeting"], run: runDump)

    static func runDump(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = store.find(call[1], .read) else { return reply.null() }
        store.encoder.encodePayload(
            found.entry, version: store.settings.flavour.serializationVersion,
            compressing: store.settings.compressesStrings)
        reply.bulk(store.encoder.buffer.bytes)
    }

    static let restore = Command<Store>(
        "RESTORE", .generic, [.write, .denyOOM], since: "2.6.0",
        summary: "Makes a key from what `DUMP` gave.",
        complexity: "O(N), N being the size of the value; O(N log N) for large sorted sets.",
        history: [
            "3.0.0": "The option `REPLACE`.", "5.0.0": "The option `ABSTTL`.",
            "5.0.0": "The options `IDLETIME` and `FREQ`.",
        ],
        categories: [.keyspace, .dangerous],
        arguments: [
            .key([.overwrite, .update]), .integer("ttl"), .string("serialized-value"),
            .token("REPLACE").optional.since("3.0.0"), .token("ABSTTL").optional.since("5.0.0"),
            .integer("seconds").after("IDLETIME").optional.since("5.0.0"),
            .integer("frequency").after("FREQ").optional.since("5.0.0"),
        ],
        conflicts: [["IDLETIME", "FREQ"]],
        examples: [#"RESTORE greeting 0 "\x00\x02hi\n\x00..." REPLACE"#], run: runRestore)

    static func runRestore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let options = try RestoreOptions(call)
        if !options.replaces, store.find(call[1], .write) != nil { throw .busyKey }
        guard var time = call[2].canonicalInteger else { throw .notInteger }
        guard time >= 0 else { throw .invalidTTL }
        guard
            ObjectDecoder.isIntact(
                call[3], version: store.settings.flavour.serializationVersion,
                ignoringChecksum: store.debugging.ignoresChecksums)
        else { throw .payloadNotIntact }
        let value: DecodedValue
        do {
            value = try ObjectDecoder.decode(call[3], for: store)
        } catch {
            throw .badDataFormat
        }
        if time != 0, !options.isAbsolute { time &+= store.now.wall.milliseconds }
        if time != 0, time <= store.now.wall.milliseconds {
            value.discard()
            if options.replaces, let found = store.find(call[1], .silent) {
                store.remove(found)
                store.notify(.generic, "del", call[1])
            }
            return reply.ok()
        }
        // What stood there goes first, so that nothing of it is left in the new entry.
        if let found = store.find(call[1], .silent) { store.remove(found) }
        store.assign(call[1], decoded: value, time == 0 ? .clear : .at(time))
        store.setClock(call[1], idle: options.idle, frequency: options.frequency)
        store.notify(.generic, "restore", call[1])
        reply.ok()
    }
}

/// The options of RESTORE.
private struct RestoreOptions {
    var replaces = false
    var isAbsolute = false
    /// Seconds without use, when given.
    var idle: Int64?
    /// The counter of use, when given.
    var frequency: Int64?

    init(_ call: borrowing Call) throws(CommandError) {
        var options = ArgumentCursor(call, from: 4)
        while !options.isAtEnd {
            if options.take("REPLACE") {
                replaces = true
            } else if options.take("ABSTTL") {
                isAbsolute = true
            } else if frequency == nil, options.take("IDLETIME", followedBy: 1),
                let word = options.next()
            {
                guard let seconds = word.canonicalInteger else { throw .notInteger }
                guard seconds >= 0 else { throw .invalidIdleTime }
                idle = seconds
            } else if idle == nil, options.take("FREQ", followedBy: 1),
                let word = options.next()
            {
                guard let counter = word.canonicalInteger else { throw .notInteger }
                guard (0...255).contains(counter) else { throw .invalidFrequency }
                frequency = counter
            } else {
                throw .syntax
            }
        }
    }
}

extension Store {
    /// Sets the access clock of a key to what was given of it, as far as the policy keeps it.
    fileprivate mutating func setClock(_ key: RawSpan, idle: Int64?, frequency: Int64?) {
        guard idle != nil || frequency != nil, let found = find(key, .silent) else { return }
        if accessClock.countsFrequency {
            if let frequency {
                found.entry.clock = accessClock.clock(frequency: UInt32(frequency))
            }
        } else if let idle {
            found.entry.clock = accessClock.clock(idle: idle)
        }
    }
}
