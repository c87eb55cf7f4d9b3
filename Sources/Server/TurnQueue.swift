import Bytes

/// Small requests that were read in one turn of the loop, and whose they are.
///
/// They run together at the end of the turn: reading is then one short loop through the same
/// code, and so is running, and the node has seen all keys before it looks up the first.
struct TurnQueue: ~Copyable {
    /// The most bytes of one read that are kept; more is a pipeline, which has no need of this.
    static let inputLimit = 256
    /// Memory beyond this is given back when the turn is over, in bytes.
    private static let keptBytes = 64 << 10

    private struct Item {
        var handler: ConnectionHandler
        var end: Int
    }

    private var bytes: OutputBuffer
    private var items: [Item] = []

    /// An empty queue with room for `capacity` bytes.
    init(capacity: Int = 4096) { bytes = OutputBuffer(capacity: capacity) }

    var isEmpty: Bool { items.isEmpty }

    /// Keeps a copy of what was read.
    @inline(__always)
    mutating func append(_ input: RawSpan, _ handler: ConnectionHandler) {
        bytes.append(input)
        items.append(Item(handler: handler, end: bytes.count))
    }

    /// Hands out what is kept, in order.
    borrowing func forEach(_ body: (RawSpan, ConnectionHandler) -> Void) {
        var start = 0
        for item in items {
            body(bytes.bytes.extracting(start..<item.end), item.handler)
            start = item.end
        }
    }

    /// Empties the queue, and keeps its memory within bounds.
    mutating func removeAll() {
        bytes.removeAll(keepingAtMost: TurnQueue.keptBytes)
        items.removeAll(keepingCapacity: items.capacity <= 4096)
    }
}
