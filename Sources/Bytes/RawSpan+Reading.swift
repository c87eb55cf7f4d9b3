// Reading bytes through `RawSpan`: the view that requests, values and replies are seen by.
// Every access is bounds-checked once per call, never once per byte of a longer read.

extension RawSpan {
    /// The byte at `offset`; traps when out of bounds.
    public subscript(offset: Int) -> UInt8 {
        @inline(__always) get {
            precondition(offset >= 0 && offset < byteCount)
            // Safe: the bounds were checked on the line above.
            return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
        }
    }

    /// Eight bytes at `offset` as a little-endian word; traps when out of bounds.
    @inline(__always)
    public func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset &+ 8 <= byteCount)
        // Safe: the bounds were checked on the line above; unaligned loads are allowed here.
        return unsafe UInt64(
            littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// A copy as an array.
    public func copied() -> [UInt8] {
        if byteCount == 0 { return [] }
        // Safe: the array is filled with exactly the bytes of this view.
        return unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// The bytes as text; invalid UTF-8 is repaired, so this is for people only.
    public var text: String { String(decoding: copied(), as: UTF8.self) }

    /// True when both views hold the same bytes.
    @inline(__always)
    public func equals(_ other: RawSpan) -> Bool {
        if byteCount != other.byteCount { return false }
        return compare(other) == 0
    }

    /// True when the bytes are those of `string`.
    public func equals(_ string: ByteString) -> Bool { unsafe equals(string.bytes.span.bytes) }

    /// Negative, zero or positive as this view orders before, with or after `other` by
    /// unsigned bytes; a prefix orders first.
    public func compare(_ other: RawSpan) -> Int {
        let common = min(byteCount, other.byteCount)
        // Safe: both reads stay inside `common` bytes of both views.
        let order = unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                common == 0
                    ? 0
                    : unsafe compareMemory(
                        left.baseAddress.unsafelyUnwrapped,
                        right.baseAddress.unsafelyUnwrapped, common)
            }
        }
        return order != 0 ? order : byteCount - other.byteCount
    }

    /// True when the bytes are those of `word` but for the case of ASCII letters.
    /// `word` must be written in capitals.
    @inline(__always)
    public func matches(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        if byteCount != length { return false }
        for offset in 0..<length {
            // Safe: `offset` is below both lengths.
            let (here, there) = unsafe (
                unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self), word.utf8Start[offset]
            )
            if here.asciiUppercased != there { return false }
        }
        return true
    }

    /// The offset of the first `byte` at or after `start`, or nil.
    public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        if start >= byteCount { return nil }
        precondition(start >= 0)
        // Safe: the search is bounded by the view's own length.
        return unsafe withUnsafeBytes { source in
            unsafe findByte(byte, in: source, from: start)
        }
    }
}

extension [UInt8] {
    /// The array's bytes in view.
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            // Safe: bytes have neither padding nor invalid patterns.
            unsafe span.bytes
        }
    }
}

extension ByteString {
    /// The bytes in view.
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            // Safe: as above.
            unsafe bytes.span.bytes
        }
    }
}

extension UInt8 {
    /// The capital of an ASCII letter; any other byte is itself.
    @inline(__always)
    public var asciiUppercased: UInt8 {
        self &- 0x61 < 26 ? self & 0xDF : self
    }

    /// The small form of an ASCII letter; any other byte is itself.
    @inline(__always)
    public var asciiLowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }

    /// True for `0` to `9`.
    @inline(__always)
    public var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// True for what C's `isspace` takes as blank in the C locale.
    @inline(__always)
    public var isASCIISpace: Bool { self == 0x20 || self &- 0x09 < 5 }

    /// The value of a hexadecimal digit, or nil.
    public var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
