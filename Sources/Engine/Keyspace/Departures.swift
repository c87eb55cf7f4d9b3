public import Bytes
import Structures

// Why a key is not there. Each key that leaves does so through one of a few functions in
// Keyspace+Modify.swift, and while this is switched on each of them leaves a note here: what went,
// when, why, at whose command.
//
// Two bounded memories take the notes. The last 128 departures stand in a ring with their names:
// they are what a dashboard shows. All departures stand in a table by the hash of their key,
// one cache line each, in sets of eight where a new one takes the place of the oldest: they answer
// the question about one key, whose name whoever asks knows. The table knows what it has
// forgotten: a key without a note either never left, or left before `completeSince`.
//
// What empties or exchanges whole databases leaves one note for each database, because a note for
// each key would take as long as visiting them.

/// The end of a key's time in its database.
public struct Departure: Sendable, Equatable {
    /// What ended it.
    public enum Reason: UInt8, Sendable, CaseIterable {
        /// A command removed it.
        case deleted
        /// A command took the last element of its value.
        case emptied
        /// Its time to live was over.
        case expired
        /// It made room for others.
        case evicted
        /// It got another name.
        case renamed
        /// It went to another database.
        case moved
        /// The database was emptied.
        case flushed
        /// The database got another number.
        case swapped

        /// The reason in one word.
        public var word: String { String(describing: self) }
    }

    /// When it left; of a key that expired unseen, when that was noticed.
    public internal(set) var time: Timestamp
    /// Bytes that it took with its value; of a whole database the number of its keys.
    public internal(set) var size = 0
    /// The session whose command it was; 0 when it was none's.
    public internal(set) var client: Int64 = 0
    /// How many departures there were before.
    var serial: UInt64 = 0
    private var expiryTime = Int64.min
    private var databaseNumber: Int32 = 0
    /// Seconds of idle time or the counter of use, as the policy has it.
    private var use: UInt32 = 0
    private var commandNumber: Int16 = -1
    /// What ended it.
    public internal(set) var reason: Reason
    /// The type of its value.
    public internal(set) var type: ValueType = .string
    /// The policy under which it was evicted.
    public internal(set) var policy: EvictionPolicy?
    private var countsFrequency = false

    /// A departure of which only this is known.
    init(_ reason: Reason, at time: Timestamp, database: Int, command: Int, client: Int64) {
        self.reason = reason
        self.time = time
        databaseNumber = Int32(truncatingIfNeeded: database)
        commandNumber = Int16(truncatingIfNeeded: command)
        self.client = client
    }

    /// Notes what an entry was.
    mutating func describe(_ entry: Entry, _ clock: AccessClock) {
        size = entry.totalFootprint + HashTable.bytesPerRecord
        type = entry.type
        expiryTime = entry.expiry ?? .min
        countsFrequency = clock.countsFrequency
        use =
            countsFrequency
            ? clock.frequency(of: entry.clock)
            : UInt32(truncatingIfNeeded: clock.idleTime(of: entry.clock) / 1000)
    }

    /// The database that it left.
    public var database: Int { Int(databaseNumber) }
    /// The command's number in the table of commands, or nil when no command was running.
    public var command: Int? { commandNumber < 0 ? nil : Int(commandNumber) }
    /// When it was to expire, in wall milliseconds.
    public var expiry: Int64? { expiryTime == .min ? nil : expiryTime }
    /// Seconds since it was last used; nil under policies that count uses instead.
    public var idleSeconds: Int? { countsFrequency ? nil : Int(use) }
    /// The counter of its use; nil under policies that keep the time of the last use instead.
    public var frequency: Int? { countsFrequency ? Int(use) : nil }
}

/// A departure with names.
public struct NamedDeparture: Sendable, Equatable {
    /// The key; of a long one its beginning.
    public let key: ByteString
    /// What it became: the new name, or the number of the other database.
    public let target: ByteString?
    /// What happened.
    public let departure: Departure

    /// The most bytes of a key that are kept.
    static let keyLimit = 256
}

/// What is known of the keys that left.
public struct Departures: Sendable {
    /// The departures that are kept with their names.
    static let recentLimit = 128
    /// Notes in a set.
    private static let ways = 8

    private struct Note {
        var hash: UInt64
        var departure: Departure
    }

    /// How many keys are remembered; 0 when nothing is noted.
    public private(set) var capacity = 0
    /// When noting began.
    public private(set) var since: Timestamp
    /// Each departure of a key after this time is remembered.
    public private(set) var completeSince: Timestamp
    /// How many there were since noting began; a whole database is one.
    public private(set) var total: UInt64 = 0
    private var notes: [Note?] = []
    private var ring: [NamedDeparture] = []
    private var ringPlace = 0
    /// The last time that a whole database left, by its number.
    private var whole: [Int: NamedDeparture] = [:]

    init(at time: Timestamp) {
        since = time
        completeSince = time
    }

    /// True while departures are noted.
    @inline(__always)
    var isOn: Bool { capacity > 0 }

    /// Remembers about so many keys from now on, and forgets what was noted before.
    mutating func setCapacity(_ wanted: Int, at time: Timestamp) {
        guard wanted != capacity else { return }
        self = Departures(at: time)
        capacity = wanted
    }

    // MARK: Noting

