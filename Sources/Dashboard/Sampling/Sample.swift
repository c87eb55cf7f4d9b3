public import Bytes
import Client
public import Engine
public import Terminal

// What is known of a server at one instant, as it was read: numbers and words of INFO, and the
// tables that other commands give. Rates, shares and percentiles are not here; they follow from
// two samples (see Figure).

/// Counters of one command.
public struct CommandCounters: Equatable, Sendable {
    /// How often it ran.
    public var calls = 0.0
    /// Microseconds that it took together.
    public var microseconds = 0.0
    /// Calls that ended in an error, before or while they ran.
    public var errors = 0.0
    /// How many calls took at most so many microseconds; cumulative, in rising order.
    public var histogram: [(limit: Double, count: Double)] = []

    /// Nothing yet.
    public init() {}

    /// The same counters.
    public static func == (left: Self, right: Self) -> Bool {
        left.calls == right.calls && left.microseconds == right.microseconds
            && left.errors == right.errors
            && left.histogram.elementsEqual(right.histogram) { $0 == $1 }
    }
}

/// A connection.
public struct ClientRow: Equatable, Sendable {
    /// Its number.
    public var id = ""
    /// Where it comes from.
    public var address = ""
    /// The name it gave itself.
    public var name = ""
    /// The command it ran last.
    public var command = ""
    /// Seconds since it came.
    public var age = 0.0
    /// Seconds since it did anything.
    public var idle = 0.0
    /// Bytes it costs.
    public var memory = 0.0
    /// Its kind, in the letters of CLIENT LIST.
    public var flags = ""
    /// Channels and patterns that it listens to.
    public var subscriptions = 0.0

    /// A connection of which nothing is known.
    public init() {}
}

/// A command that was slow.
public struct SlowRow: Equatable, Sendable {
    /// Its number in the log.
    public var id = 0
    /// When it ran, in seconds since 1970.
    public var time: Int64 = 0
    /// How long it took, in microseconds.
    public var microseconds = 0.0
    /// What was asked.
    public var words: [[UInt8]] = []
    /// Who asked.
    public var client = ""

    /// An empty entry.
    public init() {}
}

/// A channel with listeners.
public struct ChannelRow: Equatable, Sendable {
    /// Its name.
    public var name: [UInt8]
    /// How many listen.
    public var subscribers: Double
    /// Messages since it got its first listener; nil where the server does not count them.
    public var messages: Double?

    /// A channel.
    public init(name: [UInt8], subscribers: Double) {
        self.name = name
        self.subscribers = subscribers
    }
}

/// A replica as its primary sees it.
public struct ReplicaRow: Equatable, Sendable {
    /// Where it is.
    public var address: String
    /// Its state.
    public var state: String
    /// How far it has come.
    public var offset: Double
    /// Seconds since it was heard of.
    public var lag: Double
}

/// The first members of a sorted set.
public struct BoardRow: Equatable, Sendable {
    /// The member.
    public var member: [UInt8]
    /// Its score.
    public var score: Double

    /// A member with its score.
    public init(member: [UInt8], score: Double) {
        self.member = member
        self.score = score
    }
}

/// A member that is followed wherever it stands, with those around it.
public struct FollowedMember: Equatable, Sendable {
    /// The member.
    public var member: [UInt8]
    /// The place of the first row, from 0.
    public var first = 0
    /// It and its neighbours, in order; empty when it is no member.
    public var rows: [BoardRow] = []

    /// A member that was not found.
    public init(member: [UInt8]) { self.member = member }
}

/// A sorted set that is watched.
public struct BoardSample: Equatable, Sendable {
    /// Its key.
    public var key: [UInt8]
    /// How many members it has; nil when the key is none or of another type.
    public var count: Double?
    /// The highest, in order.
    public var rows: [BoardRow] = []
    /// The member that is followed, when it is none of these.
    public var followed: FollowedMember?

    /// The place of a member and its score, as far as they were read; places begin at 0.
    public func place(of member: [UInt8]) -> (rank: Int, score: Double)? {
        if let rank = rows.firstIndex(where: { $0.member == member }) {
            return (rank, rows[rank].score)
        }
        guard let followed,
            let index = followed.rows.firstIndex(where: { $0.member == member })
        else { return nil }
        return (followed.first + index, followed.rows[index].score)
    }

    /// A board.
    public init(key: [UInt8], count: Double? = nil, rows: [BoardRow] = []) {
        self.key = key
        self.count = count
        self.rows = rows
    }
}

/// A database.
public struct DatabaseRow: Equatable, Sendable {
    /// Its number.
    public var number: Int
    /// Keys.
    public var keys: Double
    /// Keys that will expire.
    public var expires: Double
    /// How long these live on average, in milliseconds.
    public var averageTTL: Double
}

