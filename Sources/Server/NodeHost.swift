import Bytes
public import Engine
public import NIOCore
import Nodes

/// One node pinned to one event loop: the loop's thread is the only one that touches it.
///
/// Handlers on the loop call it directly; a call that came through an actor would cost more than
/// the command it carries. Everyone else goes through `submit`, which hops to the loop.
///
/// Replies are sent at the end of the loop's turn, when all connections that had something to
/// read have been read: a client that is woken by each single reply would send its next request
/// alone, and every turn would then serve one request.
public final class NodeHost {
    /// The loop that owns the node.
    public let eventLoop: any EventLoop
    private var node: Node
    /// Connections, by the number of their session.
    private var connections: [ConnectionHandler?] = []
    /// Where the regular visits to connections have come.
    private var nextVisit = 0
    /// Bytes of replies that all connections together have not taken.
    private var totalBacklog = 0
    /// How much may wait to be sent to a connection before it is closed.
    private var outputLimits: OutputLimits
    /// Connections from inside the process.
    private var ports: [ConnectionID: EmbeddedPort] = [:]
    /// The connection whose request is being run.
    private var current: ConnectionHandler?
    /// Connections that have replies to send at the end of this turn.
    private var waiting: [ConnectionHandler] = []
    /// Those that have been sent to, in the same order.
    private var answered: [ConnectionHandler] = []
    /// What `readAgain` reads into.
    private var readBuffer = [UInt8](repeating: 0, count: 16_384)
    private var isFlushScheduled = false
    /// When the turn began whose end is waited for, by the stopwatch.
    private var turnBegan: UInt64 = 0
    /// Connections from inside the process whose command waits no more.
    private var resumed: [EmbeddedPort] = []
    /// Requests that were read in this turn.
    private var queue = TurnQueue()
    /// Those of them that are being run.
    private var running = TurnQueue()
    private var isRunningTurn = false
    private var wanted: [HostAction] = []
    /// The clocks as read in this turn of the loop.
    private var turn: Tick?
    /// Nanoseconds after which they are read again within a turn.
    private static let staleAfter: UInt64 = 500_000
    private let stopwatch: Stopwatch
    private var tickTask: Scheduled<Void>?
    /// When that is due.
    private var tickDue: UInt64 = .max
    /// Called on the loop when a command asks for the end of the node.
    var onShutdown: (() -> Void)?

    /// A host on `eventLoop`; must be called on it.
    public init(settings: Settings, eventLoop: any EventLoop, seed: UInt64) {
        eventLoop.preconditionInEventLoop()
        self.eventLoop = eventLoop
        let stopwatch = Stopwatch()
        self.stopwatch = stopwatch
        self.node = Node(
            settings: settings, seed: seed, at: SystemClock.tick(), stopwatch: stopwatch.read)
        node.store.hostFacts = SystemFacts.read()
        node.store.refreshHostFacts = SystemFacts.refresh
        outputLimits = settings.outputLimits
        scheduleTick()
    }

    /// Runs `body` with the store, on the loop, for what the host itself has to tell or ask.
    func withStore<R>(_ body: (inout Store) -> R) -> R { body(&node.store) }

    /// What the node tells of itself now; on the loop.
    func observe(_ depth: Observation.Depth, database: Int) -> Observation {
        node.observe(depth, database: database, at: turnTick())
    }

    // MARK: Time

    private func scheduleTick() {
        let now = SystemClock.monotonicNanoseconds()
        let due = node.nextTick.nanoseconds
        tickTask?.cancel()
        tickDue = due
        let delay = due > now ? Int64(due - now) : 0
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        tickTask = eventLoop.scheduleTask(in: .nanoseconds(delay)) { bound.value.tick() }
    }

    /// Ticks earlier than planned when somebody's time to wait is over before that.
    private func rescheduleTick() {
        if node.nextTick.nanoseconds < tickDue { scheduleTick() }
    }

    private func tick() {
        turn = nil
        stopwatch.adjust()
        node.tick(at: turnTick())
        drain()
        visitSome()
        scheduleTick()
    }

    /// Visits a share of the connections, such that each is visited about once a second.
    private func visitSome() {
        let second = node.store.now.monotonic.nanoseconds / 1_000_000_000
        let share = connections.count / max(1, node.store.settings.hertz) + 1
        for _ in 0..<min(share, connections.count) {
            if nextVisit >= connections.count { nextVisit = 0 }
            connections[nextVisit]?.visit(at: second)
            nextVisit += 1
        }
    }

