public import Bytes
public import Engine
import Nodes

// A world in which everything happens in virtual time: nodes, the sessions that talk to them, a
// shop with its database, the load on it, and the faults that befall all of these. One thread,
// one queue of events, one seed. Whoever plays with it calls something, and the world runs up to
// the moment at which the caller would know the outcome; then its clock stands still until the
// next call. Nothing in it looks at a real clock, so an hour takes as long as what happens in it.
//
// The nodes are the real ones, byte for byte. What is made up is time: how long a link takes
// stands in the plan, how long work takes in the cost model, and how long a query takes is drawn
// from a distribution. That is why counts of a world are called counted, and its times modelled.
//
// The same plan and the same calls give the same bytes, so going back in a lesson is beginning
// again and repeating what was done.

/// A world to play in.
public final class World {
    /// What it began with.
    public let plan: WorldPlan
    /// Nanoseconds since it began.
    public internal(set) var now: UInt64 = 0

    var queue = EventQueue()
    let nodes: [SimulatedNode]
    /// The sessions, in the order in which they were first used.
    var links: [Link] = []
    private var linksByName: [String: Link] = [:]
    /// What is wrong at present, in the order in which it went wrong.
    var faults: [ActiveFault] = []
    var nextFault = 1
    /// Where chance on the links comes from.
    var linkDice: Random
    /// Requests that went to a node together with their answers.
    var roundTrips = 0

    /// The connections of programs.
    var programs: [Link] = []
    /// Nanoseconds to a node and back for sessions that come later.
    var defaultRoundTrip: UInt64
    /// The application, if there is one.
    public private(set) var shop: Shop?
    /// Its database.
    public let database: SimulatedDatabase?
    var loads: [LoadRun] = []
    /// Everything that figures are made from.
    var book = Book()
    var stepMark: Book.Mark
    var runMark: Book.Mark
    /// The samples that were sorted last, for the next percentile of the same.
    var sorted: (kind: Book.Kind, places: Range<Int>, values: [UInt64])?
    /// What the figures of the threads model speak of.
    public var threads: ThreadsModel?
    /// The pipeline that was tried last.
    var pipelineTrial: (depth: Int, speedup: Double)?

    /// A world at its beginning.
    public init(_ plan: WorldPlan) {
        // What a key costs must not depend on what this process has freed before.
        Heap.makeExact()
        self.plan = plan
        defaultRoundTrip = plan.roundTrip
        stepMark = book.mark(Book.Counters(), at: 0)
        runMark = stepMark
        database = plan.database.map { SimulatedDatabase($0, seed: World.seed(plan.seed, 2)) }
        nodes = plan.nodes.enumerated().map { place, node in
            SimulatedNode(node, place: place, of: plan, seed: World.seed(plan.seed, 100 + place))
        }
        linkDice = Random(seed: World.seed(plan.seed, 1))
        if let shop = plan.shop, let database {
            self.shop = Shop(
                shop, database: database, world: self, seed: World.seed(plan.seed, 3))
        }
    }

    /// A seed for a part of the world, so that one part's draws do not move another's.
    static func seed(_ seed: UInt64, _ part: Int) -> UInt64 {
        var dice = Random(seed: seed &+ UInt64(part) &* 0x9e37_79b9_7f4a_7c15)
        return dice.next()
    }

    // MARK: Time

    /// The wall clock at this moment.
    public var wall: Timestamp {
        Timestamp(milliseconds: plan.start.milliseconds + Int64(now / 1_000_000))
    }

    /// Lets time pass, and all that is due in it.
    public func advance(_ nanoseconds: UInt64) { advance(to: now &+ nanoseconds) }

    /// Lets time pass until `condition` holds, at most `limit` nanoseconds; true when it holds.
    /// It is looked at after each thing that happens.
    public func advance(until limit: UInt64, _ condition: () -> Bool) -> Bool {
        let end = now &+ limit
        while true {
            if condition() { return true }
            if !happen(before: end) { break }
        }
        now = max(now, end)
        return condition()
    }

    /// Lets time pass up to a moment.
    func advance(to moment: UInt64) {
        while happen(before: moment) {}
        now = max(now, moment)
    }

    /// An idle world is not ticked through ten times a second: from so many nanoseconds on the
    /// ticks go in longer strides.
    private static let longIdle: UInt64 = 30_000_000_000

    /// Lets the one thing happen that is due next, if it is due by `limit`.
    private func happen(before limit: UInt64) -> Bool {
        let horizon = min(limit, queue.nextTime)
        if let node = nextToTick, node.nextTick <= horizon {
            var moment = max(node.nextTick, now)
            let idle = horizon - moment
            if idle > World.longIdle, node.isTickRegular, !isAnybodyWaiting { moment += idle / 64 }
            now = moment
            node.tick(at: moment)
            book.note(counters, at: moment)
            return true
        }
        guard queue.nextTime <= limit, let event = queue.takeNext() else { return false }
        now = max(now, event.time)
        perform(event.action)
        return true
    }

    private var nextToTick: SimulatedNode? {
        var first: SimulatedNode?
        for node in nodes where node.isUp && node.pauses == 0 {
            if let other = first, other.nextTick <= node.nextTick { continue }
            first = node
        }
        return first
    }

    private var isAnybodyWaiting: Bool { links.contains { $0.isWaiting } }

    private func perform(_ action: WorldAction) {
        switch action {
        case .endFault(let number): endFault(number)
        case .arrive(let delivery): arrive(delivery)
        case .reply(let delivery, let outcome): finish(delivery, outcome)
        case .arrival(let load, let isWrite): arrive(load, isWrite: isWrite)
        case .queryDone(let query): finish(query)
        }
    }

    // MARK: Looking up

    /// The node of this name; the first when none is named.
    func node(_ name: String?) throws(WorldError) -> SimulatedNode {
        guard let name else { return nodes[0] }
        guard let node = nodes.first(where: { $0.name == name }) else {
            let names = nodes.map(\.name).joined(separator: ", ")
            throw WorldError("there is no node '\(name)'; the nodes are: \(names)")
        }
        return node
    }

    /// The session of this name, made when it is first spoken of.
    func link(_ name: String) -> Link {
        if let link = linksByName[name] { return link }
        let home = plan.homes[name] ?? name
        let node = nodes.first { $0.name == home } ?? nodes[0]
        let link = Link(
            name: name, node: node, roundTrip: plan.roundTrips[name] ?? defaultRoundTrip)
        links.append(link)
        linksByName[name] = link
        return link
    }

    /// What the node tells of itself, for a dashboard; the first node unless one is named.
    public func observe(
        _ depth: Observation.Depth = .tables, node name: String? = nil, database: Int = 0
    ) throws(WorldError) -> Observation {
        let node = try node(name)
        return node.observe(depth, database: database)
    }

    /// True while the first node runs.
    public var isUp: Bool { nodes[0].isUp }

    /// What a key is, looked at without a trace.
    public func facts(
        of key: [UInt8], node name: String? = nil, database: Int = 0
    ) throws(WorldError) -> KeyFacts? {
        let node = try node(name)
        return node.isUp ? node.node.store.facts(of: key.rawSpan, database: database) : nil
    }
}
