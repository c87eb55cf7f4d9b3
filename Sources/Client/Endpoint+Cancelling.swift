import Bytes
public import Wire

// What Ctrl-C does to a command that waits. A connection that is only given up loses what it was
// in, and the command may still take effect. So where the server lets us, the wait is ended from a
// second connection (CLIENT UNBLOCK), the first one gets its reply, and the session goes on.
// Subscriptions are left in the same spirit: by unsubscribing.

extension Endpoint {
    private static let waitingCommands: Set<String> = [
        "BLPOP", "BRPOP", "BLMOVE", "BLMPOP", "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX", "BZMPOP",
        "XREAD", "XREADGROUP", "WAIT", "WAITAOF",
    ]

    /// How long the second connection and the reply may take, in milliseconds.
    private static let grace = 500

    /// True for commands that may wait until somebody ends it.
    static func mayWait(_ words: [[UInt8]]) -> Bool {
        guard let name = words.first else { return false }
        return waitingCommands.contains(
            String(decoding: name.map(\.asciiUppercased), as: UTF8.self))
    }

    /// Ends the wait of the command that was sent last: its reply, or nil when that did not work.
    func unblock(_ words: [[UInt8]]) -> RESPValue? {
        guard let identity, isConnected, Self.mayWait(words) else { return nil }
        let other = companion(patience: Self.grace)
        defer { other.disconnect() }
        let question = ["CLIENT", "UNBLOCK", String(identity)]
        tell(question)
        guard case .reply(let answer) = other.call(question), answer.errorText == nil else {
            return nil
        }
        // 0 says that it did not wait any more: then its reply is on the way.
        let reply = within(Self.grace) { () throws(Interruption) in try nextReply() }
        if let reply { state.note(words, reply) }
        return reply
    }

    /// Ends all subscriptions and leaves the connection as it was before them. False when the
    /// server does not answer in time.
    func unsubscribe() -> Bool {
        let mark = ByteString("larder-unsubscribed")
        for words in [["UNSUBSCRIBE"], ["PUNSUBSCRIBE"]] + (hasShards ? [["SUNSUBSCRIBE"]] : [])
            + [["PING", mark.text]]
        {
            tell(words)
            transmit(words.map { Array($0.utf8) })
        }
        let isDone = within(Self.grace) { () throws(Interruption) in
            while true {
                let value = try nextReply(takingPushes: true)
                if value.bytes == mark { return true }
            }
        }
        guard isDone == true else { return false }
        state.endSubscriptions()
        return true
    }

    private var hasShards: Bool {
        state.subscriptions.restoration.contains { $0[0] == Array("SSUBSCRIBE".utf8) }
    }

    /// Sends whole requests, `count` of them, and hands over their replies; returns when all have
    /// come. What went wrong, or nil.
    public func pour(
        _ requests: [UInt8], count: Int, _ take: (RESPValue) -> Void
    ) -> Outcome? {
        transmit(requests)
        do throws(Interruption) {
            for _ in 0..<count { take(try nextReply()) }
            return nil
        } catch {
            return outcome(of: error, [])
        }
    }

    /// What `body` gives, if it does so in time.
    private func within<R>(
        _ milliseconds: Int, _ body: () throws(Interruption) -> R
    ) -> R? {
        let former = patience
        patience = milliseconds
        defer { patience = former }
        do throws(Interruption) {
            return try body()
        } catch {
            return nil
        }
    }
}
