import Bytes

// Inserting, replacing and removing records. Every change also does a bounded step of a resize
// that is under way, so that the resize ends before the new table is itself full.

extension HashTable {
    /// Adds a record whose key is not in the table. `hash` is the key's `hash(of:)`.
    public mutating func insert(_ record: Record, hash: UInt64, marked: Bool) {
        edits &+= 1
        growIfNeeded()
        resizeStep()
        let table = next ?? current
        // Safe: the address is kept as a number; it is of use only while the record lives.
        let word = HashTable.slotBits(hash) | UInt64(UInt(bitPattern: unsafe record.base))
        place(
            word, fingerprint: HashTable.fingerprint(hash), marked: marked,
            in: table.bucket(Int(truncatingIfNeeded: hash)))
        count += 1
        if marked { markedCount += 1 }
    }

    /// Puts a slot's word into the bucket or its chain. While a resize is under way the bucket is
    /// one of the new table.
    @inline(__always)
    mutating func place(_ word: UInt64, fingerprint: UInt8, marked: Bool, in first: Bucket) {
        var bucket = first
        while true {
            if let slot = bucket.emptySlot {
                bucket.fill(slot, word: word, fingerprint: fingerprint, marked: marked)
                return
            }
            if let child = bucket.child {
                bucket = child
                continue
            }
            let child = next == nil ? lines.take() : nextLines.take()
            child.fill(
                0, word: bucket.word(6), fingerprint: bucket.fingerprint(6),
                marked: bucket.isMarked(6))
            bucket.setChild(child)
            bucket = child
        }
    }

    /// Puts another record with the same key in the place of the one at `slot`, which is the
    /// caller's to free.
    public mutating func replace(at slot: Slot, with record: Record, marked: Bool) {
        let word =
            slot.bucket.word(slot.index) & ~Bucket.addressMask
            | UInt64(UInt(bitPattern: unsafe record.base))
        edits &+= 1
        setMark(at: slot, marked)
        slot.bucket.setWord(slot.index, word)
    }

    /// Sets or clears the mark of the record at `slot`.
    public mutating func setMark(at slot: Slot, _ marked: Bool) {
        let was = slot.bucket.isMarked(slot.index)
        if was == marked { return }
        slot.bucket.setMark(slot.index, marked)
        markedCount += marked ? 1 : -1
    }

    /// Takes the record at `slot` out of the table; it is the caller's to free. `hash` is the
    /// hash of its key.
    @discardableResult
    public mutating func remove(at slot: Slot, hash: UInt64) -> Record {
        let record = slot.bucket.record(slot.index)
        if slot.bucket.isMarked(slot.index) { markedCount -= 1 }
        edits &+= 1
        count -= 1
        closeGap(slot, hash: hash)
        shrinkIfNeeded()
        resizeStep()
        return record
    }

    /// The head of the chain of the new table that `slot` stands in, if it does.
    private func newHome(of slot: Slot, hash: UInt64) -> Bucket? {
        guard let next else { return nil }
        var bucket = next.bucket(Int(truncatingIfNeeded: hash))
        while bucket != slot.bucket {
            guard let child = bucket.child else { return nil }
            bucket = child
        }
        return next.bucket(Int(truncatingIfNeeded: hash))
    }

    /// Empties `slot` and keeps the chain short: its last record moves into the gap, and a
    /// bucket left with one record gives that back to its parent.
    private mutating func closeGap(_ slot: Slot, hash: UInt64) {
        slot.bucket.empty(slot.index)
        let newHome = newHome(of: slot, hash: hash)
        let home = newHome ?? current.bucket(Int(truncatingIfNeeded: hash))
        guard home.isChained else { return }
        var parent = home
        var last = home
        while let child = last.child {
            parent = last
            last = child
        }
        if slot.bucket != last {
            guard let donor = (0..<last.slotCount).last(where: { last.isUsed($0) }) else { return }
            slot.bucket.fill(
                slot.index, word: last.word(donor), fingerprint: last.fingerprint(donor),
                marked: last.isMarked(donor))
            last.empty(donor)
        }
        let used = (0..<last.slotCount).filter { last.isUsed($0) }
        guard used.count <= 1 else { return }
        parent.setChild(nil)
        if let only = used.first {
            parent.fill(
                6, word: last.word(only), fingerprint: last.fingerprint(only),
                marked: last.isMarked(only))
        }
        if newHome == nil { lines.give(last) } else { nextLines.give(last) }
    }

    /// Takes every record out at once, in bounded time for the caller: the old contents are
    /// handed back as a table of their own.
    public mutating func removeAll() -> HashTable {
        var emptied = HashTable(sipKey: sipKey, ownsRecords: ownsRecords)
        emptied.steps = steps
        emptied.edits = edits &+ 1
        emptied.resizePauses = resizePauses
        let old = consume self
        self = emptied
        return old
    }

    /// Takes the records out of up to `limit` buckets, from bucket `start` of both tables taken
    /// as one row, and returns the bucket to go on from, 0 at the end. Each record goes to
    /// `release`, which must free it. Nothing may be found or inserted any more once this began.
    public mutating func drain(
        from start: Int, limit: Int, release: (Record) -> Void
    ) -> Int {
        let total = current.bucketCount + (next?.bucketCount ?? 0)
        precondition(start >= 0 && start < total)
        edits &+= 1
        let end = min(total, start + limit)
        for number in start..<end {
            let home =
                number < current.bucketCount
                ? current.bucket(number)
                : next.unsafelyUnwrappedTable.bucket(number - current.bucketCount)
            steps += 1
            drain(home, release)
        }
        return end == total ? 0 : end
    }

    private mutating func drain(_ home: Bucket, _ release: (Record) -> Void) {
        var bucket = home
        while true {
            for slot in 0..<bucket.slotCount where bucket.isUsed(slot) {
                count -= 1
                if bucket.isMarked(slot) { markedCount -= 1 }
                release(bucket.record(slot))
            }
            guard let child = bucket.child else { break }
            bucket = child
        }
        home.setChild(nil)
        home.notes = 0
    }
}
