public import Bytes
public import Grammar
public import Structures
import Wire

/// Everything that commands change: databases, sessions, settings, statistics.
///
/// A store owns no clock, socket or file. Time comes in with each call and stands still during
/// it; randomness comes from the seed; what must happen outside leaves as an `Effect`.
public struct Store: ~Copyable {
    /// The databases, by number.
    public internal(set) var keyspaces: OwnedArray<Keyspace>
    /// The database that the running command works on.
    public internal(set) var selected = 0
    /// The connections; a free place is nil.
    public internal(set) var sessions: [Session?] = []
    var freeSessions: [Int] = []
    var nextSessionID: Int64 = 1
    /// The second in which idle sessions were last looked for.
    var lastIdleCheck: Int64 = 0
    /// Both clocks, fixed for the whole of a command.
    public internal(set) var now: Tick
    /// When the store began.
    public let startedAt: Tick
    /// The only source of randomness.
    var random: Random
    /// Forty hexadecimal digits that tell this run from others.
    public let runID: String
    /// The settings.
    public var settings: Settings
    /// The commands of this flavour.
    public let commands: CommandTable<Store>
    /// Counters since the start, or since CONFIG RESETSTAT.
    public internal(set) var statistics = Statistics()
    /// What is counted of each command, by its number in the table.
    public internal(set) var meters: CallMeters
    /// The commands that took long.
    public internal(set) var slowLog = SlowLog()
    /// Events that took long.
    public internal(set) var latency = LatencyMonitor()
    /// Nanoseconds from which a command is looked at for these two.
    var noteworthyDuration = UInt64.max
    /// What the counters were at moments of the last minute.
    var windows: ActivityWindows
    /// Memory by use.
    public internal(set) var ledger = MemoryLedger()
    /// Why keys are not there any more, where that is noted.
    public internal(set) var departures: Departures
    /// Which keys are asked for most, and which are biggest, where that is watched.
    var hotKeys: HotKeys
    var bigKeys = BigKeys()
    /// What was seen of the beginnings of names, while somebody observes the node.
    var prefixes = PrefixSample()
    /// The most memory that may be used; `Int.max` when there is no bound.
    var memoryBound = Int.max
    /// The most memory that connections may use.
    var sessionBound = Int.max
    /// What the search for keys to evict remembers.
    var eviction = EvictionState()
    /// Changes since the last save.
    public internal(set) var dirty = 0
    /// What the running command did besides.
    public var effects: [Effect] = []
    /// The session whose command is running, or -1.
    var runningSession = -1
    /// The command of a transaction that is running, or -1.
    var queuedCommand = -1
    /// What has to be looked at when a command has run.
    var attention: Attention = []
    /// True while sessions that waited are being served.
    var isFinishing = false
    /// Where the reply of the running command begins.
    var replyStart = 0
    /// What the gates know of the commands, by their numbers.
    let traits: [CommandTraits]
    /// What goes to sessions outside the order of their requests.
    var outbox = Outbox()
    /// A writer for late replies, kept for the next one.
    var spareWriter: ReplyWriter?
    /// Who is subscribed to what.
    var pubsub = PubSub()
    /// The sessions that are shown all commands.
    var monitors: [Int] = []
    /// The sessions that watch a key.
    var watchers: [DatabaseKey: [Int]] = [:]
    /// What is remembered for sessions that keep copies of values.
    var tracking = TrackingTable()
    /// True while anybody is to be asked about each change of a key.
    var hasObservers = false
    /// The sessions that wait for a key.
    var waiters: [DatabaseKey: WaitQueue] = [:]
    /// Keys that somebody waits for and that have appeared.
    var readyKeys: [DatabaseKey] = []
    /// The key that a waiting session's command is running again for.
    var offeredKey: ByteString?
    /// When waiting ends.
    var deadlines = Deadlines()
    /// How often sessions have begun to wait.
    var nextBlocking: UInt64 = 0
    /// Sessions that wait, and those among them that do not wait for ever.
    var blockedSessions = 0
    var timedSessions = 0
    /// True inside a transaction, where no command may wait.
    var isBlockingDenied = false
    /// The pause that is under way.
    var pause: Pause?
    /// Sessions whose command waits for its end, in their order.
    var postponed: [Int] = []
    /// When the regular work was last done.
    var lastRegularTick: Instant
    /// Tables of emptied databases whose records the ticks free.
    var retired = OwnedArray<RetiredTable>()
    /// What only the host knows, for INFO.
    public var hostFacts = HostFacts()
    /// Brings those of them up to date that change all the time; called when INFO asks.
    public var refreshHostFacts: ((inout HostFacts) -> Void)?
    /// Names the history of changes, forty hexadecimal digits.
    var historyID: String
    /// The bytes used before there was any key.
    private(set) var startMemory = 0
    var traffic = TrafficMeter()
    var accessClock = AccessClock()
    var expiryCycle = ExpiryCycle()
    /// Writes values for DUMP and its like.
    var encoder = ObjectEncoder()
    /// What DEBUG has switched.
    var debugging = DebugSwitches()
    /// The number of DEBUG in the table.
    let debugCommand: Int
    /// What is still to be said of the key whose value is being edited.
    var announcement: Announcement = []
    /// True while the running command must not renew access clocks.
    var isTouchSuppressed = false
    /// Hashes of keys that a batch of requests begins with.
    var expectedHashes: [UInt64] = []
    /// Hashes of keys that single requests of the coming turn begin with, and their database.
    var anticipatedHashes: [UInt64] = []
    var anticipatedDatabase = 0
    /// Hashes of the members that its requests name, each with the payload of its table.
    var expectedMembers: [(payload: UInt64, hash: UInt64)] = []
    /// The same for members of large sorted sets.
    var expectedScores: [(payload: UInt64, hash: UInt64)] = []
    /// When the last command ended, by the stopwatch: the next one of a batch began then.
    public internal(set) var lastClock: UInt64 = 0
    /// Nanoseconds for which the running command has asked the host to do nothing.
    var heldNanoseconds: UInt64 = 0
    /// True while the requests of a turn run one straight after the other.
    var isInTurn = false
    /// Reads a clock in nanoseconds: only for measuring how long commands take.
    let stopwatch: () -> UInt64

