import Bytes
import Engine
import Grammar
import Nodes
import Structures

// A node and its host in one. The node is the real one, byte for byte; what is simulated is the
// time that it takes, by the cost model, and what happens to it: it may be paused, killed and
// started again. A node serves one request after the other, so what arrives while it works waits.

/// A node of a world.
final class SimulatedNode {
    let name: String
    /// Its place among the nodes of the world.
    let place: Int
    private let plan: WorldPlan.NodePlan
    private let start: Timestamp
    private let seed: UInt64
    private let costs: CostModel
    private let clock: ModelClock
    private(set) var node: Node
    /// Bytes that it used before there was any key.
    private(set) var emptyMemory = 0

    /// True while it runs.
    private(set) var isUp = true
    /// How many faults hold it still at present.
    var pauses = 0
    /// Milliseconds that the wall clock of its machine is ahead of the world's.
    var skew: Int64 = 0
    /// What has arrived while it is held still.
    var backlog: [Held] = []
    /// When it will have done what it was given.
    private(set) var busyUntil: UInt64 = 0
    /// Nanoseconds that it has worked.
    private(set) var busy: UInt64 = 0
    /// When it wants to tick.
    private(set) var nextTick: UInt64 = 0
    /// When it last did.
    private(set) var lastTick: UInt64 = 0
    /// What was counted by those that were killed.
    private var retired = Tally()
    /// How often it was started.
    private(set) var starts = 0

    /// Connections by their number at the node.
    private var links: [Link?] = []
    /// The connections that had commands waiting which now go on.
    private var resumed: [Link] = []
    private var growths: [String: CostModel.Growth] = [:]

    /// Something that arrived at a node which is held still.
    enum Held {
        /// What a session waits for.
        case foreground([Request], Link)
        /// The same as bytes.
        case bytes([UInt8], Link)
        /// What one of the world's own clients has sent.
        case delivery(Delivery)
    }

    init(_ plan: WorldPlan.NodePlan, place: Int, of world: WorldPlan, seed: UInt64) {
        self.plan = plan
        name = plan.name
        self.place = place
        start = world.start
        costs = world.costs
        self.seed = seed
        clock = ModelClock()
        let begin = SimulatedNode.tick(0, from: world.start)
        let clock = clock
        var settings = plan.settings
        node = Node(settings: settings, seed: seed, at: begin, stopwatch: { clock.read() })
        emptyMemory = node.store.usedMemory
        if let above = plan.memoryAboveEmpty {
            settings.maximumMemory = emptyMemory + above
            node = Node(settings: settings, seed: seed, at: begin, stopwatch: { clock.read() })
        }
        nextTick = SimulatedNode.worldTime(node.nextTick)
    }

    // MARK: Time

    /// Nanoseconds of a node's monotonic clock when its world begins.
    private static let origin: UInt64 = 1_000_000_000

    private static func tick(_ now: UInt64, from start: Timestamp) -> Tick {
        Tick(
            wall: Timestamp(milliseconds: start.milliseconds + Int64(now / 1_000_000)),
            monotonic: Instant(nanoseconds: now + origin),
            microseconds: Int64(now / 1000 % 1000))
    }

    private static func worldTime(_ instant: Instant) -> UInt64 {
        instant.nanoseconds > origin ? instant.nanoseconds - origin : 0
    }

    private func tick(_ now: UInt64) -> Tick {
        SimulatedNode.tick(now, from: Timestamp(milliseconds: start.milliseconds + skew))
    }

    /// True when what it wants to do next is no more than its regular work.
    var isTickRegular: Bool { nextTick &- lastTick >= 50_000_000 }

    /// Does what is due.
    func tick(at now: UInt64) {
        lastTick = now
        node.tick(at: tick(now))
        drain(now)
        nextTick = max(SimulatedNode.worldTime(node.nextTick), now + 1)
    }

    // MARK: Connections

