import Bytes
public import Wire

// Replies as the programs read them that ask for themselves: what is wanted of most is a number,
// a text, or a list of texts.

extension RESPValue {
    /// The whole number of a reply, or nil.
    public var number: Int? { if case .integer(let number) = self { Int(number) } else { nil } }

    /// The bytes of a reply that is one value, as a script sees them; nil for several values.
    public var plainBytes: [UInt8]? {
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
    public var flattened: [[UInt8]] {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements):
            elements.flatMap(\.flattened)
        case .map(let pairs): pairs.flatMap { $0.key.flattened + $0.value.flattened }
        case .attributed(_, let value): value.flattened
        default: plainBytes.map { [$0] } ?? []
        }
    }
}
