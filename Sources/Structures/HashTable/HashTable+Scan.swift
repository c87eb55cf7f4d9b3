import Bytes

// Walking the table: by SCAN's cursor, which keeps its promise across resizes, and by plain
// bucket number for the passes that may miss a key now and then.

extension HashTable {
    /// Visits the records of one bucket and returns the next cursor, 0 at the end.
    ///
    /// The cursor counts bucket numbers with their bits reversed, high bits first. A bucket of
    /// the small table and all buckets of the large one that share its low bits are visited
    /// together, so that no resize in between can move a record behind the cursor.
    public mutating func scan(_ cursor: UInt64, visit: (Record) -> Void) -> UInt64 {
        scanSlots(cursor) { bucket, slot in visit(bucket.record(slot)) }
    }

    /// As `scan`, for one that exchanges records on the way.
    mutating func scanSlots(_ cursor: UInt64, visit: (Bucket, Int) -> Void) -> UInt64 {
        var small = current
        var large = current
        if let next {
            small = current.mask <= next.mask ? current : next
            large = current.mask <= next.mask ? next : current
        }
        var position = cursor
        steps += 1
        visitSlots(of: small.bucket(Int(truncatingIfNeeded: position)), visit)
        let smallMask = UInt64(small.mask)
        let largeMask = UInt64(large.mask)
        if small.mask == large.mask && next == nil {
            return HashTable.advance(position, mask: smallMask)
        }
        repeat {
            steps += 1
            visitSlots(of: large.bucket(Int(truncatingIfNeeded: position)), visit)
            position = HashTable.advance(position, mask: largeMask)
        } while position & (smallMask ^ largeMask) != 0
        return position
    }

    /// Adds one to the reversed bits below `mask`.
    private static func advance(_ cursor: UInt64, mask: UInt64) -> UInt64 {
        let filled = cursor | ~mask
        return reversed(reversed(filled) &+ 1)
    }

    private static func reversed(_ word: UInt64) -> UInt64 {
        var value = word.byteSwapped
        value = (value >> 4 & 0x0F0F_0F0F_0F0F_0F0F) | (value & 0x0F0F_0F0F_0F0F_0F0F) << 4
        value = (value >> 2 & 0x3333_3333_3333_3333) | (value & 0x3333_3333_3333_3333) << 2
        return (value >> 1 & 0x5555_5555_5555_5555) | (value & 0x5555_5555_5555_5555) << 1
    }

    private func visitBucket(_ first: Bucket, _ visit: (Record) -> Void) {
        var bucket = first
        while true {
            for slot in 0..<bucket.slotCount where bucket.isUsed(slot) {
                visit(bucket.record(slot))
            }
            guard let child = bucket.child else { return }
            bucket = child
        }
    }

    /// Visits the marked records of up to `limit` buckets, from bucket `start` of both tables
    /// taken as one row, and returns the bucket to go on from, 0 at the end. Buckets without a
    /// mark cost one read of a cache line and touch no record.
    public mutating func walkMarked(
        from start: Int, limit: Int, visit: (Record) -> Void
    ) -> Int {
        let total = current.bucketCount + (next?.bucketCount ?? 0)
        var number = start < total ? start : 0
        for _ in 0..<limit {
            var bucket =
                number < current.bucketCount
                ? current.bucket(number)
                : next.unsafelyUnwrappedTable.bucket(number - current.bucketCount)
            steps += 1
            while true {
                let marks = bucket.notes >> 56 & 0x7F
                if marks != 0 {
                    for slot in 0..<bucket.slotCount where marks >> UInt64(slot) & 1 != 0 {
                        visit(bucket.record(slot))
                    }
                }
                guard let child = bucket.child else { break }
                bucket = child
            }
            number += 1
            if number >= total { return 0 }
        }
        return number
    }

    /// Visits every record.
    public borrowing func forEach(_ visit: (Record) -> Void) {
        for number in 0..<current.bucketCount { visitBucket(current.bucket(number), visit) }
        guard let next else { return }
        for number in 0..<next.bucketCount { visitBucket(next.bucket(number), visit) }
    }

    /// Checks what must always hold; for tests. Traps with a message when it does not.
    public borrowing func checkInvariants() {
        var seen = 0
        var marked = 0
        for (number, table) in [(0, Optional(current)), (1, next)] {
            guard let table else { continue }
            for index in 0..<table.bucketCount {
                var bucket = table.bucket(index)
                while true {
                    for slot in 0..<bucket.slotCount where bucket.isUsed(slot) {
                        seen += 1
                        if bucket.isMarked(slot) { marked += 1 }
                        let hash = hash(of: bucket.record(slot).key)
                        precondition(Int(truncatingIfNeeded: hash) & table.mask == index)
                        precondition(bucket.fingerprint(slot) == HashTable.fingerprint(hash))
                        precondition(
                            bucket.word(slot) & ~Bucket.addressMask == HashTable.slotBits(hash))
                    }
                    guard let child = bucket.child else { break }
                    bucket = child
                }
                if number == 0 && next != nil && index < position {
                    precondition(table.bucket(index).notes == 0, "a moved bucket is not empty")
                }
            }
        }
        precondition(seen == count, "count is \(count), \(seen) records found")
        precondition(marked == markedCount, "marks are \(markedCount), \(marked) found")
    }
}