    /// A store without keys.
    /// - Parameters:
    ///   - seed: what all its randomness comes from; the same seed gives the same bytes.
    ///   - stopwatch: a clock in nanoseconds, for statistics only.
    public init(
        settings: Settings, commands: [Command<Store>] = AllCommands.list, seed: UInt64,
        at now: Tick, stopwatch: @escaping () -> UInt64
    ) {
        var random = Random(seed: seed)
        let sipKey = SipKey(k0: random.next(), k1: random.next())
        keyspaces = OwnedArray()
        for _ in 0..<max(1, settings.databases) { keyspaces.append(Keyspace(sipKey: sipKey)) }
        let digits = Array("0123456789abcdef")
        runID = String((0..<40).map { _ in digits[random.next(below: 16)] })
        historyID = String((0..<40).map { _ in digits[random.next(below: 16)] })
        hotKeys = HotKeys(seed: sipKey.k0 ^ sipKey.k1)
        self.random = random
        self.settings = settings
        self.commands = CommandTable(commands, flavour: settings.flavour)
        self.debugCommand = self.commands.find(ByteString("DEBUG").rawSpan) ?? -1
        meters = CallMeters(count: self.commands.entries.count)
        windows = ActivityWindows(statistics, at: now.monotonic)
        traits = self.commands.entries.map { CommandTraits(of: $0.spec) }
        lastRegularTick = now.monotonic
        departures = Departures(at: now.wall)
        self.now = now
        self.startedAt = now
        self.stopwatch = stopwatch
        accessClock.advance(to: now.wall)
        for database in 0..<keyspaces.count { ledger.noteTable(keyspaces[database].tableBytes) }
        startMemory = usedMemory
        applySettings()
    }

    deinit {
        // The tables free the records; what these point at is freed here.
        for database in 0..<keyspaces.count {
            keyspaces[database].table.forEach { $0.freeValue() }
        }
        for index in 0..<retired.count { retired[index].table.forEach { $0.freeValue() } }
    }

    // MARK: Sessions

    /// Adds a session and returns its number.
    public mutating func open(_ origin: ConnectionOrigin) -> Int {
        let session = Session(
            id: nextSessionID, origin: origin, at: now.wall,
            isAuthenticated: settings.password.isEmpty)
        nextSessionID += 1
        statistics.connections += 1
        statistics.openSessions += 1
        let number: Int
        if let free = freeSessions.popLast() {
            sessions[free] = session
            number = free
        } else {
            sessions.append(session)
            number = sessions.count - 1
        }
        settleSession(number)
        return number
    }

    /// Ends a session.
    public mutating func close(session: Int) {
        guard let holder = sessions[session] else { return }
        endWaiting(session)
        endTransaction(session)
        unsubscribeFromAll(session)
        endMonitoring(session)
        ledger.noteSession(-holder.accountedBytes)
        endTracking(session)
        sessions[session] = nil
        freeSessions.append(session)
        statistics.openSessions -= 1
    }

    /// Latches the time for what follows.
    @inline(__always)
    public mutating func latch(_ now: Tick) {
        if now.wall != self.now.wall { accessClock.advance(to: now.wall) }
        self.now = now
    }
}
