import Bytes

// Looking at some records to choose one of them. The samples are whole buckets in their order:
// keys are hashed with a secret, so neighbours in the table have nothing in common, and what is
// looked at next can be asked of the memory before it is needed. A walk also meets every record
// once before it meets one twice, which no throw of dice does.

extension HashTable {
    /// Where a record stood when it was looked at. It may be kept while the table changes:
    /// `slot(of:)` says whether the record still stands there.
    public struct Sighting: Equatable {
        /// The number of the bucket, both tables taken as one row.
        let row: Int
        /// The record, to be read only as long as it is known to stand there.
        public let record: Record
    }

    /// Appends the records of the buckets from `start` on to `found`, until `wanted` were seen or
    /// `limit` buckets visited, or all, and returns the bucket to go on from. Behind the last
    /// bucket comes the first.
    /// - Parameter markedOnly: pass over those without a mark, which costs one read a bucket.
    public func sample(
        from start: Int, wanted: Int, limit: Int, markedOnly: Bool, into found: inout [Sighting]
    ) -> Int {
        let total = rowCount
        var row = start < total ? start : 0
        var seen = 0
        for _ in 0..<min(limit, total) {
            var bucket = bucket(inRow: row)
            while true {
                var slots = markedOnly ? bucket.marks : bucket.used
                while slots != 0 {
                    let slot = slots.trailingZeroBitCount
                    slots &= slots &- 1
                    seen += 1
                    found.append(Sighting(row: row, record: bucket.record(slot)))
                }
                guard let child = bucket.child else { break }
                bucket = child
            }
            row += 1
            if row == total { row = 0 }
            if seen >= wanted { break }
        }
        prefetchSample(row, total)
        return row
    }

    /// Asks for what the next sample will look at: the records of its first bucket, which was
    /// asked for the last time, and the bucket after that.
    @inline(__always)
    private func prefetchSample(_ row: Int, _ total: Int) {
        let bucket = bucket(inRow: row)
        if row + 1 < total { unsafe Heap.prefetch(self.bucket(inRow: row + 1).base) }
        var slots = bucket.used
        while slots != 0 {
            let address = bucket.word(slots.trailingZeroBitCount) & Bucket.addressMask
            slots &= slots &- 1
            // Safe: prefetching is a hint and never faults, whatever the address.
            if let record = unsafe UnsafeRawPointer(bitPattern: UInt(address)) {
                unsafe Heap.prefetch(record)
            }
        }
    }

    /// Where the record of a sighting stands now, or nil when it has left its bucket. It may be
    /// another record that has got the same address.
    public func slot(of sighting: Sighting) -> Slot? {
        guard sighting.row < rowCount else { return nil }
        var bucket = bucket(inRow: sighting.row)
        while true {
            var slots = bucket.used
            while slots != 0 {
                let slot = slots.trailingZeroBitCount
                slots &= slots &- 1
                if bucket.record(slot) == sighting.record {
                    return Slot(bucket: bucket, index: slot)
                }
            }
            guard let child = bucket.child else { return nil }
            bucket = child
        }
    }

    /// A number that leads to the bucket of a sighting as the hash of its key does: it serves
    /// `remove`, and nothing else.
    public func removalHash(of sighting: Sighting) -> UInt64 {
        let first = current.bucketCount
        return UInt64(sighting.row < first ? sighting.row : sighting.row - first)
    }

    /// Buckets of both tables together.
    public var rowCount: Int { current.bucketCount + (next?.bucketCount ?? 0) }
}

extension Bucket {
    /// A bit for each slot that holds a record.
    @inline(__always)
    fileprivate var used: UInt64 {
        // The top bit of each byte that is not zero, gathered into the low seven bits.
        let bytes = notes & 0x00FF_FFFF_FFFF_FFFF
        let low = 0x007F_7F7F_7F7F_7F7F as UInt64
        let tops = ((bytes & low) &+ low | bytes) & 0x0080_8080_8080_8080
        let gathered = ((tops >> 7) &* 0x0102_0408_1020_4080) >> 56
        return gathered & (isChained ? 0x3F : 0x7F)
    }

    /// A bit for each slot that is marked.
    @inline(__always)
    fileprivate var marks: UInt64 { notes >> 56 & (isChained ? 0x3F : 0x7F) }
}
