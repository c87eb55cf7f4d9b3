import Bytes

// Finding one's way in a listpack, and taking one from bytes that somebody else wrote.

extension Listpack {
    /// The position of the first element, or nil when there is none.
    @inline(__always)
    public var first: Position? {
        isEmpty ? nil : Position(offset: Listpack.headSize)
    }

    /// The position of the last element, or nil when there is none.
    @inline(__always)
    public var last: Position? {
        isEmpty ? nil : entry(before: endOffset)
    }

    /// The position behind `position`, or nil at the last element.
    @inline(__always)
    public func next(after position: Position) -> Position? {
        let end = endOffset
        precondition(position.offset < end)
        let offset = position.offset + entrySize(position.offset)
        return offset < end ? Position(offset: offset) : nil
    }

    /// The position before `position`, or nil at the first element.
    @inline(__always)
    public func previous(before position: Position) -> Position? {
        precondition(position.offset < endOffset)
        return position.offset == Listpack.headSize ? nil : entry(before: position.offset)
    }

    /// The entry that ends at `offset`.
    @inline(__always)
    private func entry(before offset: Int) -> Position {
        let body = backLength(before: offset)
        return Position(offset: offset - body - Listpack.backLengthSize(body))
    }

    /// The position of the element at `index`, or nil when there is none; negative numbers count
    /// from the end, -1 being the last. Walks from the nearer end.
    public func seek(_ index: Int) -> Position? {
        let count = count
        let forward = index < 0 ? index + count : index
        guard forward >= 0 && forward < count else { return nil }
        if forward <= count / 2 {
            var offset = Listpack.headSize
            for _ in 0..<forward { offset += entrySize(offset) }
            return Position(offset: offset)
        }
        var offset = endOffset
        for _ in forward..<count { offset = entry(before: offset).offset }
        return Position(offset: offset)
    }

    /// The position of the first element with the text `text`, looking from `start` on (from
    /// the front when nil) and at every `stride`-th element only, so that fields are found
    /// among pairs.
    public func find(_ text: RawSpan, from start: Position? = nil, every stride: Int = 1)
        -> Position?
    {
        let number = text.canonicalInteger
        let end = endOffset
        var offset = start?.offset ?? Listpack.headSize
        while offset < end {
            if matches(offset, text, number) { return Position(offset: offset) }
            for _ in 0..<stride where offset < end { offset += entrySize(offset) }
        }
        return nil
    }

    /// True when the element at `position` has the text `text`.
    @inline(__always)
    public func matches(_ text: RawSpan, at position: Position) -> Bool {
        precondition(position.offset < endOffset)
        return matches(position.offset, text, text.canonicalInteger)
    }

    /// Hands the elements to `body` from the front, or from `start` on, until it returns false.
    @inline(__always)
    public func forEach(from start: Position? = nil, _ body: (Element) -> Bool) {
        let end = endOffset
        var offset = start?.offset ?? Listpack.headSize
        while offset < end {
            if !body(element(at: Position(offset: offset))) { return }
            offset += entrySize(offset)
        }
    }

    // MARK: Foreign bytes

    /// A listpack with a copy of `bytes`, or nil when they are not a listpack in every detail:
    /// each entry must lie inside, end with its own back-length, and the count must be right.
    public init?(validating bytes: RawSpan) {
        let total = bytes.byteCount
        guard total > Listpack.headSize, total <= Listpack.maximumByteCount else { return nil }
        guard Listpack.isValid(bytes) else { return nil }
        // Safe: the block has room for all bytes.
        unsafe base = Heap.allocate(total)
        unsafe bytes.withUnsafeBytes { source in
            unsafe Heap.copy(base, source.baseAddress.unsafelyUnwrapped, total)
        }
    }

    private static func isValid(_ bytes: RawSpan) -> Bool {
        let total = bytes.byteCount
        let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << ($1 * 8) }
        guard length == total, bytes[total - 1] == end else { return false }
        var offset = headSize
        var count = 0
        while offset < total - 1 {
            guard let size = validEntry(bytes, offset) else { return false }
            offset += size
            count += 1
        }
        let stated = Int(bytes[4]) | Int(bytes[5]) << 8
        return offset == total - 1 && (stated == count || stated == Int(unknownCount))
    }

    /// The size of the entry at `offset`, or nil when it is none that ends before the end mark.
    private static func validEntry(_ bytes: RawSpan, _ offset: Int) -> Int? {
        let limit = bytes.byteCount - 1
        let first = bytes[offset]
        let body: Int
        switch first {
        case 0x00...0x7F: body = 1
        case 0x80...0xBF: body = 1 + Int(first & 0x3F)
        case 0xC0...0xDF: body = 2
        case 0xE0...0xEF:
            guard offset + 2 <= limit else { return nil }
            body = 2 + (Int(first & 0x0F) << 8 | Int(bytes[offset + 1]))
        case 0xF0:
            guard offset + 5 <= limit else { return nil }
            body = 5 + (0..<4).reduce(0) { $0 | Int(bytes[offset + 1 + $1]) << ($1 * 8) }
        case 0xF1: body = 3
        case 0xF2: body = 4
        case 0xF3: body = 5
        case 0xF4: body = 9
        default: return nil
        }
        let groups = backLengthSize(body)
        guard offset + body + groups <= limit else { return nil }
        for index in 0..<groups {
            let bits = UInt8(truncatingIfNeeded: body >> ((groups - 1 - index) * 7)) & 0x7F
            let expected = index == 0 ? bits : bits | 0x80
            if bytes[offset + body + index] != expected { return nil }
        }
        return body + groups
    }
}
