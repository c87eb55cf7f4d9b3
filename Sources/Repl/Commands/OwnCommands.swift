import Bytes
import Client
import Grammar
import Wire

// What the console's own commands have in common: how they ask the server, what they may write,
// and what they must not do. They ask through the same endpoint as the person, so inside a
// transaction, where everything is queued, they refuse instead of adding to it.

extension Console {
    /// The reply to a question of the console's own.
    /// - Throws: when the connection fails, and inside a transaction.
    func ask(_ words: [[UInt8]]) throws(CommandError) -> RESPValue {
        if endpoint.state.queued != nil {
            throw CommandError("not inside a transaction: EXEC or DISCARD ends it")
        }
        switch endpoint.call(words) {
        case .reply(let reply), .unblocked(let reply): return reply
        case .silence: throw CommandError("replies are switched off (CLIENT REPLY)")
        case .interrupted: throw CommandError("interrupted")
        case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
            .failed(.lost(let reason)), .failed(.protocolError(let reason)):
            throw CommandError(reason)
        }
    }

    /// The same with words as text.
    func ask(_ words: String...) throws(CommandError) -> RESPValue {
        try ask(words.map { Array($0.utf8) })
    }

    /// The words of a call from `start` on, as bytes.
    static func words(_ call: borrowing Call, from start: Int) -> [[UInt8]] {
        guard start < call.count else { return [] }
        return (start..<call.count).map { call[$0].copied() }
    }
}
