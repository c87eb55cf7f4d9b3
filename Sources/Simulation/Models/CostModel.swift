import Bytes

// What work costs in a world: declared, not measured, so every figure that follows from it is
// called modelled.
//
// A command costs by what it does: one step, a walk down a tree, or as many steps as it has
// elements. On top of the commands comes what reading a request from the system and writing a
// reply back costs, once for all that travels together. Without pipelining that is the larger
// part, as it is for servers of today on one thread: commands that come sixteen at a time cost a
// fifth of what they cost one by one.

/// Virtual time that a node needs for its work.
public struct CostModel: Sendable, Equatable {
    /// Nanoseconds to read what arrived together and to send what is answered together.
    public var exchange: UInt64 = 6_000
    /// Nanoseconds of a command that does one step, with parsing and reply.
    public var step: UInt64 = 1_000
    /// Nanoseconds that a command adds which walks down a tree.
    public var descent: UInt64 = 500
    /// Nanoseconds for each element that a command touches; it is told by the size of what it was
    /// given and of what it replied.
    public var element: UInt64 = 100
    /// Bytes that count as one element.
    public var elementBytes = 16
    /// Nanoseconds for each key of a command that looks at all of them.
    public var key: UInt64 = 50

    /// The default costs.
    public init() {}

    /// How the cost of a command grows.
    enum Growth {
        case step
        case descent
        case elements
        case keyspace
    }

    /// The growth that a command's declared complexity speaks of.
    static func growth(name: String, complexity: String) -> Growth {
        switch name {
        case "keys", "flushall", "flushdb": return .keyspace
        default: break
        }
        if complexity.hasPrefix("O(log") { return .descent }
        return complexity.hasPrefix("O(1)") || complexity.isEmpty ? .step : .elements
    }

    /// The part of a command's cost that is known before it runs.
    func base(_ growth: Growth, requestBytes: Int, keys: Int) -> UInt64 {
        switch growth {
        case .step: step
        case .descent: step + descent
        case .elements: step + element * UInt64(requestBytes / elementBytes)
        case .keyspace: step + key * UInt64(keys)
        }
    }

    /// The part that its reply tells.
    func rest(_ growth: Growth, replyBytes: Int) -> UInt64 {
        growth == .elements ? element * UInt64(replyBytes / elementBytes) : 0
    }
}