/// A server at one instant.
public struct Sample: Sendable {
    /// When it was read, on the watcher's own clock that never jumps, in milliseconds.
    public var instant: Int64
    /// The watcher's time of day, in milliseconds since 1970.
    public var wall: Int64
    /// How far apart samples are meant to be, in milliseconds.
    public var interval: Int64
    /// True when what was read before did not happen: a lesson has gone back.
    public var isBeginning = false
    /// True when nobody but the watcher has asked the server anything for a while, so that looks
    /// may be rarer.
    public var isStill = false
    /// Why nothing could be read; the rest is empty then.
    public var problem: String?
    /// Fields of INFO that are numbers.
    public var numbers: [String: Double] = [:]
    /// The other fields.
    public var texts: [String: String] = [:]
    /// Counters of commands, by their names in capital letters.
    public var commands: [String: CommandCounters] = [:]
    /// The databases that have keys.
    public var databases: [DatabaseRow] = []
    /// The replicas of a primary.
    public var replicas: [ReplicaRow] = []
    /// The connections but the watcher's own; nil when not read.
    public var clients: [ClientRow]?
    /// Why they were not read.
    public var clientsOmitted: String?
    /// Why the times of commands are not told.
    public var timesOmitted: String?
    /// The slow log; nil when not read.
    public var slow: [SlowRow]?
    /// The channels; nil when not read.
    public var channels: [ChannelRow]?
    /// Why they were not read.
    public var channelsOmitted: String?
    /// The keys that are asked for most; nil where the server does not count that.
    public var hotKeys: [Observation.Hot]?
    /// The biggest keys; nil where the server does not keep a list of them.
    public var bigKeys: [Observation.Big]?
    /// The keys that left last, the last first; nil where the server does not note them.
    public var departures: [Observation.Departed]?
    /// What keys take by type; nil where the server does not count that.
    public var types: [Observation.TypeShare]?
    /// What keys take by the beginning of their names; nil where nobody looks.
    public var prefixes: [Observation.Prefix]?
    /// How many keys that was found out from.
    public var prefixSample = 0
    /// True when the commands are those of an older sample, since they were not read again.
    var areCommandsHeld = false
    /// The sorted sets that were asked for.
    public var boards: [BoardSample] = []
    /// How many commands the watcher itself has sent so far.
    public var ownCommands = 0.0
    /// How many bytes it has sent so far.
    public var ownInput = 0.0
    /// How many bytes were sent to it so far.
    public var ownOutput = 0.0
    /// Commands of which the watcher has sent so many itself, besides those of samples.
    public var ownCalls: [String: Double] = [:]
    /// How long the answer to INFO took, in microseconds.
    public var roundTrip: Double?

    /// Notes what the watcher has sent besides samples, by the names of commands.
    mutating func add(_ calls: [String: Double]) {
        ownCalls = calls
        ownCommands += calls.values.reduce(0, +)
    }

    /// An empty sample.
    public init(instant: Int64, wall: Int64, interval: Int64) {
        self.instant = instant
        self.wall = wall
        self.interval = interval
    }
}

/// What else is to be read, for what is on the screen.
public struct Demand: Equatable, Sendable {
    /// The connections.
    public var clients = false
    /// The channels and their listeners.
    public var channels = false
    /// These sorted sets, and so many of their highest members.
    public var boards: [[UInt8]] = []
    /// How many members of each.
    public var boardRows = 30
    /// The member of each that is followed, by the key.
    public var members: [ByteString: [UInt8]] = [:]
    /// What is shown stands still: for the history a sample a second is enough.
    public var isAtRest = false

    /// Nothing else.
    public init() {}
}

/// Reads a server again and again, on a thread of its own.
public protocol Sampler: AnyObject, Sendable {
    /// Readable when there is a sample; ``take()`` makes it quiet.
    var descriptor: Descriptor { get }
    /// The samples since the last call, oldest first.
    func take() -> [Sample]
    /// What else is wanted from now on.
    func want(_ demand: Demand)
    /// What was sent last, newest last, for the command log.
    var log: [LoggedCommand] { get }
    /// Ends the thread.
    func stop()
}

/// A command that the dashboard sent.
public struct LoggedCommand: Equatable, Sendable {
    /// When, in milliseconds since 1970.
    public var wall: Int64
    /// What.
    public var text: String
    /// How often so far.
    public var count: Int
    /// Why.
    public var purpose: String
    /// True for what the person has sent.
    public var isPersons = false

    /// A command.
    public init(wall: Int64, text: String, count: Int, purpose: String) {
        (self.wall, self.text, self.count, self.purpose) = (wall, text, count, purpose)
    }

    /// A command that went out from the prompt.
    init(_ sent: Pane.Sent) {
        let purpose =
            switch sent.origin {
            case .person: "you, at the prompt"
            case .question: "the prompt, to complete and explain what you type"
            case .session: "the prompt, to be the session that it was"
            }
        self.init(wall: sent.wall, text: sent.text, count: sent.count, purpose: purpose)
        isPersons = sent.origin == .person
    }
}
