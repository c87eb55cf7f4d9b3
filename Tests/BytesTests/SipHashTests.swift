import Testing

@testable import Bytes

/// SipHash byte by byte, as the paper describes it.
private func plainSipHash(_ bytes: [UInt8], _ key: SipKey, _ compression: Int, _ final: Int)
    -> UInt64
{
    func rotate(_ word: UInt64, _ bits: Int) -> UInt64 { word << bits | word >> (64 - bits) }
    var v: [UInt64] = [
        key.k0 ^ 0x736f_6d65_7073_6575, key.k1 ^ 0x646f_7261_6e64_6f6d,
        key.k0 ^ 0x6c79_6765_6e65_7261, key.k1 ^ 0x7465_6462_7974_6573,
    ]
    func round() {
        v[0] &+= v[1]
        v[1] = rotate(v[1], 13) ^ v[0]
        v[0] = rotate(v[0], 32)
        v[2] &+= v[3]
        v[3] = rotate(v[3], 16) ^ v[2]
        v[0] &+= v[3]
        v[3] = rotate(v[3], 21) ^ v[0]
        v[2] &+= v[1]
        v[1] = rotate(v[1], 17) ^ v[2]
        v[2] = rotate(v[2], 32)
    }
    var padded = bytes
    while padded.count % 8 != 7 { padded.append(0) }
    padded.append(UInt8(truncatingIfNeeded: bytes.count))
    for start in stride(from: 0, to: padded.count, by: 8) {
        var word: UInt64 = 0
        for lane in 0..<8 { word |= UInt64(padded[start + lane]) << (8 * lane) }
        v[3] ^= word
        for _ in 0..<compression { round() }
        v[0] ^= word
    }
    v[2] ^= 0xff
    for _ in 0..<final { round() }
    return v[0] ^ v[1] ^ v[2] ^ v[3]
}

/// Spans cannot go through `#expect`.
private func hash(_ bytes: [UInt8], _ key: SipKey) -> UInt64 {
    key.hash(bytes.rawSpan)
}

@Suite struct SipHashTests {
    /// The key of the published vectors: the bytes 0 to 15.
    static let key = SipKey(k0: 0x0706_0504_0302_0100, k1: 0x0f0e_0d0c_0b0a_0908)

    @Test func publishedVectors() {
        // The input of vector n is the bytes 0 to n - 1.
        let vectors: [(Int, UInt64)] = [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
            (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
            (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
            (9, 0x9e00_82df_0ba9_e4b0), (15, 0xa129_ca61_49be_45e5),
        ]
        for (count, expected) in vectors {
            let input = (0..<count).map { UInt8($0) }
            let answer = input.withUnsafeBytes {
                sipHash($0, key: Self.key, compression: 2, finalization: 4)
            }
            #expect(answer == expected, "\(count) bytes")
        }
        #expect(hash([], Self.key) == 0xabac_0158_050f_c4dc)
    }

    @Test func agreesWithPlainForm() {
        let seed: UInt64 = 0x51f0
        print("seed \(seed)")
        var random = Random(seed: seed)
        for length in 0...200 {
            let key = SipKey(k0: random.next(), k1: random.next())
            // An odd start, so that no load is aligned.
            let shift = random.next(below: 8)
            let bytes = (0..<length + shift).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let tail = Array(bytes[shift...])
            let expected = plainSipHash(tail, key, 1, 3)
            let answer = bytes.withUnsafeBytes {
                key.hash(UnsafeRawBufferPointer(rebasing: $0[shift...]))
            }
            #expect(answer == expected, "\(length) bytes")
            #expect(hash(tail, key) == expected, "\(length) bytes")
        }
    }

    @Test func emptyBufferWithoutAddress() {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(Self.key.hash(nothing) == hash([], Self.key))
    }
}
