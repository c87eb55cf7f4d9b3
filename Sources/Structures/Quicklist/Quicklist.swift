import Bytes

// A long list: nodes that are listpacks of a few kilobytes each. Pushing and popping touch one
// node at an end; an index is found by adding up the nodes' counts from the nearer end and
// walking inside one node; an insertion into a full node splits it. An element that is longer
// than a node may be is a node by itself and is not copied when its neighbours change.
//
// The limit of a node is that of the setting `list-max-listpack-size`: elements, or -1 to -5 for
// 4 kB to 64 kB. A list keeps the limit that it was made with.

/// How much one node of a list holds.
public struct QuicklistLimit: Equatable, Sendable {
    /// The most elements; the largest number when only bytes count.
    public let count: Int
    /// The most bytes; the largest number when only elements count.
    public let byteCount: Int

    /// Where elements are counted, bytes still end a node here.
    private static let safeByteCount = 8192

    /// The limit that the setting `list-max-listpack-size` stands for.
    public init(setting: Int) {
        if setting >= 0 {
            (count, byteCount) = (max(1, setting), .max)
        } else {
            (count, byteCount) = (.max, 4096 << (min(5, -setting) - 1))
        }
    }

    /// True when a node may hold `count` elements in `byteCount` bytes.
    @inline(__always)
    public func allows(byteCount: Int, count: Int) -> Bool {
        count <= self.count && byteCount <= min(self.byteCount, nodeByteCount)
    }

    private var nodeByteCount: Int {
        byteCount == .max ? QuicklistLimit.safeByteCount : byteCount
    }

    /// True when a text of this length is a node by itself.
    @inline(__always)
    func isLarge(_ length: Int) -> Bool { length > nodeByteCount }
}

/// A list of texts and whole numbers, as a row of listpacks.
public struct Quicklist: ~Copyable {
    var nodes = QuicklistNodes()
    /// The number of elements.
    public internal(set) var count = 0
    /// The bytes of all nodes' elements.
    var contents = 0
    /// How much a node holds.
    public let limit: QuicklistLimit

    /// A list without elements.
    public init(limit: QuicklistLimit) { self.limit = limit }

    /// A list of the elements of a listpack, which belongs to the list from now on.
    public init(limit: QuicklistLimit, adopting pack: Listpack) {
        self.limit = limit
        adopt(pack)
    }

    deinit {
        for place in 0..<nodes.count { nodes[place].free() }
    }

    /// A copy that shares nothing.
    public func duplicate() -> Quicklist {
        var copy = Quicklist(limit: limit)
        for place in 0..<nodes.count {
            copy.insertNode(nodes[place].duplicate(), at: place)
        }
        copy.count = count
        return copy
    }

    /// The number of nodes.
    public var nodeCount: Int { nodes.count }

    /// Bytes that the list takes beside the place of this value, the allocator's share included.
    public var footprint: Int { contents + nodes.footprint }

    /// The listpack of a list that is a single one; it stays the list's own.
    public var onlyPack: Listpack? {
        nodes.count == 1 && !nodes[0].isPlain ? nodes[0].pack : nil
    }

    /// Adds the elements of a listpack at the end, as a node; it belongs to the list from now on.
    public mutating func adopt(_ pack: Listpack) {
        let length = pack.count
        if length == 0 { return pack.free() }
        insertNode(QuicklistNode(pack, count: length), at: nodes.count)
        count += length
    }

    /// Adds a text at the end as a node by itself, however short it is.
    public mutating func appendPlain(_ text: RawSpan) {
        insertNode(QuicklistNode(Blob.allocate(text)), at: nodes.count)
        count += 1
    }

    /// Hands each node to `body`: the elements of a listpack, or one plain text.
    public func forEachNode(_ body: (_ bytes: RawSpan, _ isPlain: Bool) -> Void) {
        for place in 0..<nodes.count {
            let node = nodes[place]
            if node.isPlain { body(node.blob.bytes, true) } else { body(node.pack.bytes, false) }
        }
    }

    // MARK: Reading

    /// The node that holds the element at `index`, and the element's index in it.
    func locate(_ index: Int) -> (place: Int, index: Int) {
        precondition(index >= 0 && index < count)
        if index < count / 2 {
            var (place, rest) = (0, index)
            while rest >= nodes[place].count {
                rest -= nodes[place].count
                place += 1
            }
            return (place, rest)
        }
        var place = nodes.count - 1
        var behind = count - nodes[place].count
        while index < behind {
            place -= 1
            behind -= nodes[place].count
        }
        return (place, index - behind)
    }

