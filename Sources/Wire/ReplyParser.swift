public import Bytes

// Reads replies from bytes that arrive in pieces. The parser is a stack of aggregates that are
// not full yet; a piece of input only ever adds to it, so nothing is looked at twice however the
// bytes are cut. What a server may announce is bounded, because a count is four bytes on the wire
// and could be a thousand million: memory is taken for what has come, not for what was promised.
//
// Types are those of RESP2 and RESP3 as Redis and Valkey send them. The streamed forms of RESP3
// (`$?`, `*?`) are sent by no server and are refused like any other unknown head.

/// Turns a stream of bytes into replies.
public struct ReplyParser {
    /// What a reply may not exceed.
    public struct Limits: Equatable, Sendable {
        /// Bytes of one string.
        public var bulkLength: Int
        /// Elements of one aggregate; a map counts keys and values.
        public var elements: Int
        /// Aggregates inside each other.
        public var depth: Int
        /// Bytes of a line: a status, an error, a number, a head.
        public var lineLength: Int

        /// Bounds that no honest server comes near.
        public init(
            bulkLength: Int = 1 << 32, elements: Int = 1 << 32, depth: Int = 128,
            lineLength: Int = 1 << 20
        ) {
            self.bulkLength = bulkLength
            self.elements = elements
            self.depth = depth
            self.lineLength = lineLength
        }
    }

    /// Why the stream cannot be read on. The connection is of no more use.
    public enum Failure: Error, Equatable, Sendable {
        /// A reply begins with a byte that is no type.
        case unknownType(UInt8)
        /// A length, a number or a truth value is not one.
        case malformed(ByteString)
        /// A string does not end where its length says.
        case missingLineEnd
        /// A bound of ``Limits`` is exceeded; the text names it.
        case tooLarge(String)
    }

    /// An aggregate that is not full yet.
    private struct Frame {
        var kind: UInt8
        /// Elements that are still to come; a map counts keys and values.
        var remaining: Int
        /// What has come, but for a map.
        var elements: [RESPValue] = []
        /// What has come of a map, and the key whose value comes next.
        var pairs: [RESPValue.Pair] = []
        var key: RESPValue?

        var isMap: Bool { ReplyParser.isMap(kind) }

        mutating func take(_ value: RESPValue) {
            remaining -= 1
            if !isMap {
                elements.append(value)
            } else if let key {
                pairs.append(RESPValue.Pair(key, value))
                self.key = nil
            } else {
                key = value
            }
        }

        /// The aggregate, when all of it has come.
        var value: RESPValue {
            switch kind {
            case UInt8(ascii: "%"): return .map(pairs)
            case UInt8(ascii: "~"): return .set(elements)
            case UInt8(ascii: ">"): return .push(elements)
            case 0: return .attributed(pairs, elements[0])
            default: return .array(elements)
            }
        }
    }

    private static func isMap(_ kind: UInt8) -> Bool {
        kind == UInt8(ascii: "%") || kind == UInt8(ascii: "|")
    }

    /// The bounds.
    public var limits: Limits

    private var buffer: [UInt8] = []
    private var position = 0
    /// How far the search for a line's end has come.
    private var searched = 0
    private var stack: [Frame] = []
    /// The string whose bytes are awaited: its type and length.
    private var awaited: (kind: UInt8, length: Int)?
    private var failure: Failure?

    /// A parser at the beginning of a stream.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// True when a reply has begun and is not whole.
    public var isInside: Bool {
        !stack.isEmpty || awaited != nil || position < buffer.count
    }

