// The two digests that the protocol has in it: SHA-1 names scripts and sums data up (EVALSHA,
// DEBUG DIGEST), SHA-256 hides passwords in lists of users (ACL LIST). Both as FIPS 180-4 gives
// them. Neither guards a secret here: nothing in them is hardened against being watched.

/// SHA-1.
public enum SHA1 {
    /// The 20 bytes for `bytes`; "abc" gives a9993e36….
    public static func digest(_ bytes: RawSpan) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
        var schedule = [UInt32](repeating: 0, count: 80)
        forEachBlock(of: bytes) { block in
            for index in 0..<16 { schedule[index] = block.bigEndianWord(at: index * 4) }
            for index in 16..<80 {
                let mixed =
                    schedule[index - 3] ^ schedule[index - 8] ^ schedule[index - 14]
                    ^ schedule[index - 16]
                schedule[index] = mixed.rotated(left: 1)
            }
            add(schedule, to: &state)
        }
        return state.flatMap(\.bigEndianBytes)
    }

    private static func add(_ schedule: [UInt32], to state: inout [UInt32]) {
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for round in 0..<80 {
            let mixed: UInt32
            let constant: UInt32
            switch round {
            case ..<20: (mixed, constant) = (b & c | ~b & d, 0x5a82_7999)
            case ..<40: (mixed, constant) = (b ^ c ^ d, 0x6ed9_eba1)
            case ..<60: (mixed, constant) = (b & c | b & d | c & d, 0x8f1b_bcdc)
            default: (mixed, constant) = (b ^ c ^ d, 0xca62_c1d6)
            }
            let next = a.rotated(left: 5) &+ mixed &+ e &+ constant &+ schedule[round]
            (a, b, c, d, e) = (next, a, b.rotated(left: 30), c, d)
        }
        for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
    }
}

/// SHA-256.
public enum SHA256 {
    /// The 32 bytes for `bytes`; "abc" gives ba7816bf….
    public static func digest(_ bytes: RawSpan) -> [UInt8] {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
            0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        var schedule = [UInt32](repeating: 0, count: 64)
        forEachBlock(of: bytes) { block in
            for index in 0..<16 { schedule[index] = block.bigEndianWord(at: index * 4) }
            for index in 16..<64 {
                let (early, late) = (schedule[index - 15], schedule[index - 2])
                let first = early.rotated(left: 25) ^ early.rotated(left: 14) ^ early >> 3
                let second = late.rotated(left: 15) ^ late.rotated(left: 13) ^ late >> 10
                schedule[index] = schedule[index - 16] &+ first &+ schedule[index - 7] &+ second
            }
            add(schedule, to: &state)
        }
        return state.flatMap(\.bigEndianBytes)
    }

    private static func add(_ schedule: [UInt32], to state: inout [UInt32]) {
        var now = state
        for round in 0..<64 {
            let (a, e) = (now[0], now[4])
            let first = e.rotated(left: 26) ^ e.rotated(left: 21) ^ e.rotated(left: 7)
            let choice = e & now[5] ^ ~e & now[6]
            let second = a.rotated(left: 30) ^ a.rotated(left: 19) ^ a.rotated(left: 10)
            let majority = a & now[1] ^ a & now[2] ^ now[1] & now[2]
            let added = now[7] &+ first &+ choice &+ constants[round] &+ schedule[round]
            now[7] = now[6]
            now[6] = now[5]
            now[5] = e
            now[4] = now[3] &+ added
            now[3] = now[2]
            now[2] = now[1]
            now[1] = a
            now[0] = added &+ second &+ majority
        }
        for index in 0..<8 { state[index] &+= now[index] }
    }

    /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { UInt32(truncatingIfNeeded: cubeRoot(of: $0)) }
    }()

    /// The cube root of `number` times 2^32, rounded down; by halving, since it must be exact.
    private static func cubeRoot(of number: Int) -> UInt64 {
        var low: UInt64 = 0
        var high: UInt64 = 8 << 32
        while high - low > 1 {
            let middle = low + (high - low) / 2
            // middle^3 against number * 2^96, in 128 bits.
            let value = UInt128(middle)
            if value * value * value <= UInt128(number) << 96 {
                low = middle
            } else {
                high = middle
            }
        }
        return low
    }
}

/// Hands out the blocks of 64 bytes that both digests work on: the message, a set bit, zeros, and
/// the message's length in bits.
private func forEachBlock(of bytes: RawSpan, _ body: (RawSpan) -> Void) {
    var offset = 0
    while offset + 64 <= bytes.byteCount {
        body(bytes.extracting(offset..<offset + 64))
        offset += 64
    }
    var rest = bytes.extracting(offset..<bytes.byteCount).copied()
    rest.append(0x80)
    while rest.count % 64 != 56 { rest.append(0) }
    let bits = UInt64(bytes.byteCount) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
        rest.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    for start in stride(from: 0, to: rest.count, by: 64) {
        body(rest.rawSpan.extracting(start..<start + 64))
    }
}

extension UInt32 {
    fileprivate func rotated(left bits: UInt32) -> UInt32 { self << bits | self >> (32 - bits) }

    fileprivate var bigEndianBytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}

extension RawSpan {
    fileprivate func bigEndianWord(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16
            | UInt32(self[offset + 2]) << 8 | UInt32(self[offset + 3])
    }
}

extension [UInt8] {
    /// The bytes in hexadecimal digits, two a byte.
    public var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(
            decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
