import Bytes

/// Points in time at which waiting ends, the earliest first: a binary heap. What has ended for
/// another reason stays in it until its time comes, or until there is too much of it.
struct Deadlines {
    /// When a session's waiting with this number ends.
    struct Entry {
        let time: Instant
        let session: Int
        let number: UInt64

        fileprivate func precedes(_ other: Entry) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    private var heap: [Entry] = []

    /// How many there are, those that do not matter any more included.
    var count: Int { heap.count }
    /// The earliest.
    var first: Entry? { heap.first }

    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            if least == parent { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    /// Keeps only the entries that still matter.
    mutating func keep(_ matters: (Entry) -> Bool) {
        let kept = heap.filter(matters)
        heap = []
        for entry in kept { insert(entry) }
    }
}
