import Bytes
import Wire

// What goes to sessions that have not asked for it just now: messages, notices, and the late
// replies of commands that had to wait.
//
// A letter names its recipients and a piece of the bytes that all letters of a turn share. One
// message to ten thousand subscribers is therefore one letter: written once in each version of
// the protocol, with the list of subscribers as it stood then, which is shared with the channel
// and not copied. The node hands letters out, in their order, behind the reply of the call.
//
// The session whose command is running has a place of its own, because what it is sent belongs
// between its replies: Redis 7.0 puts it in front of the reply of the command that caused it,
// later servers behind it.

/// Letters that wait to be handed out.
struct Outbox: ~Copyable {
    /// Bytes for recipients, in one version of the protocol each.
    private struct Letter {
        var second: Range<Int>
        var third: Range<Int>
        var recipients: Recipients
    }

    /// To whom a letter goes.
    private enum Recipients {
        case one(Int)
        case all([Int], but: Int)
    }

    private var writer = ReplyWriter(capacity: 64)
    private var letters: [Letter] = []
    /// Bytes that will have been handed out when all letters are.
    private(set) var load = 0
    /// What goes to the session whose command is running.
    var own = ReplyWriter(capacity: 64)

    /// True when there is no letter.
    @inline(__always)
    var isEmpty: Bool { letters.isEmpty }

    /// Bytes of memory that are kept for letters.
    var footprint: Int {
        writer.buffer.footprint + own.buffer.footprint
            + letters.capacity * MemoryLayout<Letter>.stride
    }

    private mutating func write(
        _ version: ProtocolVersion, _ body: (inout ReplyWriter) -> Void
    ) -> Range<Int> {
        let start = writer.buffer.count
        writer.version = version
        body(&writer)
        return start..<writer.buffer.count
    }

    /// Adds a letter to one session.
    mutating func post(
        to session: Int, _ version: ProtocolVersion, _ body: (inout ReplyWriter) -> Void
    ) {
        let piece = write(version, body)
        load += piece.count
        letters.append(Letter(second: piece, third: piece, recipients: .one(session)))
    }

    /// Adds a letter of bytes that are written already.
    mutating func post(to session: Int, _ bytes: RawSpan) {
        let start = writer.buffer.count
        writer.buffer.append(bytes)
        let piece = start..<writer.buffer.count
        load += piece.count
        letters.append(Letter(second: piece, third: piece, recipients: .one(session)))
    }

    /// Adds a letter to several sessions, each in the version that it speaks.
    mutating func post(
        to sessions: [Int], but exempt: Int, _ body: (inout ReplyWriter) -> Void
    ) {
        let second = write(.two, body)
        let third = write(.three, body)
        load += second.count * sessions.count
        letters.append(
            Letter(second: second, third: third, recipients: .all(sessions, but: exempt)))
    }

    /// Hands each letter to each of its recipients, and empties the box.
    mutating func handOut(
        version: (Int) -> ProtocolVersion?, _ body: (Int, RawSpan) -> Void
    ) {
        for letter in letters {
            switch letter.recipients {
            case .one(let session):
                body(session, writer.buffer.bytes.extracting(letter.second))
            case .all(let sessions, let exempt):
                for session in sessions where session != exempt {
                    guard let version = version(session) else { continue }
                    let piece = version == .two ? letter.second : letter.third
                    body(session, writer.buffer.bytes.extracting(piece))
                }
            }
        }
        letters.removeAll(keepingCapacity: letters.count < 1024)
        writer.buffer.removeAll()
        load = 0
    }
}

extension Store {
    /// Sends something to a session outside the order of its requests: `body` writes it, in the
    /// version of the protocol that the session speaks. A session that is ending gets nothing.
    mutating func deliver(to session: Int, _ body: (inout ReplyWriter) -> Void) {
        guard let holder = sessions[session], !holder.closesAfterReply else { return }
        if session == runningSession {
            attention.insert(.ownLetters)
            outbox.own.version = holder.version
            body(&outbox.own)
        } else {
            outbox.post(to: session, holder.version, body)
        }
    }

    /// Sends the same to several sessions; `includingOwn` says that the one whose command is
    /// running is among them.
    mutating func deliver(
        to recipients: [Int], includingOwn: Bool, _ body: (inout ReplyWriter) -> Void
    ) {
        if includingOwn, let holder = sessions[runningSession], !holder.closesAfterReply {
            attention.insert(.ownLetters)
            outbox.own.version = holder.version
            body(&outbox.own)
            if recipients.count == 1 { return }
        }
        outbox.post(to: recipients, but: runningSession, body)
    }

    /// True when there is something to hand out.
    @inline(__always)
    public var hasDeliveries: Bool { !outbox.isEmpty || tracking.hasChanges }

    /// Bytes that wait to be handed out.
    public var deliveryLoad: Int { outbox.load }

    /// Bytes of memory that they take.
    public var deliveryFootprint: Int { outbox.footprint }

    /// Hands out what commands have sent to other sessions, in the order of sending.
    /// - Parameter body: gets the number of a session and bytes for it.
    public mutating func takeDeliveries(_ body: (Int, RawSpan) -> Void) {
        if tracking.hasChanges, !isInTurn { broadcastInvalidations() }
        let holders = sessions
        var writes = 0
        var total = 0
        outbox.handOut(version: { holders[$0]?.version }) { session, bytes in
            writes += 1
            total += bytes.byteCount
            holders[session]?.bytesOut += bytes.byteCount
            body(session, bytes)
        }
        statistics.writes += writes
        statistics.bytesOut += total
    }
}
