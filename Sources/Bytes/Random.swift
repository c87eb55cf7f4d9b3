/// The generator of everything below the clients: xoshiro256** (Blackman and Vigna, 2018), its
/// state filled by SplitMix64 from one word. The same seed gives the same numbers on every
/// machine, so a run can be played again. It is not fit for secrets.
public struct Random: RandomNumberGenerator, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// A generator whose whole sequence follows from `seed`.
    public init(seed: UInt64) {
        var filler = SplitMix64(state: seed)
        self.init(state: (filler.next(), filler.next(), filler.next(), filler.next()))
    }

    /// A generator in a given state, which must not be all zero.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        (s0, s1, s2, s3) = state
        precondition(s0 | s1 | s2 | s3 != 0, "the all-zero state is a fixed point")
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = rotate(s1 &* 5, 7) &* 9
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = rotate(s3, 45)
        return result
    }

    /// A number in `0 ..< bound`, each equally likely. `bound` must not be 0.
    public mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "no number is below 0")
        // Lemire's method: the high half of a 128-bit product is the answer; the few low halves
        // that would favour some answers are drawn again.
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let unfair = (0 &- bound) % bound
            while product.low < unfair {
                product = next().multipliedFullWidth(by: bound)
            }
        }
        return product.high
    }

    /// A number in `0 ..< bound`, each equally likely. `bound` must be positive.
    public mutating func next(below bound: Int) -> Int {
        precondition(bound > 0, "no number is below 0")
        return Int(truncatingIfNeeded: next(below: UInt64(bound)))
    }

    /// A number in `0 ..< 1`, a multiple of 2⁻⁵³, each equally likely.
    public mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Another generator, seeded by this one: for a part that must not disturb the others' draws.
    public mutating func split() -> Random {
        Random(seed: next())
    }

    private func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word &<< bits | word &>> (64 &- bits)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): spreads one word over many.
struct SplitMix64 {
    private var state: UInt64

    init(state: UInt64) {
        self.state = state
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
