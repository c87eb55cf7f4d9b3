public import Bytes
import Engine
import Grammar
import Wire

// From bytes to calls: requests are parsed where they were read, run one after the other, and
// their replies collected in one buffer, which `drain` hands out whole.

extension Node {
    /// Consumes the whole requests in `input` and returns how many bytes they took. What is left
    /// must be given again, with more behind it: the first byte of `input` is always the first
    /// byte of a request.
    public mutating func receive(
        _ input: RawSpan, from id: ConnectionID, at now: Tick
    ) -> Int {
        guard isOpen(id), !connections[id.place].isClosing else { return input.byteCount }
        store.latch(now)
        beginReply(to: id)
        if let partial = connections[id.place].partial {
            parser = partial
            connections[id.place].partial = nil
        }
        store.noteInput(session: id.place, pending: input.byteCount)
        var offset = 0
        var limits = store.requestLimits(session: id.place)
        loop: while true {
            switch parser.parse(input, from: offset, limits: limits) {
            case .incomplete:
                break loop
            case .empty(let end):
                parser.finish()
                offset = end
            case .request(let end):
                Node.run(parser, input, offset, session: id.place, &store, &writer)
                parser.finish()
                offset = end
                if !store.effects.isEmpty {
                    actOnEffects(closingAfterReply: id)
                    limits = store.requestLimits(session: id.place)
                }
                if connections[id.place].isClosing { break loop }
            case .failure(let reason):
                failProtocol(reason, id)
                break loop
            }
        }
        return finishReceive(id, input, offset)
    }

    /// Runs the request just parsed; a function of its own, so that the view of its words ends
    /// before the parser goes on.
    @inline(__always)
    private static func run(
        _ parser: borrowing RequestParser, _ input: RawSpan, _ offset: Int, session: Int,
        _ store: inout Store, _ writer: inout ReplyWriter
    ) {
        store.call(parser.arguments(in: input, from: offset), session: session, reply: &writer)
    }

    private mutating func finishReceive(
        _ id: ConnectionID, _ input: RawSpan, _ offset: Int
    ) -> Int {
        if connections[id.place].isClosing {
            parser.finish()
            store.finishInput(session: id.place, consumed: input.byteCount, pending: 0)
            return input.byteCount
        }
        if parser.isInside {
            connections[id.place].partial = parser
            parser = RequestParser()
        }
        let rest = input.byteCount - offset
        store.finishInput(session: id.place, consumed: offset, pending: rest)
        if rest > store.settings.queryBufferLimit { closeAfterReply(id) }
        return offset
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
            case .shutdown:
                actions.append(.shutdown)
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
        let id = ConnectionID(place: session, generation: connections[session].generation)
        closeAfterReply(id)
        if id == current { return }
        connections[session].isOpen = false
        connections[session].partial = nil
        store.close(session: session)
    }

    /// Refuses a connection that may not come in.
    mutating func refuseIfNeeded(_ id: ConnectionID, _ origin: ConnectionOrigin) {
        guard let text = store.refusal(of: origin) else { return }
        beginReply(to: id)
        store.refuseConnection(text, reply: &writer)
        closeAfterReply(id)
    }
}
