import Bytes
import Grammar
import Wire

// CLIENT TRACKING and what belongs to it: a connection that keeps copies of values is told when
// they are out of date.

extension Connection {
    static var trackingCommands: [Command<Store>] {
        [clientTracking, clientCaching, clientTrackingInfo, clientGetRedir]
    }

    static let clientTracking = Command<Store>(
        "CLIENT TRACKING", .connection, [.noscript, .loading, .stale], since: "6.0.0",
        summary: "Chooses whether this connection is told when keys that it has read change.",
        complexity: "O(1), and a little more for each prefix.", categories: [.connection],
        arguments: [
            .oneOf("status", [.token("ON"), .token("OFF")]),
            .integer("client-id").after("REDIRECT").optional,
            .string("prefix").after("PREFIX").optional.repeatedWithToken,
            .token("BCAST").optional, .token("OPTIN").optional, .token("OPTOUT").optional,
            .token("NOLOOP").optional,
        ],
        examples: ["CLIENT TRACKING ON", "CLIENT TRACKING ON BCAST PREFIX user: NOLOOP"],
        run: runClientTracking)

    static func runClientTracking(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let wanted = try TrackingOptions(call, store)
        if call[2].matches("OFF") {
            store.endTracking(call.session)
            return reply.ok()
        }
        guard call[2].matches("ON") else { throw .syntax }
        try wanted.check(against: store.sessions[call.session]?.tracking)
        store.beginTracking(
            call.session, wanted.modes, redirection: wanted.redirection,
            prefixes: wanted.prefixes)
        reply.ok()
    }

    static let clientCaching = Command<Store>(
        "CLIENT CACHING", .connection, [.noscript, .loading, .stale], since: "6.0.0",
        summary: "Says whether the keys that the next command reads are remembered.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.oneOf("mode", [.token("YES"), .token("NO")])],
        examples: ["CLIENT CACHING YES"], run: runClientCaching)

    static func runClientCaching(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let modes = store.sessions[call.session]?.tracking?.modes else {
            throw .cachingWithoutTracking
        }
        if call[2].matches("YES") {
            guard modes.contains(.optIn) else { throw .cachingWithoutOptIn }
        } else if call[2].matches("NO") {
            guard modes.contains(.optOut) else { throw .cachingWithoutOptOut }
        } else {
            throw .syntax
        }
        store.sessions[call.session]?.tracking?.isCaching = true
        reply.ok()
    }

    static let clientTrackingInfo = Command<Store>(
        "CLIENT TRACKINGINFO", .connection, [.noscript, .loading, .stale], since: "6.2.0",
        summary: "Tells how this connection tracks keys.", complexity: "O(1)",
        categories: [.connection], examples: ["CLIENT TRACKINGINFO"],
        run: runClientTrackingInfo)

    static func runClientTrackingInfo(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let state = store.sessions[call.session]?.tracking
        let words = state?.words ?? ["off"]
        reply.map(3)
        reply.bulk(utf8: "flags")
        reply.set(words.count)
        for word in words { reply.bulk(utf8: word) }
        reply.bulk(utf8: "redirect")
        reply.integer(state?.reportedRedirection ?? -1)
        reply.bulk(utf8: "prefixes")
        reply.array(state?.prefixes.count ?? 0)
        for prefix in state?.prefixes ?? [] { reply.bulk(prefix) }
    }

    static let clientGetRedir = Command<Store>(
        "CLIENT GETREDIR", .connection, [.noscript, .loading, .stale], since: "6.0.0",
        summary: "Gives the number of the connection that is told in this one's stead.",
        complexity: "O(1)", categories: [.connection], examples: ["CLIENT GETREDIR"],
        run: runClientGetRedir)

    static func runClientGetRedir(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.integer(store.sessions[call.session]?.tracking?.reportedRedirection ?? -1)
    }
}

extension Tracking {
    /// The connection that is told in its stead, by its number; 0 is none.
    var reportedRedirection: Int64 { redirection?.id ?? 0 }

    /// What CLIENT TRACKINGINFO says of it.
    fileprivate var words: [String] {
        var words = ["on"]
        if modes.contains(.broadcast) { words.append("bcast") }
        if modes.contains(.optIn) {
            words.append("optin")
            if isCaching { words.append("caching-yes") }
        }
        if modes.contains(.optOut) {
            words.append("optout")
            if isCaching { words.append("caching-no") }
        }
        if modes.contains(.noLoop) { words.append("noloop") }
        if isBroken { words.append("broken_redirect") }
        return words
    }
}

/// The options of CLIENT TRACKING.
private struct TrackingOptions {
    var modes: Tracking.Modes = []
    var redirection: SessionHandle?
    var prefixes: [ByteString] = []

    init(_ call: borrowing Call, _ store: borrowing Store) throws(CommandError) {
        var cursor = ArgumentCursor(call, from: 3)
        while !cursor.isAtEnd {
            if cursor.take("REDIRECT", followedBy: 1), let word = cursor.next() {
                guard redirection == nil else { throw .severalRedirections }
                guard let id = word.canonicalInteger else { throw .notInteger }
                guard let session = store.sessions.firstIndex(where: { $0?.id == id }) else {
                    throw .redirectionToNobody
                }
                redirection = SessionHandle(session: session, id: id)
            } else if cursor.take("BCAST") {
                modes.insert(.broadcast)
            } else if cursor.take("OPTIN") {
                modes.insert(.optIn)
            } else if cursor.take("OPTOUT") {
                modes.insert(.optOut)
            } else if cursor.take("NOLOOP") {
                modes.insert(.noLoop)
            } else if cursor.take("PREFIX", followedBy: 1), let word = cursor.next() {
                prefixes.append(ByteString(word))
            } else {
                throw .syntax
            }
        }
    }

    /// Whether they go together, and with how the session tracks already.
    func check(against present: Tracking?) throws(CommandError) {
        let broadcasts = modes.contains(.broadcast)
        guard broadcasts || prefixes.isEmpty else { throw .prefixWithoutBroadcast }
        if let present, present.modes.contains(.broadcast) != broadcasts {
            throw .broadcastSwitched
        }
        if broadcasts, !modes.isDisjoint(with: [.optIn, .optOut]) { throw .choiceWithBroadcast }
        if modes.isSuperset(of: [.optIn, .optOut]) { throw .choiceOfBoth }
        if let present {
            let both = present.modes.union(modes)
            if both.isSuperset(of: [.optIn, .optOut]) { throw .choiceSwitched }
        }
        for (index, prefix) in prefixes.enumerated() {
            for other in present?.prefixes ?? [] where overlap(prefix, other) {
                throw .overlapping(prefix, with: other, isGiven: false)
            }
            for other in prefixes[(index + 1)...] where overlap(prefix, other) {
                throw .overlapping(prefix, with: other, isGiven: true)
            }
        }
    }

    private func overlap(_ one: ByteString, _ other: ByteString) -> Bool {
        one.bytes.starts(with: other.bytes) || other.bytes.starts(with: one.bytes)
    }
}
