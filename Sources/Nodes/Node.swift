public import Bytes
public import Engine
import Grammar
import Wire

/// One cache node: bytes and ticks go in, bytes and requests to the host come out.
///
/// A node owns no clock, thread, socket or file. Whoever hosts it calls `open`, `receive` and
/// `tick`, and after each of these `drain`. The same calls with the same seed give the same bytes.
public struct Node: ~Copyable {
    /// The data, and what commands see.
    public var store: Store
    /// Connections by their place; the place is the session's number too.
    var connections: [Connection] = []
    /// Reads requests; its memory is shared by all connections that are not inside one.
    var parser = RequestParser()
    /// Requests that have been parsed and not run yet.
    var batch: [RequestParser.Request] = []
    /// The reply of the call that is under way, for the connection in `replyTo`.
    var writer = ReplyWriter(capacity: 16_384)
    var replyTo: ConnectionID?
    var actions: [HostAction] = []
    /// True when the last `receive` stopped before the end of its input, because its replies had
    /// become many: it wants to be called with the rest when they have been sent.
    public internal(set) var isHeldUp = false
    /// True when the last `receive` stopped because a command of the connection waits: it wants
    /// to be called with the rest when the host is asked to `resume` the connection.
    public internal(set) var isBlocked = false

    /// True when a command has asked the host to do nothing for a while: what is behind it must
    /// not run before.
    var isHolding = false

    /// What a node keeps of a connection besides its session.
    struct Connection {
        var generation: UInt32 = 0
        var isOpen = false
        /// A request that has not arrived whole.
        var partial: RequestParser.Suspension?
        /// True when nothing more is read from it.
        var isClosing = false
    }

    /// A node without keys.
    /// - Parameters:
    ///   - seed: what all its randomness comes from.
    ///   - stopwatch: a clock in nanoseconds, for statistics only.
    public init(
        settings: Settings = Settings(), seed: UInt64, at now: Tick,
        stopwatch: @escaping () -> UInt64 = { 0 }
    ) {
        store = Store(settings: settings, seed: seed, at: now, stopwatch: stopwatch)
    }

    /// Takes in a connection. The reply that `drain` may hand out at once is its refusal.
    public mutating func open(_ origin: ConnectionOrigin, at now: Tick) -> ConnectionID {
        store.latch(now)
        let place = store.open(origin)
        while connections.count <= place { connections.append(Connection()) }
        connections[place].generation &+= 1
        connections[place].isOpen = true
        connections[place].isClosing = false
        connections[place].partial = nil
        let id = ConnectionID(place: place, generation: connections[place].generation)
        refuseIfNeeded(id, origin)
        return id
    }

    /// Forgets a connection: the host has closed it, or is about to.
    public mutating func close(_ id: ConnectionID, at now: Tick) {
        guard isOpen(id) else { return }
        store.latch(now)
        connections[id.place].isOpen = false
        connections[id.place].partial = nil
        store.close(session: id.place)
        actOnEffects(closingAfterReply: nil)
    }

    /// True while the connection has not been closed.
    public func isOpen(_ id: ConnectionID) -> Bool {
        id.place < connections.count && connections[id.place].generation == id.generation
            && connections[id.place].isOpen
    }

    /// Bytes of memory kept for reading requests and writing replies, which does not grow with
    /// what has passed through.
    public var footprint: Int {
        parser.footprint + writer.buffer.footprint + store.deliveryFootprint
            + batch.capacity * MemoryLayout<RequestParser.Request>.stride
            + connections.capacity * MemoryLayout<Connection>.stride
            + connections.reduce(0) { $0 + ($1.partial?.footprint ?? 0) }
    }

    /// Does the regular work that is due.
    public mutating func tick(at now: Tick) {
        store.latch(now)
        store.tick()
        actOnEffects(closingAfterReply: nil)
    }

    /// When `tick` should be called next, in monotonic time.
    public var nextTick: Instant { store.nextTick }

    /// Hands out the replies that are ready, what else is to be sent to any connection, and what
    /// the host is asked to do, in this order.
    @inline(__always)
    public mutating func drain(
        output: (ConnectionID, RawSpan) -> Void, action: (HostAction) -> Void
    ) {
        if let replyTo {
            if writer.buffer.count > 0 {
                output(replyTo, writer.buffer.bytes)
                store.noteReplies(session: replyTo.place, bytes: writer.buffer.count)
                writer.buffer.removeAll()
            }
            self.replyTo = nil
        }
        if store.hasDeliveries { handOut(output) }
        if actions.isEmpty { return }
        for wanted in actions { action(wanted) }
        actions.removeAll()
    }

    /// Hands out what commands have sent to other connections than their own.
    @inline(never)
    private mutating func handOut(_ output: (ConnectionID, RawSpan) -> Void) {
        let connections = connections
        store.takeDeliveries { session, bytes in
            guard session < connections.count, connections[session].isOpen,
                !connections[session].isClosing
            else { return }
            output(
                ConnectionID(place: session, generation: connections[session].generation), bytes)
        }
    }
}

/// A connection's handle: its place, and how often the place was used, so that a late call for
/// a connection that is gone finds nobody else.
public struct ConnectionID: Hashable, Sendable {
    let place: Int
    let generation: UInt32

    /// The session's number in the store.
    public var session: Int { place }
}

/// What a node asks of its host.
public enum HostAction: Sendable {
    /// Close the connection once what was handed out for it is sent.
    case close(ConnectionID)
    /// Close the connection at once, whether it reads its replies or not.
    case drop(ConnectionID)
    /// Give the node what it has not consumed of the connection's bytes: its command waits no
    /// more.
    case resume(ConnectionID)
    /// Look at `nextTick` again: it may have become earlier.
    case reschedule
    /// End the node.
    case shutdown
    /// Do nothing at all for so many nanoseconds, before any reply is sent.
    case hold(nanoseconds: UInt64)
    /// The settings that the host goes by have changed.
    case settingsChanged
}
