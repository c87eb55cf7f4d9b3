public import Bytes
import Engine
import Grammar
import Wire

// From bytes to calls: requests are parsed where they were read, run one after the other, and
// their replies collected in one buffer, which `drain` hands out whole.
//
// A pipeline is taken in batches. While the requests of a batch are parsed, the buckets of their
// keys are asked for, then the entries; when the first command runs, the memory that all of them
// need is already on its way. A lookup among millions of keys is two cache misses; sixteen of
// them at once cost little more than one. The members of large sets and hashes are asked for in
// the same way.

extension Node {
    /// Requests that are looked at before the first of them runs.
    private static let batchLimit = 16

    /// Bytes of replies after which `receive` stops until they have been sent: a client that
    /// asks for much and reads nothing must not fill the memory with one read of requests.
    private static let replyLimit = 4 << 20

    /// Consumes the whole requests in `input` and returns how many bytes they took. What is left
    /// must be given again, with more behind it: the first byte of `input` is always the first
    /// byte of a request. When `isHeldUp` says so, it must be given again without waiting for
    /// more; when `isBlocked` does, not before the host is asked to resume the connection.
    public mutating func receive(
        _ input: RawSpan, from id: ConnectionID, at now: Tick
    ) -> Int {
        isHeldUp = false
        isHolding = false
        isBlocked = false
        guard isOpen(id), !connections[id.place].isClosing else { return input.byteCount }
        store.latch(now)
        if store.isWaiting(session: id.place) { return keepWaiting(id, input) }
        beginReply(to: id)
        if let partial = connections[id.place].partial.take() { parser.resume(partial) }
        store.beginInput(session: id.place, pending: input.byteCount)
        var offset = 0
        while true {
            let stop = gather(input, &offset, session: id.place)
            let (done, hasChanged) = runBatch(input, id)
            if done > 0 { offset = batch[done - 1].end }
            // What was read behind a change was read by rules that no longer hold.
            let isWhole = done == batch.count && !hasChanged
            batch.removeAll(keepingCapacity: true)
            if connections[id.place].isClosing { break }
            if isWhole { parser.finish() } else { parser.restart() }
            if hasChanged, store.isWaiting(session: id.place) {
                parser.restart()
                isBlocked = true
                return finishReceive(id, input, offset)
            }
            if isFull || isHolding, offset < input.byteCount, !parser.isInside {
                isHeldUp = true
                return finishReceive(id, input, offset)
            }
            if !isWhole { continue }
            switch stop {
            case .incomplete: return finishReceive(id, input, offset)
            case .failure(let reason): failProtocol(reason, id)
            case .request, .empty: continue
            }
            break
        }
        parser.restart()
        store.finishInput(session: id.place, consumed: input.byteCount, pending: 0)
        return input.byteCount
    }

    /// Parses requests from `offset` on into `batch`, and says what stopped it. Empty requests
    /// in front of the first are passed over.
    @inline(__always)
    private mutating func gather(
        _ input: RawSpan, _ offset: inout Int, session: Int
    ) -> RequestParser.Outcome {
        let limits = store.requestLimits(session: session)
        // Before authentication each request may change what the next is allowed.
        let limit = limits.isUnauthenticated ? 1 : Node.batchLimit
        var start = offset
        while true {
            let isInline = parser.isInline(input, at: start)
            if isInline, !batch.isEmpty { return .empty(end: start) }
            let outcome = parser.parse(input, from: start, limits: limits)
            switch outcome {
            case .request(let end):
                batch.append(parser.keep(from: start, to: end))
                start = end
                if isInline || batch.count >= limit { return outcome }
            case .empty(let end):
                _ = parser.keep(from: start, to: end)
                start = end
                if batch.isEmpty { offset = end } else { return outcome }
            case .incomplete, .failure:
                return outcome
            }
        }
    }

    /// Runs the requests of the batch and returns how many, and whether the last of them may
    /// have changed what the next may be. It stops at such a one, at one that ends the
    /// connection, and when there are replies enough.
    @inline(__always)
    private mutating func runBatch(
        _ input: RawSpan, _ id: ConnectionID
    ) -> (done: Int, hasChanged: Bool) {
        if batch.count > 1 { Node.prefetch(parser, batch, input, &store) }
        var done = 0
        for request in batch {
            Node.run(parser, request, input, session: id.place, &store, &writer)
            done += 1
            if !store.effects.isEmpty {
                actOnEffects(closingAfterReply: id)
                return (done, true)
            }
            if isFull { break }
        }
        return (done, false)
    }

    /// True when what has been written, for this connection or for others, is to be sent before
    /// more is run.
    @inline(__always)
    private var isFull: Bool {
        writer.buffer.count > Node.replyLimit || store.deliveryLoad > Node.replyLimit
    }

