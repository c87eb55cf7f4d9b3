import Bytes
import Grammar
import Structures
import Wire

// LARDER: what only this engine can tell, for any client that speaks the protocol. The replies are
// maps with names, so that more can be told later without anybody losing their place.

/// The commands that no other server has.
enum OwnCommands {
    static var commands: [Command<Store>] { [larder] }

    static let larder = Command<Store>(
        container: "LARDER", .server, since: "1.0.0",
        summary: "What only this engine can tell; other servers have no such command.",
        examples: ["LARDER WHY greeting"],
        subcommands: [why, departures, hotKeys, bigKeys, memory, observe, help])

    static let help = Command<Store>(
        "LARDER HELP", .server, [.loading, .stale], since: "1.0.0",
        summary: "Shows what there is under LARDER.", complexity: "O(1)",
        examples: ["LARDER HELP"], run: Help.run)

    /// The number behind COUNT, which is all that a command may be given.
    static func count(
        _ call: borrowing Call, otherwise usual: Int
    ) throws(CommandError) -> Int {
        var options = ArgumentCursor(call, from: 2)
        var count = usual
        while !options.isAtEnd {
            guard options.take("COUNT", followedBy: 1), let word = options.next() else {
                throw .syntax
            }
            guard let number = word.canonicalInteger else { throw .notInteger }
            guard number >= 0 else { throw .syntax }
            count = Int(number)
        }
        return count
    }
}

// MARK: Why a key is not there

extension OwnCommands {
    static let why = Command<Store>(
        "LARDER WHY", .server, [.readonly, .fast], since: "1.0.0",
        summary: """
            Says why a key is not there: which command removed it, when it expired, under which \
            policy it was evicted. What is remembered follows from the setting larder-departures.
            """, complexity: "O(1)", arguments: [.key([.readOnly])],
        tips: ["nondeterministic_output"],
        examples: ["DEL greeting", "LARDER WHY greeting"], run: runWhy)

    static func runWhy(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let database = store.selected
        let isPresent = store.find(call[2], .silent) != nil
        let hash = store.keyspaces[database].table.hash(of: call[2])
        let last = store.departures.last(of: call[2], hash: hash, database: database)
        let whole = store.departures.lastOfWhole(database: database)
        reply.map(6)
        reply.bulk(utf8: "state")
        if isPresent {
            reply.bulk(utf8: "present")
        } else if !store.departures.isOn {
            reply.bulk(utf8: "unrecorded")
        } else {
            reply.bulk(utf8: last == nil && whole == nil ? "unseen" : "left")
        }
        reply.bulk(utf8: "database")
        reply.integer(database)
        reply.bulk(utf8: "departure")
        if let last {
            store.write(last.departure, key: nil, target: last.target, &reply)
        } else {
            reply.null()
        }
        reply.bulk(utf8: "whole-database")
        if let whole {
            store.write(whole.departure, key: nil, target: whole.target, &reply)
        } else {
            reply.null()
        }
        reply.bulk(utf8: "recorded-since")
        reply.integer(store.departures.since.milliseconds)
        reply.bulk(utf8: "complete-since")
        reply.integer(store.departures.completeSince.milliseconds)
    }

    static let departures = Command<Store>(
        "LARDER DEPARTURES", .server, [.admin, .loading, .stale], since: "1.0.0",
        summary: "Lists the keys that left last, with the reason, the last first.",
        complexity: "O(N), N being the number asked for, at most 128.",
        arguments: [.integer("count").after("COUNT").optional],
        tips: ["nondeterministic_output"],
        examples: ["LARDER DEPARTURES", "LARDER DEPARTURES COUNT 5"]
    ) { store, call, reply throws(CommandError) in
        let recent = store.departures.recent(try count(call, otherwise: 10))
        reply.array(recent.count)
        for named in recent {
            store.write(named.departure, key: named.key, target: named.target, &reply)
        }
    }
}

extension Store {
    /// Writes a departure as a map: what does not apply is left out.
    func write(
        _ departure: Departure, key: ByteString?, target: ByteString?,
        _ reply: inout ReplyWriter
    ) {
        let isWhole = departure.reason == .flushed || departure.reason == .swapped
        reply.deferred(.map) { reply in
            var count = 0
            func text(_ name: StaticString, _ value: ByteString, _ reply: inout ReplyWriter) {
                reply.bulk(ByteString(stringLiteral: name))
                reply.bulk(value)
                count += 1
            }
            func number(_ name: StaticString, _ value: Int64, _ reply: inout ReplyWriter) {
                reply.bulk(ByteString(stringLiteral: name))
                reply.integer(value)
                count += 1
            }
            text("reason", ByteString(departure.reason.word), &reply)
            number("time", departure.time.milliseconds, &reply)
            number("database", Int64(departure.database), &reply)
            if let key { text("key", key, &reply) }
            if let command = departure.command {
                text("command", ByteString(commands.entries[command].spec.typedName), &reply)
            }
            if departure.client > 0 { number("client", departure.client, &reply) }
            if isWhole {
                number("keys", Int64(departure.size), &reply)
            } else {
                text("type", ByteString(departure.type.name), &reply)
                number("bytes", Int64(departure.size), &reply)
                if let idle = departure.idleSeconds { number("idle", Int64(idle), &reply) }
                if let uses = departure.frequency { number("frequency", Int64(uses), &reply) }
            }
            if let expiry = departure.expiry { number("expiry", expiry, &reply) }
            if let policy = departure.policy {
                text("policy", ByteString(policy.rawValue), &reply)
            }
            if let target { text("target", target, &reply) }
            return count
        }
    }
}
