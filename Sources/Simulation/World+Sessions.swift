import Bytes
public import Wire

// Sessions: what somebody in the world says to a node, and hears from it. A call returns at the
// moment at which its reply has come back over the link, and whatever else was due in between
// has happened.

extension World {
    /// Sends a command on a session, which is made when it is first used, and waits for the
    /// reply.
    public func call(_ words: [[UInt8]], session: String) -> Answer {
        pipeline([words], session: session, depth: 1)[0]
    }

    /// The same from words as text.
    public func call(_ words: [String], session: String) -> Answer {
        call(words.map { Array($0.utf8) }, session: session)
    }

    /// Sends commands `depth` at a time, each lot when the last is answered; one round trip a
    /// lot.
    public func pipeline(
        _ commands: [[[UInt8]]], session: String, depth: Int
    ) -> [Answer] {
        let link = link(session)
        var answers: [Answer] = []
        var start = 0
        while start < commands.count {
            let end = min(commands.count, start + max(1, depth))
            answers += exchange(commands[start..<end].map(Request.init), link)
            start = end
        }
        return answers
    }

    /// The reply of a command that waited, when it has come, or word that it will not.
    public func collect(session: String) -> Answer? {
        let link = link(session)
        if !link.replies.isEmpty { return .reply(link.replies.removeFirst()) }
        guard link.hasLostReply else { return nil }
        link.hasLostReply = false
        return .none("the node closed the connection")
    }

    /// Messages that have come outside the order of replies: of channels, and of whatever else a
    /// session has asked to be told.
    public func takePushes(session: String) -> [RESPValue] {
        let link = link(session)
        defer { link.pushes = [] }
        return link.pushes
    }

    /// Forgets a session's connection as if it had been closed; the next call makes another.
    public func disconnect(session: String) {
        let link = link(session)
        link.node.disconnect(link, at: now)
        link.hasLostReply = false
        link.replies = []
        link.pushes = []
    }

    /// The sessions in the order in which they were first used.
    public var sessions: [String] { links.map(\.name) }

    /// Sets how long the way to the node and back takes.
    /// - Parameter session: nil for all, those that come later too.
    public func setRoundTrip(_ nanoseconds: UInt64, session: String?) {
        if let session { return link(session).roundTrip = nanoseconds }
        for link in links { link.roundTrip = nanoseconds }
        defaultRoundTrip = nanoseconds
    }

    /// Runs commands one by one and then so many at a time, and compares how long that took; what
    /// comes out is told by the figures `pipeline.depth` and `pipeline.speedup`.
    @discardableResult
    public func tryPipeline(depth: Int, commands count: Int = 1000, session: String) -> Double {
        let commands = (1...max(1, count)).map { number in
            ["SET", "pipeline:\(number)", "v"].map { Array($0.utf8) }
        }
        func time(_ depth: Int) -> Double {
            let begin = now
            _ = pipeline(commands, session: session, depth: depth)
            return Double(now - begin)
        }
        let single = time(1)
        let speedup = single / max(1, time(depth))
        pipelineTrial = (max(1, depth), speedup)
        return speedup
    }

    // MARK: As bytes

    /// Sends bytes on a session as a client would that speaks the protocol by itself, and returns
    /// the bytes that have come back, messages included. Commands that wait answer later, by
    /// ``takeBytes(session:)``. Nil when nobody is there.
    public func receive(_ bytes: [UInt8], session: String) -> [UInt8]? {
        let link = link(session)
        link.isRaw = true
        roundTrips += 1
        let trip = trip(on: link)
        advance(to: now + trip / 2)
        guard reach(link) == nil else { return nil }
        if link.node.pauses > 0 {
            link.node.backlog.append(.bytes(bytes, link))
            return link.takeOutput()
        }
        let done = link.node.run(bytes: bytes, link, at: now) { note($0, $1) }
        advance(to: max(now, done) + (trip - trip / 2))
        let output = link.takeOutput()
        return output.isEmpty && !link.isOpen ? nil : output
    }

    /// Sends bytes as ``receive(_:session:)`` does, for somebody who only looks: no time passes,
    /// and no figure counts it. Nil when nobody is there.
    public func look(_ bytes: [UInt8], session: String) -> [UInt8]? {
        let link = link(session)
        link.isRaw = true
        guard reach(link) == nil else { return nil }
        guard link.node.pauses == 0 else { return [] }
        _ = link.node.run(bytes: bytes, link, at: now) { _, _ in }
        let output = link.takeOutput()
        return output.isEmpty && !link.isOpen ? nil : output
    }

    /// What has come since on a session that is used as bytes.
    public func takeBytes(session: String) -> [UInt8] { link(session).takeOutput() }

    /// False when the node has closed the session's connection, or nobody has opened one.
    public func isConnected(session: String) -> Bool { link(session).isOpen }

    // MARK: The way there and back

