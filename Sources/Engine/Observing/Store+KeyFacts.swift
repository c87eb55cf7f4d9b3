public import Bytes
import Structures

// Looking at a key, or at everything, without leaving a trace: nothing is counted, no access
// clock moves, and what has expired is not removed for having been looked at.

/// What a key is at one moment.
public struct KeyFacts: Sendable, Equatable {
    /// The type of its value.
    public var type: ValueType
    /// Milliseconds until it expires; nil when it does not.
    public var timeToLive: Int64?
    /// Bytes of a string, or elements of anything else.
    public var length: Int
    /// Bytes of memory, the key included.
    public var bytes: Int
    /// The bytes of a string; nil for other types.
    public var string: ByteString?
}

extension Store {
    /// What a key is, or nil when it does not exist.
    public func facts(of key: RawSpan, database: Int = 0) -> KeyFacts? {
        guard database >= 0, database < keyspaces.count else { return nil }
        let hash = keyspaces[database].table.hash(of: key)
        guard let slot = keyspaces[database].table.find(key, hash: hash) else { return nil }
        let entry = keyspaces[database].table.record(at: slot)
        let left = entry.expiry.map { $0 - now.wall.milliseconds }
        if let left, left < 0 { return nil }
        let isString = entry.type == .string
        return KeyFacts(
            type: entry.type, timeToLive: left,
            length: isString ? entry.stringLength : entry.elementCount,
            bytes: entry.totalFootprint,
            string: isString ? ByteString(entry.stringBytes) : nil)
    }

    /// One element of a key's value: what a field of a hash holds, the score of a sorted set's
    /// member, a set's member itself, or what stands at an index of a list. Nil when there is none.
    public func element(of key: RawSpan, named name: RawSpan, database: Int = 0) -> ByteString? {
        guard database >= 0, database < keyspaces.count else { return nil }
        let hash = keyspaces[database].table.hash(of: key)
        guard let slot = keyspaces[database].table.find(key, hash: hash) else { return nil }
        let entry = keyspaces[database].table.record(at: slot)
        if let expiry = entry.expiry, expiry < now.wall.milliseconds { return nil }
        var found: ByteString?
        switch entry.type {
        case .hash:
            let object = HashObject(encoding: entry.encoding, payload: entry.payload)
            object.withValue(of: name) { found = Store.text(of: $0) }
        case .sortedSet:
            let object = SortedSetObject(encoding: entry.encoding, payload: entry.payload)
            found = object.score(of: name).map { ByteString($0.digits(settings.flavour)) }
        case .set:
            let object = SetObject(encoding: entry.encoding, payload: entry.payload)
            if object.contains(name) { found = ByteString(name) }
        case .list:
            let object = ListObject(encoding: entry.encoding, payload: entry.payload)
            guard let index = name.canonicalInteger, let place = Lists.place(index, object.count)
            else { return nil }
            object.forEach(from: place, count: 1) { element in
                found = Store.text(of: element)
                return false
            }
        default: break
        }
        return found
    }

    private static func text(of element: borrowing Listpack.Element?) -> ByteString? {
        switch copy element {
        case .bytes(let bytes): ByteString(bytes)
        case .integer(let number): ByteString("\(number)")
        case nil: nil
        }
    }

    /// Subscribers of a channel by its name, patterns not counted.
    public func subscribers(of channel: ByteString) -> Int {
        pubsub.channels.entries.first { $0.name == channel }?.sessions.count ?? 0
    }

    /// A sum over the data, when they expire, the counters, the clocks and the dice: two stores
    /// with the same sum will answer alike. Used memory is left out: what large blocks and the
    /// buffers of connections cost may differ between two runs.
    public func stateDigest() -> [UInt8] {
        var sum = dataDigest()
        for database in 0..<keyspaces.count where keyspaces[database].count > 0 {
            keyspaces[database].table.forEach { entry in
                var own = DataDigest()
                own.mix(entry.key)
                let words = "\(database) \(entry.expiry ?? -1) \(entry.clock)"
                own.mix(ByteString(words).rawSpan)
                sum.add(own.bytes.rawSpan)
            }
        }
        var dice = random
        let rest =
            "\(now.wall.milliseconds) \(now.monotonic.nanoseconds) \(dirty) \(statistics.hits) "
            + "\(statistics.misses) \(statistics.expired) \(statistics.evicted) "
            + "\(statistics.commandsProcessed) \(dice.next()) \(dice.next())"
        sum.mix(ByteString(rest).rawSpan)
        return sum.bytes
    }
}
