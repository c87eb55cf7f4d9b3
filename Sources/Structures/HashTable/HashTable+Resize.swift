import Bytes

// Growing and shrinking in small steps. Two tables stand side by side; buckets below `position`
// have moved. Every insertion and removal moves one, and the node's tick moves more.

extension HashTable {
    /// The table grows when it would hold more than this many records a bucket. Then half of the
    /// buckets have a chain; growing earlier would cost more memory than the chains do.
    static let fullBucket = 8
    /// It shrinks when it holds less than one record a bucket.
    static let sparseBucket = 1

    @inline(__always)
    mutating func growIfNeeded() {
        guard isFull, !deniesGrowth else { return }
        beginResize(to: current.bucketCount * 2)
    }

    @inline(__always)
    mutating func shrinkIfNeeded() {
        guard next == nil, current.bucketCount > 1,
            count < current.bucketCount * HashTable.sparseBucket
        else { return }
        var target = current.bucketCount
        while target > 1 && count * 2 < target * HashTable.fullBucket { target /= 2 }
        if target < current.bucketCount { beginResize(to: target) }
    }

    /// Begins to move to a table of `bucketCount` buckets, a power of two.
    private mutating func beginResize(to bucketCount: Int) {
        guard resizePauses == 0 else { return }
        next = Table(bucketCount: bucketCount)
        position = 0
    }

    /// Makes room for `records` records before they come.
    public mutating func reserve(_ records: Int) {
        guard count == 0, next == nil else { return }
        var bucketCount = 1
        while bucketCount * HashTable.fullBucket < records { bucketCount *= 2 }
        if bucketCount == current.bucketCount { return }
        edits &+= 1
        current.free()
        current = Table(bucketCount: bucketCount)
    }

    @inline(__always)
    mutating func resizeStep() {
        guard let next else { return }
        // A shrinking table has many buckets and few records: one at a time it would be empty
        // before it is small.
        moveBuckets(next.mask < current.mask ? 4 : 1)
    }

    /// Moves at most `limit` buckets of a resize under way.
    public mutating func moveBuckets(_ limit: Int) {
        guard let next, resizePauses == 0 else { return }
        edits &+= 1
        for _ in 0..<limit {
            moveBucket(position, to: next)
            position += 1
            steps += 1
            if position == current.bucketCount {
                current.free()
                current = next
                lines.freeAll()
                swap(&lines, &nextLines)
                self.next = nil
                position = 0
                // Most records may have gone meanwhile, and nothing else may come to notice it.
                shrinkIfNeeded()
                return
            }
        }
    }

    private mutating func moveBucket(_ number: Int, to target: Table) {
        let home = current.bucket(number)
        var bucket = home
        while true {
            for slot in 0..<bucket.slotCount where bucket.isUsed(slot) {
                let word = bucket.word(slot)
                place(
                    word, fingerprint: bucket.fingerprint(slot), marked: bucket.isMarked(slot),
                    in: target.bucket(targetNumber(of: word, from: number, in: target)))
            }
            guard let child = bucket.child else { break }
            bucket = child
        }
        home.setChild(nil)
        home.notes = 0
    }

    /// The bucket of the target table that a slot's word belongs to: from the bits at hand, or
    /// from the key when the tables are so large that these do not reach.
    private func targetNumber(of word: UInt64, from number: Int, in target: Table) -> Int {
        if target.mask <= current.mask { return number }
        let low = UInt64(number)
        if current.bucketCount >= 1 << 12 && target.bucketCount <= 1 << 28 {
            return Int(truncatingIfNeeded: low & 0xFFF | (word >> 48) << 12)
        }
        // Safe: the slot is in use, so the word holds the address of a live record.
        let record = unsafe Record(
            UnsafeMutableRawPointer(bitPattern: UInt(word & Bucket.addressMask))
                .unsafelyUnwrapped)
        return Int(truncatingIfNeeded: hash(of: record.key))
    }
}
