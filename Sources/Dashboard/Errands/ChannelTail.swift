import Bytes

// The messages of channels. What comes is counted, however much it is; lines are kept only as
// many as eyes can follow, and the others are counted as dropped.

/// Lets so many lines a second through and counts all.
struct TailGate {
    /// Lines a second.
    static let pace = 50
    /// So many channels are told apart between two takings.
    static let channelLimit = 256

    private var lines: [ChannelMessage] = []
    private var counts: [ByteString: Int] = [:]
    private var second: Int64 = -1
    private var admitted = 0

    /// True when there is nothing to take.
    var isEmpty: Bool { counts.isEmpty }

    /// Takes a message that came.
    mutating func take(_ message: ChannelMessage) {
        if message.wall / 1000 != second {
            second = message.wall / 1000
            admitted = 0
        }
        if admitted < Self.pace {
            admitted += 1
            lines.append(message)
            // Nobody looks: the newest are what matters.
            if lines.count > ChannelTail.limit { lines.removeFirst() }
        }
        let name = ByteString(message.channel)
        if counts[name] != nil || counts.count < Self.channelLimit {
            counts[name, default: 0] += 1
        } else {
            counts[ByteString(), default: 0] += 1
        }
    }

    /// What has come since the last call.
    mutating func empty(wall: Int64) -> Finding {
        defer {
            lines = []
            counts = [:]
        }
        let all = counts.map { ChannelCount(name: $0.key.bytes, count: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        return .messages(lines, counts: all, wall: wall)
    }
}

/// What was heard.
public struct ChannelTail: Equatable, Sendable {
    /// How much came on a channel, by the second.
    struct Meter: Equatable, Sendable {
        var total = 0
        /// Messages of each of the last seconds, the slot of a second being its remainder.
        private var slots = Array(repeating: 0, count: 60)
        private var newest: Int64 = 0

        mutating func add(_ count: Int, at second: Int64) {
            if second > newest {
                for skipped in max(newest + 1, second - 59)...second {
                    slots[Int(skipped % 60)] = 0
                }
                newest = second
            }
            guard second > newest - 60, second >= 0 else { return }
            slots[Int(second % 60)] += count
            total += count
        }

        /// Messages a second, over the ten seconds before this one.
        func rate(at second: Int64) -> Double {
            let sum = (second - 10..<second).reduce(0) { sum, at in
                at > newest || at <= newest - 60 || at < 0 ? sum : sum + slots[Int(at % 60)]
            }
            return Double(sum) / 10
        }
    }

    /// So many lines are kept.
    static let limit = 500
    /// So many channels are told apart.
    static let channelLimit = 500

    /// The lines, oldest first.
    private(set) var lines: [ChannelMessage] = []
    /// Messages that have no line.
    private(set) var dropped = 0
    /// All messages.
    private(set) var total = 0
    /// By channel.
    private(set) var meters: [ByteString: Meter] = [:]
    /// Why nothing is heard.
    var problem: String?
    /// True when the server has said that it will send.
    var isOn = false

    /// Nothing was heard.
    public init() {}

    /// Takes what has come.
    mutating func take(_ messages: [ChannelMessage], _ counts: [ChannelCount], wall: Int64) {
        lines += messages
        if lines.count > Self.limit { lines.removeFirst(lines.count - Self.limit) }
        var all = 0
        for count in counts {
            all += count.count
            let name = ByteString(count.name)
            if meters[name] == nil, meters.count >= Self.channelLimit { continue }
            meters[name, default: Meter()].add(count.count, at: wall / 1000)
        }
        total += all
        dropped += all - messages.count
    }
}
