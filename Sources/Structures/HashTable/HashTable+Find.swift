import Bytes

// Looking up. Nothing here changes the table, so a reader needs no exclusive access.

extension HashTable {
    /// The byte of the hash that a bucket keeps per slot; never 0, which means empty.
    @inline(__always)
    static func fingerprint(_ hash: UInt64) -> UInt8 {
        max(UInt8(truncatingIfNeeded: hash >> 56), 1)
    }

    /// The 16 bits of the hash that a slot keeps above the address.
    @inline(__always)
    static func slotBits(_ hash: UInt64) -> UInt64 { (hash >> 12 & 0xFFFF) << 48 }

    /// Where the record with this key stands, or nil. `hash` is the key's `hash(of:)`.
    @inline(__always)
    public func find(_ key: RawSpan, hash: UInt64) -> Slot? {
        // Safe: the bytes are only read inside the closure.
        unsafe key.withUnsafeBytes { bytes in
            unsafe find(bytes, hash)
        }
    }

    @inline(__always)
    private func find(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Slot? {
        let number = Int(truncatingIfNeeded: hash)
        guard let next else {
            return unsafe HashTable.find(key, hash, in: current.bucket(number))
        }
        if number & current.mask >= position {
            if let found = unsafe HashTable.find(key, hash, in: current.bucket(number)) {
                return found
            }
            // A growing table keeps a bucket whole until it moves it.
        }
        return unsafe HashTable.find(key, hash, in: next.bucket(number))
    }

    @inline(__always)
    private static func find(
        _ key: UnsafeRawBufferPointer, _ hash: UInt64, in first: Bucket
    ) -> Slot? {
        let print = fingerprint(hash)
        let bits = slotBits(hash)
        var bucket = first
        while true {
            var found = bucket.matches(print)
            while found != 0 {
                let slot = found.trailingZeroBitCount >> 3
                found &= found &- 1
                guard bucket.word(slot) & ~Bucket.addressMask == bits,
                    bucket.isUsed(slot), slot < bucket.slotCount
                else { continue }
                // Safe: an empty key has no address; nothing is read through it then.
                let base = unsafe key.baseAddress ?? UnsafeRawPointer(bucket.base)
                if unsafe bucket.record(slot).hasKey(base, key.count) {
                    return Slot(bucket: bucket, index: slot)
                }
            }
            guard let child = bucket.child else { return nil }
            bucket = child
        }
    }

    /// The record at a slot just found.
    @inline(__always)
    public func record(at slot: Slot) -> Record { slot.bucket.record(slot.index) }

    /// Asks the processor for the bucket of a hash, for a lookup that comes soon.
    @inline(__always)
    public func prefetch(_ hash: UInt64) {
        let bucket = (next ?? current).bucket(Int(truncatingIfNeeded: hash))
        unsafe Heap.prefetch(bucket.base)
    }

    /// Asks for the record that the bucket of this hash probably holds for it.
    @inline(__always)
    public func prefetchRecord(_ hash: UInt64) {
        let bucket = (next ?? current).bucket(Int(truncatingIfNeeded: hash))
        let found = bucket.matches(HashTable.fingerprint(hash))
        if found == 0 {
            if let child = bucket.child { unsafe Heap.prefetch(child.base) }
            return
        }
        let slot = found.trailingZeroBitCount >> 3
        let address = bucket.word(slot) & Bucket.addressMask
        guard let record = unsafe UnsafeRawPointer(bitPattern: UInt(address)) else { return }
        // Safe: prefetching is a hint and never faults, whatever the address. A record of the
        // usual size lies on two lines.
        unsafe Heap.prefetch(record - 8)
        unsafe Heap.prefetch(record + 56)
    }

    /// A record chosen at random, or nil when the table is empty. As in the field a key in a
    /// sparse bucket is a little more likely than one in a full bucket.
    public func randomRecord(using random: inout some RandomNumberGenerator) -> Record? {
        if count == 0 { return nil }
        // Buckets that a resize has emptied are not asked.
        let total = current.bucketCount + (next?.bucketCount ?? 0)
        for _ in 0..<HashTable.randomTries {
            let number = Int.random(in: position..<total, using: &random)
            if let record = randomRecord(ofBucket: number, using: &random) { return record }
        }
        // A table held from shrinking can be almost empty: what comes next is as good.
        var number = Int.random(in: position..<total, using: &random)
        while true {
            if let record = randomRecord(ofBucket: number, using: &random) { return record }
            number = number + 1 < total ? number + 1 : position
        }
    }

    /// Buckets that are asked by chance before they are asked in order.
    private static let randomTries = 1000

    /// A record chosen at random, each as likely as any other, or nil when the table is empty.
    ///
    /// A bucket by chance, then a place in it by chance out of more places than almost any bucket
    /// has records: where none stands the dice are thrown again. With the usual load that takes
    /// three throws.
    public func fairRandomRecord(using random: inout some RandomNumberGenerator) -> Record? {
        if count == 0 { return nil }
        let total = current.bucketCount + (next?.bucketCount ?? 0)
        let fewest = min(current.bucketCount, next?.bucketCount ?? .max)
        let places = 4 + 2 * (count / fewest + 1)
        for _ in 0..<HashTable.randomTries {
            let number = Int.random(in: position..<total, using: &random)
            let home = bucket(inRow: number)
            var used = 0
            visitSlots(of: home) { _, _ in used += 1 }
            var left = Int.random(in: 0..<max(places, used), using: &random)
            if left >= used { continue }
            var found: Record?
            visitSlots(of: home) { bucket, slot in
                if left == 0 { found = bucket.record(slot) }
                left -= 1
            }
            return found
        }
        return randomRecord(using: &random)
    }

    /// A bucket of both tables taken as one row.
    @inline(__always)
    func bucket(inRow number: Int) -> Bucket {
        number < current.bucketCount
            ? current.bucket(number)
            : next.unsafelyUnwrappedTable.bucket(number - current.bucketCount)
    }

    /// A record of one bucket, numbered through both tables, or nil when it has none.
    private func randomRecord(
        ofBucket number: Int, using random: inout some RandomNumberGenerator
    ) -> Record? {
        let home = bucket(inRow: number)
        var used = 0
        visitSlots(of: home) { _, _ in used += 1 }
        if used == 0 { return nil }
        var left = Int.random(in: 0..<used, using: &random)
        var found: Record?
        visitSlots(of: home) { bucket, slot in
            if left == 0 { found = bucket.record(slot) }
            left -= 1
        }
        return found
    }

    func visitSlots(of home: Bucket, _ visit: (Bucket, Int) -> Void) {
        var bucket = home
        while true {
            for slot in 0..<bucket.slotCount where bucket.isUsed(slot) { visit(bucket, slot) }
            guard let child = bucket.child else { return }
            bucket = child
        }
    }
}

extension Optional<HashTable.Table> {
    var unsafelyUnwrappedTable: HashTable.Table {
        guard let self else { preconditionFailure("no second table") }
        return self
    }
}
