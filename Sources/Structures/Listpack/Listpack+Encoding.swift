import Bytes

// How an element is encoded. The first byte says what follows:
//
//     0xxxxxxx  a number 0…127            10xxxxxx  a text of up to 63 bytes
//     110xxxxx  a 13-bit number, + 1 byte 1110xxxx  a text of up to 4095 bytes, + 1 byte
//     F1 F2 F3 F4  numbers of 16, 24, 32 and 64 bits   F0  a text, 32-bit length
//
// The numbers and lengths behind F0 to F4 are little endian; the short ones begin with their high
// bits in the first byte.

/// An element about to be written: how its entry begins and how long it is.
struct ListpackEntry {
    /// The first bytes, least significant first; a 64-bit number does not fit and is apart.
    var head: UInt64
    var headLength: Int
    /// The length of the text behind the head.
    var textLength: Int
    /// The number behind the head, when it has 64 bits.
    var wide: Int64 = 0

    /// The size of head and text.
    var bodySize: Int { headLength + textLength }

    /// The size of the whole entry.
    var size: Int { bodySize + Listpack.backLengthSize(bodySize) }

    /// A number.
    init(_ number: Int64) {
        textLength = 0
        let bits = UInt64(bitPattern: number)
        if number >= 0 && number <= 127 {
            (head, headLength) = (bits, 1)
        } else if number >= -4096 && number <= 4095 {
            (head, headLength) = (0xC0 | (bits >> 8 & 0x1F) | (bits & 0xFF) << 8, 2)
        } else if number == Int64(Int16(truncatingIfNeeded: number)) {
            (head, headLength) = (0xF1 | (bits & 0xFFFF) << 8, 3)
        } else if number >= -(1 << 23) && number < 1 << 23 {
            (head, headLength) = (0xF2 | (bits & 0xFF_FFFF) << 8, 4)
        } else if number == Int64(Int32(truncatingIfNeeded: number)) {
            (head, headLength) = (0xF3 | (bits & 0xFFFF_FFFF) << 8, 5)
        } else {
            (head, headLength, wide) = (0xF4, 9, number)
        }
    }

    /// A text that is no number.
    init(textOfLength length: Int) {
        textLength = length
        let bits = UInt64(length)
        if length <= 63 {
            (head, headLength) = (0x80 | bits, 1)
        } else if length <= 4095 {
            (head, headLength) = (0xE0 | bits >> 8 | (bits & 0xFF) << 8, 2)
        } else {
            (head, headLength) = (0xF0 | bits << 8, 5)
        }
    }

    /// A text, as a number when it is the canonical form of one.
    init(_ text: RawSpan) {
        if let number = text.canonicalInteger {
            self.init(number)
        } else {
            self.init(textOfLength: text.byteCount)
        }
    }
}

extension Listpack {
    /// How many bytes an element with this text takes in a listpack.
    public static func entrySize(of text: RawSpan) -> Int { ListpackEntry(text).size }

    /// How many bytes an element with this number takes in a listpack.
    public static func entrySize(of number: Int64) -> Int { ListpackEntry(number).size }

    /// How many bytes it takes to write a back-length of `size`.
    @inline(__always)
    static func backLengthSize(_ size: Int) -> Int {
        if size <= 127 { return 1 }
        if size < 16383 { return 2 }
        if size < 2_097_151 { return 3 }
        return size < 268_435_455 ? 4 : 5
    }

    /// The size of an entry's body, its back-length not included.
    @inline(__always)
    func bodySize(_ offset: Int) -> Int {
        let first = loadByte(offset)
        if first & 0x80 == 0 { return 1 }
        if first & 0x40 == 0 { return 1 + Int(first & 0x3F) }
        return longBodySize(offset, first)
    }

    private func longBodySize(_ offset: Int, _ first: UInt8) -> Int {
        if first & 0xE0 == 0xC0 { return 2 }
        if first & 0xF0 == 0xE0 { return 2 + (Int(first & 0x0F) << 8 | Int(loadByte(offset + 1))) }
        switch first {
        case 0xF0: return 5 + Int(loadWord(offset + 1, as: UInt32.self))
        case 0xF1: return 3
        case 0xF2: return 4
        case 0xF3: return 5
        default: return 9
        }
    }

    /// The size of the entry at `offset`, back-length included.
    @inline(__always)
    func entrySize(_ offset: Int) -> Int {
        let body = bodySize(offset)
        return body + Listpack.backLengthSize(body)
    }

