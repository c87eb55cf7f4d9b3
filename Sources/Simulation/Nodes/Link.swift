import Bytes
import Nodes
import Wire

/// A session: a named connection between somebody in the world and a node.
final class Link {
    let name: String
    let node: SimulatedNode
    /// The connection at the node; nil while there is none.
    var id: ConnectionID?
    /// Nanoseconds to the node and back.
    var roundTrip: UInt64
    /// The session whose way it shares; nil when it has its own.
    var route: Link?

    /// Replies that have arrived and that nobody has taken.
    var replies: [RESPValue] = []
    /// What arrived outside the order of replies.
    var pushes: [RESPValue] = []
    /// Commands that were sent and have not been answered.
    var expected = 0
    /// What the node has not consumed, because a command before it waits.
    var input: [UInt8] = []
    /// True when the connection ended while a command waited, and nobody has been told.
    var hasLostReply = false
    /// True when what arrives is handed on as bytes.
    var isRaw = false
    var output: [UInt8] = []
    /// True when a message outside the order of replies may be the answer that is expected.
    var expectsPush = false
    /// Messages received, by channel.
    private(set) var received: [ByteString: Int] = [:]
    private var parser = ReplyParser()

    init(name: String, node: SimulatedNode, roundTrip: UInt64) {
        self.name = name
        self.node = node
        self.roundTrip = roundTrip
    }

    /// True while there is a connection.
    var isOpen: Bool { id != nil }

    /// True while a command of this session waits at the node.
    var isWaiting: Bool { expected > 0 || !input.isEmpty || node.isWaiting(self) }

    /// Takes what the node sends.
    func collect(_ bytes: RawSpan) {
        if isRaw {
            output += bytes.copied()
            return
        }
        parser.feed(bytes.copied())
        while let value = nextValue() { sort(value) }
    }

    /// Nil when no more is whole; a node of ours sends nothing that cannot be read.
    private func nextValue() -> RESPValue? {
        do {
            return try parser.next()
        } catch {
            preconditionFailure("a node sent what is no reply: \(error)")
        }
    }

    private func sort(_ value: RESPValue) {
        let isOutside = value.isPush && !expectsPush
        if expected > 0, !isOutside {
            expected -= 1
            if expected == 0 { expectsPush = false }
            replies.append(value)
        } else {
            note(value)
            pushes.append(value)
        }
    }

    private func note(_ value: RESPValue) {
        guard let elements = value.elements, elements.count > 2, let kind = elements[0].bytes
        else { return }
        switch kind {
        case "message", "smessage": count(elements[1])
        case "pmessage": count(elements[2])
        default: break
        }
    }

    private func count(_ channel: RESPValue) {
        if let name = channel.bytes { received[name, default: 0] += 1 }
    }

    /// Everything that came as bytes since the last look.
    func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Forgets the connection and what was under way on it.
    func end() {
        id = nil
        hasLostReply = expected > 0
        expected = 0
        expectsPush = false
        input = []
        parser = ReplyParser()
    }
}