    func exchange(_ requests: [Request], _ link: Link) -> [Answer] {
        roundTrips += 1
        let trip = trip(on: link)
        advance(to: now + trip / 2)
        if let reason = reach(link) { return requests.map { _ in .none(reason) } }
        link.isRaw = false
        link.hasLostReply = false
        let isBehind = link.isWaiting
        link.expected += requests.count
        link.expectsPush = requests.contains { $0.name.hasSuffix("subscribe") }
        if link.node.pauses > 0 {
            link.node.backlog.append(.foreground(requests, link))
            return requests.map { _ in .waits }
        }
        let done = link.node.run(requests, link, at: now) { note($0, $1) }
        advance(to: max(now, done) + (trip - trip / 2))
        // Replies to a session that has asked before and not been answered come in their turn.
        if isBehind { return requests.map { _ in .waits } }
        return requests.map { answer(to: $0, link) }
    }

    private func answer(to request: Request, _ link: Link) -> Answer {
        if !link.replies.isEmpty { return .reply(link.replies.removeFirst()) }
        guard link.isOpen else {
            link.hasLostReply = false
            return request.name == "shutdown" ? .silence : .none("the node closed the connection")
        }
        if link.node.isWaiting(link) || !link.input.isEmpty { return .waits }
        link.expected = 0
        return .silence
    }

    /// Connects a session if it is not; the reason why that cannot be.
    func reach(_ link: Link) -> String? {
        if faults.contains(where: { $0.fault.cuts(link) }) {
            if link.isOpen { link.node.disconnect(link, at: now) }
            return "could not connect to \(link.node.name): the network is cut"
        }
        guard link.node.isUp else {
            return "could not connect to \(link.node.name): connection refused"
        }
        if !link.isOpen { link.node.connect(link, at: now) }
        return nil
    }

    /// Nanoseconds that the next way there and back takes.
    func trip(on link: Link) -> UInt64 {
        let link = link.route ?? link
        var trip = link.roundTrip
        for active in faults {
            switch active.fault {
            case .linkDelay(let session, let nanoseconds)
            where session == nil || session == link.name:
                trip += nanoseconds
            case .linkLoss(let session, let share) where session == nil || session == link.name:
                // What is lost is sent again after a while, twice as long each time.
                var pause = World.retransmission
                while linkDice.nextUnit() < share, pause < 64 * World.retransmission {
                    trip += pause
                    pause *= 2
                }
            default: break
            }
        }
        return trip
    }

    /// Nanoseconds after which what is lost on a link is sent again for the first time.
    private static let retransmission: UInt64 = 200_000_000

    // MARK: The world's own clients

    /// The connection of a program that runs where a session does: as long as that one's, and not
    /// the same, so that neither disturbs the other.
    func program(of session: String) -> Link {
        if let link = programs.first(where: { $0.route?.name == session }) { return link }
        let route = link(session)
        let link = Link(name: session + " program", node: route.node, roundTrip: 0)
        link.route = route
        programs.append(link)
        return link
    }

    /// Sends requests of the world's own clients on their way.
    /// - Parameter extra: nanoseconds that the client itself adds to the way there and back.
    func send(
        _ requests: [Request], on link: Link, extra: UInt64 = 0, for client: Delivery.Client
    ) {
        roundTrips += 1
        let trip = trip(on: link) + extra
        let delivery = Delivery(requests, of: client, on: link, trip: trip, sentAt: now)
        if trip < 2 { arrive(delivery) } else { queue.plan(.arrive(delivery), at: now + trip / 2) }
    }

    /// They have arrived at the node.
    func arrive(_ delivery: Delivery) {
        let link = delivery.link
        let back = delivery.trip - delivery.trip / 2
        if let reason = reach(link) {
            return queue.plan(.reply(delivery, .failed(reason)), at: now + back)
        }
        if link.node.pauses > 0 { return link.node.backlog.append(.delivery(delivery)) }
        link.isRaw = true
        let done = link.node.run(delivery.requests, link, at: now) { note($0, $1) }
        let output = link.takeOutput()
        // A client that hears nothing, because somebody has told the node to wait, gives up and
        // begins again on another connection.
        if output.isEmpty { link.node.disconnect(link, at: now) }
        let outcome: DeliveryOutcome =
            output.isEmpty ? .failed("no reply has come") : .replies(output)
        queue.plan(.reply(delivery, outcome), at: max(now, done) + back)
    }

    /// Their replies are back.
    func finish(_ delivery: Delivery, _ outcome: DeliveryOutcome) {
        switch delivery.client {
        case .shop(let request): shop?.receive(outcome, request)
        case .load(let load): answered(load, outcome, sentAt: delivery.sentAt)
        }
    }

    /// Counts a command and what it cost.
    func note(_ name: String, _ cost: UInt64) { book.note(command: name, cost, at: now) }
}
