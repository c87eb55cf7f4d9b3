public import Bytes

// The slow log: the commands that took longest to run, without the time that they waited for
// anything. What an entry keeps of a request is bounded, so that the log is.

/// A command that was slow.
public struct SlowCommand: Sendable {
    /// Counts the entries of a log; never used twice.
    public let id: Int64
    /// When it ended.
    public let time: Timestamp
    /// Microseconds that it took to run.
    public let microseconds: Int64
    /// Its words, as far as they are kept.
    public let words: [ByteString]
    /// Where the session came from that sent it.
    public let address: String
    /// The name that the session had.
    public let clientName: ByteString
}

/// The last commands that took long.
public struct SlowLog: Sendable {
    /// Words that an entry keeps; the last of them says how many there were besides.
    static let wordLimit = 32
    /// Bytes that it keeps of a word.
    static let lengthLimit = 128

    /// The entries, the oldest first; those before `start` are gone.
    private var kept: [SlowCommand] = []
    private var start = 0
    private var nextID: Int64 = 0

    /// How many commands are in the log.
    public var count: Int { kept.count - start }

    /// The commands in the log, the newest first.
    /// - Parameter limit: the most that are wanted.
    public func newest(_ limit: Int = .max) -> [SlowCommand] {
        Array(kept[start...].suffix(max(0, limit)).reversed())
    }

    /// Adds a command, and lets the oldest go that are more than `limit`.
    mutating func add(
        _ words: [ByteString], microseconds: Int64, at time: Timestamp, address: String,
        clientName: ByteString, limit: Int
    ) {
        kept.append(
            SlowCommand(
                id: nextID, time: time, microseconds: microseconds, words: words,
                address: address, clientName: clientName))
        nextID += 1
        start += max(0, count - limit)
        if start > 64, start > kept.count / 2 {
            kept.removeFirst(start)
            start = 0
        }
    }

    /// Forgets all commands; their numbers are not used again.
    mutating func removeAll() {
        kept = []
        start = 0
    }

    // MARK: What is kept of a request

    /// The places of the words that are kept of a request of so many.
    static func places(of count: Int) -> Range<Int> {
        0..<(count <= wordLimit ? count : wordLimit - 1)
    }

    /// What stands behind them when there were more.
    static func remark(on count: Int) -> ByteString? {
        let rest = count - places(of: count).upperBound
        return rest > 0 ? ByteString("... (\(rest) more arguments)") : nil
    }

    /// What is kept of a word.
    static func excerpt(of word: RawSpan) -> ByteString {
        guard word.byteCount > lengthLimit else { return ByteString(word) }
        let begin = word.extracting(0..<lengthLimit).copied()
        let rest = word.byteCount - lengthLimit
        return ByteString(begin + Array("... (\(rest) more bytes)".utf8))
    }
}