    /// Asks for the memory behind the keys of a batch. The first word after the name is nearly
    /// always a key; where it is none, one useless hint is all it costs.
    private static func prefetch(
        _ parser: borrowing RequestParser, _ batch: [RequestParser.Request], _ input: RawSpan,
        _ store: inout Store
    ) {
        if store.isLarge {
            for request in batch {
                let arguments = parser.arguments(of: request, in: input)
                if arguments.count > 1 { store.prefetchBucket(arguments[1]) }
            }
            store.prefetchRecords()
        }
        var isFirst = true
        for request in batch {
            let arguments = parser.arguments(of: request, in: input)
            // Pipelines are mostly of one kind: the first tells whether to look at the others.
            guard store.prefetchMember(arguments) || !isFirst else { break }
            isFirst = false
        }
        store.prefetchMembers()
    }

    /// Runs one request; a function of its own, so that the view of its words ends before the
    /// parser goes on.
    @inline(__always)
    private static func run(
        _ parser: borrowing RequestParser, _ request: RequestParser.Request, _ input: RawSpan,
        session: Int, _ store: inout Store, _ writer: inout ReplyWriter
    ) {
        store.call(
            parser.arguments(of: request, in: input), session: session, reply: &writer)
    }

    /// Leaves what has arrived for a connection whose command waits; too much ends it.
    private mutating func keepWaiting(_ id: ConnectionID, _ input: RawSpan) -> Int {
        isBlocked = true
        store.noteInput(session: id.place, pending: input.byteCount)
        if input.byteCount > store.settings.queryBufferLimit { exceedQueryLimit(id) }
        return 0
    }

    private mutating func finishReceive(
        _ id: ConnectionID, _ input: RawSpan, _ offset: Int
    ) -> Int {
        if parser.isInside { connections[id.place].partial = parser.suspend() }
        let rest = input.byteCount - offset
        store.finishInput(session: id.place, consumed: offset, pending: rest)
        if rest > store.settings.queryBufferLimit, !isHeldUp { exceedQueryLimit(id) }
        return offset
    }

    private mutating func exceedQueryLimit(_ id: ConnectionID) {
        store.noteQueryLimitExceeded()
        closeAfterReply(id)
    }

    mutating func beginReply(to id: ConnectionID) {
        precondition(writer.buffer.isEmpty, "the last reply was not drained")
        replyTo = id
        writer.version = store.version(session: id.place)
    }

    /// Answers a stream that cannot be read on, and ends it.
    private mutating func failProtocol(_ reason: ByteString, _ id: ConnectionID) {
        store.protocolError(reason, reply: &writer)
        closeAfterReply(id)
    }

    /// Marks a connection as done: nothing more is read, what is written goes out, then it ends.
    mutating func closeAfterReply(_ id: ConnectionID) {
        if connections[id.place].isClosing { return }
        connections[id.place].isClosing = true
        actions.append(.close(id))
    }

    /// Turns what commands did besides into actions of the host.
    mutating func actOnEffects(closingAfterReply current: ConnectionID?) {
        for effect in store.effects {
            switch effect {
            case .close(let session):
                endSession(session, current)
            case .sessionChanged:
                break
            case .blocked, .deadlineChanged:
                actions.append(.reschedule)
            case .unblocked(let session):
                if session < connections.count, connections[session].isOpen {
                    actions.append(.resume(self.id(of: session)))
                }
            case .shutdown:
                actions.append(.shutdown)
            case .hold(let nanoseconds):
                actions.append(.hold(nanoseconds: nanoseconds))
                isHolding = true
            case .settingsChanged:
                actions.append(.settingsChanged)
            }
        }
        store.effects.removeAll(keepingCapacity: true)
    }

    /// Ends a connection that a command has ended: the one that sent it after its reply, any
    /// other at once.
    private mutating func endSession(_ session: Int, _ current: ConnectionID?) {
        guard session < connections.count, connections[session].isOpen else { return }
        let id = id(of: session)
        if id == current { return closeAfterReply(id) }
        actions.append(.drop(id))
        connections[session].isOpen = false
        connections[session].partial = nil
        store.close(session: session)
    }

    private func id(of session: Int) -> ConnectionID {
        ConnectionID(place: session, generation: connections[session].generation)
    }

    /// Refuses a connection that may not come in.
    mutating func refuseIfNeeded(_ id: ConnectionID, _ origin: ConnectionOrigin) {
        guard let text = store.refusal(of: origin) else { return }
        beginReply(to: id)
        store.refuseConnection(text, reply: &writer)
        closeAfterReply(id)
    }
}
