import Bytes
import Grammar
import Wire

// PUBLISH and SPUBLISH, and PUBSUB, which looks at who is subscribed.

extension Messages {
    static let publish = Command<Store>(
        "PUBLISH", .pubsub, [.pubsub, .loading, .stale, .fast], since: "2.0.0",
        summary: "Sends a message to all who are subscribed to a channel.",
        complexity: """
            O(N+M), N being the number of subscribers of the channel and M that of all patterns.
            """,
        arguments: [.string("channel"), .string("message")],
        examples: ["PUBLISH news hello"]
    ) { store, call, reply throws(CommandError) in
        reply.integer(store.publish(call[1], call[2]))
    }

    static let spublish = Command<Store>(
        "SPUBLISH", .pubsub, [.pubsub, .loading, .stale, .fast], since: "7.0.0",
        summary: "Sends a message to all who are subscribed to a sharded channel.",
        complexity: "O(N), N being the number of subscribers of the channel.",
        arguments: [.string("shardchannel"), .string("message")],
        keySpecs: [KeySpec(.index(1), .range(last: 0, step: 1, limit: 0), [.notKey])],
        examples: ["SPUBLISH orders 17"]
    ) { store, call, reply throws(CommandError) in
        reply.integer(store.publish(shard: call[1], call[2]))
    }

    // MARK: Looking

    static let pubsub = Command<Store>(
        container: "PUBSUB", .pubsub, since: "2.8.0",
        summary: "Commands about who is subscribed to what.",
        subcommands: [channels, help, numpat, numsub, shardChannels, shardNumsub])

    private static let flags: CommandFlags = [.pubsub, .loading, .stale]

    static let help = Command<Store>(
        "PUBSUB HELP", .pubsub, [.loading, .stale], since: "6.2.0",
        summary: "Shows what there is under PUBSUB.", complexity: "O(1)",
        examples: ["PUBSUB HELP"], run: Help.run)

    static let channels = Command<Store>(
        "PUBSUB CHANNELS", .pubsub, flags, since: "2.8.0",
        summary: "Lists the channels that somebody is subscribed to.",
        complexity: "O(N), N being the number of such channels.",
        arguments: [.pattern("pattern").optional], examples: ["PUBSUB CHANNELS news*"]
    ) { store, call, reply throws(CommandError) in
        try list(store.pubsub.channels, call, &reply)
    }

    static let shardChannels = Command<Store>(
        "PUBSUB SHARDCHANNELS", .pubsub, flags, since: "7.0.0",
        summary: "Lists the sharded channels that somebody is subscribed to.",
        complexity: "O(N), N being the number of such channels.",
        arguments: [.pattern("pattern").optional], examples: ["PUBSUB SHARDCHANNELS"]
    ) { store, call, reply throws(CommandError) in
        try list(store.pubsub.shardChannels, call, &reply)
    }

    static let numpat = Command<Store>(
        "PUBSUB NUMPAT", .pubsub, flags, since: "2.8.0",
        summary: "Counts the patterns that somebody is subscribed to.", complexity: "O(1)",
        examples: ["PUBSUB NUMPAT"]
    ) { store, _, reply throws(CommandError) in
        reply.integer(store.pubsub.patterns.count)
    }

    static let numsub = Command<Store>(
        "PUBSUB NUMSUB", .pubsub, flags, since: "2.8.0",
        summary: "Counts the subscribers of channels.",
        complexity: "O(N), N being the number of channels asked about.",
        arguments: [.string("channel").repeated.optional], examples: ["PUBSUB NUMSUB news"]
    ) { store, call, reply throws(CommandError) in
        count(store.pubsub.channels, call, &reply)
    }

    static let shardNumsub = Command<Store>(
        "PUBSUB SHARDNUMSUB", .pubsub, flags, since: "7.0.0",
        summary: "Counts the subscribers of sharded channels.",
        complexity: "O(N), N being the number of channels asked about.",
        arguments: [.string("shardchannel").repeated.optional],
        examples: ["PUBSUB SHARDNUMSUB orders"]
    ) { store, call, reply throws(CommandError) in
        count(store.pubsub.shardChannels, call, &reply)
    }

    private static func list(
        _ table: SubscriberTable, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count <= 3 else { throw .unknownSubcommandOrArity(call[1], of: "PUBSUB") }
        var names = table.names
        if call.count == 3 {
            let pattern = ByteString(call[2])
            names = names.filter { Glob.matches(pattern.rawSpan, $0.rawSpan) }
        }
        reply.array(names.count)
        for name in names { reply.bulk(name) }
    }

    private static func count(
        _ table: SubscriberTable, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) {
        reply.array(2 * (call.count - 2))
        for index in 2..<call.count {
            reply.bulk(call[index])
            reply.integer(table.sessions(ByteString(call[index])).count)
        }
    }
}
