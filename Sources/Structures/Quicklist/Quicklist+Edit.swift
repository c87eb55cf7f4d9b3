import Bytes

// Changing a quicklist. Each change of a node goes through `setPack`, which keeps the account of
// memory, and no node is ever left without elements.

extension Quicklist {
    // MARK: The ends

    /// Adds an element at the front.
    @inline(__always)
    public mutating func prepend(_ text: RawSpan) { push(text, atFront: true) }

    /// Adds an element at the end.
    @inline(__always)
    public mutating func append(_ text: RawSpan) { push(text, atFront: false) }

    @inline(__always)
    private mutating func push(_ text: RawSpan, atFront: Bool) {
        count += 1
        if nodes.count > 0 && !limit.isLarge(text.byteCount) {
            let place = atFront ? 0 : nodes.count - 1
            let node = nodes[place]
            let entry = ListpackEntry(text)
            if hasRoom(node, for: entry.size) {
                var pack = node.pack
                if pack.hasRoom(entry, atFront: atFront) {
                    pack.push(entry, text, atFront: atFront)
                    nodes[place] = QuicklistNode(pack, count: node.count + 1)
                } else {
                    let before = pack.footprint
                    pack.push(entry, text, atFront: atFront)
                    setPack(pack, at: place, node.count + 1, before)
                }
                return
            }
        }
        insertNode(node(of: text), at: atFront ? 0 : nodes.count)
    }

    /// Hands the first or last element to `body` and removes it; there must be one.
    @inline(__always)
    public mutating func pop(atFront: Bool, _ body: (Listpack.Element) -> Void) {
        precondition(count > 0, "an empty list has no ends")
        count -= 1
        let place = atFront ? 0 : nodes.count - 1
        let node = nodes[place]
        if node.isPlain {
            body(.bytes(node.blob.bytes))
            return freeNode(at: place)
        }
        var pack = node.pack
        pack.pop(atFront: atFront, body)
        nodes[place] = QuicklistNode(pack, count: node.count - 1)
        if node.count == 1 { return freeNode(at: place) }
        guard pack.isSpacious else { return }
        let before = pack.footprint
        pack.trim()
        setPack(pack, at: place, node.count - 1, before)
    }

    @inline(__always)
    private func hasRoom(_ node: QuicklistNode, for size: Int) -> Bool {
        !node.isPlain && limit.allows(byteCount: node.pack.byteCount + size, count: node.count + 1)
    }

    /// A node of one element.
    private func node(of text: RawSpan) -> QuicklistNode {
        if limit.isLarge(text.byteCount) { return QuicklistNode(Blob.allocate(text)) }
        var pack = Listpack.allocate(capacity: 7 + Listpack.entrySize(of: text))
        pack.append(text)
        return QuicklistNode(pack, count: 1)
    }

    // MARK: Nodes

    mutating func insertNode(_ node: QuicklistNode, at place: Int) {
        contents += node.footprint
        nodes.insert(node, at: place)
    }

    private mutating func freeNode(at place: Int) {
        contents -= nodes[place].footprint
        nodes[place].free()
        nodes.remove(place..<place + 1)
    }

    /// Puts a changed listpack back; `before` is its footprint before the change.
    @inline(__always)
    private mutating func setPack(_ pack: Listpack, at place: Int, _ count: Int, _ before: Int) {
        nodes[place] = QuicklistNode(pack, count: count)
        contents += pack.footprint - before
    }

    /// Removes elements of one node that keeps others.
    private mutating func removeInside(_ place: Int, from index: Int, _ length: Int) {
        var pack = nodes[place].pack
        let (before, left) = (pack.footprint, nodes[place].count - length)
        if let position = pack.seek(index) { pack.remove(at: position, count: length) }
        setPack(pack, at: place, left, before)
    }

    /// Makes two nodes of one: the elements from `index` on become the next node.
    private mutating func split(_ place: Int, at index: Int) {
        var pack = nodes[place].pack
        guard let position = pack.seek(index) else { return }
        let (before, behind) = (pack.footprint, nodes[place].count - index)
        var tail = Listpack.allocate()
        tail.append(contentsOf: pack, from: position)
        pack.removeAll(from: position)
        setPack(pack, at: place, index, before)
        insertNode(QuicklistNode(tail, count: behind), at: place + 1)
    }

    /// Makes one node of the one at `place` and the next, where they fit into one.
    private mutating func mergeWithNext(_ place: Int) {
        guard place >= 0 && place + 1 < nodes.count else { return }
        let (node, next) = (nodes[place], nodes[place + 1])
        if node.isPlain || next.isPlain { return }
        let together = node.count + next.count
        let byteCount = node.pack.byteCount + next.pack.byteCount - 7
        guard limit.allows(byteCount: byteCount, count: together) else { return }
        var pack = node.pack
        let before = pack.footprint
        pack.append(contentsOf: next.pack)
        setPack(pack, at: place, together, before)
        freeNode(at: place + 1)
    }

