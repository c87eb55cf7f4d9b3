import Bytes
import Grammar
import Structures
import Wire

// The commands that reply the string of a key and change the key: GETSET, GETDEL, GETEX.

extension Strings {
    static let getset = Command<Store>(
        "GETSET", .string, [.write, .denyOOM, .fast], since: "1.0.0",
        summary: "Sets a key to a string and gives the string it held before.",
        complexity: "O(1)",
        deprecated: (since: "6.2.0", replacedBy: "`SET` with the `!GET` argument"),
        categories: [.string],
        arguments: [.key([.readWrite, .access, .update]), .string("value")],
        examples: ["GETSET greeting hi"], run: runGetset)

    static func runGetset(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let found = try store.findString(call[1], .read)
        if let found { reply.string(found.entry) } else { reply.null() }
        store.assign(call[1], call[2], .clear, at: found)
        store.notify(.string, "set", call[1])
    }

    static let getdel = Command<Store>(
        "GETDEL", .string, [.write, .fast], since: "6.2.0",
        summary: "Gives the string at a key and removes the key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readWrite, .access, .delete])],
        examples: ["SET ticket 42", "GETDEL ticket"], run: runGetdel)

    static func runGetdel(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = try store.findString(call[1], .read) else { return reply.null() }
        reply.string(found.entry)
        store.remove(found)
        store.notify(.generic, "del", call[1])
    }

    static let getex = Command<Store>(
        "GETEX", .string, [.write, .fast], since: "6.2.0",
        summary: "Gives the string at a key and changes when the key expires.",
        complexity: "O(1)", categories: [.string],
        arguments: [
            .key([.readWrite, .access, .update])
                .noted("RW and UPDATE because it changes when the key expires."),
            .oneOf(
                "expiration",
                [
                    .integer("seconds").after("EX"),
                    .integer("milliseconds").after("PX"),
                    .unixTime("unix-time-seconds").after("EXAT"),
                    .unixTime("unix-time-milliseconds").after("PXAT"),
                    .token("PERSIST"),
                ]
            ).optional,
        ],
        examples: ["GETEX greeting EX 60", "GETEX greeting PERSIST"], run: runGetex)

    static func runGetex(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let options = try SetOptions(getex: call)
        guard let found = try store.findString(call[1], .read) else { return reply.null() }
        switch options.lifetime {
        case .given(let form, let index):
            let time = try form.time(call[index], "getex", store.now)
            reply.string(found.entry)
            if time <= store.now.wall.milliseconds {
                store.remove(found)
                store.notify(.generic, "del", call[1])
            } else {
                store.setExpiry(found, time)
                store.notify(.generic, "expire", call[1])
            }
        case .persist:
            reply.string(found.entry)
            if found.entry.expiry != nil {
                store.setExpiry(found, nil)
                store.notify(.generic, "persist", call[1])
            }
        case .unsaid, .keep:
            reply.string(found.entry)
        }
    }
}
