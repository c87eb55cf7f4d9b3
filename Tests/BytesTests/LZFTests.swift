import Bytes
import Testing

private func compress(_ bytes: [UInt8], limit: Int? = nil) -> [UInt8]? {
    var compressor = LZFCompressor()
    return compressor.compress(bytes.rawSpan, limit: limit ?? bytes.count + bytes.count / 16 + 64)
}

private func decompress(_ block: [UInt8], _ length: Int) -> [UInt8]? {
    LZF.decompress(block.rawSpan, length: length)
}

@Suite("LZF")
struct LZFTests {
    @Test func blocksOfAServer() {
        // What DUMP of redis-server 7.0 makes of these strings.
        let known: [(String, [UInt8])] = [
            (
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                [0x01, 0x61, 0x61, 0xe0, 0x11, 0x00, 0x01, 0x61, 0x61]
            ),
            (
                "hello world, hello world, hello world, ",
                [
                    0x0d, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x77, 0x6f, 0x72, 0x6c, 0x64, 0x2c,
                    0x20, 0x68, 0xe0, 0x0e, 0x0c, 0x01, 0x2c, 0x20,
                ]
            ),
            (
                "abababababababababababab",
                [0x02, 0x61, 0x62, 0x61, 0xe0, 0x0a, 0x01, 0x01, 0x61, 0x62]
            ),
            ("aaaaaaaaaaaaaaaaaaaaa", [0x01, 0x61, 0x61, 0xe0, 0x0a, 0x00]),
            ("xyzyzyzyzyzyzyzyzyzyzyz", [0x02, 0x78, 0x79, 0x7a, 0xe0, 0x0a, 0x01, 0x00, 0x7a]),
        ]
        for (text, block) in known {
            #expect(compress(Array(text.utf8), limit: text.utf8.count - 4) == block, "\(text)")
        }
        #expect(compress(Array("all of this is different".utf8), limit: 20) == nil)
    }

    @Test func instructions() {
        #expect(decompress([0x02, 1, 2, 3], 3) == [1, 2, 3])
        #expect(decompress([0x00, 9, 0x20, 0x00], 4) == [9, 9, 9, 9])
        #expect(decompress([0x01, 1, 2, 0x40, 0x01], 6) == [1, 2, 1, 2, 1, 2])
        #expect(decompress([0x00, 7, 0xe0, 0x00, 0x00], 10) == [UInt8](repeating: 7, count: 10))
        #expect(decompress([], 0) == [])
    }

    @Test func foreignBlocksAreRefused() {
        #expect(decompress([0x02, 1, 2], 3) == nil)
        #expect(decompress([0x00, 9, 0x20], 4) == nil)
        #expect(decompress([0x00, 9, 0xe0], 4) == nil)
        #expect(decompress([0x00, 9, 0x20, 0x01], 4) == nil)
        #expect(decompress([0x20, 0x00], 3) == nil)
        #expect(decompress([0x02, 1, 2, 3], 2) == nil)
        #expect(decompress([0x02, 1, 2, 3], 4) == nil)
        #expect(decompress([0x02, 1, 2, 3], .max) == nil)
        #expect(decompress([0x02, 1, 2, 3], -1) == nil)
    }

    /// Bytes of a few letters, now random and now repeated, so that copies of all kinds occur.
    private func sample(_ random: inout Random) -> [UInt8] {
        let letters = [1, 2, 4, 26, 256][random.next(below: 5)]
        let length = [10, 40, 300, 3000, 40_000][random.next(below: 5)]
        var bytes: [UInt8] = []
        while bytes.count < length {
            if random.next(below: 20) == 0, !bytes.isEmpty {
                let start = random.next(below: bytes.count)
                bytes += bytes[start...].prefix(random.next(below: 700))
            }
            bytes.append(UInt8(random.next(below: letters)))
        }
        return bytes
    }

    @Test func thereAndBack() {
        let seed: UInt64 = 0x12f
        print("seed \(seed)")
        var random = Random(seed: seed)
        var compressor = LZFCompressor()
        var copies = 0
        for _ in 0..<400 {
            let bytes = sample(&random)
            let limit = bytes.count + bytes.count / 16 + 64
            guard let block = compressor.compress(bytes.rawSpan, limit: limit) else {
                Issue.record("nothing for \(bytes.count) bytes")
                continue
            }
            #expect(block.count <= limit)
            #expect(decompress(block, bytes.count) == bytes)
            // What came before in the same compressor must not matter.
            #expect(compress(bytes) == block)
            if block.count < bytes.count / 2 { copies += 1 }
            // A limit is kept.
            let tight = compressor.compress(bytes.rawSpan, limit: block.count - 1)
            #expect(tight == nil || tight == block)
        }
        #expect(copies > 50)
    }

    @Test func spoiledBlocksNeverReachOutside() {
        let seed: UInt64 = 0xbad
        print("seed \(seed)")
        var random = Random(seed: seed)
        for _ in 0..<2000 {
            let bytes = Array(sample(&random).prefix(400))
            guard var block = compress(bytes) else { continue }
            for _ in 0...random.next(below: 3) {
                block[random.next(below: block.count)] = UInt8(random.next(below: 256))
            }
            if let result = decompress(block, bytes.count) { #expect(result.count == bytes.count) }
        }
    }
}