    // MARK: Anywhere

    /// Adds an element in front of the one at `index`, or at the end when `index` is the count.
    public mutating func insert(_ text: RawSpan, at index: Int) {
        precondition(index >= 0 && index <= count)
        if index == 0 { return prepend(text) }
        if index == count { return append(text) }
        var (place, local) = locate(index)
        count += 1
        let size = Listpack.entrySize(of: text)
        if !limit.isLarge(text.byteCount) {
            if hasRoom(nodes[place], for: size) { return insertInside(place, text, at: local) }
            if local == 0 && hasRoom(nodes[place - 1], for: size) {
                return insertInside(place - 1, text, at: nodes[place - 1].count)
            }
        }
        if local > 0 {
            split(place, at: local)
            place += 1
            if !limit.isLarge(text.byteCount) && hasRoom(nodes[place - 1], for: size) {
                insertInside(place - 1, text, at: nodes[place - 1].count)
                return mergeWithNext(place)
            }
        }
        insertNode(node(of: text), at: place)
        mergeWithNext(place)
        mergeWithNext(place - 1)
    }

    private mutating func insertInside(_ place: Int, _ text: RawSpan, at index: Int) {
        let node = nodes[place]
        var pack = node.pack
        let before = pack.footprint
        if let position = pack.seek(index) {
            pack.insert(text, before: position)
        } else {
            pack.append(text)
        }
        setPack(pack, at: place, node.count + 1, before)
    }

    /// Puts another text in the place of the element at `index`.
    public mutating func replace(at index: Int, with text: RawSpan) {
        let (place, local) = locate(index)
        let node = nodes[place]
        if !node.isPlain && !limit.isLarge(text.byteCount) {
            var pack = node.pack
            let before = pack.footprint
            if let position = pack.seek(local) { pack.replace(at: position, with: text) }
            setPack(pack, at: place, node.count, before)
            if node.count == 1 || limit.allows(byteCount: pack.byteCount, count: node.count) {
                return
            }
            // Too much for one node now: halves are never too much for long.
            return split(place, at: max(1, local))
        }
        if node.count == 1 {
            freeNode(at: place)
            insertNode(self.node(of: text), at: place)
            mergeWithNext(place)
            return mergeWithNext(place - 1)
        }
        removeInside(place, from: local, 1)
        count -= 1
        insert(text, at: index)
    }

    /// Removes the `length` elements from `index` on.
    public mutating func remove(from index: Int, count length: Int) {
        if length == 0 { return }
        precondition(length > 0 && index >= 0 && length <= count - index)
        var (place, local) = locate(index)
        var rest = length
        count -= length
        if local > 0 {
            let here = min(rest, nodes[place].count - local)
            removeInside(place, from: local, here)
            rest -= here
            place += 1
        }
        local = place
        while rest > 0 && rest >= nodes[place].count {
            rest -= nodes[place].count
            contents -= nodes[place].footprint
            nodes[place].free()
            place += 1
        }
        if rest > 0 { removeInside(place, from: 0, rest) }
        nodes.remove(local..<place)
    }

    /// Removes up to `limit` elements with the text `text`, from the front on or, `reversed`, from
    /// the end on; returns how many.
    public mutating func removeAll(_ text: RawSpan, limit: Int, reversed: Bool) -> Int {
        var removed = 0
        var emptied = 0
        for step in 0..<nodes.count where removed < limit {
            let place = reversed ? nodes.count - 1 - step : step
            let node = nodes[place]
            if node.isPlain {
                if !node.blob.bytes.equals(text) { continue }
                removed += 1
                emptied += 1
                empty(place)
                continue
            }
            var pack = node.pack
            let before = pack.footprint
            let here = pack.removeAll(text, limit: limit - removed, reversed: reversed)
            if here == 0 { continue }
            removed += here
            setPack(pack, at: place, node.count - here, before)
            if node.count == here { emptied += 1 }
        }
        count -= removed
        if emptied > 0 { dropEmpty() }
        return removed
    }

    /// Turns a plain node into one without elements.
    private mutating func empty(_ place: Int) {
        let pack = Listpack.allocate()
        contents += pack.footprint - nodes[place].footprint
        nodes[place].free()
        nodes[place] = QuicklistNode(pack, count: 0)
    }

    /// Removes all nodes without elements, in one pass.
    private mutating func dropEmpty() {
        var kept = 0
        for place in 0..<nodes.count {
            let node = nodes[place]
            if node.count == 0 {
                contents -= node.footprint
                node.free()
                continue
            }
            nodes[kept] = node
            kept += 1
        }
        nodes.remove(kept..<nodes.count)
    }
}
