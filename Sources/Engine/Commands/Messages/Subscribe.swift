import Bytes
import Grammar
import Wire

/// Messages: subscribing, publishing, and looking at who listens.
enum Messages {
    static var commands: [Command<Store>] {
        [
            subscribe, unsubscribe, psubscribe, punsubscribe, ssubscribe, sunsubscribe, publish,
            spublish, pubsub,
        ]
    }

    private static let flags: CommandFlags = [.pubsub, .noscript, .loading, .stale]
    /// Sharded channels are routed like keys.
    private static let shardKeys = [
        KeySpec(.index(1), .range(last: -1, step: 1, limit: 0), [.notKey])
    ]

    static let subscribe = Command<Store>(
        "SUBSCRIBE", .pubsub, flags, since: "2.0.0",
        summary: "Has this connection sent what is published to channels.",
        complexity: "O(N), N being the number of channels.",
        arguments: [.string("channel").repeated], examples: ["SUBSCRIBE news"]
    ) { store, call, reply throws(CommandError) in
        subscribe(&store, call, .channel, "subscribe", &reply)
    }

    static let unsubscribe = Command<Store>(
        "UNSUBSCRIBE", .pubsub, flags, since: "2.0.0",
        summary: "Ends subscriptions to channels; without arguments to all.",
        complexity: "O(N), N being the number of subscribers of the channels.",
        arguments: [.string("channel").repeated.optional], examples: ["UNSUBSCRIBE news"]
    ) { store, call, reply throws(CommandError) in
        unsubscribe(&store, call, .channel, "unsubscribe", &reply)
    }

    static let psubscribe = Command<Store>(
        "PSUBSCRIBE", .pubsub, flags, since: "2.0.0",
        summary: "Has this connection sent what is published to channels that match patterns.",
        complexity: "O(N), N being the number of patterns.",
        arguments: [.block("pattern", [.pattern("pattern")]).repeated],
        examples: ["PSUBSCRIBE news.*"]
    ) { store, call, reply throws(CommandError) in
        subscribe(&store, call, .pattern, "psubscribe", &reply)
    }

    static let punsubscribe = Command<Store>(
        "PUNSUBSCRIBE", .pubsub, flags, since: "2.0.0",
        summary: "Ends subscriptions to patterns; without arguments to all.",
        complexity: "O(N), N being the number of subscribers of the patterns.",
        arguments: [.pattern("pattern").repeated.optional], examples: ["PUNSUBSCRIBE news.*"]
    ) { store, call, reply throws(CommandError) in
        unsubscribe(&store, call, .pattern, "punsubscribe", &reply)
    }

    static let ssubscribe = Command<Store>(
        "SSUBSCRIBE", .pubsub, flags, since: "7.0.0",
        summary: "Has this connection sent what is published to sharded channels.",
        complexity: "O(N), N being the number of channels.",
        arguments: [.string("shardchannel").repeated], keySpecs: shardKeys,
        examples: ["SSUBSCRIBE orders"]
    ) { store, call, reply throws(CommandError) in
        if store.isBlockingDenied { throw .shardSubscriptionDenied }
        subscribe(&store, call, .shardChannel, "ssubscribe", &reply)
    }

    static let sunsubscribe = Command<Store>(
        "SUNSUBSCRIBE", .pubsub, flags, since: "7.0.0",
        summary: "Ends subscriptions to sharded channels; without arguments to all.",
        complexity: "O(N), N being the number of subscribers of the channels.",
        arguments: [.string("shardchannel").repeated.optional], keySpecs: shardKeys,
        examples: ["SUNSUBSCRIBE orders"]
    ) { store, call, reply throws(CommandError) in
        unsubscribe(&store, call, .shardChannel, "sunsubscribe", &reply)
    }

    private static func subscribe(
        _ store: inout Store, _ call: borrowing Call, _ kind: SubscriptionKind,
        _ word: StaticString, _ reply: inout ReplyWriter
    ) {
        for index in 1..<call.count {
            store.subscribe(call.session, kind, ByteString(call[index]))
            reply.push(3)
            reply.bulk(ByteString(stringLiteral: word))
            reply.bulk(call[index])
            reply.integer(store.sessions[call.session]?.subscriptions.reported(kind) ?? 0)
        }
    }

    private static func unsubscribe(
        _ store: inout Store, _ call: borrowing Call, _ kind: SubscriptionKind,
        _ word: StaticString, _ reply: inout ReplyWriter
    ) {
        var names = (1..<call.count).map { ByteString(call[$0]) }
        if names.isEmpty { names = store.sessions[call.session]?.subscriptions[kind].all ?? [] }
        for name in names {
            store.unsubscribe(call.session, kind, name)
            reply.push(3)
            reply.bulk(ByteString(stringLiteral: word))
            reply.bulk(name)
            reply.integer(store.sessions[call.session]?.subscriptions.reported(kind) ?? 0)
        }
        guard names.isEmpty else { return }
        reply.push(3)
        reply.bulk(ByteString(stringLiteral: word))
        reply.null()
        reply.integer(store.sessions[call.session]?.subscriptions.reported(kind) ?? 0)
    }
}
