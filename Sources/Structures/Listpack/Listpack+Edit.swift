import Bytes

// Changing a listpack. All changes are one thing, `replace`: some bytes of entries give way to
// some others.

extension Listpack {
    // MARK: One element

    /// Adds an element at the end; returns where it is.
    @discardableResult
    @inline(__always)
    public mutating func append(_ text: RawSpan) -> Position {
        insert(ListpackEntry(text), text, at: endOffset)
    }

    /// Adds a number at the end; returns where it is.
    @discardableResult
    public mutating func append(_ number: Int64) -> Position {
        insert(ListpackEntry(number), RawSpan(), at: endOffset)
    }

    /// Adds an element at the front; returns where it is.
    @discardableResult
    @inline(__always)
    public mutating func prepend(_ text: RawSpan) -> Position {
        insert(ListpackEntry(text), text, at: Listpack.headSize)
    }

    /// Adds a number at the front; returns where it is.
    @discardableResult
    public mutating func prepend(_ number: Int64) -> Position {
        insert(ListpackEntry(number), RawSpan(), at: Listpack.headSize)
    }

    /// Adds an element before another; returns where it is.
    @discardableResult
    public mutating func insert(_ text: RawSpan, before position: Position) -> Position {
        insert(ListpackEntry(text), text, at: position.offset)
    }

    /// Adds a number before an element; returns where it is.
    @discardableResult
    public mutating func insert(_ number: Int64, before position: Position) -> Position {
        insert(ListpackEntry(number), RawSpan(), at: position.offset)
    }

    /// Adds an element behind another; returns where it is.
    @discardableResult
    public mutating func insert(_ text: RawSpan, after position: Position) -> Position {
        precondition(position.offset < endOffset)
        let offset = position.offset + entrySize(position.offset)
        return insert(ListpackEntry(text), text, at: offset)
    }

    /// Adds a number behind an element; returns where it is.
    @discardableResult
    public mutating func insert(_ number: Int64, after position: Position) -> Position {
        precondition(position.offset < endOffset)
        let offset = position.offset + entrySize(position.offset)
        return insert(ListpackEntry(number), RawSpan(), at: offset)
    }

    @discardableResult
    @inline(__always)
    private mutating func insert(
        _ entry: ListpackEntry, _ text: RawSpan, at offset: Int
    ) -> Position {
        makeRoom(at: offset, replacing: 0, with: entry.size)
        write(entry, text, at: offset)
        changeCount(by: 1)
        return Position(offset: offset)
    }

    /// Puts another text in the place of an element; returns where it is, which is the same.
    @discardableResult
    public mutating func replace(at position: Position, with text: RawSpan) -> Position {
        replace(at: position, with: ListpackEntry(text), text)
    }

    /// Puts a number in the place of an element; returns where it is, which is the same.
    @discardableResult
    public mutating func replace(at position: Position, with number: Int64) -> Position {
        replace(at: position, with: ListpackEntry(number), RawSpan())
    }

    private mutating func replace(
        at position: Position, with entry: ListpackEntry, _ text: RawSpan
    ) -> Position {
        precondition(position.offset < endOffset)
        let old = entrySize(position.offset)
        makeRoom(at: position.offset, replacing: old, with: entry.size)
        write(entry, text, at: position.offset)
        return position
    }

    // MARK: Several elements

    /// Removes up to `count` elements from `position` on; returns the position of the element
    /// behind them, or nil when there is none.
    @discardableResult
    public mutating func remove(at position: Position, count: Int = 1) -> Position? {
        let end = endOffset
        precondition(position.offset < end && count >= 0)
        var offset = position.offset
        var removed = 0
        while removed < count && offset < end {
            offset += entrySize(offset)
            removed += 1
        }
        makeRoom(at: position.offset, replacing: offset - position.offset, with: 0)
        changeCount(by: -removed)
        return position.offset < endOffset ? position : nil
    }

    /// Removes all elements from `position` on.
    public mutating func removeAll(from position: Position) {
        let end = endOffset
        precondition(position.offset < end)
        remove(at: position, count: .max)
    }

    /// Adds the elements of another listpack at the end, from `start` on when it is given.
    public mutating func append(contentsOf other: Listpack, from start: Position? = nil) {
        precondition(other != self)
        let source = start?.offset ?? Listpack.headSize
        let size = other.endOffset - source
        precondition(size >= 0)
        if size == 0 { return }
        let count = start == nil ? other.count : other.countEntries(from: source)
        let offset = endOffset
        makeRoom(at: offset, replacing: 0, with: size)
        // Safe: there is room for `size` bytes, and the other block has as many.
        unsafe Heap.copy(base + offset, other.base + source, size)
        changeCount(by: count)
    }

    private func countEntries(from start: Int) -> Int {
        let end = endOffset
        var (offset, count) = (start, 0)
        while offset < end {
            offset += entrySize(offset)
            count += 1
        }
        return count
    }

    // MARK: The block

    @inline(__always)
    func changeCount(by difference: Int) {
        let word = loadWord(4, as: UInt16.self)
        if word == Listpack.unknownCount { return }
        storeCountWord(UInt16(min(Int(word) + difference, Int(Listpack.unknownCount))))
    }

    /// Gives `old` bytes at `offset` up and makes room for `new` ones there; moves what is behind.
    @inline(__always)
    private mutating func makeRoom(at offset: Int, replacing old: Int, with new: Int) {
        let total = byteCount
        precondition(offset >= Listpack.headSize && offset + old < total)
        let needed = total - old + new
        if needed > total, needed > blockSize - lead {
            move(front: min(lead, needed / 8), size: Listpack.room(for: needed))
        }
        if new != old {
            // Safe: both ranges lie in the block, which has room for `needed` bytes.
            unsafe Heap.move(base + offset + new, base + offset + old, total - offset - old)
            storeByteCount(needed)
        }
        if needed < total { trim() }
    }

    /// True when half of the block is free, or more of it in front than can be noted.
    @inline(__always)
    var isSpacious: Bool {
        blockSize >= byteCount * 2 + 32 || lead > Listpack.maximumLead
    }

    /// Gives memory back when there is much to give.
    @inline(__always)
    mutating func trim() {
        if isSpacious { move(front: 0, size: byteCount) }
    }

    /// The size of the block for a listpack that grows to `needed` bytes: an eighth more at most.
    static func room(for needed: Int) -> Int {
        precondition(needed <= maximumByteCount, "a listpack of more than a gigabyte")
        if needed <= 120 { return needed }
        let step = max(16, (1 << (63 - needed.leadingZeroBitCount)) / 8)
        return (needed + 8 + step - 1) / step * step - 8
    }

    // MARK: Tests

    /// Stops the program when the block is not a listpack in every detail.
    public func checkInvariants() {
        precondition(lead >= 0 && blockSize - lead >= byteCount)
        guard let copy = Listpack(validating: bytes) else {
            preconditionFailure("a listpack is broken")
        }
        copy.free()
    }
}
