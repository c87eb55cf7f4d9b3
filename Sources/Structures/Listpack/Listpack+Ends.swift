import Bytes

// The ends of a listpack that is a node of a quicklist. A queue adds at one end and takes from the
// other: moving some kilobytes for each element added at the front would be most of the work.
// So the node's listpack may begin further back in its block. An element is added in front by
// writing the head, six bytes, a little nearer to the block's beginning, and taken from there by
// writing it further away. The listpack itself is what it always is, so that what reads it or
// copies it does not know.
//
// Room in front is made as it is behind, by an eighth of the whole. Only a quicklist notes how
// much there is; the handle of any other listpack is its block's address.

extension Listpack {
    /// The most room in front that a quicklist's node can note.
    static let maximumLead = 1 << 20

    /// Adds an element at one end.
    @inline(__always)
    mutating func push(_ entry: ListpackEntry, _ text: RawSpan, atFront: Bool) {
        let (total, size) = (byteCount, entry.size)
        if atFront {
            if lead < size { makeLead(size) }
            moveHead(by: -size)
            write(entry, text, at: Listpack.headSize)
        } else {
            if blockSize - lead < total + size {
                move(front: min(lead, total / 8), size: Listpack.room(for: total + size))
            }
            write(entry, text, at: total - 1)
            storeByte(Listpack.end, at: total + size - 1)
        }
        storeByteCount(total + size)
        changeCount(by: 1)
    }

    /// True when an element can be added at this end without another block.
    @inline(__always)
    func hasRoom(_ entry: ListpackEntry, atFront: Bool) -> Bool {
        atFront ? lead >= entry.size : blockSize - lead >= byteCount + entry.size
    }

    /// Hands the first or last element to `body` and removes it; there must be one. The block
    /// stays as large as it is: see `isSpacious`.
    @inline(__always)
    mutating func pop(atFront: Bool, _ body: (Element) -> Void) {
        guard let position = atFront ? first : last else {
            preconditionFailure("an empty listpack has no ends")
        }
        body(element(at: position))
        let (total, size) = (byteCount, entrySize(position.offset))
        if atFront {
            moveHead(by: size)
        } else {
            storeByte(Listpack.end, at: position.offset)
        }
        storeByteCount(total - size)
        changeCount(by: -1)
    }

    /// Writes the head `distance` bytes further back, over what stands there.
    @inline(__always)
    private mutating func moveHead(by distance: Int) {
        let (total, count) = (byteCount, loadWord(4, as: UInt16.self))
        // Safe: forwards there is a lead of that size, backwards an entry that is given up.
        unsafe base += distance
        lead += distance
        storeByteCount(total)
        storeCountWord(count)
    }

    /// Makes room for at least `size` bytes in front.
    @inline(never)
    private mutating func makeLead(_ size: Int) {
        let total = byteCount
        let behind = min(blockSize - lead - total, total / 8)
        move(front: Listpack.room(for: total + size) - total, size: total + behind)
    }
}
