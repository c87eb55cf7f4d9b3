import Bytes

// What is remembered for sessions that keep copies of values: which session has read which key,
// and which prefixes sessions follow without reading anything. Keys stand here by name alone,
// whatever database they were read from, as in the servers of the field.

/// A session by its number and its identity: numbers are used again, identities never.
struct SessionHandle: Equatable {
    /// The session's number.
    let session: Int
    /// The number that `CLIENT ID` reports.
    let id: Int64
}

/// How a session follows changes.
struct Tracking {
    /// The ways of doing so.
    struct Modes: OptionSet {
        var rawValue: UInt8
        /// It is told of all keys with its prefixes, read or not.
        static let broadcast = Modes(rawValue: 1 << 0)
        /// Only what it reads behind CLIENT CACHING YES counts.
        static let optIn = Modes(rawValue: 1 << 1)
        /// What it reads behind CLIENT CACHING NO does not count.
        static let optOut = Modes(rawValue: 1 << 2)
        /// It is not told of its own changes.
        static let noLoop = Modes(rawValue: 1 << 3)
    }

    var modes: Modes = []
    /// The session that is told in its stead.
    var redirection: SessionHandle?
    /// True when that one was found to be gone.
    var isBroken = false
    /// True between CLIENT CACHING and the end of the command behind it.
    var isCaching = false
    /// The prefixes that it follows, in order.
    var prefixes: [ByteString] = []

    /// Bytes of memory that the prefixes take, about.
    var footprint: Int { prefixes.reduce(0) { $0 + $1.count + 64 } }
}

/// Who has to be told of which key.
struct TrackingTable {
    /// A key and the sessions that have read it.
    private struct Entry {
        let key: ByteString
        var readers: [SessionHandle]
    }

    /// A prefix, who follows it, and which keys with it have changed since these were told.
    struct Prefix {
        let name: ByteString
        fileprivate(set) var sessions: [Int]
        /// The keys, each with the identity of the session that changed it last; 0 is none.
        fileprivate(set) var changes: [ByteString: Int64] = [:]
    }

    private var entries: [Entry] = []
    private var places: [ByteString: Int] = [:]
    /// The prefixes in order of their bytes.
    private(set) var prefixes: [Prefix] = []
    /// True when a key with a prefix has changed and nobody was told.
    private(set) var hasChanges = false
    /// Keys, counted once for each session that has read them.
    private(set) var itemCount = 0
    /// Sessions that follow changes.
    var sessionCount = 0
    /// What the session whose command is running is to be told behind its reply, in order: a key,
    /// or nil for all of them.
    var own: [ByteString?] = []
    /// How often in turn the table was found to be too large.
    var timesTooLarge = 0

    /// The number of keys.
    var count: Int { entries.count }
    /// True while there is anybody or anything to look for when a key changes.
    var isInUse: Bool { sessionCount > 0 || !entries.isEmpty }

    // MARK: Keys that were read

    /// Remembers that a session has read a key.
    mutating func remember(_ key: ByteString, by reader: SessionHandle) {
        guard let place = places[key] else {
            places[key] = entries.count
            entries.append(Entry(key: key, readers: [reader]))
            itemCount += 1
            return
        }
        // In the order in which they are told, which is that of the field.
        let readers = entries[place].readers
        let rank = UInt64(bitPattern: reader.id.byteSwapped)
        let index =
            readers.firstIndex { UInt64(bitPattern: $0.id.byteSwapped) >= rank } ?? readers.count
        if index < readers.count, readers[index] == reader { return }
        entries[place].readers.insert(reader, at: index)
        itemCount += 1
    }

    /// Forgets a key, and returns who has read it.
    mutating func forget(_ key: ByteString) -> [SessionHandle] {
        guard let place = places.removeValue(forKey: key) else { return [] }
        let readers = entries[place].readers
        let last = entries.removeLast()
        if place < entries.count {
            entries[place] = last
            places[last.key] = place
        }
        itemCount -= readers.count
        return readers
    }

    /// One of the keys.
    func key(at place: Int) -> ByteString { entries[place].key }

    /// Forgets all keys that were read.
    mutating func forgetAll() {
        entries = []
        places = [:]
        itemCount = 0
    }

    // MARK: Prefixes

    /// Makes a session follow a prefix.
    mutating func follow(_ prefix: ByteString, _ session: Int) {
        let place = prefixes.firstIndex { $0.name >= prefix } ?? prefixes.count
        if place < prefixes.count, prefixes[place].name == prefix {
            prefixes[place].sessions.append(session)
        } else {
            prefixes.insert(Prefix(name: prefix, sessions: [session]), at: place)
        }
    }

    /// Makes a session not follow a prefix any more; nobody is told what it would have been.
    mutating func leave(_ prefix: ByteString, _ session: Int) {
        guard let place = prefixes.firstIndex(where: { $0.name == prefix }) else { return }
        prefixes[place].sessions.removeAll { $0 == session }
        if prefixes[place].sessions.isEmpty { prefixes.remove(at: place) }
    }

    /// Notes for all its prefixes that a key has changed.
    mutating func noteChange(_ key: ByteString, by changer: Int64) {
        for place in prefixes.indices where key.bytes.starts(with: prefixes[place].name.bytes) {
            prefixes[place].changes[key] = changer
            hasChanges = true
        }
    }

    /// The prefixes of which keys have changed; none has afterwards.
    mutating func takeChanges() -> [Prefix] {
        guard hasChanges else { return [] }
        hasChanges = false
        let changed = prefixes.filter { !$0.changes.isEmpty }
        for place in prefixes.indices { prefixes[place].changes = [:] }
        return changed
    }
}
