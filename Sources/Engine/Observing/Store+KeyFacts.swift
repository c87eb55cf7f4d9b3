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
