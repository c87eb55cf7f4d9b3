// SipHash (Aumasson and Bernstein, 2012) is a keyed hash: who does not know the key cannot choose
// keys that fall into one bucket. Tables use SipHash-1-3, one round for each eight bytes and three
// at the end, which is what the field uses for tables in memory; the tests also run the
// 2-4 variant through the same code because only for that one test vectors are published.
//
// Keys are 4 to 64 bytes, so the code below loads whole words and takes the last 1 to 7 bytes out
// of one overlapping load instead of going byte by byte.

/// The 128-bit key of a SipHash.
public struct SipKey: Hashable, Sendable {
    /// The first eight bytes of the key, little-endian.
    public var k0: UInt64
    /// The last eight bytes of the key, little-endian.
    public var k1: UInt64

    /// A key of two words, usually drawn from the generator of the store.
    public init(k0: UInt64, k1: UInt64) {
        self.k0 = k0
        self.k1 = k1
    }

    /// The SipHash-1-3 of `bytes` under this key. Equal bytes give equal hashes on every machine.
    public func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe sipHash(bytes, key: self, compression: 1, finalization: 3)
    }

    /// The SipHash-1-3 of `bytes` under this key. Equal bytes give equal hashes on every machine.
    public func hash(_ bytes: RawSpan) -> UInt64 {
        // Safe: the pointer is read only inside the closure.
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }
}

/// SipHash with any number of rounds; with constant arguments it folds into straight code.
@inline(__always)
func sipHash(
    _ bytes: UnsafeRawBufferPointer, key: SipKey, compression: Int, finalization: Int
) -> UInt64 {
    var state = SipState(key)
    let count = bytes.count
    var last = UInt64(truncatingIfNeeded: count) << 56
    if count > 0, let base = bytes.baseAddress {
        // Safe: every load below reads inside base ..< base + count: whole words end at or before
        // `whole`, and the tail stays between `whole` and `count`.
        let whole = count & ~7
        var offset = 0
        while offset < whole {
            unsafe state.compress(load(base, offset, UInt64.self), rounds: compression)
            offset &+= 8
        }
        unsafe last |= tail(base, whole: whole, count: count)
    }
    state.compress(last, rounds: compression)
    return state.finish(rounds: finalization)
}

/// The `count - whole` bytes after the whole words, as the low bytes of a word.
@inline(__always)
private func tail(_ base: UnsafeRawPointer, whole: Int, count: Int) -> UInt64 {
    let rest = count &- whole
    if rest == 0 { return 0 }
    if whole > 0 {
        // The last eight bytes end exactly with the tail; the shift drops what was hashed before.
        return unsafe load(base, count &- 8, UInt64.self) &>> UInt64(64 &- 8 &* rest)
    }
    if rest >= 4 {
        // Two overlapping halves; where they overlap they agree.
        let low = unsafe UInt64(load(base, 0, UInt32.self))
        let high = unsafe UInt64(load(base, rest &- 4, UInt32.self))
        return low | high &<< UInt64(8 &* (rest &- 4))
    }
    let first = unsafe UInt64(load(base, 0, UInt8.self))
    let middle = unsafe UInt64(load(base, rest &>> 1, UInt8.self))
    let final = unsafe UInt64(load(base, rest &- 1, UInt8.self))
    return first | middle &<< UInt64(8 &* (rest &>> 1)) | final &<< UInt64(8 &* (rest &- 1))
}

/// One unaligned little-endian load; the caller answers for the bounds.
@inline(__always)
private func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ base: UnsafeRawPointer, _ offset: Int, _: T.Type
) -> T {
    // Safe: see the callers, who keep offset + size within the buffer.
    unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
}

/// The four words of the permutation.
private struct SipState {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    @inline(__always)
    init(_ key: SipKey) {
        v0 = key.k0 ^ 0x736f_6d65_7073_6575
        v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
        v2 = key.k0 ^ 0x6c79_6765_6e65_7261
        v3 = key.k1 ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func compress(_ word: UInt64, rounds: Int) {
        v3 ^= word
        for _ in 0..<rounds { round() }
        v0 ^= word
    }

    @inline(__always)
    mutating func finish(rounds: Int) -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<rounds { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v2 &+= v3
        v1 = rotate(v1, 13) ^ v0
        v3 = rotate(v3, 16) ^ v2
        v0 = rotate(v0, 32)
        v2 &+= v1
        v0 &+= v3
        v1 = rotate(v1, 17) ^ v2
        v3 = rotate(v3, 21) ^ v0
        v2 = rotate(v2, 32)
    }

    @inline(__always)
    private func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word &<< bits | word &>> (64 &- bits)
    }
}
