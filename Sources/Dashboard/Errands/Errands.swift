public import Client
public import Terminal

// What is found out besides samples, while it is on the screen: a walk over the keys, a look at
// one of them, the messages of channels, and what the person sends. An errand has its own
// connections and its own budget, and none is run when nobody looks.

/// What is to be found out now.
public struct Errands: Equatable, Sendable {
    /// Walk over the keys, a page at a time.
    public var walks = false
    /// Ask on the walk how often each key is used, which only an LFU policy counts.
    public var countsUse = false
    /// The database that is walked over; nil is the one of the connection.
    public var database: Int?
    /// Which walk it is: another number begins anew.
    public var walk = 0
    /// The key that is looked at.
    public var key: [UInt8]?
    /// What is listened to, as a glob pattern; nil is nothing.
    public var pattern: [UInt8]?

    /// Nothing.
    public init() {}
}

/// A key as a walk finds it.
public struct SeenKey: Equatable, Sendable {
    /// Its name.
    public var name: [UInt8]
    /// Its type, as TYPE names it.
    public var type: String
    /// Bytes that it takes, by MEMORY USAGE.
    public var bytes: Int
    /// Milliseconds to live; negative is for ever.
    public var left: Int
    /// How often it is used, 0 to 255, where that is counted.
    public var frequency: Int?

    /// A key.
    public init(name: [UInt8], type: String, bytes: Int, left: Int = -1, frequency: Int? = nil) {
        self.name = name
        self.type = type
        self.bytes = bytes
        self.left = left
        self.frequency = frequency
    }
}

/// A page of a walk.
public struct KeyPage: Equatable, Sendable {
    /// Which walk it belongs to.
    public var walk: Int
    /// True for the first page of a pass over the keys.
    public var isFirst: Bool
    /// True for the last one.
    public var isLast: Bool
    /// The keys, none twice.
    public var keys: [SeenKey]
    /// How many keys the database has.
    public var total: Int
    /// When, in milliseconds since 1970.
    public var wall: Int64

    /// A page.
    public init(
        walk: Int, isFirst: Bool, isLast: Bool, keys: [SeenKey], total: Int, wall: Int64
    ) {
        self.walk = walk
        self.isFirst = isFirst
        self.isLast = isLast
        self.keys = keys
        self.total = total
        self.wall = wall
    }
}

/// A message of a channel.
public struct ChannelMessage: Equatable, Sendable {
    /// When it came, in milliseconds since 1970.
    public var wall: Int64
    /// Its channel.
    public var channel: [UInt8]
    /// What it says, cut to ``ChannelMessage/cut`` bytes.
    public var text: [UInt8]
    /// So many bytes of a message are kept.
    public static let cut = 512

    /// A message.
    public init(wall: Int64, channel: [UInt8], text: [UInt8]) {
        self.wall = wall
        self.channel = channel
        self.text = Array(text.prefix(Self.cut))
    }
}

/// What an errand has brought.
public enum Finding: Equatable, Sendable {
    /// A page of keys.
    case page(KeyPage)
    /// A look at a key; nil when it is not there, with the reason where the server knows it.
    case look(key: [UInt8], KeyLook?, reason: String, wall: Int64)
    /// Messages, and how many came on each channel with those that were too many to show.
    case messages([ChannelMessage], counts: [ChannelCount], wall: Int64)
    /// Listening has begun, or why it has not.
    case listening(problem: String?)
    /// What the server said to something that the person has sent.
    case answer(words: [[UInt8]], text: String, wall: Int64)
    /// Why the keys cannot be walked over.
    case walkFailed(String)
}

/// How many messages came on a channel.
public struct ChannelCount: Equatable, Sendable {
    /// The channel.
    public var name: [UInt8]
    /// Messages.
    public var count: Int
}

/// Runs errands, on threads of its own.
public protocol ErrandRunner: AnyObject, Sendable {
    /// Readable when there is something to take.
    var descriptor: Descriptor { get }
    /// What is to be found out from now on.
    func want(_ errands: Errands)
    /// Sends what the person has asked for.
    func send(_ words: [[UInt8]], purpose: String)
    /// What was found since the last call, oldest first.
    func take() -> [Finding]
    /// What was sent, for the command log.
    var log: [LoggedCommand] { get }
    /// How often each command was sent, for the figures to leave them out.
    var calls: [String: Double] { get }
    /// Ends the threads.
    func stop()
}