    /// Connects a session.
    func connect(_ link: Link, at now: UInt64) {
        let port = 40_000 + links.count
        let origin = ConnectionOrigin(
            kind: .tcp, address: "127.0.0.1:\(port)", localAddress: "127.0.0.1:6379")
        let id = node.open(origin, at: tick(now))
        while links.count <= id.session { links.append(nil) }
        links[id.session] = link
        link.id = id
        drain(now)
    }

    /// Ends a session's connection from its own side.
    func disconnect(_ link: Link, at now: UInt64) {
        guard let id = link.id else { return }
        node.close(id, at: tick(now))
        links[id.session] = nil
        link.end()
        drain(now)
    }

    // MARK: Work

    /// Runs requests that arrived together, and returns when their replies leave.
    func run(
        _ requests: [Request], _ link: Link, at now: UInt64,
        note: (_ name: String, _ cost: UInt64) -> Void
    ) -> UInt64 {
        var work = costs.exchange
        for request in requests {
            guard let id = link.id else { break }
            let growth = growth(request.name)
            let keys = growth == .keyspace ? keyCount : 0
            var cost = costs.base(growth, requestBytes: request.bytes.count, keys: keys)
            let sent = node.store.statistics.bytesOut
            clock.step = cost
            if link.input.isEmpty {
                let consumed = give(request.bytes, id, at: now)
                if consumed < request.bytes.count { link.input = Array(request.bytes[consumed...]) }
            } else {
                link.input += request.bytes
            }
            clock.step = 0
            cost += costs.rest(growth, replyBytes: node.store.statistics.bytesOut - sent)
            note(request.name, cost)
            work += cost
        }
        return finish(work, at: now)
    }

    /// Runs whatever bytes have arrived, and returns when the replies leave.
    func run(
        bytes: [UInt8], _ link: Link, at now: UInt64, note: (_ name: String, _ cost: UInt64) -> Void
    ) -> UInt64 {
        guard let id = link.id else { return now }
        var work = costs.exchange
        for name in RequestNames.read(link.input + bytes) {
            let cost = costs.base(growth(name), requestBytes: 0, keys: 0)
            note(name, cost)
            work += cost
        }
        clock.step = costs.step
        link.input += bytes
        let consumed = give(link.input, id, at: now)
        link.input.removeFirst(min(consumed, link.input.count))
        clock.step = 0
        return finish(work, at: now)
    }

    private func finish(_ work: UInt64, at now: UInt64) -> UInt64 {
        busy += work
        busyUntil = max(busyUntil, now) + work
        return busyUntil
    }

    /// Gives the node bytes until it wants no more of them; returns how many it took.
    private func give(_ bytes: [UInt8], _ id: ConnectionID, at now: UInt64) -> Int {
        let time = tick(now)
        var consumed = node.receive(bytes.rawSpan, from: id, at: time)
        drain(now)
        while node.isHeldUp, consumed < bytes.count {
            consumed += node.receive(Array(bytes[consumed...]).rawSpan, from: id, at: time)
            drain(now)
        }
        return consumed
    }

    private func growth(_ name: String) -> CostModel.Growth {
        if let known = growths[name] { return known }
        let number = node.store.commands.find(ByteString(name).rawSpan)
        let complexity = number.map { node.store.commands.entries[$0].spec.complexity } ?? ""
        let growth = CostModel.growth(name: name, complexity: complexity)
        growths[name] = growth
        return growth
    }

    private func drain(_ now: UInt64) {
        var wanted: [HostAction] = []
        node.drain { id, bytes in
            guard id.session < links.count, let link = links[id.session], link.id == id else {
                return
            }
            link.collect(bytes)
        } action: {
            wanted.append($0)
        }
        if wanted.isEmpty { return }
        for action in wanted { perform(action, at: now) }
        resumeLinks(at: now)
    }