    /// Adds bytes that have arrived.
    public mutating func feed(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
            position = 0
            searched = 0
            return
        }
        if position > 65_536, position > buffer.count / 2 {
            buffer.removeFirst(position)
            searched = max(0, searched - position)
            position = 0
        }
        buffer += bytes
    }

    /// The next reply, or nil when more bytes are needed. A failure is final: it is thrown again
    /// by every later call.
    public mutating func next() throws(Failure) -> RESPValue? {
        if let failure { throw failure }
        do throws(Failure) {
            while let value = try element() {
                if let whole = try place(value) { return whole }
            }
            return nil
        } catch {
            failure = error
            buffer = []
            position = 0
            stack = []
            throw error
        }
    }

    /// Puts an element where it belongs; returns the reply when that completes one.
    private mutating func place(_ element: RESPValue) throws(Failure) -> RESPValue? {
        var value = element
        while !stack.isEmpty {
            let last = stack.count - 1
            stack[last].take(value)
            if stack[last].remaining > 0 { return nil }
            let frame = stack.removeLast()
            if frame.kind == UInt8(ascii: "|") {
                // The remarks are whole; what they are about comes next.
                stack.append(Frame(kind: 0, remaining: 1, pairs: frame.pairs))
                return nil
            }
            value = frame.value
        }
        return value
    }

    /// The next scalar or empty aggregate; opens frames on the way.
    private mutating func element() throws(Failure) -> RESPValue? {
        while true {
            if let awaited {
                guard let value = try string(awaited.kind, awaited.length) else { return nil }
                self.awaited = nil
                return value
            }
            guard let line = try line() else { return nil }
            guard !line.isEmpty else { throw .unknownType(0x0D) }
            let kind = buffer[line.lowerBound]
            let rest = (line.lowerBound + 1)..<line.upperBound
            switch kind {
            case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
                guard let length = try length(rest, atMost: limits.bulkLength, "a string") else {
                    return .null(.bulk)
                }
                awaited = (kind, length)
            case UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: ">"),
                UInt8(ascii: "|"):
                if let value = try open(kind, rest) { return value }
            case UInt8(ascii: ":"):
                guard let number = number(rest) else { throw .malformed(text(rest)) }
                return .integer(number)
            default:
                return try scalar(kind, text(rest))
            }
        }
    }

    /// A part of what has come, to keep.
    private func text(_ place: Range<Int>) -> ByteString { ByteString(Array(buffer[place])) }

    private func scalar(_ kind: UInt8, _ rest: ByteString) throws(Failure) -> RESPValue {
        switch kind {
        case UInt8(ascii: "+"): return .simple(rest)
        case UInt8(ascii: "-"): return .error(rest)
        case UInt8(ascii: ","):
            guard Self.isDouble(rest) else { throw .malformed(rest) }
            return .double(rest)
        case UInt8(ascii: "("):
            let digits =
                rest.bytes.first == UInt8(ascii: "-") ? rest.bytes.dropFirst() : rest.bytes[...]
            guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { throw .malformed(rest) }
            return .bigNumber(rest)
        case UInt8(ascii: "#"):
            switch rest {
            case "t": return .boolean(true)
            case "f": return .boolean(false)
            default: throw .malformed(rest)
            }
        case UInt8(ascii: "_"):
            guard rest.isEmpty else { throw .malformed(rest) }
            return .null(.plain)
        default:
            throw .unknownType(kind)
        }
    }

    /// Opens an aggregate; an empty one is a value at once.
    private mutating func open(_ kind: UInt8, _ rest: Range<Int>) throws(Failure) -> RESPValue? {
        let isMap = Self.isMap(kind)
        let bound = isMap ? limits.elements / 2 : limits.elements
        guard let count = try length(rest, atMost: bound, "an aggregate") else {
            return .null(.array)
        }
        if count == 0 {
            // Remarks without content say nothing; what follows stands alone.
            if kind == UInt8(ascii: "|") { return nil }
            return Frame(kind: kind, remaining: 0).value
        }
        guard stack.count < limits.depth else { throw .tooLarge("aggregates inside each other") }
        var frame = Frame(kind: kind, remaining: isMap ? count * 2 : count)
        if isMap {
            frame.pairs.reserveCapacity(min(count, 128))
        } else {
            frame.elements.reserveCapacity(min(count, 256))
        }
        stack.append(frame)
        return nil
    }

    private func length(
        _ place: Range<Int>, atMost bound: Int, _ what: String
    ) throws(Failure) -> Int? {
        guard let number = number(place), number >= -1 else { throw .malformed(text(place)) }
        if number == -1 { return nil }
        guard number <= bound else { throw .tooLarge(what) }
        return Int(number)
    }

    /// The bytes of a string and the line end behind it.
    private mutating func string(_ kind: UInt8, _ length: Int) throws(Failure) -> RESPValue? {
        guard buffer.count - position >= length + 2 else { return nil }
        let end = position + length
        guard buffer[end] == 0x0D, buffer[end + 1] == 0x0A else { throw .missingLineEnd }
        let bytes = Array(buffer[position..<end])
        position = end + 2
        switch kind {
        case UInt8(ascii: "!"): return .error(ByteString(bytes))
        case UInt8(ascii: "="):
            guard bytes.count >= 4, bytes[3] == UInt8(ascii: ":") else {
                throw .malformed(ByteString(bytes))
            }
            return .verbatim(
                format: ByteString(Array(bytes[..<3])), text: ByteString(Array(bytes[4...])))
        default: return .bulk(ByteString(bytes))
        }
    }

    /// Where the next line is, without its end.
    private mutating func line() throws(Failure) -> Range<Int>? {
        var from = max(position, searched)
        while let found = buffer.rawSpan.firstIndex(of: 0x0D, from: from) {
            guard found + 1 < buffer.count else {
                searched = found
                return nil
            }
            // A bare CR is part of a line; only CR LF ends it.
            guard buffer[found + 1] == 0x0A else {
                from = found + 1
                continue
            }
            guard found - position <= limits.lineLength else { throw .tooLarge("a line") }
            defer {
                position = found + 2
                searched = position
            }
            return position..<found
        }
        searched = buffer.count
        guard buffer.count - position <= limits.lineLength else { throw .tooLarge("a line") }
        return nil
    }

    /// A 64-bit number; a plus sign before it is allowed, as RESP3 writes it.
    private func number(_ place: Range<Int>) -> Int64? {
        let text = buffer.rawSpan.extracting(place)
        if let number = text.canonicalInteger { return number }
        guard text.byteCount > 1, text[0] == UInt8(ascii: "+"), text[1].isASCIIDigit else {
            return nil
        }
        return text.extracting(1...).canonicalInteger
    }

    private static func isDouble(_ text: ByteString) -> Bool {
        guard !text.isEmpty, text.count <= 128 else { return false }
        return text.bytes.allSatisfy { byte in
            byte.isASCIIDigit || "+-.eEinfatINFAT".utf8.contains(byte)
        }
    }
}
