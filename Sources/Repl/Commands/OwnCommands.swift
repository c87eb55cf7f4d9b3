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

extension RESPValue {
    /// The whole number of a reply, or nil.
    var number: Int? { if case .integer(let number) = self { Int(number) } else { nil } }

    /// The bytes of a reply that is one value, as a script sees them; nil for several values.
    var plainBytes: [UInt8]? {
        switch self {
        case .simple(let text), .error(let text), .bulk(let text), .double(let text),
            .bigNumber(let text), .verbatim(_, let text):
            Array(text.bytes)
        case .integer(let number): Array(String(number).utf8)
        case .boolean(let isTrue): Array((isTrue ? "true" : "false").utf8)
        case .null: Array("(nil)".utf8)
        case .attributed(_, let value): value.plainBytes
        case .array, .map, .set, .push: nil
        }
    }

    /// The values of a reply in their order, whatever they are grouped in.
    var flattened: [[UInt8]] {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements):
            elements.flatMap(\.flattened)
        case .map(let pairs): pairs.flatMap { $0.key.flattened + $0.value.flattened }
        case .attributed(_, let value): value.flattened
        default: plainBytes.map { [$0] } ?? []
        }
    }
}