    /// Notes that a key left.
    mutating func note(
        _ key: RawSpan, hash: UInt64, _ departure: Departure, target: RawSpan? = nil
    ) {
        let departure = numbered(departure)
        remember(hash, departure)
        var newName: ByteString?
        if let target { newName = name(target) }
        append(name(key), newName, departure)
    }

    /// Notes that all keys of a database left.
    mutating func noteWhole(_ departure: Departure, target: ByteString? = nil) {
        let departure = numbered(departure)
        let named = NamedDeparture(key: "", target: target, departure: departure)
        whole[departure.database] = named
        append("", target, departure)
    }

    private mutating func numbered(_ departure: Departure) -> Departure {
        var departure = departure
        departure.serial = total
        total += 1
        return departure
    }

    private func name(_ key: RawSpan) -> ByteString {
        ByteString(key.extracting(0..<min(key.byteCount, NamedDeparture.keyLimit)))
    }

    private mutating func append(
        _ key: ByteString, _ target: ByteString?, _ departure: Departure
    ) {
        let named = NamedDeparture(key: key, target: target, departure: departure)
        if ring.count < Departures.recentLimit {
            ring.append(named)
        } else {
            ring[ringPlace] = named
        }
        ringPlace = (ringPlace + 1) % Departures.recentLimit
    }

    private mutating func remember(_ hash: UInt64, _ departure: Departure) {
        if notes.isEmpty {
            // A power of two of sets; nothing is allocated before the first key leaves.
            var sets = 1
            while sets * Departures.ways < capacity { sets *= 2 }
            notes = Array(repeating: nil, count: sets * Departures.ways)
        }
        var oldest = UInt64.max
        var place = 0
        for candidate in places(of: hash) {
            guard let note = notes[candidate] else {
                notes[candidate] = Note(hash: hash, departure: departure)
                return
            }
            if note.hash == hash, note.departure.database == departure.database {
                notes[candidate]?.departure = departure
                return
            }
            if note.departure.serial < oldest {
                oldest = note.departure.serial
                place = candidate
            }
        }
        if let lost = notes[place]?.departure.time, lost > completeSince { completeSince = lost }
        notes[place] = Note(hash: hash, departure: departure)
    }

    private func places(of hash: UInt64) -> Range<Int> {
        let sets = notes.count / Departures.ways
        let first = Int(truncatingIfNeeded: hash >> 20) & (sets - 1)
        return first * Departures.ways..<(first + 1) * Departures.ways
    }

    // MARK: Asking

    /// How a key last left its database, when that is remembered; the name of what it became is
    /// known of the latest ones only.
    public func last(
        of key: RawSpan, hash: UInt64, database: Int
    ) -> (departure: Departure, target: ByteString?)? {
        guard !notes.isEmpty else { return nil }
        for place in places(of: hash) {
            guard let note = notes[place], note.hash == hash,
                note.departure.database == database
            else { continue }
            let named = ring.first { $0.departure.serial == note.departure.serial }
            return (note.departure, named?.target)
        }
        return nil
    }

    /// When and how all keys of a database last left it at once.
    public func lastOfWhole(database: Int) -> NamedDeparture? { whole[database] }

    /// The latest departures, the last first; those of whole databases have no key.
    public func recent(_ count: Int) -> [NamedDeparture] {
        let wanted = min(max(0, count), ring.count)
        return (0..<wanted).map { back in
            ring[(ringPlace + 2 * Departures.recentLimit - 1 - back) % Departures.recentLimit]
        }
    }

    /// The latest departures of keys that one of these reasons had, the last first.
    public func recent(_ count: Int, _ reasons: [Departure.Reason]) -> [NamedDeparture] {
        Array(recent(.max).lazy.filter { reasons.contains($0.departure.reason) }.prefix(count))
    }

    /// Bytes that the notes take.
    public var footprint: Int {
        notes.count * MemoryLayout<Note?>.stride
            + ring.count * MemoryLayout<NamedDeparture>.stride
            + ring.reduce(0) { $0 + $1.key.count + ($1.target?.count ?? 0) }
    }
}

extension Store {
    /// Notes that an entry is about to leave the selected database, where that is asked for.
    @inline(__always)
    mutating func noteDeparture(
        _ location: Location, _ reason: Departure.Reason, target: RawSpan? = nil
    ) {
        if departures.isOn { recordDeparture(location, reason, target) }
    }

    @inline(never)
    private mutating func recordDeparture(
        _ location: Location, _ reason: Departure.Reason, _ target: RawSpan?
    ) {
        var departure = departure(reason, database: selected)
        departure.describe(location.entry, accessClock)
        if reason == .evicted { departure.policy = settings.evictionPolicy }
        departures.note(
            location.entry.key, hash: location.hash, departure, target: target)
    }

    /// Notes that all keys are about to leave a database, where that is asked for.
    mutating func noteDepartureOfAll(
        _ reason: Departure.Reason, database: Int, target: Int? = nil
    ) {
        guard departures.isOn else { return }
        var departure = departure(reason, database: database)
        departure.size = keyspaces[database].count
        departures.noteWhole(departure, target: target.map { ByteString(String($0)) })
    }

    private func departure(_ reason: Departure.Reason, database: Int) -> Departure {
        let holder = runningSession < 0 ? nil : sessions[runningSession]
        let command = queuedCommand >= 0 ? queuedCommand : holder?.lastCommand ?? -1
        return Departure(
            reason, at: now.wall, database: database, command: command,
            client: holder?.id ?? 0)
    }
}
