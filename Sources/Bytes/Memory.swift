import CHeap
import Glibc

// The three C functions on raw memory that the floors above share, and what an allocation costs.

@inline(__always)
func compareMemory(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Int {
    // Safe: the callers check both lengths against `count` first.
    Int(unsafe memcmp(left, right, count))
}

@inline(__always)
func findByte(_ byte: UInt8, in source: UnsafeRawBufferPointer, from start: Int) -> Int? {
    // Safe: the search ends with the buffer, and what it finds lies inside.
    guard let base = source.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), source.count - start)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - base
}

/// What the C allocator gives and takes. The structures that keep cached data use it instead of
/// `UnsafeMutableRawPointer.allocate`, because the memory ledger must know what a block really
/// costs and `malloc_usable_size` says so without a field of our own.
public enum Heap {
    /// What the allocator itself keeps beside each block, in bytes.
    public static let overhead = 8

    /// From now on a block costs the same whenever it is made, in the whole process.
    ///
    /// The allocator hands a piece out whole when what would be left of it is too small to keep,
    /// so the same request may cost sixteen bytes more or not, depending on all that was freed
    /// before. A node that serves does not mind. A world that is to come out the same each time
    /// that the same commands run does: memory would be counted differently, and other keys would
    /// be evicted. It asks for exact blocks before it makes any.
    public static func makeExact() { larder_be_exact() }

    /// A block of at least `size` bytes, 16-byte aligned. Ends the process when there is none:
    /// a cache that cannot allocate cannot keep its word either.
    @inline(__always)
    public static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        if larder_is_exact() { return unsafe allocateExactly(size) }
        guard let block = unsafe malloc(size) else { fatalError("out of memory") }
        return unsafe block
    }

    /// Blocks from here on may come as pages of their own, whose size follows other rules.
    private static let exactLimit = 1 << 16

    /// What can be used of a block of `size` bytes as the allocator usually cuts it.
    private static func usual(_ size: Int) -> Int { max(24, ((size &+ 23) & ~15) &- 8) }

    /// A block that is as large as blocks of its size usually are. In place of one that is larger
    /// it takes a piece from which enough is left: that is always cut to size.
    @inline(never)
    private static func allocateExactly(_ size: Int) -> UnsafeMutableRawPointer {
        guard let block = unsafe malloc(size) else { fatalError("out of memory") }
        if unsafe larder_usable_size(block) == usual(size) || size >= exactLimit {
            return unsafe block
        }
        // Safe: nobody has seen the odd block yet; both others are checked.
        let large = unsafe malloc(size + 64)
        unsafe Glibc.free(block)
        guard let large = unsafe large, let exact = unsafe realloc(large, size) else {
            fatalError("out of memory")
        }
        return unsafe exact
    }

    /// A block of `size` zero bytes, aligned to a cache line.
    public static func allocateLines(_ size: Int) -> UnsafeMutableRawPointer {
        guard let block = unsafe aligned_alloc(64, size) else { fatalError("out of memory") }
        unsafe memset(block, 0, size)
        return unsafe block
    }

    /// `size` zero bytes in pages of their own, which cost nothing until they are touched: a large
    /// table must not be cleared in one go while clients wait.
    public static func allocatePages(_ size: Int) -> UnsafeMutableRawPointer {
        let pages = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
            fatalError("out of memory")
        }
        // A table of many pages is read at random: large pages spare most address look-ups.
        if size >= 4 << 20 { unsafe madvise(pages, size, MADV_HUGEPAGE) }
        return unsafe pages
    }

    /// Gives pages back.
    public static func freePages(_ pages: UnsafeMutableRawPointer, _ size: Int) {
        unsafe munmap(pages, size)
    }

    /// Tells the processor that `address` will be read soon; any address will do.
    @inline(__always)
    public static func prefetch(_ address: UnsafeRawPointer) {
        unsafe larder_prefetch(address)
    }

    /// Grows or shrinks a block, keeping its bytes.
    public static func reallocate(
        _ block: UnsafeMutableRawPointer, _ size: Int
    ) -> UnsafeMutableRawPointer {
        if larder_is_exact() { return unsafe reallocateExactly(block, size) }
        guard let next = unsafe realloc(block, size) else { fatalError("out of memory") }
        return unsafe next
    }

    @inline(never)
    private static func reallocateExactly(
        _ block: UnsafeMutableRawPointer, _ size: Int
    ) -> UnsafeMutableRawPointer {
        let old = unsafe larder_usable_size(block)
        guard let next = unsafe realloc(block, size) else { fatalError("out of memory") }
        // What has grown where it stood may have taken in a little more than it needs.
        let usable = unsafe larder_usable_size(next)
        if size <= old || size >= exactLimit || usable == usual(size) { return unsafe next }
        let usual = unsafe allocateExactly(size)
        unsafe memcpy(usual, next, min(old, size))
        unsafe Glibc.free(next)
        return unsafe usual
    }

    /// Gives a block back.
    @inline(__always)
    public static func free(_ block: UnsafeMutableRawPointer) {
        unsafe Glibc.free(block)
    }

    /// Gives pages of the allocator that nobody uses back to the system.
    public static func trim() { malloc_trim(0) }

    /// How many bytes of a block can be used; at least what was asked for.
    @inline(__always)
    public static func usableSize(_ block: UnsafeMutableRawPointer) -> Int {
        unsafe larder_usable_size(block)
    }

    /// Copies `count` bytes between places that do not overlap.
    @inline(__always)
    public static func copy(
        _ target: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ count: Int
    ) {
        unsafe memcpy(target, source, count)
    }

    /// Copies `count` bytes between places that may overlap.
    @inline(__always)
    public static func move(
        _ target: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ count: Int
    ) {
        unsafe memmove(target, source, count)
    }

    /// Sets `count` bytes to zero.
    public static func clear(_ target: UnsafeMutableRawPointer, _ count: Int) {
        unsafe memset(target, 0, count)
    }

    /// True when `count` bytes at both places are the same.
    @inline(__always)
    public static func equal(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        unsafe memcmp(left, right, count) == 0
    }
}
