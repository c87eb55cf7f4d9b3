import Bytes
public import Engine
public import Server
import Simulation
import Synchronization

// Whoever looks at the world of a lesson with commands changes it: lookups are counted, time
// passes, a key that was read is younger. So a dashboard looks at a twin, a second world of the
// same seed in which everything is done again that has been done in the lesson, and goes on to be
// done as the lesson goes on. The lesson's own world is not touched. Doing it again also brings
// the past: what the nodes told of themselves at each full second of it.

/// A world that does what a lesson's world has done.
public final class WorldTwin: Sendable {
    /// What was told at a moment of virtual time.
    public struct Moment: Sendable {
        /// Nanoseconds since the lesson began.
        public var now: UInt64
        /// The world's time of day, in milliseconds since 1970.
        public var wall: Int64
        /// What the node tells of itself; nil while it is down.
        public var observation: Observation?
        /// True when the world has begun anew: what was told before did not happen.
        public var isBeginning: Bool
    }

    private struct State {
        var stage: Stage
        /// How many of the lesson's deeds were done again.
        var done = 0
        /// Which of the lesson's beginnings they follow; nil before the first.
        var beginning: Int?
        var looks: [Look] = []
        /// How many connections there have been.
        var connections = 0
    }

    /// A connection of somebody who looks.
    private struct Look {
        var session: String
        var mailbox: Mailbox
    }

    private let state: Mutex<State>
    private static let second: UInt64 = 1_000_000_000
    /// Further back than this, in nanoseconds, nothing is told of.
    private static let memory: UInt64 = 600 * second

    /// A twin of a player's world. Nil where the lesson is at a real server, which has none.
    public init?(_ player: Player) {
        guard !player.isRemote else { return nil }
        let lesson = player.lesson
        guard let stage = try? LessonHost.stage(of: lesson) else { return nil }
        state = Mutex(State(stage: stage))
    }

    /// Does again what was done in the lesson since the last call, and returns what the nodes
    /// told of themselves meanwhile, oldest first.
    public func follow(_ player: Player) -> [Moment] {
        let stage = player.host.stage
        return follow(stage.deeds, beginning: stage.beginnings, until: stage.now)
    }

    private func follow(_ deeds: [Stage.Deed], beginning: Int, until end: UInt64) -> [Moment] {
        state.withLock { state in
            var moments: [Moment] = []
            let isBeginning = state.beginning != beginning || state.done > deeds.count
            if isBeginning {
                if state.done > 0 { try? state.stage.rewind(to: 0) }
                (state.done, state.beginning) = (0, beginning)
                for look in state.looks { look.mailbox.end("the lesson's world has begun anew") }
                state.looks = []
            }
            guard isBeginning || deeds.count > state.done else { return [] }
            let horizon = end - min(end, Self.memory)
            if isBeginning { moments.append(Self.look(state.stage, isBeginning: true)) }
            for deed in deeds[state.done...] {
                Self.again(deed, state.stage, from: horizon, &moments)
            }
            state.done = deeds.count
            moments.append(Self.look(state.stage))
            for look in state.looks { Self.deliver(to: look, state.stage) }
            return moments
        }
    }

    /// Does a deed again, and looks at each full second that passes in it.
    private static func again(
        _ deed: Stage.Deed, _ stage: Stage, from horizon: UInt64, _ moments: inout [Moment]
    ) {
        guard case .advance(var left) = deed else {
            let before = stage.now
            stage.again(deed)
            if stage.now / second > before / second, stage.now >= horizon {
                moments.append(look(stage))
            }
            return
        }
        while left > 0 {
            // What nobody will be told of passes in one piece.
            let piece =
                stage.now < horizon
                ? min(left, horizon - stage.now) : min(left, second - stage.now % second)
            stage.advance(piece)
            left -= piece
            if stage.now.isMultiple(of: second), stage.now >= horizon {
                moments.append(look(stage))
            }
        }
    }

    private static func look(
        _ stage: Stage, isBeginning: Bool = false
    ) -> Moment {
        let world = stage.world
        return Moment(
            now: stage.now, wall: world.wall.milliseconds,
            observation: world.isUp ? try? world.observe(.histograms) : nil,
            isBeginning: isBeginning)
    }

    // MARK: Connections

    /// Connects to the twin's first node. What is done there is not done in the lesson.
    public func connect() -> any WireConnection {
        let mailbox = Mailbox()
        let session = state.withLock { state in
            state.connections += 1
            let session = "dashboard \(state.connections)"
            state.looks.append(Look(session: session, mailbox: mailbox))
            return session
        }
        mailbox.open()
        return TwinConnection(self, session, mailbox)
    }

    fileprivate func send(_ bytes: [UInt8], on session: String, _ mailbox: Mailbox) {
        let reply = state.withLock { $0.stage.world.look(bytes, session: session) }
        guard let reply else { return mailbox.end("the node does not run") }
        if !reply.isEmpty { mailbox.put(reply.rawSpan) }
    }

    /// Hands on what has come by itself, such as messages of channels.
    private static func deliver(to look: Look, _ stage: Stage) {
        let bytes = stage.world.takeBytes(session: look.session)
        if !bytes.isEmpty { look.mailbox.put(bytes.rawSpan) }
    }

    fileprivate func end(_ session: String) {
        state.withLock { state in
            state.looks.removeAll { $0.session == session }
            state.stage.world.disconnect(session: session)
        }
    }
}

/// A connection to a node of a twin.
private final class TwinConnection: WireConnection {
    let mailbox: Mailbox
    private let twin: WorldTwin
    private let session: String

    init(_ twin: WorldTwin, _ session: String, _ mailbox: Mailbox) {
        (self.twin, self.session, self.mailbox) = (twin, session, mailbox)
    }

    func send(_ bytes: [UInt8]) { twin.send(bytes, on: session, mailbox) }
    func close() { twin.end(session) }
}
