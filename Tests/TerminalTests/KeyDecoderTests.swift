import Terminal
import Testing

struct KeyDecoderTests {
    private func keys(_ bytes: [UInt8], timingOut: Bool = true) -> [Key] {
        var decoder = KeyDecoder()
        var keys = bytes.compactMap { decoder.feed($0) }
        if timingOut, decoder.waits != nil, let key = decoder.timeOut() { keys.append(key) }
        return keys
    }

    private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

    @Test func namedKeys() {
        #expect(keys("\u{1B}[A\u{1B}OB") == [.special(.up, []), .special(.down, [])])
        #expect(keys("\u{1B}[1;2C") == [.special(.right, .shift)])
        #expect(
            keys("\u{1B}[1;5D\u{1B}[5D\u{1B}Od")
                == Array(
                    repeating: .special(.left, .control), count: 3))
        #expect(
            keys("\u{1B}[1;3A\u{1B}\u{1B}[A")
                == Array(
                    repeating: .special(.up, .alt), count: 2))
        #expect(keys("\u{1B}[3;5~") == [.special(.delete, .control)])
        #expect(
            keys("\u{1B}[15~\u{1B}[24~\u{1B}OP\u{1B}[[E") == [
                .special(.function(5), []), .special(.function(12), []), .special(.function(1), []),
                .special(.function(5), []),
            ])
        #expect(
            keys("\u{1B}O5D\u{1B}O1;5D") == [.special(.left, .control), .special(.left, .control)])
        #expect(keys("\u{9B}A\u{8F}B") == [.special(.up, []), .special(.down, [])])
        #expect(keys([0x9B, 0x41, 0x9D, 0x41, 7]) == [.special(.up, []), .unknown])
        #expect(keys("\u{1B}[Z\u{1B}[7~") == [.special(.backTab, []), .special(.home, [])])
    }

    @Test func escapeAndMeta() {
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}b") == [.meta("b")])
        #expect(keys("\u{1B}é") == [.meta("é")])
        #expect(keys("\u{1B}[") == [.meta("[")])
        #expect(keys("\u{1B}O") == [.meta("O")])
        #expect(keys("\u{1B}]") == [.meta("]")])
        #expect(keys("\u{1B}[1;") == [.unknown])
    }

    @Test func onlyEscapesWaitForAShortTime() {
        var decoder = KeyDecoder(escapeMilliseconds: 20)
        #expect(decoder.waits == nil)
        _ = decoder.feed(0x1B)
        #expect(decoder.waits == 20)
        _ = decoder.feed(UInt8(ascii: "["))
        #expect(decoder.waits == 200)
        for byte in "200~abc".utf8 { _ = decoder.feed(byte) }
        #expect(decoder.waits == nil)
        #expect(!decoder.isIdle)
        var half = KeyDecoder()
        _ = half.feed(0xE6)
        #expect(half.waits == nil)
    }

    @Test func brokenBytesLoseNothingThatFollows() {
        #expect(keys([0xE6, 0x97, 0x61]) == [.character("a")])
        #expect(keys([0xFF, 0x61]) == [.unknown, .character("a")])
        #expect(keys([0xC0, 0x80, 0x61]) == [.unknown, .unknown, .character("a")])
        #expect(keys([0xED, 0xA0, 0x80, 0x61]) == [.unknown, .character("a")])
        #expect(keys([0x1B, 0x5B, 0x31, 0x03]) == [.control(3)])
        #expect(keys([0xE6, 0x03]) == [.control(3)])
    }

    @Test func aPasteIsOneKey() {
        #expect(
            keys("\u{1B}[200~a\r\nb\rc\n\u{1B}[201~d") == [.paste("a\nb\nc\n"), .character("d")])
        #expect(
            keys("\u{1B}[200~\u{1B}[201\u{1B}[20~x\u{1B}[201~") == [
                .paste("\u{1B}[201\u{1B}[20~x")
            ])
    }

    @Test(arguments: 0..<200)
    func noiseNeverInsertsBytesOfASequence(seed: UInt64) {
        // Any control sequence is one key and leaves the decoder between keys.
        var state = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func random(_ range: ClosedRange<UInt8>) -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + UInt8((state >> 33) % UInt64(range.count))
        }
        var bytes: [UInt8] = [0x1B, 0x5B, random(0x30...0x3F)]
        for _ in 0..<random(0...9) { bytes.append(random(0x20...0x3F)) }
        bytes.append(random(0x40...0x7E))
        guard bytes != Array("\u{1B}[200~".utf8) else { return }
        let result = keys(bytes + [0x61])
        #expect(result.count == 2, "seed \(seed)")
        #expect(result.last == .character("a"), "seed \(seed)")
        if case .character? = result.first { Issue.record("seed \(seed)") }
    }
}
