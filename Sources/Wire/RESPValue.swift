public import Bytes

/// A reply as a client sees it: the tree of what came over the wire, with nothing lost that a
/// person or a program might ask for. Numbers that are not 64-bit integers keep their own text,
/// because how a server wrote a double is what a client prints.
public enum RESPValue: Equatable, Sendable {
    /// `+OK`: a status.
    case simple(ByteString)
    /// `-ERR …`, or the long form `!…`: an error; its first word is the code.
    case error(ByteString)
    /// `:1`.
    case integer(Int64)
    /// `$3`: a string of bytes.
    case bulk(ByteString)
    /// `=7`: text for people, with its format in three letters.
    case verbatim(format: ByteString, text: ByteString)
    /// `,1.5`: a floating-point number as it was written.
    case double(ByteString)
    /// `(12…`: a whole number of any length, in decimal.
    case bigNumber(ByteString)
    /// `#t` or `#f`.
    case boolean(Bool)
    /// Nothing; the three forms differ on the wire only.
    case null(Null)
    /// `*`: elements in order.
    case array([RESPValue])
    /// `%`: pairs of key and value, in the order of the wire.
    case map([Pair])
    /// `~`: elements without order.
    case set([RESPValue])
    /// `>`: a message outside the order of replies.
    case push([RESPValue])
    /// `|`: remarks about the reply that follows them.
    indirect case attributed([Pair], RESPValue)

    /// The forms of nothing.
    public enum Null: Equatable, Sendable {
        /// `$-1`, where a string could have been.
        case bulk
        /// `*-1`, where an array could have been.
        case array
        /// `_`, the one of RESP3.
        case plain
    }

    /// A key and its value.
    public struct Pair: Equatable, Sendable {
        /// The key.
        public var key: RESPValue
        /// The value.
        public var value: RESPValue

        /// A pair.
        public init(_ key: RESPValue, _ value: RESPValue) {
            self.key = key
            self.value = value
        }
    }
}

extension RESPValue {
    /// The error's text, if this reply is one.
    public var errorText: ByteString? {
        switch self {
        case .error(let text): text
        case .attributed(_, let value): value.errorText
        default: nil
        }
    }

    /// The error's code, its first word: `ERR`, `WRONGTYPE`, `NOAUTH`.
    public var errorCode: ByteString? {
        errorText.map { text in
            ByteString(Array(text.bytes.prefix { $0 != UInt8(ascii: " ") }))
        }
    }

    /// True for every form of nothing.
    public var isNull: Bool {
        switch self {
        case .null: true
        case .attributed(_, let value): value.isNull
        default: false
        }
    }

    /// The bytes of a status, string, verbatim text, double or big number.
    public var bytes: ByteString? {
        switch self {
        case .simple(let text), .bulk(let text), .verbatim(_, let text), .double(let text),
            .bigNumber(let text):
            text
        case .attributed(_, let value): value.bytes
        default: nil
        }
    }

    /// The number of an integer, or of a string that is written as one.
    public var integer: Int64? {
        if case .integer(let number) = self { return number }
        return bytes.flatMap { $0.rawSpan.canonicalInteger }
    }

    /// The elements of an array, a set or a push.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements): elements
        case .attributed(_, let value): value.elements
        default: nil
        }
    }

    /// The pairs of a map, or of a flat array of keys and values as RESP2 sends it.
    public var pairs: [Pair]? {
        switch self {
        case .map(let pairs): return pairs
        case .attributed(_, let value): return value.pairs
        case .array(let elements) where elements.count.isMultiple(of: 2):
            return stride(from: 0, to: elements.count, by: 2).map {
                Pair(elements[$0], elements[$0 + 1])
            }
        default: return nil
        }
    }

    /// The value under a key of a map or of a flat array.
    public subscript(key: StaticString) -> RESPValue? {
        let wanted = ByteString(stringLiteral: key)
        return pairs?.first { $0.key.bytes == wanted }?.value
    }

    /// A string from UTF-8 text.
    public static func bulk(text: String) -> RESPValue { .bulk(ByteString(text)) }

    /// True for a message outside the order of replies.
    public var isPush: Bool {
        switch self {
        case .push: true
        case .attributed(_, let value): value.isPush
        default: false
        }
    }
}
