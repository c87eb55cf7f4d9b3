public import Bytes

// What a node tells of itself at one instant: what a dashboard shows, in one value. Every list in
// it is bounded, so that taking it costs the same whether there are a hundred keys or a hundred
// million. It is a copy: whoever holds it may look at it on any thread, as long as they like.
//
// How it goes over the wire stands in Observation+Fields.swift, one line a field.

/// A node at one instant.
public struct Observation: Sendable, Equatable {
    /// The wall clock, in milliseconds since 1970.
    public var time: Int64 = 0
    /// The monotonic clock, in nanoseconds: what rates are measured by.
    public var instant: Int64 = 0
    /// Seconds since the start.
    public var uptime = 0
    /// What the node behaves as.
    public var flavour = ""
    /// The port that it listens on; 0 when there is none.
    public var port = 0
    /// Memory by use.
    public var memory = Memory()
    /// The databases that have keys, by number.
    public var databases: [Database] = []
    /// Processor time of the process.
    public var processor = Processor()
    /// False when only the figures were asked for: every list is empty then.
    public var hasTables = true
    /// What was counted in about the last second.
    public var now = Window()
    /// What was counted in about the last minute.
    public var minute = Window()
    /// What was counted since the start, or since CONFIG RESETSTAT.
    public var total = Window()
    /// The commands that were called most, those first.
    public var commands: [Command] = []
    /// How many connections there are, and what they do.
    public var clients = Clients()
    /// The keys that left last, the last first.
    public var departures: [Departed] = []
    /// How many keys have left since that is noted; a whole database is one.
    public var departed = 0
    /// The keys of the observed database that are asked for most.
    public var hotKeys: [Hot] = []
    /// The biggest keys of the observed database.
    public var bigKeys: [Big] = []
    /// The channels with most subscribers.
    public var channels: [Channel] = []
    /// Channels, and patterns, that somebody is subscribed to.
    public var channelCount = 0
    /// Patterns that somebody is subscribed to.
    public var patternCount = 0
    /// The commands that were slow, the last first.
    public var slow: [Slow] = []
    /// What keys take by the beginning of their names, the most first.
    public var prefixes: [Prefix] = []
    /// How many keys that follows from: when they are fewer than there are, it is an estimate.
    public var prefixSample = 0
    /// The settings that decide what the figures mean, as CONFIG GET prints them.
    public var settings: [Setting] = []
    /// Some measures that change little, as INFO prints them.
    public var measures: [Setting] = []

    /// Nothing known.
    public init() {}

    /// How many rows each list has at most.
    public static let rowLimit = 32
    /// How many rows the list of commands has at most.
    public static let commandLimit = 64

    /// How much is told: each costs more than the one before.
    public enum Depth: Int, Sendable, CaseIterable {
        /// Numbers without any list but that of the databases.
        case figures
        /// Also the lists.
        case tables
        /// Also the percentiles of how long commands took.
        case percentiles
        /// Also how many calls took how long, from which percentiles of any time follow.
        case histograms
    }

    /// Where the bytes are.
    public struct Memory: Sendable, Equatable {
        /// All bytes that the node accounts for.
        public var used = 0
        /// The most that was ever in use.
        public var peak = 0
        /// The bound; 0 when there is none.
        public var maximum = 0
        /// Keys and values.
        public var entries = 0
        /// The tables that find the keys, those that are being freed included.
        public var tables = 0
        /// Connections.
        public var sessions = 0
        /// The process in real memory.
        public var resident = 0
        /// Keys and values by type.
        public var types: [TypeShare] = []
        /// Nothing known.
        public init() {}
    }

    /// What the keys of a type take.
    public struct TypeShare: Sendable, Equatable {
        /// The type, as TYPE names it.
        public var type = ""
        /// Bytes of the keys and values.
        public var bytes = 0
        /// Nothing known.
        public init() {}
    }

    /// Time that a processor has spent on the process.
    public struct Processor: Sendable, Equatable {
        /// Microseconds in the program.
        public var user = 0
        /// Microseconds in the system.
        public var system = 0
        /// Nothing known.
        public init() {}
    }

    /// What the keys take whose names begin alike.
    public struct Prefix: Sendable, Equatable {
        /// How they begin, a colon at the end; empty for all others.
        public var name = ByteString()
        /// How many there are.
        public var keys = 0
        /// Bytes of the keys and values.
        public var bytes = 0
        /// Nothing known.
        public init() {}
    }

    /// A database.
    public struct Database: Sendable, Equatable {
        /// Its number.
        public var number = 0
        /// Its keys.
        public var keys = 0
        /// Those of them that expire.
        public var expires = 0
        /// The mean time to live of those, in milliseconds, about.
        public var averageTTL = 0
        /// Bytes of its keys and values and of the table that finds them.
        public var bytes = 0
        /// Nothing known.
        public init() {}
    }

    /// What was counted within some time.
    public struct Window: Sendable, Equatable {
        /// The length of that time, in nanoseconds.
        public var nanoseconds = 0
        /// Lookups that found their key.
        public var hits = 0
        /// Lookups that did not.
        public var misses = 0
        /// Commands that ran.
        public var commands = 0
        /// Keys whose time had come.
        public var expired = 0
        /// Keys that made room.
        public var evicted = 0
        /// Errors sent.
        public var errors = 0
        /// Bytes received.
        public var bytesIn = 0
        /// Bytes sent.
        public var bytesOut = 0
        /// Nothing known.
        public init() {}

