public import Bytes
public import Wire

/// Where a connection came from, as the host tells it.
public struct ConnectionOrigin: Sendable {
    /// How the connection was made.
    public enum Kind: Sendable {
        /// Over TCP.
        case tcp
        /// Over a Unix socket.
        case unix
        /// Inside the process.
        case embedded
    }

    /// How the connection was made.
    public var kind: Kind
    /// The other side, as `CLIENT LIST` shows it: `127.0.0.1:54321`, or the socket's path.
    public var address: String
    /// This side.
    public var localAddress: String
    /// The descriptor's number, for `CLIENT LIST`.
    public var descriptor: Int
    /// True when it came from this machine.
    public var isLocal: Bool

    /// A connection's origin.
    public init(
        kind: Kind, address: String, localAddress: String = "", descriptor: Int = -1,
        isLocal: Bool = true
    ) {
        self.kind = kind
        self.address = address
        self.localAddress = localAddress
        self.descriptor = descriptor
        self.isLocal = isLocal
    }

    /// A connection inside the process.
    public static let embedded = ConnectionOrigin(kind: .embedded, address: "embedded:0")
}

/// What a connection means to the store.
///
/// A reference, because every command looks at the one that sent it and a struct of this size
/// would be copied for that. Only its store holds on to it.
public final class Session {
    /// Which replies are sent.
    enum ReplyMode {
        /// All.
        case on
        /// None.
        case off
        /// Not that of the next command.
        case skipNext
        /// Not that of this command.
        case skip
        /// None from the next command on; what this one still writes is sent.
        case offNext
    }

    /// The number that `CLIENT ID` reports; never used twice.
    public let id: Int64
    /// Where it came from.
    public let origin: ConnectionOrigin
    /// When it was opened.
    let openedAt: Timestamp
    /// When it last sent a request.
    var lastActivity: Timestamp
    /// The database it has chosen.
    public internal(set) var database = 0
    /// The protocol version it speaks.
    public internal(set) var version: ProtocolVersion = .two
    /// True when it may run commands.
    public internal(set) var isAuthenticated: Bool
    /// The name it gave itself.
    public internal(set) var name = ByteString()
    /// The library it says it uses.
    var libraryName = ByteString()
    /// That library's version.
    var libraryVersion = ByteString()
    /// Which replies are sent.
    var replyMode = ReplyMode.on
    /// True when its memory is not a reason to close it.
    var isExemptFromEviction = false
    /// True when its reads do not renew access clocks.
    var touchesNothing = false
    /// True when it is to be closed once its replies are sent.
    public internal(set) var closesAfterReply = false
    /// What keeps its commands from simply running.
    var restraints: Restraints = []
    /// The commands that it has queued, inside a transaction.
    var transaction: Transaction?
    /// The keys that it watches.
    var watched: [WatchedKey] = []
    /// True when one of those has changed.
    var isDirty = false
    /// What it is subscribed to.
    var subscriptions = Subscriptions()
    /// What it waits for.
    var blocking: Blocking?
    /// How it follows changes of keys; nil when it does not.
    var tracking: Tracking?
    /// Who was told in its stead when it did.
    var formerRedirection: SessionHandle?
    /// The number of the last command in the table, or -1.
    var lastCommand = -1
    /// Bytes of a request that has not arrived whole.
    public var pendingInput = 0
    /// Bytes of replies that the host has not sent yet.
    public var pendingOutput = 0
    /// Bytes that the ledger has for it, and what input they include.
    var accountedBytes = 0
    var accountedInput = 0
    /// Bytes that the host keeps for what is read and not run yet, beyond `pendingInput`.
    var inputRoom = 0
    /// Bytes that the host keeps for its replies, and the most that were in them lately.
    var replyBuffer = 0
    var replyBufferPeak = 0
    /// Bytes of the words of the request that describes it, for its own line of `CLIENT LIST`.
    var requestBytes = 0
    /// Requests so far.
    var commandCount = 0
    /// Bytes received and sent so far.
    var bytesIn = 0
    var bytesOut = 0

    init(id: Int64, origin: ConnectionOrigin, at time: Timestamp, isAuthenticated: Bool) {
        self.id = id
        self.origin = origin
        self.openedAt = time
        self.lastActivity = time
        self.isAuthenticated = isAuthenticated
    }
}

extension Session {
    /// Its flags as `CLIENT LIST` shows them: one letter each, `N` for none.
    var flags: String {
        var letters = ""
        if restraints.contains(.monitor) { letters += "O" }
        if restraints.contains(.subscribed) { letters += "P" }
        if transaction != nil { letters += "x" }
        if blocking != nil { letters += "b" }
        if let tracking {
            letters += "t"
            if tracking.isBroken { letters += "R" }
            if tracking.modes.contains(.broadcast) { letters += "B" }
        }
        if isDirty { letters += "d" }
        if origin.kind == .unix { letters += "U" }
        if isExemptFromEviction { letters += "e" }
        if touchesNothing { letters += "T" }
        return letters.isEmpty ? "N" : letters
    }

    /// The bytes of a session by itself.
    private static let ownBytes = 480

    /// The memory that it takes, in bytes: what is kept of it, and what waits to be read or sent.
    var footprint: Int {
        var total = Session.ownBytes + name.count + pendingInput + pendingOutput
        total += transaction?.footprint ?? 0
        total += watched.reduce(0) { $0 + $1.name.key.count + 64 }
        total += tracking?.footprint ?? 0
        return total + subscriptions.footprint + (blocking?.footprint ?? 0)
    }
}
