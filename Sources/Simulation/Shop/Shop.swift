import Bytes

// The shop of the lessons. It is an application as it stands in many companies: it looks into the
// cache, asks the database when nothing is there, and puts the answer into the cache. Its requests
// overlap, as they do in a process with many threads, and each step of each takes its time. Its
// commands to the cache are real: they go to the node as bytes on a session of its own, so what
// they find, what expires and what is evicted is decided by the engine.

/// The application of a world.
public final class Shop {
    /// What it began with.
    public let plan: ShopPlan
    /// How it uses the cache at present.
    public var strategy: ShopPlan.Strategy
    let database: SimulatedDatabase
    let link: Link
    private unowned let world: World
    private var dice: Random
    /// The requests that ask the database for a product on behalf of others too.
    private var flights: [Int: ShopRequest] = [:]
    /// How often each product's copy was made invalid.
    private var invalidations: [Int: Int] = [:]
    /// Requests that have not been answered.
    private(set) var pending = 0

    init(_ plan: ShopPlan, database: SimulatedDatabase, world: World, seed: UInt64) {
        self.plan = plan
        self.database = database
        self.world = world
        strategy = plan.strategy
        link = world.link(plan.session)
        dice = Random(seed: seed)
    }

    /// What decides how it goes on.
    var digest: String {
        var copy = dice
        return "\(strategy) \(pending) \(copy.next()) \(flights.keys.sorted()) \(database.digest)"
    }

    // MARK: Steps

    /// Takes in a request.
    func take(_ request: ShopRequest) {
        pending += 1
        if request.kind != .read || !strategy.usesCache { return query(request) }
        request.phase = .lookup
        send(["GET", key(request.product)], for: request)
    }

    private func query(_ request: ShopRequest) {
        request.phase = .query
        world.query(
            DatabaseQuery(
                row: request.product, isWrite: request.kind == .write, at: world.now, for: request))
    }

    private func send(_ words: [String], for request: ShopRequest) {
        world.send(
            [Request(words.map { Array($0.utf8) })], on: link, extra: plan.cacheCost,
            for: .shop(request))
    }

    /// The cache has answered, or cannot be reached.
    func receive(_ outcome: DeliveryOutcome, _ request: ShopRequest) {
        switch request.phase {
        case .lookup: found(outcome, request)
        case .fill: finish(request, .database)
        case .invalidation: finish(request, nil)
        case .query, .done: break
        }
    }

    private func found(_ outcome: DeliveryOutcome, _ request: ShopRequest) {
        guard case .replies(let bytes) = outcome, let copy = CachedProduct(reply: bytes) else {
            return miss(request)
        }
        request.version = copy.version
        refreshIfOld(copy, request)
        finish(request, .cache)
    }

    private func miss(_ request: ShopRequest) {
        request.writes = invalidations[request.product, default: 0]
        if strategy.isSingleFlight {
            if let first = flights[request.product] {
                first.followers.append(request)
                return
            }
            flights[request.product] = request
        }
        query(request)
    }

    private func refreshIfOld(_ copy: CachedProduct, _ request: ShopRequest) {
        guard strategy.early > 0, let until = copy.until, flights[request.product] == nil,
            until < world.wall.milliseconds + Int64(strategy.early / 1_000_000)
        else { return }
        let refresh = ShopRequest(
            .refresh, request.product, at: world.now, known: request.known, load: nil)
        refresh.writes = invalidations[request.product, default: 0]
        flights[request.product] = refresh
        take(refresh)
    }

    /// The database has answered.
    func answered(_ query: DatabaseQuery) {
        let request = query.asker
        request.version = query.version
        if request.kind == .write { return written(request) }
        land(request)
        let isGuarded = strategy.guardsFills
        let isOutdated = request.writes != invalidations[request.product, default: 0]
        guard strategy.usesCache, database.has(row: request.product), !(isGuarded && isOutdated)
        else { return finish(request, .database) }
        request.phase = .fill
        fill(request)
    }

    /// Gives those that waited for the same product their answer.
    private func land(_ request: ShopRequest) {
        if flights[request.product] === request { flights[request.product] = nil }
        for follower in request.followers {
            follower.version = request.version
            finish(follower, .database)
        }
        request.followers = []
    }

    private func fill(_ request: ShopRequest) {
        var words = setting(request.product, request.version)
        if strategy.fillsIfAbsent { words.append("NX") }
        send(words, for: request)
    }

    /// The words that put a product into the cache.
    private func setting(_ product: Int, _ version: Int) -> [String] {
        let life = drawnLife()
        var until: Int64?
        if strategy.early > 0 { until = world.wall.milliseconds + Int64(life) }
        let value = CachedProduct(version: version, until: until)
            .text(of: product, atLeast: plan.valueBytes)
        return ["SET", key(product), value] + Shop.expiry(life)
    }

    /// Milliseconds that a copy is to live.
    private func drawnLife() -> UInt64 {
        let chance = strategy.jitter > 0 ? dice.next(below: strategy.jitter + 1) : 0
        return max(1, (strategy.timeToLive + chance) / 1_000_000)
    }

    private static func expiry(_ milliseconds: UInt64) -> [String] {
        milliseconds.isMultiple(of: 1000)
            ? ["EX", "\(milliseconds / 1000)"] : ["PX", "\(milliseconds)"]
    }

    private func written(_ request: ShopRequest) {
        guard strategy.usesCache, strategy.onWrite != .leave else { return finish(request, nil) }
        request.phase = .invalidation
        invalidations[request.product, default: 0] += 1
        world.book.note(.writeCommands, at: world.now)
        if strategy.onWrite == .delete {
            send(["DEL", key(request.product)], for: request)
        } else {
            send(setting(request.product, request.version), for: request)
        }
    }

    private func finish(_ request: ShopRequest, _ source: ShopAnswer.Source?) {
        request.phase = .done
        pending -= 1
        let isKnown = database.has(row: request.product)
        let isStale = source == .cache && request.version > 0 && request.version < request.known
        if request.kind == .write {
            database.acknowledge(row: request.product, version: request.version)
        }
        let answer = ShopAnswer(
            status: isKnown ? 200 : 404, product: request.product, source: source,
            version: request.version, isStale: isStale, time: world.now - request.startedAt)
        request.answer = answer
        if request.kind != .refresh { world.noteAnswer(answer, isWrite: request.kind == .write) }
        request.load?.inFlight -= 1
    }

    // MARK: Warming

    func key(_ product: Int) -> String { "\(database.plan.table):\(product)" }

    /// Puts products into the cache, as the database has them now, with the life that is given
    /// or that of the strategy.
    func warming(_ products: ClosedRange<Int>, life: UInt64?, jitter: UInt64?) -> [Request] {
        products.filter(database.has).map { product in
            let spread = jitter ?? strategy.jitter
            let chance = spread > 0 ? dice.next(below: spread + 1) : 0
            let milliseconds = max(1, ((life ?? strategy.timeToLive) + chance) / 1_000_000)
            let until = strategy.early > 0 ? world.wall.milliseconds + Int64(milliseconds) : nil
            let value = CachedProduct(version: database.version(row: product), until: until)
                .text(of: product, atLeast: plan.valueBytes)
            let words = ["SET", key(product), value] + Shop.expiry(milliseconds)
            return Request(words.map { Array($0.utf8) })
        }
    }
}
