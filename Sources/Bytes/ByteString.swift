/// Owned bytes: names, values and arguments that outlive the request they came in.
///
/// Never `String`: Swift compares strings by canonical equivalence, so two keys that differ in
/// their bytes could be one. Equality and order here are those of the bytes.
public struct ByteString: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
    /// The bytes themselves.
    public var bytes: [UInt8]

    /// Bytes taken over from an array.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A copy of the bytes in view.
    public init(_ span: RawSpan) { self.bytes = span.copied() }

    /// The UTF-8 of `text`.
    public init(_ text: String) { self.bytes = Array(text.utf8) }

    /// The UTF-8 of a literal.
    public init(stringLiteral value: StaticString) {
        // Safe: the array copies the buffer before the closure ends.
        self.bytes = value.withUTF8Buffer { unsafe Array($0) }
    }

    /// No bytes.
    public init() { self.bytes = [] }

    /// The number of bytes.
    public var count: Int { bytes.count }

    /// True when there are none.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The bytes as text; invalid UTF-8 is repaired, so this is for people only.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Orders by unsigned bytes, the shorter first when one is a prefix of the other.
    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension ByteString: CustomStringConvertible {
    /// The bytes as text, for people.
    public var description: String { text }
}
