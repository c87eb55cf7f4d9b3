import Bytes

/// A value that has outgrown its record: a block of its own with a length, and with spare room
/// at the end while it is being appended to.
///
/// A blob is a handle kept as the payload of a record; whoever owns the record frees it.
@safe
public struct Blob: Equatable {
    private let base: UnsafeMutableRawPointer
    private static let head = 8

    /// True when both are the same block.
    public static func == (left: Blob, right: Blob) -> Bool {
        unsafe left.base == right.base
    }

    private init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    /// The blob that a payload stands for.
    public init(payload: UInt64) {
        guard let address = unsafe UnsafeMutableRawPointer(bitPattern: UInt(payload)) else {
            preconditionFailure("a payload without an address")
        }
        unsafe self.base = address
    }

    /// What to keep as the payload of a record.
    public var payload: UInt64 { UInt64(UInt(bitPattern: unsafe base)) }

    /// A copy of `bytes`, with room for at least `capacity` in all.
    public static func allocate(_ bytes: RawSpan, capacity: Int = 0) -> Blob {
        let length = bytes.byteCount
        // Safe: the block has room for the length word and the bytes.
        let blob = unsafe Blob(Heap.allocate(head + max(length, capacity)))
        unsafe blob.base.storeBytes(of: UInt64(length), as: UInt64.self)
        blob.write(bytes, at: 0)
        return blob
    }

    /// Gives the block back.
    public func free() { unsafe Heap.free(base) }

    /// What the block costs, in bytes, the allocator's share included.
    public var footprint: Int { unsafe Heap.usableSize(base) + Heap.overhead }

    /// The length of the value in bytes.
    public var count: Int { unsafe Int(base.load(as: UInt64.self)) }

    /// How long the value can become without moving.
    public var capacity: Int { unsafe Heap.usableSize(base) - Blob.head }

    /// The bytes of the value.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: `count` bytes behind the length word are initialised.
            let span = unsafe RawSpan(_unsafeStart: base + Blob.head, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Writes `bytes` at `offset`; what lies between the old end and `offset` becomes zero.
    /// Returns the blob to use from now on: it may have moved.
    public func replacing(_ bytes: RawSpan, at offset: Int) -> Blob {
        let end = offset + bytes.byteCount
        let old = count
        var blob = self
        if end > capacity {
            // Doubling keeps appending linear; beyond a megabyte a quarter is room enough.
            let room = end < 1 << 20 ? end * 2 : end + end / 4
            blob = unsafe Blob(Heap.reallocate(base, Blob.head + room))
        }
        if offset > old { unsafe Heap.clear(blob.base + Blob.head + old, offset - old) }
        blob.write(bytes, at: offset)
        if end > old { unsafe blob.base.storeBytes(of: UInt64(end), as: UInt64.self) }
        return blob
    }

    private func write(_ bytes: RawSpan, at offset: Int) {
        unsafe bytes.withUnsafeBytes { source in
            if let address = source.baseAddress {
                // Safe: the caller made room up to `offset` plus this length.
                unsafe Heap.move(base + Blob.head + offset, address, source.count)
            }
        }
    }
}