        /// The share of lookups that found their key; nil without lookups.
        public var hitRatio: Double? {
            hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil
        }

        /// So many a second; nil for a time that is too short to tell.
        public func rate(_ count: KeyPath<Window, Int>) -> Double? {
            nanoseconds > 0 ? Double(self[keyPath: count]) / (Double(nanoseconds) / 1e9) : nil
        }
    }

    /// What was counted of a command.
    public struct Command: Sendable, Equatable {
        /// Its name, as COMMAND reports it.
        public var name = ""
        /// Times it ran.
        public var calls = 0
        /// Nanoseconds that it took in all.
        public var nanoseconds = 0
        /// Times it was refused before it ran.
        public var rejected = 0
        /// Times it answered with an error.
        public var failed = 0
        /// Half of the calls took at most so many nanoseconds; 0 where that was not asked for.
        public var median = 0
        /// The same of 99 in a hundred.
        public var percentile99 = 0
        /// The same of 999 in a thousand.
        public var percentile999 = 0
        /// Pairs of a bound in nanoseconds and how many calls took at most so long; the bounds
        /// rise. Empty where that was not asked for.
        public var steps: [Int] = []
        /// Nothing known.
        public init() {}
    }

    /// The connections.
    public struct Clients: Sendable, Equatable {
        /// How many there are.
        public var count = 0
        /// How many wait for a key.
        public var blocked = 0
        /// How many are subscribed to something.
        public var subscribers = 0
        /// How many were ever taken in.
        public var accepted = 0
        /// How many were refused because there were too many.
        public var rejected = 0
        /// Some of them, the oldest first.
        public var rows: [Client] = []
        /// Nothing known.
        public init() {}
    }

    /// A connection.
    public struct Client: Sendable, Equatable {
        /// Its number.
        public var id = 0
        /// Where it came from.
        public var address = ""
        /// The name that it gave itself.
        public var name = ByteString()
        /// Its database.
        public var database = 0
        /// Seconds that it is open.
        public var age = 0
        /// Seconds since it last sent something.
        public var idle = 0
        /// What it is, in the letters of CLIENT LIST.
        public var flags = ""
        /// Its last command.
        public var command = ""
        /// Channels and patterns that it is subscribed to.
        public var subscriptions = 0
        /// Bytes of memory that it takes.
        public var bytes = 0
        /// Commands that it has sent.
        public var commands = 0
        /// Nothing known.
        public init() {}
    }

    /// A key that left.
    public struct Departed: Sendable, Equatable {
        /// The key; empty for a whole database.
        public var key = ByteString()
        /// What ended it, in one word.
        public var reason = ""
        /// When, in milliseconds since 1970.
        public var time: Int64 = 0
        /// The database that it left.
        public var database = 0
        /// The type of its value.
        public var type = ""
        /// Bytes that it took; of a whole database the number of its keys.
        public var size = 0
        /// Seconds since it was last used; -1 when that is not known.
        public var idle = -1
        /// The counter of its use; -1 when that is not known.
        public var frequency = -1
        /// The command that ended it; empty when there was none.
        public var command = ""
        /// The policy under which it was evicted.
        public var policy = ""
        /// What it became: another name, or another database.
        public var target = ByteString()
        /// Nothing known.
        public init() {}
    }

    /// A key that is asked for much.
    public struct Hot: Sendable, Equatable {
        /// The key.
        public var key = ByteString()
        /// Lookups a second, in thousandths.
        public var milliRate = 0
        /// Its share of all lookups of the database, in millionths.
        public var millionths = 0
        /// The type of its value; empty when there is none.
        public var type = ""
        /// Bytes that it takes.
        public var bytes = 0
        /// When it expires, in milliseconds since 1970; -1 is never.
        public var expiry: Int64 = -1
        /// Nothing known.
        public init() {}

        /// Lookups a second.
        public var rate: Double { Double(milliRate) / 1000 }
        /// Its share of all lookups of the database, 0 to 1.
        public var share: Double { Double(millionths) / 1_000_000 }
    }

    /// A key that is big.
    public struct Big: Sendable, Equatable {
        /// The key.
        public var key = ByteString()
        /// The type of its value.
        public var type = ""
        /// Bytes that it takes.
        public var bytes = 0
        /// Elements of its value; of a string its bytes.
        public var count = 0
        /// When it expires, in milliseconds since 1970; -1 is never.
        public var expiry: Int64 = -1
        /// Nothing known.
        public init() {}
    }

    /// A channel that somebody is subscribed to.
    public struct Channel: Sendable, Equatable {
        /// Its name.
        public var name = ByteString()
        /// Who is subscribed to it by its name.
        public var subscribers = 0
        /// Messages since it got its first subscriber.
        public var messages = 0
        /// Nothing known.
        public init() {}
    }

    /// A command that was slow.
    public struct Slow: Sendable, Equatable {
        /// Its number in the slow log.
        public var id = 0
        /// When it ended, in milliseconds since 1970.
        public var time: Int64 = 0
        /// Microseconds that it took.
        public var microseconds = 0
        /// Its words, cut.
        public var words = ByteString()
        /// Where it came from.
        public var client = ""
        /// Nothing known.
        public init() {}
    }

    /// A setting.
    public struct Setting: Sendable, Equatable {
        /// Its name.
        public var name = ""
        /// Its value.
        public var value = ""
        /// Nothing known.
        public init() {}
    }
}
