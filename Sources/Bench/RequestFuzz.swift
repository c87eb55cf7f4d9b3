import Bytes
import Engine
import Glibc
import Nodes
import Wire

/// Feeds a node with streams that are nearly requests, and looks whether it stays sound.
///
/// Each input is a short stream of valid requests, mostly damaged: bytes flipped, cut out,
/// doubled or put in, numbers replaced. It is given to two nodes in the same state, whole to one
/// and in random pieces to the other. Both must answer the same bytes, take the same number of
/// bytes and end the connection or not; neither may keep memory. Everything follows from the
/// seed, so a finding can be looked at again with `only`.
public struct RequestFuzz: ~Copyable {
    /// What went wrong, with the input in a form that can be read.
    public struct Finding: Error, CustomStringConvertible {
        /// The whole account.
        public let description: String
    }

    /// What was done.
    public struct Summary: Sendable {
        /// Streams given.
        public var inputs = 0
        /// Bytes in them.
        public var bytes = 0
        /// Requests that the nodes that read whole streams ran.
        public var requests = 0
        /// Streams that ended their connection, nearly all by a protocol error.
        public var closed = 0
        /// Streams that ended inside a request.
        public var unfinished = 0
        /// The most bytes that a node kept for reading and writing.
        public var footprint = 0
    }

    /// Bytes that a node may keep for reading and writing between inputs.
    private static let allowedFootprint = 4 << 20

    /// Bytes of memory that this process has, or 0 where the system does not tell.
    public static var residentBytes: Int {
        ProcessAccount(identifier: getpid())?.residentBytes() ?? 0
    }

    /// What has been done so far.
    public private(set) var summary = Summary()
    private let seed: UInt64
    private var open: Pair
    private var guarded: Pair
    private var now: Tick

    /// Two nodes in the same state.
    private struct Pair: ~Copyable {
        var whole: FuzzSide
        var split: FuzzSide
    }

    /// A fuzz whose inputs all follow from `seed`.
    public init(seed: UInt64) {
        self.seed = seed
        let now = Tick(
            wall: Timestamp(milliseconds: 1_700_000_000_000),
            monotonic: Instant(nanoseconds: 1_000_000_000))
        self.now = now
        open = Pair(
            whole: FuzzSide(password: "", at: now), split: FuzzSide(password: "", at: now))
        guarded = Pair(
            whole: FuzzSide(password: "secret", at: now),
            split: FuzzSide(password: "secret", at: now))
    }

    /// Gives `count` more inputs.
    public mutating func run(_ count: Int) throws(Finding) {
        for _ in 0..<count {
            let number = summary.inputs
            var maker = FuzzStream(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            maker.make()
            do throws(Finding) {
                if number % 4 == 3 {
                    try RequestFuzz.compare(&guarded, maker, at: now, &summary)
                } else {
                    try RequestFuzz.compare(&open, maker, at: now, &summary)
                }
            } catch {
                throw Finding(
                    description: "seed \(seed), input \(number): "
                        + ByteString(maker.bytes).text.debugDescription + "\n"
                        + error.description)
            }
            if number % 256 == 255 { try tick() }
            summary.inputs += 1
        }
    }

    private static func compare(
        _ pair: inout Pair, _ input: borrowing FuzzStream, at now: Tick,
        _ summary: inout Summary
    ) throws(Finding) {
        let whole = pair.whole.read(input.bytes, cuts: [], at: now)
        let split = pair.split.read(input.bytes, cuts: input.cuts, at: now)
        guard whole == split, pair.whole.output == pair.split.output else {
            throw Finding(
                description:
                    "whole: \(whole) \(ByteString(pair.whole.output).text.debugDescription)\n"
                    + "split at \(input.cuts): \(split) "
                    + ByteString(pair.split.output).text.debugDescription)
        }
        guard whole.isSound, split.isSound else {
            throw Finding(description: "took more than was given")
        }
        let footprint = max(pair.whole.node.footprint, pair.split.node.footprint)
        summary.footprint = max(summary.footprint, footprint)
        guard footprint <= RequestFuzz.allowedFootprint else {
            throw Finding(description: "keeps \(footprint) bytes")
        }
        summary.bytes += input.bytes.count
        if whole.isClosed { summary.closed += 1 }
        if whole.rest > 0 { summary.unfinished += 1 }
    }

    private mutating func tick() throws(Finding) {
        now = Tick(
            wall: Timestamp(milliseconds: now.wall.milliseconds + 100),
            monotonic: Instant(nanoseconds: now.monotonic.nanoseconds + 100_000_000))
        open.whole.tick(at: now)
        open.split.tick(at: now)
        guarded.whole.tick(at: now)
        guarded.split.tick(at: now)
        summary.requests =
            open.whole.node.store.statistics.commandsProcessed
            + guarded.whole.node.store.statistics.commandsProcessed
        let used = open.whole.node.store.usedMemory
        if used > 64 << 20 { throw Finding(description: "the keys take \(used) bytes") }
    }

}

/// A node that reads streams, each on a connection of its own.
private struct FuzzSide: ~Copyable {
    /// How a stream ended.
    struct Ending: Equatable {
        var isClosed = false
        /// Bytes not taken; 0 when the connection was closed.
        var rest = 0
        var isSound = true
    }

    var node: Node
    var output: [UInt8] = []
    private var ending = Ending()

    init(password: ByteString, at now: Tick) {
        var settings = Settings()
        settings.password = password
        // No request can make a value that takes time or memory.
        settings.maximumBulkLength = 20_000
        node = Node(settings: settings, seed: 1, at: now)
    }

    mutating func tick(at now: Tick) {
        node.tick(at: now)
        drain()
    }

    mutating func read(_ stream: [UInt8], cuts: [Int], at now: Tick) -> Ending {
        output.removeAll(keepingCapacity: output.capacity < 1 << 20)
        ending = Ending()
        let connection = node.open(.embedded, at: now)
        drain()
        var start = 0
        for index in 0...cuts.count where !ending.isClosed {
            let end = index < cuts.count ? cuts[index] : stream.count
            repeat {
                let taken = node.receive(
                    stream.rawSpan.extracting(start..<end), from: connection, at: now)
                drain()
                if taken < 0 || taken > end - start {
                    ending.isSound = false
                    return ending
                }
                start += taken
            } while node.isHeldUp
        }
        ending.rest = ending.isClosed ? 0 : stream.count - start
        node.close(connection, at: now)
        drain()
        return ending
    }

    private mutating func drain() {
        var output = self.output
        var isClosed = ending.isClosed
        self.output = []
        node.drain { _, bytes in
            output += bytes.copied()
        } action: { action in
            if case .close = action { isClosed = true }
        }
        self.output = output
        ending.isClosed = isClosed
    }
}
