public import Bytes

/// The version of the protocol that a connection speaks.
public enum ProtocolVersion: Int, Sendable {
    /// RESP2: five types; maps are flat arrays, null is a length of -1.
    case two = 2
    /// RESP3: maps, sets, doubles, booleans, pushes and a null of its own.
    case three = 3
}

/// Writes replies straight into an output buffer, in the protocol version of the connection.
///
/// Handlers say what a reply *is*; how it looks on the wire is decided here alone.
public struct ReplyWriter: ~Copyable {
    /// The bytes written so far.
    public var buffer: OutputBuffer
    /// The protocol version of the connection that is being answered.
    public var version: ProtocolVersion

    /// A writer with an empty buffer.
    public init(version: ProtocolVersion = .two, capacity: Int = 256) {
        self.buffer = OutputBuffer(capacity: capacity)
        self.version = version
    }

    // MARK: Simple types

    /// `+OK`.
    @inline(__always)
    public mutating func ok() { buffer.append("+OK\r\n") }

    /// A status without line breaks.
    public mutating func simple(_ text: StaticString) {
        buffer.append(UInt8(ascii: "+"))
        buffer.append(text)
        buffer.append("\r\n")
    }

    /// A status without line breaks.
    public mutating func simple(utf8 text: String) {
        buffer.append(UInt8(ascii: "+"))
        buffer.append(utf8: text)
        buffer.append("\r\n")
    }

    /// An error: `text` begins with its code word, such as `ERR`. Line breaks become blanks,
    /// because one in an error would end it; at the end of the text they go.
    public mutating func error(_ text: [UInt8]) {
        buffer.append(UInt8(ascii: "-"))
        let length = (text.lastIndex { $0 != 0x0D && $0 != 0x0A } ?? -1) + 1
        for byte in text[..<length] { buffer.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte) }
        buffer.append("\r\n")
    }

    /// A whole number.
    @inline(__always)
    public mutating func integer(_ value: Int64) {
        buffer.appendHeader(UInt8(ascii: ":"), value)
    }

    /// A whole number.
    @inline(__always)
    public mutating func integer(_ value: Int) { integer(Int64(value)) }

    /// A truth value; RESP2 has the numbers 1 and 0 for it.
    public mutating func boolean(_ value: Bool) {
        switch version {
        case .two: integer(value ? 1 : 0)
        case .three: buffer.append(value ? "#t\r\n" : "#f\r\n")
        }
    }

    /// Nothing, where a string or a value could have been.
    @inline(__always)
    public mutating func null() {
        switch version {
        case .two: buffer.append("$-1\r\n")
        case .three: buffer.append("_\r\n")
        }
    }

    /// Nothing, where an array could have been: RESP2 tells the two apart.
    public mutating func nullArray() {
        switch version {
        case .two: buffer.append("*-1\r\n")
        case .three: buffer.append("_\r\n")
        }
    }

    // MARK: Strings

    /// A string of bytes.
    @inline(__always)
    public mutating func bulk(_ bytes: RawSpan) {
        buffer.appendHeader(UInt8(ascii: "$"), Int64(bytes.byteCount))
        buffer.append(bytes)
        buffer.append("\r\n")
    }

    /// A string of bytes.
    public mutating func bulk(_ bytes: [UInt8]) { bulk(bytes.rawSpan) }

    /// A string of bytes.
    public mutating func bulk(_ string: ByteString) { bulk(string.rawSpan) }

    /// A string from UTF-8 text.
    public mutating func bulk(utf8 text: String) { bulk(Array(text.utf8).rawSpan) }

    /// A whole number as a string of its digits.
    @inline(__always)
    public mutating func bulk(decimal value: Int64) {
        buffer.appendHeader(UInt8(ascii: "$"), Int64(decimalWidth(value)))
        buffer.append(decimal: value)
        buffer.append("\r\n")
    }

    /// Text for people: RESP3 names its format in three letters, such as `txt`.
    public mutating func verbatim(_ bytes: [UInt8], format: StaticString = "txt") {
        if version == .two { return bulk(bytes) }
        buffer.appendHeader(UInt8(ascii: "="), Int64(bytes.count + 4))
        buffer.append(format)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(bytes)
        buffer.append("\r\n")
    }

    // MARK: Aggregates

    /// The head of an array of `count` elements, which the caller writes next.
    @inline(__always)
    public mutating func array(_ count: Int) {
        buffer.appendHeader(UInt8(ascii: "*"), Int64(count))
    }

    /// The head of a map of `count` pairs; RESP2 has a flat array of twice as many.
    public mutating func map(_ count: Int) {
        switch version {
        case .two: array(count * 2)
        case .three: buffer.appendHeader(UInt8(ascii: "%"), Int64(count))
        }
    }

    /// The head of a set of `count` elements; RESP2 has an array.
    public mutating func set(_ count: Int) {
        switch version {
        case .two: array(count)
        case .three: buffer.appendHeader(UInt8(ascii: "~"), Int64(count))
        }
    }

    /// The head of a message outside the order of replies; RESP2 has an array.
    public mutating func push(_ count: Int) {
        switch version {
        case .two: array(count)
        case .three: buffer.appendHeader(UInt8(ascii: ">"), Int64(count))
        }
    }

    /// What kind of aggregate a deferred head is for.
    public enum Aggregate {
        /// An ordered list of elements.
        case array
        /// Pairs of key and value; counted in pairs.
        case map
        /// Elements without order.
        case set
    }

    /// Writes the elements of an aggregate whose number is known only afterwards: `body` writes
    /// them and returns how many there are.
    public mutating func deferred<E: Error>(
        _ kind: Aggregate, _ body: (inout ReplyWriter) throws(E) -> Int
    ) throws(E) {
        let start = buffer.count
        let count = try body(&self)
        let middle = buffer.count
        switch kind {
        case .array: array(count)
        case .map: map(count)
        case .set: set(count)
        }
        buffer.rotate(from: start, middle: middle)
    }
}