    /// Ends the node's ticking and all its connections.
    func shutDown() {
        tickTask?.cancel()
        for handler in connections { handler?.closeAfterWrites() }
        endPorts()
    }

    private func endPorts() {
        for port in Array(ports.values) { port.end("the engine has ended") }
    }

    /// The time for requests of this turn. Clocks are read once a turn, and again after a command
    /// that took long: reading them for each request would cost more than parsing it.
    @inline(__always)
    private func turnTick() -> Tick {
        if let turn, node.store.lastClock &- turn.monotonic.nanoseconds < NodeHost.staleAfter {
            return turn
        }
        let now = SystemClock.tick(monotonic: stopwatch.read())
        turn = now
        endTurnLater()
        return now
    }

    // MARK: Connections

    func open(_ origin: ConnectionOrigin, _ handler: ConnectionHandler) {
        let id = node.open(origin, at: turnTick())
        while connections.count <= id.session { connections.append(nil) }
        connections[id.session] = handler
        handler.id = id
        drain()
    }

    func close(_ id: ConnectionID, _ handler: ConnectionHandler) {
        if connections[id.session] === handler { connections[id.session] = nil }
        close(id)
    }

    private func close(_ id: ConnectionID) {
        node.close(id, at: turnTick())
        drain()
    }

    /// The handler of a connection that has not been closed.
    @inline(__always)
    private func handler(_ id: ConnectionID) -> ConnectionHandler? {
        guard id.session < connections.count, let handler = connections[id.session],
            handler.id == id
        else { return nil }
        return handler
    }

    func open(_ port: EmbeddedPort) -> ConnectionID {
        let id = node.open(.embedded, at: turnTick())
        ports[id] = port
        drain()
        return id
    }

    func close(port id: ConnectionID) {
        ports[id] = nil
        close(id)
    }

    /// The same as below for a connection from inside the process, which is never held up: its
    /// reader is the process itself.
    func receive(_ input: RawSpan, from id: ConnectionID) -> Int {
        var consumed = 0
        repeat {
            consumed += node.receive(
                input.extracting(consumed...), from: id, at: turnTick())
            drain()
        } while node.isHeldUp
        return consumed
    }

    /// Keeps a request that was read for the end of the turn.
    @inline(__always)
    func runLater(_ input: RawSpan, from id: ConnectionID, _ handler: ConnectionHandler) {
        node.anticipate(input, from: id)
        queue.append(input, handler)
        endTurnLater()
    }

    /// Runs the requests that were read in this turn, in the order in which they were read.
    func runTurn() {
        if queue.isEmpty || isRunningTurn { return }
        isRunningTurn = true
        swap(&queue, &running)
        node.beginTurn()
        running.forEach { input, handler in handler.run(queued: input) }
        node.endTurn()
        drain()
        running.removeAll()
        isRunningTurn = false
    }

    /// Gives the node what was read; returns how many bytes made whole requests.
    @inline(__always)
    func receive(_ input: RawSpan, from id: ConnectionID, _ handler: ConnectionHandler) -> Int {
        current = handler
        let consumed = node.receive(input, from: id, at: turnTick())
        drain()
        return consumed
    }

    /// Tells the node what buffers a connection has.
    func noteBuffers(_ id: ConnectionID, inputRoom: Int, replies: Int, peak: Int) {
        guard node.isOpen(id) else { return }
        node.store.noteBuffers(
            session: id.session, inputRoom: inputRoom, replies: replies, peak: peak)
    }

    /// True when the node stopped in the middle of what it was given last.
    var isHeldUp: Bool { node.isHeldUp }

    /// True when it stopped because a command of the connection waits.
    var isBlocked: Bool { node.isBlocked }

    /// The most bytes of requests that a connection may have waiting.
    var inputLimit: Int { node.store.settings.queryBufferLimit }

    /// Tells the node how much of a connection's replies the host still holds.
    func noteOutput(_ id: ConnectionID, pending: Int, change: Int) {
        totalBacklog += change
        if node.isOpen(id) { node.store.noteOutput(session: id.session, pending: pending) }
    }

