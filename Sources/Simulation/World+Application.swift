import Bytes
import Wire

// The shop, its database and the loads: what goes on in a world besides what a person types.

extension World {
    // MARK: Requests of a person

    /// Asks the shop for something and waits for the answer: `GET /product/42`, or
    /// `PUT /product/42`, which changes the product.
    public func request(_ line: String) throws(WorldError) -> ShopAnswer {
        guard let shop, let database else { throw WorldError("this world has no shop") }
        let words = line.split(separator: " ")
        let kinds: [Substring: ShopRequest.Kind] = ["GET": .read, "PUT": .write]
        guard words.count == 2, let kind = kinds[words[0]] else {
            throw WorldError(
                "'\(line)' is no request; try GET /\(database.plan.table)/1 "
                    + "or PUT /\(database.plan.table)/1")
        }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1] == database.plan.table,
            let product = Int(parts[2])
        else {
            throw WorldError("the shop has no page '\(words[1])'; try /\(database.plan.table)/1")
        }
        let request = shopRequest(kind, product, load: nil)
        shop.take(request)
        _ = advance(until: World.patience) { request.answer != nil }
        return request.answer
            ?? ShopAnswer(
                status: 503, product: product, source: nil, version: 0, isStale: false,
                time: World.patience)
    }

    /// Nanoseconds after which a person gives up.
    private static let patience: UInt64 = 3_600_000_000_000

    /// Changes a product in the database, unknown to the shop and the cache; its new version.
    public func changeRow(_ row: Int) throws(WorldError) -> Int {
        guard let database else { throw WorldError("this world has no database") }
        guard database.has(row: row) else {
            throw WorldError("there is no row \(row); the rows are 1 to \(database.plan.rows)")
        }
        let version = database.change(row: row)
        database.acknowledge(row: row, version: version)
        return version
    }

    /// Puts products into the cache before anybody asks for them, read from the database in one
    /// query.
    /// - Parameters:
    ///   - life: nanoseconds that the copies live; nil as the strategy says.
    ///   - jitter: up to so many nanoseconds more; nil as the strategy says.
    /// - Returns: how many were stored.
    @discardableResult
    public func warm(
        _ products: ClosedRange<Int>, life: UInt64? = nil, jitter: UInt64? = nil
    ) throws(WorldError) -> Int {
        guard let shop else { throw WorldError("this world has no shop") }
        let requests = shop.warming(products, life: life, jitter: jitter)
        return try store(requests, session: shop.link.name).stored
    }

    /// Stores texts of a size under numbered keys: `page:{1..2000}` makes 2,000 of them.
    /// - Parameter life: seconds that they live; nil for ever.
    /// - Returns: how many were stored, and the first error if there was one.
    public func fill(
        _ pattern: String, size: Int, life: Int? = nil, session: String = "fill"
    ) throws(WorldError) -> (stored: Int, error: String?) {
        guard let numbered = NumberedKey(pattern) else {
            throw WorldError("'\(pattern)' names no keys; write them as page:{1..2000}")
        }
        let value = String(repeating: "x", count: max(0, size))
        let requests = numbered.numbers.map { number in
            var words = ["SET", numbered.key(number), value]
            if let life { words += ["EX", "\(life)"] }
            return Request(words.map { Array($0.utf8) })
        }
        return try store(requests, session: session)
    }

    /// Sends requests a hundred at a time, as a program would that has many.
    private func store(
        _ requests: [Request], session: String
    ) throws(WorldError) -> (stored: Int, error: String?) {
        let link = program(of: session)
        var stored = 0
        var error: String?
        var start = 0
        while start < requests.count {
            let end = min(requests.count, start + 100)
            for answer in exchange(Array(requests[start..<end]), link) {
                switch answer {
                case .reply(let reply) where reply.errorText == nil: stored += 1
                case .reply(let reply): error = error ?? reply.errorText?.text
                case .none(let reason): throw WorldError(reason)
                case .waits, .silence: error = error ?? "no reply has come"
                }
            }
            start = end
        }
        return (stored, error)
    }

    /// Sets how much memory the node may use: so many bytes beyond what it used when it was
    /// empty. Returns the bound.
    @discardableResult
    public func setMemoryLimit(aboveEmpty bytes: Int, node name: String? = nil) throws(WorldError)
        -> Int
    {
        let node = try node(name)
        let bound = node.emptyMemory + max(0, bytes)
        let link = program(of: node.name)
        let words = ["CONFIG", "SET", "maxmemory", "\(bound)"]
        guard case .reply(let reply) = exchange([Request(words.map { Array($0.utf8) })], link)[0],
            reply.errorText == nil
        else { throw WorldError("the node \(node.name) does not take the bound now") }
        return bound
    }

    // MARK: Loads

    /// Begins a load; it goes on while time passes. Returns its number.
    @discardableResult
    public func start(_ plan: LoadPlan) throws(WorldError) -> Int {
        var link: Link?
        switch plan.client {
        case .shop:
            guard shop != nil else {
                throw WorldError("the load '\(plan.name)' needs a shop, and this world has none")
            }
        case .commands(let session, let scripts):
            guard scripts.contains(where: { !$0.commands.isEmpty }) else {
                throw WorldError("the load '\(plan.name)' has no commands")
            }
            link = program(of: session)
        }
        let load = LoadRun(
            plan, number: loads.count + 1, at: now, link: link,
            seed: World.seed(self.plan.seed, 1000 + loads.count))
        loads.append(load)
        for isWrite in [false, true] { planArrival(load, isWrite: isWrite) }
        return load.number
    }

    /// Lets no more requests of a load come; those that are under way are answered.
    public func stop(load number: Int) {
        if number >= 1, number <= loads.count { loads[number - 1].stop() }
    }

    /// True while requests of it come, or wait for their answer.
    public func isRunning(load number: Int) -> Bool {
        number >= 1 && number <= loads.count && !loads[number - 1].isDone
    }

    /// Lets time pass until all requests of a load have been answered.
    public func finish(load number: Int) {
        guard isRunning(load: number) else { return }
        let load = loads[number - 1]
        let limit = load.startedAt + load.plan.duration + World.patience - now
        _ = advance(until: limit) { load.isDone }
    }

    /// Requests that a load has sent up to now.
    public func sent(load number: Int) -> Int {
        number >= 1 && number <= loads.count ? loads[number - 1].sent : 0
    }

    private func planArrival(_ load: LoadRun, isWrite: Bool) {
        if let time = load.next(isWrite: isWrite) {
            queue.plan(.arrival(load, isWrite: isWrite), at: time)
        }
    }

    func arrive(_ load: LoadRun, isWrite: Bool) {
        if load.isOver { return }
        let key = load.key()
        load.inFlight += 1
        if let link = load.link {
            send(load.commands(key: key), on: link, for: .load(load))
        } else {
            shop?.take(shopRequest(isWrite ? .write : .read, key, load: load))
        }
        planArrival(load, isWrite: isWrite)
    }

    /// A load's commands are answered.
    func answered(_ load: LoadRun, _ outcome: DeliveryOutcome, sentAt: UInt64) {
        load.inFlight -= 1
        book.note(.requests, now - sentAt, at: now)
        switch outcome {
        case .failed: book.note(.errors, at: now)
        case .replies(let bytes):
            if ReplyScan.holdsError(bytes) { book.note(.errors, at: now) }
        }
    }

    // MARK: The shop's way to the database

    private func shopRequest(_ kind: ShopRequest.Kind, _ product: Int, load: LoadRun?)
        -> ShopRequest
    {
        ShopRequest(
            kind, product, at: now, known: database?.acknowledgedVersion(row: product) ?? 1,
            load: load)
    }

    func query(_ query: DatabaseQuery) {
        guard let database else { return }
        database.factor = faults.reduce(1) { product, active in
            if case .slowDatabase(let factor) = active.fault { return product * factor }
            return product
        }
        book.note(query.isWrite ? .databaseWrites : .queries, at: now)
        if let time = database.take(query) { queue.plan(.queryDone(query), at: now + time) }
    }

    func finish(_ query: DatabaseQuery) {
        guard let database, let shop else { return }
        if !query.isWrite { book.note(.queryTimes, now - query.begunAt, at: now) }
        if let next = database.end(query) {
            queue.plan(.queryDone(next.query), at: now + next.time)
        }
        shop.answered(query)
    }

    func noteAnswer(_ answer: ShopAnswer, isWrite: Bool) {
        if isWrite { return book.note(.writes, answer.time, at: now) }
        book.note(.requests, answer.time, at: now)
        if answer.isStale { book.note(.staleReads, at: now) }
    }
}

/// Keys that differ in a number: `page:{1..2000}`.
struct NumberedKey {
    let before: String
    let after: String
    let numbers: ClosedRange<Int>

    init?(_ pattern: String) {
        guard let open = pattern.firstIndex(of: "{"),
            let close = pattern[open...].firstIndex(of: "}")
        else { return nil }
        let bounds = pattern[pattern.index(after: open)..<close]
            .split(separator: ".", omittingEmptySubsequences: false)
        guard bounds.count == 3, bounds[1].isEmpty, let low = Int(bounds[0]),
            let high = Int(bounds[2]), low <= high, high - low < 10_000_000
        else { return nil }
        before = String(pattern[..<open])
        after = String(pattern[pattern.index(after: close)...])
        numbers = low...high
    }

    func key(_ number: Int) -> String { "\(before)\(number)\(after)" }
}
