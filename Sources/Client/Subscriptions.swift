public import Bytes
public import Wire

/// What a session listens to, as the acknowledgements of its subscriptions tell.
public struct Subscriptions: Equatable, Sendable {
    private var channels: [ByteString] = []
    private var patterns: [ByteString] = []
    private var shards: [ByteString] = []

    /// No subscriptions.
    public init() {}

    /// How many there are, of all kinds.
    public var count: Int { channels.count + patterns.count + shards.count }
    /// True without any.
    public var isEmpty: Bool { count == 0 }

    /// The channels and sharded channels.
    public var names: [ByteString] { channels + shards }

    /// The commands that bring a new connection here, one acknowledgement for each name.
    public var restoration: [[[UInt8]]] {
        [("SUBSCRIBE", channels), ("PSUBSCRIBE", patterns), ("SSUBSCRIBE", shards)]
            .filter { !$0.1.isEmpty }
            .map { name, words in [Array(name.utf8)] + words.map(\.bytes) }
    }

    /// Takes note of what came. True when it was the acknowledgement of a subscription or of the
    /// end of one.
    @discardableResult
    public mutating func note(_ message: RESPValue) -> Bool {
        guard let parts = message.elements, parts.count == 3, let kind = parts[0].bytes,
            parts[2].integer != nil
        else { return false }
        let name = parts[1].bytes
        switch kind.text {
        case "subscribe": Self.add(name, to: &channels)
        case "psubscribe": Self.add(name, to: &patterns)
        case "ssubscribe": Self.add(name, to: &shards)
        case "unsubscribe": channels.removeAll { $0 == name }
        case "punsubscribe": patterns.removeAll { $0 == name }
        case "sunsubscribe": shards.removeAll { $0 == name }
        default: return false
        }
        return true
    }

    private static func add(_ name: ByteString?, to names: inout [ByteString]) {
        guard let name, !names.contains(name) else { return }
        names.append(name)
    }
}