    private func perform(_ action: HostAction, at now: UInt64) {
        switch action {
        case .close(let id), .drop(let id):
            guard id.session < links.count, let link = links[id.session], link.id == id else {
                return
            }
            links[id.session] = nil
            node.close(id, at: tick(now))
            link.end()
        case .resume(let id):
            if id.session < links.count, let link = links[id.session], link.id == id {
                resumed.append(link)
            }
        case .reschedule:
            nextTick = min(nextTick, max(SimulatedNode.worldTime(node.nextTick), now + 1))
        case .shutdown:
            kill(at: now)
        case .hold(let nanoseconds):
            busyUntil = max(busyUntil, now) + nanoseconds
        case .settingsChanged:
            break
        }
    }

    /// Gives the node what it had not consumed of connections whose command waits no more.
    private func resumeLinks(at now: UInt64) {
        while !resumed.isEmpty {
            let link = resumed.removeFirst()
            guard let id = link.id, !link.input.isEmpty else { continue }
            let input = link.input
            link.input = []
            let consumed = give(input, id, at: now)
            if link.isOpen, consumed < input.count {
                link.input = Array(input[consumed...]) + link.input
            }
        }
    }

    // MARK: Life and death

    /// Ends it as if its process were killed: all that it had is gone.
    func kill(at now: UInt64) {
        guard isUp else { return }
        isUp = false
        retired = tally
        for link in links { link?.end() }
        links = []
        resumed = []
        let clock = clock
        node = Node(
            settings: plan.settings, seed: seed, at: tick(now), stopwatch: { clock.read() })
        nextTick = .max
        busyUntil = 0
    }

    /// Starts it again, empty.
    func restart(at now: UInt64) {
        guard !isUp else { return }
        isUp = true
        starts += 1
        var settings = plan.settings
        if let above = plan.memoryAboveEmpty { settings.maximumMemory = emptyMemory + above }
        let clock = clock
        node = Node(
            settings: settings, seed: seed &+ UInt64(starts) &* 0x9e37_79b9_7f4a_7c15,
            at: tick(now), stopwatch: { clock.read() })
        nextTick = SimulatedNode.worldTime(node.nextTick)
        lastTick = now
    }

    // MARK: Looking

    /// Keys in all databases; those that have expired and still stand are among them.
    var keyCount: Int {
        guard isUp else { return 0 }
        var count = 0
        for database in 0..<node.store.keyspaces.count {
            count += node.store.keyspaces[database].count
        }
        return count
    }

    /// Bytes that it accounts for.
    var memory: Int { isUp ? node.store.usedMemory : 0 }

    /// True while a command of this session waits at the node.
    func isWaiting(_ link: Link) -> Bool {
        link.id.map { node.store.isWaiting(session: $0.session) } ?? false
    }

    /// What was counted since the world began, over all its lives.
    var tally: Tally {
        guard isUp else { return retired }
        let statistics = node.store.statistics
        var tally = retired
        tally.hits += statistics.hits
        tally.misses += statistics.misses
        tally.expired += statistics.expired
        tally.evicted += statistics.evicted
        tally.commands += statistics.commandsProcessed
        tally.bytes += statistics.bytesIn + statistics.bytesOut
        return tally
    }

    /// What the node tells of itself.
    func observe(_ depth: Observation.Depth, database: Int) -> Observation {
        node.observe(depth, database: database)
    }

    /// The sum over everything in it that decides what it will do.
    func digest() -> [UInt8] { isUp ? node.store.stateDigest() : [] }
}

/// What is counted of a node.
struct Tally: Equatable {
    var hits = 0
    var misses = 0
    var expired = 0
    var evicted = 0
    var commands = 0
    var bytes = 0
}

/// A stopwatch by which each command takes as long as the cost model says: it moves on by one
/// step each time that it is read, and it is read once when a command begins or the last has
/// ended.
final class ModelClock {
    private var time: UInt64 = 0
    var step: UInt64 = 0

    func read() -> UInt64 {
        time += step
        return time
    }
}