    /// Hands up to `length` elements from `index` on to `body`, towards the end or, `reversed`,
    /// towards the front, until it returns false.
    @inline(__always)
    public func forEach(
        from index: Int, count length: Int, reversed: Bool = false,
        _ body: (Listpack.Element) -> Bool
    ) {
        guard length > 0 && index >= 0 && index < count else { return }
        var (place, local) = locate(index)
        var rest = length
        while true {
            let node = nodes[place]
            var goesOn: Bool
            if node.isPlain {
                rest -= 1
                goesOn = body(.bytes(node.blob.bytes))
            } else {
                goesOn = node.pack.forEach(
                    from: local, count: &rest, reversed: reversed, body)
            }
            place += reversed ? -1 : 1
            if !goesOn || rest == 0 || place < 0 || place == nodes.count { return }
            local = reversed ? nodes[place].count - 1 : 0
        }
    }

    /// Hands the indexes of elements with the text `text` to `body`, until it returns false.
    /// - Parameters:
    ///   - reversed: look from the end on; else from the front on.
    ///   - limit: how many elements to look at.
    public func forEachIndex(
        of text: RawSpan, reversed: Bool = false, limit: Int = .max, _ body: (Int) -> Bool
    ) {
        let number = text.canonicalInteger
        var rest = limit
        var index = reversed ? count - 1 : 0
        let step = reversed ? -1 : 1
        var place = reversed ? nodes.count - 1 : 0
        while place >= 0 && place < nodes.count && rest > 0 {
            let node = nodes[place]
            if node.isPlain {
                rest -= 1
                if node.blob.bytes.equals(text) && !body(index) { return }
            } else {
                let stopped = node.pack.forEachMatch(text, number, reversed: reversed, &rest) {
                    body(index + step * $0)
                }
                if stopped { return }
            }
            index += step * node.count
            place += step
        }
    }

    // MARK: Tests

    /// Stops the program when the list is not in order.
    public func checkInvariants() {
        var (elements, bytes) = (0, 0)
        for place in 0..<nodes.count {
            let node = nodes[place]
            if !node.isPlain {
                node.pack.checkInvariants()
                precondition(node.pack.count == node.count)
            }
            precondition(node.count > 0)
            elements += node.count
            bytes += node.footprint
        }
        precondition(elements == count && bytes == contents)
    }
}

extension Listpack {
    /// Hands up to `rest` elements from `index` on to `body`, and takes their number off `rest`.
    /// Returns false when `body` did so last.
    @inline(__always)
    public func forEach(
        from index: Int, count rest: inout Int, reversed: Bool, _ body: (Element) -> Bool
    ) -> Bool {
        guard var position = seek(index) else { return true }
        while rest > 0 {
            rest -= 1
            if !body(element(at: position)) { return false }
            guard let next = reversed ? previous(before: position) : next(after: position) else {
                return true
            }
            position = next
        }
        return true
    }

    /// Hands the places, counted from the end that is begun at, of elements with the text `text`
    /// to `body`. Looks at up to `rest` elements and takes their number off. Returns true when
    /// `body` returned false.
    public func forEachMatch(
        _ text: RawSpan, _ number: Int64?, reversed: Bool, _ rest: inout Int,
        _ body: (Int) -> Bool
    ) -> Bool {
        var position = reversed ? last : first
        var place = 0
        while let here = position, rest > 0 {
            rest -= 1
            if matches(here.offset, text, number) && !body(place) { return true }
            place += 1
            position = reversed ? previous(before: here) : next(after: here)
        }
        return false
    }

    /// Removes up to `limit` elements with the text `text`, from the front on or, `reversed`, from
    /// the end on; returns how many.
    public mutating func removeAll(
        _ text: RawSpan, limit: Int, reversed: Bool
    ) -> Int {
        let number = text.canonicalInteger
        var removed = 0
        var position = reversed ? last : first
        while let here = position, removed < limit {
            if !matches(here.offset, text, number) {
                position = reversed ? previous(before: here) : next(after: here)
                continue
            }
            removed += 1
            let before = reversed ? previous(before: here) : nil
            let behind = remove(at: here)
            position = reversed ? before : behind
        }
        return removed
    }
}