    /// The back-length that ends just before `offset`.
    @inline(__always)
    func backLength(before offset: Int) -> Int {
        let last = loadByte(offset - 1)
        var size = Int(last & 0x7F)
        if last & 0x80 == 0 { return size }
        var at = offset - 2
        var shift = 7
        while true {
            let byte = loadByte(at)
            size |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 || shift == 28 { return size }
            at -= 1
            shift += 7
        }
    }

    /// The element at `position`.
    @inline(__always)
    @_lifetime(borrow self)
    public func element(at position: Position) -> Element {
        let offset = position.offset
        precondition(offset < endOffset)
        let first = loadByte(offset)
        if first & 0x80 == 0 { return .integer(Int64(first)) }
        if first & 0x40 == 0 { return .bytes(span(at: offset + 1, count: Int(first & 0x3F))) }
        return longElement(offset, first)
    }

    @_lifetime(borrow self)
    private func longElement(_ offset: Int, _ first: UInt8) -> Element {
        if first & 0xF0 == 0xE0 {
            return .bytes(span(at: offset + 2, count: longBodySize(offset, first) - 2))
        }
        if first == 0xF0 {
            return .bytes(span(at: offset + 5, count: longBodySize(offset, first) - 5))
        }
        return .integer(longNumber(offset, first))
    }

    /// A number of more than seven bits.
    private func longNumber(_ offset: Int, _ first: UInt8) -> Int64 {
        if first & 0xE0 == 0xC0 {
            let bits = UInt16(first & 0x1F) << 8 | UInt16(loadByte(offset + 1))
            return Int64(Int16(bitPattern: bits << 3) >> 3)
        }
        switch first {
        case 0xF1: return Int64(loadWord(offset + 1, as: Int16.self))
        case 0xF2:
            let low = UInt32(loadWord(offset + 1, as: UInt16.self))
            let bits = low | UInt32(loadByte(offset + 3)) << 16
            return Int64(Int32(bitPattern: bits << 8) >> 8)
        case 0xF3: return Int64(loadWord(offset + 1, as: Int32.self))
        default: return loadWord(offset + 1, as: Int64.self)
        }
    }

    /// True when the entry at `offset` has the text `text`, which is `number` when it is one.
    @inline(__always)
    func matches(_ offset: Int, _ text: RawSpan, _ number: Int64?) -> Bool {
        let first = loadByte(offset)
        if first & 0x80 == 0 { return number == Int64(first) }
        if first & 0x40 == 0 {
            let length = Int(first & 0x3F)
            return length == text.byteCount && span(at: offset + 1, count: length).equals(text)
        }
        switch longElement(offset, first) {
        case .integer(let here): return number == here
        case .bytes(let here): return here.equals(text)
        }
    }

    /// Writes an entry at `offset`, where there is room for it.
    @inline(__always)
    func write(_ entry: ListpackEntry, _ text: RawSpan, at offset: Int) {
        storeByte(UInt8(truncatingIfNeeded: entry.head), at: offset)
        if entry.headLength > 1 { writeLongHead(entry, at: offset) }
        let end = offset + entry.bodySize
        if entry.textLength > 0 {
            // Safe: the caller made room for the entry, whose text this is.
            unsafe text.withUnsafeBytes { source in
                unsafe Heap.copy(
                    base + offset + entry.headLength, source.baseAddress.unsafelyUnwrapped,
                    entry.textLength)
            }
        }
        if entry.bodySize <= 127 {
            storeByte(UInt8(truncatingIfNeeded: entry.bodySize), at: end)
        } else {
            writeLongBackLength(entry.bodySize, at: end)
        }
    }

    private func writeLongHead(_ entry: ListpackEntry, at offset: Int) {
        if entry.headLength == 9 { return storeWord(entry.wide, at: offset + 1) }
        for index in 1..<entry.headLength {
            storeByte(UInt8(truncatingIfNeeded: entry.head >> (index * 8)), at: offset + index)
        }
    }

    private func writeLongBackLength(_ size: Int, at offset: Int) {
        let groups = Listpack.backLengthSize(size)
        for index in 0..<groups {
            let bits = UInt8(truncatingIfNeeded: size >> ((groups - 1 - index) * 7)) & 0x7F
            storeByte(index == 0 ? bits : bits | 0x80, at: offset + index)
        }
    }
}
