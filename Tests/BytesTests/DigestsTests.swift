import Bytes
import Testing

private func sha1(_ bytes: [UInt8]) -> String { SHA1.digest(bytes.rawSpan).hexadecimal }
private func sha256(_ bytes: [UInt8]) -> String { SHA256.digest(bytes.rawSpan).hexadecimal }

@Suite struct DigestsTests {
    @Test func knownVectors() {
        #expect(sha1([]) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(sha1(Array("abc".utf8)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        let two = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(sha1(two) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            sha256(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            sha256(two) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    /// Lengths around the ends of blocks.
    @Test func longMessages() {
        let million = [UInt8](repeating: 0x61, count: 1_000_000)
        #expect(sha1(million) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        #expect(
            sha256(million)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        var all = Set<String>()
        for length in 0...200 {
            all.insert(sha1([UInt8](repeating: 0, count: length)))
            all.insert(sha256([UInt8](repeating: 0, count: length)))
        }
        #expect(all.count == 402)
    }
}
