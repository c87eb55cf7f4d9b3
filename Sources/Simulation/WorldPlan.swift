public import Bytes
public import Engine
public import Wire

/// What a world begins with. Two worlds of the same plan to which the same is done are equal in
/// every byte.
public struct WorldPlan: Sendable {
    /// A node of the world.
    public struct NodePlan: Sendable {
        /// What sessions and figures call it.
        public var name: String
        /// The settings of its engine.
        public var settings: Settings
        /// Bytes that keys may take beyond what an empty node uses; overrides the bound in the
        /// settings.
        public var memoryAboveEmpty: Int?

        /// A node.
        public init(name: String, settings: Settings = Settings(), memoryAboveEmpty: Int? = nil) {
            self.name = name
            self.settings = settings
            self.memoryAboveEmpty = memoryAboveEmpty
        }
    }

    /// What all chance comes from.
    public var seed: UInt64
    /// The nodes; sessions that say nothing else talk to the first.
    public var nodes: [NodePlan]
    /// Which node a session talks to. A session with the name of a node talks to that one anyway.
    public var homes: [String: String] = [:]
    /// Nanoseconds for the way to a node and back, where a session has no other.
    public var roundTrip: UInt64 = 0
    /// Nanoseconds for the way there and back, by session.
    public var roundTrips: [String: UInt64] = [:]
    /// The wall clock at the beginning.
    public var start = WorldPlan.newYear
    /// What commands cost.
    public var costs = CostModel()
    /// The database; nil for none.
    public var database: DatabasePlan?
    /// The shop in front of it; nil for none.
    public var shop: ShopPlan?

    /// 2026-01-01T00:00:00Z.
    public static let newYear = Timestamp(milliseconds: 1_767_225_600_000)

    /// A world with these nodes.
    public init(seed: UInt64 = 1, nodes: [NodePlan] = [NodePlan(name: "primary")]) {
        precondition(!nodes.isEmpty, "a world without a node answers nobody")
        self.seed = seed
        self.nodes = nodes
    }
}

/// What cannot be done in a world, in words for a person.
public struct WorldError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong, and what would be right.
    public var text: String
    /// The text.
    public var description: String { text }

    /// An error with this text.
    public init(_ text: String) { self.text = text }
}

/// How a command came out.
public enum Answer: Equatable, Sendable {
    /// Its reply.
    case reply(RESPValue)
    /// It waits: for a key, for the end of a pause. ``World/collect(session:)`` has the reply when
    /// it has come.
    case waits
    /// The node was told to answer nothing (CLIENT REPLY OFF, SHUTDOWN).
    case silence
    /// Nobody answered; why, in words for a person.
    case none(String)
}
