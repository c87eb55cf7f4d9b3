import Bytes
import Wire

// Who is subscribed to what. A session keeps its own names, so that they can be listed and left
// in their order; the store keeps for each name who is subscribed, in order of subscription.

/// Names in the order in which they were added.
struct OrderedNames {
    private var places: [ByteString: Int] = [:]
    private var next = 0
    /// Bytes of memory that they take, about.
    private(set) var footprint = 0

    var count: Int { places.count }

    func contains(_ name: ByteString) -> Bool { places[name] != nil }

    /// Adds a name; false when it is there already.
    mutating func insert(_ name: ByteString) -> Bool {
        guard places[name] == nil else { return false }
        places[name] = next
        next += 1
        footprint += OrderedNames.cost(name)
        return true
    }

    /// Removes a name; false when it is not there.
    mutating func remove(_ name: ByteString) -> Bool {
        guard places.removeValue(forKey: name) != nil else { return false }
        footprint -= OrderedNames.cost(name)
        return true
    }

    /// All names in their order.
    var all: [ByteString] { places.sorted { $0.value < $1.value }.map(\.key) }

    private static func cost(_ name: ByteString) -> Int { name.count + 64 }
}

/// The three kinds of names that a session can be subscribed to.
enum SubscriptionKind: CaseIterable {
    case channel
    case pattern
    case shardChannel
}

/// What a session is subscribed to.
struct Subscriptions {
    var channels = OrderedNames()
    var patterns = OrderedNames()
    var shardChannels = OrderedNames()

    var isEmpty: Bool { channels.count + patterns.count + shardChannels.count == 0 }

    /// The number that replies to a change of subscriptions of this kind tell.
    func reported(_ kind: SubscriptionKind) -> Int {
        kind == .shardChannel ? shardChannels.count : channels.count + patterns.count
    }

    /// The names of one kind.
    subscript(kind: SubscriptionKind) -> OrderedNames {
        get {
            switch kind {
            case .channel: channels
            case .pattern: patterns
            case .shardChannel: shardChannels
            }
        }
        _modify {
            switch kind {
            case .channel: yield &channels
            case .pattern: yield &patterns
            case .shardChannel: yield &shardChannels
            }
        }
    }

    /// Bytes of memory that they take, about.
    var footprint: Int { channels.footprint + patterns.footprint + shardChannels.footprint }
}

/// Sessions by the names that they are subscribed to. Names stand in the order in which they got
/// their first subscriber, which is the order in which patterns are tried.
struct SubscriberTable {
    /// A name and its subscribers, in order of subscription; without any once all have left.
    struct Entry {
        let name: ByteString
        var sessions: [Int]
        /// Messages since the name got its first subscriber.
        var messages = 0
    }

    private(set) var entries: [Entry] = []
    private var places: [ByteString: Int] = [:]

    /// The number of names.
    var count: Int { places.count }

    /// The subscribers of a name, in order of subscription.
    func sessions(_ name: ByteString) -> [Int] {
        places[name].map { entries[$0].sessions } ?? []
    }

    /// The subscribers of a name that a message goes to, in order of subscription.
    mutating func receivers(_ name: ByteString) -> [Int] {
        guard let place = places[name] else { return [] }
        entries[place].messages += 1
        return entries[place].sessions
    }

    /// All names that have subscribers.
    var names: [ByteString] { entries.lazy.filter { !$0.sessions.isEmpty }.map(\.name) }

    mutating func add(_ session: Int, to name: ByteString) {
        if let place = places[name] {
            entries[place].sessions.append(session)
        } else {
            places[name] = entries.count
            entries.append(Entry(name: name, sessions: [session]))
        }
    }

    mutating func remove(_ session: Int, from name: ByteString) {
        guard let place = places[name] else { return }
        if let index = entries[place].sessions.firstIndex(of: session) {
            entries[place].sessions.remove(at: index)
        }
        guard entries[place].sessions.isEmpty else { return }
        places[name] = nil
        if entries.count > 64, places.count * 2 < entries.count { compact() }
    }

    /// Closes the gaps that names without subscribers have left.
    private mutating func compact() {
        entries.removeAll { $0.sessions.isEmpty }
        for (place, entry) in entries.enumerated() { places[entry.name] = place }
    }
}