    /// Bytes of unsent replies above which nothing more is read from a connection. It is far
    /// above what a client leaves unread that sends a long pipeline before it reads; only when
    /// very much waits in all is each connection held short. Where the settings bound what may
    /// wait, they do, and the connection is closed when it is more.
    var backlogMark: Int {
        if outputLimits.normal.hard > 0 { return Int.max }
        if totalBacklog > 512 << 20 { return 1 << 20 }
        return max(64 << 20, min(outputLimits.normal.soft, Int.max / 2) * 2)
    }

    /// The bounds on what may wait to be sent to this connection.
    func outputLimit(of id: ConnectionID?) -> OutputLimits.Limit {
        guard let id, node.store.isSubscriber(session: id.session) else {
            return outputLimits.normal
        }
        return outputLimits.pubsub
    }

    @inline(__always)
    private func drain() {
        node.drain { id, bytes in
            if let current, current.id == id {
                current.collect(bytes)
            } else if let connection = handler(id) {
                connection.collect(bytes)
            } else {
                ports[id]?.collect(bytes)
            }
        } action: {
            wanted.append($0)
        }
        current = nil
        if !wanted.isEmpty { performWanted() }
    }

    private func performWanted() {
        let actions = wanted
        wanted.removeAll()
        for action in actions {
            switch action {
            case .close(let id):
                handler(id)?.closeAfterWrites()
                ports[id]?.end("the engine closed the connection")
            case .drop(let id):
                handler(id)?.drop()
                ports[id]?.end("the engine closed the connection")
            case .resume(let id):
                handler(id)?.resume()
                if let port = ports[id] {
                    resumed.append(port)
                    endTurnLater()
                }
            case .reschedule:
                rescheduleTick()
            case .shutdown:
                // Whoever sees the end of a connection finds that the node has ended too.
                onShutdown?()
                endPorts()
            case .hold(let nanoseconds):
                // All that the node serves waits, which is what is asked for.
                SystemClock.sleep(nanoseconds: nanoseconds)
                turn = nil
            case .settingsChanged:
                outputLimits = node.store.settings.outputLimits
                SystemFiles.allowFiles(node.store.settings.maximumClients + 32)
            }
        }
    }

    // MARK: Sending

    /// Puts a connection on the list of those that are sent to at the end of this turn.
    func flushLater(_ handler: ConnectionHandler) {
        waiting.append(handler)
        endTurnLater()
    }

    /// Asks the loop for a call when all that is readable now has been read.
    private func endTurnLater() {
        if isFlushScheduled { return }
        isFlushScheduled = true
        turnBegan = stopwatch.read()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.flush() }
    }

    private func resumePorts() {
        let ports = resumed
        resumed = []
        for port in ports { port.receive([]) }
    }

    private func flush() {
        let began = turnBegan
        endTurn()
        if readAgain() { endTurn() }
        answered.removeAll(keepingCapacity: true)
        node.store.noteTurn(nanoseconds: stopwatch.read() &- began)
    }

    /// Runs what was read in this turn, and sends the replies.
    private func endTurn() {
        runTurn()
        isFlushScheduled = false
        turn = nil
        if !resumed.isEmpty { resumePorts() }
        answered.removeAll(keepingCapacity: true)
        swap(&answered, &waiting)
        for handler in answered { handler.flush() }
    }

    // MARK: Reading again

    /// Connections that must have been answered together for another turn.
    private static let busyTurn = 8
    /// Connections in which nothing was found, after which no more are tried.
    private static let missLimit = 2

    /// Reads again from the connections that were just answered; false when nothing was there.
    ///
    /// On a busy server the clients that were answered first have asked again by the time that
    /// the last are answered. Reading from them at once, in the same order, saves asking the
    /// system which can be read, and the loop's own way to each, which takes longer than a short
    /// command. The first that have not asked again tell that the others have not either. One
    /// such turn follows each of the loop's own, and not more: other connections wait meanwhile.
    private func readAgain() -> Bool {
        guard answered.count >= NodeHost.busyTurn else { return false }
        let wasScheduled = isFlushScheduled
        isFlushScheduled = true
        var buffer: [UInt8] = []
        swap(&buffer, &readBuffer)
        var (hits, misses) = (0, 0)
        for handler in answered where misses < NodeHost.missLimit {
            if handler.readAgain(into: &buffer) { hits += 1 } else { misses += 1 }
        }
        swap(&buffer, &readBuffer)
        if hits == 0 { isFlushScheduled = wasScheduled }
        return hits > 0
    }
}
