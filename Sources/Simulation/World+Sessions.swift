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

    /// The reply of a command that waited, when it has come.
    public func collect(session: String) -> Answer? {
        let link = link(session)
        return link.replies.isEmpty ? nil : .reply(link.replies.removeFirst())
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
        link.replies = []
        link.pushes = []
    }

    /// The sessions in the order in which they were first used.
    public var sessions: [String] { links.map(\.name) }

    /// Sets how long the way to the node and back takes.
    /// - Parameter session: nil for all that there are.
    public func setRoundTrip(_ nanoseconds: UInt64, session: String?) {
        if let session { return link(session).roundTrip = nanoseconds }
        for link in links { link.roundTrip = nanoseconds }
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

    /// What has come since on a session that is used as bytes.
    public func takeBytes(session: String) -> [UInt8] { link(session).takeOutput() }

    /// False when the node has closed the session's connection, or nobody has opened one.
    public func isConnected(session: String) -> Bool { link(session).isOpen }

    // MARK: The way there and back

    private func exchange(_ requests: [Request], _ link: Link) -> [Answer] {
        roundTrips += 1
        let trip = trip(on: link)
        advance(to: now + trip / 2)
        if let reason = reach(link) { return requests.map { _ in .none(reason) } }
        link.isRaw = false
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

    /// Sends requests of the world's own clients on their way.
    func send(_ requests: [Request], on link: Link) {
        roundTrips += 1
        let trip = trip(on: link)
        let delivery = Delivery(requests, on: link, trip: trip, sentAt: now)
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
        queue.plan(.reply(delivery, .replies(link.takeOutput())), at: max(now, done) + back)
    }

    /// Their replies are back.
    func finish(_ delivery: Delivery, _ outcome: DeliveryOutcome) {}

    /// Counts a command and what it cost.
    func note(_ name: String, _ cost: UInt64) {}
}