/// Everybody who is subscribed to anything.
struct PubSub {
    var channels = SubscriberTable()
    var patterns = SubscriberTable()
    var shardChannels = SubscriberTable()

    subscript(kind: SubscriptionKind) -> SubscriberTable {
        get {
            switch kind {
            case .channel: channels
            case .pattern: patterns
            case .shardChannel: shardChannels
            }
        }
        _modify {
            switch kind {
            case .channel: yield &channels
            case .pattern: yield &patterns
            case .shardChannel: yield &shardChannels
            }
        }
    }
}

extension Store {
    /// Subscribes a session to a name.
    mutating func subscribe(_ session: Int, _ kind: SubscriptionKind, _ name: ByteString) {
        guard let holder = sessions[session], holder.subscriptions[kind].insert(name) else {
            return
        }
        pubsub[kind].add(session, to: name)
        holder.restraints.insert(.subscribed)
    }

    /// Ends a session's subscription to a name, if there is one.
    mutating func unsubscribe(_ session: Int, _ kind: SubscriptionKind, _ name: ByteString) {
        guard let holder = sessions[session], holder.subscriptions[kind].remove(name) else {
            return
        }
        pubsub[kind].remove(session, from: name)
        if holder.subscriptions.isEmpty { holder.restraints.remove(.subscribed) }
    }

    /// Ends all subscriptions of a session without a word.
    mutating func unsubscribeFromAll(_ session: Int) {
        guard let holder = sessions[session], !holder.subscriptions.isEmpty else { return }
        for kind in SubscriptionKind.allCases {
            for name in holder.subscriptions[kind].all { unsubscribe(session, kind, name) }
        }
    }

    /// True when the host must hold a session to the bounds for those that receive messages.
    public func isSubscriber(session: Int) -> Bool {
        sessions[session]?.restraints.contains(.subscribed) ?? false
    }

    /// How many sessions are subscribed to a channel.
    public func subscriberCount(of channel: String) -> Int {
        pubsub.channels.sessions(ByteString(channel)).count
    }

    /// Sends a message to the subscribers of a channel and of the patterns that match it, and
    /// returns how many it goes to.
    mutating func publish(_ channel: RawSpan, _ message: RawSpan) -> Int {
        let name = ByteString(channel)
        let own = runningSession < 0 ? nil : sessions[runningSession]
        var receivers = 0
        let subscribers = pubsub.channels.receivers(name)
        if !subscribers.isEmpty {
            receivers += subscribers.count
            let includesOwn = own?.subscriptions.channels.contains(name) ?? false
            deliver(to: subscribers, includingOwn: includesOwn) { writer in
                writer.push(3)
                writer.bulk(utf8: "message")
                writer.bulk(channel)
                writer.bulk(message)
            }
        }
        if pubsub.patterns.count == 0 { return receivers }
        for entry in pubsub.patterns.entries
        where !entry.sessions.isEmpty && Glob.matches(entry.name.rawSpan, channel) {
            receivers += entry.sessions.count
            let includesOwn = own?.subscriptions.patterns.contains(entry.name) ?? false
            deliver(to: entry.sessions, includingOwn: includesOwn) { writer in
                writer.push(4)
                writer.bulk(utf8: "pmessage")
                writer.bulk(entry.name)
                writer.bulk(channel)
                writer.bulk(message)
            }
        }
        return receivers
    }

    /// Sends a message to the subscribers of a sharded channel, and returns how many it goes to.
    mutating func publish(shard channel: RawSpan, _ message: RawSpan) -> Int {
        let name = ByteString(channel)
        let subscribers = pubsub.shardChannels.sessions(name)
        if subscribers.isEmpty { return 0 }
        let own = runningSession < 0 ? nil : sessions[runningSession]
        let includesOwn = own?.subscriptions.shardChannels.contains(name) ?? false
        deliver(to: subscribers, includingOwn: includesOwn) { writer in
            writer.push(3)
            writer.bulk(utf8: "smessage")
            writer.bulk(channel)
            writer.bulk(message)
        }
        return subscribers.count
    }
}
