import Bytes

// Who is told when a key changes. Every change of a key passes through these few functions, at
// the choke point where values change, so that no command can forget anybody.

/// The classes of events that can be published about keys.
/// Source: the documentation of `notify-keyspace-events`.
struct EventClass: OptionSet, Sendable {
    let rawValue: UInt16

    /// `K`: publish to the key's channel.
    static let keyChannel = EventClass(rawValue: 1 << 0)
    /// `E`: publish to the event's channel.
    static let eventChannel = EventClass(rawValue: 1 << 1)
    /// `g`: commands that work on keys of any type.
    static let generic = EventClass(rawValue: 1 << 2)
    /// `$`: strings.
    static let string = EventClass(rawValue: 1 << 3)
    /// `l`: lists.
    static let list = EventClass(rawValue: 1 << 4)
    /// `s`: sets.
    static let set = EventClass(rawValue: 1 << 5)
    /// `h`: hashes.
    static let hash = EventClass(rawValue: 1 << 6)
    /// `z`: sorted sets.
    static let sortedSet = EventClass(rawValue: 1 << 7)
    /// `x`: keys that have expired.
    static let expired = EventClass(rawValue: 1 << 8)
    /// `e`: keys that were evicted.
    static let evicted = EventClass(rawValue: 1 << 9)
    /// `t`: streams.
    static let stream = EventClass(rawValue: 1 << 10)
    /// `d`: modules.
    static let module = EventClass(rawValue: 1 << 11)
    /// `m`: lookups that found nothing.
    static let keyMiss = EventClass(rawValue: 1 << 12)
    /// `n`: keys that are new.
    static let new = EventClass(rawValue: 1 << 13)

    /// Each class that has a letter of its own.
    private static let letters: [(UInt8, EventClass)] = [
        (0x4B, .keyChannel), (0x45, .eventChannel), (0x67, .generic), (0x24, .string),
        (0x6C, .list), (0x73, .set), (0x68, .hash), (0x7A, .sortedSet), (0x78, .expired),
        (0x65, .evicted), (0x74, .stream), (0x64, .module), (0x6D, .keyMiss), (0x6E, .new),
    ]
    /// `A`: all but misses and new keys.
    private static let all: EventClass = [
        .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module,
    ]

    /// The classes that the letters of the setting name; others are passed over.
    init(letters text: ByteString) {
        var classes: EventClass = []
        for letter in text.bytes {
            if letter == 0x41 { classes.formUnion(.all) }
            for (own, kind) in EventClass.letters where own == letter { classes.formUnion(kind) }
        }
        self = classes
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// What is still to be said of a key while a command edits its value and publishes events: those
/// who follow the key hear that it is new, then that it has changed, then of the events. Empty
/// while nothing is edited, or nothing published.
struct Announcement: OptionSet {
    let rawValue: UInt8
    /// A value is being edited.
    static let open = Announcement(rawValue: 1 << 0)
    /// Nobody has heard of the change.
    static let pending = Announcement(rawValue: 1 << 1)
    /// Nobody has heard that the key is new.
    static let new = Announcement(rawValue: 1 << 2)
    /// The change is told last, behind the event of an emptied key.
    static let late = Announcement(rawValue: 1 << 3)

    /// The events of commands that publish first and tell of the change last.
    static let lateEvents: [ByteString] = ["lpop", "rpop", "ltrim", "spop", "zrem"]
    /// Those of commands that tell of the change between the event and that of an emptied key.
    static let eventsBeforeChange: [ByteString] = ["zpopmin", "zpopmax"]
}

extension Store {
    /// Publishes an event about a key of the selected database, where its class is asked for.
    @inline(__always)
    mutating func notify(_ kind: EventClass, _ event: StaticString, _ key: RawSpan) {
        if settings.notifiedEvents.isDisjoint(with: kind) { return }
        publish(ByteString(stringLiteral: event), about: key, database: selected)
    }

    /// The same about a key of another database.
    mutating func notify(
        _ kind: EventClass, _ event: StaticString, _ key: RawSpan, database: Int
    ) {
        if settings.notifiedEvents.isDisjoint(with: kind) { return }
        publish(ByteString(stringLiteral: event), about: key, database: database)
    }

    /// Publishes an event to the channel of its key and to its own, as the setting says.
    @inline(never)
    private mutating func publish(_ event: ByteString, about key: RawSpan, database: Int) {
        if !announcement.isEmpty { announce(key, before: event) }
        let number = Int64(database).decimalBytes
        if settings.notifiedEvents.contains(.keyChannel) {
            let channel = Array("__keyspace@".utf8) + number + Array("__:".utf8) + key.copied()
            _ = publish(channel.rawSpan, event.rawSpan)
        }
        if settings.notifiedEvents.contains(.eventChannel) {
            let channel = Array("__keyevent@".utf8) + number + Array("__:".utf8) + event.bytes
            _ = publish(channel.rawSpan, key)
        }
    }

    /// Says of a key that is being edited what comes before the first event of the command: that
    /// the key is new, and that it has changed.
    private mutating func announce(_ key: RawSpan, before event: ByteString) {
        let open = announcement
        // Nothing is announced twice, and not by the event that this publishes.
        announcement = []
        if open.contains(.new) { notify(.new, "new", key) }
        if !open.contains(.pending) || Announcement.eventsBeforeChange.contains(event) {
            announcement = open
        } else if Announcement.lateEvents.contains(event) {
            announcement = [.open, .late]
        } else {
            noteModified(key, database: selected)
            announcement = .open
        }
    }

    /// A key of `database` was changed, made or removed.
    @inline(__always)
    mutating func noteModified(_ key: RawSpan, database: Int) {
        if hasObservers { tellObservers(key, database: database) }
    }

    @inline(never)
    private mutating func tellObservers(_ key: RawSpan, database: Int) {
        if !watchers.isEmpty { touchWatchers(key, database: database) }
        if tracking.isInUse { invalidate(key) }
    }

    /// The time of a key of the selected database has come: it is about to be removed.
    mutating func noteExpired(_ key: RawSpan) {
        if !watchers.isEmpty { touchWatchers(key, database: selected, byExpiry: true) }
        notify(.expired, "expired", key)
        if tracking.isInUse { invalidate(key, isCommanded: false) }
    }

    /// A key of the selected database is about to be removed to make room.
    mutating func noteEvicted(_ key: RawSpan) {
        if !watchers.isEmpty { touchWatchers(key, database: selected) }
        if tracking.isInUse { invalidate(key, isCommanded: false) }
        notify(.evicted, "evicted", key)
    }

    /// A key that did not hold such a value has one now: somebody may be waiting for it.
    @inline(__always)
    mutating func noteAppeared(_ key: RawSpan, _ type: ValueType, database: Int) {
        if !waiters.isEmpty { noteReady(key, database: database) }
    }

    /// All keys of `database` are about to go.
    mutating func noteEmptied(database: Int) {
        touchWatched(database: database, replacedBy: nil)
    }

    /// Two databases are about to change places.
    mutating func noteSwapping(_ first: Int, _ second: Int) {
        touchWatched(database: first, replacedBy: second)
        touchWatched(database: second, replacedBy: first)
    }

    /// Two databases have changed places.
    mutating func noteSwapped(_ first: Int, _ second: Int) {
        if !waiters.isEmpty { noteReadyKeys(of: [first, second]) }
    }
}
