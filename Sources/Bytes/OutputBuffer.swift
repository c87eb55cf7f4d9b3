/// A growable buffer that replies, requests and logs are appended to.
///
/// One allocation, doubled when full, never copied on append. It is noncopyable so that a reply
/// cannot be duplicated by accident, and so that handing it on is three words.
@safe
public struct OutputBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// The number of bytes written so far.
    public private(set) var count: Int

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 256) {
        let room = max(capacity, 64)
        // Safe: the allocation is owned by this value alone and freed in `deinit`.
        unsafe self.base = .allocate(byteCount: room, alignment: 16)
        self.capacity = room
        self.count = 0
    }

    deinit {
        // Safe: noncopyable, so this is the only owner.
        unsafe base.deallocate()
    }

    /// True when nothing has been written.
    public var isEmpty: Bool { count == 0 }

    /// The bytes written so far.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            // Safe: `count` bytes were initialised; the span cannot outlive the borrow.
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Empties the buffer; a buffer that grew beyond `limit` bytes gives its memory back.
    public mutating func removeAll(keepingAtMost limit: Int = 1 << 20) {
        count = 0
        let room = max(64, min(limit, 4096))
        guard capacity > limit, capacity > room else { return }
        // Safe: nothing refers into the old allocation, spans are bounded by borrows.
        unsafe base.deallocate()
        unsafe base = .allocate(byteCount: room, alignment: 16)
        capacity = room
    }

    /// Bytes of memory that the buffer keeps.
    public var footprint: Int { capacity }

    /// Forgets the first `length` bytes; those behind them move to the front.
    public mutating func removeFirst(_ length: Int) {
        precondition(length >= 0 && length <= count)
        // Safe: both ranges lie inside the initialised part; memmove allows the overlap.
        unsafe base.copyMemory(from: base + length, byteCount: count - length)
        count -= length
    }

    /// Forgets everything after the first `length` bytes.
    public mutating func truncate(to length: Int) {
        precondition(length >= 0 && length <= count)
        count = length
    }

    /// Makes sure that `extra` more bytes fit without another allocation.
    @inline(__always)
    public mutating func reserve(_ extra: Int) {
        if capacity - count < extra { grow(by: extra) }
    }

    @inline(never)
    private mutating func grow(by extra: Int) {
        let (sum, overflow) = count.addingReportingOverflow(extra)
        precondition(!overflow)
        let room = max(sum, capacity * 2)
        // Safe: the new block is at least `count` bytes long; the old one is freed once.
        let next = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
        unsafe next.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = unsafe next
        capacity = room
    }

    /// Appends one byte.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        // Safe: `reserve` made room for it.
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends a copy of `span`.
    @inline(__always)
    public mutating func append(_ span: RawSpan) {
        let length = span.byteCount
        if length == 0 { return }
        reserve(length)
        // Safe: `reserve` made room for `length` bytes; source and target do not overlap,
        // because nothing can borrow this buffer while it is mutated.
        unsafe span.withUnsafeBytes { source in
            unsafe (base + count).copyMemory(
                from: source.baseAddress.unsafelyUnwrapped, byteCount: length)
        }
        count += length
    }

    /// Appends the bytes of an array.
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.rawSpan)
    }

    /// Appends the bytes of a byte string.
    public mutating func append(string: ByteString) {
        append(string.rawSpan)
    }

    /// Appends the UTF-8 of a string literal without any allocation.
    @inline(__always)
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        if length == 0 { return }
        reserve(length)
        // Safe: a static string is immortal, and there is room for it.
        unsafe (base + count).copyMemory(from: text.utf8Start, byteCount: length)
        count += length
    }

    /// Appends the UTF-8 of a string.
    public mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { source in
            if source.isEmpty { return }
            reserve(source.count)
            // Safe: `reserve` made room for it.
            unsafe (base + count).copyMemory(
                from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
            count += source.count
        }
    }

    /// Appends `value` in decimal.
    @inline(__always)
    public mutating func append(decimal value: Int64) {
        reserve(20)
        // Safe: a 64-bit number has at most 20 characters, which `reserve` made room for.
        count += unsafe writeDecimal(value, to: base + count)
    }

    /// Appends `kind`, a decimal number and CR LF: the head of most RESP elements.
    @inline(__always)
    public mutating func appendHeader(_ kind: UInt8, _ value: Int64) {
        reserve(23)
        // Safe: one byte, at most 20 digits and two line-end bytes, as reserved.
        let start = unsafe base + count
        unsafe start.storeBytes(of: kind, as: UInt8.self)
        let digits = unsafe writeDecimal(value, to: start + 1)
        unsafe start.storeBytes(of: 0x0A0D, toByteOffset: 1 + digits, as: UInt16.self)
        count += digits + 3
    }

    /// Moves the bytes from `middle` on in front of those between `start` and `middle`:
    /// for writing a header whose length is known only after its body.
    public mutating func rotate(from start: Int, middle: Int) {
        precondition(start >= 0 && start <= middle && middle <= count)
        let head = bytes.extracting(middle..<count).copied()
        // Safe: both ranges lie inside the initialised part; memmove allows the overlap.
        unsafe (base + start + head.count).copyMemory(
            from: base + start, byteCount: middle - start)
        unsafe head.withUnsafeBytes { source in
            if let address = source.baseAddress {
                unsafe (base + start).copyMemory(from: address, byteCount: head.count)
            }
        }
    }
}
